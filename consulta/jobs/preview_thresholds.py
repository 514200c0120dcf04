"""Compute what several thresholds would suggest, where an administrator asked for it."""

import time

from flask import current_app

from consulta.core.pulse import advance
from consulta.jobs.encode_wordings import PATIENCE
from consulta.suggestions.actions import keep_preview
from consulta.suggestions.previewing import preview_of
from consulta.suggestions.queries import preview_asked, previews_asked

STEP = 0.5  # seconds between two notes of how far it is


def waiting():
    """The consultations whose preview was asked for and is not made."""
    return previews_asked()


def run(consultation_id):
    """Compute the preview outside of any write, then store it in one."""
    preview = preview_asked(consultation_id)
    if preview is None:
        return
    neighbours, noted = current_app.extensions["similarity"], 0.0
    if neighbours.meaning is not None:
        neighbours.meaning.wait(PATIENCE)

    def note(done, out_of):
        nonlocal noted
        if time.monotonic() >= noted + STEP:
            noted = time.monotonic()
            advance(f"preview_thresholds:{consultation_id}", done, out_of, by=None)

    asked_at = preview.asked_at
    figures = preview_of(preview.consultation, neighbours, note)
    keep_preview(preview_asked(consultation_id).consultation, figures, asked_at=asked_at, by=None)
