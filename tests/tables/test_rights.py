"""Who may do what in a session: role × state, on both databases."""

from datetime import timedelta

import pytest

from consulta.consultations.actions import appoint, end_appointment, suspend_consultation
from consulta.consultations.queries import appointments_of
from consulta.core.clock import frozen
from consulta.core.errors import Conflict, NotAllowed
from consulta.tables.actions import (
    add_room_proposal,
    convene_session,
    enter_result,
    found_table,
    note_attendance,
    note_minutes,
    open_session,
    submit_session,
)
from consulta.tables.queries import read_session, sessions_for
from consulta.tables.rules import why_not_facilitate, why_not_read
from tests.people import make_proposal

NOBODY, CITIZEN, ADMIN, MODERATOR, OTHER_MODERATOR, OWN, OTHER = (
    None,
    "citizen",
    "administrator",
    "moderator",
    "other_moderator",
    "facilitator",
    "other_facilitator",
)
EVERYBODY = (NOBODY, CITIZEN, ADMIN, MODERATOR, OTHER_MODERATOR, OWN, OTHER)

# table's kind -> who may enter what happened there.
FACILITATES = {
    "regional": {OWN},  # only whoever is appointed for its region; not even the moderators
    "thematic": {MODERATOR},  # no region: those who moderate the consultation
    "round": {MODERATOR},
}
# Who reads a regional session before it is handed in; afterwards everybody does.
READS_BEFORE = {OWN, MODERATOR}
# Who founds tables and convenes their sessions.
CONVENES = {MODERATOR}

ACTS = {
    "open": lambda session, proposal, by: open_session(session, by=by),
    "attendance": lambda session, proposal, by: note_attendance(session, [PRESENT], by=by),
    "minutes": lambda session, proposal, by: note_minutes(session, statements=["x"], notes="", by=by),
    "result": lambda session, proposal, by: enter_result(session, proposal, outcome="keep", by=by),
    "proposal": lambda session, proposal, by: add_room_proposal(session, title="De la sala", body="Sí.", by=by),
    "submit": lambda session, proposal, by: submit_session(session, by=by),
}
PRESENT = {"sector": "academia", "institution": None, "attended": True, "heads": 3}


@pytest.fixture
def everybody(request, table_session):
    """A dictionary of role to person."""
    return {role: request.getfixturevalue(role) if role else None for role in EVERYBODY}


@pytest.mark.parametrize("kind", FACILITATES)
def test_each_kind_of_table_is_facilitated_by_its_own_people(kind, everybody, consultation, moderator, table_session):
    session = table_session
    if kind != "regional":
        session = convene_session(
            found_table(consultation, title="T", kind=kind, by=moderator), title="S", by=moderator
        )
    allowed = {role for role, person in everybody.items() if why_not_facilitate(person, session) is None}
    assert allowed == FACILITATES[kind]


def test_only_moderators_of_the_consultation_found_tables_and_convene(everybody, consultation, table):
    for role, person in everybody.items():
        if role in CONVENES | {NOBODY}:  # by=None is the machine
            continue
        with pytest.raises(NotAllowed):
            found_table(consultation, title="Otra", kind="thematic", by=person)
        with pytest.raises(NotAllowed):
            convene_session(table, title="Otra", by=person)


@pytest.mark.parametrize("act", ACTS)
def test_nobody_but_its_facilitator_enters_anything(act, everybody, table_session, proposal):
    for role, person in everybody.items():
        if role in FACILITATES["regional"] | {NOBODY}:  # by=None is the machine
            continue
        with pytest.raises(NotAllowed):
            ACTS[act](table_session, proposal, person)
    assert (table_session.submitted_at, table_session.results, table_session.attendances) == (None, [], [])


@pytest.mark.parametrize("act", ACTS)
def test_the_facilitator_of_the_region_does_it_all(act, table_session, proposal, facilitator):
    ACTS[act](table_session, proposal, facilitator)


@pytest.mark.parametrize("act", ACTS)
def test_after_handing_in_nothing_can_be_changed_and_the_reason_says_so(act, table_session, proposal, facilitator):
    submit_session(table_session, by=facilitator)
    with pytest.raises(Conflict) as refused:
        ACTS[act](table_session, proposal, facilitator)
    assert "ya fue entregada" in str(refused.value.reason)


