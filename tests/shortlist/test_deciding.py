"""Deciding on proposals: who, when, on what ground, with which reasons; and reopening."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from consulta.accounts.models import Institution
from consulta.consultations.actions import appoint, end_appointment, suspend_consultation
from consulta.consultations.queries import appointments_held
from consulta.core.clock import frozen, now
from consulta.core.errors import Conflict, Invalid, NotAllowed
from consulta.core.record import Entry, reference
from consulta.merging.actions import merge_proposals
from consulta.proposals.actions import hide_proposal, start_proposal, withdraw_proposal
from consulta.shortlist.actions import leave_out, refer_proposal, reopen_decision, shortlist_proposal
from consulta.shortlist.models import GROUNDS, Decision
from consulta.shortlist.queries import (
    decisions_on,
    left_out,
    live_decision,
    page_of_decided,
    page_of_undecided,
    referred,
    shortlisted,
    undecided,
)
from consulta.shortlist.rules import why_not_decide, why_undecidable
from consulta.tables.actions import convene_session, found_table
from tests.people import make_consultation, make_person, make_proposal

WHY = {"reason": "Se puede hacer en dos años."}


@pytest.fixture
def decided(proposal, institution, moderator):
    """A shortlisted proposal."""
    shortlist_proposal(proposal, counterpart=institution, **WHY, by=moderator)
    return proposal


# Role: may decide.
DECIDERS = {
    None: False,  # nobody signed in
    "citizen": False,  # its author
    "other_citizen": False,
    "facilitator": False,
    "administrator": False,  # administering is not moderating
    "other_moderator": False,  # of another consultation
    "moderator": True,
}


@pytest.mark.parametrize("role", DECIDERS)
def test_only_the_moderators_of_the_consultation_decide(role, request, proposal):
    person = request.getfixturevalue(role) if role else None
    assert (why_not_decide(person, proposal) is None) is DECIDERS[role]


@pytest.mark.parametrize("role", [role for role in DECIDERS if role and not DECIDERS[role]])
def test_whoever_may_not_decide_is_refused_and_nothing_changes(role, request, proposal, institution, decided_elsewhere):
    person = request.getfixturevalue(role)
    acts = [
        lambda: shortlist_proposal(proposal, counterpart=institution, **WHY, by=person),
        lambda: leave_out(proposal, ground="other", **WHY, by=person),
        lambda: refer_proposal(proposal, to=institution, **WHY, by=person),
        lambda: reopen_decision(decided_elsewhere, **WHY, by=person),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert proposal.state == "published"
    assert live_decision(proposal) is None
    assert decided_elsewhere.reopened_at is None


@pytest.fixture
def decided_elsewhere(consultation, citizen, moderator, institution):
    """A decision in force on another proposal of the same consultation."""
    other = make_proposal(consultation, citizen, title="Otra cosa")
    return shortlist_proposal(other, counterpart=institution, **WHY, by=moderator)


def test_a_moderator_whose_appointment_is_taken_back_is_refused_at_once(
    proposal, institution, moderator, administrator
):
    end_appointment(appointments_held(moderator)[0], by=administrator)
    with pytest.raises(NotAllowed):
        shortlist_proposal(proposal, counterpart=institution, **WHY, by=moderator)


# Kind of phase: whether it shortlists (consultations.rules.PHASE_RIGHTS).
PHASES = {
    "diagnosis": False,
    "proposing": False,
    "tables": True,
    "drafting": True,
    "review": True,
    "closing": False,
    "monitoring": False,
}


@pytest.mark.parametrize("kind", PHASES)
def test_a_phase_decides_whether_one_may_shortlist_now(kind, administrator, territories, institution):
    consultation = make_consultation(administrator, phases=("proposing", kind))
    moderator = make_person("Moderadora")
    appoint(moderator, "moderator", consultation, by=administrator)
    proposal = make_proposal(consultation, make_person())
    assert (why_undecidable(proposal) is None) is PHASES[kind]
    if not PHASES[kind]:
        with pytest.raises(Conflict):
            shortlist_proposal(proposal, counterpart=institution, **WHY, by=moderator)
        with pytest.raises(Conflict):  # it holds for the machine as well
            leave_out(proposal, ground="other", **WHY, by=None)


def test_after_the_last_phase_that_shortlists_nothing_is_decided_or_reopened(proposal, decided, moderator):
    with frozen(now() + timedelta(days=60)), pytest.raises(Conflict):
        reopen_decision(live_decision(proposal), **WHY, by=moderator)


def test_a_suspended_consultation_decides_nothing(proposal, institution, moderator, consultation, administrator):
    suspend_consultation(consultation, reason="Elecciones.", by=administrator)
    with pytest.raises(Conflict, match="suspendida"):
        shortlist_proposal(proposal, counterpart=institution, **WHY, by=moderator)


def test_shortlisting_keeps_reason_counterpart_and_session_and_is_recorded(
    session, proposal, consultation, institution, moderator
):
    table = found_table(consultation, title="Mesa 3", kind="thematic", by=moderator)
    meeting = convene_session(table, title="Segunda", by=moderator)
    decision = shortlist_proposal(proposal, counterpart=institution, session=meeting, reason="  Sí.\r\n", by=moderator)
    assert proposal.state == "shortlisted"
    assert (decision.reason, decision.counterpart, decision.session) == ("Sí.", institution, meeting)
    entry = session.scalars(select(Entry).where(Entry.event == "proposal.shortlisted")).one()
    assert entry.subject == reference(proposal)
    assert entry.within == reference(consultation)
    assert entry.body == reference(meeting)
    assert entry.by == moderator.uid
    assert entry.reason == "Sí."
    assert entry.details == {"code": proposal.code, "decision": decision.id, "counterpart": "ChileCompra"}
    assert decisions_on(proposal)[0].by == "Moderadora Uno"


def test_a_counterpart_that_is_new_is_founded_with_the_decision_or_not_at_all(session, proposal, moderator):
    with pytest.raises(Invalid):
        shortlist_proposal(proposal, counterpart=("Dipres", "government"), reason="  ", by=moderator)
    assert session.scalar(select(Institution).where(Institution.name == "Dipres")) is None
    decision = shortlist_proposal(proposal, counterpart=("Dipres", "government"), **WHY, by=moderator)
    assert decision.counterpart.sector == "government"


@pytest.mark.parametrize("ground", GROUNDS)
def test_leaving_out_names_a_ground_which_sets_its_own_flag(ground, session, proposal, moderator):
    decision = leave_out(proposal, ground=ground, **WHY, by=moderator)
    assert proposal.state == "left_out"
    assert decision.ground == ground
    assert decision.needs_law is (ground == "needs_law")
    assert decision.no_counterpart is (ground == "no_counterpart")


def test_needing_a_law_and_lacking_a_counterpart_are_two_facts_and_it_may_be_referred_besides(
    session, proposal, institution, moderator
):
    decision = leave_out(
        proposal, ground="needs_law", no_counterpart=True, referred_to=institution, **WHY, by=moderator
    )
    assert decision.needs_law
    assert decision.no_counterpart
    entry = session.scalars(select(Entry).where(Entry.event == "proposal.left_out")).one()
    assert entry.details == {
        "code": proposal.code,
        "decision": decision.id,
        "ground": "needs_law",
        "needs_law": True,
        "no_counterpart": True,
        "referred_to": "ChileCompra",
    }


def test_referring_names_who_takes_it_over(proposal, moderator):
    decision = refer_proposal(proposal, to=("Segegob", "government"), needs_law=True, **WHY, by=moderator)
    assert proposal.state == "referred"
    assert decision.referred_to.name == "Segegob"
    assert (decision.needs_law, decision.no_counterpart) == (True, False)


@pytest.mark.parametrize("reason", ["", " \n ", "\u200b", "x" * 4001, "nulo\x00"])
def test_no_decision_without_a_reason_that_can_be_kept(reason, proposal, institution, moderator):
    with pytest.raises(Invalid) as refusal:
        shortlist_proposal(proposal, counterpart=institution, reason=reason, by=moderator)
    assert refusal.value.field == "reason"
    assert proposal.state == "published"


def test_the_second_of_two_moderators_is_told(proposal, decided, institution, moderator, consultation, administrator):
    other = make_person("Moderador Tres")
    appoint(other, "moderator", consultation, by=administrator)
    with pytest.raises(Conflict, match="ya está preseleccionada"):
        leave_out(proposal, ground="other", **WHY, by=other)
    assert len(decisions_on(proposal)) == 1


def test_a_draft_a_hidden_a_withdrawn_and_a_merged_proposal_cannot_be_decided(
    consultation, citizen, institution, moderator
):
    draft = start_proposal(consultation, title="Borrador", body="Mío.", by=citizen)
    hidden, withdrawn, one, two = (make_proposal(consultation, citizen, title=f"Idea {n}") for n in range(4))
    hide_proposal(hidden, reason="Insulta.", by=moderator)
    withdraw_proposal(withdrawn, reason="Ya no.", by=citizen)
    merge_proposals([one, two], title="Ambas", body="Juntas.", reason="Iguales.", by=moderator)
    for each in (draft, hidden, withdrawn, one):
        with pytest.raises(Conflict):
            shortlist_proposal(each, counterpart=institution, **WHY, by=moderator)


def test_an_author_cannot_withdraw_what_is_shortlisted(decided, citizen):
    with pytest.raises(NotAllowed):
        withdraw_proposal(decided, reason="Ya no.", by=citizen)
    assert decided.state == "shortlisted"


def test_a_session_of_another_consultation_decides_nothing_here(
    proposal, institution, moderator, other_consultation, other_moderator
):
    table = found_table(other_consultation, title="Mesa ajena", kind="thematic", by=other_moderator)
    meeting = convene_session(table, title="Única", by=other_moderator)
    with pytest.raises(Invalid) as refusal:
        shortlist_proposal(proposal, counterpart=institution, session=meeting, **WHY, by=moderator)
    assert refusal.value.field == "session"


def test_reopening_keeps_the_decision_as_history_and_lets_one_decide_anew(session, decided, moderator):
    first = live_decision(decided)
    reopen_decision(first, reason="La contraparte desistió.", by=moderator)
    assert decided.state == "published"
    assert live_decision(decided) is None
    leave_out(decided, ground="no_counterpart", **WHY, by=moderator)
    history = decisions_on(decided)
    assert [each.kind for each in history] == ["shortlisted", "left_out"]
    assert (history[0].reopened_reason, history[1].reopened_at) == ("La contraparte desistió.", None)
    entry = session.scalars(select(Entry).where(Entry.event == "decision.reopened")).one()
    assert (entry.reason, entry.details) == ("La contraparte desistió.", {"code": decided.code, "kind": "shortlisted"})


def test_a_decision_is_reopened_once_and_with_a_reason(decided, moderator):
    decision = live_decision(decided)
    with pytest.raises(Invalid):
        reopen_decision(decision, reason=" ", by=moderator)
    reopen_decision(decision, **WHY, by=moderator)
    with pytest.raises(Conflict, match="ya se reabrió"):
        reopen_decision(decision, **WHY, by=moderator)


def test_the_lists_hold_what_is_in_force_and_public(consultation, citizen, institution, moderator):
    chosen, out, passed, hidden, waiting = (make_proposal(consultation, citizen, title=f"Idea {n}") for n in range(5))
    for each in (chosen, hidden):
        shortlist_proposal(each, counterpart=institution, **WHY, by=moderator)
    leave_out(out, ground="other", **WHY, by=moderator)
    refer_proposal(passed, to=institution, **WHY, by=moderator)
    hide_proposal(hidden, reason="Insulta.", by=moderator)
    assert [each.proposal for each in shortlisted(consultation)] == [chosen]
    assert [each.proposal for each in left_out(consultation)] == [out]
    assert [each.proposal for each in referred(consultation)] == [passed]
    assert undecided(consultation) == [waiting]


def test_the_lists_are_paged_by_key_and_bad_keys_begin_at_the_first_page(consultation, citizen, institution, moderator):
    made = [make_proposal(consultation, citizen, title=f"Idea {n}") for n in range(5)]
    pages, after = [], None
    while True:
        page = page_of_undecided(consultation, to=None, after=after, size=2)
        pages.append(page.rows)
        if (after := page.next_key) is None:
            break
    assert [each for rows in pages for each in rows] == list(reversed(made))
    for each in made:
        shortlist_proposal(each, counterpart=institution, **WHY, by=moderator)
    first = page_of_decided(consultation, "shortlisted", to=None, size=3)
    second = page_of_decided(consultation, "shortlisted", to=None, size=3, after=first.next_key)
    assert [each.proposal for each in first.rows + second.rows] == list(reversed(made))
    assert second.next_key is None
    for key in ("x", "-1", "1-", "9" * 30, "٣", "1-2-3", "' OR 1=1"):
        assert page_of_decided(consultation, "shortlisted", to=None, size=3, after=key).rows == first.rows
        assert page_of_undecided(consultation, to=None, after=key).rows == []


# What the database itself refuses: the constraint, and the columns that break it.
BROKEN = {
    "left_out_has_ground": {"kind": "left_out"},  # left out without a ground
    "shortlisted_has_counterpart": {"counterpart_id": None},
    "referred_to_somebody": {"kind": "referred"},  # referred to nobody
    "reason_given": {"reason": ""},
    "reopened_with_reason": {"reopened_at": now()},
    "kind_known": {"kind": "aplazada"},
    "ground_known": {"kind": "left_out", "ground": "porque sí"},
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_holds_the_invariants_by_name(name, session, decided):
    with pytest.raises(IntegrityError, match=name):
        session.execute(update(Decision).values(**BROKEN[name]))
    session.rollback()


def test_the_database_holds_one_live_decision_a_proposal(session, decided):
    first = live_decision(decided)
    session.add(
        Decision(proposal=decided, kind="referred", referred_to=first.counterpart, reason="Otra.", decided_at=now())
    )
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
