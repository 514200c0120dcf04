"""From pairs to tight groups, without chains, the same every time."""

import heapq
from typing import NamedTuple

from consulta.similarity.explain import medoid, most_distant
from consulta.similarity.pairs import Pair

# Re-posts are joined first, then what people said belongs together, then what is most alike: scores end at 1.
_CERTAIN, _TOGETHER = 3.0, 2.0


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
    known = {(pair.first, pair.second): pair for pair in pairs}
    for a, b in together:
        if (a, b) not in known or not known[a, b].certain:
            known[a, b] = Pair(a, b, 1.0, False)
    links, ranks = {}, []
    for (a, b), pair in known.items():
        if (a, b) in apart:
            continue
        level = _CERTAIN if pair.certain else _TOGETHER if (a, b) in together else pair.score
        links.setdefault(a, {})[b] = links.setdefault(b, {})[a] = level
        ranks.append((-level, a, b))
    members = {id: (id,) for id in links}
    heapq.heapify(ranks)
    while ranks:
        level, a, b = heapq.heappop(ranks)
        # A group is known by its lowest id. What was pushed before one of the two changed is out of date.
        if links.get(a, {}).get(b) == -level:
            members[a] += members.pop(b)
            for key, level in _join(links, a, b):
                heapq.heappush(ranks, (-level, min(a, key), max(a, key)))
    return in_order(_described(tuple(sorted(ids)), known) for ids in members.values() if len(ids) > 1)


def in_order(groups):
    """Return `groups` as a list: re-posts first, then the tightest, then by id."""
    return sorted(groups, key=lambda group: (not group.certain, -group.tightness, group.ids))


def _join(links, a, b):
    """Make the group `b` part of `a`, and return (key, level) of the groups that `a` is linked with from now on."""
    one, other = links.pop(a), links.pop(b)
    for key in one.keys() | other.keys():
        if key not in (a, b):
            links[key].pop(a, None)
            links[key].pop(b, None)
    links[a] = {key: min(level, other[key]) for key, level in one.items() if key in other}
    for key, level in links[a].items():
        links[key][a] = level
    return links[a].items()


def _described(ids, known):
    pairs = [known[ids[i], ids[j]] for i in range(len(ids)) for j in range(i + 1, len(ids))]
    scores = [[1.0 if a == b else known[min(a, b), max(a, b)].score for b in ids] for a in ids]
    return Group(
        ids,
        min(pair.score for pair in pairs),
        all(pair.certain for pair in pairs),
        medoid(ids, scores),
        most_distant(ids, scores),
    )
