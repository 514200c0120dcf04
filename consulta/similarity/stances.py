"""What a proposal is for and what it is against: a sign and the words it governs.

Signs stand in a row before their object and govern one another: "evitar el cierre de la escuela" is against a closure,
so for the school. A "no" that tells ("no tenemos basureros") turns nothing.
"""

from typing import NamedTuple

from consulta.similarity import lexicon
from consulta.similarity.reading import BREAKS
from consulta.similarity.words import STOP_WORDS

_LONGEST_HEAD = 6
_ROOT = 6
AGAINST = ("against", "less", "not_more")


class Clause(NamedTuple):
    """A sign, the root of the first word it governs and of all, whether nobody wants that, and the words as written.

    check: what is governed is a check on the rest ("más control de armas" is not for arms). first: the first word.
    """

    sign: str
    main: str
    head: frozenset
    ill: bool
    check: bool
    first: str
    spelled: str


def root(word):
    """Return what word forms of one root mostly share: "plásticas" and "plástico", "cazar" and "caza"."""
    return lexicon.root(word)[:_ROOT].rstrip("aeiou") or word


def roots(words):
    """Return the roots of the telling words among folded `words`."""
    telling = (root(word) for word in words if word not in STOP_WORDS and word not in BREAKS)
    return frozenset(word for word in telling if len(word) > 1)


def clauses_in(reading, found, vocabulary, demands_only=False):
    """Return the clauses of a Reading. found: {family: {start: (end, names)}}.

    demands_only: only what follows a verb that asks, up to the sentence's end, as in a body.
    """
    signs = found.get("sign", {})
    walk = _Walk(reading, found, vocabulary)
    at, listening = 0, not demands_only
    while at < len(reading.words):
        word = reading.words[at]
        if word in BREAKS:
            walk.close()
            if demands_only and word in ".!?\n":
                listening = False
        if demands_only and at in found.get("demand", {}) and not listening:
            listening = True
        if not listening or word in BREAKS:
            at += 1
            continue
        if at in signs:
            at = walk.turn(at, *signs[at], in_title=not demands_only)
        elif not demands_only and walk.unwanted(at, found):
            at = walk.refusal(at)
        elif word in vocabulary.nots:
            at = walk.negation(at, found)
        else:
            walk.word(at)
            at += 1
    walk.close()
    if demands_only:
        # "más", "menos" say too many other things in running text.
        return frozenset(clause for clause in walk.clauses if clause.sign in ("for", "against"))
    return frozenset(walk.clauses)


