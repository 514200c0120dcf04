"""Groups of people that no list of classes holds."""

import pytest

from consulta.similarity.target_groups import different_target
from consulta.similarity.traits import traits_of
from consulta.similarity.unlisted_people import people_in


@pytest.mark.parametrize(
    "title, people",
    [
        ("Crédito blando a los toneleros", {"toneleros"}),
        ("Los relojeros necesitan crédito", {"relojeros"}),
        ("Hora de lectura para esgrimistas", {"esgrimistas"}),
        ("Declaración de patrimonio de los jefes de gabinete", {"gabinete"}),
        ("Flu jabs for poultry workers", {"poultry"}),
        ("Offer bell ringers a free jab", {"ringers"}),
        ("Let glassblowers rent the hall", {"glassblowers"}),
        ("Ascensores para los medidores y los paraderos", set()),
        ("Cuidar las fuentes y los puentes", set()),
        ("New computers for the rivers and shelters", set()),
        ("Agua para las personas y los vecinos", set()),
        ("", set()),
    ],
)
def test_trades_and_roles_are_known_by_where_they_stand_and_how_they_end(title, people):
    assert {each.word for each in people_in(traits_of(title, "").words).values()} == people


def effect(one, other, bodies=("", "")):
    pair = [traits_of(title, body) for title, body in zip((one, other), bodies, strict=True)]
    effects = [warning and warning.effect for warning in (different_target(*pair), different_target(*pair[::-1]))]
    assert effects[0] == effects[1]
    return effects[0]


def test_titles_that_are_one_beside_their_people_are_for_others():
    assert effect("Crédito blando a los toneleros", "Los relojeros necesitan crédito blando") == "lower"
    assert effect("Drug testing of pilots", "Test surgeons for drugs") == "lower"


def test_titles_that_want_other_things_are_not_parted_by_their_people():
    assert effect("Crédito blando a los toneleros", "Un baño nuevo para los relojeros") is None


def test_a_body_that_names_the_other_side_s_people_makes_one_group_of_them():
    titles = ("Crédito blando a los toneleros", "Los relojeros necesitan crédito blando")
    assert effect(*titles, ("", "Y los toneleros también.")) is None


def test_a_class_that_holds_any_trade_does_not_differ_from_one():
    assert effect("Seguro de vida para los trabajadores", "Seguro de vida para los techadores") is None
    assert effect("Seguro de vida para los bomberos", "Seguro de vida para los techadores") == "lower"


def test_names_of_one_trade_do_not_differ():
    assert effect("Fiscalizar a los prestamistas", "Fiscalizar a los usureros") is None
    assert effect("Créditos para ceramistas", "Los alfareros necesitan créditos") is None
