"""Papers of a session over HTTP: printed sheets, the spreadsheet that goes out and comes back, photos of the sheets."""

import io
import json
import re
from html import unescape

import pytest
from openpyxl import load_workbook
from PIL import Image
from sqlalchemy import select

from consulta.agreements.actions import note_agreement
from consulta.agreements.models import Agreement
from consulta.agreements.queries import agreements_of
from consulta.core.extensions import db
from consulta.tables.actions import (
    check_session,
    convene_session,
    end_code,
    make_code,
    open_session,
    set_presence,
    set_result,
    submit_session,
)
from consulta.tables.models import Attendance, Result
from consulta.tables.queries import attendances_of, result_on
from consulta.worksheets.models import Photo, WorksheetField
from consulta.worksheets.tracking import read_code
from tests.people import make_proposal, sign_in
from tests.web.rooms import OPEN, REFUSED, SIGN_IN, at, plain
from tests.worksheets.sheets import filled
from tests.worksheets.test_photos import of_a_phone, picture, png_that_claims

pytestmark = pytest.mark.settings(WTF_CSRF_ENABLED=False)
HIDDEN = re.compile(r'name="(sheet|base)"[^>]*value="([^"]*)"')


@pytest.fixture
def proposals(consultation, citizen):
    """Four published proposals; their texts would be formulas."""
    texts = ("Publicar las actas", "=1+1", "+56 9 1234", "@SUM(A1)")
    return [make_proposal(consultation, citizen, title=text, body=f"{text} en línea.") for text in texts]


@pytest.fixture
def convened(table, facilitator, moderator, proposals):
    """An open session to which two institutions were convened."""
    session = convene_session(
        table,
        title="Segunda sesión",
        place="Biblioteca",
        dots_per_person=5,
        agenda=[{"starts": "15:00", "title": "Bienvenida"}, {"title": "Cierre"}],
        convened=[{"sector": "academia", "institution": "UMAG"}, {"sector": "government", "institution": "=Seremi"}],
        by=moderator,
    )
    return open_session(session, by=facilitator)


@pytest.fixture
def phone(new_client, convened, facilitator):
    """A browser without account that holds a live code of the session, and the code."""
    code, plain_code = make_code(convened, label="Teléfono", hours=4, by=facilitator)
    client = new_client()
    assert client.post("/sala", data={"code": plain_code}).status_code == 302
    return client, code


def out(client, session):
    """Return the bytes of the spreadsheet of `session`."""
    answer = client.get(at(session, "/planilla.xlsx"))
    assert answer.status_code == 200
    return answer.data


def cell_of(data, code, letter):
    """Return how the cell of a proposal is called."""
    page = load_workbook(io.BytesIO(data))["Resultados"]
    row = next(row for row in range(2, page.max_row + 1) if page.cell(row, 1).value == code)
    return f"Resultados!{letter}{row}"


def send(client, session, data, name="planilla.xlsx"):
    """Upload a filled-in spreadsheet."""
    return client.post(at(session, "/planilla"), data={"sheet": (io.BytesIO(data), name)})


def carried(answer):
    """Return the hidden fields of the form that applies what was looked at."""
    return {name: unescape(value) for name, value in HIDDEN.findall(answer.text)}


def held(session):
    """Return how many rows of all kinds a session holds."""
    db.session.rollback()
    kinds = (Result, Attendance, Agreement, Photo)
    return [len(db.session.scalars(select(kind).where(kind.session_id == session.id)).all()) for kind in kinds]


def test_there_is_one_sheet_a_proposal_one_for_the_table_and_as_many_empty_ones_as_asked(hers, convened, proposals):
    text = hers.get(at(convened, "/imprimir?blancas=3")).text
    assert text.count('<section class="sheet"') == 1 + 4 + 3
    for said in ("UMAG", "=Seremi", "Publicar las actas", "Cada persona tiene 5 puntos.", "Bienvenida", "Peticiones"):
        assert said in text
    codes = set(re.findall(r"código ([0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z])", text))
    assert len(codes) == 3 and all(read_code(code) == code for code in codes)
    again = set(re.findall(r"código ([0-9A-Z-]{13})", hers.get(at(convened, "/imprimir?blancas=3")).text))
    assert not codes & again


