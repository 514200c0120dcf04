"""Anybody walks from a promise back to all that it comes from, sees why things ended, and checks the record."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.walking import PAST

PLAN = "Tercer Plan de Acción de Gobierno Abierto"


@pytest.fixture(scope="module")
def demo_site(new_demo):
    """One site for all of them: they only read."""
    return new_demo()


def test_a_commitment_of_2016_is_walked_back_to_its_proposals_sessions_and_reason(walk):
    page = walk.page
    walk.open("/", "Consultas")
    walk.follow("Tercer Plan de Acción", "Tercer Plan de Acción de Gobierno Abierto 2016–2018")
    walk.follow("Leer el plan", PLAN)
    walk.follow("Compromiso ChileCompra - MOP", "Compromiso ChileCompra - MOP")
    named = page.locator("ul", has=page.locator(".certainty.is-certain")).first
    expect(named.locator("li", has_text="cierto")).to_have_text([re.compile("Iniciativa 1$"), re.compile("N2$")])
    chain = page.locator(".origin-chain")
    for link in ("Datos abiertos y compras públicas", "Modernización DGOP-MOP"):
        expect(chain.get_by_role("link", name=link).first).to_be_visible()
    for session in ("primera sesión", "segunda sesión"):
        expect(chain.get_by_role("link", name=session).first).to_be_visible()
    expect(chain.get_by_text("Razón:").first).to_be_visible()

    commitment = page.url
    walk.follow("primera sesión", "Mesa N°3: Modernización del Estado (primera sesión)", within=chain)
    page.goto(commitment)
    walk.follow("segunda sesión", "Mesa N°3: Modernización del Estado (segunda sesión)", within=chain)
    page.goto(commitment)
    walk.follow("Propuesta conjunta ChileCompra – MOP", "Propuesta conjunta ChileCompra – MOP", within=chain)
    walk.sees("Por qué se fusionaron")
    walk.follow("Modernización DGOP-MOP", "Modernización DGOP-MOP")
    walk.follow("¿Qué pasó con esta propuesta?", "¿Qué pasó con esta propuesta?")
    walk.sees("Compromiso C5")


def test_an_initiative_left_out_says_why_and_an_undone_merge_says_so(walk):
    walk.open(PAST + "/propuestas?q=19.628", "Propuestas")
    title = "Reforma a la Ley 19.628 sobre Protección de Datos"
    walk.page.get_by_role("link", name=title).click()
    walk.sees("Requiere ley")
    walk.sees("Qué se decidió")
    walk.follow("¿Qué pasó con esta propuesta?", "¿Qué pasó con esta propuesta?")
    walk.sees("Dejada fuera del plan")

    walk.open(PAST + "/propuestas?q=Compromiso+único", "Propuestas")
    walk.open("/fusiones/2", "Compromiso único: ChileCompra, MOP, Datasets SADP y Datos Abiertos")
    walk.sees("Deshecha")
    expect(walk.page.get_by_text("Esta fusión se deshizo").first).to_be_visible()


def test_a_commitment_in_implementation_tells_its_milestones(walk):
    walk.open(PAST + "/plan", PLAN)
    walk.page.get_by_role("link", name="Institucionalización de la Alianza").click()
    walk.sees("Hitos y avance")


def test_anybody_reads_the_record_and_has_it_verified(walk):
    page = walk.page
    walk.open("/", "Consultas")
    walk.follow("Registro público", "Registro público")
    page.get_by_label("Consulta", exact=True).select_option("Tercer Plan de Acción de Gobierno Abierto 2016–2018")
    walk.press("Mostrar", "Registro público")
    walk.follow("Comprobar que nada fue cambiado", "Comprobar el registro")
    walk.press("Comprobar ahora", "Comprobar el registro")
    walk.sees("El registro está entero")
    page.get_by_text("Comparar con un sello que guardaste antes").click()
    page.get_by_label("Número del asiento").fill("1")
    page.get_by_label("Sello", exact=True).fill("0" * 64)
    walk.press("Comprobar", "Comprobar el registro", within=page.locator("main"))
    walk.sees("El registro fue alterado")
