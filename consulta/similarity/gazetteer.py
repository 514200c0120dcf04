"""Territories found in texts by name, alias and people ("penquista"), and whether two texts name different ones.

Names that are surnames or ordinary words too ("Coronel", "La Reina", "Castro") count only with a sign that a place is
meant: "comuna de", a preposition and a capital, or what only a place does ("Coronel necesita"). Which ones, and aliases
by key, stand in es/guards.toml [places].
"""

from consulta.similarity.guard_data import folded_phrases, vocabulary
from consulta.similarity.localities import is_cased
from consulta.similarity.phrases import phrases_of
from consulta.similarity.reading import ARTICLES, BREAKS, read
from consulta.similarity.words import fold

_OPENING = frozenset(",(:;—–\n.")
_ARTICLES = frozenset("el la los las the".split())


class Gazetteer:
    """Places by name.

    rows: iterable of (key, names, parents): key a string ("CL-08"), names its spellings, parents keys it lies in
    (the nearest suffice). Aliases of the data files join the rows that have their key.
    """

    def __init__(self, rows):
        rows = [(key, tuple(names), tuple(parents)) for key, names, parents in rows]
        table = vocabulary().tables["places"]
        parents = {key: set(above) for key, _, above in rows}
        self._above = {key: _closure(key, parents) for key in parents}
        self.keys = frozenset(parents)
        self._holding = frozenset(above for key in self._above for above in self._above[key])
        self._passing, self._shown = _parted(table["passing"]), _parted(table["shown"])
        self._markers = _parted(table["markers"])
        self._levels = {name: _parted(phrases) for name, phrases in table["levels"].items()}
        self._towards, self._dates = folded_phrases(table["towards"]), folded_phrases(table["dates"])
        self._needs = folded_phrases(vocabulary().tables["names"]["needs"])
        self._prepositions, self._streets = folded_phrases(table["prepositions"]), folded_phrases(table["streets"])
        self._ambiguous, self._ordinary = _parted(table["ambiguous"]), _parted(table["ordinary"])
        self._prefer = {_words(name): key for name, key in table["prefer"].items()}
        self._names = {}
        for key, names, _ in rows:
            people = [form for phrase in phrases_of(table["people"].get(key, "")) for form in _forms(phrase)]
            for name in (*names, *phrases_of(table["aliases"].get(key, "")), *people):
                if name:
                    self._names.setdefault(_words(name), set()).add(key)
        self._names.pop((), None)
        self._starts = {}
        for words in sorted(self._names, key=len, reverse=True):
            self._starts.setdefault(words[0], []).append(words)

    def find(self, text):
        """Return the keys of the places that `text` names; the longest match wins."""
        every = read(text, vocabulary().numbers).every
        return frozenset(key for _, _, key in self.spans(every))

    def spans(self, every, *, wanted=False):
        """Return [(start, end, key)] of the places named in the tokens of a Reading.every.

        wanted: without those in passing, as in "vivo en …", "como en …", "en … ya existe".
        """
        spans, at = [], 0
        spelled, folded = [token for token, _ in every], [word for _, word in every]
        cased = is_cased(spelled, folded)
        while at < len(folded):
            for words in self._starts.get(folded[at], ()):
                if tuple(folded[at : at + len(words)]) == words and self._meant(words, at, every, folded, cased):
                    if not (wanted and self._in_passing(folded, at, at + len(words))):
                        spans.append((at, at + len(words), self._key(words, folded, at)))
                    at += len(words) - 1
                    break
            at += 1
        return spans

    def differ(self, one, other):
        """Return whether both name places and none of one equals, contains or lies in one of the other.

        Two places each are the ends of a way: both must agree.
        """
        one, other = self._narrowest(one), self._narrowest(other)
        if not one or not other:
            return False
        if len(one) == len(other) == 2:
            return any(self._apart(end, other) for end in one) and any(self._apart(end, one) for end in other)
        return all(self._apart(place, other) for place in one)

    def holds(self, key):
        """Return whether other territories lie in this one."""
        return key in self._holding

    def _in_passing(self, folded, at, end):
        return _stands_before(self._passing, folded, at) or any(
            tuple(folded[end : end + length]) in self._shown for length in (1, 2, 3)
        )

    def _apart(self, place, others):
        """Whether a place neither equals, contains nor lies in one of `others`."""
        above = self._above.get(place, ())
        return not any(place == other or other in above or place in self._above.get(other, ()) for other in others)

    def _narrowest(self, keys):
        """Leave out what only says where the others lie: "Talca, Región del Maule" is Talca."""
        return {key for key in keys if not any(key in self._above.get(other, ()) for other in keys)}

    def _key(self, words, folded, at):
        """One territory of those that bear a name: by the level named before it, by the data, else the smallest."""
        keys = sorted(self._names[words], key=lambda key: (len(self._above.get(key, ())), key))
        if len(keys) == 1:
            return keys[0]
        for level, markers in self._levels.items():
            if _stands_before(markers, folded, at):
                return keys[0] if level == "region" else keys[-1] if level == "commune" else keys[len(keys) // 2]
        preferred = self._prefer.get(words)
        return preferred if preferred in keys else keys[-1]

    def _meant(self, words, at, every, folded, cased):
        """Whether words that name a territory do so here."""
        before = folded[at - 1] if at else "\n"
        if before in self._streets:
            return False
        loose, strict = words in self._ambiguous, words in self._ordinary
        if not loose and not strict or _stands_before(self._markers, folded, at):
            return True
        end = at + len(words)
        capital = cased and every[at][0][:1].isupper() and every[end - 1][0][:1].isupper()
        needing = capital and before not in _ARTICLES and end < len(folded) and folded[end] in self._needs
        if strict:
            return needing or capital and before in self._towards and words[0] not in self._dates
        return needing or self._named(words, before, cased, capital) and not (before in _ARTICLES and at > 1)

    def _named(self, words, before, cased, capital):
        """Whether a surname is a place: after a preposition; without capitals "para los lagos" may be about lakes."""
        if cased:
            return capital and (before in self._prepositions or before in _OPENING)
        return before in vocabulary().inside or before in self._towards and words[0] not in ARTICLES


def _stands_before(markers, folded, at):
    return any(tuple(folded[at - length : at]) in markers for length in (1, 2, 3, 4) if at >= length)


def _closure(key, parents):
    above, waiting = set(), list(parents.get(key, ()))
    while waiting:
        parent = waiting.pop()
        if parent not in above and parent != key:
            above.add(parent)
            waiting.extend(parents.get(parent, ()))
    return frozenset(above)


def _forms(word):
    """The gender and number forms of a Spanish word for people of a place, given in the masculine."""
    word = fold(word)
    if word.endswith("o"):
        return [word[:-1] + ending for ending in ("o", "a", "os", "as")]
    return [word, word + "s"]


def _words(name):
    return tuple(word for _, word in read(name, vocabulary().numbers).every if word not in BREAKS)


def _parted(text):
    return frozenset(_words(phrase) for phrase in phrases_of(text)) - {()}
