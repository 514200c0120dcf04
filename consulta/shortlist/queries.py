"""Reading what was decided of proposals, what is undecided, and what a decision can lean on."""

import re
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from consulta.accounts.models import Person
from consulta.core.extensions import db
from consulta.core.record import Entry
from consulta.core.text import fold
from consulta.proposals.models import Proposal
from consulta.proposals.queries import visible_proposals
from consulta.shortlist.models import KINDS, Decision
from consulta.tables.models import LEVELS, VOTES, Result, Session, Table
from consulta.tables.queries import heads_of

PAGE = 20
KEY_LENGTH = 40
TEXTS = ("reasons", "reasons_against", "dissent", "requests", "statements", "missing_actors", "count_note")
SAID = ("outcome", "group_number", "grade", *LEVELS, *VOTES, "dots", *TEXTS, "made_here", "is_inferred")


@dataclass(frozen=True)
class Decided:
    """A decision as anybody may read it; `reopened_at` and its reason are set where it no longer holds.

    by: the name of who took it, from the public record; None where it was loaded from a source.
    """

    id: int
    by: str | None
    kind: str
    ground: str | None
    needs_law: bool
    no_counterpart: bool
    counterpart: str | None
    referred_to: str | None
    session_id: int | None
    session: str | None
    room: str | None
    reason: str
    decided_at: object
    reopened_at: object | None
    reopened_reason: str | None


@dataclass(frozen=True)
class Heard:
    """What one session said of one proposal, once its minutes are public, and how many were in the room.

    attended: heads that came; listed: heads on a list that does not tell who came from who was only invited.
    """

    proposal_id: int
    session_id: int
    session: str
    room: str
    region: str | None
    starts_at: object | None
    published_at: object
    date_note: str | None
    is_pooled: bool
    venues: tuple
    attended: int
    listed: int
    outcome: str
    group_number: int | None
    grade: str | None
    level_full: int | None
    level_reserved: int | None
    level_neutral: int | None
    level_unwilling: int | None
    level_against: int | None
    votes_for: int | None
    votes_against: int | None
    abstentions: int | None
    dots: int | None
    reasons: str
    reasons_against: str
    dissent: str
    requests: str
    statements: str
    missing_actors: str
    count_note: str
    made_here: bool
    is_inferred: bool


@dataclass(frozen=True)
class Page:
    """Some rows of a list in order, and the key of the page after them."""

    rows: list
    next_key: str | None


def live_decision(proposal):
    """Return the decision in force on `proposal`, or None."""
    query = _whole(select(Decision)).where(Decision.proposal_id == proposal.id, Decision.reopened_at.is_(None))
    return db.session.scalar(query)


def decisions_on(proposal):
    """Return every decision ever taken on `proposal`, the first one first."""
    return decisions_among([proposal.id])[proposal.id]


def decisions_among(ids):
    """Return a dictionary of proposal id to the tuple of Decided on it, the first one first; two queries."""
    found = defaultdict(tuple)
    query = _whole(select(Decision)).where(Decision.proposal_id.in_(ids)).order_by(Decision.id)
    decisions = db.session.scalars(query).all()
    names = _who_took(decisions)
    for decision in decisions:
        found[decision.proposal_id] += (_decided(decision, names.get(decision.id)),)
    return found


def shortlisted(consultation, *, to=None):
    """Return the decisions in force that chose a proposal which `to` may see, the first one first."""
    query = _decided_in(consultation, "shortlisted", to).order_by(Decision.id)
    return db.session.scalars(query).all()


def left_out(consultation, *, to=None):
    """Return the decisions in force that left out a proposal which `to` may see, the first one first."""
    return db.session.scalars(_decided_in(consultation, "left_out", to).order_by(Decision.id)).all()


def referred(consultation, *, to=None):
    """Return the decisions in force that passed on a proposal which `to` may see, the first one first."""
    return db.session.scalars(_decided_in(consultation, "referred", to).order_by(Decision.id)).all()


def undecided(consultation, *, to=None):
    """Return the visible proposals that stand for themselves and wait for a decision, the most supported first."""
    return db.session.scalars(_undecided_in(consultation, to)).all()


def page_of_decided(consultation, kind, *, to, after=None, size=PAGE):
    """Return a Page of the decisions of `kind` in force, the latest first.

    after: the `next_key` of the page before; anything else begins at the first page.
    """
    query = _decided_in(consultation, kind, to).order_by(Decision.id.desc())
    key = _read_key(after)
    if len(key) == 1:
        query = query.where(Decision.id < key[0])
    rows = db.session.scalars(query.limit(size + 1)).all()
    return Page(rows[:size], str(rows[size - 1].id) if len(rows) > size else None)


