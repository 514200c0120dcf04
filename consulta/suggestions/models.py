"""Suggested groups of similar proposals, what moderators decided of pairs, and how strictly the machine suggests."""

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from consulta.consultations.models import Consultation
from consulta.core.columns import UtcDateTime, one_of, word
from consulta.core.extensions import db
from consulta.proposals.models import Proposal, Wording

# Whether two proposals ask for the same: moderators merged them, pulled one into the other's group, or told them
# apart; a merge of them was undone, or one was taken out of it.
SAME = ("merged", "pulled_in")
DIFFERENT = ("told_apart", "parted")


class SimilarGroup(db.Model):
    """The machine's suggestion that some proposals may be one; can be dropped and computed again."""

    __tablename__ = "similar_groups"
    __table_args__ = (UniqueConstraint("consultation_id", "signature"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"))
    # The members' ids in order; the row outlives its members' coming and going, and so does its address.
    signature: Mapped[str] = mapped_column(String(64))
    encoder: Mapped[str] = mapped_column(String(120))
    # Every member is a near-exact copy of every other.
    is_certain: Mapped[bool] = mapped_column(default=False, server_default=false())
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


class Verdict(db.Model):
    """What people decided of two proposals, and of which texts; one live verdict a pair."""

    __tablename__ = "verdicts"
    __table_args__ = (
        one_of("kind", SAME + DIFFERENT),
        CheckConstraint("first_id < second_id", name="in_order"),
        Index(
            "uq_verdicts_live",
            "first_id",
            "second_id",
            unique=True,
            sqlite_where=text("taken_back_at IS NULL"),
            postgresql_where=text("taken_back_at IS NULL"),
        ),
        Index("ix_verdicts_consultation_id", "consultation_id", "id"),
        Index("ix_verdicts_second_id", "second_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"))
    first_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"))
    # The texts that were judged, which may have been written anew since.
    first_wording_id: Mapped[int] = mapped_column(ForeignKey("wordings.id"))
    second_wording_id: Mapped[int] = mapped_column(ForeignKey("wordings.id"))
    kind: Mapped[str] = mapped_column(word())
    decided_at: Mapped[object] = mapped_column(UtcDateTime)
    # Another verdict took its place, or somebody changed their mind.
    taken_back_at: Mapped[object | None] = mapped_column(UtcDateTime)
    first: Mapped[Proposal] = relationship(foreign_keys=first_id)
    second: Mapped[Proposal] = relationship(foreign_keys=second_id)
    first_wording: Mapped[Wording] = relationship(foreign_keys=first_wording_id)
    second_wording: Mapped[Wording] = relationship(foreign_keys=second_wording_id)

    @property
    def is_same(self):
        """Whether the two were found to ask for the same."""
        return self.kind in SAME


class Thresholds(db.Model):
    """How alike two texts must be, 0 to 1, in one consultation; without a row the floors of `similarity.scoring`."""

    __tablename__ = "thresholds"
    __table_args__ = (
        CheckConstraint("citizen_floor > 0 AND citizen_floor <= 1", name="citizen_floor_share"),
        CheckConstraint("group_floor > 0 AND group_floor <= 1", name="group_floor_share"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), primary_key=True)
    # For somebody who writes: few false alarms.
    citizen_floor: Mapped[float] = mapped_column(Float)
    # For moderators: the two most distant members of a group.
    group_floor: Mapped[float] = mapped_column(Float)
    set_at: Mapped[object] = mapped_column(UtcDateTime)
    consultation: Mapped[Consultation] = relationship()


class Preview(db.Model):
    """What each of several thresholds would suggest in one consultation, computed where that was asked for."""

    __tablename__ = "previews"

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), primary_key=True)
    asked_at: Mapped[object] = mapped_column(UtcDateTime)
    # As `suggestions.previewing` computes them: numbers and ids, no texts. None until they are computed first.
    figures: Mapped[dict | None] = mapped_column(JSON)
    made_at: Mapped[object | None] = mapped_column(UtcDateTime)
    consultation: Mapped[Consultation] = relationship()


class Reranker(db.Model):
    """What the verdicts taught, one row an encoder: a logistic regression, its figures, and whether it is used."""

    __tablename__ = "rerankers"
    __table_args__ = (
        UniqueConstraint("encoder"),
        CheckConstraint("pairs_same >= 0 AND pairs_different >= 0", name="pairs_counted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # The version of the encoder whose scores it learned from; another one's mean something else.
    encoder: Mapped[str] = mapped_column(String(120))
    # As `similarity.reranking` writes them: features, means, scales, coefficients, intercept.
    weights: Mapped[dict] = mapped_column(JSON)
    pairs_same: Mapped[int]
    pairs_different: Mapped[int]
    # Log-loss in cross-validation on the verdicts, of the plain score and of the learned one: lower is better.
    plain_loss: Mapped[float] = mapped_column(Float)
    learned_loss: Mapped[float] = mapped_column(Float)
    is_better: Mapped[bool]
    # The newest verdict it was fitted on, and how many were live: while they are the same, there is nothing to learn.
    learned_from: Mapped[str] = mapped_column(String(80))
    fitted_at: Mapped[object] = mapped_column(UtcDateTime)


class MapPlace(db.Model):
    """Where a proposal stands on the map of its consultation: near what it resembles. Can be drawn again."""

    __tablename__ = "map_places"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), primary_key=True)
    # 0 to 1 each, the origin at the upper left.
    x: Mapped[float] = mapped_column(Float)
    y: Mapped[float] = mapped_column(Float)
    proposal: Mapped[Proposal] = relationship()
