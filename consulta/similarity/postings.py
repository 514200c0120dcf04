"""Sparse rows kept by column, so that a question reads only the n-grams it holds."""

from typing import NamedTuple

import numpy as np
from scipy import sparse

from consulta.similarity.letters import BUCKETS, rarity, weigh

# Rarity hardly moves until a corpus has grown by a tenth; until then new rows wait in a small tail.
GROWTH = 0.1


class Fitted(NamedTuple):
    """Rows weighed by one rarity; never changed once made, so it may be read without a lock."""

    weights: np.ndarray
    rows: sparse.csr_matrix
    columns: sparse.csr_matrix


class Postings:
    """Damped counts of a growing list of texts, and the cosine of any text with all of them.

    Not thread-safe by itself: the index holds the lock. Slots are positions in the order of `append`.
    """

    def __init__(self):
        self._counts = sparse.csr_matrix((0, BUCKETS), dtype=np.float32)
        self._pending = []
        self._forget_tail()
        self._fitted = _fit(self._counts)

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
        self._counts = sparse.vstack([self._counts, self._tail.matrix(), *self._pending], format="csr")[keep]
        self._pending = []
        self._forget_tail()
        self._fitted = _fit(self._counts)

    def fitted(self):
        """Return the weighed rows of every slot up to the last `refit`."""
        return self._fitted

    def weigh(self, counts):
        """Return `counts` as unit rows under the present rarity."""
        return weigh(counts, self._fitted.weights)

    def cosines(self, row):
        """Return the cosine of the unit `row` (CSR, shape (1, BUCKETS)) with every slot, shape (slots,)."""
        self._settle()
        parts = [row.data @ self._fitted.columns[row.indices]]
        if len(self._tail):
            # Few rows, one of which may be new at every question: read whole, they need no order by column.
            question = np.zeros(BUCKETS, dtype=np.float32)
            question[row.indices] = row.data
            parts.append(self._weighed.matrix() @ question)
        return np.concatenate([np.asarray(part, dtype=np.float32).ravel() for part in parts])

    def _settle(self):
        """Weigh the rows that wait, at a cost that does not depend on how many were there before."""
        if self._pending:
            rows = sparse.vstack(self._pending, format="csr")
            self._pending = []
            self._tail.append(rows)
            self._weighed.append(self.weigh(rows))

    def _forget_tail(self):
        self._tail, self._weighed = _Growing(), _Growing()


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


def _put(array, place, values):
    """Return `array`, or a longer copy of it, with `values` at `place`."""
    if place + len(values) > len(array):
        array = np.concatenate([array, np.zeros(len(array) // 2 + len(values), dtype=array.dtype)])
    array[place : place + len(values)] = values
    return array


def _fit(counts):
    weights = rarity(counts)
    rows = weigh(counts, weights)
    return Fitted(weights, rows, rows.T.tocsr())
