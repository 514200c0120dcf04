"""Every pair of texts above a floor, exactly, a block of rows at a time."""

from typing import NamedTuple

import numpy as np

from consulta.similarity.scoring import fuse, joined
from consulta.similarity.vectors import products

# Numbers of one block of scores: 16 MB of float32, a handful of which are held at once.
_BLOCK = 4_000_000


class Pair(NamedTuple):
    """Two ids (first < second), their score (0 to 1), and whether one is a near-exact re-post of the other."""

    first: int
    second: int
    score: float
    certain: bool


def similar_pairs(index, floor, ids=None):
    """Return the Pairs of `index` whose score is at least `floor`, the highest first, equal ones by ids.

    ids: the texts to compare with one another (all). The index can be used by others meanwhile. Time grows with the
    square of the texts: 10,860 take seconds.
    """
    now = index.frozen()
    wanted = None if ids is None else set(ids)
    # By id, so that the order in which texts were added changes nothing.
    slots = sorted((id, slot) for slot, id in enumerate(now.ids) if wanted is None or id in wanted)
    held, slots = [id for id, _ in slots], np.array([slot for _, slot in slots], dtype=np.intp)
    rows = [fitted.rows[slots] for fitted in now.fitted]
    columns = [matrix.T.tocsr() for matrix in rows]
    dense = [(matrix[slots], usable[slots]) for matrix, usable in now.vectors or ()]
    bodies = now.bodies[slots]
    certain = _reposts([now.fingerprints[slot] for slot in slots])
    pairs = [Pair(held[a], held[b], 1.0, True) for a, b in certain]
    step = max(16, _BLOCK // max(1, len(slots)))
    for start in range(0, len(slots), step):
        block = slice(start, start + step)
        both = bodies[block][:, None] & bodies[start:]
        letters = [(own[block] @ other[:, start:]).toarray() for own, other in zip(rows, columns, strict=True)]
        meaning = [products(matrix[block], usable[block], matrix[start:], usable[start:]) for matrix, usable in dense]
        score = fuse(joined(*letters, both), joined(*meaning, both) if dense else None, *now.calibrations)
        first, second = np.nonzero(np.triu(score >= floor, k=1))
        for a, b, value in zip(first.tolist(), second.tolist(), score[first, second].tolist(), strict=True):
            if (start + a, start + b) not in certain:
                pairs.append(Pair(held[start + a], held[start + b], round(value, 4), False))
    return sorted(pairs, key=lambda pair: (not pair.certain, -pair.score, pair.first, pair.second))


def _reposts(fingerprints):
    """Which (row, row), first < second, share a fingerprint."""
    classes = {}
    for row, mark in enumerate(fingerprints):
        if mark:
            classes.setdefault(mark, []).append(row)
    return {(a, b) for same in classes.values() for place, a in enumerate(same) for b in same[place + 1 :]}
