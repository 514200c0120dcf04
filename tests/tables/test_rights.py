"""Who may do what in a session: role × state, on both databases."""

from datetime import timedelta

import pytest

from consulta.consultations.actions import appoint, end_appointment, suspend_consultation
from consulta.consultations.queries import appointments_of
from consulta.core.clock import frozen
from consulta.core.errors import Conflict, NotAllowed
from consulta.tables.actions import (
    add_room_proposal,
    check_session,
    convene_session,
    enter_result,
    found_table,
    note_agenda,
    note_attendance,
    note_minutes,
    note_session,
    open_session,
    publish_session,
    return_session,
    set_presence,
    set_result,
    submit_session,
    take_entry,
)
from consulta.tables.queries import read_session, sessions_for, sessions_to_check, sessions_to_publish
from consulta.tables.rules import (
    why_not_check,
    why_not_correct,
    why_not_facilitate,
    why_not_make_code,
    why_not_publish,
    why_not_read,
    why_not_return,
)
from tests.people import make_consultation, make_proposal

NOBODY, CITIZEN, ADMIN, MODERATOR, OTHER_MODERATOR, OWN, SECOND, OTHER = (
    None,
    "citizen",
    "administrator",
    "moderator",
    "other_moderator",
    "facilitator",
    "second_facilitator",
    "other_facilitator",
)
EVERYBODY = (NOBODY, CITIZEN, ADMIN, MODERATOR, OTHER_MODERATOR, OWN, SECOND, OTHER)

# table's kind -> who may enter what happened there.
FACILITATES = {
    "regional": {OWN, SECOND},  # only whoever is appointed for its region; not even the moderators
    "thematic": {MODERATOR},  # no region: those who moderate the consultation
    "round": {MODERATOR},
    "forum": {MODERATOR},
}
# Who reads a regional session before its minutes are published; afterwards everybody does.
READS_BEFORE = {OWN, SECOND, MODERATOR}
# Who founds tables and convenes their sessions.
CONVENES = {MODERATOR}
# Who confirms a regional session that OWN handed in: somebody of the table or a moderator, and never herself.
CHECKS = {SECOND, MODERATOR}
# Who sends it back: she as well, nobody confirms anything by that. Once it is checked, those who moderate.
RETURNS, RETURNS_CHECKED = {OWN, SECOND, MODERATOR}, {MODERATOR}
# Who makes a checked session public.
PUBLISHES = {MODERATOR}
# Who corrects, with a reason, what is public; who makes and ends codes.
CORRECTS = MAKES_CODES = {OWN, SECOND, MODERATOR}

ACTS = {
    "open": lambda session, proposal, by: open_session(session, by=by),
    "attendance": lambda session, proposal, by: note_attendance(session, [PRESENT], by=by),
    "presence": lambda session, proposal, by: set_presence(session, "line", **PRESENT, by=by),
    "minutes": lambda session, proposal, by: note_minutes(session, statements=["x"], notes="", by=by),
    "facts": lambda session, proposal, by: note_session(session, prepared_by="Secretaría", by=by),
    "agenda": lambda session, proposal, by: note_agenda(session, "new", title="Varios", by=by),
    "result": lambda session, proposal, by: enter_result(session, proposal, outcome="keep", by=by),
    "field": lambda session, proposal, by: set_result(session, proposal, votes_for=2, by=by),
    "proposal": lambda session, proposal, by: add_room_proposal(session, title="De la sala", body="Sí.", by=by),
    "later_domain": lambda session, proposal, by: take_entry(session, by=by),
    "submit": lambda session, proposal, by: submit_session(session, by=by),
}
# What a session takes in; opening and handing in are steps of its own life.
ENTERS = [act for act in ACTS if act not in ("open", "submit")]
PRESENT = {"sector": "academia", "institution": None, "attended": True, "heads": 3}
AMENDS = {
    "result": lambda session, proposal, by: set_result(session, proposal, outcome="refer", late=True, by=by),
    "presence": lambda session, proposal, by: set_presence(session, "line", **PRESENT, late=True, by=by),
    "session": lambda session, proposal, by: note_session(session, place="Otra sala", late=True, by=by),
    "agenda": lambda session, proposal, by: note_agenda(session, "new", title="Varios", late=True, by=by),
}


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
@pytest.mark.parametrize(
    ("steps", "why"), [(0, "otra persona la revisa"), (1, "otra persona la revisa"), (2, "ya es pública")]
)
def test_after_handing_in_nothing_can_be_changed_and_the_reason_says_so(
    act, steps, why, table_session, proposal, facilitator, moderator
):
    submit_session(table_session, by=facilitator)
    for step in (check_session, publish_session)[:steps]:
        step(table_session, by=moderator)
    with pytest.raises(Conflict) as refused:
        ACTS[act](table_session, proposal, facilitator)
    assert why in str(refused.value.reason)


