"""Numbers that a text names, each with what it counts: a law, a share, money, hours, ages, how often, things."""

import re

from consulta.similarity.figures import FROM, NUMBERED, TO, YEAR_IN_DAYS, Quantity, Surroundings
from consulta.similarity.frequencies import WEEK, often, per_year, rate, times, working_week
from consulta.similarity.reading import BREAKS
from consulta.similarity.stances import root
from consulta.similarity.words import STOP_WORDS

_MONTH = YEAR_IN_DAYS / 12
_DAY, _MILE = 24, 1.609344
# Open round the clock is not open until midnight.
_ROUND = 48
# "Turnos de 7x7" are one number of two.
_BY = 1_000
# "8.30" is an hour with minutes, where it is an hour.
_MINUTES = re.compile(r"\d{1,2}[.,][0-5]\d\Z")


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
            quantities.add(times(search, at))
    quantities.discard(None)
    return frozenset(quantities)


class _Search(Surroundings):
    """The quantities of one Reading, number by number."""

    _first_is_age = False

    def at(self, at, value):
        """The quantities whose number stands at `at`: none if it counts nothing that could differ."""
        # "En una semana, no tres meses después" names what is not to be.
        if at in self.parts or at and self.reading.words[at - 1] in self.rules.nots:
            return ()
        if self.word(at + 1) == "x" and self.value(at + 2) is not None:
            return (self.quantity("by", value * _BY + self.value(at + 2), at, at + 3),)
        if self.word(at - 1) == "x" and self.value(at - 2) is not None:
            return ()
        end, names, half = self.unit(at)
        kind, factor = names[0] if names else (None, 1)
        value += half
        found = (
            often(self, at, end, kind, value * factor)
            or working_week(self, at, end, (kind, factor), value)
            or self._share(at, end, value)
            or self._age(at, end, kind, factor, value)
        )
        return (found,) if found else self._measured(at, end, names, value)

    def _measured(self, at, end, names, value):
        """The quantities of a number that is neither an age nor tells how often."""
        kind, factor = names[0] if names else (None, 1)
        before = self.before.get(at)
        if before == "stop" and not kind or before in ("from", "to"):
            # "Obras sobre 200 millones", "spending over 5 million" are no ages.
            before = None if kind or value > self.rules.amounts["oldest"] else "stop"
        start = at - 1 if before and at else at
        hours = self._hours(at, end, kind, value) if value <= 24 and factor == 1 else ()
        grade = self._grade(at, kind, before, value)
        if grade or before in NUMBERED and before != "grade":
            return (grade or self.quantity(before, value, start, at + 1, value),)
        if hours:
            # Two services that open at one hour may close at two.
            kind = "opening" if at in self.second.values() else "clock"
            return tuple(self.quantity(kind, hour, start, end, value) for hour in hours)
        if not kind and before == "speed":  # in kilometres or miles
            names = (("speed", 1), ("speed", _MILE))
        elif not kind and before != "stop":
            kind, end = (before, end) if before and before not in NUMBERED else self._counted(at, value)
            names = ((kind, 1),) if kind and kind != "week" else ()
            how_often = rate(self, at, end, value) if names else None
            if how_often:
                return (how_often, self.quantity(kind, value, start, end, value))
            if names and " ".join(self.reading.words[max(0, at - 2) : at]) in self.rules.fewer:
                names = (*names, (kind, 1 - 1 / value if value else 1))
        found = [self.quantity(*_in_days(name, value * each), start, end, value) for name, each in names]
        if kind == "hours" and value == _DAY and factor == 1:
            found.append(self.quantity("clock", _ROUND, start, end, value))
        return tuple(found)

    def _grade(self, at, kind, before, value):
        """A year at school: "8° básico", "year 6"; or None."""
        add = self.rules.grades.get(self.word(at + 1))
        if kind or value > self.rules.amounts["last_grade"] or add is None and before != "grade":
            return None
        return self.quantity("grade", value + (add or 0), at - (add is None), at + 1 + (add is not None), value)

    def _share(self, at, end, value):
        """ "Uno de cada cinco", "one seat in ten": a share; or None."""
        reading = self.reading
        two, one = " ".join(reading.words[max(0, at - 2) : at]), self.word(at - 1)
        if not (two in self.rules.shares or one in self.rules.shares and self.ends(end)) or not 1 < value <= 100:
            return None
        for place in range(max(0, at - 5), at - 1):
            if reading.articles[place] in ("un", "una") or reading.words[place] in ("uno", "una", "one", "1"):
                return self.quantity("percent", 100 / value, place, at + 1)
        return None

    def fixed(self, start, end, names):
        """The quantities of a phrase that tells a number without one; an ordinal names what follows it."""
        reading, rules = self.reading, self.rules
        if names[0][0] == "none":
            return ()
        if names[0][0] == "ordinal":
            return self._ordinal(start, end, names[0][1])
        if names[0][0] in ("hours", "days") and start and reading.words[start - 1] in rules.each:
            kind, value = names[0]
            self.told.update(range(start - 1, end))
            return (self.quantity("often", per_year(kind) / value, start - 1, end),)
        found = [self.quantity(kind, value, start, end) for kind, value in names]
        if names[0][0] == "weekday" and start and reading.words[start - 1] in ("todos", "every", *rules.each):
            found.append(self.quantity("often", WEEK * len(names), start - 1, end))
        return found

    def single(self, at):
        """ "Una sola reelección", "one strike": one thing; "solo mujeres" counts nothing."""
        word = self.word(at + 1)
        alone = self.reading.words[at] in self.rules.only and not self.reading.articles[at]
        if (
            at in self.parts
            or alone
            or len(word) < 3
            or word in BREAKS
            or word in STOP_WORDS
            or word in self.rules.uncounted
        ):
            return None
        return self.quantity(f"count {root(word)}", 1, at, at + 2, 1)

    def unnumbered(self, start, end, names):
        """ "Metro y medio", "a year and a half": a unit without a number, and half of it; "cada hora", "every mile"."""
        half, after = self.rules.numbers.half(self.reading.words, end)
        kind, factor = names[0]
        if not half and self.word(start - 1) in self.rules.each:
            if kind in ("hours", "days", "months") and start - 1 not in self.found.get("often", ()):
                return (self.quantity("often", per_year(kind) / factor, start - 1, end),)
            return (self.quantity(kind, factor, start - 1, end, 1),) if kind == "length" else ()
        if not half or start and self.reading.values[start - 1] is not None:
            return ()
        if names[0][0] == "months" and " ".join(self.reading.words[max(0, start - 2) : start]).endswith(
            self.rules.age_sure
        ):
            return (self.quantity(FROM, (1 + half) * names[0][1] / 12, start, after, 1 + half),)
        return tuple(
            self.quantity(*_in_days(kind, (1 + half) * factor), start, after, 1 + half) for kind, factor in names
        )

    def _ordinal(self, start, end, value):
        """A year at school ("octavo básico", "antes de octavo"), or which of several things ("primer domingo")."""
        word = self.word(end)
        if word in self.rules.grades:
            return (self.quantity("grade", value + self.rules.grades[word], start, end + 1),)
        if value == 1 and end in self.units:  # "la primera hora"
            stop, names = self.units[end]
            return tuple(self.quantity(*_in_days(*each), start, stop) for each in names)
        if self.ends(end):
            if value > 2 and (self.reading.articles[start] or self.word(start - 1)) in self.rules.parts:
                return (self.quantity("percent", 100 / value, start, end),)
            known = self.word(start - 1) in self.rules.range or start in self.at_hour
            return (self.quantity("grade", value, start, end),) if known and start and value > 0 else ()
        if "weekday" in {kind for kind, _ in self.found.get("fixed", {}).get(end, (0, ()))[1]}:
            return (
                self.quantity("often", 12, start, end + 1),
                self.quantity(f"nth {root(word)}", value, start, end + 1),
            )
        return (self.quantity(f"nth {root(word)}", value, start, end + 1),) if len(word) > 2 and value > 0 else ()

    def _age(self, at, end, kind, factor, value):
        """An age and the bound it sets, or None; ages of less than a year are told in years too."""
        before, first = self.before.get(at), self.second.get(at)
        start = at if first is None else first
        years = kind == "months"
        person = any(place in self.people for place in range(max(0, start - 3), start))
        bound = before if before in ("from", "to") else None
        if kind not in (None, "months") or value > self.rules.amounts["oldest"] or before in NUMBERED:
            return None
        after = at + 1 in self.ages or years and end in self.ages
        before_it = " ".join(self.reading.words[max(0, start - 2) : start])
        sure = years and factor > 1 and before_it.endswith(self.rules.age_sure)
        old = self.reading.articles[start] in self.rules.old and before_it.endswith(self.rules.age_after)
        # "Tres meses" are an age where a bound or "de edad" says so, whoever they are for.
        many = years and factor > 1
        known = bound or after or person and many or sure or old and (many or not years and self.ends(end))
        if first is not None:
            known = known or self._first_is_age
        elif person and not known:
            loose = self.word(at - 1) in self.rules.age_words
            known = self.range_from(at) is not None or loose and self.ends(end)
        self._first_is_age = bool(known)
        if not known:
            return None
        value *= factor / 12 if years else 1
        spelled = (max(at - 1, 0), end, value)
        if first is not None or self.word(at - 1) in self.rules.up_to:
            return self.quantity(TO, value + 1, *spelled)
        under = bound == "to" or old and before_it.endswith(tuple(self.rules.under))
        return self.quantity(TO if under else FROM, value, *spelled)

    def _hours(self, at, end, kind, value):
        """The hours of the day that a number may mean: "a las 9" is 9 or 21; none where it is no hour."""
        reading, rules = self.reading, self.rules
        clock = self.clocks.get(at + 1) or (self.clocks.get(end) if kind == "hours" else None)
        if _MINUTES.match(reading.spelled[at]) and (clock or at in self.at_hour or reading.articles[at] in rules.hours):
            value = int(value) + (value - int(value)) / 0.6
        if at > 1 and " ".join(reading.words[at - 2 : at]) == "half past":
            value += 0.5
        if clock and clock[1][0] != "clock":
            return (_hour(value, clock[1][0]),)
        at_the = reading.articles[at] in rules.hours
        if kind == "hours":  # "a las 18 horas", "de 9 a 18 horas"; "antes de 24 horas" is a deadline
            at_the = at_the and (value != _DAY or at in self.at_hour)  # "las 24 horas"
            return (value,) if at_the or at in self.second or at in self.second.values() else ()
        if kind is not None or not (clock or self.ends(end)):
            return ()
        if clock or at_the:
            return (value, value + 12) if value <= 12 else (value,)
        # "Open until 9", but "bajar a 9".
        if at in self.at_hour and self.word(at - 1) not in rules.range and at not in self.before and value <= 12:
            return (value, value + 12)
        return ()

    def _counted(self, at, value):
        """(kind, end) of a number of things, by the root of the word after it; a large bare number is money."""
        reading, rules = self.reading, self.rules
        first, last = rules.amounts["years"]
        # "En 2030", "presupuesto 2026", but "2000 árboles".
        if first <= value <= last and reading.spelled[at].isdigit() and (value % 1000 or self.ends(at + 1)):
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


def _time(word, spelled):
    hours, minutes = word.split(":")[:2]
    if not (hours.isdigit() and minutes.isdigit() and len(hours) <= 2 and len(minutes) == 2):
        return None
    return Quantity("clock", (int(hours) or 24) + int(minutes) / 60, spelled)