@pytest.mark.parametrize("act", [act for act in ACTS if act != "open"])
def test_before_opening_nothing_can_be_entered(act, table, moderator, proposal, facilitator):
    session = convene_session(table, title="Segunda", by=moderator)
    with pytest.raises(Conflict) as refused:
        ACTS[act](session, proposal, facilitator)
    assert "Ábrela antes" in str(refused.value.reason)


@pytest.mark.parametrize("act", ACTS)
def test_once_the_phase_has_closed_nothing_can_be_entered(act, table_session, proposal, facilitator, consultation):
    with frozen(max(phase.closes_at for phase in consultation.phases)), pytest.raises(Conflict) as refused:
        ACTS[act](table_session, proposal, facilitator)
    assert "Ya no se puede" in str(refused.value.reason)


@pytest.mark.parametrize("act", ACTS)
def test_the_last_instant_before_the_close_still_counts(act, table_session, proposal, facilitator, consultation):
    closes = next(phase.closes_at for phase in consultation.phases if phase.kind == "tables")
    with frozen(closes - timedelta(microseconds=1)):
        ACTS[act](table_session, proposal, facilitator)


@pytest.mark.parametrize("act", ACTS)
def test_a_suspended_consultation_takes_no_entries(
    act, table_session, proposal, facilitator, consultation, administrator
):
    suspend_consultation(consultation, reason="Se revisa el proceso.", by=administrator)
    with pytest.raises(Conflict):
        ACTS[act](table_session, proposal, facilitator)


@pytest.mark.parametrize("act", ACTS)
def test_an_appointment_taken_back_ends_the_right_at_once(
    act, table_session, proposal, facilitator, consultation, administrator
):
    (appointment,) = [each for each in appointments_of(consultation) if each.person_id == facilitator.id]
    end_appointment(appointment, by=administrator)
    with pytest.raises(NotAllowed):
        ACTS[act](table_session, proposal, facilitator)


def test_the_refusal_names_the_region_she_is_appointed_for(table_session, other_facilitator):
    reason = str(why_not_facilitate(other_facilitator, table_session))
    assert "Magallanes" in reason and "Biobío" in reason


def test_an_appointment_in_another_consultation_gives_nothing(
    table_session, other_consultation, administrator, citizen, magallanes
):
    appoint(citizen, "facilitator", other_consultation, magallanes, by=administrator)
    assert why_not_facilitate(citizen, table_session) is not None


def test_what_was_entered_is_read_by_few_before_handing_in_and_by_all_after(
    everybody, table_session, facilitator, proposal
):
    enter_result(table_session, proposal, outcome="keep", by=facilitator)
    note_minutes(table_session, statements=["Secreto"], notes="", by=facilitator)
    assert {role for role, who in everybody.items() if why_not_read(who, table_session) is None} == READS_BEFORE
    for role, who in everybody.items():
        reading = read_session(table_session, to=who)
        assert bool(reading.results) == bool(reading.statements) == (role in READS_BEFORE)
    submit_session(table_session, by=facilitator)
    assert all(why_not_read(who, table_session) is None for who in everybody.values())


def test_each_is_listed_her_own_sessions(everybody, table_session, consultation, moderator):
    thematic = convene_session(
        found_table(consultation, title="T", kind="round", by=moderator), title="S", by=moderator
    )
    own = {role: [each.id for each in sessions_for(who, consultation)] for role, who in everybody.items()}
    expected = dict.fromkeys(EVERYBODY, []) | {OWN: [table_session.id], MODERATOR: [thematic.id]}
    assert own == expected


def test_a_proposal_of_another_consultation_is_refused(table_session, other_consultation, facilitator, citizen):
    foreign = make_proposal(other_consultation, citizen)
    with pytest.raises(NotAllowed) as refused:
        enter_result(table_session, foreign, outcome="keep", by=facilitator)
    assert "otra consulta" in str(refused.value.reason)
    assert table_session.results == []
