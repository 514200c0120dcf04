"""Print what the worksheet of a large session costs: python -m benchmarks.worksheet.

60 proposals with long texts and 40 lines of attendance, on SQLite: the seconds and bytes of the whole document, and the
seconds of the first and of later batches of 500 changes, in one process without a server. Medians of several tries; of
the processor's own seconds, since other work on the machine counts in no other way.
"""

import gzip
import json
import random
import statistics
import tempfile
import time
from pathlib import Path

from consulta.app import create_app
from consulta.consultations.actions import appoint
from consulta.core.extensions import db
from consulta.tables.actions import convene_session, found_table, open_session
from consulta.territories.actions import load_territories
from tests import people
from tests.services.databases import migrate, settings_for
from tests.services.visitors import Visitor
from tests.worksheets.devices import Device, new_uid

PROPOSALS, LINES, CHANGES, TRIES = 60, 40, 500, 5
TEXTS = ("reasons", "reasons_against", "dissent", "requests")
NUMBERS = ("dots", "votes_for", "votes_against", "abstentions", "level_full", "level_reserved", "level_neutral")
WORDS = "agua salud barrio plaza datos actas horario reciclaje vereda humedal concejo presupuesto árboles".split()


def main():
    """Print all figures."""
    random.seed(1)
    with tempfile.TemporaryDirectory(prefix="consulta-bench-") as folder:
        url = f"sqlite:///{folder}/bench.sqlite3"
        migrate(url, Path(folder))
        app = create_app(settings_for(url, folder, WTF_CSRF_ENABLED=False))
        app.test_client_class = Visitor
        with app.app_context():
            _measure(app)


def _measure(app):
    session, person, codes = _seed()
    client = people.sign_in(app.test_client(), person)
    address = f"/sesiones/{session.id}/hoja/datos"
    device = Device(session, person)
    changes = [device.change(*each) for each in _everything(codes)]
    batches = [changes[at : at + CHANGES] for at in range(0, len(changes), CHANGES)]
    first = [_seconds(lambda batch=batch: _post(client, address, device, batch)) for batch in batches]
    print(f"{len(changes)} changes in {len(batches)} batches fill the worksheet")
    print(f"a batch of {CHANGES} new fields: {max(first):.2f} s at most")
    again = []
    for number in range(TRIES):
        edits = [device.change("result", code, name, _text(number)) for code in codes for name in TEXTS][:CHANGES]
        edits += [device.change("result", code, "dots", number) for code in codes]
        again.append(_seconds(lambda edits=edits: _post(client, address, device, edits[:CHANGES])))
    print(f"a batch of {min(len(edits), CHANGES)} changed fields: {statistics.median(again):.2f} s")
    print(f"the same batch again: {_seconds(lambda: _post(client, address, device, edits[:CHANGES])):.2f} s")
    print(
        f"a poll: {statistics.median(_seconds(lambda: _post(client, address, device, [])) for _ in range(TRIES)):.2f} s"
    )
    read = [_seconds(lambda: client.get(address)) for _each in range(TRIES)]
    content = client.get(address, headers={"Accept-Encoding": "identity"}).data
    packed = client.get(address, headers={"Accept-Encoding": "br, gzip"})
    print(f"the whole document: {statistics.median(read):.2f} s, {len(content) / 1000:.0f} kB", end=", ")
    print(f"{len(packed.data) / 1000:.0f} kB as sent ({packed.headers.get('Content-Encoding')})", end=", ")
    print(f"{len(gzip.compress(content)) / 1000:.0f} kB with gzip")


def _seed():
    load_territories(people.PLACES, by=None)
    administrator = people.make_person("Administración", administrator=True)
    consultation = people.make_consultation(administrator)
    person = people.make_person("Secretaría")
    appoint(person, "moderator", consultation, by=administrator)
    author = people.make_person("Autora")
    codes = [
        people.make_proposal(consultation, author, title=_text(8)[:120], body=_text(150)).code for _ in range(PROPOSALS)
    ]
    table = found_table(consultation, title="Mesa de salud", kind="thematic", by=person)
    session = open_session(convene_session(table, title="Sesión", by=person), by=person)
    db.session.rollback()
    return session, person, codes


def _everything(codes):
    for _line in range(LINES):
        uid = new_uid()
        yield "attendance", uid, "sector", random.choice(["academia", "government", "civil_society"])
        yield "attendance", uid, "named", f"Institución {_text(3)} {uid[:4]}"
        yield from (("attendance", uid, name, True) for name in ("convened", "attended"))
        yield from (("attendance", uid, name, random.randint(1, 9)) for name in ("heads", "women"))
    for code in codes:
        yield "result", code, "outcome", "keep"
        yield from (("result", code, name, random.randint(0, 40)) for name in NUMBERS)
        yield from (("result", code, name, _text(12)) for name in TEXTS)


def _text(words):
    return " ".join(random.choice(WORDS) + random.choice(["", "s", " de", " y"]) for _ in range(words or 1))


def _post(client, address, device, changes):
    body = {"protocol": 1, "device": device.id, "seen": 10**6, "changes": changes}
    answer = client.post(address, data=json.dumps(body), content_type="application/json")
    assert answer.status_code == 200, answer.text
    assert set(answer.get_json()["taken"].values()) <= {"applied"}, answer.text[:500]


def _seconds(act):
    began = time.process_time()
    act()
    return time.process_time() - began


if __name__ == "__main__":
    main()