@pytest.mark.parametrize("act", [act for act in ACTS if act != "open"])
def test_before_opening_nothing_can_be_entered(act, table, moderator, proposal, facilitator):
    session = convene_session(table, title="Segunda", by=moderator)
    with pytest.raises(Conflict) as refused:
        ACTS[act](session, proposal, facilitator)
    assert "Ábrela antes" in str(refused.value.reason)


@pytest.mark.parametrize("act", ["open", *ENTERS])
def test_once_the_phase_has_closed_nothing_can_be_entered(act, table_session, proposal, facilitator, consultation):
    with frozen(max(phase.closes_at for phase in consultation.phases)), pytest.raises(Conflict) as refused:
        ACTS[act](table_session, proposal, facilitator)
    assert "Ya no se puede" in str(refused.value.reason)


def test_what_was_entered_in_time_is_handed_in_after_the_phase_as_well(table_session, facilitator, consultation):
    note_session(table_session, declared_heads=9, by=facilitator)
    set_presence(table_session, "line", **PRESENT, by=facilitator)
    with frozen(max(phase.closes_at for phase in consultation.phases)):
        # Nobody could write the note any more that 9 are not 3: whoever checks sees it.
        submit_session(table_session, by=facilitator)
    assert table_session.state == "submitted"


@pytest.mark.parametrize("act", ENTERS)
def test_what_was_sent_back_is_completed_after_the_phase_as_well(
    act, table_session, proposal, facilitator, moderator, consultation
):
    submit_session(table_session, by=facilitator)
    with frozen(max(phase.closes_at for phase in consultation.phases)):
        return_session(table_session, note="Faltan los votos.", by=moderator)
        ACTS[act](table_session, proposal, facilitator)


@pytest.mark.parametrize("act", ACTS)
def test_the_last_instant_before_the_close_still_counts(act, table_session, proposal, facilitator, consultation):
    closes = next(phase.closes_at for phase in consultation.phases if phase.kind == "tables")
    with frozen(closes - timedelta(microseconds=1)):
        ACTS[act](table_session, proposal, facilitator)


@pytest.mark.parametrize("kind", ["forum", "round"])
@pytest.mark.parametrize("act", ACTS)
def test_what_meets_outside_of_a_process_needs_no_phase(kind, act, consultation, moderator, proposal):
    table = found_table(consultation, title="Foro", kind=kind, by=moderator)
    session = convene_session(table, title="Reunión", by=moderator)
    with frozen(max(phase.closes_at for phase in consultation.phases) + timedelta(days=900)):
        open_session(session, by=moderator)
        ACTS[act](session, proposal, moderator)


@pytest.mark.parametrize("kind", ["forum", "round"])
def test_but_nothing_moves_while_the_consultation_is_suspended(kind, consultation, moderator, administrator):
    table = found_table(consultation, title="Foro", kind=kind, by=moderator)
    session = open_session(convene_session(table, title="Reunión", by=moderator), by=moderator)
    suspend_consultation(consultation, reason="Se revisa el proceso.", by=administrator)
    for act in (open_session, submit_session, note_session):
        with pytest.raises(Conflict) as refused:
            act(session, by=moderator)
        assert "suspendida" in str(refused.value.reason)


