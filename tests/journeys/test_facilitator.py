"""A facilitator notes what happened in the room and hands it in; a second person sends it back, confirms, publishes."""

from playwright.sync_api import expect

from tests.journeys.walking import PRESENT

SESSION = "Primera sesión de la mesa del Biobío"
NEW = "Horario de atención municipal hasta las ocho una vez por semana"
CITY = "Municipalidad de Puerto Ejemplo (demostración)"


def test_what_a_room_decided_becomes_public_after_a_second_look(walk, another):
    page = walk.page
    walk.sign_in("tomas")
    walk.open(PRESENT + "/mesas", "Mesas y sesiones")
    own = page.get_by_role("region", name="Tus sesiones")
    own.locator("li.task", has_text=SESSION).get_by_role("link", name="Seguir").click()
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
    _tell_the_rest(walk)

    walk.follow("Revisar y entregar", "Revisar y entregar")
    stranger = another("stranger")
    stranger.open(page.url.replace("/entregar", ""), SESSION)
    stranger.sees("La asistencia y los resultados se publican con el acta")
    _explain_numbers_that_disagree(walk)
    walk.press("Entregar la sesión", SESSION)
    walk.told("Sesión entregada")

    olga = another("olga")
    olga.sign_in("olga")
    _send_back(olga)
    walk.open(PRESENT + "/mesas", "Mesas y sesiones")
    own.locator("li.task", has_text=SESSION).get_by_role("link", name="Seguir").click()
    walk.look(SESSION)
    walk.sees("Los puntos de las estufas son 9")
    _correct_what_was_sent_back(walk)
    _confirm_and_publish(olga)

    stranger.open(stranger.page.url, SESSION)
    stranger.sees(NEW)
    stranger.sees("Municipios: no es su competencia.")
    stranger.sees("Se habló de la leña húmeda.")
    stranger.sees("Lo que se lee aquí es lo que se entregó")
    # Nothing of it can be changed any more, and it stands beside the support of the proposal it is about.
    walk.open(
        page.url.split("/sesiones/")[0] + "/sesiones/" + stranger.page.url.rsplit("/", 1)[1] + "/registro", SESSION
    )
    expect(page.get_by_role("button", name="Guardar")).to_have_count(0)
    stranger.follow("Recambio de estufas a leña", "Recambio de estufas a leña con ayuda para familias")
    stranger.sees("Región del Biobío")
    stranger.sees("21 personas en la sala")
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
    # What the room decided is everybody's to read all the same, once its minutes are public.
    nora.open(PRESENT + "/mesas", "Mesas y sesiones")
    nora.follow("Leer", "Primera sesión de la mesa de Magallanes")


def test_a_code_for_a_shared_phone_is_shown_once_in_large_letters(walk):
    walk.sign_in("nora")
    walk.open(PRESENT + "/mesas", "Mesas y sesiones")
    walk.follow("Segunda sesión de la mesa de Magallanes", "Segunda sesión de la mesa de Magallanes")
    walk.open(walk.page.url.removesuffix("/registro") + "/codigos", "Códigos de acceso")
    walk.press("Hacer el código", "Códigos de acceso")
    expect(walk.page.locator("#error-summary")).to_be_focused()
    walk.fill(Para_quién_o_qué_teléfono="Teléfono de la mesa 2")
    walk.press("Hacer el código", "Códigos de acceso")
    shown = walk.page.locator(".code-plain")
    expect(shown).to_be_visible()
    assert shown.evaluate("element => parseFloat(getComputedStyle(element).fontSize)") >= 28
    walk.open(walk.page.url, "Códigos de acceso")
    expect(shown).to_have_count(0)
    walk.press("Terminar", "Códigos de acceso")
    walk.told("Código terminado")


