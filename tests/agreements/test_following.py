"""How agreements go on: between sessions, in later ones, put off, overdue, corrected."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from consulta.agreements.actions import (
    form_subgroup,
    move_agreement,
    note_agreement,
    publish_agreements,
    unsay_move,
)
from consulta.agreements.models import Agreement, AgreementStep
from consulta.agreements.queries import (
    STANDINGS,
    agreements_of,
    agreements_of_table,
    count_agreements,
    find_agreement,
    open_before,
    page_of_agreements,
    read_agreements,
    steps_of,
    tables_with_agreements,
    today_in,
)
from consulta.agreements.rules import is_overdue, standing_of, why_not_move
from consulta.consultations.actions import suspend_consultation
from consulta.core.clock import frozen, now
from consulta.core.errors import Conflict, Invalid, NotAllowed, NotFound
from consulta.core.extensions import db
from consulta.core.record import Entry
from consulta.minutes.actions import correct, publish_minutes
from consulta.tables.actions import (
    ChangedMeanwhile,
    check_session,
    convene_session,
    found_table,
    make_code,
    open_session,
    submit_session,
)
from tests.faults.at_once import at_once
from tests.forum.a_forum import held_session, publish

CALENDAR = {"text": "Proponer un calendario", "owner": "Secretaría de actas", "due_on": "2026-05-01"}


@pytest.fixture
def forum(consultation, moderator):
    """A standing table that moderators facilitate."""
    return found_table(consultation, title="Mesa de Gobierno Abierto", kind="forum", by=moderator)


@pytest.fixture
def held(forum, moderator):
    """A published session of the forum with one task."""
    return held_session(forum, moderator, {"calendario": CALENDAR})


@pytest.fixture
def task(held):
    """The task that the published session took."""
    return agreements_of(held)[0]


@pytest.fixture
def later(forum, held, moderator):
    """A later session of the forum, open."""
    session = convene_session(forum, title="Segunda reunión", by=moderator)
    open_session(session, by=moderator)
    return session


def recorded(event):
    """Return (subject, body, reason, details) of the record's entries of `event`, earliest first."""
    entries = db.session.query(Entry).filter_by(event=event).order_by(Entry.id)
    return [(each.subject, each.body, each.reason, each.details) for each in entries]


def test_what_a_session_took_is_recorded_when_it_is_published_and_not_before(forum, moderator):
    session = convene_session(forum, title="Reunión", by=moderator)
    open_session(session, by=moderator)
    note_agreement(session, "uno", **CALENDAR, by=moderator)
    form_subgroup(forum, title="Subgrupo", session=session, by=moderator)
    assert recorded("agreement.taken") == recorded("subgroup.formed") == []
    with pytest.raises(Conflict):
        publish_agreements(session, by=moderator)
    publish(session, moderator)
    agreement = db.session.query(Agreement).one()
    details = {"kind": "task", "position": 1, "due_on": "2026-05-01"}
    assert recorded("agreement.taken") == [(f"agreements:{agreement.id}", f"sessions:{session.id}", None, details)]
    assert recorded("subgroup.formed")[0][3] == {"title": "Subgrupo", "members": 0}


def test_between_sessions_whoever_follows_it_says_how_it_goes_and_it_is_public_at_once(held, task, moderator):
    move_agreement(task, state="under_way", note="Hay un borrador.", due_on=date(2026, 9, 1), by=moderator)
    assert (task.state, task.due, task.due_on) == ("under_way", date(2026, 9, 1), date(2026, 5, 1))
    step = move_agreement(task, state="done", by=moderator)
    assert steps_of(task)[-1] == step and step.by_uid == moderator.uid
    assert [(reason, details["state"]) for _s, _b, reason, details in recorded("agreement.moved")] == [
        ("Hay un borrador.", "under_way"),
        (None, "done"),
    ]


