"""How good found neighbours and suggested groups are, against the truth. Numbers only: no texts, no index.

A ratio whose denominator is zero is None, "nothing to measure", and never 0 or 1.
Groups are iterables of ids; whatever is in none of them stands alone.
"""

from itertools import combinations
from typing import NamedTuple

import numpy as np


class Scores(NamedTuple):
    """Precision, recall and their harmonic mean F1, each 0 to 1 or None where there is nothing to measure."""

    precision: float | None
    recall: float | None
    f1: float | None


class Threshold(NamedTuple):
    """The score from which on pairs are taken as twins, and how good that is; None without any pair."""

    threshold: float | None
    precision: float | None
    recall: float | None
    f1: float | None


def hit_at(ranks, k):
    """Return the share of queries whose first right answer is among the first `k`.

    ranks: for each query the rank of its first right answer, from 1, or None where none came. Also called success@k
    (Manning, Raghavan and Schütze, "Introduction to Information Retrieval", 2008, chapter 8).
    """
    return _ratio(sum(rank is not None and rank <= k for rank in ranks), len(ranks))


def mean_reciprocal_rank(ranks):
    """Return the mean of 1 / rank of the first right answer, 0 where none came (Voorhees, TREC-8 QA track, 1999)."""
    return _ratio(sum(1 / rank for rank in ranks if rank is not None), len(ranks))


def pair_recall(closest, truth):
    """Return the share of the true pairs of which one text is among the closest of the other, in either direction.

    closest: for each id, the ids found nearest to it (five of them make pair recall@5). truth: groups.
    """
    pairs = pairs_in(truth)
    met = sum(other in closest.get(one, ()) or one in closest.get(other, ()) for one, other in pairs)
    return _ratio(met, len(pairs))


def pairwise(found, truth):
    """Return the Scores of the pairs that are together in a group of `found`, against those together in `truth`.

    Precision is the share of found pairs that are true, recall the share of true pairs that were found.
    """
    guessed, true = pairs_in(found), pairs_in(truth)
    return scores_of(len(guessed & true), len(guessed), len(true))


def b_cubed(found, truth, ids):
    """Return the B-cubed Scores over `ids`, each weighing the same, those alone on both sides included.

    With C the found and L the true group of an id (itself alone where it is in none), precision is the mean of
    |C and L| / |C| and recall the mean of |C and L| / |L| over all ids (Bagga and Baldwin, "Algorithms for scoring
    coreference chains", 1998); F1 is the harmonic mean of the two means.
    """
    ids = list(ids)
    if not ids:
        return Scores(None, None, None)
    clusters, labels = _group_of(found, ids), _group_of(truth, ids)
    shared = [len(clusters[id] & labels[id]) for id in ids]
    precision = sum(both / len(clusters[id]) for id, both in zip(ids, shared, strict=True)) / len(ids)
    recall = sum(both / len(labels[id]) for id, both in zip(ids, shared, strict=True)) / len(ids)
    return Scores(precision, recall, _harmonic(precision, recall))


def best_threshold(scores, truths, missed=0):
    """Return the Threshold of highest F1 when every pair with at least that score is taken; the highest of equals.

    scores: one a pair. truths: whether each is a true pair, boolean, of the same length. missed: true pairs that are
    not among these, which no threshold finds. Only scores that occur can be thresholds.
    """
    scores, truths = np.asarray(scores, dtype=float), np.asarray(truths, dtype=bool)
    total = int(truths.sum()) + missed
    if not len(scores) or not total:
        return Threshold(None, None, None, None)
    order = np.argsort(-scores, kind="stable")
    ordered, right = scores[order], np.cumsum(truths[order])
    # Pairs of one score are taken or left together.
    last = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))
    f1 = 2 * right[last] / (last + 1 + total)
    best = last[int(np.argmax(f1))]
    return Threshold(float(ordered[best]), *scores_of(int(right[best]), int(best) + 1, total))


def scores_of(right, found, true):
    """Return the Scores of `right` pairs among `found` ones, where `true` were to be found; all three are counts."""
    return Scores(_ratio(right, found), _ratio(right, true), _ratio(2 * right, found + true))


def f1_interval(found, truth, ids, *, resamples=1000, seed=20260101):
    """Return (low, high), the 95 % percentile bootstrap interval of the pairwise F1, or None without a true pair.

    Resampled are the true groups and the texts without twin, whole and with replacement (a cluster bootstrap: pairs
    of one group are not independent). A found pair of two different units counts by the mean of both their weights.
    Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13.
    """
    ids, true = list(ids), pairs_in(truth)
    if not true:
        return None
    units = {frozenset(unit): place for place, unit in enumerate(dict.fromkeys(_group_of(truth, ids).values()))}
    place = {id: units[unit] for id, unit in _group_of(truth, ids).items()}
    right, wrong, missed = (np.zeros(len(units)) for _ in range(3))
    guessed = pairs_in(found)
    for pair in guessed:
        for id in pair:
            (right if pair in true else wrong)[place[id]] += 0.5
    for one, _other in true - guessed:
        missed[place[one]] += 1
    random = np.random.default_rng(seed)
    drawn = random.multinomial(len(units), np.full(len(units), 1 / len(units)), size=resamples)
    hits, bottom = drawn @ right, drawn @ (2 * right + wrong + missed)
    low, high = np.percentile(np.divide(2 * hits, bottom, out=np.zeros(resamples), where=bottom > 0), [2.5, 97.5])
    return float(low), float(high)


def share(flags):
    """Return the share of `flags` that hold, or None without any."""
    return _ratio(sum(map(bool, flags)), len(flags))


def pairs_in(groups):
    """Return the pairs (smaller, larger) of ids that are together in one of `groups`."""
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def _group_of(groups, ids):
    alone = {id: frozenset((id,)) for id in ids}
    return alone | {id: frozenset(group) for group in groups for id in group if id in alone}


def _ratio(part, whole):
    return part / whole if whole else None


def _harmonic(one, other):
    return 2 * one * other / (one + other) if one + other else 0.0
