"""Every pair of texts whose score reaches a floor, exactly, without scoring every pair.

A score reaches the floor exactly where intercept + letters * l + meaning * m reaches log(floor / (1 - floor)): a line.
The cosines of meaning come from matrix products, a block of pairs at a time. Those of letters are first bounded from
above the same way (see sketches.py); only pairs whose bound reaches the line are looked at one by one. Nothing that
reaches the floor is lost, and the time depends on the number of texts, hardly on what they say.
"""

import itertools
import os
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from consulta.similarity.scoring import fuse, joined
from consulta.similarity.sketches import SIZES, groups_of, sketch

# A block of pairs: big enough for the matrix product, small enough (4 MB) to stay near the processor. Rows are at most
# as many as columns, so that only the first block of a row of blocks meets itself.
_ROWS, _COLUMNS = 512, 2048
# Pairs looked at one by one at a time.
_PICKED = 8192
# From this share of a block on, multiplying all its rows costs less than picking pairs out.
_MANY = 0.03
# Bounds are computed in float32, in another order than the cosines.
_ROUNDING = 1e-4
# Sketches are made longer until fewer than this share of pairs has to be looked at.
_ENOUGH = 1 / 500
# Whether a text has no vector, one of two, or both.
_NONE, _HALF, _FULL = 0, 1, 2


# A text is judged beside this many others at most, those with the highest plain scores. No honest text has so many that
# are like it; thousands that a program wrote, each a little different, would else be millions of pairs.
MOST_NEAR = 200


class Pair(NamedTuple):
    """Two ids (first < second), their score (0 to 1), and whether one is a near-exact re-post of the other."""

    first: int
    second: int
    score: float
    certain: bool


class Candidates(NamedTuple):
    """Pairs of slots and what is known of each; six arrays of one length.

    first, second: slots, the id of the first being the lesser; plain: the score without guards, 1 for a re-post;
    letters, meaning: the cosines it was made of, meaning NaN where unknown; certain: near-exact re-posts.
    """

    first: np.ndarray
    second: np.ndarray
    plain: np.ndarray
    letters: np.ndarray
    meaning: np.ndarray
    certain: np.ndarray


def similar_pairs(index, floor, ids=None):
    """Return the Pairs of `index` whose score is at least `floor`, the highest first, equal ones by ids.

    ids: the texts to compare with one another (all). The index can be used by others meanwhile.
    """
    return judged_pairs(index.frozen(), floor, ids)


def judged_pairs(frozen, floor, ids=None, progress=None):
    """Return the Pairs of `frozen` whose score, after re-ranker and guards, is at least `floor`; as `similar_pairs`.

    Re-posts are there whatever the guards say. Where more than MOST_NEAR are like a text, those with the highest plain
    scores are judged. progress: as for `candidates`.
    """
    judge = frozen.judge
    slots = None
    if ids is not None:
        wanted = set(ids)
        slots = [slot for slot, id in enumerate(frozen.ids) if id in wanted]
    found = _nearest(candidates(frozen, judge.least(floor), slots, progress), frozen)
    pairs = []
    for start in range(0, len(found.first), _PICKED):
        some = Candidates(*(column[start : start + _PICKED].tolist() for column in found))
        pairs += _judged(frozen, some, judge, floor)
    return sorted(pairs, key=lambda pair: (not pair.certain, -pair.score, pair.first, pair.second))


def _nearest(found, frozen):
    """Return of Candidates the re-posts, and the pairs that are among the MOST_NEAR of one of the two."""
    ends = np.concatenate([found.first, found.second])
    if np.bincount(ends, minlength=1).max() <= MOST_NEAR:
        return found
    ids = np.array(frozen.ids, dtype=np.int64)
    others = ids[np.concatenate([found.second, found.first])]
    order = np.lexsort((others, -np.tile(found.plain, 2), ends))
    starts = np.flatnonzero(np.diff(ends[order], prepend=-1))
    rank = np.empty(len(ends), dtype=np.int64)
    rank[order] = np.arange(len(ends)) - np.repeat(starts, np.diff([*starts, len(ends)]))
    near = rank.reshape(2, -1).min(axis=0) < MOST_NEAR
    return Candidates(*(column[near | found.certain] for column in found))


def _judged(frozen, some, judge, floor):
    """Return the Pairs of some Candidates (lists) that reach the floor, or are re-posts."""
    ids, entries = frozen.ids, frozen.entries
    asked = [row for row in zip(*some, strict=True) if not row[5]]
    rows = [(entries[a], entries[b], plain, letters, meaning) for a, b, plain, letters, meaning, _certain in asked]
    reposts = zip(some.first, some.second, some.certain, strict=True)
    return [Pair(ids[a], ids[b], 1.0, True) for a, b, certain in reposts if certain] + [
        Pair(ids[a], ids[b], round(said.score, 4), False)
        for (a, b, *_rest), said in zip(asked, judge.pairs(rows), strict=True)
        if said.score >= floor
    ]


