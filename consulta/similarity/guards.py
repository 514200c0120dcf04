"""Guards: what speaks against merging two proposals however alike their words are.

Each guard is one function of the Traits of two texts that yields a Warning or nothing. Vocabulary, effects and factors
are data (consulta/data/similarity). A title says what is asked; what only a body says counts less.
"""

from functools import lru_cache
from itertools import permutations
from typing import NamedTuple

from consulta.similarity.amounts import MEETING, demanded, differing, granted, unlike
from consulta.similarity.deeds import deeds
from consulta.similarity.guard_data import vocabulary
from consulta.similarity.localities import NAMED, differing_names
from consulta.similarity.opposition import opposed, opposite_ends
from consulta.similarity.stances import AGAINST, root, roots
from consulta.similarity.wording import SETTLED, Alignment, mask_of
from consulta.similarity.words import STOP_WORDS, fold


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
    ends = opposite_ends(one, other, vocabulary().opposing["ends"]) if words is None else None
    if ends:
        return _warning("stance", _spelled(one, "axis", ends[0]), _spelled(other, "axis", ends[1]))
    return None


def different_place(one, other, gazetteer=None):
    """Both name territories, none of which contains another, or local names of one group or slot that differ."""
    for effect, mine, theirs in (
        ("place", one.places, other.places),
        ("place_aside", one.places or one.places_aside, other.places or other.places_aside),
    ):
        if gazetteer is not None and mine and theirs and gazetteer.differ(mine, theirs):
            return _warning("place", _spelled(one, "place", mine), _spelled(other, "place", theirs), effect)
    mine, theirs = one.names and _telling(one, other, gazetteer), other.names and _telling(other, one, gazetteer)
    words = mine and theirs and differing_names(mine, theirs)
    if words and not _mentioned(one, other):
        return _warning("place", *words)
    if not (one.places or other.places or one.names or other.names):
        words = _told_aside(one, other)
        return _warning("place", *words, "place_aside") if words else None
    return None


def different_target(one, other):
    """Both are for named groups of people, and none is, holds or overlaps with one of the other side.

    Titles in other words name other people too: who suffers, who is asked. Only look-alikes differ by them. Titles
    that are one but for the group differ by groups that overlap too, if they are not two names of one.
    """
    rules = vocabulary()
    mine, theirs = _people(one, other), _people(other, one)
    if (mine | theirs) & rules.everyone:
        return None
    if not _alike(one, other, rules.alike["target"]):
        far = mine and theirs and _apart(mine, theirs, "target") and (_echoed(one, other) or _echoed(other, one))
        warning = _other_people(one, other, mine, theirs) if far else None
        return warning and warning._replace(effect=rules.effects["target_aside"])
    if mine - theirs and theirs - mine:
        return _other_people(one, other, mine, theirs)
    if bool(mine) != bool(theirs):
        mine = mine or one.targets_aside - rules.agents or one.targets_aside
        theirs = theirs or other.targets_aside - rules.agents or other.targets_aside
        # A body that names several groups says whom it touches, not whom it is for.
        if len(mine) == 1 == len(theirs) and not theirs & rules.everyone and _apart(mine, theirs, "target"):
            return _warning("target", _spelled(one, "target", mine), _spelled(other, "target", theirs), "target_aside")
    return None


def _other_people(one, other, mine, theirs):
    """The warning of two titles each of which names groups that the other does not, or None."""
    my_own, their_own = mine - theirs, theirs - mine
    # A body that names the other side's very group says that it is for them too; a broader group says nothing.
    if not my_own.isdisjoint(other.targets_aside) and not their_own.isdisjoint(one.targets_aside):
        return None
    if _apart(my_own, theirs, "target") and _apart(their_own, mine, "target"):
        rule = "target"
    elif _one_but_for(one, other, mine, theirs) and not _one_group(my_own, their_own):
        rule = "target_aside"
    else:
        return None
    return _warning("target", _spelled(one, "target", my_own), _spelled(other, "target", their_own), rule)


