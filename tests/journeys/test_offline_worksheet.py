"""The worksheet of a table without a line: entered whole, closed, opened again, and everything arrives once."""

import re

from playwright.sync_api import expect
from sqlalchemy import func, select

from consulta.accounts.models import Person
from consulta.agreements.models import Agreement
from consulta.core.extensions import db
from consulta.tables.actions import submit_session
from consulta.tables.models import Attendance, Result, Session
from consulta.tables.queries import digest_of
from consulta.worksheets.models import RoomProposal, WorksheetChange

OUTCOMES = ("Mantener", "Modificar", "Ampliar", "Fusionar", "Separar", "Derivar")
MADE = {
    "Horario de atención hasta las ocho": "Quien trabaja no alcanza a llegar antes del cierre.",
    "Un mapa de las obras públicas": "Que se vea en qué calle se trabaja y hasta cuándo. <b>Con fechas</b> & plazos.",
}
AGREED = ("Enviar el acta a las juntas de vecinos", "Nadie habla dos veces seguidas", "El presupuesto queda para marzo")


def test_a_table_entered_without_a_line_outlives_the_closed_browser_and_arrives_once(site, session, new_phone):
    phone = new_phone()
    phone.sign_in("tomas")
    phone.open_sheet(session)
    phone.look("hoja-con-linea")
    phone.line(on=False)
    _note_who_came(phone)
    codes = _enter_twelve(phone)
    slips = _write_what_the_room_made(phone)
    _note_what_was_said(phone)
    _agree(phone)
    phone.go("entregar")
    expect(phone.status).to_contain_text("sin línea")
    expect(phone.page.get_by_role("link", name="Revisar y entregar")).to_have_count(0)
    phone.look("hoja-entregar-sin-linea")
    with site.app():
        assert db.session.scalar(select(func.count()).select_from(WorksheetChange)) == 0

    phone.switch_off()
    phone.switch_on(offline=True)
    phone.open_sheet(session, "#propuestas")
    expect(phone.page.get_by_text("12 de 44 propuestas con resultado")).to_be_visible()
    phone.go(f"propuestas/{codes[3]}")
    expect(phone.page.get_by_label("Razones a favor", exact=True)).to_have_value(f"Razón de {codes[3]}")
    phone.line(on=True)
    phone.sent()

    _everything_is_there_once(site, session, codes, slips)
    phone.go("nuevas")
    expect(phone.page.get_by_text("Publicada con el código")).to_have_count(2)
    phone.go("entregar")
    phone.look("hoja-entregar-con-linea")
    phone.page.get_by_role("link", name="Revisar y entregar").click()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Revisar y entregar")


def _note_who_came(phone):
    page = phone.page
    for name, heads in (("Universidad del Litoral", 3), ("Unión de Juntas Vecinales", 12)):
        card = page.get_by_role("article", name=name)
        card.get_by_label("Asistió").check()
        card.locator("[data-field=heads] input").fill(str(heads))
    card.get_by_role("button", name=re.compile("^Uno más: Personas")).click()
    page.get_by_role("button", name="Agregar una institución").click()
    page.keyboard.type("Club ciclista")
    new = page.get_by_role("article", name="Club ciclista")
    new.get_by_label("Sector").select_option(label="Sociedad civil")
    new.locator("[data-field=heads] input").fill("4")
    page.get_by_role("button", name="no vinieron").click()
    expect(page.locator("#tabs")).to_contain_text("20 personas")
    phone.kept()
    phone.look("hoja-asistencia-sin-linea")


def _enter_twelve(phone):
    page = phone.page
    phone.go("propuestas")
    links = page.locator(".items a")
    codes = [links.nth(at).get_attribute("href").split("/")[1] for at in range(12)]
    for at, code in enumerate(codes):
        phone.go(f"propuestas/{code}")
        page.get_by_role("radio", name=OUTCOMES[at % 6], exact=True).check()
        page.get_by_role("radio", name="Consenso", exact=True).check()
        page.get_by_label("Razones a favor", exact=True).fill(f"Razón de {code}")
        page.locator("[data-field=dots] input").fill(str(at))
        if at == 0:
            _count_too_many(phone)
    phone.go("propuestas")
    expect(page.get_by_text("12 de 42 propuestas con resultado")).to_be_visible()
    phone.kept()
    phone.look("hoja-propuestas-sin-linea")
    return codes


def _count_too_many(phone):
    """Votes of more people than came are told at once, and explained in a note; nothing is kept from being saved."""
    page = phone.page
    page.get_by_label("A favor", exact=True).fill("25")
    expect(page.get_by_text("hay 25 votos y 20 personas presentes")).to_be_visible()
    page.get_by_role("textbox", name="Por qué no calzan los números").fill("Votaron cinco que llegaron al final.")
    phone.look("hoja-propuesta-sin-linea")


