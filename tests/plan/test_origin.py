"""The way back from a commitment to everything it comes from."""

import pytest

from consulta.core.extensions import db
from consulta.merging.actions import undo_merge
from consulta.plan.actions import draft_commitment, publish_draft
from consulta.plan.queries import find_commitment, origin_of
from consulta.proposals.actions import hide_proposal
from consulta.shortlist.actions import leave_out, reopen_decision
from consulta.shortlist.queries import live_decision
from tests.people import make_person
from tests.plan.chain import SECRET, build, count_queries


def walked(source):
    """Return every Source of a tree."""
    return [source, *(each for part in source.parts for each in walked(part))]


@pytest.fixture
def origins(chain):
    """The origin of the commitment as anybody reads it."""
    publish_draft(chain.plan, by=chain.moderator)
    return origin_of(chain.commitment)


def test_the_walk_reaches_decision_merges_within_merges_proposals_and_rooms(chain, origins):
    joint = origins.roots[0]
    assert (joint.code, joint.certainty) == (chain.joint.code, "certain")
    [decision] = joint.decisions
    assert (decision.kind, decision.counterpart, decision.by) == ("shortlisted", "ChileCompra", "Moderadora Uno")
    assert (decision.reason, decision.session) == ("Es posible y medible.", "Segunda sesión")
    assert (joint.merge.reference, joint.merge.reason) == ("M4", "Se complementan.")
    assert [heard.grade for heard in joint.heard] == ["consensus"]
    third, inner = joint.parts
    assert (third.code, inner.merge.reference, inner.merge.session) == (chain.third.code, "M1", "Primera sesión")
    first, second = inner.parts
    assert [first.code, second.code] == [chain.first.code, chain.second.code]


def test_each_proposal_tells_its_supports_and_a_joint_one_the_distinct_people(chain, origins):
    joint = origins.roots[0]
    third, inner = joint.parts
    first, second = inner.parts
    assert [first.supporters, second.supporters, inner.supporters, joint.supporters] == [1, 2, 2, 2]
    assert (first.supporters_then, inner.supporters_then) == (1, 2)


def test_rooms_say_who_was_there_and_what_is_pooled_or_inferred_stays_so(chain, origins):
    joint = origins.roots[0]
    third, inner = joint.parts
    [early] = inner.parts[0].heard
    assert (early.outcome, early.grade, early.reasons, early.dissent) == (
        "enlarge",
        "agreement",
        "Falta el detalle.",
        "Uno no.",
    )
    assert (early.attended, early.listed) == (3, 0)
    [pooled] = third.heard
    assert (pooled.is_pooled, pooled.venues, pooled.is_inferred) == (True, ("Talca", "Concepción"), True)


def test_what_a_session_has_not_handed_in_is_nowhere(chain, origins):
    assert SECRET not in repr(origins)
    assert SECRET not in repr(origin_of(chain.commitment, to=chain.moderator))


def test_certain_and_inferred_are_told_apart_and_a_part_named_as_well_is_no_second_root(chain, origins):
    assert [(root.code, root.certainty, root.note) for root in origins.roots] == [
        (chain.joint.code, "certain", ""),
        (chain.apart.code, "inferred", "Mismo tema."),
    ]
    first = origins.roots[0].parts[1].parts[0]
    assert (first.certainty, first.note) == ("certain", "Por nombre.")


def test_merges_that_let_go_are_told_with_their_reasons(chain, origins):
    joint, apart = origins.roots
    assert [(each.code, each.reason) for each in joint.let_go] == [(chain.apart.code, "Pide una ley.")]
    assert [(each.merge.reference, each.reason) for each in apart.was_in] == [
        ("M2", "No se mantuvo."),
        ("M4", "Pide una ley."),
    ]
    first = joint.parts[1].parts[0]
    assert [each.merge.reference for each in first.was_in] == ["M2"]


def test_a_root_that_something_else_carries_comes_with_it_and_with_what_was_decided_there(chain):
    commitment = draft_commitment(
        chain.plan, title="Otro", origins=[(chain.first, "certain", "Por nombre.")], by=chain.moderator
    )
    [root] = origin_of(commitment).roots
    assert [each.code for each in root.via] == [chain.inner.joint.code, chain.joint.code]
    assert [each.kind for each in root.via[-1].decisions] == ["shortlisted"]
    assert root.via[0].parts == ()


def test_a_reopened_decision_stays_in_sight(chain):
    reopen_decision(live_decision(chain.joint), reason="Se revisa.", by=chain.moderator)
    leave_out(chain.joint, ground="already_exists", reason="Ya está.", by=chain.moderator)
    decisions = origin_of(chain.commitment).roots[0].decisions
    assert [(each.kind, each.reopened_reason) for each in decisions] == [
        ("shortlisted", "Se revisa."),
        ("left_out", None),
    ]


def test_a_hidden_part_is_counted_and_not_told_but_to_moderators(chain, citizen):
    hide_proposal(chain.second, reason="Insulta.", by=chain.moderator)
    for reader, is_told in ((None, False), (make_person(), False), (chain.moderator, True), (citizen, True)):
        second = origin_of(chain.commitment, to=reader).roots[0].parts[1].parts[1]
        assert second.is_secret is not is_told
        assert ("parte 1" in repr(second)) is is_told


def test_a_commitment_without_proposals_tells_why(chain):
    commitment = draft_commitment(
        chain.plan, title="Continuidad", origin_note="Sigue del plan anterior.", by=chain.moderator
    )
    origins = origin_of(commitment)
    assert (origins.roots, origins.note) == ((), "Sigue del plan anterior.")


def test_an_undone_joint_proposal_has_no_parts_only_what_it_let_go(chain):
    joint = undo_merge_of(chain)
    commitment = draft_commitment(
        chain.plan, title="Otro", origins=[(joint, "inferred", "Se lee.")], by=chain.moderator
    )
    [root] = origin_of(commitment).roots
    assert root.parts == ()
    assert {each.code for each in root.let_go} == {
        each.code for each in (*chain.parts[2:], chain.inner.joint, chain.apart)
    }


def undo_merge_of(chain):
    """Take the outer merge apart; return its joint proposal."""
    reopen_decision(live_decision(chain.joint), reason="Se revisa.", by=chain.moderator)
    return undo_merge(chain.outer, reason="No se sostuvo.", by=chain.moderator).joint


def test_the_walk_costs_the_same_however_much_lies_behind(
    consultation, moderator, citizen, other_consultation, other_moderator
):
    small = build(consultation, moderator, author=citizen)
    large = build(other_consultation, other_moderator, author=citizen, parts=12)
    for chain in (small, large):
        hide_proposal(chain.second, reason="Insulta.", by=chain.moderator)
    hide_proposal(large.parts[5], reason="Insulta.", by=large.moderator)
    counts, sizes = [], []
    for number in [publish_draft(chain.plan, by=chain.moderator).commitments[0].id for chain in (small, large)]:
        db.session.expunge_all()
        commitment = find_commitment(number, to=None)
        counts.append(count_queries(lambda commitment=commitment: origin_of(commitment)))
        sizes.append(len(walked(origin_of(commitment).roots[0])))
    assert sizes == [5, 14]
    assert counts[0] == counts[1] <= 10
