"""The texts of one consultation in memory: put in, taken out, and asked for the closest.

Exact search, by one sparse and one dense product, up to nearest.EXACT_UP_TO texts; the figures are printed by
benchmarks/similarity.py.
"""

import threading
from numbers import Integral
from typing import NamedTuple

import numpy as np

from consulta.similarity.answers import Compared, Likeness, compared, nearest
from consulta.similarity.calibration import calibration_of
from consulta.similarity.judging import Judge
from consulta.similarity.letters import Letters
from consulta.similarity.nearest import shortlist
from consulta.similarity.scoring import joined
from consulta.similarity.texts import Entry, Texts, whole
from consulta.similarity.vectors import products

# Seconds a question waits while the model is busy with a batch, before it goes on with letters alone.
PATIENCE = 0.2
# Scores are told with four digits.
LEAST = 0.0001


class Frozen(NamedTuple):
    """An index as it was at one moment, safe to read without the lock. Every sequence is by slot.

    fitted: two Fitted, of the titles and of the whole texts. vectors: two (matrix, usable), or None without a model.
    calibrations: two Calibrations, of letters alone and of letters with the model (None without one). judge: the Judge
    of that moment. era: see `Index.era`.
    """

    ids: list
    bodies: np.ndarray
    fitted: tuple
    vectors: tuple | None
    calibrations: tuple
    fingerprints: list
    entries: list
    judge: Judge
    era: int


