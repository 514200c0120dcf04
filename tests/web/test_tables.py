"""The pages of tables and sessions: who gets where, what a form takes in, and what is said when it does not."""

import re

import pytest
from sqlalchemy import event

from consulta.consultations.actions import end_appointment
from consulta.consultations.queries import appointments_of
from consulta.core.clock import frozen
from consulta.core.extensions import db
from consulta.tables.actions import (
    convene_session,
    enter_result,
    found_table,
    note_attendance,
    note_minutes,
    open_session,
    submit_session,
)
from consulta.tables.models import Attendance, Result, Session
from tests.people import make_consultation, make_person, make_proposal, sign_in

OPEN, REFUSED, SIGN_IN, GONE = 200, 403, 302, 404
ROLES = ("visitor", "citizen", "administrator", "other_moderator", "moderator", "other_facilitator", "facilitator")
# Page of an open session -> what each role of ROLES gets.
PAGES = {
    "": (OPEN, OPEN, OPEN, OPEN, OPEN, OPEN, OPEN),
    "/registro": (SIGN_IN, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, OPEN),
    "/asistencia": (SIGN_IN, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, OPEN),
    "/resultados": (SIGN_IN, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, OPEN),
    "/acta": (SIGN_IN, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, OPEN),
    "/propuestas/nueva": (SIGN_IN, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, OPEN),
    "/entregar": (SIGN_IN, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, OPEN),
}
# Where a form of a session is sent, and a body that would change something.
FORMS = {
    "/abrir": {},
    "/asistencia": {"rows-0-sector": "academia", "rows-0-heads": "3", "rows-0-attended": "y"},
    "/acta": {"statements": "Que conste"},
    "/resultados": {"outcome": "keep"},
    "/propuestas/nueva": {"title": "Un muelle", "body": "Sí"},
    "/entregar": {},
}

# Where it is sent, what is typed, what is said.
BAD_INPUT = [
    ("/resultados", {"reasons": "y"}, "Elige qué decidió la sala"),
    ("/resultados", {"outcome": "group"}, "Escribe el número del grupo"),
    ("/resultados", {"outcome": "keep", "grade": "fuerte"}, "Elige uno de los grados"),
    ("/resultados", {"outcome": "keep", "reasons": "x" * 4001}, "caben 4000"),
    ("/resultados", {"outcome": "keep", "dissent": "a\x00b"}, "no se pueden guardar"),
    ("/asistencia", {"rows-0-institution": "UMAG"}, "Elige el sector"),
    ("/asistencia", {"rows-0-institution": "a\x00b", "rows-0-sector": "academia"}, "no se pueden guardar"),
    ("/asistencia", {"rows-7-institution": "x" * 161, "rows-7-sector": "academia"}, "caben 160"),
    ("/acta", {"statements": "x" * 1001}, "caben 1000"),
    ("/acta", {"agreements-4-owner": "UMAG"}, "Falta este texto"),
    ("/acta", {"agreements-4-text": "a\x00b"}, "no se pueden guardar"),
    ("/propuestas/nueva", {"title": "", "body": "Lo tecleado"}, "Falta este texto"),
    ("/propuestas/nueva", {"title": "x" * 201, "body": "Lo tecleado"}, "caben 200"),
    ("/propuestas/nueva", {"title": "T", "body": "B", "institution": "UMAG"}, "Elige el sector de la institución"),
    ("/propuestas/nueva", {"title": "T", "body": "B", "theme": "999999"}, "Elige una de las opciones"),
]
# What is typed into the form that convenes, and what is said.
BAD_MEETINGS = [
    ({"starts_at": "2026-09-06T00:30"}, "esa hora no existe"),  # clocks go forward in Santiago
    ({"starts_at": "2026-04-04T23:30"}, "ocurre dos veces"),  # and back
    ({"starts_at": "mañana"}, "Escribe el día y la hora"),
    ({"starts_at": "0001-01-01T00:00"}, "Ese año no parece posible"),
    ({"starts_at": "2026-12-04T15:00", "ends_at": "2026-12-04T14:00"}, "terminar después de comenzar"),
    ({"ends_at": "2026-12-04T14:00"}, "terminar después de comenzar"),
    ({"title": ""}, "Falta este texto"),
    ({"kind": "regional"}, "Elige la región"),
    ({"kind": "otra"}, "Elige qué clase"),
    ({"table_title": "x" * 161}, "caben 160"),
    ({"agenda": "25:99 Café"}, "no es una hora"),
    ({"convened_academia": "UMAG\nUMAG"}, "dos veces en la lista"),
    ({"convened_academia": "a\x00b"}, "no se pueden guardar"),
    ({"table": "999999"}, "Elige una de las opciones"),
]


