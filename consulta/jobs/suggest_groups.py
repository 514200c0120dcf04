"""Suggest groups of similar proposals anew."""

import time

from flask import current_app

from consulta.consultations.queries import consultations_under_way
from consulta.core.pulse import pulse_of
from consulta.jobs.encode_wordings import PATIENCE
from consulta.merging.actions import suggest_groups
from consulta.merging.suggestions import made_from, propose_groups

# Grouping may take this share of the time at the most; whatever comes in between waits for a later sweep.
SHARE = 0.1


def waiting():
    """The consultations under way whose groups were made from something else than what is there now."""
    return [each.id for each in consultations_under_way() if _seen(each) != made_from(each)]


def run(consultation_id):
    """Compute the groups outside of any write, then store them in one."""
    consultation = next((each for each in consultations_under_way() if each.id == consultation_id), None)
    if consultation is None:
        return None
    began, seen, neighbours = time.monotonic(), made_from(consultation), current_app.extensions["similarity"]
    if neighbours.meaning is not None:
        # A process that has just begun would else put groups by letters alone in place of better ones.
        neighbours.meaning.wait(PATIENCE)
    suggest_groups(consultation, found=propose_groups(consultation, neighbours), by=None)
    return {"seen": seen, "rest": (time.monotonic() - began) / SHARE}


def _seen(consultation):
    pulse = pulse_of(f"suggest_groups:{consultation.id}")
    return pulse.seen if pulse is not None else None