class _Walk:
    """The clause under way while a text is read from left to right."""

    def __init__(self, reading, found, vocabulary):
        self._words, self._spelled = reading.words, reading.spelled
        self._ills, self._checks = found.get("ill", {}), found.get("check", {})
        self._vocabulary = vocabulary
        self.clauses = []
        self._clear()

    def _clear(self):
        self._sign, self._start, self._end, self._head = None, 0, 0, []
        self._first = ""
        self._ill = self._check = self._turned = self._whole = self._behind = self._refused = False

    def close(self):
        if self._behind and not self._head:
            self._look_back()
        if self._sign and self._head:
            spelled = " ".join(self._spelled[self._start : self._end])
            head = frozenset(self._head)
            self.clauses.append(Clause(self._sign, self._head[0], head, self._ill, self._check, self._first, spelled))
        self._clear()

    def _look_back(self):
        """Take the words before a sign that has none behind it: "multas más altas por …", "perros prohibidos en …"."""
        before = self._start
        while before and self._start - before < 3 and self._words[before - 1] not in BREAKS:
            before -= 1
            if self._words[before] in self._vocabulary.bounds | self._vocabulary.nots:
                break
            self.word(before)
        self._start = min(before, self._start)

    def turn(self, at, end, names, in_title):
        """Take a phrase of the family of signs; return where it ends."""
        if names[0] == "neutral":
            self.plain(at, end)
        elif names[0] == "without":
            self.without(at, in_title)
        else:
            self.sign(names[0], at, end)
        return end

    def sign(self, name, at, end):
        governs = self._vocabulary.governs
        if self._whole and name in governs["against"] and name in ("for", "against"):
            self._sign = governs[self._sign][name]  # "dogs should not be allowed"
            return
        if self._refused and self._head and name == "more" and end - at == 1:
            return  # "que no se corte más la luz"
        if self._sign and not self._head:
            self._turned = self._sign == "against" and name == "for"
            self._sign = governs.get(self._sign, {}).get(name, name)
            return
        sign = name
        if self._sign == "against" and self._words[at - 1] in self._vocabulary.relatives:
            sign = governs["against"].get(name, name)
        self.close()
        self._sign, self._start = sign, at
        degree = sign in ("more", "less") and (end - at > 1 or self._words[at] in self._vocabulary.degrees)
        self._behind = at and degree or self._participle(at)

    def plain(self, start, end):
        """Read a turn that is no sign, as the object of one before it: "fin a los cortes de luz"."""
        if self._sign and not self._head:
            for at in range(start, end):
                self.word(at)

    def without(self, at, in_title):
        """A title's "buses sin mascotas" is against pets in buses; "prohibir perros sin correa" is for the leash."""
        if self._sign in AGAINST:
            self._clear()
            return
        self.close()
        if in_title:
            self._sign, self._start = "without", at

    def negation(self, at, found):
        """Note a "no" at `at` if it turns a demand round; return where to go on."""
        after = at + 1
        following = self._words[after] if after < len(self._words) else "."
        before = self._words[at - 1] if at else "."
        rules = self._vocabulary
        if before in rules.asks and following in rules.reflexive:
            after, following = after + 1, self._words[after + 1] if after + 1 < len(self._words) else "."
        elif following in BREAKS or after in found.get("statement", {}):
            return at + 2 if following not in BREAKS else at + 1
        if before in BREAKS or before in rules.asks or after in found.get("sign", {}) or self._infinitive(following):
            if not (self._sign and not self._head):
                self.close()
                self._start = at
                self._sign, self._refused = "against", True
            else:
                self._sign = rules.governs["against"].get(self._sign, "against")
        return after

    def unwanted(self, at, found):
        """Whether a "no" at `at` refuses what a title names before it: "que los autos no entren", "x no debe …"."""
        rules, words = self._vocabulary, self._words
        start = self._sentence(at)
        if words[at] not in rules.nots or not 0 < at - start <= _LONGEST_HEAD:
            return False
        after = at + 1 + (at + 1 < len(words) and words[at + 1] in rules.reflexive)
        if after >= len(words) or words[after] in BREAKS or words[at - 1] in rules.relatives:
            return False
        if words[after] in rules.modals or words[at - 1] in rules.modals:
            return True
        if at - start < 2 or words[start] not in rules.asks or after in found.get("sign", {}):
            return False
        return after > at + 1 or after not in found.get("statement", {})

    def refusal(self, at):
        """Begin a clause against all that stands around the "no" at `at`; return where to go on."""
        start, rules = self._sentence(at), self._vocabulary
        self._clear()
        self._sign, self._start, self._whole, self._refused = "against", start, True, True
        for place in range(start + (self._words[start] in rules.asks), at):
            if self._words[place] not in rules.modals:
                self.word(place)
        after = at + 1
        while after < len(self._words) and self._words[after] in rules.modals | rules.reflexive:
            after += 1
        return after

    def _sentence(self, at):
        """Where the sentence begins in which `at` stands."""
        return max((place for place in range(at) if self._words[place] in BREAKS), default=-1) + 1

    def _participle(self, at):
        """Whether the sign at `at` may say something of the word before it: "celulares permitidos en clases"."""
        return bool(at) and self._words[at - 1] not in BREAKS and self._words[at].endswith(self._vocabulary.participles)

    def _infinitive(self, word):
        return len(word) > 3 and word.endswith(self._vocabulary.infinitives)

    def word(self, at):
        word = self._words[at]
        if not self._sign:
            return
        if word in self._vocabulary.bounds and not self._whole:
            if self._head or self._behind:
                self.close()
            elif self._turned and word in self._vocabulary.locative:
                self._clear()  # "no construir en el humedal" is not against the wetland
            return
        if word in self._vocabulary.fillers or word in STOP_WORDS or len(word) < 2:
            return
        self._ill = self._ill or at in self._ills
        self._check = self._check or not self._head and at in self._checks
        self._first = self._first or word
        self._head.append(root(word))
        self._end = at + 1
        if len(self._head) >= _LONGEST_HEAD:
            self.close()


def ends_in(reading, found, vocabulary):
    """Return the (question, end) pairs at which a title stands; "no cobrar" and "fin al cobro" are the other end."""
    refusals = {end for end, names in found.get("sign", {}).values() if names[0] == "against"}
    for at, word in enumerate(reading.words):
        if word in vocabulary.nots:
            refusals |= {at + 1, at + 2} if reading.words[at + 1 : at + 2] == ["se"] else {at + 1}
    ends = set()
    for start, (_, names) in found.get("axis", {}).items():
        for axis, end in names:
            flipped = "other" if end == "one" else "one"
            ends.add((axis, flipped if start in refusals else end))
    return frozenset(ends)
