"""Quantities: what is read from a title, in the kind's own measure."""

import pytest

from consulta.similarity.amounts import differing
from consulta.similarity.guard_data import vocabulary
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
    ],
)
def test_two_titles_differ_by_what_they_share_nothing_of(one, other, differ):
    first, second = (traits_of(title, "").quantities for title in (one, other))
    assert bool(differing(first, second, vocabulary())) is differ
    assert bool(differing(second, first, vocabulary())) is differ
