"""Two titles that agree in whom, where and why, and differ in what they ask for there, ask for two measures.

"Más camas en psiquiatría", "más enfermeras en psiquiatría": a place, a group and a purpose in common are the theme.
"""

from functools import lru_cache
from typing import NamedTuple

from consulta.similarity.deeds import bit_of
from consulta.similarity.guard_data import vocabulary
from consulta.similarity.heads import Head, head_of, head_words, tells
from consulta.similarity.parting import apart
from consulta.similarity.stances import root, roots
from consulta.similarity.wording import LONGEST_TITLE, inside, plain_words, vague
from consulta.similarity.words import STOP_WORDS, fold, language_of

# A single word that differs may be another name of the same.
_TELLING = 2


def other_heads(pair, least):
    """Return the words of each title that name what it asks for, where these are two things and the rest agrees.

    pair: an Alignment; least: the shares of the rest of the shorter and of the longer title that both must have.
    Returns two tuples of folded words, or None.
    """
    sides = _sides(pair)
    if sides is None:
        return None
    one, other = sides
    # "Green roofs on schools", "solar panels on the roofs of schools": a thing beside what is asked for is none.
    rest = one.shape.rest.difference(map(root, other.words))
    other_rest = other.shape.rest.difference(map(root, one.words))
    common = rest & other_rest
    few, many = sorted((len(rest), len(other_rest)))
    if not common or len(common) < least["heads"] * few or len(common) < least["heads_longer"] * many:
        return None
    strict = rest == other_rest
    common = common | one.shape.verb & other.shape.verb
    mine, theirs = _explained(one, other, common, strict), _explained(other, one, common, strict)
    if mine and (theirs or not one.beside(mine, other)) or theirs and not other.beside(theirs, one):
        return None
    return one.words, other.words


class _Shape(NamedTuple):
    """A title by its head: plain words; head; rest: roots of all words but those of the head and the verb;
    verb: the root of that; english: whether it is, so that the last noun leads."""

    words: tuple
    head: Head
    rest: frozenset
    verb: frozenset
    english: bool


class _Side(NamedTuple):
    """What two titles are compared by: traits, Line and _Shape of one, the words that name a thing and their places."""

    traits: object
    line: object
    shape: object
    words: tuple
    places: tuple

    def named(self, common, within=True):
        """Return the concepts that words of the theme name, alone or in phrases, or all others. common: its roots."""
        words = plain_words(self.traits.words[:LONGEST_TITLE])
        return self.line.named(at for at in self.line.heavy if (root(words[at]) in common) == within)

    def beside(self, words, facing):
        """Return whether the other title has `words` beside its head alone, and asks for another thing.

        Not all words of the head, or what there is to be more of, may stand there: "sueldo para los guardaparques",
        "más guardaparques".
        """
        main = self.words[-1 if self.shape.english else 0]
        found = {root(word) for word in words}
        if main not in words or not found <= facing.shape.rest or not found.isdisjoint(map(root, facing.words)):
            return False
        counted = self.shape.head.counted and not facing.shape.head.counted
        return counted or not set(self.words) <= words


@lru_cache(maxsize=16_384)
def _shape(words):
    """Return the _Shape of a title's words, or None where it has no head."""
    words = plain_words(words)
    head = head_of(words)
    if head is None:
        return None
    passing = head_words().needs
    rest = roots(word for at, word in enumerate(words) if at not in (*head.places, head.verb) and word not in passing)
    verb = () if head.verb is None else words[head.verb : head.verb + 1]
    return _Shape(words, head, rest, roots(verb), language_of(words) == "en")


def _sides(pair):
    """Return a _Side of both titles of an Alignment, or None where one has no head that names a thing."""
    shapes = _shape(pair.one.words[:LONGEST_TITLE]), _shape(pair.other.words[:LONGEST_TITLE])
    if vague(pair.one.words) or vague(pair.other.words) or None in shapes or shapes[0].rest.isdisjoint(shapes[1].rest):
        return None
    sides = []
    for title, line, shape in zip((pair.one, pair.other), (pair.mine, pair.theirs), shapes, strict=True):
        places = _naming(title, line, shape)
        if not places:
            return None
        sides.append(_Side(title, line, shape, tuple(shape.words[at] for at in places), places))
    return sides


