"""While somebody types a title: what is already proposed appears under it, and nothing that was typed is lost."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.walking import PRESENT, Walk
from tests.services.browser import assert_accessible, assert_fits, picture

TITLE = "Consultar por internet mi lugar en la lista de espera del hospital"
ALIKE = "Consultar en línea mi lugar en la lista de espera"
NEW = PRESENT + "/propuestas/nueva"


def opened(walk, who):
    """Return the page of somebody with the empty form before them; who supports something stays with its account."""
    walk.sign_in(who)
    walk.open(NEW, "Hacer una propuesta")
    return walk.page


@pytest.fixture
def writing(walk):
    """A citizen with the empty form before her."""
    return opened(walk, "ana")


def region(page):
    """Return the place under the title where similar proposals appear."""
    return page.locator("[data-similar]")


def type_title(page, text=TITLE):
    """Type a title as fingers do, and wait until what is alike is shown."""
    page.get_by_label("Título").press_sequentially(text)
    expect(region(page).get_by_role("link", name=ALIKE)).to_be_visible()


def test_what_is_alike_appears_is_told_and_bars_nobody(writing):
    page = writing
    expect(region(page)).to_be_empty()
    # Where it stands once somebody is in it: the browser may scroll to a field that it gives the focus.
    page.get_by_label("Título").press_sequentially(TITLE[:1])
    before = page.get_by_label("Título").bounding_box()
    type_title(page, TITLE[1:])
    assert page.get_by_label("Título").bounding_box() == before, "the field moved while somebody wrote in it"
    expect(page.get_by_role("status").filter(has_text=re.compile(r"\d propuestas? parecidas?")).first).to_be_attached()
    assert 1 <= region(page).locator("[data-code]").count() <= 5
    expect(region(page).locator(".similar-reason").first).to_contain_text("hablan de")
    assert_fits(page)
    assert_accessible(page)
    picture(page, "similar-while-typing")
    page.get_by_label("Título").fill("")
    expect(region(page)).to_be_empty()


def test_the_same_text_is_asked_for_once_and_only_after_a_pause(writing):
    page, asked = writing, []
    page.on("request", lambda request: asked.append(request.url) if "/parecidas" in request.url else None)
    type_title(page)
    assert len(asked) <= 3, "every key was a question"
    page.get_by_label("Título").press_sequentially("  ")
    page.wait_for_timeout(900)
    page.get_by_label("Título").fill("otra cosa distinta de verdad")
    page.wait_for_timeout(900)
    number = len(asked)
    page.get_by_label("Título").fill(TITLE)
    expect(region(page).get_by_role("link", name=ALIKE)).to_be_visible()
    assert len(asked) == number, "an answer that was there was asked for again"


def test_a_late_answer_to_an_older_text_changes_nothing(writing):
    page = writing

    def slow(route):
        if "espera" in route.request.url:
            page.wait_for_timeout(1500)
        route.continue_()

    page.route("**/parecidas?*", slow)
    page.get_by_label("Título").fill(TITLE)
    page.wait_for_timeout(600)
    page.get_by_label("Título").fill("Zapallos y otras verduras para todas las mesas")
    page.wait_for_timeout(2500)
    expect(region(page)).to_be_empty()


def test_support_is_given_without_losing_what_was_typed(writing):
    page = writing
    page.get_by_label("Qué propones y por qué").fill("Nadie me dice cuánto falta.")
    type_title(page)
    item = region(page).locator("[data-code]", has_text=ALIKE).first
    item.get_by_role("button", name="Apoyar esta").click()
    told = item.get_by_text("Ya la apoyas.")
    expect(told).to_be_visible()
    expect(told).to_be_focused()
    expect(page).to_have_url(re.compile(NEW + "$"))
    expect(page.get_by_label("Título")).to_have_value(TITLE)
    expect(page.get_by_label("Qué propones y por qué")).to_have_value("Nadie me dice cuánto falta.")
    assert_accessible(page)
    page.get_by_role("button", name="Guardar y comparar").click()
    expect(page.locator(".compared", has_text=ALIKE).first.get_by_text("Ya apoyas esta propuesta")).to_be_visible()


def test_what_is_told_different_goes_and_stays_away(writing):
    page = writing
    type_title(page)
    code = region(page).locator("[data-code]", has_text=ALIKE).first.get_attribute("data-code")
    number = region(page).locator("[data-code]").count()
    region(page).locator(f'[data-code="{code}"]').get_by_role("button", name="La mía es distinta").click()
    expect(region(page).locator("[data-code]")).to_have_count(number - 1)
    page.get_by_label("Título").press_sequentially(" de mi barrio")
    page.wait_for_timeout(1500)
    expect(page.locator(f'[data-code="{code}"]')).to_have_count(0)
    page.get_by_role("button", name="Guardar y comparar").click()  # the text is missing: the form comes back
    expect(page.locator("#error-summary")).to_be_visible()
    page.wait_for_timeout(1500)
    expect(page.locator(f'[data-code="{code}"]')).to_have_count(0)
    page.get_by_label("Qué propones y por qué").fill("Que se vea en línea.")
    page.get_by_role("button", name="Guardar y comparar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Antes de enviar: ¿ya existe?")
    expect(page.get_by_text("Dijiste que 1 propuesta es distinta de la tuya")).to_be_visible()
    expect(page.locator(".compared", has_text=code)).to_have_count(0)
    page.get_by_role("link", name="Volver a mostrarlas").click()
    expect(page.locator(".compared", has_text=code)).to_have_count(1)


def test_with_the_keyboard_alone(walk):
    page = opened(walk, "tomas")
    page.get_by_label("Título").focus()
    page.keyboard.type(TITLE)
    expect(region(page).locator("[data-code]").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(region(page).get_by_role("link").first).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(region(page).get_by_role("button", name="La mía es distinta").first).to_be_focused()
    number = region(page).locator("[data-code]").count()
    page.keyboard.press("Enter")
    expect(region(page).locator("[data-code]")).to_have_count(number - 1)
    assert page.evaluate("document.activeElement !== document.body"), "the focus got lost"
    if number > 1:
        expect(region(page).get_by_role("link").first).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        expect(region(page).get_by_text(re.compile("Ya la apoyas|Ya usaste")).first).to_be_focused()
    expect(page.get_by_label("Título")).to_have_value(TITLE)


def test_what_is_written_does_not_move_while_the_list_above_changes(writing):
    page = writing
    page.get_by_label("Título").fill("Una propuesta para la salud")
    page.wait_for_timeout(1200)
    body = page.get_by_label("Qué propones y por qué")
    body.focus()
    before = body.bounding_box()["y"]
    page.keyboard.type("Ver por internet mi lugar en la lista de espera del hospital para mi operación.")
    page.wait_for_timeout(2000)
    assert abs(body.bounding_box()["y"] - before) <= 1


@pytest.mark.allows("/parecidas", "/apoyo")
def test_a_line_that_fails_is_silent_and_support_says_so(writing):
    page = writing
    page.route("**/parecidas?*", lambda route: route.abort())
    page.get_by_label("Título").fill(TITLE)
    page.wait_for_timeout(1200)
    expect(region(page)).to_be_empty()
    page.unroute("**/parecidas?*")
    page.get_by_label("Título").press_sequentially(".")
    expect(region(page).get_by_role("link", name=ALIKE)).to_be_visible()
    page.route("**/apoyo", lambda route: route.abort())
    item = region(page).locator("[data-code]").last
    item.get_by_role("button", name="Apoyar esta").click()
    expect(item.get_by_text("No se pudo apoyar ahora.")).to_be_visible()
    page.unroute("**/apoyo")
    expect(item.get_by_role("button", name="Apoyar esta")).not_to_have_attribute("aria-disabled", "true")
    expect(page.get_by_label("Título")).to_have_value(TITLE + ".")


@pytest.mark.allows("/apoyo")
def test_a_refusal_is_said_in_place(walk):
    page = opened(walk, "olga")
    type_title(page)
    page.evaluate("document.querySelector('#title').form.elements.csrf_token.value = 'old'")
    item = region(page).locator("[data-code]").last
    item.get_by_role("button", name="Apoyar esta").click()
    expect(item.get_by_text("La página estuvo abierta mucho tiempo")).to_be_focused()
    expect(page.get_by_label("Título")).to_have_value(TITLE)


def test_without_script_the_step_says_the_same(demo_site, open_page, width):
    walk = Walk(open_page(width, javascript=False), "similar_without_script", scripts=False)
    page = walk.page
    walk.sign_in("nora")
    walk.open(NEW, "Hacer una propuesta")
    expect(page.locator("[data-similar]")).to_be_empty()
    expect(page.locator("[data-similar-pointer]")).to_be_hidden()
    walk.fill(Título=TITLE)
    page.get_by_label("Qué propones y por qué").fill("Que se vea en línea.")
    walk.press("Guardar y comparar", "Antes de enviar: ¿ya existe?")
    card = page.locator(".compared", has_text=ALIKE).first
    expect(card).to_contain_text("hablan de")
    card.get_by_role("link", name="La mía es distinta").click()
    walk.look("Antes de enviar: ¿ya existe?")
    expect(page.locator(".compared", has_text=ALIKE)).to_have_count(0)
    walk.sees("Dijiste que 1 propuesta es distinta de la tuya")