def test_empty_sheets_are_as_many_as_a_person_may_want(hers, convened):
    for asked, made in (("30", 30), ("31", 30), ("9" * 40, 0), ("-1", 0), ("x", 0), ("", 0), ("²", 0)):
        text = hers.get(at(convened, f"/imprimir?blancas={asked}")).text
        assert text.count("Propuesta de la sala</p>") == made, asked


def test_what_is_printed_leads_to_the_public_address(app, monkeypatch, hers, convened, proposals):
    monkeypatch.setitem(app.config, "PUBLIC_URL", "https://consulta.example/")
    text = hers.get(at(convened, "/imprimir?blancas=1")).text
    assert f"https://consulta.example/propuestas/{proposals[0].code}" in text
    assert f"https://consulta.example/sesiones/{convened.id}/papel/{proposals[0].code}" in text
    assert "https://consulta.example/seguimiento" in text
    assert "http://localhost" not in text


def test_the_square_leads_whoever_enters_to_the_sheet_and_anybody_else_to_the_proposal(
    hers, client, citizen, new_client, phone, convened, proposals
):
    path = at(convened, f"/papel/{proposals[0].code}")
    sheet = at(convened, f"/hoja#propuestas/{proposals[0].code}")
    assert hers.get(path).location == sheet and phone[0].get(path).location == sheet
    for other in (client, sign_in(new_client(), citizen)):
        assert other.get(path).location == f"/propuestas/{proposals[0].code}"
    for odd in ("zzzzzzz", "x" * 300, "%00"):
        assert client.get(at(convened, f"/papel/{odd}")).status_code in (400, 404)


def test_a_spreadsheet_goes_out_is_looked_at_and_then_applied_whole(hers, convened, proposals):
    data = out(hers, convened)
    one, two = (cell_of(data, proposals[at].code, "D") for at in (0, 1))
    cells = {one: "Mantener", two: "Agrupar", two.replace("D", "E"): 2, one.replace("D", "O"): 7}
    cells |= {
        one.replace("D", "P"): "=SUMA no es fórmula aquí".replace("=", "≠"),
        "Asistencia!G2": "sí",
        "Asistencia!J2": 4,
    }
    cells |= {"Asistencia!C4": "Junta de vecinos", "Asistencia!D4": "Sociedad civil", "Asistencia!J4": 3}
    cells |= {"Acuerdos!B2": "Tarea", "Acuerdos!C2": "Enviar el acta", "Acuerdos!G2": 2, "Acuerdos!E2": "30-06-2027"}
    before = held(convened)
    looked = send(hers, convened, filled(data, cells))
    assert looked.status_code == 200 and held(convened) == before
    text = plain(looked)
    for said in ("14 celdas cambian", "Junta de vecinos", "Enviar el acta", "(vacío)", "Mantener", "30-06-2027"):
        assert said.replace("30-06-2027", "2027-06-30") in text, said
    assert hers.post(at(convened, "/planilla/aplicar"), data=carried(looked)).status_code == 302
    db.session.expire_all()
    assert (result_on(convened, proposals[0]).outcome, result_on(convened, proposals[0]).dots) == ("keep", 7)
    assert result_on(convened, proposals[1]).group_number == 2
    lines = {each.name: each for each in attendances_of(convened)}
    assert lines["Junta de vecinos"].heads == 3 and lines["Junta de vecinos"].convened is False
    assert len(lines) == 3
    (agreed,) = agreements_of(convened)
    assert (agreed.text, agreed.item, str(agreed.due_on)) == ("Enviar el acta", convened.agenda[1]["id"], "2027-06-30")
    assert convened.hands  # whoever sent it entered something, and will not check it
    # Devices find it as something that was written in a form, and the same file again says nothing new.
    told = db.session.scalars(select(WorksheetField).where(WorksheetField.field == "dots")).all()
    assert [(each.value, each.device) for each in told] == [(7, "")]
    again = send(hers, convened, filled(data, cells))
    assert again.status_code == 302 and held(convened) == [2, 3, 1, 0]


