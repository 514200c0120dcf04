"""What the offline worksheet asks and sends, as JSON (consulta/worksheets/protocol.py)."""

from dataclasses import replace

from flask import Blueprint, current_app, request, url_for
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFError, generate_csrf
from werkzeug.exceptions import HTTPException

from consulta.consultations.queries import themes_of
from consulta.core.clock import now
from consulta.core.errors import Refused
from consulta.core.extensions import limiter
from consulta.tables.models import AccessCode
from consulta.tables.queries import find_session
from consulta.tables.rules import why_not_enter, why_not_facilitate, why_not_open
from consulta.web import labels
from consulta.web.guards import person
from consulta.web.hands import hand_of, uids_in
from consulta.web.headers import taking
from consulta.web.room import actor
from consulta.worksheets import queries
from consulta.worksheets.actions import take_changes
from consulta.worksheets.fields import FIELDS
from consulta.worksheets.protocol import PROTOCOL, Unreadable, read_batch
from consulta.worksheets.rules import why_not_look

devices = Blueprint("devices", __name__)

LISTS = {
    "outcomes": labels.OUTCOMES,
    "grades": labels.GRADES,
    "levels": labels.LEVELS,
    "votes": labels.VOTES,
    "genders": labels.GENDERS,
    "sectors": labels.SECTORS,
    "qualities": labels.QUALITIES,
    "next_meetings": labels.NEXT_MEETINGS,
    "kinds": labels.AGREEMENT_KINDS,
}
ITEM = ("id", "kind", "block", "starts", "ends", "title")
WORDS = {400: "malformed", 401: "signed_out", 403: "forbidden", 404: "gone", 413: "too_large", 415: "unsupported"}
WORDS |= {422: "unknown", 429: "busy", 503: "busy"}


def _holder_key():
    """Name who sends: the account, or the code that several phones of one room hold."""
    by = actor()
    return f"holder {by.uid}" if by is not None else f"address {get_remote_address()}"


@devices.get("/sesiones/<int:id>/hoja/datos")
def read(id):
    """Give a device the whole worksheet as it stands."""
    session, by = entering(id)
    if (why_not := why_not_look(by, session)) is not None:
        raise Unreadable(403, "forbidden", why_not)
    codes = [code for code in request.args.get("codes", "")[:2000].split(",") if code.isalnum()]
    device = request.args.get("device", "")[:36]
    to = person()
    return _answer(
        {
            "protocol": PROTOCOL,
            "version": queries.version_of(session),
            "now": now().isoformat(timespec="seconds"),
            "csrf": generate_csrf(),
            "person": {**_holder(by), "hand": hand_of(session, by)},
            "session": _session(session, by),
            "proposals": [_proposal(each) for each in queries.proposals_for(session, codes=codes, to=to)],
            "themes": [{"id": each.id, "title": each.title} for each in themes_of(session.table.consultation)],
            "labels": {name: [[word, str(label)] for word, label in words.items()] for name, words in LISTS.items()},
            "limits": {
                part: {name: each.limit for name, each in FIELDS[part].items() if each.limit} for part in FIELDS
            },
            **_standing(session, device),
        }
    )


@devices.post("/sesiones/<int:id>/hoja/datos")
@limiter.limit("120 per minute", key_func=_holder_key)
@taking("application/json")
def take(id):
    """Take in a batch of changes from a device, and tell it what others changed since."""
    session, by = entering(id)
    batch = read_batch(request.get_data(cache=False), session.id)
    taken, refused = {}, {}
    if batch.changes:
        answer = take_changes(session, replace(batch, hands=uids_in(session, batch.hands)), by=by)
        taken, refused = answer.taken, {uid: str(reason) for uid, reason in answer.refused.items()}
    version = queries.version_of(session)
    # Who knows of more than there is, from before the site went back to a copy, is told everything.
    above = batch.seen if batch.seen <= version else None
    return _answer(
        {
            "version": version,
            "now": now().isoformat(timespec="seconds"),
            "state": session.state,
            "why_not": _why_not(session),
            "taken": taken,
            "refused": refused,
            **(
                _standing(session, batch.device, above=above)
                if why_not_look(by, session) is None
                else _nothing(session)
            ),
        }
    )


@devices.errorhandler(Refused)
def refused(error):
    """Say in JSON why something is refused, and which change is at fault."""
    word, change = getattr(error, "word", None), getattr(error, "change", None)
    return _problem(error.status, word or WORDS.get(error.status, "refused"), error.reason, change)


@devices.errorhandler(CSRFError)
def stale(_error):
    """Say that the token is not of this browser's session: the device asks for another, or its holder enters again."""
    if actor() is None:
        return refused(_signed_out())
    return _problem(400, "csrf", _("La página estuvo abierta mucho tiempo. El teléfono lo intenta de nuevo."))


