"""The texts of an index and everything kept for each: slot, n-grams, vectors, fingerprint. No lock, no encoder."""

import numpy as np

from consulta.similarity.postings import Postings
from consulta.similarity.traits import traits_of
from consulta.similarity.vectors import UNKNOWN, Vectors
from consulta.similarity.words import fingerprint


class Entry:
    """A text held: its slot (position in every matrix), as it was written, its fingerprint, and when it last changed.

    revision: the index's count of changes when the text or its vectors came; another revision, other scores. facts:
    what a re-ranker reads of the text, left here by the judge.
    """

    __slots__ = ("_traits", "body", "facts", "fingerprint", "revision", "slot", "title")

    def __init__(self, slot, title, body, revision=0):
        self.slot = slot
        self.title = title
        self.body = body
        self.revision = revision
        self.fingerprint = fingerprint(whole(title, body))
        self.facts = None
        self._traits = None

    @property
    def views(self):
        """The two texts that are compared: the title, and title and body as one."""
        return self.title, whole(self.title, self.body)

    def traits(self, gazetteer=None):
        """Return the Traits that guards compare; found at the first question and kept, whatever `gazetteer` is then."""
        # Most texts are never near another: finding the traits of all of them when they are put would double the time
        # a process takes to begin. Two threads that ask at once find the same.
        if self._traits is None:
            self._traits = traits_of(self.title, self.body, gazetteer)
        return self._traits


class Texts:
    """Texts by id, each with a slot; a removed one leaves a gap until `refit`."""

    def __init__(self):
        self.entries = {}
        self.ids = []
        self.postings = (Postings(), Postings())
        self.vectors = (Vectors(), Vectors())
        self._held = _Flags()
        self._with_body = _Flags()
        self._twins = {}
        self._moved = False

    @property
    def stale(self):
        """Whether rarity was fitted on much fewer texts, or half the slots are gaps."""
        return self.postings[0].stale or 2 * len(self.entries) < len(self.ids)

    def put(self, id, title, body, counts, revision=0):
        """Hold a text at the next slot. counts: damped n-gram counts of its two views, CSR, shape (2, BUCKETS)."""
        self.drop(id)
        entry = Entry(len(self.ids), title, body, revision)
        self.entries[id] = entry
        self.ids.append(id)
        self._held.append(True)
        self._with_body.append(bool(body))
        self._twins.setdefault(entry.fingerprint, set()).add(id)
        for place, postings in enumerate(self.postings):
            postings.append(counts[place])
        for vectors in self.vectors:
            vectors.append()
        self._moved = True

    def drop(self, id):
        """Let a text go, if it is held; returns whether it was."""
        entry = self.entries.pop(id, None)
        if entry is None:
            return False
        self.ids[entry.slot] = None
        self._held.values()[entry.slot] = False
        self._twins[entry.fingerprint].discard(id)
        if not self._twins[entry.fingerprint]:
            del self._twins[entry.fingerprint]
        self._moved = True
        return True

    def refit(self):
        """Close the gaps and fit rarity on exactly the texts held; returns whether there was anything to do."""
        if not self._moved:
            return False
        keep = np.flatnonzero(self._held.values())
        for postings in self.postings:
            postings.refit(keep)
        for vectors in self.vectors:
            vectors.keep(keep)
        self.ids = [self.ids[slot] for slot in keep.tolist()]
        self._with_body.keep(keep)
        self._held.keep(keep)
        for slot, id in enumerate(self.ids):
            self.entries[id].slot = slot
        self._moved = False
        return True

    def mask(self, ids=None):
        """Return which slots hold one of `ids` (any text), boolean, shape (slots,)."""
        if ids is None:
            return self._held.values().copy()
        mask = np.zeros(len(self.ids), dtype=bool)
        mask[[self.entries[id].slot for id in ids if id in self.entries]] = True
        return mask

    def bodies(self):
        """Return which slots hold a text with a body, boolean, shape (slots,)."""
        return self._with_body.values().copy()

    def twins(self, mark):
        """Return the slots of the texts whose fingerprint is `mark`; an empty text has no twins."""
        return [self.entries[id].slot for id in self._twins.get(mark, ())] if mark else []

    def without_vectors(self):
        """Return the ids, in the order they were put, whose vectors are not made yet."""
        unknown = (self.vectors[0].known == UNKNOWN) | (self.vectors[1].known == UNKNOWN)
        return [self.ids[slot] for slot in np.flatnonzero(unknown).tolist() if self.ids[slot] is not None]


class _Flags:
    """A growing list of booleans that is at any time an array."""

    def __init__(self):
        self._array = np.zeros(64, dtype=bool)
        self._length = 0

    def append(self, value):
        if self._length == len(self._array):
            self._array = np.concatenate([self._array, np.zeros_like(self._array)])
        self._array[self._length] = value
        self._length += 1

    def values(self):
        """The booleans, shape (length,); a view."""
        return self._array[: self._length]

    def keep(self, slots):
        self._array, self._length = np.resize(self.values()[slots], max(64, len(slots))), len(slots)


def whole(title, body):
    """Return title and body as one text."""
    return f"{title}\n{body}" if body else title
