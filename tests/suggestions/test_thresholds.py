"""How alike two texts must be: set by administrators, followed by the machine, and previewed truly."""

import pytest

from consulta.core.errors import Invalid, NotAllowed
from consulta.jobs.work import perform
from consulta.merging.actions import merge_proposals
from consulta.similarity import graph
from consulta.suggestions import previewing
from consulta.suggestions.actions import ask_preview, restore_thresholds, set_thresholds, suggest_groups, tell_apart
from consulta.suggestions.finding import propose_groups
from consulta.suggestions.previewing import FLOORS, preview_of
from consulta.suggestions.queries import floors_of, groups_of
from tests.people import make_proposal

TITLES = (
    "Construir ciclovías seguras en el centro",
    "Ciclovías seguras para el centro",
    "Ciclovías seguras en el centro",
    "Plantar árboles nativos en las plazas",
    "Árboles nativos en las plazas",
    "Publicar las compras públicas",
    "Un consultorio nocturno",
)


@pytest.fixture
def proposals(consultation, citizen):
    """Some proposals, some of which say the same."""
    return [make_proposal(consultation, citizen, title=title, body="Lo pedimos.") for title in TITLES]


@pytest.fixture
def neighbours(app):
    return app.extensions["similarity"]


@pytest.mark.parametrize("floor", FLOORS)
def test_the_preview_counts_what_would_be_suggested_and_shown(
    app, consultation, administrator, proposals, neighbours, floor
):
    preview = preview_of(consultation, neighbours)
    (row,) = [row for row in preview["rows"] if row["floor"] == floor]
    set_thresholds(consultation, citizen_floor=floor, group_floor=floor, by=administrator)
    suggest_groups(consultation, found=propose_groups(consultation, neighbours), by=None)
    groups = groups_of(consultation).groups
    assert row["groups"]["count"] == len(groups)
    assert row["groups"]["proposals"] == sum(len(group.members) for group in groups)
    assert row["groups"]["largest"] == max((len(group.members) for group in groups), default=0)
    loosest = min((group.tightness for group in groups), default=None)
    assert (row["groups"]["loosest"] or {}).get("score") == pytest.approx(loosest, abs=1e-3)
    index = neighbours.index_of(consultation.id)
    shown = [each.id for each in proposals if index.closest(each.id, 1, floor=floor)]
    assert row["citizens"]["shown"] == len(shown)


def test_a_higher_floor_never_shows_more(consultation, proposals, neighbours):
    rows = preview_of(consultation, neighbours)["rows"]
    shown = [row["citizens"]["shown"] for row in rows]
    assert shown == sorted(shown, reverse=True)
    assert [row["floor"] for row in rows] == sorted({*FLOORS, *floors_of(consultation)})


def test_the_preview_heeds_what_people_decided(consultation, proposals, neighbours, moderator):
    before = preview_of(consultation, neighbours)
    tell_apart([[proposals[3]], [proposals[4]]], by=moderator)
    merge_proposals(proposals[:3], title="Ciclovías", body="Todo.", reason="Piden lo mismo.", by=moderator)
    after = preview_of(consultation, neighbours)
    assert before["rows"][0]["groups"]["count"] >= 2 and after["waiting"] == 5
    named = {proposals[place].id for place in range(5)}
    for row in after["rows"]:
        loosest = row["groups"]["loosest"]
        assert loosest is None or not {loosest["first"], loosest["second"]} <= named


def test_many_texts_are_sampled_and_crowds_of_copies_do_not_count_as_their_square(
    consultation, citizen, neighbours, monkeypatch
):
    for _copy in range(6):
        make_proposal(consultation, citizen, title="La misma propuesta de siempre")
    monkeypatch.setattr(previewing, "CROWD", 3)
    assert graph.CROWD > 3
    preview = preview_of(consultation, neighbours)
    assert (preview["texts"], preview["total"]) == (3, 6)
    monkeypatch.setattr(previewing, "MOST", 2)
    assert preview_of(consultation, neighbours)["texts"] == 2


def test_a_consultation_without_proposals_has_a_preview_of_nothing(consultation, neighbours):
    preview = preview_of(consultation, neighbours)
    assert preview["texts"] == 0 and all(row["groups"]["count"] == 0 for row in preview["rows"])


def test_only_administrators_tune(consultation, moderator, citizen, administrator):
    for person in (None, citizen, moderator):
        if person is not None:
            with pytest.raises(NotAllowed):
                set_thresholds(consultation, citizen_floor=0.5, group_floor=0.5, by=person)
            with pytest.raises(NotAllowed):
                restore_thresholds(consultation, by=person)
            with pytest.raises(NotAllowed):
                ask_preview(consultation, by=person)
    for floor in (0, 0.04, 1.01, -1, None, float("nan")):
        with pytest.raises(Invalid):
            set_thresholds(consultation, citizen_floor=0.5, group_floor=floor, by=administrator)


def test_new_thresholds_regroup_soon(app, consultation, administrator, proposals):
    perform("suggest_groups")
    some = groups_of(consultation).total
    set_thresholds(consultation, citizen_floor=0.5, group_floor=1.0, by=administrator)
    assert perform("suggest_groups") == 1
    assert groups_of(consultation).total < some
