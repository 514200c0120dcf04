"""What a proposal is for and what it is against: a sign and the words it governs.

Signs stand in a row before their object and govern one another: "evitar el cierre de la escuela" is against a closure,
so for the school. A "no" that tells ("no tenemos basureros") turns nothing.
"""

from typing import NamedTuple

from consulta.similarity.reading import BREAKS
from consulta.similarity.words import STOP_WORDS, stem

_LONGEST_HEAD = 6
_ROOT = 6
_AGAINST = ("against", "less", "not_more")


class Clause(NamedTuple):
    """A sign, the root of the first word it governs and of all, whether nobody wants that, and the words as written."""

    sign: str
    main: str
    head: frozenset
    ill: bool
    spelled: str


def root(word):
    """Return what word forms of one root mostly share: "plásticas" and "plástico", "instalar" and "instalación"."""
    return stem(word)[:_ROOT].rstrip("aeiou") or word


def roots(words):
    """Return the roots of the telling words among folded `words`."""
    telling = (root(word) for word in words if word not in STOP_WORDS and word not in BREAKS)
    return frozenset(word for word in telling if len(word) > 1)


def clauses_in(reading, found, vocabulary, demands_only=False):
    """Return the clauses of a Reading. found: {family: {start: (end, names)}}.

    demands_only: only what follows a verb that asks, up to the sentence's end, as in a body.
    """
    signs, ills = found.get("sign", {}), found.get("ill", {})
    walk = _Walk(reading, ills, vocabulary)
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
            end, names = signs[at]
            walk.sign(names[0], at)
            at = end
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

    def __init__(self, reading, ills, vocabulary):
        self._words, self._spelled = reading.words, reading.spelled
        self._ills, self._vocabulary = ills, vocabulary
        self.clauses = []
        self._clear()

    def _clear(self):
        self._sign, self._start, self._end, self._head, self._ill = None, 0, 0, [], False

    def close(self):
        if self._sign and self._head:
            spelled = " ".join(self._spelled[self._start : self._end])
            self.clauses.append(Clause(self._sign, self._head[0], frozenset(self._head), self._ill, spelled))
        self._clear()

    def sign(self, name, at):
        if name == "neutral":
            return
        governs = self._vocabulary.governs
        if self._sign and not self._head:
            self._sign = governs.get(self._sign, {}).get(name, name)
            return
        sign = name
        if self._sign == "against" and self._words[at - 1] in self._vocabulary.relatives:
            sign = governs["against"].get(name, name)
        self.close()
        self._sign, self._start = sign, at

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
                self._sign = "against"
            else:
                self._sign = rules.governs["against"].get(self._sign, "against")
        return after

    def _infinitive(self, word):
        return len(word) > 3 and word.endswith(self._vocabulary.infinitives)

    def word(self, at):
        word = self._words[at]
        if not self._sign:
            return
        if word in self._vocabulary.bounds:
            if self._head:
                self.close()
            return
        if word in self._vocabulary.fillers or word in STOP_WORDS or len(word) < 2:
            return
        if not self._head:
            self._ill = at in self._ills
        self._head.append(root(word))
        self._end = at + 1
        if len(self._head) >= _LONGEST_HEAD:
            self.close()


def opposed(one, other, vocabulary):
    """Return (rule, words of one, words of the other) that stand against one another, or None. one, other: Traits.

    rule: "stance" between titles, "stance_aside" for a title against what the other's body asks for. Where both also
    ask for the same of one object, they do not oppose one another, and an empty tuple says so.
    """
    hit, agree = _compared(one.stance, other.stance, vocabulary)
    if hit:
        return "stance", *hit
    if agree:
        return ()
    lone, back = _unanswered(one, other), _unanswered(other, one)
    if lone or back:
        return "stance", *(lone or back[::-1])
    for mine, theirs in ((one.stance, other.stance_aside), (one.stance_aside, other.stance)):
        hit, agree = _compared(mine, theirs, vocabulary)
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


def _compared(one, other, vocabulary):
    """Return (words of both that oppose one another, or None; whether anything agrees)."""
    hits, agreed = [], set()
    for mine in one:
        for theirs in other:
            if not _same_object(mine, theirs):
                continue
            if frozenset((mine.sign, theirs.sign)) in vocabulary.opposites:
                hits.append((mine, theirs))
            elif mine.sign == theirs.sign:
                agreed |= mine.head & theirs.head
    hits = sorted((mine.spelled, theirs.spelled) for mine, theirs in hits if not mine.head & theirs.head & agreed)
    return hits[0] if hits else None, bool(agreed)


def _same_object(one, other):
    """Whether two clauses govern the same: each names the other's first word, or they share half of the longer."""
    shared = one.head & other.head
    if one.main in shared and other.main in shared:
        return True
    return 2 * len(shared) >= max(len(one.head), len(other.head), 2)


def _unanswered(one, other):
    """Words of a title's "no to X" where the other title, otherwise much the same, asks for X without a sign."""
    if len(other.content) < 2:  # a bare subject takes no side
        return None
    titles = one.content & other.content
    alike = len(titles) >= 0.6 * min(len(one.content), len(other.content))
    for clause in one.stance:
        if clause.sign not in _AGAINST or clause.ill or len(clause.head) < 2 and not alike:
            continue
        if any(clause.head & theirs.head for theirs in other.stance):
            continue
        if any(clause.head & theirs.head and theirs.sign in _AGAINST for theirs in other.stance_aside):
            continue
        if len(clause.head & other.content) >= 0.75 * len(clause.head):
            return clause.spelled, other.title
    return None
