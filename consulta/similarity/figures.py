"""A number that a text names, and the words that stand around the numbers of one text."""

from typing import NamedTuple

from consulta.similarity.reading import BREAKS
from consulta.similarity.words import STOP_WORDS

# Kinds whose number is a name: a little more is another one.
NUMBERED = ("law", "article", "decree", "line", "weekday", "grade", "by")
# Ages by the bound they set: "desde los 15", "mayores de 15" from 15; "menores de 14", "hasta los 13" to 14.
FROM, TO = "age from", "age to"
# What a body only tells, and what it asks for, beside what nothing is known of.
TOLD, ASKED = "told", "asked"
YEAR_IN_DAYS = 365.25
_MILLION = 1_000_000


class Quantity(NamedTuple):
    """kind ("law", "percent", "count banc"), value in the kind's own measure, and the words as written.

    number: the bare number, or None; said: TOLD or ASKED where the words beside it tell, or "".
    """

    kind: str
    value: float
    spelled: str
    number: float | None = None
    said: str = ""


class Surroundings:
    """What stands around the numbers of one Reading.

    found: {family: {start: (end, names)}}. parts: places of words inside a unit or a phrase that tells a number;
    second: {place of a number that ends a range: that which begins it}, filled by `unit`; told: places of words that
    say how often, filled by whoever reads them.
    """

    def __init__(self, reading, found, vocabulary):
        self.reading, self.rules, self.found = reading, vocabulary, found
        self.units, self.ages, self.clocks = (found.get(family, {}) for family in ("unit", "age", "clock"))
        self.before = {end: names[0] for end, names in found.get("before", {}).values()}
        self.at_hour = {end for end, _ in found.get("at", {}).values()}
        # "Cinco por ciento", "24/7": a number may be part of a unit or of what tells another.
        parts = (*self.units.items(), *found.get("fixed", {}).items())
        self.parts = {place for start, (end, _) in parts for place in range(start, end)}
        self.people = found.get("people", {})
        self.second = {}
        self.told = set()

    def quantity(self, kind, value, start, end, number=None):
        """The Quantity that is told from `start` to `end`, with what the words beside it make of it."""
        return Quantity(kind, value, " ".join(self.reading.spelled[start:end]), number, self._how_said(start, end))

    def _how_said(self, start, end):
        """ASKED or TOLD by the words beside a quantity, one other word between at most, or ""."""
        words = self.reading.words
        after = " ".join(words[end : end + 4]) + " "
        for name, (before, begun, behind) in self.rules.said.items():
            if after.startswith(behind):
                return name
            for place in (start, start - 1, start + 1):
                near = words[max(0, place - 3) : max(0, place)]
                if near and (
                    near[-1].startswith(begun) or any(" ".join(near[at:]) in before for at in range(len(near)))
                ):
                    return name
        return ""

    def word(self, at):
        return self.reading.words[at] if 0 <= at < len(self.reading.words) else "."

    def value(self, at):
        return self.reading.values[at] if 0 <= at < len(self.reading.values) else None

    def ends(self, end):
        """Whether nothing that could be counted stands at `end`."""
        word = self.word(end)
        return word in BREAKS or word in STOP_WORDS or end in self.ages

    def unit(self, at):
        """(end, names, half) of the unit after a number, or that of a range which it begins: "de 6 a 10 años".

        half: what "y medio" after the unit adds.
        """
        end, names = self.units.get(at + 1, (at + 1, ()))
        if not names and self.word(at + 1) == "de" and self.reading.values[at] >= _MILLION:
            end, names = self.units.get(at + 2, (end, ()))  # "un millón de pesos"
        if not names:
            second = self.range_from(at)
            if second is not None:
                self.second[second] = at
                _, names = self.units.get(second + 1, (0, ()))
            return end, names, 0
        half, end = self.rules.numbers.half(self.reading.words, end)
        return end, names, half

    def range_from(self, at):
        """The place of the number that ends a range which begins at `at`: "6 a 10", "15-29"; or None."""
        words, values = self.reading.words, self.reading.values
        for second in (at + 1, at + 2):
            if second < len(words) and values[second] is not None:
                return second if second == at + 1 or words[at + 1] in self.rules.range else None
        return None
