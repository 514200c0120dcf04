"""A text read once for the guards: tokens, clauses, numbers written out become digits.

One pass over a few thousand characters with one linear expression, so no text can make it slow.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from consulta.similarity.words import LONGEST, fold

_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+|[.,;:!?¡¿()\[\]\n%$€£+&=…—–|•*]")
_DIGITS = re.compile(r"[0-9]+(?:[.,][0-9]+)*\Z")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+\Z")

# Signs that end what a word can govern. A hyphen, slash or quotation mark does not: "sixty-five", "niños/as".
BREAKS = frozenset(".,;:!?¡¿()[]\n…—–|•*=&")
ARTICLES = frozenset("el la los las un una unos unas the an".split())
CONTRACTIONS = {"al": "a", "del": "de"}
_SIGNS = str.maketrans({"º": "°", "’": "'", "‘": "'", "\u00a0": " ", "\u202f": " "})


class Reading(NamedTuple):
    """The tokens of a text that matter, as lists of one length, articles left out.

    words: folded ("a" for "al", digits for a number written out); spelled: as written; breaks are tokens of their own.
    values: the number at that place, a float, or None. every: (spelled, folded) of all tokens, articles included.
    """

    words: list
    spelled: list
    values: list
    every: list


def read(text, numbers):
    """Return the Reading of at most LONGEST characters of `text`. numbers: a Numbers."""
    text = unicodedata.normalize("NFC", (text or "")[:LONGEST]).translate(_SIGNS).replace("n't", " not")
    every = [(token, _folded(token)) for token in _TOKEN.findall(text)]
    words, spelled, values = [], [], []
    at = 0
    while at < len(every):
        token, folded = every[at]
        value, end = numbers.at(every, at) if folded in numbers.words or folded[:1].isdigit() else (None, at)
        if value is not None:
            words.append(f"{value:.10g}")
            spelled.append(" ".join(token for token, _ in every[at:end]))
            values.append(value)
            at = end
            continue
        if folded not in ARTICLES:
            words.append(CONTRACTIONS.get(folded, folded))
            spelled.append(token)
            values.append(None)
        at += 1
    return Reading(words, spelled, values, every)


class Numbers:
    """Numbers in digits and in the words of several languages.

    words: {word: value}; scales: {word: factor} ("mil", "million"); links: words between parts ("treinta y cinco");
    unsure: words that count only where one of `units` or a scale follows ("once" is eleven, or English for later).
    """

    def __init__(self, words, scales, links, unsure, units):
        self._small, self._scales, self._links = words, scales, links
        self._unsure, self._units = unsure, units
        self.words = frozenset(words) | frozenset(scales)

    def at(self, every, at):
        """Return the number that starts at token `at` of `every` and where it ends, or (None, at)."""
        folded = every[at][1]
        if folded[0].isdigit():
            return self._digits(every, at)
        if folded in self._unsure and not self._counts(every, at + 1):
            return None, at
        total, current, end = 0.0, 0.0, at
        while end < len(every):
            word = every[end][1]
            linked = word in self._links and end > at and end + 1 < len(every)
            if linked:
                word = every[end + 1][1]
            if word in self._small and _follows(current, self._small[word], linked):
                current += self._small[word]
            elif word in self._scales and not linked:
                factor = self._scales[word]
                if factor == 100:
                    current = (current or 1) * 100
                else:
                    total, current = total + (current or 1) * factor, 0.0
            else:
                break
            end += 2 if linked else 1
        return (total + current, end) if end > at else (None, at)

    def _digits(self, every, at):
        value, end = number(every[at][1]), at + 1
        while value is not None and end < len(every) and self._scales.get(every[end][1], 0) > 100:
            value *= self._scales[every[end][1]]
            end += 1
        return (value, end) if value is not None else (None, at)

    def _counts(self, every, at):
        return at < len(every) and (every[at][1] in self._units or every[at][1] in self._scales)


def _follows(current, value, linked):
    """Whether `value` can stand after `current` in one number: a hundred, then tens, then ones."""
    if not current:
        return not linked
    if current % 100 == 0:
        return value < 100
    return current % 10 == 0 and value < 10


def number(token):
    """Return the value of a number in digits: "20.285" is twenty thousand, "2,5" two and a half; None if no number."""
    if len(token) > 18 or not _DIGITS.match(token):
        return None
    if _THOUSANDS.match(token):
        return float(token.replace(".", "").replace(",", ""))
    parts = token.replace(",", ".").split(".")
    return float(parts[0] + "." + "".join(parts[1:]) if len(parts) > 1 else parts[0])


@lru_cache(maxsize=65_536)
def _folded(token):
    return fold(token)
