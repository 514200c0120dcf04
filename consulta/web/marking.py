"""Texts beside one another, word by word: which words all of them hold, and which one alone."""

import re

from consulta.similarity.explain import differing_words, shared_words
from consulta.similarity.words import stem

SHARED, OWN = "shared", "own"
# More words than any text shows: every one is marked, not only the most telling.
ALL = 2_000
_PIECE = re.compile(r"\w+|\W+")


def marks_of(texts):
    """Return (stems that all `texts` hold, for each text the stems that it alone holds)."""
    if len(texts) < 2:
        return frozenset(), [frozenset() for _text in texts]
    shared = frozenset(map(stem, shared_words(texts, limit=ALL)))
    return shared, [frozenset(map(stem, words)) for words in differing_words(texts, limit=ALL)]


def pieces(text, shared, own):
    """Return `text` as (kind, piece) in order: kind is SHARED, OWN or "" for what is neither."""
    found = []
    for piece in _PIECE.findall(text):
        key = stem(piece)
        kind = SHARED if key in shared else OWN if key in own else ""
        if found and found[-1][0] == kind == "":
            found[-1] = ("", found[-1][1] + piece)
        else:
            found.append((kind, piece))
    return found
