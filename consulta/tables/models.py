"""Tables, their sessions, who attended, and what each session said of each proposal."""

import uuid

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from consulta.accounts.models import SECTORS, Institution
from consulta.consultations.models import Consultation
from consulta.core.columns import UtcDateTime, one_of, together, word
from consulta.core.extensions import db
from consulta.proposals.models import Proposal
from consulta.territories.models import Territory

# A forum is permanent and sits outside of the phases; the others are of one process.
TABLE_KINDS = ("forum", "thematic", "regional", "round")
OUTCOMES = ("keep", "modify", "enlarge", "merge", "separate", "leave_out", "refer", "no_counterpart", "group", "none")
GRADES = ("consensus", "agreement", "majority", "divided", "none")
# How far each of those present goes along with a proposal: five levels, each with how many people stood there
# (Sam Kaner and others, Facilitator's Guide to Participatory Decision-Making: the gradients of agreement).
LEVELS = ("level_full", "level_reserved", "level_neutral", "level_unwilling", "level_against")
VOTES = ("votes_for", "votes_against", "abstentions")
# In which quality somebody sits at a table.
QUALITIES = ("member", "observer", "secretary", "guest")
NEXT_MEETINGS = ("dated", "undefined", "none")
GENDERS = ("women", "men", "other_gender")


def new_uid():
    """Return an identifier that a device or the site may make without asking the other."""
    return uuid.uuid4().hex


