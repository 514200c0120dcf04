"""Rows of letters, the sparse ones kept by column, so that a question reads only the n-grams it holds."""

from typing import NamedTuple

import numpy as np
from scipy import sparse

from consulta.similarity.letters import BUCKETS, Rows, meanings, rarity, weigh

# Rarity hardly moves until a corpus has grown by a tenth; until then new rows wait in a small tail.
GROWTH = 0.1


class Fitted(NamedTuple):
    """Rows weighed by one rarity; never changed once made, so it may be read without a lock.

    weights: of the features, shape (BUCKETS,). columns: the sparse part of the rows by column, CSR.
    """

    weights: np.ndarray
    rows: Rows
    columns: sparse.csr_matrix


class Postings:
    """Damped counts of a growing list of texts, and the cosine of any text with all of them.

    Not thread-safe by itself: the index holds the lock. Slots are positions in the order of `append`.
    """

    def __init__(self):
        self._counts = sparse.csr_matrix((0, BUCKETS), dtype=np.float32)
        # Does not depend on rarity, and takes longer to make than to keep.
        self._meant = meanings(self._counts)
        self._pending = []
        self._forget_tail()
        self._fitted = _fit(self._counts, self._meant)

    @property
    def stale(self):
        """Whether the tail has outgrown the rarity that was fitted."""
        waiting = len(self._tail) + sum(counts.shape[0] for counts in self._pending)
        return waiting > GROWTH * self._counts.shape[0]

    def append(self, counts):
        """Add rows (CSR, shape (rows, BUCKETS)), one or many, at the next slots."""
        self._pending.append(counts)

    def refit(self, keep):
        """Fit anew on the slots `keep` (increasing integers), which become slots 0, 1, 2 ... in that order."""
        waiting = sparse.vstack(self._pending or [self._counts[:0]], format="csr")
        self._counts = sparse.vstack([self._counts, self._tail.matrix(), waiting], format="csr")[keep]
        self._meant = np.concatenate([self._meant, self._tail_meant.rows(), meanings(waiting)])[keep]
        self._pending = []
        self._forget_tail()
        self._fitted = _fit(self._counts, self._meant)

    def fitted(self):
        """Return the weighed rows of every slot up to the last `refit`."""
        return self._fitted

    def weigh(self, counts):
        """Return `counts` as Rows under the present rarity."""
        return weigh(counts, self._fitted.weights)

    def cosines(self, row):
        """Return the cosine of `row` (Rows of one text) with every slot, shape (slots,)."""
        self._settle()
        spelled, meant = row.spelled, row.meant[0]
        # As in Vectors.cosines, einsum never waits for another thread.
        near = np.einsum("ij,j->i", self._fitted.rows.meant, meant)
        parts = [spelled.data @ self._fitted.columns[spelled.indices] + near]
        if len(self._tail):
            # Few rows, one of which may be new at every question: read whole, they need no order by column.
            question = np.zeros(BUCKETS, dtype=np.float32)
            question[spelled.indices] = spelled.data
            parts.append(self._weighed.matrix() @ question + np.einsum("ij,j->i", self._weighed_meant.rows(), meant))
        return np.concatenate([np.asarray(part, dtype=np.float32).ravel() for part in parts])

    def _settle(self):
        """Weigh the rows that wait, at a cost that does not depend on how many were there before."""
        if self._pending:
            rows = sparse.vstack(self._pending, format="csr")
            self._pending = []
            meant = meanings(rows)
            weighed = weigh(rows, self._fitted.weights, meant)
            self._tail.append(rows)
            self._tail_meant.append(meant)
            self._weighed.append(weighed.spelled)
            self._weighed_meant.append(weighed.meant)

    def _forget_tail(self):
        self._tail, self._weighed = _Growing(), _Growing()
        width = self._meant.shape[1]
        self._tail_meant, self._weighed_meant = _GrowingDense(width), _GrowingDense(width + 1)


class _Growing:
    """A CSR matrix with room to spare at its end, so that a row more costs what the row costs."""

    def __init__(self):
        self._data = np.zeros(0, dtype=np.float32)
        self._indices = np.zeros(0, dtype=np.int32)
        self._ends = np.zeros(1, dtype=np.int32)
        self._rows = 0

    def __len__(self):
        return self._rows

    def append(self, rows):
        used = int(self._ends[self._rows])
        self._data = _put(self._data, used, rows.data)
        self._indices = _put(self._indices, used, rows.indices)
        self._ends = _put(self._ends, self._rows + 1, used + rows.indptr[1:])
        self._rows += rows.shape[0]

    def matrix(self):
        """Return the rows so far; a view, to be read at once."""
        used = self._ends[self._rows]
        ends = self._ends[: self._rows + 1]
        return sparse.csr_matrix((self._data[:used], self._indices[:used], ends), shape=(self._rows, BUCKETS))


class _GrowingDense:
    """The same for a dense matrix of `width` columns."""

    def __init__(self, width):
        self._values = np.zeros((0, width), dtype=np.float32)
        self._count = 0

    def append(self, rows):
        self._values = _put(self._values, self._count, rows)
        self._count += len(rows)

    def rows(self):
        return self._values[: self._count]


def _put(array, place, values):
    """Return `array`, or a longer copy of it, with `values` at `place`."""
    if place + len(values) > len(array):
        spare = np.zeros((len(array) // 2 + len(values), *array.shape[1:]), dtype=array.dtype)
        array = np.concatenate([array, spare])
    array[place : place + len(values)] = values
    return array


def _fit(counts, meant):
    weights = rarity(counts)
    rows = weigh(counts, weights, meant)
    return Fitted(weights, rows, rows.spelled.T.tocsr())
