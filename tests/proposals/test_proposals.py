"""Writing, changing, finding and hiding proposals."""

from datetime import timedelta

import pytest

from consulta.consultations.actions import appoint
from consulta.core.clock import frozen, now
from consulta.core.errors import Conflict, Invalid, NotAllowed, NotFound
from consulta.core.extensions import db
from consulta.core.record import Entry
from consulta.proposals.actions import (
    hide_proposal,
    revise_proposal,
    start_proposal,
    submit_proposal,
    unhide_proposal,
    withdraw_proposal,
)
from consulta.proposals.models import Proposal
from consulta.proposals.queries import find_proposal, page_of, wordings_of
from consulta.proposals.rules import DRAFTS_AT_ONCE, why_not_propose
from consulta.votes.actions import cast_vote
from tests.people import make_consultation, make_person, make_proposal, sign_in


def titles(page):
    return [proposal.title for proposal in page.proposals]


def test_a_draft_is_seen_by_its_author_alone(consultation, citizen, moderator):
    draft = start_proposal(consultation, title="Secreta", body="Texto", by=citizen)
    assert find_proposal(draft.code, to=citizen).id == draft.id
    for stranger in (None, moderator):
        with pytest.raises(NotFound):
            find_proposal(draft.code, to=stranger)
    assert page_of(consultation, to=citizen).total == 0


def test_a_submitted_proposal_is_public_and_in_the_record(consultation, citizen):
    proposal = make_proposal(consultation, citizen)
    assert find_proposal(proposal.code.upper(), to=None).state == "published"
    entry = db.session.query(Entry).filter_by(event="proposal.submitted").one()
    assert entry.by == citizen.uid and entry.details["code"] == proposal.code


def test_the_same_form_sent_twice_submits_once(consultation, citizen):
    draft = start_proposal(consultation, title="Una", body="Texto", by=citizen)
    assert submit_proposal(draft, by=citizen).id == submit_proposal(draft, by=citizen).id
    assert db.session.query(Entry).filter_by(event="proposal.submitted").count() == 1


def test_nobody_else_can_submit_revise_or_withdraw_it(consultation, citizen, other_citizen, moderator, administrator):
    draft = start_proposal(consultation, title="Una", body="Texto", by=citizen)
    for stranger in (other_citizen, moderator, administrator):
        with pytest.raises(NotAllowed):
            submit_proposal(draft, by=stranger)
        with pytest.raises(NotAllowed):
            revise_proposal(draft, title="Otra", body="Texto", theme=None, territory=None, by=stranger)
        with pytest.raises(NotAllowed):
            withdraw_proposal(draft, reason="Porque sí", by=stranger)


def test_a_draft_is_rewritten_and_a_published_text_gets_a_new_wording(consultation, citizen):
    draft = start_proposal(consultation, title="Uno", body="Texto", by=citizen)
    revise_proposal(draft, title="Dos", body="Texto", theme=None, territory=None, by=citizen)
    assert [wording.title for wording in wordings_of(draft)] == ["Dos"]
    proposal = submit_proposal(draft, by=citizen)
    revise_proposal(proposal, title="Tres", body="Texto", theme=None, territory=None, by=citizen)
    assert [wording.title for wording in wordings_of(proposal)] == ["Dos", "Tres"]
    assert proposal.title == "Tres"


def test_the_first_support_fixes_the_text(proposal, citizen, other_citizen):
    cast_vote(proposal, by=other_citizen)
    with pytest.raises(NotAllowed):
        revise_proposal(proposal, title="Otra", body="Texto", theme=None, territory=None, by=citizen)


def test_a_withdrawn_proposal_keeps_its_address_and_leaves_the_lists(consultation, proposal, citizen):
    withdraw_proposal(proposal, reason="Me equivoqué", by=citizen)
    assert find_proposal(proposal.code, to=None).state == "withdrawn"
    assert page_of(consultation, to=None).total == 0


def test_a_withdrawn_draft_is_gone(consultation, citizen):
    draft = start_proposal(consultation, title="Una", body="Texto", by=citizen)
    code = draft.code
    withdraw_proposal(draft, reason="No", by=citizen)
    with pytest.raises(NotFound):
        find_proposal(code, to=citizen)


