"""The way forward from a proposal: what became of it, and what it waits for."""

from datetime import timedelta

import pytest

from consulta.core.clock import frozen, now
from consulta.core.errors import NotFound
from consulta.core.extensions import db
from consulta.merging.actions import merge_proposals
from consulta.monitoring.actions import report_progress
from consulta.monitoring.queries import fate_of
from consulta.plan.actions import publish_draft
from consulta.proposals.actions import hide_proposal, revise_proposal, start_proposal, withdraw_proposal
from consulta.proposals.queries import find_proposal
from consulta.shortlist.actions import leave_out, refer_proposal, reopen_decision
from consulta.shortlist.queries import live_decision
from tests.people import make_consultation, make_person, make_proposal
from tests.plan.chain import SECRET, build, count_queries

WHOLE = ("proposing", "tables", "drafting", "monitoring")


@pytest.fixture
def consultation(administrator, territories):
    """A consultation in which everything is open at once, monitoring too."""
    return make_consultation(administrator, phases=WHOLE)


def kinds(proposal, to=None):
    """Return the kinds of steps of a proposal's fate, in order."""
    return [step.kind for step in fate_of(proposal, to=to)]


def waits(proposal, to=None):
    """Return what a proposal waits for."""
    return [step.facts.what for step in fate_of(proposal, to=to) if step.kind == "waiting"]


def steps(proposal, kind, to=None):
    """Return the steps of one kind."""
    return [step for step in fate_of(proposal, to=to) if step.kind == kind]


def test_a_part_goes_on_through_what_carries_it_all_the_way_to_the_milestones(chain):
    publish_draft(chain.plan, by=chain.moderator)
    report_progress(
        chain.commitment,
        milestones=[{"milestone": chain.milestone, "completion": "limited", "timeliness": "delayed"}],
        by=chain.moderator,
    )
    assert kinds(chain.first) == [
        "received",
        "heard",  # in the first session
        "merged",  # M2
        "undone",
        "merged",  # M1
        "merged",  # M4, as a part of the joint proposal of M1
        "heard",  # in the second session, as the joint proposal of M4
        "decided",
        "promised",
        "progressed",
        "waiting",
        "waiting",
        "waiting",
    ]


def test_each_step_says_which_joint_proposal_it_happened_to(chain):
    own, of_inner, of_outer = steps(chain.first, "merged")[0], *steps(chain.first, "merged")[1:]
    assert own.about is None
    assert of_inner.about is None
    assert of_outer.about.code == chain.inner.joint.code
    assert of_outer.facts.joint.title == "Compras y datos"
    [decided] = steps(chain.first, "decided")
    assert (decided.about.code, decided.facts.reason) == (chain.joint.code, "Es posible y medible.")


def test_an_undone_merge_and_a_part_taken_out_are_told_with_their_reasons(chain):
    [undone] = steps(chain.apart, "undone")
    assert (undone.facts.merge.reference, undone.facts.reason) == ("M2", "No se mantuvo.")
    [out] = steps(chain.apart, "taken_out")
    assert (out.facts.merge.reference, out.facts.reason) == ("M4", "Pide una ley.")
    [left] = steps(chain.apart, "decided")
    assert (left.facts.ground, left.facts.needs_law, left.facts.no_counterpart) == ("needs_law", True, True)


def test_commitments_are_certain_or_inferred_and_the_certain_way_wins(chain):
    publish_draft(chain.plan, by=chain.moderator)
    [promise] = steps(chain.first, "promised")
    assert (promise.facts.certainty, promise.facts.reference) == ("certain", "C5")
    [promise] = steps(chain.apart, "promised")
    assert (promise.facts.certainty, promise.facts.note) == ("inferred", "Mismo tema.")


def test_a_plan_that_is_not_published_is_told_to_its_moderators_alone(chain, citizen, other_moderator):
    for reader in (None, citizen, other_moderator):
        assert steps(chain.first, "promised", to=reader) == []
        assert "Compras abiertas para todos" not in repr(fate_of(chain.first, to=reader))
        assert "commitment" in waits(chain.first, to=reader)
    [promise] = steps(chain.first, "promised", to=chain.moderator)
    assert promise.facts.is_draft
    assert "commitment" in waits(chain.first, to=chain.moderator)


def test_what_a_session_has_not_handed_in_is_nowhere(chain, citizen):
    for reader in (None, citizen, chain.moderator):
        assert SECRET not in repr(fate_of(chain.first, to=reader))


