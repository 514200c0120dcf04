"""A private Redis, without persistence, that a test may take away and bring back."""

import os
import shutil
import tempfile

import pytest
from redis import Redis
from redis.exceptions import RedisError

from tests.services.processes import Process, free_port


class RedisServer:
    """A running server; `url` stays the same after `stop` and `start`, what it held does not."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="consulta-redis-")
        self.port = free_port()
        self.start()

    @property
    def url(self):
        """The server's address."""
        return f"redis://127.0.0.1:{self.port}/0"

    def client(self):
        """Return a connection that gives up after a second."""
        return Redis.from_url(self.url, socket_timeout=1, socket_connect_timeout=1)

    def start(self):
        """Start the server and wait until it answers."""
        options = {"port": self.port, "bind": "127.0.0.1", "dir": self.folder, "save": "", "appendonly": "no"}
        command = [part for name, value in options.items() for part in (f"--{name}", value)]
        self._server = Process(["redis-server", *command], f"{self.folder}/log")
        self._server.wait_until(self._answers)

    def stop(self):
        """Take the server away, with all it held."""
        self._server.stop()

    def kill(self):
        """End the server as a power cut would."""
        self._server.kill()

    def signal(self, number):
        """Send the server a signal, such as SIGSTOP to let it hang."""
        if self.running:
            os.kill(self._server.pid, number)

    @property
    def running(self):
        """Whether the server is there."""
        return self._server.running

    def remove(self):
        """Stop the server for good and remove its folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self):
        try:
            return self.client().ping()
        except RedisError:
            return False


@pytest.fixture(scope="session")
def _redis():
    if shutil.which("redis-server") is None:
        pytest.skip("Redis is not installed (package redis-server)")
    server = RedisServer()
    yield server
    server.remove()


@pytest.fixture
def redis_server(_redis):
    """This test process's Redis, running and empty; a test may stop it and start it again."""
    if not _redis.running:
        _redis.start()
    _redis.client().flushall()
    return _redis