def test_nor_before_it_is_announced(administrator, territories):
    draft = make_consultation(administrator, announced=False)
    appoint(administrator, "moderator", draft, by=administrator)
    table = found_table(draft, title="Foro", kind="forum", by=administrator)
    session = convene_session(table, title="Reunión", by=administrator)
    with pytest.raises(Conflict) as refused:
        open_session(session, by=administrator)
    assert "todavía no se anuncia" in str(refused.value.reason)


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


def test_what_was_entered_is_read_by_few_before_it_is_public_and_by_all_after(
    everybody, table_session, facilitator, moderator, proposal
):
    enter_result(table_session, proposal, outcome="keep", by=facilitator)
    note_minutes(table_session, statements=["Secreto"], notes="Secreta", by=facilitator)
    note_agenda(table_session, "said", title="Un título", development="Secreto", by=facilitator)
    for step, by in ((submit_session, facilitator), (check_session, moderator), (None, None)):
        assert {role for role, who in everybody.items() if why_not_read(who, table_session) is None} == READS_BEFORE
        for role, who in everybody.items():
            reading = read_session(table_session, to=who)
            shown = {bool(reading.results), bool(reading.statements), bool(reading.notes), bool(reading.agenda)}
            assert shown == {role in READS_BEFORE}
        if step:
            step(table_session, by=by)
    publish_session(table_session, by=moderator)
    assert all(why_not_read(who, table_session) is None for who in everybody.values())
    assert read_session(table_session, to=None).agenda[0]["development"] == "Secreto"


def test_a_programme_is_public_from_the_start_and_what_was_said_under_it_is_not(table, moderator):
    session = convene_session(
        table, title="Segunda", agenda=[{"title": "Bienvenida", "development": "x"}], by=moderator
    )
    (item,) = read_session(session, to=None).agenda
    assert (item["title"], item["development"]) == ("Bienvenida", None)


def test_a_second_person_checks_a_moderator_publishes_and_each_who_takes_part_sends_back_or_corrects(
    everybody, table_session, facilitator, moderator
):
    def those(rule):
        return {role for role, who in everybody.items() if rule(who, table_session) is None}

    assert (those(why_not_check), those(why_not_publish)) == (set(), set())
    assert (those(why_not_correct), those(why_not_make_code)) == (set(), MAKES_CODES)
    submit_session(table_session, by=facilitator)
    assert (those(why_not_check), those(why_not_return), those(why_not_publish)) == (CHECKS, RETURNS, set())
    assert (those(why_not_correct), those(why_not_make_code)) == (set(), set())
    for role in everybody.keys() - CHECKS - {NOBODY}:
        with pytest.raises(NotAllowed):
            check_session(table_session, by=everybody[role])
    for role in everybody.keys() - RETURNS - {NOBODY}:
        with pytest.raises(NotAllowed):
            return_session(table_session, note="No.", by=everybody[role])
    check_session(table_session, by=moderator)
    assert (those(why_not_check), those(why_not_return), those(why_not_publish)) == (set(), RETURNS_CHECKED, PUBLISHES)
    for role in everybody.keys() - PUBLISHES - {NOBODY}:
        with pytest.raises(NotAllowed):
            publish_session(table_session, by=everybody[role])
    publish_session(table_session, by=moderator)
    assert (those(why_not_check), those(why_not_publish), those(why_not_correct)) == (set(), set(), CORRECTS)


@pytest.mark.parametrize("act", ENTERS)
def test_nobody_confirms_what_she_had_a_hand_in(act, table_session, proposal, facilitator, second_facilitator):
    ACTS[act](table_session, proposal, second_facilitator)
    submit_session(table_session, by=facilitator)
    for person in (facilitator, second_facilitator):
        with pytest.raises(NotAllowed) as refused:
            check_session(table_session, by=person)
        assert "nadie confirma lo propio" in str(refused.value.reason)
    assert table_session.state == "submitted"


