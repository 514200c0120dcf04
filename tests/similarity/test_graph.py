"""Groups kept up to date text by text are those that comparing everything anew would make."""

import random
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consulta.similarity import graph as graphs
from consulta.similarity import pairs
from consulta.similarity.graph import PairGraph, match
from consulta.similarity.grouping import Group, suggest_groups
from consulta.similarity.index import Index
from consulta.similarity.linkage import tight_groups
from consulta.similarity.pairs import judged_pairs
from tests.similarity.test_grouping import TEXTS, index_of
from tests.similarity.test_index import Dictionary

WORDS = "ciclovía plaza agua escuela luz feria parque no niños".split()
# Few different texts, so that re-posts come and go as well.
TITLES = st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join)
IDS = st.integers(0, 11)
PAIRS = st.sets(st.tuples(IDS, IDS).filter(lambda pair: pair[0] < pair[1]), max_size=3)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), IDS, TITLES),
        st.tuples(st.just("drop"), IDS),
        st.tuples(st.just("decide"), PAIRS, PAIRS),
        st.tuples(st.just("ask")),
    ),
    max_size=25,
)


def built(index, **options):
    graph = PairGraph(index, **options)
    graph.rebuild()
    return graph


def ids_of(groups):
    return [group.ids for group in groups]


@pytest.mark.parametrize("crowd", [50, 2], ids=["no crowds", "crowds of three"])
@settings(max_examples=30, deadline=None)
@given(start=st.lists(TITLES, min_size=8, max_size=12), steps=STEPS)
def test_following_changes_equals_grouping_all_there_is(crowd, start, steps):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(graphs, "CROWD", crowd)
        index = Index()
        # Rarity is fitted once, on enough texts that it is not fitted again: pairs keep their scores.
        index.add_many([(100 + number, f"{' '.join(WORDS)} {number}", "") for number in range(260)])
        index.add_many([(id, title, "") for id, title in enumerate(start)])
        index.refresh()
        graph, decided = PairGraph(index, floor=0.4), (set(), set())
        held = set(range(len(start)))
        graph.rebuild(held)
        for step in steps:
            if step[0] == "put":
                index.add(step[1], step[2])
                held.add(step[1])
                graph.change(step[1])
            elif step[0] == "drop":
                index.remove(step[1])
                held.discard(step[1])
                graph.remove(step[1])
            elif step[0] == "decide":
                decided = step[1:]
                graph.decide(together=decided[0], apart=decided[1])
            else:
                graph.groups()
        whole = PairGraph(index, floor=0.4, together=decided[0], apart=decided[1])
        for id in held:
            whole.add(id)
        assert len(graph) == len(whole) == len(held)
        assert graph.pairs() == whole.pairs()
        assert graph.groups() == whole.groups()
        for group in graph.groups():
            assert not set(decided[1]) & set(combinations(group.ids, 2))


@settings(max_examples=60, deadline=None)
@given(titles=st.lists(TITLES, min_size=2, max_size=12), together=PAIRS, apart=PAIRS)
def test_what_people_decided_is_heeded_as_in_grouping_all_at_once(titles, together, apart):
    index = index_of({id: (title, "") for id, title in enumerate(titles)})
    held = set(index.ids())
    together = {pair for pair in together if set(pair) <= held}
    graph = built(index, floor=0.4, together=together, apart=apart)
    # A decision holds for re-posts too; an empty text is a re-post of nothing.
    mark = {id: index.mark(id) or id for id in held}
    spread = {
        (min(a, b), max(a, b))
        for one, other in together
        for a in held
        for b in held
        if (mark[a], mark[b]) == (mark[one], mark[other]) and a != b
    }
    assert graph.groups() == tight_groups(graph.pairs(), together=spread, apart=apart)


class Bare:
    """An index of texts that are nothing but their ids; their pairs are put into the graph by hand."""

    era = 0

    def revision(self, id):
        """The only one."""
        return 1

    def mark(self, id):
        """Every text is another one."""
        return str(id)


