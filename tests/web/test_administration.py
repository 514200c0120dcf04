"""Pages of the administration: a consultation from its profile to its announcement, appointments, and the state."""

from datetime import date, timedelta

import pytest

from consulta.consultations.queries import appointments_of, find_consultation, profiles
from consulta.consultations.rules import state_of
from consulta.core.clock import now
from consulta.core.pulse import parked_work, stumble
from consulta.web.wall import first_moment, instant_of, last_moment
from tests.people import ZONE, make_consultation, make_person, sign_in
from tests.web.sending import filled_in, send, words

NEW = "/administracion/consultas/nueva"
BEGINNING = {"profile": "ogp_national", "title": "Plan 2028–2030", "slug": "", "country": "CL", "zone": ZONE}


@pytest.fixture
def client(app, administrator, territories):
    """The administrator's browser."""
    return sign_in(app.test_client(), administrator)


def _second_page(client, starts_on, **more):
    answer = send(client, NEW, {**BEGINNING, "starts_on": starts_on.isoformat(), **more})
    assert answer.status_code == 200, words(answer)
    return filled_in(answer.text)


def test_a_consultation_is_prepared_from_a_profile_and_announced(client, administrator):
    start = date(2028, 3, 6)
    fields = _second_page(client, start)
    profile = profiles()["ogp_national"]
    assert fields["slug"] == "plan-2028-2030" and fields["phase_0_opens_at"] == "2028-03-06T00:00"
    assert fields["vote_limit"] == str(profile["voting"]["vote_limit"])
    assert fields["themes"].splitlines()[0].strip() == profile["themes"][0]["title"]["es"]
    answer = send(client, NEW, {**fields, "summary": "De qué se trata.", "finish": "1"})
    assert answer.status_code == 302, words(answer)
    made = find_consultation("plan-2028-2030", to=administrator)
    assert state_of(made) == "draft" and len(made.phases) == len(profile["phases"])
    assert made.phases[0].opens_at == instant_of(first_moment(start, ZONE), ZONE)[0]
    page = f"/administracion/consultas/{made.slug}"
    assert send(client, f"{page}/anunciar", page=page).status_code == 302
    assert state_of(made) == "announced"
    assert client.get(f"{page}/fases").status_code == 409


def test_phases_can_be_left_out_and_moved(client, administrator):
    fields = _second_page(client, date(2028, 3, 6), profile="local")
    del fields["phase_0_used"]
    fields |= {"summary": "De qué se trata.", "finish": "1", "phase_1_opens_at": "2028-03-10T09:30"}
    assert send(client, NEW, fields).status_code == 302
    made = find_consultation("plan-2028-2030", to=administrator)
    assert len(made.phases) == len(profiles()["local"]["phases"]) - 1
    path = f"/administracion/consultas/{made.slug}/fases"
    fields = filled_in(client.get(path).text)
    assert fields["phase_0_opens_at"] == "2028-03-10T09:30"
    assert send(client, path, {**fields, "phase_0_opens_at": "2028-03-11T10:00"}).status_code == 302
    assert filled_in(client.get(path).text)["phase_0_opens_at"] == "2028-03-11T10:00"


# Chile's clocks: 5 September 2027 skips 00:00 to 00:59, 3 April 2027 shows 23:00 to 23:59 twice.
WRONG_HOURS = [("2027-09-05T00:00", "no existen"), ("2027-04-03T23:59", "ocurren dos veces"), ("", "Elige el día")]


@pytest.mark.parametrize(("typed", "reason"), WRONG_HOURS)
def test_an_hour_that_no_clock_shows_once_is_refused_and_nothing_typed_is_lost(client, administrator, typed, reason):
    fields = _second_page(client, date(2027, 3, 1))
    fields |= {"summary": "Un resumen propio", "finish": "1", "phase_0_closes_at": typed}
    answer = send(client, NEW, fields)
    assert answer.status_code == 422 and reason in words(answer)
    again = filled_in(answer.text)
    for name in ("summary", "title", "slug", "zone", "starts_on", "phase_1_opens_at", "vote_limit"):
        assert again[name] == fields[name], name


def test_what_the_profile_suggests_is_never_an_hour_that_no_clock_shows_once(app):
    assert f"{first_moment(date(2027, 9, 5), ZONE):%H:%M}" == "01:00"
    assert f"{last_moment(date(2027, 4, 3), ZONE):%H:%M}" == "22:59"
    assert f"{first_moment(date(2027, 9, 6), ZONE):%H:%M}" == "00:00"
    assert f"{last_moment(date(2027, 9, 6), ZONE):%H:%M}" == "23:59"


def test_everything_wrong_is_pointed_out_at_once(client):
    fields = _second_page(client, date(2028, 3, 6))
    answer = send(client, NEW, {**fields, "summary": "", "phase_0_opens_at": "", "vote_limit": "muchos", "finish": "1"})
    shown = words(answer)
    assert answer.status_code == 422
    for reason in ("Escribe un resumen", "Elige el día y la hora", "Escribe un número entero"):
        assert reason in shown


BAD_BEGINNINGS = [
    {"title": ""},
    {"profile": "no-such"},
    {"zone": "Mars/Base"},
    {"zone": ""},
    {"country": "XX"},
    {"starts_on": "ayer"},
    {"starts_on": "9999-12-31"},
    {"starts_on": "0001-01-01"},
    {"slug": "Con Espacios"},
    {"title": "¿?"},
]


