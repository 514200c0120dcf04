"""What an index answers, and how the judge is asked no more than an answer needs. No lock, no encoder."""

from typing import NamedTuple

import numpy as np

from consulta.similarity.judging import known


class Neighbour(NamedTuple):
    """A text near another.

    score: 0 to 1, after the guards and the re-ranker. letters, meaning: cosines, meaning None where it is not known.
    certain: a near-exact re-post, which no guard lowers. warnings: the Warnings of the guards.
    """

    id: int
    score: float
    letters: float
    meaning: float | None
    certain: bool
    warnings: tuple = ()


class Compared(NamedTuple):
    """Some texts, each with each. scores: shape (ids, ids), 1 on the diagonal, symmetric. plain: the same, unguarded.

    warnings: (id, id), the lower one first, to the Warnings of the guards, in which `one` speaks of the lower id; pairs
    without any are left out.
    """

    scores: np.ndarray
    warnings: dict
    plain: np.ndarray


class Likeness(NamedTuple):
    """One text beside every slot. plain, letters, meaning: shape (slots,), meaning NaN where unknown; twins: slots."""

    plain: np.ndarray
    letters: np.ndarray
    meaning: np.ndarray
    twins: frozenset


def nearest(one, texts, slots, likeness, judge, *, k, floor):
    """Return the first `k` Neighbours (None: all) of the Entry `one` at `slots` that reach `floor`, by score and id.

    Re-posts come first among equal scores; where there are `k` of them nothing else is looked at.
    Without a re-ranker no judgement is above the plain score: slots are judged from the highest plain score down, until
    `k` are found that none of the rest can reach. That finds exactly what judging all of them would.
    """
    copies = np.array([slot for slot in slots.tolist() if slot in likeness.twins], dtype=np.intp)
    if k is not None and len(copies) >= k:
        slots = np.array(sorted(copies.tolist(), key=lambda slot: texts.ids[slot])[:k], dtype=np.intp)
    found = []
    for some in _descending(slots, likeness.plain, k) if judge.reranker is None else [slots.tolist()]:
        # Scores that look alike once rounded are ordered by id, so an equal one is judged as well.
        if k is not None and len(found) >= k and round(float(likeness.plain[some].max()), 4) < found[k - 1].score:
            break
        found += _judged(one, texts, some, likeness, judge, floor=floor)
        found.sort(key=lambda each: (-each.score, not each.certain, each.id))
    return found[:k]


def compared(ids, entries, letters, meaning, judge):
    """Return the Compared of `ids`, whose Entries are `entries`; letters, meaning: cosines, shape (ids, ids)."""
    marks = np.array([entry.fingerprint for entry in entries], dtype=object)
    certain = (marks[:, None] == marks[None, :]) & (marks[:, None] != "")
    plain, warnings = judge.plain(letters, meaning), {}
    # The order of a sum in floating point must not decide which of two texts is asked about the other.
    plain = np.minimum(plain, plain.T)
    plain[certain] = 1.0
    np.fill_diagonal(plain, 1.0)
    scores = plain.copy()
    # A text at a time, so that the rows of hundreds of thousands of pairs are never there at once.
    for a in range(len(ids)):
        asked = [b for b in range(a + 1, len(ids)) if not certain[a, b]]
        numbers = zip(*(matrix[a, asked].tolist() for matrix in (plain, letters, meaning)), strict=True)
        rows = [(*_by_id(ids, entries, a, b), *three) for b, three in zip(asked, numbers, strict=True)]
        for b, said in zip(asked, judge.pairs(rows), strict=True):
            scores[a, b] = scores[b, a] = said.score
            if said.warnings:
                warnings[min(ids[a], ids[b]), max(ids[a], ids[b])] = said.warnings
    return Compared(scores, warnings, plain)


def _by_id(ids, entries, a, b):
    return (entries[a], entries[b]) if ids[a] < ids[b] else (entries[b], entries[a])


def _judged(one, texts, slots, likeness, judge, *, floor):
    """The Neighbours at `slots` that reach the floor."""
    entries = {slot: texts.entries[texts.ids[slot]] for slot in slots}
    plain, letters, meaning = (
        dict(zip(slots, values[slots].tolist(), strict=True))
        for values in (likeness.plain, likeness.letters, likeness.meaning)
    )
    asked = [slot for slot in slots if slot not in likeness.twins]
    rows = [(one, entries[slot], plain[slot], letters[slot], meaning[slot]) for slot in asked]
    said = dict(zip(asked, judge.pairs(rows), strict=True))
    found = []
    for slot in slots:
        score, warnings = (said[slot].score, said[slot].warnings) if slot in said else (1.0, ())
        if score < floor or score <= 0:
            continue
        near = None if known(meaning[slot]) is None else round(meaning[slot], 4)
        found.append(
            Neighbour(texts.ids[slot], round(score, 4), round(letters[slot], 4), near, slot in likeness.twins, warnings)
        )
    return found


def _descending(slots, plain, k):
    """Yield lists of slots: the highest plain scores first, little more than `k`, then the rest in growing portions."""
    portion = len(slots) if k is None else 4 * k
    while len(slots) > portion:
        order = np.argpartition(-plain[slots], portion)
        yield slots[order[:portion]].tolist()
        slots, portion = slots[order[portion:]], 4 * portion
    if len(slots):
        yield slots.tolist()
