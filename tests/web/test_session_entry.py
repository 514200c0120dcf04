"""What a facilitator enters without script: who may, what is taken in, what is said when it will not do, and by two."""

import pytest

from consulta.consultations.actions import end_appointment
from consulta.consultations.queries import appointments_of
from consulta.core.clock import frozen
from consulta.core.extensions import db
from consulta.tables.actions import (
    convene_session,
    found_table,
    note_agenda,
    note_attendance,
    open_session,
    submit_session,
)
from consulta.tables.queries import attendances_of
from tests.people import make_proposal, sign_in
from tests.web.rooms import NOTHING, at, base_of, plain, traces

pytestmark = pytest.mark.settings(WTF_CSRF_ENABLED=False)

# Where a form of a session is sent, and a body that would change something.
FORMS = {
    "/abrir": {},
    "/asistencia": {"rows-0-sector": "academia", "rows-0-heads": "3", "rows-0-attended": "y"},
    "/asistencia/line-1": {"heads": "8"},
    "/desarrollo": {"title": "Apartado nuevo"},
    "/desarrollo/item-1": {"development": "Lo dicho"},
    "/acta": {"statements": "Que conste"},
    "/cierre": {"prepared_by": "Secretaría"},
    "/resultados": {"outcome": "keep"},
    "/propuestas/nueva": {"title": "Un muelle", "body": "Sí"},
    "/entregar": {},
}
ENTRIES = [path for path in FORMS if path != "/abrir"]
# What of it is shown again where the form is not taken.
TYPED = {
    "/asistencia": 'value="3"',
    "/asistencia/line-1": 'value="8"',
    "/desarrollo": "Apartado nuevo",
    "/desarrollo/item-1": "Lo dicho",
    "/acta": "Que conste",
    "/cierre": "Secretaría",
    "/resultados": "Lo tecleado",
    "/propuestas/nueva": "muelle",
}
HUGE = str(10**30)

# Where it is sent, what is typed, what is said.
BAD_INPUT = [
    ("/resultados", {"reasons": "y"}, "Elige qué decidió la sala"),
    ("/resultados", {"outcome": "group"}, "Escribe el número del grupo"),
    ("/resultados", {"outcome": "keep", "grade": "fuerte"}, "Elige uno de los grados"),
    *(
        ("/resultados", {"outcome": "keep", name: "x" * 4001}, "caben 4000")
        for name in ("reasons", "reasons_against", "dissent", "requests", "statements", "missing_actors", "count_note")
    ),
    *(
        ("/resultados", {"outcome": "keep", name: "100001"}, "entre 0 y 100000")
        for name in ("level_full", "level_against", "votes_for", "abstentions", "dots")
    ),
    ("/resultados", {"outcome": "keep", "level_neutral": HUGE}, "Escribe un número entero"),
    ("/resultados", {"outcome": "keep", "votes_against": "-1"}, "Escribe un número entero"),
    ("/resultados", {"outcome": "keep", "dissent": "a\x00b"}, "no se pueden guardar"),
    ("/resultados", {"outcome": "keep", "missing_actors": "a\x00b"}, "no se pueden guardar"),
    ("/asistencia", {"rows-0-institution": "UMAG"}, "Elige el sector"),
    ("/asistencia", {"rows-0-institution": "a\x00b", "rows-0-sector": "academia"}, "no se pueden guardar"),
    ("/asistencia", {"rows-7-institution": "x" * 161, "rows-7-sector": "academia"}, "caben 160"),
    ("/asistencia/line-1", {"heads": HUGE}, "Escribe un número entero"),
    ("/asistencia/line-1", {"women": "100001"}, "entre 0 y 100000"),
    ("/asistencia/line-1", {"quality": "reina"}, "Elige una de las opciones"),
    ("/asistencia/line-1", {"network": "x" * 161}, "caben 160"),
    ("/asistencia/line-1", {"note": "a\x00b"}, "no se pueden guardar"),
    ("/desarrollo", {"title": ""}, "Falta este texto"),
    ("/desarrollo", {"title": "x" * 1001}, "caben 1000"),
    ("/desarrollo/item-1", {"development": "x" * 20001}, "caben 20000"),
    ("/desarrollo/item-1", {"development": "a\x00b"}, "no se pueden guardar"),
    ("/desarrollo/item-1", {"closed_note": "x" * 301}, "caben 300"),
    ("/acta", {"statements": "x" * 1001}, "caben 1000"),
    ("/acta", {"notes": "a\x00b"}, "no se pueden guardar"),
    ("/cierre", {"next_meeting": "dated"}, "Escribe el día de la próxima"),
    ("/cierre", {"next_meeting": "quizás"}, "Elige uno de los de la lista"),
    ("/cierre", {"next_on": "mañana"}, "Escribe el día"),
    ("/cierre", {"prepared_on": "0001-01-01"}, "Ese año no parece posible"),
    ("/cierre", {"started": "25:99"}, "no es una hora"),
    ("/cierre", {"started": "15:00", "ended": "14:00"}, "terminar después de comenzar"),
    ("/cierre", {"declared_heads": HUGE}, "Escribe un número entero"),
    ("/cierre", {"prepared_by": "a\x00b"}, "no se pueden guardar"),
    ("/cierre", {"open_points": "\n".join(["Punto"] * 201)}, "más de 200"),
    ("/propuestas/nueva", {"title": "", "body": "Lo tecleado"}, "Falta este texto"),
    ("/propuestas/nueva", {"title": "x" * 201, "body": "Lo tecleado"}, "caben 200"),
    ("/propuestas/nueva", {"title": "T", "body": "B", "institution": "UMAG"}, "Elige el sector de la institución"),
    ("/propuestas/nueva", {"title": "T", "body": "B", "theme": "999999"}, "Elige una de las opciones"),
]


