"""Whether what a device sends is about its own session: one change that is not has the whole batch refused."""

from collections import defaultdict

from sqlalchemy import String, cast, or_, select, tuple_

from consulta.agreements.models import Agreement
from consulta.core.extensions import db
from consulta.tables.models import Attendance, Session, Table
from consulta.worksheets.models import RoomProposal, WorksheetField
from consulta.worksheets.protocol import foreign, unknown_key
from consulta.worksheets.queries import proposals_with, room_of
from consulta.worksheets.register import is_code


def at_home(session, changes):
    """Return `changes` with results keyed by the code of their proposal; refuse those of anything else's."""
    if elsewhere := keys_elsewhere(session, {(each.part, each.key) for each in changes}):
        raise foreign(next(each.id for each in changes if (each.part, each.key) in elsewhere))
    codes = {each.uid: each.proposal.code for each in room_of(session)}
    changes = [each.keyed(codes.get(each.key, each.key)) if each.part == "result" else each for each in changes]
    wanted = {each.key for each in changes if each.part == "result" and is_code(each.key)}
    proposals = proposals_with(wanted) if wanted else {}
    for each in changes:
        if each.part == "result" and is_code(each.key):
            proposal = proposals.get(each.key)
            # One answer for what does not exist and for what is not shown: codes of drafts are not found by trying.
            if proposal is None or proposal.published_at is None or proposal.hidden_at is not None:
                raise unknown_key(each.id)
            if proposal.consultation_id != session.table.consultation_id:
                raise foreign(each.id)
    return changes


def keys_elsewhere(session, places):
    """Return those (part, key) of `places` that stand for something of another session.

    Codes of proposals are not among them: those belong to a consultation (see `proposals_with`).
    """
    keys = defaultdict(set)
    for part, key in places:
        keys[part].add(key)
    found = set()
    for part, model in (("attendance", Attendance), ("agreement", Agreement), ("proposal", RoomProposal)):
        rows = select(model.uid).where(model.uid.in_(keys[part]), model.session_id != session.id)
        found |= {(part, uid) for uid in db.session.scalars(rows)} if keys[part] else set()
    written = [place for place in places if place[0] not in ("session", "result")]
    if written:
        query = select(WorksheetField.part, WorksheetField.key).where(
            tuple_(WorksheetField.part, WorksheetField.key).in_(written), WorksheetField.session_id != session.id
        )
        found |= {(part, key) for part, key in db.session.execute(query)}
    return found | {("agenda", key) for key in _items_elsewhere(session, keys["agenda"])}


def _items_elsewhere(session, keys):
    """Return those of `keys` that are an agenda item of another session of the same consultation."""
    own = {item["id"] for item in session.agenda}
    unknown = {key for key in keys - own if len(key) >= 8}
    if not unknown:
        return set()
    query = (
        select(Session.agenda)
        .join(Session.table)
        .where(
            Session.id != session.id,
            Table.consultation_id == session.table.consultation_id,
            or_(*(cast(Session.agenda, String).contains(key, autoescape=True) for key in sorted(unknown))),
        )
    )
    return {item["id"] for agenda in db.session.scalars(query) for item in agenda} & unknown
