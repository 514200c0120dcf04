"""Stored vectors, from bytes to an index: whole ones only, and of one encoder at a time.

An encoder's version is in each row. When the model changes, the vectors of the one before go on being compared until
the new one has encoded every public text of the consultation; then all are exchanged at once.
"""

import time
from zlib import crc32

import numpy as np

from consulta.proposals.queries import encoders_of, newest_vector, vectors_of

# How many rows are read at a time: 3 MB each thousand.
AT_ONCE = 2_000
# A vector with a lower number may be committed after one with a higher, or take the number of one that was dropped.
OVERLAP = 200
# How many ids one query names: SQLite takes 32,766.
MANY_IDS = 500
# Seconds between two looks which encoder is complete; new vectors of the one that is served come in at once.
CHOSEN_EVERY = 20


def packed(rows):
    """Return the two unit rows (title; title and body) of a wording as float32 bytes."""
    return np.asarray(rows, dtype="<f4").tobytes()


def unpacked(vector):
    """Return the two rows that `packed` stored; of a damaged one, two rows of a wrong size."""
    usable = len(vector) // 8 * 8
    return tuple(np.frombuffer(vector[:usable], dtype="<f4").reshape(2, -1))


def whole_rows(vector, checksum):
    """Return the two rows that `packed` stored, or None where they are damaged.

    checksum: CRC-32 of the bytes, 0 where it was not written down. Whatever it says, the rows must be finite and of
    length 1, or 0 where the model had nothing to say.
    """
    if not vector or len(vector) % 8 or (checksum and crc32(vector) != checksum):
        return None
    rows = unpacked(vector)
    lengths = np.linalg.norm(np.asarray(rows, dtype=np.float64), axis=1)
    unit = (np.abs(lengths - 1) < 0.01) | (lengths == 0)
    return rows if np.isfinite(lengths).all() and unit.all() else None


class Served:
    """Which encoder's vectors an index compares by, and how far they were read. Not thread-safe by itself."""

    def __init__(self):
        self.version = None
        self._read_up_to = 0
        self._known = {}  # proposal id to (wording id, checksum) of what the index was given
        self._seen = None
        self._chosen_at = None

    def catch_up(self, index, consultation_id, wordings, present, *, complete=False, fresh=()):
        """Give `index` the vectors that came since; return the ids of rows that are damaged, which it is not given.

        wordings: proposal id to wording id of the texts in the index. present: the version of this process's model, or
        None while it cannot be asked. complete: look at once whether another encoder is to be served. fresh: the ids of
        proposals whose texts the index was given since the last call, without vectors.
        """
        newest, damaged = newest_vector(), set()
        due = complete or self._chosen_at is None or time.monotonic() >= self._chosen_at + CHOSEN_EVERY
        if due or self.version is None:
            seen = (newest, len(wordings), present)
            if seen != self._seen:
                self._seen, chosen = seen, chosen_encoder(present, encoders_of(consultation_id), len(wordings))
                if chosen != self.version:
                    return self._exchange(index, consultation_id, wordings, chosen)
            self._chosen_at = time.monotonic()
        if self.version is None:
            return damaged
        # What was hidden and is shown again has its vectors already, below what was read.
        fresh = sorted(fresh)
        for start in range(0, len(fresh), MANY_IDS):
            among = fresh[start : start + MANY_IDS]
            for id in among:
                self._known.pop(id, None)
            rows = vectors_of(consultation_id, self.version, among=among)
            index.serve(self.version, self._whole(rows, wordings, damaged))
        # A vector made again may have the number of the damaged one: while some are missing, look now and then.
        if newest > self._read_up_to or (due and index.missing()):
            for rows in self._read(consultation_id, max(0, self._read_up_to - OVERLAP)):
                index.serve(self.version, self._whole(rows, wordings, damaged))
        return damaged

    def _exchange(self, index, consultation_id, wordings, chosen):
        """Serve another encoder: all its vectors at once where others were served, else as they are read."""
        is_first = self.version is None
        self.version, self._read_up_to, self._known, self._chosen_at = chosen, 0, {}, time.monotonic()
        damaged, waiting = set(), []
        for rows in self._read(consultation_id, 0) if chosen is not None else ():
            waiting += self._whole(rows, wordings, damaged)
            if is_first:
                index.serve(chosen, waiting)
                waiting = []
        index.serve(chosen, waiting)
        return damaged

    def _read(self, consultation_id, above):
        """Yield rows of vectors whose id is greater than `above`, many at a time."""
        while rows := vectors_of(consultation_id, self.version, above=above, limit=AT_ONCE):
            above = rows[-1].id
            self._read_up_to = max(self._read_up_to, above)
            yield rows

    def _whole(self, rows, wordings, damaged):
        """Return (proposal id, rows) of what the index was not given yet; add the ids of damaged ones to `damaged`."""
        found = []
        for row in rows:
            # Between two reads a proposal may have been written anew: its vectors come with its text.
            known = (row.wording_id, row.checksum)
            if wordings.get(row.proposal_id) != row.wording_id or self._known.get(row.proposal_id) == known:
                continue
            pair = whole_rows(row.vector, row.checksum)
            if pair is None:
                damaged.add(row.id)
            else:
                found.append((row.proposal_id, pair))
                self._known[row.proposal_id] = known
        return found


def chosen_encoder(present, encoders, texts):
    """Return the version whose vectors are to be compared, or None where there are none.

    present: the version of this process's model, or None. encoders: version to (how many texts it encoded, its newest
    vector). texts: how many there are. The present one once it has encoded all of them; until then the one that has
    encoded most, the newest of equal ones, and the present one where no other has encoded more.
    """
    count, _newest = encoders.get(present, (0, 0))
    others = [(count, newest, version) for version, (count, newest) in encoders.items() if version != present]
    most = max(others, default=(0, 0, None))
    return present if count and (count >= texts or count >= most[0]) else most[2]
