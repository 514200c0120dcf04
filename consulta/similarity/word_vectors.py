"""Word vectors: what is used for the same request, in whatever words, stands near one another.

A row of numbers for each n-gram, root and concept that was learnt (see `letters` for what these are). The vector
of a text is the sum of the rows of what it holds. They were learnt from proposals that were written for this, several
for each of some thousand requests, so that texts of one request are nearer than all others, its neighbours in subject
among them (supervised contrastive learning: Khosla et al. 2020); tools/word_vectors holds the proposals and `learn.py`,
which makes the table anew. A concept is kept by name, so that the lexicon may grow meanwhile.
"""

from functools import cache
from pathlib import Path

import numpy as np
from scipy import sparse

from consulta.similarity.lexicon import shipped

SHIPPED = Path(__file__).parent.parent / "data" / "similarity" / "word_vectors.npz"
LEARN = "tools/word_vectors/learn.py"
# The share of a text's words that were learnt, up to which its vector says nothing, and from which it says all it can:
# nearly all unseen Spanish and English proposals have 0.8 or more, half of real Catalan titles 0.6 or less.
FOREIGN, FLUENT = 0.4, 0.75
_CHUNK = 4096


class WordVectors:
    """A table of rows for some features, read only.

    features: the columns of counts that have a row, distinct integers; axes: their rows, float32, shape (features,
    numbers); columns: how many columns counts have; roots: the slice of these that are roots of words.
    """

    def __init__(self, features, axes, columns, roots):
        self._place = np.full(columns, -1, dtype=np.int32)
        self._place[features] = np.arange(len(features), dtype=np.int32)
        self._axes, self._roots = axes, roots

    @property
    def width(self):
        """How many numbers a vector has."""
        return self._axes.shape[1]

    def of(self, counts):
        """Return the vectors of texts, float32, shape (texts, width), of length 1 where most of the words were learnt.

        counts: damped counts, CSR, one row a text. Shorter the fewer words were learnt, down to nothing: a text in
        another language, only some words of which look like known ones, has hardly a vector.
        """
        found = np.zeros((counts.shape[0], self.width), dtype=np.float32)
        for start in range(0, counts.shape[0], _CHUNK):
            found[start : start + _CHUNK] = self._of(counts[start : start + _CHUNK])
        return found

    def _of(self, counts):
        places = self._place[counts.indices]
        texts = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        known = places >= 0
        shape = (counts.shape[0], len(self._axes))
        sums = sparse.csr_matrix((counts.data[known], (texts[known], places[known])), shape) @ self._axes
        words = (counts.indices >= self._roots.start) & (counts.indices < self._roots.stop)
        every = np.bincount(texts[words], minlength=counts.shape[0])
        learnt = np.bincount(texts[words & known], minlength=counts.shape[0])
        # One word more, so that a name in a short title ("ciclovías en Ñuñoa") does not make it foreign.
        share = np.where(learnt, (learnt + 1) / (every + 1), 0)
        wanted = np.clip((share - FOREIGN) / (FLUENT - FOREIGN), 0, 1)
        return sums * (wanted / np.maximum(np.linalg.norm(sums, axis=1), 1e-9))[:, None].astype(np.float32)


@cache
def shipped_vectors(version, ngrams, roots, concepts):
    """Return the WordVectors of the package.

    version: of the features, which they must have been learnt for. ngrams, roots, concepts: how many columns of each
    kind counts have, in this order. Raises ValueError where they are of another version.
    """
    with np.load(SHIPPED, allow_pickle=False) as held:
        if str(held["version"]) != version:
            raise ValueError(f"{SHIPPED.name} was learnt for {held['version']}, not for {version}: run {LEARN}")
        features, names = held["features"], held["concepts"].tolist()
        axes = held["axes"].astype(np.float32) * held["steps"].astype(np.float32)[:, None]
    # A concept that the lexicon has no longer is left out.
    lexicon, plain = shipped(), len(features)
    kept = [place for place, name in enumerate(names) if name in lexicon]
    named = np.array([ngrams + roots + lexicon.number(names[place]) for place in kept], dtype=features.dtype)
    return WordVectors(
        np.concatenate([features, named]),
        np.concatenate([axes[:plain], axes[plain:][kept]]),
        ngrams + roots + concepts,
        slice(ngrams, ngrams + roots),
    )


def save(path, version, features, names, axes):
    """Write a table that `shipped_vectors` reads.

    version: that of the features. features: columns that are no concepts; names: the concepts behind them; axes:
    the rows of both, float, rounded to 255 steps each.
    """
    steps = np.maximum(np.abs(axes).max(axis=1), 1e-9) / 127
    np.savez_compressed(
        path,
        version=np.array(version),
        features=np.asarray(features, dtype=np.int32),
        concepts=np.array(names),
        axes=np.round(axes / steps[:, None]).astype(np.int8),
        steps=steps.astype(np.float16),
    )
