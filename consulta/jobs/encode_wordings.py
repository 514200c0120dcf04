"""Give wordings their meaning vectors, where a model is there, and make damaged ones again."""

import time

import numpy as np
from flask import current_app

from consulta.proposals.actions import drop_vectors, keep_vectors
from consulta.proposals.queries import wordings_to_encode
from consulta.similarity.texts import whole
from consulta.suggestions.vectors import packed

BATCH = 32
PATIENCE = 120  # seconds that a job waits for the model to be read; nobody's request does
AT_ONCE = 300  # seconds after which the rest is left to the next sweep


def waiting():
    """The wordings as a whole, while the model on this machine has not encoded some, or their vectors are damaged."""
    neighbours = current_app.extensions["similarity"]
    meaning = neighbours.meaning
    if meaning is None or meaning.wait(PATIENCE).code != "ready":
        return []
    neighbours.check_vectors()
    return [""] if neighbours.damaged or wordings_to_encode(meaning.version, 1) else []


def run(_thing):
    """Encode whatever the present model has not encoded, title and whole text of each."""
    neighbours = current_app.extensions["similarity"]
    damaged = sorted(neighbours.damaged)
    if damaged:
        drop_vectors(damaged, by=None)
        neighbours.damaged.difference_update(damaged)
    meaning, began = neighbours.meaning, time.monotonic()
    while time.monotonic() - began < AT_ONCE:
        wordings = [(w.id, w.title, w.body) for w in wordings_to_encode(meaning.version, BATCH)]
        if not wordings:
            return
        rows = meaning.encode([text for _id, title, body in wordings for text in (title, whole(title, body))])
        if rows is None:
            return  # the model broke: its state says so
        rows = np.asarray(rows)
        vectors = {each[0]: packed(rows[2 * place : 2 * place + 2]) for place, each in enumerate(wordings)}
        keep_vectors(meaning.version, vectors, by=None)
