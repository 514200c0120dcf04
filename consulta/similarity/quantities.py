"""Numbers that a proposal names, each with what it counts: a law, a share, money, hours, a speed, things."""

from typing import NamedTuple

from consulta.similarity.reading import BREAKS
from consulta.similarity.stances import root
from consulta.similarity.words import STOP_WORDS


class Quantity(NamedTuple):
    """kind ("law", "percent", "count banc"), value in the kind's own measure, and the words as written."""

    kind: str
    value: float
    spelled: str


def quantities_in(reading, found, vocabulary):
    """Return the quantities of a Reading. found: {family: {start: (end, names)}}."""
    quantities = []
    before = {end: names[0] for end, names in found.get("before", {}).values()}
    at_hour = {end for end, _ in found.get("at", {}).values()}
    for at, value in enumerate(reading.values):
        if value is not None:
            quantity = _quantity(at, value, reading, found, before.get(at), at in at_hour, vocabulary)
            if quantity:
                quantities.append(quantity)
        elif ":" in reading.words[at] and len(reading.words[at]) > 1:
            hours, minutes = reading.words[at].split(":")[:2]
            quantities.append(Quantity("clock", int(hours[:2]) + int(minutes[:2]) / 60, reading.spelled[at]))
    for family, kind in (("often", "often"), ("law", "law")):
        for start, (end, names) in found.get(family, {}).items():
            if kind == "often" or end >= len(reading.values) or reading.values[end] is None:
                quantities.append(Quantity(kind, names[0], " ".join(reading.spelled[start:end])))
    return frozenset(quantities)


def _quantity(at, value, reading, found, before, at_hour, vocabulary):
    end, names = found.get("unit", {}).get(at + 1, (at + 1, ()))
    kind, factor = names[0] if names else (None, 1)
    spelled = " ".join(reading.spelled[max(at - 1, 0) if before else at : end])
    if before in ("law", "article", "decree", "line"):
        return Quantity(before, value, spelled)
    if before == "stop" and not kind:
        return None
    if at + 1 in found.get("age", {}) or end in found.get("age", {}) and kind == "months":
        return Quantity("age", value, spelled)
    if before == "age" and kind in (None, "months"):
        return Quantity("age", value, spelled)
    clock = found.get("clock", {}).get(at + 1) or (found.get("clock", {}).get(end) if kind == "hours" else None)
    if value <= 24 and (clock or at_hour and kind == "hours" and factor == 1):
        return Quantity("clock", value + 12 * (bool(clock) and clock[1][0] == "pm" and value < 12), spelled)
    if kind:
        return Quantity(kind, value * factor, spelled)
    if before:
        return Quantity(before, value, spelled) if before != "age" else None
    if 1900 <= value <= 2100 and len(reading.words[at]) == 4:
        return Quantity("year", value, spelled)
    return _count(at, value, reading, vocabulary)


def _count(at, value, reading, vocabulary):
    """A number of things, by the root of the word that follows; a large bare number is taken for money."""
    for step in range(at + 1, min(at + 4, len(reading.words))):
        word = reading.words[step]
        if word in vocabulary.adjectives:
            continue
        if word in BREAKS or word in vocabulary.uncounted or word in STOP_WORDS or reading.values[step] is not None:
            break
        if len(word) > 2:
            return Quantity(f"count {root(word)}", value, " ".join(reading.spelled[at : step + 1]))
    return Quantity("money", value, reading.spelled[at]) if value >= 10_000 else None


def differing(one, other, vocabulary):
    """Return {kind: (words of one, words of the other)} of the kinds named on both sides without a value in common."""
    kinds = {quantity.kind for quantity in one} & {quantity.kind for quantity in other} - vocabulary.ignored
    found = {}
    for kind in sorted(kinds):
        mine = [quantity for quantity in one if quantity.kind == kind]
        theirs = [quantity for quantity in other if quantity.kind == kind]
        limit = 0 if kind in ("law", "article", "decree", "line") else vocabulary.tolerance
        if not any(abs(a.value - b.value) <= limit * max(a.value, b.value) for a in mine for b in theirs):
            found[kind] = (tuple(sorted(q.spelled for q in mine)), tuple(sorted(q.spelled for q in theirs)))
    return found
