"""What a title says of a whole sentence: that it is a mistake, that nobody wants it, "why?", "no thanks".

And verbs whose other half stands behind what they govern: "take the cameras off", "dejar la plaza como está".
"""

from bisect import bisect_right

from consulta.similarity.reading import BREAKS
from consulta.similarity.words import STOP_WORDS

_FARTHEST = 8
_STAYING = ("keep", "still")
# Last in the second half of a verb: the sentence ends there.
END = "."


class Judged:
    """Which parts of a title are refused as a whole. starts: where they begin; passed: the words that say so."""

    def __init__(self, reading, found, vocabulary):
        self._words, self._spelled, self._rules = reading.words, reading.spelled, vocabulary
        self._signs = found.get("sign", {})
        self._ends = [at for at, word in enumerate(self._words) if word in BREAKS] + [len(self._words)]
        self.starts, self.passed, self.weighed = set(), set(), None
        for at, (end, names) in found.get("verdict", {}).items():
            denied = at and self._words[at - 1] in vocabulary.nots
            if names[0] == "copula":
                self._weigh(at, end, found.get("praise", {}))
            elif not denied and (names[0] == "verdict" or self._blames(at)):
                self._refuse(at, end)
        for at, (end, names) in found.get("doubt", {}).items():
            self._doubt(at, end, names[0])
        for end in self._ends:
            if end > 1 and self._words[end - 1] in vocabulary.nots and self._words[end - 2] not in vocabulary.either:
                self._refuse(end - 1, end)

    def _sentence(self, at):
        """Return where the part between two breaks begins and ends in which `at` stands."""
        place = bisect_right(self._ends, at)
        begin = self._ends[place - 1] + 1 if place else 0
        return begin, self._ends[min(place, len(self._ends) - 1)]

    def _telling(self, begin, end):
        return any(word not in STOP_WORDS and word not in BREAKS for word in self._words[begin:end])

    def _blames(self, at):
        """Whether the verb at `at` says what the words before it do: not "who harm", "should not harm", "to harm"."""
        begin, _ = self._sentence(at)
        return self._telling(begin, at) and self._words[at - 1] not in self._rules.relative_words

    def _weigh(self, at, end, praise):
        """Note what a title says of its own subject, unless it praises or denies: "un peaje sería un robo"."""
        begin, close = self._sentence(at)
        silent = any(place in praise or self._words[place] in self._rules.nots for place in range(end, close))
        if not silent and self._blames(at) and not any(place in self._signs for place in range(begin, close)):
            self.weighed = (begin, at)

    def _refuse(self, at, end):
        """Refuse what stands before a verdict in its sentence, or behind it, or else the sentence before."""
        begin, close = self._sentence(at)
        if self._telling(begin, at):
            self.starts.add(begin)
            self.passed.update(range(at, close))
            return
        if self._telling(end, close):
            self.starts.add(end)
        elif begin > 1:
            self.starts.add(self._sentence(begin - 2)[0])
        self.passed.update(range(begin, end))

    def _doubt(self, at, end, how):
        """Refuse what a question doubts: "¿Por qué prohibir …?". "Por qué no …" proposes, or tells what is missing."""
        begin, close = self._sentence(at)
        if any(word not in self._rules.openers for word in self._words[begin:at]) or end >= close:
            return
        if self._words[end] in self._rules.nots:
            self.passed.update(range(begin, end + 1))
            return
        denied = [place for place in range(end, close) if self._words[place] in self._rules.nots]
        if denied:
            self.passed.update((*range(begin, end), *denied))  # "why don't we have a pool"
            return
        asked_of_a_thing = how == "thing" and self._words[close : close + 1] == ["?"]  # "¿Para qué más parques?"
        if how == "sure" or asked_of_a_thing or self._proposed(end, how):
            self.starts.add(end)
        elif not any(place in self._signs and self._signs[place][1][0] != "neutral" for place in range(end, close)):
            return  # "why is the bus late" asks for no end of buses
        else:
            self.starts.add(next(place for place in range(end, close) if place in self._signs))
        self.passed.update(range(begin, end))

    def _proposed(self, at, how):
        """Whether a question's verb at `at` says what somebody would do, not what is."""
        word = self._words[at]
        if word in self._rules.modals:
            return True
        if how == "bare":
            return word not in self._rules.askers and word not in STOP_WORDS
        return len(word) > 3 and word.endswith(self._rules.infinitives)


def split_at(words, at, signs, vocabulary):
    """Return (sign, where the second half begins, where it ends) of a verb in two halves at `at`, or None."""
    halves = vocabulary.splits.get(words[at])
    if not halves:
        return None
    signed = False
    for place in range(at + 1, min(at + 1 + _FARTHEST, len(words))):
        if words[place] in BREAKS:
            return None
        for half, sign in halves if place > at + 1 else ():
            if _meets(words, place, half):
                neutral = place in signs and signs[place][1][0] == "neutral"
                held = signed and sign not in _STAYING  # "get more buses out"
                return None if neutral or held else (sign, place, place + len(half) - half.count(END))
        signed = signed or place in signs and signs[place][1][0] != "neutral"
    return None


def _meets(words, place, half):
    if half[-1] == END:
        half = half[:-1]
        if words[place + len(half) : place + len(half) + 1] not in ([], *([sign] for sign in BREAKS)):
            return False
    return words[place : place + len(half)] == half
