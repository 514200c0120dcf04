"""Looking into the nearest lists finds what looking everywhere finds, through every change."""

import numpy as np
import pytest

from consulta.similarity import nearest, vectors
from consulta.similarity.index import Index
from consulta.similarity.model_files import ModelFacts
from consulta.similarity.nearest import Approximate, Exact
from consulta.similarity.vectors import Vectors

DIMENSIONS = 24


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def rows():
    """Four hundred rows around forty centres."""
    chance = np.random.default_rng(1)
    centres = unit(chance.standard_normal((40, DIMENSIONS)))
    return unit(np.repeat(centres, 10, axis=0) + 0.1 * chance.standard_normal((400, DIMENSIONS)))


@pytest.fixture
def both(rows):
    """The two searches, over the same rows, all but the last twenty held."""
    searches = Exact(lambda: rows), Approximate(lambda: rows, lists=16, probes=4)
    for search in searches:
        for slot in range(380):
            search.add(slot, rows[slot])
    assert searches[1].wait(30)
    return searches


def recall(both, rows, k=5):
    found = [[set(search.closest(row, k)[0].tolist()) for search in both] for row in rows]
    return np.mean([len(one & other) / k for one, other in found])


def test_the_nearest_lists_hold_nearly_all_of_the_closest(both, rows):
    assert recall(both, rows) >= 0.98


def test_cosines_are_exact_and_the_closest_comes_first(both, rows):
    for search in both:
        slots, cosines = search.closest(rows[7], 5)
        assert slots[0] == 7
        assert np.allclose(cosines, rows[slots] @ rows[7], atol=1e-6)
        assert (np.diff(cosines) <= 0).all()


def test_what_is_added_later_is_found_and_what_is_removed_is_not(both, rows):
    for search in both:
        search.add(390, rows[390])
        assert search.closest(rows[390], 1)[0].tolist() == [390]
        search.remove(390)
        search.remove(390)
        assert 390 not in search.closest(rows[390], 50)[0]


def test_before_lists_are_learned_everything_is_looked_at(rows):
    few = Approximate(lambda: rows, lists=16, probes=1)
    for slot in range(10):
        few.add(slot, rows[slot])
    assert not few.learned()
    assert few.closest(rows[3], 3)[0][0] == 3
    few.remove(3)
    assert 3 not in few.closest(rows[3], 10)[0]


def test_what_changes_while_lists_are_learned_is_put_right(rows, monkeypatch):
    search = Approximate(lambda: rows, lists=16, probes=4)
    for slot in range(100):
        search.add(slot, rows[slot])
    assert not search.learned()
    search.remove(5)
    search.add(200, rows[200])
    assert search.wait(30)
    assert search.closest(rows[200], 1)[0].tolist() == [200]
    assert 5 not in search.closest(rows[5], 100)[0]


def test_closing_the_gaps_renumbers_the_slots(both, rows):
    search = both[1]
    kept = np.arange(0, 380, 2)
    search._rows = lambda: rows[kept]
    search.keep(kept)
    assert search.closest(rows[20], 1)[0].tolist() == [10]


def test_vectors_look_into_lists_beyond_their_number_only(rows, monkeypatch):
    monkeypatch.setattr(nearest, "LISTS", 16)
    held = Vectors()
    for slot, row in enumerate(rows):
        held.append()
        held.put(slot, row)
    assert held.closest(rows[0], 5) is None
    monkeypatch.setattr(vectors, "EXACT_UP_TO", 100)
    assert held.closest(None, 5) is None
    held.closest(rows[0], 5)
    assert held._near.wait(30)
    assert 0 in held.closest(rows[0], 5)
    held.append()
    held.put(400, rows[0])
    assert {0, 400} <= set(held.closest(rows[0], 5).tolist())
    held.keep(np.arange(1, 401))
    assert 399 in held.closest(rows[0], 5)
    only = held.cosines(rows[0], np.array([3, 399]))
    assert np.flatnonzero(~np.isnan(only)).tolist() == [3, 399]
    assert np.allclose(only[[3, 399]], held.cosines(rows[0])[[3, 399]])
    held.forget()
    assert held.closest(rows[0], 5) is None


def test_an_index_beyond_that_number_answers_as_one_that_looks_at_all(rows, monkeypatch):
    class Drawn:
        name, version, ready = "meaning", "drawn-1", True
        facts = ModelFacts()

        def encode(self, texts, *, patience=None):
            return np.array([rows[int(text.split()[1])] for text in texts])

    def index():
        made = Index(Drawn())
        made.add_many((number, f"propuesta {number}", "") for number in range(400))
        made.encode_missing(400)
        return made

    usual, large = index(), index()
    wanted = [[(n.id, n.score) for n in usual.closest(f"propuesta {number}")] for number in range(0, 400, 9)]
    monkeypatch.setattr(vectors, "EXACT_UP_TO", 100)
    monkeypatch.setattr(nearest, "SHORTLIST", 32)
    monkeypatch.setattr(vectors, "Approximate", lambda matrix: Approximate(matrix, lists=16, probes=6))
    large.closest("propuesta 1")
    assert all(view._near.wait(30) for view in large._texts.vectors)
    found = [[(n.id, n.score) for n in large.closest(f"propuesta {number}")] for number in range(0, 400, 9)]
    shared = [len(set(one) & set(other)) / len(one) for one, other in zip(wanted, found, strict=True)]
    assert np.mean(shared) >= 0.95
