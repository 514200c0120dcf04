"""Calibration: more likeness never lowers a score, and labelled pairs decide how much one is worth."""

import json

import numpy as np
import pytest

from consulta.similarity.calibration import (
    Calibration,
    calibration_of,
    cautious,
    fit,
    labelled_pairs,
)
from consulta.similarity.index import Index
from consulta.similarity.model_files import CALIBRATION, MODELS, ModelFacts
from consulta.similarity.scoring import CITIZEN_FLOOR, GROUP_FLOOR

TEXTS = {
    1: ("Ciclovías en Ñuñoa", "Que unan las plazas"),
    2: ("Pistas para bicicletas en Ñuñoa", "Entre plaza y plaza"),
    3: ("Agua potable para Petorca", ""),
    4: ("Camiones aljibe en Petorca", ""),
    5: ("Biblioteca de noche", "Hasta las diez"),
    6: ("Un museo del vino", ""),
}
GROUPS = {1: "bici", 2: "bici", 3: "agua", 4: "agua"}


@pytest.fixture
def frozen():
    index = Index()
    index.add_many((id, *text) for id, text in TEXTS.items())
    return index.frozen()


def pairs(number=400, seed=3):
    chance = np.random.default_rng(seed)
    same = chance.random(number) < 0.2
    letters = np.clip(chance.normal(np.where(same, 0.4, 0.1), 0.1), 0, 1)
    meaning = np.clip(chance.normal(np.where(same, 0.9, 0.8), 0.03), 0, 1)
    return letters, meaning, same


@pytest.mark.parametrize("version", [None, "somebody/unknown", *MODELS, f"meaning-1:{next(iter(MODELS))}@0123456789ab"])
def test_more_likeness_never_lowers_a_score(version):
    calibration = calibration_of(version)
    steps = np.linspace(0, 1, 21, dtype=np.float32)
    meaning = None if version is None else steps[None, :]
    score = calibration.score(steps[:, None], meaning)
    assert (np.diff(score, axis=0) >= 0).all()
    assert (np.diff(score, axis=1) >= 0).all()
    assert score.dtype == np.float32
    assert ((score >= 0) & (score <= 1)).all()


def test_no_likeness_at_all_scores_nothing_and_a_wild_number_does_not_overflow():
    assert Calibration(5, 10).score(np.zeros(2)).tolist() == [0, 0]
    assert Calibration(5, 10, 10).score(np.zeros(2), np.float32([-0.2, 0])).tolist() == [0, 0]
    with np.errstate(all="raise"):
        assert Calibration(-500, 1000).score(np.float32([0.1, 0.9])).tolist() == pytest.approx([0, 1])


def test_the_cosine_that_reaches_a_floor_is_told():
    calibration = calibration_of()
    assert calibration.score(calibration.least_letters(CITIZEN_FLOOR)) == pytest.approx(CITIZEN_FLOOR, abs=1e-3)
    assert 0 < calibration.least_letters(GROUP_FLOOR) < calibration.least_letters(0.99) < 1


def test_meaning_alone_never_carries_a_pair_over_the_floors_of_a_model_that_was_not_calibrated():
    for facts in (ModelFacts(), *MODELS.values()):
        assert cautious(facts).score(np.float32(0.001), np.float32(facts.high)) < min(CITIZEN_FLOOR, GROUP_FLOOR)


def test_a_calibration_in_the_model_s_own_folder_comes_first(tmp_path):
    (tmp_path / CALIBRATION).write_text(json.dumps({"intercept": -1, "letters": 2, "meaning": 3}))
    assert calibration_of("somebody/unknown", tmp_path) == (-1, 2, 3)
    assert calibration_of("somebody/unknown", tmp_path / "nowhere") == cautious(ModelFacts())


def test_fitting_finds_the_numbers_that_made_the_labels_and_ignores_unknown_meaning():
    letters, meaning, same = pairs()
    found = fit(letters, meaning, same)
    assert found.letters > 0
    assert found.meaning > 0
    middle = found.score(np.float32([0.1, 0.4]), np.float32([0.8, 0.9]))
    assert middle[0] < 0.2
    assert middle[1] > 0.8
    holes = np.where(np.arange(len(same)) % 7 == 0, np.nan, meaning)
    assert fit(letters, holes, same) == fit(*(part[~np.isnan(holes)] for part in (letters, meaning, same)))


def test_fitting_does_not_depend_on_the_share_of_twins_in_the_file():
    letters, _, same = pairs(4_000)
    fewer = ~same | (np.arange(len(same)) % 4 == 0)
    one, other = fit(letters, None, same), fit(letters[fewer], None, same[fewer])
    assert one.least_letters(0.5) == pytest.approx(other.least_letters(0.5), abs=0.02)


def test_a_slope_is_never_negative_and_one_kind_of_pairs_is_not_enough():
    letters, meaning, same = pairs()
    assert fit(letters, 1 - meaning, same).meaning == 0
    with pytest.raises(ValueError, match="both needed"):
        fit(letters, meaning, np.ones(len(same), dtype=bool))


def test_the_pairs_to_fit_on_are_neighbours_and_twins_without_those_left_out(frozen):
    letters, meaning, same = labelled_pairs(frozen, GROUPS, k=1)
    assert meaning is None
    assert same.sum() == 2
    assert letters[same].min() > letters[~same].mean()
    assert len(same) < len(TEXTS) * (len(TEXTS) - 1) / 2
    every = labelled_pairs(frozen, GROUPS, k=10)[2]
    assert len(every) == 15
    assert len(labelled_pairs(frozen, GROUPS, apart=[(5, 1)], k=10)[2]) == 14
    assert isinstance(fit(letters, meaning, same), Calibration)


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b"\xff\xfe",
        b'{"intercept": -1, "letters": NaN, "meaning": 1}',
        b'{"intercept": -1, "letters": -2, "meaning": 1}',
        b'{"intercept": -1, "letters": 2, "meaning": "3"}',
        b'{"intercept": -1, "letters": 2, "meaning": 3, "more": 4}',
    ],
)
def test_a_damaged_calibration_beside_a_model_is_not_used(tmp_path, damaged):
    (tmp_path / CALIBRATION).write_bytes(damaged)
    assert calibration_of("some/model", tmp_path) == calibration_of("some/model")
