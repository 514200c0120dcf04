"""Found tables, convene their sessions, and take in what the room decided until the session is handed in."""

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from consulta.accounts.actions import found_institution
from consulta.accounts.models import SECTORS, Institution
from consulta.core.clock import now
from consulta.core.errors import Conflict, Invalid, check, refuse_if
from consulta.core.extensions import db
from consulta.core.record import record, vocabulary
from consulta.core.text import clean_line
from consulta.core.work import action, lock
from consulta.proposals.actions import enter_proposal
from consulta.proposals.rules import cleaned
from consulta.tables import digests
from consulta.tables.entries import (
    LINES,
    NAME_LIMIT,
    TITLE_LIMIT,
    clean_minutes,
    clean_presence,
    clean_result,
    clean_session,
)
from consulta.tables.models import TABLE_KINDS, Attendance, Result, Session, Table
from consulta.tables.queries import attendances_of, result_on, results_of
from consulta.tables.rules import why_not_convene, why_not_discuss, why_not_enter, why_not_facilitate, why_not_open

vocabulary(
    {
        "table.founded": ("title", "kind"),
        "session.convened": ("title", "table", "convened"),
        "session.opened": ("title",),
        # heads: of those who attended, or whom the source tells not apart from those convened. digest: of all that
        # was entered (tables.digests.of_session), so that any later change shows.
        "session.submitted": ("title", "results", "heads", "digest"),
        "proposal.raised": ("code",),
    }
)

SEALED_LATER = "not public before the session is handed in, whose entry holds the fingerprint of all that was entered"


class ChangedMeanwhile(Conflict):
    """Somebody else saved the same part of a session after this form was opened."""


@action
def found_table(consultation, *, title, kind, territory=None, by):
    """Found a table of `consultation`; kind is one of TABLE_KINDS, and a regional one has its territory."""
    check(why_not_convene, by, consultation)
    if kind not in TABLE_KINDS:
        raise Invalid("kind", _("Elige qué clase de mesa es."))
    if kind == "regional" and territory is None:
        raise Invalid("territory", _("Elige la región de la mesa."))
    table = Table(
        consultation_id=consultation.id,
        title=clean_line(title, TITLE_LIMIT, field="table_title"),
        kind=kind,
        territory_id=territory.id if kind == "regional" else None,
    )
    db.session.add(table)
    record("table.founded", table, by=by, within=consultation, title=table.title, kind=kind)
    return table


@action
def convene_session(
    table,
    *,
    title,
    place=None,
    starts_at=None,
    ends_at=None,
    date_note=None,
    objective=None,
    product=None,
    agenda=(),
    statements=(),
    agreements=(),
    notes=None,
    is_pooled=False,
    venues=(),
    convened=(),
    by,
):
    """Convene the next session of `table`; returns it.

    starts_at, ends_at: instants. agenda: dicts starts, ends, title. convened: rows as `note_attendance` takes them,
    of those who are invited. is_pooled: it stands for several meetings, at `venues`, that the source tells not apart.
    Raises Invalid naming the field that will not do.
    """
    (table,) = lock(table)
    check(why_not_convene, by, table.consultation)
    if ends_at is not None and (starts_at is None or ends_at <= starts_at):
        raise Invalid("ends_at", _("La sesión tiene que terminar después de comenzar."))
    texts = clean_session(
        title=title,
        place=place,
        date_note=date_note,
        objective=objective,
        product=product,
        agenda=agenda,
        statements=statements,
        agreements=agreements,
        notes=notes,
        venues=venues,
    )
    last = db.session.scalar(select(func.max(Session.ordinal)).where(Session.table_id == table.id))
    session = Session(
        table_id=table.id,
        ordinal=(last or 0) + 1,
        starts_at=starts_at,
        ends_at=ends_at,
        is_pooled=is_pooled,
        convened_at=now(),
        **texts,
    )
    db.session.add(session)
    db.session.flush()
    _list(session, [{"convened": True, **row} for row in convened], by)
    record(
        "session.convened",
        session,
        by=by,
        within=table.consultation,
        title=session.title,
        table=table.title,
        convened=len(convened),
    )
    return session


@action(unrecorded="table.founded and session.convened tell it")
def convene_at(consultation, *, table=None, founding=None, meeting, by):
    """Convene a session at `table`, or at one founded with `founding` (arguments of `found_table`), or neither.

    meeting: the arguments of `convene_session`.
    """
    if table is None:
        table = found_table(consultation, **founding, by=by)
    return convene_session(table, **meeting, by=by)


@action
def open_session(session, *, by):
    """Let the facilitator enter what happens in the room; opening twice is opening once."""
    (session,) = lock(session)
    check(why_not_facilitate, by, session)
    refuse_if(why_not_open(session), Conflict)
    if session.opened_at is None:
        session.opened_at = now()
        record("session.opened", session, by=by, within=session.table.consultation, title=session.title)
    return session


@action(unrecorded=SEALED_LATER)
def note_attendance(session, rows, *, base=None, by):
    """Replace the attendance list of an open session.

    rows: dicts sector, institution (a row, a name to be founded in that sector, or None for people without one),
    convened, attended, spoke (True, False, or None where nobody knows), heads, note. base: the fingerprint of the
    list that the form was filled in from (None: not compared). Raises ChangedMeanwhile, Invalid("rows-<n>-<part>").
    """
    session = _entered_by(by, session)
    there = attendances_of(session)
    before = digests.of_attendance(there)
    for old in there:
        db.session.delete(old)
    db.session.flush()
    _list(session, rows, by)
    _check_base(base, before, digests.of_attendance(attendances_of(session)))
    return session


