"""The table of rights: every address × verb × actor. A new address without a row fails.

    letter  what happens
    y       done, shown, or shown again with what is missing
    -       sent to sign in, and no row changed
    n       refused with a reason, and no row changed
    ?       as if there were nothing there, and no row changed

The actors, in the order of the letters: visitor, citizen, owner (who wrote what the world holds), facilitator (of the
session's region), other_facilitator (of another region), moderator, other_moderator (of another consultation),
administrator.
"""

import hashlib

import pytest
from sqlalchemy import select

from consulta.core.extensions import db
from tests.web.world import ACTORS

EVERYBODY = "yyyyyyyy"
SIGNED_IN = "-yyyyyyy"
MODERATOR = "-nnnnynn"
ADMINISTRATOR = "-nnnnnny"
OWNER = "-nynnnnn"
TAKES_PART = "-nnynynn"  # its region's facilitator, and those who moderate
SESSION = "-nnynnnn"  # its region's facilitator alone; tables without a region are run by the moderators

# (endpoint, verb): (address with the world's values, letters of the actors, form)
TABLE = {
    ("consultations.index", "GET"): ("/", EVERYBODY, {}),
    ("consultations.show", "GET"): ("/consultas/{slug}", EVERYBODY, {}),
    ("health.check", "GET"): ("/salud", EVERYBODY, {}),
    ("language.choose", "POST"): ("/idioma", EVERYBODY, {"locale": "en"}),
    ("accounts.sign_up", "GET"): ("/cuenta/registro", EVERYBODY, {}),
    ("accounts.sign_up", "POST"): ("/cuenta/registro", EVERYBODY, {}),
    ("accounts.sign_in", "GET"): ("/cuenta/entrar", EVERYBODY, {}),
    ("accounts.sign_in", "POST"): ("/cuenta/entrar", EVERYBODY, {}),
    ("accounts.sign_out", "POST"): ("/cuenta/salir", EVERYBODY, {}),
    ("accounts.letter", "GET"): ("/cuenta/carta", "--------", {}),
    ("accounts.confirm", "GET"): ("/cuenta/confirmar/{owner_token}", EVERYBODY, {}),
    ("accounts.confirm", "POST"): ("/cuenta/confirmar/{owner_token}", SIGNED_IN, {}),
    ("accounts.resend", "POST"): ("/cuenta/confirmacion", SIGNED_IN, {}),
    ("accounts.forgot", "GET"): ("/cuenta/clave", EVERYBODY, {}),
    ("accounts.forgot", "POST"): ("/cuenta/clave", EVERYBODY, {}),
    ("accounts.reset", "GET"): ("/cuenta/clave/{reset_token}", EVERYBODY, {}),
    ("accounts.reset", "POST"): ("/cuenta/clave/{reset_token}", EVERYBODY, {}),
    ("accounts.show", "GET"): ("/cuenta", SIGNED_IN, {}),
    ("accounts.revise", "POST"): ("/cuenta/datos", SIGNED_IN, {}),
    ("accounts.new_password", "GET"): ("/cuenta/contrasena", SIGNED_IN, {}),
    ("accounts.new_password", "POST"): ("/cuenta/contrasena", SIGNED_IN, {}),
    ("proposals.index", "GET"): ("/consultas/{slug}/propuestas", EVERYBODY, {}),
    ("proposals.new", "GET"): ("/consultas/{slug}/propuestas/nueva", SIGNED_IN, {}),
    ("proposals.new", "POST"): (
        "/consultas/{slug}/propuestas/nueva",
        SIGNED_IN,
        {"title": "Una más", "body": "Texto", "theme": "0", "territory": "0"},
    ),
    ("proposals.show", "GET"): ("/propuestas/{code}", EVERYBODY, {}),
    ("proposals.edit", "GET"): ("/propuestas/{code}/editar", OWNER, {}),
    ("proposals.edit", "POST"): (
        "/propuestas/{code}/editar",
        OWNER,
        {"title": "Otro texto", "body": "Texto", "theme": "0", "territory": "0"},
    ),
    ("proposals.similar", "GET"): ("/propuestas/{draft}/similares", "-?y?????", {}),
    ("similar.live", "GET"): ("/consultas/{slug}/propuestas/parecidas?titulo=Publicar+las+actas", SIGNED_IN, {}),
    ("proposals.submit", "POST"): ("/propuestas/{draft}/enviar", "-?y?????", {}),
    ("proposals.fate", "GET"): ("/propuestas/{code}/que-paso", EVERYBODY, {}),
    ("proposals.wordings", "GET"): ("/propuestas/{code}/versiones", EVERYBODY, {}),
    ("proposals.withdraw", "GET"): ("/propuestas/{code}/retirar", OWNER, {}),
    ("proposals.withdraw", "POST"): ("/propuestas/{code}/retirar", OWNER, {"reason": "Porque sí"}),
    ("proposals.hide", "GET"): ("/propuestas/{code}/ocultar", MODERATOR, {}),
    ("proposals.hide", "POST"): ("/propuestas/{code}/ocultar", MODERATOR, {"reason": "Abuso"}),
    ("votes.cast", "POST"): ("/propuestas/{code}/apoyo", SIGNED_IN, {}),
    ("votes.take_back", "POST"): ("/propuestas/{code}/apoyo/retirar", SIGNED_IN, {}),
    ("offline.worker", "GET"): ("/sesiones/hoja-sw.js", EVERYBODY, {}),
    ("offline.shell", "GET"): ("/sesiones/hoja/es", EVERYBODY, {}),
    ("offline.module", "GET"): ("/sesiones/hoja/modulos/otra-version/app.js", "????????", {}),
    ("tables.index", "GET"): ("/consultas/{slug}/mesas", EVERYBODY, {}),
    ("dashboard.show", "GET"): ("/consultas/{slug}/mesas/tablero", EVERYBODY, {}),
    ("tables.convene", "GET"): ("/consultas/{slug}/mesas/nueva", MODERATOR, {}),
    ("tables.convene", "POST"): ("/consultas/{slug}/mesas/nueva", MODERATOR, {}),
    ("tables.reconvene", "GET"): ("/sesiones/{session}/convocatoria", MODERATOR, {}),
    ("tables.reconvene", "POST"): ("/sesiones/{session}/convocatoria", MODERATOR, {}),
    ("worksheets.sheet", "GET"): ("/sesiones/{session}/hoja", SESSION, {}),
    ("paper.show", "GET"): ("/sesiones/{session}/papel", TAKES_PART, {}),
    ("paper.prints", "GET"): ("/sesiones/{session}/imprimir", TAKES_PART, {}),
    ("paper.scanned", "GET"): ("/sesiones/{session}/papel/{code}", EVERYBODY, {}),
    ("paper.spreadsheet", "GET"): ("/sesiones/{session}/planilla.xlsx", TAKES_PART, {}),
    ("paper.read_sheet", "POST"): ("/sesiones/{session}/planilla", SESSION, {}),
    ("paper.apply", "POST"): ("/sesiones/{session}/planilla/aplicar", SESSION, {}),
    ("paper.photos", "GET"): ("/sesiones/{session}/hoja/fotos", TAKES_PART, {}),
    ("paper.photo", "GET"): ("/sesiones/{forum_session}/hoja/fotos/{photo}", MODERATOR, {}),
    ("paper.keep_photo", "POST"): ("/sesiones/{forum_session}/hoja/fotos/otra", MODERATOR, {}),
    ("paper.remove_photo", "POST"): ("/sesiones/{forum_session}/hoja/fotos/{photo}/quitar", MODERATOR, {}),
    ("worksheets.room", "GET"): ("/sala", EVERYBODY, {}),
    ("worksheets.room", "POST"): ("/sala", EVERYBODY, {"code": "AAAAA-AAAAA"}),
    ("worksheets.leave", "POST"): ("/sala/salir", EVERYBODY, {}),
    ("worksheets.track", "GET"): ("/seguimiento", EVERYBODY, {}),
    ("worksheets.track", "POST"): ("/seguimiento", EVERYBODY, {"code": "AAAAA-AAAAA-A"}),
    ("worksheets.late", "GET"): ("/sesiones/{session}/tardias", MODERATOR, {}),
    ("worksheets.late", "POST"): ("/sesiones/{session}/tardias", MODERATOR, {"reason": "Se cortó", "do": "admit"}),
    ("devices.read", "GET"): ("/sesiones/{session}/hoja/datos", SESSION, {}),
    ("devices.take", "POST"): ("/sesiones/{session}/hoja/datos", SESSION, {"json": "notes"}),
    ("tables.show", "GET"): ("/sesiones/{session}", EVERYBODY, {}),
    ("tables.worksheet", "GET"): ("/sesiones/{session}/registro", SESSION, {}),
    ("tables.open", "POST"): ("/sesiones/{session}/abrir", SESSION, {}),
    ("tables.attendance", "GET"): ("/sesiones/{session}/asistencia", SESSION, {}),
    ("tables.attendance", "POST"): ("/sesiones/{session}/asistencia", SESSION, {}),
    ("tables.attendance_line", "GET"): ("/sesiones/{session}/asistencia/linea-1", SESSION, {}),
    ("tables.attendance_line", "POST"): ("/sesiones/{session}/asistencia/linea-1", SESSION, {"heads": "3"}),
    ("tables.development", "GET"): ("/sesiones/{session}/desarrollo", SESSION, {}),
    ("tables.development", "POST"): ("/sesiones/{session}/desarrollo", SESSION, {"title": "Un apartado"}),
    ("tables.development_item", "GET"): ("/sesiones/{session}/desarrollo/punto-1", SESSION, {}),
    ("tables.development_item", "POST"): ("/sesiones/{session}/desarrollo/punto-1", SESSION, {"development": "Dicho"}),
    ("tables.closing", "GET"): ("/sesiones/{session}/cierre", SESSION, {}),
    ("tables.closing", "POST"): ("/sesiones/{session}/cierre", SESSION, {"prepared_by": "Un equipo"}),
    ("tables.codes", "GET"): ("/sesiones/{session}/codigos", TAKES_PART, {}),
    ("tables.codes", "POST"): ("/sesiones/{session}/codigos", TAKES_PART, {"label": "Mesa 2", "hours": "4"}),
    ("tables.end_code", "POST"): ("/sesiones/{session}/codigos/{room_code}/terminar", TAKES_PART, {}),
    ("tables.check", "GET"): ("/sesiones/{handed_in}/revision", TAKES_PART, {}),
    # The facilitator handed it in herself: nobody confirms their own.
    ("tables.check", "POST"): ("/sesiones/{handed_in}/revision", MODERATOR, {}),
    ("tables.send_back", "POST"): ("/sesiones/{handed_in}/revision/devolver", TAKES_PART, {"note": "Falta una hoja"}),
    ("tables.minutes", "GET"): ("/sesiones/{session}/acta", SESSION, {}),
    ("tables.minutes", "POST"): ("/sesiones/{session}/acta", SESSION, {}),
    ("tables.results", "GET"): ("/sesiones/{session}/resultados", SESSION, {}),
    ("tables.result", "GET"): ("/sesiones/{session}/resultados/{code}", SESSION, {}),
    ("tables.enter_result", "POST"): (
        "/sesiones/{session}/resultados",
        SESSION,
        {"proposal": "{code}", "outcome": "keep"},
    ),
    ("tables.add_proposal", "GET"): ("/sesiones/{session}/propuestas/nueva", SESSION, {}),
    ("tables.add_proposal", "POST"): (
        "/sesiones/{session}/propuestas/nueva",
        SESSION,
        {"title": "De la sala", "body": "Texto"},
    ),
    ("tables.submit", "GET"): ("/sesiones/{session}/entregar", SESSION, {}),
    ("tables.submit", "POST"): ("/sesiones/{session}/entregar", SESSION, {}),
    ("agreements.index", "GET"): ("/consultas/{slug}/acuerdos", EVERYBODY, {}),
    ("agreements.show", "GET"): ("/acuerdos/{agreement}", EVERYBODY, {}),
    ("agreements.move", "GET"): ("/acuerdos/{agreement}/avance", MODERATOR, {}),
    ("agreements.move", "POST"): ("/acuerdos/{agreement}/avance", MODERATOR, {"state": "done"}),
    ("agreements.enter", "GET"): ("/sesiones/{session}/acuerdos", SESSION, {}),
    ("agreements.enter", "POST"): ("/sesiones/{session}/acuerdos", SESSION, {"rows-0-text": "Una tarea"}),
    ("agreements.review", "GET"): ("/sesiones/{forum_session}/acuerdos/{agreement}", MODERATOR, {}),
    ("agreements.review", "POST"): ("/sesiones/{forum_session}/acuerdos/{agreement}", MODERATOR, {"state": "done"}),
    ("agreements.subgroup", "GET"): ("/sesiones/{forum_session}/subgrupo", MODERATOR, {}),
    ("agreements.subgroup", "POST"): ("/sesiones/{forum_session}/subgrupo", MODERATOR, {"title": "Otro subgrupo"}),
    ("agreements.drop", "POST"): ("/sesiones/{forum_session}/subgrupo/{subgroup}/quitar", MODERATOR, {}),
    ("forum.show", "GET"): ("/consultas/{slug}/foro", EVERYBODY, {}),
    ("forum.found", "GET"): ("/consultas/{slug}/foro/nuevo", MODERATOR, {}),
    ("forum.found", "POST"): ("/consultas/{slug}/foro/nuevo", MODERATOR, {"title": "Otro foro"}),
    ("forum.open", "GET"): ("/foro/{forum}/puestos/nuevo", MODERATOR, {}),
    ("forum.open", "POST"): ("/foro/{forum}/puestos/nuevo", MODERATOR, {"title": "Puesto", "sector": "academia"}),
    ("forum.seat", "GET"): ("/puestos/{seat}/ocupar", MODERATOR, {}),
    ("forum.seat", "POST"): ("/puestos/{seat}/ocupar", MODERATOR, {"kind": "substitute", "who": "Una red"}),
    ("forum.quality", "GET"): ("/puestos/{seat}/calidad", MODERATOR, {}),
    ("forum.quality", "POST"): ("/puestos/{seat}/calidad", MODERATOR, {"quality": "member"}),
    ("forum.revise", "GET"): ("/puestos/{seat}/datos", MODERATOR, {}),
    ("forum.revise", "POST"): ("/puestos/{seat}/datos", MODERATOR, {"title": "Otro nombre"}),
    ("forum.close", "GET"): ("/puestos/{seat}/cerrar", MODERATOR, {}),
    ("forum.close", "POST"): ("/puestos/{seat}/cerrar", MODERATOR, {"ends_on": "2026-12-31"}),
    ("forum.end", "GET"): ("/ocupaciones/{term}/terminar", MODERATOR, {}),
    ("forum.end", "POST"): ("/ocupaciones/{term}/terminar", MODERATOR, {"ends_on": "2026-12-31"}),
    ("forum.plan", "GET"): ("/foro/{forum}/calendario", MODERATOR, {}),
    ("forum.plan", "POST"): ("/foro/{forum}/calendario", MODERATOR, {"planned_on": "2026-12-31"}),
    ("forum.subgroup", "GET"): ("/foro/{forum}/subgrupo", MODERATOR, {}),
    ("forum.subgroup", "POST"): ("/foro/{forum}/subgrupo", MODERATOR, {"title": "Subgrupo de difusión"}),
    ("forum.unplan", "POST"): ("/calendario/{meeting}/quitar", MODERATOR, {}),
    ("forum.link", "GET"): ("/calendario/{meeting}/sesion", MODERATOR, {}),
    ("forum.link", "POST"): ("/calendario/{meeting}/sesion", MODERATOR, {"session": "{forum_session}"}),
    ("minutes.show", "GET"): ("/sesiones/{published}/acta-publicada/1", EVERYBODY, {}),
    ("minutes.file", "GET"): ("/sesiones/{published}/acta-publicada.json", EVERYBODY, {}),
    ("minutes.changes", "GET"): ("/sesiones/{published}/acta-publicada/1/cambios", EVERYBODY, {}),
    ("minutes.publish", "GET"): ("/sesiones/{checked}/publicar", MODERATOR, {}),
    ("minutes.publish", "POST"): ("/sesiones/{checked}/publicar", MODERATOR, {}),
    ("minutes.parts", "GET"): ("/sesiones/{published}/corregir", TAKES_PART, {}),
    ("minutes.correct", "GET"): ("/sesiones/{published}/corregir/punto-a", TAKES_PART, {}),
    ("minutes.correct", "POST"): (
        "/sesiones/{published}/corregir/punto-a",
        TAKES_PART,
        {"title": "Único punto", "development": "Se habló.", "reason": "Faltaba.", "version": "1"},
    ),
    ("merging.desk", "GET"): ("/consultas/{slug}/moderacion", MODERATOR, {}),
    ("workbench.queue", "GET"): ("/consultas/{slug}/grupos", MODERATOR, {}),
    ("workbench.progress", "GET"): ("/consultas/{slug}/grupos/avance", MODERATOR, {}),
    ("workbench.group", "GET"): ("/grupos/{group}", MODERATOR, {}),
    ("workbench.group", "POST"): ("/grupos/{group}", MODERATOR, {}),
    ("workbench.drop", "POST"): ("/grupos/{group}/sacar", MODERATOR, {"codes": "{code}", "drop": "{code}"}),
    ("workbench.split", "POST"): ("/grupos/{group}/separar", MODERATOR, {"codes": "{code}", "marked": "{code}"}),
    ("workbench.not_the_same", "POST"): ("/grupos/{group}/no-son-lo-mismo", MODERATOR, {"codes": "{code}"}),
    ("workbench.pull_in", "POST"): ("/grupos/{group}/sumar", MODERATOR, {"code": "{lone}"}),
    ("workbench.apart", "GET"): ("/consultas/{slug}/separadas", MODERATOR, {}),
    ("workbench.reconsider", "POST"): ("/consultas/{slug}/separadas", MODERATOR, {"codes": "{lone}"}),
    ("map.show", "GET"): ("/consultas/{slug}/mapa", MODERATOR, {}),
    ("merging.compose", "GET"): ("/consultas/{slug}/fusionar?codes={code},{twin}", MODERATOR, {}),
    ("merging.compose", "POST"): ("/consultas/{slug}/fusionar", MODERATOR, {}),
    ("merging.show", "GET"): ("/fusiones/{merge}", EVERYBODY, {}),
    ("merging.undo", "GET"): ("/fusiones/{merge}/deshacer", MODERATOR, {}),
    ("merging.undo", "POST"): ("/fusiones/{merge}/deshacer", MODERATOR, {"reason": "No eran lo mismo"}),
    ("merging.take_out", "GET"): ("/fusiones/{merge}/sacar/{part}", "-nynnynn", {}),
    ("merging.take_out", "POST"): ("/fusiones/{merge}/sacar/{part}", "-nynnynn", {"reason": "No es lo mismo"}),
    ("merging.annotate", "GET"): ("/fusiones/{merge}/nota", MODERATOR, {}),
    ("merging.annotate", "POST"): ("/fusiones/{merge}/nota", MODERATOR, {"note": "Nota"}),
    ("shortlist.index", "GET"): ("/consultas/{slug}/preseleccion", EVERYBODY, {}),
    ("shortlist.decide", "GET"): ("/propuestas/{code}/decidir", MODERATOR, {}),
    ("shortlist.decide", "POST"): ("/propuestas/{code}/decidir", MODERATOR, {}),
    ("plan.show", "GET"): ("/consultas/{slug}/plan", EVERYBODY, {}),
    ("plan.draft", "GET"): ("/consultas/{slug}/plan/compromisos/nuevo", MODERATOR, {}),
    ("plan.draft", "POST"): ("/consultas/{slug}/plan/compromisos/nuevo", MODERATOR, {}),
    ("plan.commitment", "GET"): ("/compromisos/{commitment}", "?????y??", {}),
    ("plan.publish", "POST"): ("/consultas/{slug}/plan/publicar", MODERATOR, {}),
    ("record.index", "GET"): ("/registro", EVERYBODY, {}),
    ("record.export", "GET"): ("/registro/exportacion", EVERYBODY, {}),
    ("record.verification", "GET"): ("/registro/verificacion", EVERYBODY, {}),
    ("record.verification", "POST"): ("/registro/verificacion", EVERYBODY, {}),
    ("administration.index", "GET"): ("/administracion", ADMINISTRATOR, {}),
    ("administration.new_consultation", "GET"): ("/administracion/consultas/nueva", ADMINISTRATOR, {}),
    ("administration.new_consultation", "POST"): ("/administracion/consultas/nueva", ADMINISTRATOR, {}),
    ("administration.consultation", "GET"): ("/administracion/consultas/{slug}", ADMINISTRATOR, {}),
    ("administration.phases", "GET"): ("/administracion/consultas/{draft_slug}/fases", ADMINISTRATOR, {}),
    ("administration.phases", "POST"): ("/administracion/consultas/{draft_slug}/fases", ADMINISTRATOR, {}),
    ("administration.announce", "POST"): ("/administracion/consultas/{draft_slug}/anunciar", ADMINISTRATOR, {}),
    ("administration.suspend", "POST"): (
        "/administracion/consultas/{slug}/suspender",
        ADMINISTRATOR,
        {"reason": "Por un fallo"},
    ),
    ("administration.appointments", "GET"): ("/administracion/consultas/{slug}/nombramientos", ADMINISTRATOR, {}),
    ("administration.appointments", "POST"): ("/administracion/consultas/{slug}/nombramientos", ADMINISTRATOR, {}),
    ("administration.end", "POST"): (
        "/administracion/consultas/{slug}/nombramientos/{appointment}/terminar",
        ADMINISTRATOR,
        {},
    ),
    ("similarity.show", "GET"): ("/administracion/consultas/{slug}/similitud", ADMINISTRATOR, {}),
    ("similarity.show", "POST"): (
        "/administracion/consultas/{slug}/similitud",
        ADMINISTRATOR,
        {"citizen_floor": "0,6", "group_floor": "0,6"},
    ),
    ("similarity.restore", "POST"): ("/administracion/consultas/{slug}/similitud/iniciales", ADMINISTRATOR, {}),
    ("similarity.preview", "POST"): ("/administracion/consultas/{slug}/similitud/vista-previa", ADMINISTRATOR, {}),
    ("similarity.progress", "GET"): ("/administracion/consultas/{slug}/similitud/vista-previa", ADMINISTRATOR, {}),
    ("similarity.decisions", "GET"): ("/administracion/consultas/{slug}/similitud/decisiones.csv", ADMINISTRATOR, {}),
    ("similarity.texts", "GET"): ("/administracion/consultas/{slug}/similitud/decisiones.tsv", ADMINISTRATOR, {}),
    ("similarity.negatives", "GET"): (
        "/administracion/consultas/{slug}/similitud/decisiones-negativas.tsv",
        ADMINISTRATOR,
        {},
    ),
    ("administration.status", "GET"): ("/administracion/estado", ADMINISTRATOR, {}),
    ("administration.retry", "POST"): ("/administracion/estado/reanudar", ADMINISTRATOR, {}),
}
DEVICE = "6a8f4a32-44bb-4cf6-a7ac-000000000001"
CHANGE = {
    "id": "6a8f4a32-44bb-4cf6-a7ac-000000000002",
    "part": "session",
    "key": "",
    "field": "notes",
    "value": "Una nota",
    "base": 0,
    "sequence": 1,
}
WITHOUT_RIGHTS = {("static", "GET"), ("bootstrap.static", "GET")}

