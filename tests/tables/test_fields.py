"""Fields of a session one by one, as devices send them: cleaned, of the right type, and the rest is kept."""

from datetime import UTC, date, datetime, timedelta

import pytest

from consulta.accounts.actions import found_institution
from consulta.core.clock import frozen, now
from consulta.core.errors import Invalid
from consulta.core.extensions import db
from consulta.tables import digests
from consulta.tables.actions import (
    add_room_proposal,
    convene_session,
    enter_result,
    note_agenda,
    note_attendance,
    note_session,
    open_session,
    set_presence,
    set_result,
)
from consulta.tables.entries import AMENDED, CONVENED, ENTERED, ITEM, PRESENCE, RESULT
from consulta.tables.models import Attendance, Result, Session
from consulta.tables.queries import attendances_of, digest_of, result_on
from tests.people import ZONE

# What a device may send for any field that is no text, and what for any that is no number.
WRONG = ([], {}, [1], {"a": 1}, 1.5, float("nan"), 10**30, -1, "a\x00b", "\ud800", "x" * 30_000, b"x", object())
NO_TEXT = ([], {}, ["x"], 7, 1.5, True, b"x", object())
# The columns that the life of a row sets, or that say which row it is.
LIFE = {"id", "table_id", "ordinal", "session_id", "proposal_id", "uid", "entered_at", "made_here", "is_inferred"}
LIFE |= {"invited", "seal_nonce"}
LIFE |= {column.name for column in Session.__table__.columns if column.name.endswith(("ed_at", "_by_uid"))}


def agenda_of(session):
    """The items of a session's agenda by their ids."""
    return {each["id"]: each for each in session.agenda}


def test_every_column_can_be_entered():
    for model, fields in (
        (Session, CONVENED.keys()),
        (Attendance, PRESENCE.keys() | {"institution_id", "named"}),
        (Result, RESULT.keys()),
    ):
        assert set(model.__table__.columns.keys()) - LIFE - {"hands", "return_note"} == set(fields)


def test_one_field_is_stored_and_the_rest_is_kept(table_session, facilitator, proposal):
    enter_result(table_session, proposal, outcome="modify", grade="majority", dots=4, reasons="Útil", by=facilitator)
    set_result(table_session, proposal, votes_for=7, dissent=" No  todos. ", by=facilitator)
    result = result_on(table_session, proposal)
    assert (result.outcome, result.grade, result.dots, result.reasons) == ("modify", "majority", 4, "Útil")
    assert (result.votes_for, result.dissent) == (7, "No  todos.")
    set_result(table_session, proposal, dots=None, by=facilitator)
    assert (result_on(table_session, proposal).dots, result_on(table_session, proposal).votes_for) == (None, 7)
    enter_result(table_session, proposal, outcome="keep", by=facilitator)
    assert (result_on(table_session, proposal).votes_for, result_on(table_session, proposal).reasons) == (None, "")


def test_a_first_field_makes_the_result_and_dropping_it_forgets_it(table_session, facilitator, proposal):
    assert set_result(table_session, proposal, requests="Más plazo", by=facilitator).outcome == "none"
    assert set_result(table_session, proposal, drop=True, by=facilitator) is None
    assert set_result(table_session, proposal, drop=True, by=facilitator) is None
    assert result_on(table_session, proposal) is None


def test_what_the_room_made_stays_on_its_list_when_what_was_said_of_it_is_dropped(table_session, facilitator):
    made = add_room_proposal(table_session, title="Un muelle", body="Sí.", by=facilitator)
    set_result(table_session, made, outcome="keep", dots=3, by=facilitator)
    set_result(table_session, made, drop=True, by=facilitator)
    result = result_on(table_session, made)
    assert (result.made_here, result.outcome, result.dots) == (True, "none", None)


