"""Numbers that a text names, each with what it counts: a law, a share, money, hours, ages, how often, things."""

import re
from typing import NamedTuple

from consulta.similarity.reading import BREAKS
from consulta.similarity.stances import root
from consulta.similarity.words import STOP_WORDS

# Kinds whose number is a name: a little more is another one.
NUMBERED = ("law", "article", "decree", "line", "weekday", "grade", "by")
# Ages by the bound they set: "desde los 15", "mayores de 15" from 15; "menores de 14", "hasta los 13" to 14.
FROM, TO = "age from", "age to"
# What a body only tells, and what it asks for, beside what nothing is known of.
TOLD, ASKED = "told", "asked"
_YEAR_IN_DAYS = 365.25
_MONTH = _YEAR_IN_DAYS / 12
_WEEK = _YEAR_IN_DAYS / 7
_DAY, _MILE = 24, 1.609344
# Open round the clock is not open until midnight.
_ROUND = 48
_MILLION = 1_000_000
# "Turnos de 7x7" are one number of two.
_BY = 1_000
# "8.30" is an hour with minutes, where it is an hour.
_MINUTES = re.compile(r"\d{1,2}[.,][0-5]\d\Z")


class Quantity(NamedTuple):
    """kind ("law", "percent", "count banc"), value in the kind's own measure, and the words as written.

    number: the bare number, or None; said: TOLD or ASKED where the words beside it tell, or "".
    """

    kind: str
    value: float
    spelled: str
    number: float | None = None
    said: str = ""


def quantities_in(reading, found, vocabulary):
    """Return the quantities of a Reading. found: {family: {start: (end, names)}}."""
    search = _Search(reading, found, vocabulary)
    quantities = set()
    for at, value in enumerate(reading.values):
        if value is not None:
            quantities.update(search.at(at, value))
    for start, (end, names) in found.get("unit", {}).items():
        quantities.update(search.unnumbered(start, end, names))
    for start, (end, names) in found.get("often", {}).items():
        if search.told.isdisjoint(range(start, end)):
            quantities.add(search.quantity("often", names[0], start, end))
    for start, (end, names) in found.get("fixed", {}).items():
        quantities.update(search.fixed(start, end, names))
    for start, (end, names) in found.get("law", {}).items():
        # "Ley de Transparencia, ley 20.285" is one law; "ley tea 21.545" has its number beside it.
        if end >= len(reading.values) or reading.values[end] is None:
            quantities.add(search.quantity("law", names[0], start, end))
    for at, word in enumerate(reading.words):
        if ":" in word and len(word) > 1:
            quantities.add(_time(word, reading.spelled[at]))
        elif word in vocabulary.singles:
            quantities.add(search.single(at))
        elif word in vocabulary.times:
            quantities.add(search.times(at))
    quantities.discard(None)
    return frozenset(quantities)


