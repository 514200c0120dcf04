"""The public record: what was decided, by whom and why, sealed into a chain that anybody can check.

An entry is written in the transaction of the change it tells. Within seconds one sealer gives the entries their
position in the order in which they were committed, and each its hash: SHA-256 over the canonical JSON (sorted keys,
no spaces, UTF-8) of the entry together with the hash before it. Altering, removing or moving any sealed entry breaks
the chain there. The chain's head is kept apart, so that a cut tail shows as well.
"""

import hashlib
import json
from dataclasses import dataclass

from sqlalchemy import CheckConstraint, Index, String, Text, func, select, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from consulta.core.clock import now
from consulta.core.columns import UtcDateTime, together
from consulta.core.extensions import db
from consulta.core.work import action, ring

GENESIS = "0" * 64
BATCH = 500

_vocabulary = {}


class Entry(db.Model):
    """One line of the public record; never changed once written, but for receiving its seal."""

    __tablename__ = "record_entries"
    __table_args__ = (
        together("position", "previous_hash", "hash", name="sealed_whole"),
        Index("ix_record_entries_within_id", "within", "id"),
        Index("ix_record_entries_subject", "subject"),
        # The sealer's question, what is not sealed yet, is answered from an index of those rows alone.
        Index(
            "ix_record_entries_unsealed",
            "id",
            sqlite_where=text("position IS NULL"),
            postgresql_where=text("position IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[object] = mapped_column(UtcDateTime)
    event: Mapped[str] = mapped_column(String(64))
    by: Mapped[str | None] = mapped_column(String(32))
    within: Mapped[str | None] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(64))
    body: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(Text)
    details: Mapped[dict] = mapped_column(JSON)
    position: Mapped[int | None] = mapped_column(unique=True)
    previous_hash: Mapped[str | None] = mapped_column(String(64))
    hash: Mapped[str | None] = mapped_column(String(64), unique=True)

    def canonical(self, position, previous_hash):
        """Return the bytes that are hashed for this entry at `position` (from 1) after `previous_hash`."""
        content = {
            "at": self.at.isoformat(timespec="microseconds"),
            "body": self.body,
            "by": self.by,
            "details": self.details,
            "event": self.event,
            "id": self.id,
            "position": position,
            "previous_hash": previous_hash,
            "reason": self.reason,
            "subject": self.subject,
            "within": self.within,
        }
        return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


class Head(db.Model):
    """The last link of the chain: one row, moved with every seal."""

    __tablename__ = "record_head"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(String(64), default=GENESIS)
    sealed_at: Mapped[object] = mapped_column(UtcDateTime)


@dataclass(frozen=True)
class Verification:
    """What a check of the chain found; `bad_entry` and `why` name the first entry that does not hold."""

    sealed: int
    unsealed: int
    head: str
    first_unsealed: int | None = None
    bad_entry: int | None = None
    bad_position: int | None = None
    why: str | None = None

    @property
    def holds(self):
        """Whether every sealed entry is where and what it was when it was sealed."""
        return self.why is None


def vocabulary(events):
    """Add `events`, a dictionary of "noun.past_participle" to the exact names of its details, to the closed list."""
    for event, keys in events.items():
        if event in _vocabulary:
            raise ValueError(f"{event} is already in the vocabulary")
        _vocabulary[event] = frozenset(keys)


def known_events():
    """Return the closed list: a dictionary of event to the names of its details."""
    return dict(_vocabulary)


def record(event, subject, *, by, within=None, body=None, reason=None, **details):
    """Write `event` about the row `subject` into the public record, in the transaction of the action under way.

    by: the person who acts, or None for the machine. within: the row of the process it belongs to. body: the row of
    the group or meeting that decided. reason: why, in the words of whoever decided. details: plain JSON values, no
    personal data; their names are those of the vocabulary, no more and no fewer.
    Raises ValueError for an event or details outside the vocabulary.
    """
    if _vocabulary.get(event) != details.keys():
        raise ValueError(f"{event} is not in the vocabulary with {sorted(details)}")
    db.session.flush()
    entry = Entry(
        at=now(),
        event=event,
        by=by.uid if by is not None else None,
        within=reference(within),
        subject=reference(subject),
        body=reference(body),
        reason=str(reason) if reason is not None else None,
        details=details,
    )
    db.session.add(entry)
    ring(event, id=subject.id)
    ring("record.written")
    return entry


def reference(row):
    """Return how the record names `row`: its table and its number, such as "proposals:17"."""
    return None if row is None else f"{row.__tablename__}:{row.id}"


@action(unrecorded="it seals the record")
def seal_entries(*, by):
    """Chain every entry that is committed and not sealed yet; returns how many were sealed."""
    head = db.session.get(Head, 1, with_for_update=True)
    if head is None:
        head = Head(id=1, position=0, hash=GENESIS, sealed_at=now())
        db.session.add(head)
        db.session.flush()
    sealed = 0
    while entries := db.session.scalars(
        select(Entry).where(Entry.position.is_(None)).order_by(Entry.id).limit(BATCH)
    ).all():
        for entry in entries:
            entry.position, entry.previous_hash = head.position + 1, head.hash
            entry.hash = hashlib.sha256(entry.canonical(entry.position, entry.previous_hash)).hexdigest()
            head.position, head.hash = entry.position, entry.hash
        head.sealed_at = now()
        db.session.flush()
        sealed += len(entries)
    return sealed


def verify_chain(*, through=None):
    """Walk the whole chain and return a Verification: what is sealed, what is not yet, and the first bad entry.

    through: a head (position, hash) published earlier, which the chain must pass through.
    """
    head = _head()
    unsealed, first_unsealed = db.session.execute(
        select(func.count(), func.min(Entry.id)).select_from(Entry).where(Entry.position.is_(None))
    ).one()

    def broken(entry_id, why):
        return Verification(position, unsealed, last, first_unsealed, entry_id, position + 1, why)

    position, last = 0, GENESIS
    query = select(Entry).where(Entry.position.is_not(None)).order_by(Entry.position)
    for entry in db.session.scalars(query.execution_options(yield_per=BATCH)):
        if why := _why_broken(entry, position + 1, last):
            return broken(entry.id, why)
        position, last = entry.position, entry.hash
        if head is not None and position == head[0] and last != head[1]:
            return broken(None, "it is not what the head says")
        if through is not None and position == through[0] and last != through[1]:
            return Verification(
                position - 1, unsealed, last, first_unsealed, entry.id, position, "it is not what was published"
            )
    # Entries may be sealed while the chain is walked: it ends between the head before and the head after.
    if not (head[0] if head else 0) <= position <= (_head() or (0, GENESIS))[0]:
        return broken(None, "the entries after this one are missing")
    if through is not None and through[0] > position:
        return broken(None, "the record ends before what was published")
    return Verification(position, unsealed, last, first_unsealed)


def _head():
    return db.session.execute(select(Head.position, Head.hash)).first()


def _why_broken(entry, position, previous_hash):
    if entry.position != position:
        return "an entry before this one is missing or was moved"
    if entry.previous_hash != previous_hash:
        return "it does not follow the entry before it"
    if hashlib.sha256(entry.canonical(position, previous_hash)).hexdigest() != entry.hash:
        return "its content is not what was sealed"
    return None
