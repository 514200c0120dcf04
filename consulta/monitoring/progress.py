"""How far commitments and their milestones are, by the latest word on each."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from consulta.core.extensions import db
from consulta.monitoring.models import ProgressReport
from consulta.plan.models import Milestone


@dataclass(frozen=True)
class MilestoneNow:
    """A milestone with the latest word on it; completion is None where no report speaks of it."""

    number: int
    title: str
    components: tuple
    starts_on: object | None
    ends_on: object | None
    term: str | None
    note: str | None
    completion: str | None
    timeliness: str | None
    reasons: tuple
    evidence: str | None


@dataclass(frozen=True)
class Progress:
    """What is reported of one commitment: its latest report, and every milestone with the latest word on it."""

    commitment_id: int
    as_of: object | None
    reported_at: object | None
    completion: str | None
    reports: int
    milestones: tuple

    @property
    def complete(self):
        """How many milestones are complete by the latest word on them."""
        return sum(each.completion == "complete" for each in self.milestones)

    @property
    def is_complete(self):
        """Whether there are milestones and all of them are complete."""
        return bool(self.milestones) and self.complete == len(self.milestones)


def reports_on(commitment):
    """Return the reports on `commitment`, the latest first; the caller has settled who may read the commitment."""
    query = (
        select(ProgressReport)
        .where(ProgressReport.commitment_id == commitment.id)
        .options(selectinload(ProgressReport.milestones))
        .order_by(ProgressReport.id.desc())
    )
    return db.session.scalars(query).all()


def progress_of(commitment):
    """Return the Progress of one commitment, its milestones listed even where nothing is reported yet."""
    return progress_among([commitment.id])[commitment.id]


def progress_among(commitment_ids):
    """Return a dictionary of commitment id to Progress, in three queries; the caller has settled who may read them."""
    milestones = db.session.scalars(
        select(Milestone).where(Milestone.commitment_id.in_(commitment_ids)).order_by(Milestone.number)
    ).all()
    reports = db.session.scalars(
        select(ProgressReport)
        .where(ProgressReport.commitment_id.in_(commitment_ids))
        .options(selectinload(ProgressReport.milestones))
        .order_by(ProgressReport.id)
    ).all()
    latest, reports_of = {}, defaultdict(list)
    for report in reports:
        reports_of[report.commitment_id].append(report)
        latest.update((each.milestone_id, each) for each in report.milestones)
    listed = defaultdict(tuple)
    for milestone in milestones:
        listed[milestone.commitment_id] += (_now(milestone, latest.get(milestone.id)),)
    return {each: _progress(each, reports_of[each], listed[each]) for each in commitment_ids}


def _progress(commitment_id, reports, milestones):
    last = reports[-1] if reports else None
    return Progress(
        commitment_id=commitment_id,
        as_of=last and last.as_of,
        reported_at=last and last.reported_at,
        completion=next((each.completion for each in reversed(reports) if each.completion), None),
        reports=len(reports),
        milestones=milestones,
    )


def _now(milestone, said):
    return MilestoneNow(
        number=milestone.number,
        title=milestone.title,
        components=tuple(milestone.components),
        starts_on=milestone.starts_on,
        ends_on=milestone.ends_on,
        term=milestone.term,
        note=milestone.note,
        completion=said and said.completion,
        timeliness=said and said.timeliness,
        reasons=tuple(said.reasons) if said else (),
        evidence=said and said.evidence,
    )
