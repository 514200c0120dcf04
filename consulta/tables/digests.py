"""Fingerprints of what a session holds: SHA-256 over canonical JSON (sorted keys, no spaces, UTF-8).

A form carries the fingerprint of what it was filled in from, so that a second person is told instead of overwriting.
The fingerprint of a whole session goes into the public record when it is handed in: any later change shows.
"""

import hashlib
import json
from datetime import UTC, date, datetime

from consulta.tables.entries import CONVENED, ENTERED, PRESENCE, RESULT

RESULT_KEYS = tuple(RESULT)
# What a session holds, entered before it or in it; its title and table are what it is called.
SESSION_KEYS = tuple(name for name in CONVENED if name != "title")

FACT_KEYS = tuple(name for name in ENTERED if name not in ("statements", "notes"))


def of_result(result):
    """Return the fingerprint of what a session said of one proposal; "" where it said nothing yet (None)."""
    return "" if result is None else _sha256(_said(result))


def of_convening(session, attendances):
    """Return the fingerprint of what a session is convened with, and of who is invited."""
    return _sha256({"list": _present(attendances), **{key: _plain(getattr(session, key)) for key in CONVENED}})


def of_attendance(attendances):
    """Return the fingerprint of an attendance list (Attendance rows); "" for an empty one."""
    return _sha256(_present(attendances)) if attendances else ""


def of_minutes(session):
    """Return the fingerprint of a session's statements and notes."""
    return _sha256(_minuted(session))


def of_facts(session):
    """Return the fingerprint of what a session says of itself beside statements and notes: how its minutes close."""
    return _sha256({key: _plain(getattr(session, key)) for key in FACT_KEYS})


def of_item(session, item_id):
    """Return the fingerprint of one item of a session's agenda, with what was said under it; "" where there is none."""
    return next((_sha256(each) for each in session.agenda if each["id"] == item_id), "")


def of_session(session, attendances, results):
    """Return the fingerprint of all that a session holds: what it says itself, its list and its results.

    Once it was handed in there is chance in it (Session.seal_nonce).
    """
    said = [
        {
            **_said(each),
            "is_inferred": each.is_inferred,
            "made_here": each.made_here,
            "proposal": each.proposal.code,
        }
        for each in results
    ]
    return _sha256(
        {
            "attendance": _present(attendances),
            "results": sorted(said, key=lambda each: each["proposal"]),
            "session": {key: _plain(getattr(session, key)) for key in SESSION_KEYS},
            **({"nonce": session.seal_nonce} if session.seal_nonce else {}),
        }
    )


def _said(result):
    return {key: getattr(result, key) for key in RESULT_KEYS}


def _minuted(session):
    return {"notes": session.notes, "statements": session.statements}


def _present(attendances):
    return [
        # The name, whether it is only typed or an institution's: publishing founds it and changes nothing of this.
        {"name": each.name, **{key: getattr(each, key) for key in PRESENCE}}
        for each in sorted(attendances, key=lambda row: row.id)
    ]


def _plain(value):
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


def _sha256(value):
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
