"""Letters: what a text says, told by its spelling, by a lexicon, and by word vectors that ship with the package.

Needs no download.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from scipy import sparse

from consulta.similarity.lexicon import root, shipped
from consulta.similarity.word_vectors import shipped_vectors
from consulta.similarity.words import fold, shortened, told, words

# A row has room for three kinds of features, one behind the other.
NGRAMS, ROOTS, CONCEPTS = 2**18, 2**17, 2**12
BUCKETS = NGRAMS + ROOTS + CONCEPTS
# What word vectors were learnt of: changes with anything that moves a feature to another bucket.
FEATURES = "features-1"
KINDS = (slice(0, NGRAMS), slice(NGRAMS, NGRAMS + ROOTS), slice(NGRAMS + ROOTS, BUCKETS))

# How much a feature of each kind counts beside one of another, the rarity of both being equal.
WEIGHTS = (1.0, 2.0, 5.0)
# What is believed before any text was seen, as strongly as if PRIOR texts had been: the share of texts that hold a
# feature; one of the words which nearly every proposal holds, or an n-gram of theirs; a concept that any may hold
# (`generic` in concepts.toml).
PRIOR = 50
SHARE, GENERIC_WORD, GENERIC_NGRAM, COMMON_CONCEPT = 0.01, 0.3, 0.1, 0.2
# How much word vectors count beside the rest, in the likeness of two texts most of whose words were learnt.
MEANT = 1.6
# Of the square of a row's length, where no word was learnt: the part of the letters, and what any two such texts are
# taken to share, since nobody knows. By both, a pair in another language has the score that letters were calibrated to
# before there were word vectors (-3.26 + 15.9 * cosine), under the calibration made with them (-12.45 + 26 * cosine).
UNLEARNT, TAKEN = 0.61, 0.353
# Every row is as long as if its text also held so many n-grams that no other text holds: a title of one or two words
# says too little to be near to anything.
BACKGROUND = 50


@dataclass(frozen=True, slots=True)
class Rows:
    """Texts as they are compared, two matrices of one row a text: the sum of both products is their cosine.

    spelled: n-grams, roots and concepts, CSR, shape (texts, BUCKETS). meant: word vectors and, in a last column, how
    much of one is missing, dense float32. The row of a text whose words were learnt is made of both, 1 to MEANT by
    their squares; for that of one whose words are unknown see UNLEARNT.
    """

    spelled: sparse.csr_matrix
    meant: np.ndarray

    def __len__(self):
        return self.spelled.shape[0]

    def vectors(self):
        """Return (word vectors, which rows have one), shape (rows, numbers) and (rows,)."""
        vectors = self.meant[:, :-1]
        return vectors, vectors.any(axis=1)

    def take(self, which):
        """Return the Rows at some places: a slice, integers or booleans."""
        return Rows(self.spelled[which], self.meant[which])

    def products(self, others):
        """Return the cosine of every row with each of `others`, float32, shape (rows, others)."""
        return (self.spelled @ others.spelled.T).toarray() + self.meant @ others.meant.T

    def each(self, first, second):
        """Return the cosine of rows `first` with rows `second`, one by one: integers of one length."""
        spelled = self.spelled[first].multiply(self.spelled[second]).sum(axis=1)
        meant = np.einsum("ij,ij->i", self.meant[first], self.meant[second])
        return np.asarray(spelled, dtype=np.float32).ravel() + meant


class Letters:
    """Letter n-grams, roots of words and concepts, weighed by rarity, and what word vectors make of them.

    Three kinds of features in one sparse row:
    n-grams of 3 and 4 letters inside words, which forgive typing errors; roots of words (see `lexicon.root`), which
    forgive endings; concepts (see `lexicon.Lexicon`), which forgive another word for the same thing. N-grams and roots
    are hashed (MurmurHash3, fixed seed), so that those never seen before have a place. Weights are
    (1 + ln tf) * kind * ln((PRIOR + n) / (PRIOR * share + df)): rarity among the n texts held, df of which hold the
    feature, smoothed by a prior so that few texts do not make every word rare. A row x is
    x / sqrt(|x|^2 + BACKGROUND * the rarest n-gram's weight^2), so that how near two texts can be depends on how much
    they say. The numbers were chosen on the tuning halves, alone and among 710 real titles, on a broad plateau.
    """

    name = "letters"
    version = "letters-4"

    def __init__(self):
        self._rarity = None

    def count(self, texts):
        """Return damped counts (1 + ln tf), CSR, shape (texts, BUCKETS); independent of what was fitted."""
        if not texts:
            return sparse.csr_matrix((0, BUCKETS), dtype=np.float32)
        folded = [fold(shortened(text)) for text in texts]
        every = [words(text) for text in folded]
        kept = [told(*pair) for pair in zip(folded, every, strict=True)]
        ngrams = _hasher().transform([" ".join(part) for part in kept])
        counts = sparse.hstack([ngrams, _counted(every, kept)], format="csr", dtype=np.float32)
        counts.data = 1 + np.log(counts.data)
        return counts

    def fit(self, texts):
        """Learn how rare each feature is among `texts`; returns self."""
        self._rarity = rarity(self.count(texts))
        return self

    def encode(self, texts):
        """Return Rows by what was fitted (else the prior)."""
        counts = self.count(texts)
        return weigh(counts, rarity(counts[:0]) if self._rarity is None else self._rarity)


def rarity(counts):
    """Return the weight of each bucket, shape (BUCKETS,); counts: shape (texts, BUCKETS)."""
    frequency = np.bincount(counts.indices, minlength=BUCKETS)
    weights = np.log((PRIOR + counts.shape[0]) / (PRIOR * _prior() + frequency))
    for kind, weight in zip(KINDS, WEIGHTS, strict=True):
        weights[kind] *= weight
    return np.maximum(weights, 0.01).astype(np.float32)


def columns_of(word):
    """Return the columns of counts that a folded word fills, an integer array: its n-grams and its root."""
    return np.append(_hasher().transform([word]).indices, NGRAMS + _root_bucket(word)).astype(np.int32)


def meanings(counts):
    """Return what word vectors say of texts, float32, shape (texts, numbers); counts: CSR, shape (texts, BUCKETS)."""
    return shipped_vectors(FEATURES, NGRAMS, ROOTS, CONCEPTS).of(counts)


def weigh(counts, weights, meant=None):
    """Return the Rows of texts, empty ones as zeros.

    counts: CSR, shape (texts, BUCKETS). weights: one a bucket. meant: the `meanings` of the counts, where known.
    """
    meant = meanings(counts) if meant is None else meant
    share = MEANT / (1 + MEANT)
    learnt = np.einsum("ij,ij->i", meant, meant)
    spelled = np.sqrt((1 - share) * learnt + UNLEARNT * (1 - learnt))
    missing = np.sqrt(TAKEN * np.maximum(1 - learnt, 0)) * (np.diff(counts.indptr) > 0)
    meant = np.column_stack([np.sqrt(share) * meant, missing]).astype(np.float32)
    return Rows(spelled_rows(counts, weights, spelled), meant)


def spelled_rows(counts, weights, lengths=1):
    """Return `counts` (CSR) times `weights` (one a bucket), rows brought to below `lengths`; empty ones stay so."""
    data = counts.data * weights[counts.indices]
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    background = BACKGROUND * float(weights[KINDS[0]].max()) ** 2
    sums = np.sqrt(np.bincount(rows, data.astype(np.float64) ** 2, counts.shape[0]) + background)
    data = (data * (lengths / sums)[rows]).astype(np.float32)
    return sparse.csr_matrix((data, counts.indices, counts.indptr), counts.shape)


@cache
def _hasher():
    # Takes half a second to import, and most commands compare nothing.
    from sklearn.feature_extraction.text import HashingVectorizer

    return HashingVectorizer(
        analyzer="char_wb",
        ngram_range=(3, 4),
        n_features=NGRAMS,
        alternate_sign=False,
        norm=None,
        lowercase=False,
        dtype=np.float32,
    )


@cache
def _prior():
    """The share of texts believed to hold each bucket, shape (BUCKETS,)."""
    lexicon, share = shipped(), np.full(BUCKETS, SHARE)
    generic = sorted(lexicon.generic)
    share[np.unique(_hasher().transform(generic).indices)] = GENERIC_NGRAM
    share[[NGRAMS + _root_bucket(word) for word in generic]] = GENERIC_WORD
    share[[NGRAMS + ROOTS + lexicon.number(concept) for concept in lexicon.common]] = COMMON_CONCEPT
    return share


@lru_cache(maxsize=2**16)
def _root_bucket(word):
    # As _hasher.
    from sklearn.utils import murmurhash3_32

    return murmurhash3_32(root(word), seed=0, positive=True) % ROOTS


def _counted(every, kept):
    """Return counts of roots and concepts, CSR, shape (texts, ROOTS + CONCEPTS)."""
    lexicon = shipped()
    indices, data, ends = [], [], [0]
    for all_words, telling in zip(every, kept, strict=True):
        row = Counter(map(_root_bucket, telling))
        for concept, share in lexicon.shares(all_words):
            row[ROOTS + lexicon.number(concept)] += share
        indices.extend(row)
        data.extend(row.values())
        ends.append(len(indices))
    return sparse.csr_matrix(
        (np.array(data, dtype=np.float32), np.array(indices, dtype=np.int32), np.array(ends, dtype=np.int32)),
        shape=(len(every), ROOTS + CONCEPTS),
    )
