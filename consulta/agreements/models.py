"""What sessions agreed: tasks, rules and deferrals, who answers for them, and how each went on."""

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from consulta.accounts.models import Institution
from consulta.core.columns import UtcDateTime, one_of, word
from consulta.core.extensions import db
from consulta.tables.models import Session, Table, new_uid

KINDS = ("task", "rule", "deferral")
# Overdue is no state of a row: it is a due date that has passed (agreements.rules.is_overdue).
STATES = ("agreed", "under_way", "done", "deferred")


class Subgroup(db.Model):
    """Some institutions of a table that a session charged with something."""

    __tablename__ = "subgroups"
    __table_args__ = (Index("ix_subgroups_table_id", "table_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    table_id: Mapped[int] = mapped_column(ForeignKey("tables.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id"))
    title: Mapped[str] = mapped_column(String(160))
    formed_at: Mapped[object] = mapped_column(UtcDateTime)
    table: Mapped[Table] = relationship()
    members: Mapped[list["SubgroupMember"]] = relationship(order_by="SubgroupMember.id")


class SubgroupMember(db.Model):
    """An institution in a sub-group."""

    __tablename__ = "subgroup_members"
    __table_args__ = (UniqueConstraint("subgroup_id", "institution_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subgroup_id: Mapped[int] = mapped_column(ForeignKey("subgroups.id"))
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"))
    institution: Mapped[Institution] = relationship()


class Agreement(db.Model):
    """A task, rule or deferral that a session took, with whoever answers for it and, where there is one, a due date."""

    __tablename__ = "agreements"
    __table_args__ = (
        UniqueConstraint("session_id", "uid"),
        one_of("kind", KINDS),
        one_of("state", STATES),
        CheckConstraint("institution_id IS NULL OR subgroup_id IS NULL", name="one_owner"),
        CheckConstraint("deferred_to_id IS NULL OR state = 'deferred'", name="deferred_somewhere"),
        CheckConstraint("length(text) > 0", name="says_something"),
        Index("ix_agreements_session_id", "session_id"),
        Index("ix_agreements_uid", "uid"),
        Index("ix_agreements_deferred_to_id", "deferred_to_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Made by the device that first wrote it.
    uid: Mapped[str] = mapped_column(String(36), default=new_uid)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    # Its place in the minutes, from 1.
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(word())
    text: Mapped[str] = mapped_column(Text)
    # ["…"]: the terms in which it was agreed (a, b, …).
    terms: Mapped[list] = mapped_column(JSON, default=list)
    # The owner as the room named it; where it is a known institution or sub-group, that row as well.
    owner: Mapped[str | None] = mapped_column(String(320))
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institutions.id"))
    subgroup_id: Mapped[int | None] = mapped_column(ForeignKey("subgroups.id"))
    # As the session fixed it; a later day that it was given since.
    due_on: Mapped[object | None] = mapped_column(Date)
    extended_to: Mapped[object | None] = mapped_column(Date)
    # A time that is no date ("la próxima semana").
    due_note: Mapped[str | None] = mapped_column(String(120))
    # The id of the agenda item it was taken under.
    item: Mapped[str | None] = mapped_column(String(36))
    state: Mapped[str] = mapped_column(word(), default="agreed")
    deferred_to_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id"))
    session: Mapped[Session] = relationship(foreign_keys=[session_id])
    deferred_to: Mapped[Session | None] = relationship(foreign_keys=[deferred_to_id])
    institution: Mapped[Institution | None] = relationship()
    subgroup: Mapped[Subgroup | None] = relationship()
    steps: Mapped[list["AgreementStep"]] = relationship(back_populates="agreement", order_by="AgreementStep.id")

    @property
    def due(self):
        """The day it is due by now, or None."""
        return self.extended_to or self.due_on


class AgreementStep(db.Model):
    """How an agreement went on: its new state, in which session that was said, and what was said of it.

    What a session says of an earlier agreement holds from that session's publication on; until then `holds_at` is
    NULL, and the agreement stays as it was.
    """

    __tablename__ = "agreement_steps"
    __table_args__ = (
        one_of("state", STATES),
        CheckConstraint("deferred_to_id IS NULL OR state = 'deferred'", name="deferred_somewhere"),
        CheckConstraint("holds_at IS NOT NULL OR session_id IS NOT NULL", name="held_back_by_a_session"),
        Index("ix_agreement_steps_agreement_id", "agreement_id"),
        Index("ix_agreement_steps_session_id", "session_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id"))
    state: Mapped[str] = mapped_column(word())
    deferred_to_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id"))
    # The new due date, where it was given one.
    due_on: Mapped[object | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[object] = mapped_column(UtcDateTime)
    by_uid: Mapped[str] = mapped_column(String(32))
    holds_at: Mapped[object | None] = mapped_column(UtcDateTime)
    agreement: Mapped[Agreement] = relationship(back_populates="steps")
    session: Mapped[Session | None] = relationship(foreign_keys=[session_id])
    deferred_to: Mapped[Session | None] = relationship(foreign_keys=[deferred_to_id])
