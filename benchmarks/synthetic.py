"""Proposals nobody wrote, in any number: groups of paraphrases with words and vectors, and the truth about them.

Words are made of syllables and drawn by Zipf's law, half of them from the words of the text's theme. A member of a
group keeps about two thirds of the words of its group's text and replaces the others. Vectors add up what all texts,
those of a theme, those of a group, and one text alone have in common: cosines are some 0.6 to 0.85 within a group,
0.35 to 0.5 within a theme, and 0.1 elsewhere. The same arguments give the same texts everywhere.
"""

from typing import NamedTuple

import numpy as np

DIMENSIONS = 384
VOCABULARY, THEMES, WORDS_OF_A_THEME = 30_000, 300, 80
TITLE_WORDS, BODY_WORDS = 5, 20
KEPT = 0.65
# Half of the texts have no twin; the groups of the others have two to six members, mostly two.
TWINLESS = 0.5
SIZES, WEIGHTS = (2, 3, 4, 5, 6), (0.5, 0.25, 0.13, 0.07, 0.05)
# Parts of a vector's squared length: shared by all, by a theme, by a group, a text's own, and one view's own.
SHARED, OF_THEME, OF_GROUP, OWN = 0.1, 0.4, 0.3, 0.2
OF_VIEW = 0.05
# What a text's own part is multiplied by, from and to: some paraphrases are near, some far.
OWN_FROM, OWN_TO = 0.4, 3.0


class Synthetic(NamedTuple):
    """Rows (id, title, body), the group of each (int array), and float32 vectors of titles and of whole texts."""

    rows: list
    truth: np.ndarray
    vectors: tuple | None


def synthetic(count, *, vectors=True, seed=1):
    """Return `count` texts in random order, as Synthetic."""
    chance = np.random.default_rng(seed)
    truth = _groups(count, chance)
    themes = chance.integers(THEMES, size=truth.max() + 1)
    vocabulary = np.array(_vocabulary(chance))
    titles = _worded(truth, themes, TITLE_WORDS, chance)
    bodies = _worded(truth, themes, BODY_WORDS, chance)
    rows = [
        (id, " ".join(vocabulary[title]).capitalize(), " ".join(vocabulary[body]))
        for id, (title, body) in enumerate(zip(titles, bodies, strict=True), start=1)
    ]
    return Synthetic(rows, truth, _vectors(truth, themes, chance) if vectors else None)


def _groups(count, chance):
    sizes = np.where(chance.random(count) < TWINLESS * 1.5, 1, chance.choice(SIZES, size=count, p=WEIGHTS))
    truth = np.repeat(np.arange(count), sizes)[:count]
    return chance.permutation(truth)


def _vocabulary(chance):
    syllables = np.array([c + v + e for c in "bcdfglmnprstv" for v in "aeiou" for e in ("", "", "n", "r", "s")])
    made = {}
    while len(made) < VOCABULARY:
        made["".join(chance.choice(syllables, chance.integers(2, 5)))] = True
    return list(made)


def _worded(truth, themes, length, chance):
    """Return the numbers of the words of each text, shape (texts, length)."""
    groups = truth.max() + 1
    own = chance.integers(VOCABULARY, size=(THEMES, WORDS_OF_A_THEME))
    base = _drawn((groups, length), themes[:, None], own, chance)[truth]
    other = _drawn((len(truth), length), themes[truth][:, None], own, chance)
    return np.where(chance.random(base.shape) < KEPT, base, other)


def _drawn(shape, themes, own, chance):
    rank = np.arange(1, VOCABULARY + 1)
    often = np.searchsorted(np.cumsum(1 / (rank + 20)) / np.sum(1 / (rank + 20)), chance.random(shape))
    of_theme = own[themes, (WORDS_OF_A_THEME * chance.random(shape) ** 2).astype(int)]
    return np.where(chance.random(shape) < 0.5, np.minimum(often, VOCABULARY - 1), of_theme)


def _vectors(truth, themes, chance):
    share = OWN * chance.uniform(OWN_FROM, OWN_TO, size=(len(truth), 1))
    rows = (np.sqrt(share) * _units(len(truth), chance)).astype(np.float32)
    rows += np.sqrt(OF_GROUP) * _units(truth.max() + 1, chance)[truth]
    rows += np.sqrt(OF_THEME) * _units(THEMES, chance)[themes[truth]]
    rows += np.sqrt(SHARED) * _units(1, chance)
    return tuple(_unit(rows + np.sqrt(OF_VIEW) * _units(len(truth), chance)) for _ in range(2))


def _units(count, chance):
    return _unit(chance.standard_normal((count, DIMENSIONS), dtype=np.float32))


def _unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
