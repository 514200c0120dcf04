"""The lexicon: words and short phrases that name one thing in public consultations, so that "micro" meets "bus".

Read from consulta/data/similarity/<language>/concepts.toml. A text is read by the rules of its own language where its
words of grammar tell that, else by those of all; an English and a Spanish text meet in the concepts they share.
"""

import threading
import tomllib
from functools import cache, lru_cache
from pathlib import Path

from Stemmer import Stemmer

from consulta.similarity.words import STOP_WORDS, fold, language_of, stem, words

FOLDER = Path(__file__).parent.parent / "data" / "similarity"
GENERIC = "generic"
# How much of a concept a word names that is part of a phrase for another concept.
INSIDE = 0.5

# What a stemmer has no rule for is kept as it is; nobody writes longer words.
_LONGEST_WORD = 30
# Shorter words are too often one letter from another word.
_LONG_ENOUGH = 7
# A Stemmer must not be used by two threads at once.
_in_use = threading.Lock()
_spanish, _english = Stemmer("spanish"), Stemmer("english")


@lru_cache(maxsize=2**16)
def root(word):
    """Return the folded `word` without its endings, the Spanish ones and then the English (Snowball, Porter 2001).

    Both, whatever the text is written in: a word has one root wherever it stands.
    """
    if len(word) > _LONGEST_WORD or not (word.isascii() and word.isalpha()):
        return word
    # The stemmer knows "-ción" by its accent, which folding took away.
    word = word[:-2] + "ón" if word.endswith(("cion", "sion")) else word
    with _in_use:
        return fold(_english.stemWord(fold(_spanish.stemWord(word))))


class Lexicon:
    """Concepts by the phrases that name them, and the words that nearly every proposal holds.

    tables: for each language a dictionary theme -> concept -> phrases, parted by commas, as in concepts.toml; the theme
    `generic` holds the words and the themes that any proposal may hold, parted by blanks (`generic`, folded, and the
    concepts of those themes, `common`), and the `language`, if any. Raises ValueError for a phrase without any word.
    """

    def __init__(self, tables):
        self.generic = frozenset(word for table in tables for word in fold(table[GENERIC]["words"]).split())
        concepts, common = set(), set()
        for table in tables:
            for theme, named in table.items():
                if theme != GENERIC:
                    (common if theme in table[GENERIC]["themes"].split() else concepts).update(named)
        self.common = frozenset(common - concepts)
        self.concepts = tuple(sorted(concepts | common))
        self._numbers = {concept: number for number, concept in enumerate(self.concepts)}
        # A text whose language is plain is read by that one alone: "van", "sea" and "plan" are other words in another.
        names = [_Names(table) for table in tables]
        self._by_language = {
            table[GENERIC]["language"]: own
            for table, own in zip(tables, names, strict=True)
            if "language" in table[GENERIC]
        }
        self._every_language = names[0].joined(names[1:])
        self._named_by = lru_cache(maxsize=2**16)(lambda word: tuple(self.found([word])))

    def __contains__(self, concept):
        return concept in self._numbers

    def number(self, concept):
        """Return the place of `concept` among all, from 0."""
        return self._numbers[concept]

    def found(self, every):
        """Return the concepts named in a text, in order; every: all folded words of the text. See `shares`."""
        return [concept for concept, share in self.shares(every) if share == 1]

    def named_by(self, word):
        """Return the concepts that a folded word alone names, a tuple; kept for next time."""
        return self._named_by(word)

    def shares(self, every):
        """Return (concept, share) for everything named in a text, in order, a concept as often as it is named.

        every: all folded words of the text. The longest phrase that begins at a word is taken, with share 1, and the
        search goes on behind it; words of grammar inside a phrase may be others, or missing. A word inside a phrase
        that has a concept of its own names it by INSIDE: "more night buses" is about buses too.
        """
        return self._by_language.get(language_of(every), self._every_language).shares(every)


