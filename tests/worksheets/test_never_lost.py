"""Whatever order changes arrive in, and however often: one device's sheet ends the same, and two lose nothing."""

import itertools
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from consulta.worksheets import register
from consulta.worksheets.fields import FIELDS
from consulta.worksheets.protocol import Change
from consulta.worksheets.register import Standing, judge

PLACES = [("session", "", "notes"), ("result", "abc", "dots"), ("attendance", "uno", "sector")]
VALUES = {
    "notes": ["", "a", "ab", "abc", "x" * 5000],
    "dots": [None, 0, 3, 100_001],
    "sector": ["academia", "government", "", "nobody"],
}


@dataclass
class Sheet:
    """The site's side, as `actions.take_changes` keeps it: what stands, what came, and in which state it is kept."""

    standings: dict = field(default_factory=dict)
    kept: dict = field(default_factory=dict)
    version: int = 0
    is_late: bool = False

    def take(self, device, changes):
        """Take a batch in; returns {id: state}."""
        changes = sorted({each.id: each for each in changes}.values(), key=lambda each: each.sequence)
        fresh = [each for each in changes if each.id not in self.kept]
        own = [(change, state) for sender, change, state in self.kept.values() if sender == device]
        newest = {}
        for change, _state in own:
            newest[change.place] = max(change.sequence, newest.get(change.place, 0))
        found = judge(
            fresh,
            device=device,
            standings=self.standings,
            newest=newest,
            waits={change.place for change, state in own if state == "conflict"},
            version=self.version,
            is_late=self.is_late,
        )
        for verdict in found:
            place = verdict.change.place
            if verdict.state == "refused":
                continue
            for uid, (sender, change, state) in list(self.kept.items()):
                is_older = change.place == place and change.sequence < verdict.change.sequence
                if sender == device and state in ("conflict", "late") and is_older:
                    self.kept[uid] = (sender, change, "superseded")
            if verdict.state == "applied" and verdict.change.settles:
                self._settle(place)
            self.kept[verdict.change.id] = (device, verdict.change, verdict.state)
        last = {each.change.place: each.value for each in found if each.state == "applied"}
        changed = {place: value for place, value in last.items() if value != self.value(place)}
        if changed:
            self.version += 1
            for place, value in changed.items():
                self.standings[place] = Standing(value, self.version, device)
        return {each.change.id: each.state for each in found}

    def value(self, place):
        """Return what stands at `place`."""
        there = self.standings.get(place)
        return there.value if there else FIELDS[place[0]][place[2]].empty

    def _settle(self, place):
        for uid, (sender, change, state) in list(self.kept.items()):
            if change.place == place and state == "conflict":
                self.kept[uid] = (sender, change, "settled")


@some.composite
def typed(draw, device="d", most=12):
    """Changes of one device in the order in which they were made."""
    found = []
    for number in range(1, draw(some.integers(1, most)) + 1):
        part, key, name = draw(some.sampled_from(PLACES))
        value = draw(some.sampled_from(VALUES[name]))
        found.append(Change(f"{device}{number}", 1, part, key, name, value, 0, number, ""))
    return found


@some.composite
def deliveries(draw):
    """Changes of one device, and batches in which they all arrive at least once, in any order, some of them again."""
    changes = draw(typed())
    batches = draw(some.lists(some.lists(some.sampled_from(changes), min_size=1, max_size=5), max_size=6))
    rest = draw(some.permutations(changes))
    cut = draw(some.integers(0, len(rest)))
    return changes, draw(some.permutations([*batches, rest[:cut], rest[cut:]]))


@settings(max_examples=400, deadline=None)
@given(deliveries())
def test_one_device_ends_with_the_same_sheet_in_whatever_order_its_batches_arrive_and_however_often(delivered):
    changes, batches = delivered
    in_order, in_any = Sheet(), Sheet()
    in_order.take("d", changes)
    for batch in batches:
        in_any.take("d", batch)
    for place in PLACES:
        assert in_any.value(place) == in_order.value(place)
    assert not any(state == "conflict" for _sender, _change, state in in_any.kept.values())


# What two devices do, one act after the other.
ACTS = some.lists(
    some.tuples(
        some.sampled_from("de"),
        some.sampled_from(["write", "write", "write", "look", "again", "settle"]),
        some.sampled_from(["a", "ab", "abc", "otro", ""]),
    ),
    max_size=25,
)


@settings(max_examples=600, deadline=None)
@given(ACTS)
def test_what_two_devices_write_stands_or_waits_or_was_replaced_by_somebody_who_saw_it(acts):
    _play(acts)


def test_a_register_that_lets_everybody_write_over_everything_is_seen_to_lose(monkeypatch):
    monkeypatch.setattr(register, "decide", lambda *_args, **_more: "applied")
    with pytest.raises(AssertionError):
        _play([("d", "write", "a"), ("e", "write", "otro")])


def _play(acts):
    sheet, place, sent = Sheet(), PLACES[0], []
    known, sequences, seen = {"d": 0, "e": 0}, {"d": itertools.count(1), "e": itertools.count(1)}, {}
    for number, (device, act, text) in enumerate(acts):
        if act == "look":
            known[device] = sheet.standings[place].version if place in sheet.standings else 0
            seen[device] = sheet.value(place)
            continue
        if act == "again":
            before = sheet.value(place), sheet.version
            for change in [change for sender, change in sent if sender == device]:
                sheet.take(device, [change])
            assert (sheet.value(place), sheet.version) == before
            continue
        settles = act == "settle"
        change = Change(f"{number}", 1, *place, text, known[device], next(sequences[device]), "", settles)
        stood = sheet.standings.get(place, Standing("", 0, ""))
        state = sheet.take(device, [change])[change.id]
        sent.append((device, change))
        if state == "applied" and stood.value not in ("", text) and stood.device != device:
            # Somebody else's word was written over: its writer's successor had looked at that very version.
            assert known[device] >= stood.version
        if state == "conflict":
            assert sheet.kept[change.id][2] == "conflict"
            assert sheet.value(place) == stood.value
    for device in "de":
        mine = [change for sender, change in sent if sender == device]
        if not mine:
            continue
        last = mine[-1]
        state = sheet.kept[last.id][2]
        assert state in ("applied", "conflict", "settled")


@settings(max_examples=200, deadline=None)
@given(deliveries())
def test_late_parts_change_nothing_and_the_last_of_each_field_waits(delivered):
    changes, batches = delivered
    sheet = Sheet(is_late=True)
    for batch in batches:
        sheet.take("d", batch)
    assert sheet.version == 0
    for place in PLACES:
        waiting = [change for _sender, change, state in sheet.kept.values() if (change.place, state) == (place, "late")]
        assert len(waiting) <= 1
