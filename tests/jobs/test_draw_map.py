"""The map is drawn in the background from whatever may be seen, and stays as it was where nothing changed."""

import pytest

from consulta.core.pulse import pulse_of
from consulta.jobs import draw_map
from consulta.jobs.sweep import sweep
from consulta.proposals.actions import hide_proposal, start_proposal
from consulta.suggestions.drawing import count_unplaced, points_of
from consulta.suggestions.queries import places_of
from tests.people import make_proposal

TITLES = [
    f"{what} en {where}"
    for what in ("Ciclovías seguras", "Publicar las actas", "Horas médicas")
    for where in ("el centro", "el norte", "el sur", "la costa")
]


@pytest.fixture
def town(consultation, citizen):
    """Twelve proposals on three subjects."""
    return [make_proposal(consultation, citizen, title=title) for title in TITLES]


def test_the_sweep_draws_what_is_public_and_nothing_else(app, consultation, town, citizen, moderator):
    start_proposal(consultation, title="Ciclovías en secreto", body="Un borrador.", by=citizen)
    hide_proposal(town[0], reason="Abuso", by=moderator)
    assert "draw_map" in sweep()
    places = places_of(consultation)
    assert set(places) == {each.id for each in town[1:]}
    assert all(0 <= value <= 1 for place in places.values() for value in place)
    assert draw_map.waiting() == []
    assert "draw_map" not in sweep()


def test_one_more_proposal_moves_no_other(app, consultation, town, citizen):
    sweep()
    before = places_of(consultation)
    one = make_proposal(consultation, citizen, title="Ciclovías seguras en el centro de la ciudad")
    assert count_unplaced(consultation, to=None) == 1
    assert draw_map.waiting() == [consultation.id]
    sweep()
    after = places_of(consultation)
    assert {each: after[each] for each in before} == before
    assert one.id in after and count_unplaced(consultation, to=None) == 0


def test_when_much_has_changed_all_of_it_is_drawn_again(app, consultation, town, citizen):
    sweep()
    for number in range(8):
        make_proposal(consultation, citizen, title=f"Plantar árboles en la plaza {number}")
    sweep()
    assert len(places_of(consultation)) == 20
    assert pulse_of(f"draw_map:{consultation.id}").seen.startswith("20 ")


def test_what_is_hidden_is_off_the_map_before_it_is_drawn_again(app, consultation, town, moderator):
    sweep()
    hide_proposal(town[3], reason="Abuso", by=moderator)
    assert town[3].id not in {point.id for point in points_of(consultation, to=moderator)}


def test_a_consultation_without_proposals_has_an_empty_map(app, consultation):
    sweep()
    assert places_of(consultation) == {}
    assert draw_map.waiting() == []


def test_one_that_is_not_under_way_is_left_alone(app):
    assert draw_map.run(999_999) is None
