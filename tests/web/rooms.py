"""What tests of the pages of sessions share: addresses, what a form carries, and what a session holds."""

import re
from html import unescape

from consulta.core.extensions import db
from consulta.tables.models import Attendance, Result

OPEN, REFUSED, SIGN_IN, GONE = 200, 403, 302, 404


def at(session, path=""):
    """Return the address of a page of `session`."""
    return f"/sesiones/{session.id}{path}"


def base_of(answer):
    """Return the fingerprint that a form in `answer` carries."""
    return re.search(r'name="base"[^>]*value="([^"]*)"', answer.text)[1]


def traces(session):
    """Return what was ever entered in `session`, as counts and state."""
    db.session.expire_all()
    return (
        db.session.query(Attendance).filter_by(session_id=session.id).count(),
        db.session.query(Result).filter_by(session_id=session.id).count(),
        list(session.statements),
        [each["development"] for each in session.agenda if each["development"]],
        session.prepared_by,
        session.submitted_at,
    )


NOTHING = (0, 0, [], [], None, None)


def plain(answer):
    """Return the text of an answer's page without its tags."""
    return " ".join(unescape(re.sub(r"<(head|svg).*?</\1>|<[^>]+>", " ", answer.text, flags=re.S)).split())
