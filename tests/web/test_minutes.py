"""Pages and files of published minutes, and the forms that correct them."""

import hashlib
import json
import re

import pytest

from consulta.core.extensions import db
from consulta.core.record import seal_entries
from consulta.merging.actions import merge_proposals, take_out
from consulta.minutes import typesetting
from consulta.minutes.actions import correct, publish_minutes
from consulta.minutes.document import document_of
from consulta.minutes.models import MinutesVersion
from consulta.minutes.queries import last_number
from consulta.proposals.actions import hide_proposal
from consulta.tables.actions import convene_session
from consulta.web.minutes_changes import FIELDS, PARTS
from tests.minutes.rooms import brought, hold
from tests.people import sign_in
from tests.web.sending import filled_in, send


@pytest.fixture
def proposals(consultation, institution, moderator):
    """Two proposals that ChileCompra brought."""
    return brought(consultation, institution, ["Datos abiertos y compras", "Portal de presupuesto"], moderator)


@pytest.fixture
def checked(table, facilitator, moderator, proposals):
    """A session with everything in it, checked by a second person."""
    return hold(table, facilitator=facilitator, moderator=moderator, proposals=proposals)


@pytest.fixture
def session(checked, moderator):
    """A session whose minutes are public."""
    publish_minutes(checked, by=moderator)
    return checked


@pytest.fixture
def address(session):
    """Where its minutes are read."""
    return f"/sesiones/{session.id}/acta-publicada"


def move(session, by, place="Ex Congreso"):
    """Correct where the session was."""
    return correct(session, changes=[("session", {"place": place})], reason="Era en otro lugar.", by=by)


def test_the_page_says_what_the_files_say(client, address):
    page = client.get(address).text
    for said in ("Acta N°4: Mesa de Magallanes", "Intercambio con el Gobierno de Argentina", "Sin contraparte",
                 "Una persona prefiere esperar.", "30 de abril de 2018", "Fecha por definir", "Coincide"):  # fmt: skip
        assert said in page
    headings = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert headings[0] == 1
    assert all(after <= before + 1 for before, after in zip(headings, headings[1:], strict=False))


