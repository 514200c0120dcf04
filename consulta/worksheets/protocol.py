"""How a device and the site keep one worksheet between them: the whole protocol, on one page.

A device works on its own copy of a worksheet and keeps a queue of changes. Whatever is cut off is sent again: a change
counts once. All is JSON; every answer has `Cache-Control: no-store`. ID is the number of the session.

GET /sesiones/ID/hoja/datos?device=UUID[&codes=CODE,CODE] gives the worksheet as it stands, and a `csrf` token:
  {"protocol": 1, "version": V, "now": instant, "csrf": text,
   "person": {uid, via: "account"|"code", label, until, hand: text},
   "session": {id, title, table, place, starts, ends, zone, state, dots_per_person, dots_per_proposal, return_note,
               why_not, agenda: [{id, kind, block, starts, ends, title}], handing_in, forms},
   "proposals": [{code, reference, title, body, theme, address}], "themes": [{id, title}],
   "labels": {list: [[word, label]]}, "limits": {part: {field: number}}, "conflicts": [...],
   "fields": [[part, key, field, value, version, mine]], "room": {uid: {code, tracking_code, address, title}}}
POST there, with the header X-CSRFToken: {"protocol": 1, "device": UUID, "seen": V, "hands": [text], "changes": [...]},
hands: `person.hand` of those under whose name the changes were written, for one may send what another left on a shared
phone, and none of them confirms the session; left out where it is the sender. Changes, at most 500:
  {"id": UUID, "session": ID, "part", "key", "field", "value", "base": version of the field that the device knew (0 for
   none), "sequence": number, "at": what its clock says (told, never used), "settles": [ids] (to end conflicts)}
gives {"version": V2, "now", "state", "why_not": sentence or null, "taken": {id: state}, "refused": {id: sentence},
       "fields": [those changed since `seen`], "conflicts": [all open ones], "room": as above}. No changes: a poll.

Parts, their keys and fields are the table in `fields.py`: "session" (key ""), "agenda" (id of an item; a new id makes
a heading), "attendance", "agreement", "proposal" (a UUID made by the device), "result" (a proposal's code; or the UUID
of a "proposal" of this worksheet: once that is public, `room` tells its code, and its fields go on under the code).
Values: text "" when empty; number whole or null; flag true, false or null (nobody knows), mark true or false; word of
its list or null (an outcome: "none"); lines a list of texts; day "2026-11-21" or null; clock "15:10" on the clocks of
session.zone, or null. A field without an entry in `fields` is empty, at version 0. The site answers with the value as
it keeps it (blanks folded, NFC), which a device shows once nobody is typing in that field.

Order. `sequence` counts up for ever on a device (over all of its changes): of two changes of one device to one field
the higher holds, whichever came first; clocks are never asked. Versions are the site's, one for all that a batch
changed, below zero for what a form without script wrote since (device ""): send back what came. States of a change:
  applied     it is what stands (or did until a later one).
  superseded  this device had sent a later one of that field before.
  conflict    another device (or a form) wrote the field after `base`, and says something else: what stands stays, this
              waits until somebody ends it by a change whose `settles` names it (its id; or true: all of the field) and
              whose `base` is the present version; its value may be either, or both put together. Until then further
              ones of this device wait in its place.
  late        the session took no more entries (handed in, phase over): kept for the secretariat to admit or dismiss.
  refused     the value will not do (`refused` says why); not kept here: the device keeps it, and may send it again.
An id that came before answers what it answered, and does nothing. `dropped` strikes a line, agreement or heading out
(false brings it back with all it held). Something half entered (a line without sector, an agreement without text or
kind, a group without number, a heading without title) is kept here, and on no page until it is whole. A proposal
becomes public, once and as it is, by `ready`: send in ONE batch all of its fields and `ready`, each a new change; its
code for paper is made on the device. A session that nobody opened is opened by the first changes, where it may be.

Refused whole, nothing kept, {"error": word, "reason": sentence, "change": id or null}: 400 malformed (no JSON, NaN,
fractions, the same key twice, too deep, NUL or half characters: strip them before), 400 csrf (GET again, then send
again), 401 signed_out (neither account nor live code), 403 foreign (a change names another session, or what belongs
to one) and forbidden, 404, 413 too_large (over 500 changes or 1 MB: send fewer), 415 unsupported, 422 unknown (part,
field, key, kind of value, protocol), 429 and 503 busy (Retry-After: seconds). Where `change` names one, a device may
set that change aside, show it, and send the others.
A conflict: {part, key, field, theirs: {value, version, device, by, at}, yours: [{id, device, value, by, at}]}; `yours`
is what waits, of any device, at most one each.
Tracking codes: ten characters of Crockford's alphabet 0123456789ABCDEFGHJKMNPQRSTVWXYZ by chance and one to check
(`tracking.check_character`), shown and sent as "ABCDE-FGHJK-C"; I and L are read as 1, O as 0.
"""

import json
import re
from dataclasses import dataclass, replace

from flask_babel import lazy_gettext as _

from consulta.core.errors import Refused
from consulta.worksheets.fields import FIELDS, has_type

PROTOCOL = 1
MOST_CHANGES = 500
MOST_BYTES = 1024 * 1024
MOST_HANDS = 20
AT_LIMIT = 40

_UUID = re.compile(r"[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}")
# What stands for an item, a line, an agreement; a proposal's code in addresses.
_KEY = re.compile(r"[0-9A-Za-z_-]{1,36}")
_UNFIT = re.compile("[\x00\ud800-\udfff]")


