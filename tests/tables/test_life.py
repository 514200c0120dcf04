"""From the open room to public minutes: handed in, checked by a second person, sent back, published, amended."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from consulta.accounts.actions import found_institution
from consulta.accounts.models import Person
from consulta.accounts.queries import institution_named
from consulta.core.errors import Conflict, Invalid
from consulta.core.extensions import db
from consulta.core.record import Entry
from consulta.proposals.models import Proposal
from consulta.tables import actions, rules
from consulta.tables.actions import (
    ChangedMeanwhile,
    check_session,
    enter_result,
    note_agenda,
    note_session,
    publish_session,
    return_session,
    set_presence,
    set_result,
    submit_session,
)
from consulta.tables.models import Session
from consulta.tables.queries import (
    check_base,
    count_sessions,
    digest_of,
    find_session,
    heads_of,
    read_session,
    result_on,
    results_on,
    seal_of,
)
from tests.people import make_proposal
from tests.plan.chain import count_queries

SAID_BY_NOBODY = "Palabras que no son públicas"


def recorded(event):
    """Return the entries of the public record of `event`."""
    return db.session.scalars(select(Entry).where(Entry.event == event).order_by(Entry.id)).all()


@pytest.fixture
def room(table_session, facilitator, proposal):
    """An open session with a list of ten and one result."""
    set_presence(table_session, "a", sector="academia", attended=True, heads=10, by=facilitator)
    enter_result(table_session, proposal, outcome="keep", votes_for=6, reasons=SAID_BY_NOBODY, by=facilitator)
    return table_session


@pytest.fixture
def submitted(room, facilitator):
    """A session that was handed in."""
    return submit_session(room, by=facilitator)


@pytest.fixture
def published(submitted, moderator):
    """A session that is public."""
    check_session(submitted, by=moderator)
    return publish_session(submitted, by=moderator)


def test_a_session_walks_through_its_states_and_is_counted_in_each(room, facilitator, moderator, consultation):
    walked = [room.state]
    for step, by in ((submit_session, facilitator), (check_session, moderator), (publish_session, moderator)):
        step(room, by=by)
        walked.append(room.state)
        assert count_sessions(consultation) == {room.state: 1}
    assert walked == ["open", "submitted", "checked", "published"]
    assert (room.submitted_by_uid, room.checked_by_uid) == (facilitator.uid, moderator.uid)


def test_what_it_holds_is_public_from_its_minutes_on_and_not_before(room, proposal, facilitator, moderator):
    for step, by in ((None, None), (submit_session, facilitator), (check_session, moderator)):
        if step:
            step(room, by=by)
        assert (results_on(proposal), heads_of([room]), read_session(room, to=None).results) == ([], {}, [])
        assert seal_of(room, read_session(room, to=None)) == (None, None)
    publish_session(room, by=moderator)
    assert [each.session_id for each in results_on(proposal)] == [room.id]
    assert heads_of([room])[room.id]["academia"].attended == 10
    assert seal_of(room, read_session(room, to=None))[1]


def test_the_record_tells_each_step_and_nothing_that_was_entered(room, facilitator, moderator):
    submit_session(room, by=facilitator)
    return_session(room, note=SAID_BY_NOBODY, by=moderator)
    submit_session(room, by=facilitator)
    check_session(room, by=moderator)
    for event, by, times in (
        ("session.submitted", facilitator, 2),
        ("session.returned", moderator, 1),
        ("session.checked", moderator, 1),
    ):
        entries = recorded(event)
        assert [each.by for each in entries] == [by.uid] * times
        assert all(each.details["title"] == room.title for each in entries)
    whole = " ".join(f"{each.details} {each.reason}" for each in db.session.scalars(select(Entry)))
    assert SAID_BY_NOBODY not in whole


def test_sent_back_it_is_open_again_with_a_note_and_all_that_was_entered(submitted, facilitator, moderator, proposal):
    return_session(submitted, note=" Faltan los votos. ", by=moderator)
    assert (submitted.state, submitted.return_note, submitted.returned_by_uid) == (
        "open",
        "Faltan los votos.",
        moderator.uid,
    )
    assert (submitted.submitted_at, submitted.submitted_by_uid, submitted.checked_at) == (None, None, None)
    set_result(submitted, proposal, votes_against=2, by=facilitator)
    check_session(submit_session(submitted, by=facilitator), by=moderator)
    result = result_on(submitted, proposal)
    assert (result.votes_for, result.votes_against) == (6, 2)


@pytest.mark.parametrize("note", ["", "  ", None, "x" * 4001, "a\x00"])
def test_sending_back_says_why(note, submitted, moderator):
    with pytest.raises(Invalid) as refused:
        return_session(submitted, note=note, by=moderator)
    assert (refused.value.field, submitted.state) == ("note", "submitted")


def test_a_step_taken_twice_or_out_of_turn_is_a_conflict(room, facilitator, moderator):
    def refuses(*steps):
        for step in steps:
            with pytest.raises(Conflict):
                step()

    def check():
        check_session(room, by=moderator)

    def back():
        return_session(room, note="Otra vez.", by=moderator)

    def publish():
        publish_session(room, by=moderator)

    def submit():
        submit_session(room, by=facilitator)

    refuses(check, back, publish)
    submit()
    refuses(submit, publish)
    check()
    refuses(check, submit)
    publish()
    refuses(check, submit, publish, back)


def test_a_checked_session_can_still_be_sent_back_and_is_then_checked_anew(submitted, facilitator, moderator):
    check_session(submitted, by=moderator)
    return_session(submitted, note="Se vio un error.", by=moderator)
    assert (submitted.state, submitted.checked_by_uid) == ("open", None)
    submit_session(submitted, by=facilitator)
    with pytest.raises(Conflict):
        publish_session(submitted, by=moderator)


def test_whoever_checks_is_told_where_it_is_not_what_she_looked_at(submitted, facilitator, moderator, proposal):
    looked_at = check_base(submitted)
    return_session(submitted, note="Mira los votos.", by=facilitator)
    set_result(submitted, proposal, votes_for=7, by=facilitator)
    submit_session(submitted, by=facilitator)
    with pytest.raises(ChangedMeanwhile):
        check_session(submitted, base=looked_at, by=moderator)
    check_session(submitted, base=check_base(submitted), by=moderator)


def test_numbers_that_disagree_are_saved_and_keep_from_handing_in_until_a_note_explains_them(
    room, facilitator, proposal
):
    set_result(room, proposal, votes_for=11, by=facilitator)
    set_presence(room, "b", sector="private", attended=True, heads=1, women=2, by=facilitator)
    note_session(room, declared_heads=13, by=facilitator)
    for place, explain in (
        ("session", lambda: note_session(room, count_note="Dos se fueron.", by=facilitator)),
        ("attendance:b", lambda: set_presence(room, "b", note="Se contó dos veces.", by=facilitator)),
    ):
        with pytest.raises(Invalid) as refused:
            submit_session(room, by=facilitator)
        assert refused.value.field == place
        assert "Anota por qué" in str(refused.value.reason)
        assert room.state == "open"
        explain()
    set_result(room, proposal, votes_for=14, by=facilitator)
    with pytest.raises(Invalid) as refused:
        submit_session(room, by=facilitator)
    assert refused.value.field == f"result:{proposal.code}"
    set_result(room, proposal, count_note="Votó quien llegó tarde.", by=facilitator)
    assert submit_session(room, by=facilitator).state == "submitted"


def test_institutions_are_founded_when_it_is_published_and_the_seal_holds(room, facilitator, moderator):
    for uid, name in (("x", "Junta de Vecinos 7"), ("y", "Universidad Nueva")):
        set_presence(room, uid, sector="civil_society", named=name, attended=True, heads=1, by=facilitator)
    found_institution("Universidad Nueva", "academia", by=None)
    check_session(submit_session(room, by=facilitator), by=moderator)
    assert institution_named("Junta de Vecinos 7") is None
    publish_session(room, by=moderator)
    assert institution_named("Junta de Vecinos 7").sector == "civil_society"
    assert {each.named for each in room.attendances} == {None}
    assert seal_of(room, read_session(room, to=None))[1]


def test_the_hands_are_all_who_entered_something_each_once(room, facilitator, second_facilitator, proposal):
    for person in (second_facilitator, facilitator, second_facilitator):
        set_result(room, proposal, dots=1, by=person)
    assert room.hands == [facilitator.uid, second_facilitator.uid]


def test_the_database_itself_lets_nobody_check_their_own(submitted, facilitator):
    for change in (
        f"checked_at = submitted_at, checked_by_uid = '{facilitator.uid}'",
        "published_at = submitted_at",
        "submitted_at = NULL, submitted_by_uid = NULL, checked_at = opened_at, checked_by_uid = 'x'",
        "returned_at = opened_at",
    ):
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.execute(text(f"UPDATE sessions SET {change}"))


def test_what_is_public_is_amended_field_by_field(published, moderator, proposal):
    note = {"development": "Se dijo.", "title": "Varios"}
    set_result(published, proposal, votes_for=8, late=True, by=moderator)
    set_presence(published, "a", heads=9, late=True, by=moderator)
    set_presence(published, "new", sector="private", named="Cámara Nueva", late=True, by=moderator)
    note_session(
        published, place="Otra", objective="Otro", started="10:00", next_on="2027-01-05", late=True, by=moderator
    )
    note_agenda(published, "added", **note, late=True, by=moderator)
    assert (result_on(published, proposal).votes_for, result_on(published, proposal).outcome) == (8, "keep")
    assert {each.uid: (each.heads, each.name) for each in published.attendances} == {
        "a": (9, None),
        "new": (None, "Cámara Nueva"),
    }
    assert institution_named("Cámara Nueva") is not None
    assert (published.place, published.objective, published.next_meeting) == ("Otra", "Otro", "dated")
    assert published.agenda[0]["development"] == "Se dijo."
    for name in ("title", "agenda", "published_at", "hands", "is_pooled"):
        with pytest.raises(Invalid):
            note_session(published, **{name: None}, late=True, by=moderator)


def at_once(app, session, proposal, *acts):
    """Let each of `acts` (function of session, proposal and by; its actor) run at once; returns which were taken."""
    ids, start = (session.id, proposal.id), Barrier(len(acts))
    acts = [(act, by.id) for act, by in acts]
    # Whoever asks afterwards sees what the others left, not what was there before.
    db.session.rollback()

    def run(job):
        act, who = job
        with app.app_context():
            rows = db.session.get(Session, ids[0]), db.session.get(Proposal, ids[1]), db.session.get(Person, who)
            start.wait()
            try:
                act(*rows)
            except Conflict:
                return False
            return True

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def check(session, proposal, by):
    """One of several who check."""
    check_session(session, by=by)


def test_of_several_who_check_at_once_one_is_taken_and_the_others_told(
    app, submitted, proposal, moderator, second_facilitator
):
    acts = [(check, each) for each in (moderator, second_facilitator) * 3]
    assert at_once(app, submitted, proposal, *acts).count(True) == 1
    assert len(recorded("session.checked")) == 1


def test_without_the_lock_several_would_check_at_once(
    app, submitted, proposal, moderator, second_facilitator, monkeypatch
):
    def look_slowly(session):
        found = why_not_confirm(session)
        time.sleep(0.2)
        return found

    why_not_confirm = rules.why_not_confirm
    monkeypatch.setattr(actions, "lock", lambda *rows: list(rows))
    monkeypatch.setattr(rules, "why_not_confirm", look_slowly)
    taken = at_once(app, submitted, proposal, (check, moderator), (check, second_facilitator)).count(True)
    # SQLite lets one writer in at a time anyway.
    assert (taken > 1) == (db.engine.dialect.name == "postgresql")


def submit(session, proposal, by):
    """Hand it in."""
    submit_session(session, by=by)


def enter(session, proposal, by):
    """Enter something more."""
    enter_result(session, proposal, outcome="refer", by=by)


def test_what_is_entered_while_it_is_handed_in_is_sealed_or_refused(
    app, room, proposal, facilitator, second_facilitator
):
    for _round in range(4):
        acts = [(enter, second_facilitator), (submit, facilitator), (enter, facilitator)]
        assert at_once(app, room, proposal, *acts)[1]
        assert recorded("session.submitted")[-1].details["digest"] == digest_of(room)
        return_session(room, note="De nuevo.", by=facilitator)
        set_result(room, proposal, outcome="keep", by=facilitator)


def test_without_the_lock_something_would_be_entered_after_the_seal(
    app, room, proposal, facilitator, second_facilitator, monkeypatch
):
    looked, handed_in = Event(), Event()

    def look_then_wait(session):
        found = why_not_enter(session)
        if not looked.is_set():
            looked.set()
            handed_in.wait(1)
        return found

    def hand_in_meanwhile(session, proposal, by):
        looked.wait(5)
        submit(session, proposal, by)
        handed_in.set()

    why_not_enter = rules.why_not_enter
    monkeypatch.setattr(actions, "lock", lambda *rows: list(rows))
    monkeypatch.setattr(rules, "why_not_enter", look_then_wait)
    taken = at_once(app, room, proposal, (enter, second_facilitator), (hand_in_meanwhile, facilitator))
    broken = all(taken) and recorded("session.submitted")[-1].details["digest"] != digest_of(room)
    # SQLite lets one writer in at a time anyway.
    assert broken == (db.engine.dialect.name == "postgresql")


def test_of_publishing_and_sending_back_at_once_one_is_taken(app, submitted, proposal, moderator, facilitator):
    def publish(session, proposal, by):
        publish_session(session, by=by)

    def send_back(session, proposal, by):
        return_session(session, note="Espera.", by=by)

    for _round in range(3):
        check_session(submitted, by=moderator)
        assert at_once(app, submitted, proposal, (publish, moderator), (send_back, moderator)).count(True) == 1
        if submitted.state == "published":
            break
        assert submitted.state == "open"
        submit_session(submitted, by=facilitator)


def test_of_submitting_and_sending_back_at_once_the_session_ends_as_the_last_of_both_left_it(
    app, submitted, proposal, moderator, facilitator
):
    def send_back(session, proposal, by):
        return_session(session, note="Espera.", by=by)

    for _round in range(3):
        returned, again = at_once(app, submitted, proposal, (send_back, moderator), (submit, facilitator))
        assert returned
        assert submitted.state == ("submitted" if again else "open")
        if not again:
            submit_session(submitted, by=facilitator)


def test_handing_in_and_reading_a_table_costs_the_same_for_sixty_proposals_as_for_one(
    room, facilitator, moderator, consultation
):
    def hand_in_and_read():
        submit_session(room, by=facilitator)
        assert read_session(find_session(room.id, to=moderator), to=moderator).why_not is None

    few = count_queries(hand_in_and_read)
    return_session(room, note="Faltan.", by=moderator)
    for number in range(20):
        made = make_proposal(consultation, facilitator, title=f"Propuesta número {number}")
        set_result(room, made, outcome="keep", votes_for=number % 10, by=facilitator)
    assert count_queries(hand_in_and_read) <= few + 1
