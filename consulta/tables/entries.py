"""What people and devices send about a session, checked and cleaned: texts, lines, numbers, days, times.

Nothing here reads or writes rows. Each part of a session has one list of its fields with how each is cleaned;
`cleaned` takes some of them, whatever their type (devices send JSON), and raises Invalid naming the one that will not
do. A field that is not given is not touched.
"""

import hashlib
import re
import secrets
from datetime import date, datetime
from functools import partial

from flask_babel import lazy_gettext as _

from consulta.accounts.models import SECTORS, Institution
from consulta.core.clock import NoSuchWallTime, local, wall_time
from consulta.core.errors import Invalid
from consulta.core.text import clean_line, clean_text
from consulta.tables.models import (
    GENDERS,
    GRADES,
    LEVELS,
    NEXT_MEETINGS,
    OUTCOMES,
    QUALITIES,
    TABLE_KINDS,
    VOTES,
    new_uid,
)

TITLE_LIMIT = 160
PLACE_LIMIT = 200
NOTE_LIMIT = 300
NAME_LIMIT = 160
LINK_LIMIT = 500
LINE_LIMIT = 1000  # one statement, open point or item of an agenda
TEXT_LIMIT = 4000  # reasons, dissent, objective, product, notes
DEVELOPMENT_LIMIT = 20_000  # what was said under one item of the agenda
LINES = 200  # lines of any one list
MOST = 100_000  # heads, votes or dots
MOST_GROUPS = 999
MOST_DOTS_EACH = 100
MOST_BLOCKS = 50
UID_LIMIT = 36
# Crockford's base 32: no letter that is taken for another (https://www.crockford.com/base32.html).
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKALIKES = str.maketrans("ILO", "110")
CODE_LENGTH = 10
LONGEST_CODE = 72  # hours
ENDS_LATER = _("La sesión tiene que terminar después de comenzar.")
ITEM_KINDS = ("item", "break", "heading")

_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.][0-5]\d")
_LINK = re.compile(r"https?://[^\s/]+\S*")
_UID = re.compile(r"[A-Za-z0-9_-]{1,36}")


def cleaned(fields, how, prefix=""):
    """Return `fields` as they are stored; how: a dictionary of their names to how each is cleaned (value, field).

    prefix: what stands before a field's name in the Invalid that names it ("rows-3-").
    """
    found = {}
    for name, value in fields.items():
        if name not in how:
            raise Invalid(f"{prefix}{name}", _("Este dato no existe en la hoja de la sesión."))
        found[name] = how[name](value, f"{prefix}{name}")
    return found


def clean_table(title, kind, territory):
    """Return the columns of a new table; a regional one has its territory, and no other one has any."""
    if kind not in TABLE_KINDS:
        raise Invalid("kind", _("Elige qué clase de mesa es."))
    if kind == "regional" and territory is None:
        raise Invalid("territory", _("Elige la región de la mesa."))
    title = clean_line(title, TITLE_LIMIT, field="table_title")
    return {"title": title, "kind": kind, "territory_id": territory.id if kind == "regional" else None}


def facts(fields, session=None):
    """Return what a session is convened with as it is stored; `session`: the one that is convened anew."""
    said = cleaned(fields, CONVENED)
    starts_at, ends_at = (said.get(name, getattr(session, name, None)) for name in ("starts_at", "ends_at"))
    if ends_at is not None and (starts_at is None or ends_at <= starts_at):
        raise Invalid("ends_at", ENDS_LATER)
    return with_next_meeting(session, said)


def clean_uid(uid):
    """Return an identifier that a device or this site made; raises Invalid for anything else."""
    if not isinstance(uid, str) or not _UID.fullmatch(uid):
        raise Invalid("uid", _("El identificador de esta línea no sirve."))
    return uid


def line(value, field, *, limit, required=False):
    """Clean one line of text; None where it is empty and may be."""
    return clean_line(_text_type(value, field), limit, field=field, required=required) or None


def text(value, field, *, limit=TEXT_LIMIT, empty=None):
    """Clean a text of many lines; `empty` where there is none."""
    return clean_text(_text_type(value, field), limit, field=field, required=False) or empty


def lines(value, field, *, limit=LINE_LIMIT):
    """Clean a list of lines; those that are empty are left out."""
    return [each for each in (line(each, field, limit=limit) for each in limited(value, field)) if each]


