"""A convening that two change, or that one changes while another opens the session: who comes second is told.

The lock is taken away once, and the same is seen to overwrite what nobody saw.
"""

import time

import pytest

from consulta.accounts.models import Person
from consulta.core.errors import Busy, Conflict
from consulta.core.extensions import db
from consulta.tables import actions, digests
from consulta.tables.actions import ChangedMeanwhile, convene_session, open_session, reconvene_session
from consulta.tables.models import Session
from tests.faults.at_once import at_once
from tests.faults.test_votes_at_once import unlocked

ROUNDS = 15


@pytest.fixture
def convened(table, moderator):
    """A session of the table of Magallanes that nobody opened yet."""
    return convene_session(table, title="Primera sesión", place="Biblioteca regional", by=moderator)


def changing(session, place, by):
    """Return an act: change the place of `session`, as a form that shows what it says now."""
    base, number, person = digests.of_convening(session, session.attendances), session.id, by.id

    def change():
        row = db.session.get(Session, number)
        return reconvene_session(row, title=row.title, place=place, base=base, by=db.session.get(Person, person)).place

    return change


def opening(session, by):
    """Return an act: open `session`, and tell where it takes place."""
    number, person = session.id, by.id
    return lambda: open_session(db.session.get(Session, number), by=db.session.get(Person, person)).place


def overwritten(app, session, by):
    """Let two who saw the same give `session` other places at once; return the rounds in which both were told yes."""
    both = []
    for number in range(ROUNDS):
        places = [f"Sala {number}", f"Casa {number}"]
        answers = at_once(app, [changing(session, place, by) for place in places])
        assert [each for each in answers if not isinstance(each, str | ChangedMeanwhile | Busy)] == []
        done = [each for each in answers if each in places]
        assert session.place in done
        if len(done) > 1:
            both.append(number)
    return both


def test_of_two_who_change_a_convening_at_once_one_is_told_that_it_changed(app, convened, moderator):
    assert overwritten(app, convened, moderator) == []


@pytest.mark.only_on("postgresql")
def test_without_the_lock_one_overwrites_what_the_other_wrote_unseen(app, convened, moderator, monkeypatch):
    quick = digests.of_convening

    def slow(*args):
        fingerprint = quick(*args)
        time.sleep(0.02)
        return fingerprint

    monkeypatch.setattr(actions, "lock", unlocked)
    monkeypatch.setattr(digests, "of_convening", slow)
    assert overwritten(app, convened, moderator)


def test_a_session_that_is_opened_meanwhile_keeps_the_convening_it_was_opened_with(app, table, facilitator, moderator):
    for number in range(ROUNDS):
        session = convene_session(table, title=f"Sesión {number}", place="Biblioteca regional", by=moderator)
        changed, opened = at_once(app, [changing(session, "Otra", moderator), opening(session, facilitator)])
        assert isinstance(opened, str | Busy) and isinstance(changed, str | Conflict | Busy)
        if isinstance(opened, str):
            assert session.place == opened
