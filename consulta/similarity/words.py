"""Texts taken apart the same way everywhere: folded, cut into words, and stripped to what tells them apart."""

import re
import unicodedata

# Beyond this many characters a text adds time and memory and no resemblance: proposals are shorter.
LONGEST = 4_000

_WORD = re.compile(r"\w+")
_REPEATED = re.compile(r"(.)\1{2,}")

# Words that carry grammar and no subject. "no", "sin", "contra" and "not" stay out: they turn a proposal round.
_SPANISH = """
a al algo algun alguna algunas algunos ante aquel aquella aquello asi aun aunque cada como con cual cuales cuando de
del desde donde durante e el ella ellas ellos en entre era es esa esas ese eso esos esta estan estas este esto estos
fue ha han hasta hay la las le les lo los mas me mi mis mismo mucho muy ni nos nosotros nuestra nuestras nuestro
nuestros o os otra otras otro otros para pero por porque pues que quien quienes se sea sean segun ser si sobre son su
sus tal tambien tan tanto te tiene tienen toda todas todo todos tu tus u un una unas uno unos y ya yo
"""
_ENGLISH = """
a about all also an and any are as at be because been being but by can could did do does each for from had has have he
her here his how i if in into is it its just may more most must my of on or other our out over own shall she should so
some such than that the their them then there these they this those through to too up us very was we were what when
where which while who will with would you your
"""
# By language; those that stand in both ("a", "me") tell none.
GRAMMAR = {"es": frozenset(_SPANISH.split()), "en": frozenset(_ENGLISH.split())}
STOP_WORDS = frozenset().union(*GRAMMAR.values())

# The words of grammar of one language alone, and how many more of them than of others tell it.
_OWN = {
    name: own - frozenset().union(*(GRAMMAR[other] for other in GRAMMAR if other != name))
    for name, own in GRAMMAR.items()
}
_OF_ONE = frozenset().union(*_OWN.values())
SURE = 2

# What two copies of one text may differ in. Narrower than the stop words: "con" or "para" can change a demand.
_GLUE = frozenset(
    {"a", "al", "an", "and", "de", "del", "e", "el", "en", "la", "las", "los", "of", "the", "un", "una", "y"}
)


def fold(text):
    """Return `text` without case and accents ("Ñuñoa" and "nunoa" agree); NFKD, so that ligatures fall apart too."""
    plain = text.casefold()
    if plain.isascii():
        return plain  # nothing to take apart, and most words are so
    decomposed = unicodedata.normalize("NFKD", plain)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def shortened(text):
    """Return `text` as a string of at most LONGEST characters without half characters; None becomes empty."""
    return (text or "")[:LONGEST].encode("utf-8", "replace").decode("utf-8")


def words(text):
    """Return the words of `text`, in order, as they are spelled."""
    return _WORD.findall(text)


def language_of(every):
    """Return the language of which a text's words of grammar are, or None where they are of none or of several.

    every: folded words. A language is told by one word of its grammar or more, and SURE times as
    many as are of any other.
    """
    if _OF_ONE.isdisjoint(every):
        return None
    counts = {name: sum(word in own for word in every) for name, own in _OWN.items()}
    first, *others = sorted(counts, key=counts.get, reverse=True)
    return first if counts[first] > SURE * sum(counts[other] for other in others) else None


def told(folded, every):
    """Return the words of a text that carry its subject, a list. folded: the text; every: its words, in order.

    A text of stop words alone keeps them, and one without any word (emoji, punctuation) its signs, as one word: so
    nothing but an empty text is told by nothing.
    """
    kept = [word for word in every if word not in STOP_WORDS] or every
    signs = "" if kept else "".join(folded.split())
    return kept or ([signs] if signs else [])


def essence(text):
    """Return the folded words of `text` that carry its subject (see `told`), joined by single spaces."""
    folded = fold(shortened(text))
    return " ".join(told(folded, words(folded)))


def fingerprint(text):
    """Return what two near-exact copies of a text share: case, accents, punctuation, articles and "de", "y" removed.

    Equal fingerprints make a re-post certain, so nothing that can change a demand is removed: numbers, negations and
    every other word stay. The whole text counts, however long. Empty for an empty text.
    """
    folded = fold((text or "").encode("utf-8", "replace").decode("utf-8"))
    every = words(folded)
    kept = [_REPEATED.sub(r"\1", word) if word.isalpha() else word for word in every if word not in _GLUE]
    return " ".join(kept or every) or "".join(folded.split())


def stem(word):
    """Return the folded `word` without a plural ending, for matching only ("ciclovías" and "ciclovía" agree)."""
    folded = fold(word)
    if len(folded) > 5 and folded.endswith("es") and folded[-3] not in "aeiou":
        return folded[:-2]
    if len(folded) > 3 and folded.endswith("s"):
        return folded[:-1]
    return folded