@devices.errorhandler(HTTPException)
def unfit(error):
    """Say in JSON what a request lacks."""
    if error.code is None or error.code not in WORDS:
        return error
    reason = _("La solicitud no tiene la forma esperada, y no se guardó nada.")
    if error.code == 429:
        reason = _("El sitio está muy ocupado y no pudo responder. No se perdió nada de lo guardado.")
    answer = _problem(error.code, WORDS[error.code], reason)
    for name, value in error.get_headers():
        if name.lower() in {"retry-after", "allow"}:
            answer.headers[name] = value
    return answer


def entering(id):
    """Return the session of this number and who enters something of it; raises Unreadable for whoever may not."""
    session = find_session(id, to=person())
    by = actor(session)
    if by is None:
        raise _signed_out()
    if (why_not := why_not_facilitate(by, session)) is not None:
        raise Unreadable(403, "forbidden", why_not)
    return session, by


def _signed_out():
    reason = _("Para enviar, entra con tu cuenta o con un código vigente. Lo anotado sigue en este teléfono.")
    return Unreadable(401, "signed_out", reason)


def _standing(session, device, above=None):
    """Return what stands in the worksheet, what waits to be settled, and what became of the room's proposals."""
    standings = queries.standings_of(session)
    told = standings if above is None else {place: each for place, each in standings.items() if _is_new(each, above)}
    fields = [[*place, each.value, each.version, each.device == device != ""] for place, each in told.items()]
    return {"fields": fields, "conflicts": _conflicts(session, standings), "room": _room(session)}


def _nothing(session):
    return {"fields": [], "conflicts": [], "room": _room(session)}


def _is_new(standing, above):
    return standing.version > above or standing.version < 0


def _conflicts(session, standings):
    waiting = {}
    for each in queries.waiting_in(session, states=("conflict",)):
        waiting.setdefault((each.part, each.key, each.field), []).append(each)
    fields = queries.fields_of(session) if waiting else {}
    names = queries.callers({each.by_uid for rows in waiting.values() for each in rows} | _writers(fields, waiting))
    return [
        {
            "part": place[0],
            "key": place[1],
            "field": place[2],
            "theirs": _theirs(standings.get(place), fields.get(place), names, place),
            "yours": [
                {
                    "id": each.id,
                    "device": each.device,
                    "value": each.value,
                    "by": names.get(each.by_uid, ""),
                    "at": each.written_at or each.received_at.isoformat(timespec="seconds"),
                }
                for each in rows
            ],
        }
        for place, rows in waiting.items()
    ]


def _theirs(standing, row, names, place):
    empty = FIELDS[place[0]][place[2]].empty
    return {
        "value": standing.value if standing else empty,
        "version": standing.version if standing else 0,
        "device": standing.device if standing else "",
        "by": names.get(row.by_uid, "") if row is not None and standing.version > 0 else "",
        "at": row.changed_at.isoformat(timespec="seconds") if row is not None else None,
    }


def _writers(fields, places):
    return {fields[place].by_uid for place in places if place in fields}


def _room(session):
    return {
        each.uid: {
            "code": each.proposal.code,
            "tracking_code": each.tracking_code,
            "title": each.proposal.title,
            "address": url_for("proposals.show", code=each.proposal.code),
        }
        for each in queries.room_of(session)
    }


def _holder(by):
    if isinstance(by, AccessCode):
        until = by.expires_at.isoformat(timespec="seconds")
        return {"uid": by.uid, "via": "code", "label": by.label, "until": until}
    return {"uid": by.uid, "via": "account", "label": by.name, "until": None}


def _session(session, by):
    account = not isinstance(by, AccessCode)
    return {
        "id": session.id,
        "title": session.title,
        "table": session.table.title,
        "place": session.place or "",
        "starts": session.starts_at and session.starts_at.isoformat(timespec="seconds"),
        "ends": session.ends_at and session.ends_at.isoformat(timespec="seconds"),
        "zone": session.table.consultation.zone,
        "state": session.state,
        "dots_per_person": session.dots_per_person,
        "dots_per_proposal": session.dots_per_proposal,
        "return_note": session.return_note,
        "why_not": _why_not(session),
        "agenda": [{name: item.get(name) for name in ITEM} for item in session.agenda],
        "handing_in": url_for("tables.submit", id=session.id) if account else None,
        "forms": url_for("tables.worksheet", id=session.id) if account else None,
    }


def _why_not(session):
    """Return why the session takes nothing now, or None; one that nobody opened is opened by what comes first."""
    why_not = why_not_open(session) if session.opened_at is None else why_not_enter(session)
    return None if why_not is None else str(why_not)


def _proposal(proposal):
    return {
        "code": proposal.code,
        "reference": proposal.reference,
        "title": proposal.title,
        "body": proposal.body,
        "theme": proposal.theme_id,
        "address": url_for("proposals.show", code=proposal.code),
    }


def _problem(status, word, reason, change=None):
    answer = current_app.json.response({"error": word, "reason": str(reason), "change": change})
    answer.status_code = status
    if status == 503:
        answer.headers["Retry-After"] = "5"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _answer(content):
    answer = current_app.json.response(content)
    answer.headers["Cache-Control"] = "no-store"
    return answer