def test_a_group_and_its_number_come_in_any_order(table_session, facilitator, proposal):
    set_result(table_session, proposal, group_number=3, by=facilitator)
    assert (result_on(table_session, proposal).outcome, result_on(table_session, proposal).group_number) == ("group", 3)
    set_result(table_session, proposal, outcome="keep", by=facilitator)
    assert result_on(table_session, proposal).group_number is None
    with pytest.raises(Invalid) as refused:
        set_result(table_session, proposal, outcome="group", by=facilitator)
    assert refused.value.field == "group_number"
    set_result(table_session, proposal, outcome="group", group_number=1, by=facilitator)
    assert result_on(table_session, proposal).outcome == "group"


@pytest.mark.parametrize("name", RESULT)
def test_a_result_takes_no_value_of_another_kind(name, table_session, facilitator, proposal):
    is_text = name in (
        "reasons",
        "reasons_against",
        "dissent",
        "requests",
        "statements",
        "missing_actors",
        "count_note",
    )
    for value in NO_TEXT if is_text else WRONG:
        with pytest.raises(Invalid) as refused:
            set_result(table_session, proposal, **{name: value}, by=facilitator)
        assert refused.value.field == name
    assert table_session.results == []


@pytest.mark.parametrize("name", [name for name in PRESENCE if name not in ("network", "note")])
def test_a_line_takes_no_value_of_another_kind(name, table_session, facilitator):
    for value in WRONG:
        with pytest.raises(Invalid) as refused:
            set_presence(table_session, "a", **{"sector": "academia", name: value}, by=facilitator)
        assert refused.value.field == name
    assert table_session.attendances == []


@pytest.mark.parametrize("name", [*ENTERED, "started", "ended"])
def test_a_session_takes_no_value_of_another_kind(name, table_session, facilitator):
    for value in NO_TEXT:
        if (name in ("statements", "open_points") and value in ([], ["x"])) or (
            name == "declared_heads" and value == 7
        ):
            continue
        with pytest.raises(Invalid) as refused:
            note_session(table_session, **{name: value}, by=facilitator)
        assert refused.value.field == name


@pytest.mark.parametrize("name", ITEM)
def test_an_item_takes_no_value_of_another_kind(name, table_session, facilitator):
    for value in ([], {}, ["x"], 10**30, 1.5, b"x"):
        with pytest.raises(Invalid) as refused:
            note_agenda(table_session, "a", **{"title": "Varios", name: value}, by=facilitator)
        assert refused.value.field == name
    assert table_session.agenda == []


@pytest.mark.parametrize("uid", [None, 7, "", "a" * 37, "a b", "ñ", "a/b", "\x00", ["a"]])
def test_an_identifier_that_no_device_makes_is_refused(uid, table_session, facilitator):
    with pytest.raises(Invalid):
        set_presence(table_session, uid, sector="academia", by=facilitator)
    with pytest.raises(Invalid):
        note_agenda(table_session, uid, title="Varios", by=facilitator)


def test_a_field_that_does_not_exist_is_refused(table_session, facilitator, proposal):
    for write in (
        lambda: set_result(table_session, proposal, made_here=True, by=facilitator),
        lambda: set_presence(table_session, "a", sector="academia", session_id=7, by=facilitator),
        lambda: note_session(table_session, published_at=now(), by=facilitator),
        lambda: note_session(table_session, title="Otro", by=facilitator),
        lambda: note_agenda(table_session, "a", title="Varios", speaker="x", by=facilitator),
    ):
        with pytest.raises(Invalid) as refused:
            write()
        assert "no existe" in str(refused.value.reason)


def test_a_line_is_written_field_by_field_and_keeps_the_rest(table_session, facilitator):
    set_presence(table_session, "uid-1", sector="academia", named=" La  Universidad ", by=facilitator)
    set_presence(table_session, "uid-1", attended=True, heads=5, by=facilitator)
    set_presence(table_session, "uid-1", excused=False, women=3, network="Red Sur", quality="observer", by=facilitator)
    (line,) = attendances_of(table_session)
    assert (line.name, line.heads, line.women, line.network, line.quality, line.excused) == (
        "La Universidad",
        5,
        3,
        "Red Sur",
        "observer",
        False,
    )
    assert (line.convened, line.spoke, line.men) == (None, None, None)
    assert set_presence(table_session, "uid-1", drop=True, by=facilitator) is None
    assert attendances_of(table_session) == []


