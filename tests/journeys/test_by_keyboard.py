"""With the keyboard alone: over the navigation, into an account, and behind a proposal."""

import pytest
from playwright.sync_api import expect

from tests.journeys.walking import PASSWORD, PEOPLE, PRESENT, Walk

TITLE = "Sensores de calidad del aire en los barrios, con datos a la vista"
MOST_STEPS = 60  # presses of the tabulator before something is out of reach


@pytest.fixture(scope="module")
def demo_site(new_demo):
    """One site for all of them."""
    return new_demo()


@pytest.fixture
def walk(demo_site, open_page):
    """A visitor without a mouse."""
    return Walk(open_page(1280), "by_keyboard")


def test_the_first_stop_leads_over_the_navigation(walk):
    page = walk.page
    for path in ("/", PRESENT, PRESENT + "/propuestas", "/cuenta/entrar", "/registro"):
        page.goto(path)
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Ir al contenido")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator("#main")).to_be_focused()
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('#main, .page-foot').contains(document.activeElement)")


def test_a_citizen_signs_in_and_supports(walk):
    page = walk.page
    page.goto(PRESENT + "/propuestas?q=sensores")
    _reach(page, TITLE)
    page.keyboard.press("Enter")
    walk.look(TITLE)
    _reach(page, "Entrar para apoyar")
    page.keyboard.press("Enter")
    walk.look("Entrar")
    _reach(page, "Correo electrónico")
    page.keyboard.type(PEOPLE["ana"]["email"])
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    walk.look(TITLE)
    _reach(page, "Apoyar")
    page.keyboard.press("Enter")
    walk.told("Apoyas «Sensores")
    _reach(page, "Retirar mi apoyo")
    page.keyboard.press("Space")
    walk.told("Retiraste tu apoyo")


def test_every_stop_on_the_main_pages_is_seen(walk):
    page = walk.page
    for path in ("/", PRESENT, PRESENT + "/propuestas", "/cuenta/registro"):
        page.goto(path)
        for _step in range(25):
            page.keyboard.press("Tab")
            outline = page.evaluate("""() => { const at = document.activeElement; const style = getComputedStyle(at);
                return at === document.body ||
                    (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) }""")
            assert outline, f"{path}: {page.evaluate('document.activeElement.outerHTML')[:200]}"


def _reach(page, name):
    for _step in range(MOST_STEPS):
        page.keyboard.press("Tab")
        found = page.evaluate("""() => { const at = document.activeElement;
            return (at.labels && at.labels.length ? at.labels[0] : at).innerText || "" }""")
        if found.startswith(name):
            return
    raise AssertionError(f"{name} cannot be reached on {page.url}")