def _naming(title, line, shape):
    """Return the places of those words of a head that name a thing: no place, number or group, none that describes."""
    others = ("place",) if shape.head.counted else ("place", "target")
    counts = {word for told in title.quantities for word in fold(told.spelled).split()}
    settled = counts & vocabulary().units
    for (kind, _), spelled in title.spelled:
        if kind in others:
            settled.update(fold(spelled).split())
    return tuple(
        at
        for at in shape.head.places
        if tells(shape.words[at])
        and shape.words[at] not in settled
        # "Sábados" and "jornada" end like words that describe.
        and (shape.words[at] in counts or at == shape.head.places[0] or not line.describing[at])
    )


def _explained(side, facing, common, strict=False):
    """Return those words of a head that the other text has, or names in other words.

    common: roots of the theme; strict: whether all the rest is one, so that classes near each other differ too.
    """
    named, told = frozenset(), 0
    if not _by_class(side, facing, strict):
        named = facing.named(common, within=False)
        told = facing.traits.aside
    if side.shape and side.shape.head.counted and facing.shape.head.counted:
        # "Más camas", "más enfermeras": what both name by words of the theme is the theme.
        named -= side.named(common) & facing.named(common)
    found = set()
    for at, word in zip(side.places, side.words, strict=True):
        concepts = side.line.alone[at] | side.line.within[at]
        if (
            concepts & named
            or root(word) in facing.traits.content
            or bit_of(root(word)) & facing.traits.aside
            or any(bit_of(concept) & told for concept in concepts)
            or inside(word, facing.words)
        ):
            found.add(word)
    return found


def _by_class(side, facing, strict):
    """Return whether two heads are of listed classes of things that differ: there the lexicon tells the theme alone."""
    mine, theirs = _classes(side), _classes(facing)
    if not mine or not theirs or mine & facing.traits.objects or theirs & side.traits.objects:
        return False
    return strict or apart(mine, theirs, "object")


def _classes(side):
    """Return the classes of things that the words of a head name."""
    return {
        name
        for (kind, name), spelled in side.traits.spelled
        if kind == "object" and not set(side.words).isdisjoint(fold(spelled).split())
    }


def other_predicates(pair):
    """Return what two titles say of one subject where that is two things.

    "Que los contratos se firmen en sesión abierta", "que los contratos tengan tope". pair: an Alignment.
    Returns two tuples of folded words, or None.
    """
    if pair.mine.roots[:1] != pair.theirs.roots[:1]:
        return None
    lines = [plain_words(title.words[:LONGEST_TITLE]) for title in (pair.one, pair.other)]
    end = _alike_until(lines, pair)
    subject = roots(lines[0][:end])
    # What leads on to where and why makes no other thing of what stands before: "focos en el pasaje", "para los robos".
    tails = head_words().tails - {"a"} if language_of(lines[0] + lines[1]) == "en" else head_words().tails
    if not subject or any(line[end : end + 1] and line[end] in tails for line in lines):
        return None
    caused = lines[0][0] in head_words().causes
    sides = []
    for title, line, own in zip((pair.one, pair.other), lines, (pair.mine, pair.theirs), strict=True):
        places = tuple(at for at in range(end, len(line)) if tells(line[at]))
        if not any(caused or title.words[at] == line[at] for at in places):
            return None
        sides.append(_Side(title, own, None, tuple(line[at] for at in places), places))
    if max(len(side.words) for side in sides) < _TELLING:
        return None
    if any(_explained(side, facing, subject) for side, facing in (sides, sides[::-1])):
        return None
    return sides[0].words, sides[1].words


def _alike_until(lines, pair):
    """Return how many words two titles begin with, those of grammar that lead on left out."""
    end = 0
    for mine, theirs in zip(pair.mine.roots, pair.theirs.roots, strict=False):
        if mine != theirs:
            break
        end += 1
    while end and lines[0][end - 1] in STOP_WORDS:
        end -= 1
    return end
