"""Write the plan: open it, draft its commitments and their milestones, publish the draft."""

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from consulta.accounts.actions import found_institution
from consulta.accounts.models import Institution
from consulta.core.clock import now
from consulta.core.errors import Conflict, Invalid, Refused, check, refuse_if
from consulta.core.extensions import db
from consulta.core.record import record, vocabulary
from consulta.core.text import clean_line, clean_text
from consulta.core.work import action, lock
from consulta.plan.models import Commitment, Milestone, Origin, Plan
from consulta.plan.queries import gaps_of
from consulta.plan.rules import why_ends_early, why_no_origin, why_not_draft, why_undraftable

TEXT_LIMIT, NOTE_LIMIT, COMPONENT_LIMIT = 6000, 1000, 300
TEXTS = ("problem", "objective", "description", "relevance", "ambition")

# What a draft says is nobody's to read before it is published, so the record names numbers until then.
vocabulary(
    {
        "plan.opened": (),
        "commitment.drafted": ("number", "certain", "inferred"),
        "milestone.added": ("number",),
        "plan.draft_published": ("title", "period", "commitments"),
        "commitment.begun": ("number",),
        "commitment.reformulated": ("number",),
    }
)


@action
def open_plan(consultation, *, title, period="", by):
    """Begin the plan of `consultation`; returns the one that exists where there is one.

    period: the years it is for, as "2026-2028". Raises NotAllowed, Conflict outside of a phase that drafts.
    """
    lock(consultation)
    check(why_not_draft, by, consultation)
    existing = db.session.scalar(select(Plan).where(Plan.consultation_id == consultation.id))
    if existing is not None:
        return existing
    refuse_if(why_undraftable(consultation), Conflict)
    plan = Plan(
        consultation=consultation,
        title=clean_line(title, 200, field="plan_title"),
        period=clean_line(period, 40, field="period", required=False),
    )
    db.session.add(plan)
    record("plan.opened", plan, by=by, within=consultation)
    return plan


@action
def draft_commitment(
    plan,
    *,
    title,
    subject="",
    institution=None,
    problem="",
    objective="",
    description="",
    relevance="",
    ambition="",
    starts_on=None,
    ends_on=None,
    origins=(),
    origin_note=None,
    notes=(),
    milestones=(),
    reference=None,
    number=None,
    by,
):
    """Add a commitment to the draft of `plan`; returns it.

    institution: the one that answers for it, or a (name, sector) pair to be founded. starts_on, ends_on: dates.
    origins: (proposal, "certain" or "inferred", note) triples; origin_note: where it comes from when no proposal
    stands behind it. notes: texts on what is odd about it. milestones: dictionaries of the arguments of
    `add_milestone`. number: its place in the plan, the next one where it is None.
    Raises NotAllowed, Conflict outside of a phase that drafts or for a number that is taken, Invalid for what was
    typed.
    """
    (plan,) = lock(plan)
    consultation = plan.consultation
    check(why_not_draft, by, consultation)
    refuse_if(why_undraftable(consultation), Conflict)
    _refuse("ends_on", why_ends_early(starts_on, ends_on))
    origin_note = clean_text(origin_note, NOTE_LIMIT, field="origin_note", required=False) or None
    origins = _origins(origins, origin_note, consultation)
    commitment = Commitment(
        plan=plan,
        number=_next_number(plan, number),
        reference=clean_line(reference, 40, required=False) or None,
        title=clean_line(title, 400, field="title"),
        subject=clean_line(subject, 200, field="subject", required=False),
        institution=_institution(institution, by),
        starts_on=starts_on,
        ends_on=ends_on,
        origin_note=origin_note,
        notes=[clean_text(note, NOTE_LIMIT, field="notes") for note in notes],
        drafted_at=now(),
        origins=origins,
        **_texts(problem, objective, description, relevance, ambition),
    )
    db.session.add(commitment)
    certain = sum(origin.certainty == "certain" for origin in origins)
    record(
        "commitment.drafted",
        commitment,
        by=by,
        within=consultation,
        number=commitment.number,
        certain=certain,
        inferred=len(origins) - certain,
    )
    for milestone in milestones:
        add_milestone(commitment, **milestone, by=by)
    return commitment


@action(unrecorded="plan.opened and commitment.drafted tell it")
def draft_into(consultation, *, opening, commitment, by):
    """Draft a commitment in the plan of `consultation`, which is opened with it where there is none; returns it.

    opening: the arguments of `open_plan`. commitment: those of `draft_commitment`.
    """
    return draft_commitment(open_plan(consultation, **opening, by=by), **commitment, by=by)


