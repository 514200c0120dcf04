"""How a device and the site keep one worksheet between them: the whole protocol, on one page.

A device works on its own copy of a worksheet and keeps a queue of changes. Whatever is cut off is sent again: a change
counts once. All is JSON; every answer has `Cache-Control: no-store`. ID is the number of the session.

GET /sesiones/ID/hoja/datos?device=UUID[&codes=CODE,CODE] gives the worksheet as it stands, and a `csrf` token:
  {"protocol": 1, "version": V, "now": instant, "csrf": text, "person": {uid, via: "account"|"code", label, until},
   "session": {id, title, table, place, starts, ends, zone, state, dots_per_person, dots_per_proposal, return_note,
               why_not, agenda: [{id, kind, block, starts, ends, title}], handing_in, forms},
   "proposals": [{code, reference, title, body, theme, address}], "themes": [{id, title}],
   "labels": {list: [[word, label]]}, "limits": {part: {field: number}}, "conflicts": [...],
   "fields": [[part, key, field, value, version, mine]], "room": {uid: {code, tracking_code, address, title}}}
POST there, with the header X-CSRFToken: {"protocol": 1, "device": UUID, "seen": V, "changes": [...]}, at most 500:
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
changed; forms without script raise them too (device ""). States of a change:
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
