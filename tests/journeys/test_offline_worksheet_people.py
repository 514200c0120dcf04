"""Who may use a phone's worksheet, and what becomes of it: entries that expire, shared phones, odd browsers, paper."""

import re
import time

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from consulta.accounts.models import Person
from consulta.consultations.actions import appoint
from consulta.core.extensions import db
from consulta.tables.actions import end_code, make_code
from consulta.tables.models import AccessCode, Result, Session
from tests.journeys.walking import PEOPLE, Walk

HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=1</script> & "comillas"'

TARGETS = (
    "button, select, summary, textarea, .button, .pill, .item, input[type=text], input[type=search], input[type=date]"
)
# What is lower than a thumb needs (44 px).
SMALL = f"""() => [...document.querySelectorAll("#tabs a, #sheet :is({TARGETS})")]
    .filter((each) => each.offsetParent && each.getBoundingClientRect().height < 43.5)
    .map((each) => each.outerHTML.slice(0, 90))"""


@pytest.fixture
def new_code(site, session):
    """Makes codes of the session's room: `new_code("Teléfono de la sede")`."""

    def new_code(label):
        with site.app():
            by = db.session.scalar(select(Person).where(Person.name == "Tomás Facilitador"))
            return make_code(db.session.get(Session, session), label=label, hours=8, by=by)[1]

    return new_code


def enter_room(phone, code):
    """Type the code of a room on a phone without an account."""
    phone.page.goto("/sala")
    phone.page.get_by_label("Código").fill(code)
    phone.page.locator("main").get_by_role("button").first.click()
    phone.page.wait_for_url(re.compile(r"/hoja$"))


def first_code(phone):
    """The code of the first proposal on the sheet."""
    phone.go("propuestas")
    return phone.page.locator(".items a").first.get_attribute("href").split("/")[1]


def test_an_entry_that_expired_keeps_all_and_offers_the_way_back(site, session, new_phone):
    phone = new_phone()
    phone.sign_in("tomas")
    phone.open_sheet(session)
    code = first_code(phone)
    phone.go(f"propuestas/{code}")
    phone.sent()  # nothing is under way whose answer would bring the cookie back
    phone.context.clear_cookies()
    phone.page.locator("[data-field=reasons] textarea").fill("Escrito sin estar dentro")
    expect(phone.status).to_contain_text("hay que entrar de nuevo")
    expect(phone.page.locator("#status")).to_contain_text("sigue en este teléfono")
    phone.look("hoja-entrada-vencida")
    phone.page.get_by_role("link", name="Entrar de nuevo").click()
    phone.sign_in("tomas")
    phone.open_sheet(session, f"#propuestas/{code}")
    phone.sent()
    with site.app():
        assert (
            db.session.scalar(select(Result.reasons).where(Result.session_id == session)) == "Escrito sin estar dentro"
        )


def test_a_code_opens_the_sheet_and_what_its_end_left_unsent_is_sent_with_the_next(site, session, new_phone, new_code):
    phone = new_phone()
    enter_room(phone, new_code("Primer código"))
    phone.open_sheet(session)
    code = first_code(phone)
    phone.line(on=False)
    phone.go(f"propuestas/{code}")
    phone.page.locator("[data-field=dissent] textarea").fill("Anotado con el primer código")
    phone.kept()
    with site.app():
        row = db.session.scalar(select(AccessCode).where(AccessCode.label == "Primer código"))
        end_code(row, by=db.session.scalar(select(Person).where(Person.name == "Tomás Facilitador")))
    phone.line(on=True)
    expect(phone.status).to_contain_text("hay que entrar de nuevo")
    phone.page.get_by_role("link", name="Escribir el código de la sala").click()
    # Who holds the sheet now is told late: meanwhile nothing of the one before is sent by itself.
    phone.context.route("**/hoja/datos?*", lambda route: (time.sleep(2), route.continue_()))
    enter_room(phone, new_code("Segundo código"))
    phone.open_sheet(session, f"#propuestas/{code}")
    expect(phone.page.get_by_text("Queda 1 cambio sin enviar que dejó Primer código")).to_be_visible()
    phone.context.unroute("**/hoja/datos?*")
    phone.look("hoja-de-otro-codigo")
    phone.page.get_by_role("button", name="Enviarlos desde aquí").click()
    expect(phone.page.locator("[data-field=dissent] textarea")).to_have_value("Anotado con el primer código")
    phone.sent()
    with site.app():
        said = db.session.scalars(select(Result.dissent).where(Result.session_id == session)).all()
        assert "Anotado con el primer código" in said
    # A code hands nothing in: whoever facilitates does, with an account.
    phone.go("entregar")
    expect(phone.page.get_by_text("Con el código de la sala no se entrega")).to_be_visible()


