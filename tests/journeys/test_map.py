"""The map of proposals: looked at, moved, narrowed and walked through with the keyboard; the table beside it."""

import re

import pytest
from playwright.sync_api import expect

from consulta.jobs.work import perform
from tests.journeys.walking import PRESENT
from tests.services.browser import assert_accessible, assert_fits


@pytest.fixture(scope="module")
def demo_site(new_demo):
    """The demonstration with its map drawn."""
    site = new_demo()
    with site.app():
        perform("draw_map")
    return site


@pytest.fixture
def page(walk):
    """The map before a moderator."""
    walk.sign_in("olga")
    walk.open(PRESENT + "/mapa", "Mapa de propuestas")
    return walk.page


def test_a_mark_leads_to_its_proposal_and_an_outline_to_its_group(page):
    group = page.locator(".map-groups a").first
    expect(group.locator("title")).to_have_text(re.compile(r"^Grupo de \d+ propuestas: "))
    mark = page.locator(".map-marks a").first
    title = mark.locator("title").text_content().partition(" · ")[0].rstrip("…")
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    page.go_back()
    group.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/grupos/\d+$"))


def test_it_is_moved_and_narrowed_by_links_and_by_pressing_where_nothing_is(page):
    every = page.locator(".map-marks a").count()
    page.get_by_role("link", name="Acercar", exact=True).click()
    expect(page.get_by_role("link", name="Ver todo")).to_be_visible()
    assert 0 < page.locator(".map-marks a").count() < every
    assert_fits(page)
    assert_accessible(page)
    page.get_by_role("link", name="A la izquierda").click()
    page.get_by_role("link", name="Ver todo").click()
    expect(page.locator(".map-marks a")).to_have_count(every)
    page.locator(".map-cell").first.click(position={"x": 5, "y": 5}, force=True)
    expect(page).to_have_url(re.compile("z=2"))
    page.get_by_label("Eje temático", exact=True).select_option("Salud")
    page.get_by_role("button", name="Mostrar").click()
    expect(page.locator(".map-marks")).to_have_count(1)
    expect(page.locator(".map-legend li", has_text="Salud")).to_be_visible()


def test_the_keyboard_passes_the_map_by_and_finds_the_same_in_the_table(page):
    page.get_by_role("link", name="Saltar el mapa").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    first = page.locator(".data-table tbody a").first
    expect(first).to_be_focused()
    expect(page.locator(".data-table tbody tr").first).to_contain_text(re.compile(r"\d+"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/propuestas/"))
