"""Whether two titles stand against one another: what one wants, the other wants to end."""

from functools import lru_cache

from consulta.similarity import lexicon
from consulta.similarity.stances import AGAINST, SUBJECT, root
from consulta.similarity.topics import DENIED, WITH, contradicted, topic_words
from consulta.similarity.wording import SETTLED
from consulta.similarity.words import fold

_DEGREES = frozenset(("more", "less", "not_more", "not_less", "keep", "still", "from", "instead"))
_REFUSING = frozenset((*AGAINST, "without", "from"))
_DOUBTING = _REFUSING | {"instead", "weighed"}
_TOLD = (SUBJECT, DENIED, WITH)
_WANTING = _REFUSING | {"lacking", "instead"}


def opposed(one, other, vocabulary):
    """Return (rule, words of one, words of the other) that stand against one another, or None. one, other: Traits.

    rule: "stance" between titles, "stance_aside" for a title against what the other's body asks for. Where both also
    ask for the same of one object, they do not oppose one another, and an empty tuple says so.
    """
    alike = _share(one.content, other.content) >= vocabulary.opposing["things"]
    hit, agree = _compared(one.stance, other.stance, vocabulary, alike)
    hit = hit or _either_way(one, other, lambda *pair: contradicted(*pair, vocabulary.opposing["ends"]))
    if not hit and not agree:
        hit = _either_way(one, other, _unmoved) or _either_way(one, other, lambda *pair: _unanswered(*pair, vocabulary))
    if hit or agree:
        return ("stance", *hit) if hit else ()
    for mine, theirs in ((one.stance, other.stance_aside), (one.stance_aside, other.stance)):
        hit, agree = _compared(mine, theirs, vocabulary, alike)
        if hit:
            return "stance_aside", *hit
        if agree:
            return ()
    return None


def _either_way(one, other, rule):
    """Return the words that a rule finds of two titles in either order, or None."""
    words = rule(one, other)
    back = None if words else rule(other, one)
    return words or (back and back[::-1])


def opposite_ends(one, other, share):
    """Return the (question, end) pairs of each title where the two stand at the ends of one question, or None.

    "Voto obligatorio" and "voto voluntario": a title that names both ends stands at none. share: what share of the
    shorter title's other words both must have.
    """
    for axis, end in one.axes:
        opposite = (axis, "other" if end == "one" else "one")
        if opposite in other.axes and opposite not in one.axes and (axis, end) not in other.axes:
            # The word that names the end is one of the title's own.
            if len(one.content & other.content) >= share * (min(len(one.content), len(other.content)) - 1):
                return {(axis, end)}, {opposite}
    return None


def _compared(one, other, vocabulary, alike):
    """Return (words of both that oppose one another, or None; whether anything agrees).

    alike: whether the titles share words enough for two words for one thing to be trusted.
    """
    hits, agreed = [], set()
    for mine in one:
        for theirs in other:
            if (mine.sign, theirs.sign) in vocabulary.opposites:
                if (mine.check, mine.ill) == (theirs.check, theirs.ill) and _same_object(mine, theirs, alike):
                    hits.append((mine, theirs))
            elif mine.sign == theirs.sign not in _TOLD or (mine.sign, theirs.sign) in vocabulary.same:
                agreed |= mine.head & theirs.head if _same_object(mine, theirs, alike) else set()
    # Two words for one thing are believed where nothing is agreed: "árboles y no palmeras", "basta de palmeras".
    hits = sorted(
        (mine.spelled, theirs.spelled)
        for mine, theirs in hits
        if not (mine.head & theirs.head & agreed or agreed and mine.head.isdisjoint(theirs.head))
    )
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


@lru_cache(maxsize=65_536)
def _named(spelled):
    """Return {root: concepts} of the words of a text that name a thing of the lexicon alone."""
    return {root(word): _things(word) for word in spelled.split()}


