"""The texts of one consultation in memory: put in, taken out, and asked for the closest.

Exact search, by one sparse and one dense product; the figures are printed by benchmarks/similar.py.
"""

import threading
from numbers import Integral
from typing import NamedTuple

import numpy as np

from consulta.similarity.calibration import calibration_of
from consulta.similarity.letters import Letters
from consulta.similarity.scoring import fuse, joined
from consulta.similarity.texts import Texts, whole
from consulta.similarity.vectors import products
from consulta.similarity.words import fingerprint

# Seconds a question waits while the model is busy with a batch, before it goes on with letters alone.
PATIENCE = 0.2


class Neighbour(NamedTuple):
    """A text near another. score, letters: 0 to 1. meaning: cosine, or None. certain: a near-exact re-post."""

    id: int
    score: float
    letters: float
    meaning: float | None
    certain: bool


class Frozen(NamedTuple):
    """An index as it was at one moment, safe to read without the lock. Every sequence is by slot.

    fitted: two Fitted, of the titles and of the whole texts. vectors: two (matrix, usable), or None without a model.
    calibrations: two Calibrations, of letters alone and of letters with the model (None without one).
    """

    ids: list
    bodies: np.ndarray
    fitted: tuple
    vectors: tuple | None
    calibrations: tuple
    fingerprints: list


