"""The index: what it finds, what it never breaks on, and that it can be used by many at once."""

import random
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consulta.similarity.calibration import Calibration
from consulta.similarity.grouping import suggest_groups
from consulta.similarity.index import Index
from consulta.similarity.model_files import CALIBRATION, ModelFacts
from consulta.similarity.scoring import CITIZEN_FLOOR, fuse, joined
from tests.similarity.test_letters import ODD_TEXTS

TEXTS = {
    1: ("Más ciclovías en Ñuñoa", "Que las ciclovías unan las plazas de la comuna."),
    2: ("Ciclovías para Ñuñoa", "Unir las plazas de la comuna con ciclovías seguras."),
    3: ("Agua potable para Petorca", "Camiones aljibe mientras no haya red."),
    4: ("Biblioteca abierta de noche", "Para quienes trabajan de día."),
    5: ("Transparencia del presupuesto municipal", "Publicar cada gasto en datos abiertos."),
}


class Dictionary:
    """A tiny encoder of meaning: words of one subject share a direction."""

    name, version, ready = "meaning", "dictionary-1", True
    facts = ModelFacts(languages=("es",))
    subjects = ({"bicicleta", "ciclovia", "fahrrad"}, {"agua", "sequia"})

    def encode(self, texts, *, patience=None):
        rows = np.zeros((len(texts), 3), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            words = set(text.lower().split())
            row[:] = [bool(words & subject) for subject in self.subjects] + [not text or 0.01]
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def index():
    index = Index()
    index.add_many((id, *text) for id, text in TEXTS.items())
    return index


def test_the_closest_to_a_typed_title_is_its_twin_whatever_the_accents(index):
    found = index.closest("mas ciclovias por nunoa que unan plazas", floor=CITIZEN_FLOOR)
    assert [neighbour.id for neighbour in found] == [1, 2]
    assert found[0].score > found[1].score >= CITIZEN_FLOOR


def test_a_text_that_is_held_is_not_its_own_neighbour(index):
    assert [neighbour.id for neighbour in index.closest(1, 1)] == [2]


def test_an_unrelated_title_is_shown_nothing_above_the_floor(index):
    assert index.closest("Esterilización gratuita de mascotas", floor=CITIZEN_FLOOR) == []


def test_only_the_ids_allowed_are_answered(index):
    assert [n.id for n in index.closest(1, among={1, 3, 4, 99}, floor=0.3)] == []
    assert 2 not in [n.id for n in index.closest(1, but=[2])]
    assert [n.id for n in index.closest("ciclovías", 1, among=[2])] == [2]


def test_an_id_that_is_not_held_has_no_neighbours(index):
    assert index.closest(999) == []


def test_what_is_removed_is_not_found_and_may_be_removed_twice(index):
    index.remove(2)
    index.remove(2)
    assert 2 not in index
    assert len(index) == 4
    assert 2 not in [neighbour.id for neighbour in index.closest(1)]
    index.refresh()
    assert index.ids() == [1, 3, 4, 5]
    assert 2 not in [neighbour.id for neighbour in index.closest(1)]


def test_adding_an_id_again_replaces_its_text(index):
    index.add(3, "Ciclovías en Ñuñoa ya")
    assert len(index) == 5
    assert index.closest("aljibe", floor=0.1) == []
    assert 3 in [neighbour.id for neighbour in index.closest(1)]


def test_one_more_text_is_found_at_once_and_fits_nothing_again():
    index = Index()
    index.add_many((number, f"Propuesta número {number} sobre tema {number % 17}", "") for number in range(100))
    index.refresh()
    before = index._texts.postings[0].fitted()
    index.add(1000, "Humedal protegido en Llanquihue")
    assert index.closest("humedal de Llanquihue", 1)[0].id == 1000
    assert index._texts.postings[0].fitted() is before
    index.add_many((2000 + number, f"Otra cosa {number}", "") for number in range(10))
    assert index.closest("humedal de Llanquihue", 1)[0].id == 1000
    assert index._texts.postings[0].fitted() is not before, "grown by more than a tenth"


def test_the_order_of_adding_changes_nothing_after_a_refresh(index):
    other = Index()
    for id in (4, 2, 5, 1, 3):
        other.add(id, *TEXTS[id])
    index.refresh()
    other.refresh()
    for id in TEXTS:
        assert index.closest(id, 5) == other.closest(id, 5)


def test_a_repost_is_certain_and_scores_one(index):
    index.add(9, "BIBLIOTECA ABIERTA DE NOCHE!!", "Para quienes trabajan de dia")
    found = index.closest(4, 1)[0]
    assert (found.id, found.score, found.certain) == (9, 1.0, True)
    assert index.scores([4, 9])[0, 1] == 1


def test_an_equal_title_over_another_body_is_less_than_a_twin():
    index = Index()
    index.add(1, "Plan director", "Recolección neumática de la basura en el centro")
    index.add(2, "Plan director", "Multas por el mal uso de las veredas")
    index.add(3, "Otra cosa", "Nada que ver")
    assert index.closest(1, 1)[0].score < 0.9
    assert index.closest("Plan director", 1)[0].score > index.closest(1, 1)[0].score


def test_scores_agree_with_closest_in_both_directions(index):
    scores = index.scores([1, 2, 3])
    assert np.allclose(scores, scores.T)
    assert np.allclose(np.diag(scores), 1)
    assert index.closest(1, 1)[0].score == pytest.approx(scores[0, 1], abs=1e-3)
    assert index.scores([]).shape == (0, 0)


@pytest.mark.parametrize("text", ODD_TEXTS, ids=lambda text: repr(text)[:20])
def test_odd_texts_can_be_held_and_asked_for(index, text):
    index.add(100, text, text)
    index.add(101, text)
    for found in (index.closest(100), index.closest(text), index.closest("plaza", body=text)):
        assert all(0 < neighbour.score <= 1 for neighbour in found)
    assert np.isfinite(index.scores([100, 101, 1])).all()


def test_empty_texts_are_twins_of_nothing(index):
    index.add(100, "")
    index.add(101, "  ")
    assert index.closest(100) == []
    assert index.closest("") == []


def test_an_empty_index_answers_nothing():
    index = Index()
    index.refresh()
    assert index.closest("agua") == []
    assert index.ids() == []


def test_eight_threads_may_add_remove_and_ask_at_once():
    index = Index(Dictionary())

    def work(seed):
        chance = random.Random(seed)
        for _ in range(60):
            id = chance.randrange(60)
            action = chance.randrange(5)
            if action <= 1:
                index.add(id, f"Propuesta {id} de agua y ciclovía", f"cuerpo {chance.randrange(9)}")
            elif action == 2:
                index.remove(id)
            elif action == 3:
                index.encode_missing()
            else:
                assert all(n.id != id for n in index.closest(id)), "its own neighbour"

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    ids = index.ids()
    assert len(ids) == len(index)
    assert {n.id for n in index.closest("Propuesta agua ciclovía", 100)} == set(ids)


def test_meaning_finds_what_letters_cannot():
    index = Index(Dictionary())
    index.add_many([(1, "fahrrad seguro", ""), (2, "sequia en el norte", ""), (3, "otra materia", "")])
    assert index.closest("mi bicicleta", floor=0.3) == []
    assert index.missing() == 3
    assert index.encode_missing() == 3
    assert index.missing() == index.encode_missing() == 0
    found = index.closest("mi bicicleta", floor=0.3)
    assert [neighbour.id for neighbour in found] == [1]
    assert found[0].meaning == pytest.approx(1, abs=0.01)


def test_vectors_can_be_stored_and_given_back_and_corrupt_ones_are_made_again():
    index = Index(Dictionary())
    index.add(1, "agua para Petorca")
    index.encode_missing()
    stored = index.vectors(1)
    again = Index(Dictionary())
    again.add(1, "agua para Petorca", vectors=stored)
    assert again.missing() == 0
    for corrupt in (np.full(3, np.nan), np.array([9.0, 0, 0]), np.zeros((2, 2)), np.zeros(0)):
        fresh = Index(Dictionary())
        fresh.add(1, "agua para Petorca", vectors=(corrupt, corrupt))
        assert fresh.missing() == 1
        assert fresh.closest("agua")[0].meaning is None


def test_another_model_lets_the_vectors_of_the_old_one_go():
    index = Index(Dictionary())
    index.add(1, "agua")
    index.encode_missing()
    index.meaning.version = "dictionary-2"
    assert index.encode_missing() == 1


def test_a_text_changed_while_it_was_encoded_keeps_no_stale_vector():
    index = Index()

    class Slow(Dictionary):
        def encode(self, texts, *, patience=None):
            rows = super().encode(texts)
            index.add(1, "agua")
            return rows

    index.meaning = Slow()
    index.add(1, "ciclovia")
    index.encode_missing()
    assert index.vectors(1) is None
    assert index.missing() == 1


def test_fused_scores_follow_the_documented_formula():
    alone, both = Calibration(-5, 10), Calibration(-6, 4, 8)
    letters, meaning = np.float32([0.2, 0.2, 0.2]), np.float32([0.75, 0.1, np.nan])
    assert fuse(letters, meaning, alone, both) == pytest.approx(1 / (1 + np.exp([-0.8, 4.4, 3])))
    assert fuse(letters, None, alone) == pytest.approx([1 / (1 + np.exp(3))] * 3)
    title, whole = np.float32([1, 1, 0.2]), np.float32([0.4, 0.4, 0.6])
    assert joined(title, whole, np.array([True, False, True])) == pytest.approx([0.4, 1, 0.6])


# Whatever a keyboard, another alphabet or a broken program may send.
ANY_TEXT = st.one_of(
    st.text(max_size=300),
    st.text(alphabet="🚲🌳👩‍👧🇨🇱", max_size=30),
    st.text(alphabet="AÁEÍOUÑ NOSIN", max_size=200),
    st.text(alphabet="أبتثج دهوز קשת", max_size=100),
    st.sampled_from([text for text in ODD_TEXTS if text is not None]),
    st.sampled_from(["no", "100", "ley 20.500", "\u202e\u200f", "a" * 50_000, "No a " * 9_000]),
)


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.tuples(ANY_TEXT, ANY_TEXT), min_size=1, max_size=6), typed=ANY_TEXT)
def test_no_text_breaks_holding_searching_comparing_or_grouping(texts, typed):
    index = Index(Dictionary())
    index.add_many((id, *text) for id, text in enumerate(texts))
    index.encode_missing()
    ids = index.ids()
    for asked in (typed, *ids):
        found = index.closest(asked, None, body=typed if asked == typed else "")
        assert all(0 < near.score <= 1 and near.id != asked for near in found)
    compared = index.compare(ids)
    for matrix in (compared.scores, compared.plain):
        assert np.isfinite(matrix).all()
        assert (matrix >= 0).all() and (matrix <= 1).all()
        assert np.array_equal(matrix, matrix.T)
    assert (compared.scores <= compared.plain + 1e-6).all()
    for group in suggest_groups(index, floor=0.3):
        assert len(group.ids) > 1


