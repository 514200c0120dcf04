"""What becomes of one change: a decision on plain values, without rows and without a clock."""

import json
import zlib
from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from consulta.core.errors import Invalid
from consulta.worksheets.fields import FIELDS, clean_value, held, whole

SHORTEST_UID = 32
IS_PUBLIC = _("Esta propuesta ya es pública y se queda como está. Lo que falte se anota en su resultado.")
IS_FULL = _("La hoja tiene más datos de los que caben en una sesión. Borra líneas que no sirvan.")
AT_ONCE = _("Son demasiados cambios de una vez. Se envían por partes.")
# What was kept in one of these states waits for the decision of a person.
ANSWERS = {"settled": "conflict", "admitted": "late", "dismissed": "late"}


@dataclass(frozen=True)
class Standing:
    """One field as it stands: its value, the version at which it last changed, and the device that wrote it.

    device: "" where it was written in a form without script, or by nobody.
    """

    value: object
    version: int = 0
    device: str = ""


@dataclass(frozen=True)
class Bounds:
    """What a session still keeps of one device's batch, whatever it says.

    why_not: why it keeps nothing more at all, or None. crowded: places in which as many conflicts of others wait as
    may. late: how many more places may wait for the secretariat. proposals: how many may become public at once.
    """

    why_not: object = None
    crowded: frozenset = frozenset()
    late: int = 2_000
    proposals: int = 100


@dataclass(frozen=True)
class Sent:
    """What is known of a change when it is decided.

    base: the version that the device knew, or the `mark_of` the value that it saw. newest: the highest sequence that
    came before from this device for this field, or None. waits: whether a conflict of this very device waits in this
    field. settles: whether it was sent to end conflicts.
    """

    value: object
    device: str
    base: int
    sequence: int
    newest: int | None = None
    waits: bool = False
    settles: bool = False


def decide(standing, sent, *, version, is_late):
    """Return the state of a change: applied, superseded, conflict or late.

    standing: the field's Standing. version: that of the whole worksheet: who says to know a higher one knows nothing
    (the site went back to a copy). is_late: whether the session takes no more entries.

    Of one device's changes the highest sequence holds, whichever order they arrive in; of several devices' changes none
    is written over unless its writer's successor had seen it. So every value is what stands, or waits, or was replaced
    by somebody who knew it.
    """
    if sent.newest is not None and sent.sequence < sent.newest:
        return "superseded"
    if sent.value == standing.value:
        return "applied"
    if is_late:
        return "late"
    saw = standing.version <= sent.base <= version or sent.base == mark_of(standing.value)
    knows = saw or standing.version == 0
    continues = standing.device == sent.device
    if sent.waits and not sent.settles:
        return "conflict"
    return "applied" if knows or continues else "conflict"


def mark_of(value):
    """Return the number below zero that devices are told for a version, of a value that a form wrote since.

    Reading gives nothing a version; that a device saw this very value is told by its mark.
    """
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return -1 - (zlib.crc32(text.encode()) >> 2)


def answered(state):
    """Return what a device is told of a change that came before, whatever people made of it since."""
    return ANSWERS.get(state, state)


@dataclass(frozen=True)
class Verdict:
    """What becomes of one change: its value as it is kept, its state ("refused" with the reason), and the change."""

    change: object
    value: object
    state: str
    reason: object = None


def judge(changes, *, device, standings, newest, waits, version, is_late, public=(), is_full=False, bounds=None):
    """Return the Verdicts on `changes` (of one device, in the order of their sequences), each on what the last left.

    standings: {place: Standing}, a place being (part, key, field). newest: {place: sequence}. waits: places in which
    a conflict of this device waits. public: uids of the room's proposals that are public and stay as they are.
    is_full: whether the worksheet holds as many fields as it may, so that no further ones begin.
    bounds: the Bounds of what the session still keeps.
    """
    bounds = bounds or Bounds()
    late, made = set(), set()
    standings, newest, waits, found = dict(standings), dict(newest), set(waits), []
    for change in changes:
        place = change.place
        try:
            value = clean_value(change.part, change.field, change.value)
        except Invalid as problem:
            found.append(Verdict(change, change.value, "refused", problem.reason))
            continue
        if bounds.why_not is not None or (is_full and place not in standings):
            found.append(Verdict(change, value, "refused", bounds.why_not or IS_FULL))
            continue
        if (change.part, change.field, value) == ("proposal", "ready", True):
            made.add(change.key)
            if len(made) > bounds.proposals:
                found.append(Verdict(change, value, "refused", AT_ONCE))
                continue
        standing = standings.get(place) or Standing(FIELDS[change.part][change.field].empty)
        sent = Sent(
            value=value,
            device=device,
            base=change.base,
            sequence=change.sequence,
            newest=newest.get(place),
            waits=place in waits,
            settles=bool(change.settles),
        )
        state = decide(standing, sent, version=version, is_late=is_late)
        if change.part == "proposal" and change.key in public and value != standing.value and state != "superseded":
            found.append(Verdict(change, value, "refused", IS_PUBLIC))
            continue
        late |= {place} if state == "late" else set()
        if len(late) > bounds.late or (state == "conflict" and place in bounds.crowded and place not in waits):
            late.discard(place)
            found.append(Verdict(change, value, "refused", IS_FULL))
            continue
        found.append(Verdict(change, value, state))
        newest[place] = max(change.sequence, newest.get(place, 0))
        if state == "applied":
            waits.discard(place)
            if value != standing.value:
                standings[place] = Standing(value, version + 1, device)
        if state == "conflict":
            waits.add(place)
    return found


def differences(values, rows):
    """Return {place: value} of what forms changed: where `rows` say something else than `values` would have them say.

    values: {place: value} as the register has it. rows: {(part, key): {field: value}} as `queries.rows_of` reads them.
    """
    held_there = {}
    for (part, key, field), value in values.items():
        held_there.setdefault((part, key), {})[field] = value
    found = {}
    for part, key in {**rows, **held_there}:
        had, row = held_there.get((part, key), {}), rows.get((part, key))
        changed = _gone(part, key, had) if row is None else _changed(part, had, row)
        found.update({(part, key, field): value for field, value in changed.items()})
    return found


def row_fields(before, after):
    """Return what is to be written for a row that said `before` and is to say `after` (as `whole` gives them).

    None where it is to be removed. Of fields that hold together only, both are written.
    """
    if after is None:
        return None
    said = {name: value for name, value in after.items() if before is None or before[name] != value}
    for pair in (("outcome", "group_number"), ("next_meeting", "next_on")):
        if said.keys() & set(pair):
            said.update({name: after[name] for name in pair})
    return said


def is_code(key):
    """Tell whether the key of a result is a proposal's code, and no uid of one that is still being written."""
    return len(key) < SHORTEST_UID


def _gone(part, key, had):
    if part == "proposal" or whole(part, had) is None or (part == "result" and not is_code(key)):
        return {}
    if part != "result":
        return {"dropped": True}
    return {name: FIELDS[part][name].empty for name, value in had.items() if value != FIELDS[part][name].empty}


def _changed(part, had, row):
    said = whole(part, row) or row
    expected = whole(part, had) or held(part, had)
    found = {name: value for name, value in said.items() if name in row and expected[name] != value}
    return {**found, "dropped": False} if had.get("dropped") else found
