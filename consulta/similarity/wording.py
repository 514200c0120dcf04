"""Two titles that are one sentence but for the thing they speak of: "datos abiertos de accidentes", "… de delitos".

Works without a list of things: what differs must be no synonym in the lexicon and stand nowhere in the other text.
Words of a body are kept as bits of one integer (a Bloom filter of one hash), so that 100,000 texts stay small; two
words that share a bit by chance only silence a warning.
"""

from functools import lru_cache
from zlib import crc32

from consulta.similarity.lexicon import shipped
from consulta.similarity.reading import BREAKS
from consulta.similarity.stances import root
from consulta.similarity.words import STOP_WORDS

_BITS = 8_192
_LONGEST_TITLE = 40

# Before a word that another guard weighs: signs, groups of people, places, numbers.
SETTLED = "~"


def line_of(reading, settled, acts):
    """Return the words of a title in order, signs left out. settled: places of words that another guard weighs;
    acts: endings of the names of acts.

    The act that opens a title counts as settled: there are many names for "mejorar", and those that matter are classes.
    """
    line = []
    for at, word in enumerate(reading.words):
        if word in BREAKS:
            continue
        act = not line and word.endswith(acts)
        line.append(f"{SETTLED}{word}" if act or at in settled or reading.values[at] is not None else word)
    return tuple(line)


def mask_of(words):
    """Return the roots and concepts of folded `words` as bits of an integer."""
    mask = 0
    for word in words:
        mask |= _bits(word)
    return mask


def swapped(one, other, shared):
    """Return the words of each title that stand where the other has different ones, or None.

    one, other: Traits; shared: the least share of the longer title's words that both have, in order.
    """
    mine, theirs = one.words[:_LONGEST_TITLE], other.words[:_LONGEST_TITLE]
    longer = max(len(mine), len(theirs))
    if min(len(mine), len(theirs)) < shared * longer or len(one.content & other.content) == 0:
        return None
    kept_mine, kept_theirs = _common(mine, theirs)
    if len(kept_mine) < max(shared * longer, 2):
        return None
    left = [word for at, word in enumerate(mine) if at not in kept_mine and _tells(word, other.content)]
    right = [word for at, word in enumerate(theirs) if at not in kept_theirs and _tells(word, one.content)]
    if not left or not right:
        return None
    if mask_of(left) & mask_of(right) and _concepts(left) & _concepts(right):
        return None
    found_left = [word for word in left if _bits(word) & other.aside or _inside(word, right)]
    found_right = [word for word in right if _bits(word) & one.aside or _inside(word, left)]
    if len(found_left) == len(left) or len(found_right) == len(right) or found_left and found_right:
        return None
    return tuple(left), tuple(right)


@lru_cache(maxsize=65_536)
def _bits(word):
    if word in STOP_WORDS or word in BREAKS or len(word) < 2:
        return 0
    mask = 1 << crc32(root(word).encode("utf-8", "replace")) % _BITS
    for concept in shipped().found([word]):
        mask |= 1 << crc32(concept.encode()) % _BITS
    return mask


def _tells(word, content):
    return (
        len(word) > 1
        and word[0] != SETTLED
        and word not in STOP_WORDS
        and word not in BREAKS
        and word not in shipped().generic
        and root(word) not in content
    )


def _inside(word, others):
    """Whether a word is part of another, or has it as a part: "ambiente" and "medioambiente"."""
    return len(word) > 4 and any(word in other or len(other) > 4 and other in word for other in others)


def _concepts(words):
    return set(shipped().found(list(words)))


def _common(one, other):
    """Return the places, in one and in other, of a longest common subsequence of two lists of words."""
    lengths = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in range(len(one) - 1, -1, -1):
        for j in range(len(other) - 1, -1, -1):
            same = one[i] == other[j]
            lengths[i][j] = 1 + lengths[i + 1][j + 1] if same else max(lengths[i + 1][j], lengths[i][j + 1])
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
