"""What a text claims: clauses of a sign and the roots of the words it governs."""

from typing import NamedTuple

from consulta.similarity import lexicon
from consulta.similarity.reading import BREAKS
from consulta.similarity.words import STOP_WORDS

_ROOT = 6
AGAINST = ("against", "less", "not_more")
SUBJECT = "subject"


class Clause(NamedTuple):
    """A sign, the root of the first word it governs and of all, whether nobody wants that, and the words as written.

    check: what is governed is a check on the rest ("más control de armas" is not for arms). first: the first word;
    told: all words from the first to the last that is governed.
    A title also has one of sign SUBJECT: all its words that are no part of a sign.
    """

    sign: str
    main: str
    head: frozenset
    ill: bool
    check: bool
    first: str
    told: str
    spelled: str


def root(word):
    """Return what word forms of one root mostly share: "plásticas" and "plástico", "cazar" and "caza"."""
    short = lexicon.root(word)[:_ROOT].rstrip("aeiou")
    short = short if len(short) > 1 else word  # "huasos"
    return f"{short[:-1]}c" if short[-1] == "q" else short  # "marquen", "marcar"


def roots(words):
    """Return the roots of the telling words among folded `words`."""
    telling = (root(word) for word in words if word not in STOP_WORDS and word not in BREAKS)
    return frozenset(word for word in telling if len(word) > 1)
