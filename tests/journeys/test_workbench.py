"""A moderator works through the queue by keyboard alone; every step is also a button, and keys can be turned off."""

import pytest
from playwright.sync_api import expect

from consulta.consultations.queries import find_consultation
from consulta.core.pulse import advance, claim, finish
from consulta.suggestions.finding import made_from
from tests.journeys.walking import PRESENT, Walk

ASKED = "¿Son la misma propuesta?"
SHORT = "Presupuesto municipal en datos abiertos"
MOST_GROUPS = 10


@pytest.fixture
def desk(walk):
    """Olga at the first group of the queue, reached with Tab and Enter."""
    walk.sign_in("olga")
    walk.open(PRESENT + "/grupos", "Grupos de similares")
    _reach(walk.page, "Revisar uno tras otro")
    walk.page.keyboard.press("Enter")
    walk.look(ASKED)
    return walk


def test_a_group_is_worked_on_by_keyboard_alone(desk):
    page, keys = desk.page, desk.page.keyboard
    _go_to(page, SHORT)
    members = page.locator(".member")
    there = members.count()
    assert there >= 3

    keys.press("/")
    expect(page.get_by_label("Buscar por palabras o código")).to_be_focused()
    keys.type("decidir entre vecinos, nj?x")  # while a field is written in, no key does anything else
    expect(page.get_by_label("Buscar por palabras o código")).to_have_value("decidir entre vecinos, nj?x")
    for _letter in ", nj?x":
        keys.press("Backspace")
    keys.press("Enter")
    desk.look(ASKED)
    expect(page.locator(".pull").first).to_be_focused()
    keys.press("Enter")
    desk.look(ASKED)
    desk.told("se sumó a este grupo")
    expect(members).to_have_count(there + 1)

    keys.press("s")
    expect(page.locator("#told")).to_contain_text("Marca primero")
    for number in ("3", "4"):
        keys.press(number)
        expect(page.locator(f'[data-number="{number}"]')).to_be_focused()
        keys.press("Space")
    keys.press("s")
    desk.look(ASKED)
    desk.told("2 propuestas quedaron en un grupo aparte")
    expect(members).to_have_count(there - 1)
    keys.press("u")
    desk.look(ASKED)
    desk.told("Se deshizo")
    expect(members).to_have_count(there + 1)

    keys.press("x")
    expect(page.locator("#told")).to_contain_text("Elige primero una propuesta")
    away = page.locator(".member", has_text="Decidir entre vecinos")
    keys.press(away.locator(".member-number").inner_text())
    keys.press("x")
    desk.look(ASKED)
    desk.told("salió del grupo")
    expect(members).to_have_count(there)
    expect(away).to_have_count(0)


def test_not_the_same_goes_on_and_is_undone(desk):
    page, keys = desk.page, desk.page.keyboard
    first = page.url.partition("?")[0]
    title = page.locator(".member h3").first.inner_text()
    keys.press("n")
    desk.look(ASKED)
    desk.told("no son lo mismo")
    assert page.url.partition("?")[0] != first
    keys.press("u")
    desk.look(ASKED)
    desk.told("Se deshizo")
    assert title in page.locator(".member h3").all_inner_texts()
    keys.press("j")
    expect(page.locator(".group-head")).to_contain_text("Grupo 2 de")
    keys.press("ArrowLeft")
    expect(page.locator(".group-head")).to_contain_text("Grupo 1 de")
    keys.press("k")
    expect(page.locator("#told")).to_contain_text("Este es el primer grupo")
    keys.press("u")
    expect(page.locator("#told")).to_contain_text("No hay nada que deshacer")


def test_a_merge_is_written_sent_and_undone_by_keyboard(desk):
    page, keys = desk.page, desk.page.keyboard
    _go_to(page, SHORT)
    second = page.locator(".member").nth(1).locator("h3").inner_text()
    keys.press("2")
    keys.press("b")
    expect(page.locator("#told")).to_contain_text("El texto base es ahora el 2")
    expect(page.get_by_label("Título de la propuesta conjunta")).to_have_value(second)
    expect(page.locator(".member.is-base h3")).to_have_text(second)

    keys.press("Control+Enter")  # outside of the form it sends nothing
    keys.press("m")
    expect(page.get_by_role("radio", name="Piden lo mismo")).to_be_focused()
    keys.press("Control+Enter")
    desk.look(ASKED)
    expect(page.locator("#error-summary")).to_contain_text("Escribe por qué")
    expect(page.get_by_label("Título de la propuesta conjunta")).to_have_value(second)
    keys.press("m")
    keys.press("Space")
    keys.press("Control+Enter")
    desk.look(ASKED)
    desk.told("La fusión está hecha")
    keys.press("u")
    desk.look("Deshacer la fusión")
    page.get_by_label("Razón").focus()
    keys.type("Se discutirán por separado.")
    _reach(page, "Deshacer la fusión")
    keys.press("Enter")
    desk.look(second)
    desk.told("La fusión se deshizo")
    desk.open(PRESENT + "/separadas", "Propuestas separadas")
    _reach(page, "Volver a comparar")
    keys.press("Enter")
    desk.look("Propuestas separadas")
    desk.told("vuelven a compararse")


