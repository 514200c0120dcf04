"""Settle the merges whose time for objections is over."""

from consulta.merging.actions import settle_merge
from consulta.merging.queries import merges_due

SECONDS = 60


def run():
    """Settle every merge that is due."""
    for merge in merges_due():
        settle_merge(merge, by=None)
