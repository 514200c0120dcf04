"""What devices sent of a worksheet, field by field; photos of the signed sheets; tracking codes of the room."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from consulta.core.columns import UtcDateTime, one_of, word
from consulta.core.extensions import db
from consulta.proposals.models import Proposal
from consulta.tables.models import Session

PARTS = ("session", "agenda", "attendance", "result", "agreement", "proposal")
# applied: it is what the worksheet says, or said until a later one. superseded: the same device had written a later
# one before this arrived. conflict: another device had written since; both are kept until somebody chooses (settled).
# late: it came when the session took no more entries; admitted or dismissed by the secretariat, with a reason.
CHANGE_STATES = ("applied", "superseded", "conflict", "settled", "late", "admitted", "dismissed")


class Worksheet(db.Model):
    """How many changes a session's worksheet has taken: the version that devices compare with."""

    __tablename__ = "worksheets"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"), unique=True)
    version: Mapped[int] = mapped_column(default=0)
    session: Mapped[Session] = relationship()


class WorksheetField(db.Model):
    """One field of a worksheet as it stands, and the version at which it last changed."""

    __tablename__ = "worksheet_fields"
    __table_args__ = (
        UniqueConstraint("session_id", "part", "key", "field"),
        one_of("part", PARTS),
        Index("ix_worksheet_fields_key", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    part: Mapped[str] = mapped_column(word())
    # Which one: a proposal's code, or the uid of a line, an agreement, an item; "" for the session itself.
    key: Mapped[str] = mapped_column(String(64))
    field: Mapped[str] = mapped_column(String(40))
    value: Mapped[object] = mapped_column(JSON)
    version: Mapped[int]
    # "" where it was written in the pages without script.
    device: Mapped[str] = mapped_column(String(36), default="")
    changed_at: Mapped[object] = mapped_column(UtcDateTime)
    by_uid: Mapped[str] = mapped_column(String(32))


class WorksheetChange(db.Model):
    """One change that a device sent, kept as it came; its id was made by the device, so that it counts once."""

    __tablename__ = "worksheet_changes"
    __table_args__ = (
        one_of("part", PARTS),
        one_of("state", CHANGE_STATES),
        CheckConstraint("state NOT IN ('admitted', 'dismissed') OR length(reason) > 0", name="late_with_reason"),
        Index("ix_worksheet_changes_session_id", "session_id", "state"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    device: Mapped[str] = mapped_column(String(36))
    # Counts up on the device: tells the order of its changes, whatever its clock says.
    sequence: Mapped[int]
    part: Mapped[str] = mapped_column(word())
    key: Mapped[str] = mapped_column(String(64))
    field: Mapped[str] = mapped_column(String(40))
    value: Mapped[object] = mapped_column(JSON)
    # The version of the field that the device knew when it was written.
    base: Mapped[int]
    # The version it became, where it was applied.
    version: Mapped[int | None]
    state: Mapped[str] = mapped_column(word())
    # Why it is late; then why it was admitted or dismissed.
    reason: Mapped[str] = mapped_column(Text, default="")
    # What the device's clock said; told, never used.
    written_at: Mapped[str] = mapped_column(String(40), default="")
    received_at: Mapped[object] = mapped_column(UtcDateTime)
    settled_at: Mapped[object | None] = mapped_column(UtcDateTime)
    settled_by_uid: Mapped[str | None] = mapped_column(String(32))
    by_uid: Mapped[str] = mapped_column(String(32))
    session: Mapped[Session] = relationship()


class RoomProposal(db.Model):
    """A proposal made in a room by a device, with the code that its author took home on paper."""

    __tablename__ = "room_proposals"
    __table_args__ = (UniqueConstraint("session_id", "uid"), Index("ix_room_proposals_uid", "uid"))

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(36))
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), unique=True)
    tracking_code: Mapped[str] = mapped_column(String(16), unique=True)
    session: Mapped[Session] = relationship()
    proposal: Mapped[Proposal] = relationship()


class Photo(db.Model):
    """A photo of a signed sheet, decoded and encoded anew (JPEG, without EXIF); seen by those who may check it."""

    __tablename__ = "photos"
    __table_args__ = (
        UniqueConstraint("session_id", "uid"),
        CheckConstraint("size > 0", name="not_empty"),
        Index("ix_photos_session_id", "session_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Made by the device, so that a photo sent twice is one.
    uid: Mapped[str] = mapped_column(String(36))
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    # The proposal whose sheet it shows; None for the sheet of the table.
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id"))
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    taken_in_at: Mapped[object] = mapped_column(UtcDateTime)
    by_uid: Mapped[str] = mapped_column(String(32))
    removed_at: Mapped[object | None] = mapped_column(UtcDateTime)
    session: Mapped[Session] = relationship()
    proposal: Mapped[Proposal | None] = relationship()
