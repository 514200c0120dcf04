"""The permanent forum: its seats, who sits there and in which quality over time, and its calendar."""

from datetime import date

import pytest

from consulta.core.errors import Conflict, Invalid, NotAllowed, NotFound
from consulta.core.extensions import db
from consulta.core.record import Entry
from consulta.forum.actions import (
    change_quality,
    close_seat,
    end_term,
    link_meeting,
    open_seat,
    plan_meeting,
    revise_seat,
    seat_somebody,
    unplan_meeting,
)
from consulta.forum.models import PlannedMeeting, Seat, SeatTerm
from consulta.forum.queries import (
    find_forum,
    find_meeting,
    find_seat,
    find_term,
    forums_of,
    meetings_of,
    quality_on,
    seats_of,
    sessions_without_meeting,
    standing_on,
)
from consulta.tables.actions import convene_session, found_table
from consulta.tables.models import Table
from tests.faults.at_once import at_once


@pytest.fixture
def forum(consultation, moderator):
    """The permanent forum of the consultation."""
    return found_table(consultation, title="Mesa de Gobierno Abierto", kind="forum", by=moderator)


@pytest.fixture
def seat(forum, moderator):
    """A seat of civil society, whose holder is known since 2017."""
    seat = open_seat(forum, sector="civil_society", title="Sociedad civil", network="Red Chilena", by=moderator)
    seat_somebody(seat, kind="holder", who="Titular de la Red", starts_on=date(2017, 1, 1), by=moderator)
    return seat


def recorded(event):
    """Return the details of the record's entries of `event`, earliest first."""
    return [each.details for each in db.session.query(Entry).filter_by(event=event).order_by(Entry.id)]


def test_seats_stand_by_sector_in_the_order_of_opening_and_closed_ones_last(forum, moderator):
    gone = open_seat(forum, sector="international", title="PNUD", quality="observer", by=moderator)
    open_seat(forum, sector="international", title="CEPAL", quality="observer", by=moderator)
    open_seat(forum, sector="government", title="Gobierno", by=moderator)
    close_seat(gone, ends_on=date(2021, 12, 31), by=moderator)
    seats = seats_of(forum, on=date(2026, 1, 1))
    assert {sector: [each.seat.title for each in there] for sector, there in seats.items()} == {
        "government": ["Gobierno"],
        "international": ["CEPAL", "PNUD"],
    }
    assert recorded("seat.opened")[0] == {"title": "PNUD", "sector": "international", "quality": "observer"}


def test_an_absence_of_a_month_is_a_substitute_with_dates_beside_the_holder(seat, moderator):
    note = "Reemplaza a quien es titular, ausente durante abril de 2018"
    days = {"starts_on": date(2018, 4, 1), "ends_on": date(2018, 4, 30)}
    seat_somebody(seat, kind="substitute", who="Suplente de la Red", **days, note=note, by=moderator)
    in_april = standing_on(seat, date(2018, 4, 30))
    assert (in_april.holder.who, [each.who for each in in_april.substitutes]) == (
        "Titular de la Red",
        ["Suplente de la Red"],
    )
    before, after = standing_on(seat, date(2018, 3, 31)), standing_on(seat, date(2018, 5, 1))
    assert (before.substitutes, [each.who for each in before.coming]) == ([], ["Suplente de la Red"])
    assert (after.substitutes, [each.note for each in after.earlier]) == ([], [note])


def test_what_was_an_observer_is_a_member_from_a_day_on_and_both_stay_to_be_read(forum, moderator):
    seat = open_seat(forum, sector="international", title="CEPAL", quality="observer", by=moderator)
    change_quality(seat, quality="member", starts_on=date(2022, 6, 16), note="Acta de ese día", by=moderator)
    assert quality_on(seat, date(2018, 3, 29)).quality == "observer"
    assert quality_on(seat, date(2022, 6, 15)).quality == "observer"
    assert quality_on(seat, date(2022, 6, 16)).quality == "member"
    assert [each.quality for each in seat.qualities] == ["observer", "member"]
    with pytest.raises(Invalid) as refused:
        change_quality(seat, quality="member", by=moderator)
    assert refused.value.field == "quality"
    with pytest.raises(Invalid) as refused:
        change_quality(seat, quality="observer", starts_on=date(2022, 6, 15), by=moderator)
    assert refused.value.field == "starts_on"
    assert recorded("seat.requalified") == [{"quality": "member", "starts_on": "2022-06-16"}]


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_free"),
    [
        (None, None, False),
        (date(2018, 1, 1), None, False),
        (date(2016, 1, 1), date(2017, 1, 1), False),
        (date(2016, 1, 1), date(2016, 12, 31), True),
        (None, date(2016, 12, 31), True),
    ],
)
def test_a_seat_has_one_holder_at_a_time(seat, moderator, starts_on, ends_on, is_free):
    days = {"starts_on": starts_on, "ends_on": ends_on}
    if is_free:
        seat_somebody(seat, kind="holder", who="Otra", **days, by=moderator)
    else:
        with pytest.raises(Invalid) as refused:
            seat_somebody(seat, kind="holder", who="Otra", **days, by=moderator)
        assert refused.value.field == "starts_on"
    assert db.session.query(SeatTerm).count() == 1 + is_free


