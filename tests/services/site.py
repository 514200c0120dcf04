"""The whole site under gunicorn, as a person or another program meets it."""

import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest

from consulta.app import create_app
from consulta.core.extensions import db
from tests.services.databases import SECRET_KEY, settings_for
from tests.services.forking import ForkedProcess, ModuleProcess
from tests.services.processes import free_port

CHECKOUT = Path(__file__).resolve().parents[2]


class Site:
    """A running site: `url` is its address, `mail` the folder of its letters.

    settings: variables of the environment on top of those of a site under test, such as REDIS_URL. forked: whether it
    begins in a fork of a process that has read the code, in a tenth of the time, or as everybody else starts it.
    """

    def __init__(self, database_url, folder, *, workers=2, threads=4, wsgi="wsgi:app", forked=True, **settings):
        self.folder, self.workers, self.threads, self._wsgi = Path(folder), workers, threads, wsgi
        self._process = ForkedProcess if forked else ModuleProcess
        self.mail = self.folder / "mail"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database_url = database_url
        self.environment = {
            # Whatever the developer has set for a site of her own stays out of the tests.
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ},
            "PYTHONPATH": str(CHECKOUT),
            "SECRET_KEY": SECRET_KEY,
            "DATABASE_URL": database_url,
            "INSTANCE": str(self.folder),
            "MAIL_FOLDER": str(self.mail),
            "MODEL_FOLDER": str(self.folder / "models"),
            "PUBLIC_URL": self.url,
            "RATE_LIMITS": "0",
            **{name: str(value) for name, value in settings.items()},
        }
        self._app, self._processes = None, []
        self.start()

    def start(self):
        """Start gunicorn and wait until it answers."""
        command = ["gunicorn", "--config", "python:consulta.serving", "--no-control-socket"]
        command += ["--bind", f"127.0.0.1:{self.port}"]
        command += ["--workers", self.workers, "--threads", self.threads, "--graceful-timeout", 3, self._wsgi]
        self._server = self._process(command, self.folder / "gunicorn.log", env=self.environment, cwd=CHECKOUT)
        self._server.wait_until(self._answers)

    def stop(self):
        """Stop gunicorn; `start` brings the same site back."""
        self._server.stop()

    def kill(self):
        """End gunicorn as a power cut would; `start` brings the same site back."""
        self._server.kill()

    def close(self):
        """End gunicorn and every command that goes on, for good: nobody waits for their last jobs."""
        for process in self._processes:
            process.kill()
        self.kill()

    def flask(self, *words, check=True):
        """Run a command of the site, such as flask("demo", "load"); returns it finished, with its output."""
        return flask(words, self.environment, check)

    def process(self, *words):
        """Start a command of the site that goes on, such as process("worker"); it is stopped with the site."""
        log = self.folder / f"{words[0]}-{len(self._processes)}.log"
        self._processes.append(self._process(flask_module(words), log, env=self.environment, cwd=CHECKOUT))
        return self._processes[-1]

    @contextmanager
    def app(self, **settings):
        """Enter the site's own code on the site's own rows, in the test's process, to prepare or look at them."""
        if self._app is None:
            settings = {"PUBLIC_URL": self.url, **settings}
            self._app = create_app(settings_for(self.database_url, self.folder, **settings))
        with self._app.app_context():
            yield self._app
            db.engine.dispose()

    def letters(self, to=None):
        """Return the letters sent so far, oldest first, as e-mail messages; `to` picks those to one address."""
        parse = BytesParser(policy=policy.default).parsebytes
        found = [parse(path.read_bytes()) for path in sorted(self.mail.glob("*.eml"))]
        return [letter for letter in found if to is None or to in letter["To"]]

    def log(self):
        """Return the end of what gunicorn wrote."""
        return self._server.tail()

    def _answers(self):
        try:
            urllib.request.urlopen(self.url + "/", timeout=5).close()
        except urllib.error.HTTPError as error:
            return error.code < 500  # noqa: PLR2004
        except OSError:
            return False
        return True


def flask_module(words):
    """Return what `python -m` is given for `flask …` of this checkout."""
    return ["flask", "--app", "wsgi", *words]


def flask(words, environment, check=True):
    """Run `flask …` in the checkout with `environment`; raises AssertionError with its output when it fails."""
    done = subprocess.run(
        [str(part) for part in (sys.executable, "-m", *flask_module(words))],
        env=environment,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not (check and done.returncode), f"flask {' '.join(map(str, words))} failed:\n{done.stdout}{done.stderr}"
    return done


@pytest.fixture
def new_site(request, tmp_path):
    """Starts sites on fresh databases: `new_site("postgresql", REDIS_URL=redis_server.url)`."""
    made = []

    def new_site(kind="sqlite", **settings):
        databases = request.getfixturevalue(f"{kind}_databases")
        url = databases.create()
        folder = tmp_path / f"site-{len(made)}"
        folder.mkdir()
        made.append((Site(url, folder, **settings), databases))
        return made[-1][0]

    yield new_site
    for site, databases in made:
        site.close()
        databases.drop(site.database_url)


@pytest.fixture
def live_server(request, new_site):
    """The site on a fresh database: SQLite, or what an indirect parameter of this name says."""
    return new_site(getattr(request, "param", "sqlite"))


@pytest.fixture(scope="session")
def demo_database(sqlite_databases, tmp_path_factory):
    """The path of an SQLite file with the demo in it; loaded once, copied by whoever changes it."""
    path = tmp_path_factory.mktemp("demo") / "demo.sqlite3"
    url = sqlite_databases.create()
    shutil.move(url.removeprefix("sqlite:///"), path)
    environment = {"PATH": os.environ["PATH"], "DEMO": "1", "INSTANCE": str(path.parent)}
    flask(["demo", "load"], {**environment, "DATABASE_URL": f"sqlite:///{path}"})
    return path


@pytest.fixture(scope="module")
def demo_site(demo_database, tmp_path_factory):
    """The site with the demo loaded, for the tests of one file."""
    folder = tmp_path_factory.mktemp("demo-site")
    path = folder / "demo.sqlite3"
    shutil.copyfile(demo_database, path)
    site = Site(f"sqlite:///{path}", folder, DEMO=1)
    yield site
    site.close()