@pytest.fixture(autouse=True)
def without_tokens(app):
    """Forms are sent without their token here; tests of safety send them."""
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def hers(client, facilitator):
    """A browser in which the facilitator of Magallanes is signed in."""
    return sign_in(client, facilitator)


def at(session, path=""):
    """Return the address of a page of `session`."""
    return f"/sesiones/{session.id}{path}"


def base_of(answer):
    """Return the fingerprint that a form in `answer` carries."""
    return re.search(r'name="base"[^>]*value="([^"]*)"', answer.text)[1]


def traces(session):
    """Return what was ever entered in `session`, as counts and state."""
    db.session.expire_all()
    return (
        db.session.query(Attendance).filter_by(session_id=session.id).count(),
        db.session.query(Result).filter_by(session_id=session.id).count(),
        list(session.statements),
        session.submitted_at,
    )


@pytest.mark.parametrize("path", PAGES)
def test_each_page_of_a_session_opens_to_its_own_people(path, request, new_client, table_session):
    got = []
    for role in ROLES:
        visitor = new_client()
        if role != "visitor":
            sign_in(visitor, request.getfixturevalue(role))
        got.append(visitor.get(at(table_session, path)).status_code)
    assert tuple(got) == PAGES[path]


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("as_json", [False, True])
def test_a_facilitator_of_another_region_changes_nothing_by_form_or_json(
    path, as_json, client, other_facilitator, table_session, proposal, moderator, table
):
    session = convene_session(table, title="Otra", by=moderator) if path == "/abrir" else table_session
    body = {**FORMS[path], "proposal": proposal.code, "session": session.id, "id": session.id}
    sign_in(client, other_facilitator)
    answer = client.post(at(session, path), **({"json": body} if as_json else {"data": body}))
    # JSON is read from nobody; a form is, and then the right to it is asked.
    assert answer.status_code == (415 if as_json else 403)
    assert as_json or ("Magallanes" in answer.text and "Biobío" in answer.text)
    assert traces(session) == (0, 0, [], None)
    assert (session.opened_at is None) == (path == "/abrir")


def test_an_id_of_another_session_in_her_own_form_changes_only_her_own(
    client, other_facilitator, consultation, biobio, moderator, table_session, proposal
):
    table = found_table(consultation, title="Mesa del Biobío", kind="regional", territory=biobio, by=moderator)
    own = open_session(convene_session(table, title="Suya", by=moderator), by=other_facilitator)
    sign_in(client, other_facilitator)
    body = {"session": table_session.id, "id": table_session.id, "session_id": table_session.id, "outcome": "keep"}
    answer = client.post(at(own, "/resultados"), data={**body, "proposal": proposal.code})
    assert answer.status_code == 302
    assert traces(table_session) == (0, 0, [], None)
    assert traces(own)[1] == 1


@pytest.mark.parametrize("path", FORMS)
def test_a_visitor_is_sent_to_sign_in(path, client, table_session):
    answer = client.post(at(table_session, path), data=FORMS[path])
    assert answer.status_code == 302 and "/cuenta/entrar" in answer.location
    assert traces(table_session) == (0, 0, [], None)


@pytest.mark.parametrize("path", FORMS)
def test_an_appointment_that_ended_while_she_worked_is_refused_on_the_next_request(
    path, hers, table_session, proposal, consultation, facilitator, administrator
):
    assert hers.get(at(table_session, "/registro")).status_code == 200
    (appointment,) = [each for each in appointments_of(consultation) if each.person_id == facilitator.id]
    end_appointment(appointment, by=administrator)
    answer = hers.post(at(table_session, path), data={**FORMS[path], "proposal": proposal.code})
    assert answer.status_code == 403
    assert traces(table_session) == (0, 0, [], None)


@pytest.mark.parametrize("path", FORMS)
def test_after_handing_in_every_form_is_refused_with_what_to_do(path, hers, table_session, proposal, facilitator):
    submit_session(table_session, by=facilitator)
    before = traces(table_session)
    answer = hers.post(at(table_session, path), data={**FORMS[path], "proposal": proposal.code})
    assert answer.status_code == 409
    assert "ya fue entregada" in answer.text
    assert traces(table_session) == before


