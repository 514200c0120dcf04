"""What gunicorn reads before it forks: workers must not share a connection or a thread that a fork cannot copy."""

import threading
import urllib.request
from types import SimpleNamespace

from consulta import serving
from consulta.app import create_app
from consulta.core.extensions import db
from tests.services.databases import settings_for


def test_a_site_that_waits_for_its_first_request_holds_no_connection_and_no_thread(database_url, tmp_path):
    before = set(threading.enumerate())
    app = create_app(settings_for(database_url, tmp_path, TESTING=False, BELL="", SWEEP_SECONDS=1))
    serving.on_starting(None)
    with app.app_context():
        held = db.engine.pool.checkedin() + db.engine.pool.checkedout()
    assert held == 0
    assert set(threading.enumerate()) == before


def test_a_worker_reads_the_texts_before_anybody_asks(app, monkeypatch):
    asked = []
    monkeypatch.setattr(app.extensions["similarity"], "warm", asked.append)
    serving.post_worker_init(SimpleNamespace(wsgi=app))
    assert asked == [app]


def test_a_site_starts_from_nothing_as_everybody_starts_it(new_site):
    site = new_site(forked=False)
    with urllib.request.urlopen(site.url + "/salud", timeout=20) as answer:
        assert answer.status == 200
