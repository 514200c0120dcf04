"""The worksheet that works without connection, as it is served: what the phone keeps, and in which words."""

import json
import re

import pytest
from flask import url_for

from consulta.web import offline
from consulta.web.sheet_words import WORDS
from tests.people import sign_in
from tests.services.site import CHECKOUT

MODULES = sorted((CHECKOUT / "static/js/worksheet").glob("*.js"))
NAMED = re.compile(r"\b(say|count)\(\s*(?:\w+ \? )?\"(\w+)\"|\bsay\([^()`]*\? \"(\w+)\" : \"(\w+)\"")
# Names that are put together when the page runs, from lists that stand in the script.
MADE = re.compile(
    r"(check|kind|next|shown|missing|line|version)_\w+|\w+_hint|level_\w+|votes_\w+|abstentions"
    r"|reasons\w*|dissent|requests|statements|missing_actors|attended|excused|spoke|heads|women|men|other_gender"
)


@pytest.fixture
def served(client):
    """What the service worker keeps: its constants, by name."""
    text = client.get("/sesiones/hoja-sw.js").text
    return {
        name: json.loads(value) for name, value in re.findall(r"^const (VERSION|ASSETS|SHELLS) = (.*);$", text, re.M)
    }


def test_the_service_worker_may_answer_for_the_sessions_and_is_asked_for_anew(client):
    answer = client.get("/sesiones/hoja-sw.js")
    assert answer.status_code == 200 and answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Service-Worker-Allowed"] == "/sesiones/"
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]


def test_all_that_it_keeps_is_there(client, served):
    for address in [*served["ASSETS"], *served["SHELLS"].values()]:
        assert client.get(address).status_code == 200, address


def test_every_module_that_a_module_names_is_kept(served):
    kept = {address.rsplit("/", 1)[1] for address in served["ASSETS"]}
    for path in MODULES:
        for name in re.findall(r"from \"\./([\w-]+\.js)\"", path.read_text(encoding="utf-8")):
            assert name in kept, f"{path.name} needs {name}"


def test_a_module_is_kept_for_a_year_and_one_of_another_version_is_refused(client, served):
    address = next(each for each in served["ASSETS"] if each.endswith("/store.js"))
    assert "immutable" in client.get(address).headers["Cache-Control"]
    assert client.get(address.replace(served["VERSION"], "0" * 12)).status_code == 404
    for name in ("service-worker.js", "..%2Fapp.js", "nothing.js", "%00.js"):
        assert client.get(address.replace("store.js", name)).status_code in (400, 404), name


def test_what_is_kept_for_a_year_is_the_same_for_everybody(client, served, citizen):
    sign_in(client, citizen)
    assert "Set-Cookie" in client.get("/cuenta").headers
    for address in served["ASSETS"]:
        answer = client.get(address)
        # A browser whose cookie has changed meanwhile would fetch it again.
        assert "Set-Cookie" not in answer.headers and "Cookie" not in answer.headers.get("Vary", ""), address
    missing = client.get("/static/css/nothing.css")
    assert missing.status_code == 404 and missing.headers["Cache-Control"] == "no-store"


def test_the_version_changes_with_what_is_kept(app, tmp_path, monkeypatch):
    with app.test_request_context():
        before = offline._version()
        words = {**WORDS, "yes": "claro"}
        monkeypatch.setattr(offline, "WORDS", words)
        offline._digest.cache_clear()
        assert offline._version() != before
    offline._digest.cache_clear()


def test_the_page_is_the_same_for_every_session_and_in_two_languages(client, served):
    es, en = (client.get(served["SHELLS"][language]).text for language in ("es", "en"))
    assert '<html lang="es">' in es and '<html lang="en">' in en
    assert "csrf" not in es.lower()
    words = json.loads(re.search(r'id="words" hidden>(.*?)</p>', es, re.S)[1])
    assert words.keys() == WORDS.keys() and words["attendance"] == "Asistencia"


def test_a_language_that_is_none_has_no_page(client):
    assert client.get("/sesiones/hoja/de").status_code == 404


def test_every_word_that_the_script_says_is_in_the_page_and_none_is_left_over(app):
    said = set()
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        for verb, name, *either in NAMED.findall(text):
            said |= {name} if verb == "say" else {f"{name}_one", f"{name}_many"} if verb else set(either)
        # Names handed on: labels of controls, tabs, the words of a state.
        said |= {name for name in re.findall(r"\"(\w+)\"", text) if name in WORDS}
    assert said - WORDS.keys() == set()
    left_over = {name for name in WORDS.keys() - said if not MADE.fullmatch(name)}
    assert left_over == set()


def test_one_and_many_stand_together():
    for name in WORDS:
        if name.endswith("_one"):
            assert f"{name.removesuffix('_one')}_many" in WORDS, name


def test_the_worksheet_loads_nothing_of_bootstrap(app, client, served):
    page = client.get(served["SHELLS"]["es"]).text
    with app.test_request_context():
        assert url_for("bootstrap.static", filename="css/bootstrap.min.css") not in page
    assert len(re.findall(r"<script", page)) == 1 and "style=" not in page
