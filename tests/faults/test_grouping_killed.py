"""Whoever computes groups may be killed at any moment: the queue is the old one or the new one, and the run is made up.

The control is a run that stores group by group: the same checks must see its halves.
"""

import os
import signal
import time
import traceback
from datetime import timedelta

import pytest
from sqlalchemy import select

from consulta.core.clock import frozen, now
from consulta.core.extensions import db
from consulta.core.pulse import finish, unpark
from consulta.jobs import suggest_groups as job
from consulta.jobs.work import CLAIM, perform
from consulta.suggestions.actions import suggest_groups
from consulta.suggestions.finding import Found, signature_of
from consulta.suggestions.models import SimilarGroup
from tests.faults.at_once import at_once
from tests.people import make_proposal

SUBJECTS = (
    *("faroles", "ciclovías", "bibliotecas", "semáforos", "ambulancias", "humedales", "veredas", "piscinas"),
    *("refugios", "mercados", "museos", "talleres", "huertos", "paraderos", "ascensores", "puentes"),
)
# Seconds after which a run is killed, counted from its start or from the beginning of its last step.
MOMENTS = (0.0, 0.02, 0.1, 0.3)
STORING = (0.0, 0.002, 0.005, 0.01, 0.02, 0.04)


@pytest.fixture
def twins(consultation, citizen):
    """Two copies of each of many proposals."""
    return [
        make_proposal(consultation, citizen, title=f"{start} {subject}", body=f"{start} {subject}.")
        for subject in SUBJECTS
        for start in ("Más", "más")
    ]


def queue():
    """Return the signatures of the stored groups; each must be that of exactly its members."""
    db.session.rollback()
    groups = db.session.scalars(select(SimilarGroup)).all()
    for group in groups:
        assert group.signature == signature_of([member.proposal_id for member in group.members])
    signatures = {group.signature for group in groups}
    db.session.rollback()
    return signatures


def run_and_kill(moment, ready=None):
    """Have a process group proposals and kill it `moment` seconds later, or that long after it touches `ready`."""
    child = os.fork()
    if child == 0:
        try:
            db.engine.dispose(close=False)
            if ready is not None:
                _tell(ready)
            perform("suggest_groups")
        except BaseException:
            traceback.print_exc()
        os._exit(0)
    deadline = time.monotonic() + 20
    while ready is not None and not ready.exists() and time.monotonic() < deadline:
        time.sleep(0.0005)
    time.sleep(moment)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if ready is not None:
        ready.unlink(missing_ok=True)


def _tell(ready):
    """Touch the file `ready` when the storing begins."""
    store = job.suggest_groups

    def storing(consultation, *, found, by):
        ready.touch()
        return store(consultation, found=found, by=by)

    job.suggest_groups = storing


def one_by_one(consultation, *, found, by):
    """Store what was found group by group: what must never be done."""
    for number in range(1, len(found.suggestions) + 1):
        suggest_groups(consultation, found=Found(found.read_at, found.encoder, found.suggestions[:number]), by=by)


def expected(twins):
    """Return the signatures of the groups that the twins make."""
    ids = [each.id for each in twins]
    return {signature_of(ids[place : place + 2]) for place in range(0, len(ids), 2)}


def begin_again(consultation):
    """Empty the queue and forget that anybody was at it."""
    name = f"suggest_groups:{consultation.id}"
    suggest_groups(consultation, found=Found(now(), "letters", []), by=None)
    unpark(name, by=None)
    finish(name, by=None)


def test_a_run_that_is_killed_leaves_no_half_of_a_queue_and_is_made_up(app, consultation, twins, tmp_path):
    whole = expected(twins)
    for ready, moment in [(None, each) for each in MOMENTS] + [(tmp_path / "storing", each) for each in STORING]:
        begin_again(consultation)
        run_and_kill(moment, ready)
        assert queue() in (set(), whole), f"killed after {moment} s"
    begin_again(consultation)
    run_and_kill(0.0, tmp_path / "storing")
    perform("suggest_groups")
    with frozen(now() + timedelta(seconds=CLAIM + 1)):
        perform("suggest_groups")
    assert queue() == whole


def test_a_run_that_stores_group_by_group_would_be_seen(app, consultation, twins, tmp_path, monkeypatch):
    monkeypatch.setattr(job, "suggest_groups", one_by_one)
    whole, seen = expected(twins), []
    for moment in (0.02, 0.05, 0.1, 0.15, 0.2):
        begin_again(consultation)
        run_and_kill(moment, tmp_path / "storing")
        seen.append(queue())
    assert any(half not in (set(), whole) for half in seen)


def test_two_workers_at_once_end_with_one_result(app, consultation, twins):
    answers = at_once(app, [lambda: perform("suggest_groups")] * 2)
    assert not any(isinstance(each, Exception) for each in answers), answers
    assert queue() == expected(twins)
