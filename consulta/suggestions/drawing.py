"""The map of a consultation: computing where proposals stand on it, and reading it with the rights of who looks."""

from typing import NamedTuple

from sqlalchemy import func, select

from consulta.core.extensions import db
from consulta.proposals.models import Proposal, Wording
from consulta.proposals.queries import digest_to_compare, visible_proposals
from consulta.similarity import mapping
from consulta.suggestions.models import MapPlace, SimilarGroup, SimilarMember
from consulta.suggestions.queries import places_of

# From this share of texts come or gone since all of it was drawn, all of it is drawn again. Until then whoever knows
# the map finds everything where it was.
CHANGED = 0.1
AT_ONCE = 500


class Point(NamedTuple):
    """A proposal on the map: its place (0 to 1 each, the origin at the upper left) and what its mark shows."""

    id: int
    x: float
    y: float
    theme_id: int | None
    supporters: int


class Drawing(NamedTuple):
    """Where proposals stand (id to (x, y)), and of how many texts all of it was last drawn."""

    places: dict
    drawn_of: int


def drawn_from(consultation, neighbours):
    """Return what the consultation's map would be drawn from now, as a short text: while it is the same, so is the map.

    A text that its author wrote anew stays where it is until all is drawn again.
    """
    digest = "-".join(str(number) for number in digest_to_compare(consultation.id))
    return f"{digest} {neighbours.encoder_of(consultation)}"[:160]


def draw(consultation, neighbours, *, drawn_of=0, anew=False):
    """Compute what `actions.place_on_map` stores: a Drawing. It takes seconds and is called outside of any action.

    drawn_of: of how many texts all of it was last drawn. anew: draw all of it, however little changed.
    """
    index = neighbours.index_of(consultation.id, complete=True)
    frozen, previous = index.frozen(), places_of(consultation)
    staying = len(previous.keys() & set(frozen.ids))
    changed = len(frozen.ids) - staying + abs(staying - drawn_of)
    anew = anew or not previous or changed > CHANGED * drawn_of
    rows = frozen.fitted[1].rows
    by_model = frozen.vectors and frozen.vectors[1]
    meaning = by_model if by_model and by_model[1].any() else rows.vectors()
    together = list(outlines_of(consultation).values())
    places = mapping.places(frozen.ids, rows.spelled, meaning, previous, together=together, anew=anew)
    return Drawing(places, len(places) if anew else drawn_of)


def points_of(consultation, *, to):
    """Return the Points that `to` may see, those with most supporters first."""
    query = visible_proposals(consultation, to=to).join(MapPlace, MapPlace.proposal_id == Proposal.id)
    columns = (Proposal.id, MapPlace.x, MapPlace.y, Proposal.theme_id, Proposal.supporters)
    rows = db.session.execute(query.with_only_columns(*columns).order_by(Proposal.supporters.desc(), Proposal.id))
    return [Point(*row) for row in rows]


def count_unplaced(consultation, *, to):
    """Return how many proposals that `to` may see have no place on the map yet."""
    query = visible_proposals(consultation, to=to).outerjoin(MapPlace, MapPlace.proposal_id == Proposal.id)
    return db.session.scalar(query.where(MapPlace.proposal_id.is_(None)).with_only_columns(func.count(Proposal.id)))


def names_of(ids):
    """Return a dictionary of id to (code, title) of the proposals `ids`, whose visibility the caller has settled."""
    ids, named = list(ids), {}
    for start in range(0, len(ids), AT_ONCE):
        query = (
            select(Proposal.id, Proposal.code, Wording.title)
            .join(Wording, (Wording.proposal_id == Proposal.id) & (Wording.number == Proposal.wording_number))
            .where(Proposal.id.in_(ids[start : start + AT_ONCE]))
        )
        named |= {proposal_id: (code, title) for proposal_id, code, title in db.session.execute(query)}
    return named


def outlines_of(consultation):
    """Return a dictionary of suggested group's id to the ids of its members, in the order of the queue."""
    query = (
        select(SimilarGroup.id, SimilarMember.proposal_id)
        .join(SimilarMember, SimilarMember.group_id == SimilarGroup.id)
        .where(SimilarGroup.consultation_id == consultation.id)
        .order_by(SimilarGroup.is_certain.desc(), SimilarGroup.weight.desc(), SimilarGroup.id, SimilarMember.distance)
    )
    groups = {}
    for group_id, proposal_id in db.session.execute(query):
        groups.setdefault(group_id, []).append(proposal_id)
    return groups