pytestmark = pytest.mark.settings(WTF_CSRF_ENABLED=False)


def outcome(answer):
    """Return the letter of what an answer says."""
    if answer.status_code == 302 and answer.location.startswith(("/cuenta/entrar", "/sala?")):
        return "-"
    if answer.status_code < 400 or answer.status_code in (409, 422):
        return "y"
    return {401: "-", 403: "n", 404: "?"}.get(answer.status_code, str(answer.status_code))


def sent(form, values, token=None):
    """Return what a client posts: a form with these fields, or the batch of a device; token: forged, or none."""
    if "json" in form:
        batch = {"protocol": 1, "device": DEVICE, "seen": 0, "changes": [{**CHANGE, "session": values["session"]}]}
        return {"json": batch, "headers": {"X-CSRFToken": token or ""}}
    data = {name: str(value).format(**values) for name, value in form.items()}
    return {"data": data if token is None else {**data, "csrf_token": token}}


def checksum():
    """Return a digest of every row of every table."""
    db.session.rollback()
    digest = hashlib.sha256()
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(select(table).order_by(*table.primary_key)):
            digest.update(repr(tuple(row)).encode())
    db.session.rollback()
    return digest.hexdigest()


def test_every_address_and_verb_has_its_row(app):
    served = {(rule.endpoint, verb) for rule in app.url_map.iter_rules() for verb in rule.methods - {"HEAD", "OPTIONS"}}
    assert served - WITHOUT_RIGHTS == set(TABLE)


