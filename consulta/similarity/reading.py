"""A text read once for the guards: tokens, clauses, numbers written out become digits.

One pass over a few thousand characters with one linear expression, so no text can make it slow.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from consulta.similarity.words import LONGEST, STOP_WORDS, fold

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
    articles: the folded article left out before that place ("las" of "a las seis"), or "".
    """

    words: list
    spelled: list
    values: list
    every: list
    articles: list


def read(text, numbers):
    """Return the Reading of at most LONGEST characters of `text`. numbers: a Numbers."""
    text = unicodedata.normalize("NFC", (text or "")[:LONGEST]).translate(_SIGNS).replace("n't", " not")
    every = [(token, _folded(token)) for token in _TOKEN.findall(text)]
    words, spelled, values, articles = [], [], [], []
    at, article = 0, ""
    while at < len(every):
        token, folded = every[at]
        value, end = numbers.at(every, at) if folded in numbers.words or folded[:1].isdigit() else (None, at)
        if value is None and folded in ARTICLES:
            at, article = at + 1, folded
            continue
        if value is None:
            end = at + 1
            words.append(CONTRACTIONS.get(folded, folded))
            spelled.append(token)
        else:
            words.append(f"{value:.10g}")
            spelled.append(" ".join(token for token, _ in every[at:end]))
        values.append(value)
        articles.append(article)
        at, article = end, ""
    return Reading(words, spelled, values, every, articles)


class Numbers:
    """Numbers in digits and in the words of several languages.

    table: the section [numbers] of the data: words and scales ({word: value}, "mil", "million"), links between parts
    ("treinta y cinco"), halves ("media hora", "tres y medio"), whole ("medio ambiente", no half of anything), romans.
    Sets of folded words: unsure count only where one of `units` or a scale follows ("once" is eleven, or English for
    later), those of plural also before a plural, those of clock also after the article of an hour ("a las once").
    lone ("sola") are one before a unit; so is single ("a metre away") without one of rates before it, and with one of
    sizes or nothing after it.
    """

    def __init__(self, table, units):
        self._small, self._scales, self._halves, self._romans = (
            table[name] for name in ("words", "scales", "halves", "romans")
        )
        self._links, self._whole, self._unsure, self._plural = (
            table[name] for name in ("links", "whole", "unsure", "plural")
        )
        self._clock, self._hours = table["clock"], table["hours"]
        self._lone, self._single = table["lone"], table["single"]
        self._rates, self._sizes, self._numbered = table["rates"], table["sizes"], table["numbered"]
        self._units = units
        self.words = frozenset().union(self._small, self._scales, self._halves, self._romans, self._lone, self._single)

    def at(self, every, at):
        """Return the number that starts at token `at` of `every` and where it ends, or (None, at)."""
        folded = every[at][1]
        if folded[0].isdigit():
            return self._with_half(every, *self._digits(every, at))
        if folded in self._romans:
            near = (every[at - 1][1] if at else "", every[at + 1][1] if at + 1 < len(every) else "")
            return (self._romans[folded], at + 1) if not self._numbered.isdisjoint(near) else (None, at)
        if folded in self._halves:
            return self._half(every, at)
        if folded in self._lone or folded in self._single:
            known = self._counts(every, at + 1) and every[at + 1][1] not in self._scales
            known = known and (folded in self._lone or self._is_one(every, at))
            return (1.0, at + 1) if known else (None, at)
        if folded in self._unsure and not self._sure(every, at):
            return None, at
        return self._in_words(every, at)

    def _in_words(self, every, at):
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
        return self._with_half(every, total + current, end) if end > at else (None, at)

    def _with_half(self, every, value, end):
        """A number and what "y medio", "and a half" adds to it, of a million or of one."""
        half, after = self.half(every, end)
        if value is None or not half:
            return value, end
        return value + half * self._scales.get(every[end - 1][1], 1), after

    def half(self, words, at):
        """Return (fraction, end) of "y medio", "and a half" at `at` of `words` or (word, folded) pairs, or (0, at)."""
        following = [word if isinstance(word, str) else word[1] for word in words[at : at + 4]]
        if not following or following[0] not in self._links:
            return 0, at
        step = 2 if following[1:2] and following[1] in self._single else 1
        if following[step : step + 1] and following[step] in self._halves:
            if " ".join(following[step : step + 2]) not in self._whole:
                return self._halves[following[step]], at + step + 1
        return 0, at

    def _half(self, every, at):
        """ "Media hora", "half an hour", "medio millón"."""
        fraction, end = self._halves[every[at][1]], at + 1
        if end < len(every) and every[end][1] in ("a", "an"):
            end += 1
        if fraction != 0.5 or not self._counts(every, end) or f"{every[at][1]} {every[end][1]}" in self._whole:
            return None, at
        factor = self._scales.get(every[end][1])
        return (fraction * factor, end + 1) if factor else (fraction, end)

    def _is_one(self, every, at):
        """Whether "a" before a unit counts: "within a week", but not "two trees a year" or "a day centre"."""
        for _, before in every[max(0, at - 4) : at]:
            if before[0].isdigit() or before in self._small or before in self._rates:
                return False
        if at and every[at - 1][1] in self._units:
            return False
        after = every[at + 2][1] if at + 2 < len(every) else "."
        return after in BREAKS or after in STOP_WORDS or after in self._sizes

    def _sure(self, every, at):
        folded, before = every[at][1], every[at - 1][1] if at else ""
        if folded in self._clock and before in self._hours:
            return True
        after = every[at + 1][1] if at + 1 < len(every) else ""
        return self._counts(every, at + 1) or folded in self._plural and after.endswith("s") and len(after) > 4

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
