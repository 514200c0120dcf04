"""Local names that no official list holds: "calle Los Aromos", "junta de vecinos 5", "Mill Road", "en Patronato"."""

from typing import NamedTuple

from consulta.similarity.reading import BREAKS
from consulta.similarity.words import STOP_WORDS

_LONGEST = 3
NAMED = "named"


class Name(NamedTuple):
    """group ("street", "quarter"; "named" for a capital after "en"), its telling words, and the words as written."""

    group: str
    words: frozenset
    spelled: str


# "Barrio Yungay" and "calle Talca" are places of their own, whatever town has that name too.
OWN = ("quarter", "street")


def names_in(reading, found, vocabulary, known=frozenset()):
    """Return the local names of a Reading, as a frozenset of Name.

    found: {family: {start: (end, names)}}; known: folded words of territories, which are no local names.
    """
    search = _Search(reading, vocabulary)
    names = {search.after(start, end, groups[0]) for start, (end, groups) in found.get("kind_before", {}).items()}
    if search.cased:
        names |= {search.before(start, end, groups[0]) for start, (end, groups) in found.get("kind_after", {}).items()}
        names |= search.bare()
    return frozenset(name for name in names if name and (name.group in OWN or not name.words & known))


def differing_names(one, other):
    """Return the words of each side if both name a local place of one group and share none; None otherwise."""
    shared = {word for name in one for word in name.words} & {word for name in other for word in name.words}
    groups = {name.group for name in one} & {name.group for name in other}
    if shared or not groups:
        return None
    group = min(groups)
    mine = sorted(name.spelled for name in one if name.group == group)
    theirs = sorted(name.spelled for name in other if name.group == group)
    return tuple(mine), tuple(theirs)


class _Search:
    """Capitals, and what stands beside them, in one Reading."""

    def __init__(self, reading, vocabulary):
        self._words, self._spelled, self._values = reading.words, reading.spelled, reading.values
        self._rules = vocabulary
        self.cased = any(token.islower() for token in reading.spelled if len(token) > 1)

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
        elif self._words[end - 1] in self._rules.sure and at == end and self._like_a_name(at):
            last = at + 1
        else:
            return None
        return self._name(group, at, last, (start, last))

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
        """Names that only follow "en" or "in"."""
        names = set()
        for at in range(1, len(self._words)):
            named = self._words[at - 1] in self._rules.inside and self._capital(at)
            if named and self._words[at] not in self._rules.no_place:
                last = self._last(at)
                names.add(self._name(NAMED, at, last, (at, last)))
        return names

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
