"""Learning from what people decided of pairs. `actions.keep_reranker` stores what comes of it."""

import json
from collections import deque
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

import numpy as np
from sqlalchemy import select, union

from consulta.consultations.models import Consultation
from consulta.core.extensions import db
from consulta.proposals.models import Embedding, Wording
from consulta.similarity.examples import measured_pairs
from consulta.similarity.gazetteer import Gazetteer
from consulta.similarity.index import Index
from consulta.similarity.letters import Letters
from consulta.similarity.reranking import FEWEST, Losses, cross_validated, fit, from_json
from consulta.suggestions.models import Verdict
from consulta.suggestions.neighbours import LETTERS_ALONE
from consulta.suggestions.queries import labelled_pairs, newest_verdict, reranker_of
from consulta.suggestions.vectors import whole_rows
from consulta.territories.queries import named_places

# Of each kind in one consultation, the newest: more teach nothing new and take minutes to measure.
MOST = 4_000
# Further texts of the consultation that tell how rare a word is there, beside those that were judged.
CONTEXT = 2_000
# Judged texts that are encoded for a lesson because their vectors are not stored, so many at a time.
MOST_ENCODED, BATCH = 2_000, 32


class Lesson(NamedTuple):
    """What was learned for the scores of `encoder`: Learned, pairs (same, different), Losses, what from."""

    encoder: str
    learned: object
    pairs: tuple
    losses: Losses
    learned_from: str


def lesson_of(neighbours):
    """Learn from every live verdict on public proposals: a Lesson, or None where fewer than FEWEST are of one kind.

    neighbours: the process's `suggestions.neighbours.Neighbours`. It takes seconds to minutes: for jobs. Re-posts are
    left out, since they are certain without it. Where the verdicts cannot be divided into some to learn from and some
    to try, `losses.tried` is 0 and nothing is better.
    """
    encoder, learned_from = encoder_to_learn_for(neighbours), what_there_is_to_learn()
    parts = [_measured(consultation, neighbours) for consultation in _judged_consultations()]
    if not parts:
        return None
    features, labels = (np.concatenate([part[place] for part in parts]) for place in (0, 1))
    counts = int(labels.sum()), int((~labels).sum())
    if min(counts) < FEWEST:
        return None
    shift = np.cumsum([0, *(part[2].max(initial=-1) + 1 for part in parts)])
    ends = np.concatenate([part[2] + start for part, start in zip(parts, shift, strict=False)])
    losses = cross_validated(features, labels, ends) or Losses(0.0, 0.0, 0)
    return Lesson(encoder, fit(features, labels, ends), counts, losses, learned_from)


def what_there_is_to_learn():
    """Return what a lesson would be learned from now, a short text: while it is the same, so is the lesson."""
    return f"{newest_verdict()} {Letters.version}"


def learned_in_use(encoder):
    """Return the Learned that corrects the scores of `encoder`, or None where nothing does better than the plain score.

    The same one while what is kept is the same: an index that is given another judges all its pairs anew.
    """
    held = reranker_of(encoder)
    return _read(json.dumps(held.weights, sort_keys=True)) if held is not None and held.is_better else None


def encoder_to_learn_for(neighbours):
    """Return whose scores a lesson would correct: the version of the model where it is ready, else letters."""
    by_meaning = neighbours.meaning is not None and neighbours.meaning.ready
    return neighbours.meaning.version if by_meaning else LETTERS_ALONE


@lru_cache(maxsize=8)
def _read(weights):
    return from_json(json.loads(weights))


def _judged_consultations():
    query = select(Consultation).where(Consultation.id.in_(select(Verdict.consultation_id))).order_by(Consultation.id)
    return db.session.scalars(query).all()


def _measured(consultation, neighbours):
    """Return (features, labels, ends as numbers of texts) of what was decided in `consultation`."""
    newest = {True: deque(maxlen=MOST), False: deque(maxlen=MOST)}
    for pair in labelled_pairs(consultation):
        newest[pair.is_same].append((pair.first, pair.second))
    numbers = {}
    ends = [
        tuple(numbers.setdefault(text, len(numbers)) for text in pair) for pair in chain(newest[True], newest[False])
    ]
    labels = np.array([True] * len(newest[True]) + [False] * len(newest[False]), dtype=bool)
    index = _index_of(consultation, numbers, neighbours)
    features, certain = measured_pairs(index, ends)
    ends = np.array(ends, dtype=np.intp).reshape(-1, 2)
    return features[~certain], labels[~certain], ends[~certain]


def _index_of(consultation, numbers, neighbours):
    """Return an Index of judged texts by their numbers, among others of the consultation.

    Merged proposals are in the site's own index no more, and their texts may have been written anew since.
    numbers: (title, body) to id.
    """
    index = Index(neighbours.meaning, gazetteer=Gazetteer(named_places()))
    index.add_many([(number, *text) for text, number in numbers.items()])
    if neighbours.meaning is not None and neighbours.meaning.ready:
        stored = _vectors(consultation, neighbours.meaning.version)
        known = {numbers[title, body]: rows for title, body, rows in stored if (title, body) in numbers}
        index.serve(neighbours.meaning.version, known.items())
        # What was merged before this model came was never encoded by it.
        for _batch in range(0, min(MOST_ENCODED, index.missing()), BATCH):
            index.encode_missing(BATCH)
    own = neighbours.index_of(consultation.id)
    ids = own.ids()
    others = [own.text(id) for id in ids[:: max(1, len(ids) // CONTEXT)] if id in own]
    index.add_many([(len(numbers) + place, *text) for place, text in enumerate(others)])
    return index


def _vectors(consultation, version):
    """Yield (title, body, rows) of the judged wordings that the encoder `version` has encoded."""
    live = (Verdict.consultation_id == consultation.id, Verdict.taken_back_at.is_(None))
    judged = union(select(Verdict.first_wording_id).where(*live), select(Verdict.second_wording_id).where(*live))
    query = (
        select(Wording.title, Wording.body, Embedding.vector, Embedding.checksum)
        .join(Embedding, Embedding.wording_id == Wording.id)
        .where(Embedding.encoder == version, Wording.id.in_(judged))
    )
    for title, body, vector, checksum in db.session.execute(query):
        rows = whole_rows(vector, checksum)
        if rows is not None:
            yield title, body, rows