def whole(value, field, *, least=0, most=MOST):
    """Check a whole number, or None where nobody knows."""
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most):
        raise Invalid(field, _("Escribe un número entero entre %(least)s y %(most)s.", least=least, most=most))
    return value


def truth(value, field):
    """Check yes (True), no (False) or nobody knows (None)."""
    if value not in (True, False, None) or isinstance(value, int | float) and not isinstance(value, bool):
        raise Invalid(field, _("Elige sí, no, o que no se sabe."))
    return value


def word(value, field, *, words, reason, required=False):
    """Check a word of a closed list; "" is None."""
    if (value is None or value == "") and not required:
        return None
    if not isinstance(value, str) or value not in words:
        raise Invalid(field, reason)
    return value


def day(value, field):
    """Read a day (a date, or text such as 2026-03-31); None where there is none."""
    if value is None or value == "" or (isinstance(value, date) and not isinstance(value, datetime)):
        return value or None
    try:
        return date.fromisoformat(value) if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else _no_day(field)
    except (TypeError, ValueError):
        return _no_day(field)


def instant(value, field):
    """Check an instant (an aware datetime), or None."""
    if value is not None and (not isinstance(value, datetime) or value.tzinfo is None):
        raise Invalid(field, _("Escribe la fecha y la hora."))
    return value


def link(value, field):
    """Clean an address on the web, of http or https."""
    found = line(value, field, limit=LINK_LIMIT)
    if found is not None and not _LINK.fullmatch(found):
        raise Invalid(field, _("Escribe la dirección completa, que comienza con https://"))
    return found


def clock_time(value, field):
    """Clean a wall time: "15.10" becomes "15:10"."""
    value = _text_type(value, field).strip()
    if not value:
        return None
    if not _CLOCK.fullmatch(value):
        raise Invalid(field, _("«%(text)s» no es una hora. Escríbela como 15:00.", text=value[:20]))
    return value.replace(".", ":").rjust(5, "0")


def limited(value, field):
    """Check that it is a list, of no more than LINES; returns it."""
    if not isinstance(value, list | tuple):
        raise Invalid(field, _("Aquí va una lista."))
    if len(value) > LINES:
        raise Invalid(field, _("Son más de %(limit)s líneas. Reúne las que dicen lo mismo.", limit=LINES))
    return value


def heads_by_sector(value, field):
    """Check {sector: how many people}; sectors without a number are left out."""
    if not isinstance(value, dict) or not all(sector in SECTORS for sector in value):
        raise Invalid(field, _("Escribe cuántas personas se esperan de cada sector."))
    found = {sector: whole(value.get(sector), field) for sector in SECTORS}
    return {sector: heads for sector, heads in found.items() if heads is not None}


def clean_agenda(items, field="agenda"):
    """Return agenda items (dicts; only title is required) as they are stored, each with its id."""
    found = []
    for item in limited(items, field):
        if not isinstance(item, dict):
            raise Invalid(field, _("Escribe el título de cada punto."))
        given = {name: value for name, value in item.items() if name != "id"}
        try:
            found.append(new_item(item.get("id") or new_uid(), given))
        except Invalid as error:
            raise Invalid(field, error.reason) from None
    if len({item["id"] for item in found}) < len(found):
        raise Invalid(field, _("Dos puntos de la agenda tienen el mismo identificador."))
    return found


def new_item(item_id, fields):
    """Return a new item of an agenda with this id; only its title is required."""
    return {**EMPTY_ITEM, "id": clean_uid(item_id), **cleaned({"title": None, **fields}, ITEM)}


def with_item(agenda, item_id, fields, *, drop=False):
    """Return `agenda` with some fields of an item stored; a new id appends a heading, which may be dropped again."""
    there = {each["id"]: each for each in agenda}
    old = there.get(clean_uid(item_id))
    if drop:
        if old is not None and old["kind"] != "heading":
            raise Invalid("drop", _("Los puntos con los que se convocó no se quitan: anota que no se trataron."))
        there.pop(item_id, None)
    elif old is None:
        there[item_id] = new_item(item_id, {"kind": "heading", **fields})
    else:
        there[item_id] = {**old, **cleaned(fields, ITEM)}
    return limited(list(there.values()), "agenda")