def _people(traits, other):
    """The groups a title is for: its schools only where neither title names anyone else."""
    settings = _settings()
    if traits.targets.isdisjoint(settings) or traits.targets <= settings and other.targets <= settings:
        return traits.targets
    return traits.targets - settings or traits.targets


def _echoed(one, other):
    """Whether most of what one title asks for, whoever it is for, stands in the other's body."""
    asked = [mask for mask in (mask_of((word,)) for word in one.words if word[0] != SETTLED) if mask]
    found = sum(mask & other.aside == mask for mask in asked)
    return found > 1 and found >= vocabulary().alike["target_body"] * len(asked)


def _one_but_for(one, other, mine, theirs):
    """Whether two titles are one, but for the groups they name."""
    rest, others = _rest(one, mine), _rest(other, theirs)
    same = len(rest & others)
    return same > 0 and len(rest | others) - same <= same * vocabulary().alike["target_rest"]


def _rest(traits, groups):
    """The roots of a title's words that do not name `groups`."""
    spelled = " ".join(words for (kind, name), words in traits.spelled if kind == "target" and name in groups)
    return traits.content - roots(fold(spelled).replace("-", " ").split())


def _one_group(mine, theirs):
    """Whether the groups of each side are groups of the other by another name, or hold or lie in one."""
    same = _names_of_one()
    alone = [name for name in mine if same.get(name, {name}).isdisjoint(theirs)]
    return not alone and not any(same.get(name, {name}).isdisjoint(mine) for name in theirs)


@lru_cache(maxsize=1)
def _names_of_one():
    """{class of people: classes that are other names of it, hold it or lie in it}."""
    tables, same = vocabulary().tables, {}
    pairs = [
        (name, other.strip())
        for name, entry in tables["targets"].items()
        for other in entry.get("within", "").replace("\n", ",").split(",")
        if other.strip()
    ]
    pairs += _pairs_of(tables["targets_near"]["groups"], "=")
    overlapping = set(_pairs_of(tables["targets_near"]["overlap"], "~"))
    for one, other in pairs:
        if (one, other) not in overlapping:
            same.setdefault(one, {one}).add(other)
            same.setdefault(other, {other}).add(one)
    return same


def _pairs_of(lines, sign):
    """Return the ordered pairs of the names that stand in one line, parted by `sign`."""
    groups = ([name.strip() for name in line.split(sign) if name.strip(" ,")] for line in lines.split("\n"))
    return [pair for group in groups for pair in permutations(group, 2)]


@lru_cache(maxsize=1)
def _settings():
    """The classes of [targets] that are schools and the like, where people of many groups are."""
    return frozenset(name for name, entry in vocabulary().tables["targets"].items() if entry.get("setting"))


def different_quantity(one, other):
    """Both ask for a number of one kind (a law, a share, hours, a count of the same things), and none agrees."""
    rules, mine, theirs = vocabulary(), one.quantities, other.quantities
    for kind, words in differing(mine, theirs, rules).items():
        if kind == "law":
            return _warning("quantity", *words, "law")
        if kind == MEETING and _bans(one) != _bans(other):
            continue
        # A body may say the other title's value, but a value that both bodies tell makes no agreement.
        if not granted(mine, other.quantities_aside, kind, rules) and not granted(
            theirs, one.quantities_aside, kind, rules
        ):
            return _warning("quantity", *words)
    words = unlike(mine, theirs, rules) if _alike(one, other, rules.amounts["alike"]) else None
    if words:
        return _warning("quantity", *words)
    words = _differing_aside(one, other, rules)
    return _warning("quantity", *words, "quantity_aside") if words else None