def test_opening_a_session_is_no_hand_in_what_was_entered(table, moderator, facilitator, second_facilitator):
    session = convene_session(table, title="Segunda", by=moderator)
    open_session(session, by=second_facilitator)
    submit_session(session, by=facilitator)
    check_session(session, by=second_facilitator)
    assert (session.hands, session.checked_by_uid) == ([facilitator.uid], second_facilitator.uid)


def test_having_sent_it_back_one_may_check_it_the_next_time(table_session, facilitator, moderator):
    for _round in range(2):
        submit_session(table_session, by=facilitator)
        return_session(table_session, note="Otra vez.", by=moderator)
    check_session(submit_session(table_session, by=facilitator), by=moderator)


@pytest.mark.parametrize("act", AMENDS)
def test_what_is_public_is_amended_by_those_who_take_part(act, everybody, table_session, proposal, moderator):
    submit_session(table_session, by=everybody[OWN])
    check_session(table_session, by=moderator)
    publish_session(table_session, by=moderator)
    for role in everybody.keys() - CORRECTS - {NOBODY}:
        with pytest.raises(NotAllowed):
            AMENDS[act](table_session, proposal, everybody[role])
    for role in CORRECTS:
        AMENDS[act](table_session, proposal, everybody[role])


@pytest.mark.parametrize("act", AMENDS)
def test_what_waits_for_a_second_person_is_not_amended_by_anybody(act, everybody, table_session, proposal):
    submit_session(table_session, by=everybody[OWN])
    for role in everybody.keys() - {NOBODY}:
        with pytest.raises(NotAllowed) as refused:
            AMENDS[act](table_session, proposal, everybody[role])
        assert "Devuélvela primero" in str(refused.value.reason)


@pytest.mark.parametrize("act", AMENDS)
def test_what_came_late_is_admitted_by_those_who_moderate(act, everybody, table_session, proposal, consultation):
    with frozen(max(phase.closes_at for phase in consultation.phases)):
        for role in everybody.keys() - {MODERATOR, NOBODY}:
            with pytest.raises(NotAllowed):
                AMENDS[act](table_session, proposal, everybody[role])
        AMENDS[act](table_session, proposal, everybody[MODERATOR])
    assert everybody[MODERATOR].uid in table_session.hands


def test_each_is_listed_what_she_may_check_or_publish(everybody, table_session, consultation, moderator):
    def listed(query):
        return {role for role, who in everybody.items() if query(who, consultation)}

    assert listed(sessions_to_check) == listed(sessions_to_publish) == set()
    set_presence(table_session, "line", **PRESENT, by=everybody[SECOND])
    submit_session(table_session, by=everybody[OWN])
    assert (listed(sessions_to_check), listed(sessions_to_publish)) == ({MODERATOR}, set())
    check_session(table_session, by=moderator)
    assert (listed(sessions_to_check), listed(sessions_to_publish)) == (set(), PUBLISHES)
    publish_session(table_session, by=moderator)
    assert listed(sessions_to_check) == listed(sessions_to_publish) == set()


def test_each_is_listed_her_own_sessions(everybody, table_session, consultation, moderator):
    thematic = convene_session(
        found_table(consultation, title="T", kind="round", by=moderator), title="S", by=moderator
    )
    own = {role: [each.id for each in sessions_for(who, consultation)] for role, who in everybody.items()}
    regional = dict.fromkeys((OWN, SECOND), [table_session.id])
    expected = dict.fromkeys(EVERYBODY, []) | regional | {MODERATOR: [thematic.id]}
    assert own == expected


def test_a_proposal_of_another_consultation_is_refused(table_session, other_consultation, facilitator, citizen):
    foreign = make_proposal(other_consultation, citizen)
    with pytest.raises(NotAllowed) as refused:
        enter_result(table_session, foreign, outcome="keep", by=facilitator)
    assert "otra consulta" in str(refused.value.reason)
    assert table_session.results == []
