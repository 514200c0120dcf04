"""A merge carries proposals without changing them, counts distinct people, and comes apart without loss."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from consulta.consultations.actions import resume_consultation, suspend_consultation
from consulta.core.clock import frozen, now
from consulta.core.errors import Conflict, Invalid
from consulta.core.record import Entry, reference
from consulta.merging.actions import annotate_merge, merge_proposals, settle_merge, take_out, undo_merge
from consulta.merging.queries import carried_tree, find_merge, history_of, merges_due, merges_touching
from consulta.merging.rules import OBJECTION_WINDOW
from consulta.proposals.actions import hide_proposal, start_proposal, withdraw_proposal
from consulta.proposals.queries import find_proposal
from consulta.shortlist.actions import reopen_decision, shortlist_proposal
from consulta.tables.actions import convene_session, found_table
from consulta.votes.actions import cast_vote, take_back_vote
from consulta.votes.queries import count_distinct_under, supported_among
from tests.people import make_person, make_proposal

JOINT = {"title": "Actas y votaciones en línea", "body": "Todo junto.", "reason": "Piden lo mismo."}


@pytest.fixture
def three(consultation, citizen):
    """Three published proposals."""
    return [make_proposal(consultation, citizen, title=f"Publicar las actas {name}") for name in "ABC"]


def voters(number):
    """Make `number` people with a confirmed address."""
    return [make_person(f"Votante {each}") for each in range(number)]


def support(proposal, people):
    """Let each of `people` support `proposal`."""
    for person in people:
        cast_vote(proposal, by=person)


def entries_about(session, merge):
    """Return the record's entries about `merge`, in order."""
    return session.scalars(select(Entry).where(Entry.subject == reference(merge)).order_by(Entry.id)).all()


def test_a_merge_counts_distinct_people_and_undoing_it_brings_the_old_tallies_back(three, moderator):
    first, second, _third = three
    everybody = voters(135)
    support(first, everybody[:100])
    support(second, everybody[75:])
    assert (first.supporters, second.supporters) == (100, 60)

    merge = merge_proposals([first, second], **JOINT, by=moderator)
    assert merge.joint.supporters == 135
    assert [part.supporters_then for part in merge.parts] == [100, 60]
    assert (first.state, first.carried_by, first.supporters) == ("merged", merge.joint, 100)

    undo_merge(merge, reason="No piden lo mismo.", by=moderator)
    assert [(each.state, each.supporters, each.head) for each in (first, second)] == [
        ("published", 100, None),
        ("published", 60, None),
    ]
    assert merge.joint.state == "withdrawn"


def test_a_merge_leaves_text_address_and_author_of_its_parts_as_they_were(three, moderator, citizen):
    before = [(each.code, each.title, each.body, each.author_id, each.wording_number) for each in three]
    merge = merge_proposals(three, **JOINT, by=moderator)
    assert [(each.code, each.title, each.body, each.author_id, each.wording_number) for each in three] == before
    assert find_proposal(three[0].code, to=None).carried_by == merge.joint
    assert (merge.joint.title, merge.joint.body, merge.joint.author) == (JOINT["title"], JOINT["body"], None)


def test_a_vote_for_a_part_counts_once_behind_the_joint_proposal(three, moderator, other_citizen):
    support(three[0], [other_citizen])
    merge = merge_proposals(three, **JOINT, by=moderator)
    cast_vote(three[1], by=other_citizen)
    cast_vote(merge.joint, by=other_citizen)
    assert merge.joint.supporters == 1
    newcomer = make_person()
    assert cast_vote(three[2], by=newcomer) == merge.joint
    assert merge.joint.supporters == 2
    assert supported_among(newcomer, three + [merge.joint]) == {merge.joint.id}


def test_a_support_taken_back_while_merged_is_gone_after_undoing_too(three, moderator):
    people = voters(3)
    support(three[0], people)
    support(three[1], people[:1])
    merge = merge_proposals(three[:2], **JOINT, by=moderator)
    take_back_vote(merge.joint, by=people[0])
    assert merge.joint.supporters == 2
    undo_merge(merge, reason="No piden lo mismo.", by=moderator)
    assert [each.supporters for each in three[:2]] == [2, 0]


