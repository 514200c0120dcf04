"""Devices that send in the same moment: nothing counts twice, nothing is lost, on both databases and under gunicorn.

What keeps it so is taken away once, and the same load is seen to break it.
"""

import json
import socket
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from consulta.accounts.models import Person
from consulta.accounts.queries import person_by_email
from consulta.consultations.actions import appoint
from consulta.consultations.queries import find_consultation
from consulta.core.errors import Busy, Conflict
from consulta.core.extensions import db
from consulta.tables.actions import convene_session, found_table, open_session
from consulta.tables.models import Session
from consulta.worksheets import actions, queries
from consulta.worksheets.models import Worksheet, WorksheetChange
from consulta.worksheets.protocol import read_batch
from tests.faults.at_once import at_once
from tests.faults.test_votes_at_once import unlocked
from tests.people import make_person, make_proposal
from tests.services.calling import Caller, people_a_site
from tests.services.databases import KINDS
from tests.worksheets.devices import Device, new_uid

REPLAYS = 10
ROUNDS = 20
TRIES_TO_BREAK = 10


def sending(session, device, *changes):
    """Return an act: `device` sends `changes`, and tells {id: state}."""
    content = json.dumps({"protocol": 1, "device": device.id, "seen": 0, "changes": changes}).encode()
    session_id, person_id = session.id, device.by.id

    def send():
        batch = read_batch(content, session_id)
        row = db.session.get(Session, session_id)
        return actions.take_changes(row, batch, by=db.session.get(Person, person_id)).taken

    return send


def faults(answers):
    """Return what was neither taken nor refused with a reason that a device may try again on."""
    return [each for each in answers if isinstance(each, Exception) and not isinstance(each, Busy | Conflict)]


def lost(session, written):
    """Return those of `written` (texts of one field) that neither stand nor wait."""
    db.session.rollback()
    place = ("session", "", "notes")
    kept = {queries.fields_of(session)[place].value} | {each.value for each in queries.waiting_in(session)}
    return [each for each in written if each not in kept]


def test_ten_replays_at_once_of_one_batch_count_once(app, table_session, facilitator, proposal):
    device, uid = Device(table_session, facilitator), new_uid()
    changes = [
        device.change("session", "", "notes", "Una vez"),
        device.change("result", proposal.code, "dots", 3),
        device.change("attendance", uid, "sector", "academia"),
        device.change("proposal", uid, "title", "Una ventanilla"),
        device.change("proposal", uid, "body", "Que haya una sola."),
        device.change("proposal", uid, "ready", True),
    ]
    answers = at_once(app, [sending(table_session, device, *changes)] * REPLAYS)
    assert faults(answers) == []
    told = [each for each in answers if isinstance(each, dict)]
    assert told and all(each == told[0] for each in told)
    assert set(told[0].values()) == {"applied"}
    assert db.session.query(WorksheetChange).count() == len(changes)
    assert [len(queries.room_of(table_session)), len(table_session.attendances)] == [1, 1]
    assert queries.version_of(table_session) == 1


def test_devices_that_begin_a_worksheet_at_once_share_one(app, table_session, facilitator):
    devices = [Device(table_session, facilitator) for _each in range(6)]
    acts = [
        sending(table_session, each, each.change("session", "", "notes", f"De {at}")) for at, each in enumerate(devices)
    ]
    answers = at_once(app, acts)
    assert faults(answers) == []
    assert db.session.query(Worksheet).count() == 1
    taken = [at for at, each in enumerate(answers) if isinstance(each, dict)]
    assert lost(table_session, [f"De {at}" for at in taken]) == []


def test_two_devices_that_write_one_field_at_once_lose_nothing(app, table_session, facilitator):
    rounds = _written_at_once(app, table_session, facilitator, ROUNDS)
    assert [each for each in rounds if each] == []


@pytest.mark.only_on("postgresql")
def test_without_the_lock_two_devices_are_seen_to_lose_words(app, table_session, facilitator, monkeypatch):
    quick = queries.newest_of

    def slow(*args):
        time.sleep(0.02)
        return quick(*args)

    monkeypatch.setattr(actions, "lock", unlocked)
    monkeypatch.setattr(queries, "newest_of", slow)
    assert any(_written_at_once(app, table_session, facilitator, TRIES_TO_BREAK))


