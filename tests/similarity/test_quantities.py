"""Quantities: what is read from a title, in the kind's own measure."""

import pytest

from consulta.similarity.amounts import differing
from consulta.similarity.guard_data import vocabulary
from consulta.similarity.guards import different_quantity
from consulta.similarity.traits import traits_of

WEEK = {("weekday", float(day)) for day in range(1, 6)}

READ = [
    ("Talleres para niños de 6 a 10 años", {("age from", 6), ("age to", 11)}),
    ("Talleres para niños entre 12 y 16", {("age from", 12), ("age to", 17)}),
    ("Piscina para niños hasta 13 años", {("age to", 14)}),
    ("Piscina para menores de 14", {("age to", 14)}),
    ("Exámenes para mayores de 65", {("age from", 65)}),
    ("Micro gratis para adultos sobre 80", {("age from", 80), ("off", 100)}),
    ("Swimming for children aged 6 to 10", {("age from", 6), ("age to", 11)}),
    ("Free bus for over 65s", {("age from", 65), ("off", 100)}),
    ("Penas de 5 a 10 años por portonazo", {("days", 1826.25), ("days", 3652.5)}),
    ("Contratar a 3 profesores para 12 alumnos", {("count profes", 3), ("count alumn", 12)}),
    ("Responder en 30 días", {("days", 30)}),
    ("Guardería de 8 a 17 horas", {("opening", 8), ("clock", 17)}),
    ("Obras en la calle después de las 9", {("clock", 9), ("clock", 21)}),
    ("Bajar la velocidad a 20", {("bare", 20)}),
    ("Consultorio de lunes a viernes", WEEK),
    ("Biblioteca abierta el fin de semana", {("weekday", 6), ("weekday", 7)}),
    ("Library open on Sundays", {("weekday", 7)}),
    ("Cuenta pública dos veces al año", {("often", 2)}),
    ("Cuenta pública cada semestre", {("often", 2)}),
    ("Limpiar cada seis meses", {("often", 2)}),
    ("Destinar el cinco por ciento a cultura", {("percent", 5)}),
    ("La décima parte del presupuesto", {("percent", 10)}),
    ("Halve the salary of the mayor", {("percent", 50)}),
    ("Postnatal de medio año", {("days", 182.625)}),
    ("Feria hasta las seis", {("clock", 6), ("clock", 18)}),
    ("Cerrar a la una de la mañana", {("clock", 1)}),
    ("Cerrar a las once de la noche", {("clock", 23)}),
    ("Cerrar a las nueve y media de la noche", {("clock", 21.5)}),
    ("No fireworks after 12 at night", {("clock", 24)}),
    ("Pubs open until half past one", {("clock", 1.5), ("clock", 13.5)}),
    ("Adelantar a metro y medio del ciclista", {("length", 1.5)}),
    ("Three metres and a half for bikes", {("length", 3.5)}),
    ("Media hora de recreo", {("hours", 0.5)}),
    ("Dieta de 2 millones y medio", {("money", 2_500_000)}),
    ("Un plan para el medio ambiente", set()),
    ("Multa de media UTM", {("utm", 0.5)}),
    ("Multa de cinco lucas", {("money", 5000)}),
    ("Fine of ten quid", {("money", 10)}),
    ("Becas para once familias", {("count famil", 11)}),
    ("A rally once more", set()),
    ("Pasajes desde los 65", {("age from", 65)}),
    ("Redes sociales no antes de los 14", {("age to", 14)}),
    ("Prohibir celulares antes de octavo", {("grade", 8)}),
    ("Beca hasta 8° básico", {("grade", 8)}),
    ("Beca desde primero medio", {("grade", 9)}),
    ("Beca desde IV medio", {("grade", 12)}),
    ("School meals up to year six", {("grade", 6)}),
    ("Triplicar los guardias", {("multiple", 3)}),
    ("Un cupo de cada cinco para el barrio", {("percent", 20)}),
    ("A tenth of the budget", {("percent", 10)}),
    ("Jornada de 40 horas", {("hours a week", 40)}),
    ("Four-day week for the council", {("often", 208.7)}),
    ("Cuatro cuentas públicas al año", {("often", 4), ("count cuent", 4)}),
    ("Answer within a week", {("days", 7)}),
    ("Twelve trees a year", {("often", 12), ("count tr", 12)}),
    ("Two hundred trees a year", {("count tr", 200)}),
    ("Un bus cada hora", {("often", 8766)}),
    ("A bench every mile", {("length", 1609.344)}),
    ("Referendums on spending over 5 million", {("money", 5_000_000)}),
    ("Una sola reelección", {("reelection", 1)}),
    ("Cursos solo mujeres", set()),
    ("Turnos de 7x7", {("by", 7007)}),
    ("Rent capped at one third", {("percent", 33.3333)}),
    ("Sueldo de un millón de pesos", {("money", 1_000_000)}),
    ("Farmacia las 24 horas", {("hours", 24), ("clock", 48)}),
    ("Farmacia hasta las 24 horas", {("clock", 24)}),
    ("New fathers deserve three months off", {("days", 91.3125)}),
    ("Vacuna para bebés menores de 6 meses", {("age to", 0.5)}),
    ("La mitad de los cargos, paridad 50/50", {("percent", 50)}),
    ("Mejoras de la plaza (2)", set()),
    ("Mejoras de la plaza, parte 2", set()),
]


