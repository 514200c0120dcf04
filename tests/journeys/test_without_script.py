"""Where no script runs, as on an old phone, a citizen can still do everything."""

import pytest
from playwright.sync_api import expect

from tests.journeys.walking import PEOPLE, PRESENT, Walk

TITLE = "Ver por internet mi lugar en la lista de espera del hospital"


@pytest.fixture(scope="module")
def demo_site(new_demo):
    """One site for all of them."""
    return new_demo()


@pytest.fixture
def walk(demo_site, open_page):
    """A visitor on a phone that runs no script."""
    return Walk(open_page(360, javascript=False), "without_script", scripts=False)


def test_a_citizen_signs_in_proposes_and_supports(walk):
    page = walk.page
    walk.sign_in("ana")
    walk.open(PRESENT + "/propuestas/nueva", "Hacer una propuesta")
    walk.press("Guardar y comparar", "Hacer una propuesta")
    expect(page.get_by_role("alert")).to_contain_text("Escribe un título para tu propuesta.")
    walk.fill(Título=TITLE)
    page.get_by_label("Qué propones y por qué").fill("Que se pueda consultar en línea el lugar en la lista de espera.")
    walk.press("Guardar y comparar", "Antes de enviar: ¿ya existe?")
    page.locator(".compared").first.get_by_role("button", name="Apoyar esta").click()
    walk.told("Apoyas «")
    walk.press("La mía es distinta: enviar", TITLE)
    walk.told("Tu propuesta está publicada")

    walk.open(PRESENT + "/propuestas", "Propuestas")
    page.get_by_role("searchbox").fill("calidad del aire")
    walk.press("Buscar", "Propuestas")
    walk.follow("Sensores de calidad del aire", "Sensores de calidad del aire en los barrios, con datos a la vista")
    walk.press("Apoyar", "Sensores de calidad del aire en los barrios, con datos a la vista")
    walk.press("Retirar mi apoyo", "Sensores de calidad del aire en los barrios, con datos a la vista")
    walk.told("Retiraste tu apoyo")
    walk.press("Salir", "Consultas")
    expect(page.get_by_text(PEOPLE["ana"]["name"])).to_have_count(0)


def test_a_moderator_and_the_record_need_no_script_either(walk):
    walk.sign_in("olga")
    walk.open(PRESENT + "/grupos", "Grupos de similares")
    walk.follow("Revisar el grupo", "¿Son la misma propuesta?")
    walk.open("/registro/verificacion", "Comprobar el registro")
    walk.press("Comprobar ahora", "Comprobar el registro")
    walk.sees("El registro está entero")