def _written_at_once(app, session, by, rounds):
    """Let two devices that saw the same write the same field at once, `rounds` times; return what was lost in each."""
    found = []
    for number in range(rounds):
        first = Device(session, by)
        first.look(session)
        first.send(session, first.change("session", "", "notes", f"Antes de {number}"))
        devices = [Device(session, by), Device(session, by)]
        for each in devices:
            each.look(session)
        written = [f"{number} {each.id}" for each in devices]
        acts = [
            sending(session, each, each.change("session", "", "notes", text))
            for each, text in zip(devices, written, strict=True)
        ]
        answers = at_once(app, acts)
        assert faults(answers) == []
        taken = [text for text, each in zip(written, answers, strict=True) if isinstance(each, dict)]
        found.append(lost(session, taken))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_under_gunicorn_two_phones_on_the_same_sheet_lose_nothing(new_site, kind):
    site = new_site(kind, threads=4)
    slug, (author,) = people_a_site(site)
    with site.app() as app:
        consultation = find_consultation(slug, to=None)
        proposals = [make_proposal(consultation, person_by_email(author), title=f"Propuesta {n}") for n in range(5)]
        codes = [each.code for each in proposals]
        moderator = _moderator(consultation)
        table = found_table(consultation, title="Mesa de salud", kind="thematic", by=moderator)
        session = open_session(convene_session(table, title="Sesión", by=moderator), by=moderator)
        number = session.id
        phones = [Phone(site.url, session, moderator, app) for _each in range(2)]
    statuses, written = [], {phone.device.id: {} for phone in phones}
    for turn in range(ROUNDS):
        barrier = threading.Barrier(len(phones))

        def send(phone, turn=turn, barrier=barrier):
            changes = []
            for code in codes:
                text = f"{turn} {code} {phone.device.id}"
                changes.append(phone.device.change("result", code, "reasons", text))
                written[phone.device.id][code] = text
            barrier.wait()
            return phone.send(*changes)

        with ThreadPoolExecutor(len(phones)) as pool:
            statuses += list(pool.map(send, phones))
    assert set(statuses) <= {200, 503}
    assert statuses.count(200) > ROUNDS
    with site.app():
        session = db.session.get(Session, number)
        fields = queries.fields_of(session)
        waiting = queries.waiting_in(session)
        for phone in phones:
            for code, text in written[phone.device.id].items():
                kept = {fields["result", code, "reasons"].value} | {each.value for each in waiting if each.key == code}
                assert text in kept or phone.unsent, f"{text} is lost"


def test_a_batch_that_is_cut_anywhere_is_stored_not_at_all_and_whole_when_it_comes_again(new_site):
    site = new_site("sqlite", threads=4)
    slug, _people = people_a_site(site)
    with site.app() as app:
        moderator = _moderator(find_consultation(slug, to=None))
        table = found_table(find_consultation(slug, to=None), title="Mesa de salud", kind="thematic", by=moderator)
        session = open_session(convene_session(table, title="Sesión", by=moderator), by=moderator)
        number, phone = session.id, Phone(site.url, session, moderator, app)
    changes = [phone.device.change("session", "", name, "Palabras ñandú") for name in ("notes", "count_note")]
    whole = phone.request(*changes)
    body = whole.index(b"\r\n\r\n") + 4
    for cut in {1, body // 2, body - 1, body, body + 1, *range(body + 2, len(whole), len(whole) // 25), len(whole) - 1}:
        with socket.create_connection(("127.0.0.1", site.port), timeout=30) as line:
            line.sendall(whole[:cut])
    assert phone.send(*changes) == 200
    assert phone.send(*changes) == 200
    with site.app():
        session = db.session.get(Session, number)
        assert db.session.query(WorksheetChange).count() == len(changes)
        assert (session.notes, queries.version_of(session)) == ("Palabras ñandú", 1)
    assert "Traceback" not in site.log()


class Phone:
    """A phone over HTTP: what was not answered is sent again with the next batch."""

    def __init__(self, url, session, person, app):
        self.device, self.unsent = Device(session, person), []
        self._address = f"{url}/sesiones/{session.id}/hoja/datos"
        caller = Caller(url).enter_as(person, app)
        self._cookie = dict(caller._opener.addheaders)["Cookie"]
        self._token = json.loads(self._call()[1])["csrf"]

    def send(self, *changes):
        """Send what waits and `changes`; returns the status."""
        self.unsent += changes
        batch = {"protocol": 1, "device": self.device.id, "seen": self.device.seen, "changes": self.unsent}
        status, text = self._call(json.dumps(batch).encode())
        if status == 200:
            told = json.loads(text)
            assert set(told["taken"]) == {each["id"] for each in self.unsent}
            self.unsent, self.device.seen = [], told["version"]
            for part, key, name, _value, version, _mine in told["fields"]:
                self.device.versions[part, key, name] = version
        return status

    def request(self, *changes):
        """Return the bytes of the request that sends `changes`."""
        host = self._address.split("/")[2]
        batch = json.dumps({"protocol": 1, "device": self.device.id, "seen": 0, "changes": changes}).encode()
        head = [f"POST {self._address.partition(host)[2]} HTTP/1.1", f"Host: {host}", f"Cookie: {self._cookie}"]
        head += ["Content-Type: application/json", f"X-CSRFToken: {self._token}", f"Content-Length: {len(batch)}"]
        return "\r\n".join([*head, "", ""]).encode() + batch

    def _call(self, data=None):
        headers = {"Cookie": self._cookie, "Accept": "application/json"}
        if data is not None:
            headers |= {"Content-Type": "application/json", "X-CSRFToken": self._token}
        request = urllib.request.Request(self._address, data, headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


def _moderator(consultation):
    person = make_person("Secretaría")
    administrator = make_person("Otra administración", administrator=True)
    appoint(person, "moderator", consultation, by=administrator)
    return person