def _note_who_came(walk):
    page = walk.page
    walk.follow("Asistencia", "Asistencia")
    for name, heads in (("Universidad del Litoral", 3), ("Unión de Juntas Vecinales", 12), (CITY, 2)):
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
    # What else there is to say of one institution stands on a page of its own; the list is saved on the way.
    page.locator(".presence", has_text=CITY).get_by_role("button", name="Más datos").click()
    walk.look(CITY)
    walk.told("Asistencia guardada")
    page.get_by_label("Calidad").select_option("Observa")
    walk.fill(Mujeres="1", Hombres="1")
    walk.press("Guardar", "Asistencia")
    expect(page.locator(".presence", has_text=CITY)).to_contain_text("Observa")
    walk.follow("Registro", SESSION, within=page.locator(".crumbs"))
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
    page.get_by_label("Puntos que recibió").fill("7")
    page.get_by_label("Totalmente de acuerdo").fill("12")
    page.get_by_label("A favor", exact=True).fill("14")
    page.get_by_label("Razones a favor").fill(reasons)
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
    page.get_by_label("A favor", exact=True).fill("30")  # more than there were people
    walk.press("Guardar el resultado", "Propuestas discutidas")
    walk.sees("hay 30 votos y 21 personas presentes")


def _tell_the_rest(walk):
    page = walk.page
    walk.follow("Desarrollo", "Desarrollo", within=page.locator(".tasks"))
    walk.follow("Puntos, acuerdos y cierre", "Puntos, acuerdos y cierre")
    page.get_by_label("Qué se dijo").fill("Se habló de la leña húmeda.")
    walk.press("Guardar", "Desarrollo")
    walk.follow("Registro", SESSION, within=page.locator(".crumbs"))
    walk.follow("Constancias y notas", "Constancias y notas")
    page.get_by_label("Peticiones y constancias").fill("Que se invite a Conaf.")
    walk.press("Guardar", SESSION)
    walk.follow("Cierre del acta", "Cierre del acta")
    page.get_by_role("radio", name="Por definir").check()
    walk.fill(**{"Acta_preparada_por_(opcional)": "Equipo del Biobío"})
    walk.press("Guardar", SESSION)


def _explain_numbers_that_disagree(walk):
    page = walk.page
    page.get_by_role("link", name="Escribir la nota").click()
    walk.look(NEW)
    expect(page.get_by_label("Por qué los números no calzan")).to_be_in_viewport()
    page.get_by_label("Por qué los números no calzan").fill("Votó también el público.")
    walk.press("Guardar el resultado", "Propuestas discutidas")
    walk.follow("Registro", SESSION, within=page.locator(".crumbs"))
    walk.follow("Revisar y entregar", "Revisar y entregar")
    walk.sees("Tiene nota.")


def _send_back(walk):
    walk.open(PRESENT + "/mesas", "Mesas y sesiones")
    waiting = walk.page.get_by_role("region", name="Por revisar")
    walk.follow("Revisar " + SESSION, SESSION, within=waiting)
    walk.sees("Que se invite a Conaf.")
    walk.page.get_by_label("Qué hay que corregir").fill("Los puntos de las estufas son 9 en la hoja.")
    walk.press("Devolver con esta nota", "Mesas y sesiones")
    walk.told("Sesión devuelta")


def _correct_what_was_sent_back(walk):
    page = walk.page
    walk.follow("Propuestas discutidas", "Propuestas discutidas")
    page.locator(".result-card", has_text="estufas a leña").get_by_role("link", name="Cambiar").click()
    page.get_by_label("Puntos que recibió").fill("9")
    walk.press("Guardar el resultado", "Propuestas discutidas")
    walk.follow("Registro", SESSION, within=page.locator(".crumbs"))
    walk.follow("Revisar y entregar", "Revisar y entregar")
    walk.press("Entregar la sesión", SESSION)


def _confirm_and_publish(walk):
    walk.open(PRESENT + "/mesas", "Mesas y sesiones")
    walk.follow("Revisar " + SESSION, SESSION, within=walk.page.get_by_role("region", name="Por revisar"))
    walk.press("Confirmar: dice lo mismo que las hojas", "Mesas y sesiones")
    waiting = walk.page.get_by_role("region", name="Por publicar").locator("li.task", has_text=SESSION)
    waiting.get_by_role("link", name="Leer y publicar").click()
    walk.page.get_by_role("button", name="Publicar").click()
    walk.told("El acta es pública")
