"""Suggest groups of similar proposals anew."""

import time

from flask import current_app

from consulta.consultations.queries import consultations_under_way
from consulta.merging.actions import suggest_groups
from consulta.merging.suggestions import propose_groups

SECONDS = 300
# Grouping may take this share of a process's time at the most; whatever comes in between waits for a later sweep.
SHARE = 0.1

_rested_after = {}


def run():
    """Compute the groups of every consultation under way, outside of any write, then store them in one."""
    for consultation in consultations_under_way():
        if time.monotonic() < _rested_after.get(consultation.id, 0):
            continue
        began = time.monotonic()
        suggest_groups(consultation, found=propose_groups(consultation, current_app.extensions["similarity"]), by=None)
        ended = time.monotonic()
        _rested_after[consultation.id] = ended + (ended - began) / SHARE
