"""What a bad line, a killed browser and a second phone do to a worksheet: nothing is lost, and nothing counts twice."""

import re

import pytest
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import func, select

from consulta.core.extensions import db
from consulta.proposals.actions import enter_proposal
from consulta.tables.models import Result, Session
from consulta.worksheets.models import Photo, WorksheetChange
from tests.journeys.bad_line import BadLine

LITORAL = "Universidad del Litoral"


@pytest.fixture
def line(site):
    """A line to the site that can be cut."""
    line = BadLine(site.port)
    yield line
    line.close()


def codes_of(phone, number):
    """The codes of the first proposals on the sheet."""
    phone.go("propuestas")
    links = phone.page.locator(".items a")
    return [links.nth(at).get_attribute("href").split("/")[1] for at in range(number)]


def write(phone, code, field, text):
    """Type over a field of a proposal's result."""
    phone.go(f"propuestas/{code}")
    phone.page.locator(f"[data-field={field}] textarea").fill(text)


def stored(site, session, code, field):
    """What the site has in a field of a result; None where it has no result."""
    with site.app():
        rows = db.session.scalars(select(Result).where(Result.session_id == session))
        return next((getattr(row, field) for row in rows if row.proposal.code == code), None)


def test_a_browser_killed_while_somebody_types_loses_nothing(site, session, new_phone):
    phone = new_phone()
    phone.sign_in("tomas")
    phone.open_sheet(session)
    (code,) = codes_of(phone, 1)
    phone.line(on=False)
    phone.go(f"propuestas/{code}")
    typed = "Se escribe esto sin soltar el teclado, y el teléfono se apaga de golpe"
    phone.page.locator("[data-field=dissent] textarea").focus()
    phone.page.keyboard.type(typed, delay=20)
    phone.kept()  # so the page says; at that moment the power goes
    phone.kill()

    phone.switch_on(offline=True)
    phone.open_sheet(session, f"#propuestas/{code}")
    expect(phone.page.locator("[data-field=dissent] textarea")).to_have_value(typed)
    phone.enter_again("tomas", session)
    phone.sent()
    assert stored(site, session, code, "dissent") == typed


def test_two_phones_that_wrote_the_same_field_see_both_versions_and_settle_it(site, session, new_phone):
    first, second = new_phone(), new_phone(width=1280)
    for phone in (first, second):
        phone.sign_in("tomas")
        phone.open_sheet(session)
    one, two, three = codes_of(first, 3)
    for phone, words in ((first, "el primero"), (second, "el segundo")):
        phone.line(on=False)
        for code in (one, two, three):
            write(phone, code, "reasons", f"Lo que oyó {words}")
        phone.kept()
    first.line(on=True)
    first.sent()
    second.line(on=True)
    expect(second.status).to_contain_text("3 diferencias por resolver", timeout=30_000)

    # Both versions stand beside each other, the field keeps what was typed here, the site what came first.
    second.go(f"propuestas/{one}")
    dispute = second.page.get_by_role("group", name="Dos versiones")
    expect(dispute.locator(".version")).to_have_text(["Lo que oyó el primero", "Lo que oyó el segundo"])
    expect(second.page.locator("[data-field=reasons] textarea")).to_have_value("Lo que oyó el segundo")
    expect(dispute).to_contain_text("Lo escrito en este teléfono")
    expect(dispute).to_contain_text("Lo escrito en otro teléfono, Tomás Facilitador")
    assert stored(site, session, one, "reasons") == "Lo que oyó el primero"
    second.look("hoja-conflicto")
    second.go("entregar")
    expect(second.page.get_by_role("link", name="Revisar y entregar")).to_have_count(0)
    second.look("hoja-conflicto-entregar")

    # One keeps its own, one takes the other's, one is written anew; the third version is typed and the phone killed.
    second.go(f"propuestas/{one}")
    dispute.get_by_role("button", name="Dejar esta").nth(1).click()
    second.go(f"propuestas/{two}")
    dispute.get_by_role("button", name="Dejar esta").nth(0).click()
    expect(second.page.locator("[data-field=reasons] textarea")).to_have_value("Lo que oyó el primero")
    write(second, three, "reasons", "Las dos cosas se dijeron")
    second.kept()
    second.kill()
    second.switch_on()
    second.enter_again("tomas", session, f"#propuestas/{three}")
    expect(second.page.locator("[data-field=reasons] textarea")).to_have_value("Las dos cosas se dijeron")
    second.page.get_by_role("button", name="Dejar lo escrito en el campo").click()
    expect(second.page.get_by_role("group", name="Dos versiones")).to_have_count(0)
    expect(second.status).not_to_contain_text("diferencia")
    second.sent()

    kept = ["Lo que oyó el segundo", "Lo que oyó el primero", "Las dos cosas se dijeron"]
    assert [stored(site, session, code, "reasons") for code in (one, two, three)] == kept
    first.page.reload()
    first.go(f"propuestas/{three}")
    expect(first.page.locator("[data-field=reasons] textarea")).to_have_value("Las dos cosas se dijeron")
    expect(first.status).not_to_contain_text("diferencia")
    with site.app():
        lost = select(WorksheetChange.value).where(WorksheetChange.state == "settled")
        assert set(db.session.scalars(lost)) == {"Lo que oyó el segundo"}