@action
def add_milestone(commitment, *, title, components=(), starts_on=None, ends_on=None, term=None, note=None, by):
    """Add a dated step to a commitment that is being drafted; returns it.

    components: texts of what it consists of. term: the time in the source's own words. note: what is odd about it.
    """
    (commitment,) = lock(commitment)
    consultation = commitment.plan.consultation
    check(why_not_draft, by, consultation)
    refuse_if(why_undraftable(consultation), Conflict)
    if commitment.state != "drafted":
        raise Conflict(_("Este compromiso ya se publicó con el borrador del plan, y sus hitos no cambian sin más."))
    _refuse("milestones", why_ends_early(starts_on, ends_on))
    last = select(func.coalesce(func.max(Milestone.number), 0)).where(Milestone.commitment_id == commitment.id)
    milestone = Milestone(
        commitment=commitment,
        number=db.session.scalar(last) + 1,
        title=clean_line(title, 300, field="milestones"),
        components=[clean_line(each, COMPONENT_LIMIT, field="milestones") for each in components],
        starts_on=starts_on,
        ends_on=ends_on,
        term=clean_line(term, 200, field="milestones", required=False) or None,
        note=clean_text(note, NOTE_LIMIT, field="milestones", required=False) or None,
    )
    db.session.add(milestone)
    record("milestone.added", milestone, by=by, within=consultation, number=milestone.number)
    return milestone


@action
def publish_draft(plan, *, by):
    """Make what is drafted public, for everybody to read and comment.

    Done again later, it publishes the commitments that were drafted since. Raises NotAllowed, Conflict outside of a
    phase that drafts, Refused with everything that is missing, such as a shortlisted proposal without a commitment.
    """
    (plan,) = lock(plan)
    check(why_not_draft, by, plan.consultation)
    refuse_if(why_undraftable(plan.consultation), Conflict)
    if gaps := gaps_of(plan):
        raise Refused(_("El borrador no se puede publicar todavía.") + " " + " ".join(str(gap) for gap in gaps))
    drafted = [commitment for commitment in plan.commitments if commitment.state == "drafted"]
    for commitment in drafted:
        commitment.state = "in_review"
    plan.draft_published_at = plan.draft_published_at or now()
    record(
        "plan.draft_published",
        plan,
        by=by,
        within=plan.consultation,
        title=plan.title,
        period=plan.period,
        commitments=[_published(commitment) for commitment in drafted],
    )
    return plan


@action
def begin_commitment(commitment, *, by):
    """Note that a public commitment is being carried out; one that is already keeps its state."""
    if commitment.state in ("in_review", "approved", "published"):
        commitment.state = "in_implementation"
        record("commitment.begun", commitment, by=by, within=commitment.plan.consultation, number=commitment.number)


@action
def reformulate_commitment(commitment, *, reason, by):
    """Note that a commitment is carried out in another form than was promised, and why."""
    commitment.state = "reformulated"
    record(
        "commitment.reformulated",
        commitment,
        by=by,
        within=commitment.plan.consultation,
        reason=reason,
        number=commitment.number,
    )


def _next_number(plan, number):
    taken = db.session.scalars(select(Commitment.number).where(Commitment.plan_id == plan.id)).all()
    if number is None:
        return max(taken, default=0) + 1
    if number in taken:
        raise Conflict(_("El plan ya tiene un compromiso %(n)s. Elige otro número.", n=number))
    return number


def _texts(*given):
    return {
        field: clean_text(text, TEXT_LIMIT, field=field, required=False)
        for field, text in zip(TEXTS, given, strict=True)
    }


def _origins(given, origin_note, consultation):
    if not given and origin_note is None:
        raise Invalid(
            "certain", _("Elige de qué propuesta viene el compromiso, o explica de dónde viene si no hay ninguna.")
        )
    origins, seen = [], set()
    for proposal, certainty, text in given:
        field = "certain" if certainty == "certain" else "inferred"
        note = clean_text(text, NOTE_LIMIT, field=field, required=False)
        _refuse(field, why_no_origin(proposal, certainty, note, consultation))
        if proposal.id in seen:
            raise Invalid(field, _("La propuesta %(code)s está puesta dos veces como origen.", code=proposal.code))
        seen.add(proposal.id)
        origins.append(Origin(proposal=proposal, certainty=certainty, note=note))
    return origins


def _institution(given, by):
    if given is None or isinstance(given, Institution):
        return given
    name, sector = given
    return found_institution(name, sector, by=by)


def _published(commitment):
    """Return what the record says of a commitment on its way out."""
    codes = {"certain": [], "inferred": []}
    for origin in commitment.origins:
        codes[origin.certainty].append(origin.proposal.code)
    return {"number": commitment.number, "title": commitment.title, **codes}


def _refuse(field, reason):
    if reason is not None:
        raise Invalid(field, reason)
