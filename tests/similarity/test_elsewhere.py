"""Places of different sorts that two titles name, and what else keeps them one."""

import pytest

from consulta.similarity.guards import different_place
from consulta.similarity.localities import is_everywhere, shortened
from consulta.similarity.traits import traits_of
from tests.similarity.places import chile


def effect(one, other, bodies=("", "")):
    gazetteer = chile()
    pair = [traits_of(title, body, gazetteer) for title, body in zip((one, other), bodies, strict=True)]
    effects = [
        warning and warning.effect
        for warning in (different_place(*pair, gazetteer), different_place(*pair[::-1], gazetteer))
    ]
    assert effects[0] == effects[1]
    return effects[0]


@pytest.mark.parametrize(
    "one, other",
    [
        ("Reparar el muelle de Cochamó", "Puelo tiene el muelle podrido, hay que repararlo"),
        ("Fix the sea wall at Dawlish", "Sea wall repairs, Teignmouth"),
        ("A nursery for Auchterarder", "Crieff parents want a nursery"),
    ],
)
def test_a_listed_place_and_one_in_no_list_differ_where_the_rest_is_one(one, other):
    assert effect(one, other)


def test_a_street_may_lie_in_the_other_side_s_town():
    assert effect("Semáforo en la calle Prat", "Semáforo en Pargua") is None


def test_what_a_body_names_too_is_no_other_place():
    titles = ("Reparar la posta de Chaihuín", "Reparar la posta en Corral")
    assert effect(*titles)
    assert effect(*titles, ("Queda en Corral y se llueve.", "")) is None


def test_titles_that_want_other_things_are_not_parted_by_their_places():
    assert effect("Reparar el muelle de Cochamó", "Ambulancia para Puelo") is None


def test_the_only_place_of_a_body_counts_where_its_title_names_none():
    titles = ("Ampliar la sede en Puerto Edén", "Ampliar la sede")
    assert effect(*titles, ("", "La de Puerto Natales se hizo para quince familias.")) == "lower"
    assert effect(*titles, ("", "No cabemos.")) is None


def test_names_of_people_and_firms_in_both_titles_do_not_part_them():
    assert effect("Multas a Enel por los cortes", "Que el Sernac multe a Enel") is None
    assert effect("Name our hall for Mary Seacole", "Rename the hall after Mary Seacole") is None


def test_the_beginning_of_a_name_may_stand_for_it():
    assert shortened(["San Pedro"], ["san pedro de la Paz"])
    assert not shortened(["San Pedro"], ["San Pablo"])


def test_every_town_has_a_plaza_de_armas():
    traits = traits_of("Bancas en la plaza de armas", "")
    assert [is_everywhere(name) for name in traits.names] == [True]
