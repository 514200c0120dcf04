"""Commands of the site in a process that has read its code already: a fork instead of seconds of importing.

What they are forked from has imported modules and done nothing else: no application, no connection, no thread. The
command itself begins as `python -m` would begin it, with the environment it is given and no other.
"""

import atexit
import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

from tests.services.processes import Process, die_with_parent

READ_BEFORE = ["tests.services.read_before"]


class ModuleProcess(Process):
    """`python -m …` as a child: started at once, its output kept in the file `log`.

    words: the module and its arguments. env, cwd: as of subprocess.Popen.
    """

    def __init__(self, words, log, *, env, cwd):
        super().__init__([sys.executable, "-m", *words], log, env=env, cwd=cwd)


class ForkedProcess(ModuleProcess):
    """The same, forked from a process that has read the code."""

    def __init__(self, words, log, *, env, cwd):
        self.log, self._stop_signal = Path(log), signal.SIGTERM
        self.log.touch()  # somebody may read it before the child has begun
        self._child = _Child([str(word) for word in words], self.log, env, cwd)
        atexit.register(self.stop)


class _Child:
    """What subprocess.Popen is to a Process."""

    def __init__(self, words, log, env, cwd):
        self.args = words
        self._process = _server().Process(target=_become, args=(words, str(log), dict(env), str(cwd)))
        self._process.start()
        self.pid = self._process.pid
        # Whoever ends the child ends its group, which it makes first of all.
        with suppress(ProcessLookupError):
            while self.poll() is None and os.getpgid(self.pid) != self.pid:
                time.sleep(0.001)

    def poll(self):
        return self._process.exitcode

    returncode = property(poll)

    def wait(self, timeout=None):
        self._process.join(timeout)
        if self.poll() is None:
            raise subprocess.TimeoutExpired(self.args, timeout)

    def send_signal(self, number):
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)


@cache
def _server():
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(READ_BEFORE)
    return context


def _become(words, log, env, cwd):
    """Be `python -m words`, in a session of its own."""
    os.setsid()
    die_with_parent()  # the process it was forked from ends with the tests
    output, nothing = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644), os.open(os.devnull, os.O_RDONLY)
    for source, number in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, number)
    for number in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    sys.path[:] = [str(cwd), *(path for path in sys.path if path not in ("", str(cwd)))]
    sys.argv = list(words)
    runpy.run_module(words[0], run_name="__main__", alter_sys=True)
