"""The form that convenes: by whom, what it takes in, and that nothing typed is lost where it will not do."""

import pytest

from consulta.core.extensions import db
from consulta.core.record import Entry, seal_entries
from consulta.tables import digests
from consulta.tables.actions import open_session
from consulta.tables.models import Session, Table
from consulta.web.forms.agenda import agenda_of, text_of
from consulta.web.forms.invitations import invitation_of
from tests.people import sign_in
from tests.web.rooms import OPEN, REFUSED, SIGN_IN, plain
from tests.web.sending import filled_in

pytestmark = pytest.mark.settings(WTF_CSRF_ENABLED=False)

# The whole of what the minutes of 30-06-2016 say of their convening, institutions only.
WHOLE = {
    "table_title": "Mesa 3: Modernización del Estado",
    "kind": "thematic",
    "title": "Segunda sesión",
    "number": "N°2",
    "place": "Ex Congreso, Morandé 441, sala de Comisiones",
    "link": "https://ejemplo.cl/mesa-3",
    "starts_at": "2026-12-04T15:00",
    "ends_at": "2026-12-04T18:00",
    "convened_by": "Segpres",
    "convened_on": "2026-11-26",
    "objective": "Priorizar de manera conjunta las iniciativas.",
    "inputs": "- Lista de propuestas de la primera sesión\n- Propuesta de Segpres\n",
    "product": "Preselección de propuestas.",
    "agenda": "15:00–15:10 Presentación\n16.30 a 16:45 hrs. Pausa: Café\n---\n16:45–17:40 Priorización\n- Cierre",
    "convened_government": "MOP/DGOP\nChileCompra\n",
    "planned_government": "12",
    "convened_civil_society": "Ciudadano Inteligente",
    "planned_civil_society": "6",
    "dots_per_person": "5",
    "dots_per_proposal": "2",
}
# What is typed into the form, and what is said.
BAD = [
    ({"starts_at": "2026-09-06T00:30"}, "esa hora no existe"),  # clocks go forward in Santiago
    ({"starts_at": "2026-04-04T23:30"}, "ocurre dos veces"),  # and back
    ({"starts_at": "mañana"}, "Escribe el día y la hora"),
    ({"starts_at": "0001-01-01T00:00"}, "Ese año no parece posible"),
    ({"starts_at": "2026-12-04T15:00", "ends_at": "2026-12-04T14:00"}, "terminar después de comenzar"),
    ({"ends_at": "2026-12-04T14:00"}, "terminar después de comenzar"),
    ({"convened_on": "ayer"}, "Escribe el día"),
    ({"convened_on": "9999-12-31"}, "Ese año no parece posible"),
    ({"title": ""}, "Falta este texto"),
    ({"title": "a\x00b"}, "no se pueden guardar"),
    ({"number": "N" * 21}, "caben 20"),
    ({"link": "javascript:alert(1)"}, "comienza con https"),
    ({"kind": "regional"}, "Elige la región"),
    ({"kind": "otra"}, "Elige qué clase"),
    ({"table_title": "x" * 161}, "caben 160"),
    ({"agenda": "25:99 Café"}, "no es una hora"),
    ({"agenda": "\n".join(["Punto"] * 201)}, "más de 200"),
    ({"inputs": "x" * 1001}, "caben 1000"),
    ({"convened_academia": "UMAG\nUMAG"}, "dos veces en la lista"),
    ({"convened_academia": "a\x00b"}, "no se pueden guardar"),
    ({"planned_academia": "doce"}, "Escribe un número entero"),
    ({"planned_academia": "9" * 30}, "Escribe un número entero"),
    ({"planned_academia": "100001"}, "entre 0 y 100000"),
    ({"dots_per_person": "0"}, "entre 1 y 100"),
    ({"dots_per_proposal": str(10**30)}, "Escribe un número entero"),
    ({"table": "999999"}, "Elige una de las opciones"),
]


@pytest.fixture
def address(consultation):
    """Where sessions are convened."""
    return f"/consultas/{consultation.slug}/mesas/nueva"


@pytest.fixture
def secretariat(client, moderator):
    """A browser in which a moderator is signed in."""
    return sign_in(client, moderator)


