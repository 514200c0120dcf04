"""The minutes of a session as plain JSON: every fact of its rows in the order of the official form, no words of ours.

What is not known is left out. Codes (outcomes, sectors, qualities) stay codes: whoever shows the document puts them
into words (web.minutes_layout). Days are ISO dates and hours are wall times of the place. The document that a version
stores is never made again: what a correction changes is a further one.
"""

import hashlib
import json

from consulta.accounts.models import SECTORS
from consulta.core.clock import local
from consulta.minutes.decided import merges_in, merges_told, regional_told, results_told
from consulta.minutes.presence import attendance_told, excuses_told, heads_told
from consulta.minutes.tasks import agreements_told, open_before_told
from consulta.tables.queries import attendances_of, results_of

FORM = 1


def document_of(session):
    """Return all that the minutes of `session` say, as anybody may read it; the caller has settled who may.

    Keys without a value are left out, so a document says exactly what is known.
    """
    attendances = sorted(attendances_of(session), key=lambda row: row.id)
    results, merges = results_of(session), merges_in(session)
    table = session.table
    told = {
        "table": table.title,
        "table_kind": table.kind,
        "territory": table.territory.full_name if table.territory else None,
        "consultation": table.consultation.title,
        "number": session.number,
        "title": session.title,
        "place": session.place,
        "link": session.link,
        **_times(session, table.consultation.zone),
        "date_note": session.date_note,
        "is_pooled": session.is_pooled or None,
        "venues": session.venues,
        "convened_by": session.convened_by,
        "convened_on": _day(session.convened_on),
        "attendance": attendance_told(attendances),
        "heads": heads_told(attendances),
        "declared_heads": session.declared_heads,
        "planned_heads": {sector: n for sector in SECTORS if (n := (session.planned_heads or {}).get(sector))},
        "attendance_note": session.attendance_note,
        "excused": excuses_told(attendances),
        "objective": session.objective,
        "inputs": session.inputs,
        "product": session.product,
        "agenda": _agenda(session),
        "development": _development(session),
        "dots_per_person": session.dots_per_person,
        "dots_per_proposal": session.dots_per_proposal,
        "results": results_told(session, results, attendances),
        "count_note": session.count_note,
        "regional_results": regional_told(session, results),
        **merges_told(session, merges, results, attendances),
        "statements": session.statements,
        "agreements": agreements_told(session),
        "open_before": open_before_told(session),
        "notes": session.notes,
        "open_points": session.open_points,
        "prepared_by": session.prepared_by,
        "prepared_on": _day(session.prepared_on),
        "next": session.next_meeting and known({"kind": session.next_meeting, "on": _day(session.next_on)}),
        "distributed_to": session.distributed_to,
    }
    return {"form": FORM, **known(told)}


def canonical(document):
    """Return the bytes whose SHA-256 the public record holds: sorted keys, no spaces, UTF-8."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def digest_of(document):
    """Return the fingerprint of a document: 64 hexadecimal digits."""
    return hashlib.sha256(canonical(document)).hexdigest()


def known(facts):
    """Return `facts` (a dictionary) without those that say nothing."""
    return {name: value for name, value in facts.items() if value not in (None, "", [], {})}


def _times(session, zone):
    """Return the day and hours as clocks of the place show them; the end's day only where it is another one."""
    starts = local(session.starts_at, zone) if session.starts_at else None
    ends = local(session.ends_at, zone) if session.ends_at else None
    return {
        "date": starts and starts.date().isoformat(),
        "starts": starts and starts.strftime("%H:%M"),
        "ends": ends and ends.strftime("%H:%M"),
        "ends_on": ends.date().isoformat() if ends and ends.date() != starts.date() else None,
        "zone": zone if starts else None,
    }


def _agenda(session):
    parts = ("block", "kind", "starts", "ends", "title")
    return [
        known({name: item.get(name) for name in parts})
        for item in session.agenda
        if item.get("kind", "item") != "heading"
    ]


def _development(session):
    """Return what was said under each item, numbered as the agenda numbers them; a heading of its own has no number."""
    told, number = [], 0
    for item in session.agenda:
        kind = item.get("kind", "item")
        number += kind == "item"
        is_told = item.get("development") or item.get("is_closed") or kind == "heading"
        if is_told:
            told.append(
                known(
                    {
                        "number": number if kind == "item" else None,
                        "title": item.get("title"),
                        "markdown": item.get("development"),
                        "is_closed": bool(item.get("is_closed")) or None,
                        "closed_note": item.get("closed_note"),
                    }
                )
            )
    return told


def _day(day):
    return day.isoformat() if day else None
