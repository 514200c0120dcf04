"""Local names that no official list holds: "calle Los Aromos", "junta de vecinos 5", "Mill Road", "en Patronato"."""

from typing import NamedTuple

from consulta.similarity.reading import BREAKS
from consulta.similarity.words import STOP_WORDS

_LONGEST = 3
NAMED = "named"


class Name(NamedTuple):
    """group ("street", "quarter"; "named" for a capital after "en"), its telling words, and the words as written."""

    group: str
    words: frozenset
    spelled: str


def names_in(reading, found, vocabulary, known=frozenset()):
    """Return the local names of a Reading. found: {family: {start: (end, names)}}; known: folded words of territories."""
    names = set()
    cased = any(token.islower() for token in reading.spelled if len(token) > 1)
    for start, (end, groups) in found.get("kind_before", {}).items():
        names.add(_following(reading, start, end, groups[0], cased, vocabulary))
    for start, (end, groups) in found.get("kind_after", {}).items():
        names.add(_preceding(reading, start, end, groups[0], cased, vocabulary))
    if cased:
        for at, word in enumerate(reading.words[:-1]):
            if word in ("en", "in") and _telling(reading, at + 1) and reading.words[at + 1] not in vocabulary.no_place:
                names.add(_name(reading, at + 1, _end(reading, at + 1, vocabulary), NAMED, vocabulary))
    names.discard(None)
    return frozenset(name for name in names if not name.words & known)


def differing_names(one, other):
    """Return the words of each side if both name a local place of one group and share none; None otherwise."""
    shared = {word for name in one for word in name.words} & {word for name in other for word in name.words}
    if shared:
        return None
    groups = {name.group for name in one} & {name.group for name in other}
    if not groups:
        return None
    group = min(groups)
    mine = sorted(name.spelled for name in one if name.group == group)
    theirs = sorted(name.spelled for name in other if name.group == group)
    return tuple(mine), tuple(theirs)


def _following(reading, start, end, group, cased, vocabulary):
    at = end
    if at < len(reading.words) and reading.words[at] == "de":
        at += 1
    if at >= len(reading.words) or reading.words[at] in BREAKS:
        return None
    if reading.values[at] is not None:
        plain = at == end and reading.spelled[at].isdigit() and group != "law"
        return Name(group, frozenset((reading.words[at],)), _spelled(reading, start, at + 1)) if plain else None
    if cased and _telling(reading, at):
        return _name(reading, at, _end(reading, at, vocabulary), group, vocabulary, start)
    if reading.words[end - 1] in vocabulary.sure and at == end and _name_like(reading.words[at], vocabulary):
        return _name(reading, at, at + 1, group, vocabulary, start)
    return None


def _preceding(reading, start, end, group, cased, vocabulary):
    """English: the capitals right before "Road" or "district"."""
    at = start
    while at > 0 and start - at < _LONGEST and _telling(reading, at - 1):
        at -= 1
    if not cased or at == start or start and reading.words[start - 1] in vocabulary.common:
        return None
    if start - at > 1 and (at == 0 or reading.words[at - 1] in BREAKS):
        at += 1
    return _name(reading, at, start, group, vocabulary, at, end)


def _end(reading, at, vocabulary):
    end = at
    while end < len(reading.words) and end - at < _LONGEST and _telling(reading, end):
        end += 1
    return end


def _name(reading, at, end, group, vocabulary, first=None, last=None):
    words = frozenset(reading.words[at:end])
    words = (words - vocabulary.weak or words) - vocabulary.common
    spelled = _spelled(reading, at if first is None else first, end if last is None else last)
    return Name(group, words, spelled) if words else None


def _telling(reading, at):
    """Whether a capitalised word stands there."""
    token = reading.spelled[at]
    return token[0].isalpha() and token[0].isupper() and len(token) > 1 and reading.words[at] not in STOP_WORDS


def _name_like(word, vocabulary):
    return len(word) > 3 and word.isalpha() and word not in vocabulary.common and word not in STOP_WORDS


def _spelled(reading, start, end):
    return " ".join(reading.spelled[start:end])