@pytest.mark.parametrize("typed", BAD_BEGINNINGS, ids=str)
def test_a_beginning_that_will_not_do_is_shown_again(client, typed):
    answer = send(client, NEW, {**BEGINNING, "starts_on": "2028-03-06", **typed})
    assert answer.status_code == 422 and "error-summary" in answer.text


@pytest.mark.parametrize(
    "typed",
    [
        {"phase_0_opens_at": "0001-01-01T00:00"},
        {"phase_0_closes_at": "9999-12-31T23:59"},
        {"phase_0_kind": "party"},
        {"phase_0_title": ""},
        {"vote_limit": "0"},
        {"vote_limit": "٣"},
        {"vote_limit": "9" * 400},
        {"territory": "999"},
        {"voters": "territory"},
        {"themes": "x" * 121},
        {"summary": "x" * 601},
        {"slug": "a b"},
    ],
    ids=str,
)
def test_bad_values_on_the_second_page_are_refused(client, typed):
    fields = _second_page(client, date(2028, 3, 6))
    answer = send(client, NEW, {**fields, "summary": "Resumen", "finish": "1", **typed})
    assert answer.status_code == 422 and "error-summary" in answer.text


def test_an_address_in_use_is_refused_before_the_second_page(client, administrator):
    taken = make_consultation(administrator, announced=False).slug
    answer = send(client, NEW, {**BEGINNING, "starts_on": "2028-03-06", "slug": taken})
    assert answer.status_code == 422 and "ya usa esa dirección" in words(answer)


def test_a_consultation_that_opens_too_soon_is_not_announced_and_the_page_says_why(client, administrator):
    soon = (now() + timedelta(days=3)).date()
    fields = _second_page(client, soon)
    send(client, NEW, {**fields, "summary": "Resumen", "finish": "1"})
    page = "/administracion/consultas/plan-2028-2030"
    shown = client.get(page)
    assert "tienen que pasar 14 días" in words(shown) and "/anunciar" not in shown.text
    assert send(client, f"{page}/anunciar", page=page).status_code == 409


def test_appointing_and_taking_back_reach_the_very_next_request(app, client, consultation):
    person, path = make_person("Marta Mora"), f"/administracion/consultas/{consultation.slug}/nombramientos"
    theirs = sign_in(app.test_client(), person)
    desk = f"/consultas/{consultation.slug}/moderacion"
    assert theirs.get(desk).status_code == 403
    assert send(client, path, {"email": person.email, "role": "moderator", "territory": ""}).status_code == 302
    assert theirs.get(desk).status_code == 200
    (appointment,) = appointments_of(consultation)
    assert send(client, f"{path}/{appointment.id}/terminar", page=path).status_code == 302
    assert theirs.get(desk).status_code == 403
    assert "1 nombramiento terminado" in words(client.get(path))


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"email": "nadie@example.org"}, "Ninguna cuenta usa ese correo"),
        ({"email": "sin-arroba"}, "Ninguna cuenta usa ese correo"),
        ({"email": ""}, "Escribe el correo"),
        ({"role": "facilitator"}, "elige cuál"),
        ({"role": "king"}, ""),
        ({"territory": "99"}, ""),
    ],
    ids=str,
)
def test_an_appointment_that_will_not_do_is_shown_again(client, consultation, citizen, typed, reason):
    path = f"/administracion/consultas/{consultation.slug}/nombramientos"
    values = {"email": citizen.email, "role": "moderator", "territory": "", **typed}
    answer = send(client, path, values)
    assert answer.status_code == 422 and reason in words(answer)
    assert values["email"] in answer.text and appointments_of(consultation) == []


def test_an_appointment_is_ended_through_its_own_consultation_only(client, consultation, other_consultation, moderator):
    (appointment,) = appointments_of(consultation)
    path = f"/administracion/consultas/{other_consultation.slug}/nombramientos"
    assert send(client, f"{path}/{appointment.id}/terminar", page=path).status_code == 404
    assert appointment.ended_at is None


def test_suspending_asks_for_a_reason_and_keeps_what_was_typed(client, consultation):
    page = f"/administracion/consultas/{consultation.slug}"
    assert send(client, f"{page}/suspender", {"reason": ""}, page=page).status_code == 422
    long = "x" * 2001
    answer = send(client, f"{page}/suspender", {"reason": long}, page=page)
    assert answer.status_code == 422 and long in answer.text
    assert send(client, f"{page}/suspender", {"reason": "Una elección."}, page=page).status_code == 302
    assert state_of(consultation) == "suspended"
    assert send(client, f"{page}/suspender", {"reason": "Ya pasó."}, page=page).status_code == 302
    assert state_of(consultation) == "open"


def test_the_state_of_the_site_names_what_failed_and_lets_it_be_tried_again(client):
    assert "Ninguno" in words(client.get("/administracion/estado"))
    for _time in range(3):
        stumble("encode_wordings", "OSError: <no such> model", by=None)
    answer = client.get("/administracion/estado")
    assert "OSError: <no such> model" in words(answer) and "<no such>" not in answer.text
    path = "/administracion/estado/reanudar"
    assert send(client, path, {"name": "nothing"}, page="/administracion/estado").status_code == 422
    assert send(client, path, {"name": "encode_wordings"}, page="/administracion/estado").status_code == 302
    assert parked_work() == []


@pytest.mark.settings(SMTP_URL="smtp://127.0.0.1:9")
def test_mail_that_cannot_go_out_is_said(client):
    assert "Correo Con problemas" in words(client.get("/administracion/estado"))