def test_what_an_open_session_says_of_an_earlier_agreement_holds_once_it_is_published(task, later, moderator):
    move_agreement(task, state="under_way", session=later, note="Primera versión.", by=moderator)
    said = move_agreement(task, state="done", session=later, note="Se entregó.", by=moderator)
    assert db.session.query(AgreementStep).count() == 1, "one session says one thing of one agreement"
    assert (task.state, said.holds_at, steps_of(task), recorded("agreement.moved")) == ("agreed", None, [], [])
    publish(later, moderator)
    assert (task.state, steps_of(task)) == ("done", [said])
    (moved,) = recorded("agreement.moved")
    assert moved[1:] == (f"sessions:{later.id}", "Se entregó.", {"state": "done", "due_on": None})


def test_what_was_said_after_a_session_stays_when_that_session_is_published(task, later, moderator):
    move_agreement(task, state="under_way", session=later, by=moderator)
    move_agreement(task, state="done", note="Se entregó después.", by=moderator)
    publish(later, moderator)
    assert task.state == "done"
    assert [each.state for each in steps_of(task)] == ["under_way", "done"]


def test_what_an_open_session_said_can_be_taken_back(task, later, moderator):
    move_agreement(task, state="done", session=later, by=moderator)
    unsay_move(task, later, by=moderator)
    unsay_move(task, later, by=moderator)
    assert db.session.query(AgreementStep).count() == 0
    publish(later, moderator)
    assert task.state == "agreed"


def test_the_next_session_begins_with_what_waits_is_overdue_or_was_put_off_to_it(forum, moderator, consultation):
    first = held_session(
        forum,
        moderator,
        {
            "hecho": {"text": "hecho"},
            "abierto": {"text": "abierto"},
            "vencido": {"text": "vencido", "due_on": "2020-01-01"},
            "en-curso": {"text": "en curso"},
            "regla": {"text": "regla", "kind": "rule"},
            "regla-con-plazo": {"text": "regla con plazo", "kind": "rule", "due_on": "2027-01-01"},
            "para-despues": {"text": "para después", "kind": "deferral"},
            "a-la-segunda": {"text": "a la segunda"},
            "a-la-tercera": {"text": "a la tercera"},
            "a-alguna": {"text": "a alguna"},
        },
    )
    second, third = (convene_session(forum, title=title, by=moderator) for title in ("Segunda", "Tercera"))
    of = {each.text: each for each in agreements_of(first)}
    move_agreement(of["hecho"], state="done", by=moderator)
    move_agreement(of["en curso"], state="under_way", by=moderator)
    move_agreement(of["a la segunda"], state="deferred", deferred_to=second, by=moderator)
    move_agreement(of["a la tercera"], state="deferred", deferred_to=third, by=moderator)
    move_agreement(of["a alguna"], state="deferred", by=moderator)

    def begins_with(session):
        return [each.agreement.text for each in open_before(session)]

    always = ["abierto", "vencido", "en curso", "regla con plazo", "para después"]
    assert begins_with(first) == []
    assert begins_with(second) == [*always, "a la segunda", "a alguna"]
    assert begins_with(third) == [*always, "a la segunda", "a la tercera", "a alguna"]
    assert standing_of(of["vencido"], today_in(consultation)) == "overdue"
    open_session(second, by=moderator)
    move_agreement(of["abierto"], state="done", session=second, by=moderator)
    assert "abierto" in begins_with(second), "what this session said of it can still be changed"


def test_a_table_begins_with_its_own_agreements_alone_and_only_with_public_ones(
    forum, held, later, consultation, moderator
):
    other = convene_session(
        found_table(consultation, title="O", kind="thematic", by=moderator), title="S", by=moderator
    )
    assert open_before(other) == []
    note_agreement(later, "secreto", text="secreto", by=moderator)
    third = convene_session(forum, title="Tercera", by=moderator)
    assert [each.agreement.text for each in open_before(third)] == ["Proponer un calendario"]


