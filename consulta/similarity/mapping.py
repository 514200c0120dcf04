"""Where texts stand on a map: near what they resemble, and near where they stood before.

Few texts are drawn by t-SNE (L. van der Maaten, G. Hinton, 2008) of their rows brought to DIMENSIONS numbers each; of
many, a sample is drawn and every other text is put beside the one of the sample that it resembles most. The same texts
give the same map. A map that starts from the one before moves little, and is turned so that it lies over it.
"""

from zlib import crc32

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.manifold import TSNE
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits

DRAWN = 2000
DIMENSIONS = 50
FEWEST = 8  # fewer texts than t-SNE can tell apart are laid out by their two strongest dimensions
NEIGHBOURS = 30.0  # the perplexity: about how many texts each is held near to
# The map of n texts is about SPREAD * sqrt(n) wide (standard deviation) when t-SNE comes to rest, measured for 100 to
# 2000 texts: a map from before has to begin at that size, or it is folded up and unfolded anew.
SPREAD = 0.6
STEPS, STEPS_AGAIN = 750, 300
MARGIN = 0.02
APART = 0.004  # between texts that are put beside the same one, of the map's width
SEED = 7
_BLOCK = 4096


def places(ids, letters, meaning=None, previous=None, *, anew=True):
    """Return a dictionary of id to (x, y), 0 to 1 each, of texts.

    ids: integers. letters: unit rows of the texts (CSR, one for each id), zero where a text says nothing. meaning:
    (unit rows, whether each is usable), or None. previous: where texts stood before, as this returns it.
    anew: draw all of it; otherwise what has a place keeps it, and only the others are put beside what they resemble.
    """
    if not len(ids):
        return {}
    order = np.argsort(np.asarray(ids, dtype=np.int64), kind="stable")
    ids = [int(ids[place]) for place in order]
    letters = letters[order]
    meaning = None if meaning is None else (meaning[0][order], np.asarray(meaning[1])[order])
    previous = {id: place for id, place in (previous or {}).items() if np.isfinite(place).all()}
    held = np.array([id in previous for id in ids], dtype=bool)
    if not anew and held.any():
        rows = _condensed(letters, meaning, _sample(ids))
        found = np.array([previous.get(id, (0.5, 0.5)) for id in ids], dtype=float)
        found = _beside(rows, np.flatnonzero(held), found)
    else:
        found = _drawn(ids, letters, meaning, previous)
    return _put_apart(ids, np.nan_to_num(found, nan=0.5))


def _drawn(ids, letters, meaning, previous):
    sample = _sample(ids)
    rows = _condensed(letters, meaning, sample)
    found = np.full((len(ids), 2), 0.5)
    speaks = rows[sample].any(axis=1)
    core = sample[speaks]
    if not len(core):
        return _in_a_row(found, np.arange(len(ids)))
    found[core] = _laid_out(rows[core], [previous.get(ids[place]) for place in core])
    return _beside(rows, core, found)


def _sample(ids):
    """The slots of at most DRAWN texts, chosen by their ids alone: one text more changes the choice by one."""
    if len(ids) <= DRAWN:
        return np.arange(len(ids))
    marks = np.array([crc32(str(id).encode()) for id in ids])
    return np.sort(np.argsort(marks, kind="stable")[:DRAWN])


def _condensed(letters, meaning, sample):
    """Return unit rows of few numbers each, shape (texts, dimensions): letters and, where it is known, meaning."""
    parts = [_letters_condensed(letters, sample)]
    if meaning is not None and meaning[1].any():
        matrix, usable = meaning
        known = np.where(usable[:, None], np.nan_to_num(matrix), 0.0).astype(np.float32)
        centred = np.where(usable[:, None], known - known[usable].mean(axis=0), 0.0)
        parts.append(normalize(_strongest(centred, sample)))
    return normalize(np.hstack(parts)).astype(np.float32)


