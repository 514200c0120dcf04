"""Guards: what speaks against merging two proposals however alike their words are.

Each guard is one function of the Traits of two texts that yields a Warning or nothing. Vocabulary, effects and factors
are data (consulta/data/similarity). A title says what is asked; what only a body says counts less.
"""

from consulta.similarity.amounts import MEETING, demanded, differing, granted, unlike
from consulta.similarity.elsewhere import elsewhere
from consulta.similarity.guard_data import vocabulary
from consulta.similarity.localities import NAMED, differing_names, is_everywhere, shortened
from consulta.similarity.measures import different_measure
from consulta.similarity.opposition import opposed, opposite_ends
from consulta.similarity.parting import spelled_in, warned
from consulta.similarity.reasons import same_reasons
from consulta.similarity.stances import AGAINST, roots
from consulta.similarity.target_groups import different_target
from consulta.similarity.words import fold


def warnings_between(one, other, gazetteer=None):
    """Return what speaks against the pair, at most one Warning a kind. one, other: Traits."""
    asked = (
        opposite_stance(one, other),
        different_place(one, other, gazetteer),
        different_target(one, other),
        different_quantity(one, other),
        different_measure(one, other),
    )
    found = tuple(warning for warning in asked if warning)
    # Where the titles say what parts them, the bodies' silence about it is no news.
    reasons = same_reasons(one, other) if all(warning.effect == "ease" for warning in found) else None
    return (*(warning for warning in found if warning.kind != reasons.kind), reasons) if reasons else found


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
        return warned("stance", (words[1],), (words[2],), words[0])
    ends = opposite_ends(one, other, vocabulary().opposing["ends"]) if words is None else None
    if ends:
        return warned("stance", spelled_in(one, "axis", ends[0]), spelled_in(other, "axis", ends[1]))
    return None


def different_place(one, other, gazetteer=None):
    """Both name territories, none of which contains another, or local names of one group or slot that differ."""
    for effect, mine, theirs in (
        ("place", one.places, other.places),
        ("place_aside", one.places or one.places_aside, other.places or other.places_aside),
    ):
        if gazetteer is not None and mine and theirs and gazetteer.differ(mine, theirs):
            words = spelled_in(one, "place", mine), spelled_in(other, "place", theirs)
            if not shortened(*words):
                return warned("place", *words, effect)
    mine, theirs = one.names and _telling(one, other, gazetteer), other.names and _telling(other, one, gazetteer)
    words = mine and theirs and differing_names(mine, theirs)
    if words and not (_mentioned(one, other) or _lies_in(one, other, words[0]) or _lies_in(other, one, words[1])):
        return warned("place", *words)
    named = one.places or other.places or one.names or other.names
    words = elsewhere(one, other, gazetteer) if named else _told_aside(one, other)
    return warned("place", *words, "place_aside") if words else None


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
        # Where both name the town, "plaza de armas" is the "plaza de Ovalle".
        if not (traits.places & other.places and is_everywhere(name))
        if name.group != NAMED or not (name.known and name.words <= wide) and not roots(name.words) <= other.content
    )


def _told_aside(one, other):
    """The words of each side where neither title names a place, and each body tells of one that no list holds."""
    mine, theirs = ([name for name in traits.names_aside if name.group == NAMED] for traits in (one, other))
    return differing_names(mine, theirs) if len(mine) == 1 == len(theirs) else None


def _lies_in(traits, other, words):
    """Whether `words` of a title name a territory where the other's body says that what it wants lies."""
    known = {name.spelled for name in traits.names if name.known}
    return not known.isdisjoint(words) and not traits.places.isdisjoint(other.places_aside)


def _mentioned(one, other):
    """Whether a local name of one title stands in the other's body."""
    mine = {word for name in one.names for word in name.words if not name.known}
    theirs = {word for name in other.names for word in name.words if not name.known}
    return any(mine & name.words for name in other.names_aside) or any(theirs & name.words for name in one.names_aside)


def different_quantity(one, other):
    """Both ask for a number of one kind (a law, a share, hours, a count of the same things), and none agrees."""
    rules, mine, theirs = vocabulary(), one.quantities, other.quantities
    for kind, words in differing(mine, theirs, rules).items():
        if kind == "law":
            return warned("quantity", *words, "law")
        if kind == MEETING and _bans(one) != _bans(other):
            continue
        # A body may say the other title's value, but a value that both bodies tell makes no agreement.
        if not granted(mine, other.quantities_aside, kind, rules) and not granted(
            theirs, one.quantities_aside, kind, rules
        ):
            return warned("quantity", *words)
    words = unlike(mine, theirs, rules, (one.words, other.words)) if _alike(one, other, rules) else None
    if words:
        return warned("quantity", *words)
    words = _differing_aside(one, other, rules)
    return warned("quantity", *words, "quantity_aside") if words else None


def _alike(one, other, rules):
    """Whether two titles share enough of their words beside the numbers."""
    mine, theirs = ({word for word in traits.content if not word[0].isdigit()} for traits in (one, other))
    return 0 < len(mine & theirs) >= rules.amounts["alike"] * min(len(mine), len(theirs))


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
