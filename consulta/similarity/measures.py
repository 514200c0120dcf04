"""The guard of measures: look-alikes that want another thing, or another deed done to the same thing."""

from consulta.similarity.alignment import Alignment
from consulta.similarity.deeds import deeds
from consulta.similarity.demands import other_heads, other_predicates
from consulta.similarity.guard_data import vocabulary
from consulta.similarity.heads import tails
from consulta.similarity.parting import alike, apart, spelled_in, warned
from consulta.similarity.reasons import retitled
from consulta.similarity.stances import root, roots
from consulta.similarity.wording import SETTLED, deed_of, title_mask
from consulta.similarity.words import STOP_WORDS, fold
from consulta.similarity.words import words as words_of


def different_measure(one, other):
    """Both titles name what is done, or what with, by other classes, or are one sentence about two things.

    Titles with few words in common are no look-alikes: one tells the problem and the other what to do about it.
    """
    rules = vocabulary()
    # The group that only one names may stand where the other names something that no list holds.
    bare, shared = one.targets < other.targets or other.targets < one.targets, one.measures & other.measures
    pair = Alignment(_weighable(one, shared, bare), _weighable(other, shared, bare))
    swapped = pair.swapped(rules.shared_wording)
    words = swapped or _other_deed(one, other) or other_heads(pair, rules.wording) or other_predicates(pair)
    if words:
        effect = "measure_retitled" if swapped and retitled(one, other) else None
        return warned("measure", _as_written(one, words[0]), _as_written(other, words[1]), effect)
    for family, mine, theirs, my_rest, their_rest in (
        ("action", one.actions - other.actions, other.actions - one.actions, one.actions_aside, other.actions_aside),
        ("object", one.objects - other.objects, other.objects - one.objects, one.objects_aside, other.objects_aside),
    ):
        # Both want it without cost, whatever they call that: "free parking", "scrap the charges".
        if family == "action" and any(axis in rules.agree for axis, _ in one.axes & other.axes):
            continue
        # What one title does not want done, the other says by what it wants.
        if family == "action" and _refuses(one) != _refuses(other):
            continue
        # What both name is the theme. What the other's body names too is no other measure, unless it goes one way only.
        if mine and theirs and apart(mine, theirs, family):
            if apart(mine, their_rest, family) or apart(theirs, my_rest, family):
                left, right = spelled_in(one, family, mine), spelled_in(other, family, theirs)
                close = alike(one, other, rules.alike[family])
                sides = [{word for words in side for word in fold(words).split()} for side in (left, right)]
                # The lexicon has "gratis" and "rebaja" for one theme: between look-alikes they are two deeds.
                known = pair.named_by_both(sides[0] | sides[1]) if family == "object" or not close else set()
                # "Rebajado" describes a fare, and makes another measure of it.
                firm = family == "action" and close and (mine | theirs).issubset(rules.wording["firm"])
                if not any(side - STOP_WORDS <= known or not firm and pair.describes(side) for side in sides):
                    return warned("measure", left, right, None if close else "measure_apart")
    return None


def _other_deed(one, other):
    """Return the words of two look-alike titles that want other deeds done, or None."""
    known = deeds()
    (line, mine, at), (other_line, theirs, there) = deed_of(one.words), deed_of(other.words)
    if not mine or not theirs:
        return None
    words = line, other_line
    mine, theirs = known.wanted(mine, at, words[0], theirs), known.wanted(theirs, there, words[1], mine)
    if _differ_in_first(line, other_line) and (known.known(line[0]) or known.known(other_line[0])):
        at = there = 0
        mine, theirs = known.opening(mine, line[0]), known.opening(theirs, other_line[0])
    mine = known.with_classes(mine, _wanted(one, other), other.actions)
    theirs = known.with_classes(theirs, _wanted(other, one), one.actions)
    if _repeated(line, at, theirs, other) or _repeated(other_line, there, mine, one):
        return None
    if not known.apart(mine, theirs) or _said_in_passing(mine, theirs, one, other):
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


def _repeated(line, place, others, facing):
    """Whether the verb of a title stands in the other, which has no other: "terminar", "se termine de construir"."""
    known = deeds()
    if place is None or known.strong(others) or known.unknown(others):
        return False
    return root(line[place]) in facing.content


def _differ_in_first(line, other):
    """Whether two titles are one but for their first words, where English has its verbs: "mark", "light the route"."""
    rest, other_rest = ([word for word in words[1:] if word not in STOP_WORDS] for words in (line, other))
    # Behind a name a word of grammar leads on: "grants for farmers".
    if not tails().isdisjoint((*line[1:2], *other[1:2])):
        return False
    return len(rest) > 1 and rest == other_rest and root(line[0]) != root(other[0])


def _said_in_passing(mine, theirs, one, other):
    """Whether a title says the other's deed in words that are its own: "leaks to be fixed", "use it for watering"."""
    known = deeds()
    own, others = (
        tuple(word for word in traits.words if root(word.removeprefix(SETTLED)) not in content)
        for traits, content in ((one, other.content), (other, one.content))
    )
    return known.said(theirs, title_mask(own)) or known.said(mine, title_mask(others))


def _as_written(traits, words):
    """Return folded `words` as the title spells them."""
    spelled = {fold(word): word for word in words_of(traits.title)}
    return tuple(spelled.get(word, word) for word in words)


def _wanted(traits, other):
    """The classes of action of a title but those that a word of both names: "centro de rehabilitación" is no repair."""
    common = traits.content & other.content
    shared = {
        name for (kind, name), words in traits.spelled if kind == "action" and roots(fold(words).split()) <= common
    }
    return traits.actions - shared


def _refuses(traits):
    """Whether a title says "no" or "not" of what it speaks of first, no purpose."""
    for word in deed_of(traits.words)[0]:
        if word in vocabulary().nots:
            return True
        if word in tails():
            return False
    return False


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
