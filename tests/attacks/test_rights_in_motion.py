"""Rights that end half-way, things of one consultation used in another, and fields that nobody offered."""

import pytest
from sqlalchemy import func, select

from consulta.consultations.actions import end_appointment
from consulta.consultations.queries import appointments_held
from consulta.core.extensions import db
from consulta.merging.models import Merge
from consulta.merging.queries import find_merge
from consulta.proposals.actions import start_proposal, submit_proposal
from consulta.proposals.models import Proposal
from consulta.tables.models import Result, Session
from consulta.votes.models import Vote
from tests.people import make_consultation, make_proposal, sign_in

pytestmark = pytest.mark.settings(WTF_CSRF_ENABLED=False)


def _count(model):
    db.session.rollback()
    return db.session.scalar(select(func.count(model.id)))


def test_a_role_taken_back_opens_nothing_with_the_very_next_request(client, consultation, moderator, administrator):
    sign_in(client, moderator)
    path = f"/consultas/{consultation.slug}/moderacion"
    assert client.get(path).status_code == 200
    (role,) = appointments_held(moderator)
    end_appointment(role, by=administrator)
    assert client.get(path).status_code == 403
    assert client.post(f"/consultas/{consultation.slug}/plan/publicar").status_code == 403


def test_a_facilitator_whose_role_ended_enters_nothing(client, facilitator, administrator, table_session, proposal):
    sign_in(client, facilitator)
    form = {"proposal": proposal.code, "outcome": "keep"}
    path = f"/sesiones/{table_session.id}/resultados"
    assert client.post(path, data=form).status_code == 302
    (role,) = appointments_held(facilitator)
    end_appointment(role, by=administrator)
    assert client.post(path, data=form | {"outcome": "leave_out"}).status_code == 403
    assert [result.outcome for result in db.session.scalars(select(Result))] == ["keep"]


def test_things_of_another_consultation_are_of_no_use_here(
    client, consultation, other_consultation, citizen, moderator, facilitator, table_session
):
    here = [make_proposal(consultation, citizen, title=f"De aquí {n}") for n in range(2)]
    there = [make_proposal(other_consultation, citizen, title=f"De allá {n}") for n in range(2)]
    slug, number = consultation.slug, table_session.id
    sign_in(client, facilitator)
    answer = client.post(f"/sesiones/{number}/resultados", data={"proposal": there[0].code, "outcome": "keep"})
    assert answer.status_code in (403, 404, 409, 422) and _count(Result) == 0
    assert client.get(f"/sesiones/{number}/resultados/{there[0].code}").status_code in (403, 404, 409)
    sign_in(client, moderator)
    text = {"title": "Una", "body": "Texto", "reason": "Porque sí", "session": str(number)}
    for parts in ([there[0].code, there[1].code], [here[0].code, there[0].code]):
        for path, more in ((f"/consultas/{slug}/fusionar", {}), ("/grupos/1", {"consultation": slug})):
            answer = client.post(path, data={**text, **more, "parts": parts})
            assert answer.status_code in (403, 404, 409, 422), path
    assert _count(Merge) == 0
    for path in (f"/consultas/{other_consultation.slug}/fusionar", f"/consultas/{other_consultation.slug}/moderacion"):
        assert client.get(path).status_code == 403
    decision = {"decision": "left_out", "ground": "other", "reason": "No", "session": "1"}
    assert client.post(f"/propuestas/{there[0].code}/decidir", data=decision).status_code == 403
    sign_in(client, citizen)
    theme = other_consultation.themes[0].id
    form = {"title": "Con eje ajeno", "body": "Texto", "theme": str(theme), "territory": "0"}
    assert client.post(f"/consultas/{slug}/propuestas/nueva", data=form).status_code == 422


def test_a_part_leaves_only_the_merge_it_is_in(world):
    client, merge, other = world.client("moderator"), world.values["merge"], world.values["code"]
    answer = client.post(f"/fusiones/{merge}/sacar/{other}", data={"reason": "No es lo mismo"})
    assert answer.status_code in (403, 404, 409)
    assert all(part.taken_out_at is None for part in find_merge(merge, to=None).parts)


