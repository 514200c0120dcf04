"""An administrator prepares a consultation, appoints people, takes an appointment back, and sees how the site is."""

from datetime import date, timedelta

from playwright.sync_api import expect

from tests.journeys.walking import PEOPLE, PRESENT

TITLE = "Presupuesto participativo de Punta Arenas"


def test_an_administrator_prepares_a_consultation_and_appoints_people(walk, another):
    page = walk.page
    walk.sign_in("rita")
    walk.open("/administracion", "Administración")
    walk.follow("Preparar una consulta", "Preparar una consulta")
    walk.press("Seguir", "Preparar una consulta")
    expect(page.locator("#error-summary")).to_be_focused()
    page.get_by_role("radio").nth(1).check()
    walk.fill(Título=TITLE)
    page.get_by_label("Primer día de la primera fase").fill((date.today() + timedelta(days=40)).isoformat())
    walk.press("Seguir", "Preparar una consulta")
    page.get_by_label("Resumen").fill("Qué obras se hacen primero en los barrios.")
    page.get_by_label("Apoyos por persona").fill("5")
    page.get_by_role("radio", name="Las personas de un territorio").check()
    walk.press("Guardar la consulta", "Preparar una consulta")
    expect(page.get_by_label("Apoyos por persona")).to_have_value("5")
    page.get_by_label("Territorio", exact=True).select_option("Punta Arenas")
    walk.press("Guardar la consulta", TITLE)
    walk.told("La consulta está preparada")

    stranger = another("stranger")
    stranger.open("/", "Consultas")
    expect(stranger.page.get_by_text(TITLE)).to_have_count(0)
    walk.follow("Nombramientos", "Nombramientos", within=page.locator("aside"))
    _appoint(walk, "bruno", "Moderación de la consulta")
    _appoint(walk, "celia", "Facilitación de mesas en una región", region="Magallanes")
    row = page.get_by_role("row", name=PEOPLE["bruno"]["name"])
    walk.press("Terminar", "Nombramientos", within=row)
    walk.told("El nombramiento terminó")
    page.get_by_text("1 nombramiento terminado").click()
    walk.look("Nombramientos")

    walk.follow(TITLE, TITLE, within=page.locator(".crumbs"))
    page.get_by_role("button", name="Anunciar la consulta").click()
    walk.look(TITLE)
    walk.told("La consulta está anunciada")
    stranger.open("/", "Consultas")
    stranger.follow(TITLE, TITLE)
    stranger.sees("Por abrir")


def test_an_appointment_taken_back_closes_the_page_that_lies_open(walk, another):
    tomas, page = another("tomas"), walk.page
    tomas.sign_in("tomas")
    tomas.open(PRESENT + "/mesas", "Mesas y sesiones")
    tomas.follow("Seguir", "Primera sesión de la mesa del Biobío")
    tomas.follow("Constancias y notas", "Constancias y notas")
    tomas.page.get_by_label("Peticiones y constancias").fill("Que la próxima sesión sea de noche.")

    walk.sign_in("rita")
    walk.open("/administracion", "Administración")
    row = page.get_by_role("row", name="Séptimo Plan")
    walk.follow("Nombramientos", "Nombramientos", within=row)
    walk.press("Terminar", "Nombramientos", within=page.get_by_role("row", name=PEOPLE["tomas"]["name"]))
    tomas.page.get_by_role("button", name="Guardar", exact=True).click()
    tomas.look("No se puede hacer esto")
    tomas.open("/cuenta", "Mi cuenta")
    tomas.sees("sin nombramientos")


def test_an_administrator_sees_how_the_site_is(walk):
    walk.sign_in("rita")
    walk.open("/administracion/estado", "Cómo está el sitio")
    for part in ("Trabajos", "Registro público", "Propuestas similares", "Correo"):
        expect(walk.page.get_by_role("heading", name=part).first).to_be_visible()
    walk.sees("Archivos en una carpeta")
    walk.sign_out()
    walk.sign_in("ana")
    walk.open("/administracion", "No se puede hacer esto")


def _appoint(walk, who, role, region=None):
    page = walk.page
    page.get_by_label("Correo de la cuenta").fill(PEOPLE[who]["email"])
    page.get_by_role("radio", name=role).check()
    if region:
        page.get_by_label("Región", exact=True).select_option(region)
    walk.press("Nombrar", "Nombramientos")
    walk.told("El nombramiento vale desde ahora")
    expect(page.get_by_role("row", name=PEOPLE[who]["name"])).to_be_visible()


def test_an_administrator_tunes_what_is_suggested_and_takes_the_decisions_along(walk):
    page = walk.page
    walk.sign_in("rita")
    walk.open("/administracion/estado", "Cómo está el sitio")
    walk.follow("Séptimo Plan", "Propuestas similares")
    floor = page.get_by_label("Para sugerir grupos a la moderación")
    before = floor.input_value()
    floor.fill("mucho")
    walk.press("Guardar los umbrales", "Propuestas similares")
    expect(page.locator("#error-summary")).to_be_focused()
    expect(floor).to_have_value("mucho")
    floor.fill("0,8")
    walk.press("Guardar los umbrales", "Propuestas similares")
    walk.told("Los umbrales quedaron guardados")
    expect(page.get_by_role("rowheader", name="en uso").first).to_contain_text("0,8")
    walk.press("Volver a los umbrales iniciales", "Propuestas similares")
    walk.told("Valen de nuevo los umbrales iniciales")
    expect(floor).to_have_value(before)
    with page.expect_download() as download:
        page.get_by_role("link", name="Descargar para una planilla").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert text.startswith("title_a,body_a,title_b,body_b,verdict,kind,decided_at,code_a,code_b")
    page.get_by_text("Para medir con").click()
    walk.look("Propuestas similares")