def test_the_next_holder_sits_from_the_day_after_the_last(seat, moderator):
    (term,) = seat.terms
    end_term(term, ends_on=date(2018, 12, 31), note="Terminó su período", by=moderator)
    seat_somebody(seat, kind="holder", who="Otra", starts_on=date(2019, 1, 1), by=moderator)
    assert [standing_on(seat, date(*day)).holder.who for day in ((2018, 12, 31), (2019, 1, 1))] == [
        "Titular de la Red",
        "Otra",
    ]
    with pytest.raises(Invalid) as refused:
        end_term(term, ends_on=date(2019, 1, 1), by=moderator)
    assert refused.value.field == "ends_on"
    with pytest.raises(Invalid):
        end_term(term, ends_on=date(2016, 1, 1), by=moderator)
    with pytest.raises(Invalid):
        end_term(term, ends_on=None, by=moderator)
    assert recorded("seat.left") == [{"kind": "holder", "ends_on": "2018-12-31"}]


def test_who_sits_there_is_never_in_the_record(seat, moderator):
    revise_seat(seat, title="Otro nombre", by=moderator)
    told = "".join(f"{each.details}{each.reason}" for each in db.session.query(Entry))
    assert "Titular de la Red" not in told
    assert recorded("seat.taken") == [{"kind": "holder", "starts_on": "2017-01-01", "ends_on": None}]


def test_a_closed_seat_is_left_by_whoever_sat_there_and_takes_nobody(seat, moderator):
    with pytest.raises(Invalid):
        close_seat(seat, ends_on=date(2016, 1, 1), by=moderator)
    close_seat(seat, ends_on=date(2020, 6, 30), by=moderator)
    assert seat.terms[0].ends_on == date(2020, 6, 30)
    assert standing_on(seat, date(2020, 7, 1)).holder is None
    for act in (
        lambda: seat_somebody(seat, kind="substitute", who="x", by=moderator),
        lambda: change_quality(seat, quality="observer", by=moderator),
        lambda: close_seat(seat, ends_on=date(2021, 1, 1), by=moderator),
    ):
        with pytest.raises(Conflict):
            act()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "a\x00"}, "title"),
        ({"network": "x" * 161}, "network"),
        ({"sector": "nobody"}, "sector"),
        ({"sector": ""}, "sector"),
        ({"quality": "guest"}, "quality"),
        ({"starts_on": date(1, 1, 1)}, "starts_on"),
        ({"note": "x" * 301}, "note"),
    ],
)
def test_what_will_not_do_opens_no_seat(forum, moderator, typed, field):
    with pytest.raises(Invalid) as refused:
        open_seat(forum, **{"sector": "academia", "title": "Puesto", **typed}, by=moderator)
    assert refused.value.field == field
    assert db.session.query(Seat).count() == 0


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"kind": "guest"}, "kind"),
        ({"who": ""}, "who"),
        ({"who": "x" * 161}, "who"),
        ({"starts_on": date(2020, 1, 2), "ends_on": date(2020, 1, 1)}, "ends_on"),
        ({"ends_on": date(9999, 1, 1)}, "ends_on"),
    ],
)
def test_what_will_not_do_seats_nobody(seat, moderator, typed, field):
    with pytest.raises(Invalid) as refused:
        seat_somebody(seat, **{"kind": "substitute", "who": "Una red", **typed}, by=moderator)
    assert refused.value.field == field
    assert db.session.query(SeatTerm).count() == 1


