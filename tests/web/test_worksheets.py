"""The worksheet over HTTP: what devices ask and send, the way in with a code, late parts, and codes on paper."""

import json
import uuid
from datetime import timedelta

import pytest
from itsdangerous import URLSafeSerializer

from consulta.consultations.actions import appoint
from consulta.core.clock import frozen, now
from consulta.core.extensions import db
from consulta.minutes.actions import publish_minutes
from consulta.tables.actions import (
    check_session,
    convene_session,
    end_code,
    found_table,
    make_code,
    open_session,
    submit_session,
)
from consulta.tables.models import Session
from consulta.worksheets import queries
from consulta.worksheets.models import WorksheetChange
from consulta.worksheets.tracking import new_code
from tests.people import make_person, make_proposal, sign_in
from tests.web.test_rights import checksum
from tests.worksheets.devices import Device, new_uid

FIELDS = ("version", "taken", "refused", "fields", "conflicts", "room", "why_not", "state", "now")


@pytest.fixture
def phone(client, table_session, facilitator):
    """A browser of the facilitator, with the token that the worksheet gave it."""
    return Phone(sign_in(client, facilitator), table_session.id)


class Phone:
    """A browser that sends what a Device writes."""

    def __init__(self, client, session_id):
        self.client, self.session_id = client, session_id
        self.device = Device(_Numbered(session_id), None)
        self.address = f"/sesiones/{session_id}/hoja/datos"
        self.csrf = self.read().get("csrf")

    def read(self, query=""):
        answer = self.client.get(f"{self.address}?device={self.device.id}{query}")
        return answer.get_json() or {}

    def post(self, content, **headers):
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        kind = headers.pop("content_type", "application/json")
        headers = {"X-CSRFToken": self.csrf or "", **headers}
        return self.client.post(self.address, data=data, content_type=kind, headers=headers)

    def batch(self, *changes, **more):
        return {"protocol": 1, "device": self.device.id, "seen": 0, "changes": list(changes), **more}

    def send(self, *changes, **more):
        return self.post(self.batch(*changes, **more))

    def write(self, part, key, field, value, **more):
        return self.device.change(part, key, field, value, **more)


class _Numbered:
    def __init__(self, number):
        self.id = number


