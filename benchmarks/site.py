"""Print what the site serves with 10,000 proposals beside a bare application in the same run.

Lists and supports a second under gunicorn (2 workers of 4 threads) on SQLite and PostgreSQL, queries a page, and the
bytes of a first view. Rates are medians of several rounds, site and bare application in turn, since machines drift.
"""

import argparse
import os
import random
import re
import secrets
import statistics
import sys
import tempfile
import urllib.request
from datetime import timedelta
from pathlib import Path

from flask import session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import event, insert, text
from sqlalchemy.orm import Session

from benchmarks.bare import Base, Insertion
from benchmarks.load import load
from consulta.accounts.models import Person
from consulta.app import create_app
from consulta.core.clock import now
from consulta.core.extensions import db
from consulta.core.text import beginning, fold
from consulta.proposals.models import Proposal, Wording
from tests import people
from tests.services.databases import SECRET_KEY, migrate, settings_for
from tests.services.postgresql import DURABLE, PostgreSQL, programs
from tests.services.processes import Process, free_port
from tests.services.visitors import Visitor

ROOT = Path(__file__).resolve().parents[1]
PROPOSALS, VOTERS, PAGE_BYTES = 10_000, 400, 60_000
WORDS = (
    "plaza barrio comuna salud agua escuela datos abiertos transporte ciclovía municipio concejo presupuesto mayores "
    "niñas reciclaje árboles horario consultorio vereda luminarias transparencia actas participación bosque humedal"
).split()


def main(arguments=()):
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=4, help="length of one round")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, of which the median counts")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="consulta-bench-") as folder:
        measure("SQLite", f"sqlite:///{folder}/bench.sqlite3", Path(folder), chosen)
    if programs() is None:
        print("PostgreSQL: not installed, not measured")
        return
    cluster = PostgreSQL(DURABLE)
    try:
        with tempfile.TemporaryDirectory(prefix="consulta-bench-") as folder:
            measure("PostgreSQL", cluster.create_database("bench"), Path(folder), chosen)
    finally:
        cluster.remove()


def measure(name, url, folder, chosen):
    """Seed the database at `url` and print its figures under `name`."""
    migrate(url, folder)
    app = create_app(settings_for(url, folder))
    app.test_client_class = Visitor
    with app.app_context():
        slug, codes, voters = seed()
        print(f"\n# {name}, {PROPOSALS} proposals\n")
        count_queries(app, slug, codes[0], voters[0])
        weigh_first_view(app, slug)
        Base.metadata.create_all(db.engine, tables=[Insertion.__table__])
        db.engine.dispose()
    forms = [ballot(app, voter) for voter in voters]
    served = Server("wsgi:app", url, folder)
    bare = Server("benchmarks.bare:create_bare_app()", url, folder)
    try:
        rates = {"list": [], "bare list": [], "support": [], "bare insert": []}
        for turn in range(chosen.rounds):
            rates["list"].append(
                load(served.port, forever(get(f"/consultas/{slug}/propuestas")), seconds=chosen.seconds)
            )
            rates["bare list"].append(load(bare.port, forever(get("/")), seconds=chosen.seconds))
            rates["support"].append(load(served.port, supports(forms, codes, turn), seconds=chosen.seconds))
            rates["bare insert"].append(load(bare.port, forever(post("/insert")), seconds=chosen.seconds))
        for ours, theirs in (("list", "bare list"), ("support", "bare insert")):
            one, other = (statistics.median(each.rate for each in rates[kind]) for kind in (ours, theirs))
            print(f"{ours:8} {one:6.0f} requests/s   {theirs:11} {other:6.0f} requests/s   ratio {one / other:.2f}")
            if odd := [each.statuses for each in rates[ours] if set(each.statuses) - {200, 302}]:
                print(f"         other answers: {odd}")
    finally:
        served.stop()
        bare.stop()