def test_hiding_hides_and_does_not_delete(consultation, proposal, citizen, other_citizen, moderator):
    cast_vote(proposal, by=other_citizen)
    hide_proposal(proposal, reason="Insulta a una persona", by=moderator)
    for stranger in (None, other_citizen):
        with pytest.raises(NotFound):
            find_proposal(proposal.code, to=stranger)
    assert find_proposal(proposal.code, to=citizen).hidden_reason == "Insulta a una persona"
    assert page_of(consultation, to=moderator).total == 0
    with pytest.raises(Conflict):
        hide_proposal(proposal, reason="Otra vez", by=moderator)
    unhide_proposal(proposal, reason="Se revisó", by=moderator)
    assert find_proposal(proposal.code, to=None).supporters == 1


def test_only_this_consultations_moderators_hide(proposal, citizen, administrator, facilitator, other_moderator):
    for stranger in (citizen, administrator, facilitator, other_moderator):
        with pytest.raises(NotAllowed):
            hide_proposal(proposal, reason="No", by=stranger)


@pytest.mark.parametrize(
    "title, body, field", [("", "Texto", "title"), ("Título", " ", "body"), ("a" * 201, "b", "title")]
)
def test_a_text_that_will_not_do_names_its_field(consultation, citizen, title, body, field):
    with pytest.raises(Invalid) as refusal:
        start_proposal(consultation, title=title, body=body, by=citizen)
    assert refusal.value.field == field


def test_a_theme_of_another_consultation_is_refused(consultation, other_consultation, citizen):
    with pytest.raises(Invalid):
        start_proposal(consultation, title="Una", body="Texto", theme=other_consultation.themes[0], by=citizen)


def test_unfinished_drafts_are_bounded(consultation, citizen):
    for number in range(DRAFTS_AT_ONCE):
        start_proposal(consultation, title=f"Borrador {number}", body="Texto", by=citizen)
    with pytest.raises(NotAllowed):
        start_proposal(consultation, title="Uno más", body="Texto", by=citizen)


@pytest.mark.parametrize(
    "kind, allowed", [("proposing", True), ("tables", False), ("drafting", False), ("review", False)]
)
def test_only_a_phase_that_takes_proposals_opens_the_form(administrator, territories, citizen, kind, allowed):
    consultation = make_consultation(administrator, phases=(kind,))
    assert (why_not_propose(citizen, consultation) is None) is allowed
    with frozen(now() - timedelta(days=10)):
        assert why_not_propose(citizen, consultation)


def test_a_person_without_a_confirmed_address_does_not_propose(consultation):
    assert why_not_propose(make_person(confirmed=False), consultation)
    assert why_not_propose(None, consultation)


def test_pages_follow_one_another_by_key_without_gap_or_repetition(consultation, citizen, other_citizen):
    made = [make_proposal(consultation, citizen, title=f"Propuesta {number}") for number in range(7)]
    cast_vote(made[3], by=other_citizen)
    for order, first in (("apoyos", "Propuesta 3"), ("recientes", "Propuesta 6")):
        seen, key = [], None
        while True:
            page = page_of(consultation, to=None, order=order, after=key, size=3)
            assert page.total == 7
            seen += titles(page)
            if not (key := page.next_key):
                break
        assert seen[0] == first
        assert sorted(seen) == sorted(each.title for each in made)


@pytest.mark.parametrize(
    "after", ["-1", "0", "x-1", "1-x", "9" * 40 + "-1", "1-" + "9" * 20, "٣-1", "1-1-1", "99999999999999999999-1"]
)
@pytest.mark.parametrize("order", ["apoyos", "recientes", "password"])
def test_a_key_nobody_gave_out_breaks_nothing(consultation, proposal, after, order):
    page_of(consultation, to=None, order=order, after=after)


def test_a_search_forgets_accents_and_takes_every_sign_literally(consultation, citizen):
    make_proposal(consultation, citizen, title="Más Árboles en Ñuñoa", body="100 % sombra, a_b")
    make_proposal(consultation, citizen, title="Otra cosa", body="Nada")
    for words in ("arboles", "ÁRBOLES nunoa", "100 %", "a_b"):
        assert titles(page_of(consultation, to=None, words=words)) == ["Más Árboles en Ñuñoa"], words
    for words in ('"', "*", "NEAR(", "col:x", "agua AND", "-agua", "' OR 1=1 --", "%%", "axb"):
        assert page_of(consultation, to=None, words=words).total == 0, words


