"""Reading worksheets: what the rows of a session say field by field, what stands, what waits, what came late."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from consulta.accounts.queries import people_with_uids
from consulta.agreements.queries import agreements_of
from consulta.core.clock import local
from consulta.core.errors import Conflict
from consulta.core.extensions import db
from consulta.proposals.models import Proposal
from consulta.proposals.queries import visible_proposals
from consulta.tables.entries import clean_uid
from consulta.tables.models import AccessCode
from consulta.tables.queries import attendances_of, results_of
from consulta.tables.rules import why_not_discuss, why_not_live
from consulta.worksheets.fields import FIELDS, clean_value, whole
from consulta.worksheets.models import Photo, RoomProposal, Worksheet, WorksheetChange, WorksheetField
from consulta.worksheets.register import Bounds, Standing, differences, is_code, mark_of, row_fields
from consulta.worksheets.rules import ceilings, why_not_with_so_many

PROPOSALS = 60  # on a worksheet, unless the session speaks of more
MORE = 60  # further ones that a device asks for at once
PHOTOS = 300  # of the sheets of one session: each proposal twice, and the table
PHOTOS_EVER = 3000  # those that were taken away too: their rows stay
WAITING = ("conflict", "late")
CORRECTED_AS = {"attendance": "presence"}


@dataclass(frozen=True)
class Late:
    """A change that came late, with what stands in its place, and whose it is.

    row: the WorksheetChange. standing: the value beside it. subject: the proposal, line or item it is about, in words.
    """

    row: WorksheetChange
    standing: object
    subject: str
    by: str

    @property
    def place(self):
        """Which row it is about, in the order of the parts of a worksheet."""
        return list(FIELDS).index(self.row.part), self.subject, self.row.key


def rows_of(session):
    """Return what the rows of `session` say: a dictionary of (part, key) to {field: value} as devices read them.

    The caller has settled who may read it.
    """
    found = {("session", ""): _of_session(session)}
    for item in session.agenda:
        found["agenda", item["id"]] = _filled("agenda", item)
    for line in attendances_of(session):
        found["attendance", line.uid] = {**_columns("attendance", line), "named": line.name or ""}
    for result in results_of(session):
        found["result", result.proposal.code] = _columns("result", result)
    for agreement in agreements_of(session):
        due = agreement.due_on and agreement.due_on.isoformat()
        found["agreement", agreement.uid] = {**_columns("agreement", agreement), "due_on": due}
    for made in room_of(session):
        found["proposal", made.uid] = {
            "title": made.proposal.title,
            "body": made.proposal.body,
            "tracking_code": made.tracking_code,
            "ready": True,
        }
    return found


def worksheet_of(session):
    """Return the Worksheet of `session`, or None while no device asked for it."""
    return db.session.scalar(select(Worksheet).where(Worksheet.session_id == session.id))


def version_of(session):
    """Return the version of the worksheet of `session`; 0 while no device asked for it."""
    return db.session.scalar(select(Worksheet.version).where(Worksheet.session_id == session.id)) or 0


def fields_of(session):
    """Return {(part, key, field): WorksheetField} of the worksheet of `session`."""
    query = select(WorksheetField).where(WorksheetField.session_id == session.id).order_by(WorksheetField.id)
    return {(each.part, each.key, each.field): each for each in db.session.scalars(query)}


def standings_of(session):
    """Return {(part, key, field): Standing} as devices are told: what stands, and what forms wrote since."""
    fields = fields_of(session)
    changed = differences({place: each.value for place, each in fields.items()}, rows_of(session))
    found = {place: Standing(each.value, each.version, each.device) for place, each in fields.items()}
    return {**found, **{place: Standing(value, mark_of(value)) for place, value in changed.items()}}


def changes_with(ids):
    """Return {id: WorksheetChange} for those of `ids` that came before, of whichever session."""
    rows = db.session.scalars(select(WorksheetChange).where(WorksheetChange.id.in_(ids)))
    return {each.id: each for each in rows}


def newest_of(session, device, places):
    """Return {(part, key, field): the highest sequence that came from `device`} for those of `places` it ever wrote."""
    query = (
        select(WorksheetChange.part, WorksheetChange.key, WorksheetChange.field, func.max(WorksheetChange.sequence))
        .where(
            WorksheetChange.session_id == session.id,
            WorksheetChange.device == device,
            WorksheetChange.key.in_({key for _part, key, _field in places}),
        )
        .group_by(WorksheetChange.part, WorksheetChange.key, WorksheetChange.field)
    )
    return {(part, key, field): sequence for part, key, field, sequence in db.session.execute(query)}


def waiting_in(session, *, states=WAITING):
    """Return the changes of `session` that wait for somebody's decision, in the order in which they came."""
    query = (
        select(WorksheetChange)
        .where(WorksheetChange.session_id == session.id, WorksheetChange.state.in_(states))
        .order_by(WorksheetChange.received_at, WorksheetChange.sequence, WorksheetChange.id)
    )
    return db.session.scalars(query).all()


