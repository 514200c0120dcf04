"""Reading votes: a person's own, and counts; never who supported what to anybody else."""

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from consulta.core.extensions import db
from consulta.proposals.models import Proposal
from consulta.votes.models import Vote


def count_distinct(proposal):
    """Return how many distinct people are behind `proposal` and all that it carries."""
    return db.session.scalar(
        select(func.count(Vote.person_id.distinct()))
        .join(Proposal, Proposal.id == Vote.proposal_id)
        .where(_behind(proposal))
    )


def count_distinct_under(proposal):
    """Return how many distinct people are behind `proposal`, whether it stands for itself or is carried."""
    if proposal.head_id is None:
        return count_distinct(proposal)
    ids, wave = {proposal.id}, [proposal.id]
    while wave:
        wave = db.session.scalars(select(Proposal.id).where(Proposal.carried_by_id.in_(wave))).all()
        ids.update(wave)
    return len(set(db.session.scalars(select(Vote.person_id).where(Vote.proposal_id.in_(ids)))))


def people_behind(ids):
    """Return how many distinct people are behind any of the proposals `ids` and what they carry: a merge's tally."""
    query = select(func.count(Vote.person_id.distinct())).join(Proposal, Proposal.id == Vote.proposal_id)
    return db.session.scalar(query.where(or_(Proposal.id.in_(ids), Proposal.head_id.in_(ids))))


def votes_behind(person, proposal):
    """Return the live votes of `person` for `proposal` and for what it carries."""
    query = select(Vote).join(Proposal, Proposal.id == Vote.proposal_id)
    return db.session.scalars(query.where(Vote.person_id == person.id, _behind(proposal))).all()


def supported_among(person, proposals):
    """Return the ids of those `proposals` that `person` is behind now, directly or through what they carry."""
    if person is None or not proposals:
        return set()
    ids = [proposal.id for proposal in proposals]
    query = (
        select(Proposal.id, Proposal.head_id)
        .join(Vote, Vote.proposal_id == Proposal.id)
        .where(Vote.person_id == person.id, or_(Proposal.id.in_(ids), Proposal.head_id.in_(ids)))
    )
    return {each for row in db.session.execute(query) for each in row} & set(ids)


def used_votes(person, consultation):
    """Return how many proposals `person` is behind in `consultation`; merged ones count as the one they became."""
    standing = func.coalesce(Proposal.head_id, Proposal.id)
    return db.session.scalar(
        select(func.count(standing.distinct()))
        .join(Vote, Vote.proposal_id == Proposal.id)
        .where(
            Vote.person_id == person.id,
            Proposal.consultation_id == consultation.id,
            # What was withdrawn or hidden costs nobody a voice: it cannot be taken back from there.
            Proposal.state != "withdrawn",
            Proposal.hidden_at.is_(None),
        )
    )


def votes_left(person, consultation):
    """Return how many more proposals `person` may support, or None where there is no limit."""
    if consultation.vote_limit is None:
        return None
    used = used_votes(person, consultation) if person is not None else 0
    return max(0, consultation.vote_limit - used)


def supported_by(person):
    """Return what `person` supports, for that person's own page: the newest support first."""
    query = (
        select(Proposal)
        .join(Vote, Vote.proposal_id == Proposal.id)
        .where(Vote.person_id == person.id, Proposal.hidden_at.is_(None))
        .order_by(Vote.id.desc())
        .limit(500)
    )
    options = (
        joinedload(Proposal.wording),
        joinedload(Proposal.consultation),
        joinedload(Proposal.head).joinedload(Proposal.wording),
    )
    return db.session.scalars(query.options(*options)).all()


def people_supporting(consultation):
    """Return how many distinct people support anything in `consultation`."""
    return db.session.scalar(
        select(func.count(Vote.person_id.distinct()))
        .join(Proposal, Proposal.id == Vote.proposal_id)
        .where(Proposal.consultation_id == consultation.id)
    )


def _behind(proposal):
    return or_(Proposal.id == proposal.id, Proposal.head_id == proposal.id)
