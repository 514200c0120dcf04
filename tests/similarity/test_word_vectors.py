"""Word vectors: other words for the same request are nearer than its neighbours, and what is unknown says nothing."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from consulta.similarity import word_vectors
from consulta.similarity.labelled import read_labelled
from consulta.similarity.letters import BUCKETS, CONCEPTS, FEATURES, KINDS, NGRAMS, ROOTS, Letters, meanings
from consulta.similarity.lexicon import shipped
from consulta.similarity.word_vectors import WordVectors, save, shipped_vectors
from consulta.similarity.words import fingerprint
from tests.similarity.test_letters import ODD_TEXTS

ROOT = Path(__file__).parents[2]
LABELLED = sorted(path for path in (ROOT / "tests/data/similarity").rglob("*.tsv") if "negatives" not in path.name)


@pytest.fixture(scope="module")
def learning():
    """The script that makes the table, as a module."""
    spec = importlib.util.spec_from_file_location("learn_word_vectors", ROOT / "tools/word_vectors/learn.py")
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def vectors(*texts):
    return meanings(Letters().count(list(texts)))


@pytest.mark.parametrize(
    ("asked", "same", "neighbour"),
    [
        (
            "Más horas de oculista en el consultorio",
            "Mi abuela espera meses por el oftalmólogo",
            "Ampliar el estacionamiento del consultorio",
        ),
        (
            "Que el camión de la basura pase más seguido",
            "Aumentar la frecuencia de retiro de residuos",
            "Multar a quien bote basura en la calle",
        ),
        (
            "Publicar las actas del concejo municipal",
            "No hay cómo saber qué acordaron los concejales",
            "Bajar la dieta de los concejales",
        ),
        (
            "More frequent buses in the evening",
            "I wait an hour at the stop after nine at night",
            "Cheaper bus tickets for students",
        ),
    ],
)
def test_a_request_is_nearer_in_other_words_than_another_on_the_same_subject(asked, same, neighbour):
    rows = vectors(asked, same, neighbour)
    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.2


@pytest.mark.parametrize("text", ODD_TEXTS, ids=lambda text: repr(text)[:20])
def test_odd_texts_have_a_vector_no_longer_than_one_or_none(text):
    (row,) = vectors(text)
    assert np.isfinite(row).all()
    assert np.linalg.norm(row) <= 1 + 1e-5


def test_a_text_in_a_language_that_was_not_learnt_says_nothing():
    rows = vectors("نريد المزيد من الحدائق في مدينتنا", "Wir wünschen uns längere Öffnungszeiten der Stadtbücherei", "")
    assert not rows.any()


def test_a_text_some_words_of_which_are_unknown_says_less():
    known, half = vectors("arreglar la plaza", "arreglar plaza xyzzyx qwfpgj zxcvbn")
    assert np.linalg.norm(known) == pytest.approx(1, abs=1e-5)
    assert 0 < np.linalg.norm(half) < 0.5


def test_a_name_in_a_short_title_takes_little_of_what_it_says():
    (row,) = vectors("ciclovías en Quilaquitén")
    assert 0.7 < np.linalg.norm(row) < 1


def test_a_table_for_other_features_is_refused():
    with pytest.raises(
        ValueError, match=r"learnt for features-1, not for features-0: run tools/word_vectors/learn\.py"
    ):
        shipped_vectors("features-0", NGRAMS, ROOTS, CONCEPTS)


def test_a_concept_is_found_by_its_name_and_one_that_is_gone_is_left_out(tmp_path, monkeypatch):
    name = shipped().concepts[7]
    axes = np.array([[1, 0], [0, 1], [1, 1]], dtype=np.float32)
    save(tmp_path / "table.npz", FEATURES, [NGRAMS + 5], [name, "no such concept"], axes)
    monkeypatch.setattr(word_vectors, "SHIPPED", tmp_path / "table.npz")
    table = shipped_vectors.__wrapped__(FEATURES, NGRAMS, ROOTS, CONCEPTS)
    columns = [NGRAMS + 5, NGRAMS + ROOTS + 7, NGRAMS + ROOTS + 8]
    rows = sparse.csr_matrix((np.ones(3, np.float32), ([0, 0, 0], columns)), shape=(1, BUCKETS))
    assert np.allclose(table.of(rows), [[np.sqrt(0.5), np.sqrt(0.5)]], atol=0.01)


def test_what_is_saved_is_read_within_a_step(tmp_path, monkeypatch):
    axes = np.random.default_rng(1).normal(size=(40, 16)).astype(np.float32) * 3
    save(tmp_path / "table.npz", FEATURES, np.arange(NGRAMS, NGRAMS + 40), [], axes)
    monkeypatch.setattr(word_vectors, "SHIPPED", tmp_path / "table.npz")
    table = shipped_vectors.__wrapped__(FEATURES, NGRAMS, ROOTS, CONCEPTS)
    counts = sparse.csr_matrix((np.ones(40), (np.arange(40), np.arange(NGRAMS, NGRAMS + 40))), shape=(40, BUCKETS))
    unit = axes / np.linalg.norm(axes, axis=1, keepdims=True)
    assert np.abs(table.of(counts) - unit).max() < 0.02


def test_many_texts_have_the_vectors_they_have_alone(monkeypatch):
    texts = [f"propuesta {word} de la plaza" for word in "luz agua feria perro salud".split()]
    together = vectors(*texts)
    monkeypatch.setattr(word_vectors, "_CHUNK", 2)
    assert np.allclose(vectors(*texts), together, atol=1e-6)
    assert np.allclose(vectors(texts[3])[0], together[3], atol=1e-6)


def test_words_that_one_request_was_written_with_meet_and_its_neighbours_do_not(learning, monkeypatch):
    monkeypatch.setattr(learning, "BATCH", 40)
    said = {"a": ["brolio", "fadendo", "quirpo"], "b": ["mistral", "ondulo", "zarpeo"]}
    lines = [
        learning.Proposal(f"{block}", f"{block}:{measure}", f"{word}{chr(97 + block)}", "")
        for block in range(20)
        for measure, all_words in said.items()
        for word in all_words
    ]
    features, rows = learning.learn(lines, numbers=16, turns=30)
    again = learning.learn(lines, numbers=16, turns=30)
    assert (again[1] == rows).all(), "the same corpus and seed make the same table"
    table = WordVectors(features, rows, BUCKETS, KINDS[1])
    found = table.of(Letters().count(["brolioc", "quirpoc", "zarpeoc"]))
    assert found[0] @ found[1] > 0.5
    assert found[0] @ found[2] < 0.2


@pytest.mark.parametrize("line", ["1\ta\tUn título", "1\ta\t\tUn cuerpo", "\ta\tUn título\t", "1\ta\tUno\tDos\tTres"])
def test_a_line_of_a_corpus_that_lacks_a_column_is_named(learning, tmp_path, line):
    (tmp_path / "some.tsv").write_text(f"1\ta\tMás luz\t\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"some\.tsv, line 2"):
        learning.read_corpus(tmp_path)


def test_the_corpus_holds_every_request_more_than_once_and_no_labelled_text(learning):
    corpus = learning.read_corpus(learning.CORPUS)
    measures = [each.measure for each in corpus]
    assert len(corpus) > 30_000 and min(map(measures.count, set(measures[:500]))) > 1
    labelled = {fingerprint(text.title) for path in LABELLED for text in read_labelled(path)[0]}
    assert [each.title for each in corpus if fingerprint(each.title) in labelled] == []
