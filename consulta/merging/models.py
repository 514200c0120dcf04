"""The merges that moderators make."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consulta.consultations.models import Consultation
from consulta.core.columns import UtcDateTime, one_of, together, word
from consulta.core.extensions import db
from consulta.proposals.models import Proposal
from consulta.tables.models import Session

STATES = ("made", "settled", "undone")


class Merge(db.Model):
    """A moderator's act: a joint proposal that carries others, who are all left as they were."""

    __tablename__ = "merges"
    __table_args__ = (
        one_of("state", STATES),
        CheckConstraint("(state = 'undone') = (undone_at IS NOT NULL)", name="undone_when"),
        CheckConstraint("(state = 'settled') = (settled_at IS NOT NULL)", name="settled_when"),
        together("undone_at", "undone_reason", name="undone_with_reason"),
        CheckConstraint("length(reason) > 0", name="reason_given"),
        Index("ix_merges_consultation_id", "consultation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"))
    joint_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), unique=True)
    reference: Mapped[str | None] = mapped_column(String(40))
    # The session that decided it, where one did.
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id"))
    reason: Mapped[str] = mapped_column(Text)
    # What the public should know about how it stands ("contradicts M4").
    note: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(word(), default="made")
    made_at: Mapped[object] = mapped_column(UtcDateTime)
    objections_until: Mapped[object] = mapped_column(UtcDateTime)
    settled_at: Mapped[object | None] = mapped_column(UtcDateTime)
    undone_at: Mapped[object | None] = mapped_column(UtcDateTime)
    undone_reason: Mapped[str | None] = mapped_column(Text)
    consultation: Mapped[Consultation] = relationship()
    joint: Mapped[Proposal] = relationship()
    session: Mapped[Session | None] = relationship()
    parts: Mapped[list["MergePart"]] = relationship(back_populates="merge", order_by="MergePart.proposal_id")


class MergePart(db.Model):
    """A proposal that a merge carries, or carried until it was taken out."""

    __tablename__ = "merge_parts"
    __table_args__ = (
        UniqueConstraint("merge_id", "proposal_id"),
        together("taken_out_at", "taken_out_reason", name="taken_out_with_reason"),
        Index("ix_merge_parts_proposal_id", "proposal_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    merge_id: Mapped[int] = mapped_column(ForeignKey("merges.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"))
    # How many people stood behind it when it was merged.
    supporters_then: Mapped[int]
    taken_out_at: Mapped[object | None] = mapped_column(UtcDateTime)
    taken_out_reason: Mapped[str | None] = mapped_column(Text)
    merge: Mapped[Merge] = relationship(back_populates="parts")
    proposal: Mapped[Proposal] = relationship()