@pytest.mark.parametrize("path", [path for path in FORMS if path != "/abrir"])
def test_once_the_phase_has_closed_every_form_is_refused_and_keeps_what_was_typed(
    path, hers, table_session, proposal, consultation
):
    with frozen(max(phase.closes_at for phase in consultation.phases)):
        answer = hers.post(
            at(table_session, path), data={**FORMS[path], "proposal": proposal.code, "reasons": "Lo tecleado"}
        )
    assert answer.status_code == 409
    assert "Ya no se puede" in answer.text
    typed = {
        "/asistencia": 'value="3"',
        "/acta": "Que conste",
        "/resultados": "Lo tecleado",
        "/propuestas/nueva": "muelle",
    }
    assert typed.get(path, "") in answer.text
    assert traces(table_session) == (0, 0, [], None)


def test_a_session_of_a_consultation_that_is_not_announced_does_not_exist_for_others(
    client, administrator, territories
):
    secret = make_consultation(administrator, announced=False)
    session = convene_session(found_table(secret, title="T", kind="round", by=None), title="S", by=None)
    assert client.get(at(session)).status_code == GONE
    assert sign_in(client, make_person("Otra")).get(at(session, "/registro")).status_code == GONE
    for number in (0, 10**6, 2**63):
        assert client.get(f"/sesiones/{number}").status_code == GONE


def test_a_proposal_of_another_consultation_is_refused_in_the_address_and_in_the_form(
    hers, table_session, other_consultation, citizen
):
    foreign = make_proposal(other_consultation, citizen)
    assert hers.get(at(table_session, f"/resultados/{foreign.code}")).status_code == 403
    answer = hers.post(at(table_session, "/resultados"), data={"proposal": foreign.code, "outcome": "keep"})
    assert answer.status_code == 403 and "otra consulta" in answer.text
    for code in ("", "nada", "a\x00b", "x" * 5000):
        assert hers.post(at(table_session, "/resultados"), data={"proposal": code, "outcome": "keep"}).status_code in (
            400,
            404,
        )
    assert traces(table_session)[1] == 0


def test_what_was_entered_is_not_public_before_it_is_handed_in(
    new_client, facilitator, moderator, table_session, proposal
):
    note_attendance(
        table_session,
        [{"sector": "academia", "institution": "Universidad Canaria", "attended": True, "heads": 77}],
        by=facilitator,
    )
    enter_result(
        table_session, proposal, outcome="keep", reasons="canario razón", dissent="canario disenso", by=facilitator
    )
    note_minutes(
        table_session, statements=["canario dicho"], agreements=[{"text": "canario acuerdo"}], notes="canario nota",
        by=facilitator,
    )  # fmt: skip
    consultation = table_session.table.consultation
    pages = [at(table_session), f"/consultas/{consultation.slug}/mesas", f"/propuestas/{proposal.code}"]
    for page in pages:
        text = new_client().get(page).text
        assert "canario" not in text and "Canaria" not in text
        assert "77" not in re.sub(r"<(head|svg).*?</\1>|[?&]v=\w+", "", text, flags=re.S)
    assert "canario razón" in sign_in(new_client(), moderator).get(at(table_session)).text
    submit_session(table_session, by=facilitator)
    public = new_client().get(at(table_session)).text
    for said in (
        "canario razón",
        "canario disenso",
        "canario dicho",
        "canario acuerdo",
        "canario nota",
        "Universidad Canaria",
    ):
        assert said in public
    assert "Academia: 77" in new_client().get(pages[1]).text
    assert "canario razón" in new_client().get(pages[2]).text