def _write_what_the_room_made(phone):
    page, slips = phone.page, {}
    phone.go("nuevas")
    for title, body in MADE.items():
        page.get_by_role("button", name="Agregar una propuesta").click()
        page.keyboard.type(title)
        card = page.get_by_role("article", name=title)
        card.get_by_role("textbox", name=re.compile("^Texto")).fill(body)
        card.get_by_role("button", name=re.compile("publicarla")).click()
        card = page.get_by_role("article", name=title)
        expect(card.get_by_text("Lista. Se publica cuando haya línea.")).to_be_visible()
        slips[title] = card.locator(".code strong").inner_text()
    card.get_by_role("link", name=re.compile("^Talón")).click()
    expect(page.locator(".slip-code")).to_have_text(slips[title])
    phone.look("hoja-talon")
    phone.go("nuevas")
    phone.look("hoja-nuevas-sin-linea")
    return slips


def _note_what_was_said(phone):
    phone.go("desarrollo")
    phone.page.locator("[data-field=development] textarea").first.fill("Se abrió la mesa.")
    phone.page.get_by_label("Preparada por", exact=True).fill("Secretaría de la mesa")
    phone.look("hoja-desarrollo-sin-linea")


def _agree(phone):
    page = phone.page
    phone.go("acuerdos")
    for text, kind in zip(AGREED, ("Tarea", "Regla", None), strict=True):
        page.get_by_role("button", name="Agregar un acuerdo").click()
        page.keyboard.type(text)
        if kind:
            page.locator("article").last.get_by_role("radio", name=kind).check()
    page.locator("article").first.get_by_label("Quién responde").fill("Unión de Juntas Vecinales")
    expect(page.locator("#tabs")).to_contain_text("3 acuerdos")
    phone.kept()
    phone.look("hoja-acuerdos-sin-linea")


def _everything_is_there_once(site, session, codes, slips):
    with site.app():
        rows = db.session.scalars(select(Result).where(Result.session_id == session)).all()
        said = {row.proposal.code: row for row in rows}
        assert [said[code].reasons for code in codes] == [f"Razón de {code}" for code in codes]
        assert [said[code].dots for code in codes] == list(range(12))
        assert said[codes[0]].count_note == "Votaron cinco que llegaron al final."
        heads = select(Attendance.heads).where(Attendance.session_id == session, Attendance.attended)
        assert sorted(db.session.scalars(heads)) == [3, 4, 13]
        made = db.session.scalars(select(RoomProposal).where(RoomProposal.session_id == session)).all()
        assert {each.proposal.title: each.tracking_code for each in made} == slips and len(made) == len(slips)
        assert {each.proposal.body for each in made} == set(MADE.values())
        agreed = db.session.scalars(select(Agreement.text).where(Agreement.session_id == session)).all()
        assert sorted(agreed) == sorted(AGREED)
        states = select(WorksheetChange.state).where(WorksheetChange.session_id == session).distinct()
        assert set(db.session.scalars(states)) <= {"applied", "superseded"}


def test_what_arrives_after_the_session_was_handed_in_is_told_to_be_late(site, new_phone):
    phone = new_phone()
    phone.sign_in("nora")
    with site.app():
        late = db.session.scalar(select(Session).where(Session.title == "Segunda sesión de la mesa de Magallanes")).id
    phone.open_sheet(late, "#desarrollo")
    phone.line(on=False)
    phone.page.get_by_label("Otras notas").fill("Lo último que se dijo")
    phone.kept()
    with site.app():
        row = db.session.get(Session, late)
        by = db.session.scalar(select(Person).where(Person.name == "Nora Facilitadora"))
        submit_session(row, base=digest_of(row), by=by)
    phone.line(on=True)
    expect(phone.page.get_by_text("Llegó cuando la sesión ya no recibía anotaciones")).to_be_visible(timeout=30_000)
    expect(phone.page.get_by_label("Otras notas")).to_have_value("Lo último que se dijo")
    # Nothing moves under the fingers of whoever types; once they leave the field it is closed.
    phone.page.get_by_label("Otras notas").blur()
    expect(phone.page.get_by_label("Otras notas")).to_be_disabled()
    phone.look("hoja-tarde")
    phone.go("entregar")
    expect(phone.page.get_by_role("heading", name="Lo que el sitio no aceptó")).to_be_visible()
    with site.app():
        changes = select(WorksheetChange.value, WorksheetChange.state).where(WorksheetChange.session_id == late)
        assert ("Lo último que se dijo", "late") in db.session.execute(changes).all()
