"""Suggested groups: tight, without chains, the same every time."""

from typing import NamedTuple

from consulta.similarity.explain import medoid, most_distant
from consulta.similarity.pairs import similar_pairs
from consulta.similarity.scoring import GROUP_FLOOR


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


def suggest_groups(index, ids=None, *, floor=GROUP_FLOOR):
    """Return the Groups found among `ids` (all texts of `index`): re-posts first, then the tightest, then by id.

    floor: the least score that any two members may have. A text is in one group at most.
    """
    return tight_groups(similar_pairs(index, floor, ids))


def tight_groups(pairs):
    """Return Groups in which every two members are one of `pairs` (complete linkage), as `suggest_groups` orders them.

    pairs: Pair or anything with first, second, score, certain; their order does not matter. Groups are joined from the
    most alike pair down, and only where every member of one was compared with every member of the other and passed:
    A like B and B like C never brings A and C together by itself. Complete linkage, greedy by pair: see Müllner 2011,
    "Modern hierarchical, agglomerative clustering algorithms", for the family.
    """
    ordered = sorted(pairs, key=lambda pair: (not pair.certain, -pair.score, pair.first, pair.second))
    known = {(pair.first, pair.second): pair for pair in ordered}
    group_of = {}
    for pair in ordered:
        one = group_of.get(pair.first, (pair.first,))
        other = group_of.get(pair.second, (pair.second,))
        if one is other or not all(_key(a, b) in known for a in one for b in other):
            continue
        joined = tuple(sorted(one + other))
        for id in joined:
            group_of[id] = joined
    groups = [_described(ids, known) for ids in set(group_of.values())]
    return sorted(groups, key=lambda group: (not group.certain, -group.tightness, group.ids))


def _key(a, b):
    return (a, b) if a < b else (b, a)


def _described(ids, known):
    scores = [[1.0 if a == b else known[_key(a, b)].score for b in ids] for a in ids]
    pairs = [known[ids[i], ids[j]] for i in range(len(ids)) for j in range(i + 1, len(ids))]
    return Group(
        ids,
        min(pair.score for pair in pairs),
        all(pair.certain for pair in pairs),
        medoid(ids, scores),
        most_distant(ids, scores),
    )
