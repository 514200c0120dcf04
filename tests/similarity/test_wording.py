"""Titles that are one sentence but for a thing or a deed, and those that only say it in other words."""

import pytest

from consulta.similarity.deeds import deeds
from consulta.similarity.guard_data import vocabulary
from consulta.similarity.guards import different_measure
from consulta.similarity.traits import traits_of
from consulta.similarity.wording import Alignment


def measured(one, other, bodies=("", "")):
    pair = [traits_of(title, body) for title, body in zip((one, other), bodies, strict=True)]
    there, back = different_measure(*pair), different_measure(*reversed(pair))
    assert (there and there.effect) == (back and back.effect)
    return there


@pytest.mark.parametrize(
    "one, other",
    [
        # Made, mended, seen to.
        ("Instalar juegos infantiles en la plaza", "Mantención de los juegos infantiles de la plaza"),
        ("Install drinking fountains in the park", "Clean and repair the drinking fountains in the park"),
        ("Proteger los nidos de golondrinas del muelle", "Contar los nidos de golondrinas del muelle"),
        ("Build a footbridge at Elm Lane", "Repaint the footbridge at Elm Lane"),
        # Told, asked.
        ("Informar a los vecinos antes de dar permisos", "Que los vecinos voten antes de dar permisos"),
        (
            "The council should tell us which trees will be felled",
            "The council should ask us which trees will be felled",
        ),
        # For nothing, for less.
        ("Free bus travel for apprentices", "Half-fare bus travel for apprentices"),
        # Who is made to do another thing.
        ("Make landlords publish energy ratings", "Make landlords improve energy ratings"),
        # An act that no list holds.
        ("Exponer el archivo de la mina", "Enterrar el archivo de la mina"),
        # A deed beside a thing.
        ("Ampliar la sala de espera del consultorio", "Calefacción para la sala de espera del consultorio"),
        # What both name is no synonym.
        ("Water meters for every flat", "Water filters for every flat"),
    ],
)
def test_look_alikes_that_want_another_thing_or_deed_differ(one, other):
    assert measured(one, other).effect == "lower"


@pytest.mark.parametrize(
    "one, other",
    [
        # The lexicon knows the phrase, with what describes left out.
        (
            "Bicicleteros en las estaciones de metro",
            "Estacionamientos seguros para bicicletas en las estaciones de metro",
        ),
        # What describes makes no other thing.
        ("Baños públicos en las plazas principales", "Baños públicos limpios en las plazas más concurridas"),
        ("Public toilets in the main parks", "Clean public toilets for the busiest parks"),
        # Words of time are no things.
        ("Actas del concejo en la web dentro de cinco días", "Publicar las actas del concejo antes de 5 días"),
        # The same deed by verb, by noun, or unsaid.
        ("Inspect private landlords' flats", "Checks on flats let by private landlords"),
        ("Put minutes of council meetings on the web", "Publish minutes of council meetings"),
        ("Luminarias en los pasajes", "Instalar luminarias en los pasajes"),
        # What refuses is another guard's.
        ("No subir la tarifa del agua", "Mantener la tarifa del agua"),
    ],
)
def test_look_alikes_that_say_it_in_other_words_do_not_differ(one, other):
    assert measured(one, other) is None


def test_a_deed_that_both_bodies_speak_of_is_no_difference():
    bodies = "Hay que reparar y pintar los fierros.", "Pintarlos y reparar los fierros."
    assert measured("Reparar los juegos de la plaza", "Pintar los juegos de la plaza") is not None
    assert measured("Reparar los juegos de la plaza", "Pintar los juegos de la plaza", bodies) is None


def test_deeds_that_the_data_call_near_never_unsaid_or_mild_exist():
    known, rules = set(vocabulary().tables["wording"]["deeds"]), vocabulary().wording
    assert set(rules["deeds_near"].split()) | set(rules["never_unsaid"]) | set(rules["mild"]) <= known


def test_a_title_without_words_wants_no_deed():
    assert deeds().of(()) == (None, None)


def test_of_a_title_however_long_the_first_words_alone_are_aligned():
    one, other = (traits_of(" ".join(f"{word}{at}" for at in range(400)), "") for word in ("plaza", "parque"))
    pair = Alignment(one, other)
    assert len(one.words) == len(other.words) > 40
    assert len(pair.mine.roots) == len(pair.theirs.roots) == 40
    assert different_measure(one, other) is None


def test_a_warning_spells_words_as_the_title_does():
    one, other = traits_of("Fábrica de hielo en la caleta", ""), traits_of("Fábrica de JABÓN en la caleta", "")
    assert different_measure(one, other)[1:3] == (("hielo",), ("JABÓN",))