@pytest.fixture
def room(table, facilitator, moderator):
    """An open session with one line of attendance ("line-1") and one heading of the account ("item-1")."""
    session = open_session(convene_session(table, title="Primera sesión", by=moderator), by=facilitator)
    line = {"uid": "line-1", "sector": "academia", "institution": "UMAG", "attended": True, "heads": 2}
    note_attendance(session, [line], by=facilitator)
    note_agenda(session, "item-1", title="Discusión", by=facilitator)
    return session


ROOM = (1, 0, [], [], None, None)  # traces of it


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("as_json", [False, True])
def test_a_facilitator_of_another_region_changes_nothing_by_form_or_json(
    path, as_json, client, other_facilitator, room, proposal, moderator, table
):
    session = convene_session(table, title="Otra", by=moderator) if path == "/abrir" else room
    before = traces(session)
    body = {**FORMS[path], "proposal": proposal.code, "session": session.id, "id": session.id}
    sign_in(client, other_facilitator)
    answer = client.post(at(session, path), **({"json": body} if as_json else {"data": body}))
    # JSON is read from nobody; a form is, and then the right to it is asked.
    assert answer.status_code == (415 if as_json else 403)
    assert as_json or ("Magallanes" in answer.text and "Biobío" in answer.text)
    assert traces(session) == before
    assert (session.opened_at is None) == (path == "/abrir")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/resultados", {"outcome": "keep"}),
        ("/asistencia", {"rows-0-uid": "line-1", "rows-0-heads": "9", "rows-0-sector": "academia"}),
        ("/acta", {"statements": "Mío"}),
        ("/cierre", {"prepared_by": "Yo"}),
    ],
)
def test_an_id_of_another_session_in_her_own_form_changes_only_her_own(
    path, body, client, other_facilitator, consultation, biobio, moderator, room, proposal
):
    table = found_table(consultation, title="Mesa del Biobío", kind="regional", territory=biobio, by=moderator)
    own = open_session(convene_session(table, title="Suya", by=moderator), by=other_facilitator)
    before = traces(own)
    sign_in(client, other_facilitator)
    page = f"/resultados/{proposal.code}" if path == "/resultados" else path
    ids = {"session": room.id, "id": room.id, "session_id": room.id, "base": base_of(client.get(at(own, page)))}
    answer = client.post(at(own, path), data={**body, **ids, "proposal": proposal.code})
    assert answer.status_code == 302
    assert traces(room) == ROOM
    assert attendances_of(room)[0].heads == 2
    assert traces(own) != before


