"""Reading the permanent forum: its seats as they stand on a day, how that came about, and its calendar."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from consulta.accounts.models import SECTORS, Institution
from consulta.consultations.rules import why_not_see as why_not_see_consultation
from consulta.core.clock import local, now
from consulta.core.errors import NotFound, refuse_if
from consulta.core.extensions import db
from consulta.forum.models import PlannedMeeting, Seat, SeatTerm
from consulta.forum.rules import overlaps
from consulta.tables.models import Attendance, Session, Table


@dataclass(frozen=True)
class Standing:
    """A seat on one day: its quality, who holds it and who substitutes then, who comes later and who sat there before.

    quality: the SeatQuality that holds, or None before the first. holder: a SeatTerm, or None while it is empty.
    """

    seat: Seat
    quality: object
    holder: SeatTerm | None
    substitutes: list
    coming: list
    earlier: list

    @property
    def is_closed(self):
        """Whether the seat is no more."""
        return self.seat.ends_on is not None


def today_in(consultation):
    """Return the day it is where `consultation` is held."""
    return local(now(), consultation.zone).date()


def forums_of(consultation):
    """Return the permanent forums of `consultation`, in the order of their founding."""
    query = select(Table).where(Table.consultation_id == consultation.id, Table.kind == "forum")
    return db.session.scalars(query.options(selectinload(Table.sessions)).order_by(Table.id)).all()


def find_forum(number, *, to):
    """Return the permanent forum with this `number` (a table's id) if `to` may see its consultation; or NotFound."""
    return _found(Table, number, to, Table.kind == "forum")


def find_seat(number, *, to):
    """Return the seat with this `number` (its id) if `to` may see its consultation; raises NotFound."""
    return _found(Seat, number, to)


def find_term(number, *, to):
    """Return the term with this `number` (its id) if `to` may see its consultation; raises NotFound."""
    return _found(SeatTerm, number, to)


def find_meeting(number, *, to):
    """Return the day in a calendar with this `number` (its id) if `to` may see its consultation; raises NotFound."""
    return _found(PlannedMeeting, number, to)


def seats_of(table, *, on):
    """Return a dictionary of sector to Standings on the day `on`, in the order of SECTORS; closed seats last."""
    query = (
        select(Seat)
        .where(Seat.table_id == table.id)
        .options(selectinload(Seat.terms).joinedload(SeatTerm.institution), selectinload(Seat.qualities))
        .order_by(Seat.ends_on.is_not(None), Seat.position, Seat.id)
    )
    found = {}
    for seat in db.session.scalars(query):
        found.setdefault(seat.sector, []).append(standing_on(seat, on))
    return {sector: found[sector] for sector in SECTORS if sector in found}


def standing_on(seat, day):
    """Return the Standing of `seat` on `day`."""
    there = [term for term in seat.terms if overlaps(term, day, day)]
    holders = [term for term in there if term.kind == "holder"]
    return Standing(
        seat=seat,
        quality=quality_on(seat, day),
        holder=holders[0] if holders else None,
        substitutes=[term for term in there if term.kind == "substitute"],
        coming=_by_start(term for term in seat.terms if term.starts_on is not None and term.starts_on > day),
        earlier=_by_start(term for term in seat.terms if term.ends_on is not None and term.ends_on < day),
    )


def quality_on(seat, day):
    """Return the last SeatQuality of `seat` that began on or before `day`, or None."""
    begun = [each for each in seat.qualities if each.starts_on is None or each.starts_on <= day]
    return begun[-1] if begun else None


def institutions_of(table):
    """Return the institutions that sit in `table`, or attended its published sessions, by name."""
    seated = select(SeatTerm.institution_id).join(SeatTerm.seat).where(Seat.table_id == table.id)
    present = select(Attendance.institution_id).join(Attendance.session)
    present = present.where(Session.table_id == table.id, Session.published_at.is_not(None), Attendance.attended)
    query = select(Institution).where(or_(Institution.id.in_(seated), Institution.id.in_(present)))
    return db.session.scalars(query.order_by(Institution.name)).all()


def meetings_of(table):
    """Return the calendar of `table`, earliest day first, with the sessions that were convened for its days."""
    query = select(PlannedMeeting).where(PlannedMeeting.table_id == table.id)
    return db.session.scalars(
        query.options(joinedload(PlannedMeeting.session)).order_by(PlannedMeeting.planned_on)
    ).all()


def sessions_without_meeting(table):
    """Return the sessions of `table` that stand for no day of its calendar, newest first."""
    linked = select(PlannedMeeting.session_id).where(PlannedMeeting.session_id.is_not(None))
    query = select(Session).where(Session.table_id == table.id, Session.id.not_in(linked))
    return db.session.scalars(query.order_by(Session.ordinal.desc())).all()


def linked_sessions(table):
    """Return the ids of the sessions that stand for a day of the calendar of `table`."""
    query = select(PlannedMeeting.session_id).where(PlannedMeeting.table_id == table.id)
    return {each for each in db.session.scalars(query) if each is not None}


def _found(model, number, to, *conditions):
    row = db.session.scalar(select(model).where(model.id == number, *conditions)) if 0 < number < 2**31 else None
    if row is None:
        raise NotFound(_("No hay nada en esta dirección del foro."))
    table = {Table: lambda: row, SeatTerm: lambda: row.seat.table}.get(model, lambda: row.table)()
    refuse_if(why_not_see_consultation(to, table.consultation), NotFound)
    return row


def _by_start(terms):
    return sorted(terms, key=lambda term: (term.starts_on is not None, term.starts_on, term.id))