@action(unrecorded=SEALED_LATER)
def note_minutes(session, *, statements, agreements, notes, base=None, by):
    """Replace the statements (texts), agreements (dicts text, owner, due) and notes of an open session."""
    session = _entered_by(by, session)
    before = digests.of_minutes(session)
    for name, value in clean_minutes(statements=statements, agreements=agreements, notes=notes).items():
        setattr(session, name, value)
    _check_base(base, before, digests.of_minutes(session))
    return session


@action(unrecorded=SEALED_LATER)
def enter_result(
    session,
    proposal,
    *,
    outcome,
    group_number=None,
    grade=None,
    dots=None,
    reasons="",
    dissent="",
    is_inferred=False,
    base=None,
    by,
):
    """Store what the open session says of `proposal`, in place of what it said before; returns the Result.

    base: the fingerprint of the result that the form was filled in from, "" where there was none (None: not
    compared). Raises ChangedMeanwhile where somebody else saved another version since.
    """
    session = _entered_by(by, session)
    refuse_if(why_not_discuss(session, proposal))
    said = clean_result(
        outcome=outcome, group_number=group_number, grade=grade, dots=dots, reasons=reasons, dissent=dissent
    )
    result = result_on(session, proposal)
    before = digests.of_result(result)
    if result is None:
        result = Result(session_id=session.id, proposal_id=proposal.id)
        db.session.add(result)
    for name, value in said.items():
        setattr(result, name, value)
    _check_base(base, before, digests.of_result(result))
    result.is_inferred, result.entered_at = is_inferred, now()
    db.session.flush()
    return result


@action
def add_room_proposal(session, *, title, body, theme=None, institution=None, reference=None, by):
    """Publish a proposal that the room made, and let the open session say something of it; returns the Proposal.

    institution: the body that brought it (a row, or a (name, sector) pair to be founded), or None where it was the
    table's own. The same proposal sent twice is one.
    """
    session = _entered_by(by, session)
    institution = _institution(institution, by, "institution")
    text = cleaned(title, body)
    for made in results_of(session):
        if made.made_here and (made.proposal.title, made.proposal.body) == text:
            return made.proposal
    table = session.table
    proposal = enter_proposal(
        table.consultation,
        title=text[0],
        body=text[1],
        origin="table" if institution is None else "institution",
        institution=institution,
        origin_note=f"{table.title} · {session.title}"[:300],
        reference=reference,
        theme=theme,
        territory=table.territory,
        by=by,
    )
    db.session.add(
        Result(session_id=session.id, proposal_id=proposal.id, outcome="none", made_here=True, entered_at=now())
    )
    record("proposal.raised", proposal, by=by, within=table.consultation, body=session, code=proposal.code)
    return proposal


@action
def submit_session(session, *, base=None, by):
    """Hand an open session in: what it holds becomes public and stays as it is.

    base: the fingerprint of the session as its facilitator checked it (None: not compared). Raises ChangedMeanwhile.
    """
    session = _entered_by(by, session)
    attendances, results = attendances_of(session), results_of(session)
    digest = digests.of_session(session, attendances, results)
    if base is not None and base != digest:
        raise ChangedMeanwhile(_("Alguien más cambió algo en esta sesión después de que abriste la revisión."))
    session.submitted_at = now()
    session.submitted_by_uid = "machine" if by is None else by.uid
    record(
        "session.submitted",
        session,
        by=by,
        within=session.table.consultation,
        title=session.title,
        results=len(results),
        heads=sum(each.heads or 0 for each in attendances if each.attended is not False),
        digest=digest,
    )
    return session


@action(unrecorded="what is then entered is told when the session is published")
def take_entry(session, *, by):
    """Return the locked open `session` for a later domain to enter something of it; `by` counts among its hands."""
    return _entered_by(by, session)


def _entered_by(by, session):
    """Return the locked `session`, if `by` may enter something into it now."""
    (session,) = lock(session)
    check(why_not_facilitate, by, session)
    refuse_if(why_not_enter(session), Conflict)
    return session


def _check_base(base, before, after):
    """Refuse to overwrite what was saved since the form was opened, unless both say the same."""
    if base is not None and before not in (base, after):
        raise ChangedMeanwhile(_("Otra persona guardó esta parte de la sesión mientras la escribías."))


def _list(session, rows, by):
    if len(rows) > LINES:
        raise Invalid("rows", _("La lista tiene más de %(limit)s filas. Reúne las del mismo sector.", limit=LINES))
    listed = set()
    for at, row in enumerate(rows):
        if row["sector"] not in SECTORS:
            raise Invalid(f"rows-{at}-sector", _("Elige el sector."))
        institution = _institution(row.get("institution"), by, f"rows-{at}-institution", sector=row["sector"])
        if institution is not None and institution.id in listed:
            raise Invalid(f"rows-{at}-institution", _("«%(name)s» está dos veces en la lista.", name=institution.name))
        listed.add(institution and institution.id)
        db.session.add(
            Attendance(session_id=session.id, institution_id=institution and institution.id, **clean_presence(row, at))
        )
    db.session.flush()


def _institution(value, by, field, sector=None):
    if value is None or isinstance(value, Institution):
        return value
    name, sector = (value, sector) if isinstance(value, str) else value
    return found_institution(clean_line(name, NAME_LIMIT, field=field), sector, by=by)
