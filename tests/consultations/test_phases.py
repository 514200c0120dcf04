"""What a phase opens, and how a consultation stands: phase × right × time as tables."""

from datetime import UTC, datetime, timedelta

import pytest

from consulta.consultations.actions import resume_consultation, suspend_consultation
from consulta.consultations.models import PHASE_KINDS
from consulta.consultations.rules import (
    PHASE_RIGHTS,
    RIGHTS,
    in_words,
    phase_allows,
    phase_state,
    state_of,
    why_phase_forbids,
)
from consulta.core.clock import frozen
from tests.people import make_consultation

# kind of phase: rights it opens, one line each, as design.md and the profiles tell them
TABLE = {
    "diagnosis": {"hold_sessions"},
    "proposing": {"propose", "support", "merge"},
    "tables": {"support", "hold_sessions", "merge", "shortlist"},
    "drafting": {"merge", "shortlist", "draft"},
    "review": {"comment", "shortlist", "draft"},
    "closing": {"draft"},
    "monitoring": {"report"},
}
SECOND = timedelta(seconds=1)


def test_every_kind_of_phase_has_a_row():
    assert set(PHASE_RIGHTS) == set(PHASE_KINDS) == set(TABLE)


@pytest.mark.parametrize("kind", PHASE_KINDS)
def test_a_phase_opens_its_rights_and_no_others(administrator, kind):
    consultation = make_consultation(administrator, phases=[kind])
    assert {right for right in RIGHTS if phase_allows(consultation, right)} == TABLE[kind]
    for right in RIGHTS:
        assert (why_phase_forbids(consultation, right) is None) == (right in TABLE[kind])


@pytest.mark.parametrize("kind", PHASE_KINDS)
def test_a_right_begins_with_its_phase_and_ends_with_it_to_the_second(administrator, kind):
    consultation = make_consultation(administrator, phases=[kind])
    (phase,) = consultation.phases
    right = min(TABLE[kind])
    for instant, state, allowed in (
        (phase.opens_at - SECOND, "scheduled", False),
        (phase.opens_at, "open", True),
        (phase.closes_at - SECOND, "open", True),
        (phase.closes_at, "closed", False),
    ):
        with frozen(instant):
            assert (phase_state(phase), phase_allows(consultation, right)) == (state, allowed)


def test_a_consultation_stands_as_its_dates_and_its_administration_say(administrator):
    consultation = make_consultation(administrator, announced=False)
    opens, closes = consultation.phases[0].opens_at, consultation.phases[-1].closes_at
    assert state_of(consultation) == "draft"
    consultation = make_consultation(administrator)
    opens, closes = consultation.phases[0].opens_at, consultation.phases[-1].closes_at
    for instant, state in (
        (opens - SECOND, "announced"),
        (opens, "open"),
        (closes - SECOND, "open"),
        (closes, "closed"),
    ):
        with frozen(instant):
            assert state_of(consultation) == state
    suspend_consultation(consultation, reason="Una elección se cruza.", by=administrator)
    assert state_of(consultation) == "suspended" and not phase_allows(consultation, "propose")
    resume_consultation(consultation, reason="La elección pasó.", by=administrator)
    assert state_of(consultation) == "open" and phase_allows(consultation, "propose")


def test_the_reason_names_the_phase_and_its_dates(administrator):
    consultation = make_consultation(administrator, phases=["proposing"])
    (phase,) = consultation.phases
    with frozen(phase.opens_at - SECOND):
        coming = str(why_phase_forbids(consultation, "propose"))
    with frozen(phase.closes_at):
        gone = str(why_phase_forbids(consultation, "propose"))
    assert phase.title in coming and str(in_words(phase.opens_at, consultation.zone)) in coming
    assert phase.title in gone and str(in_words(phase.closes_at, consultation.zone)) in gone
    assert "no tiene una fase" in str(why_phase_forbids(consultation, "report"))
    with pytest.raises(ValueError, match="no phase gives"):
        why_phase_forbids(consultation, "fly")


@pytest.mark.parametrize("announced", [True, False])
def test_nothing_is_open_before_the_announcement(administrator, announced):
    consultation = make_consultation(administrator, announced=announced)
    assert phase_allows(consultation, "propose") is announced


def test_one_instant_is_shown_with_the_hour_of_each_place(app):
    instant = datetime(2027, 1, 15, 2, 59, tzinfo=UTC)
    assert [str(in_words(instant, zone)).split(" (")[0][-5:] for zone in ("America/Santiago", "Pacific/Easter")] == [
        "23:59",
        "21:59",
    ]
