"""Fingerprints of what a session holds: SHA-256 over canonical JSON (sorted keys, no spaces, UTF-8).

A form carries the fingerprint of what it was filled in from, so that a second person is told instead of overwriting.
The fingerprint of a whole session goes into the public record when it is handed in: any later change shows.
"""

import hashlib
import json

RESULT_KEYS = ("outcome", "group_number", "grade", "dots", "reasons", "dissent")


def of_result(result):
    """Return the fingerprint of what a session said of one proposal; "" where it said nothing yet (None)."""
    return "" if result is None else _sha256(_said(result))


def of_attendance(attendances):
    """Return the fingerprint of an attendance list (Attendance rows); "" for an empty one."""
    return _sha256(_present(attendances)) if attendances else ""


def of_minutes(session):
    """Return the fingerprint of a session's statements, agreements and notes."""
    return _sha256(_minuted(session))


def of_session(session, attendances, results):
    """Return the fingerprint of all that a session holds: its list, results (by proposal code) and minutes."""
    said = [{**_said(each), "made_here": each.made_here, "proposal": each.proposal.code} for each in results]
    return _sha256(
        {
            "attendance": _present(attendances),
            "minutes": _minuted(session),
            "results": sorted(said, key=lambda each: each["proposal"]),
        }
    )


def _said(result):
    return {key: getattr(result, key) for key in RESULT_KEYS}


def _minuted(session):
    return {"agreements": session.agreements, "notes": session.notes, "statements": session.statements}


def _present(attendances):
    return [
        {
            "attended": each.attended,
            "convened": each.convened,
            "heads": each.heads,
            "institution": each.institution.name if each.institution else None,
            "note": each.note,
            "sector": each.sector,
            "spoke": each.spoke,
        }
        for each in sorted(attendances, key=lambda row: row.id)
    ]


def _sha256(value):
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
