"""Guards: what must be told apart however alike the words are, and paraphrases that no guard may part."""

import pickle
import time

import pytest

from consulta.similarity.guard_data import vocabulary
from consulta.similarity.guards import guarded, warnings_between
from consulta.similarity.parting import Warning
from consulta.similarity.traits import traits_of
from tests.similarity.guard_pairs import DIFFERENT, SAME
from tests.similarity.places import chile

KINDS = ("stance", "place", "target", "quantity", "measure")


def kinds(one, other, bodies=("", "")):
    gazetteer = chile()
    pair = [traits_of(title, body, gazetteer) for title, body in zip((one, other), bodies, strict=True)]
    return {warning.kind for warning in warnings_between(*pair, gazetteer)}


@pytest.mark.parametrize(
    "kind, one, other", [(kind, *pair) for kind, pairs in DIFFERENT.items() for pair in pairs], ids=lambda part: part
)
def test_a_pair_that_differs_in_one_thing_is_warned_of_for_that_thing(kind, one, other):
    assert kind in kinds(one, other)
    assert kind in kinds(other, one)


@pytest.mark.parametrize("one, other", SAME, ids=lambda part: part)
def test_paraphrases_raise_nothing(one, other):
    assert kinds(one, other) == set()
    assert kinds(other, one) == set()


@pytest.mark.parametrize(
    "text", sorted({text for pairs in (*DIFFERENT.values(), SAME) for pair in pairs for text in pair})
)
def test_a_text_never_differs_from_itself_shouted_or_whispered(text):
    assert kinds(text, text) == set()
    assert kinds(text, text, ("", text)) == set()
    assert kinds(text.upper(), text.lower()) == set()


def test_a_place_a_group_or_a_number_on_one_side_only_is_no_difference():
    assert kinds("Ciclovías seguras", "Ciclovías seguras en Talca") == set()
    assert kinds("Talleres de lectura", "Talleres de lectura para niños") == set()
    assert kinds("Plantar árboles", "Plantar 500 árboles") == set()


def test_a_group_of_all_is_no_group():
    assert kinds("Deporte gratuito para todas las personas", "Deporte gratuito para jóvenes") == set()


def test_what_a_body_tells_in_passing_turns_nothing():
    tells = "Hoy no hay basureros y ya no se puede caminar sin pisar basura. No sabemos a quién reclamar."
    assert kinds("Basureros en la costanera", "Basureros en la costanera", (tells, "")) == set()


def test_what_a_body_asks_for_counts_where_the_title_takes_no_side():
    against = "Nos oponemos a la instalación de antenas de celular en la villa."
    assert "stance" in kinds("Instalar antenas de celular", "Antenas de celular en la villa", ("", against))


def test_numbers_in_passing_in_both_bodies_are_no_difference():
    bodies = ("Lo firmamos 40 personas en 2016, tras 3 reuniones.", "Somos 25 personas y nos reunimos 2 veces en 2024.")
    assert kinds("Un semáforo frente al liceo", "Un semáforo frente al liceo", bodies) == set()


def test_a_place_that_only_a_body_tells_lowers_unless_it_stands_there_in_passing():
    one, other = "Una plaza con sombra", "Una plaza con sombra"
    assert "place" in kinds(one, other, ("En Vallenar no queda un árbol.", "Les escribo desde Cabrero."))
    assert "place" in kinds(one, other, ("En Mirasol no queda un árbol.", "En Alerce no queda un árbol."))
    for body in ("Como en Vallenar.", "Vivo en Vallenar.", "En Vallenar ya existe.", "Como en Mirasol."):
        assert kinds(one, other, (body, "En Cabrero no queda un árbol.")) == set()


def test_a_local_name_in_the_other_body_is_no_difference_unless_in_passing():
    one, other = "Muelle para los buzos de Cocholgüe", "Muelle para los buzos de Tubul"
    assert "place" in kinds(one, other)
    assert kinds(one, other, ("", "También sirve a los de Cocholgüe.")) == set()
    assert "place" in kinds(one, other, ("", "Queremos uno como en Cocholgüe."))


def test_what_only_one_side_calls_by_a_name_is_no_difference():
    assert kinds("Restaurar la iglesia", "Restaurar la iglesia de Nirivilo") == set()
    assert kinds("Bus directo a Batuco", "Bus directo entre Santiago y Batuco") == set()


def test_groups_that_overlap_part_titles_that_are_one_but_for_them():
    assert "target" in kinds("Campamento de invierno para niños", "Campamento de invierno para adolescentes")
    assert kinds("Campamento de invierno con carpas para niños", "Acampar: adolescentes al campamento") == set()


def test_titles_in_other_words_are_lookalikes_where_a_body_holds_what_the_other_title_asks_for():
    one, other = "Work for ex-offenders", "Tax rebate for companies that hire disabled people"
    assert kinds(one, other) == set()
    assert kinds(one, other, ("Companies that take them on should get a tax rebate.", "")) == {"target"}


def test_overlapping_groups_and_groups_of_many_names_are_known_groups():
    tables = vocabulary().tables
    for lines, sign in ((tables["targets_near"]["groups"], "="), (tables["targets_near"]["overlap"], "~")):
        named = {name.strip() for line in lines.split("\n") for name in line.split(sign) if name.strip()}
        assert named <= set(tables["targets"])


def test_a_law_is_one_law_by_number_and_by_name():
    assert kinds("Modificar la Ley de Transparencia", "Modificar la ley n° 20.285") == set()
    assert kinds("Modificar la Ley del Lobby", "Modificar la ley n° 20.285") == {"quantity"}


