"""Local names that no official list holds: "calle Los Aromos", "junta de vecinos 5", "Mill Road", "en Patronato".

A name beside a kind ("calle", "Road") differs from another of that kind. One that only its capital tells differs from
one that stands in the same slot: after the same word ("mineros de Sewell", "… de Lota"), or as who or where it is for
("Horcón necesita …", "… para Maitencillo"). Territories count in that too, where the other side has none.
"""

from functools import lru_cache
from itertools import product
from typing import NamedTuple

from consulta.similarity.deeds import deeds
from consulta.similarity.guard_data import folded_phrases, vocabulary
from consulta.similarity.lexicon import shipped
from consulta.similarity.reading import BREAKS
from consulta.similarity.stances import root
from consulta.similarity.words import STOP_WORDS, fold

_LONGEST = 3
_GOVERNORS = 3
_PAUSES = frozenset(",:;()–—")
# Titles In Headline Case have no small word that tells anything; their capitals tell nothing either.
_HEADLINE = 4
NAMED = "named"
# A name with a capital where only the rest of two titles can tell that it is a place: "Proteger Mantagua", ", Maghull".
LOOSE = "loose"
# Slots of a name that only its capital tells, beside the roots of the words that govern it.
FOR, WAY = "for", "way"


class Name(NamedTuple):
    """group ("street", "quarter"; NAMED or LOOSE where a capital tells), its telling words, and the words as written.

    slots: where a NAMED one stands; known: it is that of a territory.
    """

    group: str
    words: frozenset
    spelled: str
    slots: frozenset = frozenset()
    known: bool = False


# "Barrio Yungay" and "calle Talca" are places of their own, whatever town has that name too.
OWN = ("quarter", "street")
# "Plaza de Curicó" is not its "plaza de armas"; a hospital or a river of Curicó can have a name of its own.
TOWNS = ("square",)
# "Lago Ranco" is a lake, whatever lies at it; "lago de Talca" may have a name of its own.
WATERS = ("water", "island")


def names_in(reading, found, vocabulary, known=frozenset()):
    """Return the local names of a Reading, as a frozenset of Name.

    found: {family: {start: (end, names)}}; known: folded words of territories.
    """
    search = _Search(reading, vocabulary, known)
    names = {search.after(start, end, groups[0]) for start, (end, groups) in found.get("kind_before", {}).items()}
    if search.cased:
        names |= {search.before(start, end, groups[0]) for start, (end, groups) in found.get("kind_after", {}).items()}
        names |= search.bare()
    if not known:
        return frozenset(name for name in names if name)
    return frozenset(
        name._replace(known=name.group not in OWN and not name.words.isdisjoint(known))
        for name in names
        if name and (_counts(name) or name.words.isdisjoint(known))
    )


def _counts(name):
    """Whether a name that is a territory's too can still be that of something else."""
    return (
        name.group in (NAMED, LOOSE, *OWN, *TOWNS)
        or name.group in WATERS
        and not {"de", "del"} & set(name.spelled.split())
    )


def differing_names(one, other):
    """Return the words of each side if both name local places of one group or slot that differ; None otherwise."""
    mine, theirs = ([name for name in names if name.group not in (NAMED, LOOSE)] for names in (one, other))
    shared = any(_same(*pair) for pair in product(mine, theirs))
    groups = {name.group for name in mine} & {name.group for name in theirs}
    for group in () if shared else sorted(groups):
        left, right = ([name for name in names if name.group == group] for names in (mine, theirs))
        if not (all(name.known for name in left) and all(name.known for name in right)):
            return sorted(name.spelled for name in left), sorted(name.spelled for name in right)
    return _differing_slots(one, other, shared)


def _differing_slots(one, other, shared):
    mine = [name for name in one if name.group == NAMED and not any(_same(name, each) for each in other)]
    theirs = [name for name in other if name.group == NAMED and not any(_same(name, each) for each in one)]
    # Who names one thing alike may say with another name where it lies, but not where else it leads.
    shared = shared or len(mine) < sum(name.group == NAMED for name in one)
    for left, right in product(sorted(mine), sorted(theirs)):
        slots = left.slots & right.slots
        if slots and not (left.known and right.known) and (WAY in slots or not shared):
            return [left.spelled], [right.spelled]
    return None


