"""The browser's watch is itself watched: pages with planted faults must be noticed, a good page must not."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.services.browser import Browsing, assert_accessible, assert_fits

POLICY = """<meta http-equiv="Content-Security-Policy" content="default-src 'self'">"""
PAGES = {
    "good": "<main><h1>Hola</h1></main>",
    "inline script": "<main><h1>Hola</h1></main><script>1</script>",
    "inline style": "<main><h1 style='color:red'>Hola</h1></main>",
    "foreign": "<main><h1>Hola</h1><img alt='' src='http://example.org/x.png'></main>",
    "missing part": "<main><h1>Hola</h1><img alt='' src='/no.png'></main>",
    "script error": "<main><h1>Hola</h1></main><script src='error.js'></script>",
    "dialog": "<main><h1>Hola</h1></main><script src='dialog.js'></script>",
    "no label": "<main><h1>Hola</h1><input></main>",
    "wide": "<main><h1>Hola</h1><img alt='' width=4000 height=1 src='data:,'></main>",
}


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that writes nothing."""

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture
def visit(browser, tmp_path):
    """Opens one of PAGES; returns the page and what the watch noted."""
    (tmp_path / "error.js").write_text("throw new Error('planted')")
    (tmp_path / "dialog.js").write_text("alert('planted')")
    for name, body in PAGES.items():
        html = f"<!doctype html><html lang=es><head><title>t</title>{POLICY}</head><body>{body}</body></html>"
        (tmp_path / f"{name}.html").write_text(html)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    browsing = Browsing(browser, f"http://127.0.0.1:{server.server_port}")

    def visit(name):
        opened = browsing(360)
        opened.goto(f"/{name}.html", wait_until="networkidle")
        return opened, browsing.problems

    yield visit
    browsing.close()
    server.shutdown()
    server.server_close()


def test_a_good_page_is_found_good(visit):
    page, problems = visit("good")
    assert problems == []
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("inline script", "CSP violation: script-src"),
        ("inline style", "CSP violation: style-src"),
        ("foreign", "request to a foreign address: http://example.org/x.png"),
        ("missing part", "404 GET"),
        ("script error", "script error: planted"),
        ("dialog", "dialog: planted"),
    ],
)
def test_a_planted_fault_is_noticed(visit, name, sign):
    _, problems = visit(name)
    assert any(sign in problem for problem in problems), problems


def test_a_field_without_a_label_is_a_barrier(visit):
    page, _ = visit("no label")
    with pytest.raises(pytest.fail.Exception, match=r"1 barriers[\s\S]*label \(critical\)"):
        assert_accessible(page)


def test_a_page_wider_than_the_phone_is_noticed(visit):
    page, _ = visit("wide")
    with pytest.raises(AssertionError, match="wider"):
        assert_fits(page)