def test_a_device_reads_the_worksheet_writes_and_is_told_what_stands(phone, table_session, proposal):
    document = phone.read()
    assert document["protocol"] == 1
    assert document["session"]["id"] == table_session.id
    assert document["session"]["why_not"] is None
    assert [each["code"] for each in document["proposals"]] == [proposal.code]
    assert {"outcomes", "grades", "levels", "sectors", "qualities", "next_meetings", "kinds"} <= set(document["labels"])
    answer = phone.send(phone.write("result", proposal.code, "dots", 4), phone.write("session", "", "notes", "Hola "))
    told = answer.get_json()
    assert answer.status_code == 200
    assert set(told) == set(FIELDS)
    assert set(told["taken"].values()) == {"applied"}
    assert ["session", "", "notes", "Hola", told["version"], True] in told["fields"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert phone.send(seen=told["version"]).get_json()["fields"] == []
    other = phone.client.get(phone.address + f"?device={uuid.uuid4()}").get_json()
    assert ["session", "", "notes", "Hola", told["version"], False] in other["fields"]


def test_a_conflict_shows_both_versions_and_who_wrote_them(phone, facilitator):
    phone.send(phone.write("session", "", "notes", "de uno"))
    other = Phone(phone.client, phone.session_id)
    told = other.send({**other.write("session", "", "notes", "de otro"), "base": 0}).get_json()
    (conflict,) = told["conflicts"]
    assert (conflict["part"], conflict["key"], conflict["field"]) == ("session", "", "notes")
    assert (conflict["theirs"]["value"], conflict["theirs"]["device"]) == ("de uno", phone.device.id)
    assert conflict["theirs"]["by"] == facilitator.name
    assert [(each["value"], each["device"]) for each in conflict["yours"]] == [("de otro", other.device.id)]


def test_a_device_that_knows_more_than_there_is_is_told_everything(phone):
    phone.send(phone.write("session", "", "notes", "de uno"))
    assert phone.send(seen=900).get_json()["fields"]


@pytest.mark.parametrize(
    ("content", "status", "word"),
    [
        (b"", 400, "malformed"),
        (b"{", 400, "malformed"),
        (b"\xff\xfe", 400, "malformed"),
        (b'{"protocol": 1, "protocol": 1}', 400, "malformed"),
        (b"[" * 100_000, 400, "malformed"),
        (b'{"protocol": NaN}', 400, "malformed"),
        (b'{"protocol": 1.0}', 400, "malformed"),
        (b'{"protocol": 1e999}', 400, "malformed"),
        (b'{"protocol": ' + b"9" * 5000 + b"}", 400, "malformed"),
        (b"[]", 422, "unknown"),
        (b'{"protocol": true}', 422, "unknown"),
        (b'{"protocol": 2, "changes": []}', 422, "unknown"),
        (b'{"protocol": 1}', 422, "unknown"),
        (b'{"protocol": 1, "changes": {}}', 422, "unknown"),
        (b'{"protocol": 1, "changes": [], "device": "x", "seen": 0}', 422, "unknown"),
        (b" " * (1024 * 1024 + 1), 413, "too_large"),
    ],
    ids=lambda value: repr(value)[:30] if isinstance(value, bytes) else None,
)
def test_what_is_no_batch_is_refused_whole(phone, content, status, word):
    before = checksum()
    answer = phone.post(content)
    assert (answer.status_code, answer.get_json()["error"]) == (status, word)
    assert answer.get_json()["reason"]
    assert checksum() == before


BAD = {
    "no id": lambda change: {**change, "id": None},
    "a list for an id": lambda change: {**change, "id": []},
    "a text for a number": lambda change: {**change, "field": "dots", "value": "3"},
    "a number for a text": lambda change: {**change, "value": 3},
    "a list for a text": lambda change: {**change, "value": ["x"]},
    "a truth for a number": lambda change: {**change, "field": "dots", "value": True},
    "a fraction": lambda change: {**change, "field": "dots", "value": 1.5},
    "a huge number": lambda change: {**change, "field": "dots", "value": 10**30},
    "a huge sequence": lambda change: {**change, "sequence": 10**30},
    "a negative sequence": lambda change: {**change, "sequence": -1},
    "a base of truth": lambda change: {**change, "base": True},
    "no such part": lambda change: {**change, "part": "people"},
    "no such field": lambda change: {**change, "field": "made_here"},
    "an object for a part": lambda change: {**change, "part": {}},
    "no such proposal": lambda change: {**change, "key": "zzzzzzzz"},
    "a key with a slash": lambda change: {**change, "key": "../x"},
    "no value": lambda change: {name: value for name, value in change.items() if name != "value"},
    "NUL": lambda change: {**change, "value": "a\x00b"},
    "half a character": lambda change: {**change, "value": "a\ud83d"},
    "half a character in the key": lambda change: {**change, "key": "\ud83d"},
    "no object": lambda _change: 5,
    "settles a number": lambda change: {**change, "settles": 5},
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_one_change_that_is_not_as_the_protocol_says_has_all_refused(phone, proposal, bad):
    good = phone.write("session", "", "notes", "Lo demás")
    change = phone.write("result", proposal.code, "reasons", "Porque sí")
    before = checksum()
    answer = phone.send(good, bad(change))
    assert answer.status_code in (400, 422)
    assert answer.get_json()["error"] in ("malformed", "unknown")
    assert checksum() == before


def test_over_five_hundred_changes_are_too_many(phone):
    changes = [phone.write("session", "", "notes", "x") for _each in range(501)]
    assert phone.send(*changes).status_code == 413
    assert db.session.query(WorksheetChange).count() == 0


def test_a_hidden_number_changed_to_another_session_stores_nothing(
    phone, world_elsewhere, table_session, other_facilitator
):
    before = checksum()
    foreign = phone.write("session", "", "notes", "Ajeno", session=world_elsewhere.id)
    answer = phone.send(phone.write("session", "", "notes", "Mío"), foreign)
    assert (answer.status_code, answer.get_json()["error"]) == (403, "foreign")
    assert answer.get_json()["change"] == foreign["id"]
    address = f"/sesiones/{world_elsewhere.id}/hoja/datos"
    body = json.dumps(phone.batch(foreign)).encode()
    direct = phone.client.post(address, data=body, content_type="application/json", headers={"X-CSRFToken": phone.csrf})
    assert direct.status_code == 403
    assert phone.client.get(address).status_code == 403
    assert checksum() == before


@pytest.fixture
def world_elsewhere(consultation, moderator, biobio, other_facilitator):
    table = found_table(consultation, title="Mesa del Biobío", kind="regional", territory=biobio, by=moderator)
    session = convene_session(table, title="Sesión del Biobío", by=moderator)
    open_session(session, by=other_facilitator)
    return session


@pytest.mark.settings(WTF_CSRF_ENABLED=True)
def test_json_alone_with_its_token_from_this_site_is_taken(phone):
    change = phone.write("session", "", "notes", "Uno")
    before = checksum()
    assert phone.post(phone.batch(change), content_type="text/plain").status_code == 415
    assert phone.post(b"protocol=1", content_type="application/x-www-form-urlencoded").status_code == 415
    assert phone.post(phone.batch(change), content_type="").status_code == 415
    assert phone.post(phone.batch(change), Origin="https://evil.example").status_code == 400
    assert phone.post(phone.batch(change), Origin="null").status_code == 400
    for token in ("", "forged"):
        stale = phone.post(phone.batch(change), **{"X-CSRFToken": token})
        assert (stale.status_code, stale.get_json()["error"]) == (400, "csrf")
    assert checksum() == before
    assert phone.post(phone.batch(change), Origin="http://localhost").status_code == 200


def test_whoever_is_signed_out_is_told_in_json_and_nothing_is_stored(app, table_session):
    phone = Phone(app.test_client(), table_session.id)
    answer = phone.send(phone.write("session", "", "notes", "Uno"))
    assert (answer.status_code, answer.get_json()["error"]) == (401, "signed_out")
    assert phone.client.get(phone.address).status_code == 401
    assert phone.client.get(f"/sesiones/{table_session.id}/hoja").location.startswith("/sala")


@pytest.mark.settings(WTF_CSRF_ENABLED=False)
def test_a_code_opens_the_worksheet_of_its_session_until_it_ends(app, table_session, facilitator, world_elsewhere):
    code, plain = make_code(table_session, label="Teléfono de la mesa", hours=2, by=facilitator)
    client = app.test_client()
    assert client.post("/sala", data={"code": "AAAAA-AAAAA"}).status_code == 422
    entered = client.post("/sala", data={"code": f" {plain.lower().replace('-', ' ')} "})
    assert entered.location == f"/sesiones/{table_session.id}/hoja"
    phone = Phone(client, table_session.id)
    document = phone.read()
    assert document["person"]["via"] == "code"
    assert document["person"]["label"] == "Teléfono de la mesa"
    assert document["session"]["handing_in"] is None
    assert phone.send(phone.write("session", "", "notes", "Con código")).status_code == 200
    assert client.get(f"/sesiones/{table_session.id}/hoja").status_code == 200
    # It opens nothing else: neither another session nor the pages of an account.
    assert client.get(f"/sesiones/{world_elsewhere.id}/hoja/datos").status_code == 403
    for page in ("registro", "asistencia", "entregar", "codigos", "tardias", "revision"):
        answer = client.get(f"/sesiones/{table_session.id}/{page}")
        assert answer.status_code in (302, 403, 404), page
    assert client.get("/sala").status_code == 200
    end_code(code, by=facilitator)
    gone = phone.send(phone.write("session", "", "notes", "Después"))
    assert (gone.status_code, gone.get_json()["error"]) == (401, "signed_out")
    with client.session_transaction() as browser:
        assert "room" not in browser


@pytest.mark.settings(WTF_CSRF_ENABLED=False)
def test_a_code_that_expired_opens_nothing(app, table_session, facilitator):
    _code, plain = make_code(table_session, label="Teléfono", hours=1, by=facilitator)
    client = app.test_client()
    client.post("/sala", data={"code": plain})
    with frozen(now() + timedelta(hours=1, seconds=1)):
        assert client.get(f"/sesiones/{table_session.id}/hoja/datos").status_code == 401
        assert client.post("/sala", data={"code": plain}).status_code == 422


@pytest.mark.settings(WTF_CSRF_ENABLED=False)
def test_a_phone_gives_its_code_back(app, table_session, facilitator):
    _code, plain = make_code(table_session, label="Teléfono", hours=1, by=facilitator)
    client = app.test_client()
    client.post("/sala", data={"code": plain})
    client.post("/sala/salir")
    assert client.get(f"/sesiones/{table_session.id}/hoja/datos").status_code == 401


@pytest.mark.settings(WTF_CSRF_ENABLED=False)
def test_somebody_with_an_account_elsewhere_may_hold_a_code(client, table_session, facilitator, other_facilitator):
    code, plain = make_code(table_session, label="Teléfono", hours=1, by=facilitator)
    sign_in(client, other_facilitator)
    client.post("/sala", data={"code": plain})
    assert Phone(client, table_session.id).read()["person"]["uid"] == code.uid


@pytest.mark.settings(RATE_LIMITS=True, RATELIMIT_ENABLED=True, WTF_CSRF_ENABLED=False)
@pytest.mark.parametrize("address", ["/sala", "/seguimiento"])
def test_codes_are_not_guessed(app, address):
    client = app.test_client()
    answers = [client.post(address, data={"code": f"AAAAA-{at:05}"}).status_code for at in range(70)]
    assert answers[:60] == [422] * 60
    assert answers[-1] == 429


@pytest.mark.settings(WTF_CSRF_ENABLED=False)
def test_whoever_made_a_proposal_in_the_room_finds_it_by_the_code_on_paper(phone, app):
    uid, code = new_uid(), new_code()
    told = phone.send(
        phone.write("proposal", uid, "title", "Una ventanilla única"),
        phone.write("proposal", uid, "body", "Que haya una sola."),
        phone.write("proposal", uid, "tracking_code", code),
        phone.write("proposal", uid, "ready", True),
    ).get_json()
    made = told["room"][uid]
    assert made["tracking_code"] == code
    visitor = app.test_client()
    found = visitor.post("/seguimiento", data={"code": code.lower().replace("-", "")})
    assert found.location == made["address"] == f"/propuestas/{made['code']}"
    wrong = visitor.post("/seguimiento", data={"code": code[:-1] + ("0" if code[-1] != "0" else "1")})
    assert wrong.status_code == 422
    assert "no está bien escrito" in wrong.text
    missing = visitor.post("/seguimiento", data={"code": new_code()})
    assert "Todavía no hay una propuesta" in missing.text
    for odd in ("", "\ud800", "x" * 5000, "%00", "'; --"):
        assert visitor.post("/seguimiento", data={"code": odd.encode("utf-8", "surrogatepass")}).status_code == 422


def test_the_worksheets_page_holds_no_data_of_the_session(phone, table_session, proposal):
    phone.send(phone.write("session", "", "notes", "Palabras secretas de la sala"))
    text = phone.client.get(f"/sesiones/{table_session.id}/hoja").text
    assert "Palabras secretas" not in text
    assert proposal.title not in text
    assert 'id="sheet"' in text


def test_further_proposals_are_given_when_asked_for(phone, consultation, citizen):
    made = [make_proposal(consultation, citizen, title=f"Propuesta {at}") for at in range(62)]
    assert len(phone.read()["proposals"]) == 60
    last = made[-1].code
    assert last in {each["code"] for each in phone.read(f"&codes={last},nada,%27")["proposals"]}


@pytest.mark.settings(WTF_CSRF_ENABLED=False)
def test_what_came_late_is_admitted_into_public_minutes_as_a_version_with_its_reason(
    phone, table_session, facilitator, moderator, app, proposal, administrator, magallanes, consultation
):
    phone.send(phone.write("result", proposal.code, "dots", 3))
    submit_session(db.session.get(Session, phone.session_id), by=facilitator)
    line = new_uid()
    late = [
        phone.write("result", proposal.code, "dots", 5),
        phone.write("attendance", line, "sector", "academia"),
        phone.write("attendance", line, "heads", 2),
        phone.write("session", "", "notes", "Se cortó la línea"),
    ]
    assert set(phone.send(*late).get_json()["taken"].values()) == {"late"}
    second = make_person("Segunda persona")
    appoint(second, "facilitator", consultation, magallanes, by=administrator)
    session = db.session.get(Session, phone.session_id)
    check_session(session, by=second)
    publish_minutes(session, by=moderator)
    client = sign_in(app.test_client(), moderator)
    address = f"/sesiones/{phone.session_id}/tardias"
    page = client.get(address)
    assert "Se cortó la línea" in page.text
    ids = [each["id"] for each in late]
    assert client.post(address, data={"changes": ids, "reason": "", "do": "admit"}).status_code == 422
    assert client.post(address, data={"changes": [], "reason": "Sí", "do": "admit"}).status_code == 422
    assert client.post(address, data={"changes": ids, "reason": "Sí", "do": "otra"}).status_code == 422
    done = client.post(address, data={"changes": ids[:3], "reason": "Se cortó la línea en la sala", "do": "admit"})
    assert done.status_code == 302
    db.session.expire_all()
    session = db.session.get(Session, phone.session_id)
    assert session.results[0].dots == 5
    assert [each.heads for each in session.attendances] == [2]
    assert session.notes is None
    gone = client.post(address, data={"changes": ids[3:], "reason": "No era de esta sesión", "do": "dismiss"})
    assert gone.status_code == 302
    assert queries.late_in(session) == []
    assert "No era de esta sesión" in client.get(address).text
    assert sign_in(app.test_client(), facilitator).get(address).status_code == 403


@pytest.mark.settings(WTF_CSRF_ENABLED=False)
def test_with_a_code_nothing_is_seen_of_a_session_that_was_handed_in(app, phone, table_session, facilitator):
    _code, plain = make_code(table_session, label="Teléfono", hours=2, by=facilitator)
    client = app.test_client()
    client.post("/sala", data={"code": plain})
    room = Phone(client, table_session.id)
    assert room.send(room.write("session", "", "notes", "En la sala")).status_code == 200
    submit_session(table_session, by=facilitator)
    for page in ("/hoja/datos", "/hoja/fotos", "/papel", "/imprimir", "/planilla.xlsx"):
        answer = client.get(f"/sesiones/{table_session.id}{page}")
        assert answer.status_code == 403, page
        assert "ya fue entregada" in (answer.get_json() or {}).get("reason", answer.text)
    told = room.send(room.write("session", "", "notes", "Tarde")).get_json()
    assert list(told["taken"].values()) == ["late"]
    assert (told["fields"], told["conflicts"], told["state"]) == ([], [], "submitted")
    assert phone.read()["session"]["state"] == "submitted"
    assert phone.send().get_json()["fields"]


@pytest.mark.settings(RATE_LIMITS=True, RATELIMIT_ENABLED=True)
def test_whoever_sends_too_often_is_told_in_json_to_wait(phone):
    answers = [phone.send() for _each in range(125)]
    assert [each.status_code for each in answers[:110]] == [200] * 110
    assert (answers[-1].status_code, answers[-1].get_json()["error"]) == (429, "busy")
    assert int(answers[-1].headers["Retry-After"]) <= 60


def test_what_came_late_is_shown_a_hundred_at_a_time(phone, table_session, facilitator, moderator, new_client):
    submit_session(table_session, by=facilitator)
    phone.send(*(phone.write("agenda", new_uid(), "development", f"Tarde {at}") for at in range(130)))
    client = sign_in(new_client(), moderator)
    first, second = (client.get(f"/sesiones/{table_session.id}/tardias{query}").text for query in ("", "?pagina=2"))
    assert [page.count('name="changes"') for page in (first, second)] == [100, 30]
    assert "130 datos esperan" in first
    assert "pagina=2" in first
    assert client.get(f"/sesiones/{table_session.id}/tardias?pagina=99999999999999999999x").status_code == 200


@pytest.mark.settings(WTF_CSRF_ENABLED=False)
def test_who_wrote_what_another_sends_has_a_hand_in_the_session(
    phone, app, table_session, moderator, facilitator, world_elsewhere
):
    other = world_elsewhere
    code, plain = make_code(table_session, label="Un teléfono", hours=2, by=facilitator)
    browser = app.test_client()
    browser.post("/sala", data={"code": plain})
    room = Phone(browser, table_session.id)
    note = room.read()["person"]["hand"]
    signer = URLSafeSerializer(app.config["SECRET_KEY"], salt="consulta.hand")
    forged = URLSafeSerializer("another key of some length 012345", salt="consulta.hand")
    notes = [note, forged.dumps([table_session.id, moderator.uid]), signer.dumps([other.id, moderator.uid]), "x", ""]
    assert phone.send(phone.write("session", "", "notes", "Anotado."), hands=notes).status_code == 200
    db.session.expire_all()
    assert set(table_session.hands) == {facilitator.uid, code.uid}
    # Whoever only looks, or sends again what came already, is no hand for it.
    assert phone.send(hands=[signer.dumps([table_session.id, moderator.uid])]).status_code == 200
    for bad in ("x", [1], {"a": 1}, ["x"] * 21, ["\x00"]):
        assert phone.send(phone.write("session", "", "notes", "Otra."), hands=bad).status_code in (400, 422), bad
    db.session.expire_all()
    assert moderator.uid not in table_session.hands and table_session.notes == "Anotado."
