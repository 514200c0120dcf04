"""Decided pairs as the re-ranker reads them: measured by the index, the encoders and the guards that judge any pair."""

import numpy as np

from consulta.similarity.reranking import FEATURES, Cosines, facts_of, features_of
from consulta.similarity.scoring import joined

_AT_ONCE = 2_000


def measured_pairs(index, pairs):
    """Return (FEATURES of pairs, shape (pairs, FEATURES); which of them are near-exact re-posts, shape (pairs,)).

    index: an Index that holds every text, without a re-ranker. pairs: (id, id).
    """
    if not pairs:
        return np.zeros((0, len(FEATURES))), np.zeros(0, dtype=bool)
    frozen = index.frozen()
    slots = {id: slot for slot, id in enumerate(frozen.ids)}
    first, second = (np.array([slots[pair[end]] for pair in pairs]) for end in (0, 1))
    letters, meaning = _cosines(frozen, first, second)
    plain = frozen.judge.plain(letters, meaning)
    ends = [(frozen.entries[a], frozen.entries[b]) for a, b in zip(first, second, strict=True)]
    judged = frozen.judge.pairs(
        [(*entries, float(plain[at]), float(letters[at]), float(meaning[at])) for at, entries in enumerate(ends)]
    )
    facts = {slot: facts_of(frozen.entries[slot].title, frozen.entries[slot].body) for slot in {*first, *second}}
    rows = [
        features_of(facts[a], facts[b], Cosines(said.score, letters[at], meaning[at]), said.warnings)
        for at, (a, b, said) in enumerate(zip(first, second, judged, strict=True))
    ]
    marks = np.array(frozen.fingerprints, dtype=object)
    return np.array(rows), (marks[first] == marks[second]) & (marks[first] != "")


def _cosines(frozen, first, second):
    """Return the cosines of letters and of meaning of pairs of slots; meaning is NaN where it is not known."""
    bodies = frozen.bodies[first] & frozen.bodies[second]
    letters = [_each_product(fitted.rows, first, second) for fitted in frozen.fitted]
    unknown = np.full(len(first), np.nan, dtype=np.float32)
    meaning = [unknown, unknown]
    if frozen.vectors and frozen.calibrations[1]:
        meaning = [
            np.where(usable[first] & usable[second], np.einsum("ij,ij->i", matrix[first], matrix[second]), np.nan)
            for matrix, usable in frozen.vectors
        ]
    return joined(*letters, bodies), joined(*meaning, bodies)


def _each_product(rows, first, second):
    starts = range(0, len(first), _AT_ONCE)
    parts = [(first[start : start + _AT_ONCE], second[start : start + _AT_ONCE]) for start in starts]
    return np.concatenate([rows.each(a, b) for a, b in parts])