def test_a_warning_names_the_words_of_each_side():
    one, other = (traits_of(title, "") for title in ("Talleres para niños", "Talleres para la tercera edad"))
    (warning,) = warnings_between(one, other)
    assert warning == Warning("target", ("niños",), ("tercera edad",), warning.effect)


def test_a_block_leaves_no_score_and_lowering_multiplies_by_the_factor_of_the_kind():
    low, block = Warning("measure", ("a",), ("b",), "lower"), Warning("place", ("a",), ("b",), "block")
    assert guarded(0.8, ()) == 0.8
    assert guarded(0.8, (low,)) == pytest.approx(0.8 * vocabulary().factors["measure"])
    assert guarded(0.8, (low, block)) == 0.0


def test_titles_without_a_word_in_common_are_hardly_parted_by_a_measure_and_not_by_a_group():
    one, other = "Construir una sede nueva", "Arreglar el techo del gimnasio"
    (warning,) = warnings_between(traits_of(one, ""), traits_of(other, ""))
    assert (warning.kind, warning.effect) == ("measure", "ease")
    assert guarded(0.8, (warning,)) == pytest.approx(0.8 * vocabulary().eased)
    assert vocabulary().factors["measure"] < vocabulary().eased < 1
    assert kinds("Cuidar a quien atiende a su madre", "Programa de respiro para cuidadoras") == set()


def test_who_does_a_thing_in_a_body_is_not_whom_it_is_for():
    bodies = ("Los jóvenes no saben qué hace un concejal.", "")
    assert "target" in kinds("Educación cívica en los colegios", "Educación cívica para migrantes", bodies)


def test_without_tells_in_a_title_what_is_refused_and_in_a_body_nothing():
    assert "stance" in kinds("Permitir mascotas en los buses", "Buses sin mascotas")
    body = "Pedimos un bus donde se pueda viajar sin mascotas sueltas."
    assert kinds("Permitir mascotas en los buses", "Mascotas en los buses", ("", body)) == set()


def test_every_kind_has_an_effect_and_a_factor():
    assert set(KINDS) <= set(vocabulary().effects) and set(KINDS) == set(vocabulary().factors)
    assert set(vocabulary().effects.values()) <= {"block", "lower", "ease"}
    assert all(0 < factor < 1 for factor in vocabulary().factors.values())


def test_classes_that_the_data_call_near_exist():
    for section, family in (("targets", "target"), ("actions", "action"), ("objects", "object")):
        assert set(vocabulary().near[family]) <= set(vocabulary().tables[section])


ODD = [
    "",
    None,
    "   \n\t ",
    "no",
    "plaza",
    "¿¡...!?",
    "🚲🌳🚲",
    "👩‍👩‍👧 familia",
    "$",
    "$ % ley n°",
    "ley",
    "no no no no",
    "12:34:56 99:99 :",
    "9" * 400,
    "نريد المزيد من الحدائق في مدينتنا ٢٠٢٤",
    "更多公园 三百",
    "nul\x00 medio par \ud83d suelto",
    "QUEREMOS MÁS ÁREAS VERDES",
    "²³ ½ Ⅳ ٣٫٥",
    "a\u0301" * 50,
]


@pytest.mark.parametrize("text", ODD, ids=ascii)
def test_odd_texts_are_read_and_compared(text):
    gazetteer = chile()
    odd = traits_of(text, text, gazetteer)
    plain = traits_of("No cerrar la plaza de Talca a los 30 niños", "Lo pedimos por ley 20.500", gazetteer)
    for pair in ((odd, odd), (odd, plain), (plain, odd)):
        warnings_between(*pair, gazetteer)
    assert warnings_between(odd, odd, gazetteer) == ()


LONG = [
    "a" * 50_000,
    "no " * 17_000,
    "no más " * 7_000,
    "1" * 50_000,
    "1." * 25_000,
    "1:" * 25_000,
    "treinta y " * 5_000,
    "mil " * 12_500,
    "calle " * 8_000,
    "Calle Los " * 5_000,
    "comuna de " * 5_000,
    "en San " * 7_000,
    "ley n° " * 7_000,
    "niños mujeres " * 3_600,
    "\u0301" * 50_000,
    "n't" * 16_000,
    "ﷺ" * 50_000,
    "derogar la ley que prohíbe " * 1_850,
]


@pytest.mark.parametrize("text", LONG, ids=lambda text: ascii(text[:12]))
def test_fifty_thousand_hostile_signs_take_less_than_a_tenth_of_a_second(text):
    gazetteer = chile()
    traits_of("plaza", "plaza", gazetteer)
    other = traits_of(text[::-1], text, gazetteer)
    started = time.process_time()
    traits = traits_of(text, "", gazetteer)
    read = time.process_time() - started
    warnings_between(traits, other, gazetteer)
    assert read < 0.1
    assert time.process_time() - started - read < 0.1


def test_traits_travel_between_processes():
    traits = traits_of("No cerrar la biblioteca de Talca", "Es para 200 niños.", chile())
    assert pickle.loads(pickle.dumps(traits)) == traits


def test_nothing_depends_on_who_stands_first():
    gazetteer = chile()
    for pairs in (*DIFFERENT.values(), SAME):
        for pair in pairs:
            one, other = (traits_of(title, "", gazetteer) for title in pair)
            there, back = warnings_between(one, other, gazetteer), warnings_between(other, one, gazetteer)
            assert {(w.kind, w.effect) for w in there} == {(w.kind, w.effect) for w in back}
