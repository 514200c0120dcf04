"""Why texts were put side by side: the words they share and those that part them, and which one speaks for all."""

import tomllib
from functools import cache
from pathlib import Path

import numpy as np

from consulta.similarity.words import STOP_WORDS, fold, shortened, stem, words

# <language>/generic.toml: lists of words under any names.
LANGUAGES = Path(__file__).parent.parent / "data" / "similarity"


def shared_words(texts, limit=12):
    """Return the words that all `texts` hold, spelled and ordered as in the first, at most `limit`.

    Case, accents and plural endings do not matter for matching. Words of grammar and those that proposals of any
    subject use ("no", "mejorar", "municipalidad") are left out, unless a text holds no others. Fewer than two texts
    share nothing.
    """
    if len(texts) < 2:
        return []
    told = [_told(text) for text in texts]
    common = set.intersection(*(set(each) for each in told))
    return [word for key, word in told[0].items() if key in common][:limit]


def differing_words(texts, limit=12):
    """Return, for each of `texts`, the telling words that it alone holds, in their order, at most `limit` of each.

    Told as in `shared_words`. A word that some of the others hold as well, but not all, is in no list.
    """
    told = [_told(text) for text in texts]
    count = {}
    for each in told:
        for key in each:
            count[key] = count.get(key, 0) + 1
    if len(texts) < 2:
        return [[] for _text in texts]
    return [[word for key, word in each.items() if count[key] == 1][:limit] for each in told]


def distances(index, ids):
    """Return 1 - score of every pair of `ids`, shape (ids, ids), 0 on the diagonal; KeyError for an id not held."""
    return 1 - index.scores(ids)


def distances_from(index, base, ids):
    """Return {id: 1 - score} of `ids` beside `base`, one of them; KeyError for an id not held.

    Costs nothing for re-posts, however many.
    """
    if len({index.mark(id) for id in ids}) == 1 and index.mark(base):
        return dict.fromkeys(ids, 0.0)
    row = distances(index, list(ids))[list(ids).index(base)].tolist()
    return {id: max(0.0, distance) for id, distance in zip(ids, row, strict=True)}


def medoid(ids, scores):
    """Return the id whose scores with the others are highest in sum; the lowest id of equal ones.

    scores: shape (ids, ids), symmetric, as Index.scores gives them: after the guards.
    """
    return _extreme(ids, scores, highest=True)


def most_distant(ids, scores):
    """Return the id whose scores with the others are lowest in sum; the highest id of equal ones."""
    return _extreme(ids, scores, highest=False)


@cache
def generic_stems():
    """Return the stems of the words that proposals of any subject use, of every language there is a list of."""
    found = set()
    for path in sorted(LANGUAGES.glob("*/generic.toml")):
        for some in tomllib.loads(path.read_text(encoding="utf-8")).values():
            found.update(stem(word) for word in some.split())
    return frozenset(found)


def _extreme(ids, scores, *, highest):
    # Rounded, so that the order of a sum in floating point decides nothing.
    sums = np.round(np.asarray(scores, dtype=float).sum(axis=1), 6).tolist()
    ranked = sorted(zip(sums, ids, strict=True), key=lambda pair: (-pair[0], pair[1]))
    return ranked[0][1] if highest else ranked[-1][1]


def _told(text):
    """The telling words of `text`, stem to first spelling, in their order; generic ones where there are no others."""
    found = {}
    for word in words(shortened(text)):
        if fold(word) not in STOP_WORDS and (len(word) > 1 or word.isdigit()):
            found.setdefault(stem(word), word)
    return {key: word for key, word in found.items() if key not in generic_stems()} or found
