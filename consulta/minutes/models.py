"""Published minutes, version by version."""

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from consulta.core.columns import UtcDateTime
from consulta.core.extensions import db
from consulta.tables.models import Session


class MinutesVersion(db.Model):
    """The minutes of a session as they were published: all they say, and the fingerprint the public record holds.

    Nothing here is ever changed: a correction is a further version, with its reason.
    """

    __tablename__ = "minutes_versions"
    __table_args__ = (
        UniqueConstraint("session_id", "number"),
        CheckConstraint("number >= 1", name="numbered"),
        CheckConstraint("(number = 1) = (reason IS NULL)", name="corrected_with_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    # From 1.
    number: Mapped[int]
    # What minutes.document makes of the session: plain JSON, no personal data but what the session itself publishes.
    document: Mapped[dict] = mapped_column(JSON)
    # SHA-256 of the canonical JSON of `document`.
    digest: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[object] = mapped_column(UtcDateTime)
    by_uid: Mapped[str] = mapped_column(String(32))
    session: Mapped[Session] = relationship()
