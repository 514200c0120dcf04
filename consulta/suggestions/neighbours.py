"""The similarity indexes of this process: one for each consultation, caught up from the rows when asked."""

import threading
import time
from dataclasses import dataclass, field

import numpy as np

from consulta.proposals.queries import comparable, texts_of, texts_to_compare, vectors_of, wordings_to_compare
from consulta.similarity.index import Index
from consulta.similarity.scoring import CITIZEN_FLOOR

SHOWN = 5
# A draft has its number long before it is public, and what was hidden or merged comes back: seconds after which the
# index is held against all that is public now.
RECONCILED_EVERY = 20
AT_ONCE = 500
# A wording with a lower number may be committed after one with a higher: the last few are asked for again.
OVERLAP = 200


@dataclass
class Held:
    """A consultation's index and how far it has read."""

    index: Index
    read_up_to: int = 0
    reconciled_at: float | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class Neighbours:
    """What is near what, in memory; can be thrown away at any time, the rows are the truth.

    meaning: a `consulta.similarity.meaning.Meaning`, or None for letters alone.
    """

    def __init__(self, meaning):
        self.meaning = meaning
        self._held = {}
        self._lock = threading.Lock()

    def index_of(self, consultation_id, *, complete=False):
        """Return the Index of the consultation's public proposals, with what was written since the last call.

        complete: with what came back or was a draft for long as well, which is otherwise looked for now and then.
        What was hidden or withdrawn since may still be in it: ask `comparable` before anything of it is shown.
        """
        with self._lock:
            held = self._held.setdefault(consultation_id, Held(Index(self.meaning)))
        with held.lock:
            rows = texts_to_compare(consultation_id, above=max(0, held.read_up_to - OVERLAP))
            held.index.add_many([(proposal_id, title, body) for proposal_id, _wording, title, body in rows])
            held.read_up_to = max([held.read_up_to, *(wording_id for _id, wording_id, _title, _body in rows)])
            if held.reconciled_at is None:
                held.reconciled_at = time.monotonic()  # all of it was read just now
            elif complete or time.monotonic() >= held.reconciled_at + RECONCILED_EVERY:
                _reconcile(held, consultation_id)
            self._catch_up_vectors(held, consultation_id)
        return held.index

    def similar_to(self, consultation, title, body="", *, k=SHOWN, but=(), floor=CITIZEN_FLOOR):
        """Return up to `k` pairs (proposal, Neighbour) of `consultation` nearest to a text, nearest first.

        but: ids never shown, such as the draft itself. Only proposals that anybody may see are among them.
        """
        found = self.index_of(consultation.id).closest(title, 3 * k, body=body, floor=floor, but=but)
        shown = comparable([neighbour.id for neighbour in found], consultation)
        return [(shown[each.id], each) for each in found if each.id in shown][:k]

    def scores(self, consultation, ids):
        """Return (those of `ids` that are held, their pairwise scores)."""
        index = self.index_of(consultation.id)
        held = [each for each in ids if each in index]
        return held, index.scores(held)

    def forget(self):
        """Let every index go; the next question reads the rows again."""
        with self._lock:
            self._held = {}

    def status(self):
        """Return how both encoders are, for people: letters are always there, meaning has a state and a reason."""
        if self.meaning is None:
            return {
                "letters": "ready",
                "meaning": {"state": "absent", "reason": "off", "detail": "", "model": "", "languages": ()},
            }
        state = self.meaning.state
        return {
            "letters": "ready",
            "meaning": {
                "state": state.code,
                "reason": state.reason,
                "detail": state.detail,
                "model": self.meaning.model,
                "languages": self.meaning.languages,
            },
        }

    def _catch_up_vectors(self, held, consultation_id):
        if self.meaning is None or not self.meaning.ready or not held.index.missing():
            return
        for proposal_id, _wording_id, vector in vectors_of(consultation_id, self.meaning.version):
            if proposal_id in held.index:
                title, body = held.index.text(proposal_id)
                held.index.add(proposal_id, title, body, vectors=unpacked(vector))


def _reconcile(held, consultation_id):
    """Put in what is public and not held, and take out what is held and no longer public."""
    public = wordings_to_compare(consultation_id)
    for gone in set(held.index.ids()) - public.keys():
        held.index.remove(gone)
    missing = [wording_id for proposal_id, wording_id in public.items() if proposal_id not in held.index]
    for start in range(0, len(missing), AT_ONCE):
        held.index.add_many(texts_of(missing[start : start + AT_ONCE]))
    held.reconciled_at = time.monotonic()


def packed(rows):
    """Return the two unit rows (title; title and body) of a wording as float32 bytes."""
    return np.asarray(rows, dtype="<f4").tobytes()


def unpacked(vector):
    """Return the two rows that `packed` stored; a damaged one is of the wrong size, which the index ignores."""
    usable = len(vector) // 8 * 8
    return tuple(np.frombuffer(vector[:usable], dtype="<f4").reshape(2, -1))
