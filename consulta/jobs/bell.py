"""Bells: how the jobs are told of a change once it is committed. A bell may be lost; the sweep finds what it meant."""

import atexit
import logging
import os
import threading
import time
import weakref

from flask import current_app
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.serializers import JSONSerializer

from consulta.config import IMPATIENT
from consulta.jobs.lanes import lanes_for
from consulta.jobs.reactions import jobs_for
from consulta.jobs.work import LONGEST, QUICK, perform

log = logging.getLogger(__name__)

QUEUE = "consulta"
ANSWER = "consulta.jobs.bell.answer"
# Seconds after a failed connection in which Redis is not asked again: nobody's request waits for it twice.
REST = 5
# Seconds that a job which was asked for counts as waiting, should its worker die before it began.
ASKED_FOR = 60
# Seconds that a command or a process which ends still gives to jobs it asked for.
LAST_JOBS = 3


class SilentBell:
    """Rings nowhere: for commands and tests that do the jobs themselves, with `sweep`."""

    kind = "silent"

    def __init__(self, app):
        self.rung = []

    def __call__(self, event, ids):
        self.rung.append((event, ids))

    def status(self):
        """Return how the bell is: kind, well, detail, waiting."""
        return {"kind": self.kind, "well": True, "detail": "", "waiting": 0}


class ThreadBell:
    """Two threads in this process do the jobs, and sweep beside it; seconds: how often, 0 never.

    They begin with the first request or the first bell of a process, so that one which forks has none before.
    """

    kind = "thread"

    def __init__(self, app, seconds):
        self._app, self._seconds = app, seconds
        self._forget()
        forget = weakref.WeakMethod(self._forget)
        # A fork copies neither the threads nor whoever held their locks.
        os.register_at_fork(after_in_child=lambda: forget() and forget()())
        app.before_request(self.start)

    def __call__(self, event, ids):
        names = jobs_for(event)
        if names:
            self.start()
        for name in names:
            next(lane for lane in self._lanes if name in lane.names).ask(name)

    def start(self):
        """Start the threads in this process, unless they run."""
        if self._started:
            return
        with self._starting:
            if not self._started:
                for lane in self._lanes:
                    lane.start()
                self._started = True
                atexit.register(self.end)

    def end(self):
        """Let the quick jobs that were asked for end, and begin no more: a command rings, too, and ends at once."""
        atexit.unregister(self.end)
        if self._started:
            for lane, patience in zip(self._lanes, (LAST_JOBS, 0), strict=True):
                lane.end(patience)

    def status(self):
        """Return how the bell is: kind, well, detail, waiting."""
        alive = [lane.alive for lane in self._lanes]
        return {
            "kind": self.kind,
            "well": all(alive),
            "detail": "",
            "waiting": sum(lane.waiting for lane in self._lanes),
        }

    def _forget(self):
        self._started, self._starting = False, threading.Lock()
        self._lanes = lanes_for(self._app, self._seconds)


class RqBell:
    """Hands the jobs to RQ workers; with Redis away it only notes that, and the sweep of the worker does them.

    A job that waits in the queue is not put there again, so no burst of changes fills it.
    """

    kind = "rq"

    def __init__(self, app, url):
        self._connection = Redis.from_url(url, **IMPATIENT)
        self._queue = Queue(QUEUE, connection=self._connection, serializer=JSONSerializer)
        self._resting_until = 0.0

    def __call__(self, event, ids):
        names = jobs_for(event)
        if not names or time.monotonic() < self._resting_until:
            return
        try:
            for name in names:
                if self._connection.set(_mark(name), "1", nx=True, ex=ASKED_FOR):
                    self._queue.enqueue(
                        ANSWER,
                        name,
                        at_front=name in QUICK,
                        job_timeout=LONGEST + ASKED_FOR,
                        ttl=LONGEST,
                        result_ttl=0,
                        failure_ttl=LONGEST,
                    )
        except RedisError as error:
            self._resting_until = time.monotonic() + REST
            log.warning("Redis is away, %s waits for the sweep: %s", ", ".join(names), error)

    def began(self, name):
        """Note that the job `name` begins: whoever rings from now on means another run."""
        self._connection.delete(_mark(name))

    def status(self):
        """Return how the bell is: kind, well (Redis and a worker are there), detail, waiting (in the queue)."""
        try:
            # A worker that was killed stays on the list; its own key runs out.
            workers = sum(self._connection.exists(key) for key in Worker.all_keys(connection=self._connection))
            waiting = len(self._queue)
        except RedisError as error:
            return {"kind": self.kind, "well": False, "detail": str(error), "waiting": None}
        return {"kind": self.kind, "well": workers > 0, "detail": f"{workers} workers", "waiting": waiting}


def answer(name):
    """Do the job `name` in a worker: the one function that the queue may name."""
    try:
        current_app.extensions["bell"].began(name)
    except RedisError as error:
        log.warning("Redis is away while %s begins: %s", name, error)
    perform(name)


def _mark(name):
    return f"consulta:asked:{name}"
