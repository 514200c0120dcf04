"""Give wordings their meaning vectors, where a model is there."""

import numpy as np
from flask import current_app

from consulta.proposals.actions import keep_vectors
from consulta.proposals.neighbours import packed
from consulta.proposals.queries import wordings_to_encode

SECONDS = 300
BATCH = 32


def run():
    """Encode whatever the present model has not encoded; ends at once where there is no model."""
    meaning = current_app.extensions["similarity"].meaning
    if meaning is None or meaning.state.code == "loading":
        return  # the sweep comes by again
    while meaning.ready:
        wordings = [(w.id, w.title, w.body) for w in wordings_to_encode(meaning.version, BATCH)]
        if not wordings:
            return
        rows = meaning.encode([text for _, title, body in wordings for text in (title, f"{title}\n{body}")])
        if rows is None:
            return
        rows = np.asarray(rows)
        vectors = {each[0]: packed(rows[2 * place : 2 * place + 2]) for place, each in enumerate(wordings)}
        keep_vectors(meaning.version, vectors, by=None)