def test_all_that_a_convening_says_is_kept_and_read_by_everybody(secretariat, new_client, address):
    answer = secretariat.post(address, data=WHOLE)
    assert answer.status_code == 302
    session = db.session.query(Session).one()
    assert session.starts_at.isoformat() == "2026-12-04T18:00:00+00:00"  # Santiago in summer: three hours behind
    assert [(each["kind"], each["block"], each["starts"], each["ends"], each["title"]) for each in session.agenda] == [
        ("item", 1, "15:00", "15:10", "Presentación"),
        ("break", 1, "16:30", "16:45", "Café"),
        ("item", 2, "16:45", "17:40", "Priorización"),
        ("item", 2, None, None, "Cierre"),
    ]
    assert session.planned_heads == {"government": 12, "civil_society": 6}
    assert session.inputs == ["Lista de propuestas de la primera sesión", "Propuesta de Segpres"]
    assert (session.dots_per_person, session.dots_per_proposal) == (5, 2)
    told = plain(new_client().get(answer.location))
    for said in (
        "Acta N°2", "4 dic 2026, 15:00 a 18:00 (Santiago)", "Ex Congreso", "https://ejemplo.cl/mesa-3", "Segpres",
        "26 nov 2026", "Priorizar de manera", "Propuesta de Segpres", "Preselección", "Pausa: Café", "Bloque 2",
        "ChileCompra, MOP/DGOP", "Total 18", "Cada persona reparte 5 puntos, hasta 2",
    ):  # fmt: skip
        assert said in told, said


def test_a_further_session_is_convened_at_a_table_that_is_there(secretariat, address):
    secretariat.post(address, data=WHOLE)
    table = db.session.query(Table).one()
    assert f'<option selected value="{table.id}">' in secretariat.get(f"{address}?mesa={table.id}").text
    body = {**WHOLE, "table": str(table.id), "title": "Tercera sesión", "table_title": "", "kind": ""}
    assert secretariat.post(address, data=body).status_code == 302
    assert [each.title for each in table.sessions] == ["Segunda sesión", "Tercera sesión"]


@pytest.mark.parametrize("kind", ["thematic", "regional", "round", "forum"])
def test_each_kind_of_table_can_be_founded(kind, secretariat, address, magallanes):
    body = {"table_title": "Mesa", "kind": kind, "territory": magallanes.code, "title": "Primera"}
    answer = secretariat.post(address, data=body)
    assert answer.status_code == 302
    table = db.session.query(Table).one()
    assert (table.kind, table.territory and table.territory.name) == (
        kind,
        "Magallanes" if kind == "regional" else None,
    )
    assert secretariat.get(answer.location).status_code == 200


def test_what_will_not_do_is_said_at_its_field_with_all_that_was_typed_and_founds_nothing(secretariat, address):
    for typed, said in BAD:
        body = {"table_title": "Mesa", "kind": "thematic", "title": "Primera", "objective": "No se pierde"} | typed
        answer = secretariat.post(address, data=body)
        assert answer.status_code == 422, typed
        assert said in answer.text and "No se pierde" in answer.text, typed
        (name,) = {*typed} - {"starts_at"} or {*typed}
        marked = "territory" if typed == {"kind": "regional"} else name
        assert f'id="{marked}-error"' in answer.text, typed
        assert 'id="error-summary"' in answer.text
    assert db.session.query(Session).count() == db.session.query(Table).count() == 0


def test_extra_fields_are_not_looked_at(secretariat, address, consultation):
    more = {"id": "7", "ordinal": "9", "published_at": "2026-01-01", "hands": "x", "consultation_id": "99"}
    assert secretariat.post(address, data={**WHOLE, **more, "checked_at": "2026-01-01"}).status_code == 302
    session = db.session.query(Session).one()
    assert (session.ordinal, session.published_at, session.checked_at, session.hands) == (1, None, None, [])
    assert session.table.consultation_id == consultation.id


