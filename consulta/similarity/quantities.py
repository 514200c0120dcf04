"""Numbers that a proposal names, each with what it counts: a law, a share, money, hours, ages, how often, things."""

from typing import NamedTuple

from consulta.similarity.reading import BREAKS
from consulta.similarity.stances import root
from consulta.similarity.words import STOP_WORDS

# Kinds whose number is a name: a little more is another one.
NUMBERED = ("law", "article", "decree", "line", "weekday")
# Ages by the bound they set: "desde los 15", "mayores de 15" from 15; "menores de 14", "hasta los 13" to 14.
FROM, TO = "age from", "age to"
_YEAR_IN_DAYS = 365.25
_MONTH = _YEAR_IN_DAYS / 12


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
        if search.told.isdisjoint(range(start, end)):
            quantities.add(Quantity("often", names[0], " ".join(reading.spelled[start:end])))
    for start, (end, names) in found.get("fixed", {}).items():
        for kind, value in names:
            quantities.add(Quantity(kind, value, " ".join(reading.spelled[start:end])))
    for start, (end, names) in found.get("law", {}).items():
        # "Ley de Transparencia, ley 20.285" is one law; "ley tea 21.545" has its number beside it.
        if end >= len(reading.values) or reading.values[end] is None:
            quantities.add(Quantity("law", names[0], " ".join(reading.spelled[start:end])))
    quantities.discard(None)
    return frozenset(quantities)


class _Search:
    """What stands around the numbers of one Reading. told: places of words that say how often, filled by `at`."""

    def __init__(self, reading, found, vocabulary):
        self._reading, self._rules = reading, vocabulary
        self._units, self._ages, self._clocks = (found.get(family, {}) for family in ("unit", "age", "clock"))
        self._before = {end: names[0] for end, names in found.get("before", {}).values()}
        self._at_hour = {end for end, _ in found.get("at", {}).values()}
        # "Cinco por ciento": a number word may be part of a unit.
        self._parts = {place for start, (end, _) in self._units.items() for place in range(start, end)}
        self._people = found.get("people", {})
        self._second, self._first_is_age = {}, False
        self.told = set()

    def at(self, at, value):
        """The quantity whose number stands at `at`, or None if it counts nothing that could differ."""
        if at in self._parts:
            return None
        end, kind, factor = self._unit(at)
        often = self._often(at, end, kind, value * factor)
        if often:
            return often
        age = self._age(at, end, kind, factor, value)
        if age:
            return age
        before = self._before.get(at)
        if before == "stop" and not kind or before in ("from", "to"):
            before = None if kind else "stop"
        hour = self._hour(at, end, kind) if value <= 24 and factor == 1 else None
        if before in NUMBERED:
            kind = before
        elif hour is not None:
            # Two services that open at one hour may close at two.
            kind, value = "opening" if at in self._second.values() else "clock", value + hour * (value < 12)
        elif not kind and before != "stop":
            kind, end = (before, end) if before else self._counted(at, value)
        if not kind:
            return None
        if kind == "months":
            kind, factor = "days", factor * _MONTH
        start = at - 1 if before and at else at
        return Quantity(kind, value * factor, self._spelled(start, end))

    def _unit(self, at):
        """(end, kind, factor) of the unit after a number, or that of a range which it begins: "de 6 a 10 años"."""
        end, names = self._units.get(at + 1, (at + 1, ()))
        if not names:
            second = self._range(at)
            if second is not None:
                self._second[second] = at
                _, names = self._units.get(second + 1, (0, ()))
        return (end, *names[0]) if names else (end, None, 1)

    def _range(self, at):
        """The place of the number that ends a range which begins at `at`: "6 a 10", "15-29"; or None."""
        words, values = self._reading.words, self._reading.values
        for second in (at + 1, at + 2):
            if second < len(words) and values[second] is not None:
                return second if second == at + 1 or words[at + 1] in self._rules.range else None
        return None

    def _often(self, at, end, kind, value):
        """How many times a year: "3 veces por semana", "dos días al mes", "cada 15 días"; or None."""
        words = self._reading.words
        if at and words[at - 1] in self._rules.each and kind in ("hours", "days", "months"):
            self.told.update(range(at - 1, end))
            return Quantity("often", _per_year(kind) / value, self._spelled(at - 1, end)) if value else None
        if kind in ("times", "days") and end < len(words) and words[end] in self._rules.per:
            stop, names = self._units.get(end + 1, (0, ()))
            if names and names[0][0] in ("days", "months"):
                self.told.update(range(at, stop))
                period, factor = names[0]
                return Quantity("often", value * _per_year(period) / factor, self._spelled(at, stop))
        return None

    def _age(self, at, end, kind, factor, value):
        """An age and the bound it sets, or None; ages of less than a year are told in years too."""
        before, first = self._before.get(at), self._second.get(at)
        start = at if first is None else first
        years = kind == "months"
        person = any(place in self._people for place in range(max(0, start - 3), start))
        bound = before if before in ("from", "to") else None
        if kind not in (None, "months") or value > 120 or before in NUMBERED:
            return None
        after = at + 1 in self._ages or years and end in self._ages
        before_it = " ".join(self._reading.words[max(0, start - 2) : start])
        sure = years and factor > 1 and before_it.endswith(self._rules.age_sure)
        known = bound or after or person and years or sure
        if first is not None:
            known = known or self._first_is_age
        elif person and not known:
            loose = self._reading.words[at - 1] in self._rules.age_words if at else False
            known = self._range(at) is not None or loose and self._ends(end)
        self._first_is_age = bool(known)
        if not known:
            return None
        value *= factor / 12 if years else 1
        if first is not None or self._reading.words[at - 1 : at] and self._reading.words[at - 1] in self._rules.up_to:
            return Quantity(TO, value + 1, self._spelled(max(at - 1, 0), end))
        return Quantity(TO if bound == "to" else FROM, value, self._spelled(max(at - 1, 0), end))

    def _ends(self, end):
        """Whether nothing that could be counted stands at `end`."""
        words = self._reading.words
        return end >= len(words) or words[end] in BREAKS or words[end] in STOP_WORDS

    def _hour(self, at, end, kind):
        """What is to be added to an hour of the clock (0 or 12), or None where the number is none."""
        clock = self._clocks.get(at + 1) or (self._clocks.get(end) if kind == "hours" else None)
        if clock:
            return 12 if clock[1][0] == "pm" else 0
        # "Después de las 9", but "bajar a 9".
        if kind is None and at in self._at_hour and self._reading.words[at - 1] not in self._rules.range:
            return 0 if self._ends(end) and at not in self._before else None
        # "A las 18 horas", "de 9 a 18 horas".
        return 0 if kind == "hours" and (at in self._at_hour or at in self._second.values()) else None

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

    def _spelled(self, start, end):
        return " ".join(self._reading.spelled[start:end])


