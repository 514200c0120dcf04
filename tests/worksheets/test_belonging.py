"""A device sends what is its session's: one change that is not has the whole batch refused, and nothing is stored."""

from datetime import timedelta

import pytest

from consulta.core.clock import frozen, now
from consulta.core.errors import NotAllowed
from consulta.proposals.actions import hide_proposal, start_proposal
from consulta.tables.actions import (
    convene_session,
    found_table,
    make_code,
    open_session,
)
from consulta.worksheets.protocol import Unreadable
from tests.people import make_proposal
from tests.web.test_rights import checksum
from tests.worksheets.devices import Device, new_uid, states


@pytest.fixture
def elsewhere(consultation, moderator, biobio, other_facilitator):
    """An open session of Biobío with a line, a heading, an agreement and a proposal of its own."""
    table = found_table(consultation, title="Mesa del Biobío", kind="regional", territory=biobio, by=moderator)
    session = convene_session(table, title="Sesión del Biobío", agenda=[{"title": "Apertura"}], by=moderator)
    open_session(session, by=other_facilitator)
    device, uid = Device(session, other_facilitator), new_uid()
    device.send(
        session,
        device.change("attendance", uid, "sector", "academia"),
        device.change("agreement", uid, "kind", "rule"),
        device.change("agreement", uid, "text", "Se vota"),
        device.change("agenda", uid, "title", "Varios"),
        device.change("proposal", uid, "title", "En borrador"),
    )
    return session, uid


@pytest.mark.parametrize("part", ["attendance", "agreement", "agenda", "proposal", "item", "session", "other_code"])
def test_one_change_of_another_session_has_the_whole_batch_refused(
    part, elsewhere, table_session, facilitator, device, other_consultation
):
    session, uid = elsewhere
    foreign = {
        "attendance": lambda: device.change("attendance", uid, "heads", 5),
        "agreement": lambda: device.change("agreement", uid, "text", "Otra cosa"),
        "agenda": lambda: device.change("agenda", uid, "development", "Otra cosa"),
        "proposal": lambda: device.change("proposal", uid, "title", "Otra cosa"),
        "item": lambda: device.change("agenda", session.agenda[0]["id"], "development", "Otra cosa"),
        "session": lambda: {**device.change("session", "", "notes", "Otra cosa"), "session": session.id},
        "other_code": lambda: device.change("result", elsewhere_proposal(other_consultation, facilitator), "dots", 1),
    }[part]()
    before = checksum()
    with pytest.raises(Unreadable) as refusal:
        device.send(table_session, device.change("session", "", "notes", "Lo mío"), foreign)
    assert (refusal.value.status, refusal.value.word, refusal.value.change) == (403, "foreign", foreign["id"])
    assert checksum() == before


def elsewhere_proposal(consultation, author):
    return make_proposal(consultation, author).code


def test_a_code_that_does_not_exist_a_draft_and_a_hidden_proposal_have_one_answer(
    table_session, consultation, proposal, citizen, moderator, device
):
    draft = start_proposal(consultation, title="En borrador", body="Texto", by=citizen)
    hide_proposal(proposal, reason="Insulta", by=moderator)
    told = set()
    for code in ("zzzzzzzz", draft.code, proposal.code):
        with pytest.raises(Unreadable) as refusal:
            device.send(table_session, device.change("result", code, "dots", 1))
        told.add((refusal.value.status, refusal.value.word, str(refusal.value.reason)))
    assert [each[:2] for each in told] == [(422, "unknown")]


def test_a_change_that_came_for_another_session_is_not_answered_here(elsewhere, table_session, facilitator, device):
    sent = device.change("session", "", "notes", "Lo mío")
    device.send(table_session, sent)
    session, _uid = elsewhere
    theirs = Device(session, Device)
    theirs.by = None
    with pytest.raises(Unreadable):
        theirs.send(session, {**sent, "session": session.id})


def test_the_facilitator_of_another_region_and_a_code_of_another_session_send_nothing(
    table_session, elsewhere, other_facilitator, facilitator
):
    code, _plain = make_code(elsewhere[0], label="Teléfono", hours=4, by=other_facilitator)
    before = checksum()
    for by in (other_facilitator, code):
        device = Device(table_session, by)
        with pytest.raises(NotAllowed):
            device.send(table_session, device.change("session", "", "notes", "Ajeno"))
    assert checksum() == before


def test_a_code_enters_until_it_expires(table_session, facilitator):
    code, _plain = make_code(table_session, label="Teléfono de la sala", hours=4, by=facilitator)
    device = Device(table_session, code)
    assert states(device.send(table_session, device.change("session", "", "notes", "Con código"))) == ["applied"]
    with frozen(now() + timedelta(hours=4, seconds=1)), pytest.raises(NotAllowed):
        device.send(table_session, device.change("session", "", "notes", "Vencido"))
