"""Reading tables and sessions: what was entered leaves here only for those who may read it."""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace

from flask_babel import lazy_gettext as _
from sqlalchemy import case, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from consulta.accounts.models import SECTORS
from consulta.consultations.rules import live_roles
from consulta.consultations.rules import why_not_see as why_not_see_consultation
from consulta.core.errors import NotFound, refuse_if
from consulta.core.extensions import db
from consulta.core.record import Entry, reference
from consulta.proposals.models import Proposal
from consulta.proposals.rules import why_not_see as why_not_see_proposal
from consulta.tables import digests
from consulta.tables.entries import digest_of_code
from consulta.tables.models import OUTCOMES, AccessCode, Attendance, Result, Session, Table
from consulta.tables.rules import account_of, why_not_live, why_not_read

PAGE = 20  # tables on one page of the list
# The entries of the public record that say what a session holds.
SEALING = ("session.submitted", "minutes.corrected")
OWN = 60  # sessions of her own that are listed before a facilitator looks through the tables


@dataclass(frozen=True)
class Heads:
    """How many people of one sector: `attended`, and `listed` where the source tells convened and attended not apart.

    `uncounted` lines of the list say that somebody attended and not how many.
    """

    attended: int = 0
    listed: int = 0
    uncounted: int = 0

    @property
    def is_anybody(self):
        """Whether there is anything to say of this sector."""
        return bool(self.attended or self.listed or self.uncounted)

    def with_line(self, attended, heads):
        """Return these heads with one more line of the list; attended: True, False, or None where nobody knows."""
        if attended is False:
            return self
        if attended is None:
            return replace(self, listed=self.listed + (heads or 0))
        return replace(self, attended=self.attended + (heads or 0), uncounted=self.uncounted + (heads is None))


@dataclass(frozen=True)
class Reading:
    """What one reader is shown of a session; `why_not` says why what was entered is kept back, and then it is empty.

    convened: names by sector of whom was invited; those whom the convening named are public from the start. results:
    (Result, whether its proposal may be shown) in the order of entry. agenda: the items as they are stored; of a
    programme that is not public yet, without what was said under them.
    """

    why_not: object
    convened: dict
    agenda: list
    attendances: list
    results: list
    statements: list
    notes: str | None

    @property
    def outcomes(self):
        """How many proposals came out in each way, in the order of OUTCOMES."""
        found = Counter(result.outcome for result, _is_public in self.results)
        return {outcome: found[outcome] for outcome in OUTCOMES if found[outcome]}

    @property
    def heads(self):
        """Heads by sector of those who are in the list, in the order of SECTORS."""
        found = defaultdict(Heads)
        for each in self.attendances:
            found[each.sector] = found[each.sector].with_line(each.attended, each.heads)
        return {sector: found[sector] for sector in SECTORS if sector in found and found[sector].is_anybody}


def find_session(number, *, to):
    """Return the session with this `number` (its id) if `to` may see its consultation; raises NotFound."""
    query = (
        select(Session)
        .where(Session.id == number)
        .options(
            joinedload(Session.table).joinedload(Table.territory),
            joinedload(Session.table).joinedload(Table.consultation),
        )
    )
    session = db.session.scalar(query) if 0 < number < 2**31 else None
    if session is None:
        raise NotFound(_("No hay una sesión en esta dirección."))
    refuse_if(why_not_see_consultation(to, session.table.consultation), NotFound)
    return session


def tables_of(consultation, *, territory=None, kind=None, after=0, limit=None):
    """Return the tables of `consultation` in the order of their founding, with territories and sessions loaded.

    after: the id of the last table of the page before; limit: how many, all of them where it is None.
    """
    query = select(Table).where(Table.consultation_id == consultation.id, Table.id > after)
    if territory is not None:
        query = query.where(Table.territory_id == territory.id)
    if kind is not None:
        query = query.where(Table.kind == kind)
    query = query.options(joinedload(Table.territory), selectinload(Table.sessions))
    return db.session.scalars(query.order_by(Table.id).limit(limit)).all()


def count_sessions(consultation):
    """Return a dictionary of state (Session.state) to how many sessions of `consultation` are in it."""
    state = case(
        (Session.published_at.is_not(None), "published"),
        (Session.checked_at.is_not(None), "checked"),
        (Session.submitted_at.is_not(None), "submitted"),
        (Session.opened_at.is_not(None), "open"),
        else_="convened",
    )
    query = (
        select(state, func.count()).join(Session.table).where(Table.consultation_id == consultation.id).group_by(state)
    )
    return dict(db.session.execute(query).all())


