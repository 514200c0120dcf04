"""One action is one write, whole or not at all."""

import pytest
from sqlalchemy import func, select, text

from consulta.accounts.models import Institution
from consulta.core.errors import Conflict
from consulta.core.extensions import db
from consulta.core.pulse import Pulse, claim, finish, stumble
from consulta.core.work import action, ring


@action(unrecorded="only a test")
def found(*names, fail=False, by):
    """Add institutions, and perhaps fail after it."""
    for name in names:
        db.session.add(Institution(name=name, sector="government"))
    db.session.flush()
    ring("institutions.found", n=len(names))
    if fail:
        raise RuntimeError("half-way")


@action(unrecorded="only a test")
def found_twice(*, by):
    """Call two actions in one."""
    found("Uno", by=by)
    found("Dos", fail=True, by=by)


def count(app):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Institution))


def test_an_action_that_fails_leaves_nothing_and_rings_nothing(app):
    with pytest.raises(RuntimeError):
        found("Uno", fail=True, by=None)
    assert count(app) == 0
    assert app.extensions["bell"].rung == []


def test_an_action_inside_an_action_is_part_of_it(app):
    with pytest.raises(RuntimeError):
        found_twice(by=None)
    assert count(app) == 0


def test_the_bell_rings_once_after_the_commit(app):
    found("Uno", "Dos", by=None)
    assert count(app) == 2
    assert app.extensions["bell"].rung == [("institutions.found", {"n": 2})]


def test_a_constraint_that_finds_a_twin_becomes_a_conflict(app):
    found("Uno", by=None)
    with pytest.raises(Conflict):
        found("Uno", by=None)
    assert count(app) == 1


def test_a_bell_that_breaks_does_not_reach_the_person(app):
    def broken(event, ids):
        raise OSError("no bell")

    app.extensions["bell"] = broken
    found("Uno", by=None)
    assert count(app) == 1


def test_an_action_takes_its_actor_by_keyword_only():
    with pytest.raises(TypeError):
        action(lambda by: None, unrecorded="only a test")


def test_sqlite_is_durable_and_keeps_foreign_keys(app):
    if db.engine.dialect.name != "sqlite":
        assert db.session.scalar(text("SHOW statement_timeout")) != "0"
        return
    pragmas = {
        name: db.session.scalar(text(f"PRAGMA {name}")) for name in ("synchronous", "foreign_keys", "journal_mode")
    }
    assert pragmas == {"synchronous": 2, "foreign_keys": 1, "journal_mode": "wal"}


def test_claimed_work_is_done_by_one_and_once_more_if_asked_again(app):
    assert claim("seal", 60, by=None)
    assert not claim("seal", 60, by=None)
    assert finish("seal", by=None), "somebody asked while it was under way"
    assert claim("seal", 60, by=None)
    assert not finish("seal", by=None)


def test_work_that_fails_three_times_is_parked(app):
    for _try in range(3):
        assert claim("seal", 60, by=None)
        stumble("seal", "broken", by=None)
    assert not claim("seal", 60, by=None)
    assert db.session.get(Pulse, "seal").parked
