"""Pages of the plan as people use them, and what became of a proposal."""

import pytest

from consulta.consultations.actions import appoint
from consulta.monitoring.actions import report_progress
from consulta.plan.actions import draft_commitment, publish_draft
from consulta.plan.queries import commitments_of, plan_of
from consulta.proposals.actions import hide_proposal
from consulta.shortlist.actions import leave_out, shortlist_proposal
from tests.people import make_consultation, make_person, make_proposal, sign_in
from tests.plan.chain import SECRET, build, count_queries
from tests.web.sending import send, words

WHOLE = ("proposing", "tables", "drafting", "monitoring")


@pytest.fixture
def consultation(administrator, territories):
    """A consultation in which everything is open at once, monitoring too."""
    return make_consultation(administrator, phases=WHOLE)


@pytest.fixture
def desk(client, moderator):
    """A visitor signed in as the moderator."""
    return sign_in(client, moderator)


@pytest.fixture
def chosen(proposal, institution, moderator):
    """A shortlisted proposal."""
    shortlist_proposal(proposal, reason="Se puede.", counterpart=institution, by=moderator)
    return proposal


@pytest.fixture
def chain(consultation, moderator, citizen):
    """A process up to the draft of its plan, which is not published yet."""
    return build(consultation, moderator, author=citizen)


def plan_page(consultation):
    """Where the plan is read."""
    return f"/consultas/{consultation.slug}/plan"


def draft_page(consultation):
    """Where a commitment is drafted."""
    return f"/consultas/{consultation.slug}/plan/compromisos/nuevo"


def drafted(consultation, moderator):
    """Return the commitments there are."""
    plan = plan_of(consultation, to=moderator)
    return commitments_of(plan, to=moderator) if plan else []


def typed(proposal, **more):
    """Return a form that is whole, with rows for two milestones and one reading."""
    return {
        "plan_title": "Plan de acción",
        "period": "2026-2028",
        "title": "Compras abiertas para todos",
        "institution": "ChileCompra",
        "sector": "",
        "problem": "Nadie lo ve.",
        "starts_on": "2026-12-01",
        "ends_on": "2028-06-30",
        "certain": [proposal.code],
        "inferred-0-code": "",
        "inferred-0-note": "",
        "milestones-0-title": "Diseño",
        "milestones-0-starts_on": "",
        "milestones-0-ends_on": "2027-06-30",
        "milestones-1-title": "",
        "notes": "La fuente se contradice.\n- Y calla lo demás.",
        **more,
    }


def test_the_first_commitment_is_drafted_from_the_shortlist_and_opens_the_plan(desk, consultation, chosen, moderator):
    page = desk.get(draft_page(consultation), query_string={"de": chosen.code})
    assert "Todavía no tiene compromiso." in words(page)
    assert 'value="ChileCompra"' in page.text
    answer = send(desk, draft_page(consultation), typed(chosen), follow=True)
    assert answer.status_code == 200
    assert "El compromiso quedó en el borrador" in words(answer)
    [commitment] = drafted(consultation, moderator)
    assert (commitment.title, commitment.plan.title, commitment.plan.period) == (
        "Compras abiertas para todos",
        "Plan de acción",
        "2026-2028",
    )
    assert [(each.proposal, each.certainty) for each in commitment.origins] == [(chosen, "certain")]
    assert [each.title for each in commitment.milestones] == ["Diseño"]
    assert commitment.notes == ["La fuente se contradice.", "Y calla lo demás."]


def test_another_proposal_can_be_inferred_with_a_note(desk, consultation, chosen, citizen, moderator):
    other = make_proposal(consultation, citizen, title="Otra")
    reading = {"inferred-0-code": f" {other.code.upper()} ", "inferred-0-note": "Mismo tema."}
    assert send(desk, draft_page(consultation), typed(chosen, **reading)).status_code == 302
    [commitment] = drafted(consultation, moderator)
    assert [(each.certainty, each.note) for each in commitment.origins] == [
        ("certain", ""),
        ("inferred", "Mismo tema."),
    ]