@pytest.mark.parametrize(
    ("role", "status"),
    [("visitor", SIGN_IN), ("citizen", REFUSED), ("facilitator", REFUSED), ("administrator", REFUSED),
     ("other_moderator", REFUSED), ("moderator", OPEN)],
)  # fmt: skip
def test_only_moderators_of_the_consultation_reach_the_form(role, status, request, client, address):
    if role != "visitor":
        sign_in(client, request.getfixturevalue(role))
    assert client.get(address).status_code == status
    assert client.post(address, data=WHOLE).status_code == (SIGN_IN if status in (OPEN, SIGN_IN) else REFUSED)
    assert db.session.query(Session).count() == (status == OPEN)


def test_a_table_of_another_consultation_cannot_be_chosen(secretariat, address, other_consultation, other_moderator):
    theirs = sign_in(secretariat.application.test_client(), other_moderator)
    assert theirs.post(f"/consultas/{other_consultation.slug}/mesas/nueva", data=WHOLE).status_code == 302
    foreign = db.session.query(Table).one()
    answer = secretariat.post(address, data={**WHOLE, "table": str(foreign.id)})
    assert answer.status_code == 422
    assert [each.table_id for each in db.session.query(Session)] == [foreign.id]


@pytest.mark.parametrize(
    "text",
    [
        "15:00–15:10 Presentación\n16:30–16:45 Pausa: Café\n---\n16:45 Priorización\nCierre",
        "Uno\n---\nDos\n---\nTres",
        "Pausa: Almuerzo",
        "",
    ],
)
def test_a_programme_reads_back_as_it_was_written(text):
    assert text_of(agenda_of(text)) == text


def test_a_break_of_no_block_begins_none():
    item, pause = {"kind": "item", "title": "Uno", "block": 1}, {"kind": "break", "title": "Café", "block": None}
    assert text_of([item, pause, {**item, "title": "Dos", "block": 2}]) == "Uno\nPausa: Café\n---\nDos"


def test_a_programme_is_understood_however_people_write_it():
    read = [(each["kind"], each["block"], each["starts"], each["ends"], each["title"]) for each in agenda_of(
        "Bloque 1\n15:00 – 15:10 hrs Uno\n• 15.10 a 15.20 Dos\n9:00 Tres\nCafé\nSegundo bloque:\n---\n(pausa) Agua\n"
        "Pausa\nBloque de preguntas\n2 puntos por persona"
    )]  # fmt: skip
    assert read == [
        ("item", 1, "15:00", "15:10", "Uno"),
        ("item", 1, "15.10", "15.20", "Dos"),
        ("item", 1, "9:00", None, "Tres"),
        ("break", 1, None, None, "Café"),
        ("break", 2, None, None, "Agua"),
        ("break", 2, None, None, "Pausa"),
        ("item", 2, None, None, "Bloque de preguntas"),
        ("item", 2, None, None, "2 puntos por persona"),
    ]


@pytest.fixture
def convened(secretariat, address):
    """A session that was convened with all that a convening says."""
    body = {**WHOLE, "convened_academia": "UMAG | Red de universidades | observa\nPUC | invitada"}
    secretariat.post(address, data=body)
    return db.session.query(Session).one()


def test_a_network_and_a_quality_stand_behind_the_name_of_who_is_invited(convened):
    lines = {each.name: (each.network, each.quality) for each in convened.attendances}
    assert lines["UMAG"] == ("Red de universidades", "observer") and lines["PUC"] == (None, "guest")
    assert [invitation_of(line)["institution"] for line in ("| ¿? |", "|", "A||B")] == ["¿?", "|", "A"]
    assert invitation_of("A | Red | Member | Otra") == {
        "institution": "A",
        "network": "Red | Otra",
        "quality": "member",
    }


def test_a_convening_that_is_sent_back_as_it_was_shown_stays_what_it_was(secretariat, convened):
    path = f"/sesiones/{convened.id}/convocatoria"
    before = digests.of_convening(convened, convened.attendances)
    answer = secretariat.post(path, data=filled_in(secretariat.get(path).text))
    assert answer.status_code == 302
    db.session.expire_all()
    assert digests.of_convening(convened, convened.attendances) == before
    entries = db.session.query(Entry).filter(Entry.event == "session.reconvened").all()
    assert [each.details["convened"] for each in entries] == [5]


