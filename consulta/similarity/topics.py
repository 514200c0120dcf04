"""What a title says behind the thing it names first: "el muro hay que botarlo", "la feria se queda", "no se vende"."""

from functools import lru_cache
from typing import NamedTuple

from consulta.similarity.claims import Clause, root, roots
from consulta.similarity.guard_data import folded_phrases, vocabulary
from consulta.similarity.reading import BREAKS
from consulta.similarity.words import STOP_WORDS

DENIED, WITH = "denied", "with"
_KEY = 5
_NEAREST = 3


class _Words(NamedTuple):
    """The table [stance.topics] of all languages, as sets of folded words.

    leads: words before a verb with a pronoun that make a demand of it; obliging: what makes one of "que"; enclitics:
    the pronouns, bare: the endings of verbs before them; stays: words that begin "se queda", "should stay"; neglected:
    roots of what is told where it is not done; turned: what stands between a "not" and the verb that is denied;
    along: "con"; states: words before a state that is only told; objects: "it"; off: "off"; changes,
    into: "cambiar", "por"; mends: words that begin a title which wants a thing bettered.
    """

    leads: frozenset
    obliging: frozenset
    enclitics: tuple
    bare: tuple
    stays: frozenset
    neglected: frozenset
    turned: frozenset
    along: frozenset
    states: frozenset
    objects: frozenset
    off: frozenset
    changes: frozenset
    into: frozenset
    mends: frozenset


@lru_cache(maxsize=1)
def topic_words():
    """Return the words of the data files that ship."""
    table = vocabulary().tables["stance"]["topics"]
    sets = {name: folded_phrases(table[name]) for name in _Words._fields}
    sets["enclitics"], sets["bare"] = tuple(sets["enclitics"]), tuple(sets["bare"])
    sets["neglected"] = frozenset(key_of(root(word)) for word in sets["neglected"])
    return _Words(**sets)


def clitic_at(words, at, rules):
    """Return the sign of a verb at `at` that asks something of what stands before it ("rechazarla"), or None."""
    told, word = topic_words(), words[at]
    if len(word) < 6 or not word.endswith(told.enclitics):
        return None
    verb = next(
        (word[: -len(end)] for end in told.enclitics if word.endswith(end) and _verbal(word[: -len(end)])), None
    )
    if verb is None or not _led(words, at, verb, rules):
        return None
    for _, _, family, names in rules.phrases.find([verb]):
        if family == "sign" and names[0] != "neutral":
            return names[0]
    return None


def _verbal(word):
    return len(word) > 3 and word.endswith(topic_words().bare)


def _led(words, at, verb, rules):
    """Whether a verb with a pronoun is what a title asks for: not "para venderlo", "en vez de botarlo"."""
    before = words[at - 1] if at else "."
    if before in BREAKS or before in rules.modals or verb[-1] == "n":
        return True
    if before in rules.asks:
        return at > 1 and words[at - 2] in topic_words().obliging
    return before in topic_words().leads


def details_in(reading, rules):
    """Return Clauses of what a title says is not done ("no se vende") and of what a thing is to have ("con reja")."""
    words, told = reading.words, topic_words()
    clauses = []
    for at, word in enumerate(words):
        if word in rules.nots:
            place = at + 1
            while place < len(words) and words[place] in told.turned:
                place += 1
            if place > at + 1 and place < len(words) and _denied(words, at, place, rules):
                clauses.append(_clause(DENIED, key_of(root(words[place])), " ".join(reading.spelled[at : place + 1])))
        elif word in told.off and at == 1 and words[0].endswith("s") and words[0] not in rules.splits:
            if len(words) > 2 and words[2] not in BREAKS and roots(words[:1]):  # not "a wind farm off the point"
                clauses.append(_governed("against", words[:1], " ".join(reading.spelled[:2])))
        elif at and word in told.into and words[0] in told.changes:
            new = words[at + 1 : at + 1 + _NEAREST]
            if roots(new) and roots(new).isdisjoint(roots(words[:at])):
                clauses.append(_governed("for", new, " ".join(reading.spelled)))
        elif word in told.along:
            for place in range(at + 1, min(at + 1 + _NEAREST, len(words))):
                if words[place] in BREAKS:
                    break
                if words[place] not in STOP_WORDS and words[place] not in rules.fillers:
                    clauses.append(_clause(WITH, root(words[place]), " ".join(reading.spelled[at : place + 1])))
                    break
    return clauses


def _denied(words, at, place, rules):
    verb = words[place]
    if verb in BREAKS or verb in STOP_WORDS or verb.endswith(rules.infinitives) or verb in rules.abilities:
        return False
    return bool(at) and words[at - 1] in rules.asks or key_of(root(verb)) not in topic_words().neglected


def _clause(sign, main, spelled):
    return Clause(sign, main, frozenset((main,)), False, False, "", "", spelled)


def _governed(sign, words, spelled):
    """Return the Clause of "scooters off the pavement" against scooters, or of "cambiar X por Y" for Y."""
    telling = [word for word in words if word not in STOP_WORDS] or words
    return Clause(sign, root(telling[0]), roots(words), False, False, telling[0], " ".join(words), spelled)


def key_of(root):
    """Return what forms of one verb share: "arrienda", "arrendar"; "mueve", "mover"."""
    return root.replace("ie", "e").replace("ue", "o")[:_KEY]


def contradicted(one, other, least):
    """Return words of two titles, of which one denies the deed that the other asks for, or None. one, other: Traits.

    "Concesionar el estadio" and "el estadio no se concesiona"; "con reja" and "sin reja". least: what share of their
    other words both must have.
    """
    for clause in one.stance:
        if clause.sign == DENIED:
            keys = {key_of(word): word for word in other.content}
            if clause.main in keys and not _refuses(other, keys[clause.main]):
                rest = {word for word in one.content if key_of(word) != clause.main}
                if _share(rest, other.content - {keys[clause.main]}) >= least:
                    return clause.spelled, other.title
        elif clause.sign == WITH and _share(one.content, other.content) >= least:
            for theirs in other.stance:
                if theirs.sign == "without" and theirs.main == clause.main:
                    return clause.spelled, theirs.spelled
    return None


def _refuses(traits, word):
    """Whether a title refuses itself the deed whose root is `word`."""
    return any(
        clause.main == key_of(word) if clause.sign == DENIED else word in clause.head
        for clause in traits.stance
        if clause.sign in (DENIED, "against", "less", "without", "keep", "still", "not_more")
    )


def _share(one, other):
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0