def test_keys_are_listed_and_can_be_turned_off_for_good(desk):
    page, keys = desk.page, desk.page.keyboard
    address, listed = page.url, page.get_by_role("dialog", name="Teclas")
    keys.press("?")
    expect(listed).to_be_visible()
    desk.look(ASKED)
    _reach(page, "Usar estas teclas")
    keys.press("Space")
    keys.press("Escape")
    expect(listed).to_be_hidden()
    for _time in ("now", "after coming back"):
        for key in ("n", "j", "x", "?"):
            keys.press(key)
        expect(listed).to_be_hidden()
        assert page.url == address
        expect(page.locator(".bench kbd").first).to_be_hidden()
        page.reload()
    _reach(page, "Teclas")
    keys.press("Enter")
    _reach(page, "Usar estas teclas")
    keys.press("Space")
    keys.press("Escape")
    keys.press("?")
    expect(listed).to_be_visible()


def test_every_step_works_without_script(demo_site, open_page, width):
    walk = Walk(open_page(width, javascript=False), "bench_without_script", scripts=False)
    page = walk.page
    walk.sign_in("olga")
    walk.open(PRESENT + "/grupos", "Grupos de similares")
    walk.follow("Revisar uno tras otro", ASKED)
    expect(page.locator("kbd:visible")).to_have_count(0)
    expect(page.get_by_role("button", name="Teclas")).to_be_hidden()
    walk.press("No son lo mismo", ASKED)
    walk.told("no son lo mismo")
    walk.press("Deshacer", ASKED)
    walk.told("Se deshizo")
    second = page.locator(".member").nth(1)
    title = second.locator("h3").inner_text()
    second.get_by_role("link", name="Como base").click()
    expect(page.get_by_label("Título de la propuesta conjunta")).to_have_value(title)
    page.get_by_label("Buscar por palabras o código").fill("telemedicina")
    walk.press("Buscar", ASKED)
    walk.press("Sumar Telemedicina", ASKED)
    walk.told("se sumó a este grupo")
    page.get_by_role("checkbox", name="Marcar").nth(0).check()
    walk.press("Separar las marcadas", ASKED)
    walk.told("quedó aparte")
    walk.press("Deshacer", ASKED)
    page.locator(".member", has_text="Telemedicina").get_by_role("button", name="Sacar").click()
    walk.told("salió del grupo")
    page.get_by_role("radio", name="Es la misma propuesta").check()
    walk.press("Fusionar y seguir con el siguiente", ASKED)
    walk.told("La fusión está hecha")


def test_progress_is_followed_while_groups_are_computed(desk, demo_site):
    page = desk.page
    with demo_site.app():
        number = find_consultation(PRESENT.split("/")[-1], to=None).id
        unit = f"suggest_groups:{number}"
        claim(unit, 300, by=None)
        advance(unit, 40, 120, by=None)
    desk.open(PRESENT + "/grupos", "Grupos de similares")
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "40")
    with demo_site.app():
        advance(unit, 80, 120, by=None)
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "80")
    with demo_site.app():
        finish(unit, seen=made_from(find_consultation(PRESENT.split("/")[-1], to=None)), by=None)
    expect(page.get_by_role("link", name="Ver los nuevos")).to_be_visible()
    desk.told("Los grupos se calcularon de nuevo")


def _go_to(page, title):
    """Press `j` until the group with a proposal of this title is there."""
    for _group in range(MOST_GROUPS):
        if title in page.locator(".member h3").all_inner_texts():
            return
        with page.expect_navigation():
            page.keyboard.press("j")
    raise AssertionError(f"no group holds {title}")


def _reach(page, name):
    """Press Tab until what is called `name` has the focus."""
    for _step in range(150):
        page.keyboard.press("Tab")
        found = page.evaluate("""() => { const at = document.activeElement;
            return (at.labels && at.labels.length ? at.labels[0] : at).innerText || "" }""")
        if found.strip().startswith(name):
            return
    raise AssertionError(f"{name} cannot be reached on {page.url}")