class _Search:
    """What stands around the numbers of one Reading. told: places of words that say how often, filled by `at`."""

    def __init__(self, reading, found, vocabulary):
        self._reading, self._rules, self._found = reading, vocabulary, found
        self._units, self._ages, self._clocks = (found.get(family, {}) for family in ("unit", "age", "clock"))
        self._before = {end: names[0] for end, names in found.get("before", {}).values()}
        self._at_hour = {end for end, _ in found.get("at", {}).values()}
        # "Cinco por ciento", "24/7": a number may be part of a unit or of what tells another.
        parts = (*self._units.items(), *found.get("fixed", {}).items())
        self._parts = {place for start, (end, _) in parts for place in range(start, end)}
        self._people = found.get("people", {})
        self._second, self._first_is_age = {}, False
        self.told = set()

    def at(self, at, value):
        """The quantities whose number stands at `at`: none if it counts nothing that could differ."""
        # "En una semana, no tres meses después" names what is not to be.
        if at in self._parts or at and self._reading.words[at - 1] in self._rules.nots:
            return ()
        if self._word(at + 1) == "x" and self._value(at + 2) is not None:
            return (self.quantity("by", value * _BY + self._value(at + 2), at, at + 3),)
        if self._word(at - 1) == "x" and self._value(at - 2) is not None:
            return ()
        end, names, half = self._unit(at)
        kind, factor = names[0] if names else (None, 1)
        value += half
        found = (
            self._often(at, end, kind, value * factor)
            or self._working_week(at, end, kind, value, factor)
            or self._share(at, end, value)
            or self._age(at, end, kind, factor, value)
        )
        return (found,) if found else self._measured(at, end, names, value)

    def _measured(self, at, end, names, value):
        """The quantities of a number that is neither an age nor tells how often."""
        kind, factor = names[0] if names else (None, 1)
        before = self._before.get(at)
        if before == "stop" and not kind or before in ("from", "to"):
            # "Obras sobre 200 millones", "spending over 5 million" are no ages.
            before = None if kind or value > self._rules.amounts["oldest"] else "stop"
        start = at - 1 if before and at else at
        hours = self._hours(at, end, kind, value) if value <= 24 and factor == 1 else ()
        grade = self._grade(at, kind, before, value)
        if grade or before in NUMBERED and before != "grade":
            return (grade or self.quantity(before, value, start, at + 1, value),)
        if hours:
            # Two services that open at one hour may close at two.
            kind = "opening" if at in self._second.values() else "clock"
            return tuple(self.quantity(kind, hour, start, end, value) for hour in hours)
        if not kind and before == "speed":  # in kilometres or miles
            names = (("speed", 1), ("speed", _MILE))
        elif not kind and before != "stop":
            kind, end = (before, end) if before and before not in NUMBERED else self._counted(at, value)
            names = ((kind, 1),) if kind and kind != "week" else ()
            rate = self._rate(at, end, value) if names else None
            if rate:
                return (rate, self.quantity(kind, value, start, end, value))
            if names and " ".join(self._reading.words[max(0, at - 2) : at]) in self._rules.fewer:
                names = (*names, (kind, 1 - 1 / value if value else 1))
        found = [self.quantity(*_in_days(name, value * each), start, end, value) for name, each in names]
        if kind == "hours" and value == _DAY and factor == 1:
            found.append(self.quantity("clock", _ROUND, start, end, value))
        return tuple(found)

    def _grade(self, at, kind, before, value):
        """A year at school: "8° básico", "year 6"; or None."""
        add = self._rules.grades.get(self._word(at + 1))
        if kind or value > self._rules.amounts["last_grade"] or add is None and before != "grade":
            return None
        return self.quantity("grade", value + (add or 0), at - (add is None), at + 1 + (add is not None), value)

    def _share(self, at, end, value):
        """ "Uno de cada cinco", "one seat in ten": a share; or None."""
        reading = self._reading
        two, one = " ".join(reading.words[max(0, at - 2) : at]), self._word(at - 1)
        if not (two in self._rules.shares or one in self._rules.shares and self._ends(end)) or not 1 < value <= 100:
            return None
        for place in range(max(0, at - 5), at - 1):
            if reading.articles[place] in ("un", "una") or reading.words[place] in ("uno", "una", "one", "1"):
                return self.quantity("percent", 100 / value, place, at + 1)
        return None

    def _rate(self, at, end, value):
        """ "Cuatro cuentas públicas al año": how often, where it is not too often for that; or None."""
        for place in (end, end + 1):
            if self._word(place) in BREAKS:
                break
            stop, names = self._units.get(place + 1, (0, ()))
            if self._word(place) in self._rules.per and names and names[0][0] in ("hours", "days", "months"):
                if value > self._rules.amounts["often"]:
                    return None
                self.told.update(range(at, stop))
                period, factor = names[0]
                return self.quantity("often", value * _per_year(period) / factor, at, stop)
        return None

    def fixed(self, start, end, names):
        """The quantities of a phrase that tells a number without one; an ordinal names what follows it."""
        reading, rules = self._reading, self._rules
        if names[0][0] == "none":
            return ()
        if names[0][0] == "ordinal":
            return self._ordinal(start, end, names[0][1])
        if names[0][0] in ("hours", "days") and start and reading.words[start - 1] in rules.each:
            kind, value = names[0]
            self.told.update(range(start - 1, end))
            return (self.quantity("often", _per_year(kind) / value, start - 1, end),)
        found = [self.quantity(kind, value, start, end) for kind, value in names]
        if names[0][0] == "weekday" and start and reading.words[start - 1] in ("todos", "every", *rules.each):
            found.append(self.quantity("often", _WEEK * len(names), start - 1, end))
        return found

    def single(self, at):
        """ "Una sola reelección", "one strike": one thing; "solo mujeres" counts nothing."""
        word = self._word(at + 1)
        alone = self._reading.words[at] in self._rules.only and not self._reading.articles[at]
        if (
            at in self._parts
            or alone
            or len(word) < 3
            or word in BREAKS
            or word in STOP_WORDS
            or word in self._rules.uncounted
        ):
            return None
        return self.quantity(f"count {root(word)}", 1, at, at + 2, 1)

    def times(self, at):
        """ "Twice a term": how often in what has no length; what has one is found by its unit."""
        word = self._word(at + 2)
        _, names = self._units.get(at + 2, (0, ((None, 1),)))
        timed = names[0][0] in ("hours", "days", "months")
        if (
            timed
            or len(word) < 3
            or self._word(at + 1) not in self._rules.per
            or at + 2 in self._found.get("often", ())
        ):
            return None
        return self.quantity(f"times a {root(word)}", self._rules.times[self._word(at)], at, at + 3)

    def unnumbered(self, start, end, names):
        """ "Metro y medio", "a year and a half": a unit without a number, and half of it; "cada hora", "every mile"."""
        half, after = self._rules.numbers.half(self._reading.words, end)
        kind, factor = names[0]
        if not half and self._word(start - 1) in self._rules.each:
            if kind in ("hours", "days", "months") and start - 1 not in self._found.get("often", ()):
                return (self.quantity("often", _per_year(kind) / factor, start - 1, end),)
            return (self.quantity(kind, factor, start - 1, end, 1),) if kind == "length" else ()
        if not half or start and self._reading.values[start - 1] is not None:
            return ()
        if names[0][0] == "months" and " ".join(self._reading.words[max(0, start - 2) : start]).endswith(
            self._rules.age_sure
        ):
            return (self.quantity(FROM, (1 + half) * names[0][1] / 12, start, after, 1 + half),)
        return tuple(
            self.quantity(*_in_days(kind, (1 + half) * factor), start, after, 1 + half) for kind, factor in names
        )

    def quantity(self, kind, value, start, end, number=None):
        """The Quantity that is told from `start` to `end`, with what the words beside it make of it."""
        return Quantity(kind, value, " ".join(self._reading.spelled[start:end]), number, self._how_said(start, end))

    def _how_said(self, start, end):
        """ASKED or TOLD by the words beside a quantity, one other word between at most, or ""."""
        words = self._reading.words
        after = " ".join(words[end : end + 4]) + " "
        for name, (before, begun, behind) in self._rules.said.items():
            if after.startswith(behind):
                return name
            for place in (start, start - 1, start + 1):
                near = words[max(0, place - 3) : max(0, place)]
                if near and (
                    near[-1].startswith(begun) or any(" ".join(near[at:]) in before for at in range(len(near)))
                ):
                    return name
        return ""

    def _word(self, at):
        return self._reading.words[at] if 0 <= at < len(self._reading.words) else "."

    def _value(self, at):
        return self._reading.values[at] if 0 <= at < len(self._reading.values) else None

    def _ordinal(self, start, end, value):
        """A year at school ("octavo básico", "antes de octavo"), or which of several things ("primer domingo")."""
        word = self._word(end)
        if word in self._rules.grades:
            return (self.quantity("grade", value + self._rules.grades[word], start, end + 1),)
        if value == 1 and end in self._units:  # "la primera hora"
            stop, names = self._units[end]
            return tuple(self.quantity(*_in_days(*each), start, stop) for each in names)
        if self._ends(end):
            if value > 2 and (self._reading.articles[start] or self._word(start - 1)) in self._rules.parts:
                return (self.quantity("percent", 100 / value, start, end),)
            known = self._word(start - 1) in self._rules.range or start in self._at_hour
            return (self.quantity("grade", value, start, end),) if known and start and value > 0 else ()
        if "weekday" in {kind for kind, _ in self._found.get("fixed", {}).get(end, (0, ()))[1]}:
            return (
                self.quantity("often", 12, start, end + 1),
                self.quantity(f"nth {root(word)}", value, start, end + 1),
            )
        return (self.quantity(f"nth {root(word)}", value, start, end + 1),) if len(word) > 2 and value > 0 else ()

    def _unit(self, at):
        """(end, names, half) of the unit after a number, or that of a range which it begins: "de 6 a 10 años".

        half: what "y medio" after the unit adds.
        """
        end, names = self._units.get(at + 1, (at + 1, ()))
        if not names and self._word(at + 1) == "de" and self._reading.values[at] >= _MILLION:
            end, names = self._units.get(at + 2, (end, ()))  # "un millón de pesos"
        if not names:
            second = self._range(at)
            if second is not None:
                self._second[second] = at
                _, names = self._units.get(second + 1, (0, ()))
            return end, names, 0
        half, end = self._rules.numbers.half(self._reading.words, end)
        return end, names, half

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
            return self.quantity("often", _per_year(kind) / value, at - 1, end) if value else None
        if kind in ("times", "days") and self._word(end) in self._rules.per:
            stop, names = self._units.get(end + 1, (0, ()))
            if names and names[0][0] in ("hours", "days", "months"):
                self.told.update(range(at, stop))
                period, factor = names[0]
                return self.quantity("often", value * _per_year(period) / factor, at, stop)
        return None

    def _working_week(self, at, end, kind, value, factor):
        """ "40 horas semanales", "jornada de 40 horas", "four-day week"; or None."""
        if kind not in ("hours", "days"):
            return None
        stop = end + 1 if self._word(end) in self._rules.week else None
        if stop is None and kind == "hours" and self._word(end) in self._rules.per:
            stop = self._units.get(end + 1, (None,))[0] if self._word(end + 1) in ("semana", "week") else None
        if stop is None and self._before.get(at) != "week":
            return None
        self.told.update(range(at, stop or end))
        if kind == "days":
            return self.quantity("often", value * factor * _WEEK, at, stop or end)
        return self.quantity("hours a week", value * factor, at, stop or end, value)

    def _age(self, at, end, kind, factor, value):
        """An age and the bound it sets, or None; ages of less than a year are told in years too."""
        before, first = self._before.get(at), self._second.get(at)
        start = at if first is None else first
        years = kind == "months"
        person = any(place in self._people for place in range(max(0, start - 3), start))
        bound = before if before in ("from", "to") else None
        if kind not in (None, "months") or value > self._rules.amounts["oldest"] or before in NUMBERED:
            return None
        after = at + 1 in self._ages or years and end in self._ages
        before_it = " ".join(self._reading.words[max(0, start - 2) : start])
        sure = years and factor > 1 and before_it.endswith(self._rules.age_sure)
        old = self._reading.articles[start] in self._rules.old and before_it.endswith(self._rules.age_after)
        # "Tres meses" are an age where a bound or "de edad" says so, whoever they are for.
        many = years and factor > 1
        known = bound or after or person and many or sure or old and (many or not years and self._ends(end))
        if first is not None:
            known = known or self._first_is_age
        elif person and not known:
            loose = self._word(at - 1) in self._rules.age_words
            known = self._range(at) is not None or loose and self._ends(end)
        self._first_is_age = bool(known)
        if not known:
            return None
        value *= factor / 12 if years else 1
        spelled = (max(at - 1, 0), end, value)
        if first is not None or self._word(at - 1) in self._rules.up_to:
            return self.quantity(TO, value + 1, *spelled)
        under = bound == "to" or old and before_it.endswith(tuple(self._rules.under))
        return self.quantity(TO if under else FROM, value, *spelled)

    def _ends(self, end):
        """Whether nothing that could be counted stands at `end`."""
        word = self._word(end)
        return word in BREAKS or word in STOP_WORDS or end in self._ages

    def _hours(self, at, end, kind, value):
        """The hours of the day that a number may mean: "a las 9" is 9 or 21; none where it is no hour."""
        reading, rules = self._reading, self._rules
        clock = self._clocks.get(at + 1) or (self._clocks.get(end) if kind == "hours" else None)
        if _MINUTES.match(reading.spelled[at]) and (
            clock or at in self._at_hour or reading.articles[at] in rules.hours
        ):
            value = int(value) + (value - int(value)) / 0.6
        if at > 1 and " ".join(reading.words[at - 2 : at]) == "half past":
            value += 0.5
        if clock and clock[1][0] != "clock":
            return (_hour(value, clock[1][0]),)
        at_the = reading.articles[at] in rules.hours
        if kind == "hours":  # "a las 18 horas", "de 9 a 18 horas"; "antes de 24 horas" is a deadline
            at_the = at_the and (value != _DAY or at in self._at_hour)  # "las 24 horas"
            return (value,) if at_the or at in self._second or at in self._second.values() else ()
        if kind is not None or not (clock or self._ends(end)):
            return ()
        if clock or at_the:
            return (value, value + 12) if value <= 12 else (value,)
        # "Open until 9", but "bajar a 9".
        if at in self._at_hour and self._word(at - 1) not in rules.range and at not in self._before and value <= 12:
            return (value, value + 12)
        return ()

    def _counted(self, at, value):
        """(kind, end) of a number of things, by the root of the word after it; a large bare number is money."""
        reading, rules = self._reading, self._rules
        first, last = rules.amounts["years"]
        # "En 2030", "presupuesto 2026", but "2000 árboles".
        if first <= value <= last and reading.spelled[at].isdigit() and (value % 1000 or self._ends(at + 1)):
            return "year", at + 1
        for step in range(at + 1, min(at + 4, len(reading.words))):
            word = reading.words[step]
            if word in rules.adjectives:
                continue
            if word in BREAKS or word in rules.uncounted or word in STOP_WORDS or reading.values[step] is not None:
                break
            if len(word) > 2:
                return f"count {root(word)}", step + 1
        if value >= rules.amounts["money"]:
            return "money", at + 1
        # "Bajar a 40", "multa de 3" set a number; "(3)", "parte 2" and a last "2" tell parts of a series apart.
        before = reading.words[at - 1] if at else "."
        return "bare" if before in STOP_WORDS and before not in rules.series else None, at + 1


def _in_days(kind, value):
    return ("days", value * _MONTH) if kind == "months" else (kind, value)


def _hour(value, half):
    """The hour of the day. half: "am", "pm" or "night": "doce de la noche" ends a day, "dos de la noche" begins one."""
    if half == "am" or half == "night" and value < 6:
        return value
    if value == 12 and half == "night":
        return 24.0
    return value + 12 * (value < 12)


def _per_year(kind):
    """How many hours, days or months a year has."""
    return {"hours": 24 * _YEAR_IN_DAYS, "days": _YEAR_IN_DAYS, "months": 12}[kind]


def _time(word, spelled):
    hours, minutes = word.split(":")[:2]
    if not (hours.isdigit() and minutes.isdigit() and len(hours) <= 2 and len(minutes) == 2):
        return None
    return Quantity("clock", (int(hours) or 24) + int(minutes) / 60, spelled)
