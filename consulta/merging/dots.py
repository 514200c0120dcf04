"""How many people stand behind the anonymous dots of a joint proposal: never known, but bounded.

One session may have given dots to several proposals that a merge then joined. Dots bear no names, so a person who put
one on each of two parts is counted twice in their sum. What is certain are two bounds (tables.checks.dot_bounds). They
stand beside online support and are never added to it, nor over sessions: a person may have been in two rooms.
"""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager

from consulta.core.extensions import db
from consulta.proposals.models import Proposal
from consulta.tables.checks import Bounds, dot_bounds
from consulta.tables.models import Result, Session, Table
from consulta.tables.queries import counted_in


@dataclass(frozen=True)
class RoomDots:
    """What one session's dots say of a joint proposal.

    parts: (Proposal, dots) of each that the session gave dots. bounds: people behind all of them. most_each: how many
    dots one person could put on one proposal; heads: how many were there; None where nobody wrote it.
    """

    session: Session
    parts: tuple
    bounds: Bounds
    most_each: int | None
    heads: int | None

    @property
    def dots(self):
        """The dots of all parts together, in which a person may be more than once."""
        return sum(dots for _part, dots in self.parts)


def dots_behind(joints):
    """Return a dictionary of joint proposal's id to the list of RoomDots behind it, the earliest session first.

    Only sessions whose minutes are public, which gave dots to at least two of what the joint proposal carries (or to
    one of it and to the joint one itself). Hidden proposals are left out. Two queries, however many.
    """
    ids = [each.id for each in joints]
    query = (
        select(Result)
        .join(Result.proposal)
        .join(Result.session)
        .where(
            or_(Proposal.id.in_(ids), Proposal.head_id.in_(ids)),
            Proposal.hidden_at.is_(None),
            Session.published_at.is_not(None),
            Result.dots > 0,
        )
        .options(
            contains_eager(Result.proposal).joinedload(Proposal.wording),
            contains_eager(Result.session).joinedload(Session.table).joinedload(Table.territory),
        )
        .order_by(Session.starts_at.is_(None), Session.starts_at, Session.id, Result.id)
    )
    given = defaultdict(list)
    for result in db.session.scalars(query):
        joint = result.proposal_id if result.proposal_id in ids else result.proposal.head_id
        given[joint, result.session].append((result.proposal, result.dots))
    heads = counted_in([session for _joint, session in given])
    found = defaultdict(list)
    for (joint, session), parts in given.items():
        if len(parts) > 1:
            found[joint].append(_room_dots(session, tuple(parts), heads[session.id]))
    return found


def _room_dots(session, parts, heads):
    most_each = session.dots_per_proposal or session.dots_per_person
    bounds = dot_bounds(
        [dots for _part, dots in parts],
        per_proposal=session.dots_per_proposal,
        per_person=session.dots_per_person,
        heads=heads,
    )
    return RoomDots(session, parts, bounds, most_each, heads)
