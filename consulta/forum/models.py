"""The permanent forum: its seats, who holds them and in which quality over time, and its calendar."""

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consulta.accounts.models import SECTORS, Institution
from consulta.core.columns import one_of, word
from consulta.core.extensions import db
from consulta.tables.models import Session, Table

SEAT_QUALITIES = ("member", "observer")
TERM_KINDS = ("holder", "substitute")


class Seat(db.Model):
    """A place at a standing table, of one sector and, where there is one, one network."""

    __tablename__ = "seats"
    __table_args__ = (one_of("sector", SECTORS), Index("ix_seats_table_id", "table_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    table_id: Mapped[int] = mapped_column(ForeignKey("tables.id"))
    sector: Mapped[str] = mapped_column(word())
    # "Red Académica de Gobierno Abierto"
    network: Mapped[str | None] = mapped_column(String(160))
    title: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]
    starts_on: Mapped[object | None] = mapped_column(Date)
    ends_on: Mapped[object | None] = mapped_column(Date)
    table: Mapped[Table] = relationship()
    terms: Mapped[list["SeatTerm"]] = relationship(back_populates="seat", order_by="SeatTerm.id")
    qualities: Mapped[list["SeatQuality"]] = relationship(back_populates="seat", order_by="SeatQuality.id")


class SeatTerm(db.Model):
    """Who sits there from one day to another, as holder or as substitute; NULL dates are not known."""

    __tablename__ = "seat_terms"
    __table_args__ = (
        one_of("kind", TERM_KINDS),
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        Index("ix_seat_terms_seat_id", "seat_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"))
    kind: Mapped[str] = mapped_column(word())
    # As the secretariat publishes it: an office, or a name that its bearer lets be public.
    who: Mapped[str] = mapped_column(String(160))
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institutions.id"))
    starts_on: Mapped[object | None] = mapped_column(Date)
    ends_on: Mapped[object | None] = mapped_column(Date)
    note: Mapped[str | None] = mapped_column(String(300))
    seat: Mapped[Seat] = relationship(back_populates="terms")
    institution: Mapped[Institution | None] = relationship()


class SeatQuality(db.Model):
    """Member or observer from a day on; the last one holds."""

    __tablename__ = "seat_qualities"
    __table_args__ = (one_of("quality", SEAT_QUALITIES), Index("ix_seat_qualities_seat_id", "seat_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"))
    quality: Mapped[str] = mapped_column(word())
    starts_on: Mapped[object | None] = mapped_column(Date)
    note: Mapped[str | None] = mapped_column(String(300))
    seat: Mapped[Seat] = relationship(back_populates="qualities")


class PlannedMeeting(db.Model):
    """A day in a table's calendar, and the session that was convened for it."""

    __tablename__ = "planned_meetings"
    __table_args__ = (UniqueConstraint("table_id", "planned_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    table_id: Mapped[int] = mapped_column(ForeignKey("tables.id"))
    planned_on: Mapped[object] = mapped_column(Date)
    note: Mapped[str | None] = mapped_column(String(300))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id"), unique=True)
    table: Mapped[Table] = relationship()
    session: Mapped[Session | None] = relationship()