def test_a_visitor_sees_what_a_session_begins_with_and_not_what_it_says_of_it(task, later, moderator, citizen):
    move_agreement(task, state="done", session=later, note="secreto", by=moderator)
    assert read_agreements(later, to=moderator).before[0].step.note == "secreto"
    for outsider in (None, citizen):
        (open_one,) = read_agreements(later, to=outsider).before
        assert (open_one.agreement.state, open_one.step) == ("agreed", None)
    move_agreement(task, state="done", note="Se supo.", by=moderator)
    assert read_agreements(later, to=None).before == []
    assert len(read_agreements(later, to=moderator).before) == 1


def test_once_published_a_session_tells_what_it_said_of_earlier_agreements(task, later, moderator):
    move_agreement(task, state="done", session=later, note="Se entregó.", by=moderator)
    publish(later, moderator)
    reading = read_agreements(later, to=None)
    assert ([each.note for each in reading.said], reading.before) == (["Se entregó."], [])


@pytest.mark.parametrize(
    ("due_on", "state", "overdue"),
    [
        (None, "agreed", False),
        (date(2026, 5, 1), "agreed", False),
        (date(2026, 4, 30), "agreed", True),
        (date(2026, 4, 30), "under_way", True),
        (date(2026, 4, 30), "done", False),
        (date(2026, 4, 30), "deferred", False),
    ],
)
def test_overdue_is_what_waits_after_the_end_of_its_day(due_on, state, overdue):
    agreement = Agreement(due_on=due_on, state=state, kind="task")
    assert is_overdue(agreement, date(2026, 5, 1)) is overdue


def test_a_day_ends_where_the_consultation_is_held(consultation):
    with frozen(now().replace(month=5, day=2, hour=2)):  # 22:00 of the first in Santiago
        assert today_in(consultation).day == 1


def test_a_new_due_date_leaves_the_one_of_the_minutes_and_is_overdue_in_turn(task, moderator):
    move_agreement(task, state="under_way", due_on="2027-01-10", by=moderator)
    assert is_overdue(task, date(2027, 1, 11)) and not is_overdue(task, date(2027, 1, 10))
    move_agreement(task, state="under_way", by=moderator)
    assert task.due == date(2027, 1, 10), "no new date is no change"


def test_the_public_list_counts_each_agreement_once_by_how_it_stands(forum, moderator, consultation):
    session = held_session(
        forum,
        moderator,
        {
            "a": {"text": "a", "owner": "Red Académica"},
            "b": {"text": "b", "owner": "Red Académica", "due_on": "2020-01-01"},
            "c": {"text": "c", "owner": "CEPAL"},
            "d": {"text": "d", "kind": "rule"},
            "e": {"text": "e", "kind": "rule", "due_on": "2020-01-01"},
            "f": {"text": "f"},
        },
    )
    of = {each.text: each for each in agreements_of(session)}
    move_agreement(of["c"], state="done", by=moderator)
    move_agreement(of["f"], state="deferred", by=moderator)
    counts = {"agreed": 1, "under_way": 0, "overdue": 2, "deferred": 1, "in_force": 1, "done": 1}
    assert count_agreements(consultation) == counts
    today = today_in(consultation)
    for standing in STANDINGS:
        page = page_of_agreements(consultation, standing=standing)
        assert len(page.rows) == counts[standing]
        assert {standing_of(each, today) for each in page.rows} <= {standing}
    assert [each.text for each in page_of_agreements(consultation, owner="red academica").rows] == ["b", "a"]
    assert sum(count_agreements(consultation, owner="ACADÉMICA").values()) == 2
    assert page_of_agreements(consultation, owner="nadie").rows == []
    assert page_of_agreements(consultation, table=forum.id + 1).rows == []
    assert tables_with_agreements(consultation) == [(forum.id, forum.title)]
    assert [each.text for each in agreements_of_table(forum)] == list("abcdef")


def test_the_list_goes_on_by_key(forum, moderator, consultation):
    held_session(forum, moderator, {f"u{n}": {"text": str(n)} for n in range(5)})
    first = page_of_agreements(consultation, size=2)
    second = page_of_agreements(consultation, size=2, after=first.next_key)
    third = page_of_agreements(consultation, size=2, after=second.next_key)
    assert [[each.text for each in page.rows] for page in (first, second, third)] == [["4", "3"], ["2", "1"], ["0"]]
    assert third.next_key is None


