"""People and institutions: who acts, and the bodies that propose and answer."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consulta.core.columns import UtcDateTime, one_of, word
from consulta.core.extensions import db
from consulta.territories.models import Territory

SECTORS = ("government", "municipal", "civil_society", "academia", "private", "international")


class Person(db.Model):
    """An account. One person is one canonical e-mail address, and so has one voice."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    # What the record and the session call the person: says nothing about who it is.
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    canonical_email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(256))
    # Goes up when the password changes: every session opened before it is closed.
    epoch: Mapped[int] = mapped_column(default=0)
    locale: Mapped[str] = mapped_column(String(8), default="es")
    registered_at: Mapped[object] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[object | None] = mapped_column(UtcDateTime)
    # A letter is owed while one was asked for after the last that was sent (the row is the truth, the queue a bell).
    confirmation_asked_at: Mapped[object | None] = mapped_column(UtcDateTime)
    confirmation_sent_at: Mapped[object | None] = mapped_column(UtcDateTime)
    reset_asked_at: Mapped[object | None] = mapped_column(UtcDateTime)
    reset_sent_at: Mapped[object | None] = mapped_column(UtcDateTime)
    is_administrator: Mapped[bool] = mapped_column(default=False)
    territory_id: Mapped[int | None] = mapped_column(ForeignKey("territories.id"))
    territory: Mapped[Territory | None] = relationship()

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self):
        """Return what the session holds: the person and the password's epoch."""
        return f"{self.uid}.{self.epoch}"


class Institution(db.Model):
    """A body behind an origin or a counterpart, with its sector."""

    __tablename__ = "institutions"
    __table_args__ = (one_of("sector", SECTORS),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(160), unique=True)
    sector: Mapped[str] = mapped_column(word())