def test_place_day_programme_and_who_is_invited_change_until_the_session_opens(
    secretariat, new_client, convened, moderator
):
    path = f"/sesiones/{convened.id}/convocatoria"
    assert path in secretariat.get(f"/sesiones/{convened.id}").text
    cafe = convened.agenda[1]["id"]
    change = {
        "place": "Biblioteca de Punta Arenas",
        "starts_at": "2026-12-05T10:00",
        "ends_at": "",
        "agenda": "10:00 Otra cosa\n10:30 Pausa: Café",
        "convened_government": "ChileCompra",
        "convened_private": "Cámara de Comercio",
        "planned_government": "",
    }
    shown = filled_in(secretariat.get(path).text)
    assert secretariat.post(path, data=shown | change).status_code == 302
    db.session.expire_all()
    assert (convened.ends_at, convened.starts_at.isoformat()) == (None, "2026-12-05T13:00:00+00:00")
    assert [(each["title"], each["id"] == cafe) for each in convened.agenda] == [("Otra cosa", False), ("Café", True)]
    told = plain(new_client().get(f"/sesiones/{convened.id}"))
    assert "Cámara de Comercio" in told and "MOP/DGOP" not in told and "Biblioteca de Punta Arenas" in told
    assert {each.name for each in convened.attendances if each.invited} == {
        "ChileCompra", "Cámara de Comercio", "Ciudadano Inteligente", "UMAG", "PUC",
    }  # fmt: skip
    seal_entries(by=None)
    assert "Se cambió la convocatoria, ahora a 5 instituciones" in plain(new_client().get("/registro"))
    open_session(convened, by=moderator)
    assert secretariat.get(path).status_code == 409 and path not in secretariat.get(f"/sesiones/{convened.id}").text
    late = secretariat.post(path, data=shown | change | {"place": "Demasiado tarde"})
    assert late.status_code == 409 and "ya se abrió" in late.text and "Demasiado tarde" in late.text


def test_what_will_not_do_in_a_changed_convening_is_said_at_its_field(secretariat, convened):
    path = f"/sesiones/{convened.id}/convocatoria"
    shown = filled_in(secretariat.get(path).text)
    for typed, said in BAD:
        if typed.keys() & {"kind", "table_title", "table"}:
            continue
        answer = secretariat.post(path, data=shown | {"ends_at": "", "objective": "No se pierde"} | typed)
        assert answer.status_code == 422, typed
        assert said in answer.text and "No se pierde" in answer.text, typed
    db.session.expire_all()
    assert convened.objective == WHOLE["objective"]


def test_of_two_who_change_a_convening_the_second_sees_both_versions_and_may_keep_hers(secretariat, convened):
    path = f"/sesiones/{convened.id}/convocatoria"
    hers = filled_in(secretariat.get(path).text)
    assert secretariat.post(path, data=hers | {"place": "Sala uno"}).status_code == 302
    mine = {name: text.replace("\n", "\r\n") for name, text in hers.items()}  # as browsers send it
    answer = secretariat.post(path, data=mine | {"place": "Sala dos", "objective": "El mío"})
    assert answer.status_code == 409
    theirs = answer.text.partition("Tu versión, todavía sin guardar")[0]
    assert "Priorizar de manera" in theirs and "Presentación" not in theirs  # what differs, and no more
    assert "Otra persona cambió esta convocatoria" in answer.text and "Sala uno" in answer.text
    mine = filled_in(answer.text)
    assert (mine["place"], mine["objective"]) == ("Sala dos", "El mío")
    assert secretariat.post(path, data=mine).status_code == 302
    db.session.expire_all()
    assert convened.place == "Sala dos"


def test_the_same_change_of_a_convening_sent_twice_is_done_twice(secretariat, convened):
    path = f"/sesiones/{convened.id}/convocatoria"
    typed = filled_in(secretariat.get(path).text) | {"place": "Sala uno", "agenda": "10:00 Un punto nuevo"}
    assert [secretariat.post(path, data=typed).status_code for _time in range(2)] == [302, 302]
    db.session.expire_all()
    assert convened.place == "Sala uno" and len(convened.agenda) == 1
