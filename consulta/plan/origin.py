"""The way back from a commitment: to decisions, merges within merges, proposals, and what rooms said of each."""

from collections import defaultdict
from dataclasses import dataclass, replace

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from consulta.core.extensions import db
from consulta.merging.models import Merge, MergePart
from consulta.plan.models import Origin
from consulta.plan.rules import readable_among
from consulta.proposals.models import Proposal
from consulta.shortlist.queries import decisions_among, heard_among, room_name
from consulta.tables.models import Session


@dataclass(frozen=True)
class Joined:
    """A merge as anybody may read it; the undoing is set where it was undone."""

    id: int
    reference: str | None
    reason: str
    note: str | None
    state: str
    made_at: object
    objections_until: object
    undone_at: object | None
    undone_reason: str | None
    session_id: int | None
    session: str | None
    room: str | None


@dataclass(frozen=True)
class Released:
    """A proposal and a merge that carried it for a while: taken out of it, or let go when the merge was undone."""

    merge: Joined
    code: str | None
    title: str | None
    supporters_then: int
    at: object | None
    reason: str | None


@dataclass(frozen=True)
class Source:
    """A proposal in the tree behind a commitment, with what rooms said of it and what was decided.

    certainty, note: how the commitment says that it comes from this one; None where it only says so of a joint
    proposal that carries it. A proposal that the reader may not see has no code, title or origin: only that it is
    there. `merge` is the one that wrote it, with the `parts` it carries and those it `let_go`; `was_in` are merges
    that once carried it. `via` are the joint proposals that carry a root of the tree now, the nearest first: what
    was decided was decided of the last.
    """

    id: int
    certainty: str | None
    note: str | None
    code: str | None
    title: str | None
    reference: str | None
    origin: str | None
    is_joint: bool
    institution: str | None
    origin_note: str | None
    region: str | None
    state: str
    published_at: object | None
    supporters: int
    heard: tuple
    decisions: tuple
    merge: Joined | None
    supporters_then: int | None
    was_in: tuple
    parts: tuple = ()
    let_go: tuple = ()
    via: tuple = ()

    @property
    def is_secret(self):
        """Whether the reader may not see it."""
        return self.code is None


@dataclass(frozen=True)
class Origins:
    """Where a commitment comes from: Sources, and a note where no proposal stands behind it.

    What lies in the tree of another Source is there, and no root of its own.
    """

    roots: tuple
    note: str | None


def origin_of(commitment, *, to=None):
    """Walk from `commitment` all the way left: decisions, merges within merges, proposals, what rooms said.

    Returns Origins of plain values for the reader `to`. The number of queries does not depend on the tree's size.
    """
    rows = db.session.scalars(
        select(Origin).where(Origin.commitment_id == commitment.id).order_by(Origin.certainty, Origin.id)
    ).all()
    return Origins(_Walk(rows, to).roots() if rows else (), commitment.origin_note)