def test_votes_for_the_joint_proposal_itself_stay_with_it_when_it_is_undone(three, moderator, other_citizen):
    support(three[0], voters(2))
    merge = merge_proposals(three[:2], **JOINT, by=moderator)
    cast_vote(merge.joint, by=other_citizen)
    undo_merge(merge, reason="No piden lo mismo.", by=moderator)
    assert merge.joint.supporters == 1
    assert [each.supporters for each in three[:2]] == [2, 0]


def test_a_joint_proposal_can_be_merged_again_and_each_merge_undone_in_turn(three, moderator):
    people = voters(6)
    support(three[0], people[:4])
    support(three[1], people[2:5])
    support(three[2], people[4:])
    inner = merge_proposals(three[:2], **JOINT, by=moderator)
    outer = merge_proposals([inner.joint, three[2]], **JOINT, by=moderator)
    assert (inner.joint.supporters, outer.joint.supporters) == (5, 6)
    assert {each.head for each in [*three, inner.joint]} == {outer.joint}
    assert cast_vote(three[0], by=make_person()) == outer.joint

    with pytest.raises(Conflict):
        undo_merge(inner, reason="Antes hay que deshacer la otra.", by=moderator)
    undo_merge(outer, reason="Eran dos cosas.", by=moderator)
    assert (inner.joint.state, inner.joint.head, inner.joint.supporters) == ("published", None, 5)
    assert [(each.state, each.head) for each in three] == [
        ("merged", inner.joint),
        ("merged", inner.joint),
        ("published", None),
    ]
    undo_merge(inner, reason="También eran dos.", by=moderator)
    assert [(each.state, each.supporters) for each in three] == [("published", 4), ("published", 3), ("published", 2)]


def test_a_part_taken_out_stands_for_itself_and_the_merge_goes_on(three, moderator):
    people = voters(5)
    support(three[0], people[:3])
    support(three[2], people[2:])
    merge = merge_proposals(three, **JOINT, by=moderator)
    take_out(merge, three[2], reason="Pide otra cosa.", by=moderator)
    assert (three[2].state, three[2].supporters, merge.joint.supporters) == ("published", 3, 3)
    assert (merge.state, [part.taken_out_at is None for part in merge.parts]) == ("made", [True, True, False])
    with pytest.raises(Conflict):
        take_out(merge, three[2], reason="Otra vez.", by=moderator)


def test_a_part_taken_out_of_a_merge_within_a_merge_leaves_every_tally_right(three, moderator, consultation, citizen):
    people = voters(4)
    for proposal, person in zip(three, people, strict=False):
        support(proposal, [person])
    fourth = make_proposal(consultation, citizen, title="Otra más")
    support(fourth, people[3:])
    inner = merge_proposals(three, **JOINT, by=moderator)
    outer = merge_proposals([inner.joint, fourth], **JOINT, by=moderator)
    take_out(inner, three[0], reason="Pide otra cosa.", by=moderator)
    assert (three[0].supporters, inner.joint.supporters, outer.joint.supporters) == (1, 2, 3)
    take_out(inner, three[1], reason="También.", by=moderator)
    assert (inner.state, inner.joint.state, outer.joint.supporters) == ("made", "merged", 2)
    for joint in (inner.joint, outer.joint):
        assert joint.supporters == count_distinct_under(joint)


def test_a_merge_with_one_part_left_is_undone(three, moderator):
    merge = merge_proposals(three[:2], **JOINT, by=moderator)
    take_out(merge, three[0], reason="Pide otra cosa.", by=moderator)
    assert (merge.state, merge.joint.state) == ("undone", "withdrawn")
    assert merge.undone_reason == "Pide otra cosa."
    assert {each.state for each in three} == {"published"}


