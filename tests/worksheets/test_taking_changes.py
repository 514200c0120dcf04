"""What becomes of what devices send: once each, in their order, nothing over somebody else's head."""

import random

import pytest

from consulta.agreements.queries import agreements_of
from consulta.core.extensions import db
from consulta.core.record import Entry
from consulta.proposals.models import Proposal
from consulta.tables.actions import (
    convene_session,
    enter_result,
    note_attendance,
    open_session,
)
from consulta.tables.queries import attendances_of, result_on
from consulta.worksheets import actions, queries
from consulta.worksheets.fields import whole
from consulta.worksheets.models import RoomProposal, WorksheetChange
from consulta.worksheets.tracking import new_code, read_code
from tests.worksheets.devices import Device, new_uid, standing, states


def test_what_was_typed_field_by_field_becomes_rows(table_session, proposal, device):
    line, agreement = new_uid(), new_uid()
    answer = device.send(
        table_session,
        device.change("attendance", line, "sector", "civil_society"),
        device.change("attendance", line, "named", "  Fundación   Puelche "),
        device.change("attendance", line, "heads", 4),
        device.change("attendance", line, "attended", True),
        device.change("result", proposal.code, "outcome", "keep"),
        device.change("result", proposal.code, "dots", 7),
        device.change("result", proposal.code, "reasons", "Sirve a todos."),
        device.change("agreement", agreement, "kind", "task"),
        device.change("agreement", agreement, "text", "Publicar el calendario"),
        device.change("agreement", agreement, "terms", ["en dos semanas", ""]),
        device.change("session", "", "notes", "Sin novedad."),
        device.change("session", "", "started", "15:10"),
    )
    assert set(states(answer)) == {"applied"}
    (row,) = attendances_of(table_session)
    assert (row.uid, row.name, row.sector, row.heads, row.attended) == (
        line,
        "Fundación Puelche",
        "civil_society",
        4,
        True,
    )
    said = result_on(table_session, proposal)
    assert (said.outcome, said.dots, said.reasons) == ("keep", 7, "Sirve a todos.")
    (task,) = agreements_of(table_session)
    assert (task.uid, task.text, task.terms) == (agreement, "Publicar el calendario", ["en dos semanas"])
    assert table_session.notes == "Sin novedad."
    assert standing(table_session)["attendance", line, "named"] == "Fundación Puelche"


def test_agreements_stand_in_the_order_in_which_they_were_written(table_session, device):
    uids = [new_uid() for _each in range(6)]
    changes = [device.change("agreement", uid, "kind", "task") for uid in uids]
    changes += [device.change("agreement", uid, "text", f"Tarea {at}") for at, uid in enumerate(uids)]
    device.send(table_session, *changes)
    assert [each.uid for each in agreements_of(table_session)] == uids


def test_a_batch_sent_three_times_counts_once(table_session, proposal, device):
    changes = [device.change("result", proposal.code, "dots", 3), device.change("session", "", "notes", "Uno")]
    first = device.send(table_session, *changes)
    before = queries.version_of(table_session), standing(table_session)
    for _again in range(2):
        again = device.send(table_session, *changes)
        assert again.taken == first.taken
    assert (queries.version_of(table_session), standing(table_session)) == before
    assert db.session.query(WorksheetChange).count() == 2


def test_of_one_device_the_higher_sequence_holds_whichever_comes_first(table_session, device):
    first = device.change("session", "", "notes", "ho")
    second = device.change("session", "", "notes", "hola")
    assert states(device.send(table_session, second)) == ["applied"]
    assert states(device.send(table_session, first)) == ["superseded"]
    assert standing(table_session)["session", "", "notes"] == "hola"


def test_a_device_whose_clock_is_a_day_off_is_believed_by_its_sequence(table_session, device):
    later = device.change("session", "", "notes", "primero", at="2030-01-01T00:00:00Z")
    earlier = device.change("session", "", "notes", "segundo", at="1999-01-01T00:00:00Z")
    device.send(table_session, later)
    assert states(device.send(table_session, earlier)) == ["applied"]
    assert standing(table_session)["session", "", "notes"] == "segundo"


def test_two_devices_that_write_the_same_field_are_both_kept(table_session, device, other_device):
    device.send(table_session, device.change("session", "", "notes", "de una"))
    answer = other_device.send(table_session, {**other_device.change("session", "", "notes", "de otra"), "base": 0})
    assert states(answer) == ["conflict"]
    assert standing(table_session)["session", "", "notes"] == "de una"
    (waiting,) = queries.waiting_in(table_session)
    assert (waiting.value, waiting.state) == ("de otra", "conflict")


