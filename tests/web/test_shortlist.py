"""Pages of the shortlist as people use them."""

import re
from datetime import timedelta

import pytest

from consulta.consultations.actions import appoint
from consulta.core.clock import frozen, now
from consulta.proposals.actions import hide_proposal
from consulta.shortlist.actions import leave_out, refer_proposal, shortlist_proposal
from consulta.shortlist.queries import decisions_on, live_decision
from tests.people import make_consultation, make_person, make_proposal, sign_in
from tests.plan.chain import SECRET, build, count_queries
from tests.web.sending import send, words

REASON = "Cuenta con quien la lleve a cabo."
CHOOSE = {"decision": "shortlisted", "institution": "ChileCompra", "reason": REASON}


@pytest.fixture
def desk(client, moderator):
    """A visitor signed in as the moderator."""
    return sign_in(client, moderator)


def path(proposal):
    """Where one decides on `proposal`."""
    return f"/propuestas/{proposal.code}/decidir"


def listed(client, consultation, part, **more):
    """Return the answer with one part of the list."""
    return client.get(f"/consultas/{consultation.slug}/preseleccion", query_string={"ver": part, **more})


def test_anybody_reads_what_was_chosen_left_out_and_referred_each_with_its_reason(
    client, consultation, citizen, institution, moderator
):
    chosen, out, passed, waiting = (make_proposal(consultation, citizen, title=f"Idea {n}") for n in "ABCD")
    shortlist_proposal(chosen, reason="Es medible.", counterpart=institution, by=moderator)
    leave_out(out, ground="needs_law", no_counterpart=True, reason="Cambia una ley.", by=moderator)
    refer_proposal(passed, to=("Segegob", "government"), reason="Es de otros.", by=moderator)
    pages = {part: words(listed(client, consultation, part)) for part in PARTS}
    for part, (title, *told) in PARTS.items():
        assert all(text in pages[part] for text in (title, *told)), part
        assert [other for other in ("Idea A", "Idea B", "Idea C", "Idea D") if other in pages[part]] == [title]
        assert "Decidir " not in pages[part]


# Part of the list: what it holds.
PARTS = {
    "preseleccionadas": ("Idea A", "Es medible.", "Contraparte: ChileCompra", "1 propuesta preseleccionada"),
    "fuera": ("Idea B", "Cambia una ley.", "Requiere ley", "Sin contraparte", "1 propuesta dejada fuera"),
    "derivadas": ("Idea C", "Es de otros.", "Derivada a Segegob", "1 propuesta derivada"),
    "sin-decidir": ("Idea D", "1 propuesta espera una decisión", "Ninguna mesa"),
}


def test_an_empty_list_says_what_will_be_here(client, consultation):
    assert "Todavía no hay propuestas preseleccionadas" in words(listed(client, consultation, "preseleccionadas"))
    assert "Todavía no hay propuestas preseleccionadas" in words(listed(client, consultation, "<script>", desde="x"))


def test_rooms_stand_beside_the_supports_and_what_was_not_handed_in_is_nowhere(
    client, consultation, moderator, citizen
):
    chain = build(consultation, moderator, author=citizen)
    page = listed(client, consultation, "preseleccionadas")
    assert "Segunda sesión" in words(page)
    assert "2 apoyos en línea" in words(page)
    assert chain.joint.title in page.text
    for reader in (client, sign_in(client, moderator)):
        for address in (f"/consultas/{consultation.slug}/preseleccion", path(chain.joint)):
            assert SECRET not in reader.get(address).text


def test_a_draft_commitment_is_linked_for_moderators_alone(new_client, consultation, moderator, citizen):
    build(consultation, moderator, author=citizen)
    assert "Compras abiertas para todos" not in listed(new_client(), consultation, "preseleccionadas").text
    desk = sign_in(new_client(), moderator)
    assert "Compras abiertas para todos" in listed(desk, consultation, "preseleccionadas").text


def test_a_hidden_proposal_is_in_no_part(client, consultation, proposal, institution, moderator):
    shortlist_proposal(proposal, reason="Sí.", counterpart=institution, by=moderator)
    hide_proposal(proposal, reason="Insulta.", by=moderator)
    for part in PARTS:
        assert proposal.title not in listed(client, consultation, part).text


def test_the_list_costs_the_same_however_long_it_is(client, consultation, citizen, institution, moderator):
    counts, slug = [], consultation.slug
    for _round in range(2):
        for n in range(6):
            each = make_proposal(consultation, citizen, title=f"Idea {n}")
            shortlist_proposal(each, reason="Sí.", counterpart=institution, by=moderator)
        counts.append(count_queries(lambda: client.get(f"/consultas/{slug}/preseleccion")))
    assert counts[0] == counts[1] <= 12


def test_a_moderator_shortlists_with_reason_and_counterpart(desk, consultation, proposal, institution):
    answer = send(desk, path(proposal), {**CHOOSE, "sector": ""}, follow=True)
    assert answer.status_code == 200
    assert "quedó preseleccionada" in words(answer)
    decision = live_decision(proposal)
    assert (decision.kind, decision.counterpart.name, decision.reason) == ("shortlisted", "ChileCompra", REASON)


def test_a_moderator_leaves_out_with_ground_flags_and_referral(desk, proposal):
    data = {
        "decision": "left_out",
        "ground": "already_exists",
        "needs_law": "y",
        "institution": "Dipres",
        "sector": "government",
        "reason": REASON,
    }
    assert send(desk, path(proposal), data).status_code == 302
    decision = live_decision(proposal)
    assert (decision.kind, decision.ground, decision.needs_law, decision.no_counterpart) == (
        "left_out",
        "already_exists",
        True,
        False,
    )
    assert decision.referred_to.name == "Dipres"


