"""A migrated, empty database for each test, on SQLite and on PostgreSQL.

Migrations run once a process and kind; a test gets a copy of what they made.
"""

import shutil
import sqlite3
import tempfile
from itertools import count
from pathlib import Path

import psycopg
import pytest
from flask_migrate import upgrade

from consulta.app import create_app
from consulta.core.extensions import db

KINDS = ["sqlite", "postgresql"]
SECRET_KEY = "only the tests sign with this: 0123456789"

_numbers = count(1)


def settings_for(url, folder, **more):
    """Return the settings of a site under test on the database at `url`, whose files go below `folder`."""
    return {
        "TESTING": True,
        "SECRET_KEY": SECRET_KEY,
        "DATABASE_URL": url,
        "INSTANCE": str(folder),
        "MAIL_FOLDER": str(Path(folder) / "mail"),
        # A model that this machine happens to have must change no result.
        "MODEL_FOLDER": str(Path(folder) / "models"),
        "PUBLIC_URL": "http://localhost",
        "REDIS_URL": "",
        "RATE_LIMITS": False,
        "BELL": "silent",
        **more,
    }


def migrate(url, folder):
    """Bring the database at `url` from nothing to the newest schema."""
    app = create_app(settings_for(url, folder))
    with app.app_context():
        upgrade()
        db.engine.dispose()


class SqliteDatabases:
    """Copies of one migrated file, in memory-backed storage where there is some."""

    def __init__(self):
        fast = Path("/dev/shm")
        self.folder = Path(tempfile.mkdtemp(prefix="consulta-sqlite-", dir=fast if fast.is_dir() else None))
        self._template = self.folder / "template.sqlite3"
        migrate(f"sqlite:///{self._template}", self.folder)
        with sqlite3.connect(self._template) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    def create(self):
        """Return the address of a new database."""
        path = self.folder / f"{next(_numbers)}.sqlite3"
        shutil.copyfile(self._template, path)
        return f"sqlite:///{path}"

    def drop(self, url):
        """Remove the database at `url`."""
        for path in self.folder.glob(url.rsplit("/", 1)[1] + "*"):
            path.unlink()

    def remove(self):
        """Remove everything."""
        shutil.rmtree(self.folder, ignore_errors=True)


class PostgresqlDatabases:
    """Copies of one migrated database of a cluster.

    Making one takes 60 ms and more; so a used one is emptied (10 ms) and handed out again.
    """

    def __init__(self, cluster, folder):
        self._cluster, self._template, self._free = cluster, f"template_{next(_numbers)}", []
        migrate(cluster.create_database(self._template), folder)
        tables = self._ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'") - {"alembic_version"}
        # Rows that a migration made would be lost: then every test gets a new copy.
        self._can_be_emptied = not any(self._ask(f'SELECT 1 FROM "{table}" LIMIT 1') for table in tables)
        self._emptying = (
            "DO $$ DECLARE one regclass; BEGIN SET LOCAL lock_timeout = 2000;"
            " SET LOCAL session_replication_role = replica; "  # foreign keys and triggers look away
            + " ".join(f'DELETE FROM "{table}";' for table in sorted(tables))
            + " FOR one IN SELECT oid FROM pg_class WHERE relkind = 'S' LOOP PERFORM setval(one, 1, false); END LOOP;"
            " END $$"
        )

    def create(self):
        """Return the address of an empty database."""
        if self._free:
            return self._cluster.url(self._free.pop())
        return self._cluster.create_database(f"test_{next(_numbers)}", self._template)

    def drop(self, url):
        """Take back the database at `url`."""
        name = url.rsplit("/", 1)[1]
        try:
            if self._can_be_emptied:
                self._cluster.execute(self._emptying, name)
                self._free.append(name)
                return
        except psycopg.Error:
            pass  # a connection that a test left open holds a lock, or a table is not what it was
        self._cluster.drop_database(name)

    def _ask(self, query):
        return {row[0] for row in self._cluster.execute(query, self._template)}


@pytest.fixture(scope="session")
def sqlite_databases():
    """Where new SQLite databases come from: `create()` returns an address, `drop(address)` removes it."""
    databases = SqliteDatabases()
    yield databases
    databases.remove()


@pytest.fixture(scope="session")
def postgresql_databases(postgresql, tmp_path_factory):
    """Where new PostgreSQL databases come from: `create()` returns an address, `drop(address)` removes it."""
    return PostgresqlDatabases(postgresql, tmp_path_factory.mktemp("migrating"))


@pytest.fixture(params=KINDS)
def database_url(request):
    """The address of a migrated, empty database: each test runs on both kinds, unless it is marked `only_on`."""
    databases = request.getfixturevalue(f"{request.param}_databases")
    url = databases.create()
    yield url
    databases.drop(url)


@pytest.fixture(params=KINDS)
def blank_database_url(request, tmp_path):
    """The address of a database without a single table, for tests of migrations."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'blank.sqlite3'}"
    else:
        cluster, name = request.getfixturevalue("postgresql"), f"blank_{next(_numbers)}"
        yield cluster.create_database(name)
        cluster.drop_database(name)
