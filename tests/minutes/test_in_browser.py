"""Published minutes on a phone and on a laptop: read by anybody, published and corrected by who moderates."""

from collections import namedtuple

import pytest
from playwright.sync_api import expect

from consulta.accounts.actions import found_institution
from consulta.consultations.actions import appoint
from consulta.core.record import seal_entries
from consulta.minutes.actions import correct, publish_minutes
from consulta.tables.actions import found_table
from consulta.territories.actions import load_territories
from consulta.territories.queries import find_territory
from tests.minutes.rooms import brought, hold
from tests.people import PASSWORD, PLACES, make_consultation, make_person
from tests.services.browser import assert_accessible, assert_fits, picture

Room = namedtuple("Room", ("corrected", "checked", "moderator"))


@pytest.fixture
def room(live_server):
    """Two sessions, the minutes of one published and corrected, those of the other checked; who moderates them."""
    with live_server.app():
        load_territories(PLACES, by=None)
        administrator = make_person("Administración", administrator=True)
        consultation = make_consultation(administrator)
        moderator, facilitator = make_person("Moderadora"), make_person("Facilitadora")
        magallanes = find_territory("CL", "12")
        appoint(moderator, "moderator", consultation, by=administrator)
        appoint(facilitator, "facilitator", consultation, magallanes, by=administrator)
        table = found_table(
            consultation, title="Mesa de Magallanes", kind="regional", territory=magallanes, by=moderator
        )
        institution = found_institution("ChileCompra", "government", by=None)
        proposals = brought(consultation, institution, ["Datos abiertos y compras", "Portal de presupuesto"], moderator)
        first, second = (
            hold(table, facilitator=facilitator, moderator=moderator, proposals=proposals, title=title)
            for title in ("Cuarta sesión", "Quinta sesión")
        )
        publish_minutes(first, by=moderator)
        changes = [
            ("result", proposals[1], {"outcome": "keep", "reasons": "Sí hay contraparte."}),
            ("session", {"place": "Ex Congreso", "next_meeting": "dated", "next_on": "2018-04-26"}),
        ]
        correct(first, changes=changes, reason="La grabación de la sesión dice otra cosa.", by=moderator)
        seal_entries(by=None)
        return Room(first.id, second.id, moderator.email)


def look(page, name):
    """See that a page fits, is accessible, and keep a picture of it."""
    assert_fits(page)
    assert_accessible(page)
    picture(page, f"minutes-{name}")


def enter(page, email):
    """Sign in."""
    page.goto("/cuenta/entrar")
    page.get_by_label("Correo").fill(email)
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Entrar").click()
    page.wait_for_url(lambda url: "entrar" not in url)


def test_anybody_reads_minutes_their_versions_and_what_changed(page, room):
    page.goto(f"/sesiones/{room.corrected}/acta-publicada")
    expect(page.get_by_role("heading", level=1)).to_have_text("Acta N°4: Mesa de Magallanes")
    page.locator(".on-this-page").get_by_role("link", name="Acuerdos y tareas").click()
    expect(page.locator("#acuerdos")).to_be_in_viewport()
    expect(page.get_by_text("Coincide", exact=True)).to_be_visible()
    look(page, "show")
    page.get_by_role("link", name="Qué cambió").click()
    expect(page.get_by_text("La grabación de la sesión dice otra cosa.")).to_be_visible()
    expect(page.locator(".change")).to_have_count(5)
    look(page, "changes")
    page.get_by_role("link", name="Leer la versión 1").click()
    expect(page.get_by_text("Esta es una versión anterior")).to_be_visible()
    look(page, "earlier")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Documento de texto (DOCX)").click()
    assert downloading.value.suggested_filename == "acta-n-4-mesa-de-magallanes-v1.docx"


def test_who_moderates_reads_what_will_be_public_and_publishes_it(page, room):
    enter(page, room.moderator)
    page.goto(f"/sesiones/{room.checked}/publicar")
    look(page, "publish")
    page.get_by_role("button", name="Publicar el acta").click()
    expect(page.get_by_text("El acta es pública")).to_be_visible()
    expect(page.get_by_role("heading", name="Pendiente de sesiones anteriores")).to_be_visible()
    look(page, "published")


def test_a_correction_asks_for_its_reason_and_keeps_what_was_typed(page, room):
    enter(page, room.moderator)
    page.goto(f"/sesiones/{room.corrected}/acta-publicada")
    page.get_by_role("link", name="Corregir el acta").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Corregir el acta")
    look(page, "parts")
    page.get_by_role("link", name="MOP/DGOP").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Corregir: MOP/DGOP")
    look(page, "correct")
    page.get_by_label("Asistió").select_option(label="Sí")
    page.get_by_label("Personas", exact=True).fill("2")
    page.get_by_role("button", name="Publicar la corrección").click()
    expect(page.get_by_role("alert")).to_contain_text("Escribe por qué se corrige")
    expect(page.get_by_label("Personas", exact=True)).to_have_value("2")
    look(page, "correct-without-reason")
    page.get_by_label("Motivo de la corrección").fill("La lista firmada dice dos.")
    page.get_by_role("button", name="Publicar la corrección").click()
    expect(page.get_by_text("La corrección es pública")).to_be_visible()
    expect(
        page.get_by_text("MOP/DGOP (Gobierno, 2 personas)").or_(page.get_by_text("MOP/DGOP (2 personas)"))
    ).to_be_visible()
    expect(page.get_by_text("La lista firmada dice dos.").first).to_be_visible()
