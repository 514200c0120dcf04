"""The guard of target groups: two titles for other people, and which people may be the same."""

from functools import lru_cache

from consulta.similarity.guard_data import near_classes, vocabulary
from consulta.similarity.parting import alike, apart, spelled_in, warned
from consulta.similarity.stances import roots
from consulta.similarity.unlisted_people import one_group, people_in
from consulta.similarity.wording import SETTLED, mask_of, plain_words, title_mask
from consulta.similarity.words import STOP_WORDS, fold


def different_target(one, other):
    """Both are for named groups of people, and none is, holds or overlaps with one of the other side.

    Titles in other words name other people too: who suffers, who is asked. Only look-alikes differ by them. Titles
    that are one but for the group differ by groups that overlap too, if they are not two names of one.
    """
    rules = vocabulary()
    mine, theirs = _people(one, other), _people(other, one)
    if (mine | theirs) & rules.everyone:
        return None
    if not alike(one, other, rules.alike["target"]):
        far = mine and theirs and apart(mine, theirs, "target")
        far = far and (_echoed(one, other) or _echoed(other, one) or _akin(one, other, mine, theirs))
        warning = _other_people(one, other, mine, theirs) if far else None
        warning = warning and warning._replace(effect=rules.effects["target_aside"])
        return warning or _without_class(one, other, mine, theirs)
    if mine - theirs and theirs - mine:
        return _other_people(one, other, mine, theirs) or _without_class(one, other, mine, theirs)
    return _without_class(one, other, mine, theirs) or _aside(one, other, mine, theirs)


def _aside(one, other, mine, theirs):
    """The warning of a group that a title names, and of the only one that the other's body does; or None."""
    rules = vocabulary()
    if bool(mine) != bool(theirs):
        mine = mine or one.targets_aside - rules.agents or one.targets_aside
        theirs = theirs or other.targets_aside - rules.agents or other.targets_aside
        # A body that names several groups says whom it touches, not whom it is for.
        if len(mine) == 1 == len(theirs) and not theirs & rules.everyone and apart(mine, theirs, "target"):
            return warned(
                "target", spelled_in(one, "target", mine), spelled_in(other, "target", theirs), "target_aside"
            )
    return None


def _other_people(one, other, mine, theirs):
    """The warning of two titles each of which names groups that the other does not, or None."""
    my_own, their_own = mine - theirs, theirs - mine
    # A body that names the other side's very group says that it is for them too; a broader group says nothing.
    if not my_own.isdisjoint(other.targets_aside) and not their_own.isdisjoint(one.targets_aside):
        return None
    if apart(my_own, theirs, "target") and apart(their_own, mine, "target"):
        rule = "target"
    elif _far(my_own, theirs) and _far(their_own, mine):
        # "Homeless people's dogs", "the pets of pensioners": what they share is not whom they are for.
        my_own, their_own, rule = _far(my_own, theirs), _far(their_own, mine), "target_aside"
    elif _one_but_for(one, other, mine, theirs) and not _one_group(_telling(my_own), _telling(their_own)):
        rule = "target_aside"
    else:
        return None
    return warned("target", spelled_in(one, "target", my_own), spelled_in(other, "target", their_own), rule)


def _far(groups, others):
    """The groups that none of the other side's is, holds or overlaps with."""
    return {name for name in groups if apart({name}, others, "target")}


def _telling(groups):
    """The groups without those that hold many others, where there are more: "disabled passengers"."""
    return groups - _holding() or groups


def _people(traits, other):
    """The groups a title is for: its schools only where neither title names anyone else."""
    settings = _settings()
    if traits.targets.isdisjoint(settings) or traits.targets <= settings and other.targets <= settings:
        return traits.targets
    return traits.targets - settings or traits.targets


def _echoed(one, other):
    """Whether most of what one title asks for, whoever it is for, stands in the other's body."""
    asked = [mask for mask in (mask_of((word,)) for word in one.words if word[0] != SETTLED) if mask]
    found = sum(mask & other.aside == mask for mask in asked)
    return found > 1 and found >= vocabulary().alike["target_body"] * len(asked)


