"""The public pages of tables and sessions: who gets where, and what is told in each state of a session."""

import re
from datetime import timedelta

import pytest

from consulta.core.clock import now
from consulta.core.extensions import db
from consulta.minutes.actions import correct, publish_minutes
from consulta.tables.actions import (
    check_session,
    convene_session,
    enter_result,
    found_table,
    note_agenda,
    note_attendance,
    note_minutes,
    note_session,
    open_session,
    return_session,
    submit_session,
)
from tests.people import make_consultation, make_person, make_proposal, make_public, sign_in
from tests.web.rooms import GONE, OPEN, REFUSED, SIGN_IN, at, plain

pytestmark = pytest.mark.settings(WTF_CSRF_ENABLED=False)

ROLES = (
    "visitor", "citizen", "administrator", "other_moderator", "moderator", "other_facilitator", "facilitator",
    "second_facilitator",
)  # fmt: skip
EVERYBODY = (OPEN,) * 8
ITS_OWN = (SIGN_IN, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, OPEN, OPEN)
# Those who moderate may look at what others entered, and help with codes; entering is for those of the region.
ITS_OWN_AND_MODERATORS = (SIGN_IN, REFUSED, REFUSED, REFUSED, OPEN, REFUSED, OPEN, OPEN)
# Page of an open session -> what each role of ROLES gets.
PAGES = {
    "": EVERYBODY,
    "/registro": ITS_OWN,
    "/asistencia": ITS_OWN,
    "/resultados": ITS_OWN,
    "/desarrollo": ITS_OWN,
    "/acta": ITS_OWN,
    "/cierre": ITS_OWN,
    "/propuestas/nueva": ITS_OWN,
    "/entregar": ITS_OWN,
    "/revision": ITS_OWN_AND_MODERATORS,
    "/codigos": ITS_OWN_AND_MODERATORS,
}


@pytest.fixture
def filled(table, moderator, facilitator, proposal):
    """An open session that holds something of everything, each a word to look for."""
    session = convene_session(
        table,
        title="Una de todo",
        number="N°4",
        convened_by="Secretaría Ejecutiva",
        objective="Priorizar entre todos",
        inputs=["La lista de la primera sesión"],
        product="Una preselección",
        agenda=[
            {"starts": "15:00", "ends": "15:10", "title": "Presentación"},
            {"kind": "break", "starts": "16:30", "title": "Café"},
            {"starts": "16:45", "title": "Cierre", "block": 2},
        ],
        planned_heads={"academia": 5},
        dots_per_person=5,
        dots_per_proposal=2,
        convened=[{"sector": "academia", "institution": "Universidad Convocada"}],
        by=moderator,
    )
    open_session(session, by=facilitator)
    note_attendance(
        session,
        [{"sector": "academia", "institution": "Universidad Canaria", "attended": True, "heads": 7077, "women": 4041}],
        by=facilitator,
    )
    enter_result(
        session,
        proposal,
        outcome="modify",
        grade="majority",
        level_full=3131,
        votes_for=3232,
        dots=3333,
        reasons="canario razón",
        reasons_against="canario contra",
        dissent="canario disenso",
        requests="canario pedido",
        statements="canario constancia",
        missing_actors="canario ausente",
        by=facilitator,
    )
    note_minutes(session, statements=["canario dicho"], notes="canario nota", by=facilitator)
    note_agenda(
        session, session.agenda[0]["id"], development="canario relato", is_closed=True, closed_note="canario reservado",
        by=facilitator,
    )  # fmt: skip
    note_session(
        session, prepared_by="canario autor", next_meeting="undefined", open_points=["canario abierto"], by=facilitator
    )
    return session


@pytest.mark.parametrize("path", PAGES)
def test_each_page_of_a_session_opens_to_its_own_people(path, request, new_client, table_session):
    got = []
    for role in ROLES:
        visitor = new_client()
        if role != "visitor":
            sign_in(visitor, request.getfixturevalue(role))
        got.append(visitor.get(at(table_session, path)).status_code)
    assert tuple(got) == PAGES[path]


def test_a_session_of_a_consultation_that_is_not_announced_does_not_exist_for_others(
    client, administrator, territories
):
    secret = make_consultation(administrator, announced=False)
    session = convene_session(found_table(secret, title="T", kind="round", by=None), title="S", by=None)
    assert client.get(at(session)).status_code == GONE
    assert sign_in(client, make_person("Otra")).get(at(session, "/registro")).status_code == GONE
    for number in (0, 10**6, 2**63, 10**30):
        assert client.get(f"/sesiones/{number}").status_code == GONE


def test_the_invitation_is_everybody_s_from_the_start(client, filled):
    told = plain(client.get(at(filled)))
    for said in (
        "Acta N°4", "Secretaría Ejecutiva", "Priorizar entre todos", "La lista de la primera sesión",
        "Una preselección", "Bloque 1", "15:00–15:10 Presentación", "Pausa: Café", "Bloque 2",
        "Cada persona reparte 5 puntos, hasta 2 en una misma propuesta.", "Personas previstas",
    ):  # fmt: skip
        assert said in told, said