def _numbers_sane(*columns):
    return (CheckConstraint(f"{each} IS NULL OR {each} BETWEEN 0 AND 100000", name=f"{each}_sane") for each in columns)


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
    """One meeting of a table: convened, opened by its facilitator, submitted, checked by a second person, published.

    Sent back, it is open again and says why. A pooled session stands for several meetings whose opinions the source
    does not tell apart: `venues` names the places, and nothing is assigned to any one of them.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        UniqueConstraint("table_id", "ordinal"),
        one_of("next_meeting", NEXT_MEETINGS),
        CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("submitted_at IS NULL OR opened_at IS NOT NULL", name="submitted_was_open"),
        CheckConstraint("checked_at IS NULL OR submitted_at IS NOT NULL", name="checked_was_submitted"),
        CheckConstraint("published_at IS NULL OR checked_at IS NOT NULL", name="published_was_checked"),
        CheckConstraint(
            "checked_by_uid IS NULL OR checked_by_uid = 'machine' OR checked_by_uid <> submitted_by_uid",
            name="nobody_checks_their_own",
        ),
        CheckConstraint(
            "(next_meeting IS NOT NULL AND next_meeting = 'dated') = (next_on IS NOT NULL)", name="next_dated"
        ),
        CheckConstraint("dots_per_person IS NULL OR dots_per_person BETWEEN 1 AND 100", name="dots_per_person_sane"),
        CheckConstraint(
            "dots_per_proposal IS NULL OR dots_per_proposal BETWEEN 1 AND 100", name="dots_per_proposal_sane"
        ),
        *_numbers_sane("declared_heads"),
        together("submitted_at", "submitted_by_uid", name="submitted_by_somebody"),
        together("checked_at", "checked_by_uid", name="checked_by_somebody"),
        together("returned_at", "returned_by_uid", "return_note", name="returned_with_note"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    table_id: Mapped[int] = mapped_column(ForeignKey("tables.id"))
    ordinal: Mapped[int]
    title: Mapped[str] = mapped_column(String(160))
    # The number its minutes carry ("N°4"), where they carry one.
    number: Mapped[str | None] = mapped_column(String(20))
    place: Mapped[str | None] = mapped_column(String(200))
    link: Mapped[str | None] = mapped_column(String(500))
    starts_at: Mapped[object | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[object | None] = mapped_column(UtcDateTime)
    # What the source says of a date that it does not give.
    date_note: Mapped[str | None] = mapped_column(String(300))
    # Who called the meeting, as the minutes name them (an institution, never a person), and on which day.
    convened_by: Mapped[str | None] = mapped_column(String(200))
    convened_on: Mapped[object | None] = mapped_column(Date)
    objective: Mapped[str | None] = mapped_column(Text)
    # ["…"]: what the room works from.
    inputs: Mapped[list] = mapped_column(JSON, default=list)
    product: Mapped[str | None] = mapped_column(Text)
    # The programme and what was said under each item, in order; times in wall time of the place:
    # {"id": "…", "kind": "item|break|heading", "block": 1, "starts": "15:00", "ends": "15:10", "title": "…",
    #  "development": "markdown", "is_closed": false, "closed_note": "…"}. A "heading" stands in the account alone.
    agenda: Mapped[list] = mapped_column(JSON, default=list)
    # ["…"]: what the room asked for or had put on record.
    statements: Mapped[list] = mapped_column(JSON, default=list)
    notes: Mapped[str | None] = mapped_column(Text)
    # ["…"]: what the source leaves open, in words that the public reads.
    open_points: Mapped[list] = mapped_column(JSON, default=list)
    # {sector: how many people were to come}.
    planned_heads: Mapped[dict] = mapped_column(JSON, default=dict)
    dots_per_person: Mapped[int | None]
    dots_per_proposal: Mapped[int | None]
    # How many people were counted in the room, where somebody counted them all; the list says who they were.
    declared_heads: Mapped[int | None]
    # Why the numbers of the room do not agree with one another.
    count_note: Mapped[str | None] = mapped_column(Text)
    attendance_note: Mapped[str | None] = mapped_column(Text)
    next_meeting: Mapped[str | None] = mapped_column(word())
    next_on: Mapped[object | None] = mapped_column(Date)
    prepared_by: Mapped[str | None] = mapped_column(String(200))
    prepared_on: Mapped[object | None] = mapped_column(Date)
    distributed_to: Mapped[str | None] = mapped_column(String(300))
    is_pooled: Mapped[bool] = mapped_column(default=False)
    venues: Mapped[list] = mapped_column(JSON, default=list)
    convened_at: Mapped[object] = mapped_column(UtcDateTime)
    opened_at: Mapped[object | None] = mapped_column(UtcDateTime)
    submitted_at: Mapped[object | None] = mapped_column(UtcDateTime)
    # Chance in the fingerprint that the public record holds of it since: what is short could else be guessed.
    seal_nonce: Mapped[str | None] = mapped_column(String(32))
    # The person's uid, or "machine": who handed it in, checked it, sent it back.
    submitted_by_uid: Mapped[str | None] = mapped_column(String(32))
    # The uids of all who entered something: none of them may check it.
    hands: Mapped[list] = mapped_column(JSON, default=list)
    checked_at: Mapped[object | None] = mapped_column(UtcDateTime)
    checked_by_uid: Mapped[str | None] = mapped_column(String(32))
    returned_at: Mapped[object | None] = mapped_column(UtcDateTime)
    returned_by_uid: Mapped[str | None] = mapped_column(String(32))
    return_note: Mapped[str | None] = mapped_column(Text)
    # From here on everybody reads what was entered.
    published_at: Mapped[object | None] = mapped_column(UtcDateTime)
    table: Mapped[Table] = relationship(back_populates="sessions")
    attendances: Mapped[list["Attendance"]] = relationship(back_populates="session", order_by="Attendance.id")
    results: Mapped[list["Result"]] = relationship(back_populates="session", order_by="Result.id")

    @property
    def state(self):
        """convened, open, submitted, checked or published."""
        reached = ("published", self.published_at), ("checked", self.checked_at), ("submitted", self.submitted_at)
        return next((state for state, at in (*reached, ("open", self.opened_at)) if at is not None), "convened")


class Attendance(db.Model):
    """One line of the list: an institution, or people of a sector without one, and how many heads.

    Convened, attended, excused and spoke are separate facts; NULL is "the source does not say".
    """

    __tablename__ = "attendances"
    __table_args__ = (
        UniqueConstraint("session_id", "uid"),
        one_of("sector", SECTORS),
        one_of("quality", QUALITIES),
        CheckConstraint("heads IS NULL OR heads BETWEEN 0 AND 100000", name="heads_sane"),
        *_numbers_sane(*GENDERS),
        CheckConstraint("institution_id IS NULL OR named IS NULL", name="named_until_founded"),
        Index("ix_attendances_session_id", "session_id"),
        Index("ix_attendances_uid", "uid"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Made by the device that first wrote the line.
    uid: Mapped[str] = mapped_column(String(36), default=new_uid)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    sector: Mapped[str] = mapped_column(word())
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institutions.id"))
    # The institution as it was typed in the room; it becomes a row of its own when the session is published.
    named: Mapped[str | None] = mapped_column(String(160))
    # The network it sits for, or the heading it stands under in the minutes.
    network: Mapped[str | None] = mapped_column(String(160))
    quality: Mapped[str | None] = mapped_column(word())
    convened: Mapped[bool | None]
    # Whether the convening itself wrote this body here: so much is public before what the room enters is.
    invited: Mapped[bool] = mapped_column(default=False)
    attended: Mapped[bool | None]
    excused: Mapped[bool | None]
    spoke: Mapped[bool | None]
    heads: Mapped[int | None]
    women: Mapped[int | None]
    men: Mapped[int | None]
    other_gender: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(String(300))
    session: Mapped[Session] = relationship(back_populates="attendances")
    institution: Mapped[Institution | None] = relationship()

    @property
    def name(self):
        """The institution's name, or None for people without one."""
        return self.institution.name if self.institution else self.named


