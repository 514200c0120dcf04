"""Handing in, the second person, sending back, and codes of access, through their pages."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from consulta.agreements.actions import note_agreement
from consulta.core.clock import frozen, now
from consulta.core.extensions import db
from consulta.core.record import Entry
from consulta.tables.actions import (
    convene_session,
    enter_result,
    found_table,
    make_code,
    note_attendance,
    note_session,
    open_session,
    return_session,
    set_presence,
    submit_session,
)
from consulta.tables.models import AccessCode
from consulta.tables.queries import check_base, code_of, codes_of
from consulta.worksheets.actions import keep_photo
from consulta.worksheets.photo_decoding import decode_photo
from tests.people import sign_in
from tests.web.rooms import at, base_of, plain
from tests.web.test_worksheets import Phone

pytestmark = pytest.mark.settings(WTF_CSRF_ENABLED=False)

OPEN, REFUSED, SIGN_IN, TOO_EARLY = 200, 403, 302, 409
DONE = 302


@pytest.fixture
def handed_in(table_session, facilitator, proposal):
    """A session that the facilitator of Magallanes filled in and handed in."""
    note_attendance(
        table_session, [{"uid": "line-1", "sector": "academia", "attended": True, "heads": 6}], by=facilitator
    )
    enter_result(table_session, proposal, outcome="keep", reasons="canario razón", by=facilitator)
    return submit_session(table_session, by=facilitator)


# Who may confirm and who may send back a session that the facilitator handed in: (looking, confirming, returning).
RIGHTS = {
    "visitor": (SIGN_IN, SIGN_IN, SIGN_IN),
    "citizen": (REFUSED, REFUSED, REFUSED),
    "administrator": (REFUSED, REFUSED, REFUSED),
    "other_moderator": (REFUSED, REFUSED, REFUSED),
    "other_facilitator": (REFUSED, REFUSED, REFUSED),
    # Nobody confirms their own; whoever sees a mistake of hers may ask for it back.
    "facilitator": (OPEN, REFUSED, DONE),
    "second_facilitator": (OPEN, DONE, DONE),
    "moderator": (OPEN, DONE, DONE),
}


@pytest.mark.parametrize("role", RIGHTS)
def test_a_second_person_confirms_or_sends_back_and_nobody_her_own(role, request, new_client, handed_in, facilitator):
    visitor = new_client()
    if role != "visitor":
        sign_in(visitor, request.getfixturevalue(role))
    looking, confirming, returning = RIGHTS[role]
    page = visitor.get(at(handed_in, "/revision"))
    assert page.status_code == looking
    assert ("canario razón" in page.text) == (looking == OPEN)
    base = base_of(page) if looking == OPEN and confirming == DONE else ""
    answer = visitor.post(at(handed_in, "/revision"), data={"base": base})
    assert answer.status_code == confirming
    db.session.expire_all()
    assert (handed_in.checked_at is not None) == (confirming == DONE and role != "visitor")
    if handed_in.checked_at is not None and role == "second_facilitator":
        returning = REFUSED  # once it is checked, those who moderate alone
    answer = visitor.post(at(handed_in, "/revision/devolver"), data={"note": "Falta la hoja 2"})
    assert answer.status_code == returning
    db.session.expire_all()
    assert (handed_in.submitted_at is None) == (returning == DONE and role != "visitor")


def test_whoever_entered_one_thing_confirms_nothing(hers, seconds, table_session, second_facilitator, facilitator):
    set_presence(table_session, "u1", sector="academia", heads=1, by=second_facilitator)
    submit_session(table_session, by=facilitator)
    page = seconds.get(at(table_session, "/revision"))
    assert "nadie confirma lo propio" in page.text and "Confirmar: dice lo mismo" not in page.text
    answer = seconds.post(at(table_session, "/revision"))
    assert answer.status_code == 403 and "nadie confirma lo propio" in answer.text
    assert table_session.checked_at is None


def test_what_is_sent_back_tells_its_facilitator_why_on_top_of_her_page(hers, seconds, handed_in, proposal):
    answer = seconds.post(at(handed_in, "/revision/devolver"), data={"note": "En la hoja dice 14.\nFalta una foto."})
    assert answer.status_code == 302
    page = hers.get(at(handed_in, "/registro")).text
    assert "Te devolvieron la sesión para corregirla" in page
    assert page.index("En la hoja dice 14.") < page.index("Propuestas discutidas")
    told = plain(hers.get(f"/consultas/{handed_in.table.consultation.slug}/mesas"))
    assert "Devuelta con una nota" in told
    body = {"proposal": proposal.code, "outcome": "keep", "dots": "14"}
    body["base"] = base_of(hers.get(at(handed_in, f"/resultados/{proposal.code}")))
    assert hers.post(at(handed_in, "/resultados"), data=body).status_code == 302
    page = hers.get(at(handed_in, "/entregar"))
    assert hers.post(at(handed_in, "/entregar"), data={"base": base_of(page)}).status_code == 302
    told = plain(seconds.get(at(handed_in, "/revision")))
    assert "Ya fue devuelta una vez, con esta nota" in told and "14 puntos" in told


def test_the_note_is_kept_and_asked_for_where_it_will_not_do(seconds, handed_in):
    for note, said in (("", "Falta este texto"), ("x" * 4001, "caben 4000"), ("a\x00b", "no se pueden guardar")):
        answer = seconds.post(at(handed_in, "/revision/devolver"), data={"note": note})
        assert answer.status_code == 422 and said in answer.text and 'id="note-error"' in answer.text
        assert "x" * 4001 in answer.text or len(note) < 4001
        assert "canario razón" in answer.text
    assert handed_in.submitted_at is not None


def test_what_was_handed_in_anew_meanwhile_is_looked_at_again(seconds, handed_in, facilitator, moderator):
    base = base_of(seconds.get(at(handed_in, "/revision")))
    return_session(handed_in, note="Falta", by=moderator)
    note_session(handed_in, prepared_by="Otra cosa", by=facilitator)
    submit_session(handed_in, by=facilitator)
    answer = seconds.post(at(handed_in, "/revision"), data={"base": base})
    assert answer.status_code == 409 and "Otra cosa" in answer.text
    assert seconds.post(at(handed_in, "/revision")).status_code == 409  # without a base at all
    assert seconds.post(at(handed_in, "/revision"), data={"base": base_of(answer)}).status_code == 302


def test_agreements_that_changed_before_it_was_handed_in_anew_are_looked_at_again(seconds, handed_in, facilitator):
    base = base_of(seconds.get(at(handed_in, "/revision")))
    return_session(handed_in, note="Me equivoqué", by=facilitator)
    note_agreement(handed_in, "agreement-1", text="Otro acuerdo", by=facilitator)
    submit_session(handed_in, by=facilitator)
    answer = seconds.post(at(handed_in, "/revision"), data={"base": base})
    assert answer.status_code == 409 and "Otro acuerdo" in answer.text
    assert handed_in.checked_at is None
    assert seconds.post(at(handed_in, "/revision"), data={"base": base_of(answer)}).status_code == 302


def test_a_moderator_who_writes_through_a_code_does_not_confirm_it(
    new_client, table_session, facilitator, moderator, seconds
):
    _code, plain_code = make_code(table_session, label="Mesa 2", hours=2, by=facilitator)
    client = sign_in(new_client(), moderator)
    client.post("/sala", data={"code": plain_code})
    phone = Phone(client, table_session.id)
    assert phone.send(phone.write("session", "", "notes", "De la moderadora")).status_code == 200
    submit_session(table_session, by=facilitator)
    page = client.get(at(table_session, "/revision"))
    assert "De la moderadora" in page.text and "nadie confirma lo propio" in page.text
    assert client.post(at(table_session, "/revision"), data={"base": check_base(table_session)}).status_code == 403
    base = base_of(seconds.get(at(table_session, "/revision")))
    assert seconds.post(at(table_session, "/revision"), data={"base": base}).status_code == 302


def test_whoever_brings_a_photo_after_the_handing_in_does_not_confirm(seconds, handed_in, second_facilitator):
    picture = BytesIO()
    Image.new("RGB", (60, 40), "white").save(picture, "JPEG")
    keep_photo(handed_in, "e" * 32, decode_photo(picture.getvalue()), by=second_facilitator)
    page = seconds.get(at(handed_in, "/revision"))
    assert "nadie confirma lo propio" in page.text
    assert seconds.post(at(handed_in, "/revision"), data={"base": check_base(handed_in)}).status_code == 403


def test_a_session_that_is_not_handed_in_or_is_public_cannot_be_confirmed(seconds, table_session, handed_in, moderator):
    return_session(handed_in, note="Falta", by=moderator)
    answer = seconds.post(at(handed_in, "/revision"))
    assert answer.status_code == 409 and "todavía no se entrega" in answer.text
    assert seconds.post(at(handed_in, "/revision/devolver"), data={"note": "Otra"}).status_code == 409


def test_the_entry_stands_beside_the_photos_of_its_sheets(seconds, table_session, facilitator, proposal):
    picture = BytesIO()
    Image.new("RGB", (60, 40), "white").save(picture, "JPEG")
    keep_photo(table_session, "f" * 32, decode_photo(picture.getvalue()), proposal=proposal, by=facilitator)
    assert "Nadie subió fotos" not in seconds.get(at(table_session, "/revision")).text
    submit_session(table_session, by=facilitator)
    page = seconds.get(at(table_session, "/revision")).text
    source, width = re.search(r'<img src="([^"]+)" width="(\d+)"', page).groups()
    assert width == "60" and f"Foto de la hoja: {proposal.title}" in page
    assert seconds.get(source).mimetype == "image/jpeg"


def test_what_changed_after_the_check_page_is_looked_at_again_before_handing_in(
    hers, facilitator, table_session, proposal
):
    base = base_of(hers.get(at(table_session, "/entregar")))
    enter_result(table_session, proposal, outcome="keep", by=facilitator)
    answer = hers.post(at(table_session, "/entregar"), data={"base": base})
    assert answer.status_code == 409
    assert proposal.title in answer.text
    assert hers.post(at(table_session, "/entregar")).status_code == 409  # without a base at all
    assert hers.post(at(table_session, "/entregar"), data={"base": base_of(answer)}).status_code == 302


def test_numbers_that_disagree_want_a_note_before_handing_in_and_lead_to_it(hers, facilitator, table_session, proposal):
    line = {"uid": "line-1", "sector": "academia", "attended": True, "heads": 6, "women": 7}
    note_attendance(table_session, [line], by=facilitator)
    enter_result(table_session, proposal, outcome="keep", votes_for=9, by=facilitator)
    note_session(table_session, declared_heads=2, by=facilitator)
    page = hers.get(at(table_session, "/entregar"))
    addresses = re.findall(r'<a href="([^"#]+)#(\w+)">Escribir la nota', page.text)
    expected = [
        ("/cierre", "count_note"),
        ("/asistencia/line-1", "note"),
        (f"/resultados/{proposal.code}", "count_note"),
    ]
    assert addresses == [(at(table_session, path), field) for path, field in expected]
    for where, field in addresses:
        assert f'id="{field}"' in hers.get(where).text
    answer = hers.post(at(table_session, "/entregar"), data={"base": base_of(page)})
    assert answer.status_code == 422 and "Anota por qué, y podrás entregar" in answer.text
    note_session(table_session, count_note="Tres se fueron antes", by=facilitator)
    set_presence(table_session, "line-1", note="Se contó dos veces", by=facilitator)
    enter_result(table_session, proposal, outcome="keep", votes_for=9, count_note="Votó el público", by=facilitator)
    page = hers.get(at(table_session, "/entregar"))
    assert "Tiene nota." in page.text and "Escribir la nota" not in page.text
    assert hers.post(at(table_session, "/entregar"), data={"base": base_of(page)}).status_code == 302


# Who may see, make and end the codes of a session that is open.
CODES = {
    "visitor": SIGN_IN,
    "citizen": REFUSED,
    "administrator": REFUSED,
    "other_moderator": REFUSED,
    "other_facilitator": REFUSED,
    "facilitator": OPEN,
    "second_facilitator": OPEN,
    "moderator": OPEN,
}


@pytest.mark.parametrize("role", CODES)
def test_codes_are_made_and_ended_by_those_of_the_table_and_moderators(
    role, request, new_client, table_session, facilitator
):
    code, _plain = make_code(table_session, label="De antes", hours=2, by=facilitator)
    visitor = new_client()
    if role != "visitor":
        sign_in(visitor, request.getfixturevalue(role))
    assert visitor.get(at(table_session, "/codigos")).status_code == CODES[role]
    answer = visitor.post(at(table_session, "/codigos"), data={"label": "Mesa 2", "hours": "4"})
    assert answer.status_code == CODES[role]
    assert db.session.query(AccessCode).count() == (2 if CODES[role] == OPEN else 1)
    answer = visitor.post(at(table_session, f"/codigos/{code.id}/terminar"))
    assert answer.status_code == (SIGN_IN if CODES[role] in (OPEN, SIGN_IN) else REFUSED)
    db.session.expire_all()
    assert (code.ended_at is not None) == (CODES[role] == OPEN)


def test_a_code_is_shown_once_in_full_and_never_again(hers, table_session):
    answer = hers.post(at(table_session, "/codigos"), data={"label": "Teléfono de la mesa 2", "hours": "4"})
    (shown,) = re.findall(r'<p class="code-plain">([^<]+)</p>', answer.text)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}", shown)
    assert code_of(shown).label == "Teléfono de la mesa 2"
    assert answer.headers["Cache-Control"] == "no-store"
    page = hers.get(at(table_session, "/codigos")).text
    assert "Teléfono de la mesa 2" in page and "Vigente" in page and shown not in page
    assert not any(shown in str(entry.details) for entry in db.session.query(Entry))
    (code,) = codes_of(table_session)
    assert hers.post(at(table_session, f"/codigos/{code.id}/terminar")).status_code == 302
    assert code_of(shown) is None
    assert "Terminado" in hers.get(at(table_session, "/codigos")).text


def test_a_code_past_its_hours_is_listed_as_past(hers, table_session, facilitator):
    with frozen(now() - timedelta(hours=3)):
        make_code(table_session, label="De la mañana", hours=2, by=facilitator)
    told = plain(hers.get(at(table_session, "/codigos")))
    assert "Vencido" in told and "Terminar" not in told


def test_the_code_of_another_session_cannot_be_ended_from_ones_own(
    client, other_facilitator, consultation, biobio, moderator, table_session, facilitator
):
    code, plain_code = make_code(table_session, label="De Magallanes", hours=2, by=facilitator)
    table = found_table(consultation, title="Mesa del Biobío", kind="regional", territory=biobio, by=moderator)
    own = open_session(convene_session(table, title="Suya", by=moderator), by=other_facilitator)
    answer = sign_in(client, other_facilitator).post(at(own, f"/codigos/{code.id}/terminar"))
    assert answer.status_code == 404
    assert client.post(at(own, f"/codigos/{2**40}/terminar")).status_code == 404
    assert code_of(plain_code) is not None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"label": ""}, "Falta este texto"),
        ({"label": "x" * 81}, "caben 80"),
        ({"label": "a\x00b"}, "no se pueden guardar"),
        ({"hours": ""}, "por cuántas horas"),
        ({"hours": "0"}, "entre 1 y 72"),
        ({"hours": "73"}, "entre 1 y 72"),
        ({"hours": str(10**30)}, "Escribe un número entero"),
        ({"hours": "-1"}, "Escribe un número entero"),
    ],
)
def test_a_code_that_cannot_be_made_says_why_and_keeps_what_was_typed(typed, said, hers, table_session):
    answer = hers.post(at(table_session, "/codigos"), data={"label": "Mesa 2", "hours": "4", **typed})
    assert answer.status_code == 422 and said in answer.text
    assert ('value="4"' in answer.text) if "label" in typed else ('value="Mesa 2"' in answer.text)
    assert codes_of(table_session) == []


def test_a_session_that_was_handed_in_gives_no_more_codes(hers, handed_in):
    assert "no abriría nada" in hers.get(at(handed_in, "/codigos")).text
    assert hers.post(at(handed_in, "/codigos"), data={"label": "Mesa 2", "hours": "4"}).status_code == 403
