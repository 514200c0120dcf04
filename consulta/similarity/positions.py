"""Where a sign or a "no" stands in a sentence, and so what it speaks of: what stands before it, or behind.

start: the place where the sentence begins; signs: {place: (end, names)}; found: {family: such}; rules: a Vocabulary.
"""

from consulta.similarity.reading import BREAKS
from consulta.similarity.topics import topic_words
from consulta.similarity.words import STOP_WORDS

LONGEST_SUBJECT = 9


def unwanted(words, at, start, found, rules):
    """Whether a "no" at `at` refuses what a title names before it: "que los autos no entren", "x no debe …"."""
    signs, told = found.get("sign", {}), found.get("statement", {})
    if words[at] not in rules.nots or not 0 < at - start <= LONGEST_SUBJECT:
        return False
    after = at + 1 + (at + 1 < len(words) and words[at + 1] in rules.reflexive)
    if after >= len(words) or words[after] in BREAKS or words[at - 1] in rules.relatives:
        return False
    obliged = words[after] in topic_words().obliging and words[after + 1 : after + 2] == ["que"]
    if obliged or words[after] in rules.modals or words[at - 1] in rules.modals:
        return True
    if words[after] in rules.abilities and after + 1 < len(words):
        return words[after + 1].endswith(rules.passives) or _named(signs, after + 1) == "for"
    if at - start < 2 or words[start] not in rules.asks or after in signs:
        return False
    return after > at + 1 or after not in told


def wished(words, at, end, start, rules):
    """Whether a sign says what is to become of what stands before it: "que los colegios abran en verano"."""
    before = words[at - 1] if at else "."
    if before in rules.reflexive and words[start] not in rules.asks:
        return at - 1 > start
    asked = words[start] in rules.asks and at > start + 1 and end - at == 1
    return asked and before not in rules.reflexive and bounded(words, end, rules)


def rids(words, at, start, signs, rules):
    """Whether the "free" at `at` frees of the word before it ("a lorry-free centre"), not of a price."""
    before, after = words[at - 1 : at] or ["."], words[at + 1 : at + 2] or ["."]
    if before[0] in BREAKS or before[0] in STOP_WORDS or before[0][-1] == "s" or at - 1 in signs:
        return False
    if after[0] in BREAKS:
        return words[start] in rules.rid_verbs
    grammar = after[0] in STOP_WORDS or after[0] in rules.bounds
    return not grammar and rules.givers.isdisjoint(words[start:at])


def bounded(words, at, rules):
    """Whether what a sign governs ends at `at`."""
    return at >= len(words) or words[at] in BREAKS or words[at] in rules.bounds


def last(words, end, rules):
    """Whether a sign that ends at `end` has nothing to govern behind it: "bus ban", "library closures in May"."""
    return end >= len(words) or words[end] in BREAKS or words[end] in rules.locative


def participle(words, at, rules):
    """Whether the sign at `at` may say something of the word before it: "celulares permitidos en clases"."""
    return bool(at) and words[at - 1] not in BREAKS and words[at].endswith(rules.participles)


def ordered(words, at, signs, rules):
    """Whether the verb at `at` asks and does not tell: "no nos quiten la feria"."""
    return _named(signs, at) not in (None, "neutral") or at < len(words) and words[at] in rules.orders


def _named(signs, at):
    return signs[at][1][0] if at in signs else None
