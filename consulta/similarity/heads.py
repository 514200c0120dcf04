"""What a title asks for, apart from whom, where and why: "camas" of "Más camas en psiquiatría para bajar la espera".

The head is what stands before the first word of grammar that leads on ("de", "para", "in"),
behind the verb, or behind a word that says what is wanting ("psiquiatría necesita más enfermeras").
"""

from functools import lru_cache
from typing import NamedTuple

from consulta.similarity.deeds import deeds
from consulta.similarity.guard_data import folded_phrases, vocabulary
from consulta.similarity.reading import ARTICLES
from consulta.similarity.words import STOP_WORDS

# Where a title that names nothing is not followed any further.
_MOST_PARTS = 3


class Head(NamedTuple):
    """places: of the words that name what is asked for; verb: the place of the word that says what is done, or None;
    counted: whether more of it is asked for ("más", "faltan")."""

    places: tuple
    verb: int | None
    counted: bool


class _Rules(NamedTuple):
    tails: frozenset
    needs: frozenset
    stops: frozenset
    light: frozenset
    counted: frozenset
    acts: tuple
    openers: frozenset
    causes: frozenset
    lacks: tuple


@lru_cache(maxsize=1)
def head_words():
    """Return what the data files say of the words around what a title asks for."""
    rules = vocabulary()
    table = rules.tables["wording"]
    heads = {name: folded_phrases(phrases) for name, phrases in table["heads"].items()}
    light = (heads["light"] | folded_phrases(table["passing"]) | folded_phrases(table["manner"])) - heads["named"]
    return _Rules(
        heads["tails"],
        heads["needs"],
        heads["stops"],
        light,
        heads["counted"],
        (*rules.acts, *folded_phrases(table["heads"]["acts"])),
        folded_phrases(table["openers"]) | ARTICLES | {"a"},
        folded_phrases(table["causes"]),
        tuple(tuple(phrase.split()) for phrase in sorted(heads["lacks"])),
    )


def tails():
    """Return the words that lead on to whom, where and why, but those that begin what somebody is to do."""
    return head_words().tails - head_words().causes


@lru_cache(maxsize=16_384)
def head_of(words):
    """Return the Head of a title's plain folded words (a tuple), or None where the title is no such demand."""
    rules = head_words()
    at, verb = _begins(words, rules)
    if at is None:
        return None
    for _ in range(_MOST_PARTS):
        places = []
        while at < len(words) and (words[at] not in rules.tails or not places and words[at] in rules.stops):
            # "Less often" says how, behind a thing.
            if words[at] in rules.stops:
                return None
            if words[at] not in STOP_WORDS and words[at] not in rules.openers:
                places.append(at)
            at += 1
        if any(words[place] not in rules.light for place in places):
            return Head(tuple(places), verb, not rules.counted.isdisjoint(words[: places[0]]))
        while at < len(words) and words[at] in rules.tails:
            at += 1
    return None


def _begins(words, rules):
    """Return where what is asked for begins, and the place of the verb before it; (None, None) where nothing is."""
    wanting = _wanting(words, rules)
    if wanting is not None:
        return wanting, None
    known = deeds()
    at = 0
    while at < len(words) and words[at] in rules.openers:
        at += 1
    if at == len(words):
        return None, None
    if not rules.causes.isdisjoint(words[:at]):
        place = known.of(words)[1]
        return (None, None) if place is None else (place + 1, place)
    act = known.act(words[at]) or words[at].endswith(rules.acts)
    return (at + 1, at) if act else (at, None)


def _wanting(words, rules):
    """Return the place behind a word or phrase that says what is wanting, or None: "no hay", "la feria necesita"."""
    for phrase in rules.lacks:
        if words[: len(phrase)] == phrase:
            return len(phrase)
    for place, word in enumerate(words):
        if word in rules.needs:
            return place + 1
        if " ".join(words[place : place + 2]) in rules.needs:
            return place + 2
        if word in rules.stops:
            break
    return None


def tells(word):
    """Return whether a plain folded word names a thing, as far as the lists of light words know."""
    return word.isalpha() and len(word) > 1 and word not in STOP_WORDS and word not in head_words().light
