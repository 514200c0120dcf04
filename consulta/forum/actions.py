"""Keep the permanent forum: open its seats, say who sits there and in which quality, and plan its meetings."""

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from consulta.core.errors import Conflict, Invalid, check, refuse_if
from consulta.core.extensions import db
from consulta.core.record import record, vocabulary
from consulta.core.work import action, lock
from consulta.forum.entries import (
    clean_day,
    clean_days,
    clean_kind,
    clean_note,
    clean_quality,
    clean_seat,
    clean_sector,
    clean_who,
)
from consulta.forum.models import PlannedMeeting, Seat, SeatQuality, SeatTerm
from consulta.forum.queries import linked_sessions, meetings_of
from consulta.forum.rules import why_not_fill, why_not_keep, why_not_link, why_not_plan, why_not_sit, why_not_unplan

# Who sits there is on the forum's page while the secretariat keeps it there, and never in the record.
vocabulary(
    {
        "seat.opened": ("title", "sector", "quality"),
        "seat.revised": ("title",),
        "seat.taken": ("kind", "starts_on", "ends_on"),
        "seat.left": ("kind", "ends_on"),
        "seat.requalified": ("quality", "starts_on"),
        "seat.closed": ("ends_on",),
        "meeting.planned": ("planned_on",),
        "meeting.unplanned": ("planned_on",),
        "meeting.linked": ("planned_on",),
    }
)


@action
def open_seat(table, *, sector, title, network=None, quality="member", starts_on=None, note=None, by):
    """Open a seat of the forum `table` for one of SECTORS; returns it.

    network: the network it is of, where there is one. quality: member or observer, from `starts_on` (a date, or None
    where it is not known) on, with a `note`. Raises Invalid naming the field.
    """
    (table,) = lock(table)
    check(why_not_keep, by, table)
    last = db.session.scalar(select(func.max(Seat.position)).where(Seat.table_id == table.id))
    starts_on = clean_day(starts_on, "starts_on")
    seat = Seat(
        table_id=table.id,
        sector=clean_sector(sector),
        position=(last or 0) + 1,
        starts_on=starts_on,
        **clean_seat(title, network),
    )
    seat.qualities = [SeatQuality(quality=clean_quality(quality), starts_on=starts_on, note=clean_note(note))]
    db.session.add(seat)
    db.session.flush()
    _tell("seat.opened", seat, by, title=seat.title, sector=seat.sector, quality=quality)
    return seat


@action
def revise_seat(seat, *, title, network=None, by):
    """Give `seat` another name, or another network."""
    seat = _kept_by(by, seat)
    for name, value in clean_seat(title, network).items():
        setattr(seat, name, value)
    _tell("seat.revised", seat, by, title=seat.title)
    return seat


@action
def seat_somebody(seat, *, kind, who, institution=None, starts_on=None, ends_on=None, note=None, by):
    """Let `who` sit in `seat` as holder or as substitute from one day to another; returns the SeatTerm.

    who: an office or institution, or a name that its bearer lets be public. institution: the row it sits for, where
    there is one. starts_on, ends_on: dates, both included; None is not known, or not over yet. A substitute's dates
    may lie within the holder's. Raises Conflict for a closed seat, Invalid for a second holder in the same days.
    """
    seat = _kept_by(by, seat)
    refuse_if(why_not_fill(seat), Conflict)
    starts_on, ends_on = clean_days(starts_on, ends_on)
    kind, who = clean_kind(kind), clean_who(who)
    if reason := why_not_sit(seat.terms, kind=kind, who=who, starts_on=starts_on, ends_on=ends_on):
        raise Invalid("starts_on", reason)
    term = SeatTerm(
        seat=seat,
        kind=kind,
        who=who,
        institution_id=institution and institution.id,
        starts_on=starts_on,
        ends_on=ends_on,
        note=clean_note(note),
    )
    db.session.add(term)
    db.session.flush()
    _tell("seat.taken", seat, by, kind=kind, starts_on=_iso(starts_on), ends_on=_iso(ends_on))
    return term


