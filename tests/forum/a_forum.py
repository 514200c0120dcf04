"""A permanent forum with one of everything: seats, who sits there, a calendar, a published session and an open one."""

from dataclasses import dataclass
from datetime import date, timedelta

from consulta.accounts.actions import found_institution
from consulta.accounts.queries import institution_named
from consulta.agreements.actions import form_subgroup, move_agreement, note_agreement
from consulta.agreements.queries import agreements_of
from consulta.core.clock import now
from consulta.forum.actions import change_quality, link_meeting, open_seat, plan_meeting, seat_somebody
from consulta.minutes.actions import publish_minutes
from consulta.tables.actions import check_session, convene_session, found_table, open_session, submit_session


@dataclass
class Forum:
    """What was made; `session` is published with `agreement`, `later` is open and formed `subgroup`."""

    table: object
    seat: object
    term: object
    meeting: object
    session: object
    agreement: object
    later: object
    subgroup: object


def make_forum(consultation, by):
    """Make a Forum of `consultation`, kept by its moderator `by`."""
    table = found_table(consultation, title="Mesa de Gobierno Abierto", kind="forum", by=by)
    network = institution_named("Red Académica") or found_institution("Red Académica", "academia", by=None)
    seat = open_seat(table, sector="academia", title="Representante académico", network="Red Académica", by=by)
    term = seat_somebody(seat, kind="holder", who="Secretaría de la Red", institution=network, by=by)
    change_quality(seat, quality="observer", starts_on=date(2018, 3, 29), by=by)
    held, meeting = (plan_meeting(table, planned_on=date(2026, month, 1), by=by) for month in (3, 4))
    session = held_session(table, by, {"uno": {"text": "Proponer un calendario", "owner": "Red Académica"}})
    link_meeting(held, session, by=by)
    (agreement,) = agreements_of(session)
    move_agreement(agreement, state="under_way", note="Hay un borrador.", by=by)
    later = convene_session(table, title="Segunda reunión", by=by)
    open_session(later, by=by)
    subgroup = form_subgroup(table, title="Subgrupo de calendario", institutions=[network], session=later, by=by)
    return Forum(table, seat, term, meeting, session, agreement, later, subgroup)


def held_session(table, by, agreements=None, *, title="Primera reunión", days_ago=30):
    """Hold a session of `table` that took `agreements` (uid: fields), and publish its minutes; returns it."""
    session = convene_session(table, title=title, starts_at=now() - timedelta(days=days_ago), by=by)
    open_session(session, by=by)
    for uid, fields in (agreements or {}).items():
        note_agreement(session, uid, **fields, by=by)
    publish(session, by)
    return session


def publish(session, by):
    """Hand an open session in, have it checked, and publish its minutes."""
    submit_session(session, by=by)
    check_session(session, by=None)
    publish_minutes(session, by=by)