def page_of_undecided(consultation, *, to, after=None, size=PAGE):
    """Return a Page of the proposals that wait for a decision, the most supported first."""
    query = _undecided_in(consultation, to)
    key = _read_key(after)
    if len(key) == 2:
        number, last = key
        query = query.where(or_(Proposal.supporters < number, and_(Proposal.supporters == number, Proposal.id < last)))
    rows = db.session.scalars(query.limit(size + 1)).all()
    key = f"{rows[size - 1].supporters}-{rows[size - 1].id}" if len(rows) > size else None
    return Page(rows[:size], key)


def heard_among(ids):
    """Return a dictionary of proposal id to the tuple of Heard from sessions that are public, in two queries.

    What a session holds before its minutes are published is nobody's to read here.
    """
    query = (
        select(Result)
        .join(Result.session)
        .where(Result.proposal_id.in_(ids), Session.published_at.is_not(None))
        .options(joinedload(Result.session).joinedload(Session.table).joinedload(Table.territory))
        .order_by(Session.table_id, Session.ordinal, Result.id)
    )
    results = db.session.scalars(query).all()
    heads = heads_of(list({result.session for result in results}))
    found = defaultdict(tuple)
    for result in results:
        found[result.proposal_id] += (_heard(result, heads[result.session_id].values()),)
    return found


def heard_behind(proposals):
    """Return a dictionary of id to the Heard on each of `proposals` and on all that it carries."""
    ids = [proposal.id for proposal in proposals]
    rows = db.session.execute(
        select(Proposal.id, Proposal.head_id).where(Proposal.head_id.in_(ids), Proposal.hidden_at.is_(None))
    )
    heads = {each: each for each in ids} | dict(rows.all())
    found = defaultdict(tuple)
    for proposal_id, heard in heard_among(list(heads)).items():
        found[heads[proposal_id]] += heard
    return found


def room_name(session):
    """Return what a session is called away from its table: with the table's name, unless its own says all of that."""
    said = set(_words(session.title))
    if all(word in said for word in _words(session.table.title)):
        return session.title
    return f"{session.table.title} – {session.title}"


def _words(text):
    return [word for word in re.split(r"\W+", fold(text)) if len(word) > 3]


def _decided_in(consultation, kind, to):
    visible = visible_proposals(consultation, to=to).with_only_columns(Proposal.id).order_by(None)
    return _whole(
        select(Decision)
        .where(Decision.kind == kind, Decision.reopened_at.is_(None), Decision.proposal_id.in_(visible))
        .options(joinedload(Decision.proposal).joinedload(Proposal.wording))
    )


def _undecided_in(consultation, to):
    return (
        visible_proposals(consultation, to=to)
        .where(Proposal.state == "published")
        .options(joinedload(Proposal.wording), joinedload(Proposal.institution), joinedload(Proposal.territory))
        .order_by(Proposal.supporters.desc(), Proposal.id.desc())
    )


def _whole(query):
    return query.options(
        joinedload(Decision.counterpart),
        joinedload(Decision.referred_to),
        joinedload(Decision.session).joinedload(Session.table),
    )


def _who_took(decisions):
    """Read from the public record who took each of `decisions`, as id to name."""
    subjects = {f"{Proposal.__tablename__}:{decision.proposal_id}" for decision in decisions}
    query = (
        select(Entry.details, Person.name)
        .join(Person, Person.uid == Entry.by)
        .where(Entry.subject.in_(subjects), Entry.event.in_([f"proposal.{kind}" for kind in KINDS]))
    )
    return {details["decision"]: name for details, name in db.session.execute(query)}


def _decided(row, by):
    return Decided(
        id=row.id,
        by=by,
        kind=row.kind,
        ground=row.ground,
        needs_law=row.needs_law,
        no_counterpart=row.no_counterpart,
        counterpart=row.counterpart and row.counterpart.name,
        referred_to=row.referred_to and row.referred_to.name,
        session_id=row.session_id,
        session=row.session and row.session.title,
        room=row.session and room_name(row.session),
        reason=row.reason,
        decided_at=row.decided_at,
        reopened_at=row.reopened_at,
        reopened_reason=row.reopened_reason,
    )


def _heard(row, heads):
    session, table = row.session, row.session.table
    return Heard(
        proposal_id=row.proposal_id,
        session_id=session.id,
        session=session.title,
        room=room_name(session),
        region=table.territory and table.territory.name,
        starts_at=session.starts_at,
        published_at=session.published_at,
        date_note=session.date_note,
        is_pooled=session.is_pooled,
        venues=tuple(session.venues),
        attended=sum(each.attended for each in heads),
        listed=sum(each.listed for each in heads),
        **{name: getattr(row, name) for name in SAID},
    )


def _read_key(text):
    """Read a page's key, numbers with a dash between; anything else is no key."""
    parts = (text or "")[:KEY_LENGTH].split("-")
    if not all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts):
        return []
    return [int(part) for part in parts]