def candidates(frozen, floor, slots=None, progress=None):
    """Return Candidates: every pair whose plain score is at least `floor`, and every re-post; by ids.

    frozen: an index as it was at one moment. slots: the texts to compare with one another (all of them). progress:
    called now and then with the number of pairs done and of all.
    """
    texts = _Compared(frozen, floor, np.arange(len(frozen.ids)) if slots is None else np.asarray(slots, dtype=np.intp))
    parts, done, every = [texts.measured(*texts.reposts(), certain=True)], 0, len(texts.slots) * (len(texts.slots) - 1)
    # One thread a product: while anything else keeps a processor busy, all threads of one product wait for the slowest.
    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        try:
            for part, pairs in pool.map(texts.found, texts.row_blocks()):
                parts.append(part)
                done += pairs
                if progress:
                    progress(done, every // 2)
        finally:
            pool.shutdown(cancel_futures=True)
    found = _together(parts)
    order = np.lexsort((texts.rank[found.second], texts.rank[found.first]))
    return Candidates(*(column[order] for column in found))


class _Compared:
    """The texts to compare, ordered by kind (with a body or not, with vectors or not), so that a block is of one kind.

    Every array is by place in that order; `slots` leads back. kind: 2 * (_NONE, _HALF or _FULL) + (1 with a body).
    """

    def __init__(self, frozen, floor, slots):
        self.floor = floor
        self.alone, self.both = frozen.calibrations
        dense = frozen.vectors if frozen.vectors and self.both else ()
        kind = frozen.bodies[slots].astype(np.int8)
        for _, usable in dense:
            kind += 2 * usable[slots].astype(np.int8)
        order = np.argsort(kind, kind="stable")
        self.slots, self.kind = slots[order], kind[order]
        edges = [0, *(np.flatnonzero(np.diff(self.kind)) + 1).tolist(), len(slots)]
        self.runs = [slice(*edge) for edge in itertools.pairwise(edges)]
        self.bodies = frozen.bodies[self.slots]
        # Which of two slots has the lesser id.
        self.rank = np.empty(len(frozen.ids), dtype=np.int64)
        self.rank[np.argsort(np.array(frozen.ids, dtype=np.int64), kind="stable")] = np.arange(len(frozen.ids))
        self.marks = _classes([frozen.fingerprints[slot] for slot in self.slots])
        self.letters = [fitted.rows.take(self.slots) for fitted in frozen.fitted]
        for rows in self.letters:
            # Picking pairs out is several times faster then.
            rows.spelled.sort_indices()
        self.meaning = [(matrix[self.slots], usable[self.slots]) for matrix, usable in dense]
        need = np.inf if floor >= 1 else -np.inf if floor <= 0 else np.log(floor / (1 - floor))
        self.need_alone = need - self.alone.intercept - _ROUNDING * (1 + self.alone.letters)
        if self.both:
            self.need_both = need - self.both.intercept - _ROUNDING * (1 + self.both.letters + self.both.meaning)
        self.sketches = self._sketches([fitted.columns for fitted in frozen.fitted])

    def reposts(self):
        """Return the places of every pair that shares a fingerprint."""
        found = [np.zeros((2, 0), dtype=np.intp)]
        order = np.argsort(self.marks, kind="stable")
        starts = np.flatnonzero(np.diff(self.marks[order], prepend=-1))
        for same in np.split(order, starts[1:]) if len(order) else ():
            if len(same) > 1 and self.marks[same[0]]:
                found.append(same[np.array(np.triu_indices(len(same), 1))])
        return np.concatenate(found, axis=1)

    def row_blocks(self):
        """Return slices that cover every place; one kind of text in each."""
        return [
            slice(row, min(row + _ROWS, run.stop)) for run in self.runs for row in range(run.start, run.stop, _ROWS)
        ]

    def found(self, rows):
        """Return Candidates without re-posts, and the number of pairs, of the texts at `rows` and every later place."""
        parts = [self.measured(np.zeros(0, np.intp), np.zeros(0, np.intp))]
        for run in self.runs:
            for start in range(max(run.start, rows.start), run.stop, _COLUMNS):
                columns = slice(start, min(start + _COLUMNS, run.stop))
                parts.append(self.measured(*self._picked(rows, columns)))
        size = rows.stop - rows.start
        return _together(parts), size * (len(self.slots) - rows.stop) + size * (size - 1) // 2

    def _picked(self, rows, columns):
        """Return (places, places, cosines of letters or None) of pairs of a block that may reach the floor."""
        bounds = [matrix[rows] @ matrix[columns].T for matrix in self.sketches]
        passed = self._may_reach(bounds, rows, columns)
        if columns.start < rows.stop:
            passed &= np.arange(rows.start, rows.stop)[:, None] < np.arange(columns.start, columns.stop)
        # Many times faster than looking for them in two dimensions.
        first, second = np.divmod(np.flatnonzero(passed), passed.shape[1])
        mark = self.marks[first + rows.start]
        fresh = np.flatnonzero((mark != self.marks[second + columns.start]) | (mark == 0))
        first, second = first[fresh], second[fresh]
        letters = self._multiplied(rows, columns, first, second) if len(first) > _MANY * passed.size else None
        return first + rows.start, second + columns.start, letters

    def measured(self, first, second, letters=None, *, certain=False):
        """Return Candidates of the pairs of places whose score reaches the floor; `certain` ones do."""
        kept = []
        for start in range(0, len(first) or 1, _PICKED):
            a, b = first[start : start + _PICKED], second[start : start + _PICKED]
            bodies = self.bodies[a] & self.bodies[b]
            if letters is None:
                own = joined(*(rows.each(a, b) for rows in self.letters), bodies)
            else:
                own = letters[start : start + _PICKED]
            meaning = np.full(len(a), np.nan, dtype=np.float32)
            if self.meaning:
                meaning = joined(*(_dense_products(*view, a, b) for view in self.meaning), bodies)
            plain = np.ones(len(a), np.float32) if certain else fuse(own, meaning, self.alone, self.both)
            wanted = np.flatnonzero((plain >= self.floor) | certain)
            a, b = self.slots[a[wanted]].astype(np.int32), self.slots[b[wanted]].astype(np.int32)
            a, b = np.where(self.rank[a] < self.rank[b], (a, b), (b, a))
            kept.append(Candidates(a, b, plain[wanted], own[wanted], meaning[wanted], np.full(len(a), certain)))
        return _together(kept)

    def _may_reach(self, letters, rows, columns):
        """Return which pairs of one kind may reach the floor, boolean, shape (rows, columns).

        letters: what the cosines of letters cannot be above, in both views; changed. rows, columns: places.
        """
        bodies, usable = self._kind_of(rows, columns)
        bound = _better(*letters, bodies)
        passed = np.zeros(bound.shape, dtype=bool)
        if not self.meaning or usable < _FULL:
            passed |= bound * np.float32(self.alone.letters) >= self.need_alone
        if self.meaning and usable > _NONE:
            # With one view missing the known one decides, which the better of both is never below.
            meaning = _better(
                *(matrix[rows] @ matrix[columns].T for matrix, _ in self.meaning), bodies and usable == _FULL
            )
            bound *= np.float32(self.both.letters)
            meaning *= np.float32(self.both.meaning)
            bound += meaning
            passed |= bound >= self.need_both
        return passed

    def _kind_of(self, rows, columns):
        """Return whether texts at both `rows` and `columns` have bodies, and the lesser of what vectors they have."""
        one, other = (self.kind[place.start if isinstance(place, slice) else place[0]] for place in (rows, columns))
        return bool(one & other & 1), min(one, other) // 2

    def _multiplied(self, rows, columns, first, second):
        """Return the cosines of letters of pairs of a block, by multiplying all of it."""
        products = [own.take(rows).products(own.take(columns))[first, second] for own in self.letters]
        return joined(*products, self.bodies[rows][first] & self.bodies[columns][second])

    def _sketches(self, columns):
        """Return sketches of both views, long enough to clear away nearly every pair of a sample of one kind."""
        kinds, counts = np.unique(self.kind, return_counts=True)
        places = np.flatnonzero(self.kind == kinds[np.argmax(counts)]) if len(kinds) else np.zeros(0, dtype=np.intp)
        groups = []
        for sizes in SIZES:
            groups = [(groups_of(texts, size), size) for texts, size in zip(columns, sizes, strict=True)]
            # A few texts are compared sooner than longer sketches would be made.
            if len(places) < _COLUMNS:
                break
            places = np.random.default_rng(2).choice(places, _COLUMNS, replace=False)
            tried = [sketch(rows.take(places), *group) for rows, group in zip(self.letters, groups, strict=True)]
            bounds = [matrix[:_ROWS] @ matrix.T for matrix in tried]
            if self._may_reach(bounds, places[:_ROWS], places).mean() < _ENOUGH:
                break
        return [sketch(rows, *group) for rows, group in zip(self.letters, groups, strict=True)]


def _together(parts):
    return Candidates(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _better(title, whole, bodies):
    """Return `scoring.joined` of two arrays without NaN, in one of them; bodies: whether every pair has bodies."""
    return whole if bodies else np.maximum(title, whole, out=title)


def _dense_products(matrix, usable, a, b):
    products = np.einsum("ij,ij->i", matrix[a], matrix[b])
    products[~(usable[a] & usable[b])] = np.nan
    return products


def _classes(fingerprints):
    """Return a number for each fingerprint, equal for equal ones, 0 for an empty one."""
    numbers = {"": 0}
    return np.array([numbers.setdefault(mark, len(numbers)) for mark in fingerprints], dtype=np.int64)
