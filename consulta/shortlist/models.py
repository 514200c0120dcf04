"""Decisions on proposals: shortlisted, left out with a ground, or referred; each with its reason."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consulta.accounts.models import Institution
from consulta.core.columns import UtcDateTime, one_of, together, word
from consulta.core.extensions import db
from consulta.proposals.models import Proposal
from consulta.tables.models import Session

KINDS = ("shortlisted", "left_out", "referred")
GROUNDS = ("needs_law", "no_counterpart", "out_of_scope", "already_exists", "other")


class Decision(db.Model):
    """What was decided of a proposal, and why. Reopened, it stays as history."""

    __tablename__ = "decisions"
    __table_args__ = (
        one_of("kind", KINDS),
        one_of("ground", GROUNDS),
        CheckConstraint("(kind = 'left_out') = (ground IS NOT NULL)", name="left_out_has_ground"),
        CheckConstraint("kind <> 'referred' OR referred_to_id IS NOT NULL", name="referred_to_somebody"),
        CheckConstraint("kind <> 'shortlisted' OR counterpart_id IS NOT NULL", name="shortlisted_has_counterpart"),
        CheckConstraint("length(reason) > 0", name="reason_given"),
        together("reopened_at", "reopened_reason", name="reopened_with_reason"),
        Index(
            "uq_decisions_live",
            "proposal_id",
            unique=True,
            sqlite_where=text("reopened_at IS NULL"),
            postgresql_where=text("reopened_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"))
    kind: Mapped[str] = mapped_column(word())
    ground: Mapped[str | None] = mapped_column(word())
    # Two facts of their own: a proposal may need a law and also lack a counterpart.
    needs_law: Mapped[bool] = mapped_column(default=False)
    no_counterpart: Mapped[bool] = mapped_column(default=False)
    counterpart_id: Mapped[int | None] = mapped_column(ForeignKey("institutions.id"))
    referred_to_id: Mapped[int | None] = mapped_column(ForeignKey("institutions.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id"))
    reason: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[object] = mapped_column(UtcDateTime)
    reopened_at: Mapped[object | None] = mapped_column(UtcDateTime)
    reopened_reason: Mapped[str | None] = mapped_column(Text)
    proposal: Mapped[Proposal] = relationship()
    counterpart: Mapped[Institution | None] = relationship(foreign_keys=counterpart_id)
    referred_to: Mapped[Institution | None] = relationship(foreign_keys=referred_to_id)
    session: Mapped[Session | None] = relationship()
