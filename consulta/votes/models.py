"""Votes: one live row for each person and proposal. They are secret and in no public record."""

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consulta.core.columns import UtcDateTime, one_of, word
from consulta.core.extensions import db

KINDS = ("support",)


class Vote(db.Model):
    """A person's live vote for a proposal; taking it back removes the row."""

    __tablename__ = "votes"
    __table_args__ = (
        UniqueConstraint("person_id", "proposal_id", "kind"),
        one_of("kind", KINDS),
        Index("ix_votes_proposal_id", "proposal_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"))
    kind: Mapped[str] = mapped_column(word(), default="support")
    cast_at: Mapped[object] = mapped_column(UtcDateTime)