def test_the_uid_and_the_item_of_another_session_are_not_found(
    client, other_facilitator, consultation, biobio, moderator, room
):
    table = found_table(consultation, title="Mesa del Biobío", kind="regional", territory=biobio, by=moderator)
    own = open_session(convene_session(table, title="Suya", by=moderator), by=other_facilitator)
    sign_in(client, other_facilitator)
    for path, body in (("/asistencia/line-1", {"heads": "9"}), ("/desarrollo/item-1", {"development": "Mío"})):
        assert client.get(at(own, path)).status_code == 404
        assert client.post(at(own, path), data=body).status_code == 404
    assert client.get(at(own, "/asistencia/" + "x" * 3000)).status_code == 404
    assert traces(room) == ROOM and traces(own) == NOTHING


@pytest.mark.parametrize("path", FORMS)
def test_a_visitor_is_sent_to_sign_in(path, client, room):
    answer = client.post(at(room, path), data=FORMS[path])
    assert answer.status_code == 302 and "/cuenta/entrar" in answer.location
    assert traces(room) == ROOM


@pytest.mark.parametrize("path", FORMS)
def test_an_appointment_that_ended_while_she_worked_is_refused_on_the_next_request(
    path, hers, room, proposal, consultation, facilitator, administrator
):
    assert hers.get(at(room, "/registro")).status_code == 200
    (appointment,) = [each for each in appointments_of(consultation) if each.person_id == facilitator.id]
    end_appointment(appointment, by=administrator)
    answer = hers.post(at(room, path), data={**FORMS[path], "proposal": proposal.code})
    assert answer.status_code == 403
    assert traces(room) == ROOM


@pytest.mark.parametrize("path", FORMS)
def test_after_handing_in_every_form_is_refused_with_what_to_do(path, hers, room, proposal, facilitator):
    submit_session(room, by=facilitator)
    before = traces(room)
    answer = hers.post(at(room, path), data={**FORMS[path], "proposal": proposal.code})
    assert answer.status_code == 409
    assert "ya fue entregada" in answer.text and "puede devolverla" in answer.text
    assert TYPED.get(path, "").replace("Lo tecleado", "") in answer.text
    assert traces(room) == before


@pytest.mark.parametrize("path", [path for path in ENTRIES if path != "/entregar"])
def test_once_the_phase_has_closed_every_form_is_refused_and_keeps_what_was_typed(
    path, hers, room, proposal, consultation
):
    with frozen(max(phase.closes_at for phase in consultation.phases)):
        answer = hers.post(at(room, path), data={**FORMS[path], "proposal": proposal.code, "reasons": "Lo tecleado"})
    assert answer.status_code == 409
    assert "Ya no se puede" in answer.text
    assert TYPED[path] in answer.text
    assert traces(room) == ROOM


def test_what_was_entered_in_time_is_handed_in_after_the_phase(hers, room, consultation):
    with frozen(max(phase.closes_at for phase in consultation.phases)):
        assert 'href="/sesiones/' in hers.get(at(room, "/registro")).text
        page = hers.get(at(room, "/entregar"))
        assert hers.post(at(room, "/entregar"), data={"base": base_of(page)}).status_code == 302
    assert traces(room)[-1] is not None


def test_a_proposal_of_another_consultation_is_refused_in_the_address_and_in_the_form(
    hers, table_session, other_consultation, citizen
):
    foreign = make_proposal(other_consultation, citizen)
    assert hers.get(at(table_session, f"/resultados/{foreign.code}")).status_code == 403
    for more in ({"outcome": "keep"}, {"drop": "1"}):
        answer = hers.post(at(table_session, "/resultados"), data={"proposal": foreign.code, **more})
        assert answer.status_code == 403 and "otra consulta" in answer.text
    for code in ("", "nada", "a\x00b", "x" * 5000):
        answer = hers.post(at(table_session, "/resultados"), data={"proposal": code, "outcome": "keep"})
        assert answer.status_code in (400, 404)
    assert traces(table_session) == NOTHING


