"""Numbers that a proposal names, each with what it counts: a law, a share, money, hours, a speed, things."""

from typing import NamedTuple

from consulta.similarity.reading import BREAKS
from consulta.similarity.stances import root
from consulta.similarity.words import STOP_WORDS

# Kinds whose number is a name: a little more is another one.
NUMBERED = ("law", "article", "decree", "line")


class Quantity(NamedTuple):
    """kind ("law", "percent", "count banc"), value in the kind's own measure, and the words as written."""

    kind: str
    value: float
    spelled: str


def quantities_in(reading, found, vocabulary):
    """Return the quantities of a Reading. found: {family: {start: (end, names)}}."""
    search = _Search(reading, found, vocabulary)
    quantities = {search.at(at, value) for at, value in enumerate(reading.values) if value is not None}
    for at, word in enumerate(reading.words):
        if ":" in word and len(word) > 1:
            quantities.add(_time(word, reading.spelled[at]))
    for start, (end, names) in found.get("often", {}).items():
        quantities.add(Quantity("often", names[0], " ".join(reading.spelled[start:end])))
    for start, (end, names) in found.get("law", {}).items():
        # "Ley de Transparencia, ley 20.285" is one law; "ley tea 21.545" has its number beside it.
        if end >= len(reading.values) or reading.values[end] is None:
            quantities.add(Quantity("law", names[0], " ".join(reading.spelled[start:end])))
    quantities.discard(None)
    return frozenset(quantities)


class _Search:
    """What stands around the numbers of one Reading."""

    def __init__(self, reading, found, vocabulary):
        self._reading, self._rules = reading, vocabulary
        self._units, self._ages, self._clocks = (found.get(family, {}) for family in ("unit", "age", "clock"))
        self._before = {end: names[0] for end, names in found.get("before", {}).values()}
        self._at_hour = {end for end, _ in found.get("at", {}).values()}

    def at(self, at, value):
        """The quantity whose number stands at `at`, or None if it counts nothing that could differ."""
        end, names = self._units.get(at + 1, (at + 1, ()))
        kind, factor = names[0] if names else (None, 1)
        before = self._before.get(at)
        if before == "stop" and not kind or before == "age" and kind not in (None, "months"):
            before = None if kind else "stop"
        hour = self._hour(at, end, kind) if value <= 24 and factor == 1 else None
        if before in NUMBERED:
            kind = before
        elif before == "age" or at + 1 in self._ages or end in self._ages and kind == "months":
            kind, factor = "age", 1
        elif hour is not None:
            kind, value = "clock", value + hour * (value < 12)
        elif not kind and before != "stop":
            kind, end = (before, end) if before else self._counted(at, value)
        if not kind:
            return None
        start = at - 1 if before and at else at
        return Quantity(kind, value * factor, " ".join(self._reading.spelled[start:end]))

    def _hour(self, at, end, kind):
        """What is to be added to an hour of the clock (0 or 12), or None where the number is none."""
        clock = self._clocks.get(at + 1) or (self._clocks.get(end) if kind == "hours" else None)
        if clock:
            return 12 if clock[1][0] == "pm" else 0
        return 0 if at in self._at_hour and kind == "hours" else None

    def _counted(self, at, value):
        """(kind, end) of a number of things, by the root of the word after it; a large bare number is money."""
        reading, rules = self._reading, self._rules
        if 1900 <= value <= 2100 and len(reading.words[at]) == 4:
            return "year", at + 1
        for step in range(at + 1, min(at + 4, len(reading.words))):
            word = reading.words[step]
            if word in rules.adjectives:
                continue
            if word in BREAKS or word in rules.uncounted or word in STOP_WORDS or reading.values[step] is not None:
                break
            if len(word) > 2:
                return f"count {root(word)}", step + 1
        if value >= 10_000:
            return "money", at + 1
        # "bajar a 40" sets a number; "(3)" or a last "2" tells parts of a series apart.
        return "bare" if at and reading.words[at - 1] in rules.setting else None, at + 1


def _time(word, spelled):
    hours, minutes = word.split(":")[:2]
    if not (hours.isdigit() and minutes.isdigit() and len(hours) <= 2 and len(minutes) == 2):
        return None
    return Quantity("clock", int(hours) + int(minutes) / 60, spelled)


def differing(one, other, vocabulary):
    """Return {kind: (words of one, words of the other)} of the kinds named on both sides without a value in common."""
    kinds = {quantity.kind for quantity in one} & {quantity.kind for quantity in other} - vocabulary.ignored
    found = {}
    for kind in sorted(kinds):
        mine = [quantity for quantity in one if quantity.kind == kind]
        theirs = [quantity for quantity in other if quantity.kind == kind]
        limit = 0 if kind in NUMBERED else vocabulary.tolerance
        if not any(abs(a.value - b.value) <= limit * max(a.value, b.value) for a in mine for b in theirs):
            found[kind] = (tuple(sorted(q.spelled for q in mine)), tuple(sorted(q.spelled for q in theirs)))
    return found