def _one_but_for(one, other, mine, theirs):
    """Whether two titles are one, but for the groups they name."""
    rest, others = _rest(one, mine), _rest(other, theirs)
    same = len(rest & others)
    return same > 0 and len(rest | others) - same <= same * vocabulary().alike["target_rest"]


def _rest(traits, groups):
    """The roots of a title's words that do not name `groups`."""
    spelled = " ".join(words for (kind, name), words in traits.spelled if kind == "target" and name in groups)
    return traits.content - roots(fold(spelled).replace("-", " ").split())


def _one_group(mine, theirs):
    """Whether the groups of each side are groups of the other by another name, or hold or lie in one."""
    same = _names_of_one()
    alone = [name for name in mine if same.get(name, {name}).isdisjoint(theirs)]
    return not alone and not any(same.get(name, {name}).isdisjoint(mine) for name in theirs)


def _without_class(one, other, mine, theirs):
    """The warning of titles for groups of which one side's at least has no class, where the rest is alike; or None."""
    people = people_in(one.words), people_in(other.words)
    if not any(people) or people[0].keys() & people[1].keys() or mine & theirs - _soft():
        return None
    mine, theirs = mine - theirs, theirs - mine
    if not apart(mine - _holding(), theirs - _holding(), "target"):
        return None
    named = tuple(map(_named, (one, other), (mine, theirs), people))
    if not all(named) or not _strangers(one, other, named, people) or not _akin(one, other, *named):
        return None
    return warned("target", *named, "target_aside")


def _named(traits, groups, people):
    """The words of a title's groups; those of a class that may hold any trade only beside one without a class."""
    listed = spelled_in(traits, "target", groups if people else groups - _holding())
    return (*sorted(each.word for each in people.values()), *listed)


def _strangers(one, other, named, people):
    """Whether neither text names a group of the other's, nor the other title what tells it ("jefes de gabinete")."""
    spelled = [fold(" ".join(words)).replace("-", " ").split() for words in named]
    masks = [mask_of(words) for words in spelled]
    told = [mask_of(tuple(each.word for each in side.values() if each.told)) for side in people]
    return not (
        one_group(*spelled)
        or masks[0] & masks[1]
        or masks[0] & other.aside
        or masks[1] & one.aside
        or told[0] & title_mask(other.words)
        or told[1] & title_mask(one.words)
    )


def _akin(one, other, mine, theirs):
    """Whether most of what each title says beside its people the other says too, maybe in other words of the lexicon.

    mine, theirs: the words of the groups, or their classes.
    """
    mine, theirs = _words_beside(one, mine), _words_beside(other, theirs)
    fewer, more = sorted((mine, theirs), key=len)
    every = mask_of(tuple(more))
    found = sum(bool(mask_of((word,)) & every) for word in fewer)
    return found > (not one.content & other.content) and found >= vocabulary().alike["target_kin"] * len(fewer)


def _words_beside(traits, groups):
    """The telling words of a title that do not name `groups`."""
    spelled = (words for (kind, name), words in traits.spelled if kind == "target" and name in groups)
    named = set(fold(" ".join((*spelled, *groups))).replace("-", " ").split())
    left = (word for word in plain_words(traits.words) if word not in named and word not in STOP_WORDS)
    return [word for word in left if mask_of((word,))]


@lru_cache(maxsize=1)
def _names_of_one():
    """{class of people: classes that are other names of it, hold it or lie in it}."""
    tables = vocabulary().tables
    near = tables["targets_near"]
    return near_classes(tables["targets"], near["groups"], but=near["overlap"])


@lru_cache(maxsize=1)
def _settings():
    """The classes of [targets] that are schools and the like, where people of many groups are."""
    return frozenset(name for name, entry in vocabulary().tables["targets"].items() if entry.get("setting"))


@lru_cache(maxsize=1)
def _soft():
    """Classes beside which another word tells who is meant: "hijos de temporeras"."""
    return frozenset(vocabulary().alike["target_soft"])


@lru_cache(maxsize=1)
def _holding():
    """Classes that may hold any trade without a class of its own."""
    return frozenset(vocabulary().alike["target_holding"])
