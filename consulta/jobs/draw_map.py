"""Draw the maps of proposals, or put on them what is new."""

import time

from flask import current_app

from consulta.consultations.queries import consultations_under_way
from consulta.core.pulse import pulse_of
from consulta.jobs.encode_wordings import PATIENCE
from consulta.suggestions.actions import place_on_map
from consulta.suggestions.drawing import draw, drawn_from

# Drawing may take this share of a processor at the most. What takes less than MOMENT, in seconds of a processor, is
# worth no rest.
SHARE, MOMENT = 0.05, 1.0


def waiting():
    """The consultations under way whose map was drawn from something else than what is there now."""
    neighbours = current_app.extensions["similarity"]
    return [each.id for each in consultations_under_way() if _seen(each)[0] != drawn_from(each, neighbours)]


def run(consultation_id):
    """Compute the places outside of any write, then store them in one."""
    consultation = next((each for each in consultations_under_way() if each.id == consultation_id), None)
    if consultation is None:
        return None
    neighbours = current_app.extensions["similarity"]
    if neighbours.meaning is not None:
        neighbours.meaning.wait(PATIENCE)  # else a process that has just begun would draw it by letters alone
    (was, drawn_of), now = _seen(consultation), drawn_from(consultation, neighbours)
    began = time.thread_time()
    other_encoder = was.partition(" ")[2] != now.partition(" ")[2]
    drawing = draw(consultation, neighbours, drawn_of=drawn_of, anew=other_encoder)
    place_on_map(consultation, drawing.places, by=None)
    cost = time.thread_time() - began
    return {"seen": f"{drawing.drawn_of} {now}", "rest": cost / SHARE if cost > MOMENT else 0}


def _seen(consultation):
    """Return (what the map was drawn from, of how many texts all of it was last drawn)."""
    pulse = pulse_of(f"draw_map:{consultation.id}")
    drawn_of, _space, seen = (pulse and pulse.seen or "0 ").partition(" ")
    return seen, int(drawn_of)
