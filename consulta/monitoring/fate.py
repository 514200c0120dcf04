"""The way forward from a proposal: what rooms said, what carries it, what was decided, promised and done."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import literal, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from consulta.consultations.rules import PHASE_RIGHTS
from consulta.core.clock import now
from consulta.core.errors import NotFound, refuse_if
from consulta.core.extensions import db
from consulta.core.record import Entry, reference
from consulta.merging.models import Merge, MergePart
from consulta.monitoring.progress import progress_among
from consulta.plan.origin import joined
from consulta.plan.queries import origins_from
from consulta.plan.rules import readable_among
from consulta.proposals.models import Proposal
from consulta.proposals.queries import wordings_of
from consulta.proposals.rules import why_not_see
from consulta.shortlist.queries import decisions_among, heard_among
from consulta.tables.models import Session

EARLIEST = datetime.min.replace(tzinfo=UTC)
ENDED_BY_AUTHOR = "proposal.withdrawn"


@dataclass(frozen=True)
class About:
    """A proposal that a step is about; code and title are None where the reader may not see it."""

    code: str | None
    title: str | None
    reference: str | None


@dataclass(frozen=True)
class Step:
    """One thing that happened to a proposal, or that it waits for.

    kind: received, revised, withdrawn, heard, merged, taken_out, undone, decided, reopened, promised, progressed or
    waiting. at: the instant, None for what waits. about: the joint proposal it happened to, where it was not this
    one. facts: what there is to tell, a plain object that depends on the kind (Arrival, int, str, Heard, Joining,
    Decided, Promise, Report, Wait).
    """

    kind: str
    at: object | None
    facts: object
    about: About | None = None


@dataclass(frozen=True)
class Arrival:
    """How a proposal came: online, from a table or from an institution; or as the joint text of a merge."""

    origin: str
    is_joint: bool
    is_published: bool
    institution: str | None
    region: str | None
    note: str | None


@dataclass(frozen=True)
class Joining:
    """A merge (plan.origin.Joined), the joint proposal it wrote, and why it let this one go, if it did."""

    merge: object
    joint: About
    reason: str | None = None


@dataclass(frozen=True)
class Promise:
    """A commitment that comes from the proposal, certainly or by the reading that `note` explains."""

    commitment_id: int
    number: int
    reference: str | None
    title: str
    state: str
    institution: str | None
    plan: str
    certainty: str
    note: str
    is_draft: bool


@dataclass(frozen=True)
class Report:
    """How far a commitment is: the Promise it belongs to and its Progress."""

    promise: Promise
    progress: object


@dataclass(frozen=True)
class Wait:
    """What the proposal waits for: submission, objections, decision, commitment, approval or progress.

    until: an instant where there is one. phase, opens_at, closes_at: the phase in which it is due. is_late: that
    phase is over, and nothing was done.
    """

    what: str
    until: object | None = None
    phase: str | None = None
    opens_at: object | None = None
    closes_at: object | None = None
    is_late: bool = False


def fate_of(proposal, *, to):
    """Return the Steps of what became of `proposal`, in order, and last what it still waits for.

    A part of a merge goes on through the joint proposal that carries it. What `to` may not read (hidden proposals,
    sessions whose minutes are not public, a plan that was not published) is in no step. Raises NotFound where `to` may
    not see the proposal. The number of queries depends neither on the size of the merges nor on how much happened.
    """
    refuse_if(why_not_see(to, proposal), NotFound)
    chain = _carried_up(proposal)
    parts = _parts_of(chain)
    readable = readable_among(to, {*chain, *(part.merge.joint for part in parts)})
    abouts = {each.id: _about(each, readable) for each in (*chain, *(part.merge.joint for part in parts))}
    open_chain = [each for each in chain if each.id in readable]
    promises, reports = _promised(open_chain, to)
    steps = [
        *_written(proposal),
        *_heard(open_chain, abouts, proposal),
        *_joined(parts, abouts, proposal),
        *_decided(open_chain, abouts, proposal),
        *promises,
        *reports,
    ]
    steps.sort(key=lambda step: step.at or EARLIEST)
    return [_arrival(proposal), *steps, *_waiting(chain, parts, promises, reports)]


def _carried_up(proposal):
    """Return the proposal, the joint one that carries it, the one that carries that, and so on: one query."""
    chain = (
        select(Proposal.id, Proposal.carried_by_id, literal(0).label("depth"))
        .where(Proposal.id == proposal.id)
        .cte("chain", recursive=True)
    )
    carrier = aliased(Proposal)
    chain = chain.union_all(
        select(carrier.id, carrier.carried_by_id, chain.c.depth + 1).where(carrier.id == chain.c.carried_by_id)
    )
    query = (
        select(Proposal)
        .join(chain, chain.c.id == Proposal.id)
        .options(joinedload(Proposal.wording), joinedload(Proposal.consultation))
        .order_by(chain.c.depth)
    )
    return db.session.scalars(query).all()


def _parts_of(chain):
    query = (
        select(MergePart)
        .join(MergePart.merge)
        .where(MergePart.proposal_id.in_([each.id for each in chain]))
        .options(
            contains_eager(MergePart.merge).options(
                joinedload(Merge.session).joinedload(Session.table),
                joinedload(Merge.joint).joinedload(Proposal.wording),
                joinedload(Merge.joint).joinedload(Proposal.consultation),
            )
        )
        .order_by(MergePart.merge_id)
    )
    return db.session.scalars(query).all()


def _arrival(proposal):
    return Step(
        "received",
        proposal.published_at or proposal.started_at,
        Arrival(
            origin=proposal.origin,
            is_joint=proposal.is_joint,
            is_published=proposal.published_at is not None,
            institution=proposal.institution and proposal.institution.name,
            region=proposal.territory and proposal.territory.name,
            note=proposal.origin_note,
        ),
    )


def _written(proposal):
    steps = [Step("revised", wording.written_at, wording.number) for wording in wordings_of(proposal)[1:]]
    if proposal.state == "withdrawn":
        entries = db.session.execute(
            select(Entry.at, Entry.reason).where(Entry.subject == reference(proposal), Entry.event == ENDED_BY_AUTHOR)
        )
        steps += [Step("withdrawn", at, reason) for at, reason in entries]
    return steps


def _heard(chain, abouts, proposal):
    found = heard_among([each.id for each in chain])
    return [
        Step("heard", heard.starts_at or heard.published_at, heard, _unless_own(proposal, each, abouts))
        for each in chain
        for heard in found[each.id]
    ]


def _joined(parts, abouts, proposal):
    steps = []
    for part in parts:
        merge, joint = joined(part.merge), abouts[part.merge.joint_id]
        about = _unless_own(proposal, part.proposal, abouts)
        steps.append(Step("merged", merge.made_at, Joining(merge, joint), about))
        if part.taken_out_at is not None:
            steps.append(Step("taken_out", part.taken_out_at, Joining(merge, joint, part.taken_out_reason), about))
        elif merge.undone_at is not None:
            steps.append(Step("undone", merge.undone_at, Joining(merge, joint, merge.undone_reason), about))
    return steps


def _decided(chain, abouts, proposal):
    found = decisions_among([each.id for each in chain])
    steps = []
    for each in chain:
        about = _unless_own(proposal, each, abouts)
        for decision in found[each.id]:
            steps.append(Step("decided", decision.decided_at, decision, about))
            if decision.reopened_at is not None:
                steps.append(Step("reopened", decision.reopened_at, decision, about))
    return steps


def _promised(chain, to):
    """Return the steps of commitments and of the reports on them; of two ways to one commitment the certain one."""
    promises = {}
    for origin in origins_from([each.id for each in chain], to=to):
        commitment, plan = origin.commitment, origin.commitment.plan
        promises.setdefault(
            commitment.id,
            Step(
                "promised",
                commitment.drafted_at if commitment.state == "drafted" else plan.draft_published_at,
                Promise(
                    commitment_id=commitment.id,
                    number=commitment.number,
                    reference=commitment.reference,
                    title=commitment.title,
                    state=commitment.state,
                    institution=commitment.institution and commitment.institution.name,
                    plan=plan.title,
                    certainty=origin.certainty,
                    note=origin.note,
                    is_draft=commitment.state == "drafted",
                ),
            ),
        )
    reports = [
        Step("progressed", progress.reported_at, Report(promises[key].facts, progress))
        for key, progress in progress_among(list(promises)).items()
        if progress.reports
    ]
    return list(promises.values()), reports


def _waiting(chain, parts, promises, reports):
    proposal, head = chain[0], chain[-1]
    consultation = head.consultation
    if proposal.state == "draft":
        return [Step("waiting", None, Wait("submission"))]
    waits = [
        Wait("objections", until=part.merge.objections_until)
        for part in parts
        if part.merge.state == "made" and part.taken_out_at is None and part.merge.objections_until > now()
    ]
    if head.state == "published":
        waits.append(_due("decision", "shortlist", consultation))
    elif head.state == "shortlisted" and not [step for step in promises if not step.facts.is_draft]:
        waits.append(_due("commitment", "draft", consultation))
    else:
        finished = {step.facts.promise.commitment_id: step.facts.progress.is_complete for step in reports}
        public = [step.facts.commitment_id for step in promises if not step.facts.is_draft]
        if any(key not in finished for key in public):
            waits.append(_due("approval", "comment", consultation))
        elif any(not finished[key] for key in public):
            waits.append(_due("progress", "report", consultation))
    return [Step("waiting", None, wait) for wait in waits]


def _due(what, right, consultation):
    """Name the phase that gives `right` now or next; where all of them are over, the last one, and that it is late."""
    phases = sorted(
        (phase for phase in consultation.phases if right in PHASE_RIGHTS[phase.kind]), key=lambda phase: phase.closes_at
    )
    if not phases:
        return Wait(what)
    phase = next((phase for phase in phases if phase.closes_at > now()), phases[-1])
    return Wait(
        what, phase=phase.title, opens_at=phase.opens_at, closes_at=phase.closes_at, is_late=phase.closes_at <= now()
    )


def _about(proposal, readable):
    if proposal.id not in readable:
        return About(None, None, None)
    return About(proposal.code, proposal.title, proposal.reference)


def _unless_own(proposal, other, abouts):
    return None if other.id == proposal.id else abouts[other.id]
