"""Groups can be explained: shared and differing words, the text that speaks for all, and the one farthest off."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consulta.similarity.explain import (
    differing_words,
    distances,
    distances_from,
    generic_stems,
    medoid,
    most_distant,
    shared_words,
)
from consulta.similarity.index import Index
from consulta.similarity.words import stem
from tests.similarity.test_letters import ODD_TEXTS


def test_the_base_is_nearest_to_all_and_the_farthest_is_named():
    scores = np.array([[1, 0.9, 0.6], [0.9, 1, 0.7], [0.6, 0.7, 1]])
    assert medoid((5, 6, 7), scores) == 6
    assert most_distant((5, 6, 7), scores) == 7
    assert medoid((5, 6), [[1, 0.8], [0.8, 1]]) == 5
    assert most_distant((5, 6), [[1, 0.8], [0.8, 1]]) == 6


def test_who_is_for_among_those_against_is_the_most_distant():
    index = Index()
    index.add(1, "Construir la termoeléctrica en la bahía")
    index.add(2, "No construir la termoeléctrica en la bahía")
    index.add(3, "No a construir la termoeléctrica de la bahía")
    ids = [1, 2, 3]
    assert most_distant(ids, index.scores(ids)) == 1


def test_distances_are_one_less_the_score():
    index = Index()
    index.add(10, "Más ciclovías en Ñuñoa")
    index.add(11, "Ciclovías en Ñuñoa")
    index.add(12, "CICLOVÍAS EN ÑUÑOA!")
    assert np.allclose(distances(index, [10, 11]), 1 - index.scores([10, 11]))
    assert distances(index, [11, 12])[0, 1] == 0
    assert distances_from(index, 12, [11, 12]) == {11: 0, 12: 0}
    assert distances_from(index, 11, [10, 11, 12]) == pytest.approx(
        {10: distances(index, [10, 11])[0, 1], 11: 0, 12: 0}
    )
    with pytest.raises(KeyError):
        distances_from(index, 11, [11, 99])


def test_shared_words_are_spelled_as_in_the_first_text_and_matched_without_accents():
    texts = ["Más Ciclovías para la comuna de Ñuñoa", "CICLOVIA en nunoa, por favor", "La ciclovía de Ñuñoa"]
    assert shared_words(texts) == ["Ciclovías", "Ñuñoa"]


def test_words_that_any_proposal_uses_are_no_reason():
    assert shared_words(["No a la represa de los ríos", "no con los ríos de la"]) == ["ríos"]
    assert shared_words(["Nadie sabe sin luz", "Que se haga la luz, nadie sabe"]) == ["luz"]
    assert shared_words(["The city should improve its parks", "Improve the park of our city"]) == ["parks"]
    assert shared_words(["No a la represa", "no con la de la"]) == []


def test_texts_of_generic_words_alone_share_them():
    assert shared_words(["The people of the town", "for the people"]) == ["people"]


def test_nothing_is_shared_by_fewer_than_two_texts_or_by_empty_ones():
    assert shared_words([]) == shared_words(["agua"]) == shared_words(["agua", ""]) == shared_words(["🚲", "🚲"]) == []
    assert len(shared_words(["uno dos tres cuatro cinco"] * 2, limit=2)) == 2


def test_differing_words_are_those_that_one_text_alone_holds():
    texts = ["Ciclovías para niños en Ñuñoa", "Ciclovía para personas mayores en Ñuñoa", "Ciclovías en Macul"]
    assert differing_words(texts) == [["niños"], [], ["Macul"]]
    assert differing_words(["Riego por goteo", "Riego con agua lluvia"], limit=1) == [["goteo"], ["agua"]]
    assert differing_words(["agua"]) == [[]]
    assert differing_words([]) == []


def test_generic_words_are_stems_of_both_languages():
    assert {stem("sabe"), stem("without"), stem("municipalidad")} <= generic_stems()
    assert not {stem("niños"), stem("agua"), stem("water"), stem("gratis")} & generic_stems()


@given(st.lists(st.one_of(st.text(max_size=200), st.sampled_from(ODD_TEXTS)), max_size=4))
def test_any_texts_can_be_explained(texts):
    shared, differing = shared_words(texts), differing_words(texts)
    assert len(differing) == len(texts)
    for words in differing:
        assert not {stem(word) for word in words} & {stem(word) for word in shared}