def test_what_was_entered_is_public_with_the_minutes_and_not_before(
    new_client, facilitator, second_facilitator, moderator, filled, proposal
):
    consultation = filled.table.consultation
    pages = [at(filled), f"/consultas/{consultation.slug}/mesas", f"/propuestas/{proposal.code}"]

    def leaks():
        found = [new_client().get(page) for page in pages]
        return [
            page.request.path
            for page in found
            if "canario" in page.text or "Canaria" in page.text or re.search(r"7077|4041|3131|3232|3333", plain(page))
        ]

    assert leaks() == []
    assert "canario razón" in sign_in(new_client(), moderator).get(at(filled)).text
    submit_session(filled, by=facilitator)
    assert leaks() == []
    assert "una segunda persona revisa" in new_client().get(at(filled)).text
    check_session(filled, by=second_facilitator)
    assert leaks() == []
    assert "por publicarse" in new_client().get(at(filled)).text
    publish_minutes(filled, by=moderator)
    public = new_client().get(at(filled)).text
    words = "razón contra disenso pedido constancia ausente dicho nota relato reservado autor abierto".split()
    for said in (*(f"canario {word}" for word in words), "Universidad Canaria", "Mujeres: 4041", "Coincide"):
        assert said in public, said
    assert "Academia: 7077" in new_client().get(pages[1]).text
    proposals_page = plain(new_client().get(pages[2]))
    assert "canario razón" in proposals_page and "7077 personas en la sala" in proposals_page


def test_the_page_says_in_which_state_a_session_is(client, table, facilitator, second_facilitator, moderator):
    session = convene_session(table, title="S", by=moderator)
    steps = [
        ("Convocada", lambda: None),
        ("En curso", lambda: open_session(session, by=facilitator)),
        ("Entregada, en revisión", lambda: submit_session(session, by=facilitator)),
        ("En curso", lambda: return_session(session, note="La hoja 2 dice 14.", by=second_facilitator)),
        ("Entregada, en revisión", lambda: submit_session(session, by=facilitator)),
        ("Revisada", lambda: check_session(session, by=second_facilitator)),
        ("Publicada", lambda: publish_minutes(session, by=moderator)),
    ]
    for state, step in steps:
        step()
        page = client.get(at(session)).text
        assert re.search(rf'class="badge-state[^>]*>.*?</svg>{state}</span>', page, re.S), state
        assert "La hoja 2 dice" not in page


def test_after_a_correction_the_page_leads_to_both_versions(
    client, new_client, filled, facilitator, second_facilitator, moderator, proposal
):
    submit_session(filled, by=facilitator)
    check_session(filled, by=second_facilitator)
    publish_minutes(filled, by=moderator)
    assert "Tiene correcciones" not in client.get(at(filled)).text
    correct(filled, changes=[("result", proposal, {"dots": 34})], reason="La hoja firmada dice 34.", by=facilitator)
    page = client.get(at(filled)).text
    assert "La hoja firmada dice 34." in page
    assert f'/sesiones/{filled.id}/acta-publicada/1"' in page and f'/sesiones/{filled.id}/acta-publicada/2"' in page
    assert "<strong>34</strong> puntos" in page


def test_scripts_in_what_was_entered_are_only_text(
    hers, client, facilitator, moderator, table_session, proposal, second_facilitator
):
    attack = "<script>alert(1)</script>"
    result = {"proposal": proposal.code, "outcome": "keep"}
    result |= dict.fromkeys(
        ("reasons", "reasons_against", "dissent", "requests", "statements", "missing_actors"), attack
    )
    assert hers.post(at(table_session, "/resultados"), data={**result, "base": ""}).status_code == 302
    note_minutes(table_session, statements=[attack], notes=attack, by=facilitator)
    note_session(table_session, prepared_by=attack, open_points=[attack], attendance_note=attack, by=facilitator)
    note_agenda(
        table_session, "a1", title=attack, development=attack, is_closed=True, closed_note=attack, by=facilitator
    )
    for page in ("/registro", "/resultados", "/desarrollo", "/cierre", "/acta", "/entregar"):
        assert attack not in hers.get(at(table_session, page)).text
    submit_session(table_session, by=facilitator)
    check_session(table_session, by=second_facilitator)
    publish_minutes(table_session, by=moderator)
    for page in (at(table_session), f"/propuestas/{proposal.code}"):
        text = client.get(page).text
        assert attack not in text and "&lt;script&gt;" in text


