"""The similarity indexes of this process: one for each consultation, caught up from the rows when asked."""

import logging
import os
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field

from consulta.consultations.queries import consultations_under_way
from consulta.proposals.queries import (
    comparable,
    digest_of,
    digest_to_compare,
    texts_of,
    texts_to_compare,
    vectors_to_check,
    wordings_to_compare,
)
from consulta.similarity.gazetteer import Gazetteer
from consulta.similarity.graph import PairGraph
from consulta.similarity.guard_data import vocabulary
from consulta.similarity.index import Index
from consulta.similarity.lexicon import shipped
from consulta.similarity.scoring import CITIZEN_FLOOR
from consulta.suggestions.vectors import Served, packed, unpacked, whole_rows
from consulta.territories.queries import named_places

__all__ = ["LETTERS_ALONE", "Neighbours", "packed", "unpacked"]

log = logging.getLogger(__name__)

SHOWN = 5
LETTERS_ALONE = "letters"
# A draft has its number long before it is public, and what was hidden or merged comes back: seconds after which the
# index is held against all that is public now.
RECONCILED_EVERY = 20
AT_ONCE = 500
# A wording with a lower number may be committed after one with a higher: the last few are asked for again.
OVERLAP = 200
# Answers that are kept while nothing of the index changes: what is near a proposal is asked whenever its page is.
ANSWERS_KEPT = 2_000
# Vectors that are held against their checksum at a time, and the seconds between two rounds through all of them.
CHECKED_AT_ONCE, CHECKED_EVERY = 1_000, 3_600


@dataclass
class Held:
    """A consultation's index, how far it has read, and which texts it holds (proposal id to wording id)."""

    index: Index
    read_up_to: int = 0
    wordings: dict = field(default_factory=dict)
    reconciled_at: float | None = None
    served: Served = field(default_factory=Served)
    graph: PairGraph | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    graph_lock: threading.Lock = field(default_factory=threading.Lock)


class Neighbours:
    """What is near what, in memory; can be thrown away at any time, the rows are the truth.

    meaning: a `consulta.similarity.meaning.Meaning`, or None for letters alone. learned: called now and then with the
    version of the encoder that is served (LETTERS_ALONE without one); returns the `reranking.Learned` to use, or None
    (`learning.learned_in_use`). Without it, nothing is re-ranked.

    damaged: the ids of stored vectors that were found damaged and are not served; whoever makes them again discards
    them here.
    """

    def __init__(self, meaning, learned=None):
        self.meaning = meaning
        self.learned = learned
        self._gazetteer = None
        self.damaged = set()
        self._held = {}
        self._answers = OrderedDict()
        self._lock = threading.Lock()
        self._warmed = None
        self._checked = (0, None)

    @property
    def gazetteer(self):
        """The Gazetteer of the territories; read at the first question, and after `forget`."""
        if self._gazetteer is None:
            self._gazetteer = Gazetteer(named_places())
        return self._gazetteer

    def warm(self, app):
        """Read lexicon, guards and the consultations under way in a thread, once in a process; returns at once.

        Else whoever comes first waits: 10,860 texts take some seconds.
        """
        if self._warmed != os.getpid():
            self._warmed = os.getpid()
            threading.Thread(target=self._warm, args=(app,), name="similarity-warm", daemon=True).start()

    def index_of(self, consultation_id, *, complete=False):
        """Return the Index of the consultation's public proposals, with what was written since the last call.

        complete: with what came back or was a draft for long as well, which is otherwise looked for now and then.
        While another thread catches up, the index is returned as it is, once it has been filled. What was hidden or
        withdrawn since may still be in it: ask `comparable` before anything of it is shown.
        """
        return self._caught_up(consultation_id, complete).index

    def similar_to(self, consultation, title, body="", *, k=SHOWN, but=(), floor=CITIZEN_FLOOR):
        """Return up to `k` pairs (proposal, Neighbour) of `consultation` nearest to a text, nearest first.

        but: ids never shown, such as the draft itself. floor: the least score. Only proposals that anybody may see are
        among them.
        """
        index = self.index_of(consultation.id)
        return _shown(consultation, k, lambda many: index.closest(title, many, body=body, floor=floor, but=but))

    def related(self, proposal, k=SHOWN, *, but=(), floor=CITIZEN_FLOOR):
        """Return up to `k` pairs (proposal, Neighbour) nearest to `proposal`, itself left out, as `similar_to` does.

        The answer is kept while neither the proposal's wording nor anything else in the index changes; who may be seen
        is asked every time.
        """
        index = self.index_of(proposal.consultation_id)
        but = frozenset(but) | {proposal.id}
        # One that is not held (merged, hidden, a draft) is compared by its text.
        asked, body = (proposal.id, "") if proposal.id in index else (proposal.title, proposal.body)

        def nearest(many):
            key = (index, index.stamp, proposal.id, proposal.wording_number, asked, many, but, floor)
            return self._kept(key, lambda: index.closest(asked, many, body=body, floor=floor, but=but))

        return _shown(proposal.consultation, k, nearest)

    def groups(self, consultation, ids, *, floor, together=frozenset(), apart=frozenset(), progress=None):
        """Return the `linkage.Group`s among the proposals `ids`, comparing only what changed since the last call.

        The rest as in `grouping.suggest_groups`.
        """
        held = self._caught_up(consultation.id, complete=True)
        with held.graph_lock:
            if held.graph is None or held.graph.floor != floor:
                held.graph = PairGraph(held.index, floor=floor)
            held.graph.decide(together=together, apart=apart)
            held.graph.follow(ids, progress=progress)
            return held.graph.groups()

    def compare(self, consultation, ids):
        """Return (those of `ids` that are held, their `answers.Compared`: pairwise scores and warnings)."""
        index = self.index_of(consultation.id)
        while True:
            held = [each for each in ids if each in index]
            try:
                return held, index.compare(held)
            except KeyError:  # one was taken out meanwhile
                continue

    def scores(self, consultation, ids):
        """Return (those of `ids` that are held, their pairwise scores)."""
        held, compared = self.compare(consultation, ids)
        return held, compared.scores

    def encoder_of(self, consultation):
        """Return the version of the encoder whose vectors are compared now, or LETTERS_ALONE."""
        return self.index_of(consultation.id).version or LETTERS_ALONE

    def check_vectors(self):
        """Hold the next stored vectors against their checksums; what is damaged is in `damaged` afterwards.

        A little at a time, by the sweep, round and round: so even a damage that no index reads is found.
        """
        above, ended_at = self._checked
        if ended_at is not None and time.monotonic() < ended_at + CHECKED_EVERY:
            return
        rows = vectors_to_check(above, CHECKED_AT_ONCE)
        self.damaged |= {row.id for row in rows if whole_rows(row.vector, row.checksum) is None}
        self._checked = (rows[-1].id, None) if len(rows) == CHECKED_AT_ONCE else (0, time.monotonic())

    def forget(self):
        """Let every index go; the next question reads the rows again."""
        with self._lock:
            self._held, self._checked, self._gazetteer = {}, (0, None), None
            self._answers.clear()

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

    def _warm(self, app):
        with app.app_context():
            try:
                shipped(), vocabulary()
                for consultation in consultations_under_way():
                    self.index_of(consultation.id)
            except Exception:
                log.warning("the similar texts were not read ahead: whoever asks first will wait", exc_info=True)

    def _caught_up(self, consultation_id, complete=False):
        with self._lock:
            held = self._held.get(consultation_id)
        if held is None:
            # The gazetteer is read outside of the lock; whoever is second uses the first one's.
            fresh = Held(Index(self.meaning, gazetteer=self.gazetteer))
            with self._lock:
                held = self._held.setdefault(consultation_id, fresh)
        if held.lock.acquire(blocking=complete or held.reconciled_at is None):
            try:
                self._catch_up(held, consultation_id, complete)
            finally:
                held.lock.release()
        return held

    def _catch_up(self, held, consultation_id, complete):
        is_first, fresh = held.reconciled_at is None, _read(held, consultation_id)
        due = is_first or complete or time.monotonic() >= held.reconciled_at + RECONCILED_EVERY
        if due and not is_first:
            fresh += _reconcile(held, consultation_id)
        if self.meaning is not None:
            present = self.meaning.version if self.meaning.ready else None
            self.damaged |= held.served.catch_up(
                held.index, consultation_id, held.wordings, present, complete=complete, fresh=fresh
            )
        if due:
            if self.learned is not None:
                held.index.rerank(self.learned(held.index.version or LETTERS_ALONE))
            held.reconciled_at = time.monotonic()

    def _kept(self, key, ask):
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        answer = ask()
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > ANSWERS_KEPT:
                self._answers.popitem(last=False)
        return answer


