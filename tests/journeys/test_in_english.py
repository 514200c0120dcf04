"""Whoever reads English is given English, and keeps it."""

from playwright.sync_api import expect

from tests.journeys.walking import PRESENT


def test_the_language_switch_changes_the_pages_and_is_remembered(walk):
    page = walk.page
    page.goto(PRESENT + "/propuestas?q=salud&sort=recientes")
    page.get_by_role("button", name="English").click()
    assert page.url.endswith("/propuestas?q=salud&sort=recientes"), "the switch loses the page"
    for path in ("/", PRESENT, PRESENT + "/propuestas", "/cuenta/entrar", "/cuenta/registro", "/registro"):
        response = page.goto(path)
        assert response.ok
        expect(page.locator("html")).to_have_attribute("lang", "en")
        walk.look(page.get_by_role("heading", level=1).inner_text())
    page.get_by_role("button", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")


def test_a_person_keeps_the_language_that_was_chosen(walk, another):
    walk.sign_in("ana")
    walk.page.get_by_role("button", name="English").click()
    expect(walk.page.locator("html")).to_have_attribute("lang", "en")
    elsewhere = another("ana")
    elsewhere.page.goto("/")
    expect(elsewhere.page.locator("html")).to_have_attribute("lang", "es")
    elsewhere.sign_in("ana")
    expect(elsewhere.page.locator("html")).to_have_attribute("lang", "en")
