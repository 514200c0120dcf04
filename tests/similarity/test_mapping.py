"""A map of texts: the same texts give the same map, what is alike stands together, and one more moves little."""

import itertools

import numpy as np
import pytest

from consulta.similarity import mapping
from consulta.similarity.index import Index
from consulta.similarity.mapping import places

SUBJECTS = {
    "bicicletas": (
        "ciclovías seguras",
        "estacionamientos de bicicletas",
        "pistas para ciclistas",
        "bicicletas públicas",
    ),
    "salud": ("listas de espera del hospital", "horas médicas en el consultorio", "urgencias del hospital", "remedios"),
    "actas": (
        "publicar las actas del concejo",
        "sesiones del concejo en línea",
        "votaciones del concejo",
        "concejales",
    ),
}


def rows_of(texts):
    """Return (ids, unit rows) of titles, numbered from 1."""
    index = Index()
    index.add_many([(number, text, "") for number, text in enumerate(texts, start=1)])
    frozen = index.frozen()
    return frozen.ids, frozen.fitted[1].rows.spelled


def city(number):
    """Return `number` texts of three subjects in turn, no two alike."""
    subjects = list(SUBJECTS.items())
    turns = [(*subjects[each % 3], each // 3) for each in range(number)]
    return [f"{parts[turn % 4]} de {subject} en el barrio {turn}" for subject, parts, turn in turns]


def gap(one, other):
    """Return how far apart two places are."""
    return float(np.hypot(*np.subtract(one, other)))


@pytest.mark.parametrize("number", [0, 1, 2, 3, 7, 8, 9, 40])
def test_any_number_of_texts_has_its_places(number):
    found = places(*rows_of(city(number) if number else []))
    assert len(found) == number
    assert all(0 <= value <= 1 for place in found.values() for value in place)
    assert len(set(found.values())) == number, "one hides another"


@pytest.mark.parametrize("texts", [["Ciclovías en el centro"] * 30, [""] * 12, ["🚲", "", "a", "Ciclovías"] * 5])
def test_texts_that_are_the_same_or_say_nothing_have_places_of_their_own(texts):
    found = places(*rows_of(texts))
    assert len(set(found.values())) == len(texts)


def test_the_same_texts_give_the_same_map_in_any_order():
    ids, rows = rows_of(city(60))
    turned = np.random.default_rng(1).permutation(len(ids))
    first = places(ids, rows)
    assert first == places(ids, rows)
    assert first == places([ids[place] for place in turned], rows[turned])


def test_what_is_alike_stands_nearer_than_what_is_not():
    ids, rows = rows_of(city(90))
    found = places(ids, rows)
    own = [gap(found[a], found[b]) for a, b in itertools.combinations(ids, 2) if a % 3 == b % 3]
    others = [gap(found[a], found[b]) for a, b in itertools.combinations(ids, 2) if a % 3 != b % 3]
    assert np.mean(own) < 0.6 * np.mean(others)


def test_one_more_text_moves_nothing_and_stands_beside_what_it_resembles():
    texts = city(60)
    before = places(*rows_of(texts))
    ids, rows = rows_of([*texts, texts[10]])
    after = places(ids, rows, None, before, anew=False)
    assert {id: after[id] for id in before} == before
    assert gap(after[61], after[11]) < 0.05


def test_drawn_again_from_the_map_before_it_stays_where_it_was():
    moved, drawn_anew = [], []
    # How far one map has come to rest is a matter of chance: three of them, and what most texts did.
    for texts in (city(100), city(120), city(140)):
        before = places(*rows_of(texts))
        more = rows_of([*texts, "Ciclovías seguras en el barrio 7"])
        after, fresh = places(*more, None, before), places(*more)
        moved += [gap(before[id], after[id]) for id in before]
        drawn_anew += [gap(before[id], fresh[id]) for id in before]
    assert np.median(moved) < 0.05 < np.median(drawn_anew)


def test_a_group_stands_together_however_unlike_its_texts_are():
    ids, rows = rows_of(city(60))
    group = [4, 21, 50]
    found = places(ids, rows, together=[group])
    assert max(gap(found[a], found[b]) for a, b in itertools.combinations(group, 2)) < 0.05
    later = places(*rows_of([*city(60), "Nada que ver"]), None, found, together=[[21, 61]], anew=False)
    assert gap(later[61], later[21]) < 0.05 and later[21] == found[21]


def test_what_is_gone_is_gone_and_a_broken_place_from_before_does_no_harm():
    ids, rows = rows_of(city(30))
    found = places(ids, rows, None, {1: (float("nan"), 0.5), 999: (0.5, 0.5), 2: (0.1, 0.1)}, anew=False)
    assert set(found) == set(ids) and found[2] == (0.1, 0.1)
    assert all(np.isfinite(place).all() for place in found.values())


def test_meaning_counts_where_it_is_known(monkeypatch):
    ids, rows = rows_of([f"{word} {number}" for number in range(20) for word in ("uno", "dos")])
    side = np.array([number % 4 // 2 for number in range(len(ids))])
    noise = np.random.default_rng(1).normal(size=(len(ids), 8)) * 0.05
    matrix = (np.eye(2)[side] @ np.eye(2, 8) + noise).astype(np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    usable = np.ones(len(ids), dtype=bool)
    usable[0], matrix[0] = False, np.nan
    found = places(ids, rows, (matrix, usable))
    same = [gap(found[a], found[b]) for a, b in itertools.combinations(ids[1:], 2) if side[a - 1] == side[b - 1]]
    other = [gap(found[a], found[b]) for a, b in itertools.combinations(ids[1:], 2) if side[a - 1] != side[b - 1]]
    assert np.mean(same) < np.mean(other)
    assert np.isfinite(list(found.values())).all()


def test_many_texts_are_put_beside_a_sample(monkeypatch):
    monkeypatch.setattr(mapping, "DRAWN", 100)
    ids, rows = rows_of(city(900))
    found = places(ids, rows)
    assert len(set(found.values())) == 900
    own = [gap(found[a], found[a + 3]) for a in ids[:-3]]
    other = [gap(found[a], found[a + 1]) for a in ids[:-1]]
    assert np.mean(own) < np.mean(other)
