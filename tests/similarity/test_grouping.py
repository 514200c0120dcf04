"""Groups are tight, never chained, the same every time."""

import random
from itertools import combinations

from consulta.similarity.explain import shared_words
from consulta.similarity.grouping import suggest_groups, tight_groups
from consulta.similarity.index import Index
from consulta.similarity.pairs import Pair, similar_pairs
from tests.similarity.test_letters import ODD_TEXTS

TEXTS = {
    10: ("Más ciclovías en Ñuñoa", "Que unan las plazas"),
    11: ("Ciclovías en Ñuñoa", "Que unan las plazas de la comuna"),
    12: ("Más ciclovías para Ñuñoa", "Que las plazas queden unidas"),
    20: ("Agua potable para Petorca", "Mientras no haya red, camiones aljibe"),
    21: ("AGUA POTABLE PARA PETORCA.", "Mientras no haya red: camiones aljibe"),
    30: ("Biblioteca abierta de noche", "Para quienes trabajan de día"),
    40: ("Datos abiertos del presupuesto", "Cada gasto municipal publicado"),
}


def index_of(texts):
    index = Index()
    index.add_many((id, *text) for id, text in texts.items())
    return index


def test_reposts_come_first_and_are_certain():
    groups = suggest_groups(index_of(TEXTS))
    assert [group.ids for group in groups] == [(20, 21), (10, 11, 12)]
    assert [group.certain for group in groups] == [True, False]
    assert groups[0].tightness == 1
    assert 0.5 <= groups[1].tightness < 1


def test_a_chain_of_likenesses_is_no_group():
    # 1 is like 2, 2 like 3, 3 like 4; the ends have nothing in common.
    chain = [Pair(1, 2, 0.9, False), Pair(2, 3, 0.8, False), Pair(3, 4, 0.7, False)]
    assert [group.ids for group in tight_groups(chain)] == [(1, 2), (3, 4)]


def test_single_linkage_would_fail_the_chain_test():
    """The violation this file guards against, kept beside it: joining whatever touches."""
    groups = [{1}, {2}, {3}]
    for first, second in ((1, 2), (2, 3)):
        one, other = (next(group for group in groups if id in group) for id in (first, second))
        groups = [group for group in groups if group not in (one, other)] + [one | other]
    assert groups == [{1, 2, 3}]


def test_a_chain_of_real_titles_is_not_joined():
    words = ["ciclovía", "plaza", "biblioteca", "consultorio", "mercado", "hospital", "teatro"]
    index = index_of({number: (" ".join(words[number : number + 3]), "") for number in range(5)})
    for group in suggest_groups(index, floor=0.5):
        assert all(index.scores(pair)[0, 1] >= 0.5 for pair in combinations(group.ids, 2)), group


def test_every_pair_of_every_group_is_above_the_floor_in_random_corpora():
    chance = random.Random(7)
    words = [f"palabra{chr(97 + number) * 3}" for number in range(12)]
    index = index_of({n: (" ".join(chance.sample(words, 4)), " ".join(chance.sample(words, 5))) for n in range(120)})
    groups = suggest_groups(index, floor=0.1)
    assert groups
    members = [id for group in groups for id in group.ids]
    assert len(members) == len(set(members))
    for group in groups:
        scores = index.scores(group.ids)
        assert scores.min() >= 0.1 - 1e-3
        assert abs(scores.min() - group.tightness) < 1e-3


def test_the_order_of_texts_and_pairs_changes_nothing():
    shuffled = dict(sorted(TEXTS.items(), key=lambda item: str(item[1])))
    assert suggest_groups(index_of(TEXTS)) == suggest_groups(index_of(shuffled))
    pairs = similar_pairs(index_of(TEXTS), 0.2)
    assert tight_groups(pairs) == tight_groups(pairs[::-1])


def test_only_the_ids_asked_for_are_grouped():
    assert [group.ids for group in suggest_groups(index_of(TEXTS), [10, 12, 20, 30, 999])] == [(10, 12)]
    assert suggest_groups(index_of(TEXTS), []) == []
    assert suggest_groups(Index()) == []


def test_all_pairs_are_exactly_those_of_the_scores():
    index = index_of(TEXTS)
    ids = index.ids()
    scores = index.scores(ids)
    expected = {(a, b) for (i, a), (j, b) in combinations(enumerate(ids), 2) if scores[i, j] >= 0.1}
    assert {(pair.first, pair.second) for pair in similar_pairs(index, 0.1)} == expected


def test_odd_texts_break_no_grouping():
    index = index_of({number: (text, text) for number, text in enumerate(ODD_TEXTS)})
    for group in suggest_groups(index, floor=0.1):
        shared_words([" ".join(index.text(id)) for id in group.ids])