def claims(rows, list_there):
    """Match `rows` (dicts) with the lines of a list; returns the line of each row, or None, and the lines left over.

    A row claims the line with its uid, else one that no uid claims with its sector, name and (if it says one) network.
    """
    left = {each.uid: each for each in list_there}
    found = [left.pop(row.get("uid"), None) for row in limited(rows, "rows")]
    for at, row in enumerate(rows):
        if found[at] is None:
            named = row.get("institution") or row.get("named")
            called = row.get("sector"), getattr(named, "name", named)
            same = (each for each in left.values() if (each.sector, each.name) == called)
            same = (each.uid for each in same if row.get("network", each.network) == each.network)
            found[at] = left.pop(next(same, None), None)
    return found, list(left.values())


def presence(fields, prefix=""):
    """Return some fields of a line of the list as they are stored, but for `body`, where one of them names it.

    body: an Institution, a name as it was typed, or None for people without one.
    """
    said = cleaned({name: value for name, value in fields.items() if name not in NAMING}, PRESENCE, prefix)
    named = [fields[name] for name in ("institution", "named") if name in fields]
    if named:
        body = next((each for each in named if each), None)
        is_row = isinstance(body, Institution)
        said["body"] = body if is_row else line(body, f"{prefix}institution", limit=NAME_LIMIT)
    return said


def sector_of(said, field):
    """Return the sector of a new line: as it was said, or that of the institution it names."""
    known = said.get("institution")
    return PRESENCE["sector"](said.get("sector", known.sector if known is not None else None), field)


def clean_hours(hours):
    """Return for how many hours a code is to work."""
    if whole(hours, "hours", least=1, most=LONGEST_CODE) is None:
        raise Invalid("hours", _("Escribe por cuántas horas sirve el código."))
    return hours


def new_code():
    """Return a new access code as it is told to people, "XXXXX-XXXXX": ten letters with 50 bits of chance."""
    letters = [secrets.choice(CROCKFORD) for _letter in range(CODE_LENGTH)]
    return f"{''.join(letters[:5])}-{''.join(letters[5:])}"


def digest_of_code(typed):
    """Return the SHA-256 by which a code is known, however it was typed: spaces, hyphens, small letters, O for 0."""
    plain = re.sub(r"[\s-]", "", typed if isinstance(typed, str) else "").upper().translate(LOOKALIKES)
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()


def on_the_clock(session, fields):
    """Return cleaned `fields` with started and ended ("15:10", wall time of the place) as starts_at and ends_at.

    The day is that on which the session was to start; where none was set, the day it was opened. A planned end that
    the real beginning has overtaken is given up: it is no fact. Raises Invalid naming the field.
    """
    zone = session.table.consultation.zone
    rest = {name: value for name, value in fields.items() if name not in ON_THE_CLOCK}
    rest |= {
        column: _instant_of(session, fields[name], zone, name)
        for name, column in (("started", "starts_at"), ("ended", "ends_at"))
        if name in fields
    }
    starts, ends = (rest.get(name, getattr(session, name)) for name in ("starts_at", "ends_at"))
    if not rest.keys() & {"starts_at", "ends_at"} or ends is None or (starts is not None and ends > starts):
        return rest
    if "ends_at" not in rest:
        return {**rest, "ends_at": None}
    field = "ended" if "ended" in fields else "ends_at"
    raise Invalid(field, ENDS_LATER)


def with_next_meeting(session, fields):
    """Return `fields` so that a next meeting that is dated has its day, and no other one has."""
    if "next_on" in fields and "next_meeting" not in fields and fields["next_on"] is not None:
        fields = {**fields, "next_meeting": "dated"}
    meeting, on = (fields.get(name, getattr(session, name, None)) for name in ("next_meeting", "next_on"))
    if meeting == "dated" and on is None:
        raise Invalid("next_on", _("Escribe el día de la próxima sesión, o marca que no se ha definido."))
    return {**fields, "next_on": None} if meeting != "dated" and on is not None else fields


def with_group(result, fields):
    """Return `fields` so that the outcome "group" has its number, and no other outcome has.

    A number that comes alone says that the room put the proposal into a group: devices send field by field.
    """
    if fields.get("group_number") is not None and "outcome" not in fields:
        fields = {**fields, "outcome": "group"}
    outcome, number = (fields.get(name, getattr(result, name)) for name in ("outcome", "group_number"))
    if outcome == "group" and number is None:
        raise Invalid("group_number", _("Escribe el número del grupo en que quedó la propuesta."))
    return {**fields, "group_number": None} if outcome != "group" and number is not None else fields


