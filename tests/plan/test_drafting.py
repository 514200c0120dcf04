"""Opening the plan, drafting commitments and milestones, and publishing the draft."""

from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from consulta.consultations.actions import appoint
from consulta.core.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from consulta.core.record import Entry
from consulta.merging.actions import merge_proposals
from consulta.plan.actions import add_milestone, draft_commitment, draft_into, open_plan, publish_draft
from consulta.plan.models import Commitment, Milestone, Origin, Plan
from consulta.plan.queries import commitments_from, commitments_of, find_commitment, gaps_of, plan_of, uncovered
from consulta.plan.rules import why_not_draft, why_not_see_plan, why_undraftable
from consulta.proposals.actions import start_proposal
from consulta.shortlist.actions import leave_out, reopen_decision, shortlist_proposal
from consulta.shortlist.queries import live_decision
from tests.people import make_consultation, make_person, make_proposal

NOTED = {"origin_note": "Sigue del plan anterior."}


@pytest.fixture
def plan(consultation, moderator):
    """An open plan without commitments."""
    return open_plan(consultation, title="Plan de prueba", period="2026-2028", by=moderator)


@pytest.fixture
def chosen(proposal, institution, moderator):
    """A shortlisted proposal."""
    shortlist_proposal(proposal, reason="Se puede.", counterpart=institution, by=moderator)
    return proposal


# Role: drafts and publishes, sees the draft before it is published, sees it after.
RIGHTS = {
    None: (False, False, True),
    "citizen": (False, False, True),
    "facilitator": (False, False, True),
    "administrator": (False, False, True),  # administering is not moderating
    "other_moderator": (False, False, True),  # of another consultation
    "moderator": (True, True, True),
}


@pytest.mark.parametrize("role", RIGHTS)
def test_drafting_is_the_moderators_and_reading_everybodys_once_it_is_published(role, request, chain):
    person = request.getfixturevalue(role) if role else None
    drafts, before, after = RIGHTS[role]
    plan, commitment = chain.plan, chain.commitment
    assert (why_not_draft(person, chain.consultation) is None) is drafts
    assert (why_not_see_plan(person, plan) is None) is before
    assert (plan_of(chain.consultation, to=person) is not None) is before
    assert bool(commitments_of(plan, to=person)) is before
    if not before:
        with pytest.raises(NotFound):
            find_commitment(commitment.id, to=person)
    publish_draft(plan, by=chain.moderator)
    assert (plan_of(chain.consultation, to=person) is not None) is after
    assert find_commitment(commitment.id, to=person) == commitment