@action
def end_term(term, *, ends_on, note=None, by):
    """Say until which day, included, somebody sat there; a `note` replaces the one before."""
    seat = _kept_by(by, term.seat)
    (term,) = lock(term)
    _starts_on, ends_on = clean_days(term.starts_on, clean_day(ends_on, "ends_on", required=True))
    if term.ends_on is not None and ends_on > term.ends_on:
        others = [each for each in seat.terms if each.id != term.id]
        if reason := why_not_sit(others, kind=term.kind, who=term.who, starts_on=term.starts_on, ends_on=ends_on):
            raise Invalid("ends_on", reason)
    term.ends_on = ends_on
    term.note = clean_note(note) or term.note
    _tell("seat.left", seat, by, kind=term.kind, ends_on=_iso(ends_on))
    return term


@action
def change_quality(seat, *, quality, starts_on=None, note=None, by):
    """Let `seat` be a member's or an observer's from a day on; what it was before stays to be read."""
    seat = _kept_by(by, seat)
    refuse_if(why_not_fill(seat), Conflict)
    quality, starts_on = clean_quality(quality), clean_day(starts_on, "starts_on")
    last = seat.qualities[-1] if seat.qualities else None
    if last is not None and last.quality == quality:
        raise Invalid("quality", _("Este puesto ya tiene esa calidad."))
    if last is not None and None not in (last.starts_on, starts_on) and starts_on < last.starts_on:
        raise Invalid("starts_on", _("El último cambio de calidad es posterior a esa fecha."))
    changed = SeatQuality(seat=seat, quality=quality, starts_on=starts_on, note=clean_note(note))
    db.session.add(changed)
    db.session.flush()
    _tell("seat.requalified", seat, by, quality=quality, starts_on=_iso(starts_on))
    return changed


@action
def close_seat(seat, *, ends_on, by):
    """Close `seat` after the day `ends_on`; whoever still sits there leaves it that day."""
    seat = _kept_by(by, seat)
    refuse_if(why_not_fill(seat), Conflict)
    ends_on = clean_day(ends_on, "ends_on", required=True)
    if any(term.starts_on is not None and term.starts_on > ends_on for term in seat.terms):
        raise Invalid("ends_on", _("Alguien ocupa este puesto desde un día posterior."))
    if seat.starts_on is not None and ends_on < seat.starts_on:
        raise Invalid("ends_on", _("El puesto se abrió después de ese día."))
    for term in seat.terms:
        if term.ends_on is None or term.ends_on > ends_on:
            term.ends_on = ends_on
    seat.ends_on = ends_on
    _tell("seat.closed", seat, by, ends_on=_iso(ends_on))
    return seat


@action
def plan_meeting(table, *, planned_on, note=None, by):
    """Put a day into the calendar of the forum `table`; returns the PlannedMeeting."""
    (table,) = lock(table)
    check(why_not_keep, by, table)
    planned_on = clean_day(planned_on, "planned_on", required=True)
    if reason := why_not_plan(table, planned_on, {each.planned_on for each in meetings_of(table)}):
        raise Invalid("planned_on", reason)
    meeting = PlannedMeeting(table_id=table.id, planned_on=planned_on, note=clean_note(note))
    db.session.add(meeting)
    db.session.flush()
    _tell_of_meeting("meeting.planned", table, meeting, by)
    return meeting


@action
def unplan_meeting(meeting, *, by):
    """Take a day out of the calendar, unless a session was convened for it."""
    (table,) = lock(meeting.table)
    check(why_not_keep, by, table)
    (meeting,) = lock(meeting)
    refuse_if(why_not_unplan(meeting), Conflict)
    _tell_of_meeting("meeting.unplanned", table, meeting, by)
    db.session.delete(meeting)
    db.session.flush()


@action
def link_meeting(meeting, session, *, by):
    """Say that `session` of the same forum was convened for this day of its calendar."""
    (table,) = lock(meeting.table)
    check(why_not_keep, by, table)
    (meeting,) = lock(meeting)
    if meeting.session_id == session.id:
        return meeting
    if reason := why_not_link(meeting, session, linked_sessions(table)):
        raise Invalid("session", reason)
    meeting.session_id = session.id
    db.session.flush()
    _tell_of_meeting("meeting.linked", table, meeting, by)
    return meeting


def _kept_by(by, seat):
    """Return the locked `seat`, if `by` keeps its forum."""
    (seat,) = lock(seat)
    check(why_not_keep, by, seat.table)
    return seat


def _tell(event, seat, by, **details):
    record(event, seat, by=by, within=seat.table.consultation, body=seat.table, **details)


def _tell_of_meeting(event, table, meeting, by):
    record(event, table, by=by, within=table.consultation, planned_on=meeting.planned_on.isoformat())


def _iso(day):
    return day and day.isoformat()
