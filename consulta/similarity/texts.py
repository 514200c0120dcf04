"""The texts of an index and everything kept for each: slot, n-grams, vectors, fingerprint. No lock, no encoder."""

from typing import NamedTuple

import numpy as np

from consulta.similarity.postings import Postings
from consulta.similarity.vectors import UNKNOWN, Vectors
from consulta.similarity.words import fingerprint


class Entry(NamedTuple):
    """A text held: its slot (position in every matrix), as it was written, and its fingerprint."""

    slot: int
    title: str
    body: str
    fingerprint: str

    @property
    def views(self):
        """The two texts that are compared: the title, and title and body as one."""
        return self.title, whole(self.title, self.body)


class Texts:
    """Texts by id, each with a slot; a removed one leaves a gap until `refit`."""

    def __init__(self):
        self.entries = {}
        self.ids = []
        self.postings = (Postings(), Postings())
        self.vectors = (Vectors(), Vectors())
        self._bodies = []
        self._twins = {}

    @property
    def stale(self):
        """Whether rarity was fitted on much fewer texts, or half the slots are gaps."""
        return self.postings[0].stale or 2 * len(self.entries) < len(self.ids)

    def put(self, id, title, body, counts):
        """Hold a text at the next slot. counts: damped n-gram counts of its two views, CSR, shape (2, BUCKETS)."""
        self.drop(id)
        entry = Entry(len(self.ids), title, body, fingerprint(whole(title, body)))
        self.entries[id] = entry
        self.ids.append(id)
        self._bodies.append(bool(body))
        self._twins.setdefault(entry.fingerprint, set()).add(id)
        for place, postings in enumerate(self.postings):
            postings.append(counts[place])
        for vectors in self.vectors:
            vectors.append()

    def drop(self, id):
        """Let a text go, if it is held."""
        entry = self.entries.pop(id, None)
        if entry is None:
            return
        self.ids[entry.slot] = None
        self._twins[entry.fingerprint].discard(id)
        if not self._twins[entry.fingerprint]:
            del self._twins[entry.fingerprint]

    def refit(self):
        """Close the gaps and fit rarity on exactly the texts held."""
        keep = np.array([slot for slot, id in enumerate(self.ids) if id is not None], dtype=np.intp)
        for postings in self.postings:
            postings.refit(keep)
        for vectors in self.vectors:
            vectors.keep(keep)
        self.ids = [self.ids[slot] for slot in keep]
        self._bodies = [self._bodies[slot] for slot in keep]
        for slot, id in enumerate(self.ids):
            self.entries[id] = self.entries[id]._replace(slot=slot)

    def mask(self, ids=None):
        """Return which slots hold one of `ids` (any text), boolean, shape (slots,)."""
        if ids is None:
            return np.array([id is not None for id in self.ids], dtype=bool)
        mask = np.zeros(len(self.ids), dtype=bool)
        mask[[self.entries[id].slot for id in ids if id in self.entries]] = True
        return mask

    def bodies(self):
        """Return which slots hold a text with a body, boolean, shape (slots,)."""
        return np.array(self._bodies, dtype=bool)

    def twins(self, mark):
        """Return the slots of the texts whose fingerprint is `mark`; an empty text has no twins."""
        return [self.entries[id].slot for id in self._twins.get(mark, ())] if mark else []

    def without_vectors(self):
        """Return the ids, in the order they were put, whose vectors are not made yet."""
        unknown = (self.vectors[0].known == UNKNOWN) | (self.vectors[1].known == UNKNOWN)
        return [self.ids[slot] for slot in np.flatnonzero(unknown) if self.ids[slot] is not None]


def whole(title, body):
    """Return title and body as one text."""
    return f"{title}\n{body}" if body else title
