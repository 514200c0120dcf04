"""A moderator merges what says the same, undoes it, decides with reasons, and publishes a draft plan of it."""

from playwright.sync_api import expect

from tests.journeys.walking import PRESENT

JOINT = "Publicar el presupuesto y los pagos municipales como datos abiertos"
GROUP = "Datos abiertos del presupuesto municipal"
SHORT = "Presupuesto municipal en datos abiertos"
OUT = "Recambio de estufas a leña con ayuda para familias"


def test_a_moderator_merges_a_group_and_undoes_it(walk, another):
    page = walk.page
    walk.sign_in("olga")
    walk.open(PRESENT + "/moderacion", "Moderación")
    walk.open(PRESENT + "/grupos", "Grupos de similares")
    walk.follow(GROUP, "¿Son la misma propuesta?")
    expect(page.locator(".base-tag:visible")).to_have_count(1)
    expect(page.locator(".member", has_text="a la base (")).to_have_count(3)
    expect(page.locator(".member mark").first).to_be_visible()

    merged = page.get_by_role("group", name="Se fusionan")
    merged.get_by_label("Ver en qué gasta la municipalidad, peso a peso").uncheck()
    apart = merged.get_by_label("Presupuesto y gasto municipal en datos abiertos")
    apart.uncheck()
    walk.fill(Título_de_la_propuesta_conjunta=JOINT)
    walk.press("Fusionar y ver la fusión", "¿Son la misma propuesta?")
    expect(page.get_by_label("Título de la propuesta conjunta")).to_have_value(JOINT)
    expect(apart).not_to_be_checked()
    page.get_by_role("textbox", name="Con otras palabras").fill(
        "Las dos piden publicar lo que gasta el municipio en archivos abiertos."
    )
    walk.press("Fusionar y ver la fusión", JOINT)
    walk.told("La fusión está hecha")
    tallies = _parts(page)
    assert max(tallies) < _tally(page) < sum(tallies), "somebody supports both and counts once"
    people = _tally(page)

    stranger = another("stranger")
    stranger.open(PRESENT + "/propuestas?q=presupuesto", "Propuestas")
    expect(stranger.page.locator("article", has_text=JOINT)).to_contain_text(str(people))
    stranger.open(page.url, JOINT)
    expect(stranger.page.get_by_role("link", name="Deshacer la fusión")).to_have_count(0)
    stranger.follow(SHORT, SHORT)
    stranger.sees("Esta propuesta sigue viva dentro de otra")

    walk.follow("Deshacer la fusión", "Deshacer la fusión")
    walk.press("Deshacer la fusión", "Deshacer la fusión")
    page.get_by_label("Razón").fill("Una habla del presupuesto y la otra de los pagos: se discutirán por separado.")
    walk.press("Deshacer la fusión", JOINT)
    walk.told("La fusión se deshizo")
    assert _parts(page) == tallies
    stranger.open(stranger.page.url, SHORT)
    stranger.sees("Entrar para apoyar")


def test_a_moderator_decides_with_reasons_and_publishes_the_draft_plan(walk, another):
    page = walk.page
    walk.sign_in("olga")
    walk.open(PRESENT + "/preseleccion?ver=sin-decidir", "Preselección")
    code = _open_decision(walk, "Telemedicina con especialistas en postas de zonas aisladas")
    walk.press("Guardar la decisión", "Decidir sobre una propuesta")
    expect(page.locator("#error-summary")).to_be_focused()
    page.get_by_role("radio", name="Preseleccionar").check()
    page.get_by_label("Institución", exact=True).fill("Servicio de Salud Austral (demostración)")
    page.get_by_label("Razón").fill("Hay contraparte, la mesa de Magallanes la pidió y se puede medir.")
    walk.press("Guardar la decisión", "Preselección")
    walk.told("La propuesta quedó preseleccionada")

    _open_decision(walk, OUT)
    page.get_by_role("radio", name="Dejar fuera").check()
    page.get_by_label("Causal para dejarla fuera").select_option("Ya existe")
    page.get_by_label("Razón").fill("El programa de recambio de calefactores ya lo hace en la región.")
    walk.press("Guardar la decisión", "Preselección")
    walk.follow("Dejadas fuera", "Preselección")
    walk.sees("El programa de recambio de calefactores ya lo hace en la región.")

    walk.open(PRESENT + "/plan", "Plan")
    walk.follow("Telemedicina con especialistas", "Redactar un compromiso")
    expect(page.get_by_role("checkbox", name="Telemedicina")).to_be_checked()
    _draft(walk)
    stranger = another("stranger")
    stranger.open(PRESENT + "/plan", "Plan")
    stranger.sees("El plan todavía no se publica")
    walk.press("Publicar el borrador", "Plan 2026–2028")
    walk.told("El borrador del plan es público")
    stranger.open(PRESENT + "/plan", "Plan 2026–2028")
    stranger.follow("Especialistas a distancia", "Especialistas a distancia en todas las postas")
    stranger.sees("Hay contraparte, la mesa de Magallanes la pidió y se puede medir.")
    stranger.open(f"/propuestas/{code}/que-paso", "¿Qué pasó con esta propuesta?")
    stranger.sees("Especialistas a distancia en todas las postas")


def _open_decision(walk, title):
    page = walk.page
    walk.open(PRESENT + f"/propuestas?q={title}", "Propuestas")
    walk.follow(title, title)
    code = page.url.split("/")[-1]
    walk.follow("Decidir", "Decidir sobre una propuesta")
    return code


def _draft(walk):
    page = walk.page
    walk.fill(Título_del_compromiso="Especialistas a distancia en todas las postas")
    page.get_by_label("Problema que aborda").fill(
        "En zonas aisladas se viaja un día entero para ver a un especialista."
    )
    page.get_by_role("textbox", name="Qué se hará").first.fill("Diez postas conectadas")
    page.get_by_label("Comienza").nth(1).fill("2027-03-01")
    walk.press("Guardar en el borrador", "Redactar un compromiso")
    expect(page.get_by_label("Título del compromiso")).to_have_value("Especialistas a distancia en todas las postas")
    page.get_by_label("Nombre del plan").fill("Plan 2026–2028")
    walk.press("Guardar en el borrador", "Plan 2026–2028")
    walk.told("El compromiso quedó en el borrador")


def _tally(page):
    return int(page.locator(".tally .people-figure strong").inner_text())


def _parts(page):
    return [int(text) for text in page.locator(".tally-parts dd").all_inner_texts()]
