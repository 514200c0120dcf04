"""Letters and words: what makes two spellings one text, and what must not."""

import numpy as np
import pytest

from consulta.similarity.letters import Letters
from consulta.similarity.words import LONGEST, essence, fingerprint, fold, stem

ODD_TEXTS = [
    "",
    "   \n\t ",
    "plaza",
    "a",
    "¿¡...!?",
    "🚲🌳🚲",
    "👩‍👩‍👧 familia",
    "QUEREMOS MÁS ÁREAS VERDES EN NUESTRA COMUNA",
    "نريد المزيد من الحدائق في مدينتنا",
    "Más parques, more parks, 更多公园, الحدائق",
    "é" * 50_000,
    "ciclovía en la costanera " * 2_000,
    "nul\x00 en medio y medio par \ud83d suelto",
    None,
]


def cosine(letters, one, other):
    """The cosine proper, without what the background takes from short texts."""
    rows = letters.encode([one, other])
    products = rows.products(rows)
    return float(products[0, 1] / np.sqrt(products[0, 0] * products[1, 1]))


def test_accents_case_and_composition_do_not_matter():
    assert fold("Ñuñoa CICLOVÍA") == fold("nun\u0303oa ciclovi\u0301a") == "nunoa ciclovia"
    assert cosine(Letters(), "Más ciclovías en Ñuñoa", "mas ciclovias en nunoa") == pytest.approx(1)


def test_a_typing_error_keeps_most_of_the_likeness_and_another_subject_has_none():
    letters = Letters()
    assert cosine(letters, "Ciclovías en la costanera", "Ciclvías en la costanera") > 0.7
    assert cosine(letters, "Calle Huérfanos sin autos", "Calle Huerfános sin autoss") > 0.7
    assert cosine(letters, "Ciclovías en la costanera", "Luminarias nuevas") < 0.1


@pytest.mark.parametrize("text", ODD_TEXTS, ids=lambda text: repr(text)[:20])
def test_odd_texts_are_encoded_as_a_short_row_or_as_nothing(text):
    row = Letters().encode([text])
    assert len(row) == 1
    assert np.isfinite(row.spelled.data).all() and np.isfinite(row.meant).all()
    assert 0 < row.products(row)[0, 0] < 1 if essence(text) else row.spelled.nnz == 0 and not row.meant.any()


def test_a_text_of_fifty_kilobytes_costs_no_more_than_its_beginning():
    assert len(essence("plaza " * 10_000)) <= LONGEST


def test_common_words_weigh_less_once_the_encoder_has_seen_the_texts():
    texts = [f"Petorca {word}" for word in ("ciclovía", "biblioteca", "consultorio", "feria", "carnaval", "piscina")]
    assert cosine(Letters().fit(texts), texts[0], texts[1]) < cosine(Letters(), texts[0], texts[1])


def test_two_encoders_fitted_on_the_same_texts_agree_to_the_bit():
    texts = ["Más ciclovías", "Agua para Petorca", "Biblioteca abierta de noche"]
    first, second = (Letters().fit(texts).encode(texts) for _ in range(2))
    assert (first.spelled != second.spelled).nnz == 0 and (first.meant == second.meant).all()


def test_no_texts_give_no_rows():
    assert len(Letters().encode([])) == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Más áreas verdes.", "MÁS ÁREAS   VERDES!!!"),
        ("El agua es de todos", "Agua es de todos"),
        ("Ciclovía en la Alameda", "Ciclovia en Alameda 🚲"),
        ("Por favooooor, más micros", "Por favooor, más micros"),
    ],
)
def test_reposts_have_one_fingerprint(one, other):
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Reforma a la Ley 20.500", "Reforma a la Ley 20.501"),  # a number is the subject
        ("Aborto legal", "Aborto ilegal"),  # two letters, the opposite
        ("No a la represa", "A la represa"),
        ("Parque con perros", "Parque sin perros"),
        ("Plaza en Macul", "Plaza en Maipú"),
        ("Línea 3", "Línea 33"),
        ("Línea 111", "Línea 1"),
    ],
)
def test_what_can_change_a_demand_changes_the_fingerprint(one, other):
    assert fingerprint(one) != fingerprint(other)


def test_the_end_of_a_long_text_counts_in_its_fingerprint():
    assert fingerprint("agua " * 2_000 + "sí") != fingerprint("agua " * 2_000 + "no")


@pytest.mark.parametrize(("one", "other"), [("ciclovías", "ciclovía"), ("Luces", "luce"), ("hospitales", "HOSPITAL")])
def test_plurals_share_a_stem(one, other):
    assert stem(one) == stem(other)
