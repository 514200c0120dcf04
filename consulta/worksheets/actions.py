"""Take in what devices send of a worksheet, keep what disagrees or came late, and settle it."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from sqlalchemy import insert, update

from consulta.agreements.actions import note_agreement
from consulta.consultations.queries import themes_of
from consulta.core.clock import now
from consulta.core.errors import Busy, Conflict, Invalid, NotFound, Refused, check, refuse_if
from consulta.core.extensions import db
from consulta.core.record import record, vocabulary
from consulta.core.text import clean_text
from consulta.core.work import action, lock
from consulta.tables import actions as tables
from consulta.tables.rules import (
    uid_of,
    why_not_amend,
    why_not_discuss,
    why_not_enter,
    why_not_facilitate,
    why_not_open,
)
from consulta.worksheets import queries
from consulta.worksheets.belonging import at_home
from consulta.worksheets.fields import FIELDS, clean_value, whole
from consulta.worksheets.models import Photo, RoomProposal, Worksheet, WorksheetChange, WorksheetField
from consulta.worksheets.protocol import foreign
from consulta.worksheets.register import Standing, answered, differences, judge, row_fields
from consulta.worksheets.rules import why_not_another_proposal, why_not_keep_photo, why_not_settle_late
from consulta.worksheets.spreadsheets import fingerprint
from consulta.worksheets.spreadsheets_rows import contents_of
from consulta.worksheets.tracking import new_code

vocabulary(
    {
        # Which field it was: never what it says.
        "worksheet.conflict_settled": ("part", "field", "versions"),
        # fields: how many of those that came late.
        "worksheet.late_admitted": ("title", "fields"),
        "worksheet.late_dismissed": ("title", "fields"),
    }
)

REASON_LIMIT = 2000
MOST_FIELDS = 20_000  # of one worksheet: ten times what a session of 60 proposals and 40 lines fills
NOT_PUBLIC = "not public before the session is published; conflicts that it settles are recorded"
# What the domains of the rows call a field that they refuse.
CALLED = {"institution": "named", "drop": "dropped", "starts_at": "started", "ends_at": "ended"}


@dataclass(frozen=True)
class Answer:
    """What a device is told of its batch: {id: state}, and {id: why} of what will not do."""

    taken: dict
    refused: dict


@action(unrecorded=NOT_PUBLIC)
def take_changes(session, batch, *, by):
    """Take in a Batch of changes that a device sent, whole or not at all; returns an Answer.

    Each change counts once, however often it arrives. batch.hands: uids of those who wrote it. Raises Unreadable where
    one of them is about something of another session, NotAllowed for whoever may not facilitate this one.
    """
    (session,) = lock(session)
    check(why_not_facilitate, by, session)
    if session.opened_at is None and batch.changes and why_not_open(session) is None:
        tables.open_session(session, by=by)
    why_late = why_not_open(session) if session.opened_at is None else why_not_enter(session)
    # Whoever holds the session's row is alone with its worksheet: no second writer makes or changes its rows.
    sheet, fields = _caught_up(session)
    changes = at_home(session, batch.changes)
    before = queries.changes_with([each.id for each in changes])
    if any(each.session_id != session.id for each in before.values()):
        raise foreign(next(each.id for each in before.values() if each.session_id != session.id))
    answer = Answer({}, {})
    for change in changes:
        if (old := before.get(change.id)) is not None:
            _answer_again(answer, old, change)
    fresh = [each for each in changes if each.id not in before]
    places = [each.place for each in fresh]
    waiting = queries.waiting_of(session, batch.device)
    verdicts = judge(
        fresh,
        device=batch.device,
        standings={place: Standing(each.value, each.version, each.device) for place, each in fields.items()},
        newest=queries.newest_of(session, batch.device, places),
        waits={place for place, rows in waiting.items() if any(each.state == "conflict" for each in rows)},
        version=sheet.version,
        is_late=why_late is not None,
        public={each.uid for each in queries.room_of(session)},
        is_full=len(fields) > MOST_FIELDS,
        bounds=queries.bounds_for(session, batch, by=by),
    )
    wanted = {each.change.place: each for each in verdicts if each.state == "applied"}
    values = {place: each.value for place, each in wanted.items()}
    unfit = _enter(session, sheet, fields, values, device=batch.device, by=by)
    kept = {}
    for each in verdicts:
        state, reason, place = each.state, each.reason, each.change.place
        if state == "applied" and place in unfit:
            state, reason = "refused", unfit[place]
        answer.taken[each.change.id] = state
        if state == "refused":
            answer.refused[each.change.id] = reason
            continue
        if state == "applied" and each.change.settles:
            _settle(session, each.change, by)
        row = _kept(session, sheet, each, device=batch.device, why_late=why_late, by=by)
        for old in waiting[place]:
            if old.sequence < each.change.sequence and old.state in queries.WAITING:
                old.state = "superseded"
        for old in kept.setdefault(place, []):
            old["state"] = "superseded" if old["state"] in queries.WAITING else old["state"]
        kept[place].append(row)
    if kept:
        # Also of what waits: somebody may let it stand later.
        tables.add_hands(session, others=batch.hands, by=by)
        db.session.execute(insert(WorksheetChange), [row for rows in kept.values() for row in rows])
    db.session.flush()
    return answer


@action
def admit_late(session, ids, *, reason, by):
    """Let late changes of `session` (their ids) stand, for a `reason`; of a session that is not public yet.

    Raises NotAllowed, Conflict where one waits no more, Invalid where one will not do any more: then none is admitted.
    """
    (session,) = lock(session)
    check(why_not_settle_late, by, session)
    refuse_if(why_not_amend(by, session), Conflict)
    refuse_if(None if session.published_at is None else _("El acta ya es pública: se corrige con un motivo."), Conflict)
    sheet, fields = _caught_up(session)
    changes = _late(session, ids)
    values = {(each.part, each.key, each.field): clean_value(each.part, each.field, each.value) for each in changes}
    unfit = _enter(session, sheet, fields, values, device="", by=by, amends=True)
    if unfit:
        raise Conflict(next(iter(unfit.values())))
    tables.add_hands(session, others=[each.by_uid for each in changes], by=by)
    _close(session, changes, "admitted", reason, by)
    told = {"reason": changes[0].reason, "title": session.title, "fields": len(changes)}
    record("worksheet.late_admitted", session, by=by, within=session.table.consultation, **told)


@action(unrecorded="minutes.corrected tells it, with its reason")
def close_admitted(session, ids, *, reason, by):
    """Mark late changes of a public `session` as admitted, after its minutes were corrected by them."""
    (session,) = lock(session)
    check(why_not_settle_late, by, session)
    _caught_up(session)
    _close(session, _late(session, ids), "admitted", reason, by)


@action
def dismiss_late(session, ids, *, reason, by):
    """Put late changes of `session` (their ids) aside for a `reason`; they are kept."""
    (session,) = lock(session)
    check(why_not_settle_late, by, session)
    changes = _late(session, ids)
    _close(session, changes, "dismissed", reason, by)
    told = {"reason": changes[0].reason, "title": session.title, "fields": len(changes)}
    record("worksheet.late_dismissed", session, by=by, within=session.table.consultation, **told)


@action(unrecorded=NOT_PUBLIC)
def apply_sheet(session, changes, *, base, by):
    """Enter what a spreadsheet changes, all of it or nothing.

    changes: Changes (spreadsheets_in). base: the fingerprint of all that stood when they were shown. Raises
    ChangedMeanwhile where something else stands now, Invalid naming the cell that will not do.
    """
    (session,) = lock(session)
    check(why_not_facilitate, by, session)
    refuse_if(why_not_enter(session), Conflict)
    if fingerprint(contents_of(session, codes=[each.key for each in changes if each.part == "result"])) != base:
        raise tables.ChangedMeanwhile(_("Alguien más anotó algo en esta sesión mientras revisabas la planilla."))
    sheet, fields = _caught_up(session)
    known = queries.rows_of(session)
    values = {(each.part, each.key, each.column.field): each.after for each in changes}
    # Whoever is not in the list that went out was not convened.
    values |= {
        (each.part, each.key, "convened"): False
        for each in changes
        if each.part == "attendance" and (each.part, each.key) not in known
    }
    unfit = _enter(session, sheet, fields, values, device="", by=by)
    for each in changes:
        if (reason := unfit.get((each.part, each.key, each.column.field))) is not None:
            raise Invalid(each.place, f"{each.place}: {reason}")
    if unfit:
        raise Invalid(None, next(iter(unfit.values())))


@action(unrecorded="what a photo shows is seen by those who check it alone")
def keep_photo(session, uid, decoded, *, proposal=None, hands=(), by):
    """Keep the photo of a sheet (photo_decoding.Decoded) that a device calls `uid`; sent twice, it is one.

    proposal: whose sheet it shows, None for the sheet of the table. hands: uids of who took it. Returns the Photo.
    """
    (session,) = lock(session)
    check(why_not_facilitate, by, session)
    refuse_if(why_not_keep_photo(session), Conflict)
    if (there := queries.photo_or_room(session, uid)) is not None:
        return there
    if proposal is not None:
        refuse_if(why_not_discuss(session, proposal), Conflict)
    # Also after it was handed in: whoever brings a sheet does not confirm by it.
    tables.add_hands(session, others=hands, by=by)
    photo = Photo(
        uid=uid,
        session_id=session.id,
        proposal_id=proposal and proposal.id,
        width=decoded.width,
        height=decoded.height,
        size=len(decoded.content),
        digest=decoded.digest,
        content=decoded.content,
        taken_in_at=now(),
        by_uid=uid_of(by),
    )
    db.session.add(photo)
    db.session.flush()
    return photo


@action(unrecorded="what a photo shows is seen by those who check it alone")
def remove_photo(session, uid, *, by):
    """Take a photo away while the session takes entries; taken away twice, it is away.

    What it showed is emptied, and its size and digest stay: whoever sends it again does not bring it back.
    """
    session = tables.take_entry(session, by=by)
    photo = queries.photo_with(session, uid)
    if photo is None:
        raise NotFound(_("No hay una foto en esta dirección."))
    photo.removed_at = photo.removed_at or now()
    photo.content = b""


def _caught_up(session):
    """Return the Worksheet of the locked `session` and its fields, with what forms wrote since taken over."""
    sheet = queries.worksheet_of(session)
    if sheet is None:
        sheet = Worksheet(session_id=session.id, version=0)
        db.session.add(sheet)
    fields = queries.fields_of(session)
    changed = differences({place: each.value for place, each in fields.items()}, queries.rows_of(session))
    if changed:
        sheet.version += 1
        for place, value in changed.items():
            _stand(session, fields, place, value, sheet.version)
    db.session.flush()
    return sheet, fields


def _answer_again(answer, old, change):
    if (old.part, old.key, old.field, old.value) != (*change.place, change.value):
        answer.taken[change.id] = "refused"
        answer.refused[change.id] = _("Otro cambio ya llegó con este identificador.")
    else:
        answer.taken[change.id] = answered(old.state)


def _enter(session, sheet, fields, values, *, device, by, amends=False):
    """Let `values` ({place: value}) stand, in the register and in the rows; returns {place: why} of what will not do.

    A row that will not take one of its fields takes the others.
    """
    there = {place: each.value for place, each in fields.items()}
    changed = {place: value for place, value in values.items() if value != _value(there, place)}
    unfit = {}
    # Read once, and held: each row's own question for its proposal is then answered from what is there.
    proposals = queries.proposals_with({key for part, key, _name in changed if part == "result"})
    # A proposal of the room comes before what was said of it; else what was written first comes first.
    for part, key in dict.fromkeys(place[:2] for place in sorted(changed, key=lambda place: place[0] != "proposal")):
        mine = {place: value for place, value in changed.items() if place[:2] == (part, key)}
        before = whole(part, _fields_of(there, part, key))
        while mine:
            after = whole(part, _fields_of({**there, **mine}, part, key))
            row = proposals.get(key) if part == "result" else key
            problem = _why_not_written(session, (part, row), before, after, by=by, amends=amends)
            if problem is None:
                break
            bad = _blamed(problem, mine)
            unfit.update(dict.fromkeys(bad, problem.reason))
            mine = {place: value for place, value in mine.items() if place not in bad}
        there.update(mine)
    entered = {place: value for place, value in changed.items() if place not in unfit}
    if entered:
        sheet.version += 1
        for place, value in entered.items():
            _stand(session, fields, place, value, sheet.version, device=device, by=by)
        for uid in [key for part, key, name in entered if (part, name) == ("proposal", "ready")]:
            _give_code(session, fields, uid, by)
        # What the rows made of it (blanks folded, an institution's own name) is what stands.
        left = differences({place: each.value for place, each in fields.items()}, queries.rows_of(session))
        for place, value in left.items():
            mine = place in entered
            _stand(session, fields, place, value, sheet.version, device=device if mine else "", by=by if mine else None)
        db.session.flush()
    return unfit


def _value(there, place):
    return there.get(place, FIELDS[place[0]][place[2]].empty)


def _fields_of(there, part, key):
    return {name: there[part, key, name] for name in FIELDS[part] if (part, key, name) in there}


def _blamed(problem, places):
    """Return those of `places` (of one row) that a refusal is about; a proposal is public whole or not at all."""
    name = CALLED.get(problem.field, problem.field) if isinstance(problem, Invalid) else None
    return [place for place in places if place[2] == name and place[0] != "proposal"] or list(places)


def _why_not_written(session, place, before, after, *, by, amends=False):
    """Write the row at `place`, that said `before` and is to say `after` (None: no row), or return why not.

    place: the part, and its key; of a result the proposal, None for one that is not public yet.
    """
    part, key = place
    if before == after or key is None:
        return None
    try:
        with db.session.begin_nested():
            if part == "proposal":
                _publish(session, key, after, by)
            else:
                _write(session, place, before, after, by=by, amends=amends)
    except Busy:
        raise
    except Refused as problem:
        return problem
    return None


def _write(session, place, before, after, *, by, amends):
    part, key = place
    said = row_fields(before, after)
    more = {"drop": True} if said is None else said
    if part == "session":
        return tables.note_session(session, late=amends, by=by, **more)
    verbs = {
        "result": tables.set_result,
        "agenda": tables.note_agenda,
        "attendance": tables.set_presence,
        "agreement": note_agreement,
    }
    return verbs[part](session, key, late=amends, by=by, **more)


def _publish(session, uid, said, by):
    """Make public what the room proposed; raises Invalid naming the field, Conflict where it is there already."""
    if said is None:
        return
    refuse_if(why_not_another_proposal(by, queries.room_of(session)), Conflict)
    theme = None
    if said["theme"] is not None:
        theme = next((each for each in themes_of(session.table.consultation) if each.id == said["theme"]), None)
        if theme is None:
            raise Invalid("theme", _("Ese eje temático no es de esta consulta."))
    if said["institution"] and said["sector"] is None:
        raise Invalid("sector", _("Elige el sector de la institución que trajo la propuesta."))
    code = said["tracking_code"] or new_code()
    if queries.has_tracking_code(code):
        raise Invalid("tracking_code", _("Ese código de seguimiento ya es de otra propuesta. Haz otro."))
    proposal = tables.add_room_proposal(
        session,
        title=said["title"],
        body=said["body"],
        theme=theme,
        institution=(said["institution"], said["sector"]) if said["institution"] else None,
        by=by,
    )
    if queries.room_proposal_of(proposal) is not None:
        raise Conflict(_("La sala ya hizo una propuesta con este mismo título y texto."))
    db.session.add(
        RoomProposal(uid=uid, session_id=session.id, proposal_id=proposal.id, tracking_code=code),
    )
    db.session.flush()


def _give_code(session, fields, uid, by):
    """Let what was said of the room's proposal `uid`, where it is public now, stand under its code and in its row."""
    proposal = next((each.proposal for each in queries.room_of(session) if each.uid == uid), None)
    code = proposal and proposal.code
    there = {place: each.value for place, each in fields.items()}
    said, stands = _fields_of(there, "result", uid), _fields_of(there, "result", code)
    moved = {name: value for name, value in said.items() if not stands.get(name)}
    after = whole("result", {**stands, **moved})
    if code is None or _why_not_written(session, ("result", proposal), whole("result", stands), after, by=by):
        return
    for name in moved:
        if (old := fields.pop(("result", code, name), None)) is not None:
            db.session.delete(old)
            db.session.flush()
        row = fields["result", code, name] = fields.pop(("result", uid, name))
        row.key = code
    changes = update(WorksheetChange).where(
        WorksheetChange.session_id == session.id, WorksheetChange.part == "result", WorksheetChange.key == uid
    )
    db.session.execute(changes.values(key=code))