def test_extra_fields_are_not_looked_at(hers, room, proposal):
    more = {
        "published_at": "2026-01-01",
        "checked_by_uid": "x",
        "made_here": "y",
        "is_inferred": "y",
        "session_id": "9",
    }
    answer = hers.post(at(room, "/resultados"), data={"proposal": proposal.code, "outcome": "keep", "base": "", **more})
    assert answer.status_code == 302
    line = {"base": base_of(hers.get(at(room, "/asistencia/line-1"))), "heads": "5", "attended": "y"}
    more = {"convened": "y", "sector": "government", "institution_id": "1", "uid": "x", "named": "Otra"}
    assert hers.post(at(room, "/asistencia/line-1"), data={**line, **more}).status_code == 302
    closing = {
        "base": base_of(hers.get(at(room, "/cierre"))),
        "dots_per_person": "99",
        "planned_heads": "9",
        "title": "Otro",
    }
    assert hers.post(at(room, "/cierre"), data=closing).status_code == 302
    db.session.expire_all()
    (result,) = room.results
    assert (result.made_here, result.is_inferred, result.session_id) == (False, False, room.id)
    (line,) = room.attendances
    assert (line.heads, line.convened, line.sector, line.name, line.uid) == (5, None, "academia", "UMAG", "line-1")
    assert (room.published_at, room.dots_per_person, room.planned_heads, room.title) == (
        None,
        None,
        {},
        "Primera sesión",
    )


def test_what_is_no_number_is_pointed_out_and_kept(hers, table_session, proposal):
    for number in ("doce", "-1", "1.5", "9" * 30, "1e3", "٣", "²", "12\x00"):
        body = {"proposal": proposal.code, "outcome": "keep", "level_full": number, "reasons": "No se pierde"}
        answer = hers.post(at(table_session, "/resultados"), data=body)
        assert answer.status_code == 422, number
        assert 'id="level_full-error"' in answer.text and "No se pierde" in answer.text
        row = {"rows-0-sector": "academia", "rows-0-institution": "No se pierde", "rows-0-heads": number}
        answer = hers.post(at(table_session, "/asistencia"), data=row)
        assert answer.status_code == 422, number
        assert 'href="#rows-0-heads"' in answer.text and "No se pierde" in answer.text
    assert traces(table_session) == NOTHING


def test_what_will_not_do_is_said_at_its_field_and_nothing_is_stored(hers, room, proposal):
    for path, typed, said in BAD_INPUT:
        answer = hers.post(at(room, path), data={"proposal": proposal.code, **typed})
        assert answer.status_code == 422, typed
        assert said in answer.text, typed
        assert 'id="error-summary"' in answer.text
    assert traces(room) == ROOM


def test_row_numbers_that_are_no_small_numbers_are_not_looked_at(hers, table_session):
    names = ("rows-²-heads", f"rows-{'9' * 5000}-heads", "rows--heads", "rows-x", "rows-1000-heads")
    assert hers.post(at(table_session, "/asistencia"), data=dict.fromkeys(names, "1")).status_code == 302
    assert traces(table_session) == NOTHING


def test_a_list_of_150_institutions_is_one_form(hers, table_session, facilitator):
    rows = [
        {"uid": f"u{n}", "sector": "academia", "institution": f"Instituto {n}", "attended": True} for n in range(150)
    ]
    note_attendance(table_session, rows, by=facilitator)
    page = hers.get(at(table_session, "/asistencia"))
    body = {"base": base_of(page)}
    for n, each in enumerate(attendances_of(table_session)):
        body |= {f"rows-{n}-uid": each.uid, f"rows-{n}-institution": each.name, f"rows-{n}-attended": "y"}
        body |= {f"rows-{n}-spoke": "y", f"rows-{n}-heads": "2"}
    assert hers.post(at(table_session, "/asistencia"), data=body).status_code == 302
    assert sum(each.heads for each in attendances_of(table_session)) == 300