def _shown(consultation, k, nearest):
    """Return the first `k` of what `nearest(how many)` finds that may be shown, as (proposal, Neighbour)."""
    # Mostly all may be shown; where many were hidden since, all that is near enough is looked at.
    for many in (3 * k, None):
        found = nearest(many)
        shown = comparable([neighbour.id for neighbour in found], consultation)
        pairs = [(shown[each.id], each) for each in found if each.id in shown][:k]
        if len(pairs) == k or len(found) < 3 * k:
            break
    return pairs


def _read(held, consultation_id):
    """Put in what was written since the last time, and return the ids of what is new."""
    above, fresh = max(0, held.read_up_to - OVERLAP), []
    while rows := texts_to_compare(consultation_id, above=above, limit=AT_ONCE):
        above = rows[-1][1]
        held.read_up_to = max(held.read_up_to, above)
        new = [row for row in rows if held.wordings.get(row[0]) != row[1]]
        held.index.add_many([(proposal_id, title, body) for proposal_id, _wording, title, body in new])
        held.wordings.update((proposal_id, wording_id) for proposal_id, wording_id, _title, _body in new)
        fresh += [row[0] for row in new]
        if len(rows) < AT_ONCE:
            break
    return fresh


def _reconcile(held, consultation_id):
    """Put in what is public and not held, take out what is held and no longer public; return the ids of what is new."""
    if digest_to_compare(consultation_id) == digest_of(held.wordings):
        return []
    public = wordings_to_compare(consultation_id)
    for gone in held.wordings.keys() - public.keys():
        held.index.remove(gone)
        del held.wordings[gone]
    missing = {proposal_id: wording for proposal_id, wording in public.items() if proposal_id not in held.wordings}
    numbers = list(missing.values())
    for start in range(0, len(numbers), AT_ONCE):
        held.index.add_many(texts_of(numbers[start : start + AT_ONCE]))
    held.wordings |= missing
    return list(missing)