class Result(db.Model):
    """What a session said of one proposal."""

    __tablename__ = "results"
    __table_args__ = (
        UniqueConstraint("session_id", "proposal_id"),
        one_of("outcome", OUTCOMES),
        one_of("grade", GRADES),
        CheckConstraint("(outcome = 'group') = (group_number IS NOT NULL)", name="group_has_number"),
        *_numbers_sane("dots", *LEVELS, *VOTES),
        Index("ix_results_proposal_id", "proposal_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"))
    outcome: Mapped[str] = mapped_column(word())
    group_number: Mapped[int | None]
    grade: Mapped[str | None] = mapped_column(word())
    level_full: Mapped[int | None]
    level_reserved: Mapped[int | None]
    level_neutral: Mapped[int | None]
    level_unwilling: Mapped[int | None]
    level_against: Mapped[int | None]
    votes_for: Mapped[int | None]
    votes_against: Mapped[int | None]
    abstentions: Mapped[int | None]
    dots: Mapped[int | None]
    reasons: Mapped[str] = mapped_column(Text, default="")
    reasons_against: Mapped[str] = mapped_column(Text, default="")
    # The position of the minority.
    dissent: Mapped[str] = mapped_column(Text, default="")
    requests: Mapped[str] = mapped_column(Text, default="")
    # What was put on record about this proposal.
    statements: Mapped[str] = mapped_column(Text, default="")
    missing_actors: Mapped[str] = mapped_column(Text, default="")
    # Why its numbers do not agree with the list of those present.
    count_note: Mapped[str] = mapped_column(Text, default="")
    # Whether the room itself made the proposal.
    made_here: Mapped[bool] = mapped_column(default=False)
    # Whether the source says it in so many words, or the reading is ours.
    is_inferred: Mapped[bool] = mapped_column(default=False)
    entered_at: Mapped[object] = mapped_column(UtcDateTime)
    session: Mapped[Session] = relationship(back_populates="results")
    proposal: Mapped[Proposal] = relationship()


class AccessCode(db.Model):
    """A key to one session's worksheet for a shared phone, without an account; only its fingerprint is kept.

    Actions take it as `by`: `uid` is what the record calls whoever holds it.
    """

    __tablename__ = "access_codes"
    __table_args__ = (
        CheckConstraint("expires_at > made_at", name="expires_after_made"),
        Index("ix_access_codes_session_id", "session_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    # SHA-256 of the code, which has 50 bits of chance.
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[object] = mapped_column(UtcDateTime)
    made_by_uid: Mapped[str] = mapped_column(String(32))
    expires_at: Mapped[object] = mapped_column(UtcDateTime)
    ended_at: Mapped[object | None] = mapped_column(UtcDateTime)
    session: Mapped[Session] = relationship()
    # The uid of whoever acts through it while signed in; of one request, and never stored.
    as_well = None

    @property
    def confirmed_at(self):
        """Since when whoever holds it may name institutions: somebody with a confirmed account made it."""
        return self.made_at