def waiting_of(session, device):
    """Return {(part, key, field): changes of `device` that wait there}."""
    found = defaultdict(list)
    for each in waiting_in(session):
        if each.device == device:
            found[each.part, each.key, each.field].append(each)
    return found


def bounds_for(session, batch, *, by):
    """Return the Bounds of what `session` still keeps of a Batch that `by` sends."""
    most = ceilings(by)
    change = WorksheetChange
    counted = select(change.device, func.count()).where(change.session_id == session.id).group_by(change.device)
    devices = dict(db.session.execute(counted).all())
    place = (change.part, change.key, change.field)
    others = (change.session_id == session.id, change.state == "conflict", change.device != batch.device)
    crowded = select(*place).where(*others).group_by(*place).having(func.count() >= most.waiting)
    return Bounds(
        why_not=why_not_with_so_many(by, devices, batch.device, len(batch.changes)),
        crowded=frozenset((part, key, field) for part, key, field in db.session.execute(crowded)),
        late=max(0, most.late - count_waiting(session).get("late", 0)),
        proposals=most.at_once,
    )


def count_waiting(session):
    """Return {state: how many changes of `session` wait in it}."""
    query = select(WorksheetChange.state, func.count()).where(
        WorksheetChange.session_id == session.id, WorksheetChange.state.in_(WAITING)
    )
    return dict(db.session.execute(query.group_by(WorksheetChange.state)).all())


def room_of(session):
    """Return the RoomProposals of `session`, oldest first."""
    query = (
        select(RoomProposal)
        .where(RoomProposal.session_id == session.id)
        .options(joinedload(RoomProposal.proposal).joinedload(Proposal.wording))
        .order_by(RoomProposal.id)
    )
    return db.session.scalars(query).all()


def live_code(uid):
    """Return the AccessCode that the record calls `uid`, while it works; else None."""
    code = db.session.scalar(select(AccessCode).where(AccessCode.uid == uid))
    return code if code is not None and why_not_live(code) is None else None


def tracked(code):
    """Return the proposal of the room with this tracking code (as `tracking.read_code` gives it), or None."""
    query = select(Proposal).join(RoomProposal, RoomProposal.proposal_id == Proposal.id)
    return db.session.scalar(query.where(RoomProposal.tracking_code == code))


def has_tracking_code(code):
    """Tell whether a proposal has this tracking code already."""
    return db.session.scalar(select(RoomProposal.id).where(RoomProposal.tracking_code == code)) is not None


def room_proposal_of(proposal):
    """Return the RoomProposal that made `proposal`, or None."""
    return db.session.scalar(select(RoomProposal).where(RoomProposal.proposal_id == proposal.id))


