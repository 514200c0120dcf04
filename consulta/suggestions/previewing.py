"""What each of several thresholds would suggest in a consultation, so that whoever sets them sees what they do."""

from collections import Counter
from typing import NamedTuple

from consulta.core.clock import now
from consulta.proposals.queries import waiting_ids
from consulta.similarity.graph import CROWD
from consulta.similarity.linkage import tight_groups
from consulta.similarity.pairs import judged_pairs
from consulta.suggestions.queries import floors_of, verdicts_among

FLOORS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
# A consultation of more texts is looked at in a sample: all pairs of so many take half a minute.
MOST = 12_000


class Seen(NamedTuple):
    """What one preview looked at: ids of all texts compared, of those that wait for a decision, and its pairs."""

    ids: list
    waiting: frozenset
    pairs: list
    together: frozenset
    apart: frozenset


def preview_of(consultation, neighbours, progress=None):
    """Return what several floors would suggest, in the types of JSON: numbers and ids of proposals, no texts.

    neighbours: the process's `suggestions.neighbours.Neighbours`. progress: called with how much is done, and of how
    much. It takes seconds, or a minute for thousands of texts: all pairs are compared once, at the lowest floor.
    """
    index, present = neighbours.index_of(consultation.id, complete=True), floors_of(consultation)
    ids = index.ids()
    total, ids = len(ids), _few_copies(index, _sample(ids))
    floors = sorted({*FLOORS, *present})
    pairs = judged_pairs(index.frozen(), min(floors), ids, progress)
    waiting = frozenset(waiting_ids(consultation) & set(ids))
    together, apart = (
        frozenset(pair for pair in some if waiting.issuperset(pair)) for some in verdicts_among(consultation)
    )
    seen = Seen(ids, waiting, pairs, together, apart)
    rows = [{"floor": floor, "groups": _groups(seen, floor), "citizens": _citizens(seen, floor)} for floor in floors]
    return {
        "read_at": now().isoformat(),
        "texts": len(ids),
        "total": total,
        "waiting": len(seen.waiting),
        "rows": rows,
    }


def _groups(seen, floor):
    """The queue at `floor`: how many groups, of how many proposals, how many in the largest, the loosest pair."""
    passed = [
        pair
        for pair in seen.pairs
        if pair.score >= floor
        and (pair.first, pair.second) not in seen.apart
        and pair.first in seen.waiting
        and pair.second in seen.waiting
    ]
    groups = tight_groups(passed, together=seen.together, apart=seen.apart)
    inside = {id: group for group in groups for id in group.ids}
    # Pairs come with the highest score first: the last one inside of a group is the loosest.
    loosest = next((pair for pair in reversed(passed) if inside.get(pair.first) == inside.get(pair.second, 0)), None)
    return {
        "count": len(groups),
        "proposals": sum(len(group.ids) for group in groups),
        "largest": max((len(group.ids) for group in groups), default=0),
        "loosest": _described(loosest),
    }


def _citizens(seen, floor):
    """What is shown to who writes at `floor`: how many texts have another near them, the farthest such pair."""
    passed = [pair for pair in seen.pairs if pair.score >= floor]
    near = {id for pair in passed for id in (pair.first, pair.second)}
    farthest = min(passed, key=lambda pair: (pair.score, pair.first, pair.second), default=None)
    return {"shown": len(near), "farthest": _described(farthest)}


def _sample(ids):
    """Return MOST of `ids`, evenly from the first to the last, or all where there are fewer."""
    count = min(len(ids), MOST)
    return [ids[place * len(ids) // count] for place in range(count)]


def _few_copies(index, ids):
    """Return `ids` with at most CROWD re-posts of one text: the pairs of more are the square of them, and certain."""
    copies, kept = Counter(), []
    for id in ids:
        mark = index.mark(id)
        copies[mark] += 1
        if not mark or copies[mark] <= CROWD:
            kept.append(id)
    return kept


def _described(pair):
    return None if pair is None else {"first": pair.first, "second": pair.second, "score": round(pair.score, 4)}