def test_what_goes_out_holds_what_stands_and_no_formula(hers, convened, proposals, facilitator):
    set_result(convened, proposals[2], outcome="keep", reasons="=1+1", dots=3, by=facilitator)
    note_agreement(convened, "uno", kind="rule", text="@SUM(A1)", owner="-Alguien", by=facilitator)
    answer = hers.get(at(convened, "/planilla.xlsx"))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="sesion-{convened.id}.xlsx"'
    assert answer.headers["Cache-Control"] == "no-store"
    book = load_workbook(io.BytesIO(answer.data))
    cells = [cell for page in book.worksheets for row in page.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    said = {cell.value for cell in cells}
    assert {"=1+1", "@SUM(A1)", "-Alguien", "+56 9 1234", "=Seremi", 3, "Mantener", "Regla"} <= said
    assert send(hers, convened, answer.data).status_code == 302  # and it says nothing new


def test_what_is_wrong_is_told_by_cell_and_nothing_is_applied(hers, convened, proposals):
    data = out(hers, convened)
    dots = cell_of(data, proposals[0].code, "O")
    cells = {dots: "doce", "Asistencia!G2": "tal vez", "Acuerdos!C2": "Algo", "Asistencia!J2": 4}
    before = held(convened)
    answer = send(hers, convened, filled(data, cells))
    assert answer.status_code == 422 and held(convened) == before
    text = plain(answer)
    for said in (
        dots,
        "Asistencia!G2",
        "Acuerdos!B2",
        "«doce» no sirve",
        "Hay 3 cosas que corregir",
        "No se anotó nada",
    ):
        assert said in text
    # Sent to the other address, as somebody might who skips the look: the same.
    forged = {"sheet": "eA==", "base": "0" * 64}
    for data in (forged, {}, {"sheet": "ñ" * 10}, {"sheet": "=="}, {"sheet": "UEsDBA=="}):
        assert hers.post(at(convened, "/planilla/aplicar"), data=data).status_code == 422
    assert held(convened) == before


def test_no_file_or_no_spreadsheet_is_told_in_words(hers, convened):
    assert "No llegó ningún archivo" in hers.post(at(convened, "/planilla")).text
    for data in (b"hola", b"PK\x03\x04", b"\x00" * 5000):
        answer = send(hers, convened, data)
        assert answer.status_code == 422 and "dañado o no es una planilla" in answer.text
    assert send(hers, convened, b"x" * (3 * 1024 * 1024)).status_code == 413


def test_the_file_of_another_session_or_of_another_site_is_refused(
    hers, convened, table, moderator, facilitator, app, proposals
):
    other = open_session(convene_session(table, title="Otra", by=moderator), by=facilitator)
    answer = send(hers, convened, out(hers, other))
    assert answer.status_code == 422
    assert "Léeme!A" in answer.text and "es de otra sesión" in plain(answer)
    data = out(hers, convened)
    book = load_workbook(io.BytesIO(data))
    for row in book["Léeme"].iter_rows():
        for cell in row:
            if str(cell.value).startswith("."):
                forged = {"form": 1, "session": other.id, "marks": {}}
                cell.value = json.dumps(forged) if cell.row % 2 else cell.value[:-2] + "xx"
    book.save(written := io.BytesIO())
    answer = send(hers, convened, written.getvalue())
    assert answer.status_code == 422 and "La identificación fue cambiada" in plain(answer)


def test_what_others_entered_after_the_look_is_shown_before_anything_is_applied(hers, convened, proposals, facilitator):
    data = out(hers, convened)
    looked = send(hers, convened, filled(data, {cell_of(data, proposals[0].code, "O"): 7}))
    set_presence(convened, "otra", sector="academia", named="Alguien más", heads=2, by=facilitator)
    set_result(convened, proposals[0], dots=9, by=facilitator)
    answer = hers.post(at(convened, "/planilla/aplicar"), data=carried(looked))
    assert answer.status_code == 409
    assert "Alguien más anotó algo" in plain(answer) and "Otra persona lo cambió" in plain(answer)
    db.session.expire_all()
    assert result_on(convened, proposals[0]).dots == 9
    assert hers.post(at(convened, "/planilla/aplicar"), data=carried(answer)).status_code == 302
    db.session.expire_all()
    assert result_on(convened, proposals[0]).dots == 7
    assert "Alguien más" in [each.name for each in attendances_of(convened)]


def test_a_proposal_published_after_the_look_changes_nothing_about_it(hers, convened, proposals, consultation, citizen):
    data = out(hers, convened)
    looked = send(hers, convened, filled(data, {cell_of(data, proposals[0].code, "O"): 7}))
    make_proposal(consultation, citizen, title="Una más")
    assert hers.post(at(convened, "/planilla/aplicar"), data=carried(looked)).status_code == 302


def test_a_row_emptied_and_a_line_taken_out_are_gone(hers, convened, proposals, facilitator):
    set_result(convened, proposals[0], outcome="keep", by=facilitator)
    set_presence(convened, "vino", sector="academia", named="Vino sin avisar", by=facilitator)
    note_agreement(convened, "uno", text="Sobra", by=facilitator)
    data = out(hers, convened)
    page = load_workbook(io.BytesIO(data))["Asistencia"]
    row = next(row for row in range(2, 9) if page.cell(row, 1).value == "vino")
    cells = {cell_of(data, proposals[0].code, "D"): None, f"Asistencia!O{row}": "sí", "Acuerdos!I2": "sí"}
    looked = send(hers, convened, filled(data, cells))
    assert hers.post(at(convened, "/planilla/aplicar"), data=carried(looked)).status_code == 302
    assert held(convened) == [0, 2, 0, 0]


def test_a_session_that_takes_no_entries_takes_no_spreadsheet_and_still_gives_one(hers, convened, facilitator):
    data = out(hers, convened)
    submit_session(convened, by=facilitator)
    assert send(hers, convened, data).status_code == 409
    assert hers.post(at(convened, "/planilla/aplicar")).status_code == 409
    assert "ya fue entregada" in hers.get(at(convened, "/papel")).text
    assert out(hers, convened)


def test_the_room_with_its_code_prints_fills_in_and_takes_photos_until_the_code_ends(
    phone, convened, table, moderator, facilitator, proposals
):
    client, code = phone
    data = out(client, convened)
    assert client.get(at(convened, "/imprimir")).status_code == OPEN
    looked = send(client, convened, filled(data, {cell_of(data, proposals[0].code, "O"): 7}))
    assert client.post(at(convened, "/planilla/aplicar"), data=carried(looked)).status_code == 302
    assert client.post(at(convened, "/hoja/fotos/a"), data=picture(), content_type="image/jpeg").status_code == OPEN
    assert client.get(at(convened, "/hoja/fotos/a")).status_code == OPEN
    other = open_session(convene_session(table, title="Otra", by=moderator), by=facilitator)
    for path in ("/papel", "/imprimir", "/planilla.xlsx", "/hoja/fotos"):
        assert client.get(at(other, path)).status_code == REFUSED, path
    end_code(code, by=facilitator)
    for path in ("/papel", "/imprimir", "/planilla.xlsx", "/hoja/fotos", "/hoja/fotos/a"):
        assert client.get(at(convened, path)).status_code == SIGN_IN, path
    answer = client.post(at(convened, "/hoja/fotos/b"), data=picture(), content_type="image/jpeg")
    assert answer.status_code == 401 and answer.json["error"] == "signed_out" and "código" in answer.json["reason"]
    assert held(convened)[3] == 1


def test_a_photo_is_kept_once_upright_and_without_its_place(hers, convened, proposals):
    address = at(convened, f"/hoja/fotos/foto-1?propuesta={proposals[0].code}")
    for _ in range(3):
        answer = hers.post(address, data=of_a_phone(), content_type="image/jpeg")
        assert answer.status_code == 200 and answer.json["uid"] == "foto-1"
        assert (answer.json["width"], answer.json["height"]) == (480, 640)
    (photo,) = db.session.scalars(select(Photo)).all()
    assert photo.proposal_id == proposals[0].id and photo.size == len(photo.content)
    sent = hers.get(at(convened, "/hoja/fotos/foto-1"))
    assert sent.headers["Content-Type"] == "image/jpeg" and sent.headers["X-Content-Type-Options"] == "nosniff"
    assert sent.headers["Cache-Control"] == "no-store"
    assert sent.headers["Content-Disposition"] == f'inline; filename="hoja-{photo.id}.jpg"'
    assert Image.open(io.BytesIO(sent.data)).size == (480, 640) and not Image.open(io.BytesIO(sent.data)).getexif()
    assert proposals[0].title in hers.get(at(convened, "/hoja/fotos")).text


def test_a_photo_is_sent_from_a_form_without_script_and_taken_away_again(hers, convened):
    page = hers.get(at(convened, "/hoja/fotos")).text
    action = re.search(r'action="([^"]*/hoja/fotos/[^"/]+)"', page)[1]
    form = {"photo": (io.BytesIO(picture("PNG")), "hoja.png"), "proposal": ""}
    assert hers.post(action, data=form, content_type="multipart/form-data").status_code == 302
    assert "Hoja de la mesa" in hers.get(at(convened, "/hoja/fotos")).text
    assert hers.post(f"{action}/quitar").status_code == 302
    assert "Todavía no hay fotos" in hers.get(at(convened, "/hoja/fotos")).text
    assert hers.get(action).status_code == 404
    gone = db.session.scalar(select(Photo))
    assert gone.content == b"" and gone.size > 0 and len(gone.digest) == 64  # what it showed is not kept
    # A device that sends it once more does not bring back what was taken away.
    assert hers.post(action, data=picture(), content_type="image/jpeg").status_code == 200
    assert "Todavía no hay fotos" in hers.get(at(convened, "/hoja/fotos")).text


def test_a_photo_that_is_known_or_finds_no_room_is_not_decoded(hers, convened, monkeypatch):
    def sends(uid):
        return hers.post(at(convened, f"/hoja/fotos/{uid}"), data=picture(), content_type="image/jpeg").status_code

    monkeypatch.setattr("consulta.worksheets.queries.PHOTOS", 2)
    monkeypatch.setattr("consulta.worksheets.queries.PHOTOS_EVER", 3)
    assert [sends("a"), sends("b")] == [200, 200]
    with monkeypatch.context() as patched:
        patched.setattr("consulta.web.paper.decode_photo", lambda data: pytest.fail("it was decoded"))
        assert [sends("a"), sends("c")] == [200, 409]
    hers.post(at(convened, "/hoja/fotos/a/quitar"))
    assert [sends("c"), sends("d")] == [200, 409]  # what was taken away makes room
    hers.post(at(convened, "/hoja/fotos/b/quitar"))
    assert sends("d") == 409  # though not for ever
    assert held(convened)[3] == 3


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"<svg onload='alert(1)'/>", "image/jpeg", 422),
        (b"<script>alert(1)</script>", "image/png", 422),
        (b"", "image/jpeg", 422),
        (png_that_claims(30_000, 30_000), "image/png", 422),
        (picture()[:900], "image/jpeg", 422),
        (picture(), "image/svg+xml", 415),
        (picture(), "text/html", 415),
        (picture(), "application/json", 415),
        (b"\xff\xd8\xff" + bytes(12 * 1024 * 1024 + 70_000), "image/jpeg", 413),
        (b"\xff\xd8\xff" + bytes(12 * 1024 * 1024), "image/jpeg", 422),
    ],
    ids=["svg", "html", "nothing", "30000²", "cut", "svg type", "html type", "json type", "13 MB", "12 MB and some"],
)
def test_what_is_no_photo_leaves_nothing(hers, convened, data, kind, status):
    headers = {"Accept": "application/json"}
    answer = hers.post(at(convened, "/hoja/fotos/x"), data=data, content_type=kind, headers=headers)
    assert answer.status_code == status
    assert answer.json["reason"] if status in (413, 422) else True
    assert held(convened)[3] == 0