def proposals_for(session, *, codes=(), to=None):
    """Return the proposals on the worksheet of `session`: those it speaks of, then others, PROPOSALS in all.

    codes: further ones that a device asked for, at most MORE. Only those that the session may speak of.
    """
    consultation = session.table.consultation
    there = [each.proposal for each in results_of(session) if why_not_discuss(session, each.proposal) is None]
    known = {each.id for each in there}
    query = visible_proposals(consultation, to=to).options(joinedload(Proposal.wording), joinedload(Proposal.theme))
    if wanted := [each.lower() for each in codes[:MORE]]:
        asked = db.session.scalars(query.where(Proposal.code.in_(wanted), Proposal.published_at.is_not(None)))
        there += [each for each in asked if each.id not in known]
        known = {each.id for each in there}
    territory = session.table.territory_id
    own = Proposal.territory_id == territory if territory is not None else Proposal.territory_id.is_(None)
    others = query.where(Proposal.state == "published", Proposal.id.not_in(known))
    others = others.order_by(own.desc(), Proposal.id).limit(max(0, PROPOSALS - len(there)))
    return [*there, *db.session.scalars(others)]


def photos_of(session):
    """Return the photos of the sheets of `session`, that of the table first; without their contents."""
    query = (
        select(Photo)
        .where(Photo.session_id == session.id, Photo.removed_at.is_(None))
        .options(joinedload(Photo.proposal).joinedload(Proposal.wording))
        .order_by(Photo.proposal_id.is_not(None), Photo.proposal_id, Photo.id)
    )
    return db.session.scalars(query).all()


def photo_with(session, uid):
    """Return the photo of `session` that a device calls `uid`, removed or not, or None."""
    return db.session.scalar(select(Photo).where(Photo.session_id == session.id, Photo.uid == uid))


def photo_or_room(session, uid):
    """Return the photo of `session` that a device calls `uid`, or None where there is room for it.

    Raises Conflict where the session takes no more, Invalid for a uid that no device makes.
    """
    if (there := photo_with(session, clean_uid(uid))) is not None:
        return there
    for count, limit in zip(count_photos(session), (PHOTOS, PHOTOS_EVER), strict=True):
        if count >= limit:
            raise Conflict(_("Esta sesión ya tiene %(limit)s fotos, y no recibe más.", limit=limit))
    return None


def count_photos(session):
    """Return how many photos `session` has, and how many it ever took, removed ones too."""
    query = select(func.count().filter(Photo.removed_at.is_(None)), func.count()).where(Photo.session_id == session.id)
    return tuple(db.session.execute(query).one())


def proposals_with(codes):
    """Return {code: Proposal} for those of `codes` that exist, in whatever consultation and state."""
    query = select(Proposal).where(Proposal.code.in_(codes)).options(joinedload(Proposal.consultation))
    return {each.code: each for each in db.session.scalars(query)}


def callers(uids):
    """Return {uid: what whoever acted is called by} for accounts and for codes of shared phones."""
    found = {uid: person.name for uid, person in people_with_uids(uids).items()}
    codes = select(AccessCode.uid, AccessCode.label).where(AccessCode.uid.in_(uids))
    return {**found, **dict(db.session.execute(codes).all())}


def late_in(session):
    """Return what came late to `session` and waits for the secretariat, as Late, by what it is about."""
    changes = waiting_in(session, states=("late",))
    rows, fields = rows_of(session), fields_of(session)
    names = callers({each.by_uid for each in changes})
    titles = _subjects(session, rows, fields, changes)
    found = []
    for each in changes:
        place = each.part, each.key, each.field
        standing = rows.get(place[:2], {}).get(each.field, fields[place].value if place in fields else None)
        empty = FIELDS[each.part][each.field].empty
        standing = empty if standing is None else standing
        found.append(Late(each, standing, titles[each.part, each.key], names.get(each.by_uid, "")))
    return sorted(found, key=lambda late: (late.place, late.row.sequence))