def _stand(session, fields, place, value, version, *, device="", by=None):
    """Let `value` stand at `place` of the register."""
    row = fields.get(place)
    if row is None:
        part, key, field = place
        row = fields[place] = WorksheetField(session_id=session.id, part=part, key=key, field=field)
        db.session.add(row)
    row.value, row.version, row.device = value, version, device
    row.changed_at, row.by_uid = now(), "" if by is None else by.uid


def _kept(session, sheet, verdict, *, device, why_late, by):
    """Return a change as it is kept, a row of WorksheetChange: as it came, and what became of it."""
    change = verdict.change
    return {
        "id": change.id,
        "session_id": session.id,
        "device": device,
        "sequence": change.sequence,
        "part": change.part,
        "key": change.key,
        "field": change.field,
        "value": change.value,
        "base": change.base,
        "version": sheet.version if verdict.state == "applied" else None,
        "state": verdict.state,
        "reason": str(why_late) if verdict.state == "late" else "",
        "written_at": change.at,
        "received_at": now(),
        "by_uid": uid_of(by),
    }


def _settle(session, change, by):
    """End the conflicts that `change`, which stands now, was sent to end."""
    waiting = [
        each
        for each in queries.waiting_in(session, states=("conflict",))
        if (each.part, each.key, each.field) == change.place and (change.settles is True or each.id in change.settles)
    ]
    if not waiting:
        return
    for each in waiting:
        each.state, each.settled_at, each.settled_by_uid = "settled", now(), None if by is None else by.uid
    tables.add_hands(session, others=[each.by_uid for each in waiting], by=by)
    record(
        "worksheet.conflict_settled",
        session,
        by=by,
        within=session.table.consultation,
        part=change.part,
        field=change.field,
        versions=len(waiting) + 1,
    )


def _late(session, ids):
    """Return the late changes of `session` with these ids, which wait for a decision, one of a field."""
    waiting = {each.id: each for each in queries.waiting_in(session, states=("late",))}
    if not ids:
        raise Invalid("changes", _("Elige al menos un dato de la lista."))
    if not set(ids) <= waiting.keys():
        raise Conflict(_("Alguien ya decidió sobre uno de estos datos. Carga la página de nuevo."))
    chosen = [waiting[each] for each in dict.fromkeys(ids)]
    if len({(each.part, each.key, each.field) for each in chosen}) < len(chosen):
        raise Invalid("changes", _("Elegiste dos versiones del mismo dato. Admite una sola."))
    return chosen


def _close(session, changes, state, reason, by):
    reason = clean_text(reason, REASON_LIMIT, field="reason")
    for each in changes:
        each.state, each.reason = state, reason
        each.settled_at, each.settled_by_uid = now(), None if by is None else by.uid
    db.session.flush()
