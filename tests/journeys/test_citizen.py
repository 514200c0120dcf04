"""A citizen reads, signs up, proposes, supports, takes back, and learns what became of a proposal."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.walking import PRESENT

TITLE = "Ver por internet mi lugar en la lista de espera del hospital"
TEXT = "Nadie me dice cuánto falta para mi operación. Que se pueda consultar en línea el lugar en la lista de espera."
ALIKE = "Consultar en línea mi lugar en la lista de espera"


def test_a_visitor_reads_the_consultation_and_finds_proposals(walk):
    page = walk.page
    walk.open("/", "Consultas")
    walk.follow("Séptimo Plan de Acción", re.compile("Séptimo Plan de Acción"))
    expect(page.get_by_role("heading", name="Priorización temática y levantamiento de propuestas")).to_be_visible()
    expect(page.locator(".phase[aria-current=step]")).to_have_count(3)

    walk.follow("Ver las propuestas", "Propuestas")
    fewest = _supports(page)[-1]
    assert _supports(page) == sorted(_supports(page), reverse=True)
    page.get_by_role("searchbox").fill("LISTA de espera")
    walk.press("Buscar", "Propuestas")
    expect(page.locator(".count-line")).to_contain_text("propuestas")
    walk.sees(ALIKE)
    page.get_by_label("Ordenar por").select_option("Más recientes")
    page.get_by_role("searchbox").fill("")
    walk.press("Buscar", "Propuestas")
    assert fewest in _supports(page), "the newest are few people's yet"
    assert _supports(page) != sorted(_supports(page), reverse=True)
    page.get_by_label("Eje temático").select_option("Transporte y movilidad")
    walk.press("Buscar", "Propuestas")
    expect(page.locator("article", has_text="Salud")).to_have_count(0)
    page.get_by_role("searchbox").fill("zapallo")
    walk.press("Buscar", "Propuestas")
    walk.sees("Nada coincide con la búsqueda")
    walk.follow("Ver todas las propuestas", "Propuestas")


def test_a_citizen_signs_up_proposes_supports_and_follows_what_happened(walk, another):
    page = walk.page
    _sign_up(walk)
    code = _draft(walk)

    # Nobody else sees the draft while it is being compared.
    stranger = another("stranger")
    stranger.open(f"/propuestas/{code}", "No encontramos esta página")
    card = page.locator(".compared", has_text=ALIKE).first
    card.get_by_role("button", name="Apoyar esta").click()
    walk.look("Antes de enviar: ¿ya existe?")
    walk.told("Apoyas «")
    expect(card.get_by_text("Ya apoyas esta propuesta")).to_be_visible()
    walk.press("La mía es distinta: enviar", TITLE)
    walk.told("Tu propuesta está publicada")
    stranger.open(f"/propuestas/{code}", TITLE)
    stranger.sees("Entrar para apoyar")

    _support_and_take_back(walk)
    walk.open(f"/propuestas/{code}", TITLE)
    walk.follow("¿Qué pasó con esta propuesta?", "¿Qué pasó con esta propuesta?")
    walk.follow("Leer la propuesta", TITLE)
    walk.follow("Mi cuenta", "Mi cuenta")
    expect(page.get_by_role("link", name=TITLE)).to_be_visible()
    expect(page.get_by_role("link", name=ALIKE)).to_be_visible()
    walk.press("Salir", "Consultas")
    walk.told("Saliste de tu cuenta")


def _sign_up(walk):
    page = walk.page
    walk.open(PRESENT + "/propuestas", "Propuestas")
    walk.follow("Entrar para proponer", "Entrar")
    walk.follow("Crear cuenta", "Crear cuenta", within=page.locator("main"))
    walk.fill(Nombre="Rosa Ñanco", Correo_electrónico="rosa@example.org", Contraseña="corta")
    walk.press("Crear cuenta", "Crear cuenta", within=page.locator("main"))
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.get_by_label("Nombre")).to_have_value("Rosa Ñanco")
    walk.fill(Contraseña="viento y mate en la costanera")
    walk.press("Crear cuenta", "Revisa tu correo", within=page.locator("main"))

    letter = Path(page.locator("code").inner_text().strip()).read_text(encoding="utf-8")
    link = re.search(r"http\S+/cuenta/confirmar/\S+", letter).group(0)
    for _again in range(2):  # a program that opens links in letters confirms nothing
        page.goto(link)
        walk.look("Confirmar tu correo")
    walk.press("Confirmar mi correo", "Entrar", within=page.locator("main"))
    walk.told("Tu correo quedó confirmado")
    walk.fill(Correo_electrónico="rosa@example.org", Contraseña="viento y mate en la costanera")
    walk.press("Entrar", "Hacer una propuesta", within=page.locator("main"))


def _draft(walk):
    page = walk.page
    walk.fill(Título=TITLE)
    walk.press("Guardar y comparar", "Hacer una propuesta")
    expect(page.get_by_label("Título")).to_have_value(TITLE)
    walk.fill(Qué_propones_y_por_qué=TEXT)
    page.get_by_label("Eje temático").select_option("Salud")
    page.get_by_label("Territorio").select_option(label="Región de Magallanes y de la Antártica Chilena")
    walk.press("Guardar y comparar", "Antes de enviar: ¿ya existe?")
    return page.url.split("/")[-2]


def _support_and_take_back(walk):
    page = walk.page
    walk.open(PRESENT + "/propuestas?q=ciclovías", "Propuestas")
    walk.follow("Ciclovías protegidas", "Ciclovías protegidas entre barrios y centros")
    before = _people(page)
    walk.press("Apoyar", "Ciclovías protegidas entre barrios y centros")
    walk.told("Apoyas «Ciclovías")
    assert _people(page) == before + 1
    walk.press("Retirar mi apoyo", "Ciclovías protegidas entre barrios y centros")
    walk.told("Retiraste tu apoyo")
    assert _people(page) == before


def _people(page):
    return int(page.locator(".people-figure.is-big strong").first.inner_text())


def _supports(page):
    return [int(text) for text in page.locator(".proposal-card > .people-figure strong").all_inner_texts()]
