"""What guards share: the Warning each gives, when titles are look-alikes, when classes have nothing in common."""

from typing import NamedTuple

from consulta.similarity.guard_data import vocabulary


class Warning(NamedTuple):
    """kind ("stance", "place", "target", "quantity", "measure"), the words found on each side, and its effect.

    effect: "block" (no suggestion), "lower" (the score is multiplied by the kind's factor) or "ease" (a little lower).
    """

    kind: str
    one: tuple
    other: tuple
    effect: str


def apart(one, other, family):
    """Whether no class of one is, holds or overlaps with a class of the other."""
    near = vocabulary().near[family]
    return not any(not near.get(name, {name}).isdisjoint(other) for name in one)


def alike(one, other, least):
    """Whether two titles share at least one word, and `least` of those of the one with fewer."""
    shared = len(one.content & other.content)
    return shared > 0 and shared >= least * min(len(one.content), len(other.content))


def spelled_in(traits, family, names):
    """Return the words, as written, with which a text names classes of a family, sorted."""
    return tuple(sorted({words for (kind, name), words in traits.spelled if kind == family and name in names}))


def warned(kind, one, other, rule=None):
    """Return the Warning of a kind, with the effect that the data give to `rule` (else to the kind)."""
    return Warning(kind, tuple(one), tuple(other), vocabulary().effects[rule or kind])
