"""Merging while others vote, merge, undo and withdraw: real threads, each with a connection of its own.

Every test pauses where another could slip in. On PostgreSQL the locks are then taken away, and the same situation is
seen to go wrong: so it is the locks that keep it right. SQLite has one writer at a time and nothing to take away.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from consulta.accounts.models import Person
from consulta.consultations.actions import appoint
from consulta.consultations.models import Consultation
from consulta.core.clock import now
from consulta.core.errors import Conflict, NotAllowed, Refused
from consulta.core.extensions import db
from consulta.merging import actions as merging_actions
from consulta.merging.actions import merge_proposals, undo_merge
from consulta.merging.models import Merge
from consulta.proposals import actions as proposals_actions
from consulta.proposals.actions import withdraw_proposal
from consulta.proposals.models import Proposal
from consulta.suggestions.actions import suggest_groups
from consulta.suggestions.finding import Found, Suggestion, signature_of
from consulta.suggestions.models import SimilarGroup, SimilarMember
from consulta.votes import actions as votes_actions
from consulta.votes.actions import cast_vote
from consulta.votes.queries import count_distinct_under
from tests.people import make_person, make_proposal

JOINT = {"title": "Actas en línea", "body": "Todo junto.", "reason": "Piden lo mismo."}
VOTERS = 30
PAUSE = 0.01  # seconds between a voter's look at the proposal and the vote
LONG_PAUSE = 0.3  # the same where nothing keeps others out meanwhile


@pytest.fixture
def pair(consultation, citizen):
    """Two published proposals."""
    return [make_proposal(consultation, citizen, title=f"Actas {name}") for name in "AB"]


def at_once(app, *acts):
    """Let all `acts` begin in the same moment, each in a context of its own; return what each gave or was refused with.

    The test's own session then reads what they left.
    """
    barrier = threading.Barrier(len(acts))

    def perform(act):
        with app.app_context():
            barrier.wait()
            try:
                return act()
            except Refused as refusal:
                return refusal

    with ThreadPoolExecutor(len(acts)) as pool:
        answers = list(pool.map(perform, acts))
    db.session.rollback()
    return answers


def voting(person, proposal):
    """Return an act: `person` supports `proposal`, and tells which proposal was given the support."""
    person_id, proposal_id = person.id, proposal.id
    return lambda: cast_vote(db.session.get(Proposal, proposal_id), by=db.session.get(Person, person_id)).id


def merging(proposals, person, after=0.0):
    """Return an act: `person` merges `proposals` in this order."""
    ids, person_id = [each.id for each in proposals], person.id

    def act():
        time.sleep(after)
        parts = [db.session.get(Proposal, each) for each in ids]
        return merge_proposals(parts, **JOINT, by=db.session.get(Person, person_id)).id

    return act


def undoing(merge, person):
    """Return an act: `person` undoes `merge`."""
    merge_id, person_id = merge.id, person.id
    return lambda: (
        undo_merge(
            db.session.get(Merge, merge_id), reason="No piden lo mismo.", by=db.session.get(Person, person_id)
        ).id
    )


def slowed(monkeypatch, module, name, seconds):
    """Let the function `name` of `module` take `seconds` longer."""
    quick = getattr(module, name)

    def slow(*args, **kwargs):
        time.sleep(seconds)
        return quick(*args, **kwargs)

    monkeypatch.setattr(module, name, slow)


def unlocked(monkeypatch):
    """Plant the error that these tests are there to find: rows are no longer held."""

    def no_lock(*rows):
        return list(rows)

    for module in (votes_actions, merging_actions, proposals_actions):
        monkeypatch.setattr(module, "lock", no_lock)


def wrong_tallies():
    """Return the codes of proposals whose stored tally is not the number of distinct people behind them."""
    return [each.code for each in db.session.scalars(select(Proposal)) if each.supporters != count_distinct_under(each)]


def vote_while_merging(app, pair, moderator, people, after):
    """Let half of `people` support one proposal and half the other, while both are merged."""
    votes = [voting(person, pair[place % 2]) for place, person in enumerate(people)]
    return at_once(app, *votes, merging(pair, moderator, after))


def test_no_vote_is_stranded_by_a_merge_that_runs_meanwhile(app, consultation, citizen, moderator, monkeypatch):
    people = [make_person() for _each in range(VOTERS)]
    slowed(monkeypatch, votes_actions, "why_not_vote", PAUSE)
    for _round in range(5):
        pair = [make_proposal(consultation, citizen, title=f"Actas {name}") for name in "AB"]
        for proposal in pair:
            cast_vote(proposal, by=people[0])
        *votes, number = vote_while_merging(app, pair, moderator, people, after=5 * PAUSE)
        assert [answer for answer in [*votes, number] if isinstance(answer, Refused)] == []
        assert wrong_tallies() == []
        joint = db.session.get(Merge, number).joint
        assert joint.supporters == VOTERS
        if joint.id in votes and set(votes) != {joint.id}:
            return
    pytest.fail("the merge never fell between two votes, so nothing was shown")


@pytest.mark.only_on("postgresql")
def test_without_the_locks_votes_would_be_stranded(app, pair, moderator, monkeypatch):
    people = [make_person() for _each in range(8)]
    unlocked(monkeypatch)
    slowed(monkeypatch, votes_actions, "why_not_vote", LONG_PAUSE)
    answers = vote_while_merging(app, pair, moderator, people, after=LONG_PAUSE / 3)
    assert not isinstance(answers[-1], Refused)
    assert db.session.get(Merge, answers[-1]).joint.code in wrong_tallies()


def test_no_vote_is_lost_or_counted_twice_by_a_merge_undone_meanwhile(app, pair, moderator, monkeypatch):
    merge = merge_proposals(pair, **JOINT, by=moderator)
    people = [make_person() for _each in range(VOTERS)]
    slowed(monkeypatch, votes_actions, "why_not_vote", PAUSE)
    votes = [voting(person, pair[place % 2]) for place, person in enumerate(people)]
    answers = at_once(app, *votes, undoing(merge, moderator))
    assert [answer for answer in answers if isinstance(answer, Refused)] == []
    assert wrong_tallies() == []
    assert merge.joint.state == "withdrawn"
    assert sum(each.supporters for each in [*pair, merge.joint]) == VOTERS


@pytest.mark.parametrize("order", [1, -1], ids=["same_order", "opposite_order"])
def test_of_two_moderators_merging_the_same_proposals_one_wins_and_the_other_is_told(
    order, app, pair, moderator, consultation, administrator, monkeypatch
):
    colleague = make_person("Moderadora Tres")
    appoint(colleague, "moderator", consultation, by=administrator)
    slowed(monkeypatch, merging_actions, "write_joint", 5 * PAUSE)
    for _round in range(5):
        answers = at_once(app, merging(pair, moderator), merging(pair[::order], colleague))
        refused = [answer for answer in answers if isinstance(answer, Refused)]
        assert [type(each) for each in refused] == [Conflict]
        winner = colleague if answers[0] is refused[0] else moderator
        assert winner.name in str(refused[0].reason)
        (number,) = (answer for answer in answers if not isinstance(answer, Refused))
        undo_merge(db.session.get(Merge, number), reason="Para la vuelta siguiente.", by=moderator)
        assert {each.state for each in pair} == {"published"}


@pytest.mark.only_on("postgresql")
def test_without_the_locks_both_moderators_would_have_merged(app, pair, moderator, monkeypatch):
    unlocked(monkeypatch)
    slowed(monkeypatch, merging_actions, "write_joint", LONG_PAUSE)
    answers = at_once(app, merging(pair, moderator), merging(pair, moderator))
    assert [answer for answer in answers if isinstance(answer, Refused)] == []
    assert len(set(answers)) == 2


def test_a_proposal_is_either_withdrawn_by_its_author_or_merged(app, pair, moderator, citizen, monkeypatch):
    slowed(monkeypatch, merging_actions, "write_joint", PAUSE)
    proposal_id, author_id = pair[0].id, citizen.id

    def withdrawing():
        proposal, author = db.session.get(Proposal, proposal_id), db.session.get(Person, author_id)
        return withdraw_proposal(proposal, reason="Ya no.", by=author).id

    merged, withdrawn = at_once(app, merging(pair, moderator), withdrawing)
    if isinstance(merged, Refused):
        assert isinstance(merged, Conflict)
        assert [each.state for each in pair] == ["withdrawn", "published"]
    else:
        assert isinstance(withdrawn, NotAllowed)
        assert {each.state for each in pair} == {"merged"}


def test_merging_undoing_and_voting_in_every_order_ends_in_refusals_at_worst(app, consultation, citizen, moderator):
    four = [make_proposal(consultation, citizen, title=f"Actas {name}") for name in "ABCD"]
    people = [make_person() for _each in range(8)]
    inner = merge_proposals(four[:2], **JOINT, by=moderator)
    for round_ in range(6):
        turned = four[2:] if round_ % 2 else four[:1:-1]
        answers = at_once(
            app,
            merging([inner.joint, *turned], moderator),
            merging([*turned, inner.joint], moderator),
            undoing(inner, moderator),
            *(voting(person, four[(place + round_) % 4]) for place, person in enumerate(people)),
        )
        refused = {type(answer) for answer in answers if isinstance(answer, Refused)}
        assert refused <= {Conflict, NotAllowed}
        assert wrong_tallies() == []
        standing = db.session.scalars(select(Merge).where(Merge.state == "made").order_by(Merge.id.desc())).all()
        for merge in standing:
            undo_merge(merge, reason="Para la vuelta siguiente.", by=moderator)
        assert wrong_tallies() == []
        inner = merge_proposals(four[:2], **JOINT, by=moderator)


def test_two_runs_that_suggest_groups_at_once_leave_one_result(app, consultation, pair):
    consultation_id, ids = consultation.id, [each.id for each in pair]
    found = Found(now(), "letters", [Suggestion(dict.fromkeys(ids, 0.0), ids[0], 0.9, 1.0, ["actas"])])

    def suggesting():
        suggest_groups(db.session.get(Consultation, consultation_id), found=found, by=None)

    assert at_once(app, *[suggesting] * 4) == [None] * 4
    assert db.session.scalars(select(SimilarGroup.signature)).all() == [signature_of(ids)]
    assert db.session.scalar(select(func.count()).select_from(SimilarMember)) == 2
