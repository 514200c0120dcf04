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
        self._tail = []
        self._tail_columns = None
        self._fitted = _fit(self._counts)

    @property
    def stale(self):
        """Whether the tail has outgrown the rarity that was fitted."""
        return len(self._tail) > GROWTH * self._counts.shape[0]

    def append(self, counts):
        """Add one row (CSR, shape (1, BUCKETS)) at the next slot."""
        self._tail.append(counts)
        self._tail_columns = None

    def refit(self, keep):
        """Fit anew on the slots `keep` (increasing integers), which become slots 0, 1, 2 ... in that order."""
        self._counts = sparse.vstack([self._counts, *self._tail], format="csr")[keep]
        self._tail, self._tail_columns = [], None
        self._fitted = _fit(self._counts)

    def fitted(self):
        """Return the weighed rows of every slot up to the last `refit`."""
        return self._fitted

    def weigh(self, counts):
        """Return `counts` as unit rows under the present rarity."""
        return weigh(counts, self._fitted.weights)

    def cosines(self, row):
        """Return the cosine of the unit `row` (CSR, shape (1, BUCKETS)) with every slot, shape (slots,)."""
        if self._tail and self._tail_columns is None:
            self._tail_columns = self.weigh(sparse.vstack(self._tail, format="csr")).T.tocsr()
        parts = [row.data @ self._fitted.columns[row.indices]]
        if self._tail:
            parts.append(row.data @ self._tail_columns[row.indices])
        return np.concatenate([np.asarray(part, dtype=np.float32).ravel() for part in parts])


def _fit(counts):
    weights = rarity(counts)
    rows = weigh(counts, weights)
    return Fitted(weights, rows, rows.T.tocsr())