class Unreadable(Refused):
    """A whole batch is refused; `word` tells a device why, `change` names the one that is at fault, or is None."""

    def __init__(self, status, word, reason, change=None):
        super().__init__(reason)
        self.status, self.word, self.change = status, word, change


@dataclass(frozen=True)
class Change:
    """One change as a device sent it; settles: the ids of the conflicts it ends, or True for all of its field."""

    id: str
    session: int
    part: str
    key: str
    field: str
    value: object
    base: int
    sequence: int
    at: str
    settles: object = ()

    @property
    def place(self):
        """Which field it is about."""
        return self.part, self.key, self.field

    def keyed(self, key):
        """Return the same change with another key."""
        return replace(self, key=key)


@dataclass(frozen=True)
class Batch:
    """What a device sent at once: its changes in the order in which they were made, and who wrote them (`hands`)."""

    device: str
    seen: int
    changes: tuple
    hands: tuple = ()


def read_batch(content, session_id):
    """Return the Batch that the bytes `content` spell, sent for the session of this number.

    Raises Unreadable, for the whole of it, where anything in it is not as the protocol says, or where one change is
    for another session. Whether a value will do (its length, a number's size) is decided for each change later.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable(413, "too_large", _("Es demasiado de una vez. El teléfono tiene que enviarlo por partes."))
    found = _parsed(content)
    if not isinstance(found, dict) or found.get("protocol") != PROTOCOL or found["protocol"] is True:
        raise _unknown(_("El teléfono usa otra versión de la hoja. Con conexión, carga la página de nuevo."))
    changes = found.get("changes")
    if not isinstance(changes, list):
        raise _unknown(_("Falta la lista de cambios."))
    if len(changes) > MOST_CHANGES:
        raise Unreadable(413, "too_large", _("Son demasiados cambios de una vez. Se envían por partes."))
    read = [_change(each, session_id) for each in changes]
    if len({each.id: each for each in read}) < len({(each.id, repr(each)) for each in read}):
        raise _unknown(_("Dos cambios distintos llevan el mismo identificador."))
    device, seen = _uuid(found.get("device"), None), _count(found.get("seen"), None)
    once = {each.id: each for each in read}.values()
    return Batch(device, seen, tuple(sorted(once, key=lambda each: each.sequence)), _hands(found.get("hands", [])))


def _parsed(content):
    try:
        return json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_without_repeats,
            parse_constant=_no_number,
            parse_float=_no_number,
        )
    except (ValueError, RecursionError):
        raise Unreadable(400, "malformed", _("Lo que llegó está dañado y no se guardó nada.")) from None


def _without_repeats(pairs):
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("the same key twice")
    return found


def _no_number(text):
    raise ValueError(text)


def _change(sent, session_id):
    if not isinstance(sent, dict):
        raise _unknown(_("Un cambio no tiene la forma esperada."))
    uid = _uuid(sent.get("id"), None)
    if isinstance(sent.get("session"), bool) or sent.get("session") != session_id:
        raise foreign(uid)
    part, key, name = (_text(sent.get(each), uid) for each in ("part", "key", "field"))
    field = FIELDS.get(part, {}).get(name)
    if field is None or not (key == "" if part == "session" else _KEY.fullmatch(key)):
        raise _unknown(_("La hoja no tiene el dato que el teléfono envió."), uid)
    if part == "proposal":
        _uuid(key, uid)
    value = sent.get("value")
    if "value" not in sent or not has_type(field, value):
        raise _unknown(_("Un valor no es de la clase que va en ese dato."), uid)
    for text in value if isinstance(value, list) else [value]:
        if isinstance(text, str):
            _text(text, uid)
    return Change(
        id=uid,
        session=session_id,
        part=part,
        key=key.lower() if part in ("result", "proposal") else key,
        field=name,
        value=value,
        base=_count(sent.get("base"), uid, least=1 - 2**31),
        sequence=_count(sent.get("sequence"), uid),
        at=_text(sent.get("at", ""), uid)[:AT_LIMIT],
        settles=_settles(sent.get("settles"), uid),
    )


def _hands(sent):
    if not isinstance(sent, list) or len(sent) > MOST_HANDS:
        raise _unknown(_("Un cambio no tiene la forma esperada."))
    return tuple(_text(each, None) for each in sent)


def foreign(change=None):
    """Return the refusal of a batch of which one change is about another session."""
    reason = _("Uno de los cambios es de otra sesión, así que no se guardó nada de este envío.")
    return Unreadable(403, "foreign", reason, change)


def unknown_key(change):
    """Return the refusal of a batch of which one change is about something that does not exist."""
    return _unknown(_("Una de las propuestas de este envío no existe."), change)


def _unknown(reason, change=None):
    return Unreadable(422, "unknown", reason, change)


def _settles(value, change):
    if value in (None, False) or value is True:
        return value or ()
    if not isinstance(value, list) or len(value) > MOST_CHANGES:
        raise _unknown(_("Un cambio no tiene la forma esperada."), change)
    return tuple(_uuid(each, change) for each in value)


def _uuid(value, change):
    if not _UUID.fullmatch(_text(value, change)):
        raise _unknown(_("Un identificador no tiene la forma esperada."), change)
    return value.lower()


def _count(value, change, least=0):
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value < 2**31:
        raise _unknown(_("Un número de orden no tiene la forma esperada."), change)
    return value


def _text(value, change):
    if not isinstance(value, str):
        raise _unknown(_("Un cambio no tiene la forma esperada."), change)
    if _UNFIT.search(value):
        reason = _("Un texto contiene caracteres que no se pueden guardar. Escríbelo de nuevo sin ellos.")
        raise Unreadable(400, "malformed", reason, change)
    return value
