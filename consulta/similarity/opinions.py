"""What a title itself thinks of what it names: "prohibir X sería un abuso", "X: another stealth tax", "X? No way".

A deed ("prohibir X", "closing X") of which something is said that is no praise is refused. A thing is only weighed: who
scorns the lights of a square may want better ones, so that is held against nobody but who asks for just that thing.
"""

from functools import lru_cache

from consulta.similarity.guard_data import folded_phrases, vocabulary
from consulta.similarity.lexicon import shipped
from consulta.similarity.phrases import Phrases, phrases_of
from consulta.similarity.reading import BREAKS
from consulta.similarity.words import STOP_WORDS, language_of

_DEMANDS = ("for", "against", "more", "less", "keep")
_LONGEST_ANSWER = 8


class Opinions:
    """Which parts of a title its other words judge.

    starts: where what is refused begins; weighed: (begin, end) pairs; passed: places of the words that judge.
    """

    def __init__(self, reading, found, rules):
        self._words, self._articles, self._rules, self._told = reading.words, reading.articles, rules, _words()
        self._signs = found.get("sign", {})
        self._language = language_of([folded for _, folded in reading.every])
        self.starts, self.weighed, self.passed = set(), [], set()
        self._marks = {}
        inside = {at for start, (end, _) in self._signs.items() for at in range(start + 1, end)}
        for start, end, family, names in self._told.phrases.find(reading.words):
            if names[0] is None or start in inside and family == "scorn":
                continue  # "must go up", "say no thanks to"
            self._marks.setdefault(family, {})[start] = end
        spoken = {at for start, end in self._marks.get("scorn", {}).items() for at in range(start, end)}
        self._marks["praise"] = {at: end for at, end in self._marks.get("praise", {}).items() if at not in spoken}
        self._parts = list(self._cut())
        for index, (begin, close) in enumerate(self._parts):
            self._read(index, begin, close)

    def _cut(self):
        begin = 0
        for at, word in enumerate((*self._words, ".")):
            if word in BREAKS:
                if at > begin:
                    yield begin, at
                begin = at + 1

    def _read(self, index, begin, close):
        if index + 1 < len(self._parts) and self._words[close] == "?" and self._doubted(begin, close, index + 1):
            self._judge(begin, close, self._parts[index + 1][0], len(self._words))
            return
        spoken = self._spoken(begin, close)
        if spoken is None or self._praised(spoken[0], close):
            return
        at, end = spoken
        if self._telling(begin, at):
            self._judge(begin, at, at, close)
        elif at > begin + 1:
            return
        elif self._telling(end, close) and index == 0:
            self._judge(end, close, begin, end)
        elif not self._demands(begin, close) and len(self._parts) > 1:
            self._judge(*self._parts[index - 1 if index else 1], begin, close)

    def _praised(self, begin, close):
        """Whether the words of a part praise what it names, and are not denied: "no hacen más segura la calle"."""
        nots = self._rules.nots
        denied = next((at for at in range(begin, close) if self._words[at] in nots), close)
        return self._any("praise", begin, denied)

    def _spoken(self, begin, close):
        """Return where a part begins to judge and the end of the word that does, or None."""
        scorned = sorted(at for at in self._marks.get("scorn", ()) if begin <= at < close)
        scorned = [at for at in scorned if not at or self._words[at - 1] not in self._rules.nots]
        kind = self._kind(begin)
        verb = self._verb(begin, close, (kind,) if kind else tuple(self._told.kinds))
        if kind and verb is not None and verb + 1 < close:
            return verb, verb + 1
        if not scorned:
            return None
        at = scorned[0]
        end = self._marks["scorn"][at]
        if verb is not None and verb <= at:
            return verb, end
        whole = self._words[at] in self._told.whole
        opens = not self._telling(begin, at) and (begin or end > at + 1 or self._is_deed(end, close))
        return (at, end) if whole or opens else None

    def _is_deed(self, at, close):
        """Whether a verb that nobody bends stands at a place: "injusto cobrar …"; English ones have no such ending."""
        word = self._words[at] if at < close and self._language != "en" else ""
        return len(word) > 3 and word.endswith(self._rules.infinitives)

    def _kind(self, begin):
        """Return the kind of deed a part begins with, if it does: "infinitive", "gerund"."""
        while begin < len(self._words) and self._words[begin] in self._told.before:
            begin += 1
        word = self._words[begin] if begin < len(self._words) else "."
        if self._articles[begin : begin + 1] not in ([], [""]):
            return None  # "the summer holidays"
        for name, kind in self._told.kinds.items():
            if kind["language"] != self._language and self._language:
                continue
            if len(word) > kind["least"] and word.endswith(kind["ends"]) and word not in kind["nouns"]:
                return name
        return None

    def _verb(self, begin, close, kinds):
        """Return the place of the first word that says something of what stands before it, or None."""
        for at in range(begin + 1, close):
            word, before = self._words[at], self._words[at - 1]
            if word in self._told.relative and at > begin + 1:
                return None
            if any(word in self._told.kinds[kind]["finite"] for kind in kinds) and before not in self._told.apart:
                negated = word in self._rules.nots
                following = self._words[at + 1 : at + 2] or ["."]
                if shipped().named_by(following[0]) and word in self._told.whole and not negated:
                    continue  # "crear pistas solo bus"
                if not negated or following[0] in self._told.pronouns or self._says(following[0], at + 1):
                    return at
        return None

    def _says(self, word, at):
        """Whether the word behind a "no" may be a verb that tells: not "no abrir", "no muy alto", "no el otro"."""
        if word in BREAKS or at in self._signs or word in self._told.untold or self._articles[at]:
            return False
        return not word.endswith(self._rules.infinitives)

    def _doubted(self, begin, close, index):
        """Whether a part is a question of a thing or a deed alone, and what follows no demand."""
        first, answer = self._words[begin], (self._parts[index][0], len(self._words))
        if first in self._told.questions or not self._telling(begin, close) or answer[1] - answer[0] > _LONGEST_ANSWER:
            return False
        finite = frozenset().union(*(kind["finite"] for kind in self._told.kinds.values()))
        asked = any(word in finite for word in self._words[begin:close])
        return not asked and not self._any("praise", *answer) and not self._demands(*answer)

    def _judge(self, begin, end, said, close):
        opening = (at for at in range(begin, min(begin + 2, end)) if self._words[at] not in self._rules.degrees)
        if self._kind(begin) or any(self._named(at) in _DEMANDS for at in opening):
            self.starts.add(begin)
        elif self._telling(begin, end):
            self.weighed.append((begin, end))
        self.passed.update(range(said, close))

    def _demands(self, begin, close):
        return any(self._named(at) in _DEMANDS for at in range(begin, close))

    def _named(self, at):
        return self._signs[at][1][0] if at in self._signs else None

    def _any(self, family, begin, close):
        return any(begin <= at < close for at in self._marks.get(family, ()))

    def _telling(self, begin, end):
        return any(word not in STOP_WORDS and word not in BREAKS for word in self._words[begin:end])


class _Words:
    """The table [stance.opinions] of all languages, ready for looking up."""

    def __init__(self, rules):
        table = rules.tables["stance"]["opinions"]
        self.phrases = Phrases()
        for family in ("scorn", "praise"):
            # "Won't" is read as "wo not".
            told = table[family].replace("will not", "will|wo not")
            self.phrases.add(family, family, phrases_of(told))
        self.phrases.add("scorn", None, phrases_of(table["judgeless"]))
        self.before, self.relative, self.apart, self.pronouns, self.questions, self.untold, self.whole = (
            folded_phrases(table[name])
            for name in ("before", "relative", "apart", "pronouns", "questions", "untold", "whole")
        )
        self.kinds = {
            name: {
                "language": kind["language"],
                "ends": tuple(folded_phrases(kind["ends"])),
                "least": kind["least"],
                "finite": folded_phrases(kind["finite"]),
                "nouns": folded_phrases(kind["nouns"]),
            }
            for name, kind in table["deeds"].items()
        }


@lru_cache(maxsize=1)
def _words():
    return _Words(vocabulary())