@pytest.mark.parametrize("role", [role for role in RIGHTS if role and role != "moderator"])
def test_whoever_may_not_draft_is_refused_and_nothing_changes(role, request, session, chain):
    person = request.getfixturevalue(role)
    acts = [
        lambda: open_plan(chain.consultation, title="Otro", by=person),
        lambda: draft_commitment(chain.plan, title="Otro", **NOTED, by=person),
        lambda: add_milestone(chain.commitment, title="Otro", by=person),
        lambda: publish_draft(chain.plan, by=person),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert [row.title for row in session.scalars(select(Commitment))] == ["Compras abiertas para todos"]
    assert chain.plan.draft_published_at is None


# Kind of phase: whether the plan is drafted in it.
PHASES = {
    "diagnosis": False,
    "proposing": False,
    "tables": False,
    "drafting": True,
    "review": True,
    "closing": True,
    "monitoring": False,
}


@pytest.mark.parametrize("kind", PHASES)
def test_a_phase_decides_whether_the_plan_is_drafted_now(kind, administrator, territories):
    consultation = make_consultation(administrator, phases=(kind,))
    moderator = make_person("Moderadora")
    appoint(moderator, "moderator", consultation, by=administrator)
    assert (why_undraftable(consultation) is None) is PHASES[kind]
    if PHASES[kind]:
        open_plan(consultation, title="Plan", by=moderator)
    else:
        for by in (moderator, None):
            with pytest.raises(Conflict):
                open_plan(consultation, title="Plan", by=by)


def test_a_consultation_has_one_plan(session, plan, consultation, moderator):
    assert open_plan(consultation, title="Otro nombre", by=moderator) == plan
    assert plan.title == "Plan de prueba"
    session.add(Plan(consultation_id=consultation.id, title="Otro"))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_the_first_commitment_opens_the_plan_or_neither_is_kept(session, consultation, moderator):
    opening = {"title": "Plan de acción"}
    with pytest.raises(Invalid):
        draft_into(consultation, opening=opening, commitment={"title": " ", **NOTED}, by=moderator)
    assert plan_of(consultation, to=moderator) is None
    commitment = draft_into(consultation, opening=opening, commitment={"title": "Uno", **NOTED}, by=moderator)
    assert (commitment.number, commitment.plan.title) == (1, "Plan de acción")


def test_a_commitment_keeps_the_template_its_origins_and_its_milestones(session, plan, chosen, moderator):
    commitment = draft_commitment(
        plan,
        title="Compras abiertas",
        subject="Probidad",
        institution=("Dipres", "government"),
        problem="Nadie lo ve.",
        objective="Que se vea.",
        description="Un portal.",
        relevance="Acceso.",
        ambition="Mucha.",
        starts_on=date(2026, 12, 1),
        ends_on=date(2028, 6, 30),
        origins=[(chosen, "certain", "")],
        notes=["La fuente se contradice."],
        milestones=[{"title": "Diseño", "ends_on": date(2027, 1, 1)}, {"title": "Puesta en marcha"}],
        by=moderator,
    )
    assert commitment.state == "drafted"
    assert commitment.institution.name == "Dipres"
    assert [(each.number, each.title) for each in commitment.milestones] == [(1, "Diseño"), (2, "Puesta en marcha")]
    assert [(each.proposal, each.certainty) for each in commitment.origins] == [(chosen, "certain")]
    assert [each.commitment for each in commitments_from(chosen, to=moderator)] == [commitment]


def test_what_the_record_says_of_a_draft_names_no_text_of_it(session, chain):
    drafting = Entry.event.in_(("plan.opened", "commitment.drafted"))
    entries = session.scalars(select(Entry).where(drafting).order_by(Entry.id)).all()
    assert [entry.details for entry in entries] == [{}, {"number": 1, "certain": 2, "inferred": 1}]
    publish_draft(chain.plan, by=chain.moderator)
    entry = session.scalars(select(Entry).where(Entry.event == "plan.draft_published")).one()
    assert entry.details["title"] == "Plan de prueba"
    [told] = entry.details["commitments"]
    assert told["title"] == "Compras abiertas para todos"
    assert told["certain"] == [chain.joint.code, chain.first.code]
    assert told["inferred"] == [chain.apart.code]


def test_commitments_are_numbered_in_turn_and_a_number_is_taken_once(plan, moderator):
    made = [draft_commitment(plan, title=f"Número {n}", **NOTED, by=moderator) for n in range(2)]
    assert [each.number for each in made] == [1, 2]
    with pytest.raises(Conflict, match="2"):
        draft_commitment(plan, title="Otro", number=2, **NOTED, by=moderator)
    assert draft_commitment(plan, title="Aparte", number=19, **NOTED, by=moderator).number == 19


def test_certain_is_what_was_shortlisted_or_lies_in_what_was(plan, chain, consultation, citizen, moderator):
    loose = make_proposal(consultation, citizen, title="Suelta")
    for each in (loose, chain.apart):  # undecided, left out
        with pytest.raises(Invalid, match="no está preseleccionada") as refusal:
            draft_commitment(plan, title="Uno", origins=[(each, "certain", "")], by=moderator)
        assert refusal.value.field == "certain"
    draft_commitment(plan, title="Uno", origins=[(chain.second, "certain", "")], by=moderator)


def test_an_inferred_origin_is_explained_public_and_of_the_same_consultation(
    plan, proposal, consultation, other_consultation, citizen, moderator
):
    draft = start_proposal(consultation, title="Borrador", body="Mío.", by=citizen)
    foreign = make_proposal(other_consultation, citizen)
    for origin in [(proposal, "inferred", "  "), (draft, "inferred", "Se lee."), (foreign, "inferred", "Se lee.")]:
        with pytest.raises(Invalid) as refusal:
            draft_commitment(plan, title="Uno", origins=[origin], by=moderator)
        assert refusal.value.field == "inferred"
    commitment = draft_commitment(plan, title="Uno", origins=[(proposal, "inferred", "Se lee.")], by=moderator)
    assert commitment.origins[0].note == "Se lee."


def test_a_commitment_says_where_it_comes_from_and_names_no_proposal_twice(plan, chosen, moderator):
    with pytest.raises(Invalid, match="de dónde viene"):
        draft_commitment(plan, title="Uno", by=moderator)
    twice = [(chosen, "certain", ""), (chosen, "inferred", "Otra vez.")]
    with pytest.raises(Invalid, match="dos veces"):
        draft_commitment(plan, title="Uno", origins=twice, by=moderator)


def test_what_ends_before_it_begins_is_refused(plan, moderator):
    dates = {"starts_on": date(2027, 2, 1), "ends_on": date(2027, 1, 1)}
    with pytest.raises(Invalid) as refusal:
        draft_commitment(plan, title="Uno", **dates, **NOTED, by=moderator)
    assert refusal.value.field == "ends_on"
    with pytest.raises(Invalid) as refusal:
        draft_commitment(plan, title="Uno", milestones=[{"title": "Paso", **dates}], **NOTED, by=moderator)
    assert refusal.value.field == "milestones"
    assert commitments_of(plan, to=moderator) == []


@pytest.mark.parametrize("title", ["", " ", "x" * 401, "nulo\x00"])
def test_a_title_that_cannot_be_kept_is_refused(title, plan, moderator):
    with pytest.raises(Invalid) as refusal:
        draft_commitment(plan, title=title, **NOTED, by=moderator)
    assert refusal.value.field == "title"


def test_an_empty_plan_is_not_published(plan, moderator):
    with pytest.raises(Refused, match="ningún compromiso"):
        publish_draft(plan, by=moderator)


def test_a_plan_is_not_published_while_a_shortlisted_proposal_has_no_commitment(
    consultation, plan, chosen, citizen, institution, moderator
):
    draft_commitment(plan, title="Uno", origins=[(chosen, "certain", "")], by=moderator)
    forgotten = make_proposal(consultation, citizen, title="Olvidada")
    shortlist_proposal(forgotten, reason="Sí.", counterpart=institution, by=moderator)
    assert uncovered(consultation) == [forgotten]
    with pytest.raises(Refused, match="Olvidada"):
        publish_draft(plan, by=moderator)
    assert plan.draft_published_at is None
    draft_commitment(plan, title="Dos", origins=[(forgotten, "inferred", "Mismo tema.")], by=moderator)
    publish_draft(plan, by=moderator)


def test_a_commitment_of_a_part_covers_the_joint_proposal(consultation, plan, chain, moderator):
    assert uncovered(consultation) == []
    assert gaps_of(plan) == []


def test_a_plan_is_not_published_while_a_certain_origin_is_no_longer_shortlisted(plan, chain, moderator):
    reopen_decision(live_decision(chain.joint), reason="Se revisa.", by=moderator)
    assert len(gaps_of(plan)) == 2  # the joint proposal, and the part of it that is named as well
    with pytest.raises(Refused, match="ya no está preseleccionada"):
        publish_draft(plan, by=moderator)


def test_publishing_puts_what_is_drafted_in_review_and_doing_it_again_adds_what_came_since(chain):
    plan = publish_draft(chain.plan, by=chain.moderator)
    first = plan.draft_published_at
    assert chain.commitment.state == "in_review"
    with pytest.raises(Refused, match="nada nuevo"):
        publish_draft(plan, by=chain.moderator)
    late = draft_commitment(plan, title="Uno más", **NOTED, by=chain.moderator)
    assert late not in commitments_of(plan, to=None)
    with pytest.raises(NotFound):
        find_commitment(late.id, to=None)
    publish_draft(plan, by=chain.moderator)
    assert late in commitments_of(plan, to=None)
    assert plan.draft_published_at == first


def test_milestones_of_a_published_commitment_do_not_change(chain):
    publish_draft(chain.plan, by=chain.moderator)
    with pytest.raises(Conflict):
        add_milestone(chain.commitment, title="De contrabando", by=chain.moderator)


@pytest.mark.parametrize("number", [0, -1, 2**31, 10**20])
def test_a_number_that_is_no_commitments_is_not_found(number, app):
    with pytest.raises(NotFound):
        find_commitment(number, to=None)


# What the database itself refuses: the constraint, the table, and the columns that break it.
BROKEN = {
    "inferred_is_explained": (Origin, {"certainty": "inferred", "note": ""}),
    "certainty_known": (Origin, {"certainty": "quizás", "note": "Nota."}),
    "ck_commitments_ends_after_start": (
        Commitment,
        {"starts_on": date(2027, 2, 1), "ends_on": date(2027, 1, 1)},
    ),
    "ck_milestones_ends_after_start": (
        Milestone,
        {"starts_on": date(2027, 2, 1), "ends_on": date(2027, 1, 1)},
    ),
    "number_positive": (Commitment, {"number": 0}),
    "state_known": (Commitment, {"state": "prometido"}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_holds_the_invariants_by_name(name, session, chain):
    table, values = BROKEN[name]
    with pytest.raises(IntegrityError, match=name):
        session.execute(update(table).values(**values))
    session.rollback()


def test_what_was_left_out_may_be_inferred_and_merged_later_too(plan, consultation, citizen, institution, moderator):
    one, two = (make_proposal(consultation, citizen, title=f"Idea {n}") for n in range(2))
    leave_out(make_proposal(consultation, citizen, title="Fuera"), ground="other", reason="No.", by=moderator)
    merge = merge_proposals([one, two], title="Ambas", body="Juntas.", reason="Iguales.", by=moderator)
    shortlist_proposal(merge.joint, reason="Sí.", counterpart=institution, by=moderator)
    assert [each.id for each in uncovered(consultation)] == [merge.joint_id]
    draft_commitment(plan, title="Uno", origins=[(one, "certain", "")], by=moderator)
    assert uncovered(consultation) == []