def test_a_facilitator_takes_a_session_from_opening_to_handing_in(
    hers, table, moderator, facilitator, proposal, consultation
):
    session = convene_session(
        table, title="De punta a punta", convened=[{"sector": "academia", "institution": "UMAG"}], by=moderator
    )
    assert "De punta a punta" in hers.get(f"/consultas/{consultation.slug}/mesas").text
    assert hers.get(at(session, "/asistencia")).status_code == 409  # not open yet
    assert hers.post(at(session, "/abrir")).location.endswith("/registro")

    form = hers.get(at(session, "/asistencia"))
    row = {"listed": "1", "convened": "1", "institution": "UMAG", "sector": "academia", "attended": "y", "heads": "4"}
    new = {"institution": "Junta de vecinos", "sector": "civil_society", "attended": "y", "spoke": "y", "heads": "2"}
    body = {"base": base_of(form)} | {f"rows-0-{name}": value for name, value in row.items()}
    body |= {f"rows-5-{name}": value for name, value in new.items()} | {"rows-6-attended": "y", "rows-6-sector": ""}
    assert hers.post(at(session, "/asistencia"), data=body).location.endswith("/registro")
    assert [(each.convened, each.attended, each.spoke, each.heads) for each in session.attendances] == [
        (True, True, False, 4),
        (False, True, True, 2),
    ]

    assert proposal.title in hers.get(at(session, "/resultados?q=actas")).text
    assert "Ninguna propuesta" in hers.get(at(session, "/resultados?q=zzz")).text
    form = hers.get(at(session, f"/resultados/{proposal.code}"))
    body = {"proposal": proposal.code, "base": base_of(form), "outcome": "group", "group_number": "2"}
    body |= {"grade": "majority", "dots": "9", "reasons": "Útil", "dissent": "Caro"}
    assert hers.post(at(session, "/resultados"), data=body).status_code == 302
    (result,) = session.results
    assert (result.outcome, result.group_number, result.grade, result.dots) == ("group", 2, "majority", 9)
    assert 'value="9"' in hers.get(at(session, f"/resultados/{proposal.code}")).text

    body = {"title": "Un muelle", "body": "Para los botes", "theme": str(consultation.themes[0].id)}
    body |= {"institution": "UMAG", "sector": "academia"}
    answer = hers.post(at(session, "/propuestas/nueva"), data=body)
    assert "/resultados/" in answer.location

    body = {"base": base_of(hers.get(at(session, "/acta"))), "statements": "- Uno\nDos\n", "notes": ""}
    body |= {"agreements-0-text": "Enviar", "agreements-0-owner": "UMAG", "agreements-2-text": " "}
    assert hers.post(at(session, "/acta"), data=body).status_code == 302

    check = hers.get(at(session, "/entregar"))
    assert "«Un muelle»: falta qué decidió la sala" in check.text
    assert "tiene 9 puntos y había 6 personas" in check.text
    assert hers.post(at(session, "/entregar"), data={"base": base_of(check)}).location.endswith(at(session))
    public = hers.get(at(session)).text
    for said in ("Grupo 2", "Mayoría", "Caro", "Uno", "Enviar", "Junta de vecinos", "Coincide", "nunca se suma"):
        assert said in public


@pytest.mark.parametrize("path", ["/asistencia", "/acta", "/resultados"])
def test_the_second_of_two_saving_the_same_gets_409_with_both_versions(
    path, new_client, hers, facilitator, table_session, proposal
):
    typed = {
        "/asistencia": {"rows-0-sector": "academia", "rows-0-institution": "{} UMAG", "rows-0-attended": "y"},
        "/acta": {"statements": "{} dicho"},
        "/resultados": {"proposal": proposal.code, "outcome": "keep", "reasons": "{} razón"},
    }[path]
    other = sign_in(new_client(), facilitator)
    form = at(table_session, f"/resultados/{proposal.code}" if path == "/resultados" else path)
    base = base_of(hers.get(form))

    def filled(words, base):
        return {name: value.format(words) for name, value in typed.items()} | {"base": base}

    assert other.post(at(table_session, path), data=filled("primera", base)).status_code == 302
    answer = hers.post(at(table_session, path), data=filled("segunda", base))
    assert answer.status_code == 409
    assert "primera" in answer.text and "segunda" in answer.text
    db.session.expire_all()
    kept = (
        table_session.statements
        + [each.institution.name for each in table_session.attendances]
        + [each.reasons for each in table_session.results]
    )
    assert [words.split()[0] for words in kept] == ["primera"]
    # Having seen both, she may keep her own.
    assert hers.post(at(table_session, path), data=filled("segunda", base_of(answer))).status_code == 302