class Index:
    """Texts by integer id, searched by letters and, where vectors are there, by meaning.

    Thread-safe: one lock, held for the products and never while a text is encoded. Adding puts one row at the end; how
    rare each n-gram is is fitted again once the texts have grown by a tenth, at the next question. Two processes that
    added the same texts in another order may therefore differ slightly until `refresh`.
    meaning: a Meaning, or None for letters alone. gazetteer: the places that guards know, or None. reranker: see
    `reranking.Learned`, or None; it may be exchanged by `rerank`. calibrate: what `calibration_of` is, unless it is to
    be measured otherwise: from an encoder's version (None for letters alone) and its folder to a Calibration.

    stamp: counts everything that may change an answer. era: the stamp at which every score may have changed at once.
    """

    def __init__(self, meaning=None, gazetteer=None, reranker=None, calibrate=calibration_of):
        self.meaning = meaning
        self.stamp = self.era = 0
        self._gazetteer = gazetteer
        self._reranker = reranker
        self._calibrate = calibrate
        self._letters = Letters()
        self._lock = threading.RLock()
        self._texts = Texts()
        self._version = None
        self._calibrated = (None, None)  # what it is made from, and the Calibration
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

    def mark(self, id):
        """Return the fingerprint of a text held, equal in re-posts; KeyError for one that is not held."""
        return self._texts.entries[id].fingerprint

    def revision(self, id):
        """Return the stamp at which the text of `id` or its vectors last changed, or None where it is not held."""
        entry = self._texts.entries.get(id)
        return None if entry is None else entry.revision

    def add(self, id, title, body="", *, vectors=None):
        """Hold a text under `id`, in place of what was held under it; the same text again costs nothing.

        vectors: (row of the title, row of title and body) made earlier by the model served; those that are no unit
        vectors of the right size are ignored, and made again by `encode_missing`.
        """
        self.add_many([(id, title, body)])
        if vectors is not None:
            with self._lock:
                self._put_vectors(id, (title or "", body or ""), vectors)

    def add_many(self, rows):
        """Hold many texts, as `add` does, at a third of the cost; rows: (id, title, body) of each, in their order."""
        rows = [(id, title or "", body or "") for id, title, body in rows]
        rows = [row for row in rows if row[0] not in self or self.text(row[0]) != row[1:]]
        counts = self._letters.count([view for _, title, body in rows for view in (title, whole(title, body))])
        with self._lock:
            for place, (id, title, body) in enumerate(rows):
                self._texts.put(id, title, body, counts[2 * place : 2 * place + 2], self._changed())

    def remove(self, id):
        """Let a text go; one that is not held is no error."""
        with self._lock:
            if self._texts.drop(id):
                self._changed()

    def refresh(self):
        """Fit rarity on exactly the texts held; worth calling after many were added at once."""
        with self._lock:
            if self._texts.refit():
                self.era = self._changed()

    def rerank(self, reranker):
        """Use `reranker` from now on, or none."""
        with self._lock:
            if reranker != self._reranker:
                self._reranker = reranker
                self.era = self._changed()

    def serve(self, version, vectors=()):
        """Compare by the vectors of encoder `version` from now on, all at once; those of another version are let go.

        vectors: (id, (row of the title, row of title and body)) of each, made of the texts that are held. The version
        may be older than the model of this process: typed texts are then compared by letters alone. None: no vectors.
        Returns the ids whose vectors were refused, as no unit vectors of the right size.
        """
        refused = []
        with self._lock:
            self._adopt(version)
            for id, rows in vectors:
                entry = self._texts.entries.get(id)
                if entry is not None and not self._put_vectors(id, (entry.title, entry.body), rows):
                    refused.append(id)
        return refused

    @property
    def version(self):
        """The version of the encoder whose vectors are compared, or None before there are any."""
        return self._version

    def closest(self, text, k=5, *, body="", floor=0.0, among=None, but=()):
        """Return up to `k` Neighbours of `text` (None: all), the nearest first, equal ones by id.

        text: the title of a text that is not held (with its `body`), or the integer id of one that is; itself is left
        out, and an id not held has no neighbours. floor: the least score. among: ids to choose from (all). but: ids
        never to return. Answers for any text; one that says nothing has no neighbours.
        """
        if (k is not None and k <= 0) or not len(self) or (isinstance(text, Integral) and text not in self):
            return []
        own = {text} if isinstance(text, Integral) else set()
        one, rows = self._held(text) if own else self._new(text or "", body or "")
        counts = self._letters.count(one.views)
        with self._lock:
            texts, judge = self._settled(), self._judge()
            pairs = zip(texts.postings, counts, strict=True)
            bodies = texts.bodies() & bool(one.body)
            letters = joined(*(postings.cosines(postings.weigh(count)) for postings, count in pairs), bodies)
            twins = texts.twins(one.fingerprint)
            near = shortlist(texts.vectors, rows, letters, twins) if among is None else None
            dense = zip(texts.vectors, rows, strict=True)
            meaning = joined(*(vectors.cosines(row, near) for vectors, row in dense), bodies)
            plain = judge.plain(letters, meaning)
            plain[twins] = 1.0
            # A score that is shown as nothing is no likeness, even where no floor was asked for.
            wanted = texts.mask(among) & ~texts.mask({*but, *own}) & (plain >= max(judge.least(floor), LEAST))
            slots = np.flatnonzero(wanted) if near is None else near[wanted[near]]
            likeness = Likeness(plain, letters, meaning, frozenset(twins))
            return nearest(one, texts, slots, likeness, judge, k=k, floor=floor)

    def compare(self, ids):
        """Return the Compared of `ids`, each with each; KeyError for one that is not held."""
        with self._lock:
            texts, judge = self._settled(), self._judge()
            entries = [texts.entries[id] for id in ids]
            if not entries:
                nothing = np.zeros((0, 0), dtype=np.float32)
                return Compared(nothing, {}, nothing)
            slots = [entry.slot for entry in entries]
            letters, meaning = [], []
            for place, (postings, vectors) in enumerate(zip(texts.postings, texts.vectors, strict=True)):
                rows = postings.weigh(self._letters.count([entry.views[place] for entry in entries]))
                letters.append(rows.products(rows))
                meaning.append(products(vectors.matrix()[slots], vectors.usable[slots]))
        bodies = np.array([bool(entry.body) for entry in entries])
        bodies = bodies[:, None] & bodies
        return compared(ids, entries, joined(*letters, bodies), joined(*meaning, bodies), judge)

    def scores(self, ids):
        """Return the score of every pair of `ids`, shape (ids, ids), 1 on the diagonal; KeyError for one not held."""
        return self.compare(ids).scores

    def missing(self):
        """Return how many texts have no vectors of the version served; 0 without a model."""
        with self._lock:
            return len(self._texts.without_vectors()) if self.meaning or self._version else 0

    def encode_missing(self, limit=16):
        """Encode up to `limit` texts that have no vectors yet, and return how many were; 0: nothing can be done now.

        For jobs and background threads: it takes as long as the model takes, outside the lock. Vectors of another
        version than the model's are let go.
        """
        if self.meaning is None or not self.meaning.ready:
            return 0
        with self._lock:
            self._adopt(self.meaning.version)
            batch = [(id, self._texts.entries[id]) for id in self._texts.without_vectors()[:limit]]
        rows = self.meaning.encode([view for _, entry in batch for view in entry.views]) if batch else None
        if rows is None:
            return 0
        with self._lock:
            return sum(
                self._put_vectors(id, (entry.title, entry.body), (rows[2 * place], rows[2 * place + 1]))
                for place, (id, entry) in enumerate(batch)
            )

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
            texts, judge = self._texts, self._judge()
            entries = [texts.entries[id] for id in texts.ids]
            has_vectors = self.meaning is not None or self._version is not None
            return Frozen(
                list(texts.ids),
                texts.bodies(),
                tuple(postings.fitted() for postings in texts.postings),
                tuple((v.matrix().copy(), v.usable) for v in texts.vectors) if has_vectors else None,
                (judge.alone, judge.both),
                [entry.fingerprint for entry in entries],
                entries,
                judge,
                self.era,
            )

    def _changed(self):
        self.stamp += 1
        return self.stamp

    def _judge(self):
        version = self._version or (self.meaning.version if self.meaning else None)
        # Not every encoder lies in a folder, the one that made the vectors may be gone, and the present one says where
        # it lies only once it is loaded.
        present = self.meaning is not None and self.meaning.version == version
        source = version, getattr(self.meaning, "folder", None) if present else None
        if self._calibrated[0] != source:
            if self._calibrated[0] is not None:
                self.era = self._changed()
            self._calibrated = (source, self._calibrate(*source) if version else None)
        return Judge(self._calibrate(None), self._calibrated[1], self._gazetteer, self._reranker)

    def _settled(self):
        if self._texts.stale:
            self.refresh()
        return self._texts

    def _held(self, id):
        with self._lock:
            entry = self._texts.entries.get(id)
            if entry is None:
                return Entry(-1, "", ""), (None, None)
            return entry, tuple(vectors.row(entry.slot) for vectors in self._texts.vectors)

    def _new(self, title, body):
        entry, rows = Entry(-1, title, body), None
        if self._speaks() and any(vectors.usable.any() for vectors in self._texts.vectors):
            rows = self.meaning.encode(entry.views, patience=PATIENCE)
        return entry, (None, None) if rows is None else tuple(rows)

    def _speaks(self):
        """Whether this process's model makes vectors that may be compared with those served."""
        return self.meaning is not None and self._version in (None, self.meaning.version)

    def _adopt(self, version):
        """Vectors of another model are not comparable: let them go."""
        if self._version == version:
            return
        if self._version is not None:
            for vectors in self._texts.vectors:
                vectors.forget()
        self._version = version
        self.era = self._changed()

    def _encode_all(self):
        while self.encode_missing():
            pass

    def _put_vectors(self, id, text, rows):
        """Keep vectors, unless the text was changed or removed while it was encoded; False where they are refused."""
        entry = self._texts.entries.get(id)
        if entry is None or (entry.title, entry.body) != text:
            return True
        entry.revision = self._changed()
        kept = [vectors.put(entry.slot, row) for vectors, row in zip(self._texts.vectors, rows, strict=True)]
        return all(kept)
