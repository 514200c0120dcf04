"""The guard of reasons: two bodies that agree, and tell of no deed that either title asks for.

Most people tell in a body what their title asks for, in other words. A body that says none of it tells why ("los niños
llegan tarde"), or who speaks ("propuesta del consejo del barrio La Salut"). Where two such bodies agree, the likeness
of the whole texts is that of the reasons, and the titles decide. Of 10,860 real proposals (Barcelona, 2016) about a
thousand pairs have one body under titles that share nothing; read by hand, hardly one asks for the same thing.
"""

from difflib import SequenceMatcher

from consulta.similarity.guard_data import vocabulary
from consulta.similarity.parting import warned
from consulta.similarity.stances import root
from consulta.similarity.wording import title_mask
from consulta.similarity.words import STOP_WORDS, fold
from consulta.similarity.words import words as words_of

# A warning that names more words of each title is not read.
_MOST_WORDS = 4


def same_reasons(one, other):
    """Both bodies say much of the same, and it is not what the titles ask for, which differ. one, other: Traits.

    Returns a Warning of kind "measure" or None. One body under two titles is a re-post with another title where these
    have most of their words in common, and a form filled in twice where they have not, whatever the body tells.
    """
    rules = vocabulary().reasons
    bodies = _common_body(one, other)
    if bodies < rules["bodies"]:
        return None
    mine, theirs = title_mask(one.words), title_mask(other.words)
    silent = _told(mine, theirs, one, other) <= rules["told"]
    one_body = bodies >= rules["one_body"]
    if not silent and not one_body:
        return None
    least = rules["titles"] if not one_body else rules["titles_over_one"] if silent else rules["titles_told"]
    if max(_share(mine, theirs), _share(theirs, mine)) >= least or _spelled_alike(one, other, rules["spelling"]):
        return None
    words = _alone(one, other), _alone(other, one)
    return warned("measure", *words) if all(words) else None


def retitled(one, other):
    """Return whether one body tells what two titles ask for that have most of their words in common: one text, edited.

    one, other: Traits.
    """
    rules = vocabulary().reasons
    if _common_body(one, other) < rules["one_body"]:
        return False
    mine, theirs = title_mask(one.words), title_mask(other.words)
    if _told(mine, theirs, one, other) <= rules["told"]:
        return False
    return max(_share(mine, theirs), _share(theirs, mine)) >= rules["titles_over_one"]


def _common_body(one, other):
    """The share of all words and concepts of two bodies that both have, 0 to 1."""
    common = one.aside & other.aside
    return common.bit_count() / (one.aside | other.aside).bit_count() if common else 0.0


def _told(mine, theirs, one, other):
    """The least share of what a title asks for that the other's body says. mine, theirs: masks of the titles."""
    return min(_share(mine, other.aside), _share(theirs, one.aside))


def _share(part, mask):
    return (part & mask).bit_count() / (part.bit_count() or 1)


def _spelled_alike(one, other, least):
    """Whether two titles are one but for slips of the pen: "Gobierno", "Govierno"."""
    return SequenceMatcher(None, fold(one.title), fold(other.title)).ratio() >= least


def _alone(traits, other):
    """The telling words of a title that the other lacks, as written."""
    spelled = dict.fromkeys(words_of(traits.title))
    telling = (word for word in spelled if fold(word) not in STOP_WORDS and root(fold(word)) not in other.content)
    return tuple(telling)[:_MOST_WORDS]