def test_the_list_keeps_what_its_form_does_not_ask(hers, room, facilitator):
    page = hers.get(at(room, "/asistencia/line-1"))
    said = {"quality": "observer", "network": "Red Académica", "women": "1", "men": "1", "note": "Llegó tarde"}
    body = {"base": base_of(page), "attended": "y", "heads": "2", **said}
    assert hers.post(at(room, "/asistencia/line-1"), data=body).location.endswith("/asistencia")
    page = hers.get(at(room, "/asistencia"))
    assert "Red Académica" in page.text and "Observa" in page.text
    row = {"rows-0-uid": "line-1", "rows-0-institution": "Nombre cambiado", "rows-0-excused": "y", "rows-0-heads": "0"}
    body = {"base": base_of(page), **row, "line": "line-1"}
    assert hers.post(at(room, "/asistencia"), data=body).location.endswith("/asistencia/line-1")
    (line,) = attendances_of(room)
    told = (line.name, line.quality, line.network, line.women, line.note, line.attended, line.excused, line.heads)
    assert told == ("UMAG", "observer", "Red Académica", 1, "Llegó tarde", False, True, 0)
    drop = {"base": base_of(hers.get(at(room, "/asistencia/line-1"))), "drop": "1"}
    assert hers.post(at(room, "/asistencia/line-1"), data=drop).status_code == 302
    assert attendances_of(room) == []


def test_whoever_was_convened_stays_in_the_list(hers, table, moderator, facilitator):
    session = convene_session(table, title="S", convened=[{"sector": "academia", "institution": "UMAG"}], by=moderator)
    open_session(session, by=facilitator)
    (line,) = attendances_of(session)
    address = at(session, f"/asistencia/{line.uid}")
    page = hers.get(address)
    assert "Quitar de la lista" not in page.text
    assert hers.post(address, data={"base": base_of(page), "drop": "1"}).status_code == 403
    body = {"base": base_of(hers.get(at(session, "/asistencia"))), "rows-0-uid": "", "rows-0-sector": "private"}
    assert hers.post(at(session, "/asistencia"), data={**body, "rows-0-heads": "3"}).status_code == 302
    assert [(each.sector, each.convened) for each in attendances_of(session)] == [
        ("academia", True),
        ("private", False),
    ]
    body = {"base": base_of(hers.get(at(session, "/asistencia"))), "rows-4-institution": "UMAG"}
    answer = hers.post(at(session, "/asistencia"), data={**body, "rows-4-sector": "private"})
    assert answer.status_code == 422 and "está dos veces en la lista" in answer.text


# Where it is sent, what is filled in (the word stands for {}), and where what was kept can be read.
AT_ONCE = {
    "/asistencia": ({"rows-0-sector": "academia", "rows-0-institution": "{} UMAG", "rows-0-attended": "y"},
                    lambda session: attendances_of(session)[0].name),
    "/asistencia/line-1": ({"attended": "y", "note": "{} nota"}, lambda session: attendances_of(session)[0].note),
    "/desarrollo/item-1": ({"development": "{} relato"}, lambda session: session.agenda[0]["development"]),
    "/acta": ({"statements": "{} dicho"}, lambda session: session.statements[0]),
    "/cierre": ({"prepared_by": "{} equipo"}, lambda session: session.prepared_by),
    "/resultados": ({"outcome": "keep", "reasons": "{} razón"}, lambda session: session.results[0].reasons),
}  # fmt: skip


@pytest.mark.parametrize("path", AT_ONCE)
def test_the_second_of_two_saving_the_same_gets_409_with_both_versions(path, hers, seconds, room, proposal):
    typed, kept = AT_ONCE[path]
    page = at(room, f"/resultados/{proposal.code}" if path == "/resultados" else path)
    base = base_of(hers.get(page))

    def filled(words, base):
        return {name: value.format(words) for name, value in typed.items()} | {"base": base, "proposal": proposal.code}

    assert seconds.post(at(room, path), data=filled("primera", base)).status_code == 302
    answer = hers.post(at(room, path), data=filled("segunda", base))
    assert answer.status_code == 409
    assert "primera" in answer.text and "segunda" in answer.text
    assert "Nada de lo tuyo se perdió" in answer.text
    db.session.expire_all()
    assert kept(room).startswith("primera")
    # Having seen both, she may keep her own.
    assert hers.post(at(room, path), data=filled("segunda", base_of(answer))).status_code == 302
    db.session.expire_all()
    assert kept(room).startswith("segunda")


