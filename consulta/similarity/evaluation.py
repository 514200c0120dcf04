"""Measuring on labelled texts: they are held, searched and grouped as the site does it, and held against the truth."""

import resource
import sys
import time
from typing import NamedTuple

import numpy as np

from consulta.similarity import metrics
from consulta.similarity.calibration import Calibration, calibration_of
from consulta.similarity.grouping import suggest_groups
from consulta.similarity.pairs import similar_pairs
from consulta.similarity.scoring import CITIZEN_FLOOR, GROUP_FLOOR

CLOSEST = 5
# How far down the list of neighbours a first twin is looked for; one that comes later counts as not found. Most come at
# once, and guards are asked about everything that is listed.
RANKED = (10, 100)
# The single threshold is looked for from this score on: below lie nearly all pairs, and no threshold worth having.
SWEPT_FROM = 0.2
BATCH = 64


class CannotMeasure(RuntimeError):
    """The model ceased to answer; the message is for people."""


class Seen(NamedTuple):
    """What the site made of the texts, by the place of each in the file.

    ranks: of the first twin of every text that has one, or None. closest: the five nearest of each of those.
    groups: the suggested Groups. by_title, by_text: what would be shown, for every text, to somebody who typed its
    title, and its title and body. pairs: (scores, whether they are true pairs), two lists.
    """

    ranks: dict
    closest: dict
    groups: list
    by_title: dict
    by_text: dict
    pairs: tuple


def evaluate(index, texts, negatives=(), *, citizen_floor=CITIZEN_FLOOR, group_floor=GROUP_FLOOR, shown=CLOSEST):
    """Return the figures of `texts` in an empty `index`, as a dictionary ready for JSON; None: nothing to measure.

    texts: Labelled. negatives: Negatives among them. citizen_floor, shown: the least score and the number of what is
    shown to somebody who writes. group_floor: as in `suggest_groups`. Each figure is a function of `metrics`. The same
    texts give the same figures, but for `seconds` and `peak_memory_mb`. Raises CannotMeasure.
    """
    clock = [time.perf_counter()]
    hold(index, texts)
    clock.append(time.perf_counter())
    truth = _truth(texts)
    ranks, closest = _search(index, truth)
    by_title = _shown(index, [text._replace(body="") for text in texts], citizen_floor, shown)
    by_text = _shown(index, texts, citizen_floor, shown, known=by_title)
    clock.append(time.perf_counter())
    groups = suggest_groups(index, floor=group_floor)
    clock.append(time.perf_counter())
    pairs = _scored(index, metrics.pairs_in(truth))
    clock.append(time.perf_counter())
    seen = Seen(ranks, closest, groups, by_title, by_text, pairs)
    figures = _figures(texts, truth, seen, (citizen_floor, group_floor))
    figures["negatives"] = _of_negatives(texts, negatives, seen) if negatives else None
    spent = dict(zip(("encode", "search", "group", "compare"), np.diff(clock).tolist(), strict=True))
    figures["seconds"] = {**spent, "total": clock[-1] - clock[0]}
    figures["peak_memory_mb"] = peak_memory()
    return _rounded(figures)


def by_meaning_alone(version=None, folder=None):
    """Return the Calibration of a model that is asked without letters, for an Index that is measured.

    It is that of both with letters held where they say neither yes nor no, so letters change no score. A text the model
    cannot read is compared by letters all the same, as on the site. version, folder: as in `calibration_of`.
    """
    alone = calibration_of()
    if version is None:
        return alone
    both = calibration_of(version, folder)
    return Calibration(both.intercept - both.letters * alone.intercept / alone.letters, 0.0, both.meaning)