def test_a_pooled_session_says_so_and_that_convened_and_attended_are_not_told_apart(
    client, consultation, proposal, moderator
):
    table = found_table(consultation, title="Regiones", kind="round", by=None)
    session = convene_session(table, title="2016", is_pooled=True, venues=["Talca", "Punta Arenas"], by=None)
    open_session(session, by=None)
    uncounted = {"sector": "civil_society", "institution": None, "attended": True}
    note_attendance(session, [{"sector": "government", "institution": "MOP", "heads": 3}, uncounted], by=None)
    enter_result(session, proposal, outcome="enlarge", is_inferred=True, by=None)
    make_public(session, by=None, second=moderator)
    told = plain(client.get(at(session)))
    assert "Talca, Punta Arenas" in told and "nada de esta página es de una ciudad en particular" in told
    assert "no distingue convocados de asistentes" in told and "No se sabe si asistió" in told
    assert "Lectura nuestra" in told
    assert "Sin contar" in told
    listed = client.get(f"/consultas/{consultation.slug}/mesas").text
    assert "Gobierno: 3 en lista · Sociedad civil: asistieron, sin contar" in listed
    on_proposal = plain(client.get(f"/propuestas/{proposal.code}"))
    assert "opiniones reunidas de Talca, Punta Arenas: no se sabe qué dijo cada una" in on_proposal


def test_a_session_leads_to_the_round_of_the_regions_that_it_read(client, consultation, proposal, moderator):
    def held(title, kind, **more):
        table = found_table(consultation, title=title, kind=kind, by=None)
        session = open_session(convene_session(table, title=title, by=None, **more), by=None)
        enter_result(session, proposal, outcome="keep", by=None)
        return session

    regions = held("Ronda de regiones", "round", is_pooled=True, venues=["Talca"])
    make_public(regions, by=None, second=moderator)
    read_in = held("Mesa 3", "thematic")
    make_public(read_in, by=None, second=moderator)
    page = client.get(at(read_in)).text
    assert "Lo que llegó de las regiones" in page and f'href="{at(regions)}"' in page
    assert "Lo que llegó de las regiones" not in client.get(at(regions)).text


def test_what_waits_for_somebody_stands_first_in_her_list_and_in_nobody_else_s(
    new_client, filled, facilitator, second_facilitator, moderator, citizen
):
    address = f"/consultas/{filled.table.consultation.slug}/mesas"

    def seen_by(person, heading):
        return f">{heading}</h2>" in sign_in(new_client(), person).get(address).text

    submit_session(filled, by=facilitator)
    told = {
        person.name: seen_by(person, "Por revisar") for person in (citizen, facilitator, second_facilitator, moderator)
    }
    assert told == {citizen.name: False, facilitator.name: False, second_facilitator.name: True, moderator.name: True}
    check_session(filled, by=second_facilitator)
    assert not seen_by(second_facilitator, "Por revisar") and not seen_by(moderator, "Por revisar")
    assert seen_by(moderator, "Por publicar") and not seen_by(facilitator, "Por publicar")
    publish_minutes(filled, by=moderator)
    assert not seen_by(moderator, "Por publicar")


def test_the_list_of_tables_is_read_in_a_number_of_queries_that_does_not_grow(
    app, client, consultation, count_queries, moderator
):
    def fill(number):
        for n in range(number):
            table = found_table(consultation, title=f"Mesa {n}", kind="round", by=None)
            session = open_session(convene_session(table, title="S", by=None), by=None)
            note_attendance(session, [{"sector": "academia", "attended": True, "heads": n}], by=None)
            make_public(session, by=None, second=moderator)

    fill(2)
    address = f"/consultas/{consultation.slug}/mesas"
    few = count_queries(lambda: client.get(address))
    fill(10)
    assert count_queries(lambda: client.get(address)) == few <= 10


def test_a_session_page_is_read_in_a_number_of_queries_that_does_not_grow(
    client, table_session, facilitator, citizen, consultation, count_queries, moderator
):
    def fill(number):
        for n in range(number):
            enter_result(
                table_session, make_proposal(consultation, citizen, title=f"P {n}"), outcome="keep", by=facilitator
            )

    fill(2)
    before = count_queries(lambda: client.get(at(table_session)))
    fill(6)
    assert count_queries(lambda: client.get(at(table_session))) == before
    make_public(table_session, by=facilitator, second=moderator)
    assert count_queries(lambda: client.get(at(table_session))) <= 16


def test_whatever_stands_in_the_address_the_list_answers(client, table, consultation):
    for query in ("region=zz", "region=a&region=b", "desde=-1", "desde=9999999999", "desde=%00x", "region=12"):
        assert client.get(f"/consultas/{consultation.slug}/mesas?{query}").status_code in (200, 400), query


def test_a_session_without_a_date_says_what_is_known_of_it(client, table, moderator):
    some = convene_session(table, title="S", date_note="Segunda quincena de julio", by=moderator)
    none = convene_session(table, title="T", by=moderator)
    dated = convene_session(table, title="U", starts_at=now(), ends_at=now() + timedelta(minutes=1), by=moderator)
    assert "Segunda quincena de julio" in client.get(at(some)).text
    assert "Fecha por definir" in client.get(at(none)).text
    assert "(Santiago)" in client.get(at(dated)).text
    db.session.rollback()