def test_what_two_saved_alike_is_no_conflict(hers, seconds, room):
    body = {"base": base_of(hers.get(at(room, "/cierre"))), "prepared_by": "El mismo equipo"}
    assert seconds.post(at(room, "/cierre"), data=body).status_code == 302
    assert hers.post(at(room, "/cierre"), data=body).status_code == 302


def test_numbers_that_disagree_are_saved_and_told_where_they_stand(hers, room, proposal):
    page = at(room, f"/resultados/{proposal.code}")
    body = {"proposal": proposal.code, "outcome": "keep", "votes_for": "9", "base": base_of(hers.get(page))}
    assert hers.post(at(room, "/resultados"), data=body).status_code == 302
    for where in ("/registro", "/resultados", f"/resultados/{proposal.code}", "/entregar"):
        told = plain(hers.get(at(room, where)))
        assert "hay 9 votos y 2 personas presentes" in told, where
    base = base_of(hers.get(at(room, "/asistencia/line-1")))
    line = {"base": base, "attended": "y", "heads": "2", "women": "2", "men": "1"}
    assert hers.post(at(room, "/asistencia/line-1"), data=line).status_code == 302
    assert "suman 3, y la línea dice 2 personas" in plain(hers.get(at(room, "/asistencia")))
    closing = {"base": base_of(hers.get(at(room, "/cierre"))), "declared_heads": "1"}
    assert hers.post(at(room, "/cierre"), data=closing).status_code == 302
    assert "La lista suma 2 personas y el total anotado es 1" in plain(hers.get(at(room, "/cierre")))


def test_a_result_noted_of_the_wrong_proposal_can_be_forgotten(hers, room, proposal):
    address = at(room, f"/resultados/{proposal.code}")
    body = {"proposal": proposal.code, "outcome": "keep", "reasons": "Era de otra", "base": base_of(hers.get(address))}
    hers.post(at(room, "/resultados"), data=body)
    drop = {"proposal": proposal.code, "drop": "1", "base": base_of(hers.get(address))}
    assert hers.post(at(room, "/resultados"), data=drop).status_code == 302
    assert traces(room) == ROOM


def test_a_part_of_the_meeting_that_was_closed_is_told_as_closed(hers, room, facilitator):
    assert hers.post(at(room, "/desarrollo"), data={"title": "Resultado de las regiones"}).status_code == 302
    page = hers.get(at(room, "/desarrollo/item-1"))
    body = {"base": base_of(page), "title": "Fondo de OGP", "development": "Se **siguió** sin OGP.", "is_closed": "y"}
    hers.post(at(room, "/desarrollo/item-1"), data={**body, "closed_note": "A pedido de la mesa."})
    told = hers.get(at(room)).text
    assert "Fondo de OGP" in told and "<strong>siguió</strong>" in told
    assert "Parte reservada" in told and "A pedido de la mesa." in told
    assert [each["title"] for each in room.agenda] == ["Fondo de OGP", "Resultado de las regiones"]


def test_the_title_of_what_was_convened_stays_as_it_was_convened(hers, table, moderator, facilitator):
    session = convene_session(table, title="S", agenda=[{"title": "Cierre"}], by=moderator)
    open_session(session, by=facilitator)
    item = session.agenda[0]["id"]
    page = hers.get(at(session, f"/desarrollo/{item}"))
    body = {"base": base_of(page), "title": "Otro título", "development": "Se cerró.", "drop": "1"}
    assert hers.post(at(session, f"/desarrollo/{item}"), data=body).status_code == 422
    del body["drop"]
    assert hers.post(at(session, f"/desarrollo/{item}"), data=body).status_code == 302
    db.session.expire_all()
    assert (session.agenda[0]["title"], session.agenda[0]["development"]) == ("Cierre", "Se cerró.")