@pytest.mark.parametrize("title, wanted", READ, ids=lambda part: part if isinstance(part, str) else "")
def test_a_title_is_read(title, wanted):
    found = {(quantity.kind, quantity.value) for quantity in traits_of(title, "").quantities}
    assert {kind for kind, _ in found} == {kind for kind, _ in wanted}
    assert sorted(value for _, value in found) == pytest.approx(sorted(value for _, value in wanted), rel=0.01)


@pytest.mark.parametrize(
    "one, other, differ",
    [
        ("Piscina para menores de 12", "Piscina para mayores de 18", True),
        ("Piscina para menores de 14", "Piscina para niños hasta los 14", False),
        ("Piscina para mayores de 12", "Piscina para menores de 60", False),
        ("Responder en 30 días", "Responder en un mes", False),
        ("Responder en 30 días", "Responder en tres meses", True),
        ("Basura día por medio", "Basura tres veces por semana", False),
        ("Basura todos los días", "Basura tres veces por semana", True),
        ("Abrir los sábados y domingos", "Abrir los domingos", False),
        ("Weekend market on Saturdays", "Weekend market on Sundays", True),
        ("Basura un día a la semana", "Basura de lunes a viernes", True),
        ("Basura tres veces por semana", "Basura lunes, miércoles y viernes", False),
        ("Responder en 48 horas", "Responder en dos días", False),
        ("Responder en 48 horas", "Responder en cinco días hábiles", True),
        ("Responder en diez días hábiles", "Responder en dos semanas", False),
        ("Responder en diez días hábiles", "Responder en 10 días", False),
        ("Plazo de una quincena", "Plazo de 15 días", False),
        ("Feria el primer domingo del mes", "Feria todos los domingos", True),
        ("Máximo menos de 25 alumnos", "Máximo 24 alumnos", False),
        ("Duplicar los guardias", "Un 20% más de guardias", True),
        ("Duplicar los guardias", "Un 100% más de guardias", False),
        ("Limit of 20 in the village", "Twenty mph in the village", False),
        ("Limit of 20 in the village", "40 mph in the village", True),
    ],
)
def test_two_titles_differ_by_what_they_share_nothing_of(one, other, differ):
    first, second = (traits_of(title, "").quantities for title in (one, other))
    assert bool(differing(first, second, vocabulary())) is differ
    assert bool(differing(second, first, vocabulary())) is differ


def warned(one, other, bodies=("", "")):
    """The effect of the warning of a pair, the same in both orders, or None."""
    pair = [traits_of(title, body) for title, body in zip((one, other), bodies, strict=True)]
    effects = [warning and warning.effect for warning in (different_quantity(*pair), different_quantity(*pair[::-1]))]
    assert effects[0] == effects[1]
    return effects[0]


def test_a_value_that_both_bodies_tell_does_not_make_two_titles_agree():
    bodies = ("Las actas aparecen dos o tres meses después.", "Aparecen tres meses después, un mes sería bueno.")
    assert warned("Publicar las actas antes de 5 días", "Publicar las actas antes de 30 días", bodies) == "block"


def test_a_body_that_grants_the_other_title_s_value_agrees_and_one_that_only_tells_it_does_not():
    titles = ("Publicar las actas antes de 5 días", "Publicar las actas antes de 30 días")
    assert warned(*titles, ("", "Mejor aún: que sean cinco días.")) is None
    assert warned(*titles, ("", "Llevo cinco días esperando una.")) == "block"


def test_what_a_body_asks_for_is_compared_with_the_other_title():
    titles = ("Proteger a los arrendatarios del desalojo", "Mínimo un mes de aviso antes del desalojo")
    assert warned(*titles, ("Mínimo seis meses para buscar otra cosa.", "")) == "lower"
    assert warned(*titles, ("Mínimo treinta días para buscar otra cosa.", "")) is None
    assert warned(*titles, ("Llevo seis meses buscando otra cosa.", "")) is None


def test_numbers_of_what_nobody_knows_part_titles_that_are_otherwise_alike():
    assert warned("Salas de 25 alumnos en el liceo", "Salas de 38 niños en el liceo") == "block"
    assert warned("Salas de 25 alumnos en el liceo", "Salas de 25 niños en el liceo") is None
    assert warned("Salas de 25 alumnos en el liceo", "Cupos en 38 jardines infantiles") is None


def test_a_ban_for_those_below_an_age_is_an_allowance_from_that_age_on():
    assert warned("Minimum age of 18 for vapes", "No vapes under 18") is None
    assert warned("Pool for people aged over 18", "Pool for people under 18") == "block"