def test_two_devices_that_say_the_same_are_in_no_conflict(table_session, device, other_device):
    device.send(table_session, device.change("session", "", "notes", "igual"))
    answer = other_device.send(table_session, {**other_device.change("session", "", "notes", "igual "), "base": 0})
    assert states(answer) == ["applied"]


def test_what_somebody_saw_they_may_write_over(table_session, device, other_device):
    device.send(table_session, device.change("session", "", "notes", "de una"))
    other_device.look(table_session)
    assert states(other_device.send(table_session, other_device.change("session", "", "notes", "mejor"))) == ["applied"]


def test_a_conflict_is_settled_by_whoever_knows_both_and_the_record_tells(table_session, device, other_device):
    device.send(table_session, device.change("session", "", "notes", "de una"))
    lost = {**other_device.change("session", "", "notes", "de otra"), "base": 0}
    other_device.send(table_session, lost)
    blind = {**other_device.change("session", "", "notes", "de las dos", settles=True), "base": 0}
    assert states(other_device.send(table_session, blind)) == ["conflict"]
    seen = other_device.change("session", "", "notes", "de las dos", settles=True)
    assert states(other_device.send(table_session, seen)) == ["applied"]
    assert queries.waiting_in(table_session) == []
    assert standing(table_session)["session", "", "notes"] == "de las dos"
    entry = db.session.query(Entry).filter_by(event="worksheet.conflict_settled").one()
    assert entry.details == {"part": "session", "field": "notes", "versions": 2}
    assert "de una" not in str(entry.details)


def test_a_conflict_may_be_settled_by_leaving_what_stands(table_session, device, other_device):
    device.send(table_session, device.change("session", "", "notes", "de una"))
    lost = {**other_device.change("session", "", "notes", "de otra"), "base": 0}
    other_device.send(table_session, lost)
    device.look(table_session)
    device.send(table_session, device.change("session", "", "notes", "de una", settles=[lost["id"]]))
    assert queries.waiting_in(table_session) == []


def test_settling_names_what_it_ends_and_leaves_what_came_meanwhile(table_session, facilitator, device, other_device):
    third = Device(table_session, facilitator)
    device.send(table_session, device.change("session", "", "notes", "uno"))
    seen = {**other_device.change("session", "", "notes", "dos"), "base": 0}
    other_device.send(table_session, seen)
    third.send(table_session, {**third.change("session", "", "notes", "tres"), "base": 0})
    device.look(table_session)
    device.send(table_session, device.change("session", "", "notes", "uno y dos", settles=[seen["id"]]))
    assert [each.value for each in queries.waiting_in(table_session)] == ["tres"]


def test_further_words_of_a_device_in_conflict_wait_in_place_of_the_earlier(table_session, device, other_device):
    device.send(table_session, device.change("session", "", "notes", "de una"))
    for text in ("d", "de", "de otra"):
        other_device.send(table_session, {**other_device.change("session", "", "notes", text), "base": 0})
    assert [each.value for each in queries.waiting_in(table_session)] == ["de otra"]


def test_what_a_form_wrote_is_not_written_over_by_a_device_that_had_not_seen_it(
    table_session, facilitator, proposal, device
):
    device.send(table_session, device.change("result", proposal.code, "reasons", "del teléfono"))
    enter_result(table_session, proposal, outcome="keep", reasons="del formulario", by=facilitator)
    answer = device.send(table_session, device.change("result", proposal.code, "reasons", "del teléfono, más"))
    assert states(answer) == ["conflict"]
    assert result_on(table_session, proposal).reasons == "del formulario"


def test_a_device_that_loads_the_worksheet_knows_what_forms_wrote(table_session, facilitator, proposal, device):
    enter_result(table_session, proposal, outcome="keep", reasons="del formulario", by=facilitator)
    device.look(table_session)
    assert device.values["result", proposal.code, "reasons"] == "del formulario"
    answer = device.send(table_session, device.change("result", proposal.code, "reasons", "corregido"))
    assert states(answer) == ["applied"]
    assert result_on(table_session, proposal).reasons == "corregido"


def test_a_device_that_saw_one_word_of_a_form_writes_over_no_later_one(table_session, facilitator, proposal, device):
    enter_result(table_session, proposal, outcome="keep", reasons="del formulario", by=facilitator)
    device.look(table_session)
    enter_result(table_session, proposal, outcome="keep", reasons="del formulario, después", by=facilitator)
    answer = device.send(table_session, device.change("result", proposal.code, "reasons", "corregido"))
    assert states(answer) == ["conflict"]
    assert result_on(table_session, proposal).reasons == "del formulario, después"


