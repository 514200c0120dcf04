"""Letters: character n-grams, weighed by rarity. Needs no download, no training and no language."""

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import normalize

from consulta.similarity.words import essence

BUCKETS = 2**18


class Letters:
    """Character n-gram TF-IDF over folded words, hashed so that n-grams never seen before have a place.

    N-grams of 3 and 4 letters inside words. Ranges from (2, 5) to (4, 6) find a proposal's own body from its title
    within one percentage point of one another on 10,860 real proposals; this one holds a third fewer n-grams than
    (3, 5). Weights are (1 + ln tf) * (ln((1 + n) / (1 + df)) + 1), those of scikit-learn's
    TfidfTransformer (smooth, sublinear). Deterministic: the hash is MurmurHash3 with a fixed seed.
    """

    name = "letters"
    version = "letters-1"

    def __init__(self):
        self._hasher = HashingVectorizer(
            analyzer="char_wb",
            ngram_range=(3, 4),
            n_features=BUCKETS,
            alternate_sign=False,
            norm=None,
            lowercase=False,
            dtype=np.float32,
        )
        self._rarity = np.ones(BUCKETS, dtype=np.float32)

    def count(self, texts):
        """Return damped n-gram counts (1 + ln tf), CSR, shape (texts, BUCKETS); independent of what was fitted."""
        if not texts:
            return sparse.csr_matrix((0, BUCKETS), dtype=np.float32)
        counts = self._hasher.transform([essence(text) for text in texts])
        counts.data = 1 + np.log(counts.data)
        return counts

    def fit(self, texts):
        """Learn how rare each n-gram is among `texts`; returns self."""
        self._rarity = rarity(self.count(texts))
        return self

    def encode(self, texts):
        """Return unit rows, CSR float32, shape (texts, BUCKETS), weighed by what was fitted (else all alike)."""
        return weigh(self.count(texts), self._rarity)


def rarity(counts):
    """Return the inverse document frequency of each bucket, shape (BUCKETS,); counts: shape (texts, BUCKETS)."""
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    return (np.log((1 + counts.shape[0]) / (1 + frequency)) + 1).astype(np.float32)


def weigh(counts, weights):
    """Return `counts` (CSR) times `weights` (one a bucket), each row brought to length 1; empty rows stay empty."""
    weighed = sparse.csr_matrix((counts.data * weights[counts.indices], counts.indices, counts.indptr), counts.shape)
    return normalize(weighed, copy=False) if counts.shape[0] else weighed
