"""Sheets and photos that arrive in the same moment: a photo counts once, and no sheet writes over another unseen."""

import time

import pytest
from sqlalchemy import select

from consulta.accounts.models import Person
from consulta.core.errors import Busy
from consulta.core.extensions import db
from consulta.tables.actions import ChangedMeanwhile
from consulta.tables.models import Session
from consulta.tables.queries import result_on
from consulta.worksheets import actions
from consulta.worksheets.models import Photo
from consulta.worksheets.photo_decoding import Decoded
from consulta.worksheets.spreadsheets import PARTS, fingerprint
from consulta.worksheets.spreadsheets_in import Change
from consulta.worksheets.spreadsheets_rows import contents_of
from tests.faults.at_once import at_once
from tests.faults.test_votes_at_once import unlocked

AT_ONCE = 8
ROUNDS = 5


def acting(session, by, act):
    """Return an act with rows of its own context."""
    session_id, person_id = session.id, by.id
    return lambda: act(db.session.get(Session, session_id), db.session.get(Person, person_id))


def test_a_photo_that_arrives_eight_times_at_once_is_one(app, table_session, facilitator):
    decoded = Decoded(b"JPEG", 4, 3, "0" * 64)
    act = acting(table_session, facilitator, lambda row, by: actions.keep_photo(row, "foto", decoded, by=by).uid)
    answers = at_once(app, [act] * AT_ONCE)
    assert [each for each in answers if each != "foto" and not isinstance(each, Busy)] == []
    assert "foto" in answers
    assert len(db.session.scalars(select(Photo)).all()) == 1


def _applied_at_once(app, session, by, proposal):
    """Apply sheets that were all looked at before any was applied; return how many were, and other answers."""
    dots = next(column for column in PARTS["result"].columns if column.field == "dots")
    base = fingerprint(contents_of(session))
    before = getattr(result_on(session, proposal), "dots", None)

    def sheet(number):
        change = Change("result", proposal.code, "", dots, "Resultados!O2", before, number, False)
        return acting(
            session, by, lambda row, person: actions.apply_sheet(row, [change], base=base, by=person) or number
        )

    after = (before or 0) + 1
    answers = at_once(app, [sheet(after + at) for at in range(AT_ONCE)])
    applied = [each for each in answers if isinstance(each, int)]
    return applied, [each for each in answers if not isinstance(each, int | ChangedMeanwhile | Busy)]


def test_of_sheets_that_were_looked_at_together_one_is_applied_and_the_others_are_shown_again(
    app, table_session, facilitator, proposal
):
    for _round in range(ROUNDS):
        applied, odd = _applied_at_once(app, table_session, facilitator, proposal)
        assert odd == []
        assert len(applied) == 1
        assert result_on(table_session, proposal).dots == applied[0]


@pytest.mark.only_on("postgresql")
def test_without_the_lock_sheets_are_seen_to_write_over_one_another(
    app, table_session, facilitator, proposal, monkeypatch
):
    quick = actions.contents_of

    def slow(*args, **kwargs):
        found = quick(*args, **kwargs)
        time.sleep(0.05)
        return found

    monkeypatch.setattr(actions, "lock", unlocked)
    monkeypatch.setattr(actions, "contents_of", slow)
    assert any(len(_applied_at_once(app, table_session, facilitator, proposal)[0]) > 1 for _round in range(ROUNDS))