@pytest.mark.parametrize(
    ("kind", "begins", "mimetype"),
    [
        ("pdf", b"%PDF-1.", "application/pdf"),
        ("docx", b"PK", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("json", b"{", "application/json"),
    ],
)
def test_each_file_is_the_same_until_it_is_corrected(client, session, address, moderator, kind, begins, mimetype):
    first = client.get(f"{address}.{kind}")
    assert (first.status_code, first.mimetype, first.data[: len(begins)]) == (200, mimetype, begins)
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    again = client.get(f"{address}.{kind}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(f"{address}/1.{kind}").data == first.data
    move(session, moderator)
    second = client.get(f"{address}.{kind}", headers={"If-None-Match": first.headers["ETag"]})
    assert second.status_code == 200
    assert second.headers["ETag"] != first.headers["ETag"]
    assert client.get(f"{address}/1.{kind}").data == first.data


def test_the_data_give_the_fingerprint_that_the_record_holds(client, session, address):
    data = client.get(f"{address}.json").data
    version = db.session.query(MinutesVersion).one()
    assert hashlib.sha256(data).hexdigest() == version.digest
    assert json.loads(data) == version.document
    seal_entries(by=None)
    assert version.digest in client.get("/registro/exportacion").text
    assert version.digest in client.get(address).text


def test_both_versions_are_read_and_compared(client, session, address, moderator):
    move(session, moderator)
    newest, first, changes = (client.get(f"{address}{path}").text for path in ("", "/1", "/2/cambios"))
    assert "Ex Congreso" in newest
    assert "Palacio de La Moneda" not in newest
    assert "Era en otro lugar." in newest
    assert "Palacio de La Moneda" in first
    assert "Esta es una versión anterior" in first
    assert re.search(r"<del>Palacio de La Moneda.*?</del>.*?<ins>Ex Congreso</ins>", changes, re.DOTALL)
    assert "Es la primera versión" in client.get(f"{address}/1/cambios").text
    move(session, moderator, place="Palacio de La Moneda, sala de reuniones")
    assert "Dicen lo mismo" in client.get(f"{address}/3/cambios?desde=1").text


def test_every_field_of_a_document_has_words(session, moderator, proposals):
    merge = merge_proposals(
        proposals, title="Conjunta", body="Las dos.", reason="Iguales.", session=session, reference="M1", by=moderator
    )
    take_out(merge, proposals[0], reason="Va aparte.", by=moderator)
    document = document_of(session)
    assert {"merges", "agreements", "results", "excused"} <= set(document)
    assert keys_of(document) - set(PARTS) - set(FIELDS) == {"form", "lines"}


def keys_of(value):
    """Return every key within a document."""
    if isinstance(value, list):
        return {key for each in value for key in keys_of(each)}
    if not isinstance(value, dict):
        return set()
    return set(value) | {key for each in value.values() for key in keys_of(each)}


def test_a_stored_document_that_was_changed_is_pointed_out(client, session, address):
    db.session.execute(MinutesVersion.__table__.update().values(document={"form": 1, **_least(), "title": "Otra"}))
    db.session.commit()
    assert "No coincide" in client.get(address).text


def test_minutes_from_before_versions_were_kept_are_read_without_a_fingerprint(client, session, address, moderator):
    db.session.query(MinutesVersion).delete()
    db.session.commit()
    page = client.get(address)
    assert page.status_code == 200
    assert "Sin huella" in page.text
    assert "Coincide" not in page.text
    assert client.get(f"{address}.pdf").status_code == 200
    assert client.get(f"{address}.json").status_code == 404
    assert client.get(f"{address}/1").status_code == 404
    sign_in(client, moderator)
    assert "quedará guardado como la primera" in client.get(f"/sesiones/{session.id}/corregir").text


def test_what_is_not_public_has_no_minutes(client, table, checked, moderator):
    convened = convene_session(table, title="Otra", by=moderator)
    for session in (checked, convened):
        for path in ("", "/1", ".pdf", ".docx", ".json", "/1/cambios"):
            assert client.get(f"/sesiones/{session.id}/acta-publicada{path}").status_code == 404
    sign_in(client, moderator)
    assert client.get(f"/sesiones/{checked.id}/acta-publicada").status_code == 404


@pytest.mark.parametrize("path", ["/0", "/2", "/999999999999", "/1.exe", ".PDF", "/-1", "/١", "/1/cambios?desde=9"])
def test_addresses_of_nothing_are_not_found(client, address, path):
    assert client.get(f"{address}{path}").status_code == 404


@pytest.mark.parametrize("asked", ["x", "", "-1", "99999999999", "1&desde=2", "%00"])
def test_a_comparison_with_what_is_no_version_is_no_fault(client, session, address, moderator, asked):
    move(session, moderator)
    assert client.get(f"{address}/2/cambios?desde={asked}").status_code in (200, 400, 404)


def test_a_proposal_hidden_since_is_on_no_page_and_in_no_file(client, address, proposals, moderator):
    hide_proposal(proposals[0], reason="Abuso", by=moderator)
    page = client.get(address).text
    assert proposals[0].title not in page
    assert "dejó de ser pública" in page
    assert client.get(f"{address}.json").status_code == 404
    pdf = client.get(f"{address}.pdf")
    assert pdf.status_code == 200
    sign_in(client, moderator)
    assert proposals[0].title not in client.get(address).text


def test_a_pdf_that_cannot_be_made_is_no_fault_and_says_where_the_minutes_are(client, address, monkeypatch):
    def fail(**given):
        raise typesetting.NotSet("broken")

    monkeypatch.setattr(typesetting, "pdf_of", fail)
    answer = client.get(f"{address}.pdf")
    assert answer.status_code == 503
    assert client.get(f"{address}.docx").status_code == 200


def test_in_english_the_file_says_so(client, address):
    spanish = client.get(f"{address}.pdf").data
    send(client, "/idioma", {"locale": "en"})
    english = client.get(f"{address}.pdf").data
    assert b"/Lang" in spanish
    assert spanish != english


def test_publishing_shows_what_will_be_read_and_does_it_once(client, checked, moderator):
    sign_in(client, moderator)
    address = f"/sesiones/{checked.id}/publicar"
    assert "Intercambio con el Gobierno de Argentina" in client.get(address).text
    answer = send(client, address, {})
    assert answer.headers["Location"].endswith(f"/sesiones/{checked.id}/acta-publicada")
    assert "ya es pública" in client.get(address).text
    assert send(client, address, {}).status_code == 403


def parts(client, session):
    """Return the addresses of every form that corrects a part."""
    page = client.get(f"/sesiones/{session.id}/corregir").text
    return re.findall(rf'href="(/sesiones/{session.id}/corregir/[^"]+)"', page)


def test_every_part_has_a_form_that_changes_nothing_by_being_sent_as_it_is(client, session, facilitator):
    sign_in(client, facilitator)
    found = parts(client, session)
    assert len(found) == 3 + 6 + 1 + 2 + 2 + 3 + 1
    for address in found:
        answer = send(client, address, filled_in(client.get(address).text) | {"reason": "Porque sí"})
        assert answer.status_code == 422, address
    assert last_number(session) == 1


@pytest.mark.parametrize(
    ("part", "changed", "said"),
    [
        ("datos", {"place": "Ex Congreso", "convened_on": "2018-03-20"}, "20 de marzo de 2018"),
        ("cierre", {"next_meeting": "dated", "next_on": "2018-04-26"}, "26 de abril de 2018"),
        ("cierre", {"ended": "18:00"}, "18:00"),
        ("constancias", {"statements": "Falta Dipres."}, "Falta Dipres."),
        ("punto-a", {"title": "Saludo"}, "1. Saludo"),
        ("linea-nueva", {"institution": "Museo", "sector": "government", "attended": "1"}, "Museo"),
        ("acuerdo-nuevo", {"text": "Publicar el calendario.", "kind": "task"}, "Publicar el calendario."),
    ],
)
def test_a_part_is_corrected_by_its_form(client, session, address, facilitator, part, changed, said):
    sign_in(client, facilitator)
    form = f"/sesiones/{session.id}/corregir/{part}"
    answer = send(client, form, filled_in(client.get(form).text) | changed | {"reason": "Así fue."})
    assert answer.status_code == 302, answer.text
    assert said in client.get(address).text
    assert last_number(session) == 2


def test_a_line_an_agreement_and_a_result_are_taken_out(client, session, address, facilitator):
    sign_in(client, facilitator)
    for part, name, gone in (("linea-", "drop", "MOP/DGOP"), ("acuerdo-", "dropped", "serán mensuales"),
                             ("resultado-", "drop", "Datos abiertos y compras")):  # fmt: skip
        page = client.get(f"/sesiones/{session.id}/corregir").text
        link = re.search(rf'href="([^"]*/corregir/{part}[^"]+)">[^<]*{gone}', page)[1]
        answer = send(client, link, filled_in(client.get(link).text) | {name: "y", "reason": "No era así."})
        assert answer.status_code == 302, answer.text
        assert gone not in client.get(address).text


def test_without_a_reason_what_was_typed_is_shown_again(client, session, facilitator):
    sign_in(client, facilitator)
    form = f"/sesiones/{session.id}/corregir/datos"
    answer = send(client, form, filled_in(client.get(form).text) | {"place": "Ex Congreso", "reason": " "})
    assert answer.status_code == 422
    assert 'value="Ex Congreso"' in answer.text
    assert last_number(session) == 1


def test_who_corrects_an_older_version_sees_what_changed_and_keeps_what_was_filled_in(
    client, session, facilitator, moderator, address
):
    sign_in(client, facilitator)
    form = f"/sesiones/{session.id}/corregir/constancias"
    mine = filled_in(client.get(form).text) | {"notes": "Lo mío.", "reason": "Así fue."}
    move(session, moderator)
    answer = send(client, form, mine)
    assert answer.status_code == 409
    assert "Lo mío." in answer.text
    assert "<ins>Ex Congreso</ins>" in answer.text
    assert send(client, form, filled_in(answer.text) | {"reason": "Así fue."}).status_code == 302
    page = client.get(address).text
    assert "Lo mío." in page
    assert "Ex Congreso" in page


@pytest.mark.parametrize(
    "part", ["x", "linea-", "linea-../..", "resultado-zzzzzzz", "acuerdo-1", "punto-z", "%00", "a" * 900]
)
def test_a_part_that_is_not_there_is_not_found(client, session, facilitator, part):
    sign_in(client, facilitator)
    assert client.get(f"/sesiones/{session.id}/corregir/{part}").status_code in (400, 404)


@pytest.mark.parametrize(
    "strange",
    [
        {"declared_heads": "9" * 40},
        {"declared_heads": "-1"},
        {"next_on": "2018-99-99"},
        {"started": "25:00"},
        {"next_meeting": "dated", "next_on": ""},
        {"prepared_by": "x" * 500},
        {"notes": "\ud800"},
        {"open_points": "\n".join("x" * 3 for _n in range(300))},
        {"version": "x"},
        {"version": "9" * 30},
    ],
)
def test_whatever_is_sent_is_refused_and_not_a_fault(client, session, facilitator, strange):
    sign_in(client, facilitator)
    form = f"/sesiones/{session.id}/corregir/cierre"
    changed = {"prepared_by": "Otra oficina"} | strange
    changed = {name: value.encode("utf-8", "surrogatepass") for name, value in changed.items()}
    answer = send(client, form, filled_in(client.get(form).text) | changed | {"reason": "Porque sí"})
    assert 400 <= answer.status_code < 500 or b"\xed\xa0\x80" in changed.get("notes", b"")
    assert answer.status_code < 500


def _least():
    return {"table": "Mesa", "table_kind": "forum", "consultation": "Plan"}
