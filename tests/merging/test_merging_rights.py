"""Who may merge, undo, take out and annotate: every role, in and after the phases that merge."""

from datetime import timedelta

import pytest

from consulta.consultations.actions import appoint, end_appointment, suspend_consultation
from consulta.consultations.queries import appointments_held
from consulta.core.clock import frozen, now
from consulta.core.errors import Conflict, Invalid, NotAllowed
from consulta.merging import rules
from consulta.merging.actions import annotate_merge, merge_proposals, settle_merge, take_out, undo_merge
from consulta.merging.rules import OBJECTION_WINDOW
from tests.people import make_consultation, make_person, make_proposal

JOINT = {"title": "Actas en línea", "body": "Todo junto.", "reason": "Piden lo mismo."}


@pytest.fixture
def pair(consultation, citizen, other_citizen):
    """Two published proposals, the first by the citizen."""
    return [make_proposal(consultation, citizen), make_proposal(consultation, other_citizen, title="Actas abiertas")]


@pytest.fixture
def merge(pair, moderator):
    """A merge of both."""
    return merge_proposals(pair, **JOINT, by=moderator)


# Role: merge, undo, annotate, take the first part out.
RIGHTS = {
    None: (False, False, False, False),  # nobody signed in
    "other_citizen": (False, False, False, False),  # the author of the other part
    "citizen": (False, False, False, True),  # the author of the part, while objections are heard
    "facilitator": (False, False, False, False),
    "administrator": (False, False, False, False),  # administering is not moderating
    "other_moderator": (False, False, False, False),  # of another consultation
    "moderator": (True, True, True, True),
}


@pytest.mark.parametrize("role", RIGHTS)
def test_a_right_belongs_to_these_roles_and_no_others(role, request, merge, pair):
    person = request.getfixturevalue(role) if role else None
    reasons = (
        rules.why_not_merge(person, pair),
        rules.why_not_undo(person, merge),
        rules.why_not_annotate(person, merge),
        rules.why_not_take_out(person, merge, pair[0]),
    )
    assert tuple(reason is None for reason in reasons) == RIGHTS[role]


@pytest.mark.parametrize("role", [role for role in RIGHTS if role and role != "moderator"])
def test_an_action_refuses_whoever_has_no_right_to_it_and_changes_nothing(
    role, request, merge, pair, consultation, citizen
):
    person = request.getfixturevalue(role)
    more = [make_proposal(consultation, citizen, title=f"Suelta {n}") for n in range(2)]
    acts = [
        lambda: merge_proposals(more, **JOINT, by=person),
        lambda: undo_merge(merge, reason="Porque sí.", by=person),
        lambda: annotate_merge(merge, note="Porque sí.", by=person),
        lambda: settle_merge(merge, by=person),
        lambda: take_out(merge, pair[1 if role == "citizen" else 0], reason="Porque sí.", by=person),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert (merge.state, merge.note) == ("made", None)
    assert [each.state for each in pair + more] == ["merged", "merged", "published", "published"]


def test_an_author_takes_out_only_what_is_theirs_and_only_while_objections_are_heard(merge, pair, citizen):
    with frozen(now() + OBJECTION_WINDOW + timedelta(seconds=1)), pytest.raises(NotAllowed, match="plazo"):
        take_out(merge, pair[0], reason="Pido otra cosa.", by=citizen)
    take_out(merge, pair[0], reason="Pido otra cosa.", by=citizen)
    assert pair[0].state == "published"


def test_a_moderator_takes_parts_out_after_the_window_too(merge, pair, moderator):
    with frozen(now() + OBJECTION_WINDOW):
        settle_merge(merge, by=None)
        take_out(merge, pair[0], reason="Pedía otra cosa.", by=moderator)
    assert pair[0].state == "published"


def test_proposals_of_two_consultations_are_never_one_not_even_for_who_moderates_both(
    consultation, other_consultation, citizen, moderator, other_moderator, administrator
):
    here, there = make_proposal(consultation, citizen), make_proposal(other_consultation, citizen)
    for person in (moderator, other_moderator):
        with pytest.raises(NotAllowed):
            merge_proposals([here, there], **JOINT, by=person)
    appoint(moderator, "moderator", other_consultation, by=administrator)
    with pytest.raises(Invalid, match="consultas distintas"):
        merge_proposals([here, there], **JOINT, by=moderator)
    assert (here.state, there.state) == ("published", "published")


# Which phase is open: whether it merges.
PHASES = {"diagnosis": False, "proposing": True, "tables": True, "drafting": True, "review": False, "monitoring": False}


@pytest.mark.parametrize("kind", PHASES)
def test_only_phases_that_merge_let_a_moderator_merge(kind, administrator, territories, citizen):
    consultation = make_consultation(
        administrator, phases=("proposing", kind) if kind != "proposing" else ("proposing",)
    )
    person = make_person("Moderadora")
    appoint(person, "moderator", consultation, by=administrator)
    pair = [make_proposal(consultation, citizen, title=f"Acta {n}") for n in range(2)]
    with frozen(consultation.phases[-1].closes_at - timedelta(milliseconds=1)):
        if PHASES[kind]:
            merge_proposals(pair, **JOINT, by=person)
        else:
            with pytest.raises(Conflict, match="fase"):
                merge_proposals(pair, **JOINT, by=person)


def test_after_the_phases_a_merge_is_not_made_but_can_be_undone(merge, moderator, consultation, citizen):
    more = [make_proposal(consultation, citizen, title=f"Suelta {n}") for n in range(2)]
    with frozen(max(phase.closes_at for phase in consultation.phases)):
        with pytest.raises(Conflict):
            merge_proposals(more, **JOINT, by=moderator)
        undo_merge(merge, reason="Salió mal.", by=moderator)


def test_while_a_consultation_is_suspended_its_merges_do_not_change(
    merge, pair, moderator, citizen, administrator, consultation
):
    suspend_consultation(consultation, reason="Lo pidió la Contraloría.", by=administrator)
    for act in (
        lambda: undo_merge(merge, reason="No.", by=moderator),
        lambda: take_out(merge, pair[0], reason="No.", by=citizen),
    ):
        with pytest.raises(Conflict, match="suspendida"):
            act()


def test_an_appointment_taken_back_ends_the_right_at_once(merge, moderator, administrator):
    end_appointment(appointments_held(moderator)[0], by=administrator)
    with pytest.raises(NotAllowed):
        undo_merge(merge, reason="Porque sí.", by=moderator)
