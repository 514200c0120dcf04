"""Lanes: threads that do jobs, so that a letter or a seal never waits behind an hour of grouping."""

import logging
import threading
import time

from consulta.jobs.sweep import sweep
from consulta.jobs.work import PASSING, QUICK, SLOW, perform

log = logging.getLogger(__name__)

FIRST_SWEEP = 3  # seconds after the start: what a process that ended left behind does not wait for long


def lanes_for(app, seconds):
    """Return the two lanes of a process, not started: what takes moments, and what may take minutes."""
    return [Lane(app, names, seconds) for names in (QUICK, SLOW)]


class Lane:
    """One thread that does some of the jobs, one after another, and sweeps them now and then.

    What is asked for twice before it is begun is done once, so no more waits than there are jobs.
    names: the jobs. seconds: how often it sweeps them; 0 never.
    """

    def __init__(self, app, names, seconds):
        self.names = tuple(names)
        self._app, self._seconds = app, seconds
        self._asked, self._busy, self._ended = {}, False, False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name=f"jobs from {self.names[0]}", daemon=True)

    def start(self):
        """Start the thread."""
        self._thread.start()

    @property
    def alive(self):
        """Whether the thread runs."""
        return self._thread.is_alive()

    @property
    def waiting(self):
        """How many jobs were asked for and are not done."""
        return len(self._asked) + self._busy

    def ask(self, name):
        """Have the job `name` done as soon as possible."""
        with self._changed:
            self._asked[name] = True
            self._changed.notify_all()

    def end(self, patience):
        """Wait up to `patience` seconds until nothing waits, and begin nothing more."""
        with self._changed:
            self._changed.wait_for(lambda: not self.waiting, patience)
            self._ended = True
            self._changed.notify_all()

    def _work(self):
        due = time.monotonic() + min(self._seconds, FIRST_SWEEP) if self._seconds else float("inf")
        while not self._ended:
            name = self._next(due)
            try:
                with self._app.app_context():
                    if name is not None:
                        perform(name)
                    elif time.monotonic() >= due:
                        sweep(self.names)
            except PASSING as error:
                log.warning("some jobs were left for the next sweep: %s", error)
            except Exception:
                log.exception("some jobs were left for the next sweep")
            if time.monotonic() >= due and name is None:
                due = time.monotonic() + self._seconds
            with self._changed:
                self._busy = False
                self._changed.notify_all()

    def _next(self, due):
        """Wait for a job and return its name, or None when it is time to sweep, which those who ask cannot put off."""
        with self._changed:
            left = due - time.monotonic()
            self._changed.wait_for(lambda: self._asked or self._ended, min(max(0.0, left), threading.TIMEOUT_MAX))
            if self._ended or time.monotonic() >= due or not self._asked:
                return None
            self._busy, name = True, next(iter(self._asked))
            del self._asked[name]
            return name
