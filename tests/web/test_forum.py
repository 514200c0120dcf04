"""Pages of the permanent forum: who sits there, by sector and over time, its calendar, and keeping both."""

from datetime import date

import pytest

from consulta.consultations.actions import suspend_consultation
from consulta.core.extensions import db
from consulta.forum.actions import open_seat, seat_somebody
from consulta.forum.models import PlannedMeeting, Seat, SeatTerm
from consulta.tables.actions import convene_session
from consulta.tables.models import Table
from tests.forum.a_forum import make_forum
from tests.people import sign_in
from tests.web.rooms import plain

pytestmark = pytest.mark.settings(WTF_CSRF_ENABLED=False)


@pytest.fixture
def forum(consultation, moderator):
    """A forum with a seat, its holder, a calendar and two sessions."""
    return make_forum(consultation, moderator)


@pytest.fixture
def hers(new_client, moderator):
    """The browser of the secretariat."""
    return sign_in(new_client(), moderator)


def page_of(client, consultation):
    """Return the words of the forum's page."""
    return plain(client.get(f"/consultas/{consultation.slug}/foro"))


def test_a_consultation_without_a_forum_says_what_will_be_here(client, hers, consultation):
    assert "todavía no tiene un foro permanente" in page_of(client, consultation)
    assert "Formar el foro" not in page_of(client, consultation)
    assert "Formar el foro" in page_of(hers, consultation)
    answer = hers.post(f"/consultas/{consultation.slug}/foro/nuevo", data={"title": "Mesa de Gobierno Abierto"})
    assert answer.status_code == 302
    assert db.session.query(Table).one().kind == "forum"
    assert "Mesa de Gobierno Abierto" in page_of(client, consultation)
    empty = hers.post(f"/consultas/{consultation.slug}/foro/nuevo", data={"title": " "})
    assert empty.status_code == 422 and 'id="title-error"' in empty.text


def test_anybody_reads_who_sits_there_since_when_and_as_what(client, forum, consultation, moderator):
    days = {"starts_on": date(2018, 4, 1), "ends_on": date(2018, 4, 30)}
    seat_somebody(forum.seat, kind="substitute", who="Red suplente", **days, note="Ausencia en abril", by=moderator)
    page = page_of(client, consultation)
    for told in (
        "Academia",
        "Representante académico",
        "Titular Secretaría de la Red , Red Académica (no se sabe desde cuándo)",
        "Observador, desde el 29 mar 2018",
        "Red suplente (1 abr 2018 a 30 abr 2018) Ausencia en abril",
        "1 puesto: 1 de observador",
        "Primera reunión",
        "1 mar 2026",
    ):
        assert told in page, told
    assert "Cambiar este puesto" not in page and "Anotar el último día" not in page


def test_the_secretariat_opens_a_seat_and_says_who_sits_there(client, hers, forum, consultation):
    new = f"/foro/{forum.table.id}/puestos/nuevo"
    sent = {"title": "CEPAL", "sector": "international", "quality": "observer", "starts_on": "2017-01-01"}
    assert hers.post(new, data=sent).status_code == 302
    seat = db.session.query(Seat).filter_by(title="CEPAL").one()
    term = {"kind": "holder", "who": "Representación en Chile", "institution": "Red Académica"}
    assert hers.post(f"/puestos/{seat.id}/ocupar", data=term).status_code == 302
    assert hers.post(f"/puestos/{seat.id}/calidad", data={"quality": "member", "note": "Acta"}).status_code == 302
    assert hers.post(f"/puestos/{seat.id}/datos", data={"title": "CEPAL, Chile"}).status_code == 302
    (sits,) = db.session.query(SeatTerm).filter_by(seat_id=seat.id)
    assert hers.post(f"/ocupaciones/{sits.id}/terminar", data={"ends_on": "2026-01-31"}).status_code == 302
    assert hers.post(f"/puestos/{seat.id}/cerrar", data={"ends_on": "2026-02-28"}).status_code == 302
    page = page_of(client, consultation)
    for told in ("CEPAL, Chile", "Representación en Chile", "hasta el 31 ene 2026", "Cerrado el 28 feb 2026"):
        assert told in page, told


def test_the_help_says_that_an_office_is_enough(hers, forum):
    assert "Basta con el cargo o la institución" in hers.get(f"/puestos/{forum.seat.id}/ocupar").text