@pytest.mark.parametrize("is_open", [False, True], ids=["sheet of the other", "sheet still open"])
def test_what_one_wrote_and_another_sends_is_of_both_and_neither_confirms_it(site, session, new_phone, is_open):
    with site.app():
        row = db.session.get(Session, session)
        vera = db.session.scalar(select(Person).where(Person.name == PEOPLE["vera"]["name"]))
        appoint(vera, "facilitator", row.table.consultation, row.table.territory, by=None)
    phone = new_phone()
    phone.sign_in("tomas")
    phone.open_sheet(session)
    code, words = first_code(phone), f"Anotado por Tomás ({is_open})"
    phone.sent()
    phone.line(on=False)
    phone.go(f"propuestas/{code}")
    phone.page.locator("[data-field=dissent] textarea").fill(words)
    phone.kept()
    phone.context.clear_cookies()
    phone.line(on=True)
    if is_open:
        # She enters in another tab, and the sheet of the one before goes on sending.
        sheet, phone.page = phone.page, phone.context.new_page()
        phone.sign_in("vera")
        phone.page = sheet
    else:
        phone.sign_in("vera")
        phone.open_sheet(session, f"#propuestas/{code}")
    phone.page.get_by_role("button", name="Enviarlos desde aquí").click()
    expect(phone.page.locator("[data-field=dissent] textarea")).to_have_value(words)
    phone.sent()
    with site.app():
        hands = select(Person.name).where(Person.uid.in_(db.session.get(Session, session).hands))
        assert {*db.session.scalars(hands)} >= {PEOPLE["tomas"]["name"], PEOPLE["vera"]["name"]}


def test_a_shared_phone_is_cleared_only_when_everything_was_sent(site, session, new_phone):
    phone = new_phone()
    phone.sign_in("tomas")
    phone.open_sheet(session, "#desarrollo")
    phone.line(on=False)
    phone.page.get_by_label("Otras notas").fill("Nota de la sala")
    phone.go("entregar")
    expect(phone.page.get_by_role("button", name="Borrar de este teléfono")).to_have_count(0)
    expect(phone.page.get_by_text("No se puede borrar de este teléfono")).to_be_visible()
    phone.line(on=True)
    phone.sent()
    phone.page.get_by_role("button", name="Borrar de este teléfono").click()
    phone.page.get_by_role("button", name="Sí, borrarla").click()
    phone.page.wait_for_url(re.compile(r"/sesiones/\d+$"))
    phone.line(on=False)
    phone.page.goto(f"/sesiones/{session}/hoja")
    expect(phone.page.get_by_text("no se ha abierto en este teléfono con línea")).to_be_visible()
    phone.look("hoja-sin-nada")


