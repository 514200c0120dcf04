"""What the machine suggests: groups that can be dropped, stay where they are, and never hold what was decided."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from consulta.core.clock import now
from consulta.core.errors import NotAllowed, NotFound
from consulta.merging.actions import merge_proposals, take_out, undo_merge
from consulta.proposals.actions import hide_proposal, withdraw_proposal
from consulta.suggestions.actions import suggest_groups
from consulta.suggestions.finding import Found, Suggestion, propose_groups
from consulta.suggestions.models import SimilarGroup, SimilarMember
from consulta.suggestions.neighbours import Neighbours
from consulta.suggestions.queries import (
    count_queue,
    find_group,
    first_group_id,
    group_at,
    groups_of,
    members_in_order,
    neighbours_in_queue,
)
from consulta.votes.actions import cast_vote
from tests.people import make_person, make_proposal

JOINT = {"title": "Ciclovías seguras", "body": "Todo junto.", "reason": "Piden lo mismo."}
BIKES = (
    "Construir ciclovías seguras en el centro",
    "Ciclovías seguras para el centro",
    "Ciclovías seguras en el centro",
)
TREES = ("Plantar árboles nativos en las plazas", "Árboles nativos en las plazas")


def suggested(app, consultation):
    """Compute and store the groups of `consultation`; return them as the queue shows them."""
    suggest_groups(consultation, found=propose_groups(consultation, app.extensions["similarity"]), by=None)
    return groups_of(consultation)


def found_by_hand(*groups, at=None):
    """Return a Found as the computation would give it. groups: (proposals, weight)."""
    suggestions = [
        Suggestion({each.id: 0.1 * place for place, each in enumerate(members)}, members[0].id, 0.5, weight, ["actas"])
        for members, weight in groups
    ]
    return Found(at or now(), "letters", suggestions)


@pytest.fixture
def bikes(consultation, citizen):
    """Three proposals that say the same."""
    return [make_proposal(consultation, citizen, title=title) for title in BIKES]


@pytest.fixture
def trees(consultation, citizen):
    """Two more, about something else."""
    return [make_proposal(consultation, citizen, title=title) for title in TREES]


def members(group):
    """Return the proposals of `group` as a set."""
    return {member.proposal for member in group.members}


def test_proposals_that_say_the_same_are_suggested_with_distances_and_shared_words(app, consultation, bikes, trees):
    page = suggested(app, consultation)
    assert [members(group) for group in page.groups] in ([set(bikes), set(trees)], [set(trees), set(bikes)])
    assert page.total == 2
    group = next(group for group in page.groups if members(group) == set(bikes))
    assert [member.is_base for member in group.members].count(True) == 1
    assert all(0 <= member.distance <= 1 for member in group.members)
    assert next(member for member in group.members if member.is_base).distance == 0
    assert "ciclovías" in [word.lower() for word in group.shared_words]


def test_the_queue_begins_with_what_would_settle_most_and_counts_people_once(app, consultation, bikes, trees):
    people = [make_person() for _each in range(3)]
    for proposal in trees:
        for person in people:
            cast_vote(proposal, by=person)
    cast_vote(bikes[0], by=people[0])
    page = suggested(app, consultation)
    assert [members(group) for group in page.groups] == [set(trees), set(bikes)]
    assert [page.people[group.id] for group in page.groups] == [3, 1]


def test_a_group_that_is_found_again_keeps_its_address(app, consultation, bikes, trees, citizen):
    before = {frozenset(members(group)): group.id for group in suggested(app, consultation).groups}
    make_proposal(consultation, citizen, title="Árboles nativos en las plazas del barrio")
    after = {frozenset(members(group)): group.id for group in suggested(app, consultation).groups}
    assert after[frozenset(bikes)] == before[frozenset(bikes)]
    assert frozenset(trees) not in after
    (grown,) = [group for group in after if group > frozenset(trees)]
    assert after[grown] == before[frozenset(trees)]


@pytest.mark.parametrize("act", ["merge", "hide", "withdraw"])
def test_a_group_leaves_the_queue_as_soon_as_a_member_is_decided(
    act, app, consultation, bikes, moderator, citizen, session
):
    suggested(app, consultation)
    if act == "merge":
        merge_proposals(bikes[:2], **JOINT, by=moderator)
    elif act == "hide":
        hide_proposal(bikes[0], reason="Insulta.", by=moderator)
    else:
        withdraw_proposal(bikes[0], reason="Ya no.", by=citizen)
    assert groups_of(consultation).groups == []
    groups = suggested(app, consultation).groups
    assert all(member.proposal.state == "published" for group in groups for member in group.members)
    held = set(session.scalars(select(SimilarMember.group_id)))
    assert held == set(session.scalars(select(SimilarGroup.id))) == {group.id for group in groups}


def test_what_moderators_took_apart_is_not_suggested_again(app, consultation, trees, moderator):
    merge = merge_proposals(trees, **JOINT, by=moderator)
    undo_merge(merge, reason="Son de plazas distintas.", by=moderator)
    assert suggested(app, consultation).groups == []


def test_a_part_that_was_taken_out_is_not_suggested_with_its_joint_proposal(app, consultation, bikes, moderator):
    merge = merge_proposals(bikes, title=BIKES[0], body="Que se lean en línea.", reason="Iguales.", by=moderator)
    take_out(merge, bikes[2], reason="Pide otra cosa.", by=moderator)
    assert suggested(app, consultation).groups == []


def test_a_run_that_read_earlier_does_not_undo_a_later_one(consultation, bikes, trees):
    suggest_groups(consultation, found=found_by_hand((trees, 2.0)), by=None)
    suggest_groups(consultation, found=found_by_hand((bikes, 1.0), at=now() - timedelta(minutes=5)), by=None)
    assert [members(group) for group in groups_of(consultation).groups] == [set(trees)]


def test_a_member_decided_between_computing_and_storing_drops_its_group(consultation, bikes, trees, moderator):
    found = found_by_hand((bikes, 2.0), (trees, 1.0))
    merge_proposals(bikes[:2], **JOINT, by=moderator)
    suggest_groups(consultation, found=found, by=None)
    assert [members(group) for group in groups_of(consultation).groups] == [set(trees)]


def test_the_queue_is_paged_without_losing_or_repeating_a_group(consultation, citizen):
    pairs = [[make_proposal(consultation, citizen, title=f"Par {n} {side}") for side in "ab"] for n in range(5)]
    suggest_groups(consultation, found=found_by_hand(*((pair, 1.0) for pair in pairs)), by=None)
    seen, after = [], None
    while True:
        page = groups_of(consultation, after=after, size=2)
        seen += [group.id for group in page.groups]
        after = page.next_key
        if after is None:
            break
    assert len(seen) == len(set(seen)) == page.total == 5


def test_every_group_knows_its_place_and_its_neighbours(consultation, citizen, moderator):
    pairs = [[make_proposal(consultation, citizen, title=f"Par {n} {side}") for side in "ab"] for n in range(4)]
    found = found_by_hand(*((pair, 1.0 + place % 2) for place, pair in enumerate(pairs)))
    found.suggestions[2] = replace(found.suggestions[2], is_certain=True)
    suggest_groups(consultation, found=found, by=None)
    order = [group.id for group in groups_of(consultation).groups]
    assert members(find_group(order[0], to=moderator)) == set(pairs[2]), "what is certain comes first"
    assert count_queue(consultation) == (4, 8)
    for place, number in enumerate(order):
        before = order[place - 1] if place else None
        after = order[place + 1] if place < 3 else None
        group = find_group(number, to=moderator)
        assert neighbours_in_queue(group) == (before, after, place + 1, 4)
        assert group_at(consultation, place + 1) == number
    assert (group_at(consultation, 99), first_group_id(consultation)) == (order[-1], order[0])
    group = find_group(order[1], to=moderator)
    hide_proposal(group.members[0].proposal, reason="Insulta.", by=moderator)
    assert neighbours_in_queue(find_group(order[1], to=moderator)) == (order[0], order[2], None, 3)
    assert count_queue(consultation) == (3, 6)


def test_a_large_group_is_read_in_part(consultation, citizen, moderator):
    many = [make_proposal(consultation, citizen, title=f"Copia {n}") for n in range(6)]
    suggest_groups(consultation, found=found_by_hand((many, 1.0)), by=None)
    group = find_group(groups_of(consultation).groups[0].id, to=moderator)
    some, total = members_in_order(group, most=4)
    assert ([member.proposal for member in some], total) == (many[:4], 6)
    assert members_in_order(group, most=6)[1] == members_in_order(group, most=9)[1] == 6


def test_groups_are_for_who_moderates_the_consultation(
    app, consultation, bikes, moderator, other_moderator, citizen, administrator
):
    (group,) = suggested(app, consultation).groups
    assert find_group(group.id, to=moderator) == group
    for reader in (None, citizen, other_moderator, administrator):
        with pytest.raises(NotAllowed):
            find_group(group.id, to=reader)
    for number in (group.id + 1, 2**40):
        with pytest.raises(NotFound):
            find_group(number, to=moderator)


def test_groups_of_one_consultation_hold_nothing_of_another(app, consultation, other_consultation, bikes, citizen):
    make_proposal(other_consultation, citizen, title=BIKES[0])
    assert [members(group) for group in suggested(app, consultation).groups] == [set(bikes)]
    assert suggested(app, other_consultation).groups == []


def test_a_process_reads_its_texts_ahead_once(app, consultation, bikes, monkeypatch):
    neighbours, read = Neighbours(None), []
    monkeypatch.setattr(neighbours, "index_of", read.append)
    for _request in range(3):
        neighbours.warm(app)
    for thread in [each for each in threading.enumerate() if each.name == "similarity-warm"]:
        thread.join()
    assert read == [consultation.id]
