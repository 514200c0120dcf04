"""Computing what the machine suggests: which proposals may be one. `actions.suggest_groups` stores it."""

import hashlib
from dataclasses import dataclass
from itertools import combinations

from sqlalchemy import func, select

from consulta.core.clock import now
from consulta.core.extensions import db
from consulta.core.record import Entry, reference
from consulta.proposals.models import Embedding
from consulta.proposals.queries import waiting_ids
from consulta.similarity import explain, grouping
from consulta.suggestions.models import Reranker
from consulta.suggestions.queries import floors_of, verdicts_among
from consulta.votes.queries import people_behind


@dataclass(frozen=True)
class Suggestion:
    """A group that the machine found. distances: proposal id to 0..1 from the base text, of every member."""

    distances: dict
    base_id: int
    tightness: float
    weight: float
    shared_words: list
    is_certain: bool = False


@dataclass(frozen=True)
class Found:
    """What one run over a consultation found: when it read the texts, with which encoder, and its Suggestions."""

    read_at: object
    encoder: str
    suggestions: list


def propose_groups(consultation, neighbours, progress=None):
    """Compute what `actions.suggest_groups` stores: Found. It takes seconds and is called outside of any action.

    neighbours: the process's `suggestions.neighbours.Neighbours`, which compares only what changed since the last run.
    What people took apart (told apart, a merge undone, a part taken out) is not suggested again, and what they pulled
    in stays. progress: called now and then with (done, out of), two integers.
    """
    read_at, floors = now(), floors_of(consultation)
    together, apart = verdicts_among(consultation)
    groups = neighbours.groups(
        consultation,
        waiting_ids(consultation),
        floor=floors.group,
        together=together,
        apart=apart,
        progress=progress,
    )
    index, encoder = neighbours.index_of(consultation.id), neighbours.encoder_of(consultation)
    found = [_described(index, group) for group in groups]
    return Found(read_at, encoder, [each for each in found if each is not None])


def found_of(consultation, neighbours, ids):
    """Return Found with the one group that the proposals `ids` make, however unlike they are; None for fewer than two.

    For `actions.reconsider`: what was taken apart by mistake stands in the queue again without waiting for a run.
    """
    read_at, index = now(), neighbours.index_of(consultation.id)
    ids = sorted(each for each in set(ids) if each in index)
    if len(ids) < 2:
        return None
    scores = index.scores(ids)
    nearest, farthest = explain.medoid(ids, scores), explain.most_distant(ids, scores)
    tightness = min(float(scores[a, b]) for a, b in combinations(range(len(ids)), 2))
    described = _described(index, grouping.Group(tuple(ids), tightness, tightness >= 1.0, nearest, farthest))
    return None if described is None else Found(read_at, neighbours.encoder_of(consultation), [described])


def made_from(consultation):
    """Return what the consultation's groups would be made from now, as a short text: while it is the same, so are they.

    Whatever changes a text or what may be merged is in the record; votes are not, so the order by supporters is
    renewed once an hour. What was learned meanwhile may change every score.
    """
    recorded = select(func.count(), func.max(Entry.id)).where(Entry.within == reference(consultation))
    entries, newest = db.session.execute(recorded).one()
    vector = db.session.scalar(select(func.max(Embedding.id)))
    learned = db.session.scalar(select(func.max(Reranker.fitted_at)).where(Reranker.is_better))
    return f"{entries} {newest} {vector} {learned and learned.isoformat()} {now():%Y-%m-%dT%H}"


def signature_of(ids):
    """Return what a group of proposals `ids` is known by: a SHA-256 of them in order."""
    return hashlib.sha256(",".join(str(each) for each in sorted(ids)).encode()).hexdigest()


def _described(index, group):
    try:
        distances = explain.distances_from(index, group.base, group.ids)
        texts = ["\n".join(index.text(each)) for each in sorted(group.ids, key=lambda each: each != group.base)]
    except KeyError:  # a text was taken out of the index meanwhile
        return None
    people = people_behind(group.ids)
    distances = {each: round(distance, 4) for each, distance in distances.items()}
    return Suggestion(
        distances, group.base, group.tightness, people * group.tightness, explain.shared_words(texts), group.certain
    )
