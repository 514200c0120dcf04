"""Suggested groups of similar proposals, and the merges that moderators make."""

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from consulta.consultations.models import Consultation
from consulta.core.columns import UtcDateTime, one_of, together, word
from consulta.core.extensions import db
from consulta.proposals.models import Proposal
from consulta.tables.models import Session

STATES = ("made", "settled", "undone")


class SimilarGroup(db.Model):
    """The machine's suggestion that some proposals may be one; can be dropped and computed again."""

    __tablename__ = "similar_groups"
    __table_args__ = (UniqueConstraint("consultation_id", "signature"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"))
    # The members' ids in order: a group that is found again keeps its row and its address.
    signature: Mapped[str] = mapped_column(String(64))
    encoder: Mapped[str] = mapped_column(String(120))
    tightness: Mapped[float] = mapped_column(Float)
    # What decides its place in the queue: supporters behind it times tightness.
    weight: Mapped[float] = mapped_column(Float)
    shared_words: Mapped[list] = mapped_column(JSON, default=list)
    found_at: Mapped[object] = mapped_column(UtcDateTime)
    consultation: Mapped[Consultation] = relationship()
    members: Mapped[list["SimilarMember"]] = relationship(
        back_populates="group", order_by="SimilarMember.distance", cascade="all, delete-orphan"
    )


class SimilarMember(db.Model):
    """A proposal in a suggested group; `distance` (0 same, 1 nothing in common) is to the group's base text."""

    __tablename__ = "similar_members"
    __table_args__ = (UniqueConstraint("group_id", "proposal_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("similar_groups.id", ondelete="CASCADE"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), index=True)
    distance: Mapped[float] = mapped_column(Float)
    is_base: Mapped[bool] = mapped_column(default=False)
    group: Mapped[SimilarGroup] = relationship(back_populates="members")
    proposal: Mapped[Proposal] = relationship()


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
