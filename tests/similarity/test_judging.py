"""Scores are what the judge says: plain scores, then the re-ranker, then the guards, with no more work than needed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consulta.similarity.calibration import calibration_of
from consulta.similarity.guards import guarded, warnings_between
from consulta.similarity.index import LEAST, Index
from consulta.similarity.judging import Judge
from consulta.similarity.linkage import tight_groups
from consulta.similarity.pairs import similar_pairs
from consulta.similarity.reranking import FEATURES, Cosines, facts_of, features_of, fit
from consulta.similarity.texts import Entry

FOR = ("Construir la termoeléctrica de Los Robles", "Que la central dé trabajo a la zona.")
AGAINST = ("No a la termoeléctrica de Los Robles", "Que no se construya la central en la zona.")
WORDS = "ciclovía plaza agua escuela luz feria parque biblioteca no prohibir niños mayores 50 100 ley gratis".split()
SENTENCES = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
CORPUS = st.lists(st.tuples(SENTENCES, SENTENCES), min_size=2, max_size=14)


class Longer:
    """A re-ranker that likes texts of one length: it may raise a score as well as lower it."""

    def score_pairs(self, features):
        length = FEATURES.index("lengths")
        return np.array([0.99 if row[length] == 1 else 0.1 for row in features])

    def least_plain(self, floor):
        return 0.0


def entry(text):
    return Entry(0, *text)


def index_of(texts, **options):
    index = Index(**options)
    index.add_many((id, *text) for id, text in enumerate(texts, 1))
    index.refresh()
    return index


def test_what_is_against_is_no_twin_of_what_is_for_and_the_reason_is_said():
    index = index_of([FOR, AGAINST, ("Otra materia", "sin relación")])
    plain = Judge(calibration_of()).pair(entry(FOR), entry(AGAINST), 0.9)
    assert plain.score == 0
    assert plain.plain == 0.9
    assert "stance" in [warning.kind for warning in plain.warnings]
    assert 2 not in [near.id for near in index.closest(1)]
    compared = index.compare([2, 1])
    assert compared.scores[0, 1] == compared.scores[1, 0] == 0
    assert compared.warnings[1, 2] == warnings_between(entry(FOR).traits(), entry(AGAINST).traits())
    assert similar_pairs(index, 0.01, [1, 2]) == []


def test_a_repost_is_certain_whatever_the_guards_would_say():
    index = index_of([AGAINST, (AGAINST[0].upper(), AGAINST[1])])
    near = index.closest(1, 1)[0]
    assert (near.score, near.certain, near.warnings) == (1, True, ())
    assert index.compare([1, 2]).warnings == {}


def test_without_guards_a_pair_keeps_its_plain_score():
    judge = Judge(calibration_of())
    one, other = entry(("Más árboles en la avenida", "")), entry(("Árboles para la avenida", ""))
    assert judge.pair(one, other, 0.7) == (0.7, 0.7, ())
    assert judge.pair(one, other, 0.7) == judge.pair(other, one, 0.7)


def test_a_reranker_corrects_what_the_guards_left_and_is_not_asked_of_what_they_block():
    judge = Judge(calibration_of(), reranker=Longer())
    same = entry(("Más árboles", ""))
    assert judge.pair(same, same, 0.5).score == 0.99
    assert judge.pair(entry(FOR), entry(AGAINST), 0.9).score == 0
    assert judge.least(0.5) == 0
    assert Judge(calibration_of()).least(0.5) == 0.5


def test_what_was_learned_from_decisions_is_used_as_it_was_written():
    alike = Cosines(0.7, 0.8)
    one, other = facts_of("plaza con sombra"), facts_of("plaza sin juegos ni sombra")
    features = [features_of(one, one, alike), features_of(one, other, Cosines(0.6, 0.7))] * 60
    learned = fit(features, [True, False] * 60)
    judge = Judge(calibration_of(), reranker=learned)
    texts = entry(("plaza con sombra", "")), entry(("plaza sin juegos ni sombra", ""))
    said = judge.pair(*texts, 0.6, 0.7)
    expected = learned.score(features_of(one, other, Cosines(guarded(0.6, said.warnings), 0.7), said.warnings))
    assert said.score == pytest.approx(expected)
    assert judge.pairs([]) == []
    assert judge.least(0.5) <= 0.5


def test_another_reranker_is_used_at_once():
    index = index_of([("plaza nueva", ""), ("plaza vieja", ""), ("una plaza nueva y grande", "")])
    stamp, before = index.stamp, index.closest(1, 3)
    index.rerank(Longer())
    assert index.stamp > stamp
    assert index.era == index.stamp
    assert [(near.id, near.score) for near in index.closest(1, 1)] == [(2, 0.99)]
    index.rerank(None)
    assert index.closest(1, 3) == before


@pytest.mark.parametrize("reranker", [None, Longer()], ids=["plain", "re-ranked"])
@settings(max_examples=40, deadline=None)
@given(texts=CORPUS, k=st.integers(1, 4), floor=st.sampled_from([0.0, 0.3, 0.6]))
def test_judging_lazily_finds_what_judging_all_would(reranker, texts, k, floor):
    index = index_of(texts, reranker=reranker)
    ids = index.ids()
    for id in ids:
        every = index.closest(id, None, floor=floor)
        assert index.closest(id, k, floor=floor) == every[:k]
        assert every == sorted(every, key=lambda near: (-near.score, not near.certain, near.id))
    compared = index.compare(ids)
    assert np.array_equal(compared.scores, compared.scores.T)
    for a, b in compared.warnings:
        assert a < b
    if reranker is None:
        for id in ids:
            expected = {
                other for other in ids if other != id and compared.scores[id - 1, other - 1] >= max(floor, LEAST)
            }
            found = {near.id: near.score for near in index.closest(id, None, floor=floor)}
            edge = {o for o in ids if abs(compared.scores[id - 1, o - 1] - floor) < 1e-5}
            assert found.keys() - edge == expected - edge
            for other, score in found.items():
                assert score == pytest.approx(compared.scores[id - 1, other - 1], abs=2e-4)


@settings(max_examples=40, deadline=None)
@given(texts=CORPUS, floor=st.sampled_from([0.2, 0.5]))
def test_no_group_holds_a_pair_that_a_guard_blocks(texts, floor):
    index = index_of(texts)
    for group in tight_groups(similar_pairs(index, floor)):
        scores = index.scores(group.ids)
        assert scores.min() >= floor - 1e-4
        assert scores.min() == pytest.approx(group.tightness, abs=2e-4)


def test_guards_never_raise_a_score():
    for score in (0.0, 0.3, 1.0):
        warnings = warnings_between(entry(FOR).traits(), entry(AGAINST).traits())
        assert 0 <= guarded(score, warnings) <= score
