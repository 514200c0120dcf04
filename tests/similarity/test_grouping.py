"""Groups are tight, never chained, the same every time, and respect what people decided."""

import random
from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

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
    # A floor that some pairs of such texts reach, however scores are calibrated.
    floor = float(np.quantile(index.scores(index.ids()), 0.98))
    groups = suggest_groups(index, floor=floor)
    assert groups
    members = [id for group in groups for id in group.ids]
    assert len(members) == len(set(members))
    for group in groups:
        scores = index.scores(group.ids)
        assert scores.min() >= floor - 1e-3
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


def test_a_group_is_as_alike_as_its_least_alike_pair():
    # 2 is nearest to 1, but 3 and 4 are nearer to one another than 3 is to 1.
    pairs = [(1, 2, 0.9), (2, 3, 0.85), (3, 4, 0.84), (1, 3, 0.55), (2, 4, 0.55), (1, 4, 0.5)]
    (group,) = tight_groups([Pair(*pair, False) for pair in pairs])
    assert (group.ids, group.tightness) == ((1, 2, 3, 4), 0.5)
    without = [Pair(*pair, False) for pair in pairs if pair[:2] != (1, 4)]
    assert [group.ids for group in tight_groups(without)] == [(1, 2), (3, 4)]


def test_what_people_put_together_is_one_group_and_what_they_parted_never():
    pairs = [Pair(1, 2, 0.9, False), Pair(1, 3, 0.8, False), Pair(2, 3, 0.8, False)]
    assert [group.ids for group in tight_groups(pairs)] == [(1, 2, 3)]
    assert [group.ids for group in tight_groups(pairs, apart={(1, 2)})] == [(1, 3)]
    assert [group.ids for group in tight_groups(pairs, together={(3, 4)})] == [(3, 4), (1, 2)]
    both = tight_groups(pairs, together={(1, 2), (4, 5)}, apart={(1, 2), (2, 3)})
    assert [group.ids for group in both] == [(4, 5), (1, 3)]
    assert [group.certain for group in both] == [False, False]
    assert both[0].tightness == 1


def test_a_decision_on_a_text_is_one_on_its_reposts():
    index = index_of(TEXTS)
    groups = suggest_groups(index, together={(20, 30)})
    assert [group.ids for group in groups if 20 in group.ids] == [(20, 21, 30)]
    assert suggest_groups(index, together={(20, 999)}) == suggest_groups(index), "one that is not there changes nothing"
    parted = suggest_groups(index, together={(20, 30)}, apart={(20, 21)})
    assert all({20, 21} - set(group.ids) for group in parted)


def test_reposts_that_people_parted_are_in_no_group_together():
    assert [group.ids for group in suggest_groups(index_of(TEXTS), [20, 21], apart={(20, 21)})] == []


def test_ten_thousand_copies_are_one_group_and_cost_no_ten_million_pairs():
    index = Index()
    index.add_many([(id, "La misma propuesta de siempre", "Copiada y pegada.") for id in range(2_000)])
    index.add_many([(5_000 + id, f"Otra materia {id} de cosa {id * 7}", "") for id in range(20)])
    groups = suggest_groups(index, apart={(3, 8)})
    assert groups[0].certain
    assert (len(groups[0].ids), 3 in groups[0].ids, 8 in groups[0].ids) == (1_999, True, False)


def test_progress_is_told_and_ends_at_all():
    told = []
    suggest_groups(index_of(TEXTS), progress=lambda done, total: told.append((done, total)))
    assert told
    assert told[-1][0] == told[-1][1]
    assert all(done <= total for done, total in told)


IDS = st.integers(1, 9)
SCORED = st.dictionaries(
    st.tuples(IDS, IDS).filter(lambda pair: pair[0] < pair[1]), st.integers(50, 100).map(lambda part: part / 100)
)
DECIDED = st.sets(st.tuples(IDS, IDS).filter(lambda pair: pair[0] < pair[1]), max_size=4)


@given(scored=SCORED, together=DECIDED, apart=DECIDED, chance=st.randoms())
def test_groups_of_any_pairs_keep_their_promises(scored, together, apart, chance):
    pairs = [Pair(*key, score, score == 1) for key, score in scored.items()]
    groups = tight_groups(pairs, together=together, apart=apart)
    members = [id for group in groups for id in group.ids]
    assert len(members) == len(set(members)), "a text is in one group at most"
    for group in groups:
        assert len(group.ids) > 1
        inside = list(combinations(group.ids, 2))
        assert not apart & set(inside)
        assert all(pair in scored or pair in together for pair in inside)
        assert group.tightness == min(1 if pair in together else scored[pair] for pair in inside)
        assert {group.base, group.farthest} <= set(group.ids)
        assert group.certain == all(scored.get(pair) == 1 for pair in inside)
    chance.shuffle(pairs)
    assert tight_groups(pairs, together=together, apart=apart) == groups, "order changes nothing"
    for a, b in together - apart:
        assert any({a, b} <= set(group.ids) for group in groups) or a in members or b in members
    # No two groups are left that could be one.
    for one, other in combinations(groups, 2):
        crossing = {(min(a, b), max(a, b)) for a in one.ids for b in other.ids}
        assert apart & crossing or not crossing <= scored.keys() | together
