"""The words of a title as the guard of measures takes them: what names a thing, what describes, what only leads on.

What a word names comes from the lexicon, what describes from lists and endings ("baños limpios"). Words of a body are
kept as bits of one integer (a Bloom filter of one hash), so that 100,000 texts stay small; two words that share a bit
by chance only silence a warning.
"""

from functools import lru_cache
from os.path import commonprefix
from typing import NamedTuple

from consulta.similarity.deeds import bit_of, deeds
from consulta.similarity.guard_data import folded_phrases, vocabulary
from consulta.similarity.lexicon import root as whole_root
from consulta.similarity.lexicon import shipped
from consulta.similarity.reading import BREAKS
from consulta.similarity.stances import root
from consulta.similarity.words import STOP_WORDS, language_of

LONGEST_TITLE = 40
_LONGEST_PHRASE = 4
# How many words a "no" refuses.
_REFUSED = 3
# What share of the shorter of two words both must begin with to be one.
_ALIKE = 0.75

_JOINING = ("y", "e", "o", "u", "and")
# Before a word that another guard weighs: signs, groups of people, places, numbers.
SETTLED = "~"


def line_of(reading, settled, acts):
    """Return the words of a title in order, signs left out. settled: places of words that another guard weighs;
    acts: endings of the names of acts.

    The act that opens a title counts as settled: there are many names for "mejorar", and those that matter are deeds.
    """
    line = []
    # "Bigger" and "solar" end like Spanish verbs.
    foreign = language_of([word for _, word in reading.every]) == "en"
    for at, word in enumerate(reading.words):
        if word in BREAKS:
            continue
        ends = word.endswith(acts) and not foreign and word not in _rules().manner
        act = not line and (deeds().known(word) or ends)
        # A word for a unit is one only behind a number: "water meters".
        weighed = at in settled and not (word in vocabulary().units and (at == 0 or reading.values[at - 1] is None))
        line.append(f"{SETTLED}{word}" if act or weighed or reading.values[at] is not None else word)
    return tuple(line)


def mask_of(words):
    """Return the roots and concepts of folded `words` as bits of an integer."""
    mask = 0
    for word in words:
        mask |= _bits(word)
    for concept in shipped().found(list(words)):
        mask |= bit_of(concept)
    return mask


class Line(NamedTuple):
    """What the words of a title are to the guard: tuples of one length.

    roots; heavy: the places of words that are no grammar; telling: whether the word names what is asked for;
    describing: whether it describes a thing; alone: concepts that it names by itself; within: those of phrases that it
    is a part of.
    """

    roots: tuple
    heavy: frozenset
    telling: tuple
    describing: tuple
    alone: tuple
    within: tuple

    def named(self, places):
        """Return the concepts that the words at some places name, alone or in phrases."""
        return frozenset(concept for at in places for concept in self.alone[at] | self.within[at])


def plain_words(words):
    """Return the words of a title's line (Traits.words) without marks, a tuple."""
    return tuple(word.removeprefix(SETTLED) for word in words)


@lru_cache(maxsize=16_384)
def title_mask(words):
    """Return the roots and concepts of a title's words, marked or not, as bits; kept for next time."""
    return mask_of(plain_words(words))


@lru_cache(maxsize=16_384)
def deed_of(words):
    """Return the words of a title's line without marks, what `Deeds.of` says of them, and where; kept for next time."""
    plain = plain_words(words)
    return plain, *deeds().of(plain, words[:1] != plain[:1])


def refuses_lack(plain, at):
    """Return whether the word at a place is part of a lack that a title refuses: "no falten", "not be lost"."""
    nots, lacks = vocabulary().nots, _rules().lacks
    if plain[at] in nots:
        return any(word.startswith(lacks) for word in plain[at + 1 : at + 1 + _REFUSED])
    return plain[at].startswith(lacks) and not nots.isdisjoint(plain[max(0, at - _REFUSED) : at])


@lru_cache(maxsize=16_384)
def vague(words):
    """Return whether a title describes a thing instead of naming it: "un lugar donde dejar la bici"."""
    plain, _, place = deed_of(words)
    first = next((word for at, word in enumerate(plain) if at != place and word not in STOP_WORDS), "")
    return not _rules().vague.isdisjoint((first, *plain[:1]))


