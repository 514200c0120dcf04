"""Guards: what speaks against merging two proposals however alike their words are.

Each guard is one function of the Traits of two texts that yields a Warning or nothing. Vocabulary, effects and factors
are data (consulta/data/similarity). A title says what is asked; what only a body says counts less.
"""

from typing import NamedTuple

from consulta.similarity.deeds import deeds
from consulta.similarity.guard_data import vocabulary
from consulta.similarity.localities import NAMED, differing_names
from consulta.similarity.opposition import opposed, opposite_ends
from consulta.similarity.quantities import differing
from consulta.similarity.stances import root
from consulta.similarity.wording import SETTLED, Alignment
from consulta.similarity.words import fold


class Warning(NamedTuple):
    """kind ("stance", "place", "target", "quantity", "measure"), the words found on each side, and its effect.

    effect: "block" (no suggestion), "lower" (the score is multiplied by the kind's factor) or "ease" (a little lower).
    """

    kind: str
    one: tuple
    other: tuple
    effect: str


def warnings_between(one, other, gazetteer=None):
    """Return what speaks against the pair, at most one Warning a kind. one, other: Traits."""
    found = (
        opposite_stance(one, other),
        different_place(one, other, gazetteer),
        different_target(one, other),
        different_quantity(one, other),
        different_measure(one, other),
    )
    return tuple(warning for warning in found if warning)


def guarded(score, warnings):
    """Return `score` (0 to 1) after the warnings: 0 where one blocks, multiplied by the factor of each kind else."""
    for warning in warnings:
        if warning.effect == "block":
            return 0.0
        score *= vocabulary().eased if warning.effect == "ease" else vocabulary().factors[warning.kind]
    return float(score)


def opposite_stance(one, other):
    """One side wants what the other wants to end: "prohibir X" and "permitir X", "no a X" and "X"."""
    words = opposed(one, other, vocabulary())
    if words:
        return _warning("stance", (words[1],), (words[2],), words[0])
    ends = opposite_ends(one, other) if words is None else None
    if ends:
        return _warning("stance", _spelled(one, "axis", ends[0]), _spelled(other, "axis", ends[1]))
    return None


def different_place(one, other, gazetteer=None):
    """Both name territories, none of which contains another, or local names of one group that differ."""
    for effect, mine, theirs in (
        ("place", one.places, other.places),
        ("place_aside", one.places or one.places_aside, other.places or other.places_aside),
    ):
        if gazetteer is not None and mine and theirs and gazetteer.differ(mine, theirs):
            return _warning("place", _spelled(one, "place", mine), _spelled(other, "place", theirs), effect)
    words = one.names and other.names and differing_names(one.names, other.names)
    if words and not _mentioned(one, other):
        return _warning("place", *words)
    return None


def different_target(one, other):
    """Both are for named groups of people, and none is, holds or overlaps with one of the other side.

    Titles in other words name other people too: who suffers, who is asked. Only look-alikes differ by them.
    """
    rules = vocabulary()
    if not _alike(one, other, rules.alike["target"]):
        return None
    mine, theirs = one.targets, other.targets
    if (mine | theirs) & rules.everyone:
        return None
    if mine - theirs and theirs - mine and _apart(mine - theirs, theirs - mine, "target"):
        mine, theirs = mine - theirs, theirs - mine
        # A body that names the other side's very group says that it is for them too; a broader group says nothing.
        if mine.isdisjoint(other.targets_aside) or theirs.isdisjoint(one.targets_aside):
            return _warning("target", _spelled(one, "target", mine), _spelled(other, "target", theirs))
        return None
    if bool(mine) != bool(theirs):
        mine = mine or one.targets_aside - rules.agents or one.targets_aside
        theirs = theirs or other.targets_aside - rules.agents or other.targets_aside
        # A body that names several groups says whom it touches, not whom it is for.
        if len(mine) == 1 == len(theirs) and not theirs & rules.everyone and _apart(mine, theirs, "target"):
            return _warning("target", _spelled(one, "target", mine), _spelled(other, "target", theirs), "target_aside")
    return None


def different_quantity(one, other):
    """Both name a number of one kind (a law, a share, hours, a count of the same things), and none agrees."""
    rules = vocabulary()
    whole = differing(one.quantities | one.quantities_aside, other.quantities | other.quantities_aside, rules)
    for kind, (mine, theirs) in differing(one.quantities, other.quantities, rules).items():
        if kind == "law" or kind in whole:
            return _warning("quantity", mine, theirs, "law" if kind == "law" else "quantity")
    for kind, (mine, theirs) in whole.items():
        if kind in rules.strict:
            return _warning("quantity", mine, theirs, "quantity_aside")
    return None


