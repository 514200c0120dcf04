"""Supporting a proposal, and taking support back. Neither is in the public record: votes are secret."""

from sqlalchemy import select

from consulta.core.clock import now
from consulta.core.errors import check, refuse_if
from consulta.core.extensions import db
from consulta.core.work import action, lock
from consulta.proposals.actions import keep_supporters
from consulta.proposals.models import Proposal
from consulta.votes.models import Vote
from consulta.votes.queries import count_distinct_under, used_votes, votes_behind
from consulta.votes.rules import why_limit_reached, why_not_take_back, why_not_vote


@action(unrecorded="votes are secret")
def cast_vote(proposal, *, by):
    """Count `by` once behind `proposal`, or behind the joint proposal that carries it; returns that one.

    Asked for a second time it changes nothing. The person's row is held first, so that the limit holds however many
    requests arrive at once; then the proposal's, so that no merge can carry it away meanwhile.
    Raises NotAllowed with the rule's reason.
    """
    lock(by)
    proposal = _standing(proposal)
    if votes_behind(by, proposal):
        return proposal
    check(why_not_vote, by, proposal)
    if proposal.consultation.vote_limit is not None:
        refuse_if(why_limit_reached(proposal.consultation, used_votes(by, proposal.consultation)))
    db.session.add(Vote(person_id=by.id, proposal_id=proposal.id, cast_at=now()))
    keep_supporters(proposal, proposal.supporters + 1, by=by)
    return proposal


@action(unrecorded="votes are secret")
def take_back_vote(proposal, *, by):
    """Remove the support of `by` for `proposal` (or the joint one that carries it) and for all behind it."""
    lock(by)
    proposal = _standing(proposal)
    votes = votes_behind(by, proposal)
    if not votes:
        return proposal
    check(why_not_take_back, by, proposal)
    voted_for = {vote.proposal_id for vote in votes}
    for vote in votes:
        db.session.delete(vote)
    db.session.flush()
    # What lies between a vote and the head counted this person too.
    touched = _upwards(voted_for)
    for each in lock(*touched):
        keep_supporters(each, count_distinct_under(each), by=by)
    return proposal


@action(unrecorded="it only counts what is there")
def recount(proposal, *, by):
    """Count again how many distinct people are behind `proposal` and all that it carries; stores and returns it."""
    (proposal,) = lock(proposal)
    keep_supporters(proposal, count_distinct_under(proposal), by=by)
    return proposal.supporters


def _standing(proposal):
    """Lock `proposal`, then whatever carries it now; return the one that stands for itself."""
    (proposal,) = lock(proposal)
    while proposal.head_id is not None:
        (proposal,) = lock(proposal.head)
    return proposal


def _upwards(ids):
    found = {}
    wave = set(ids)
    while wave:
        rows = db.session.scalars(select(Proposal).where(Proposal.id.in_(wave))).all()
        found.update({row.id: row for row in rows})
        wave = {row.carried_by_id for row in rows if row.carried_by_id} - found.keys()
    return list(found.values())