def test_what_may_be_read_by_whom(world):
    reading = {key: row for key, row in TABLE.items() if key[1] == "GET"}
    found = {}
    for key, (address, _letters, _form) in reading.items():
        path = address.format(**world.values)
        found[key] = "".join(outcome(world.client(actor).get(path)) for actor in ACTORS)
    assert found == {key: letters for key, (_address, letters, _form) in reading.items()}


def test_reading_changes_nothing(world):
    before = checksum()
    for (_endpoint, verb), (address, _letters, _form) in TABLE.items():
        if verb == "GET":
            for actor in ("visitor", "owner", "moderator", "administrator"):
                world.client(actor).get(address.format(**world.values))
    assert checksum() == before


@pytest.mark.parametrize("endpoint", [endpoint for endpoint, verb in TABLE if verb == "POST"])
def test_what_may_be_done_by_whom(world, endpoint):
    address, letters, form = TABLE[endpoint, "POST"]
    path = address.format(**world.values)
    before, found = checksum(), {}
    # Whoever is refused goes first, so that what the others do cannot hide it.
    for actor in sorted(ACTORS, key=lambda actor: letters[ACTORS.index(actor)] == "y"):
        found[actor] = outcome(world.client(actor).post(path, **sent(form, world.values)))
        if found[actor] != "y":
            assert checksum() == before, f"{actor} was refused and rows changed"
    assert "".join(found[actor] for actor in ACTORS) == letters


