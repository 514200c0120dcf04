"""Settle the merges whose time for objections is over."""

from consulta.merging.actions import settle_merge
from consulta.merging.queries import merges_due


def waiting():
    """The merges that are due."""
    return [merge.id for merge in merges_due()]


def run(merge_id):
    """Settle it, unless it was undone or settled meanwhile."""
    for merge in merges_due(only=merge_id):
        settle_merge(merge, by=None)
