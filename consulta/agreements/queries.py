"""Reading agreements: those of published sessions are public, the others are for those who may read their session."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from sqlalchemy import and_, case, func, literal, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from consulta.agreements.models import Agreement, AgreementStep, Subgroup, SubgroupMember
from consulta.agreements.rules import WAITING, why_not_see
from consulta.consultations.rules import why_not_see as why_not_see_consultation
from consulta.core.clock import local, now
from consulta.core.errors import NotFound, refuse_if
from consulta.core.extensions import db
from consulta.core.text import fold
from consulta.tables.models import Session, Table
from consulta.tables.rules import why_not_read

PAGE = 30
# How an agreement stands (rules.standing_of): each counts once.
STANDINGS = ("agreed", "under_way", "overdue", "deferred", "in_force", "done")
MOST_OWNERS = 5000

_due = func.coalesce(Agreement.extended_to, Agreement.due_on)


@dataclass(frozen=True)
class Page:
    """Some agreements, newest first, and the number of the last one where there are more (`next_key`)."""

    rows: list
    next_key: int | None


@dataclass(frozen=True)
class Open:
    """An agreement of an earlier session that a later one begins with, and what that later one says of it, or None."""

    agreement: Agreement
    step: AgreementStep | None


@dataclass(frozen=True)
class Reading:
    """What one reader is shown of a session's agreements; `why_not` says why what it agreed is kept back.

    before: what it begins with (Open), while it was not handed in. said: what it said of earlier agreements, and
    subgroups: those it formed; both are kept back with `agreements` until the session may be read.
    """

    why_not: object
    before: list
    agreements: list
    said: list
    subgroups: list
    today: object


def today_in(consultation):
    """Return the day it is where `consultation` is held."""
    return local(now(), consultation.zone).date()


def find_agreement(number, *, to):
    """Return the agreement with this `number` (its id) if `to` may see it; raises NotFound."""
    query = select(Agreement).where(Agreement.id == number).options(*_WHOLE)
    agreement = db.session.scalar(query) if 0 < number < 2**31 else None
    if agreement is None:
        raise NotFound(_("No hay un acuerdo en esta dirección."))
    refuse_if(why_not_see_consultation(to, agreement.session.table.consultation), NotFound)
    if why_not_see(to, agreement) is not None:
        raise NotFound(_("No hay un acuerdo en esta dirección."))
    return agreement


def agreements_of(session):
    """Return the agreements of `session` in the order of its minutes; the caller has settled who may read them."""
    query = (
        select(Agreement)
        .where(Agreement.session_id == session.id)
        .options(joinedload(Agreement.institution), joinedload(Agreement.subgroup))
        .order_by(Agreement.position, Agreement.id)
    )
    return db.session.scalars(query).all()


def agreement_with(session, uid):
    """Return the agreement of `session` that a device calls `uid`, or None."""
    return db.session.scalar(select(Agreement).where(Agreement.session_id == session.id, Agreement.uid == uid))


def read_agreements(session, *, to):
    """Return the Reading of the agreements of `session` for `to`."""
    why_not = why_not_read(to, session)
    is_open = session.submitted_at is None
    return Reading(
        why_not=why_not,
        before=open_before(session, with_said=why_not is None) if is_open else [],
        agreements=[] if why_not else agreements_of(session),
        said=[] if why_not else steps_in(session),
        subgroups=[] if why_not else subgroups_formed_in(session),
        today=today_in(session.table.consultation),
    )


def open_before(session, *, with_said=True):
    """Return what `session` begins with, as Open, earliest first: agreements of earlier sessions of its own table.

    Those that wait for somebody, overdue or not; those put off to no session in particular, to this one or to one
    before it; and those that this session already said something of. Rules stay in force and wait for nobody, unless
    they have a due date or were put off. What sessions that are not published agreed is not among them.
    with_said: whether what this session itself says of them is told, for those who may read it.
    """
    reviewed = select(AgreementStep.agreement_id).where(AgreementStep.session_id == session.id, literal(with_said))
    later = aliased(Session)
    waits = and_(Agreement.state.in_(WAITING), or_(Agreement.kind != "rule", _due.is_not(None)))
    comes_up = and_(Agreement.state == "deferred", or_(later.id.is_(None), later.ordinal <= session.ordinal))
    query = (
        select(Agreement)
        .join(Agreement.session)
        .outerjoin(Agreement.deferred_to.of_type(later))
        .where(
            Session.table_id == session.table_id,
            Session.ordinal < session.ordinal,
            Session.published_at.is_not(None),
            or_(waits, comes_up, Agreement.id.in_(reviewed)),
        )
        .options(
            contains_eager(Agreement.session),
            joinedload(Agreement.institution),
            joinedload(Agreement.subgroup),
            joinedload(Agreement.deferred_to),
            selectinload(Agreement.steps).joinedload(AgreementStep.deferred_to),
        )
        .order_by(Session.ordinal, Agreement.position, Agreement.id)
    )
    return [Open(each, _said_in(each, session) if with_said else None) for each in db.session.scalars(query)]


def agreements_of_table(table):
    """Return the agreements of the published sessions of `table`, newest session first, in the order of its minutes."""
    query = _published(table.consultation).where(Session.table_id == table.id)
    return db.session.scalars(query.order_by(Session.ordinal.desc(), Agreement.position, Agreement.id)).unique().all()


def page_of_agreements(consultation, *, standing=None, table=None, owner="", after=None, size=PAGE):
    """Return a Page of the agreements of published sessions of `consultation`, newest first.

    standing: one of STANDINGS. table: the id of a table. owner: words that whoever answers is called by.
    """
    query = _narrowed(_published(consultation), consultation, table, owner)
    if standing is not None:
        query = query.where(_standing(today_in(consultation)) == standing)
    if after is not None:
        query = query.where(Agreement.id < after)
    rows = db.session.scalars(query.order_by(Agreement.id.desc()).limit(size + 1)).unique().all()
    return Page(rows[:size], rows[size - 1].id if len(rows) > size else None)


def count_agreements(consultation, *, table=None, owner=""):
    """Return a dictionary of each of STANDINGS to how many agreements of published sessions stand so."""
    standing = _standing(today_in(consultation))
    query = select(standing, func.count()).select_from(Agreement).join(Agreement.session).join(Session.table)
    query = query.where(Table.consultation_id == consultation.id, Session.published_at.is_not(None))
    found = dict(db.session.execute(_narrowed(query, consultation, table, owner).group_by(standing)).all())
    return {each: found.get(each, 0) for each in STANDINGS}


def tables_with_agreements(consultation):
    """Return (id, title) of the tables whose published sessions agreed something, by title."""
    query = (
        select(Table.id, Table.title)
        .where(
            Table.consultation_id == consultation.id,
            Table.id.in_(
                select(Session.table_id)
                .join(Agreement, Agreement.session_id == Session.id)
                .where(Session.published_at.is_not(None))
            ),
        )
        .order_by(Table.title, Table.id)
    )
    return [tuple(row) for row in db.session.execute(query)]


def steps_of(agreement):
    """Return how `agreement` went on, first step first, without what a session that is not published says."""
    return [each for each in agreement.steps if each.holds_at is not None]


def held_back_in(session):
    """Return what `session`, not published yet, says of earlier agreements, in the order in which it was said."""
    query = select(AgreementStep).where(AgreementStep.session_id == session.id, AgreementStep.holds_at.is_(None))
    return db.session.scalars(query.options(joinedload(AgreementStep.agreement)).order_by(AgreementStep.id)).all()


def steps_in(session):
    """Return what `session` said of earlier agreements; the caller has settled who may read it."""
    query = (
        select(AgreementStep)
        .where(AgreementStep.session_id == session.id)
        .options(
            joinedload(AgreementStep.agreement).joinedload(Agreement.session),
            joinedload(AgreementStep.deferred_to),
        )
        .order_by(AgreementStep.id)
    )
    return db.session.scalars(query).all()


def sessions_after(session):
    """Return the later sessions of the table of `session` that something can be put off to, in order."""
    query = select(Session).where(
        Session.table_id == session.table_id, Session.ordinal > session.ordinal, Session.submitted_at.is_(None)
    )
    return db.session.scalars(query.order_by(Session.ordinal)).all()


def subgroups_of(table, *, session=None):
    """Return the sub-groups of `table` that are public, and those formed in `session`, in the order of forming."""
    is_public = or_(Subgroup.session_id.is_(None), Session.published_at.is_not(None))
    if session is not None:
        is_public = or_(is_public, Subgroup.session_id == session.id)
    query = (
        select(Subgroup)
        .outerjoin(Session, Session.id == Subgroup.session_id)
        .where(Subgroup.table_id == table.id, is_public)
        .options(selectinload(Subgroup.members).joinedload(SubgroupMember.institution))
        .order_by(Subgroup.id)
    )
    return db.session.scalars(query).all()


def subgroups_formed_in(session):
    """Return the sub-groups that `session` formed; the caller has settled who may read them."""
    query = select(Subgroup).where(Subgroup.session_id == session.id).order_by(Subgroup.id)
    return db.session.scalars(
        query.options(selectinload(Subgroup.members).joinedload(SubgroupMember.institution))
    ).all()


_WHOLE = (
    joinedload(Agreement.session).joinedload(Session.table).joinedload(Table.consultation),
    joinedload(Agreement.session).joinedload(Session.table).joinedload(Table.territory),
    joinedload(Agreement.institution),
    joinedload(Agreement.subgroup).selectinload(Subgroup.members).joinedload(SubgroupMember.institution),
    joinedload(Agreement.deferred_to),
    selectinload(Agreement.steps).joinedload(AgreementStep.session),
    selectinload(Agreement.steps).joinedload(AgreementStep.deferred_to),
)


def _said_in(agreement, session):
    return next((step for step in reversed(agreement.steps) if step.session_id == session.id), None)


def _published(consultation):
    return (
        select(Agreement)
        .join(Agreement.session)
        .join(Session.table)
        .where(Table.consultation_id == consultation.id, Session.published_at.is_not(None))
        .options(
            contains_eager(Agreement.session).contains_eager(Session.table),
            joinedload(Agreement.institution),
            joinedload(Agreement.subgroup),
            joinedload(Agreement.deferred_to),
        )
    )


def _standing(today):
    is_late = and_(Agreement.state.in_(WAITING), _due.is_not(None), _due < today)
    holds = and_(Agreement.state.in_(WAITING), Agreement.kind == "rule")
    return case((is_late, "overdue"), (holds, "in_force"), else_=Agreement.state)


def _narrowed(query, consultation, table, owner):
    if table is not None:
        query = query.where(Table.id == table)
    if owner:
        query = query.where(Agreement.owner.in_(_owners_called(consultation, owner)))
    return query


def _owners_called(consultation, words):
    """Return the owners of public agreements whose name holds `words`, without regard to case and accents."""
    query = (
        select(Agreement.owner)
        .join(Agreement.session)
        .join(Session.table)
        .where(
            Table.consultation_id == consultation.id,
            Session.published_at.is_not(None),
            Agreement.owner.is_not(None),
        )
        .distinct()
        .limit(MOST_OWNERS)
    )
    wanted = fold(words)
    return [owner for owner in db.session.scalars(query) if wanted in fold(owner)]
