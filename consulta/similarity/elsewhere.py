"""Titles that ask for one thing in two places which are named in ways that have nothing in common.

A listed town on one side and on the other a settlement that no list holds, "el humedal de Tunquén" and "Mantagua,
humedal amenazado": only what stands beside the names tells that they name where one and the same thing is wanted.
"""

from itertools import product

from consulta.similarity.guard_data import vocabulary
from consulta.similarity.localities import LOOSE, NAMED, Name
from consulta.similarity.stances import root, roots
from consulta.similarity.wording import mask_of, plain_words, title_mask
from consulta.similarity.words import STOP_WORDS, fold

# A listed place; WIDE where it holds others.
TERRITORY, WIDE = "territory", "wide"
# Groups of places that lie beside one another; a street or a school lies in one.
_AREAS = ("quarter", "water", "island")
# "Puerto Edén", "Caleta Tortel": settlements that are called by what they lie at.
_CALLED = ("transit", "water", "island")


def elsewhere(one, other, gazetteer=None):
    """Return the words of each side where two Traits name places that differ and the titles are alike beside them."""
    mine, theirs = _places(one, gazetteer), _places(other, gazetteer)
    if not mine and not theirs:
        return None
    # Where a title names none, the only one that its body tells of.
    mine, theirs = mine or _told(one, gazetteer), theirs or _told(other, gazetteer)
    if not mine or not theirs:
        return None
    if _named_too(mine, other) or _named_too(theirs, one):
        return None
    pair = _differing(mine, theirs, one, other)
    if pair is None or _said(mine) & other.aside or _said(theirs) & one.aside:
        return None
    return tuple([name.spelled] for name in pair) if _alike(one, other, mine, theirs) else None


def _places(traits, gazetteer):
    """The names of a title, and its territories as names of their own group."""
    names = sorted(name for name in traits.names if name.group != "law")
    return names + _territories(traits, traits.places, gazetteer)


def _territories(traits, keys, gazetteer):
    return [
        Name(
            WIDE if gazetteer is not None and gazetteer.holds(key) else TERRITORY,
            frozenset(fold(words).split()),
            words,
            known=True,
        )
        for (kind, key), words in traits.spelled
        if kind == "place" and key in keys
    ]


def _told(traits, gazetteer):
    """The place of which alone a body tells, as a list, or none."""
    names = [name for name in traits.names_aside if name.group == NAMED and not name.known]
    told = names + _territories(traits, traits.places_aside, gazetteer)
    return told if len(told) == 1 else []


def _named_too(names, other):
    """Whether the other title has all words of a name that is in no list."""
    return any(not name.known and roots(name.words) <= other.content for name in names)


def _said(names):
    return mask_of(tuple(word for name in names for word in name.words))


def _differing(mine, theirs, one, other):
    """The first pair of names that differ, or None, also where both sides name one place that is in no list."""
    wide = {root(word) for name in (*mine, *theirs) if name.group == WIDE for word in name.words}
    mine, theirs = ([(name, frozenset(map(root, name.words))) for name in names] for names in (mine, theirs))
    shared = frozenset().union(*(words for _, words in mine)) & frozenset().union(*(words for _, words in theirs))
    listed = frozenset().union(*(words for name, words in (*mine, *theirs) if name.known))
    if shared - listed or shared & wide:
        return None
    for (left, my_words), (right, their_words) in product(mine, theirs):
        if (my_words | their_words) & (shared | wide) or left.known and right.known:
            continue
        if _comparable(left, right, other) and _comparable(right, left, one):
            return left, right
    return None


def _comparable(name, other, beside):
    """Whether a name can lie beside `other`, and not in it. beside: the Traits of the other's title."""
    if name.group in (NAMED, LOOSE):
        return True
    if name.group == TERRITORY:
        return other.group in (NAMED, LOOSE, "quarter") or _called(other)
    if _called(name):
        return True
    if other.group == TERRITORY:
        return name.group == "quarter"
    if other.known:
        return False
    kind = fold(name.spelled).split()
    return name.group in _AREAS or not mask_of(tuple(set(kind) - name.words)) & ~title_mask(beside.words)


def _called(name):
    """Whether a settlement is called by what it lies at; then the word for that has a capital too."""
    words = name.spelled.split()
    return name.group in _CALLED and words[0][0].isupper() and len(words) > 1 and words[1][0].isupper()


def _alike(one, other, mine, theirs):
    """Whether most of what the title with fewer words says beside its places stands in the other, in whatever words."""
    sides = [
        {word for word in plain_words(traits.words) if mask_of((word,))}
        - STOP_WORDS
        - {word for name in names for word in name.words}
        for traits, names in ((one, mine), (other, theirs))
    ]
    fewer, more = sorted(sides, key=len)
    every = mask_of(tuple(more))
    found = sum(bool(mask_of((word,)) & every) for word in fewer)
    # "Villa Frei" and "población Prat": the words for a kind of place say nothing where they differ.
    kinds = {word for name in (*mine, *theirs) for word in fold(name.spelled).split()}
    telling = sum(word not in kinds or bool(mask_of((word,)) & every) for word in fewer)
    return found > 0 and found >= vocabulary().alike["place_kin"] * telling