def seed():
    """Fill the database; returns the consultation's slug, its proposals' codes and the voters' session ids."""
    people.load_territories(people.PLACES, by=None)
    administrator = people.make_person("Administración", administrator=True)
    consultation = people.make_consultation(administrator)
    chance = random.Random(1)
    rows, texts, voters = [], [], []
    for number in range(1, PROPOSALS + 1):
        title = " ".join(chance.choice(WORDS) for _word in range(8)).capitalize()
        body = " ".join(chance.choice(WORDS) for _word in range(60)).capitalize() + "."
        rows.append(
            {
                "id": number,
                "code": f"{number:07d}",
                "consultation_id": consultation.id,
                "origin": "online",
                "author_id": administrator.id,
                "state": "published",
                "started_at": now(),
                "published_at": now() - timedelta(seconds=number),
                "supporters": chance.randrange(0, 50),
                "theme_id": consultation.themes[number % 2].id,
            }
        )
        texts.append(
            {
                "proposal_id": number,
                "number": 1,
                "title": title,
                "body": body,
                "excerpt": beginning(body),
                "folded": fold(f"{title}\n{body}"),
                "written_at": now(),
            }
        )
    for number in range(VOTERS):
        voters.append(
            {
                "uid": secrets.token_hex(16),
                "name": f"Persona {number}",
                "email": f"votante{number}@example.org",
                "canonical_email": f"votante{number}@example.org",
                "password_hash": str(people.HASHED),
                "registered_at": now(),
                "confirmed_at": now(),
            }
        )
    # Seeding ten thousand proposals one action after another would take longer than all that is measured.
    with Session(db.engine) as seeding, seeding.begin():
        seeding.execute(insert(Proposal), rows)
        seeding.execute(insert(Wording), texts)
        seeding.execute(insert(Person), voters)
        # What PostgreSQL's autovacuum and an older SQLite file have done long since.
        seeding.execute(text("ANALYZE"))
    return consultation.slug, [row["code"] for row in rows], [f"{each['uid']}.0" for each in voters]


def count_queries(app, slug, code, voter):
    """Print how many statements the list and a proposal's page send, for a visitor and for a signed-in person."""
    sent = []
    event.listen(
        db.engine, "before_cursor_execute", lambda *about: about[2].startswith("BEGIN") or sent.append(about[2])
    )
    for label, path in (("list", f"/consultas/{slug}/propuestas"), ("proposal", f"/propuestas/{code}")):
        for who in (None, voter):
            client = app.test_client()
            if who:
                with client.session_transaction() as signed_in:
                    signed_in["_user_id"], signed_in["_fresh"] = who, True
            db.session.remove()
            sent.clear()
            answer = client.get(path)
            assert answer.status_code == 200, answer.status
            print(f"{label:8} {len(sent):2} queries for {'a person' if who else 'a visitor'}")


def weigh_first_view(app, slug):
    """Print the bytes that a first visit to the list moves: the page with its style sheets, scripts and pictures."""
    client = app.test_client()
    page = client.get(f"/consultas/{slug}/propuestas", headers={"Accept-Encoding": "br"})
    text = client.get(f"/consultas/{slug}/propuestas").get_data(as_text=True)
    found = {path for path in re.findall(r'(?:href|src)="(/[^"]+\.(?:css|js|svg)[^"]*)"', text) if "print" not in path}
    total = len(page.data)
    for path in sorted(found):
        total += len(client.get(path.split("#")[0].replace("&amp;", "&"), headers={"Accept-Encoding": "br"}).data)
    print(f"first view {total} bytes compressed, with {len(found)} files (goal: {PAGE_BYTES})")


class Server:
    """gunicorn with 2 workers of 4 threads on a free port."""

    def __init__(self, target, url, folder):
        self.port = free_port()
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "SECRET_KEY": SECRET_KEY,
            "DATABASE_URL": url,
            "INSTANCE": str(folder),
            "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "RATE_LIMITS": "0",
            # The first sweep would group ten thousand new texts meanwhile; `benchmarks/similarity.py` measures that.
            "SWEEP_SECONDS": "0",
        }
        command = [sys.executable, "-m", "gunicorn", "-w", 2, "--threads", 4, "-b", f"127.0.0.1:{self.port}", target]
        self._process = Process(command, folder / f"{self.port}.log", env=environment, cwd=ROOT)
        self._process.wait_until(self._answers)

    def stop(self):
        """End it."""
        self._process.stop()

    def _answers(self):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5).close()
        except OSError:
            return False
        return True


def ballot(app, voter):
    """Return (cookie, CSRF token) of a session in which `voter` is signed in."""
    with app.test_request_context():
        token = generate_csrf()
        session["_user_id"], session["_fresh"] = voter, True
        cookie = app.session_interface.get_signing_serializer(app).dumps(dict(session))
    return f"{app.config['SESSION_COOKIE_NAME']}={cookie}", token


def supports(forms, codes, turn):
    """Return the requests of each line: its own voters support proposals, never the same one twice."""

    def of(line):
        mine = forms[line::8]
        for number in range(turn * 3000, turn * 3000 + 3000):
            cookie, token = mine[number % len(mine)]
            yield post(f"/propuestas/{codes[(number * 8 + line) % len(codes)]}/apoyo", f"csrf_token={token}", cookie)

    return of


def forever(request):
    """Return requests that repeat one."""

    def of(_line):
        while True:
            yield request

    return of


def get(path):
    """Return a GET request as bytes."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: br\r\n\r\n".encode()


def post(path, body="", cookie=""):
    """Return a POST request of a form as bytes."""
    kind = "application/x-www-form-urlencoded"
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nContent-Type: {kind}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()


if __name__ == "__main__":
    main(sys.argv[1:])