def test_narrowing_by_theme_and_state(consultation, citizen):
    make_proposal(consultation, citizen, title="Con eje", theme=consultation.themes[0])
    make_proposal(consultation, citizen, title="Sin eje")
    assert titles(page_of(consultation, to=None, theme_id=consultation.themes[0].id)) == ["Con eje"]
    assert page_of(consultation, to=None, state="left_out").total == 0


def test_the_database_itself_refuses_a_state_that_contradicts_its_columns(app, proposal):
    for change in (
        "state = 'merged'",
        "state = 'unheard_of'",
        "supporters = -1",
        "hidden_reason = 'x'",
        "published_at = NULL",
    ):
        with pytest.raises(Exception, match="(?i)check|constraint"), db.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE proposals SET {change}")
    assert db.session.get(Proposal, proposal.id, populate_existing=True).state == "published"


def test_similar_ones_never_include_the_draft_itself_nor_what_is_hidden(
    app, consultation, other_consultation, citizen, moderator
):
    neighbours = app.extensions["similarity"]
    near = make_proposal(consultation, citizen, title="Publicar las actas del concejo municipal")
    hidden = make_proposal(consultation, citizen, title="Publicar actas del concejo municipal ya")
    make_proposal(other_consultation, citizen, title="Publicar las actas del concejo municipal")
    draft = start_proposal(consultation, title="Publicar las actas del concejo municipal", body="Ya", by=citizen)
    neighbours.index_of(consultation.id)
    hide_proposal(hidden, reason="Abuso", by=moderator)
    found = neighbours.similar_to(consultation, draft.title, draft.body, but=(draft.id,), floor=0.2)
    assert [proposal.id for proposal, _score in found] == [near.id]


def test_a_draft_that_was_written_long_ago_is_found_once_it_is_public(app, consultation, citizen, monkeypatch):
    monkeypatch.setattr("consulta.suggestions.neighbours.OVERLAP", 0)
    neighbours = app.extensions["similarity"]
    old = start_proposal(consultation, title="Bebederos de agua en las plazas", body="Ya", by=citizen)
    make_proposal(consultation, citizen, title="Otra cosa muy distinta")
    neighbours.index_of(consultation.id)
    submit_proposal(old, by=citizen)
    assert old.id not in neighbours.index_of(consultation.id), "its number is older than what was read"
    assert old.id in neighbours.index_of(consultation.id, complete=True)


def test_a_proposal_that_was_hidden_and_shown_again_is_compared_again(app, consultation, proposal, moderator):
    neighbours = app.extensions["similarity"]
    hide_proposal(proposal, reason="Abuso", by=moderator)
    assert proposal.id not in neighbours.index_of(consultation.id, complete=True)
    unhide_proposal(proposal, reason="Se revisó", by=moderator)
    assert proposal.id in neighbours.index_of(consultation.id, complete=True)


def test_a_hidden_proposal_costs_its_supporters_no_voice(administrator, territories, citizen, other_citizen):
    consultation = make_consultation(administrator, limit=1)
    moderator = make_person("Modera")
    appoint(moderator, "moderator", consultation, by=administrator)
    hidden, other = (make_proposal(consultation, citizen, title=f"Propuesta {n}") for n in range(2))
    cast_vote(hidden, by=other_citizen)
    hide_proposal(hidden, reason="Abuso", by=moderator)
    cast_vote(other, by=other_citizen)
    assert other.supporters == 1


def test_hiding_sent_twice_does_not_show_the_text_again(app, proposal, moderator):
    app.config["WTF_CSRF_ENABLED"] = False
    client = sign_in(app.test_client(), moderator)
    path = f"/propuestas/{proposal.code}/ocultar"
    assert client.post(path, data={"reason": "Abuso", "act": "hide"}).status_code == 302
    assert client.post(path, data={"reason": "Abuso", "act": "hide"}).status_code == 422
    assert proposal.hidden_at is not None
