"""What comes when a session takes no more entries: kept apart, admitted or dismissed with a reason."""

from datetime import timedelta

import pytest

from consulta.agreements.queries import agreements_of
from consulta.core.clock import frozen
from consulta.core.errors import Conflict, Invalid, NotAllowed
from consulta.core.extensions import db
from consulta.core.record import Entry
from consulta.tables.actions import (
    check_session,
    make_code,
    return_session,
    submit_session,
)
from consulta.tables.queries import attendances_of, result_on
from consulta.worksheets import queries
from consulta.worksheets.actions import admit_late, dismiss_late
from consulta.worksheets.models import WorksheetChange
from tests.worksheets.devices import Device, new_uid, states


def test_what_comes_after_the_session_was_handed_in_waits_for_the_secretariat(
    table_session, facilitator, moderator, device
):
    device.send(table_session, device.change("session", "", "notes", "en la sala"))
    submit_session(table_session, by=facilitator)
    late = device.change("session", "", "notes", "en la sala, y más")
    assert states(device.send(table_session, late)) == ["late"]
    assert states(device.send(table_session, late)) == ["late"]
    assert table_session.notes == "en la sala"
    (waits,) = queries.late_in(table_session)
    assert (waits.row.value, waits.standing, waits.by) == ("en la sala, y más", "en la sala", facilitator.name)
    with pytest.raises(Conflict):
        admit_late(table_session, [late["id"]], reason="Llegó tarde por la línea", by=moderator)
    return_session(table_session, note="Falta lo que llegó tarde", by=moderator)
    with pytest.raises(Invalid):
        admit_late(table_session, [late["id"]], reason=" ", by=moderator)
    with pytest.raises(NotAllowed):
        admit_late(table_session, [late["id"]], reason="Porque sí", by=facilitator)
    admit_late(table_session, [late["id"]], reason="Llegó tarde por la línea", by=moderator)
    db.session.refresh(table_session)
    assert table_session.notes == "en la sala, y más"
    entry = db.session.query(Entry).filter_by(event="worksheet.late_admitted").one()
    assert (entry.reason, entry.details["fields"]) == ("Llegó tarde por la línea", 1)
    assert states(device.send(table_session, late)) == ["late"]


def test_what_comes_after_the_phase_closed_is_late_and_may_be_dismissed(
    table_session, consultation, proposal, moderator, device
):
    closes = max(phase.closes_at for phase in consultation.phases if phase.kind == "tables")
    with frozen(closes + timedelta(minutes=1)):
        late = device.change("result", proposal.code, "dots", 3)
        assert states(device.send(table_session, late)) == ["late"]
        dismiss_late(table_session, [late["id"]], reason="La mesa ya había cerrado", by=moderator)
        assert queries.late_in(table_session) == []
        assert result_on(table_session, proposal) is None
        with pytest.raises(Conflict):
            dismiss_late(table_session, [late["id"]], reason="Otra vez", by=moderator)
    assert db.session.get(WorksheetChange, late["id"]).state == "dismissed"


def test_what_came_late_is_admitted_into_an_open_session_whose_phase_is_over(
    table_session, consultation, proposal, moderator, device
):
    closes = max(phase.closes_at for phase in consultation.phases if phase.kind == "tables")
    with frozen(closes + timedelta(minutes=1)):
        uid = new_uid()
        late = [
            device.change("result", proposal.code, "dots", 3),
            device.change("attendance", uid, "sector", "academia"),
            device.change("agenda", uid, "title", "Varios"),
            device.change("agreement", uid, "kind", "task"),
            device.change("agreement", uid, "text", "Publicar el calendario"),
            device.change("session", "", "ended", "18:00"),
            device.change("session", "", "started", "15:00"),
        ]
        assert set(states(device.send(table_session, *late))) == {"late"}
        admit_late(table_session, [each["id"] for each in late], reason="Estaba en el teléfono", by=moderator)
        db.session.expire_all()
        assert result_on(table_session, proposal).dots == 3
        assert [each.uid for each in attendances_of(table_session)] == [uid]
        assert [each["title"] for each in table_session.agenda] == ["Varios"]
        assert [each.text for each in agreements_of(table_session)] == ["Publicar el calendario"]
        assert (table_session.ends_at - table_session.starts_at).seconds == 3 * 3600


def test_of_one_field_the_last_late_word_of_a_device_waits(table_session, facilitator, device):
    submit_session(table_session, by=facilitator)
    for text in ("u", "un", "uno"):
        device.send(table_session, device.change("session", "", "notes", text))
    assert [each.row.value for each in queries.late_in(table_session)] == ["uno"]


def test_whoever_sent_what_came_late_confirms_nothing_whether_it_is_admitted_or_not(
    table_session, facilitator, second_facilitator, moderator
):
    code, _plain = make_code(table_session, label="Suya", hours=2, by=second_facilitator)
    phone = Device(table_session, code)
    submit_session(table_session, by=facilitator)
    late = phone.change("session", "", "notes", "de la segunda persona")
    assert states(phone.send(table_session, late)) == ["late"]
    assert {code.uid, second_facilitator.uid} <= set(table_session.hands)
    with pytest.raises(NotAllowed):
        check_session(table_session, by=second_facilitator)
    return_session(table_session, note="Falta lo que llegó tarde", by=moderator)
    table_session.hands = []
    db.session.commit()
    admit_late(table_session, [late["id"]], reason="Estaba en el teléfono", by=moderator)
    assert set(table_session.hands) == {moderator.uid, code.uid, second_facilitator.uid}


def test_whoever_wrote_half_a_line_or_the_word_that_another_let_stand_confirms_nothing(
    table_session, facilitator, second_facilitator
):
    hers, seconds, uid = Device(table_session, facilitator), Device(table_session, second_facilitator), new_uid()
    # Half an agreement makes no row yet: the other half, from somebody else, lets it stand.
    seconds.send(table_session, seconds.change("agreement", uid, "text", "De la segunda persona"))
    assert table_session.hands == [second_facilitator.uid]
    table_session.hands = []
    db.session.commit()
    hers.send(table_session, hers.change("session", "", "notes", "una"))
    unseen = seconds.change("session", "", "notes", "otra", base=0)
    assert states(seconds.send(table_session, unseen)) == ["conflict"]
    assert second_facilitator.uid in table_session.hands
    table_session.hands = []
    db.session.commit()
    hers.look(table_session)
    hers.send(table_session, hers.change("session", "", "notes", "otra", settles=True))
    assert set(table_session.hands) == {facilitator.uid, second_facilitator.uid}
    submit_session(table_session, by=facilitator)
    with pytest.raises(NotAllowed):
        check_session(table_session, by=second_facilitator)
