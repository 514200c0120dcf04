"""Debian's Chromium, driven as a person would, watched for everything that must not happen on any page."""

import os
import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

# The first is Chromium without its windows, menus and services that no test looks at: the same pages in less time.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
WIDTHS = {360: 740, 1280: 900}  # CSS pixels: an old phone, a laptop
FLAGS = [
    "--headless=new",
    "--no-sandbox",  # root has none
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # Nothing but this machine is ever looked up.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
REPORT_CSP = """document.addEventListener("securitypolicyviolation", event =>
    console.error(`CSP violation: ${event.effectiveDirective} blocked ${event.blockedURI || "inline"}`))"""


class Browsing:
    """The pages that one test opens; `problems` is what went wrong on any of them."""

    def __init__(self, browser, base_url=None, allowed=()):
        self._browser, self._base_url, self._allowed = browser, base_url, allowed
        self.pages, self.problems, self._contexts = [], [], []

    def __call__(self, width=1280, *, base_url=None, javascript=True, locale="es-CL"):
        """Open a page as a new visitor with no cookies; `width` is in CSS pixels."""
        base_url = base_url or self._base_url
        context = self._browser.new_context(
            base_url=base_url,
            viewport={"width": width, "height": WIDTHS.get(width, 800)},
            java_script_enabled=javascript,
            locale=locale,
            timezone_id="America/Santiago",
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)  # milliseconds
        context.add_init_script(REPORT_CSP)
        self._contexts.append(context)
        page = context.new_page()
        self.pages.append(page)
        context.on("request", lambda request: self._asked(request, base_url))
        context.on("response", self._answered)
        context.on("console", self._said)
        context.on("weberror", lambda web_error: self._note(f"script error: {web_error.error}"))
        context.on("dialog", self._dialog)
        return page

    def fail_on_problems(self):
        """Fail the test when any page did what no page may do."""
        if self.problems:
            pytest.fail("on a page: " + "\n  ".join(self.problems), pytrace=False)

    def close(self):
        """Close every page."""
        for context in self._contexts:
            context.close()

    def _note(self, problem):
        if problem not in self.problems and not any(text in problem for text in self._allowed):
            self.problems.append(problem)

    def _asked(self, request, base_url):
        address = urlsplit(request.url)
        if address.scheme in {"data", "blob", "about"}:
            return
        own = urlsplit(base_url).netloc if base_url else None
        if address.netloc != own and (own or address.hostname not in {"127.0.0.1", "localhost"}):
            self._note(f"request to a foreign address: {request.url}")

    def _answered(self, response):
        # A refusal may be what the test is about; a page's missing part, or a broken server, never is.
        if response.status >= 500 or (response.status >= 400 and response.request.resource_type != "document"):
            self._note(f"{response.status} {response.request.method} {response.url}")

    def _said(self, message):
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self._note(f"console: {message.text}")

    def _dialog(self, dialog):
        self._note(f"dialog: {dialog.message}")
        dialog.dismiss()


def installed():
    """Return the path of the browser that this machine has, or None."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def assert_accessible(page):
    """Fail with a readable list when axe finds anything on `page` that WCAG 2.2 AA or good practice forbids."""
    # What sticks to the lower edge lies over whatever is scrolled behind it just then; at the end it lies over nothing.
    before = page.evaluate("() => { const at = scrollY; scrollTo(0, document.body.scrollHeight); return at }")
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": AXE_TAGS}, "resultTypes": ["violations"]})
    page.evaluate("at => scrollTo(0, at)", before)
    found = results.response["violations"]
    if found:
        where = f"{page.url} at {page.viewport_size['width']} px"
        pytest.fail(f"{len(found)} barriers on {where}\n" + "\n".join(map(_readable, found)))


def assert_fits(page):
    """Fail when `page` has to be scrolled sideways."""
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{page.url} is {wider} px wider than its {page.viewport_size['width']} px"


def picture(page, name):
    """Keep a full-page PNG of `page` as `name` in the folder that SCREENSHOTS names; does nothing without one."""
    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}-{page.viewport_size['width']}.png", full_page=True)


def _readable(violation):
    lines = [f"{violation['id']} ({violation['impact']}): {violation['help']}"]
    for node in violation["nodes"]:
        lines.append(f"    {' '.join(map(str, node['target']))}  {node['html'][:160]}")
        lines += [f"        {line.strip()}" for line in node.get("failureSummary", "").splitlines()[1:]]
    return "\n".join(lines)


@pytest.fixture(scope="session")
def browser():
    """Chromium, one for this test process."""
    program = installed()
    if program is None:
        pytest.skip("Chromium is not installed (package chromium-headless-shell)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(request, browser):
    """Opens pages: `open_page(360)`, `open_page(javascript=False)`; fails the test for what no page may do."""
    sites = [name for name in ("live_server", "demo_site") if name in request.fixturenames]
    base_url = request.getfixturevalue(sites[0]).url if sites else None
    allowed = [text for marker in request.node.iter_markers("allows") for text in marker.args]
    browsing = Browsing(browser, base_url, allowed)
    yield browsing
    browsing.close()
    browsing.fail_on_problems()


@pytest.fixture(params=WIDTHS, ids="{}px".format)
def page(request, open_page):
    """A new visitor's page, once on a phone and once on a laptop."""
    return open_page(request.param)


@pytest.fixture
def page360(open_page):
    """A new visitor's page on a phone."""
    return open_page(360)


@pytest.fixture
def page1280(open_page):
    """A new visitor's page on a laptop."""
    return open_page(1280)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Keep a picture of every page that was open when a test failed."""
    report = yield
    browsing = getattr(item, "funcargs", {}).get("open_page")
    if report.when == "call" and report.failed and browsing:
        name = re.sub(r"[^\w-]+", "_", item.nodeid.partition("::")[2])
        for number, opened in enumerate(browsing.pages, 1):
            path = Path("screenshots") / f"failed-{name}-{number}.png"
            path.parent.mkdir(exist_ok=True)
            if not opened.is_closed():
                opened.screenshot(path=path, full_page=True)
                report.sections.append(("screenshot", f"{path} ({opened.url})"))
    return report
