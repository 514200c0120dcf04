"""The pages of a room as people meet them on a phone: the way in with a code, the code on paper, what came late."""

import pytest

from consulta.accounts.queries import person_by_email
from consulta.consultations.actions import appoint
from consulta.consultations.queries import find_consultation
from consulta.core.extensions import db
from consulta.proposals.models import Proposal
from consulta.tables.actions import convene_session, found_table, make_code, open_session, submit_session
from consulta.territories.queries import find_territory
from tests.people import PASSWORD, make_person, make_proposal
from tests.services.browser import assert_accessible, assert_fits, picture
from tests.services.calling import people_a_site
from tests.worksheets.devices import Device, new_uid

LONG = "Que la municipalidad publique cada mes, en lenguaje claro, cuánto gastó y en qué barrio. " * 6


@pytest.fixture
def room(live_server):
    """A session of Magallanes that was handed in, and what a phone sent afterwards: {what: value}."""
    slug, (author,) = people_a_site(live_server)
    with live_server.app():
        consultation = find_consultation(slug, to=None)
        administrator = make_person("Otra administración", administrator=True)
        moderator, facilitator = make_person("Secretaría"), make_person("Facilitadora de Magallanes")
        magallanes = find_territory("CL", "12")
        appoint(moderator, "moderator", consultation, by=administrator)
        appoint(facilitator, "facilitator", consultation, magallanes, by=administrator)
        proposal = make_proposal(consultation, person_by_email(author), title="Publicar el gasto mensual por barrio")
        table = found_table(
            consultation, title="Mesa de Magallanes", kind="regional", territory=magallanes, by=moderator
        )
        session = open_session(convene_session(table, title="Primera sesión", by=moderator), by=facilitator)
        other = open_session(convene_session(table, title="Segunda sesión", by=moderator), by=facilitator)
        _code, plain = make_code(other, label="Teléfono de la mesa 2", hours=4, by=facilitator)
        device, uid = Device(session, facilitator), new_uid()
        made = device.change("proposal", uid, "tracking_code", "01234-56789-M")
        device.send(
            session,
            device.change("session", "", "notes", "Se conversó en dos grupos."),
            device.change("proposal", uid, "title", "Una ventanilla única para trámites del municipio"),
            device.change("proposal", uid, "body", LONG),
            made,
            device.change("proposal", uid, "ready", True),
        )
        submit_session(session, by=facilitator)
        line = new_uid()
        device.send(
            session,
            device.change("session", "", "notes", f"Se conversó en dos grupos. {LONG}"),
            device.change("result", proposal.code, "outcome", "modify"),
            device.change("result", proposal.code, "dots", 12),
            device.change("attendance", line, "named", "Junta de vecinos de la población"),
            device.change("attendance", line, "sector", "civil_society"),
            device.change("attendance", line, "attended", True),
            device.change("session", "", "statements", ["Que se repita", "Que vengan más personas"]),
        )
        code = db.session.query(Proposal).filter(Proposal.origin == "table").one().code
        return {"session": session.id, "other": other.id, "code": plain, "proposal": code, "by": moderator.email}


def look(page, name):
    assert_fits(page)
    assert_accessible(page)
    picture(page, name)


def test_a_phone_enters_a_room_with_its_code_and_gives_it_back(room, page):
    page.goto("/sala")
    look(page, "room")
    page.get_by_label("Código de la sala").fill("ABCDE-FGHJK")
    page.get_by_role("button", name="Entrar a la sala").click()
    page.locator("#error-summary").wait_for()
    look(page, "room-refused")
    page.get_by_label("Código de la sala").fill(room["code"].lower())
    page.get_by_role("button", name="Entrar a la sala").click()
    page.wait_for_url(f"**/sesiones/{room['other']}/hoja")
    page.goto("/sala")
    look(page, "room-held")
    page.get_by_role("button", name="Salir de la sala").click()
    page.get_by_text("ya no tiene el código").wait_for()


def test_somebody_finds_their_proposal_by_the_code_on_paper(room, page):
    page.goto("/seguimiento")
    look(page, "track")
    page.get_by_label("Código de seguimiento").fill("01234-56789-N")
    page.get_by_role("button", name="Buscar mi propuesta").click()
    page.locator("#error-summary").wait_for()
    look(page, "track-refused")
    page.get_by_label("Código de seguimiento").fill("o1234 56789 m")
    page.get_by_role("button", name="Buscar mi propuesta").click()
    page.wait_for_url(f"**/propuestas/{room['proposal']}")


def test_the_secretariat_decides_what_came_late(room, page):
    page.goto("/cuenta/entrar")
    page.get_by_label("Correo electrónico").fill(room["by"])
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Entrar").click()
    page.goto(f"/sesiones/{room['session']}/tardias")
    look(page, "late")
    page.get_by_role("button", name="Descartar lo elegido").click()
    page.locator("#error-summary").wait_for()
    look(page, "late-refused")
    page.get_by_label("Puntos").check()
    page.get_by_label("Motivo").fill("No era de esta sesión")
    page.get_by_role("button", name="Descartar lo elegido").click()
    page.get_by_text("No era de esta sesión").wait_for()  # the address stays the same: only the words tell the new page
    look(page, "late-decided")