def _unanswered(one, other, vocabulary):
    """Words of a title's "no to X" where the other title, otherwise much the same, asks for X without a sign."""
    mine, theirs = _subject(one.stance), _subject(other.stance)
    if mine is None or theirs is None or len(other.content) < 2:  # a bare subject takes no side
        return None
    # Who refuses something too, or stands at the same end of a question, is not simply for a thing.
    agreed = any(axis in vocabulary.agree for axis, _ in one.axes & other.axes)
    if agreed or any(clause.sign in _WANTING for clause in other.stance):
        return None
    first = other.words[0].removeprefix(SETTLED)
    mild, opening = other.lead & vocabulary.mild or first in topic_words().mends, root(first)
    alike = _share(mine.head, theirs.head)
    for clause in one.stance:
        if clause.sign not in _DOUBTING or clause.ill or mild and opening not in clause.head:
            continue  # who wants a thing repaired, checked or moved is not simply for it: "regular los bares"
        if any(clause.head & aside.head and aside.sign in AGAINST for aside in other.stance_aside):
            continue
        if any(clause.head & signed.head and not _answers(signed, clause, vocabulary) for signed in other.stance):
            if alike < vocabulary.opposing["whole"] or len(mine.head & theirs.head) < 3:
                continue
        if _asked(clause, (mine, theirs), other, vocabulary.opposing):
            return clause.spelled, other.title
    return None


def _answers(signed, clause, vocabulary):
    """Whether a signed clause leaves a title simply for a thing: "install X", "extend X" for an X that is scorned."""
    if signed.sign in _TOLD or clause.sign != "weighed":
        return signed.sign in _TOLD
    degree = fold(signed.spelled.split()[0]) in vocabulary.degrees
    return signed.sign == "for" or signed.sign == "more" and not degree  # "más micros"


def _asked(clause, subjects, other, shares):
    """Whether the title of `other` asks for what `clause` refuses. subjects: of the clause's title, and of that one."""
    mine, theirs = subjects
    alike = _share(mine.head, theirs.head)
    if clause.sign == "weighed":
        return _scorned(clause, theirs, other, shares)
    if clause.sign in ("from", "instead"):
        return clause.main == theirs.main and alike >= shares["titles"]
    if clause.sign == "without" and alike < shares["whole"] or len(clause.head) < 2 and alike < shares["titles"]:
        return False
    asked, named = _things(other.title), _named(clause.told)
    known = sum(word in other.content or not asked.isdisjoint(named.get(word, ())) for word in clause.head)
    if known >= shares["named"] * len(clause.head):
        return True
    things = _things(clause.told)
    if clause.sign == "less" or not things or not things <= asked:
        return False
    # One word may name two things: "camadas" are pets, and what sterilising prevents.
    rest, spoken = mine.head - clause.head, sum(not asked.isdisjoint(things) for things in named.values())
    return spoken > 1 or len(rest & theirs.head) >= max(2, shares["whole"] * len(rest))


def _scorned(clause, theirs, other, shares):
    """Whether a title asks for just the thing that another scorns, or to put, take or open just that."""
    opening = root(other.words[0].removeprefix(SETTLED))
    if other.words[0].startswith(SETTLED):
        asked = theirs.head - {opening} if opening not in clause.head else theirs.head
        return len(asked) > 1 and asked <= clause.head
    if opening not in clause.head:
        return len(theirs.head) > 1 and theirs.head <= clause.head
    return len(clause.head & theirs.head) >= max(2, shares["weighed"] * len(theirs.head))


def _unmoved(one, other):
    """Words of a title that wants a thing left as it is, where the other begins with a deed done to it, or None.

    "La laguna se queda" and "secar la laguna": whatever the deed, unless it is one that betters the thing.
    """
    first = other.words[0].removeprefix(SETTLED) if other.words else ""
    if not other.words or not other.words[0].startswith(SETTLED) or first in topic_words().mends:
        return None
    if any(clause.sign in ("keep", "still", *_REFUSING) for clause in other.stance):
        return None
    for clause in one.stance:
        if clause.sign == "keep" and root(first) not in clause.head and _stays(clause):
            theirs = _subject(other.stance)
            if theirs and 2 * len(clause.head & theirs.head) >= len(clause.head):
                return clause.spelled, other.title
    return None


def _stays(clause):
    """Whether a clause says "stays" behind what it names, and not "keep" before it."""
    return bool(clause.told) and root(clause.told.split()[-1]) not in clause.head


def _subject(stance):
    return next((clause for clause in stance if clause.sign == SUBJECT), None)


def _share(one, other):
    """Return what share of the smaller set the other holds, 1 where it is empty."""
    return len(one & other) / (min(len(one), len(other)) or 1) if one and other else 1.0