def test_a_merge_is_not_undone_while_its_joint_proposal_is_shortlisted(three, moderator, institution):
    merge = merge_proposals(three, **JOINT, by=moderator)
    decision = shortlist_proposal(merge.joint, reason="Es viable.", counterpart=institution, by=moderator)
    for act in (
        lambda: undo_merge(merge, reason="No.", by=moderator),
        lambda: take_out(merge, three[0], reason="No.", by=moderator),
    ):
        with pytest.raises(Conflict, match="decisión"):
            act()
    reopen_decision(decision, reason="Hay que revisarla.", by=moderator)
    undo_merge(merge, reason="Ahora sí.", by=moderator)
    assert {each.state for each in three} == {"published"}


def test_a_merge_settles_when_its_objection_window_is_over_and_can_still_be_undone(three, moderator):
    merge = merge_proposals(three, **JOINT, by=moderator)
    assert merges_due() == []
    with pytest.raises(Conflict):
        settle_merge(merge, by=None)
    with frozen(now() + OBJECTION_WINDOW):
        assert merges_due() == [merge]
        settle_merge(merge, by=None)
        assert (merge.state, merges_due()) == ("settled", [])
        with pytest.raises(Conflict):
            settle_merge(merge, by=None)
        undo_merge(merge, reason="Salió mal.", by=moderator)
    assert (merge.state, merge.settled_at) == ("undone", None)


def test_nothing_settles_by_itself_while_a_consultation_is_suspended_or_after_its_end(
    three, moderator, consultation, administrator
):
    merge = merge_proposals(three, **JOINT, by=moderator)
    with frozen(consultation.phases[-1].closes_at):
        assert merges_due() == []
    with frozen(now() + OBJECTION_WINDOW):
        suspend_consultation(consultation, reason="Lo pidió la Contraloría.", by=administrator)
        assert merges_due() == []
        resume_consultation(consultation, reason="Se resolvió.", by=administrator)
        assert merges_due() == [merge]


def test_an_undone_merge_changes_no_more(three, moderator):
    merge = merge_proposals(three, **JOINT, by=moderator)
    undo_merge(merge, reason="No piden lo mismo.", by=moderator)
    with pytest.raises(Conflict):
        undo_merge(merge, reason="Otra vez.", by=moderator)
    with pytest.raises(Conflict):
        take_out(merge, three[0], reason="Otra vez.", by=moderator)
    with frozen(now() + OBJECTION_WINDOW), pytest.raises(Conflict):
        settle_merge(merge, by=None)


def test_the_second_of_two_moderators_is_told_who_was_first(three, moderator, consultation, administrator, session):
    merge = merge_proposals(three[:2], **JOINT, by=moderator)
    with pytest.raises(Conflict) as refused:
        merge_proposals([three[2], three[1]], **JOINT, by=None)
    assert all(said in str(refused.value.reason) for said in (moderator.name, three[1].code, merge.joint.code))
    assert three[2].state == "published"


@pytest.mark.parametrize("spoiled", ["withdrawn", "hidden", "draft"])
def test_what_is_not_published_is_not_merged(spoiled, three, moderator, consultation, citizen):
    other = three[2]
    if spoiled == "withdrawn":
        withdraw_proposal(other, reason="Ya no.", by=citizen)
    elif spoiled == "hidden":
        hide_proposal(other, reason="Insulta.", by=moderator)
    else:
        other = start_proposal(consultation, title="Sin enviar", body="Todavía no.", by=citizen)
    with pytest.raises(Conflict, match=other.code):
        merge_proposals([three[0], other], **JOINT, by=moderator)
    assert three[0].state == "published"


def test_a_merge_needs_two_different_proposals(three, moderator):
    for chosen in ([], three[:1], [three[0], three[0]]):
        with pytest.raises(Invalid) as refused:
            merge_proposals(chosen, **JOINT, by=moderator)
        assert refused.value.field == "parts"


@pytest.mark.parametrize("field", ["title", "body", "reason"])
@pytest.mark.parametrize("text", ["", "  \n ", "x" * 7000, "a\x00b", "\ud800"])
def test_a_merge_with_a_text_that_will_not_do_changes_nothing_and_names_the_field(field, text, three, moderator):
    with pytest.raises(Invalid) as refused:
        merge_proposals(three, **{**JOINT, field: text}, by=moderator)
    assert refused.value.field == field
    assert {each.state for each in three} == {"published"}