@pytest.mark.parametrize("seed", range(24))
def test_among_many_what_is_grouped_again_is_all_that_changes(seed):
    chance = random.Random(seed)
    count, near, steps_of_score = (
        chance.choice([8, 20, 60, 150]),
        chance.choice([1.5, 3, 6]),
        chance.choice([3, 10, 1000]),
    )
    graph, held = PairGraph(Bare(), floor=0.3), set()

    def put(id):
        graph.remove(id)
        graph.add(id)
        for other in sorted(held - {id}):
            if chance.random() < 2 * near / count:
                score = 0.3 + 0.7 * chance.randrange(steps_of_score) / steps_of_score
                graph._link(id, other, score, chance.random() < 0.03)
        held.add(id)

    graph._find = graph._touched.add  # no index to ask
    for id in range(count // 2):
        put(id)
    for _step in range(80):
        act = chance.random()
        if act < 0.5:
            put(chance.randrange(count))
        elif act < 0.75 and held:
            gone = chance.choice(sorted(held))
            held.discard(gone)
            graph.remove(gone)
        elif act < 0.85:
            drawn = [
                {tuple(sorted(chance.sample(range(count), 2))) for _pair in range(chance.randrange(4))} for _ in "ab"
            ]
            graph.decide(together=drawn[0], apart=drawn[1])
        if chance.random() < 0.6:
            together = {pair for pair in graph._together if set(pair) <= held}
            assert graph.groups() == tight_groups(graph.pairs(), together=together, apart=graph._apart)


def test_one_that_comes_goes_or_changes_is_followed():
    index = index_of(TEXTS)
    graph = built(index)
    assert ids_of(graph.groups()) == [(20, 21), (10, 11, 12)]
    index.add(31, "Biblioteca abierta hasta la noche", "Para quienes trabajan de día")
    graph.add(31)
    assert ids_of(graph.groups()) == [(20, 21), (30, 31), (10, 11, 12)]
    index.add(11, "Otra cosa", "del todo distinta")
    graph.change(11)
    assert (10, 12) in ids_of(graph.groups())
    graph.remove(20)
    graph.remove(20)
    assert 20 not in graph
    assert (20, 21) not in ids_of(graph.groups())


def test_following_an_index_compares_only_what_changed():
    index = index_of({**TEXTS, **{100 + n: (f"Materia {n} tal {n * 31}", "") for n in range(60)}})
    graph = PairGraph(index)
    assert graph.follow() == len(index), "the first time all of it"
    assert graph.follow() == 0
    index.add(31, "Biblioteca abierta hasta la noche", "Para quienes trabajan de día")
    index.remove(21)
    assert graph.follow() == 1
    assert {(30, 31), (10, 11, 12)} <= set(ids_of(graph.groups()))
    assert graph.follow([10, 12, 30, 31, 999]) == 0
    assert ids_of(graph.groups()) == ids_of(suggest_groups(index, [10, 12, 30, 31]))
    index.rerank(object())
    index.rerank(None)
    assert graph.follow([10, 12]) == 2, "every score may have changed"


def test_vectors_that_come_later_are_followed():
    index = Index(Dictionary())
    index.add_many([(1, "bicicleta propia", ""), (2, "fahrrad seguro", ""), (3, "otra materia", "")])
    graph = PairGraph(index, floor=0.3)
    graph.follow()
    before = graph.groups()
    while index.encode_missing():
        pass
    assert graph.follow() == 3
    assert graph.groups() == suggest_groups(index, floor=0.3) != before


def test_a_crowd_of_reposts_is_one_group_until_it_is_none(monkeypatch):
    monkeypatch.setattr(graphs, "CROWD", 3)
    text = "Más ciclovías seguras en las avenidas de la comuna", "Que unan las plazas con las escuelas."
    near = "Más ciclovías seguras en las avenidas", "Que unan las plazas con todas las escuelas de la comuna."
    index = index_of({1: text, 2: text, 3: text, 4: near, 5: near, 9: ("Riego por goteo", "")})
    graph = built(index, floor=0.3)
    assert ids_of(graph.groups()) == [(1, 2, 3, 4, 5)]
    index.add(6, *text)
    graph.add(6)
    assert ids_of(graph.groups()) == [(1, 2, 3, 6), (4, 5)], "a crowd keeps to itself"
    assert ids_of(graph.groups()) == ids_of(built(index, floor=0.3).groups())
    index.remove(6)
    graph.remove(6)
    assert ids_of(graph.groups()) == [(1, 2, 3, 4, 5)]


def test_a_flood_of_texts_that_differ_a_little_is_no_flood_of_pairs(monkeypatch):
    monkeypatch.setattr(pairs, "MOST_NEAR", 5)
    # Words that describe: no guard speaks, so that what is nearest by its plain score is nearest at all.
    words = "rota sucia fea vieja gastada angosta oscura peligrosa mojada torcida".split()
    flood = {n: (f"Arreglar la vereda {words[n % 10]} de la avenida principal {chr(97 + n)}", "") for n in range(40)}
    index = index_of({**flood, 90: TEXTS[20], 91: TEXTS[21]})
    found = judged_pairs(index.frozen(), 0.1)
    assert 0 < len(found) <= 5 * 40 + 1
    near = {id: [pair for pair in found if id in pair[:2]] for id in flood}
    for id in flood:
        best = index.closest(id, 5, floor=0.1)
        assert {other.id for other in best} <= {end for pair in near[id] for end in pair[:2]}
    assert (90, 91) in ids_of(tight_groups(found))


def test_a_group_keeps_its_name_while_members_come_and_go():
    old = {"a": (1, 2, 3), "b": (4, 5), "c": (6, 7), "d": (8, 9, 10, 11)}
    new = [(1, 2, 12), (4, 5, 6, 7), (8, 9, 10), (13, 14)]
    assert match(old, new) == {"a": (1, 2, 12), "b": (4, 5, 6, 7), "d": (8, 9, 10)}


def test_a_pair_that_loses_one_of_its_two_is_another_group():
    assert match({1: (1, 2)}, [(1, 3)]) == {}
    assert match({1: (1, 2)}, [(1, 2, 3)]) == {1: (1, 2, 3)}
    assert match({}, [(1, 2)]) == match({1: (1, 2)}, []) == {}


def test_a_group_that_splits_leaves_its_name_with_the_larger_part():
    assert match({7: (1, 2, 3, 4, 5)}, [(1, 2), (3, 4, 5)]) == {7: (3, 4, 5)}
    assert match({7: (1, 2, 3, 4)}, [(3, 4), (1, 2)]) == {7: (1, 2)}, "equal parts: the lower ids"
    assert match({7: (1, 2), 8: (3, 4)}, [Group((1, 2, 3, 4), 1.0, False, 1, 2)]) == {7: (1, 2, 3, 4)}


@given(
    old=st.dictionaries(st.integers(0, 9), st.sets(st.integers(0, 12), min_size=2, max_size=5).map(tuple), max_size=5),
    new=st.lists(st.sets(st.integers(0, 12), min_size=2, max_size=5).map(sorted).map(tuple), max_size=5, unique=True),
    chance=st.randoms(),
)
def test_names_go_to_one_group_each_whatever_the_order(old, new, chance):
    found = match(old, new)
    assert len(set(found.values())) == len(found)
    for key, ids in found.items():
        assert 2 * len(set(old[key]) & set(ids)) > min(len(old[key]), len(ids))
    shuffled = list(new)
    chance.shuffle(shuffled)
    assert match(dict(reversed(old.items())), shuffled) == found
    assert match({key: new[key] for key in range(len(new))}, new).keys() == set(range(len(new))) or not _apart(new)


def _apart(groups):
    return len({id for ids in groups for id in ids}) == sum(map(len, groups))


def test_pairs_found_by_one_product_score_as_those_found_all_at_once():
    chance = np.random.default_rng(3)
    words = [f"palabra{chr(97 + n) * 3}" for n in range(12)]
    index = index_of({n: (" ".join(chance.choice(words, 4)), " ".join(chance.choice(words, 5))) for n in range(80)})
    whole, single = built(index, floor=0.5), PairGraph(index, floor=0.5)
    for id in index.ids():
        single.add(id)
    assert [(p.first, p.second) for p in whole.pairs()] == [(p.first, p.second) for p in single.pairs()]
    for one, other in zip(whole.pairs(), single.pairs(), strict=True):
        assert one.score == pytest.approx(other.score, abs=1e-3)
