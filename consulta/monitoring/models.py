"""Progress reports: how far a commitment's milestones were at a date."""

from sqlalchemy import Date, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from consulta.core.columns import UtcDateTime, one_of, word
from consulta.core.extensions import db
from consulta.plan.models import Commitment, Milestone

COMPLETIONS = ("not_started", "limited", "substantial", "complete")
TIMELINESS = ("on_time", "delayed")


class ProgressReport(db.Model):
    """What is said of a commitment at a date: results, next steps, and how it was reformulated."""

    __tablename__ = "progress_reports"
    __table_args__ = (one_of("completion", COMPLETIONS), Index("ix_progress_reports_commitment_id", "commitment_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitments.id"))
    # NULL where the source does not date its report.
    as_of: Mapped[object | None] = mapped_column(Date)
    completion: Mapped[str | None] = mapped_column(word())
    results: Mapped[str] = mapped_column(Text, default="")
    reformulation: Mapped[dict | None] = mapped_column(JSON)
    next_steps: Mapped[list] = mapped_column(JSON, default=list)
    notes: Mapped[list] = mapped_column(JSON, default=list)
    reported_at: Mapped[object] = mapped_column(UtcDateTime)
    commitment: Mapped[Commitment] = relationship()
    milestones: Mapped[list["MilestoneProgress"]] = relationship(
        back_populates="report", order_by="MilestoneProgress.milestone_id"
    )


class MilestoneProgress(db.Model):
    """Completion and timeliness of one milestone in a report: two separate facts, either of which may be unsaid."""

    __tablename__ = "milestone_progress"
    __table_args__ = (
        UniqueConstraint("report_id", "milestone_id"),
        one_of("completion", COMPLETIONS),
        one_of("timeliness", TIMELINESS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("progress_reports.id"))
    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestones.id"))
    completion: Mapped[str] = mapped_column(word())
    timeliness: Mapped[str | None] = mapped_column(word())
    reasons: Mapped[list] = mapped_column(JSON, default=list)
    evidence: Mapped[str | None] = mapped_column(Text)
    report: Mapped[ProgressReport] = relationship(back_populates="milestones")
    milestone: Mapped[Milestone] = relationship()