def _letters_condensed(letters, sample):
    frequency = np.bincount(letters[sample].indices, minlength=letters.shape[1])
    # What one text alone holds tells it from all others alike, and what most hold tells nothing.
    telling = np.flatnonzero((frequency > 1) & (frequency <= max(2, len(sample) // 2)))
    if not len(telling):
        telling = np.flatnonzero(frequency)
    condensed = _strongest(letters[:, telling], sample)
    lengths = np.linalg.norm(condensed, axis=1, keepdims=True)
    return np.divide(condensed, lengths, out=np.zeros_like(condensed), where=lengths > 1e-6)


def _strongest(rows, sample):
    """Return `rows` (dense or CSR) in the DIMENSIONS directions in which those of `sample` differ most."""
    dimensions = min(DIMENSIONS, len(sample), rows.shape[1] - 1)
    if dimensions < 1:
        return np.zeros((rows.shape[0], 1), dtype=np.float32)
    with np.errstate(invalid="ignore", divide="ignore"):  # how much each direction explains, where nothing differs
        model = TruncatedSVD(dimensions, random_state=SEED).fit(rows[sample])
    return np.asarray(model.transform(rows), dtype=np.float32)


def _laid_out(rows, start):
    """Return where `rows` stand, shape (rows, 2), 0 to 1. start: the place before of each, or None."""
    if len(rows) < FEWEST:
        return _flat(rows)
    known = np.array([place is not None for place in start], dtype=bool)
    before = np.array([place or (0.5, 0.5) for place in start], dtype=float)
    again = known.mean() > 0.5
    if again:
        found = _beside(rows, np.flatnonzero(known), before)
        centred = found - found.mean(axis=0)
        init = SPREAD * np.sqrt(len(rows)) * centred / max(centred.std(), 1e-6)
    else:
        init = 1e-4 * _flat(rows, spread=True)
    model = TSNE(
        perplexity=min(NEIGHBOURS, (len(rows) - 1) / 3),
        init=init.astype(np.float32),
        early_exaggeration=1.0 if again else 12.0,
        max_iter=STEPS_AGAIN if again else STEPS,
        learning_rate=max(len(rows) / 48, 50.0),
        random_state=SEED,
    )
    # Several threads wait for one another at every step, which on a busy machine takes longer than one alone.
    with threadpool_limits(1):
        drawn = np.nan_to_num(model.fit_transform(rows))
    return _fitted(_over(drawn, known, before) if again else drawn)


def _flat(rows, spread=False):
    """Return the two strongest dimensions of few rows, shape (rows, 2); equal ones are put apart."""
    centred = rows - rows.mean(axis=0)
    left, sizes, _right = np.linalg.svd(centred, full_matrices=False)
    flat = np.zeros((len(rows), 2))
    flat[:, : min(2, left.shape[1])] = (left * sizes)[:, :2]
    # The sign of a dimension is a matter of chance: the first text that has one is at its right.
    for place in range(2):
        signed = flat[np.abs(flat[:, place]) > 1e-6, place]
        flat[:, place] *= -1 if len(signed) and signed[0] < 0 else 1
    flat[np.abs(flat) < 1e-6] = 0
    if spread:
        return flat / max(flat[:, 0].std(), 1e-6)
    turns = np.arange(len(rows)) * 2.4
    flat += 0.02 * np.sqrt(np.arange(len(rows)))[:, None] * np.column_stack([np.cos(turns), np.sin(turns)])
    return _fitted(flat)


def _over(found, known, before):
    """Turn, mirror, size and shift `found` so that what is `known` lies over where it stood `before`."""
    one, other = found[known], before[known]
    centre, target = one.mean(axis=0), other.mean(axis=0)
    one, other = one - centre, other - target
    left, sizes, right = np.linalg.svd(one.T @ other)
    size = sizes.sum() / max((one**2).sum(), 1e-9)
    return (found - centre) @ (left @ right) * size + target


def _fitted(found):
    """Return places that lie within the margins: as they are where they do already, else moved and sized to fit."""
    least, most = found.min(axis=0), found.max(axis=0)
    if (least >= 0).all() and (most <= 1).all() and ((most - least) > 0.8).all():
        return found
    extent = np.where(most - least > 1e-9, most - least, 1.0)
    scaled = (found - least) / extent
    scaled[:, most - least <= 1e-9] = 0.5
    return MARGIN + (1 - 2 * MARGIN) * scaled


def _beside(rows, core, found):
    """Return `found` with all that is not in `core` (slots) put beside what it resembles most of it."""
    rest = np.setdiff1d(np.arange(len(rows)), core)
    silent = rest[~rows[rest].any(axis=1)]
    rest = rest[rows[rest].any(axis=1)]
    found, crowd = found.copy(), {}
    for start in range(0, len(rest), _BLOCK):
        some = rest[start : start + _BLOCK]
        nearest = np.argmax(rows[some] @ rows[core].T, axis=1)
        for slot, host in zip(some.tolist(), core[nearest].tolist(), strict=True):
            # Around the host in the turns of a sunflower: none hides another.
            place = crowd[host] = crowd.get(host, 0) + 1
            turn, radius = 2.39996 * (place + host), APART * np.sqrt(place)
            found[slot] = found[host] + radius * np.array([np.cos(turn), np.sin(turn)])
    return _in_a_row(found, silent)


def _put_apart(ids, found):
    """Return id to (x, y), no two the same, all within 0 to 1; what stands free stays where it is."""
    taken, places = set(), {}
    for id, (x, y) in zip(ids, found.tolist(), strict=True):
        turn, place = 0, _inside(x, y)
        while place in taken:
            turn += 1
            angle, radius = 2.39996 * turn, APART * np.sqrt(turn)
            place = _inside(x + radius * np.cos(angle), y + radius * np.sin(angle))
        taken.add(place)
        places[id] = place
    return places


def _inside(x, y):
    """A place beyond the edge is mirrored at it, so that no two fall together there."""
    x, y = (abs(value) if value < 1 else 2 - value for value in (x, y))
    return round(min(max(float(x), 0.0), 1.0), 5), round(min(max(float(y), 0.0), 1.0), 5)


def _in_a_row(found, silent):
    """Put texts that say nothing along the lower edge: they resemble none."""
    found[silent] = np.column_stack([(np.arange(len(silent)) + 1) / (len(silent) + 1), np.full(len(silent), 0.995)])
    return found
