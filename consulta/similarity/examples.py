"""Decided pairs as the re-ranker reads them: measured by the same index, encoders and guards that score any pair."""

import numpy as np

from consulta.similarity.guards import guarded, warnings_between
from consulta.similarity.reranking import FEATURES, Cosines, facts_of, features_of
from consulta.similarity.scoring import fuse, joined
from consulta.similarity.traits import traits_of

_AT_ONCE = 2_000


def measured_pairs(index, pairs, gazetteer=None):
    """Return (FEATURES of pairs, shape (pairs, FEATURES); which of them are near-exact re-posts, shape (pairs,)).

    index: an Index that holds every text. pairs: (id, id). gazetteer: the Gazetteer of the guards, or None.
    """
    if not pairs:
        return np.zeros((0, len(FEATURES))), np.zeros(0, dtype=bool)
    frozen = index.frozen()
    slots = {id: slot for slot, id in enumerate(frozen.ids)}
    first, second = (np.array([slots[pair[end]] for pair in pairs]) for end in (0, 1))
    letters, meaning = _cosines(frozen, first, second)
    plain = fuse(letters, meaning, *frozen.calibrations)
    facts, traits = {}, {}
    for id in {each for pair in pairs for each in pair}:
        title, body = index.text(id)
        facts[id], traits[id] = facts_of(title, body), traits_of(title, body, gazetteer)
    rows = []
    for place, (a, b) in enumerate(pairs):
        warnings = warnings_between(traits[a], traits[b], gazetteer)
        cosines = Cosines(guarded(float(plain[place]), warnings), float(letters[place]), float(meaning[place]))
        rows.append(features_of(facts[a], facts[b], cosines, warnings))
    marks = np.array(frozen.fingerprints, dtype=object)
    return np.array(rows), (marks[first] == marks[second]) & (marks[first] != "")


def _cosines(frozen, first, second):
    """Return the cosines of letters and of meaning of pairs of slots; meaning is NaN where it is not known."""
    bodies = frozen.bodies[first] & frozen.bodies[second]
    letters = [_each_product(fitted.rows, first, second) for fitted in frozen.fitted]
    meaning = [np.full(len(first), np.nan, dtype=np.float32)] * 2
    if frozen.vectors:
        meaning = [
            np.where(usable[first] & usable[second], np.einsum("ij,ij->i", matrix[first], matrix[second]), np.nan)
            if len(matrix) and matrix.shape[1]
            else meaning[0]
            for matrix, usable in frozen.vectors
        ]
    return joined(*letters, bodies), joined(*meaning, bodies)


def _each_product(rows, first, second):
    parts = [
        np.asarray(rows[first[start : start + _AT_ONCE]].multiply(rows[second[start : start + _AT_ONCE]]).sum(axis=1))
        for start in range(0, len(first), _AT_ONCE)
    ]
    return np.concatenate(parts).ravel().astype(np.float32)
