"""Calibration: from cosines to a score that means the same whatever encoder made it.

    score = 1 / (1 + exp(-(intercept + letters * l + meaning * m)))

l, m: cosines of letters and of meaning, each the better of both views (`scoring.joined`). The three numbers are a
logistic regression on labelled pairs (Platt 1999, "Probabilistic outputs for support vector machines"), with both
slopes held at zero or above, so that more likeness never lowers a score. Both kinds of pairs weigh the same in it: 0.5
is the score of a pair that is as typical of twins as of strangers, whatever a consultation's share of twins is.
"""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from consulta.similarity.model_files import facts_of

SHIPPED = Path(__file__).parent.parent / "data" / "similarity" / "calibration.json"
# Beside the weights of an operator's own model; written by `flask similarity calibrate`.
IN_A_MODEL = "consulta-calibration.json"


class Calibration(NamedTuple):
    """Three numbers that turn cosines into a score; letters and meaning are zero or above."""

    intercept: float
    letters: float
    meaning: float = 0.0

    def score(self, letters, meaning=None):
        """Return scores (float32, 0 to 1) of cosines, arrays of one shape; meaning: None without a model.

        A pair without any likeness (neither cosine above 0) scores exactly 0: a score of nothing is no likeness.
        """
        letters = np.clip(np.asarray(letters, dtype=np.float32), 0, 1)
        energy = np.float32(self.intercept) + np.float32(self.letters) * letters
        some = letters > 0
        if meaning is not None:
            meaning = np.asarray(meaning, dtype=np.float32)
            energy = energy + np.float32(self.meaning) * meaning
            some = some | (meaning > 0)
        # Beyond 60 float32 knows 0 and 1 only, and the exponential of more would overflow.
        return np.where(some, 1 / (1 + np.exp(-np.clip(energy, -60, 60))), 0).astype(np.float32)

    def least_letters(self, floor):
        """Return the cosine of letters at which a score without meaning reaches `floor` (0 to 1, both excluded)."""
        return (np.log(floor / (1 - floor)) - self.intercept) / self.letters


def calibration_of(version=None, folder=None):
    """Return the Calibration of a model, or that of letters alone where `version` is None.

    version: a model's name, or `Meaning.version`. folder: the model's own folder, whose calibration comes first. A
    model that was never calibrated gets a cautious one (see `cautious`).
    """
    if version is None:
        return Calibration(**_shipped()["letters"])
    name = version.removeprefix("meaning-1:").split("@")[0]
    if folder is not None and (Path(folder) / IN_A_MODEL).is_file():
        return Calibration(**json.loads((Path(folder) / IN_A_MODEL).read_text(encoding="utf-8")))
    for known, numbers in _shipped()["models"].items():
        if known == name or known.rsplit("/", 1)[-1] == _last(name):
            return Calibration(**numbers)
    return cautious(facts_of(name))


def cautious(facts):
    """Return a Calibration for a model that no labelled pairs were tried on.

    facts: ModelFacts, whose `low` and `high` are the cosines of unrelated texts and of paraphrases. Letters and meaning
    share the slope of letters alone, so that meaning at its best, without any shared letter, reaches the middle only.
    """
    alone = calibration_of()
    share, span = alone.letters / 2, facts.high - facts.low
    return Calibration(alone.intercept - share * facts.low / span, share, share / span)


@cache
def _shipped():
    return json.loads(SHIPPED.read_text(encoding="utf-8"))


def _last(name):
    return name.rstrip("/").rsplit("/", 1)[-1].rsplit("--", 1)[-1]
