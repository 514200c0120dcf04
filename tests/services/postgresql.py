"""A private PostgreSQL cluster, made from the installed programs in a folder of its own."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from tests.services.processes import Process, free_port

# Tests throw the cluster away: nothing of it has to survive a power cut.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# What a site in earnest runs with; benchmarks and tests of durability measure this.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
SIZES = {"max_connections": 200, "shared_buffers": "128MB", "max_wal_size": "512MB"}


def programs():
    """Return the folder that holds `postgres` and `initdb`, the newest version's, or None."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    found = shutil.which("initdb")
    return versions[-1].parent if versions else Path(found).resolve().parent if found else None


class PostgreSQL:
    """A running cluster. `url(name)` addresses a database in it as SQLAlchemy writes it."""

    def __init__(self, settings=HASTY):
        self._settings = {**SIZES, **settings}
        # Not below pytest's own folder: the server's user must be able to enter, and a socket's path must be short.
        self.folder = Path(tempfile.mkdtemp(prefix="consulta-pg-", dir="/tmp"))
        self._user = _unprivileged_user()
        self._create()
        self.port = free_port()
        self.start()

    def start(self):
        """Start the server, on the same port as before, and wait until it takes connections."""
        settings = {**self._settings, "listen_addresses": "127.0.0.1", "port": self.port}
        settings["unix_socket_directories"] = str(self.folder)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self._server = Process(
            [programs() / "postgres", "-D", self.folder / "data", *options],
            self.folder / "log",
            stop_signal=signal.SIGINT,  # "fast": open connections are closed, nothing is waited for
            as_user=self._user,
        )
        self._server.wait_until(self._answers)

    def stop(self):
        """Stop the server; `start` brings it back with everything it held."""
        self._server.stop()

    def kill(self):
        """End the server as a power cut would."""
        self._server.kill()

    def remove(self):
        """Stop the server for good and remove its folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database="postgres"):
        """Return the address of `database`."""
        return f"postgresql+psycopg://consulta@127.0.0.1:{self.port}/{database}"

    def execute(self, statement, database="postgres"):
        """Run one SQL statement outside any transaction, as the owner of everything; return its rows, if any."""
        with self._connected(database) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def create_database(self, name, template="template1"):
        """Make the database `name`, a copy of `template`, and return its address."""
        ((version,),) = self.execute("SHOW server_version_num")
        # From PostgreSQL 15 on the default writes the copy to the log as well: four times slower.
        strategy = "STRATEGY file_copy" if int(version) >= 150000 else ""
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {strategy}')
        return self.url(name)

    def drop_database(self, name):
        """Remove the database `name`, whoever is connected to it."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _connected(self, database):
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="consulta", dbname=database, autocommit=True, connect_timeout=5
        )

    def _answers(self):
        try:
            self._connected("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _create(self):
        if self._user:
            shutil.chown(self.folder, self._user)
        locale = ["--locale=C.UTF-8"] if sys.platform == "linux" else ["--no-locale"]
        made = subprocess.run(
            [programs() / "initdb", "-D", self.folder / "data", "-U", "consulta", "-E", "UTF8", *locale]
            + ["--auth=trust", "--no-sync", "--no-instructions"],
            user=self._user,
            group=pwd.getpwnam(self._user).pw_gid if self._user else None,
            extra_groups=[] if self._user else None,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")


def _unprivileged_user():
    """Return whom to run PostgreSQL as, which refuses to be root; None to stay who we are."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@pytest.fixture(scope="session")
def postgresql():
    """A cluster for this test process, quick and not durable."""
    yield from _cluster(HASTY)


@pytest.fixture(scope="session")
def durable_postgresql():
    """A cluster for this test process that keeps its promises, with `fsync` on."""
    yield from _cluster(DURABLE)


def _cluster(settings):
    if programs() is None:
        pytest.skip("PostgreSQL is not installed (package postgresql)")
    cluster = PostgreSQL(settings)
    yield cluster
    cluster.remove()