def _same(one, other):
    """Whether two names may be one: "San Juan" and "San Juan de Dios"; not "Punta Choros" and "Punta Lobos"."""
    shared = one.words & other.words
    if not shared or shared in (one.words, other.words):
        return bool(shared)
    mine, theirs = fold(one.spelled).split(), fold(other.spelled).split()
    return mine[-1] == theirs[-1] or mine[0] != theirs[0] or one.group != NAMED


def is_everywhere(name):
    """Return whether every town has a place of that name: "plaza de armas"."""
    return fold(name.spelled) in _lists(vocabulary())["fixed"]


def shortened(one, other):
    """Return whether a name of one side is the beginning of one of the other's: "San Pedro", "San Pedro de la Paz"."""
    pairs = ((fold(mine), fold(theirs)) for mine, theirs in product(one, other))
    return any(mine.startswith(f"{theirs} ") or theirs.startswith(f"{mine} ") for mine, theirs in pairs)


def is_cased(spelled, words):
    """Whether capitals mean something in a text: it has words with and without them, and is no Headline Like This."""
    small = any(token[0].islower() and word not in STOP_WORDS for token, word in zip(spelled, words, strict=True))
    telling = [token for token, word in zip(spelled, words, strict=True) if word.isalpha() and word not in STOP_WORDS]
    if small:
        return any(token[0].isupper() for token in telling)
    if any(token.islower() for token in spelled):
        return len(telling) < _HEADLINE or not spelled[1][0].isupper()
    return len(telling) == 1 and telling[0][0].isupper() and not telling[0].isupper()


