"""The measuring holds, searches and groups with the site's own index, and says the same every time."""

import json

import pytest

from consulta.similarity.calibration import calibration_of
from consulta.similarity.evaluation import CannotMeasure, by_meaning_alone, evaluate, peak_memory
from consulta.similarity.index import Index
from consulta.similarity.labelled import Labelled, Negative
from tests.similarity.test_letters import ODD_TEXTS

ROWS = [
    ("bici-1", "Más ciclovías en Ñuñoa", "Que unan las plazas de la comuna.", "bici"),
    ("luz-1", "Faroles nuevos para el pasaje Los Aromos", "De noche no se ve nada.", ""),
    ("bici-2", "MÁS CICLOVÍAS EN ÑUÑOA", "Que unan las plazas de la comuna", "bici"),
    ("agua-1", "Camiones aljibe mientras no haya red", "", "agua"),
    ("perro-1", "Esterilización gratuita de mascotas", "Cada seis meses.", ""),
    ("agua-2", "Biblioteca abierta de noche", "Para quienes trabajan de día.", "agua"),
    ("perro-2", "Esterilización gratuita de mascotas", "Cada seis meses.", ""),
]
TEXTS = [Labelled(*row, line) for line, row in enumerate(ROWS, 2)]
NEGATIVES = [Negative("perro-1", "perro-2", "measure"), Negative("luz-1", "bici-1", "place")]


class Falling:
    """A model that is there and never answers."""

    name, version, ready, facts = "meaning", "falling-1", True, None
    state = ("broken", "failed", "it fell over")

    def encode(self, texts, *, patience=None):
        return None


@pytest.fixture(scope="module")
def figures():
    return evaluate(Index(), TEXTS, NEGATIVES)


def test_what_was_labelled_is_counted(figures):
    counted = {key: figures[key] for key in ("texts", "with_twin", "twinless", "groups", "true_pairs")}
    assert counted == {"texts": 7, "with_twin": 4, "twinless": 3, "groups": 2, "true_pairs": 2}


def test_a_twin_in_the_same_words_is_found_first_and_one_in_others_is_not(figures):
    assert figures["hit_at_1"] == 0.5
    assert 0.5 <= figures["mrr"] < 1
    assert figures["pair_recall_at_5"] >= 0.5


def test_suggested_groups_are_measured_by_pairs(figures):
    # Suggested: the two of bicycles, rightly, and the two of dogs, wrongly.
    suggested = figures["suggested_groups"]
    assert (suggested["groups"], suggested["texts"]) == (2, 4)
    assert (suggested["precision"], suggested["recall"], suggested["f1"]) == (0.5, 0.5, 0.5)
    assert figures["b_cubed"] == {"precision": round(6 / 7, 6), "recall": round(6 / 7, 6), "f1": round(6 / 7, 6)}
    assert figures["best_threshold"]["threshold"] == 1.0


def test_what_a_citizen_would_be_shown_in_vain_is_a_share_of_the_twinless(figures):
    citizen = figures["citizen"]
    assert citizen["twinless_shown_typing_title"] == citizen["twinless_shown_with_body"] == round(2 / 3, 6)
    assert citizen["twin_shown_typing_title"] == citizen["twin_shown_with_body"] == 0.5


def test_negatives_are_counted_as_a_whole_and_by_kind(figures):
    negatives = figures["negatives"]
    assert (negatives["pairs"], negatives["suggested"], negatives["suggested_share"]) == (2, 1, 0.5)
    assert (
        negatives["kinds"]["measure"]["suggested_share"]
        == negatives["kinds"]["measure"]["shown_typing_title_share"]
        == 1
    )
    assert negatives["kinds"]["place"]["suggested_share"] == 0
    assert negatives["suggested_pairs"] == [["perro-1", "perro-2"]]


def test_time_and_memory_are_said(figures):
    seconds = figures["seconds"]
    assert set(seconds) == {"encode", "search", "group", "compare", "total"}
    assert seconds["total"] == pytest.approx(sum(seconds.values()) - seconds["total"], abs=1e-3)
    assert 10 < figures["peak_memory_mb"] <= peak_memory() + 0.01


def lasting(figures):
    """What must not change from run to run."""
    return json.dumps({key: value for key, value in figures.items() if key not in ("seconds", "peak_memory_mb")})


def test_the_same_texts_give_the_same_figures(figures):
    assert lasting(evaluate(Index(), TEXTS, NEGATIVES)) == lasting(figures)


def test_the_order_of_the_file_changes_no_figure():
    # Without the interval, for which groups are drawn by their order; and without twins, so that there is none.
    texts = [text._replace(group="") for text in TEXTS]
    assert lasting(evaluate(Index(), texts[::-1], NEGATIVES)) == lasting(evaluate(Index(), texts, NEGATIVES))


def test_a_file_without_twins_has_no_figure_of_finding():
    figures = evaluate(Index(), [text._replace(group="") for text in TEXTS])
    for nothing in ("hit_at_1", "hit_at_5", "mrr", "pair_recall_at_5", "negatives"):
        assert figures[nothing] is None
    assert figures["best_threshold"]["f1"] is None
    assert figures["b_cubed"]["recall"] == 1


def test_any_text_can_be_measured():
    texts = [Labelled(str(line), title, title, "", line) for line, title in enumerate(ODD_TEXTS)]
    assert evaluate(Index(), [text._replace(group="all") for text in texts])["texts"] == len(ODD_TEXTS)
    assert evaluate(Index(), texts[:1])["texts"] == 1


def test_a_model_that_ceases_to_answer_ends_the_measuring():
    with pytest.raises(CannotMeasure, match="it fell over"):
        evaluate(Index(Falling()), TEXTS)


def test_letters_change_no_score_where_a_model_is_measured_alone():
    both = by_meaning_alone("an/unknown-model")
    assert both.letters == 0 < both.meaning
    assert both.score(0.1, 0.4) == both.score(0.9, 0.4) < both.score(0.1, 0.5)
    assert by_meaning_alone() == calibration_of()
