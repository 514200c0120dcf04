"""Calibration: from cosines to a score that means the same whatever encoder made it.

    score = 1 / (1 + exp(-(intercept + letters * l + meaning * m)))

l, m: cosines of letters and of meaning, each of both views (`scoring.joined`). The three numbers are a logistic
regression on labelled pairs (Platt 1999, "Probabilistic outputs for support vector machines"), with both slopes held at
zero or above, so that more likeness never lowers a score. The pairs are those that a site would look at: the nearest
neighbours of every text and all true pairs, weighed as if TWINS of them said the same, whatever share of the labelled
ones does: so a score means the same for every file and model. Pairs labelled as lookalikes stay out: to tell those
is what guards are for.

Shipped numbers come from the tuning halves of tests/data/similarity (`flask similarity calibrate` does it again, on any
labelled file). A model that could not be loaded where they were made gets a cautious guess, see `cautious`.
"""

import json
import logging
import math
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from consulta.similarity.model_files import CALIBRATION, facts_of, last_part
from consulta.similarity.scoring import joined
from consulta.similarity.vectors import products

log = logging.getLogger(__name__)

SHIPPED = Path(__file__).parent.parent / "data" / "similarity" / "calibration.json"

# How many neighbours of a text a site looks at.
NEIGHBOURS = 10
# The share of those that is taken to say the same.
TWINS = 0.2
STEEP = 20.0
# Digits of a cosine that count.
_DIGITS = 5


class Calibration(NamedTuple):
    """Three numbers that turn cosines into a score; letters and meaning are zero or above."""

    intercept: float
    letters: float
    meaning: float = 0.0

    def score(self, letters, meaning=None):
        """Return scores (float32, 0 to 1) of cosines, arrays of one shape; meaning: None without a model.

        A pair without any likeness (neither cosine above 0) scores exactly 0: a score of nothing is no likeness.
        """
        # The same cosine is summed in another order by each way to ask for it; ties must be ties in all of them.
        letters = np.clip(np.asarray(letters, dtype=np.float32).round(_DIGITS), 0, 1)
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

    version: a model's name, or `Meaning.version`. folder: the model's own folder, whose calibration comes first unless
    it is damaged. A model that was never calibrated gets a cautious one (see `cautious`).
    """
    if version is None:
        return Calibration(**_shipped()["letters"])
    name = version.removeprefix("meaning-1:").split("@")[0]
    if folder is not None and (own := _read(Path(folder) / CALIBRATION)) is not None:
        return own
    for known, numbers in _shipped()["models"].items():
        if known == name or known.rsplit("/", 1)[-1] == last_part(name):
            return Calibration(**numbers)
    return cautious(facts_of(name))


def cautious(facts):
    """Return a Calibration for a model that no labelled pairs were tried on, the default model (E5) among them.

    facts: ModelFacts, whose `low` and `high` are the published cosines of unrelated texts and of paraphrases. Letters
    keep the slope they have alone; meaning says nothing a third of the way from `low` to `high`, and at `high` it lifts
    a pair without any letter in common to just below the middle: it reorders and tips the scale, no more.
    """
    alone, span = calibration_of(), facts.high - facts.low
    reach = -1.4 * alone.intercept
    return Calibration(alone.intercept - reach * (facts.low / span + 1 / 3), alone.letters, reach / span)


def labelled_pairs(frozen, groups, apart=(), k=NEIGHBOURS):
    """Return (letters, meaning, same) of the pairs to fit on, three arrays of one length; meaning None without a model.

    frozen: an index as it was at one moment (`Index.frozen`). groups: what each id says, any hashable that two ids
    share where they say the same; ids that are missing or None have no twin. apart: pairs of ids to leave out. Taken
    are all true pairs and, for every text, its `k` nearest by letters and by meaning.
    """
    bodies = frozen.bodies[:, None] & frozen.bodies
    letters = joined(*(fitted.rows.products(fitted.rows) for fitted in frozen.fitted), bodies)
    meaning = joined(*(products(*view) for view in frozen.vectors), bodies) if frozen.vectors else None
    numbers = {}
    said = np.array([numbers.setdefault(_class(groups, id), len(numbers)) for id in frozen.ids])
    same = said[:, None] == said
    taken = same.copy()
    for cosines in (letters,) if meaning is None else (letters, np.nan_to_num(meaning)):
        near = np.argsort(np.where(np.eye(len(said), dtype=bool), -1, -cosines), axis=1, kind="stable")[:, 1 : k + 1]
        np.put_along_axis(taken, near, True, axis=1)
    places = {id: place for place, id in enumerate(frozen.ids)}
    for one, other in apart:
        taken[places[one], places[other]] = taken[places[other], places[one]] = False
    first, second = np.nonzero(np.triu(taken | taken.T, k=1))
    return letters[first, second], None if meaning is None else meaning[first, second], same[first, second]


def fit(letters, meaning, same):
    """Return the Calibration under which the labels `same` (booleans) are likeliest, slopes being zero or above.

    letters, meaning: cosines of each pair, arrays; meaning None without a model, pairs where it is NaN are left out. A
    small penalty on the slopes (a standard deviation of STEEP) keeps few pairs from making a step of it. Raises
    ValueError where not both kinds of pairs are there.
    """
    # Takes a quarter of a second to import, and only who calibrates needs it.
    from scipy.optimize import minimize

    columns = [np.asarray(letters, dtype=float), *([] if meaning is None else [np.asarray(meaning, dtype=float)])]
    known = ~np.isnan(columns).any(axis=0)
    same = np.asarray(same, dtype=bool)[known]
    if same.all() or not same.any():
        raise ValueError("pairs that say the same and pairs that do not are both needed")
    x = np.column_stack([np.ones(len(same)), *(np.clip(column[known], -1, 1) for column in columns)])
    sign = np.where(same, -1.0, 1.0)
    weight = np.where(same, TWINS / same.mean(), (1 - TWINS) / (1 - same.mean()))

    def loss(numbers):
        energy = sign * (x @ numbers)
        slope = weight * sign / (1 + np.exp(-np.clip(energy, -60, 60)))
        penalty = numbers[1:] / STEEP**2
        return (weight * np.logaddexp(0, energy)).sum() + (penalty * numbers[1:]).sum() / 2, x.T @ slope + [0, *penalty]

    start = np.zeros(x.shape[1])
    bounds = [(None, None), *[(0, None)] * len(columns)]
    return Calibration(*minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B").x.round(4).tolist())


def _class(groups, id):
    return ("group", groups[id]) if groups.get(id) is not None else ("alone", id)


def _read(path):
    """Return the Calibration in a file; None where there is none, or one under which likeness would lower a score."""
    try:
        found = Calibration(**json.loads(path.read_text(encoding="utf-8")))
        sound = all(math.isfinite(number) for number in found) and found.letters > 0 and found.meaning >= 0
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError):
        sound = False
    if not sound:
        log.warning("the calibration %s is damaged and not used", path)
    return found if sound else None


@cache
def _shipped():
    return json.loads(SHIPPED.read_text(encoding="utf-8"))