class _Search:
    """Capitals, and what stands beside them, in one Reading."""

    def __init__(self, reading, vocabulary, known):
        self._words, self._spelled, self._values = reading.words, reading.spelled, reading.values
        self._articles = reading.articles
        self._rules, self._known = vocabulary, known
        self._lists = _lists(vocabulary)
        self.cased = is_cased(reading.spelled, reading.words)

    def after(self, start, end, group):
        """The name after a kind that stands at start to end: "calle Los Aromos", "sector 3"; or None."""
        at = end + (end < len(self._words) and self._words[end] == "de")
        if at >= len(self._words):
            return None
        if self._values[at] is not None:
            plain = at == end and self._spelled[at].isdigit() and group != "law"
            return self._name(group, at, at + 1, (start, at + 1)) if plain else None
        if self.cased and self._capital(at):
            last = self._last(at)
        elif self._fixed(start, end, at):
            last = at + 1
        else:
            return None
        return self._name(group, at, last, (start, last))

    def _fixed(self, start, end, at):
        """Whether the small word at `at` is a name: after a kind that every name follows, or one of every town."""
        sure = self._words[end - 1] in self._rules.sure and at == end and self._like_a_name(at)
        # "Que la Gran Avenida tenga …": who writes the kind with a capital writes the name so too.
        sure = sure and (end == 1 or not self._capital(end - 1))
        return sure or " ".join(self._words[start : at + 1]) in self._lists["fixed"]

    def before(self, start, end, group):
        """The name before a kind, as in English: "Mill Road"; or None."""
        at = start
        while at > 0 and start - at < _LONGEST and self._capital(at - 1):
            at -= 1
        if at == start or self._words[start - 1] in self._rules.common:
            return None
        # A sentence begins with a capital of its own.
        if at == 0 or self._words[at - 1] in BREAKS:
            if start - at == 1 and not self._spelled[start][0].isupper():
                return None
            at += start - at > 1
        return self._name(group, at, start, (at, end))

    def bare(self):
        """Names that a capital tells: after a preposition, or who needs what follows ("Horcón necesita …")."""
        names, slots, at = set(), {}, 0
        while at < len(self._words):
            if not self._capital(at):
                at += 1
                continue
            last = self._last(at)
            # "Proteger Mantagua": a title begins with a capital of its own.
            at += at == 0 and last > 1 and deeds().known(self._words[0])
            place = self._slots(at, last, slots)
            if place is not None and not self._ordinary(at, last) and not self._in_passing(at, last):
                slots[last] = place
                name = self._name(NAMED if place else LOOSE, at, last, (at, last))
                names.add(name and name._replace(slots=frozenset(place)))
            at = last
        return names

    def _slots(self, start, end, known):
        """The slots of a name at start to end, or None where nothing says that it is one. known: {end: slots}."""
        before = self._words[start - 1] if start else "\n"
        if before in BREAKS or before in self._lists["that"]:
            needs = end < len(self._words) and self._words[end] in self._lists["needs"]
            plural = end - start == 1 and self._words[start].endswith("s") and self._words[start] not in self._known
            return None if plural else {FOR} if needs else set() if self._beside(start, end) else None
        if before in self._lists["and"] and start - 1 in known:
            return known[start - 1] | {WAY}
        if before not in self._lists["links"]:
            return set() if self._object(start, end) else None
        if before in self._lists["of"] and start > 2 and self._capital(start - 2):
            return None
        return self._governors(start - 2) | ({FOR} if before in self._lists["for"] else set())

    def _beside(self, start, end):
        """Whether words stand by themselves between two signs, or at an end of the text and one: "Maghull: …"."""
        after = self._words[end] if end < len(self._words) else "\n"
        if start == 0:
            return after in _PAUSES
        return self._words[start - 1] in _PAUSES and (after in BREAKS or after in self._lists["pleas"])

    def _object(self, start, end):
        """Whether words are what is asked for or spoken of: "proteger Mantagua", "caso Carelmapu"."""
        before = self._words[start - 1]
        first = start == 1 or self._words[start - 2] in BREAKS
        known = not self._capital(start - 1) or first and deeds().known(before)
        telling = not self._rules.weak.issuperset(self._words[start:end])
        return known and telling and self._bare(start, end) and before not in self._lists["kinds"]

    def _bare(self, start, end):
        """Whether no article says that words name an institution: "el Sernac"; but "the Kirkstall mill"."""
        after = self._spelled[end] if end < len(self._words) else "."
        of_a_thing = self._articles[start] == "the" and after.islower() and self._words[end] not in STOP_WORDS
        return not self._articles[start] or of_a_thing

    def _governors(self, at):
        """The roots of the last telling words up to `at`, as far as a sign or a preposition behind them."""
        roots = set()
        while at >= 0 and len(roots) < _GOVERNORS and self._words[at] not in BREAKS:
            if self._words[at] in self._lists["links"] and roots:
                break
            if self._words[at] not in STOP_WORDS and len(self._words[at]) > 2:
                roots.add(root(self._words[at]))
            at -= 1
        return roots

    def _ordinary(self, start, end):
        """Whether words with a capital are no name: a kind that `after` reads, an institution, common words."""
        first = self._words[start]
        if self._known and all(word in self._known for word in self._words[start:end]):
            return False
        if first in self._rules.no_place or first in self._lists["kinds"]:
            return True
        spelled = self._spelled[start:end]
        if self._words[start - 1] in self._rules.inside:
            return False
        common = all(word not in self._lists["towns"] and _common(word) for word in self._words[start:end])
        return common or all(token.isupper() for token in spelled)

    def _in_passing(self, start, end):
        """Whether a name says who speaks, or gives an example: "vivo en …", "en … ya existe"."""
        words, lists = self._words, self._lists
        return any(
            " ".join(words[max(start - length, 0) : start]) in lists["passing"]
            or " ".join(words[end : end + length]) in lists["shown"]
            for length in (1, 2, 3, 4)
        )

    def _name(self, group, start, end, written):
        words = frozenset(self._words[start:end])
        words = (words - self._rules.weak or words) - self._rules.common
        return Name(group, words, " ".join(self._spelled[slice(*written)])) if words else None

    def _last(self, at):
        end = at
        while end < len(self._words) and end - at < _LONGEST and self._capital(end):
            end += 1
        return end

    def _capital(self, at):
        token = self._spelled[at]
        return len(token) > 1 and token[0].isupper() and self._words[at] not in STOP_WORDS

    def _like_a_name(self, at):
        word = self._words[at]
        return len(word) > 3 and word.isalpha() and word not in self._rules.common and word not in STOP_WORDS


@lru_cache(maxsize=4)
def _lists(vocabulary):
    """Return the lists of [names] that only this module reads, folded."""
    table = vocabulary.tables["names"]
    own = ("links", "for", "of", "and", "that", "needs", "fixed", "towns", "pleas")
    lists = {name: folded_phrases(table[name]) for name in own}
    for name in ("passing", "shown"):
        lists[name] = folded_phrases(vocabulary.tables["places"][name])
    for name in ("ambiguous", "ordinary"):
        lists["towns"] |= folded_phrases(vocabulary.tables["places"][name])
    lists["kinds"] = frozenset(word for kinds in table["before"].values() for word in folded_phrases(kinds))
    return lists


@lru_cache(maxsize=65_536)
def _common(word):
    """Whether the lexicon holds a folded word: no name of a place."""
    return word in STOP_WORDS or word in shipped().generic or bool(shipped().named_by(word))