def test_a_hidden_joint_proposal_is_not_told_and_its_part_still_goes_on(chain):
    hide_proposal(chain.joint, reason="Se revisa.", by=chain.moderator)
    shown = fate_of(chain.first, to=None)
    assert "Compras y datos" not in repr(shown)
    assert [step.facts.joint.title for step in shown if step.kind == "merged"][-1] is None
    assert "Compras y datos" in repr(fate_of(chain.first, to=chain.moderator))


def test_a_hidden_proposal_has_a_fate_for_its_author_and_the_moderators_alone(chain, citizen):
    hide_proposal(chain.apart, reason="Se revisa.", by=chain.moderator)
    for reader in (None, make_person()):
        with pytest.raises(NotFound):
            fate_of(chain.apart, to=reader)
    assert kinds(chain.apart, to=citizen)[0] == "received"
    assert kinds(chain.apart, to=chain.moderator)[0] == "received"


def test_a_draft_waits_for_its_author_and_is_nobody_elses(consultation, citizen, other_citizen):
    draft = start_proposal(consultation, title="Borrador", body="Mío.", by=citizen)
    assert kinds(draft, to=citizen) == ["received", "waiting"]
    assert waits(draft, to=citizen) == ["submission"]
    with pytest.raises(NotFound):
        fate_of(draft, to=other_citizen)


def test_wordings_are_told_in_turn(proposal, citizen):
    for n in range(2):
        revise_proposal(proposal, title=f"Actas {n}", body="Otro texto.", theme=None, territory=None, by=citizen)
    assert [step.facts for step in steps(proposal, "revised")] == [2, 3]


def test_what_its_author_withdrew_says_why_and_waits_for_nothing(proposal, citizen):
    withdraw_proposal(proposal, reason="Ya existe.", by=citizen)
    assert kinds(proposal) == ["received", "withdrawn"]
    assert steps(proposal, "withdrawn")[0].facts == "Ya existe."


def test_a_published_proposal_waits_for_a_decision_in_the_phase_that_takes_it(proposal, consultation):
    [wait] = [step.facts for step in steps(proposal, "waiting")]
    assert (wait.what, wait.is_late) == ("decision", False)
    assert wait.phase in {phase.title for phase in consultation.phases if phase.kind in ("tables", "drafting")}
    with frozen(now() + timedelta(days=60)):
        assert steps(proposal, "waiting")[0].facts.is_late


def test_while_objections_are_heard_a_part_waits_for_that_too(consultation, citizen, moderator):
    one, two = (make_proposal(consultation, citizen, title=f"Idea {n}") for n in range(2))
    merge_proposals([one, two], title="Ambas", body="Juntas.", reason="Iguales.", by=moderator)
    assert waits(one) == ["objections", "decision"]
    with frozen(now() + timedelta(days=8)):
        assert waits(one) == ["decision"]


def test_a_reopened_decision_is_told_and_it_waits_again(chain):
    reopen_decision(live_decision(chain.joint), reason="Se revisa.", by=chain.moderator)
    assert kinds(chain.joint)[-3:] == ["decided", "reopened", "waiting"]
    assert waits(chain.joint) == ["decision"]


def test_left_out_and_referred_ones_wait_for_nothing(consultation, citizen, institution, moderator):
    one, two = (make_proposal(consultation, citizen, title=f"Idea {n}") for n in range(2))
    leave_out(one, ground="already_exists", reason="Ya está.", by=moderator)
    refer_proposal(two, to=institution, reason="Es suyo.", by=moderator)
    assert waits(one) == waits(two) == []


def test_after_publication_it_waits_for_approval_then_for_progress_then_for_nothing(chain):
    publish_draft(chain.plan, by=chain.moderator)
    for completion, waited in (None, "approval"), ("limited", "progress"), ("complete", None):
        if completion:
            said = [{"milestone": chain.milestone, "completion": completion}]
            report_progress(chain.commitment, milestones=said, by=chain.moderator)
        assert waits(chain.joint) == ([waited] if waited else [])


def test_the_walk_costs_the_same_however_much_happened(
    consultation, moderator, citizen, other_consultation, other_moderator
):
    small = build(consultation, moderator, author=citizen)
    large = build(other_consultation, other_moderator, author=citizen, parts=12)
    counts = []
    codes = [(chain.plan, chain.first.code, chain.moderator) for chain in (small, large)]
    for plan, _code, by in codes:
        publish_draft(plan, by=by)
    for code in [code for _plan, code, _by in codes]:
        db.session.expunge_all()
        proposal = find_proposal(code, to=None)
        counts.append(count_queries(lambda proposal=proposal: fate_of(proposal, to=None)))
    assert counts[0] == counts[1] <= 14