@lru_cache(maxsize=16_384)
def complains(words):
    """Return whether a title tells what is wrong with the thing that it begins with: "is falling apart"."""
    plain, found, _ = deed_of(words)
    rules = _rules()
    if found is not None or rules.tellers.isdisjoint(plain):
        return False
    return next(word in rules.tellers for word in plain if word in rules.tellers or word in rules.tails)


@lru_cache(maxsize=65_536)
def _bits(word):
    if word in STOP_WORDS or word in BREAKS or len(word) < 2:
        return 0
    mask = bit_of(root(word))
    for concept in shipped().named_by(word):
        mask |= bit_of(concept)
    return mask


@lru_cache(maxsize=16_384)
def line_by_words(words):
    """Return the Line of a title's words (a tuple, settled ones marked)."""
    plain = plain_words(words)
    alone = [frozenset(shipped().named_by(word)) for word in plain]
    within = [set() for _ in plain]
    # "estacionamientos seguros para bicicletas" is a phrase of the lexicon with what describes left out.
    kept = [at for at in range(len(plain)) if plain[at] not in _rules().manner]
    inner = {}
    for length in range(1, _LONGEST_PHRASE + 1):
        for start in range(len(kept) - length + 1):
            places = kept[start : start + length]
            found = set(alone[places[0]] if length == 1 else shipped().found([plain[at] for at in places]))
            for at in places if length > 1 else ():
                within[at] |= found - inner[start, length - 1] - inner[start + 1, length - 1]
            inner[start, length] = found.union(
                inner.get((start, length - 1), ()), inner.get((start + 1, length - 1), ())
            )
    heavy = frozenset(at for at in range(len(plain)) if plain[at] not in STOP_WORDS)
    telling = [_tells(words, at) for at in range(len(words))]
    describing = [_describes(plain, at) for at in range(len(words))]
    return Line(
        tuple(map(whole_root, plain)),
        heavy,
        tuple(telling),
        tuple(describing),
        tuple(alone),
        tuple(map(frozenset, within)),
    )


def _tells(words, at):
    """Whether the word at a place names what is asked for; grammar, what is settled and what describes does not."""
    word = words[at]
    rules = _rules()
    return (
        len(word) > 1
        and word[0] != SETTLED
        and word not in STOP_WORDS
        and word not in shipped().generic
        and word not in rules.silent
        and not _describes(words, at)
    )


def _describes(words, at):
    """Whether the word at a place describes: one that is listed, or with such an ending behind the name of a thing."""
    word, rules = words[at], _rules()
    if word in rules.manner:
        return True
    if not at or not word.endswith(rules.describing):
        return False
    # "Reducir la jornada".
    if at == 1 and deeds().act(words[0].removeprefix(SETTLED)):
        return False
    # "Bicicleteros techados y vigilados".
    return _names(words[at - 1]) or words[at - 1] in _JOINING and at > 1 and _describes(words, at - 2)


def _names(word):
    return len(word) > 2 and word not in STOP_WORDS and word not in _rules().silent


class _Rules(NamedTuple):
    silent: frozenset
    manner: frozenset
    describing: tuple
    vague: frozenset
    tellers: frozenset
    tails: frozenset
    lacks: tuple


@lru_cache(maxsize=1)
def _rules():
    """Return what the data files say of words that name no thing."""
    table = vocabulary().tables["wording"]
    manner = folded_phrases(table["manner"])
    return _Rules(
        folded_phrases(table["passing"]) | manner,
        manner,
        tuple(folded_phrases(table["describing"])),
        folded_phrases(table["vague"]),
        folded_phrases(table["tellers"]),
        folded_phrases(table["heads"]["tails"]),
        tuple(word.rstrip("*") for word in folded_phrases(vocabulary().tables["stance"]["lacks"])),
    )


def inside(word, others):
    """Whether a word is part of another, has it as a part, or begins alike: "medioambiente"; "Chiloé", "chilota"."""
    return len(word) > 4 and any(
        word in other or len(other) > 4 and (other in word or _begins_alike(word, other)) for other in others
    )


def _begins_alike(one, other):
    return len(commonprefix((one, other))) >= max(5, _ALIKE * min(len(one), len(other)))