def test_each_step_is_in_the_record_with_who_why_and_the_tallies(three, moderator, consultation, session):
    support(three[0], voters(2))
    table = found_table(consultation, title="Mesa de datos", kind="thematic", by=moderator)
    meeting = convene_session(table, title="Segunda sesión", by=moderator)
    merge = merge_proposals(three, **JOINT, session=meeting, reference="M1", by=moderator)
    take_out(merge, three[2], reason="Pide otra cosa.", by=moderator)
    annotate_merge(merge, note="Contradice la M4.", by=moderator)
    undo_merge(merge, reason="No se recogió.", by=moderator)
    entries = entries_about(session, merge)
    assert [(each.event, each.reason) for each in entries] == [
        ("merge.made", "Piden lo mismo."),
        ("merge.part_taken_out", "Pide otra cosa."),
        ("merge.annotated", "Contradice la M4."),
        ("merge.undone", "No se recogió."),
    ]
    made, undone = entries[0], entries[-1]
    assert {each.by for each in entries} == {moderator.uid}
    assert made.body == reference(meeting)
    assert made.details["parts"] == [each.code for each in three]
    assert (made.details["tallies"], made.details["tally"]) == ([2, 0, 0], 2)
    assert (undone.details["parts"], undone.details["tallies"]) == ([each.code for each in three[:2]], [2, 0])
    assert [who for _entry, who in history_of(merge)] == [moderator] * 4


def test_a_session_of_another_consultation_decides_no_merge_here(three, moderator, other_consultation, administrator):
    table = found_table(other_consultation, title="Mesa ajena", kind="thematic", by=None)
    foreign = convene_session(table, title="Sesión ajena", by=None)
    with pytest.raises(Invalid) as refused:
        merge_proposals(three, **JOINT, session=foreign, by=moderator)
    assert refused.value.field == "session"


def test_the_joint_proposal_takes_a_theme_that_all_parts_share(consultation, citizen, moderator):
    health = consultation.themes[1]
    same = [make_proposal(consultation, citizen, title=f"Salud {n}", theme=health) for n in range(2)]
    other = make_proposal(consultation, citizen, title="Sin eje")
    assert merge_proposals(same, **JOINT, by=moderator).joint.theme == health
    mixed = make_proposal(consultation, citizen, title="Salud 3", theme=health)
    assert merge_proposals([mixed, other], **JOINT, by=moderator).joint.theme is None


def test_the_tree_behind_a_proposal_and_the_merges_that_touched_it_are_told_in_order(three, moderator):
    inner = merge_proposals(three[:2], **JOINT, by=moderator)
    outer = merge_proposals([inner.joint, three[2]], **JOINT, by=moderator)
    tree = carried_tree(outer.joint)
    assert (tree.merge, [part.proposal for part in tree.parts]) == (outer, [three[2], inner.joint])
    assert set(tree.leaves()) == set(three)
    assert carried_tree(inner.joint).leaves() == three[:2]
    assert carried_tree(three[0]).parts == ()
    undo_merge(outer, reason="Eran dos cosas.", by=moderator)
    assert merges_touching(inner.joint) == [inner, outer]
    assert merges_touching(three[0]) == [inner]
    assert carried_tree(outer.joint).parts == ()


def test_anybody_may_read_why_a_merge_was_made(three, moderator, other_citizen):
    merge = merge_proposals(three, **JOINT, by=moderator)
    for reader in (None, other_citizen, moderator):
        assert find_merge(merge.id, to=reader) == merge


def test_what_happened_long_ago_is_merged_with_its_own_dates(three):
    then = now() - timedelta(hours=3)
    with frozen(then):
        merge = merge_proposals(three, **JOINT, by=None)
    assert (merge.made_at, merge.objections_until) == (then, then + OBJECTION_WINDOW)
