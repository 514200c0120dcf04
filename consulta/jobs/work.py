"""Doing a job: thing by thing, each claimed so that two never do it at once, its end or its failure noted."""

import logging
import threading
import time
from contextlib import contextmanager

from flask import current_app
from sqlalchemy.exc import OperationalError

from consulta.core.errors import Busy, Conflict
from consulta.core.extensions import db
from consulta.core.pulse import claim, finish, renew, stumble
from consulta.jobs import (
    draw_map,
    encode_wordings,
    learn,
    preview_thresholds,
    seal_record,
    send_confirmation,
    send_reset,
    settle_merges,
    suggest_groups,
)

log = logging.getLogger(__name__)

# Each job is a module with two functions. `waiting()` reads from the rows which things wait and returns their ids, [""]
# for a job that is one thing. `run(id)` does one; it may run twice, and may return what `finish` notes of it.
QUICK = {
    "seal_record": seal_record,
    "send_confirmation": send_confirmation,
    "send_reset": send_reset,
    "settle_merges": settle_merges,
}
SLOW = {
    "encode_wordings": encode_wordings,
    "suggest_groups": suggest_groups,
    "preview_thresholds": preview_thresholds,
    "learn": learn,
    "draw_map": draw_map,
}
JOBS = QUICK | SLOW

CLAIM = 60  # seconds that a claim holds unless its holder renews it: how long the work of a killed one waits
LONGEST = 600  # seconds after which even a living holder renews no more
TRY_AGAIN_AFTER = 20  # seconds that a thing rests when it failed
AWAY_AT_MOST = 3  # things in a row that fail because something is away, before the job waits for the next sweep
ROUNDS = 10  # how often a thing is done over because it was asked for meanwhile

# Will pass by itself, and is not the thing's fault: tried again without end, not three times.
PASSING = (Busy, OperationalError)


def perform(name):
    """Do all that waits of the job `name`, but what somebody else is at (who then does it once more).

    Never raises: a failure is noted at its thing, which after three waits for a person, while the others go on. It
    has a session of its own, closed at the end. Returns how many things were done.
    """
    job, done, away = JOBS[name], 0, 0
    with current_app._get_current_object().app_context():
        try:
            for thing in job.waiting():
                ended = _did(job, f"{name}:{thing}" if thing else name, thing)
                done += ended == "done"
                away = away + 1 if ended == "away" else 0
                if away == AWAY_AT_MOST:
                    break
        except PASSING as error:
            log.warning("the job %s was left for the next sweep: %s", name, error)
        except Exception:
            log.exception("the job %s was left for the next sweep", name)
    return done


def _did(job, unit, thing):
    """Do one thing; returns "done", "taken" (by somebody else, parked or at rest), "failed" or "away"."""
    try:
        if not claim(unit, CLAIM, by=None):
            return "taken"
    except Conflict:
        return "taken"  # two claimed it for the first time at once: the other begins now, and sees what we were told of
    try:
        with _kept(unit):
            for _round in range(ROUNDS):
                if not finish(unit, by=None, **(job.run(thing) or {})) or not claim(unit, CLAIM, by=None):
                    break
    except Exception as error:
        db.session.rollback()
        passing = isinstance(error, PASSING)
        log.log(logging.WARNING if passing else logging.ERROR, "%s failed", unit, exc_info=not passing)
        stumble(unit, f"{type(error).__name__}: {error}", counts=not passing, rest=TRY_AGAIN_AFTER, by=None)
        return "away" if passing else "failed"
    return "done"


@contextmanager
def _kept(unit):
    """Renew the claim on `unit` from a thread of its own, which ends with the block or after LONGEST."""
    app, ended, until = current_app._get_current_object(), threading.Event(), time.monotonic() + LONGEST

    def keep():
        while not ended.wait(CLAIM / 3) and time.monotonic() < until:
            with app.app_context():
                try:
                    renew(unit, CLAIM, by=None)
                except Exception as error:
                    log.warning("the claim on %s was not renewed: %s", unit, error)

    keeper = threading.Thread(target=keep, name="claim", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ended.set()
