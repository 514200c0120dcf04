"""Many phrases looked up at once: a dictionary by first word instead of hundreds of expressions.

A phrase is words parted by spaces, folded and without articles as a Reading has them; `fiscaliz*` is any word that
starts so; `a|b` one of two; `_` any one word that is no sign.
"""

from itertools import product

from consulta.similarity.reading import ARTICLES, BREAKS, CONTRACTIONS
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
        last = len(words) - 1
        for at, word in enumerate(words):
            entries = self._seen.get(word)
            if entries is None:
                entries = self._look_up(word)
            following, loose, single = entries
            if at < last and (following or loose):
                for elements, family, names in _merged(following.get(words[at + 1], ()), loose):
                    if free.get(family, 0) <= at and _fits(words, at, elements):
                        found.append((at, at + len(elements), family, names))
                        free[family] = at + len(elements)
            for _alone, family, names in single:
                if free.get(family, 0) <= at:
                    found.append((at, at + 1, family, names))
                    free[family] = at + 1
        return found

    def _look_up(self, word):
        """Return the phrases that `word` can begin, longest first: by their second word, with a loose one, alone."""
        entries = list(self._exact.get(word, ()))
        for length in range(1, min(len(word), self._longest) + 1):
            entries += self._begun.get(word[:length], ())
        merged = {}
        for elements, family, name in entries:
            merged.setdefault((elements, family), []).append(name)
        known = [(elements, family, tuple(names)) for (elements, family), names in merged.items()]
        known.sort(key=_rank)
        following = {}
        for entry in known:
            if len(entry[0]) > 1 and not _loose(entry[0][1]):
                following.setdefault(entry[0][1], []).append(entry)
        loose = [entry for entry in known if len(entry[0]) > 1 and _loose(entry[0][1])]
        single = [entry for entry in known if len(entry[0]) == 1]
        if len(self._seen) >= _KEPT:
            self._seen.clear()
        # Threads may find the same at once, or empty the dictionary: each returns its own.
        entries = self._seen[word] = following, loose, single
        return entries


def _rank(entry):
    """Longer before shorter, exact words before beginnings."""
    return -len(entry[0]), -sum(len(element) + 50 * (element[-1] != "*") for element in entry[0])


def _loose(element):
    return element[-1] == "*" or element == "_"


def _merged(one, other):
    if one and other:
        return sorted((*one, *other), key=_rank)
    return one or other


def phrases_of(text):
    """Return the phrases of a string of the data file, parted by commas or line ends."""
    return [phrase.strip() for line in text.splitlines() for phrase in line.split(",") if phrase.strip()]


def _elements(phrase):
    words = fold(phrase).replace("'", " ").replace("-", " ").split()
    words = [CONTRACTIONS.get(word, word) for word in words if word not in ARTICLES] or words
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