def test_what_forms_wrote_is_taken_over_once(table_session, facilitator, proposal, device):
    enter_result(table_session, proposal, outcome="group", group_number=2, by=facilitator)
    note_attendance(
        table_session, [{"sector": "academia", "institution": "Universidad", "attended": True}], by=facilitator
    )
    device.send(table_session, device.change("session", "", "notes", "Uno"))
    version = queries.version_of(table_session)
    device.send(table_session, device.change("session", "", "notes", "Dos"))
    assert queries.version_of(table_session) == version + 1


def test_a_line_that_a_form_removed_is_struck_out_and_may_be_brought_back(table_session, facilitator, device):
    line = new_uid()
    device.send(
        table_session,
        device.change("attendance", line, "sector", "academia"),
        device.change("attendance", line, "heads", 3),
    )
    note_attendance(table_session, [], by=facilitator)
    device.look(table_session)
    assert device.values["attendance", line, "dropped"] is True
    device.send(table_session, device.change("attendance", line, "dropped", False))
    (row,) = attendances_of(table_session)
    assert (row.uid, row.heads) == (line, 3)


def test_what_is_half_entered_is_kept_and_is_on_no_page(table_session, proposal, device):
    line, agreement = new_uid(), new_uid()
    answer = device.send(
        table_session,
        device.change("attendance", line, "named", "Junta de vec"),
        device.change("agreement", agreement, "owner", "La subsecretaría"),
        device.change("result", proposal.code, "outcome", "group"),
    )
    assert set(states(answer)) == {"applied"}
    assert attendances_of(table_session) == []
    assert result_on(table_session, proposal).outcome == "none"
    assert standing(table_session)["result", proposal.code, "outcome"] == "group"
    assert queries.unfinished_in(table_session) == [
        ("attendance", "Junta de vec"),
        ("agreement", "La subsecretaría"),
    ]
    device.send(table_session, device.change("result", proposal.code, "group_number", 3))
    assert (result_on(table_session, proposal).outcome, result_on(table_session, proposal).group_number) == ("group", 3)


def test_a_value_that_will_not_do_is_refused_alone_and_says_why(table_session, proposal, device):
    answer = device.send(
        table_session,
        device.change("result", proposal.code, "dots", 100_001),
        device.change("result", proposal.code, "votes_for", 5),
        device.change("session", "", "notes", "x" * 5000),
        device.change("session", "", "next_on", "31-02-2026"),
    )
    assert states(answer) == ["refused", "applied", "refused", "refused"]
    assert len(answer.refused) == 3
    assert result_on(table_session, proposal).votes_for == 5
    assert db.session.query(WorksheetChange).count() == 1


def test_a_proposal_of_the_room_is_public_with_its_code_once_it_is_ready(table_session, facilitator, device):
    uid, code = new_uid(), new_code()
    drafted = [
        device.change("proposal", uid, "title", "Una ventanilla"),
        device.change("proposal", uid, "body", "Que haya una sola."),
        device.change("proposal", uid, "tracking_code", code),
        device.change("result", uid, "dots", 9),
    ]
    device.send(table_session, *drafted)
    assert db.session.query(Proposal).count() == 0
    made = [
        device.change("proposal", uid, "title", "Una ventanilla única"),
        device.change("proposal", uid, "body", "Que haya una sola."),
        device.change("proposal", uid, "ready", True),
    ]
    for _again in range(3):
        answer = device.send(table_session, *made)
        assert set(states(answer)) == {"applied"}
    (row,) = db.session.query(RoomProposal).all()
    assert (row.uid, row.tracking_code, row.proposal.title) == (uid, code, "Una ventanilla única")
    assert queries.tracked(read_code(code.lower().replace("-", " "))).id == row.proposal_id
    assert result_on(table_session, row.proposal).dots == 9
    assert standing(table_session)["result", row.proposal.code, "dots"] == 9
    late = device.send(table_session, device.change("proposal", uid, "title", "Otra cosa"))
    assert states(late) == ["refused"]
    more = device.send(table_session, device.change("result", uid, "outcome", "keep"))
    assert states(more) == ["applied"]
    assert result_on(table_session, row.proposal).outcome == "keep"


def test_a_worksheet_that_is_full_takes_no_further_lines_and_goes_on_otherwise(table_session, device, monkeypatch):
    device.send(table_session, device.change("session", "", "notes", "Uno"))
    monkeypatch.setattr(actions, "MOST_FIELDS", 0)
    answer = device.send(
        table_session,
        device.change("attendance", new_uid(), "heads", 3),
        device.change("session", "", "notes", "Dos"),
    )
    assert states(answer) == ["refused", "applied"]


