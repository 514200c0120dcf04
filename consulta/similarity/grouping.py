"""Suggested groups: which texts of an index may be one, computed at once. `graph` keeps them up to date instead."""

from consulta.similarity.graph import PairGraph
from consulta.similarity.linkage import Group, in_order, tight_groups
from consulta.similarity.scoring import GROUP_FLOOR

__all__ = ["Group", "in_order", "suggest_groups", "tight_groups"]


def suggest_groups(index, ids=None, *, floor=GROUP_FLOOR, together=frozenset(), apart=frozenset(), progress=None):
    """Return the Groups found among `ids` (all texts of `index`): re-posts first, then the tightest, then by id.

    floor: the least score that any two members may have. A text is in one group at most. together, apart: pairs of ids,
    the lower one first, that people decided on; see `linkage.tight_groups`. progress: called now and then with (done,
    total), two integers.
    """
    graph = PairGraph(index, floor=floor, together=together, apart=apart)
    graph.rebuild(ids, progress=progress)
    return graph.groups()
