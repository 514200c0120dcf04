"""One person, one voice, however many requests arrive in the same moment (attacks C1 and C2), on both databases.

What keeps it so is taken away in turn, and the same load is seen to break it: a test that cannot fail proves nothing.
"""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, func, select, text

from consulta.accounts.models import Person
from consulta.accounts.queries import person_by_email
from consulta.consultations.queries import find_consultation
from consulta.core import work
from consulta.core.errors import Busy, Conflict, NotAllowed
from consulta.core.extensions import db
from consulta.proposals.models import Proposal
from consulta.votes import actions
from consulta.votes.actions import cast_vote, take_back_vote
from consulta.votes.models import Vote
from consulta.votes.queries import count_distinct
from tests.faults.at_once import at_once
from tests.people import make_consultation, make_person, make_proposal
from tests.services.calling import Caller, people_a_site
from tests.services.databases import KINDS

REQUESTS = 50
LIMIT = 5
ROUNDS = 2
TRIES_TO_BREAK = 10  # rounds in which what is unprotected has to break at least once


def acting(action, proposal, person):
    """Return an act: `person` does `action` with `proposal`."""
    proposal_id, person_id = proposal.id, person.id
    return lambda: action(db.session.get(Proposal, proposal_id), by=db.session.get(Person, person_id)).id


def votes_of(person):
    """Return the proposals that `person` has a vote for, one entry a row."""
    return db.session.scalars(select(Vote.proposal_id).where(Vote.person_id == person.id)).all()


def faults(answers):
    """Count the answers that are neither a success nor a refusal with its reason: pages with 500."""
    return Counter(type(each).__name__ for each in answers if isinstance(each, Exception) and not _is_refusal(each))


def _is_refusal(error):
    return isinstance(error, NotAllowed | Conflict | Busy)


def pausing(seconds):
    """Return `votes.queries.used_votes`, which then takes `seconds` longer: others may slip in after the count."""
    quick = actions.used_votes

    def slow(person, consultation):
        used = quick(person, consultation)
        time.sleep(seconds)
        return used

    return slow


def unlocked(*rows):
    """Read rows again without holding them: what `lock` would be if somebody thought a transaction is enough."""
    for row in rows:
        db.session.refresh(row)
    return list(rows)


@pytest.fixture
def limited(administrator, territories, citizen):
    """Proposals of a consultation in which everybody supports at most five: as many as there are requests."""
    consultation = make_consultation(administrator, limit=LIMIT)
    return [make_proposal(consultation, citizen, title=f"Propuesta {number}") for number in range(REQUESTS)]


def test_fifty_supports_of_one_person_for_one_proposal_count_once(app, proposal):
    for number in range(ROUNDS):
        person = make_person(f"Persona {number}")
        answers = at_once(app, [acting(cast_vote, proposal, person)] * REQUESTS)
        assert faults(answers) == {}
        assert proposal.id in answers
        assert votes_of(person) == [proposal.id]
        assert proposal.supporters == number + 1 == count_distinct(proposal)


def test_fifty_people_who_support_one_proposal_are_fifty(app, proposal):
    people = [make_person(f"Persona {number}") for number in range(REQUESTS)]
    answers = at_once(app, [acting(cast_vote, proposal, person) for person in people])
    assert faults(answers) == {}
    # On SQLite a writer may have waited too long for its turn, and is told to try again; nobody else's vote is lost.
    assert proposal.supporters == answers.count(proposal.id) == count_distinct(proposal) > REQUESTS / 2


def test_a_limit_of_five_holds_under_fifty_supports_for_different_proposals(app, limited):
    for number in range(ROUNDS):
        person = make_person(f"Persona {number}")
        answers = at_once(app, [acting(cast_vote, proposal, person) for proposal in limited])
        assert faults(answers) == {}
        assert sum(isinstance(each, int) for each in answers) == LIMIT
        assert len(votes_of(person)) == LIMIT
    assert sum(proposal.supporters for proposal in limited) == ROUNDS * LIMIT


def test_supporting_and_taking_back_at_once_leaves_a_true_tally(app, proposal):
    people = [make_person(f"Persona {number}") for number in range(5)]
    acts = [acting(action, proposal, person) for person in people for action in (cast_vote, take_back_vote) * 4]
    assert faults(at_once(app, acts)) == {}
    assert proposal.supporters == count_distinct(proposal) <= len(people)


@pytest.mark.only_on("postgresql")
def test_without_the_lock_the_limit_is_seen_to_break(app, limited, monkeypatch):
    monkeypatch.setattr(actions, "lock", unlocked)
    monkeypatch.setattr(actions, "used_votes", pausing(0.02))
    assert _broke(app, limited, lambda answers, person: len(votes_of(person)) > LIMIT)


