"""Pages of agreements: the public list, one with its history, and the forms of the room, all without script."""

import re
from datetime import date

import pytest

from consulta.agreements.actions import form_subgroup, move_agreement, note_agreement
from consulta.agreements.models import Agreement, AgreementStep, Subgroup
from consulta.agreements.queries import agreements_of
from consulta.core.extensions import db
from consulta.tables.actions import convene_session, note_attendance, open_session
from tests.forum.a_forum import make_forum, publish
from tests.people import sign_in
from tests.web.rooms import base_of, plain

pytestmark = pytest.mark.settings(WTF_CSRF_ENABLED=False)

SECRET = "Acuerdo reservado de la sala"


@pytest.fixture
def forum(consultation, moderator):
    """A forum with a published session, whose agreement is under way, and an open one."""
    return make_forum(consultation, moderator)


@pytest.fixture
def hers(client, moderator):
    """The browser of a moderator, who facilitates the forum."""
    return sign_in(client, moderator)


def list_of(consultation, query=""):
    """Return the address of the public list."""
    return f"/consultas/{consultation.slug}/acuerdos{query}"


def texts(session):
    """Return the texts of a session's agreements."""
    db.session.expire_all()
    return [each.text for each in agreements_of(session)]


def test_an_empty_list_says_what_will_be_here(client, consultation):
    answer = client.get(list_of(consultation))
    assert answer.status_code == 200
    assert "Todavía no hay acuerdos publicados" in answer.text


def test_the_list_says_how_many_and_is_narrowed_by_state_table_and_owner(client, consultation, forum, moderator):
    for n, fields in enumerate(({"due_on": "2020-01-01"}, {"owner": "CEPAL"}, {"kind": "rule"})):
        note_agreement(forum.later, f"n{n}", text=f"Acuerdo número {n}", **fields, by=moderator)
    publish(forum.later, moderator)

    def shown(query):
        page = plain(client.get(list_of(consultation, query)))
        return [n for n in range(3) if f"Acuerdo número {n}" in page], "Proponer un calendario" in page

    assert "4 acuerdos" in plain(client.get(list_of(consultation)))
    assert shown("") == ([0, 1, 2], True)
    assert shown("?estado=vencidos") == ([0], False)
    assert shown("?estado=por-hacer") == ([1], False)
    assert shown("?estado=vigentes") == ([2], False)
    assert shown("?estado=en-curso") == ([], True)
    assert shown("?q=cepal") == ([1], False)
    assert shown("?q=academica") == ([], True)
    assert shown(f"?mesa={forum.table.id}") == ([0, 1, 2], True)
    assert "Aquí no hay ninguno" in client.get(list_of(consultation, "?estado=cumplidos")).text


@pytest.mark.parametrize(
    "query", ["?mesa=x", "?mesa=%00", f"?mesa={10**30}", "?desde=-1", "?estado=%ff", "?q=%00%ed%a0%80"]
)
def test_nothing_that_can_stand_in_its_address_breaks_the_list(client, consultation, forum, query):
    assert client.get(list_of(consultation, query)).status_code in (200, 400)


def test_an_agreement_of_a_session_that_is_not_published_is_nowhere(client, new_client, forum, moderator, consultation):
    agreement = note_agreement(forum.later, "s", text=SECRET, by=moderator)
    move_agreement(forum.agreement, state="done", note=SECRET, session=forum.later, by=moderator)
    form_subgroup(forum.table, title="Subgrupo reservado", session=forum.later, by=moderator)
    for address in (
        list_of(consultation),
        f"/acuerdos/{forum.agreement.id}",
        f"/sesiones/{forum.later.id}",
        f"/sesiones/{forum.session.id}",
        f"/consultas/{consultation.slug}/foro",
        "/registro",
    ):
        page = client.get(address).text
        assert SECRET not in page and "Subgrupo reservado" not in page, address
    assert client.get(f"/acuerdos/{agreement.id}").status_code == 404
    hers = sign_in(new_client(), moderator)
    assert SECRET in hers.get(f"/acuerdos/{agreement.id}").text
    publish(forum.later, moderator)
    assert SECRET in client.get(f"/acuerdos/{agreement.id}").text
    assert SECRET in client.get(f"/acuerdos/{forum.agreement.id}").text


