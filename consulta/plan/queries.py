"""Reading the plan and its commitments, and what keeps its draft from being published."""

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from consulta.core.errors import NotFound, refuse_if
from consulta.core.extensions import db
from consulta.plan.models import Commitment, Origin, Plan
from consulta.plan.origin import origin_of  # noqa: F401  (the walk has a file of its own and is asked for here)
from consulta.plan.rules import why_not_see_commitment, why_not_see_plan
from consulta.proposals.models import Proposal
from consulta.shortlist.queries import shortlisted

NAMED_AT_ONCE = 20  # proposals that a refusal names one by one


def plan_of(consultation, *, to):
    """Return the plan of `consultation` if there is one and `to` may see it, else None."""
    plan = db.session.scalar(
        select(Plan).where(Plan.consultation_id == consultation.id).options(joinedload(Plan.consultation))
    )
    return plan if plan is not None and why_not_see_plan(to, plan) is None else None


def commitments_of(plan, *, to):
    """Return the commitments of `plan` that `to` may see, by number, with institution and milestones."""
    query = (
        select(Commitment)
        .where(Commitment.plan_id == plan.id)
        .options(
            joinedload(Commitment.institution),
            joinedload(Commitment.plan).joinedload(Plan.consultation),
            selectinload(Commitment.milestones),
            selectinload(Commitment.origins),
        )
        .order_by(Commitment.number)
    )
    commitments = db.session.scalars(query).all()
    drafted = [commitment for commitment in commitments if commitment.state == "drafted"]
    if drafted and why_not_see_commitment(to, drafted[0]) is not None:
        return [commitment for commitment in commitments if commitment.state != "drafted"]
    return commitments


def find_commitment(commitment_id, *, to):
    """Return a commitment if `to` may see it; raises NotFound alike for none and for one not published yet."""
    query = (
        select(Commitment)
        .where(Commitment.id == commitment_id)
        .options(
            joinedload(Commitment.plan).joinedload(Plan.consultation),
            joinedload(Commitment.institution),
            selectinload(Commitment.milestones),
        )
    )
    commitment = db.session.scalar(query) if 0 < commitment_id < 2**31 else None
    if commitment is None:
        raise NotFound(_("Este compromiso no existe o todavía no es público."))
    refuse_if(why_not_see_commitment(to, commitment), NotFound)
    return commitment


def commitments_from(proposal, *, to=None):
    """Return the Origins rows of commitments that come from `proposal` itself and that `to` may see."""
    return origins_from([proposal.id], to=to)


def origins_from(ids, *, to):
    """Return the Origin rows that lead from any of the proposals `ids` to commitments that `to` may see."""
    query = (
        select(Origin)
        .join(Origin.commitment)
        .where(Origin.proposal_id.in_(ids))
        .options(
            contains_eager(Origin.commitment).joinedload(Commitment.plan).joinedload(Plan.consultation),
            contains_eager(Origin.commitment).joinedload(Commitment.institution),
        )
        .order_by(Origin.certainty, Commitment.number)
    )
    rows, answers = [], {}
    for origin in db.session.scalars(query):
        kind = (origin.commitment.plan_id, origin.commitment.state == "drafted")
        if kind not in answers:
            answers[kind] = why_not_see_commitment(to, origin.commitment) is None
        if answers[kind]:
            rows.append(origin)
    return rows


def uncovered(consultation):
    """Return the shortlisted proposals of `consultation` that no commitment comes from, the first chosen first.

    A joint proposal is covered by a commitment that comes from any of its parts.
    """
    covered = set(
        db.session.scalars(
            select(func.coalesce(Proposal.head_id, Proposal.id))
            .join(Origin, Origin.proposal_id == Proposal.id)
            .join(Origin.commitment)
            .join(Commitment.plan)
            .where(Plan.consultation_id == consultation.id)
        )
    )
    return [each.proposal for each in shortlisted(consultation) if each.proposal_id not in covered]


def gaps_of(plan):
    """Return what keeps the draft of `plan` from being published, as a list of sentences; empty where nothing does."""
    states = dict(
        db.session.execute(
            select(Commitment.state, func.count()).where(Commitment.plan_id == plan.id).group_by(Commitment.state)
        ).all()
    )
    gaps = []
    if not states:
        gaps.append(_("El plan no tiene ningún compromiso todavía."))
    elif not states.get("drafted"):
        gaps.append(_("Todos los compromisos ya están publicados: no hay nada nuevo que publicar."))
    bare = uncovered(plan.consultation)
    gaps += [
        _(
            "La propuesta %(code)s, «%(title)s», está preseleccionada y ningún compromiso viene de ella.",
            code=p.code,
            title=p.title,
        )
        for p in bare[:NAMED_AT_ONCE]
    ]
    if len(bare) > NAMED_AT_ONCE:
        gaps.append(_("Y otras %(n)s propuestas preseleccionadas sin compromiso.", n=len(bare) - NAMED_AT_ONCE))
    standing = aliased(Proposal)
    reopened = (
        select(Commitment.number, Proposal.code)
        .join(Commitment.origins)
        .join(Origin.proposal)
        .join(standing, standing.id == func.coalesce(Proposal.head_id, Proposal.id))
        .where(Commitment.plan_id == plan.id, Origin.certainty == "certain", standing.state != "shortlisted")
        .order_by(Commitment.number, Proposal.code)
    )
    gaps += [
        _(
            "El compromiso %(n)s dice venir con certeza de la propuesta %(code)s, que ya no está preseleccionada.",
            n=n,
            code=code,
        )
        for n, code in db.session.execute(reopened)
    ]
    return gaps
