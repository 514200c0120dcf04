"""Reporting how far commitments are: who, when, on what, and what is kept of it."""

from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from consulta.consultations.actions import appoint
from consulta.core.errors import Conflict, Invalid, NotAllowed
from consulta.core.record import Entry
from consulta.monitoring.actions import report_progress
from consulta.monitoring.models import MilestoneProgress, ProgressReport
from consulta.monitoring.queries import progress_of, reports_on
from consulta.monitoring.rules import why_not_report, why_unreportable
from consulta.plan.actions import draft_commitment, open_plan, publish_draft
from tests.people import make_consultation, make_person

WHOLE = ("proposing", "tables", "drafting", "monitoring")


@pytest.fixture
def consultation(administrator, territories):
    """A consultation in which everything is open at once, monitoring too."""
    return make_consultation(administrator, phases=WHOLE)


def drafted(consultation, moderator):
    """Return a commitment with two milestones in a draft."""
    plan = open_plan(consultation, title="Plan", by=moderator)
    steps = [{"title": "Diseño"}, {"title": "Puesta en marcha"}]
    return draft_commitment(plan, title="Portal", origin_note="Del plan anterior.", milestones=steps, by=moderator)


@pytest.fixture
def commitment(consultation, moderator):
    """A public commitment with two milestones."""
    commitment = drafted(consultation, moderator)
    publish_draft(commitment.plan, by=moderator)
    return commitment


# Role: may report.
REPORTERS = {
    None: False,
    "citizen": False,
    "facilitator": False,
    "administrator": False,  # administering is not moderating
    "other_moderator": False,  # of another consultation
    "moderator": True,
}


@pytest.mark.parametrize("role", REPORTERS)
def test_only_the_moderators_of_the_consultation_report(role, request, session, commitment):
    person = request.getfixturevalue(role) if role else None
    assert (why_not_report(person, commitment) is None) is REPORTERS[role]
    if person is not None and not REPORTERS[role]:
        with pytest.raises(NotAllowed):
            report_progress(commitment, milestones=[], by=person)
        assert session.scalars(select(ProgressReport)).all() == []


def test_a_commitment_that_is_not_public_is_not_reported_on(consultation, moderator):
    commitment = drafted(consultation, moderator)
    assert why_unreportable(commitment) is not None
    for by in (moderator, None):
        with pytest.raises(Conflict):
            report_progress(commitment, milestones=[], by=by)


def test_outside_of_the_phase_that_monitors_nothing_is_reported(administrator, territories):
    consultation = make_consultation(administrator, phases=("drafting",))
    moderator = make_person("Moderadora")
    appoint(moderator, "moderator", consultation, by=administrator)
    commitment = drafted(consultation, moderator)
    publish_draft(commitment.plan, by=moderator)
    with pytest.raises(Conflict, match="fase"):
        report_progress(commitment, milestones=[], by=moderator)


def test_completion_and_timeliness_are_two_facts_and_either_may_be_unsaid(session, commitment, moderator):
    first, second = commitment.milestones
    report_progress(
        commitment,
        as_of=date(2027, 6, 30),
        results="Se avanzó.",
        reformulation={"before": "Un portal.", "after": "Dos.", "reason": "No cabía."},
        next_steps=["Publicar."],
        notes=["La columna se perdió."],
        milestones=[
            {"milestone": first, "completion": "complete", "timeliness": "delayed", "reasons": ["Faltó acuerdo."]},
            {"milestone": second, "completion": "substantial", "evidence": "Resolución."},
        ],
        by=moderator,
    )
    progress = progress_of(commitment)
    assert [(each.completion, each.timeliness) for each in progress.milestones] == [
        ("complete", "delayed"),
        ("substantial", None),
    ]
    assert (progress.completion, progress.as_of, progress.is_complete) == (None, date(2027, 6, 30), False)
    entry = session.scalars(select(Entry).where(Entry.event == "progress.reported")).one()
    assert entry.details == {
        "number": 1,
        "as_of": "2027-06-30",
        "completion": None,
        "milestones": {"1": ["complete", "delayed"], "2": ["substantial", None]},
    }


def test_a_later_report_stands_beside_the_earlier_one_and_the_latest_word_on_each_milestone_counts(
    commitment, moderator
):
    first, second = commitment.milestones
    report_progress(
        commitment,
        completion="limited",
        milestones=[
            {"milestone": first, "completion": "limited", "timeliness": "on_time"},
            {"milestone": second, "completion": "not_started"},
        ],
        by=moderator,
    )
    report_progress(commitment, milestones=[{"milestone": first, "completion": "complete"}], by=moderator)
    progress = progress_of(commitment)
    assert [each.completion for each in progress.milestones] == ["complete", "not_started"]
    assert (progress.completion, progress.reports) == ("limited", 2)
    assert [report.completion for report in reports_on(commitment)] == [None, "limited"]


def test_a_report_that_will_not_do_is_refused_whole(session, commitment, consultation, moderator):
    first = commitment.milestones[0]
    other = draft_commitment(
        commitment.plan, title="Otro", origin_note="Aparte.", milestones=[{"title": "Ajeno"}], by=moderator
    )
    wrong = (
        {"milestones": [{"milestone": first, "completion": "casi"}]},
        {"milestones": [{"milestone": first, "completion": "limited", "timeliness": "pronto"}]},
        {"milestones": [{"milestone": first}]},  # no completion
        {"milestones": [{"milestone": first, "completion": "limited"}] * 2},
        {"milestones": [{"milestone": other.milestones[0], "completion": "limited"}]},
        {"completion": "casi", "milestones": []},
        {"results": "nulo\x00", "milestones": []},
        {"results": "x" * 6001, "milestones": []},
    )
    for values in wrong:
        with pytest.raises(Invalid):
            report_progress(commitment, **values, by=moderator)
    assert session.scalars(select(ProgressReport)).all() == []


# What the database itself refuses: the constraint, the table, and the columns that break it.
BROKEN = {
    "ck_progress_reports_completion_known": (ProgressReport, {"completion": "casi"}),
    "ck_milestone_progress_completion_known": (MilestoneProgress, {"completion": "casi"}),
    "timeliness_known": (MilestoneProgress, {"timeliness": "pronto"}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_holds_the_invariants_by_name(name, session, commitment, moderator):
    said = [{"milestone": commitment.milestones[0], "completion": "limited"}]
    report_progress(commitment, milestones=said, by=moderator)
    table, values = BROKEN[name]
    with pytest.raises(IntegrityError, match=name):
        session.execute(update(table).values(**values))
    session.rollback()
