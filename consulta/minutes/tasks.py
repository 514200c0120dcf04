"""What the session agreed, and what earlier sessions of its table had left open, as it stood when this one began."""

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from consulta.agreements.models import Agreement, AgreementStep, Subgroup, SubgroupMember
from consulta.agreements.rules import WAITING
from consulta.core.extensions import db
from consulta.tables.models import Session

_WHOLE = (
    joinedload(Agreement.institution),
    joinedload(Agreement.subgroup).selectinload(Subgroup.members).joinedload(SubgroupMember.institution),
    selectinload(Agreement.steps).joinedload(AgreementStep.deferred_to),
)


def agreements_told(session):
    """Return the agreements that `session` took, in their order in the minutes."""
    titles = {item.get("id"): item.get("title") for item in session.agenda}
    query = select(Agreement).where(Agreement.session_id == session.id).order_by(Agreement.position, Agreement.id)
    return [
        _agreement(each, due_on=each.due_on, item=titles.get(each.item))
        for each in db.session.scalars(query.options(*_WHOLE))
    ]


def open_before_told(session):
    """Return what earlier published sessions of the table had agreed and was open when `session` began.

    What was said later does not change it, so that minutes corrected after years tell of the same day. With each: how
    it stood, and what this session said of it.
    """
    query = (
        select(Agreement)
        .join(Agreement.session)
        .where(Session.table_id == session.table_id, Session.ordinal < session.ordinal)
        .where(Session.published_at.is_not(None))
        .options(contains_eager(Agreement.session), *_WHOLE)
        .order_by(Session.ordinal, Agreement.position, Agreement.id)
    )
    return [told for each in db.session.scalars(query) if (told := _told_before(each, session))]


def _told_before(agreement, session):
    began = session.opened_at or session.convened_at
    earlier = [
        step
        for step in agreement.steps
        if step.holds_at is not None and step.session_id != session.id and step.at < began
    ]
    here = next((step for step in reversed(agreement.steps) if step.session_id == session.id), None)
    last = earlier[-1] if earlier else None
    due_on = next((step.due_on for step in reversed(earlier) if step.due_on), agreement.due_on)
    if here is None and not _is_open(agreement, last, due_on, session):
        return None
    told = {"state_here": here.state, "note_here": here.note} if here else {}
    if here and here.deferred_to:
        told["deferred_to"] = here.deferred_to.title
    if here and here.due_on:
        told["new_due_on"] = here.due_on.isoformat()
    return _agreement(
        agreement, due_on=due_on, session=agreement.session.title, state=last.state if last else "agreed", **told
    )


def _is_open(agreement, last, due_on, session):
    state = last.state if last else "agreed"
    if state == "deferred":
        return last.deferred_to is None or last.deferred_to.ordinal <= session.ordinal
    return state in WAITING and (agreement.kind != "rule" or due_on is not None)


def _agreement(agreement, *, due_on, **more):
    subgroup, institution = agreement.subgroup, agreement.institution
    told = {
        "kind": agreement.kind,
        "text": agreement.text,
        "terms": agreement.terms,
        "owner": agreement.owner or (institution.name if institution else subgroup.title if subgroup else None),
        "members": [member.institution.name for member in subgroup.members] if subgroup else None,
        "due_on": due_on.isoformat() if due_on else None,
        "due_note": agreement.due_note,
        **more,
    }
    return {name: value for name, value in told.items() if value}