def _instant_of(session, clock, zone, field):
    if clock is None:
        return None
    on = local(session.starts_at or session.opened_at or session.convened_at, zone).date()
    try:
        return wall_time(datetime.combine(on, datetime.strptime(clock, "%H:%M").time()), zone)
    except NoSuchWallTime:
        raise Invalid(field, _("Ese día el reloj cambió a esa hora. Escribe otra, una hora antes o después.")) from None


def _text_type(value, field):
    if value is not None and not isinstance(value, str):
        raise Invalid(field, _("Aquí va un texto."))
    return value or ""


def _no_day(field):
    raise Invalid(field, _("Escribe la fecha con día, mes y año."))


_text, _note, _grade = partial(text, empty=""), partial(line, limit=NOTE_LIMIT), _("Elige uno de los de la lista.")

RESULT = {
    "outcome": partial(
        word, words=OUTCOMES, reason=_("Elige qué decidió la sala sobre esta propuesta."), required=True
    ),
    "group_number": partial(whole, least=1, most=MOST_GROUPS),
    "grade": partial(word, words=GRADES, reason=_("Elige uno de los grados de acuerdo de la lista, o ninguno.")),
    **dict.fromkeys((*LEVELS, *VOTES, "dots"), whole),
    **dict.fromkeys(
        ("reasons", "reasons_against", "dissent", "requests", "statements", "missing_actors", "count_note"), _text
    ),
}
PRESENCE = {
    "sector": partial(word, words=SECTORS, reason=_("Elige el sector."), required=True),
    "network": partial(line, limit=NAME_LIMIT),
    "quality": partial(word, words=QUALITIES, reason=_("Elige una de las calidades de la lista, o ninguna.")),
    **dict.fromkeys(("convened", "attended", "excused", "spoke"), truth),
    **dict.fromkeys(("heads", *GENDERS), whole),
    "note": _note,
}
# How a row says which line it is.
NAMING = ("institution", "named", "uid")
ITEM = {
    "kind": partial(word, words=ITEM_KINDS, reason=_grade, required=True),
    "block": partial(whole, least=1, most=MOST_BLOCKS),
    "starts": clock_time,
    "ends": clock_time,
    "title": partial(line, limit=LINE_LIMIT, required=True),
    "development": partial(text, limit=DEVELOPMENT_LIMIT),
    "is_closed": lambda value, field: bool(truth(value, field)),
    "closed_note": _note,
}
EMPTY_ITEM = {
    **dict.fromkeys(("id", "block", "starts", "ends", "title", "development", "closed_note")),
    "kind": "item",
    "is_closed": False,
}
# What is entered once the session is open.
ENTERED = {
    "number": partial(line, limit=20),
    "place": partial(line, limit=PLACE_LIMIT),
    "starts_at": instant,
    "ends_at": instant,
    "statements": lines,
    "notes": text,
    "open_points": lines,
    "declared_heads": whole,
    "count_note": text,
    "attendance_note": text,
    "next_meeting": partial(word, words=NEXT_MEETINGS, reason=_grade),
    "next_on": day,
    "prepared_by": partial(line, limit=PLACE_LIMIT),
    "prepared_on": day,
    "distributed_to": _note,
}
# The same instants as the clock of the place shows them.
ON_THE_CLOCK = {"started": clock_time, "ended": clock_time}
# What may be corrected in minutes that were published.
AMENDED = {
    **ENTERED,
    "link": link,
    "date_note": _note,
    "convened_by": partial(line, limit=PLACE_LIMIT),
    "convened_on": day,
    "objective": text,
    "inputs": lines,
    "product": text,
    "planned_heads": heads_by_sector,
    "dots_per_person": partial(whole, least=1, most=MOST_DOTS_EACH),
    "dots_per_proposal": partial(whole, least=1, most=MOST_DOTS_EACH),
    "venues": partial(lines, limit=PLACE_LIMIT),
}
# What a session is convened with.
CONVENED = {
    **AMENDED,
    "title": partial(line, limit=TITLE_LIMIT, required=True),
    "agenda": clean_agenda,
    "is_pooled": lambda value, field: bool(truth(value, field)),
}
