"""The way back from a commitment: to decisions, merges within merges, proposals, and what rooms said of each."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from consulta.core.extensions import db
from consulta.merging.models import Merge, MergePart
from consulta.plan.models import Origin
from consulta.plan.rules import readable_among
from consulta.proposals.models import Proposal
from consulta.shortlist.queries import decisions_among, heard_among
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
    undone_at: object | None
    undone_reason: str | None
    session_id: int | None
    session: str | None
    table: str | None


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

    A proposal that the reader may not see has no code, title or origin: only that it is there. `merge` is the one
    that wrote it, with the `parts` it carries and those it `let_go`; `was_in` are merges that once carried it.
    """

    id: int
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
    parts: tuple
    let_go: tuple
    was_in: tuple

    @property
    def is_secret(self):
        """Whether the reader may not see it."""
        return self.code is None


@dataclass(frozen=True)
class Root:
    """A proposal that a commitment comes from: certainly, or by the reading that `note` explains."""

    certainty: str
    note: str
    source: Source


@dataclass(frozen=True)
class Origins:
    """Where a commitment comes from: the proposals, and a note where no proposal stands behind it."""

    roots: tuple
    note: str | None


def origin_of(commitment, *, to=None):
    """Walk from `commitment` all the way left: decisions, merges within merges, proposals, what rooms said.

    Returns Origins of plain values for the reader `to`. The number of queries does not depend on the tree's size.
    """
    rows = db.session.scalars(
        select(Origin).where(Origin.commitment_id == commitment.id).order_by(Origin.certainty, Origin.id)
    ).all()
    grow = _Walk([row.proposal_id for row in rows], to).source
    return Origins(tuple(Root(row.certainty, row.note, grow(row.proposal_id)) for row in rows), commitment.origin_note)


class _Walk:
    """What lies behind some proposals, read in a few queries and grown into a tree."""

    def __init__(self, ids, to):
        heads = select(func.coalesce(Proposal.head_id, Proposal.id)).where(Proposal.id.in_(ids))
        query = (
            select(Proposal)
            .where(or_(Proposal.id.in_(ids), Proposal.head_id.in_(heads)))
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

    def source(self, proposal_id, supporters_then=None):
        """Grow the tree from one proposal."""
        proposal = self.proposals[proposal_id]
        is_open = proposal_id in self.readable
        made_of = self.parts_of_joint[proposal_id]
        then = {part.proposal_id: part.supporters_then for part in made_of}
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
            is_joint=proposal.is_joint,
            state=proposal.state,
            published_at=proposal.published_at,
            supporters=proposal.supporters,
            heard=self.heard[proposal_id] if is_open else (),
            decisions=self.decisions[proposal_id] if is_open else (),
            merge=joined(made_of[0].merge) if made_of else None,
            supporters_then=supporters_then,
            parts=tuple(self.source(each, then.get(each)) for each in self.carried[proposal_id]),
            let_go=tuple(self.released(part) for part in made_of if part.proposal.carried_by_id != proposal_id),
            was_in=tuple(
                self.released(part)
                for part in self.parts_of_proposal[proposal_id]
                if part.merge.joint_id != proposal.carried_by_id
            ),
            **(shown if is_open else dict.fromkeys(shown)),
        )

    def released(self, part):
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
        undone_at=merge.undone_at,
        undone_reason=merge.undone_reason,
        session_id=merge.session_id,
        session=merge.session and merge.session.title,
        table=merge.session and merge.session.table.title,
    )