def test_what_anybody_wrote_is_shown_as_text(site, session, new_phone):
    phone, other = new_phone(), new_phone()
    for each in (phone, other):
        each.sign_in("tomas")
        each.open_sheet(session)
    phone.go("asistencia")
    phone.page.get_by_role("button", name="Agregar una institución").click()
    phone.page.keyboard.insert_text(HOSTILE)
    card = phone.page.locator("article").last
    card.get_by_label("Sector").select_option(label="Academia")
    phone.go("acuerdos")
    phone.page.get_by_role("button", name="Agregar un acuerdo").click()
    phone.page.keyboard.insert_text(HOSTILE)
    phone.sent()
    other.page.reload()
    other.go("asistencia")
    expect(other.page.get_by_role("heading", name=HOSTILE, exact=False)).to_be_visible()
    for each in (phone, other):
        for part in ("acuerdos", "entregar"):
            each.go(part)
        assert each.page.locator("#sheet img, #sheet script").count() == 0
        assert each.page.title() != "1"


def test_a_browser_that_keeps_nothing_is_led_to_the_forms(session, new_phone):
    phone = new_phone()
    phone.sign_in("tomas")
    phone.context.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    phone.page.goto(f"/sesiones/{session}/hoja")
    expect(phone.page.get_by_text("no puede guardar en el teléfono")).to_be_visible()
    phone.look("hoja-sin-memoria")
    phone.page.get_by_role("link", name="Usar los formularios").click()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Primera sesión de la mesa del Biobío")


def test_without_script_the_page_says_so_and_leads_to_the_forms(open_page, site, session):
    page = open_page(360, base_url=site.url, javascript=False)
    Walk(page, "hoja", scripts=False).sign_in("tomas")
    page.goto(f"/sesiones/{session}/hoja")
    expect(page.get_by_text("el navegador tiene JavaScript apagado")).to_be_visible()
    page.get_by_role("link", name="Usar los formularios").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Primera sesión de la mesa del Biobío")


def test_the_slip_prints_alone(site, session, new_phone):
    phone = new_phone()
    phone.sign_in("tomas")
    phone.open_sheet(session, "#nuevas")
    phone.page.get_by_role("button", name="Agregar una propuesta").click()
    phone.page.keyboard.type("Bancas en la plaza")
    phone.page.get_by_role("link", name=re.compile("^Talón")).click()
    phone.page.emulate_media(media="print")
    expect(phone.page.locator(".slip")).to_be_visible()
    expect(phone.page.locator(".slip-code")).to_have_text(re.compile(r"^[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]$"))
    for hidden in ("#tabs", "#status", "#head", "#sheet h2", "#sheet .lead", "#sheet button"):
        expect(phone.page.locator(hidden).first).to_be_hidden()


def test_the_sheet_speaks_the_language_that_was_chosen_without_a_line_too(site, session, new_phone):
    phone = new_phone()
    phone.sign_in("tomas")
    phone.open_sheet(session)
    phone.line(on=False)
    phone.page.get_by_role("link", name="English").click()
    expect(phone.page.locator("html")).to_have_attribute("lang", "en")
    phone.page.goto(f"/sesiones/{session}/hoja")
    expect(phone.page.locator("html")).to_have_attribute("lang", "en")
    phone.page.get_by_role("link", name="Español").click()
    expect(phone.page.locator("html")).to_have_attribute("lang", "es")


@pytest.mark.parametrize("width", [360, 1280])
def test_every_part_fits_bars_nobody_and_has_large_targets(site, session, new_phone, width):
    phone = new_phone(width=width)
    phone.sign_in("tomas")
    phone.open_sheet(session)
    code = first_code(phone)
    for part in ("asistencia", "propuestas", f"propuestas/{code}", "desarrollo", "nuevas", "acuerdos", "entregar"):
        phone.go(part)
        for button in ("Agregar una institución", "Agregar un punto", "Agregar una propuesta", "Agregar un acuerdo"):
            if phone.page.get_by_role("button", name=button).count():
                phone.page.get_by_role("button", name=button).click()
        phone.page.evaluate("() => document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        phone.look(f"hoja-{part.split('/')[0]}{'-una' if '/' in part else ''}")
        small = phone.page.evaluate(SMALL)
        assert small == []