@pytest.mark.settings(WTF_CSRF_ENABLED=True)
def test_no_form_is_taken_without_its_token(world):
    before = checksum()
    for (_endpoint, verb), (address, _letters, form) in TABLE.items():
        if verb == "POST":
            path = address.format(**world.values)
            assert world.client("administrator").post(path, **sent(form, world.values)).status_code == 400, path
            forged = world.client("moderator").post(path, **sent(form, world.values, "forged"))
            assert forged.status_code == 400, path
    assert checksum() == before


def test_what_is_secret_is_nowhere_for_anybody_else(world):
    for (endpoint, verb), (address, _letters, _form) in TABLE.items():
        if verb != "GET":
            continue
        for actor in ("visitor", "citizen", "other_moderator", "administrator"):
            text = world.client(actor).get(address.format(**world.values)).get_data(as_text=True)
            assert "Texto oculto" not in text, f"hidden text at {endpoint} for {actor}"
            assert "Borrador" not in text, f"draft at {endpoint} for {actor}"


def test_every_page_and_error_is_marked_and_closed_to_frames(world):
    for path in ("/", "/registro", "/no/existe", world.values and f"/propuestas/{world.values['hidden']}", "/salud"):
        headers = world.client("visitor").get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"


def test_a_page_of_somebody_signed_in_is_kept_by_nobody(world):
    assert world.client("citizen").get("/").headers["Cache-Control"] == "no-store"
    assert "Cookie" in world.client("visitor").get("/").headers["Vary"]
