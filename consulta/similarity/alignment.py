"""Two titles that are one sentence but for the thing they speak of, or for what they want done with it.

"datos abiertos de accidentes", "… de delitos": works without a list of things. What differs must be no synonym in the
lexicon, describe no thing ("baños limpios") and stand nowhere in the other text. "instalar juegos", "reparar los
juegos": deeds are listed.
"""

from functools import cached_property

from consulta.similarity.deeds import bit_of, deeds
from consulta.similarity.lexicon import root as whole_root
from consulta.similarity.lexicon import shipped
from consulta.similarity.stances import root
from consulta.similarity.wording import (
    LONGEST_TITLE,
    SETTLED,
    complains,
    deed_of,
    inside,
    line_by_words,
    refuses_lack,
    vague,
)


class Alignment:
    """What two titles have in common, in order; found at need. one, other: Traits."""

    def __init__(self, one, other):
        self.one, self.other = one, other
        self.mine, self.theirs = line_by_words(one.words[:LONGEST_TITLE]), line_by_words(other.words[:LONGEST_TITLE])

    @cached_property
    def kept(self):
        """The places, in one and in the other, of the words that both have in the same order: two sets."""
        # Of several common sequences the same one is taken whoever stands first.
        turned = self.mine.roots > self.theirs.roots
        lines = (self.theirs, self.mine) if turned else (self.mine, self.theirs)
        kept = _common(lines[0].roots, lines[1].roots)
        return kept[::-1] if turned else kept

    @cached_property
    def theme(self):
        """What the common words name: "medidores de agua" and "filtros de agua" are no synonyms by it."""
        return _named(self.mine, self.kept[0]) & _named(self.theirs, self.kept[1])

    def share(self):
        """Return the share of the longer title's words, or of those that are no grammar, that both have in order."""
        kept_mine, kept_theirs = self.kept
        longer = max(len(self.mine.roots), len(self.theirs.roots), 1)
        heavy = max(len(self.mine.heavy), len(self.theirs.heavy), 1)
        kept = min(len(kept_mine & self.mine.heavy), len(kept_theirs & self.theirs.heavy))
        return max(len(kept_mine) / longer, kept / heavy)

    def describes(self, words):
        """Return whether the folded `words`, of either title, only describe a thing: "techados y vigilados"."""
        found = [
            line.describing[at]
            for title, line in ((self.one, self.mine), (self.other, self.theirs))
            for at, word in enumerate(title.words[:LONGEST_TITLE])
            if word.removeprefix(SETTLED) in words
        ]
        return bool(found) and all(found)

    def named_by_both(self, words):
        """Return those folded `words`, of either title, that the lexicon knows as a name of what the other names."""
        sides = (self.one, self.mine, self.kept[0]), (self.other, self.theirs, self.kept[1])
        every = [frozenset().union(*self._concepts(*side).values()) for side in sides]
        return {
            word
            for side, others in zip(sides, reversed(every), strict=True)
            for word, concepts in self._concepts(*side, words).items()
            if concepts & others
        }

    def _concepts(self, title, line, kept, words=None):
        """Return {word: concepts it names, the theme left out}.

        Of all the words, one inside a phrase names what that does: "estacionamientos de bicicletas" is no cycling.
        """
        found = {}
        for at, word in enumerate(title.words[:LONGEST_TITLE]):
            plain = word.removeprefix(SETTLED)
            if words is None or plain in words and at not in kept:
                alone = frozenset() if words is None and line.within[at] else line.alone[at] - self.theme
                found[plain] = found.get(plain, frozenset()) | line.within[at] | alone
        return found

    def swapped(self, shared):
        """Return the words of each title that stand where the other has different ones, or None.

        shared: the least share of the longer title's words that both have.
        """
        if not self.one.content & self.other.content or self.share() < shared or len(self.kept[0]) < 2:
            return None
        if any(vague(title.words) or complains(title.words) for title in (self.one, self.other)):
            return None
        kept_mine, kept_theirs = self.kept
        left = self._left(self.one, self.mine, kept_mine, self.other)
        right = self._left(self.other, self.theirs, kept_theirs, self.one)
        known = self.named_by_both({*left, *right})
        left, right = [word for word in left if word not in known], [word for word in right if word not in known]
        if not self._one_deed():
            left, right = (
                left or self._act(self.one, right, self.theirs, kept_theirs),
                right or self._act(self.other, left, self.mine, kept_mine),
            )
        if not left or not right:
            return None
        found_left = [word for word in left if self.bits_of(word) & self.other.aside or inside(word, right)]
        found_right = [word for word in right if self.bits_of(word) & self.one.aside or inside(word, left)]
        if len(found_left) == len(left) or len(found_right) == len(right) or found_left and found_right:
            return None
        return tuple(left), tuple(right)

    def _one_deed(self):
        """Return whether both titles say one deed, in whatever words: "reponer los focos", "arreglar los focos"."""
        mine, theirs = deed_of(self.one.words)[1], deed_of(self.other.words)[1]
        return deeds().strong(mine) and deeds().strong(theirs) and bool(mine & theirs)

    def _act(self, title, words, line, kept):
        """Return the act that opens a title where the other names a thing: "ampliar la sala", "luz en la sala"."""
        plain, found, place = deed_of(title.words)
        if place is None or not deeds().strong(found):
            return []
        first = min((at for at in kept if line.telling[at]), default=min(kept))
        head = {line.roots[at] for at in range(first) if line.telling[at]}
        return [plain[place]] if any(whole_root(word) in head for word in words) else []

    def _left(self, title, line, kept, other):
        """Return the telling words of a title that are not common to both, nor a lack refused: "que no falten"."""
        plain = deed_of(title.words)[0]
        return [
            word
            for at, word in enumerate(title.words[:LONGEST_TITLE])
            if at not in kept and line.telling[at] and root(word) not in other.content and not refuses_lack(plain, at)
        ]

    def bits_of(self, word):
        """Return the bits of the word and of what it names beside the theme."""
        mask = 0
        for concept in shipped().named_by(word):
            if concept not in self.theme:
                mask |= bit_of(concept)
        return mask | bit_of(root(word))


def _named(line, places):
    """Return the concepts that words at some places name by themselves."""
    return frozenset(concept for at in places for concept in line.alone[at])


def _common(one, other):
    """Return the places, in one and in other, of a longest common subsequence of two lists of words."""
    lengths = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in range(len(one) - 1, -1, -1):
        for j in range(len(other) - 1, -1, -1):
            if one[i] == other[j]:
                lengths[i][j] = 1 + lengths[i + 1][j + 1]
            else:
                below, beside = lengths[i + 1][j], lengths[i][j + 1]
                lengths[i][j] = below if below > beside else beside
    mine, theirs, i, j = set(), set(), 0, 0
    while i < len(one) and j < len(other):
        if one[i] == other[j]:
            mine.add(i)
            theirs.add(j)
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            i += 1
        else:
            j += 1
    return mine, theirs