def test_a_connection_cut_at_any_byte_leaves_nothing(hers, convened):
    whole = picture(size=(320, 240))
    for length in (0, 1, 2, 3, 20, *range(100, len(whole), 331), len(whole) - 1):
        answer = hers.post(
            at(convened, "/hoja/fotos/cortada"),
            input_stream=io.BytesIO(whole[:length]),
            content_type="image/jpeg",
            environ_overrides={"CONTENT_LENGTH": str(len(whole))},
        )
        assert answer.status_code in (400, 422), length
    form = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n' + whole + b"\r\n--x--\r\n"
    for length in range(0, len(form) - 10, 409):
        answer = hers.post(
            at(convened, "/hoja/fotos/cortada"),
            input_stream=io.BytesIO(form[:length]),
            content_type="multipart/form-data; boundary=x",
            environ_overrides={"CONTENT_LENGTH": str(len(form))},
        )
        assert answer.status_code in (400, 413, 422), length
    assert held(convened)[3] == 0
    assert hers.post(at(convened, "/hoja/fotos/cortada"), data=whole, content_type="image/jpeg").status_code == 200


def test_the_body_of_every_other_page_stays_small(hers, convened):
    big = b"x" * (3 * 1024 * 1024)
    assert hers.post(at(convened, "/acta"), data={"notes": big.decode()}).status_code == 413
    assert hers.post(at(convened, "/acta"), data=big, content_type="image/jpeg").status_code == 415