class _Walk:
    """What lies behind some proposals, read in a few queries and grown into a tree."""

    def __init__(self, rows, to):
        self.claims = {row.proposal_id: row for row in rows}
        ids = list(self.claims)
        heads = select(func.coalesce(Proposal.head_id, Proposal.id)).where(Proposal.id.in_(ids))
        query = (
            select(Proposal)
            .where(or_(Proposal.id.in_(ids), Proposal.id.in_(heads), Proposal.head_id.in_(heads)))
            .options(
                joinedload(Proposal.wording),
                joinedload(Proposal.institution),
                joinedload(Proposal.territory),
                joinedload(Proposal.consultation),
            )
            .order_by(Proposal.id)
        )
        self.proposals = {proposal.id: proposal for proposal in db.session.scalars(query)}
        self.carried = defaultdict(list)
        for proposal in self.proposals.values():
            self.carried[proposal.carried_by_id].append(proposal.id)
        self.heard = heard_among(list(self.proposals))
        self.decisions = decisions_among(list(self.proposals))
        self._read_merges()
        everything = {*self.proposals.values(), *(part.proposal for part in self.parts)}
        self.readable = readable_among(to, everything)

    def _read_merges(self):
        ids = list(self.proposals)
        query = (
            select(MergePart)
            .join(MergePart.merge)
            .where(or_(MergePart.proposal_id.in_(ids), Merge.joint_id.in_(ids)))
            .options(
                contains_eager(MergePart.merge).joinedload(Merge.session).joinedload(Session.table),
                joinedload(MergePart.proposal).joinedload(Proposal.wording),
                joinedload(MergePart.proposal).joinedload(Proposal.consultation),
            )
            .order_by(MergePart.merge_id, MergePart.proposal_id)
        )
        self.parts = db.session.scalars(query).all()
        self.parts_of_joint, self.parts_of_proposal = defaultdict(list), defaultdict(list)
        for part in self.parts:
            self.parts_of_joint[part.merge.joint_id].append(part)
            self.parts_of_proposal[part.proposal_id].append(part)

    def roots(self):
        """Grow a tree from each proposal that no other one of them carries, with what carries it now."""
        above = {proposal_id: self._above(proposal_id) for proposal_id in self.claims}
        return tuple(
            replace(self._grown(proposal_id), via=tuple(self._alone(each) for each in carriers))
            for proposal_id, carriers in above.items()
            if not any(each in self.claims for each in carriers)
        )

    def _above(self, proposal_id):
        above, carrier = [], self.proposals[proposal_id].carried_by_id
        while carrier is not None:
            above.append(carrier)
            carrier = self.proposals[carrier].carried_by_id
        return above

    def _grown(self, proposal_id, supporters_then=None):
        made_of = self.parts_of_joint[proposal_id]
        then = {part.proposal_id: part.supporters_then for part in made_of}
        return replace(
            self._alone(proposal_id),
            supporters_then=supporters_then,
            parts=tuple(self._grown(each, then.get(each)) for each in self.carried[proposal_id]),
            let_go=tuple(self._released(part) for part in made_of if part.proposal.carried_by_id != proposal_id),
        )

    def _alone(self, proposal_id):
        """Tell one proposal without what it carries."""
        proposal, claim = self.proposals[proposal_id], self.claims.get(proposal_id)
        is_open, made_of = proposal_id in self.readable, self.parts_of_joint[proposal_id]
        shown = {
            "code": proposal.code,
            "title": proposal.title,
            "reference": proposal.reference,
            "origin": proposal.origin,
            "institution": proposal.institution and proposal.institution.name,
            "origin_note": proposal.origin_note,
            "region": proposal.territory and proposal.territory.name,
        }
        return Source(
            id=proposal_id,
            certainty=claim and claim.certainty,
            note=claim and claim.note,
            is_joint=proposal.is_joint,
            state=proposal.state,
            published_at=proposal.published_at,
            supporters=proposal.supporters,
            heard=self.heard[proposal_id] if is_open else (),
            decisions=self.decisions[proposal_id] if is_open else (),
            merge=joined(made_of[0].merge) if made_of else None,
            supporters_then=None,
            was_in=tuple(
                self._released(part)
                for part in self.parts_of_proposal[proposal_id]
                if part.merge.joint_id != proposal.carried_by_id
            ),
            **(shown if is_open else dict.fromkeys(shown)),
        )

    def _released(self, part):
        """Tell how a merge let one of its parts go."""
        is_open = part.proposal_id in self.readable
        return Released(
            merge=joined(part.merge),
            code=part.proposal.code if is_open else None,
            title=part.proposal.title if is_open else None,
            supporters_then=part.supporters_then,
            at=part.taken_out_at or part.merge.undone_at,
            reason=part.taken_out_reason or part.merge.undone_reason,
        )


def joined(merge):
    """Return `merge`, its session and table loaded, as plain values."""
    return Joined(
        id=merge.id,
        reference=merge.reference,
        reason=merge.reason,
        note=merge.note,
        state=merge.state,
        made_at=merge.made_at,
        objections_until=merge.objections_until,
        undone_at=merge.undone_at,
        undone_reason=merge.undone_reason,
        session_id=merge.session_id,
        session=merge.session and merge.session.title,
        room=merge.session and room_name(merge.session),
    )
