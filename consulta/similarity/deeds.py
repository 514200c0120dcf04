"""What two titles want done, where everything else in them is alike: "instalar juegos", "reparar los juegos".

The classes of deeds and which of them may be one are data ([wording.deeds] of each language, deeds_near).
"""

from functools import lru_cache
from zlib import crc32

from consulta.similarity.guard_data import folded_phrases, vocabulary
from consulta.similarity.stances import root

BITS = 8_192
# Where who is to do it stands first: words until the verb.
_SUBJECT = 5
_UNKNOWN = "?"


class Deeds:
    """The deeds of the data files, ready for looking up.

    table: [wording] of the languages: deeds ({class: phrases}), openers, modals, causes (words before the verb), turns
    (words that end the search for it), negations, manner and things (words that may describe, or name a thing, as well:
    "clean", "registro"), helping (two words, the first of which is no deed then: "contar con"), tellers (a title
    with one and without a verb tells a problem: "is crumbling"); effects: [wording] of
    guards.toml; acts: endings of the word that opens a title as the name of an act.
    """

    def __init__(self, table, effects, acts):
        self._classes, self._masks = {}, {}
        for name, phrases in table["deeds"].items():
            for word in folded_phrases(phrases):
                self._classes.setdefault(word, set()).add(name)
                self._masks[name] = self._masks.get(name, 0) | bit_of(root(word))
        self._near = {name: {name} for name in table["deeds"]}
        for line in effects["deeds_near"].split("\n"):
            first, *others = line.split() or [None]
            for other in others:
                self._near[first].add(other)
                self._near[other].add(first)
        self._never, self._acts = frozenset(effects["never_unsaid"]), acts
        self._mild = frozenset(effects["mild"]) | {None}
        self._openers, self._modals, self._causes, self._turns, self._negations = (
            folded_phrases(table[name]) for name in ("openers", "modals", "causes", "turns", "negations")
        )
        self._manner, self._things, self._helping, self._tellers = (
            folded_phrases(table[name]) for name in ("manner", "things", "helping", "tellers")
        )

    def of(self, words, may_open=True):
        """Return the classes of what a title wants done and the place of the word that says it, or (None, None).

        words: a tuple, of a title, folded. may_open: whether the first word may be the name of an act. A title that
        names a thing alone wants {None}: it is to be there, or better. An act that no list holds is a class of its own.
        """
        if not self._negations.isdisjoint(words[:_SUBJECT]):
            return None, None
        first = 1 if words[:1] == ("a",) else 0
        at = self._begins(words, first)
        if at == len(words):
            return None, None
        # "Que los vecinos voten", "make landlords publish": who does it stands first.
        caused = words[at] in self._causes
        last = len(words) if at > first or caused else at + 1
        place = self._verb(words, at + 1 if caused else at, last, at)
        if place is not None:
            found = self._classes[words[place]]
            return found | {None} if words[place] in self._manner | self._things else found, place
        if caused and words[at] in self._classes:
            return self._classes[words[at]], at
        # "Que se pueda rastrear".
        opens = may_open if at == first else words[at - 1] in self._modals
        if opens and words[at].endswith(self._acts):
            return {f"{_UNKNOWN}{words[at]}"}, at
        return ({None} if at == first and self._tellers.isdisjoint(words) else None), None

    def _begins(self, words, at):
        """Return the place where a title's demand begins, behind "que", "se debe" and the like; len(words): nowhere."""
        while at < len(words) and words[at] in self._openers:
            at += 1
        subject = range(at, min(at + _SUBJECT, len(words)))
        return next((place + 1 for place in subject if words[place] in self._modals), at)

    def _verb(self, words, start, last, head):
        """Return the first place from `start` on, before `last`, whose word says a deed; None if it turns before."""
        for place in range(start, last):
            if place > head and words[place] in self._turns:
                return None
            if words[place] in self._classes and " ".join(words[place : place + 2]) not in self._helping:
                return place
        return None

    def wanted(self, found, place, words, others):
        """Return the classes of a title without {None} where its word may describe, but a deed is wanted by the other.

        "Clean" describes, but beside a title that wants a deed done it is one. others: the classes of the other title.
        """
        may_describe = place is not None and words[place] in self._manner and None not in others
        return found - {None} or found if may_describe else found

    def opening(self, found, word):
        """Return the classes of a title whose first word stands where the other title has another verb: "cancel"."""
        named = found - {None} or {f"{_UNKNOWN}{word}"}
        return named if word not in self._manner | self._openers else found

    def known(self, word):
        """Return whether a word says a deed."""
        return word in self._classes

    def act(self, word):
        """Return whether a word says a deed and names no thing: "instalar", but not "registro"."""
        return word in self._classes and word not in self._things and word not in self._manner

    def apart(self, one, other):
        """Whether no deed of one may be a deed of the other."""
        return not any(self._may_be(mine, theirs) for mine in one for theirs in other)

    def strong(self, found):
        """Whether classes of one title say more than that a thing is to be there."""
        return found is not None and self._mild.isdisjoint(found) and not self.unknown(found)

    def unknown(self, found):
        """Whether the classes are those of an act that no list holds."""
        return any(name and name[0] == _UNKNOWN for name in found)

    def with_classes(self, found, actions, others):
        """Return the deeds of a title with those among its classes of action; others: the other title's classes.

        "Poner las actas en internet" is made what it says besides; "limpiar y reparar" describes nothing.
        """
        more = {name for name in actions if name in self._masks}
        own = more - others
        if None in found and len(found) > 1 and own - found:
            found = found - {None}
        return found | (own if self.strong(found) or None in found else more)

    def said(self, deeds, mask):
        """Whether a text whose words are the bits of `mask` speaks of one of these deeds."""
        return any(self._masks.get(name, 0) & mask for name in deeds)

    def _may_be(self, one, other):
        if one is None or other is None:
            return one is other or (one or other) not in self._never
        if one[0] == _UNKNOWN or other[0] == _UNKNOWN:
            return one == other or one in self._mild or other in self._mild
        return other in self._near[one]


def bit_of(word):
    """Return the bit that stands for a word in a mask."""
    return 1 << crc32(word.encode("utf-8", "replace")) % BITS


@lru_cache(maxsize=1)
def deeds():
    """Return the Deeds of the data files that ship."""
    rules = vocabulary()
    return Deeds(rules.tables["wording"], rules.wording, rules.acts)