def test_a_photo_that_waited_for_a_line_is_taken_until_the_session_is_checked(
    hers, seconds, convened, facilitator, second_facilitator
):
    submit_session(convened, by=facilitator)
    assert hers.post(at(convened, "/hoja/fotos/a"), data=picture(), content_type="image/jpeg").status_code == 200
    assert hers.post(at(convened, "/hoja/fotos/a/quitar")).status_code == 409  # what is being checked stays
    shown = seconds.get(at(convened, "/revision"))
    assert shown.status_code == 200 and f"/sesiones/{convened.id}/hoja/fotos/a" in shown.text
    assert seconds.get(at(convened, "/hoja/fotos/a")).status_code == 200
    check_session(convened, by=second_facilitator)
    assert hers.post(at(convened, "/hoja/fotos/b"), data=picture(), content_type="image/jpeg").status_code == 409
    assert held(convened)[3] == 1


def test_photos_are_for_nobody_else(client, new_client, hers, citizen, other_facilitator, moderator, convened, table):
    hers.post(at(convened, "/hoja/fotos/a"), data=picture(), content_type="image/jpeg")
    address = at(convened, "/hoja/fotos/a")
    assert client.get(address).status_code == SIGN_IN
    for somebody in (citizen, other_facilitator):
        assert sign_in(new_client(), somebody).get(address).status_code == REFUSED
    assert sign_in(new_client(), moderator).get(address).status_code == OPEN
    other = convene_session(table, title="Otra", by=moderator)
    assert hers.get(at(other, "/hoja/fotos/a")).status_code == 404


def test_a_photo_of_a_proposal_of_another_consultation_is_refused_and_one_of_a_draft_is_the_tables(
    hers, convened, other_consultation, citizen
):
    stranger = make_proposal(other_consultation, citizen)
    path = at(convened, "/hoja/fotos/a?propuesta=")
    assert hers.post(path + stranger.code, data=picture(), content_type="image/jpeg").status_code == 409
    assert hers.post(path + "zzzzzzz", data=picture(), content_type="image/jpeg").status_code == 404
    assert held(convened)[3] == 0
    draft = "0d1f6f36-44bb-4cf6-a7ac-000000000001"
    assert hers.post(path + draft, data=picture(), content_type="image/jpeg").status_code == 200
    assert db.session.scalar(select(Photo.proposal_id)) is None


def test_identifiers_that_no_device_makes_are_refused(hers, convened):
    for uid in ("a b", "x" * 37, "ñ", "a%00b", "..%2F", "a'b"):
        answer = hers.post(at(convened, f"/hoja/fotos/{uid}"), data=picture(), content_type="image/jpeg")
        assert answer.status_code in (400, 404, 415, 422), uid
    assert held(convened)[3] == 0