def corrections_of(session, ids):
    """Return what published minutes are corrected by to admit late changes (their ids): minutes.actions.correct.

    Raises Conflict for what came late and cannot become part of minutes.
    """
    late = [each for each in waiting_in(session, states=("late",)) if each.id in ids]
    there = {place: each.value for place, each in standings_of(session).items()}
    wanted = {(each.part, each.key, each.field): clean_value(each.part, each.field, each.value) for each in late}
    found = []
    for part, key in dict.fromkeys(place[:2] for place in wanted):
        if part == "proposal" or (part == "result" and not is_code(key)):
            raise Conflict(_("Una propuesta que llegó tarde no entra en un acta publicada: se propone de nuevo."))
        before, after = (
            whole(part, {name: values[part, key, name] for name in FIELDS[part] if (part, key, name) in values})
            for values in (there, {**there, **wanted})
        )
        if before == after:
            continue
        said = row_fields(before, after)
        said = {"drop": True} if said is None else said
        whom = proposals_with([key])[key] if part == "result" else key
        found.append(("session", said) if part == "session" else (CORRECTED_AS.get(part, part), whom, said))
    return found


def settled_in(session, limit=100):
    """Return what the secretariat decided about late changes of `session`, the latest first."""
    query = (
        select(WorksheetChange)
        .where(WorksheetChange.session_id == session.id, WorksheetChange.state.in_(("admitted", "dismissed")))
        .order_by(WorksheetChange.settled_at.desc(), WorksheetChange.id)
        .limit(limit)
    )
    return db.session.scalars(query).all()


def unfinished_in(session):
    """Return (part, words) of what devices began and no page holds yet, to be told before the session is handed in."""
    found = defaultdict(dict)
    for (part, key, field), row in fields_of(session).items():
        found[part, key][field] = row.value
    listed = []
    for (part, _key), values in found.items():
        is_empty = all(value in ("", None, False, []) for name, value in values.items() if name != "tracking_code")
        if part in ("session", "result") or values.get("dropped") or is_empty or whole(part, values) is not None:
            continue
        listed.append((part, values.get("named") or values.get("title") or values.get("text") or values.get("owner")))
    return listed


def _of_session(session):
    values = _columns("session", session)
    zone = session.table.consultation.zone
    starts, ends = session.starts_at, session.ends_at
    values["started"] = f"{local(starts, zone):%H:%M}" if starts else None
    is_same_day = ends is not None and starts is not None and local(ends, zone).date() == local(starts, zone).date()
    values["ended"] = f"{local(ends, zone):%H:%M}" if is_same_day and ends - starts < timedelta(days=1) else None
    values["next_on"] = session.next_on and session.next_on.isoformat()
    return values


def _columns(part, row):
    return _filled(part, {name: getattr(row, name, None) for name in FIELDS[part]})


def _filled(part, values):
    """Return the fields of `part` that rows have, those that are NULL as empty as devices have them."""
    found = {name: values.get(name) for name in FIELDS[part] if name not in ("discussed", "dropped")}
    return {name: FIELDS[part][name].empty if value is None else value for name, value in found.items()}


def _subjects(session, rows, fields, changes):
    """Return what each (part, key) of `changes` is called by."""
    values = defaultdict(dict)
    for (part, key, field), row in fields.items():
        values[part, key][field] = row.value
    for each in changes:
        values[each.part, each.key].setdefault(each.field, each.value)
    proposals = proposals_with({each.key for each in changes if each.part == "result"})
    found = {}
    for place in {(each.part, each.key) for each in changes}:
        said = {**values[place], **rows.get(place, {})}
        if place[0] == "result":
            said = {"title": proposals[place[1]].title if place[1] in proposals else ""}
        if place[0] == "session":
            said = {"title": session.title}
        name = next((said[each] for each in ("title", "named", "text", "owner") if said.get(each)), "")
        found[place] = str(name or _("Sin nombre"))
    return found