def test_the_page_of_one_tells_its_terms_its_owner_and_how_it_went_on(client, hers, forum, moderator):
    note_agreement(
        forum.later,
        "propuesta",
        text="Redactar la propuesta",
        owner="Subgrupo de calendario",
        terms=["en dos etapas", "con plazo fatal"],
        due_on="2026-12-31",
        by=moderator,
    )
    publish(forum.later, moderator)
    agreement = db.session.query(Agreement).filter_by(uid="propuesta").one()
    move_agreement(agreement, state="under_way", note="Va en la primera etapa.", due_on="2027-02-01", by=moderator)
    page = plain(client.get(f"/acuerdos/{agreement.id}"))
    for told in ("en dos etapas", "Subgrupo de calendario", "Red Académica", "Va en la primera etapa.", "1 feb 2027"):
        assert told in page
    assert client.get("/acuerdos/99999").status_code == client.get("/acuerdos/0").status_code == 404


def test_the_form_of_a_session_opens_with_what_is_open_from_before(hers, forum):
    page = plain(hers.get(f"/sesiones/{forum.later.id}/acuerdos"))
    assert "De sesiones anteriores" in page
    assert page.index("Proponer un calendario") < page.index("Lo que se acuerda hoy")
    assert "1 acuerdo sigue abierto" in page


def row(n, **cells):
    """Return the cells of one row of the form."""
    return {f"rows-{n}-{name}": value for name, value in {"kind": "task", **cells}.items()}


def test_a_whole_list_is_written_without_script(hers, forum, moderator):
    address = f"/sesiones/{forum.later.id}/acuerdos"
    cells = {"text": "Redactar", "owner": "Red Académica", "due_on": "2026-12-31", "terms": "a) uno\nb) dos"}
    sent = {**row(0, **cells), **row(1), **row(2, text="Una regla", kind="rule", due_note="siempre")}
    answer = hers.post(address, data={"base": base_of(hers.get(address)), **sent})
    assert answer.status_code == 302
    first, second = agreements_of(forum.later)
    assert (first.text, first.institution.name, first.due_on, first.terms) == (
        "Redactar",
        "Red Académica",
        date(2026, 12, 31),
        ["uno", "dos"],
    )
    assert (second.kind, second.due_note, second.position) == ("rule", "siempre", 2)
    kept = {
        **row(0, uid=first.uid, text="Redactar", dropped="y"),
        **row(1, uid=second.uid, text="Una regla", kind="rule"),
    }
    hers.post(address, data={"base": base_of(hers.get(address)), **kept})
    assert texts(forum.later) == ["Una regla"]


def test_what_will_not_do_is_shown_at_its_cell_with_everything_typed(hers, forum):
    address = f"/sesiones/{forum.later.id}/acuerdos"
    wrong = {**row(0, text="Lo que sí está"), **row(3, owner="Quien responde", due_note="pronto")}
    answer = hers.post(address, data=wrong)
    assert answer.status_code == 422
    for typed in ("Lo que sí está", "Quien responde", "pronto"):
        assert typed in answer.text
    assert re.search(r'id="rows-\d-text-error"', answer.text)
    assert texts(forum.later) == []


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("due_on", "ayer"),
        ("due_on", "0001-01-01"),
        ("text", "x" * 4001),
        ("text", "a\x00b"),
        ("owner", "o" * 321),
        ("due_note", "p" * 121),
        ("kind", "wish"),
        ("item", "i" * 37),
        ("terms", "\n".join("t" * 27)),
        ("uid", "no es un uid"),
    ],
)
def test_each_cell_is_refused_with_a_reason_and_nothing_is_stored(hers, forum, cell, value):
    answer = hers.post(
        f"/sesiones/{forum.later.id}/acuerdos",
        data=row(0, **{"text": "Algo que se acordó", "owner": "Quien", cell: value}),
    )
    assert answer.status_code == 422
    assert "Hay que corregir algo" in answer.text
    assert "Quien" in answer.text or cell == "owner"
    assert texts(forum.later) == []


def test_who_saves_over_somebody_else_sees_both_and_loses_nothing(hers, forum, moderator):
    address = f"/sesiones/{forum.later.id}/acuerdos"
    base = base_of(hers.get(address))
    note_agreement(forum.later, "otra", text="Lo de la otra persona", by=moderator)
    answer = hers.post(address, data={"base": base, **row(0, text="Lo mío")})
    assert answer.status_code == 409
    assert "Lo de la otra persona" in answer.text and "Lo mío" in answer.text
    assert texts(forum.later) == ["Lo de la otra persona"]
    again = hers.post(address, data={"base": base_of(answer), **row(0, text="Lo mío")})
    assert again.status_code == 302
    assert texts(forum.later) == ["Lo mío"]


def test_in_a_session_it_is_said_how_an_earlier_one_goes_and_taken_back(hers, forum):
    address = f"/sesiones/{forum.later.id}/acuerdos/{forum.agreement.id}"
    assert hers.get(address).status_code == 200
    assert hers.post(address, data={"state": "done", "note": "Se entregó."}).status_code == 302
    page = plain(hers.get(f"/sesiones/{forum.later.id}/acuerdos"))
    assert "En esta sesión: cumplido : Se entregó." in page or "cumplido: Se entregó." in page
    hers.post(address, data={"unsay": "1"})
    assert db.session.query(AgreementStep).filter_by(session_id=forum.later.id).count() == 0


