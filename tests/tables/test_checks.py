"""What a facilitator is told before handing in; never a reason to keep her from it."""

from itertools import product
from types import SimpleNamespace

import pytest

from consulta.tables.checks import Bounds, dot_bounds, heads_in_room, notes_on


def present(name="UMAG", *, attended=True, spoke=False, heads=1):
    """One line of a list."""
    return SimpleNamespace(name=name, attended=attended, spoke=spoke, heads=heads)


def said(outcome="keep", **more):
    """What a session said of a proposal."""
    facts = {"group_number": None, "grade": None, "dots": None, "reasons": "", "dissent": ""} | more
    return SimpleNamespace(outcome=outcome, proposal=SimpleNamespace(title="Un muelle"), **facts)


def words(notes):
    """All notes as one text."""
    return " ".join(str(note) for note in [*notes.missing, *notes.odd])


def test_a_full_session_has_nothing_missing():
    notes = notes_on([present(heads=10)], [said(dots=7), said("leave_out", reasons="Requiere ley")])
    assert (notes.missing, notes.odd) == ([], [])


def test_an_empty_session_misses_its_list_and_its_results(app):
    assert words(notes_on([], [])) == "No hay lista de asistencia. No hay resultados sobre ninguna propuesta."


def test_each_gap_is_named(app):
    gaps = words(notes_on([present(heads=None)], [said("none"), said("refer"), said(grade="divided")]))
    assert "UMAG: asistió, pero no se anotó cuántas" in gaps
    assert "falta qué decidió la sala" in gaps
    assert "falta la razón" in gaps
    assert "posición de la minoría" in gaps


def test_numbers_that_disagree_are_pointed_out(app):
    odd = words(notes_on([present(heads=3), present("CPLT", attended=False, spoke=True)], [said(dots=9)]))
    assert "tiene 9 puntos y había 3 personas" in odd
    assert "CPLT intervino, pero no figura como asistente" in odd
    assert "ninguna persona contada" in words(notes_on([], [said(dots=2)]))
    assert "El grupo 4 tiene una sola propuesta" in words(notes_on([], [said("group", group_number=4)]))


def possible(dots, per_proposal, per_person, heads):
    """Return every number of people who may stand behind two proposals with `dots`, tried one by one."""
    hands = [
        hand
        for hand in product(range(max(dots) + 1), repeat=2)
        if sum(hand) and max(hand) <= (per_proposal or per_person or 99) and sum(hand) <= (per_person or 99)
    ]
    reached, found = {(0, 0)}, set()
    for people in range(1, min(heads, sum(dots)) + 1):
        reached = {(a + x, b + y) for a, b in reached for x, y in hands if a + x <= dots[0] and b + y <= dots[1]}
        if tuple(dots) in reached:
            found.add(people)
    return found


@pytest.mark.parametrize("per_proposal", [None, 1, 2])
@pytest.mark.parametrize("per_person", [None, 1, 2, 3])
@pytest.mark.parametrize("heads", [3, 5, 9])
def test_no_number_of_people_outside_of_the_bounds_is_possible_and_both_bounds_are(per_proposal, per_person, heads):
    for dots in product(range(1, 5), repeat=2):
        numbers = possible(dots, per_proposal, per_person, heads)
        bounds = dot_bounds(dots, per_proposal=per_proposal, per_person=per_person, heads=heads)
        if numbers:  # the room's numbers agree with its rule
            assert (bounds.least, bounds.most) == (min(numbers), max(numbers)), dots
        assert bounds.least <= bounds.most <= heads


@pytest.mark.parametrize(
    ("dots", "rule", "expected"),
    [
        ([], {}, Bounds(0, 0)),
        ([0, 0], {}, Bounds(0, 0)),
        ([7, 3], {}, Bounds(1, 10)),  # no rule, nobody counted: one person may have put all of them
        ([7, 3], {"per_proposal": 1}, Bounds(7, 10)),
        ([7, 3], {"per_proposal": 1, "heads": 8}, Bounds(7, 8)),
        ([7, 3], {"per_person": 1}, Bounds(10, 10)),  # one dot each: nobody is in both
        ([7, 3], {"per_person": 5, "per_proposal": 2}, Bounds(4, 10)),
        (
            [7, 3],
            {"per_proposal": 1, "heads": 5},
            Bounds(5, 5),
        ),  # more dots than people could put: no more than there were
    ],
)
def test_people_behind_dots_are_bounded_by_the_rule_and_by_those_present(dots, rule, expected):
    rule = {"per_proposal": None, "per_person": None, "heads": None} | rule
    assert dot_bounds(dots, **rule) == expected


def test_a_room_is_counted_by_its_list_or_by_a_declared_total():
    def line(heads, attended=True):
        return SimpleNamespace(heads=heads, attended=attended)

    def room(declared, *lines):
        return heads_in_room(SimpleNamespace(declared_heads=declared), lines)

    assert room(None) is None
    assert room(8) == 8
    assert room(None, line(3), line(4), line(9, attended=False)) == 7
    assert room(None, line(3), line(4, attended=None)) == 7
    assert room(None, line(3), line(None)) is None
    assert room(12, line(3), line(None)) == 12
    assert room(5, line(3), line(4)) == 7