def regions_with_tables(consultation):
    """Return the territories that have a table in `consultation`, north to south."""
    query = select(Table).where(Table.consultation_id == consultation.id, Table.territory_id.is_not(None))
    found = {table.territory for table in db.session.scalars(query.options(joinedload(Table.territory)))}
    return sorted(found, key=lambda territory: (territory.position, territory.code))


def sessions_for(person, consultation):
    """Return the sessions of `consultation` that `person` facilitates, those to be done first; none for a visitor."""
    mine = _facilitated(live_roles(person, consultation))
    if not mine:
        return []
    query = (
        select(Session)
        .join(Session.table)
        .where(Table.consultation_id == consultation.id, or_(*mine))
        .options(contains_eager(Session.table).joinedload(Table.territory))
        .order_by(
            Session.submitted_at.is_not(None),
            Session.opened_at.is_(None),
            Session.starts_at.is_(None),
            Session.starts_at,
            Session.id,
        )
        .limit(OWN)
    )
    return db.session.scalars(query).all()


def sessions_to_check(person, consultation):
    """Return the sessions of `consultation` that wait for a second person who may be `person`, the oldest first."""
    roles = live_roles(person, consultation)
    mine = [true()] if any(each.role == "moderator" for each in roles) else _facilitated(roles)
    if not mine:
        return []
    waiting = Session.submitted_at.is_not(None) & Session.checked_at.is_(None)
    query = (
        select(Session)
        .join(Session.table)
        .where(Table.consultation_id == consultation.id, waiting, or_(*mine), Session.submitted_by_uid != person.uid)
        .options(contains_eager(Session.table).joinedload(Table.territory))
        .order_by(Session.submitted_at, Session.id)
        .limit(OWN)
    )
    return [each for each in db.session.scalars(query) if person.uid not in each.hands]


def sessions_to_publish(person, consultation):
    """Return the sessions of `consultation` that were checked and whose minutes `person` may publish now."""
    if not any(each.role == "moderator" for each in live_roles(person, consultation)):
        return []
    query = (
        select(Session)
        .join(Session.table)
        .where(
            Table.consultation_id == consultation.id, Session.checked_at.is_not(None), Session.published_at.is_(None)
        )
        .options(contains_eager(Session.table).joinedload(Table.territory))
        .order_by(Session.checked_at, Session.id)
        .limit(OWN)
    )
    return db.session.scalars(query).all()


def code_of(text):
    """Return the live AccessCode that `text` is, as it was typed; None where it is none, or none any more."""
    query = (
        select(AccessCode).where(AccessCode.code_digest == digest_of_code(text)).options(joinedload(AccessCode.session))
    )
    code = db.session.scalar(query)
    return code if code is not None and why_not_live(code) is None else None


def codes_of(session):
    """Return the access codes of `session`, the newest first; the caller has settled who may see them."""
    query = select(AccessCode).where(AccessCode.session_id == session.id).order_by(AccessCode.id.desc())
    return db.session.scalars(query).all()


def read_session(session, *, to):
    """Return the Reading of `session` for `to`: all that was entered, or why not yet."""
    attendances = attendances_of(session)
    why_not = why_not_read(to, session)
    convened = defaultdict(list)
    for each in attendances:
        if (each.convened if why_not is None else each.invited) and each.institution:
            # What the room may have changed since is not told: an institution's own sector was public before.
            sector = each.sector if why_not is None else each.institution.sector
            convened[sector].append(each.institution.name)
    convened = {sector: sorted(convened[sector]) for sector in SECTORS if sector in convened}
    if why_not is not None:
        programme = [each for each in session.agenda if each["kind"] != "heading"]
        unsaid = {"development": None, "is_closed": False, "closed_note": None}
        return Reading(why_not, convened, [{**each, **unsaid} for each in programme], [], [], [], None)
    reader = account_of(to)
    results = [(result, why_not_see_proposal(reader, result.proposal) is None) for result in results_of(session)]
    return Reading(None, convened, session.agenda, attendances, results, session.statements, session.notes)


def attendances_of(session):
    """Return the attendance list of `session`, by sector and name; the caller has settled who may read it."""
    query = select(Attendance).where(Attendance.session_id == session.id).options(joinedload(Attendance.institution))
    rows = db.session.scalars(query).all()
    return sorted(
        rows,
        key=lambda row: (
            SECTORS.index(row.sector),
            (row.name or "\uffff").casefold(),
            row.id,
        ),
    )