class Index:
    """Texts by integer id, searched by letters and, where vectors are there, by meaning.

    Thread-safe: one lock, held for the products and never while a text is encoded. Adding puts one row at the end; how
    rare each n-gram is is fitted again once the texts have grown by a tenth, at the next question. Two processes that
    added the same texts in another order may therefore differ slightly until `refresh`.
    meaning: a Meaning, or None for letters alone.
    """

    def __init__(self, meaning=None):
        self.meaning = meaning
        self._letters = Letters()
        self._lock = threading.RLock()
        self._texts = Texts()
        self._version = None
        self._encoder = None

    def __len__(self):
        return len(self._texts.entries)

    def __contains__(self, id):
        return id in self._texts.entries

    def ids(self):
        """Return the ids held, in increasing order."""
        with self._lock:
            return sorted(self._texts.entries)

    def text(self, id):
        """Return (title, body) of a text held; KeyError for another."""
        entry = self._texts.entries[id]
        return entry.title, entry.body

    def add(self, id, title, body="", *, vectors=None):
        """Hold a text under `id`, in place of what was held under it; the same text again costs nothing.

        vectors: (row of the title, row of title and body) made by this index's model earlier; those that are no unit
        vectors of the right size are ignored, and made again by `encode_missing`.
        """
        title, body = title or "", body or ""
        held = self._texts.entries.get(id)
        if held is None or (held.title, held.body) != (title, body):
            counts = self._letters.count([title, whole(title, body)])
            with self._lock:
                self._texts.put(id, title, body, counts)
        if vectors is not None:
            self._put_vectors(id, (title, body), vectors)

    def add_many(self, rows):
        """Hold many texts, as `add` does, at a third of the cost; rows: (id, title, body) of each, in their order."""
        rows = [(id, title or "", body or "") for id, title, body in rows]
        rows = [row for row in rows if row[0] not in self or self.text(row[0]) != row[1:]]
        counts = self._letters.count([view for _, title, body in rows for view in (title, whole(title, body))])
        with self._lock:
            for place, (id, title, body) in enumerate(rows):
                self._texts.put(id, title, body, counts[2 * place : 2 * place + 2])

    def remove(self, id):
        """Let a text go; one that is not held is no error."""
        with self._lock:
            self._texts.drop(id)

    def refresh(self):
        """Fit rarity on exactly the texts held; worth calling after many were added at once."""
        with self._lock:
            self._texts.refit()

    def closest(self, text, k=5, *, body="", floor=0.0, among=None, but=()):
        """Return up to `k` Neighbours of `text`, the nearest first, equal ones by id.

        text: the title of a text that is not held (with its `body`), or the integer id of one that is; itself is left
        out, and an id not held has no neighbours. floor: the least score. among: ids to choose from (all). but: ids
        never to return. Answers for any text; one that says nothing has no neighbours.
        """
        if k <= 0 or not len(self) or (isinstance(text, Integral) and text not in self):
            return []
        own = {text} if isinstance(text, Integral) else set()
        views, rows, mark = self._held(text) if own else self._new(text or "", body or "")
        counts = self._letters.count(views)
        with self._lock:
            texts = self._settled()
            pairs = zip(texts.postings, counts, strict=True)
            bodies = texts.bodies() & (views[0] != views[1])
            letters = joined(*(postings.cosines(postings.weigh(count)) for postings, count in pairs), bodies)
            meaning = joined(*(vectors.cosines(row) for vectors, row in zip(texts.vectors, rows, strict=True)), bodies)
            score = fuse(letters, meaning, *self._calibrations())
            twins = texts.twins(mark)
            score[twins] = 1.0
            # A score of nothing is no likeness, even where no floor was asked for.
            wanted = texts.mask(among) & ~texts.mask({*but, *own}) & (score >= floor) & (score > 0)
            return [
                Neighbour(
                    texts.ids[slot],
                    round(float(score[slot]), 4),
                    round(float(letters[slot]), 4),
                    None if np.isnan(meaning[slot]) else round(float(meaning[slot]), 4),
                    slot in twins,
                )
                for slot in _best(np.flatnonzero(wanted), score, texts.ids, k)
            ]

    def scores(self, ids):
        """Return the score of every pair of `ids`, shape (ids, ids), 1 on the diagonal; KeyError for one not held."""
        with self._lock:
            texts = self._settled()
            entries = [texts.entries[id] for id in ids]
            if not entries:
                return np.zeros((0, 0), dtype=np.float32)
            slots = [entry.slot for entry in entries]
            letters, meaning = [], []
            for place, (postings, vectors) in enumerate(zip(texts.postings, texts.vectors, strict=True)):
                rows = postings.weigh(self._letters.count([entry.views[place] for entry in entries]))
                letters.append((rows @ rows.T).toarray())
                meaning.append(products(vectors.matrix()[slots], vectors.usable[slots]))
        bodies = np.array([bool(entry.body) for entry in entries])
        bodies = bodies[:, None] & bodies
        score = fuse(joined(*letters, bodies), joined(*meaning, bodies), *self._calibrations())
        marks = np.array([entry.fingerprint for entry in entries], dtype=object)
        score[(marks[:, None] == marks[None, :]) & (marks[:, None] != "")] = 1.0
        np.fill_diagonal(score, 1.0)
        return score

    def missing(self):
        """Return how many texts have no vectors of the present model yet; 0 without a model."""
        with self._lock:
            return len(self._texts.without_vectors()) if self.meaning else 0

    def encode_missing(self, limit=16):
        """Encode up to `limit` texts that have no vectors yet, and return how many were; 0 means nothing to do now.

        For jobs and background threads: it takes as long as the model takes, outside the lock.
        """
        if self.meaning is None or not self.meaning.ready:
            return 0
        with self._lock:
            self._adopt(self.meaning.version)
            batch = [(id, self._texts.entries[id]) for id in self._texts.without_vectors()[:limit]]
        rows = self.meaning.encode([view for _, entry in batch for view in entry.views]) if batch else None
        if rows is None:
            return 0
        for place, (id, entry) in enumerate(batch):
            self._put_vectors(id, (entry.title, entry.body), (rows[2 * place], rows[2 * place + 1]))
        return len(batch)

    def encode_soon(self):
        """Have a thread encode whatever is missing and end; returns at once, and does nothing while one is at it."""
        if self.meaning is None or not self.meaning.ready:
            return
        with self._lock:
            if self._encoder is None or not self._encoder.is_alive():
                self._encoder = threading.Thread(target=self._encode_all, name="similarity-encode", daemon=True)
                self._encoder.start()

    def vectors(self, id):
        """Return (row of the title, row of title and body) to be stored, or None where either is not made or silent."""
        with self._lock:
            entry = self._texts.entries[id]
            rows = tuple(vectors.row(entry.slot) for vectors in self._texts.vectors)
        return None if any(row is None for row in rows) else rows

    def frozen(self):
        """Return the index as Frozen, refreshed; for work over all pairs, which must not hold the lock."""
        with self._lock:
            self.refresh()
            texts = self._texts
            return Frozen(
                list(texts.ids),
                texts.bodies(),
                tuple(postings.fitted() for postings in texts.postings),
                tuple((vectors.matrix().copy(), vectors.usable) for vectors in texts.vectors) if self.meaning else None,
                self._calibrations(),
                [texts.entries[id].fingerprint for id in texts.ids],
            )

    def _calibrations(self):
        return calibration_of(), calibration_of(self.meaning.version) if self.meaning else None

    def _settled(self):
        if self._texts.stale:
            self._texts.refit()
        return self._texts

    def _held(self, id):
        with self._lock:
            entry = self._texts.entries.get(id)
            if entry is None:
                return ("", ""), (None, None), ""
            return entry.views, tuple(vectors.row(entry.slot) for vectors in self._texts.vectors), entry.fingerprint

    def _new(self, title, body):
        views, rows = (title, whole(title, body)), None
        if self.meaning is not None and any(vectors.usable.any() for vectors in self._texts.vectors):
            rows = self.meaning.encode(views, patience=PATIENCE)
        return views, (None, None) if rows is None else tuple(rows), fingerprint(views[1])

    def _adopt(self, version):
        """Vectors of another model are not comparable: let them go."""
        if self._version not in (None, version):
            for vectors in self._texts.vectors:
                vectors.forget()
        self._version = version

    def _encode_all(self):
        while self.encode_missing():
            pass

    def _put_vectors(self, id, text, rows):
        with self._lock:
            entry = self._texts.entries.get(id)
            # The text may have been changed or removed while it was being encoded.
            if entry is not None and (entry.title, entry.body) == text:
                for vectors, row in zip(self._texts.vectors, rows, strict=True):
                    vectors.put(entry.slot, row)


def _best(slots, score, ids, k):
    if len(slots) > 4 * k:
        least = np.partition(score[slots], len(slots) - k)[len(slots) - k]
        # A little more than k, because scores that look alike once rounded are ordered by id.
        slots = slots[score[slots] >= least - 1e-4]
    return sorted(slots.tolist(), key=lambda slot: (-round(float(score[slot]), 4), ids[slot]))[:k]