# What is wrong with the form: what was changed in it, and what is said.
WRONG = {
    "no title": ({"title": ""}, "Escribe el título"),
    "no name for the plan": ({"plan_title": " "}, "Escribe el nombre del plan"),
    "a title too long": ({"title": "palabra " * 60}, "caben 400"),
    "a text too long": ({"ambition": "palabra " * 900}, "caben 6000"),
    "no origin": ({"certain": []}, "explica de dónde viene"),
    "an origin that is not shortlisted": ({"certain": ["otra"]}, "ya no está preseleccionada"),
    "a reading without its code": ({"inferred-0-note": "Mismo tema."}, "le falta el código"),
    "a reading without its note": ({"inferred-0-code": "abc"}, "le falta la nota"),
    "a reading of nothing": ({"inferred-0-code": "abc", "inferred-0-note": "Sí."}, "No hay una propuesta pública"),
    "a date that is none": ({"starts_on": "ayer"}, "Escribe la fecha"),
    "a year that cannot be": ({"ends_on": "0205-01-01"}, "no parece posible"),
    "an end before its beginning": ({"ends_on": "2026-01-01"}, "anterior al inicio"),
    "a milestone without its name": ({"milestones-1-ends_on": "2027-01-01"}, "le falta el nombre"),
    "a milestone's date that is none": ({"milestones-0-ends_on": "x"}, "Escribe la fecha"),
    "an institution without a sector": ({"institution": "Nueva"}, "Elige el sector"),
    "nul": ({"problem": "nulo\x00"}, "no se pueden guardar"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_refused_draft_keeps_what_was_typed_and_leaves_nothing_behind(wrong, desk, consultation, chosen, moderator):
    changed, said = WRONG[wrong]
    answer = send(desk, draft_page(consultation), typed(chosen, **changed))
    assert answer.status_code in (400, 422)
    assert said in words(answer)
    if answer.status_code == 422:
        assert "2027-06-30" in answer.text or "milestones-0-ends_on" in changed
        assert "La fuente se contradice." in answer.text
    assert plan_of(consultation, to=moderator) is None


def test_more_rows_are_added_without_script_and_nothing_typed_is_lost(desk, consultation, chosen, moderator):
    answer = send(desk, draft_page(consultation), typed(chosen, more="milestones"))
    assert answer.status_code == 200
    assert 'name="milestones-2-title"' in answer.text
    assert "Nadie lo ve." in answer.text
    answer = send(desk, draft_page(consultation), typed(chosen, more="inferred"))
    assert 'name="inferred-1-code"' in answer.text
    assert drafted(consultation, moderator) == []


def test_rows_with_mad_numbers_and_extra_fields_change_nothing(desk, consultation, chosen, moderator):
    extra = {"milestones-99999999-title": "Loco", "milestones-x-title": "Loco", "state": "published", "number": "77"}
    assert send(desk, draft_page(consultation), typed(chosen, **extra)).status_code == 302
    [commitment] = drafted(consultation, moderator)
    assert (commitment.state, commitment.number, len(commitment.milestones)) == ("drafted", 1, 1)


@pytest.mark.parametrize("role", [None, "citizen", "facilitator", "administrator", "other_moderator"])
def test_drafting_and_publishing_are_closed_to_everybody_else(role, request, client, chain):
    if role:
        sign_in(client, request.getfixturevalue(role))
    wanted = 403 if role else 302
    token_page = "/cuenta" if role else "/cuenta/entrar"
    assert client.get(draft_page(chain.consultation)).status_code == wanted
    assert send(client, draft_page(chain.consultation), typed(chain.first), page=token_page).status_code == wanted
    assert send(client, f"{plan_page(chain.consultation)}/publicar", page=token_page).status_code == wanted
    assert chain.plan.draft_published_at is None
    assert len(drafted(chain.consultation, chain.moderator)) == 1


@pytest.mark.parametrize("role", [None, "citizen", "facilitator", "administrator", "other_moderator"])
def test_a_draft_that_is_not_published_is_nowhere_for_anybody_else(role, request, client, chain):
    if role:
        sign_in(client, request.getfixturevalue(role))
    assert client.get(f"/compromisos/{chain.commitment.id}").status_code == 404
    plan = client.get(plan_page(chain.consultation))
    assert "El plan todavía no se publica" in words(plan)
    pages = [plan.text, *(client.get(each).text for each in everywhere(chain))]
    assert not [text for text in pages if "Compras abiertas para todos" in text or "Plan de prueba" in text]


def everywhere(chain):
    """Return the addresses at which a commitment could show."""
    slug = chain.consultation.slug
    codes = [each.code for each in (chain.first, chain.joint, chain.apart)]
    return [
        f"/consultas/{slug}",
        f"/consultas/{slug}/preseleccion",
        f"/registro?consulta={slug}",
        *(f"/propuestas/{code}" for code in codes),
        *(f"/propuestas/{code}/que-paso" for code in codes),
    ]


def test_publishing_is_offered_once_nothing_is_missing_and_opens_the_plan_to_everybody(
    desk, new_client, consultation, chosen, citizen, institution, moderator
):
    send(desk, draft_page(consultation), typed(chosen))
    forgotten = make_proposal(consultation, citizen, title="Olvidada")
    shortlist_proposal(forgotten, reason="Sí.", counterpart=institution, by=moderator)
    page = desk.get(plan_page(consultation))
    assert "Olvidada" in words(page)
    assert "Publicar el borrador</button>" not in page.text
    answer = send(desk, f"{plan_page(consultation)}/publicar", page=draft_page(consultation))
    assert answer.status_code == 422
    assert "Olvidada" in words(answer)
    leave = {"inferred-0-code": forgotten.code, "inferred-0-note": "Mismo tema.", "certain": [], "title": "Dos"}
    assert send(desk, draft_page(consultation), typed(chosen, **leave)).status_code == 302
    answer = send(desk, f"{plan_page(consultation)}/publicar", page=draft_page(consultation), follow=True)
    assert "es público desde ahora" in words(answer)
    page = words(new_client().get(plan_page(consultation)))
    assert "2 compromisos" in page
    assert "Borrador publicado" in page


def test_publishing_a_plan_that_does_not_exist_is_not_found(desk, consultation):
    assert send(desk, f"{plan_page(consultation)}/publicar", page=draft_page(consultation)).status_code == 404


def test_anybody_walks_from_a_commitment_back_to_proposals_rooms_supports_and_reasons(client, chain):
    publish_draft(chain.plan, by=chain.moderator)
    page = words(client.get(f"/compromisos/{chain.commitment.id}"))
    told = [
        "Compromiso C5",
        "Preseleccionada",
        "Contraparte: ChileCompra",
        "Es posible y medible.",
        "Fusión M4",
        "Se complementan.",
        "Fusión M1",
        "Piden lo mismo.",
        "Compras abiertas, parte 0",
        "2 apoyos en línea",
        "Primera sesión: Ampliar",
        "Falta el detalle.",
        "Disenso: Uno no.",
        "3 personas en la sala",
        "Opiniones reunidas de Talca, Concepción",
        "Segunda sesión: Mantener",
        "Estuvo en la fusión M2",
        "No se mantuvo.",
        "Dejada fuera: Requiere ley",
        "inferido",
        "Mismo tema.",
        "La fuente se contradice.",
        "Publicar los datos",
    ]
    assert [text for text in told if text not in page] == []
    assert SECRET not in page


def test_a_hidden_part_leaves_no_word_of_its_text(client, chain):
    publish_draft(chain.plan, by=chain.moderator)
    hide_proposal(chain.second, reason="Insulta.", by=chain.moderator)
    page = client.get(f"/compromisos/{chain.commitment.id}")
    assert "parte 1" not in page.text
    assert chain.second.code not in page.text
    assert "Una propuesta que ya no es pública" in words(page)


def test_progress_shows_completion_and_timeliness_apart(client, chain):
    publish_draft(chain.plan, by=chain.moderator)
    said = {
        "milestone": chain.milestone,
        "completion": "complete",
        "timeliness": "delayed",
        "reasons": ["Faltó acuerdo."],
    }
    change = {"before": "Un portal.", "after": "Dos.", "reason": "No cabía."}
    report_progress(chain.commitment, results="Se avanzó.", reformulation=change, milestones=[said], by=chain.moderator)
    page = words(client.get(f"/compromisos/{chain.commitment.id}"))
    told = ["Completo", "Con retraso", "Motivo del retraso: Faltó acuerdo.", "Se avanzó.", "No cabía."]
    assert [text for text in told if text not in page] == []
    assert "1 de 1 hitos completos" in words(client.get(plan_page(chain.consultation)))


def test_what_became_of_a_part_is_told_step_by_step(client, chain):
    publish_draft(chain.plan, by=chain.moderator)
    page = words(client.get(f"/propuestas/{chain.first.code}/que-paso"))
    told = [
        "Recibida y publicada",
        "Primera sesión: Ampliar",
        "Unida a otras en la fusión M2",
        "Se deshizo la fusión M2",
        "Unida a otras en la fusión M4",
        "Preseleccionada para el plan",
        "Compromiso C5: Compras abiertas para todos",
        "En espera del plan definitivo",
    ]
    places = [page.find(text) for text in told]
    assert -1 not in places, told[places.index(-1)]
    assert places == sorted(places)
    left = words(client.get(f"/propuestas/{chain.apart.code}/que-paso"))
    assert "Dejada fuera del plan" in left
    assert "No es del ejecutivo." in left


@pytest.mark.parametrize("page", ["commitment", "plan", "fate"])
def test_a_page_costs_the_same_however_much_lies_behind(page, client, administrator, chain, citizen):
    consultation = make_consultation(administrator, phases=WHOLE)
    moderator = make_person("Moderadora Dos")
    appoint(moderator, "moderator", consultation, by=administrator)
    large = build(consultation, moderator, author=citizen, parts=9)
    for n in range(4):
        draft_commitment(large.plan, title=f"Más {n}", origin_note="Aparte.", by=moderator)
    leave_out(make_proposal(consultation, citizen), ground="other", reason="No.", by=moderator)
    counts = []
    for each in (chain, large):
        publish_draft(each.plan, by=each.moderator)
        address = {
            "commitment": f"/compromisos/{each.commitment.id}",
            "plan": plan_page(each.consultation),
            "fate": f"/propuestas/{each.first.code}/que-paso",
        }[page]
        counts.append(count_queries(lambda address=address: client.get(address)))
    assert counts[0] == counts[1] <= {"commitment": 18, "plan": 12, "fate": 18}[page]