def test_a_day_is_planned_once_and_leads_to_its_session(forum, moderator, consultation):
    planned = plan_meeting(forum, planned_on=date(2018, 5, 3), note="Reunión mensual", by=moderator)
    spare = plan_meeting(forum, planned_on=date(2018, 4, 5), by=moderator)
    with pytest.raises(Invalid) as refused:
        plan_meeting(forum, planned_on=date(2018, 5, 3), by=moderator)
    assert refused.value.field == "planned_on"
    assert [each.planned_on.month for each in meetings_of(forum)] == [4, 5]
    session = convene_session(forum, title="Quinta reunión", by=moderator)
    elsewhere = found_table(consultation, title="Otra mesa", kind="forum", by=moderator)
    other = convene_session(elsewhere, title="Otra", by=moderator)
    with pytest.raises(Invalid):
        link_meeting(planned, other, by=moderator)
    assert sessions_without_meeting(forum) == [session]
    assert link_meeting(planned, session, by=moderator).session == session
    link_meeting(planned, session, by=moderator)
    with pytest.raises(Invalid) as refused:
        link_meeting(spare, session, by=moderator)
    assert refused.value.field == "session"
    assert sessions_without_meeting(forum) == []
    with pytest.raises(Conflict):
        unplan_meeting(planned, by=moderator)
    unplan_meeting(spare, by=moderator)
    assert [each.planned_on for each in meetings_of(forum)] == [date(2018, 5, 3)]
    days = ["2018-05-03", "2018-04-05"]
    assert [each["planned_on"] for each in recorded("meeting.planned")] == days
    assert recorded("meeting.linked") == [{"planned_on": days[0]}]
    assert recorded("meeting.unplanned") == [{"planned_on": days[1]}]


def test_only_a_forum_has_seats_and_a_calendar(table, moderator):
    with pytest.raises(NotAllowed):
        open_seat(table, sector="academia", title="x", by=moderator)
    with pytest.raises(NotAllowed):
        plan_meeting(table, planned_on=date(2026, 1, 1), by=moderator)
    with pytest.raises(NotFound):
        find_forum(table.id, to=moderator)


# Who keeps the forum: its secretariat moderates the consultation.
STRANGERS = ("citizen", "administrator", "other_moderator", "facilitator", "other_facilitator")


@pytest.mark.parametrize("role", STRANGERS)
def test_nobody_but_the_moderators_of_its_consultation_keeps_the_forum(request, role, forum, seat, moderator):
    meeting = plan_meeting(forum, planned_on=date(2026, 1, 1), by=moderator)
    session = convene_session(forum, title="S", by=moderator)
    stranger, before = request.getfixturevalue(role), rows()
    for act in (
        lambda by: open_seat(forum, sector="academia", title="x", by=by),
        lambda by: revise_seat(seat, title="x", by=by),
        lambda by: seat_somebody(seat, kind="substitute", who="x", by=by),
        lambda by: end_term(seat.terms[0], ends_on=date(2026, 1, 1), by=by),
        lambda by: change_quality(seat, quality="observer", by=by),
        lambda by: close_seat(seat, ends_on=date(2026, 1, 1), by=by),
        lambda by: plan_meeting(forum, planned_on=date(2026, 1, 2), by=by),
        lambda by: link_meeting(meeting, session, by=by),
        lambda by: unplan_meeting(meeting, by=by),
    ):
        with pytest.raises(NotAllowed):
            act(stranger)
    assert rows() == before


def rows():
    """Return how many seats, terms and planned days there are."""
    return [db.session.query(model).count() for model in (Seat, SeatTerm, PlannedMeeting)]


def test_what_is_not_there_or_not_to_be_seen_is_not_found(forum, seat, moderator, administrator):
    for find in (find_forum, find_seat, find_term, find_meeting):
        for number in (0, -3, 10**30, 999):
            with pytest.raises(NotFound):
                find(number, to=moderator)
    assert forums_of(forum.consultation) == [forum]


def test_of_several_holders_seated_at_once_one_sits_there(app, forum, moderator):
    seat = open_seat(forum, sector="academia", title="Academia", by=moderator)
    ids = seat.id, moderator.id
    db.session.rollback()

    def sit(n):
        there, by = db.session.get(Seat, ids[0]), db.session.get(type(moderator), ids[1])
        seat_somebody(there, kind="holder", who=f"Red {n}", by=by)

    told = at_once(app, [lambda n=n: sit(n) for n in range(6)])
    assert [type(each) for each in told].count(Invalid) == 5
    assert db.session.query(SeatTerm).count() == 1


def test_a_day_that_several_plan_at_once_stands_in_the_calendar_once(app, forum, moderator):
    ids = forum.id, moderator.id
    db.session.rollback()

    def plan():
        table, by = db.session.get(Table, ids[0]), db.session.get(type(moderator), ids[1])
        plan_meeting(table, planned_on=date(2026, 7, 1), by=by)

    told = at_once(app, [plan] * 5)
    assert [type(each) for each in told].count(Invalid) == 4
    assert db.session.query(PlannedMeeting).count() == 1