def test_fields_that_no_form_offers_are_not_looked_at(client, consultation, citizen, other_citizen, facilitator):
    extra = {
        "state": "shortlisted",
        "supporters": "999",
        "votes_count": "999",
        "published_at": "2020-01-01",
        "author_id": str(other_citizen.id),
        "is_joint": "1",
        "code": "mine",
        "hidden_at": "",
        "consultation_id": "99",
        "by": "1",
        "role": "moderator",
    }
    sign_in(client, citizen)
    form = {"title": "Una", "body": "Texto", "theme": "0", "territory": "0"} | extra
    client.post(f"/consultas/{consultation.slug}/propuestas/nueva", data=form)
    found = db.session.scalar(select(Proposal))
    told = (found.state, found.supporters, found.author_id, found.is_joint, found.consultation_id, found.published_at)
    assert told == ("draft", 0, citizen.id, False, consultation.id, None) and found.code != "mine"
    client.post(f"/propuestas/{found.code}/enviar", data=extra)
    client.post(f"/propuestas/{found.code}/editar", data=form | {"title": "Dos"})
    person = {
        "name": "Ana",
        "territory": "",
        "is_administrator": "1",
        "epoch": "9",
        "email": "x@example.org",
        "uid": "x",
    }
    before = (citizen.email, citizen.uid)
    assert client.post("/cuenta/datos", data=person | {"confirmed_at": "", "password_hash": "x"}).status_code == 302
    assert (citizen.is_administrator, citizen.epoch, (citizen.email, citizen.uid)) == (False, 0, before)
    for path in (f"/propuestas/{found.code}/apoyo",):
        client.post(path, data={"person_id": str(other_citizen.id), "weight": "50", "count": "50"} | extra)
    db.session.rollback()
    assert (found.state, found.supporters) == ("published", 1)
    assert [vote.person_id for vote in db.session.scalars(select(Vote))] == [citizen.id]
    sign_in(client, facilitator)
    client.post(f"/consultas/{consultation.slug}/mesas/nueva", data={"title": "Mía", "state": "submitted"})
    assert _count(Session) == 0


def test_support_sent_by_hand_for_what_takes_none_is_refused(
    client, administrator, consultation, citizen, other_citizen, moderator
):
    closed = make_consultation(administrator, phases=("drafting",))
    hidden, withdrawn, one, two = (make_proposal(consultation, citizen, title=f"Propuesta {n}") for n in range(4))
    draft = start_proposal(consultation, title="Borrador", body="Texto", by=citizen)
    sign_in(client, moderator)
    assert client.post(f"/propuestas/{hidden.code}/ocultar", data={"reason": "Abuso"}).status_code == 302
    merged = {"parts": [one.code, two.code], "title": "Las dos", "body": "Texto", "reason": "Son una"}
    assert client.post(f"/consultas/{consultation.slug}/fusionar", data=merged).status_code == 302
    sign_in(client, citizen)
    assert client.post(f"/propuestas/{withdrawn.code}/retirar", data={"reason": "Ya no"}).status_code == 302
    sign_in(client, other_citizen)
    for code, status in ((hidden.code, 404), (withdrawn.code, 403), (draft.code, 404), ("nada", 404), ("1", 404)):
        assert client.post(f"/propuestas/{code}/apoyo").status_code == status
    assert _count(Vote) == 0
    for code in (one.code, two.code, one.code.upper()):
        assert client.post(f"/propuestas/{code}/apoyo").status_code == 302
    assert _count(Vote) == 1
    assert client.post(f"/consultas/{closed.slug}/propuestas/nueva", data={"title": "x"}).status_code == 403


def test_the_same_submission_sent_again_is_done_once(client, consultation, citizen):
    draft = start_proposal(consultation, title="Una", body="Texto", by=citizen)
    sign_in(client, citizen)
    answers = [client.post(f"/propuestas/{draft.code}/enviar").status_code for _time in range(3)]
    assert set(answers) <= {302, 403, 409} and answers[0] == 302
    assert submit_proposal(draft, by=citizen).state == "published"