def test_a_moderator_refers_to_another_institution(desk, proposal):
    data = {"decision": "referred", "institution": "Segegob", "sector": "government", "reason": REASON}
    assert send(desk, path(proposal), data).status_code == 302
    assert live_decision(proposal).referred_to.name == "Segegob"


# What is wrong with the form: what was changed in it, and what is said.
WRONG = {
    "nothing chosen": ({"decision": ""}, "Elige qué se decide"),
    "a decision that is none": ({"decision": "quizás"}, "Elige qué se decide"),
    "a session that is none": ({"session": "999"}, "no está en la lista"),
    "no reason": ({"reason": "  "}, "Falta este texto"),
    "empty reason": ({"reason": ""}, "Escribe la razón"),
    "no counterpart": ({"institution": " "}, "Escribe la contraparte"),
    "no sector": ({"institution": "Nueva"}, "Elige el sector"),
    "no ground": ({"decision": "left_out"}, "Elige por qué causal"),
    "a ground that is none": ({"decision": "left_out", "ground": "porque sí"}, "Elige por qué causal"),
    "nobody to refer to": ({"decision": "referred", "institution": ""}, "a qué institución se deriva"),
    "counterpart and none": ({"no_counterpart": "y"}, "tiene contraparte"),
    "too long": ({"reason": "palabra " * 600}, "caben 4000"),
    "nul": ({"reason": "nulo\x00"}, "no se pueden guardar"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_refused_decision_keeps_what_was_typed_and_says_what_to_correct(wrong, desk, proposal, institution):
    changed, said = WRONG[wrong]
    answer = send(desk, path(proposal), {**CHOOSE, "sector": "", "needs_law": "y", **changed})
    assert answer.status_code in (400, 422)
    assert said in words(answer)
    assert "nulo\x00" in changed.get("reason", "") or changed.get("reason", REASON).strip() in words(answer)
    assert re.search(r'<input[^>]*checked[^>]*name="needs_law"', answer.text)
    assert live_decision(proposal) is None


def test_the_second_moderator_is_told_and_keeps_the_words(
    new_client, proposal, institution, moderator, consultation, administrator
):
    other = make_person("Moderador Tres")
    appoint(other, "moderator", consultation, by=administrator)
    hers, his = sign_in(new_client(), moderator), sign_in(new_client(), other)
    his_page = path(proposal)
    his.get(his_page)
    assert send(hers, his_page, {**CHOOSE, "sector": ""}).status_code == 302
    answer = send(his, his_page, {"decision": "left_out", "ground": "other", "reason": "Lo veo de otro modo."})
    assert answer.status_code == 409
    assert "ya está preseleccionada" in words(answer)
    assert "Lo veo de otro modo." in words(answer)
    assert REASON in words(answer)
    assert len(decisions_on(proposal)) == 1


def test_a_decision_is_reopened_with_a_reason_and_decided_anew(desk, proposal, institution, moderator):
    shortlist_proposal(proposal, reason=REASON, counterpart=institution, by=moderator)
    answer = send(desk, path(proposal), {"reopening": "1", "reopen-reason": ""})
    assert answer.status_code == 422
    assert "Escribe por qué se reabre" in words(answer)
    answer = send(desk, path(proposal), {"reopening": "1", "reopen-reason": "Desistieron."}, follow=True)
    assert answer.status_code == 200
    assert all(
        text in words(answer) for text in ("La decisión se reabrió", "Desistieron.", REASON, "Guardar la decisión")
    )
    answer = send(desk, path(proposal), {"reopening": "1", "reopen-reason": "Otra vez."})
    assert answer.status_code == 409
    assert live_decision(proposal) is None


def test_outside_of_the_phase_the_page_says_so_instead_of_a_form(desk, administrator, moderator, citizen):
    proposal = make_proposal(moderated(administrator, moderator), citizen)
    with frozen(now() + timedelta(days=60)):
        page = desk.get(path(proposal))
    assert page.status_code == 200
    assert "Ya no se puede" in words(page)
    assert "Guardar la decisión" not in words(page)


def moderated(administrator, moderator):
    """Return a consultation that `moderator` moderates."""
    consultation = make_consultation(administrator)
    appoint(moderator, "moderator", consultation, by=administrator)
    return consultation


@pytest.mark.parametrize("role", [None, "citizen", "facilitator", "administrator", "other_moderator"])
def test_deciding_is_closed_to_everybody_else(role, request, client, proposal, institution):
    if role:
        sign_in(client, request.getfixturevalue(role))
    wanted = 403 if role else 302
    assert client.get(path(proposal)).status_code == wanted
    answer = send(client, path(proposal), CHOOSE, page="/cuenta/entrar" if role is None else "/cuenta")
    assert answer.status_code == wanted
    assert live_decision(proposal) is None


def test_extra_fields_change_nothing_else(desk, proposal, institution):
    extra = {"state": "withdrawn", "supporters": "99", "proposal_id": "1", "decided_at": "2000-01-01", "by": "1"}
    assert send(desk, path(proposal), {**CHOOSE, "sector": "", **extra}).status_code == 302
    assert (proposal.state, proposal.supporters) == ("shortlisted", 0)


def test_what_people_typed_is_never_run(desk, client, consultation, proposal):
    nasty = "<script>alert(1)</script> <img src=x onerror=alert(1)> [a](javascript:alert(1))"
    data = {"decision": "referred", "institution": '"><script>alert(2)</script>', "sector": "private", "reason": nasty}
    send(desk, path(proposal), data)
    for address in (f"/consultas/{consultation.slug}/preseleccion?ver=derivadas", path(proposal)):
        text = desk.get(address).text
        assert "<script>alert" not in text
        assert "<img" not in text
        assert 'href="javascript' not in text