def _per_year(kind):
    """How many hours, days or months a year has."""
    return {"hours": 24 * _YEAR_IN_DAYS, "days": _YEAR_IN_DAYS, "months": 12}[kind]


def _time(word, spelled):
    hours, minutes = word.split(":")[:2]
    if not (hours.isdigit() and minutes.isdigit() and len(hours) <= 2 and len(minutes) == 2):
        return None
    return Quantity("clock", int(hours) + int(minutes) / 60, spelled)


def differing(one, other, vocabulary):
    """Return {kind: (words of one, words of the other)} of the kinds named on both sides without a value in common.

    Of ages also those that exclude one another: "menores de 12" and "mayores de 18".
    """
    kinds = {quantity.kind for quantity in one} & {quantity.kind for quantity in other} - vocabulary.ignored
    found = {}
    for kind in sorted(kinds):
        mine = [quantity for quantity in one if quantity.kind == kind]
        theirs = [quantity for quantity in other if quantity.kind == kind]
        if not any(_same(kind, a.value, b.value, vocabulary) for a in mine for b in theirs):
            found[kind] = _both_spelled(mine, theirs)
    if TO not in kinds and FROM not in kinds:
        for mine, theirs in ((one, other), (other, one)):
            lows, highs = [q for q in mine if q.kind == FROM], [q for q in theirs if q.kind == TO]
            if lows and highs and min(q.value for q in lows) >= max(q.value for q in highs):
                found[FROM] = _both_spelled(lows, highs) if mine is one else _both_spelled(highs, lows)
    return found


def _same(kind, one, other, vocabulary):
    if kind == TO:  # "hasta los 14" may leave out those who are 14
        return abs(one - other) <= 1
    limit = 0 if kind in NUMBERED else vocabulary.tolerances.get(kind, vocabulary.tolerance)
    return abs(one - other) <= limit * max(one, other)


def _both_spelled(one, other):
    return tuple(sorted({q.spelled for q in one})), tuple(sorted({q.spelled for q in other}))
