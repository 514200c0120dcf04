"""Why texts were put side by side: the words they share, how far apart they are, which one speaks for all."""

import numpy as np

from consulta.similarity.words import STOP_WORDS, fold, shortened, stem, words


def shared_words(texts, limit=12):
    """Return the words that all `texts` hold, spelled and ordered as in the first, at most `limit`.

    Case, accents and plural endings do not matter for matching; words of grammar (Spanish and English) are left out.
    Fewer than two texts share nothing.
    """
    texts = [shortened(text) for text in texts]
    if len(texts) < 2:
        return []
    common = set.intersection(*({stem(word) for word in _telling(text)} for text in texts))
    shared = {}
    for word in _telling(texts[0]):
        if stem(word) in common:
            shared.setdefault(stem(word), word)
    return list(shared.values())[:limit]


def distances(index, ids):
    """Return 1 - score of every pair of `ids`, shape (ids, ids), 0 on the diagonal; KeyError for an id not held."""
    return 1 - index.scores(ids)


def medoid(ids, scores):
    """Return the id whose scores with the others are highest in sum; the lowest id of equal ones.

    scores: shape (ids, ids), symmetric, as Index.scores gives them.
    """
    return _extreme(ids, scores, highest=True)


def most_distant(ids, scores):
    """Return the id whose scores with the others are lowest in sum; the highest id of equal ones."""
    return _extreme(ids, scores, highest=False)


def _extreme(ids, scores, *, highest):
    # Rounded, so that the order of a sum in floating point decides nothing.
    sums = np.round(np.asarray(scores, dtype=float).sum(axis=1), 6).tolist()
    ranked = sorted(zip(sums, ids, strict=True), key=lambda pair: (-pair[0], pair[1]))
    return ranked[0][1] if highest else ranked[-1][1]


def _telling(text):
    return [word for word in words(text) if fold(word) not in STOP_WORDS and (len(word) > 1 or word.isdigit())]