def test_between_sessions_it_is_put_off_to_a_session_of_the_list(hers, forum, moderator):
    third = convene_session(forum.table, title="Tercera reunión", by=moderator)
    address = f"/acuerdos/{forum.agreement.id}/avance"
    sent = {"state": "deferred", "deferred_to": str(third.id), "note": "Faltan antecedentes."}
    assert hers.post(address, data=sent).status_code == 302
    page = plain(hers.get(f"/acuerdos/{forum.agreement.id}"))
    assert "Aplazado" in page and "Se retoma en «Tercera reunión»" in page


@pytest.mark.parametrize(
    "sent",
    [
        {"state": ""},
        {"state": "lost"},
        {"state": "done", "due_on": "ayer"},
        {"state": "done", "note": "x" * 4001},
        {"state": "done", "note": "a\x00"},
        {"state": "deferred", "deferred_to": "99999"},
        {"state": "deferred", "deferred_to": str(10**30)},
    ],
)
def test_what_will_not_do_of_how_it_goes_keeps_what_was_typed(hers, forum, sent):
    answer = hers.post(f"/acuerdos/{forum.agreement.id}/avance", data={"note": "Lo que escribí", **sent})
    assert answer.status_code == 422
    assert "Lo que escribí" in answer.text or sent.get("note")
    assert db.session.get(Agreement, forum.agreement.id).state == "under_way"


def test_who_did_not_see_the_last_step_is_shown_it_and_may_send_again(hers, forum, moderator):
    address = f"/acuerdos/{forum.agreement.id}/avance"
    base = base_of(hers.get(address))
    move_agreement(forum.agreement, state="under_way", note="Lo dijo otra persona.", by=moderator)
    answer = hers.post(address, data={"base": base, "state": "done", "note": "Lo digo yo."})
    assert answer.status_code == 409
    assert "Lo dijo otra persona." in answer.text and "Lo digo yo." in answer.text
    assert hers.post(address, data={"base": base_of(answer), "state": "done", "note": "Lo digo yo."}).status_code == 302


def test_a_subgroup_is_formed_of_institutions_of_the_list_and_owns_an_agreement(hers, forum, moderator):
    present = {"sector": "academia", "institution": forum.term.institution, "attended": True}
    note_attendance(forum.later, [present], by=moderator)
    address = f"/sesiones/{forum.later.id}/subgrupo"
    number = str(forum.term.institution_id)
    sent = {"title": "Subgrupo de difusión", "institutions": [number, "99999", "x", str(10**30)]}
    assert hers.post(address, data=sent).status_code == 302
    made = db.session.query(Subgroup).filter_by(title="Subgrupo de difusión").one()
    assert [each.institution_id for each in made.members] == [forum.term.institution_id]
    again = hers.post(address, data={"title": "subgrupo de difusion"})
    assert again.status_code == 422 and "ya tiene un subgrupo" in again.text
    page = hers.get(f"/sesiones/{forum.later.id}/acuerdos").text
    assert '<option value="Subgrupo de difusión">' in page
    hers.post(f"/sesiones/{forum.later.id}/subgrupo/{made.id}/quitar")
    assert db.session.query(Subgroup).filter_by(title="Subgrupo de difusión").count() == 0


def test_nothing_of_another_session_is_changed_by_changing_a_number(
    new_client, forum, table_session, facilitator, moderator
):
    hers = sign_in(new_client(), facilitator)
    own = f"/sesiones/{table_session.id}"
    assert hers.post(f"{own}/acuerdos/{forum.agreement.id}", data={"state": "done"}).status_code == 404
    assert hers.post(f"{own}/subgrupo/{forum.subgroup.id}/quitar").status_code == 404
    assert hers.post(f"/sesiones/{forum.later.id}/acuerdos", data=row(0, text="x")).status_code == 403
    uid = note_agreement(forum.later, "ajeno", text="ajeno", by=moderator).uid
    hers.post(f"{own}/acuerdos", data=row(0, uid=uid, text="mío"))
    assert (texts(forum.later), texts(table_session)) == (["ajeno"], ["mío"])


def test_a_session_that_is_not_open_shows_no_form(hers, forum, moderator):
    third = convene_session(forum.table, title="Tercera", by=moderator)
    assert hers.get(f"/sesiones/{third.id}/acuerdos").status_code == 409
    open_session(third, by=moderator)
    assert hers.get(f"/sesiones/{third.id}/acuerdos").status_code == 200