def test_agreements_of_unpublished_sessions_are_in_no_list_and_at_no_address(
    table_session, facilitator, consultation, citizen, moderator
):
    secret = note_agreement(table_session, "s", text="secreto", by=facilitator)
    assert sum(count_agreements(consultation).values()) == 0
    assert page_of_agreements(consultation).rows == [] == tables_with_agreements(consultation)
    for outsider in (None, citizen):
        with pytest.raises(NotFound):
            find_agreement(secret.id, to=outsider)
    assert find_agreement(secret.id, to=moderator) == secret
    for number in (0, -1, 10**30, secret.id + 1):
        with pytest.raises(NotFound):
            find_agreement(number, to=moderator)


# role -> may say how an agreement of a regional session goes on, between sessions
FOLLOWS = {
    None: False,
    "citizen": False,
    "administrator": False,
    "other_moderator": False,
    "other_facilitator": False,
    "facilitator": True,
    "moderator": True,
}


@pytest.mark.parametrize("published", [False, True])
@pytest.mark.parametrize("role", FOLLOWS)
def test_only_its_facilitator_and_the_moderators_follow_a_published_agreement(
    request, role, published, table_session, facilitator, moderator
):
    agreement = note_agreement(table_session, "s", text="x", by=facilitator)
    code, _plain = make_code(table_session, label="Teléfono", hours=72, by=facilitator)
    if published:
        submit_session(table_session, by=facilitator)
        publish_checked(table_session, moderator)
    person = request.getfixturevalue(role) if role else None
    assert (why_not_move(person, agreement) is None) is (published and FOLLOWS[role])
    assert why_not_move(code, agreement) is not None
    if person is not None and not (published and FOLLOWS[role]):
        with pytest.raises(NotAllowed):
            move_agreement(agreement, state="done", by=person)


def publish_checked(session, by):
    """Check and publish a session that was handed in."""
    check_session(session, by=None)
    publish_minutes(session, by=by)


def test_in_a_later_session_whoever_enters_there_says_how_it_goes(
    table, table_session, facilitator, other_facilitator, moderator, citizen
):
    agreement = note_agreement(table_session, "s", text="x", by=facilitator)
    submit_session(table_session, by=facilitator)
    publish_checked(table_session, moderator)
    later = convene_session(table, title="Segunda", by=moderator)
    with pytest.raises(Conflict):
        move_agreement(agreement, state="done", session=later, by=facilitator)
    open_session(later, by=facilitator)
    code, _plain = make_code(later, label="Teléfono", hours=2, by=facilitator)
    for stranger in (other_facilitator, moderator, citizen):
        with pytest.raises(NotAllowed):
            move_agreement(agreement, state="done", session=later, by=stranger)
    move_agreement(agreement, state="done", session=later, by=code)
    assert code.uid in later.hands


def test_a_session_reviews_earlier_public_agreements_of_its_own_table_alone(
    forum, held, task, later, consultation, moderator
):
    own = note_agreement(later, "propio", text="propio", by=moderator)
    third = convene_session(forum, title="Tercera", by=moderator)
    open_session(third, by=moderator)
    other = convene_session(found_table(consultation, title="O", kind="round", by=moderator), title="S", by=moderator)
    open_session(other, by=moderator)
    for agreement, session in ((own, later), (own, third), (task, other)):
        with pytest.raises(Conflict):
            move_agreement(agreement, state="done", session=session, by=moderator)