@pytest.mark.only_on("postgresql")
def test_without_lock_and_constraint_one_person_is_seen_to_count_twice(app, limited, monkeypatch):
    monkeypatch.setattr(actions, "lock", unlocked)
    monkeypatch.setattr(actions, "used_votes", pausing(0.02))
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE votes DROP CONSTRAINT uq_votes_person_id_proposal_id_kind"))
    same = limited[:1] * REQUESTS
    broke = _broke(app, same, lambda answers, person: len(votes_of(person)) > 1)
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(text("DROP TABLE votes"))  # so that no other test is given this database
    assert broke


@pytest.mark.only_on("postgresql")
def test_without_the_lock_a_tally_is_seen_to_lose_votes(app, limited, monkeypatch):
    monkeypatch.setattr(actions, "lock", unlocked)
    monkeypatch.setattr(actions, "used_votes", pausing(0.02))
    proposal = limited[0]
    for number in range(TRIES_TO_BREAK):
        people = [make_person(f"Persona {number}-{each}") for each in range(20)]
        at_once(app, [acting(cast_vote, proposal, person) for person in people])
        if proposal.supporters != count_distinct(proposal):
            return
    pytest.fail("nothing broke: the load is too light to prove anything")


@pytest.mark.only_on("sqlite")
def test_with_a_deferred_transaction_writers_are_seen_to_fail(app, limited, monkeypatch):
    # BEGIN in place of BEGIN IMMEDIATE: a reader that turns into a writer after somebody else wrote is refused at once.
    monkeypatch.setattr(work, "WRITE", "nobody reads this option")
    monkeypatch.setattr(actions, "used_votes", pausing(0.02))

    def failed(answers, person):
        return any(isinstance(each, Busy) for each in answers) or len(votes_of(person)) > LIMIT

    assert _broke(app, limited, failed)


@pytest.mark.only_on("sqlite")
def test_every_write_begins_as_a_writer(app, proposal, other_citizen):
    begun = []

    def note(_connection, _cursor, statement, *_rest):
        if statement.startswith("BEGIN"):
            begun.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    cast_vote(proposal, by=other_citizen)
    event.remove(db.engine, "before_cursor_execute", note)
    assert "BEGIN IMMEDIATE" in begun


def test_the_database_itself_refuses_a_second_vote(app, proposal, other_citizen, monkeypatch):
    monkeypatch.setattr(actions, "votes_behind", lambda person, proposal: [])
    cast_vote(proposal, by=other_citizen)
    with pytest.raises(Conflict):
        cast_vote(proposal, by=other_citizen)
    assert db.session.scalar(select(func.count()).select_from(Vote)) == 1
    assert proposal.supporters == 1


def _broke(app, proposals, violated):
    """Tell whether `violated(answers, person)` was seen in some round of fifty supports by one person."""
    for number in range(TRIES_TO_BREAK):
        person = make_person(f"Persona {number}")
        answers = at_once(app, [acting(cast_vote, proposal, person) for proposal in proposals])
        if violated(answers, person):
            return True
    return False


@pytest.mark.parametrize("kind", KINDS)
def test_under_gunicorn_fifty_sessions_of_one_person_are_one_voice(new_site, kind):
    site = new_site(kind, threads=8)
    slug, (author,) = people_a_site(site, limit=LIMIT)
    with site.app() as app:
        author, consultation = person_by_email(author), find_consultation(slug, to=None)
        codes = [make_proposal(consultation, author, title=f"Propuesta {number}").code for number in range(REQUESTS)]
        person = make_person("Una Sola")
        address = person.email
        callers = [Caller(site.url).enter_as(person, app) for _number in range(REQUESTS)]
    for wanted in (codes[:1] * REQUESTS, codes):
        barrier = threading.Barrier(REQUESTS)

        def support(caller, code, barrier=barrier):
            barrier.wait()
            return caller.post(f"/propuestas/{code}/apoyo", next="/salud")

        with ThreadPoolExecutor(REQUESTS) as pool:
            answers = list(pool.map(support, callers, wanted))
        assert {answer.status for answer in answers} <= {200, 403, 503}, answers
    with site.app():
        voted = votes_of(person_by_email(address))
        assert len(voted) == len(set(voted)) == LIMIT
        tallies = db.session.scalars(select(Proposal.supporters).where(Proposal.supporters > 0)).all()
        assert tallies == [1] * LIMIT