def test_a_name_that_is_there_becomes_its_institution_and_tells_its_sector(table_session, facilitator, institution):
    line = set_presence(table_session, "a", named=institution.name, by=facilitator)
    assert (line.institution_id, line.named, line.sector) == (institution.id, None, "government")
    line = set_presence(table_session, "a", named="Otra", by=facilitator)
    assert (line.institution_id, line.named) == (None, "Otra")
    line = set_presence(table_session, "a", named="", by=facilitator)
    assert line.name is None
    with pytest.raises(Invalid) as refused:
        set_presence(table_session, "b", named="Nadie sabe de qué sector", by=facilitator)
    assert refused.value.field == "sector"


def test_a_form_keeps_the_identifiers_of_lines_and_what_it_does_not_ask(table_session, facilitator):
    set_presence(table_session, "u1", sector="academia", named="UMAG", women=2, by=facilitator)
    set_presence(table_session, "u2", sector="private", heads=4, by=facilitator)
    set_presence(table_session, "u3", sector="municipal", named="Se va", by=facilitator)
    rows = [
        {"sector": "private", "institution": None, "attended": True},
        {"uid": "u1", "sector": "civil_society", "institution": "UMAG y otros", "heads": 3},
        {"sector": "academia", "institution": "Nueva", "heads": 1},
    ]
    for _sent in range(2):
        note_attendance(table_session, rows, by=facilitator)
        found = {each.name: each for each in attendances_of(table_session)}
        assert {name: line.uid for name, line in found.items() if name != "Nueva"} == {None: "u2", "UMAG y otros": "u1"}
        assert (found["UMAG y otros"].women, found["UMAG y otros"].heads, found[None].heads) == (2, 3, 4)
        assert len(found) == 3


def test_the_same_body_may_sit_in_two_networks_but_not_twice_in_one(table_session, facilitator):
    row = {"sector": "academia", "institution": "UMAG"}
    note_attendance(table_session, [{**row, "network": "Norte"}, {**row, "network": "Sur"}], by=facilitator)
    with pytest.raises(Invalid) as refused:
        again = {**row, "institution": "umag", "network": "Norte"}
        note_attendance(table_session, [{**row, "network": "Norte"}, again], by=facilitator)
    assert refused.value.field == "rows-1-institution"


def test_two_lines_of_one_new_institution_become_one_row(table_session, facilitator):
    for uid, network in (("a", "Norte"), ("b", "Sur")):
        set_presence(table_session, uid, sector="academia", named="UMAG", network=network, by=facilitator)
    found_institution("UMAG", "academia", by=None)
    assert set_presence(table_session, "a", named="UMAG", by=facilitator).institution is not None


def test_an_item_is_filled_in_and_a_heading_comes_and_goes(table, moderator, facilitator):
    programme = [
        {"id": "open", "title": "Bienvenida", "starts": "9.30"},
        {"kind": "break", "title": "Café", "block": 2},
    ]
    session = open_session(convene_session(table, title="S", agenda=programme, by=moderator), by=facilitator)
    note_agenda(session, "open", development="**Se** abrió.", is_closed=True, closed_note="Reservado", by=facilitator)
    note_agenda(session, "own", title="Lo que no estaba", by=facilitator)
    opened, pause, own = session.agenda
    assert (opened["starts"], opened["development"], opened["is_closed"]) == ("09:30", "**Se** abrió.", True)
    assert (pause["kind"], pause["block"], pause["development"], own["kind"]) == ("break", 2, None, "heading")
    note_agenda(session, "own", drop=True, by=facilitator)
    note_agenda(session, "own", drop=True, by=facilitator)
    assert "own" not in agenda_of(session)
    with pytest.raises(Invalid):
        note_agenda(session, "open", drop=True, by=facilitator)
    for number in range(198):
        note_agenda(session, f"n{number}", title="Más", by=facilitator)
    with pytest.raises(Invalid):
        note_agenda(session, "one-too-many", title="Más", by=facilitator)