@pytest.mark.parametrize(
    ("path", "sent", "field"),
    [
        ("/foro/{forum}/puestos/nuevo", {"title": "Algo escrito"}, "sector"),
        ("/foro/{forum}/puestos/nuevo", {"title": "Algo escrito", "sector": "nadie"}, "sector"),
        ("/foro/{forum}/puestos/nuevo", {"sector": "academia", "network": "Algo escrito"}, "title"),
        ("/foro/{forum}/puestos/nuevo", {"title": "Algo escrito", "sector": "academia", "quality": "x"}, "quality"),
        ("/foro/{forum}/puestos/nuevo", {"title": "Algo escrito", "sector": "academia", "starts_on": "x"}, "starts_on"),
        ("/puestos/{seat}/ocupar", {"who": "Algo escrito"}, "kind"),
        ("/puestos/{seat}/ocupar", {"kind": "substitute", "note": "Algo escrito"}, "who"),
        ("/puestos/{seat}/ocupar", {"kind": "holder", "who": "Algo escrito"}, "starts_on"),
        (
            "/puestos/{seat}/ocupar",
            {"kind": "substitute", "who": "Algo escrito", "institution": "No hay"},
            "institution",
        ),
        (
            "/puestos/{seat}/ocupar",
            {"kind": "substitute", "who": "Algo escrito", "starts_on": "2026-01-02", "ends_on": "2026-01-01"},
            "ends_on",
        ),
        ("/puestos/{seat}/calidad", {"quality": "observer", "note": "Algo escrito"}, "quality"),
        ("/puestos/{seat}/calidad", {"note": "Algo escrito"}, "quality"),
        ("/puestos/{seat}/datos", {"network": "Algo escrito", "title": "\x00"}, "title"),
        ("/puestos/{seat}/cerrar", {}, "ends_on"),
        ("/ocupaciones/{term}/terminar", {"note": "Algo escrito"}, "ends_on"),
        ("/ocupaciones/{term}/terminar", {"note": "Algo escrito", "ends_on": "3026-01-01"}, "ends_on"),
        ("/foro/{forum}/calendario", {"note": "Algo escrito"}, "planned_on"),
        ("/foro/{forum}/calendario", {"note": "Algo escrito", "planned_on": "2026-04-01"}, "planned_on"),
        ("/calendario/{meeting}/sesion", {}, "session"),
        ("/calendario/{meeting}/sesion", {"session": "99999"}, "session"),
    ],
)
def test_what_will_not_do_is_pointed_out_with_everything_typed(hers, forum, path, sent, field):
    numbers = {"forum": forum.table.id, "seat": forum.seat.id, "term": forum.term.id, "meeting": forum.meeting.id}
    before = counts()
    answer = hers.post(path.format(**numbers), data=sent)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "Algo escrito" in answer.text or "Algo escrito" not in sent.values()
    assert counts() == before


def counts():
    """Return how many rows the forum has."""
    db.session.rollback()
    return [db.session.query(model).count() for model in (Seat, SeatTerm, PlannedMeeting)]


def test_the_calendar_is_kept_and_leads_to_sessions(client, hers, forum, consultation, moderator):
    calendar = f"/foro/{forum.table.id}/calendario"
    assert hers.post(calendar, data={"planned_on": "2026-12-17", "note": "Por confirmar"}).status_code == 302
    third = convene_session(forum.table, title="Tercera reunión", by=moderator)
    link = f"/calendario/{forum.meeting.id}/sesion"
    assert "Tercera reunión" in hers.get(link).text
    assert hers.post(link, data={"session": str(third.id)}).status_code == 302
    assert hers.post(f"/calendario/{forum.meeting.id}/quitar").status_code == 409
    page = page_of(client, consultation)
    assert "17 dic 2026" in page and "Por confirmar" in page
    assert hers.get(f"/consultas/{consultation.slug}/mesas/nueva?mesa={forum.table.id}").status_code == 200
    planned = db.session.query(PlannedMeeting).filter_by(note="Por confirmar").one()
    assert hers.post(f"/calendario/{planned.id}/quitar").status_code == 302
    assert "17 dic 2026" not in page_of(client, consultation)


def test_the_secretariat_forms_a_subgroup_of_whoever_sits_there(client, hers, forum, consultation):
    address = f"/foro/{forum.table.id}/subgrupo"
    assert "Red Académica" in plain(hers.get(address))
    sent = {"title": "Subgrupo de difusión", "institutions": [str(forum.term.institution_id), "99999", "x"]}
    assert hers.post(address, data=sent).status_code == 302
    assert "Subgrupo de difusión : Red Académica" in page_of(client, consultation)
    again = hers.post(address, data={"title": "SUBGRUPO DE DIFUSION"})
    assert again.status_code == 422 and "SUBGRUPO DE DIFUSION" in again.text
    assert "Subgrupo de calendario" not in page_of(client, consultation), "the open session's is not public yet"


def test_a_closed_seat_says_why_nobody_can_be_seated(hers, forum):
    hers.post(f"/puestos/{forum.seat.id}/cerrar", data={"ends_on": "2026-02-28"})
    assert "Este puesto está cerrado" in hers.get(f"/puestos/{forum.seat.id}/ocupar").text
    answer = hers.post(f"/puestos/{forum.seat.id}/ocupar", data={"kind": "substitute", "who": "Algo escrito"})
    assert answer.status_code == 409 and "Algo escrito" in answer.text


@pytest.mark.parametrize("number", ["0", "99999", str(2**31), str(10**30)])
def test_addresses_of_nothing_are_not_found(hers, forum, number):
    for path in ("/foro/{}/puestos/nuevo", "/foro/{}/calendario", "/puestos/{}/ocupar", "/ocupaciones/{}/terminar"):
        assert hers.get(path.format(number)).status_code == 404
    assert hers.post(f"/calendario/{number}/quitar").status_code == 404


def test_a_table_that_is_no_forum_has_no_seats(hers, table):
    assert hers.get(f"/foro/{table.id}/puestos/nuevo").status_code == 404


def test_the_forum_of_another_consultation_is_kept_by_its_own_moderators(new_client, forum, other_moderator):
    theirs = sign_in(new_client(), other_moderator)
    assert theirs.get(f"/foro/{forum.table.id}/puestos/nuevo").status_code == 403
    assert theirs.post(f"/puestos/{forum.seat.id}/datos", data={"title": "x"}).status_code == 403


def test_what_people_wrote_is_text_on_the_forums_page(client, forum, consultation, moderator):
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    seat = open_seat(forum.table, sector="academia", title=evil, network=evil[:160], note=evil, by=moderator)
    seat_somebody(seat, kind="holder", who=evil, note=evil, by=moderator)
    page = client.get(f"/consultas/{consultation.slug}/foro").text
    assert "<script>alert" not in page and "<img src=x" not in page


def test_the_forum_outlives_a_suspension_of_the_process(hers, forum, consultation, administrator):
    suspend_consultation(consultation, reason="Por un fallo.", by=administrator)
    assert hers.post(f"/puestos/{forum.seat.id}/datos", data={"title": "Otro nombre"}).status_code == 302