def test_a_tracking_code_belongs_to_one_proposal(table_session, device):
    code = new_code()
    for at in range(2):
        uid = new_uid()
        answer = device.send(
            table_session,
            device.change("proposal", uid, "title", f"Propuesta {at}"),
            device.change("proposal", uid, "body", "Texto"),
            device.change("proposal", uid, "tracking_code", code),
            device.change("proposal", uid, "ready", True),
        )
    assert set(states(answer)) == {"refused"}
    assert db.session.query(Proposal).count() == 1


def test_a_session_that_nobody_opened_is_opened_by_the_first_changes(table, facilitator, moderator):
    session = convene_session(table, title="Segunda sesión", by=moderator)
    device = Device(session, facilitator)
    device.send(session, device.change("session", "", "notes", "Comenzamos"))
    db.session.refresh(session)
    assert session.opened_at is not None


def test_an_item_of_the_agenda_is_not_dropped_and_a_heading_is(table, facilitator, moderator):
    session = convene_session(table, title="Con agenda", agenda=[{"title": "Apertura"}], by=moderator)
    open_session(session, by=facilitator)
    device, heading = Device(session, facilitator), new_uid()
    item = session.agenda[0]["id"]
    answer = device.send(
        session,
        device.change("agenda", item, "development", "Se abrió a la hora"),
        device.change("agenda", heading, "title", "Varios"),
    )
    assert set(states(answer)) == {"applied"}
    answer = device.send(
        session, device.change("agenda", item, "dropped", True), device.change("agenda", heading, "dropped", True)
    )
    assert states(answer) == ["refused", "applied"]
    db.session.refresh(session)
    assert [each["id"] for each in session.agenda] == [item]
    assert session.agenda[0]["development"] == "Se abrió a la hora"


@pytest.mark.parametrize("seed", range(3))
def test_batches_in_any_order_and_again_leave_the_same_rows(
    seed, table, table_session, facilitator, moderator, proposal
):
    chance = random.Random(seed)
    uids = [new_uid() for _each in range(3)]
    written = []
    for _each in range(60):
        uid = chance.choice(uids)
        written.append(
            chance.choice(
                [
                    ("result", proposal.code, "outcome", chance.choice(["group", "keep", "none"])),
                    ("result", proposal.code, "group_number", chance.choice([None, 1, 2])),
                    ("result", proposal.code, "reasons", chance.choice(["", "a", "a b "])),
                    ("attendance", uid, "sector", chance.choice(["academia", "government", None])),
                    ("attendance", uid, "named", chance.choice(["", "Uno", "Uno  y dos"])),
                    ("attendance", uid, "dropped", chance.choice([True, False])),
                    ("agreement", uid, "text", chance.choice(["", "Una tarea", "Otra"])),
                    ("agreement", uid, "kind", chance.choice(["task", "rule"])),
                    ("agreement", uid, "dropped", chance.choice([True, False])),
                    ("session", "", "next_meeting", chance.choice([None, "dated", "none"])),
                    ("session", "", "next_on", chance.choice([None, "2027-03-01"])),
                    ("session", "", "ended", chance.choice([None, "18:00", "09:00"])),
                    ("session", "", "started", chance.choice([None, "15:00"])),
                ]
            )
        )
    left = []
    for is_in_order in (True, False):
        session = convene_session(table, title=f"Sesión {is_in_order}", by=moderator)
        open_session(session, by=facilitator)
        device = Device(session, facilitator)
        changes = [device.change(*each) for each in written]
        if is_in_order:
            device.send(session, *changes)
        else:
            chance.shuffle(changes)
            cuts = [changes[at : at + 7] for at in range(0, len(changes), 7)]
            for batch in [*cuts, *chance.sample(cuts, 4)]:
                device.send(session, *batch)
        db.session.rollback()
        rows = {place: row for place, row in queries.rows_of(session).items() if place[0] != "agenda"}
        left.append((standing(session), {place: whole(place[0], row) for place, row in rows.items()}))
        # Uids belong to one session: the next one is another room with lines of its own.
        written = [(part, key if part == "result" else key[::-1], *rest) for part, key, *rest in written]
    assert _turned(left[0]) == left[1]


def _turned(left):
    return tuple(
        {(part, key if part == "result" else key[::-1], *rest): value for (part, key, *rest), value in each.items()}
        for each in left
    )
