"""Places in texts: names, aliases, people; and names that are something else."""

import pickle

import pytest

from consulta.similarity.gazetteer import Gazetteer
from consulta.similarity.guard_data import vocabulary
from tests.similarity.places import chile

SMALL = Gazetteer(
    [
        ("XX", ["Landia"], []),
        ("XX-1", ["Norte"], ["XX"]),
        ("XX-11", ["Villa Norte"], ["XX-1"]),
        ("XX-2", ["Sur Chico"], ["XX"]),
    ]
)


def test_the_longest_name_wins():
    assert SMALL.find("Plaza para Villa Norte") == {"XX-11"}
    assert chile().find("agua en San Pedro de la Paz") == {"CL-08108"}
    assert chile().find("agua en San Pedro de Atacama") == {"CL-02203"}


def test_a_place_that_holds_the_other_does_not_differ():
    assert not SMALL.differ({"XX-11"}, {"XX-1"})
    assert not SMALL.differ({"XX"}, {"XX-11"})
    assert SMALL.differ({"XX-11"}, {"XX-2"})


def test_a_place_named_to_say_where_the_other_lies_holds_nothing():
    assert SMALL.differ({"XX-11", "XX"}, {"XX-2", "XX"})


def test_two_places_each_are_the_ends_of_a_way():
    one = chile().find("ruta entre Calama y Tocopilla")
    assert chile().differ(one, chile().find("ruta entre Calama y San Pedro de Atacama"))
    assert not chile().differ(one, chile().find("camino de Tocopilla a Calama"))
    assert not chile().differ(one, chile().find("ruta de Calama"))


def test_a_side_without_a_place_does_not_differ():
    assert not SMALL.differ(set(), {"XX-2"})
    assert not SMALL.differ({"XX-2"}, frozenset())


def test_unknown_keys_are_places_of_their_own():
    assert SMALL.differ({"??"}, {"XX-2"})


@pytest.mark.parametrize(
    "text, keys",
    [
        ("Más ciclovías en Ñuñoa", {"CL-13120"}),
        ("mas ciclovias en nunoa", {"CL-13120"}),
        ("MÁS CICLOVÍAS EN ÑUÑOA", {"CL-13120"}),
        ("Áreas verdes en Conce", {"CL-08101"}),
        ("Vecinas penquistas", {"CL-08101"}),
        ("El borde costero magallánico", {"CL-12"}),
        ("Región de Coquimbo", {"CL-04"}),
        ("Comuna de Coquimbo", {"CL-04102"}),
        ("Buses en Santiago", {"CL-13"}),
        ("Buses en la comuna de Santiago", {"CL-13101"}),
        ("Para la isla de Chiloé", {"CL-102"}),
        ("Hospital para Llay-Llay", {"CL-05703"}),
        ("En Coronel falta agua", {"CL-08102"}),
        ("La municipalidad de la reina", {"CL-13113"}),
        ("Un parque para la comuna de Independencia", {"CL-13108"}),
        ("Feria en Concepción y en Talca", {"CL-08101", "CL-07101"}),
        ("Rapa Nui sin plástico", {"CL-05201"}),
        ("Trenes para la Región de O'Higgins", {"CL-06"}),
        ("Agua para la Región de Magallanes", {"CL-12"}),
        ("Comisaría para Padre Las Casas", {"CL-09112"}),
        ("comisaria para padre las casas", {"CL-09112"}),
        ("Tsunami sirens for Constitución", {"CL-07102"}),
        ("Coronel needs an air monitor", {"CL-08102"}),
        ("Victoria necesita un parque", {"CL-09211"}),
        ("Más buses a Camarones", {"CL-15102"}),
    ],
)
def test_places_are_found_by_name_alias_and_people(text, keys):
    assert chile().find(text) == keys


@pytest.mark.parametrize(
    "text",
    [
        "El coronel debe rendir cuentas",
        "Feria de navidad en primavera",
        "Luces para Navidad",
        "agua limpia para los lagos",
        "La victoria necesita aliados",
        "La reina de la fiesta",
        "Recursos para la granja educativa",
        "Independencia de los jueces",
        "La victoria de todos",
        "Una constitución nueva",
        "Calle Concepción sin autos",
        "Avenida Providencia con ciclovía",
        "Según Pablo Castro esto es posible",
        "Ley Ricarte Soto",
        "Parque O'Higgins abierto",
        "edad de retiro y porvenir",
        "mejorar la providencia de los recursos",
        "",
        "🚲",
        "en",
        "comuna de",
    ],
)
def test_ordinary_words_surnames_and_streets_are_no_places(text):
    assert chile().find(text) == frozenset()


def test_every_alias_and_demonym_belongs_to_a_territory_that_ships():
    places = vocabulary().tables["places"]
    gazetteer = chile()
    for key in (*places["aliases"], *places["people"], *places["prefer"].values()):
        assert key in gazetteer.keys, key


def test_a_gazetteer_travels_between_processes():
    assert pickle.loads(pickle.dumps(SMALL)).find("Villa Norte") == {"XX-11"}


def test_a_circle_of_parents_ends():
    circle = Gazetteer([("a", ["Anda"], ["b"]), ("b", ["Banda"], ["a"])])
    assert circle.find("Anda") == {"a"}
    assert not circle.differ({"a"}, {"b"})