class _Names:
    """What single words and phrases name, by the table of one language, or by several joined."""

    def __init__(self, table=None):
        # A single word is looked up as it stands, then without its plural, then by its root; phrases by roots.
        self._words, self._singular, self._roots, self._phrases, self._misspelled = {}, {}, {}, {}, {}
        self._single = lru_cache(maxsize=2**16)(self._named)
        if table is None:
            return
        for theme, named in table.items():
            for concept, phrases in named.items() if theme != GENERIC else ():
                for phrase in phrases.split(","):
                    self._plant(phrase.strip(), concept)
        for word in self._words:
            for shorter in _shortened(word):
                self._misspelled.setdefault(shorter, {})[word] = None

    def joined(self, others):
        """Return these names and those of `others` as one; nothing is planted anew, which takes most of the time."""
        every = _Names()
        for one in (self, *others):
            for into, own in zip(every._tables(), one._tables(), strict=True):
                _join(into, own)
        return every

    def _tables(self):
        return self._words, self._singular, self._roots, self._phrases, self._misspelled

    def shares(self, every):
        """Return what `Lexicon.shares` does."""
        found, place = [], 0
        while place < len(every):
            concepts, length = self._longest(every, place)
            if length:
                inside = {own: None for word in every[place : place + length] for own in self._single(word)}
                found.extend((own, INSIDE) for own in inside if own not in concepts)
            else:
                concepts, length = self._single(every[place]), 1
            found.extend((concept, 1.0) for concept in concepts)
            place += length
        return found

    def _named(self, word):
        """Return the concepts of a single word, one that is misspelled by a letter included."""
        found = self._words.get(word)
        if found is None and word in STOP_WORDS:
            return ()  # "para" is no form of "paradero"
        # What several concepts share only once its ending is cut ("banca", "banco") is told apart by the ending.
        found = found or _only(self._singular.get(stem(word))) or _only(self._roots.get(root(word)))
        if found is None:
            meant = set().union(*(self._misspelled.get(shorter, ()) for shorter in _shortened(word)))
            classes = {tuple(self._words[other]) for other in meant if other[0] == word[0]}
            found = classes.pop() if len(classes) == 1 else ()
        return tuple(found)

    def _plant(self, phrase, concept):
        every = words(fold(phrase))
        if not every:
            raise ValueError(f"{concept}: {phrase!r} holds no word")
        if len(every) == 1:
            levels = [(self._words, every[0])]
            if not phrase.startswith("="):
                levels += [(self._singular, stem(every[0])), (self._roots, root(every[0]))]
            for level, key in levels:
                level.setdefault(key, {})[concept] = None
            return
        telling = [word for word in every if word not in STOP_WORDS]
        node = self._phrases
        # "en vivo" is no phrase without its "en".
        for word in telling if len(telling) > 1 else every:
            node = node.setdefault(word if word in STOP_WORDS else root(word), {})
        node.setdefault("", {})[concept] = None

    def _longest(self, every, start):
        """Return the concepts of the longest phrase that begins at `start`, and its length in words, or 0."""
        node, found, length = self._phrases, (), 0
        for place in range(start, len(every)):
            word = every[place]
            below = node.get(word if word in STOP_WORDS else root(word))
            if below is None:
                if place > start and word in STOP_WORDS:
                    continue
                break
            node = below
            if "" in node:
                found, length = node[""], place - start + 1
        return found, length


def _only(found):
    """Return the concepts that a word without its ending names if they are one, or None."""
    return found if found and len(found) == 1 else None


def _join(into, own):
    """Add to a table of tables all that another holds."""
    for key, below in own.items():
        if below is None:
            into[key] = None
        else:
            _join(into.setdefault(key, {}), below)


def _shortened(word):
    """Return the long `word` and what is left of it without one letter: two words that share one differ by a slip."""
    if len(word) < _LONG_ENOUGH or not word.isalpha():
        return set()
    return {word} | {word[:place] + word[place + 1 :] for place in range(1, len(word))}


@cache
def shipped():
    """Return the Lexicon of all languages that the package carries."""
    return Lexicon([tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*/concepts.toml"))])