def test_what_changed_after_the_check_page_is_checked_again_before_handing_in(
    hers, facilitator, table_session, proposal
):
    base = base_of(hers.get(at(table_session, "/entregar")))
    enter_result(table_session, proposal, outcome="keep", by=facilitator)
    answer = hers.post(at(table_session, "/entregar"), data={"base": base})
    assert answer.status_code == 409
    assert proposal.title in answer.text
    assert hers.post(at(table_session, "/entregar")).status_code == 409  # without a base at all
    assert hers.post(at(table_session, "/entregar"), data={"base": base_of(answer)}).status_code == 302


def test_what_is_no_number_is_pointed_out_and_kept(hers, table_session, proposal):
    for number in ("doce", "-1", "1.5", "9" * 30, "1e3", "٣", "²", "12\x00"):
        body = {"proposal": proposal.code, "outcome": "keep", "dots": number, "reasons": "No se pierde"}
        answer = hers.post(at(table_session, "/resultados"), data=body)
        assert answer.status_code == 422, number
        assert "Escribe un número entero" in answer.text and "No se pierde" in answer.text
        row = {"rows-0-sector": "academia", "rows-0-institution": "No se pierde", "rows-0-heads": number}
        answer = hers.post(at(table_session, "/asistencia"), data=row)
        assert answer.status_code == 422, number
        assert 'href="#rows-0-heads"' in answer.text and "No se pierde" in answer.text
    assert traces(table_session) == (0, 0, [], None)


def test_what_will_not_do_is_said_at_its_field_and_nothing_is_stored(hers, table_session, proposal):
    for path, typed, said in BAD_INPUT:
        answer = hers.post(at(table_session, path), data={"proposal": proposal.code, **typed})
        assert answer.status_code == 422, typed
        assert said in answer.text, typed
        assert 'id="error-summary"' in answer.text
    assert traces(table_session) == (0, 0, [], None)


def test_row_numbers_that_are_no_small_numbers_are_not_looked_at(hers, table_session):
    body = {
        "rows-²-heads": "1",
        f"rows-{'9' * 5000}-heads": "1",
        "rows--heads": "1",
        "rows-x": "1",
        "rows-1000-heads": "1",
    }
    assert hers.post(at(table_session, "/asistencia"), data=body).status_code == 302
    assert traces(table_session)[0] == 0


def test_scripts_in_what_was_entered_are_only_text(hers, client, facilitator, table_session, proposal):
    attack = "<script>alert(1)</script>"
    body = {"proposal": proposal.code, "outcome": "keep", "reasons": attack, "dissent": attack}
    hers.post(at(table_session, "/resultados"), data=body)
    hers.post(
        at(table_session, "/acta"), data={"base": base_of(hers.get(at(table_session, "/acta"))), "statements": attack}
    )
    submit_session(table_session, by=facilitator)
    text = client.get(at(table_session)).text
    assert attack not in text and "&lt;script&gt;" in text


def test_a_pooled_session_says_so_and_that_convened_and_attended_are_not_told_apart(client, consultation, proposal):
    table = found_table(consultation, title="Regiones", kind="round", by=None)
    session = convene_session(table, title="2016", is_pooled=True, venues=["Talca", "Punta Arenas"], by=None)
    open_session(session, by=None)
    uncounted = {"sector": "civil_society", "institution": None, "attended": True}
    note_attendance(session, [{"sector": "government", "institution": "MOP", "heads": 3}, uncounted], by=None)
    enter_result(session, proposal, outcome="enlarge", is_inferred=True, by=None)
    submit_session(session, by=None)
    text = client.get(at(session)).text
    assert "Talca, Punta Arenas" in text and "nada de esta página es de una ciudad en particular" in text
    assert "no distingue convocados de asistentes" in text
    assert "Lectura nuestra" in text
    assert "Sin contar" in text
    listed = client.get(f"/consultas/{consultation.slug}/mesas").text
    assert "Gobierno: 3 en lista · Sociedad civil: asistieron, sin contar" in listed


