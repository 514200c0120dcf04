"""Report how far a commitment and its milestones are."""

from flask_babel import lazy_gettext as _

from consulta.core.clock import now
from consulta.core.errors import Conflict, Invalid, check, refuse_if
from consulta.core.extensions import db
from consulta.core.record import record, vocabulary
from consulta.core.text import clean_text
from consulta.core.work import action, lock
from consulta.monitoring.models import COMPLETIONS, TIMELINESS, MilestoneProgress, ProgressReport
from consulta.monitoring.rules import why_not_of_commitment, why_not_report, why_unreportable
from consulta.plan.actions import begin_commitment, reformulate_commitment

TEXT_LIMIT, LINE_LIMIT = 6000, 1000
REFORMULATION = ("before", "after", "reason")

vocabulary({"progress.reported": ("number", "as_of", "completion", "milestones")})


@action
def report_progress(
    commitment, *, as_of=None, completion=None, results="", reformulation=None, next_steps=(), notes=(), milestones, by
):
    """Say how far `commitment` is; returns the ProgressReport, which stands beside the earlier ones.

    as_of: the date it speaks of, None where a source gives none. completion: one of COMPLETIONS, or None where it is
    not said. reformulation: a dictionary of before, after and reason. next_steps, notes: texts. milestones:
    dictionaries of milestone (a Milestone), completion, and optionally timeliness (one of TIMELINESS), reasons
    (texts), evidence.
    Raises NotAllowed, Conflict for a commitment that is not public or outside of the phase that monitors, Invalid.
    """
    (commitment,) = lock(commitment)
    check(why_not_report, by, commitment)
    refuse_if(why_unreportable(commitment), Conflict)
    _one_of("completion", completion, COMPLETIONS)
    report = ProgressReport(
        commitment=commitment,
        as_of=as_of,
        completion=completion,
        results=clean_text(results, TEXT_LIMIT, field="results", required=False),
        reformulation=_reformulation(reformulation),
        next_steps=[clean_text(each, LINE_LIMIT, field="next_steps") for each in next_steps],
        notes=[clean_text(each, LINE_LIMIT, field="notes") for each in notes],
        reported_at=now(),
        milestones=_milestones(milestones, commitment),
    )
    db.session.add(report)
    begin_commitment(commitment, by=by)
    if report.reformulation:
        reformulate_commitment(commitment, reason=report.reformulation["reason"], by=by)
    record(
        "progress.reported",
        report,
        by=by,
        within=commitment.plan.consultation,
        number=commitment.number,
        as_of=as_of and as_of.isoformat(),
        completion=completion,
        milestones={str(each.milestone.number): [each.completion, each.timeliness] for each in report.milestones},
    )
    return report


def _milestones(given, commitment):
    rows, seen = [], set()
    for each in given:
        milestone = each["milestone"]
        if reason := why_not_of_commitment(milestone, commitment):
            raise Invalid("milestones", reason)
        if milestone.id in seen:
            raise Invalid("milestones", _("El hito «%(title)s» está dos veces en el informe.", title=milestone.title))
        seen.add(milestone.id)
        if each.get("completion") is None:
            raise Invalid("milestones", _("Falta decir cuánto se cumplió el hito «%(title)s».", title=milestone.title))
        _one_of("completion", each["completion"], COMPLETIONS)
        _one_of("timeliness", each.get("timeliness"), TIMELINESS)
        rows.append(
            MilestoneProgress(
                milestone=milestone,
                completion=each["completion"],
                timeliness=each.get("timeliness"),
                reasons=[clean_text(text, LINE_LIMIT, field="milestones") for text in each.get("reasons") or ()],
                evidence=clean_text(each.get("evidence"), LINE_LIMIT, field="milestones", required=False) or None,
            )
        )
    return rows


def _reformulation(given):
    if given is None:
        return None
    return {key: clean_text(given[key], TEXT_LIMIT, field="reformulation") for key in REFORMULATION}


def _one_of(field, word, words):
    if word is not None and word not in words:
        raise Invalid(field, _("Ese valor no está en la lista."))
