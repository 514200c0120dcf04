"""How often: "tres veces por semana", "cada 15 días", "cuatro cuentas al año", "40 horas semanales", "twice a term".

Each function looks at one number of a text. near: the Surroundings of its numbers, to whose `told` the words are added
that say how often.
"""

from consulta.similarity.figures import YEAR_IN_DAYS
from consulta.similarity.reading import BREAKS
from consulta.similarity.stances import root

WEEK = YEAR_IN_DAYS / 7


def often(near, at, end, kind, value):
    """Return how many times a year: "3 veces por semana", "dos días al mes", "cada 15 días"; or None."""
    words = near.reading.words
    if at and words[at - 1] in near.rules.each and kind in ("hours", "days", "months"):
        near.told.update(range(at - 1, end))
        return near.quantity("often", per_year(kind) / value, at - 1, end) if value else None
    if kind in ("times", "days") and near.word(end) in near.rules.per:
        stop, names = near.units.get(end + 1, (0, ()))
        if names and names[0][0] in ("hours", "days", "months"):
            near.told.update(range(at, stop))
            period, factor = names[0]
            return near.quantity("often", value * per_year(period) / factor, at, stop)
    return None


def rate(near, at, end, value):
    """Return how often, as in "cuatro cuentas públicas al año", where it is not too often for that; or None."""
    for place in (end, end + 1):
        if near.word(place) in BREAKS:
            break
        stop, names = near.units.get(place + 1, (0, ()))
        if near.word(place) in near.rules.per and names and names[0][0] in ("hours", "days", "months"):
            if value > near.rules.amounts["often"]:
                return None
            near.told.update(range(at, stop))
            period, factor = names[0]
            return near.quantity("often", value * per_year(period) / factor, at, stop)
    return None


def working_week(near, at, end, unit, value):
    """Return the hours or days of a week's work: "40 horas semanales", "four-day week"; or None.

    unit: (kind, how much one is of the kind's measure).
    """
    kind, factor = unit
    if kind not in ("hours", "days"):
        return None
    stop = end + 1 if near.word(end) in near.rules.week else None
    if stop is None and kind == "hours" and near.word(end) in near.rules.per:
        stop = near.units.get(end + 1, (None,))[0] if near.word(end + 1) in ("semana", "week") else None
    if stop is None and near.before.get(at) != "week":
        return None
    near.told.update(range(at, stop or end))
    if kind == "days":
        return near.quantity("often", value * factor * WEEK, at, stop or end)
    return near.quantity("hours a week", value * factor, at, stop or end, value)


def times(near, at):
    """Return how often in what has no length, as in "twice a term"; what has one is found by its unit."""
    word = near.word(at + 2)
    _, names = near.units.get(at + 2, (0, ((None, 1),)))
    timed = names[0][0] in ("hours", "days", "months")
    if timed or len(word) < 3 or near.word(at + 1) not in near.rules.per or at + 2 in near.found.get("often", ()):
        return None
    return near.quantity(f"times a {root(word)}", near.rules.times[near.word(at)], at, at + 3)


def per_year(kind):
    """Return how many hours, days or months a year has."""
    return {"hours": 24 * YEAR_IN_DAYS, "days": YEAR_IN_DAYS, "months": 12}[kind]
