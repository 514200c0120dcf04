"""Bells: how the jobs are told of a change once it is committed. A bell may be lost; the sweep finds what it meant."""

import logging
import os
import queue
import threading
import time

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.serializers import JSONSerializer

from consulta.jobs.reactions import jobs_for
from consulta.jobs.sweep import sweep
from consulta.jobs.work import perform

log = logging.getLogger(__name__)

WAITING_AT_MOST = 1000
QUEUE = "consulta"
# Seconds after a failed connection in which Redis is not asked again: nobody's request waits for it twice.
REST = 5


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
    """One thread in this process does the jobs, one after another, and sweeps while it is idle.

    What is asked for twice before it is done is done once. seconds: how often it sweeps; 0 never.
    """

    kind = "thread"

    def __init__(self, app, seconds):
        self._app, self._seconds = app, seconds
        self._queue, self._waiting = queue.Queue(WAITING_AT_MOST), set()
        self._lock, self._thread, self._pid = threading.Lock(), None, None
        app.before_request(self.start)

    def __call__(self, event, ids):
        for name in jobs_for(event):
            with self._lock:
                if name in self._waiting:
                    continue
                self._waiting.add(name)
            try:
                self._queue.put_nowait(name)
            except queue.Full:
                with self._lock:
                    self._waiting.discard(name)
        self.start()

    def start(self):
        """Start the thread in this process, unless it runs."""
        if self._thread is not None and self._pid == os.getpid() and self._thread.is_alive():
            return
        with self._lock:
            self._pid = os.getpid()
            self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)
            self._thread.start()

    def status(self):
        """Return how the bell is: kind, well, detail, waiting."""
        alive = self._thread is not None and self._thread.is_alive()
        return {"kind": self.kind, "well": alive, "detail": "", "waiting": len(self._waiting)}

    def _work(self):
        due = time.monotonic() + (self._seconds or 0)
        while True:
            try:
                name = self._queue.get(timeout=max(0.05, due - time.monotonic()) if self._seconds else None)
            except queue.Empty:
                name = None
            try:
                with self._app.app_context():
                    if name is not None:
                        with self._lock:
                            self._waiting.discard(name)
                        perform(name)
                    elif self._seconds and time.monotonic() >= due:
                        sweep()
            except Exception:
                log.exception("a job was left for the next sweep")
            if self._seconds and time.monotonic() >= due:
                due = time.monotonic() + self._seconds


class RqBell:
    """Hands the jobs to RQ workers; with Redis away it only notes that, and the sweep of the worker does them."""

    kind = "rq"

    def __init__(self, app, url):
        self.connection = Redis.from_url(url, socket_connect_timeout=0.3, socket_timeout=1, retry_on_timeout=False)
        self._queue = Queue(QUEUE, connection=self.connection, serializer=JSONSerializer)
        self._resting_until = 0.0

    def __call__(self, event, ids):
        names = jobs_for(event)
        if not names or time.monotonic() < self._resting_until:
            return
        try:
            for name in names:
                self._queue.enqueue("consulta.jobs.work.perform", name, result_ttl=0, failure_ttl=86400)
        except RedisError as error:
            self._resting_until = time.monotonic() + REST
            log.warning("Redis is away, %s waits for the sweep: %s", ", ".join(names), error)

    def status(self):
        """Return how the bell is: kind, well, detail, waiting (in the queue); well means Redis and a worker are there."""
        try:
            workers = Worker.count(connection=self.connection)
            waiting = len(self._queue)
        except RedisError as error:
            return {"kind": self.kind, "well": False, "detail": str(error), "waiting": None}
        return {"kind": self.kind, "well": workers > 0, "detail": f"{workers} workers", "waiting": waiting}
