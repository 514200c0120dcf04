"""What one room, or a code that got abroad, may fill: above it a change is refused, and the device keeps it."""

from dataclasses import replace

import pytest

from consulta.tables.actions import make_code, submit_session
from consulta.worksheets import queries, rules
from tests.worksheets.devices import Device, new_uid, states


@pytest.fixture
def code(table_session, facilitator):
    """The code of a shared phone."""
    return make_code(table_session, label="Teléfono", hours=4, by=facilitator)[0]


@pytest.fixture
def few(monkeypatch):
    """Return what makes the ceilings of codes lower."""
    return lambda **limits: monkeypatch.setattr(rules, "OF_CODES", replace(rules.OF_CODES, **limits))


def proposed(device, title):
    """Return the changes that make a proposal of the room public."""
    uid = new_uid()
    said = (("title", title), ("body", "Que se haga."), ("ready", True))
    return [device.change("proposal", uid, field, value) for field, value in said]


def test_a_room_makes_so_many_proposals_and_the_facilitator_some_more(table_session, facilitator, code, few):
    few(proposals=2)
    device = Device(table_session, code)
    for at in range(2):
        assert set(states(device.send(table_session, *proposed(device, f"Idea número {at}")))) == {"applied"}
    third = device.send(table_session, *proposed(device, "Una idea más"))
    assert set(states(third)) == {"refused"}
    assert all(third.refused.values())
    assert len(queries.room_of(table_session)) == 2
    hers = Device(table_session, facilitator)
    assert set(states(hers.send(table_session, *proposed(hers, "La idea que faltaba")))) == {"applied"}


def test_of_one_batch_ten_proposals_become_public(table_session, code):
    device = Device(table_session, code)
    many = [proposed(device, f"Idea número {at}") for at in range(11)]
    answer = device.send(table_session, *(change for changes in many for change in changes))
    assert [states(answer)[at] for at in (29, 32)] == ["applied", "refused"]
    assert len(queries.room_of(table_session)) == 10
    again = {**many[10][2], "id": device.change("session", "", "notes", "")["id"]}
    assert states(device.send(table_session, again)) == ["applied"]


def test_in_one_field_ten_conflicts_wait(table_session, code, facilitator):
    first = Device(table_session, code)
    first.send(table_session, first.change("session", "", "notes", "base"))
    devices = [Device(table_session, code) for _each in range(11)]
    sent = [each.send(table_session, each.change("session", "", "notes", each.id)) for each in devices]
    assert [states(each)[0] for each in sent] == ["conflict"] * 10 + ["refused"]
    # Whoever waits there already goes on writing, in its own place.
    devices[0].versions.clear()
    assert states(devices[0].send(table_session, devices[0].change("session", "", "notes", "otra"))) == ["conflict"]
    hers = Device(table_session, facilitator)
    assert states(hers.send(table_session, hers.change("session", "", "notes", "suyo"))) == ["conflict"]
    assert queries.count_waiting(table_session) == {"conflict": 11}


def test_so_many_devices_and_so_many_changes_are_kept(table_session, code, facilitator, few):
    few(devices=2, changes=4)
    one, two, three = (Device(table_session, code) for _each in range(3))
    for device in (one, two):
        assert states(device.send(table_session, device.change("session", "", "notes", device.id)))
    assert states(three.send(table_session, three.change("session", "", "count_note", "x"))) == ["refused"]
    sent = [one.change("session", "", "notes", text) for text in ("a", "b")]
    assert "refused" not in states(one.send(table_session, *sent))
    answer = one.send(table_session, one.change("session", "", "notes", "c"), sent[0])
    assert states(answer)[-1] == "refused"
    assert answer.taken[sent[0]["id"]] != "refused"
    hers = Device(table_session, facilitator)
    assert states(hers.send(table_session, hers.change("session", "", "count_note", "y"))) == ["applied"]


def test_so_many_late_changes_wait(table_session, code, facilitator, few):
    few(late=3)
    device = Device(table_session, code)
    submit_session(table_session, by=facilitator)
    sent = [device.change("agenda", new_uid(), "development", "Tarde") for _each in range(5)]
    assert states(device.send(table_session, *sent[:2])) == ["late", "late"]
    assert states(device.send(table_session, *sent[2:])) == ["late", "refused", "refused"]
    assert [queries.count_waiting(table_session)] == [{"late": 3}]
