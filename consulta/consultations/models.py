"""Consultations with their phases and themes, and who is appointed to what in them."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consulta.accounts.models import Person
from consulta.core.columns import UtcDateTime, one_of, word
from consulta.core.extensions import db
from consulta.territories.models import Territory

PHASE_KINDS = ("diagnosis", "proposing", "tables", "drafting", "review", "closing", "monitoring")
VOTERS = ("confirmed", "territory")
ROLES = ("facilitator", "moderator")


def _live(name, *columns, where):
    condition = text(f"ended_at IS NULL AND {where}")
    return Index(name, *columns, unique=True, sqlite_where=condition, postgresql_where=condition)


class Consultation(db.Model):
    """One participatory process. Open and closed are read off its phases and the clock, never stored."""

    __tablename__ = "consultations"
    __table_args__ = (
        one_of("voters", VOTERS),
        CheckConstraint("vote_limit IS NULL OR vote_limit > 0", name="vote_limit_positive"),
        CheckConstraint("voters <> 'territory' OR territory_id IS NOT NULL", name="voters_have_territory"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(600))
    description: Mapped[str] = mapped_column(Text, default="")
    zone: Mapped[str] = mapped_column(String(64))
    country: Mapped[str] = mapped_column(String(2))
    profile: Mapped[str] = mapped_column(String(40))
    notice_days: Mapped[int] = mapped_column(default=0)
    # Who may support: any person with a confirmed address, or those of one territory (and what lies in it).
    voters: Mapped[str] = mapped_column(word(), default="confirmed")
    territory_id: Mapped[int | None] = mapped_column(ForeignKey("territories.id"))
    vote_limit: Mapped[int | None]
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[object] = mapped_column(UtcDateTime)
    announced_at: Mapped[object | None] = mapped_column(UtcDateTime)
    suspended_at: Mapped[object | None] = mapped_column(UtcDateTime)
    archived_at: Mapped[object | None] = mapped_column(UtcDateTime)
    territory: Mapped[Territory | None] = relationship()
    phases: Mapped[list["Phase"]] = relationship(
        back_populates="consultation", order_by="Phase.position", lazy="selectin"
    )
    themes: Mapped[list["Theme"]] = relationship(back_populates="consultation", order_by="Theme.position")


class Phase(db.Model):
    """A dated stage: from `opens_at` until just before `closes_at`, both instants."""

    __tablename__ = "phases"
    __table_args__ = (
        UniqueConstraint("consultation_id", "position"),
        one_of("kind", PHASE_KINDS),
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(word())
    title: Mapped[str] = mapped_column(String(160))
    opens_at: Mapped[object] = mapped_column(UtcDateTime)
    closes_at: Mapped[object] = mapped_column(UtcDateTime)
    consultation: Mapped[Consultation] = relationship(back_populates="phases")


class Theme(db.Model):
    """A subject area of a consultation."""

    __tablename__ = "themes"
    __table_args__ = (UniqueConstraint("consultation_id", "title"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    consultation: Mapped[Consultation] = relationship(back_populates="themes")


class Appointment(db.Model):
    """A person's role in one consultation; a facilitator's also in one region. Taken back, it stays as history."""

    __tablename__ = "appointments"
    __table_args__ = (
        one_of("role", ROLES),
        CheckConstraint("(role = 'facilitator') = (territory_id IS NOT NULL)", name="facilitators_have_territory"),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
        # One live appointment of a kind: two indexes, because NULLs never equal each other.
        _live("uq_appointments_live", "person_id", "role", "consultation_id", where="territory_id IS NULL"),
        _live(
            "uq_appointments_live_regional",
            "person_id",
            "role",
            "consultation_id",
            "territory_id",
            where="territory_id IS NOT NULL",
        ),
        Index("ix_appointments_consultation_id", "consultation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    role: Mapped[str] = mapped_column(word())
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"))
    territory_id: Mapped[int | None] = mapped_column(ForeignKey("territories.id"))
    appointed_at: Mapped[object] = mapped_column(UtcDateTime)
    appointed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[object | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    person: Mapped[Person] = relationship(foreign_keys=person_id)
    consultation: Mapped[Consultation] = relationship()
    territory: Mapped[Territory | None] = relationship()
