"""The plan, its commitments with where each comes from, and their milestones."""

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from consulta.accounts.models import Institution
from consulta.consultations.models import Consultation
from consulta.core.columns import UtcDateTime, one_of, word
from consulta.core.extensions import db
from consulta.proposals.models import Proposal

COMMITMENT_STATES = ("drafted", "in_review", "approved", "published", "in_implementation", "reformulated", "closed")
CERTAINTIES = ("certain", "inferred")


class Plan(db.Model):
    """The plan that a consultation writes: a draft until it is published as such."""

    __tablename__ = "plans"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    period: Mapped[str] = mapped_column(String(40), default="")
    draft_published_at: Mapped[object | None] = mapped_column(UtcDateTime)
    consultation: Mapped[Consultation] = relationship()
    commitments: Mapped[list["Commitment"]] = relationship(back_populates="plan", order_by="Commitment.number")


class Commitment(db.Model):
    """What the plan promises, in the fields of the Open Government Partnership's template."""

    __tablename__ = "commitments"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        one_of("state", COMMITMENT_STATES),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    number: Mapped[int]
    # The label a source gives it ("C5"), where it has one.
    reference: Mapped[str | None] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(400))
    subject: Mapped[str] = mapped_column(String(200), default="")
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institutions.id"))
    problem: Mapped[str] = mapped_column(Text, default="")
    objective: Mapped[str] = mapped_column(Text, default="")
    description: Mapped[str] = mapped_column(Text, default="")
    relevance: Mapped[str] = mapped_column(Text, default="")
    ambition: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[object | None] = mapped_column(Date)
    ends_on: Mapped[object | None] = mapped_column(Date)
    # Where it comes from when no proposal stands behind it, and other things the public should know.
    origin_note: Mapped[str | None] = mapped_column(Text)
    notes: Mapped[list] = mapped_column(JSON, default=list)
    state: Mapped[str] = mapped_column(word(), default="drafted")
    drafted_at: Mapped[object] = mapped_column(UtcDateTime)
    plan: Mapped[Plan] = relationship(back_populates="commitments")
    institution: Mapped[Institution | None] = relationship()
    origins: Mapped[list["Origin"]] = relationship(back_populates="commitment", order_by="Origin.id")
    milestones: Mapped[list["Milestone"]] = relationship(back_populates="commitment", order_by="Milestone.number")


class Origin(db.Model):
    """A proposal that a commitment comes from: certainly, or by somebody's reading that `note` explains."""

    __tablename__ = "origins"
    __table_args__ = (
        UniqueConstraint("commitment_id", "proposal_id"),
        one_of("certainty", CERTAINTIES),
        CheckConstraint("certainty = 'certain' OR length(note) > 0", name="inferred_is_explained"),
        Index("ix_origins_proposal_id", "proposal_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitments.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"))
    certainty: Mapped[str] = mapped_column(word())
    note: Mapped[str] = mapped_column(Text, default="")
    commitment: Mapped[Commitment] = relationship(back_populates="origins")
    proposal: Mapped[Proposal] = relationship()


class Milestone(db.Model):
    """A dated step of a commitment."""

    __tablename__ = "milestones"
    __table_args__ = (
        UniqueConstraint("commitment_id", "number"),
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitments.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    components: Mapped[list] = mapped_column(JSON, default=list)
    starts_on: Mapped[object | None] = mapped_column(Date)
    ends_on: Mapped[object | None] = mapped_column(Date)
    # The term in the source's own words, and what is odd about it.
    term: Mapped[str | None] = mapped_column(String(200))
    note: Mapped[str | None] = mapped_column(Text)
    commitment: Mapped[Commitment] = relationship(back_populates="milestones")
