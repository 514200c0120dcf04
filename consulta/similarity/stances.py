"""What a proposal is for and what it is against: a sign and the words it governs.

Signs stand in a row before their object and govern one another: "evitar el cierre de la escuela" is against a closure,
so for the school. A "no" that tells ("no tenemos basureros") turns nothing.
"""

from consulta.similarity.claims import AGAINST, SUBJECT, root, roots
from consulta.similarity.clauses import Walk
from consulta.similarity.opinions import Opinions
from consulta.similarity.reading import BREAKS
from consulta.similarity.topics import details_in, topic_words
from consulta.similarity.verdicts import Judged

__all__ = ["AGAINST", "SUBJECT", "clauses_in", "ends_in", "root", "roots"]

_DENIED = 3


def clauses_in(reading, found, vocabulary, demands_only=False):
    """Return the clauses of a Reading. found: {family: {start: (end, names)}}.

    demands_only: only what follows a verb that asks, up to the sentence's end, as in a body.
    """
    walk = Walk(reading, found, vocabulary)
    if demands_only:
        _read_demands(walk, reading.words, found)
        # "más", "menos" say too many other things in running text.
        return frozenset(clause for clause in walk.clauses if clause.sign in ("for", "against"))
    _read_title(walk, reading, found, vocabulary)
    return frozenset((*walk.clauses, *details_in(reading, vocabulary), *walk.subject()))


def _read_demands(walk, words, found):
    at, listening = 0, False
    while at < len(words):
        if words[at] in BREAKS:
            walk.stop(at)
            listening = listening and words[at] not in ".!?\n"
        listening = listening or at in found.get("demand", {})
        at = walk.step(at) if listening and words[at] not in BREAKS else at + 1
    walk.close()


def _read_title(walk, reading, found, vocabulary):
    starts, passed, weighed = _judged(reading, found, vocabulary)
    words = reading.words
    at = 0
    while at < len(words):
        if words[at] in BREAKS:
            walk.stop(at)
        if at in passed:
            walk.close()
        if at in starts:
            walk.refuse(at, judged=True)
        if words[at] in BREAKS or at in passed:
            at += 1
        elif walk.unwanted(at):
            at = walk.refusal(at)
        else:
            at = walk.clitic(at) or walk.halves(at) or walk.step(at, in_title=True)
    walk.close()
    for begin, end in weighed:
        walk.weigh(begin, end)


def _judged(reading, found, vocabulary):
    """Return where what a title refuses begins, the places that say so, and what is weighed: see Opinions."""
    inside = {at for begin, (end, _) in found.get("sign", {}).items() for at in range(begin + 1, end)}
    verdicts = {at: names for at, names in found.get("verdict", {}).items() if at not in inside}
    found = {**found, "verdict": verdicts}  # "say no thanks to"
    told, thought = Judged(reading, found, vocabulary), Opinions(reading, found, vocabulary)
    starts, passed = told.starts | thought.starts, told.passed | thought.passed
    weighed = [told.weighed, *thought.weighed] if told.weighed else thought.weighed
    return starts, passed, [] if starts else weighed


def ends_in(reading, found, vocabulary):
    """Return the (question, end) pairs at which a title stands; "no cobrar" and "fin al cobro" are the other end."""
    if not found.get("axis"):
        return frozenset()
    refusals = {end for end, names in found.get("sign", {}).values() if names[0] == "against"}
    for at, word in enumerate(reading.words):
        if word in vocabulary.nots:
            refusals.update(_denied(reading, at + 1, vocabulary))
    refused, passed = _refused(reading, found, vocabulary)
    ends = set()
    for start, (_, names) in found["axis"].items():
        for axis, end in names:
            flipped = "other" if end == "one" else "one"
            if start not in passed and (not start or reading.words[start - 1] not in topic_words().states):
                ends.add((axis, flipped if (start in refusals) != (start in refused) else end))
    return frozenset(ends)


def _denied(reading, begin, vocabulary):
    """Yield the places that a "no" before `begin` turns round: "no anden sueltos", but not "no cierren el nocturno"."""
    words = reading.words
    for at in range(begin, min(begin + _DENIED, len(words))):
        if words[at] in BREAKS or words[at] in vocabulary.bounds or at > begin and reading.articles[at]:
            return
        yield at


def _refused(reading, found, vocabulary):
    """Return the places of what a title refuses as a whole, and of the words that say so."""
    starts, passed, _ = _judged(reading, found, vocabulary)
    refused = set()
    for start in starts:
        for at in range(start, len(reading.words)):
            if reading.words[at] in BREAKS or at in passed:
                break
            refused.add(at)
    return refused, passed
