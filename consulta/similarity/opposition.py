"""Whether two titles stand against one another: what one wants, the other wants to end."""

from functools import lru_cache

from consulta.similarity import lexicon
from consulta.similarity.stances import AGAINST, root
from consulta.similarity.wording import SETTLED
from consulta.similarity.words import fold

# What share of the shorter title's words the other must hold before two words for one thing are taken for one.
_ALIKE = 0.33
_DEGREES = frozenset(("more", "less", "not_more", "not_less", "keep"))


def opposed(one, other, vocabulary):
    """Return (rule, words of one, words of the other) that stand against one another, or None. one, other: Traits.

    rule: "stance" between titles, "stance_aside" for a title against what the other's body asks for. Where both also
    ask for the same of one object, they do not oppose one another, and an empty tuple says so.
    """
    alike = len(one.content & other.content) >= _ALIKE * min(len(one.content), len(other.content))
    hit, agree = _compared(one.stance, other.stance, vocabulary, alike)
    if hit:
        return "stance", *hit
    if agree:
        return ()
    lone, back = _unanswered(one, other, vocabulary), _unanswered(other, one, vocabulary)
    if lone or back:
        return "stance", *(lone or back[::-1])
    for mine, theirs in ((one.stance, other.stance_aside), (one.stance_aside, other.stance)):
        hit, agree = _compared(mine, theirs, vocabulary, alike)
        if hit:
            return "stance_aside", *hit
        if agree:
            return ()
    return None


def opposite_ends(one, other):
    """Return the (question, end) pairs of each title where the two stand at the ends of one question, or None.

    "Voto obligatorio" and "voto voluntario": a title that names both ends stands at none.
    """
    for axis, end in one.axes:
        opposite = (axis, "other" if end == "one" else "one")
        if opposite in other.axes and opposite not in one.axes and (axis, end) not in other.axes:
            if 2 * len(one.content & other.content) >= min(len(one.content), len(other.content)) - 1:
                return {(axis, end)}, {opposite}
    return None


def _compared(one, other, vocabulary, alike):
    """Return (words of both that oppose one another, or None; whether anything agrees).

    alike: whether the titles share words enough for two words for one thing to be trusted.
    """
    hits, agreed = [], set()
    for mine in one:
        for theirs in other:
            if frozenset((mine.sign, theirs.sign)) in vocabulary.opposites:
                if mine.check == theirs.check and _same_object(mine, theirs, alike):
                    hits.append((mine, theirs))
            elif mine.sign == theirs.sign and _same_object(mine, theirs, alike):
                agreed |= mine.head & theirs.head
    hits = sorted((mine.spelled, theirs.spelled) for mine, theirs in hits if not mine.head & theirs.head & agreed)
    return hits[0] if hits else None, bool(agreed)


def _same_object(one, other, alike):
    """Whether two clauses govern the same: each names the other's first word, or they share half of the longer.

    What they share is words, or else things that the lexicon knows by several words. More of one thing and less of
    another are no opposites, whatever both are about ("menos velocidad", "más control de velocidad"), nor are saving a
    thing and being against another: "salvar las dunas de los edificios".
    """
    shared = one.head & other.head
    if one.main in shared and other.main in shared:
        return True
    if _DEGREES.isdisjoint((one.sign, other.sign)) and 2 * len(shared) >= max(len(one.head), len(other.head), 2):
        return True
    if not alike or "no" in (one.spelled[:3].strip().lower(), other.spelled[:3].strip().lower()):
        return False  # "no nursery place for my son" tells a want
    mine, theirs = _things(one.first), _things(other.first)
    return 2 * len(mine & theirs) >= max(len(mine), len(theirs), 1)


@lru_cache(maxsize=65_536)
def _things(spelled):
    """Return the concepts of the lexicon that a text names, without those that any proposal may name."""
    known = lexicon.shipped()
    return frozenset(known.found(fold(spelled).split())) - known.common


def _unanswered(one, other, vocabulary):
    """Words of a title's "no to X" where the other title, otherwise much the same, asks for X without a sign."""
    if len(other.content) < 2:  # a bare subject takes no side
        return None
    mild, opening = other.lead & vocabulary.mild, root(other.words[0].removeprefix(SETTLED))
    titles = one.content & other.content
    alike = len(titles) >= 0.6 * min(len(one.content), len(other.content))
    for clause in one.stance:
        if clause.sign not in AGAINST or clause.ill or len(clause.head) < 2 and not alike:
            continue
        # Who wants a thing repaired, checked or moved is not simply for it: "regular los bares".
        if mild and clause.main != opening or any(clause.head & theirs.head for theirs in other.stance):
            continue
        if any(clause.head & theirs.head and theirs.sign in AGAINST for theirs in other.stance_aside):
            continue
        things = _things(clause.spelled)
        if len(clause.head & other.content) >= 0.75 * len(clause.head) or (
            clause.sign != "less" and len(things) > 1 and things <= _things(other.title)
        ):
            return clause.spelled, other.title
    return None
