"""Bodies that agree tell the same reasons, or one text sent twice: then the titles say whether it is one proposal."""

from itertools import combinations

import pytest

from consulta.similarity.grouping import suggest_groups
from consulta.similarity.guard_data import vocabulary
from consulta.similarity.guards import guarded, warnings_between
from consulta.similarity.index import Index
from consulta.similarity.scoring import GROUP_FLOOR
from consulta.similarity.traits import traits_of

# What a neighbours' council, or a desk that types for others, writes under everything it hands in.
FORM = "Propuesta que sube la junta de vecinos Los Aromos en nombre de quienes no tienen internet en casa."
FORM_TITLES = (
    "Un paso de cebra frente al jardín infantil",
    "Talleres de cueca para la tercera edad",
    "Recuperar el canal que se llena de escombros",
    "Wifi en la sede",
)
OPENING = "La biblioteca cierra a las seis y quien trabaja nunca llega: pedimos que abra hasta las nueve de la noche."


def warned(one, other):
    """Return the effect of the guard of measures on two (title, body), both ways round, which must agree."""
    pair = [traits_of(*text) for text in (one, other)]
    found = [
        {(warning.effect, frozenset((warning.one, warning.other))) for warning in warnings_between(*some)}
        for some in (pair, pair[::-1])
    ]
    assert found[0] == found[1]
    return {effect for effect, _ in found[0]}


@pytest.mark.parametrize("one, other", list(combinations(FORM_TITLES, 2)))
def test_one_form_under_unlike_titles_makes_no_pair(one, other):
    first, second = traits_of(one, FORM), traits_of(other, FORM)
    warnings = warnings_between(first, second)
    assert [warning.kind for warning in warnings] == ["measure"]
    assert guarded(1.0, warnings) < GROUP_FLOOR
    # The words that part them are named as they were written.
    assert set(warnings[0].one) <= set(one.split()) and set(warnings[0].other) <= set(other.split())


def test_a_form_filled_in_many_times_is_no_group():
    index = Index()
    index.add_many((number, title, FORM) for number, title in enumerate(FORM_TITLES))
    index.add_many(
        (100 + number, f"Asunto {word}", f"Se pide {word} para el sector norte") for number, word in enumerate(_WORDS)
    )
    together = [set(group.ids) for group in suggest_groups(index)]
    assert not any(len(ids & set(range(len(FORM_TITLES)))) > 1 for ids in together)


_WORDS = ("bancas", "columpios", "farolas", "grifos", "jardines", "macetas", "parrillas", "pozos", "rampas", "toldos")


def test_the_same_reasons_for_two_things_make_no_pair():
    reasons = "De noche da miedo caminar por el pasaje y los vecinos mayores ya se han caído dos veces."
    again = "Da miedo caminar de noche por el pasaje, y los vecinos mayores ya se han caído."
    assert warned(("Cambiar a LED los focos", reasons), ("Podar los árboles", again)) == {"lower"}


def test_bodies_that_tell_what_both_titles_ask_for_are_one_demand_in_two_titles():
    one = ("Horario nocturno para la biblioteca", OPENING)
    other = ("Biblioteca abierta hasta las nueve", f"{OPENING} Somos varios.")
    assert warned(one, other) == set()


def test_an_edited_title_over_the_same_body_is_the_same_proposal():
    assert warned(("Un gobierno más responsable", FORM), ("Un govierno más responsable", FORM)) == set()
    assert warned(("Wifi en la sede", FORM), ("Wifi en la sede vecinal", FORM)) == set()


def test_a_word_exchanged_in_the_title_over_one_body_lowers_little():
    body = "La fiesta del choro reúne cada febrero a los buzos de la caleta, y hoy la pagan ellos solos."
    one, other = (
        "Financiar la fiesta del choro zapato de la caleta",
        "Financiar la fiesta del choro maltón de la caleta",
    )
    assert warned((one, body), (other, body)) == {"ease"}
    # Where only the titles are alike it may be two things.
    assert warned((one, ""), (other, "")) == {"lower"}


def test_short_reasons_do_not_part_titles_that_say_one_thing_in_other_words():
    assert warned(("Más luces en la plaza", "Por seguridad."), ("Iluminar la plaza", "Por seguridad.")) == set()


def test_without_bodies_there_are_no_reasons_to_compare():
    assert "lower" not in warned(("Wifi en la sede", ""), ("Talleres de cueca", ""))
    assert "lower" not in warned(("Wifi en la sede", FORM), ("Talleres de cueca", ""))
    assert warned(("", FORM), ("", FORM)) == set()


def test_the_shares_stand_in_the_data_in_an_order_that_makes_sense():
    rules = vocabulary().reasons
    assert 0 < rules["bodies"] < rules["one_body"] <= 1
    assert rules["titles_told"] <= rules["titles_over_one"] <= rules["titles"] < 1