def test_an_agenda_with_the_same_identifier_twice_is_refused(table, moderator):
    with pytest.raises(Invalid) as refused:
        convene_session(table, title="S", agenda=[{"id": "a", "title": "x"}, {"id": "a", "title": "y"}], by=moderator)
    assert refused.value.field == "agenda"


def test_the_next_meeting_and_its_day_come_in_any_order(table_session, facilitator):
    note_session(table_session, next_on="2026-12-03", by=facilitator)
    assert (table_session.next_meeting, table_session.next_on) == ("dated", date(2026, 12, 3))
    note_session(table_session, next_meeting="undefined", by=facilitator)
    assert (table_session.next_meeting, table_session.next_on) == ("undefined", None)
    with pytest.raises(Invalid) as refused:
        note_session(table_session, next_meeting="dated", by=facilitator)
    assert refused.value.field == "next_on"
    note_session(table_session, next_meeting=None, by=facilitator)
    assert table_session.next_meeting is None


@pytest.fixture
def timed(table, moderator, facilitator):
    """An open session planned for 10:00 to 12:00 of Santiago on 3 December 2026."""
    starts = datetime(2026, 12, 3, 13, tzinfo=UTC)
    made = convene_session(table, title="S", starts_at=starts, ends_at=starts + timedelta(hours=2), by=moderator)
    return open_session(made, by=facilitator)


def test_the_clock_of_the_place_says_when_it_started_and_ended(timed, facilitator):
    assert timed.table.consultation.zone == ZONE
    note_session(timed, started="10.15", by=facilitator)
    note_session(timed, ended="12:40", by=facilitator)
    assert (timed.starts_at, timed.ends_at) == (
        datetime(2026, 12, 3, 13, 15, tzinfo=UTC),
        datetime(2026, 12, 3, 15, 40, tzinfo=UTC),
    )
    with pytest.raises(Invalid) as refused:
        note_session(timed, ended="10:15", by=facilitator)
    assert refused.value.field == "ended"
    note_session(timed, started="13:00", by=facilitator)
    assert timed.ends_at is None  # the planned end was overtaken
    note_session(timed, started="18:00", ended="20:00", by=facilitator)
    assert timed.ends_at == datetime(2026, 12, 3, 23, tzinfo=UTC)


def test_a_wall_time_that_does_not_exist_is_refused(table, moderator, facilitator, consultation):
    # In Santiago the clocks go from 24:00 to 01:00 on 5 September 2027.
    made = convene_session(table, title="S", starts_at=datetime(2027, 9, 5, 14, tzinfo=UTC), by=moderator)
    session = open_session(made, by=facilitator)
    with pytest.raises(Invalid) as refused:
        note_session(session, started="00:30", by=facilitator)
    assert refused.value.field == "started" and "cambió" in str(refused.value.reason)


