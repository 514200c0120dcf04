"""Child processes of a test run: on free ports, waited for, and gone when the run is, however it ends."""

import atexit
import ctypes
import os
import pwd
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

PATIENCE = 60.0  # seconds that a server may take to answer on a busy machine
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class DidNotStart(RuntimeError):
    """A server ended, or did not answer in time; the message holds the end of its log."""


def free_port():
    """Return a loopback port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Process:
    """One child: started at once, its output kept in the file `log`.

    stop_signal: what it is asked to end with. as_user: a user name to run as, for servers that refuse to be root.
    """

    def __init__(self, command, log, *, stop_signal=signal.SIGTERM, as_user=None, env=None, cwd=None):
        self.log, self._stop_signal = Path(log), stop_signal
        identity = {"user": as_user, "group": pwd.getpwnam(as_user).pw_gid, "extra_groups": []} if as_user else {}
        with self.log.open("ab") as output:
            self._child = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=env,
                cwd=cwd,
                # Ctrl-C in the terminal reaches the tests alone; they stop their servers in order.
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509 (it takes no lock: it calls the kernel only)
                **identity,
            )
        atexit.register(self.stop)

    @property
    def pid(self):
        """The child's number."""
        return self._child.pid

    @property
    def running(self):
        """Whether the child has not ended."""
        return self._child.poll() is None

    def wait_until(self, ready, patience=PATIENCE):
        """Return once `ready()` is true; raises DidNotStart when the child ends first or `patience` seconds pass."""
        deadline = time.monotonic() + patience
        while not ready():
            if not self.running or time.monotonic() > deadline:
                state = "does not answer" if self.running else f"ended with {self._child.returncode}"
                self.stop()
                raise DidNotStart(f"{self._child.args[0]} {state}\n{self.tail()}")
            time.sleep(0.05)

    def tail(self, lines=40):
        """Return the last `lines` of what the child wrote."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def stop(self, patience=10.0):
        """Ask the child to end, and end it when it has not after `patience` seconds; does nothing a second time."""
        atexit.unregister(self.stop)
        if self.running:
            self._child.send_signal(self._stop_signal)
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(patience)
            self.kill()

    def kill(self):
        """End the child and whatever it started at once, as a power cut would."""
        with suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()


def die_with_parent():
    """Have the kernel end this process when the thread that started it is gone; Linux only."""
    if sys.platform != "linux":
        return
    # Tests that are killed cannot stop their servers: the kernel does, when the thread that started them is gone.
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
