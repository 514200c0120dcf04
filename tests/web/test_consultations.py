"""Pages of consultations: who sees which, and what one shows."""

from datetime import timedelta

import pytest

from consulta.consultations.actions import suspend_consultation
from consulta.core.clock import frozen
from consulta.votes.actions import cast_vote
from tests.people import make_consultation, make_person, make_proposal, sign_in
from tests.web.counting import queries
from tests.web.sending import words


@pytest.fixture
def client(app):
    """Somebody who visits the site."""
    return app.test_client()


def test_an_empty_site_says_what_will_be_here(client):
    answer = client.get("/")
    assert answer.status_code == 200 and "Todavía no hay consultas" in words(answer)


def test_a_draft_is_on_nobodys_page_but_its_staffs(client, administrator, citizen):
    draft = make_consultation(administrator, announced=False)
    for path in ("/", f"/consultas/{draft.slug}", "/registro", f"/registro?consulta={draft.slug}"):
        assert draft.title not in client.get(path).text
    assert client.get(f"/consultas/{draft.slug}").status_code == 404
    sign_in(client, citizen)
    assert client.get(f"/consultas/{draft.slug}").status_code == 404
    sign_in(client, administrator)
    assert draft.title in client.get("/").text and client.get(f"/consultas/{draft.slug}").status_code == 200


def test_a_consultation_shows_its_phases_its_rules_and_how_many_take_part(
    client, administrator, citizen, other_citizen
):
    consultation = make_consultation(administrator, limit=3)
    for title in ("Una propuesta", "Otra propuesta"):
        cast_vote(make_proposal(consultation, citizen, title=title), by=other_citizen)
    shown = words(client.get(f"/consultas/{consultation.slug}"))
    for phase in consultation.phases:
        assert phase.title in shown
    assert "2 propuestas" in shown and "1 persona apoya alguna" in shown
    assert "Apoyos por persona 3" in shown and "Las horas son de Santiago." in shown
    assert other_citizen.name not in shown
    sign_in(client, other_citizen)
    assert "Te quedan 1 apoyo" in words(client.get(f"/consultas/{consultation.slug}"))


def test_the_page_says_why_one_cannot_propose_now(client, administrator, citizen):
    consultation = make_consultation(administrator, phases=["drafting"])
    sign_in(client, citizen)
    shown = words(client.get(f"/consultas/{consultation.slug}"))
    assert "no tiene una fase" in shown and "Hacer una propuesta" not in shown
    sign_in(client, make_person(confirmed=False))
    assert "confirma tu correo" in words(client.get(f"/consultas/{consultation.slug}"))


def test_a_suspended_consultation_says_so_and_leads_to_the_reason(client, consultation, administrator):
    suspend_consultation(consultation, reason="Una elección se cruza.", by=administrator)
    answer = client.get(f"/consultas/{consultation.slug}")
    assert "está suspendida" in words(answer)
    assert "Una elección se cruza." in client.get(f"/registro?consulta={consultation.slug}&suceso=consultation").text


def test_a_phase_is_open_by_the_clock_alone(client, administrator):
    consultation = make_consultation(administrator, phases=["proposing"])
    (phase,) = consultation.phases
    second = timedelta(seconds=1)
    states = []
    for instant in (phase.opens_at - second, phase.opens_at, phase.closes_at):
        with frozen(instant):
            shown = client.get(f"/consultas/{consultation.slug}").text
        states.append(next(each for each in ("scheduled", "open", "closed") if f"phase is-{each}" in shown))
    assert states == ["scheduled", "open", "closed"]


@pytest.mark.parametrize("count", [1, 8])
def test_a_page_asks_as_many_questions_for_many_rows_as_for_one(app, client, administrator, citizen, count):
    consultation = make_consultation(administrator)
    for number in range(count):
        make_proposal(consultation, citizen, title=f"Propuesta {number}")
    with queries() as asked:
        client.get(f"/consultas/{consultation.slug}")
    assert len(asked) <= 10