def test_it_is_put_off_to_a_later_session_of_its_own_table(forum, held, task, later, consultation, moderator):
    third = convene_session(forum, title="Tercera", by=moderator)
    other = convene_session(found_table(consultation, title="O", kind="round", by=moderator), title="S", by=moderator)
    for wrong in (held, other):
        with pytest.raises(Invalid) as refused:
            move_agreement(task, state="deferred", deferred_to=wrong, by=moderator)
        assert refused.value.field == "deferred_to"
    with pytest.raises(Invalid):
        move_agreement(task, state="deferred", deferred_to=later, session=later, by=moderator)
    with pytest.raises(Invalid):
        move_agreement(task, state="done", deferred_to=third, by=moderator)
    move_agreement(task, state="deferred", deferred_to=third, by=moderator)
    assert task.deferred_to == third
    move_agreement(task, state="under_way", by=moderator)
    assert task.deferred_to is None


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"state": "lost"}, "state"),
        ({"state": ["done"]}, "state"),
        ({"note": "x" * 4001}, "note"),
        ({"due_on": "ayer"}, "due_on"),
        ({"note": 7}, "note"),
    ],
)
def test_what_will_not_do_leaves_the_agreement_as_it_was(task, moderator, typed, field):
    with pytest.raises(Invalid) as refused:
        move_agreement(task, **{"state": "done", **typed}, by=moderator)
    assert refused.value.field == field
    assert (task.state, db.session.query(AgreementStep).count()) == ("agreed", 0)


def test_nothing_moves_while_the_consultation_is_suspended(task, moderator, administrator, consultation):
    suspend_consultation(consultation, reason="Por un fallo.", by=administrator)
    with pytest.raises(NotAllowed):
        move_agreement(task, state="done", by=moderator)


def test_who_did_not_see_the_last_step_is_told(task, moderator):
    move_agreement(task, state="under_way", base=0, by=moderator)
    with pytest.raises(ChangedMeanwhile):
        move_agreement(task, state="done", base=0, by=moderator)
    assert task.state == "under_way"


def test_of_several_who_say_it_at_once_from_the_same_page_one_is_taken(app, task, moderator):
    ids = task.id, moderator.id
    db.session.rollback()

    def say(n):
        agreement, by = db.session.get(Agreement, ids[0]), db.session.get(type(moderator), ids[1])
        move_agreement(agreement, state="under_way", note=str(n), base=0, by=by)

    told = at_once(app, [lambda n=n: say(n) for n in range(6)])
    assert [type(each) for each in told].count(ChangedMeanwhile) == 5
    assert len(steps_of(db.session.get(Agreement, ids[0]))) == 1


def test_a_published_agreement_is_corrected_with_the_minutes_and_its_history_stays(held, task, moderator):
    correct(held, changes=[("agreement", "calendario", {"text": "Proponer dos"})], reason="Faltaba.", by=moderator)
    assert (task.text, task.owner) == ("Proponer dos", "Secretaría de actas")
    correct(held, changes=[("agreement", "nuevo", {"text": "Olvidado"})], reason="Faltaba otro.", by=moderator)
    assert [each.position for each in agreements_of(held)] == [1, 2]
    assert len(recorded("agreement.taken")) == 2
    move_agreement(task, state="done", by=moderator)
    with pytest.raises(Conflict):
        note_agreement(held, "calendario", drop=True, late=True, by=moderator)
    note_agreement(held, "nuevo", drop=True, late=True, by=moderator)
    assert [each.text for each in agreements_of(held)] == ["Proponer dos"]


def test_a_published_agreement_is_corrected_by_its_facilitator_or_a_moderator_alone(
    held, citizen, other_moderator, facilitator
):
    for stranger in (citizen, other_moderator, facilitator):
        with pytest.raises(NotAllowed):
            note_agreement(held, "calendario", text="otro", late=True, by=stranger)


def test_a_year_of_meetings_is_asked_for_in_a_handful_of_queries(forum, moderator, consultation):
    for n in range(4):
        held_session(
            forum, moderator, {f"u{i}": {"text": f"{n}-{i}"} for i in range(5)}, title=f"R{n}", days_ago=90 - n
        )
    last = convene_session(forum, title="Última", starts_at=now() + timedelta(days=1), by=moderator)
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    assert len(open_before(last)) == 20
    assert len(asked) <= 4
    asked.clear()
    rows = page_of_agreements(consultation).rows
    assert len({each.session.table.title for each in rows}) == 1
    assert len(asked) <= 3