def test_where_no_day_was_set_it_is_the_day_of_opening(table, moderator, facilitator):
    instant = now()
    session = convene_session(table, title="S", by=moderator)
    with frozen(instant):
        open_session(session, by=facilitator)
    note_session(session, started="09:00", by=facilitator)
    assert abs(session.starts_at - instant) < timedelta(days=1)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "ftp://example.org"}, "link"),
        ({"link": "https://"}, "link"),
        ({"convened_on": "3 de diciembre"}, "convened_on"),
        ({"convened_on": "2026-13-01"}, "convened_on"),
        ({"planned_heads": {"martians": 3}}, "planned_heads"),
        ({"planned_heads": {"academia": -1}}, "planned_heads"),
        ({"planned_heads": [3]}, "planned_heads"),
        ({"dots_per_person": 0}, "dots_per_person"),
        ({"dots_per_proposal": 101}, "dots_per_proposal"),
        ({"inputs": "uno"}, "inputs"),
        ({"inputs": ["x"] * 201}, "inputs"),
        ({"starts_at": "mañana"}, "starts_at"),
        ({"starts_at": datetime(2026, 1, 1)}, "starts_at"),
        ({"agenda": [{"title": "x", "starts": "25:00"}]}, "agenda"),
        ({"agenda": ["x"]}, "agenda"),
        ({"agenda": {}}, "agenda"),
        ({"number": "x" * 21}, "number"),
        ({"objective": "a\x00"}, "objective"),
        ({"published_at": None}, "published_at"),
    ],
)
def test_a_bad_fact_of_a_convened_session_is_refused_at_its_field(facts, field, table, moderator):
    with pytest.raises(Invalid) as refused:
        convene_session(table, title="S", **facts, by=moderator)
    assert refused.value.field == field
    assert db.session.query(Session).count() == 0


def test_a_session_is_convened_with_all_that_minutes_ask_for(table, moderator):
    facts = {
        "number": "N°4",
        "link": "https://reunion.example.org/sala",
        "convened_by": "Ministerio Secretaría General de la Presidencia",
        "convened_on": "2026-11-30",
        "inputs": ["Borrador del plan"],
        "open_points": ["No se sabe quién asistió."],
        "planned_heads": {"academia": 4, "private": None},
        "dots_per_person": 5,
        "dots_per_proposal": 2,
        "attendance_note": "Solo instituciones.",
    }
    session = convene_session(table, title="S", **facts, by=moderator)
    assert session.convened_on == date(2026, 11, 30)
    assert session.planned_heads == {"academia": 4}
    assert {name: getattr(session, name) for name in facts} == {
        **facts,
        "convened_on": date(2026, 11, 30),
        "planned_heads": {"academia": 4},
    }


# One other value for each field: the fingerprint of the session must tell every one of them.
OTHER = {
    **dict.fromkeys(("outcome",), "refer"),
    "grade": "divided",
    "group_number": 4,
    "next_meeting": "none",
    "next_on": date(2027, 1, 1),
    "convened_on": date(2027, 1, 1),
    "prepared_on": date(2027, 1, 1),
    "starts_at": datetime(2026, 1, 1, tzinfo=UTC),
    "ends_at": datetime(2030, 1, 1, tzinfo=UTC),
    "planned_heads": {"academia": 1},
    "agenda": [],
    "is_pooled": True,
    "quality": "guest",
    "sector": "private",
    "named": "Otra",
    **dict.fromkeys(("inputs", "statements", "open_points", "venues"), ["otro"]),
    **dict.fromkeys(("convened", "attended", "excused", "spoke"), True),
}


@pytest.mark.parametrize("part", ["session", "line", "result"])
def test_the_fingerprint_of_a_session_covers_every_field(part, timed, facilitator, proposal):
    note_agenda(timed, "x", title="Varios", by=facilitator)
    line = set_presence(timed, "a", sector="academia", by=facilitator)
    result = enter_result(timed, proposal, outcome="keep", by=facilitator)
    row, names = {
        "session": (timed, [name for name in CONVENED if name != "title"]),
        "line": (line, [*PRESENCE, "named"]),
        "result": (result, [*RESULT, "is_inferred", "made_here"]),
    }[part]
    seen = {digest_of(timed)}
    for name in names:
        column = type(row).__table__.columns[name]
        value = OTHER.get(name, 7 if column.type.python_type is int else "otro")
        value = (name in ("is_inferred", "made_here")) or value
        with db.session.no_autoflush:
            before = getattr(row, name)
            setattr(row, name, value)
            digest = digests.of_session(timed, [line], [result])
            setattr(row, name, before)
        assert digest not in seen, name
        seen.add(digest)
    assert digest_of(timed) in seen


def test_what_is_amended_can_be_entered_and_more(app):
    assert set(ENTERED) < set(AMENDED) < set(CONVENED)
