"""Compute what several thresholds would suggest, where an administrator asked for it."""

from flask import current_app

from consulta.jobs.encode_wordings import PATIENCE
from consulta.jobs.progress import noting
from consulta.suggestions.actions import keep_preview
from consulta.suggestions.previewing import preview_of
from consulta.suggestions.queries import preview_asked, previews_asked


def waiting():
    """The consultations whose preview was asked for and is not made."""
    return previews_asked()


def run(consultation_id):
    """Compute the preview outside of any write, then store it in one."""
    preview = preview_asked(consultation_id)
    if preview is None:
        return
    neighbours = current_app.extensions["similarity"]
    if neighbours.meaning is not None:
        neighbours.meaning.wait(PATIENCE)

    asked_at = preview.asked_at
    figures = preview_of(preview.consultation, neighbours, noting(f"preview_thresholds:{consultation_id}"))
    keep_preview(preview_asked(consultation_id).consultation, figures, asked_at=asked_at, by=None)
