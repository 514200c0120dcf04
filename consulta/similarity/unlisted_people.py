"""Groups of people that no list of classes holds: "para los toneleros", "weavers should …".

Trades and roles end alike ("-eros", "-istas", "-ers"), and stand behind few words ("para", "a", "de", "for"). A noun of
people that is followed by what its people work with ("jefes de gabinete", "poultry workers") is told by that. Lists of
things with such endings, and of nouns that mean anybody, stand in the data, [targets_unlisted].
"""

from functools import lru_cache
from typing import NamedTuple

from consulta.similarity.guard_data import folded_phrases, vocabulary
from consulta.similarity.lexicon import shipped
from consulta.similarity.stances import root
from consulta.similarity.wording import SETTLED
from consulta.similarity.words import STOP_WORDS

# "Para todos los jóvenes pescadores": so many words may stand between "para" and a noun of people.
_BETWEEN = 2


class People(NamedTuple):
    """A folded word for a group of people; told: it is what its people work with, not who they are."""

    word: str
    told: bool


class _Rules(NamedTuple):
    before: frozenset
    of: frozenset
    endings: tuple
    sure: tuple
    begun: tuple
    people: frozenset
    heads: frozenset
    tails: frozenset
    nobody: frozenset


@lru_cache(maxsize=1)
def _rules():
    table = vocabulary().tables["targets_unlisted"]
    people = folded_phrases(table["people"])
    return _Rules(
        folded_phrases(table["before"]),
        folded_phrases(table["of"]),
        tuple(folded_phrases(table["endings"])),
        tuple(folded_phrases(table["sure"])),
        tuple(word[:-1] for word in people if word.endswith("*")),
        frozenset(word for word in people if not word.endswith("*")),
        folded_phrases(table["heads"]),
        folded_phrases(table["tails"]),
        folded_phrases(table["anybody"]) | folded_phrases(table["things"]),
    )


@lru_cache(maxsize=16_384)
def people_in(words):
    """Return {root: People} of the nouns that tell groups without a class. words: those of a title (Traits.words)."""
    rules, found = _rules(), {}
    for at, word in enumerate(words):
        if not _named(words, at, rules):
            continue
        telling = _told_by(words, at, rules)
        if telling:
            found[root(telling)] = People(telling, True)
        elif _is_people(word, rules):
            found[root(word)] = People(word, False)
    return found


def _named(words, at, rules):
    """Whether a noun stands where those do whom a title is about: at its start, or behind "para", "a", "of".

    After a first "que" that is anywhere: "que declaren su patrimonio los rectores".
    """
    first = max(0, at - 1 - _BETWEEN)
    return (
        at < 2
        or words[0].removeprefix(SETTLED) == "que"
        or any(words[place].removeprefix(SETTLED) in rules.before for place in range(first, at))
    )


def _is_people(word, rules):
    """Whether a word means people: by a list, or by its ending, mostly where the lexicon knows nothing of that name."""
    if word[0] == SETTLED or word in rules.nobody or word in STOP_WORDS:
        return False
    if word in rules.people or word.startswith(rules.begun):
        return True
    if len(word) > 6 and word.endswith(rules.sure):
        return True
    return len(word) > 5 and word.endswith(rules.endings) and not shipped().named_by(word)


def _told_by(words, at, rules):
    """The word that tells what people a general noun means: "jefes de gabinete", "poultry workers"; or None."""
    word = words[at].removeprefix(SETTLED)
    if word in rules.heads and at + 2 < len(words) and words[at + 1] in rules.of:
        telling = words[at + 2]
    elif word in rules.tails and at and words[at - 1] not in rules.before:
        telling = words[at - 1]
    else:
        return None
    known = telling[0] == SETTLED or telling in STOP_WORDS or not telling.isalpha() or len(telling) < 3
    return None if known else telling


def one_group(one, other):
    """Return whether words of two groups are names of one. one, other: iterables of folded words."""
    mine, theirs = ({line for word in words for line in _lines().get(root(word), ())} for words in (one, other))
    return not mine.isdisjoint(theirs)


@lru_cache(maxsize=1)
def _lines():
    """{root: the numbers of the lines of other names in which it stands}."""
    lines = {}
    for number, line in enumerate(vocabulary().tables["targets_unlisted"]["same"].split("\n")):
        for word in folded_phrases(line):
            lines.setdefault(root(word), set()).add(number)
    return lines
