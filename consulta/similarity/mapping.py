"""Where texts stand on a map: near what they resemble, and near where they stood before.

Few texts are drawn by t-SNE (L. van der Maaten, G. Hinton, 2008) of their distances; of many, a sample is drawn and
every other text is put beside the one of the sample that it resembles most. Texts that are one group stand together.
The same texts give the same map. A map that starts from the one before moves little, and is turned so that it lies over
it.
"""

from typing import NamedTuple
from zlib import crc32

import numpy as np
from threadpoolctl import threadpool_limits

DRAWN = 2000
FEWEST = 8  # fewer texts than t-SNE can tell apart are laid out by their two strongest directions
NEIGHBOURS = 30.0  # the perplexity: about how many texts each is held near to
# The map of n texts is about SPREAD * sqrt(n) wide (standard deviation) when t-SNE comes to rest, measured for 100 to
# 2000 texts: a map from before has to begin at that size, or it is folded up and unfolded anew.
SPREAD = 0.6
STEPS, STEPS_AGAIN = 750, 300
MARGIN = 0.02
# Between texts that are put beside the same one, of the map's width; nearer to one another where they are one group.
APART, GROUPED = 0.008, 0.004
SEED = 7
_BLOCK = 512


class Views(NamedTuple):
    """What texts are compared by: unit rows of letters (CSR) and of meaning (dense, or None), zero where unknown."""

    letters: object
    meaning: object

    def cosines(self, some, others):
        """Return how alike the texts `some` and `others` (slots) are, shape (some, others)."""
        found = (self.letters[some] @ self.letters[others].T).toarray()
        if self.meaning is not None:
            found = (found + self.meaning[some] @ self.meaning[others].T) / 2
        return found

    def speak(self):
        """Return which texts say anything, boolean, shape (texts,)."""
        by_letters = np.diff(self.letters.indptr) > 0
        return by_letters if self.meaning is None else by_letters | self.meaning.any(axis=1)


def places(ids, letters, meaning=None, previous=None, *, together=(), anew=True):
    """Return a dictionary of id to (x, y), 0 to 1 each, of texts.

    ids: integers. letters: unit rows of the texts (CSR, one for each id), zero where a text says nothing. meaning:
    (unit rows, whether each is usable), or None. previous: where texts stood before, as this returns it. together:
    lists of ids that stand beside one another, each id in one list at most.
    anew: draw all of it; otherwise what has a place keeps it, and only the others are put beside what they resemble.
    """
    if not len(ids):
        return {}
    order = np.argsort(np.asarray(ids, dtype=np.int64), kind="stable")
    ids = [int(ids[place]) for place in order]
    slots = {id: slot for slot, id in enumerate(ids)}
    views = _viewed(letters[order], None if meaning is None else (meaning[0][order], np.asarray(meaning[1])[order]))
    groups = [[slots[id] for id in group if id in slots] for group in together]
    previous = {id: place for id, place in (previous or {}).items() if np.isfinite(place).all()}
    held = np.array([id in previous for id in ids], dtype=bool)
    if not anew and held.any():
        found = np.array([previous.get(id, (0.5, 0.5)) for id in ids], dtype=float)
        return _put_apart(ids, _beside(views, np.flatnonzero(held), found, groups))
    core = _sample(ids, views.speak(), groups)
    found = np.full((len(ids), 2), 0.5)
    if len(core):
        found[core] = _laid_out(views, core, [previous.get(ids[slot]) for slot in core])
    return _put_apart(ids, _beside(views, core, found, groups))