def test_what_another_phone_writes_arrives_and_leaves_alone_what_is_being_typed(site, session, new_phone):
    mine, theirs = new_phone(), new_phone()
    for phone in (mine, theirs):
        phone.sign_in("tomas")
        phone.open_sheet(session)
    code = codes_of(mine, 5)[4]
    mine.go(f"propuestas/{code}")
    box = mine.page.locator("[data-field=requests] textarea")
    box.focus()
    write(theirs, code, "requests", "Escrito en otro lado")
    theirs.page.locator("[data-field=reasons_against] textarea").fill("Es caro")
    theirs.sent()
    mine.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(mine.page.locator("[data-field=reasons_against] textarea")).to_have_value("Es caro")
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    box.blur()
    expect(box).to_have_value("Escrito en otro lado")


def test_the_line_is_cut_while_changes_go_up_and_while_the_answer_comes_down(site, session, new_phone, line):
    phone = new_phone(line.url)
    phone.sign_in("tomas")
    phone.open_sheet(session)
    code = codes_of(phone, 6)[5]
    phone.line(on=False)
    write(phone, code, "reasons", "Primera parte. " * 60)
    write(phone, code, "dissent", "Segunda parte. " * 60)
    phone.kept()
    # Part of the request goes through, then part of the answer to its repetition, then all of it.
    line.cut_up(1500, only=b"POST /sesiones")
    line.cut_down(100, only=b"POST /sesiones")
    phone.line(on=True)
    phone.sent()
    assert line.cuts == 2
    assert stored(site, session, code, "dissent") == ("Segunda parte. " * 60).strip()
    with site.app():
        sent = select(func.count(), func.count(WorksheetChange.id.distinct())).where(WorksheetChange.key == code)
        assert db.session.execute(sent).one() == (2, 2)


def test_a_photo_cut_off_on_its_way_is_sent_again_and_is_one(site, session, new_phone, line, tmp_path):
    picture = tmp_path / "hoja.jpg"
    Image.effect_noise((2600, 3400), 60).convert("RGB").save(picture, quality=92)
    phone = new_phone(line.url)
    phone.sign_in("tomas")
    phone.open_sheet(session)
    code = codes_of(phone, 7)[6]
    phone.line(on=False)
    phone.go(f"propuestas/{code}")
    phone.page.locator("input[type=file]").set_input_files(picture)
    expect(phone.page.locator(".photos li")).to_have_count(1)
    expect(phone.status).to_contain_text("1 foto por enviar")
    phone.look("hoja-foto-sin-linea")
    phone.kill()
    phone.switch_on(offline=True)
    phone.open_sheet(session, f"#propuestas/{code}")
    expect(phone.page.locator(".photos li")).to_have_count(1)
    line.cut_up(200_000, only=b"/hoja/fotos/")
    phone.enter_again("tomas", session, f"#propuestas/{code}")
    expect(phone.page.locator(".photos .saved[data-state=sent]")).to_have_count(1, timeout=60_000)
    phone.sent()
    assert line.cuts == 1
    with site.app():
        photos = db.session.scalars(select(Photo).where(Photo.session_id == session)).all()
        assert [(each.proposal.code, max(each.width, each.height)) for each in photos] == [(code, 1800)]


def test_two_tabs_of_one_phone_share_what_is_typed_and_send_it_once(site, session, new_phone):
    phone = new_phone()
    phone.sign_in("tomas")
    phone.open_sheet(session)
    code = codes_of(phone, 8)[7]
    phone.line(on=False)
    phone.go(f"propuestas/{code}")
    other = phone.context.new_page()
    other.goto(f"/sesiones/{session}/hoja#propuestas/{code}")
    other.locator("[data-field=reasons] textarea").fill("Desde la otra pestaña")
    expect(phone.page.locator("[data-field=reasons] textarea")).to_have_value("Desde la otra pestaña")
    phone.page.locator("[data-field=dissent] textarea").fill("Desde la primera")
    expect(other.locator("[data-field=dissent] textarea")).to_have_value("Desde la primera")
    phone.line(on=True)
    phone.sent()
    expect(other.locator("#status .status-main")).to_have_text(re.compile("^enviado"))
    with site.app():
        changes = select(WorksheetChange.value).where(WorksheetChange.key == code)
        assert sorted(db.session.scalars(changes)) == ["Desde la otra pestaña", "Desde la primera"]


def test_a_worksheet_of_sixty_proposals_takes_no_more_than_150_kilobytes(site, session, new_phone, line):
    with site.app():
        row = db.session.get(Session, session)
        consultation, by = row.table.consultation, None
        for number in range(70):
            words = f"Que la municipalidad número {number} publique {number * 7} actas y {number * 3} planos. "
            enter_proposal(
                consultation,
                title=f"Publicar las actas y los planos de la comuna número {number}",
                body=words * 12,
                origin="table",
                by=by,
            )
    phone = new_phone(line.url)
    phone.sign_in("tomas")
    phone.page.goto("/")
    before = line.down
    phone.open_sheet(session)
    phone.sent()
    phone.go("propuestas")
    expect(phone.page.locator(".items a")).to_have_count(60)
    taken = line.down - before
    print(f"first load: {taken / 1000:.1f} kB")
    assert taken <= 150_000
    phone.look("hoja-sesenta")