def different_measure(one, other):
    """Both titles name what is done, or what with, by other classes, or are one sentence about two things.

    Titles with few words in common are no look-alikes: one tells the problem and the other what to do about it.
    """
    rules = vocabulary()
    # The group that only one names may stand where the other names something that no list holds.
    bare, shared = one.targets < other.targets or other.targets < one.targets, one.measures & other.measures
    pair = Alignment(_weighable(one, shared, bare), _weighable(other, shared, bare))
    words = pair.swapped(rules.shared_wording) or _other_deed(one, other)
    if words:
        return _warning("measure", *words)
    for family, mine, theirs, my_rest, their_rest in (
        ("action", one.actions - other.actions, other.actions - one.actions, one.actions_aside, other.actions_aside),
        ("object", one.objects - other.objects, other.objects - one.objects, one.objects_aside, other.objects_aside),
    ):
        # What both name is the theme. What the other's body names too is no other measure, unless it goes one way only.
        if mine and theirs and _apart(mine, theirs, family):
            if _apart(mine, their_rest, family) or _apart(theirs, my_rest, family):
                left, right = _spelled(one, family, mine), _spelled(other, family, theirs)
                alike = _alike(one, other, rules.alike[family])
                sides = [{word for words in side for word in fold(words).split()} for side in (left, right)]
                # The lexicon has "gratis" and "rebaja" for one theme: between look-alikes they are two deeds.
                known = (family == "object" or not alike) and pair.named_by_both(sides[0] | sides[1])
                if not known and not any(map(pair.describes, sides)):
                    return _warning("measure", left, right, None if alike else "measure_apart")
    return None


def _other_deed(one, other):
    """Return the words of two look-alike titles that want other deeds done, or None."""
    known = deeds()
    words = [[word.removeprefix(SETTLED) for word in traits.words] for traits in (one, other)]
    (mine, at), (theirs, there) = map(known.of, words)
    if not mine or not theirs:
        return None
    mine = known.with_classes(mine, one.actions, other.actions)
    theirs = known.with_classes(theirs, other.actions, one.actions)
    # "Clean" may describe, but beside a title that wants a deed done it is one.
    if None not in theirs:
        mine = mine - {None} or mine
    elif None not in mine:
        theirs = theirs - {None} or theirs
    if not known.apart(mine, theirs):
        return None
    said = [root(line[place]) for line, place in zip(words, (at, there), strict=True) if place is not None]
    rest, other_rest = one.content.difference(said), other.content.difference(said)
    common = len(rest & other_rest)
    least = "unknown_deed" if known.unknown(mine | theirs) else "deed"
    if not common or common < vocabulary().wording[least] * min(len(rest), len(other_rest)):
        return None
    if known.said(mine, other.aside) and known.said(theirs, one.aside):
        return None
    return tuple((line[place or 0],) for line, place in zip(words, (at, there), strict=True))


def _weighable(traits, shared, bare):
    """Traits for `Alignment`: phrases for classes that both name are settled; if `bare`, groups of people are not."""
    words = {}
    for (kind, name), spelled in traits.spelled:
        if kind == "action" and name in shared and " " in spelled:
            words.update((word, f"{SETTLED}{word}") for word in fold(spelled).split())
        elif kind == "target" and bare:
            words.update((f"{SETTLED}{word}", word) for word in fold(spelled).split())
    if not words:
        return traits
    return traits._replace(words=tuple(words.get(word, word) for word in traits.words))


def _apart(one, other, family):
    """Whether no class of one is, holds or overlaps with a class of the other."""
    near = vocabulary().near[family]
    return not any(not near.get(name, {name}).isdisjoint(other) for name in one)


def _alike(one, other, least):
    """Whether two titles share at least one word, and `least` of those of the one with fewer."""
    shared = len(one.content & other.content)
    return shared > 0 and shared >= least * min(len(one.content), len(other.content))


def _mentioned(one, other):
    """Whether a local name of one title stands in the other's body."""
    mine = {word for name in one.names for word in name.words}
    theirs = {word for name in other.names for word in name.words}
    return any(mine & name.words for name in other.names_aside if name.group != NAMED) or any(
        theirs & name.words for name in one.names_aside if name.group != NAMED
    )


def _spelled(traits, family, names):
    return tuple(sorted({words for (kind, name), words in traits.spelled if kind == family and name in names}))


def _warning(kind, one, other, rule=None):
    return Warning(kind, tuple(one), tuple(other), vocabulary().effects[rule or kind])
