"""A facilitator notes who came and what the room decided, and hands it in; in her own region and no other."""

from playwright.sync_api import expect

from tests.journeys.walking import PRESENT

SESSION = "Primera sesión de la mesa del Biobío"
NEW = "Horario de atención municipal hasta las ocho una vez por semana"


def test_a_facilitator_records_her_session_and_hands_it_in(walk, another):
    page = walk.page
    walk.sign_in("tomas")
    walk.open(PRESENT + "/mesas", "Mesas y sesiones")
    own = page.get_by_role("region", name="Tus sesiones")
    expect(own.locator("li.task")).to_have_count(1)
    own.get_by_role("link", name="Seguir").click()
    walk.look(SESSION)

    _note_who_came(walk)
    walk.follow("Propuestas discutidas", "Propuestas discutidas")
    _enter(
        walk, "estufas a leña", "Modificar", "Acuerdo", reasons="Que alcance a quien arrienda.\nQue haya mantención."
    )
    walk.look("Propuestas discutidas")
    walk.told("Resultado guardado")
    _enter(walk, "bicicletas", "Sin contraparte", "Opiniones divididas", dissent="Municipios: no es su competencia.")
    _add_what_the_room_made(walk)

    walk.follow("Registro", SESSION, within=page.locator(".crumbs"))
    expect(page.locator(".task", has_text="Propuestas discutidas")).to_contain_text("3 de 3 con resultado")
    walk.follow("Revisar y entregar", "Revisar y entregar")
    stranger = another("stranger")
    stranger.open(page.url.replace("/entregar", ""), SESSION)
    stranger.sees("La asistencia y los resultados se publican cuando")
    walk.press("Entregar la sesión", SESSION)
    walk.told("Sesión entregada")
    stranger.open(stranger.page.url, SESSION)
    stranger.sees(NEW)
    stranger.sees("Municipios: no es su competencia.")
    stranger.sees("Lo que se lee aquí es lo que se entregó")

    # Nothing of it can be changed any more, and it stands beside the support of the proposal it is about.
    walk.open(page.url + "/registro", SESSION)
    expect(page.get_by_role("button", name="Guardar")).to_have_count(0)
    stranger.follow("Recambio de estufas a leña", "Recambio de estufas a leña con ayuda para familias")
    stranger.sees("Que alcance a quien arrienda.")


def test_a_facilitator_of_another_region_is_refused_with_the_reason(walk, another):
    walk.sign_in("tomas")
    walk.open(PRESENT + "/mesas", "Mesas y sesiones")
    walk.follow(SESSION, SESSION)
    walk.open(walk.page.url.removesuffix("/registro") + "/registro", SESSION)
    nora = another("nora")
    nora.sign_in("nora")
    nora.open(walk.page.url, "No se puede hacer esto")
    nora.sees("Biobío")
    nora.follow("Ir a las consultas", "Consultas")
    # What the room decided is everybody's to read all the same, once it is handed in.
    nora.open(PRESENT + "/mesas", "Mesas y sesiones")
    nora.follow("Leer", "Primera sesión de la mesa de Magallanes")


def _note_who_came(walk):
    page = walk.page
    walk.follow("Asistencia", "Asistencia")
    for name, heads in (
        ("Universidad del Litoral", 3),
        ("Unión de Juntas Vecinales", 12),
        ("Municipalidad de Puerto", 2),
    ):
        came = page.locator(".presence", has_text=name)
        came.get_by_label("Asistió").check()
        came.get_by_label("Personas").fill(str(heads))
    page.locator(".presence", has_text="Unión de Juntas Vecinales").get_by_label("Intervino").check()
    added = page.locator(".presence.is-new").first
    added.get_by_label("Institución").fill("Club ciclista del Biobío")
    added.get_by_label("Personas").fill("cuatro")
    walk.press("Guardar la asistencia", "Asistencia")
    expect(page.locator("#error-summary")).to_be_focused()
    added = page.locator(".presence.is-new").first
    expect(added.get_by_label("Institución")).to_have_value("Club ciclista del Biobío")
    added.get_by_label("Sector").select_option("Sociedad civil")
    added.get_by_label("Personas").fill("4")
    walk.press("Guardar la asistencia", SESSION)
    walk.told("Asistencia guardada")
    expect(page.locator(".task", has_text="Asistencia")).to_contain_text("21 personas")


def _enter(walk, words, outcome, grade, *, reasons="Lo pidió la mayoría de las juntas.", dissent=""):
    page = walk.page
    page.get_by_role("searchbox").fill(words)
    walk.press("Buscar", "Propuestas discutidas")
    page.get_by_role("link", name="Anotar el resultado").first.click()
    _fill_result(page, outcome, grade, reasons, dissent)
    page.get_by_role("button", name="Guardar el resultado").click()


def _fill_result(page, outcome, grade, reasons, dissent):
    page.get_by_role("radio", name=outcome, exact=True).check()
    page.get_by_role("radio", name=grade, exact=True).check()
    page.get_by_label("Puntos").fill("7")
    page.get_by_label("Razones").fill(reasons)
    page.get_by_label("Posición de la minoría").fill(dissent)


def _add_what_the_room_made(walk):
    page = walk.page
    walk.follow("Agregar la propuesta de la sala", "Propuesta de la sala")
    walk.press("Publicar la propuesta", "Propuesta de la sala")
    walk.fill(Título=NEW)
    page.get_by_label("Texto").fill(
        "Quien trabaja no alcanza a llegar antes del cierre. Un día a la semana, hasta las ocho."
    )
    walk.press("Publicar la propuesta", NEW)
    _fill_result(page, "Mantener", "Consenso", "Nació en la mesa y nadie se opuso.", "")
    walk.press("Guardar el resultado", "Propuestas discutidas")