def results_of(session):
    """Return the results of `session` with their proposals' texts; the caller has settled who may read them."""
    query = (
        select(Result)
        .where(Result.session_id == session.id)
        .options(
            joinedload(Result.proposal).joinedload(Proposal.wording),
            joinedload(Result.proposal).joinedload(Proposal.consultation),
        )
        .order_by(Result.id)
    )
    return db.session.scalars(query).all()


def result_on(session, proposal):
    """Return what `session` holds of `proposal`, or None; the caller has settled who may read it."""
    return db.session.scalar(select(Result).where(Result.session_id == session.id, Result.proposal_id == proposal.id))


def results_on(*proposals):
    """Return the results of sessions for any of `proposals` that are public, earliest session first.

    Each has session, table and territory loaded. They are never added up, neither with one another nor with votes.
    """
    query = (
        select(Result)
        .join(Result.session)
        .where(Result.proposal_id.in_([each.id for each in proposals]), Session.published_at.is_not(None))
        .options(contains_eager(Result.session).joinedload(Session.table).joinedload(Table.territory))
        .order_by(func.coalesce(Session.starts_at, Session.published_at), Session.id, Result.id)
    )
    return db.session.scalars(query).all()


def heads_of(sessions):
    """Return a dictionary of session id to {sector: Heads} for those of `sessions` that are public."""
    ids = [session.id for session in sessions if session.published_at is not None]
    present = Attendance.attended.is_(True)
    unknown = Attendance.attended.is_(None)
    query = (
        select(
            Attendance.session_id,
            Attendance.sector,
            func.coalesce(func.sum(case((present, Attendance.heads))), 0),
            func.coalesce(func.sum(case((unknown, Attendance.heads))), 0),
            func.coalesce(func.sum(case((present & Attendance.heads.is_(None), 1))), 0),
        )
        .where(Attendance.session_id.in_(ids))
        .group_by(Attendance.session_id, Attendance.sector)
    )
    found = defaultdict(dict)
    for session_id, sector, attended, listed, uncounted in db.session.execute(query):
        found[session_id][sector] = Heads(attended, listed, uncounted)
    return {
        key: {name: heads for name in SECTORS if (heads := found[key].get(name)) and heads.is_anybody} for key in ids
    }


def counted_in(sessions):
    """Return a dictionary of session id to how many people its room counts (checks.heads_in_room), or None."""
    declared = {session.id: session.declared_heads for session in sessions}
    query = (
        select(Attendance.session_id, func.sum(Attendance.heads), func.count() - func.count(Attendance.heads))
        .where(Attendance.session_id.in_(declared), Attendance.attended.is_not(False))
        .group_by(Attendance.session_id)
    )
    listed = {key: heads for key, heads, uncounted in db.session.execute(query) if not uncounted}
    return {key: max(listed[key], heads or 0) if key in listed else heads for key, heads in declared.items()}


def seal_of(session, reading):
    """Return the fingerprint that the public record holds of a session that was handed in, and whether it still fits.

    reading: the Reading of the session, already made. Returns (None, None) where the reader may not read it, or the
    record says nothing of what it is now: it was loaded without an entry, or corrected since, and the versions of its
    minutes bear the seals.
    """
    if reading.why_not is not None:
        return None, None
    query = select(Entry).where(Entry.subject == reference(session), Entry.event.in_(SEALING))
    entry = db.session.scalar(query.order_by(Entry.id.desc()).limit(1))
    if entry is None or entry.event != "session.submitted":
        return None, None
    now = digests.of_session(session, reading.attendances, [result for result, _is_public in reading.results])
    return entry.details["digest"], entry.details["digest"] == now


def digest_of(session):
    """Return the fingerprint of all that `session` holds now."""
    return digests.of_session(session, attendances_of(session), results_of(session))


def check_base(session):
    """Return what whoever checks looked at: the fingerprint of `session`, and which handing in it was.

    What was sent back and handed in again is looked at again: not all of it is in the fingerprint.
    """
    handed_in = session.submitted_at.isoformat() if session.submitted_at else ""
    return f"{digest_of(session)}.{handed_in}"


def _facilitated(roles):
    """Return the conditions under which a Table is facilitated by somebody with these appointments."""
    mine = [Table.territory_id == each.territory_id for each in roles if each.role == "facilitator"]
    if any(each.role == "moderator" for each in roles):
        mine.append(Table.territory_id.is_(None))
    return mine
