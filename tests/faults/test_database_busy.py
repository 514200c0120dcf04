"""A database that has no turn, no connection or no room left: 503, nothing half stored, and well again by itself."""

import sqlite3
import threading

import pytest
from sqlalchemy import func, select

from consulta.core import database
from consulta.core.errors import Busy
from consulta.core.extensions import db
from consulta.proposals.actions import start_proposal
from consulta.proposals.models import Proposal
from consulta.votes.actions import cast_vote
from consulta.votes.models import Vote
from tests.faults.at_once import at_once
from tests.people import sign_in
from tests.web.sending import TOKEN

LONG = "palabra " * 700


@pytest.fixture
def path(database_url):
    """The file of an SQLite database."""
    return database_url.removeprefix("sqlite:///")


@pytest.fixture
def supporting(client, proposal, other_citizen):
    """Sends the other citizen's support for the proposal, from a page opened before; returns the answer."""
    page = f"/propuestas/{proposal.code}"
    token = TOKEN.search(sign_in(client, other_citizen).get(page).text).group(1)
    return lambda: client.post(f"{page}/apoyo", data={"csrf_token": token, "next": "/salud"})


def votes():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Vote))


@pytest.mark.only_on("sqlite")
def test_a_write_lock_that_is_held_is_a_503_and_the_same_support_counts_afterwards(path, supporting, monkeypatch):
    monkeypatch.setitem(database.SQLITE_PRAGMAS, "busy_timeout", "300")
    db.engine.dispose()  # connections made from now on have less patience
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    answer = supporting()
    assert (answer.status_code, votes()) == (503, 0)
    assert "Retry-After" in answer.headers
    holder.execute("ROLLBACK")
    holder.close()
    assert supporting().status_code == 302
    assert votes() == 1


@pytest.mark.only_on("sqlite")
def test_readers_go_on_while_somebody_writes(path, client, proposal):
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert client.get(f"/propuestas/{proposal.code}").status_code == 200
    holder.close()


@pytest.mark.only_on("sqlite")
def test_a_full_disk_is_a_503_leaves_nothing_half_stored_and_ends(path, supporting, consultation, citizen, monkeypatch):
    pages = sqlite3.connect(path).execute("PRAGMA page_count").fetchone()[0]
    monkeypatch.setitem(database.SQLITE_PRAGMAS, "max_page_count", str(pages))
    db.engine.dispose()
    stored = db.session.scalar(select(func.count()).select_from(Proposal))
    with pytest.raises(Busy):
        for number in range(50):
            start_proposal(consultation, title=f"Propuesta {number}", body=LONG, by=citizen)
            stored += 1
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Proposal)) == stored
    assert all(proposal.wording is not None for proposal in db.session.scalars(select(Proposal)))
    monkeypatch.setitem(database.SQLITE_PRAGMAS, "max_page_count", str(2**30))
    db.engine.dispose()
    assert supporting().status_code == 302
    assert votes() == 1


@pytest.mark.only_on("postgresql")
@pytest.mark.settings(DATABASE_POOL=1)
def test_a_process_without_a_connection_left_says_503_and_has_them_back(app, supporting):
    release, taken = threading.Event(), threading.Barrier(3)

    def take():
        with app.app_context(), db.engine.connect():
            taken.wait()
            release.wait()

    db.session.remove()
    holders = [threading.Thread(target=take) for _number in range(2)]
    for holder in holders:
        holder.start()
    taken.wait()
    answer = supporting()
    release.set()
    for holder in holders:
        holder.join()
    assert (answer.status_code, votes()) == (503, 0)
    assert supporting().status_code == 302
    assert votes() == 1


@pytest.mark.settings(DATABASE_POOL=2)
def test_few_connections_serve_many_people(app, proposal, other_citizen):
    proposal_id, person_id, person = proposal.id, other_citizen.id, type(other_citizen)

    def support():
        return cast_vote(db.session.get(Proposal, proposal_id), by=db.session.get(person, person_id)).id

    db.session.remove()
    assert at_once(app, [support] * 30) == [proposal_id] * 30
    assert votes() == 1
