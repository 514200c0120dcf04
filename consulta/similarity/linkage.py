"""From pairs to tight groups, without chains, the same every time."""

import heapq
from typing import NamedTuple

from consulta.similarity.explain import medoid, most_distant

# How alike two texts are for joining: re-posts first, then what people said belongs together, then scores, up to 1.
CERTAIN, TOGETHER = 3.0, 2.0


class Group(NamedTuple):
    """Texts that may be one.

    ids: increasing, two or more. tightness: the score of the two members that are farthest apart, 0 to 1.
    certain: every member is a near-exact re-post of every other. base: the id nearest to all the others, the text to
    start from. farthest: the id least like the others.
    """

    ids: tuple
    tightness: float
    certain: bool
    base: int
    farthest: int


def tight_groups(pairs, *, together=frozenset(), apart=frozenset()):
    """Return Groups in which every two members are one of `pairs` or `together`, and none is `apart`; see `in_order`.

    pairs: Pair or anything with first, second, score, certain; their order does not matter, and each comes once.
    together, apart: (id, id), the lower one first, as people decided; where both say something, `apart` is believed.

    Complete linkage: a group is as alike as its least alike pair. Every text begins as a group of its own, and the two
    groups that are most alike are joined, equal ones by their lowest ids, as long as every member of one is a pair with
    every member of the other: A like B and B like C never bring A and C together by themselves. (Sørensen 1948; the
    algorithm is the generic one of Müllner 2011, "Modern hierarchical, agglomerative clustering algorithms", on the
    pairs that there are.) So a pair of `together` is in one group, unless a re-post or an earlier such pair took one
    of the two to a text that does not pass with the other.
    """
    levels = {}
    for pair in pairs:
        level = CERTAIN if pair.certain else pair.score
        levels.setdefault(pair.first, {})[pair.second] = levels.setdefault(pair.second, {})[pair.first] = level
    levels = decided(levels, together, apart)
    return in_order(described(ids, levels) for ids in linked({id: dict(row) for id, row in levels.items()}))


def in_order(groups):
    """Return `groups` as a list: re-posts first, then the tightest, then by id."""
    return sorted(groups, key=lambda group: (not group.certain, -group.tightness, group.ids))


def decided(levels, together, apart=()):
    """Put what people decided into `levels` (id to id to level, both ways), and return it."""
    for a, b in together:
        if levels.get(a, {}).get(b, 0) < TOGETHER:
            levels.setdefault(a, {})[b] = levels.setdefault(b, {})[a] = TOGETHER
    for a, b in apart:
        if b in levels.get(a, ()):
            del levels[a][b], levels[b][a]
    return levels


def linked(levels):
    """Return the groups that complete linkage makes of `levels`: a dictionary of their ids to how they came to be.

    levels: id to id to level, both ways; used up. ids: an increasing tuple of two or more. How: the joins that made the
    group, (-level, lowest id of one, lowest id of the other), in an order that depends on these joins alone.
    """
    # The pairs there are, in order, beside a small heap of those that joining makes: quicker than one heap of all.
    ranks = sorted((-level, a, b) for a, row in levels.items() for b, level in row.items() if a < b)
    made, place, last = [], 0, len(ranks)
    members, joins = {id: (id,) for id in levels}, dict.fromkeys(levels, ())
    while place < last or made:
        if made and (place == last or made[0] < ranks[place]):
            rank = heapq.heappop(made)
        else:
            rank = ranks[place]
            place += 1
        level, a, b = rank
        # A group is known by its lowest id. What came before one of the two changed is out of date.
        row = levels.get(a)
        if row is not None and row.get(b) == -level:
            members[a] += members.pop(b)
            joins[a] += (*joins.pop(b), rank)
            for key, joint in _join(levels, a, b):
                heapq.heappush(made, (-joint, a, key) if a < key else (-joint, key, a))
    return {tuple(sorted(ids)): joins[id] for id, ids in members.items() if len(ids) > 1}


def described(ids, levels):
    """Return the Group of `ids`, whose levels are in `levels`."""
    inside = [[levels[a].get(b, CERTAIN) if a != b else CERTAIN for b in ids] for a in ids]
    least = min(map(min, inside))
    scores = [[min(level, 1.0) for level in row] for row in inside]
    return Group(ids, min(least, 1.0), least == CERTAIN, medoid(ids, scores), most_distant(ids, scores))


def _join(levels, a, b):
    """Make the group `b` part of `a`, and return (key, level) of the groups that `a` is linked with from now on."""
    one, other = levels.pop(a), levels.pop(b)
    for key in one:
        if key != b:
            del levels[key][a]
    for key in other:
        if key != a:
            del levels[key][b]
    levels[a] = {key: min(level, other[key]) for key, level in one.items() if key in other}
    for key, level in levels[a].items():
        levels[key][a] = level
    return levels[a].items()
