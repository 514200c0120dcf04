"""Whose hands are behind what a device sends: on a shared phone one person may send what another left on it.

With the worksheet a device gets a sealed note of who holds it there, and sends that note with what was written then. It
can name nobody else: a note is of one session, and only this site seals them.
"""

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer


def hand_of(session, by):
    """Return the note that says that `by`, a person or an AccessCode, held the worksheet of `session`."""
    return _signer().dumps([session.id, by.uid])


def uids_in(session, notes):
    """Return the uids that `notes` (texts) name for `session`; a note that is none, or of another one, names nobody."""
    return tuple(uid for session_id, uid in filter(None, map(_read, notes)) if session_id == session.id)


def _read(note):
    try:
        return _signer().loads(note)
    except BadData:
        return None


def _signer():
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="consulta.hand")
