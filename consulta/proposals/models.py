"""Proposals, their wordings, and the meaning vectors made from them."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from consulta.accounts.models import Institution, Person
from consulta.consultations.models import Consultation, Theme
from consulta.core.columns import UtcDateTime, one_of, word
from consulta.core.extensions import db
from consulta.territories.models import Territory

ORIGINS = ("online", "table", "institution")
STATES = ("draft", "published", "merged", "shortlisted", "left_out", "referred", "withdrawn")
TITLE_LIMIT = 200
BODY_LIMIT = 6000
EXCERPT_LENGTH = 220


class Proposal(db.Model):
    """What somebody asks for. Its texts are wordings; nobody but its author ever adds one.

    `carried_by_id` is the joint proposal of the merge that took it in, `head_id` the outermost one: the proposal
    behind which its supporters are counted now. Both are NULL while it stands for itself.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        one_of("origin", ORIGINS),
        one_of("state", STATES),
        CheckConstraint("(state = 'merged') = (carried_by_id IS NOT NULL)", name="merged_is_carried"),
        CheckConstraint("(carried_by_id IS NULL) = (head_id IS NULL)", name="carried_has_head"),
        CheckConstraint("(state = 'draft') = (published_at IS NULL)", name="draft_is_unpublished"),
        CheckConstraint("(hidden_at IS NULL) = (hidden_reason IS NULL)", name="hidden_with_reason"),
        CheckConstraint("supporters >= 0", name="supporters_not_negative"),
        CheckConstraint(
            "origin = 'institution' OR author_id IS NOT NULL OR is_joint OR origin = 'table'", name="online_has_author"
        ),
        # The two orders of the public list, each read by key from its index.
        Index("ix_proposals_newest", "consultation_id", "published_at", "id"),
        Index("ix_proposals_most_supported", "consultation_id", "supporters", "id"),
        # How many the list holds is counted from this index alone.
        Index("ix_proposals_listed", "consultation_id", "state", "hidden_at", "theme_id"),
        Index("ix_proposals_carried_by_id", "carried_by_id"),
        Index("ix_proposals_head_id", "head_id"),
        Index("ix_proposals_author_id", "author_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"))
    # The label a source gives it ("Iniciativa 9", "N2"), where it has one.
    reference: Mapped[str | None] = mapped_column(String(40))
    origin: Mapped[str] = mapped_column(word())
    is_joint: Mapped[bool] = mapped_column(default=False)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institutions.id"))
    origin_note: Mapped[str | None] = mapped_column(String(300))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))
    territory_id: Mapped[int | None] = mapped_column(ForeignKey("territories.id"))
    state: Mapped[str] = mapped_column(word())
    started_at: Mapped[object] = mapped_column(UtcDateTime)
    published_at: Mapped[object | None] = mapped_column(UtcDateTime)
    hidden_at: Mapped[object | None] = mapped_column(UtcDateTime)
    hidden_reason: Mapped[str | None] = mapped_column(Text)
    supporters: Mapped[int] = mapped_column(default=0)
    wording_number: Mapped[int] = mapped_column(default=1)
    carried_by_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id"))
    head_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id"))

    consultation: Mapped[Consultation] = relationship()
    author: Mapped[Person | None] = relationship()
    institution: Mapped[Institution | None] = relationship()
    theme: Mapped[Theme | None] = relationship()
    territory: Mapped[Territory | None] = relationship()
    carried_by: Mapped["Proposal | None"] = relationship(foreign_keys=carried_by_id, remote_side=id)
    head: Mapped["Proposal | None"] = relationship(foreign_keys=head_id, remote_side=id)
    wordings: Mapped[list["Wording"]] = relationship(back_populates="proposal", order_by="Wording.number")
    wording: Mapped["Wording"] = relationship(
        primaryjoin=lambda: db.and_(
            Proposal.id == foreign(Wording.proposal_id), Proposal.wording_number == foreign(Wording.number)
        ),
        viewonly=True,
        uselist=False,
    )

    @property
    def title(self):
        """The title of the wording in force."""
        return self.wording.title

    @property
    def body(self):
        """The Markdown text of the wording in force."""
        return self.wording.body


class Wording(db.Model):
    """A proposal's title and text as they stood from `written_at` on; never changed."""

    __tablename__ = "wordings"
    __table_args__ = (UniqueConstraint("proposal_id", "number"), CheckConstraint("number > 0", name="number_positive"))

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(TITLE_LIMIT))
    body: Mapped[str] = mapped_column(Text)
    # The text's beginning in plain words: what lists show, so that they read no whole texts.
    excerpt: Mapped[str] = mapped_column(String(EXCERPT_LENGTH))
    # Title and text without case and accents: what a search reads.
    folded: Mapped[str] = mapped_column(Text)
    written_at: Mapped[object] = mapped_column(UtcDateTime)
    proposal: Mapped[Proposal] = relationship(back_populates="wordings")


class Embedding(db.Model):
    """A wording's meaning as a unit vector of float32; can be dropped and made again."""

    __tablename__ = "embeddings"
    __table_args__ = (UniqueConstraint("wording_id", "encoder"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    wording_id: Mapped[int] = mapped_column(ForeignKey("wordings.id"))
    encoder: Mapped[str] = mapped_column(String(120))
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    # CRC-32 of the vector: one that was damaged is made again, not served. 0 where it was not written down.
    checksum: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
