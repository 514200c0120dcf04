"""Many phrases looked up at once: a dictionary by first word instead of hundreds of expressions.

A phrase is words parted by spaces, folded and without articles as a Reading has them; `fiscaliz*` is any word that
starts so; `a|b` one of two; `_` any one word that is no sign.
"""

from itertools import product

from consulta.similarity.reading import _ARTICLES, _CONTRACTIONS, BREAKS
from consulta.similarity.words import fold

_KEPT = 50_000


class Phrases:
    """Phrases of several families (stance, target, …), each with the classes it names."""

    def __init__(self):
        self._exact = {}
        self._begun = {}
        self._longest = 0
        self._seen = {}

    def add(self, family, name, phrases):
        """Add `phrases` (strings) that say class `name` of `family`."""
        for phrase in phrases:
            for elements in _elements(phrase):
                first = elements[0]
                table = self._begun if first.endswith("*") else self._exact
                entry = (elements, family, name)
                if entry not in table.setdefault(first.rstrip("*"), []):
                    table[first.rstrip("*")].append(entry)
        self._longest = max(map(len, self._begun), default=0)
        self._seen = {}

    def find(self, words):
        """Return [(start, end, family, names)] in order: at each place the longest phrase of each family.

        Of equally long ones the more exact wins; classes of one and the same phrase are told together.
        """
        found, free = [], {}
        for at, word in enumerate(words):
            for elements, family, names in self._of(word):
                if free.get(family, 0) > at:
                    continue
                if len(elements) == 1 or _fits(words, at, elements):
                    found.append((at, at + len(elements), family, names))
                    free[family] = at + len(elements)
        return found

    def _of(self, word):
        known = self._seen.get(word)
        if known is None:
            entries = list(self._exact.get(word, ()))
            for length in range(1, min(len(word), self._longest) + 1):
                entries += self._begun.get(word[:length], ())
            merged = {}
            for elements, family, name in entries:
                merged.setdefault((elements, family), []).append(name)
            known = [(elements, family, tuple(names)) for (elements, family), names in merged.items()]
            known.sort(key=lambda entry: (-len(entry[0]), -sum(len(e) + 50 * (e[-1] != "*") for e in entry[0])))
            if len(self._seen) >= _KEPT:
                self._seen.clear()
            self._seen[word] = known
        return known


def phrases_of(text):
    """Return the phrases of a string of the data file, parted by commas or line ends."""
    return [phrase.strip() for line in text.splitlines() for phrase in line.split(",") if phrase.strip()]


def _elements(phrase):
    words = fold(phrase).replace("'", " ").replace("-", " ").split()
    words = [_CONTRACTIONS.get(word, word) for word in words if word not in _ARTICLES] or words
    return list(product(*(word.split("|") for word in words)))


def _fits(words, at, elements):
    if at + len(elements) > len(words):
        return False
    for offset, element in enumerate(elements):
        word = words[at + offset]
        if element[-1] == "*":
            if not word.startswith(element[:-1]):
                return False
        elif element == "_":
            if word in BREAKS:
                return False
        elif word != element:
            return False
    return True
