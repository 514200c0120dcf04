"""All pairs above a floor are found, none besides, whatever the texts hold and whichever vectors are there."""

import random

import numpy as np
import pytest
from scipy import sparse
from sklearn.preprocessing import normalize

from consulta.similarity import pairs
from consulta.similarity.index import Index
from consulta.similarity.letters import Rows
from consulta.similarity.model_files import ModelFacts
from consulta.similarity.sketches import groups_of, sketch
from tests.similarity.test_letters import ODD_TEXTS

FLOORS = (0.0, 0.02, 0.2, 0.5, 0.8, 1.0)


class Themes:
    """An encoder that draws a row near one of six themes for each text, the same one for the same text."""

    name, version, ready = "meaning", "themes-1", True
    facts = ModelFacts(low=0.1, high=0.9)

    def encode(self, texts, *, patience=None):
        themes = np.random.default_rng(1).standard_normal((6, 24))
        rows = [themes[len(text) % 6] + random_row(text) for text in texts]
        rows = np.array(rows, dtype=np.float32).reshape(len(texts), 24)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def random_row(text):
    return np.random.default_rng(list(text.encode("utf-8", "replace")) + [1]).standard_normal(24) * 0.5


def texts(count, seed=7):
    """Titles of four words, some with a body, some copied, some odd."""
    chance = random.Random(seed)
    words = ["".join(chance.sample("aeioulmnprst", 6)) for _ in range(40)]
    rows = {}
    for id in chance.sample(range(10 * count), count):
        body = " ".join(chance.sample(words, 6)) if chance.random() < 0.6 else ""
        rows[id] = (" ".join(chance.sample(words, 3)), body)
    for id, odd in enumerate(ODD_TEXTS, start=20 * count):
        rows[id] = (odd, odd if id % 2 else "")
    for copy in list(rows)[:6]:
        rows[30 * count + copy] = (rows[copy][0].upper(), rows[copy][1])
    return rows


def index_of(rows, meaning=None, encoded=None):
    index = Index(meaning)
    index.add_many((id, *text) for id, text in rows.items())
    if meaning:
        index.encode_missing(encoded or len(rows))
    return index


@pytest.fixture(scope="module")
def alone():
    return index_of(texts(150))


@pytest.fixture(scope="module")
def with_some_vectors():
    """A third has no vectors, some have a title's row only, and some a silent one."""
    index = index_of(texts(150), Themes(), 100)
    for place, vectors in enumerate(index._texts.vectors):
        for slot in range(place, 100, 9):
            vectors.put(slot, np.zeros(24))
    return index


def expected(index, floor):
    """The plain scores of `Index.compare`, which multiplies everything with everything."""
    ids = index.ids()
    scores = index.compare(ids).plain
    return {(ids[a], ids[b]): scores[a, b] for a, b in zip(*np.triu_indices(len(ids), 1), strict=True)}


def assert_exact(index, floor, found, ids):
    got = {(ids[a], ids[b]): score for a, b, score in zip(found.first, found.second, found.plain, strict=True)}
    assert len(got) == len(found.first)
    for pair, score in expected(index, floor).items():
        # Within the last digits of float32 either answer is right.
        if abs(score - floor) > 1e-5:
            assert (pair in got) == bool(score >= floor), (pair, score)
        if pair in got:
            assert abs(got[pair] - score) < 1e-5


@pytest.mark.parametrize("floor", FLOORS)
def test_letters_alone_give_exactly_the_pairs_of_brute_force(alone, floor):
    now = alone.frozen()
    assert_exact(alone, floor, pairs.candidates(now, floor), now.ids)


@pytest.mark.parametrize("floor", FLOORS)
def test_letters_and_meaning_give_exactly_the_pairs_of_brute_force(with_some_vectors, floor):
    now = with_some_vectors.frozen()
    assert_exact(with_some_vectors, floor, pairs.candidates(now, floor), now.ids)


@pytest.mark.parametrize("size", [5, 64])
@pytest.mark.parametrize("many", [0.0, 1.0])
def test_neither_the_size_of_blocks_nor_the_way_of_multiplying_changes_anything(monkeypatch, alone, size, many):
    now = alone.frozen()
    usual = pairs.candidates(now, 0.4)
    monkeypatch.setattr(pairs, "_ROWS", size)
    monkeypatch.setattr(pairs, "_COLUMNS", 2 * size)
    monkeypatch.setattr(pairs, "_PICKED", size)
    monkeypatch.setattr(pairs, "_MANY", many)
    monkeypatch.setattr(pairs, "SIZES", ((2, 2),))
    again = pairs.candidates(now, 0.4)
    assert (again.first.tolist(), again.second.tolist()) == (usual.first.tolist(), usual.second.tolist())
    assert np.allclose(again.plain, usual.plain, atol=1e-6)


def test_pairs_are_ordered_by_id_and_reposts_are_certain(alone):
    now = alone.frozen()
    found = pairs.candidates(now, 0.5)
    named = [(now.ids[a], now.ids[b]) for a, b in zip(found.first, found.second, strict=True)]
    assert named == sorted(named)
    assert all(first < second for first, second in named)
    certain = [pair for pair, sure in zip(named, found.certain, strict=True) if sure]
    # Six copies, and whichever of the odd texts say the same.
    assert len(certain) >= 6
    copies = zip(found.first[found.certain], found.second[found.certain], strict=True)
    assert all(now.fingerprints[a] == now.fingerprints[b] for a, b in copies)
    assert (found.plain[found.certain] == 1).all()


def test_only_the_slots_asked_for_are_compared(alone):
    now = alone.frozen()
    every = pairs.candidates(now, 0.4)
    some = list(range(0, len(now.ids), 2))
    found = pairs.candidates(now, 0.4, some)
    both = np.isin(every.first, some) & np.isin(every.second, some)
    assert found.first.tolist() == every.first[both].tolist()
    assert found.second.tolist() == every.second[both].tolist()


@pytest.mark.parametrize("slots", [[], [0]])
def test_fewer_than_two_texts_have_no_pairs(alone, slots):
    assert all(len(part) == 0 for part in pairs.candidates(alone.frozen(), 0.5, slots))
    assert all(len(part) == 0 for part in pairs.candidates(Index().frozen(), 0.5))


def test_progress_grows_up_to_every_pair(alone, monkeypatch):
    monkeypatch.setattr(pairs, "_ROWS", 16)
    told = []
    pairs.candidates(alone.frozen(), 0.5, progress=lambda done, total: told.append((done, total)))
    every = len(alone) * (len(alone) - 1) // 2
    assert {total for _, total in told} == {every}
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (every, every)


@pytest.mark.parametrize("size", [1, 2, 17, 400])
def test_a_sketch_never_understates_a_cosine(size):
    chance = np.random.default_rng(3)
    rows = normalize(sparse.csr_matrix((chance.random((60, 300)) < 0.05) * chance.random((60, 300)), dtype=np.float32))
    held = Rows(rows, normalize(chance.normal(size=(60, 8))).astype(np.float32))
    sketches = sketch(held, groups_of(rows.T.tocsr(), size), size)
    assert sketches.shape == (60, size + 8)
    assert ((sketches @ sketches.T) - held.products(held)).min() > -1e-5
    assert np.allclose(np.linalg.norm(sketches, axis=1)[rows.getnnz(axis=1) > 0], np.sqrt(2), atol=1e-5)
