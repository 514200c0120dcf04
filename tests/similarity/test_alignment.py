"""Titles that are one sentence but for a thing or a deed, and those that only say it in other words."""

import pytest

from consulta.similarity.alignment import Alignment
from consulta.similarity.deeds import deeds
from consulta.similarity.guard_data import vocabulary
from consulta.similarity.guards import different_measure
from consulta.similarity.traits import traits_of


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


@pytest.mark.parametrize(
    "one, other",
    [
        # Another thing for the same people, at the same place.
        ("Grants for farmers who plant hedges", "Advice for farmers who plant hedges"),
        ("Un veterinario municipal para los perros del barrio", "Un registro municipal para los perros del barrio"),
        ("Alarmas en la sede de pescadores", "Cocina nueva en la sede de pescadores"),
        # A purpose in common is no measure.
        (
            "Operar los sábados para bajar la lista de espera de cadera",
            "Operar en clínicas privadas para bajar la lista de espera de cadera",
        ),
        # More of them, or something for them; a thing, or what stands on it.
        ("Más guardaparques en la reserva", "Mejor sueldo para los guardaparques de la reserva"),
        ("Solar panels on the roofs of our schools", "Green roofs on our schools"),
        # Who lacks it stands first, and nobody does.
        ("Más camas en psiquiatría", "La unidad de psiquiatría necesita más enfermeras"),
        ("Why is there no doctor in Penmarsh after five?", "Why is there no bus in Penmarsh after five?"),
        ("Can we have a defibrillator at the bowls club?", "Can we have a bar at the bowls club?"),
        # Listed things differ though the lexicon has them under one theme.
        ("Poner cámaras en la plaza para que no se robe", "Poner guardias en la plaza para que no se robe"),
    ],
)
def test_titles_that_ask_for_two_things_of_one_place_group_or_purpose_differ(one, other):
    assert measured(one, other).effect == "lower"


@pytest.mark.parametrize(
    "one, other",
    [
        ("Ciclovía entre el centro y la universidad", "Una pista segura para ir en bici a la universidad"),
        ("Horario extendido en el consultorio", "Más horas de atención en el consultorio"),
        ("More beds on the dementia ward", "The dementia ward is short of beds"),
        ("Contratar guardaparques en la reserva", "Más guardaparques en la reserva"),
        ("Instalación de bebederos en la plaza", "Bebederos en la plaza"),
        # Two lengths are another guard's.
        ("Medio kilómetro más de vereda", "500 metros más de vereda"),
        # What describes is no thing, behind an "and" either.
        ("Bicicleteros techados y vigilados en el metro", "Estacionamientos seguros para bicicletas en el metro"),
    ],
)
def test_titles_that_ask_for_one_thing_in_other_words_do_not_differ(one, other):
    assert measured(one, other) is None


def test_a_body_that_tells_of_the_other_thing_silences_the_heads():
    one, other = "Grants for farmers who plant hedges", "Advice for farmers who plant hedges"
    assert measured(one, other, ("Money and advice.", "")) is None


def test_what_stands_behind_a_verb_is_a_thing_however_it_ends():
    assert measured(
        "Reducir la jornada de los conserjes de edificios", "Casino con comida para los conserjes de edificios"
    )


def test_two_things_said_of_one_subject_differ():
    assert measured("Give foster carers a council tax discount", "Give foster carers a week of respite every summer")
    assert measured(
        "Que los contratos de la municipalidad se firmen en sesión abierta",
        "Que los contratos de la municipalidad tengan tope de monto",
    )
    assert measured("Que el concejo sesione de noche", "Que el concejo sesione después de las ocho de la noche") is None


@pytest.mark.parametrize(
    "one, other",
    [
        ("Name the landlords who break the rules", "Fine the landlords who break the rules"),
        ("Publish the contracts with private care homes", "Cancel the contracts with private care homes"),
        ("Mark the cycle route on Dock Road", "Light the cycle route on Dock Road"),
    ],
)
def test_titles_that_are_one_but_for_the_first_word_have_two_verbs(one, other):
    assert measured(one, other).effect == "lower"


def test_english_words_that_end_like_spanish_verbs_are_no_acts():
    for word in ("Solar", "Car"):
        assert traits_of(f"{word} panels for the hall", "").words[0] == word.casefold()
    assert traits_of("Rastrear celulares", "").words[0] == "~rastrear"


def test_free_and_cheaper_differ_where_their_words_describe():
    assert measured("Pasaje gratis en el tren para estudiantes", "Pasaje rebajado en el tren para estudiantes")


@pytest.mark.parametrize(
    "one, other",
    [
        # Who tells what is wrong leaves the deed open, and who refuses asks for another word's deed.
        ("Mend the sea wall", "The sea wall is crumbling"),
        ("Arreglar las veredas del centro", "Veredas rotas en el centro"),
        ("Limitar la altura de los edificios", "Que no se construyan edificios tan altos"),
        ("The Welsh language must not be lost", "Keep the Welsh language alive"),
        ("Pavimento nuevo para la calle Freire", "Calle Freire llena de hoyos"),
        ("The park lights do not work", "Repair the park lights"),
        ("Que los medicamentos no falten en el policlínico", "Stock permanente de medicamentos en el policlínico"),
        ("Abrir la sede vecinal por las tardes", "Que la sede vecinal no pase cerrada por las tardes"),
        # Who has no name for it describes it.
        ("Cash machine in the village", "Somewhere to draw cash in our village"),
        (
            "Puntos de reciclaje de pilas en los supermercados",
            "Dónde botar las pilas: recipientes en cada supermercado",
        ),
        # One word in two forms, and two prices that go down.
        ("Sello de origen para la papa chilota", "Denominación de origen para las papas de Chiloé"),
        ("Cheaper school uniforms", "Cap the price of school uniforms"),
        ("Cobrar entrada a turistas extranjeros en el parque", "Que los extranjeros paguen por entrar al parque"),
        # The deed is said further on, or in the other's words.
        ("Repair leaking water mains", "Water mains leaks to be fixed"),
        ("Regar las plazas con agua reciclada", "Usar aguas tratadas para el riego de las plazas"),
        ("Terminar el puente que quedó a medias", "Que se termine de construir el puente"),
        ("Reponer las luminarias quemadas del pasaje", "Arreglar los focos malos del pasaje"),
    ],
)
def test_a_problem_a_refusal_or_a_deed_in_passing_is_no_other_deed(one, other):
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
