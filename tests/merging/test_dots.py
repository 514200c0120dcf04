"""How many people stand behind the anonymous dots of a joint proposal: bounds, room by room, never a sum."""

import pytest

from consulta.merging.actions import merge_proposals, take_out, undo_merge
from consulta.merging.dots import dots_behind
from consulta.proposals.actions import hide_proposal
from consulta.tables.actions import (
    check_session,
    convene_session,
    found_table,
    open_session,
    set_presence,
    set_result,
    submit_session,
)
from consulta.tables.checks import Bounds, heads_in_room
from consulta.tables.queries import attendances_of, counted_in
from tests.people import make_proposal, make_public
from tests.plan.chain import count_queries


@pytest.fixture
def parts(consultation, citizen):
    """Three proposals that ask for much the same."""
    return [make_proposal(consultation, citizen, title=f"Publicar las actas, parte {n}") for n in range(3)]


def room(consultation, moderator, dots, *, heads=10, is_public=True, **rule):
    """Hold a session that gave `dots` (proposal to how many); returns it."""
    table = found_table(consultation, title="Mesa", kind="thematic", by=moderator)
    session = open_session(convene_session(table, title="Sesión", **rule, by=moderator), by=moderator)
    set_presence(session, "a", sector="academia", attended=True, heads=heads, by=moderator)
    for proposal, number in dots.items():
        set_result(session, proposal, dots=number, by=moderator)
    return make_public(session, by=moderator, second=None) if is_public else session


def merged(parts, moderator):
    """The joint proposal that carries `parts`."""
    return merge_proposals(parts, title="Actas", body="Todas.", reason="Piden lo mismo.", by=moderator)


def test_each_room_says_its_own_bounds_and_the_rule_they_follow_from(consultation, parts, moderator):
    first = room(consultation, moderator, {parts[0]: 7, parts[1]: 5}, dots_per_proposal=1, dots_per_person=3)
    second = room(consultation, moderator, {parts[1]: 4, parts[2]: 2}, heads=None)
    joint = merged(parts, moderator).joint
    found = dots_behind([joint])[joint.id]
    assert [(each.session.id, each.bounds, each.dots, each.most_each, each.heads) for each in found] == [
        (first.id, Bounds(7, 10), 12, 1, 10),
        (second.id, Bounds(1, 6), 6, None, None),
    ]
    assert [(part.title, dots) for part, dots in found[0].parts] == [(parts[0].title, 7), (parts[1].title, 5)]


def test_dots_on_one_part_alone_bound_nothing_and_none_are_no_dots(consultation, parts, moderator):
    room(consultation, moderator, {parts[0]: 7})
    room(consultation, moderator, {parts[0]: 7, parts[1]: 0, parts[2]: None})
    joint = merged(parts, moderator).joint
    assert dots_behind([joint]) == {}


def test_what_is_not_public_or_hidden_bounds_nothing(consultation, parts, moderator):
    open_still = room(consultation, moderator, {parts[0]: 7, parts[1]: 5}, is_public=False)
    joint = merged(parts, moderator).joint
    assert dots_behind([joint]) == {}
    check_session(submit_session(open_still, by=moderator), by=None)
    assert dots_behind([joint]) == {}
    room(consultation, moderator, {parts[2]: 1, joint: 2})
    assert [each.bounds for each in dots_behind([joint])[joint.id]] == [Bounds(1, 3)]
    hide_proposal(parts[2], reason="Datos de una persona", by=moderator)
    assert dots_behind([joint]) == {}


def test_a_part_taken_out_and_a_merge_undone_take_their_dots_along(consultation, parts, moderator):
    room(consultation, moderator, {parts[0]: 1, parts[1]: 2, parts[2]: 3})
    merge = merged(parts, moderator)
    assert dots_behind([merge.joint])[merge.joint.id][0].dots == 6
    take_out(merge, parts[2], reason="Pide otra cosa.", by=moderator)
    assert dots_behind([merge.joint])[merge.joint.id][0].dots == 3
    undo_merge(merge, reason="No se mantuvo.", by=moderator)
    assert dots_behind([merge.joint]) == {}


def test_a_merge_within_a_merge_is_bounded_as_a_whole_in_as_many_queries(consultation, parts, moderator):
    room(consultation, moderator, {parts[0]: 1, parts[1]: 2, parts[2]: 3}, dots_per_proposal=1)
    inner = merged(parts[:2], moderator)
    few = count_queries(lambda: dots_behind([inner.joint]))
    outer = merged([inner.joint, parts[2]], moderator)
    assert [each.bounds for each in dots_behind([outer.joint])[outer.joint.id]] == [Bounds(3, 6)]
    for _more in range(3):
        room(consultation, moderator, {parts[0]: 1, parts[1]: 2, parts[2]: 3})
    assert count_queries(lambda: dots_behind([outer.joint])) <= few + 1


@pytest.mark.parametrize("declared", [None, 4, 20])
@pytest.mark.parametrize("lines", [(), (3,), (3, 4), (3, None), (0,)])
def test_rooms_are_counted_by_one_query_as_one_by_one(declared, lines, consultation, moderator):
    session = room(consultation, moderator, {}, is_public=False, heads=0)
    set_presence(session, "a", drop=True, by=moderator)
    for number, heads in enumerate(lines):
        attended = None if number else True
        set_presence(session, f"l{number}", sector="academia", heads=heads, attended=attended, by=moderator)
    set_presence(session, "away", sector="private", heads=None, attended=False, by=moderator)
    session.declared_heads = declared
    assert counted_in([session]) == {session.id: heads_in_room(session, attendances_of(session))}
