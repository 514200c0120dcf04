"""The demonstration, loaded once on each kind of database for all the tests of a file."""

import json
from types import SimpleNamespace

import pytest

from consulta.app import create_app
from consulta.cli import demo_data
from consulta.core.extensions import db
from tests.services.databases import KINDS, settings_for


@pytest.fixture(scope="module", params=KINDS)
def demo(request, tmp_path_factory):
    """A site with the demonstration in it: `site`, its `url`, and `run(*words)` for the commands of the site."""
    databases = request.getfixturevalue(f"{request.param}_databases")
    url = databases.create()
    folder = tmp_path_factory.mktemp("demo")
    site = create_app(settings_for(url, folder, DEMO=True))

    def run(*words):
        return site.test_cli_runner().invoke(args=words)

    first = run("demo", "load")
    assert first.exit_code == 0, f"{first.output}{first.exception!r}"
    yield SimpleNamespace(site=site, url=url, folder=folder, run=run, told=first.output)
    databases.drop(url)


@pytest.fixture
def rows(demo):
    """The demonstration's rows, in an application context."""
    with demo.site.app_context():
        yield db.session
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def written():
    """What the files of the demonstration say: `history`, `present`, and both as one text."""
    history, present = demo_data.history(), demo_data.present()
    return SimpleNamespace(history=history, present=present, text=json.dumps([history, present], ensure_ascii=False))