def _differing_aside(one, other, rules):
    """The words of a number that only a body names, and of what it disagrees with, or None."""
    mine, theirs, my_rest, their_rest = one.quantities, other.quantities, one.quantities_aside, other.quantities_aside
    if not (mine or theirs or my_rest and their_rest):
        return None
    strict = (
        [q for q in (*own, *rest) if q.kind in rules.strict] for own, rest in ((mine, my_rest), (theirs, their_rest))
    )
    for words in differing(*strict, rules).values():
        return words
    for words in demanded(mine, theirs, their_rest, rules).values():
        return words
    for words in demanded(theirs, mine, my_rest, rules).values():
        return words[::-1]
    return None


def _bans(traits):
    """Whether a title is against something."""
    return any(clause.sign in AGAINST for clause in traits.stance)


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
        # Both want it without cost, whatever they call that: "free parking", "scrap the charges".
        if family == "action" and any(axis in rules.agree for axis, _ in one.axes & other.axes):
            continue
        # What both name is the theme. What the other's body names too is no other measure, unless it goes one way only.
        if mine and theirs and _apart(mine, theirs, family):
            if _apart(mine, their_rest, family) or _apart(theirs, my_rest, family):
                left, right = _spelled(one, family, mine), _spelled(other, family, theirs)
                alike = _alike(one, other, rules.alike[family])
                sides = [{word for words in side for word in fold(words).split()} for side in (left, right)]
                # The lexicon has "gratis" and "rebaja" for one theme: between look-alikes they are two deeds.
                known = pair.named_by_both(sides[0] | sides[1]) if family == "object" or not alike else set()
                if not any(side - STOP_WORDS <= known or pair.describes(side) for side in sides):
                    return _warning("measure", left, right, None if alike else "measure_apart")
    return None


def _other_deed(one, other):
    """Return the words of two look-alike titles that want other deeds done, or None."""
    known = deeds()
    words = [[word.removeprefix(SETTLED) for word in traits.words] for traits in (one, other)]
    (mine, at), (theirs, there) = map(known.of, words)
    if not mine or not theirs:
        return None
    mine, theirs = known.wanted(mine, at, words[0], theirs), known.wanted(theirs, there, words[1], mine)
    mine = known.with_classes(mine, _wanted(one, other), other.actions)
    theirs = known.with_classes(theirs, _wanted(other, one), one.actions)
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


def _wanted(traits, other):
    """The classes of action of a title but those that a word of both names: "centro de rehabilitación" is no repair."""
    common = traits.content & other.content
    shared = {
        name for (kind, name), words in traits.spelled if kind == "action" and roots(fold(words).split()) <= common
    }
    return traits.actions - shared


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


def _telling(traits, other, gazetteer):
    """The local names of a title that can differ: no territory that holds others, nothing that the other title has."""
    wide = {
        word
        for (kind, key), spelled in traits.spelled
        if kind == "place" and gazetteer is not None and gazetteer.holds(key)
        for word in fold(spelled).split()
    }
    return frozenset(
        name
        for name in traits.names
        if name.group != NAMED or not (name.known and name.words <= wide) and not roots(name.words) <= other.content
    )


def _told_aside(one, other):
    """The words of each side where neither title names a place, and each body tells of one that no list holds."""
    mine, theirs = ([name for name in traits.names_aside if name.group == NAMED] for traits in (one, other))
    return differing_names(mine, theirs) if len(mine) == 1 == len(theirs) else None


def _mentioned(one, other):
    """Whether a local name of one title stands in the other's body."""
    mine = {word for name in one.names for word in name.words if not name.known}
    theirs = {word for name in other.names for word in name.words if not name.known}
    return any(mine & name.words for name in other.names_aside) or any(theirs & name.words for name in one.names_aside)


def _spelled(traits, family, names):
    return tuple(sorted({words for (kind, name), words in traits.spelled if kind == family and name in names}))


def _warning(kind, one, other, rule=None):
    return Warning(kind, tuple(one), tuple(other), vocabulary().effects[rule or kind])
