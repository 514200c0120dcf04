"""Tables, their sessions, who attended, and what each session said of each proposal."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from consulta.accounts.models import SECTORS, Institution
from consulta.consultations.models import Consultation
from consulta.core.columns import UtcDateTime, one_of, together, word
from consulta.core.extensions import db
from consulta.proposals.models import Proposal
from consulta.territories.models import Territory

TABLE_KINDS = ("thematic", "regional", "round")
OUTCOMES = ("keep", "modify", "enlarge", "merge", "separate", "leave_out", "refer", "no_counterpart", "group", "none")
GRADES = ("consensus", "agreement", "majority", "divided", "none")


class Table(db.Model):
    """A standing or one-off group of a consultation; regional ones belong to one territory."""

    __tablename__ = "tables"
    __table_args__ = (
        one_of("kind", TABLE_KINDS),
        CheckConstraint("(kind = 'regional') = (territory_id IS NOT NULL)", name="regional_has_territory"),
        Index("ix_tables_consultation_id", "consultation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"))
    title: Mapped[str] = mapped_column(String(160))
    kind: Mapped[str] = mapped_column(word())
    territory_id: Mapped[int | None] = mapped_column(ForeignKey("territories.id"))
    consultation: Mapped[Consultation] = relationship()
    territory: Mapped[Territory | None] = relationship()
    sessions: Mapped[list["Session"]] = relationship(back_populates="table", order_by="Session.ordinal")


class Session(db.Model):
    """One meeting of a table: convened, opened by its facilitator, submitted.

    A pooled session stands for several meetings whose opinions the source does not tell apart: `venues` names the
    places, and nothing is assigned to any one of them.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        UniqueConstraint("table_id", "ordinal"),
        CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("submitted_at IS NULL OR opened_at IS NOT NULL", name="submitted_was_open"),
        together("submitted_at", "submitted_by_uid", name="submitted_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    table_id: Mapped[int] = mapped_column(ForeignKey("tables.id"))
    ordinal: Mapped[int]
    title: Mapped[str] = mapped_column(String(160))
    place: Mapped[str | None] = mapped_column(String(200))
    starts_at: Mapped[object | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[object | None] = mapped_column(UtcDateTime)
    # What the source says of a date that it does not give.
    date_note: Mapped[str | None] = mapped_column(String(300))
    objective: Mapped[str | None] = mapped_column(Text)
    product: Mapped[str | None] = mapped_column(Text)
    # [{"starts": "15:00", "ends": "15:10", "title": "…"}] in wall time of the place.
    agenda: Mapped[list] = mapped_column(JSON, default=list)
    # ["…"]: what the room asked for or had put on record.
    statements: Mapped[list] = mapped_column(JSON, default=list)
    # [{"text": "…", "owner": "…", "due": null}]: agreements and tasks.
    agreements: Mapped[list] = mapped_column(JSON, default=list)
    notes: Mapped[str | None] = mapped_column(Text)
    is_pooled: Mapped[bool] = mapped_column(default=False)
    venues: Mapped[list] = mapped_column(JSON, default=list)
    convened_at: Mapped[object] = mapped_column(UtcDateTime)
    opened_at: Mapped[object | None] = mapped_column(UtcDateTime)
    submitted_at: Mapped[object | None] = mapped_column(UtcDateTime)
    # The person's uid, or "machine": who handed it in.
    submitted_by_uid: Mapped[str | None] = mapped_column(String(32))
    table: Mapped[Table] = relationship(back_populates="sessions")
    attendances: Mapped[list["Attendance"]] = relationship(back_populates="session", order_by="Attendance.id")
    results: Mapped[list["Result"]] = relationship(back_populates="session", order_by="Result.id")

    @property
    def state(self):
        """convened, open or submitted."""
        return "submitted" if self.submitted_at else "open" if self.opened_at else "convened"


class Attendance(db.Model):
    """One line of the list: an institution, or people of a sector without one, and how many heads.

    Convened, attended and spoke are separate facts; NULL is "the source does not say".
    """

    __tablename__ = "attendances"
    __table_args__ = (
        one_of("sector", SECTORS),
        CheckConstraint("heads IS NULL OR heads BETWEEN 0 AND 100000", name="heads_sane"),
        Index("ix_attendances_session_id", "session_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    sector: Mapped[str] = mapped_column(word())
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institutions.id"))
    convened: Mapped[bool | None]
    attended: Mapped[bool | None]
    spoke: Mapped[bool | None]
    heads: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(String(300))
    session: Mapped[Session] = relationship(back_populates="attendances")
    institution: Mapped[Institution | None] = relationship()


class Result(db.Model):
    """What a session said of one proposal."""

    __tablename__ = "results"
    __table_args__ = (
        UniqueConstraint("session_id", "proposal_id"),
        one_of("outcome", OUTCOMES),
        one_of("grade", GRADES),
        CheckConstraint("(outcome = 'group') = (group_number IS NOT NULL)", name="group_has_number"),
        CheckConstraint("dots IS NULL OR dots BETWEEN 0 AND 100000", name="dots_sane"),
        Index("ix_results_proposal_id", "proposal_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"))
    outcome: Mapped[str] = mapped_column(word())
    group_number: Mapped[int | None]
    grade: Mapped[str | None] = mapped_column(word())
    dots: Mapped[int | None]
    reasons: Mapped[str] = mapped_column(Text, default="")
    dissent: Mapped[str] = mapped_column(Text, default="")
    # Whether the room itself made the proposal.
    made_here: Mapped[bool] = mapped_column(default=False)
    # Whether the source says it in so many words, or the reading is ours.
    is_inferred: Mapped[bool] = mapped_column(default=False)
    entered_at: Mapped[object] = mapped_column(UtcDateTime)
    session: Mapped[Session] = relationship(back_populates="results")
    proposal: Mapped[Proposal] = relationship()