def _viewed(letters, meaning):
    # Takes half a second to import, and only the job that draws needs it; so below.
    from sklearn.preprocessing import normalize

    frequency = np.bincount(letters.indices, minlength=letters.shape[1])
    # What one text alone holds tells it from all others alike, and what most hold tells nothing.
    telling = np.flatnonzero((frequency > 1) & (frequency <= max(2, letters.shape[0] // 2)))
    letters = (
        normalize(letters[:, telling if len(telling) else np.flatnonzero(frequency)]) if frequency.any() else letters
    )
    if meaning is None or not meaning[1].any():
        return Views(letters.tocsr(), None)
    matrix, usable = np.nan_to_num(meaning[0]), meaning[1][:, None]
    centred = np.where(usable, matrix - matrix[meaning[1]].mean(axis=0), 0.0)
    return Views(letters.tocsr(), normalize(centred).astype(np.float32))


def _sample(ids, speaks, groups):
    """The slots of at most DRAWN texts that say anything, chosen by their ids alone: one more changes little.

    Of each group the first stands for all.
    """
    followers = {slot for group in groups for slot in group[1:]}
    free = np.array([slot for slot in np.flatnonzero(speaks) if slot not in followers], dtype=np.intp)
    if len(free) <= DRAWN:
        return free
    marks = np.array([crc32(str(ids[slot]).encode()) for slot in free])
    return np.sort(free[np.argsort(marks, kind="stable")[:DRAWN]])


def _laid_out(views, core, start):
    """Return where the texts `core` (slots) stand, shape (core, 2), 0 to 1; start: their places before, or None."""
    # See _viewed.
    from sklearn.manifold import TSNE

    if len(core) < FEWEST:
        return _fitted(_turned(_flat(views, core)))
    known = np.array([place is not None for place in start], dtype=bool)
    before = np.array([place or (0.5, 0.5) for place in start], dtype=float)
    again = known.mean() > 0.5
    cosines = views.cosines(core, core)
    if again:
        if not known.all():
            before[~known] = before[known][np.argmax(cosines[~known][:, known], axis=1)]
        centred = before - before.mean(axis=0)
        init = SPREAD * np.sqrt(len(core)) * centred / max(centred.std(), 1e-6)
    else:
        flat = _flat(views, core)
        init = 1e-4 * flat / max(flat[:, 0].std(), 1e-6)
    distances = np.sqrt(np.maximum(0, 2 - 2 * cosines)).astype(np.float32)
    np.fill_diagonal(distances, 0)
    model = TSNE(
        perplexity=min(NEIGHBOURS, (len(core) - 1) / 3),
        metric="precomputed",
        init=init.astype(np.float32),
        early_exaggeration=1.0 if again else 12.0,
        max_iter=STEPS_AGAIN if again else STEPS,
        learning_rate=max(len(core) / 48, 50.0),
        random_state=SEED,
    )
    # Several threads wait for one another at every step, which on a busy machine takes longer than one alone.
    with threadpool_limits(1):
        drawn = np.nan_to_num(model.fit_transform(distances))
    return _fitted(_over(drawn, known, before) if again else drawn)


def _flat(views, core):
    """Return the two strongest directions of the texts `core`, shape (core, 2)."""
    # See _viewed.
    from sklearn.decomposition import TruncatedSVD

    letters = views.letters[core]
    flat = np.zeros((len(core), 2))
    parts = min(2, len(core), letters.shape[1] - 1)
    if parts > 0:
        with np.errstate(invalid="ignore", divide="ignore"):  # how much each explains, where nothing differs
            flat[:, :parts] = TruncatedSVD(parts, random_state=SEED).fit_transform(letters)
    flat -= flat.mean(axis=0)
    # The sign of a direction is a matter of chance: the first text that has one is at its right.
    for place in range(2):
        signed = flat[np.abs(flat[:, place]) > 1e-6, place]
        flat[:, place] *= -1 if len(signed) and signed[0] < 0 else 1
    flat[np.abs(flat) < 1e-6] = 0
    return flat


def _turned(flat):
    """Put apart what stands together, by little, in the turns of a sunflower."""
    turns = np.arange(len(flat)) * 2.4
    return flat + 0.02 * np.sqrt(np.arange(len(flat)))[:, None] * np.column_stack([np.cos(turns), np.sin(turns)])


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


def _beside(views, core, found, groups):
    """Return `found` with all that is not in `core` (slots) put beside its group, or what it resembles most of it."""
    found, crowd, placed = found.copy(), {}, set(core.tolist())
    hosts, followers = {}, {}
    for group in filter(None, groups):  # all members of one may have been decided since
        standing = [slot for slot in group if slot in placed]
        leader = standing[0] if standing else group[0]
        followers |= {slot: leader for slot in group if slot != leader and slot not in placed}
    known = placed | followers.keys()
    free = np.array([slot for slot in np.flatnonzero(views.speak()) if slot not in known], dtype=np.intp)
    for start in range(0, len(free) if len(core) else 0, _BLOCK):
        some = free[start : start + _BLOCK]
        hosts |= dict(zip(some.tolist(), core[views.cosines(some, core).argmax(axis=1)].tolist(), strict=True))
    for slot, host in [*hosts.items(), *followers.items()]:  # whoever follows goes where its leader went
        # Around the host in the turns of a sunflower: none hides another.
        place = crowd[host] = crowd.get(host, 0) + 1
        turn, radius = 2.39996 * (place + host), (GROUPED if slot in followers else APART) * np.sqrt(place)
        found[slot] = found[host] + radius * np.array([np.cos(turn), np.sin(turn)])
    hosts |= followers
    rest = [slot for slot in range(len(found)) if slot not in placed and slot not in hosts]
    return _in_a_row(found, np.array(rest, dtype=np.intp))


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
