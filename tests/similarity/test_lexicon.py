"""The lexicon: other words for the same thing meet, and words that only look alike do not."""

import threading

import pytest

from consulta.similarity.letters import Letters
from consulta.similarity.lexicon import INSIDE, Lexicon, root, shipped
from consulta.similarity.words import fold, words

SMALL = {
    "generic": {"words": "propuesta país", "themes": "acts"},
    "transport": {"bus": "micro, transporte público", "bicycle": "bici, bicicleta"},
    "places": {"bank": "banco", "bench": "banca, banca de plaza", "minutes": "=acta"},
    "acts": {"open": "abrir"},
    "media": {"live": "en vivo"},
}


def found(text, lexicon=None):
    return (lexicon or shipped()).found(words(fold(text)))


def test_the_longest_phrase_wins_and_words_of_grammar_inside_it_may_differ():
    lexicon = Lexicon([SMALL])
    assert found("el transporte público y la micro", lexicon) == ["bus", "bus"]
    assert found("banca en la plaza, banca", lexicon) == ["bench", "bench"]
    assert found("transporte", lexicon) == []


def test_a_word_inside_a_phrase_names_its_own_concept_by_half():
    lexicon = Lexicon([{**SMALL, "more": {"night_buses": "micro de noche"}}])
    assert lexicon.shares(words("la micro de noche")) == [("bus", INSIDE), ("night_buses", 1)]


def test_endings_do_not_matter_unless_they_tell_two_concepts_apart():
    lexicon = Lexicon([SMALL])
    assert found("bicicletas", lexicon) == ["bicycle"]
    assert found("bancos y bancas", lexicon) == ["bank", "bench"]
    assert root("banca") == root("banco")


def test_a_word_that_counts_in_one_form_only_and_a_phrase_that_needs_its_small_word():
    lexicon = Lexicon([SMALL])
    assert found("acta actos", lexicon) == ["minutes"]
    assert found("en vivo", lexicon) == ["live"]
    assert found("vivo en Lota", lexicon) == []


def test_a_slip_of_one_letter_in_a_long_word_is_forgiven():
    lexicon = Lexicon([SMALL])
    assert found("bicileta bicicletta bicciclets", lexicon) == ["bicycle", "bicycle"]
    assert found("bice", lexicon) == []


def test_a_phrase_without_a_word_is_refused():
    with pytest.raises(ValueError, match="holds no word"):
        Lexicon([{"generic": {"words": "", "themes": ""}, "theme": {"thing": "palabra, , otra"}}])


def test_what_any_proposal_may_hold_is_told_apart():
    lexicon = Lexicon([SMALL])
    assert lexicon.generic == {"propuesta", "pais"}
    assert lexicon.common == {"open"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nuevas micros", "Mejor locomoción colectiva"),
        ("Un CESFAM para el sector alto", "Atención primaria en el sector alto"),
        ("Focos para las calles", "Mejorar el alumbrado público"),
        ("Datos en formato abierto", "Open data"),
        ("Talleres para adultos mayores", "Workshops for older people"),
        ("Bike lanes downtown", "Ciclovías en el centro"),
        ("Recolección de basura", "Rubbish collection"),
        ("Jardín infantil", "Sala cuna"),
        ("Agua potable rural", "Camiones aljibe"),
    ],
)
def test_other_words_for_the_same_thing_share_a_concept(one, other):
    assert set(found(one)) & set(found(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jardín infantil", "Jardines y plazas"),
        ("Banco de alimentos", "Bancas con respaldo"),
        ("Publicar los gastos", "Espacios públicos"),
        ("Once de la noche", "Once a week"),
    ],
)
def test_words_that_only_look_alike_share_none(one, other):
    assert not set(found(one)) & set(found(other))


def test_the_shipped_lexicon_is_broad_and_both_languages_meet_in_it():
    assert len(shipped().concepts) > 500
    assert not shipped().common - set(shipped().concepts)


def test_odd_texts_name_nothing_and_break_nothing():
    for text in ("", "¿¡...!?", "🚲🌳", "نريد المزيد من الحدائق", "é" * 4_000, "1 2 3", "a " * 2_000):
        found(text)
    assert found("🚲 نريد 更多") == []


def test_threads_may_count_at_once():
    texts = [f"palabra{number} ciclovías numerosas {number}" for number in range(300)]
    expected, results = Letters().count(texts), []
    shipped.cache_clear()
    root.cache_clear()
    threads = [threading.Thread(target=lambda: results.append(Letters().count(texts))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    assert all((counts != expected).nnz == 0 for counts in results)