def test_vectors_of_an_older_model_are_served_and_exchanged_at_once():
    index = Index(Dictionary())
    index.add_many([(1, "pedalear seguro", ""), (2, "sequia en el norte", "")])
    row = np.array([1.0, 0, 0, 0], dtype=np.float32)
    assert index.serve("older-1", [(1, (row, row)), (2, (row, row)), (9, (row, row))]) == []
    assert (index.version, index.missing()) == ("older-1", 0)
    assert index.closest(1)[0].meaning == pytest.approx(1)
    assert {near.meaning for near in index.closest("bicicleta")} == {None}, "this process has another model"
    assert index.serve("older-1", [(1, (row[:3], row[:3]))]) == [1], "of another size"
    before = index.era
    index.serve("dictionary-1", [(1, tuple(Dictionary().encode(["ciclovia", "ciclovia"])))])
    assert index.era > before
    assert index.vectors(2) is None
    assert [near.meaning for near in index.closest("bicicleta", 1)] == [pytest.approx(1)]
    index.serve(None)
    assert index.missing() == 2
    assert {near.meaning for near in index.closest("bicicleta")} == {None}


def test_stamps_tell_what_changed():
    index = Index()
    index.add(1, "Agua")
    index.add(2, "Luz")
    index.refresh()
    stamp, era, first = index.stamp, index.era, index.revision(1)
    index.add(1, "Agua")
    index.refresh()
    assert (index.stamp, index.era, index.revision(1)) == (stamp, era, first), "nothing changed"
    index.add(2, "Luces")
    assert index.revision(2) > stamp
    assert (index.revision(1), index.era) == (first, era)
    index.remove(2)
    index.refresh()
    assert index.era == index.stamp > stamp
    assert index.revision(2) is None


def test_a_calibration_beside_the_model_comes_first(tmp_path):
    (tmp_path / CALIBRATION).write_text('{"intercept": -1, "letters": 2, "meaning": 3}', encoding="utf-8")

    class Installed(Dictionary):
        folder = tmp_path

    index = Index(Installed())
    index.add(1, "ciclovia")
    index.encode_missing()
    assert index.frozen().calibrations[1] == Calibration(-1, 2, 3)


def test_a_calibration_beside_a_model_that_loads_late_is_used_from_then_on(tmp_path):
    (tmp_path / CALIBRATION).write_text('{"intercept": -1, "letters": 2, "meaning": 3}', encoding="utf-8")

    class Late(Dictionary):
        folder = None

    index = Index(Late())
    index.add(1, "ciclovia")
    index.encode_missing()
    before, era = index.frozen().calibrations[1], index.era
    assert before != Calibration(-1, 2, 3)
    index.meaning.folder = tmp_path
    assert index.frozen().calibrations[1] == Calibration(-1, 2, 3)
    assert index.era != era, "pairs compared before are compared again"