def peak_memory():
    """Return the most memory this process has held at once, in MB (2**20 bytes)."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 2**20 if sys.platform == "darwin" else most / 2**10  # macOS counts bytes, Linux kilobytes


def hold(index, texts):
    """Put Labelled texts into an empty `index`, each under its place, and encode them all. Raises CannotMeasure."""
    index.add_many([(id, text.title, text.body) for id, text in enumerate(texts)])
    if index.meaning is not None:
        while index.missing():
            if not index.encode_missing(BATCH):
                raise CannotMeasure(f"The model stopped: {' '.join(index.meaning.state).strip()}")
    index.refresh()


def _truth(texts):
    groups = {}
    for id, text in enumerate(texts):
        if text.group:
            groups.setdefault(text.group, []).append(id)
    return list(groups.values())


def _search(index, truth):
    """Ask for the neighbours of every text with a twin, as one that is held, among all the others."""
    ranks, closest = {}, {}
    for group in truth:
        for id in group:
            for depth in RANKED:
                found = [neighbour.id for neighbour in index.closest(id, depth)]
                ranks[id] = next((rank for rank, other in enumerate(found, 1) if other in group), None)
                if ranks[id] is not None or len(found) < depth:
                    break
            closest[id] = found[:CLOSEST]
    return ranks, closest


def _shown(index, texts, floor, shown, known=None):
    """Return the ids that somebody sees who types each text while all the others are public.

    known: what is seen for the titles, which is the same where there is no body.
    """
    found = {}
    for id, text in enumerate(texts):
        if known is None or text.body:
            near = index.closest(text.title, shown, body=text.body, floor=floor, but={id})
            found[id] = [neighbour.id for neighbour in near]
        else:
            found[id] = known[id]
    return found


def _scored(index, truth):
    """Return (scores, whether true) of every pair of texts that scores SWEPT_FROM or more."""
    found = similar_pairs(index, SWEPT_FROM)
    return [pair.score for pair in found], [(pair.first, pair.second) in truth for pair in found]


def _figures(texts, truth, seen, floors):
    ids, found = range(len(texts)), [group.ids for group in seen.groups]
    ranks = list(seen.ranks.values())
    twinless = [id for id in ids if not texts[id].group]
    scores, true = seen.pairs
    pairs = len(metrics.pairs_in(truth))
    twins = {id: set(group) - {id} for group in truth for id in group}
    return {
        "texts": len(texts),
        "with_twin": len(ranks),
        "twinless": len(twinless),
        "groups": len(truth),
        "true_pairs": pairs,
        "hit_at_1": metrics.hit_at(ranks, 1),
        "hit_at_5": metrics.hit_at(ranks, CLOSEST),
        "mrr": metrics.mean_reciprocal_rank(ranks),
        "pair_recall_at_5": metrics.pair_recall(seen.closest, truth),
        "suggested_groups": {
            "floor": floors[1],
            "groups": len(found),
            "texts": sum(map(len, found)),
            **metrics.pairwise(found, truth)._asdict(),
            "f1_interval": metrics.f1_interval(found, truth, ids),
        },
        "best_threshold": metrics.best_threshold(scores, true, pairs - sum(true))._asdict(),
        "b_cubed": metrics.b_cubed(found, truth, ids)._asdict(),
        "citizen": {
            "floor": floors[0],
            "twinless_shown_typing_title": metrics.share([seen.by_title[id] for id in twinless]),
            "twinless_shown_with_body": metrics.share([seen.by_text[id] for id in twinless]),
            "twin_shown_typing_title": metrics.share([twins[id] & set(seen.by_title[id]) for id in twins]),
            "twin_shown_with_body": metrics.share([twins[id] & set(seen.by_text[id]) for id in twins]),
        },
    }


def _of_negatives(texts, negatives, seen):
    """Return how many of `negatives` would be suggested to a moderator or shown to a citizen: of all, and by kind."""
    places = {text.id: id for id, text in enumerate(texts)}
    together = metrics.pairs_in(group.ids for group in seen.groups)
    kinds, suggested = {}, []
    for negative in negatives:
        one, other = sorted((places[negative.id_a], places[negative.id_b]))
        flags = (
            (one, other) in together,
            other in seen.by_title[one] or one in seen.by_title[other],
            other in seen.by_text[one] or one in seen.by_text[other],
        )
        kinds.setdefault(negative.kind, []).append(flags)
        if flags[0]:
            suggested.append([negative.id_a, negative.id_b])
    every = [flags for each in kinds.values() for flags in each]
    by_kind = {kind: _counted(kinds[kind]) for kind in sorted(kinds) if kind}
    return {**_counted(every), "kinds": by_kind, "suggested_pairs": suggested}


def _counted(flags):
    suggested, by_title, by_text = zip(*flags, strict=True)
    return {
        "pairs": len(flags),
        "suggested": sum(suggested),
        "suggested_share": metrics.share(suggested),
        "shown_typing_title_share": metrics.share(by_title),
        "shown_with_body_share": metrics.share(by_text),
    }


def _rounded(value):
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return round(value, 6) if isinstance(value, float) else value
