"""Suggest groups of similar proposals anew."""

import time

from flask import current_app

from consulta.consultations.queries import consultations_under_way
from consulta.core.pulse import pulse_of
from consulta.jobs.encode_wordings import PATIENCE
from consulta.jobs.progress import noting
from consulta.suggestions.actions import suggest_groups
from consulta.suggestions.finding import made_from, propose_groups

# Grouping may take this share of a processor at the most; what comes in between waits for a later sweep. What takes
# less than MOMENT, in seconds of a processor, is worth no rest.
SHARE, MOMENT = 0.1, 1.0


def waiting():
    """The consultations under way whose groups were made from something else than what is there now."""
    return [each.id for each in consultations_under_way() if _seen(each) != made_from(each)]


def run(consultation_id):
    """Compute the groups outside of any write, then store them in one."""
    consultation = next((each for each in consultations_under_way() if each.id == consultation_id), None)
    if consultation is None:
        return None
    seen, neighbours = made_from(consultation), current_app.extensions["similarity"]
    if neighbours.meaning is not None:
        # A process that has just begun would else put groups by letters alone in place of better ones.
        neighbours.meaning.wait(PATIENCE)
    began = time.thread_time()
    found = propose_groups(consultation, neighbours, noting(f"suggest_groups:{consultation.id}"))
    suggest_groups(consultation, found=found, by=None)
    cost = time.thread_time() - began
    return {"seen": seen, "rest": cost / SHARE if cost > MOMENT else 0}


def _seen(consultation):
    pulse = pulse_of(f"suggest_groups:{consultation.id}")
    return pulse.seen if pulse is not None else None