def test_a_moderator_convenes_a_session_at_a_table_of_her_own_making(client, moderator, consultation, magallanes):
    sign_in(client, moderator)
    address = f"/consultas/{consultation.slug}/mesas/nueva"
    body = {
        "table_title": "Mesa de Magallanes",
        "kind": "regional",
        "territory": magallanes.code,
        "title": "Primera sesión",
        "starts_at": "2026-12-04T15:00",
        "ends_at": "2026-12-04T18:00",
        "agenda": "15:00–15:10 Presentación\n15.10 a 15:45 Resultados\n- Café\n",
        "convened_academia": "UMAG\nCEQUA\n",
        "convened_civil_society": "Junta de vecinos",
    }
    answer = client.post(address, data=body)
    assert answer.status_code == 302
    session = db.session.query(Session).one()
    assert session.starts_at.isoformat() == "2026-12-04T18:00:00+00:00"  # Santiago in summer: three hours behind
    assert [(each["starts"], each["ends"], each["title"]) for each in session.agenda] == [
        ("15:00", "15:10", "Presentación"),
        ("15:10", "15:45", "Resultados"),
        (None, None, "Café"),
    ]
    text = client.get(answer.location).text
    assert "CEQUA, UMAG" in text and "Presentación" in text and "15:00 a 18:00 (Santiago)" in text
    body |= {"table": str(session.table_id), "title": "Segunda sesión", "table_title": ""}
    assert client.post(address, data=body).status_code == 302
    assert [each.title for each in session.table.sessions] == ["Primera sesión", "Segunda sesión"]


def test_a_session_that_cannot_be_convened_says_why_and_founds_nothing(client, moderator, consultation):
    sign_in(client, moderator)
    for typed, said in BAD_MEETINGS:
        body = {"table_title": "Mesa", "kind": "thematic", "title": "Primera", "objective": "No se pierde"} | typed
        answer = client.post(f"/consultas/{consultation.slug}/mesas/nueva", data=body)
        assert answer.status_code == 422, typed
        assert said in answer.text and "No se pierde" in answer.text, typed
        assert 'id="error-summary"' in answer.text
    assert db.session.query(Session).count() == 0


@pytest.mark.parametrize(
    ("role", "status"),
    [("visitor", SIGN_IN), ("citizen", REFUSED), ("facilitator", REFUSED), ("administrator", REFUSED),
     ("other_moderator", REFUSED), ("moderator", OPEN)],
)  # fmt: skip
def test_only_moderators_of_the_consultation_reach_the_form_that_convenes(role, status, request, client, consultation):
    if role != "visitor":
        sign_in(client, request.getfixturevalue(role))
    address = f"/consultas/{consultation.slug}/mesas/nueva"
    assert client.get(address).status_code == status
    body = {"table_title": "Mesa", "kind": "thematic", "title": "Primera"}
    assert client.post(address, data=body).status_code == (SIGN_IN if status in (OPEN, SIGN_IN) else REFUSED)
    assert db.session.query(Session).count() == (status == OPEN)


def test_the_list_of_tables_is_read_in_a_number_of_queries_that_does_not_grow(app, client, consultation, count_queries):
    def fill(number):
        for n in range(number):
            table = found_table(consultation, title=f"Mesa {n}", kind="round", by=None)
            session = open_session(convene_session(table, title="S", by=None), by=None)
            note_attendance(session, [{"sector": "academia", "attended": True, "heads": n}], by=None)
            submit_session(session, by=None)

    fill(2)
    address = f"/consultas/{consultation.slug}/mesas"
    few = count_queries(lambda: client.get(address))
    fill(10)
    assert count_queries(lambda: client.get(address)) == few <= 10


def test_a_session_page_is_read_in_a_number_of_queries_that_does_not_grow(
    client, table_session, facilitator, citizen, consultation, count_queries
):
    def fill(number):
        for n in range(number):
            enter_result(
                table_session, make_proposal(consultation, citizen, title=f"P {n}"), outcome="keep", by=facilitator
            )

    fill(2)
    moderated = count_queries(lambda: client.get(at(table_session)))
    fill(6)
    assert count_queries(lambda: client.get(at(table_session))) == moderated
    submit_session(table_session, by=facilitator)
    assert count_queries(lambda: client.get(at(table_session))) <= 12


def test_whatever_stands_in_the_address_the_list_answers(client, table, consultation):
    for query in ("region=zz", "region=a&region=b", "desde=-1", "desde=9999999999", "desde=%00x", "region=12"):
        assert client.get(f"/consultas/{consultation.slug}/mesas?{query}").status_code in (200, 400), query


@pytest.fixture
def count_queries(app):
    """Count the statements that a call sends to the database."""

    def count(call):
        sent = []
        listener = lambda *args: sent.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listener)
        try:
            assert call().status_code == 200
        finally:
            event.remove(db.engine, "before_cursor_execute", listener)
        return len(sent)

    return count
