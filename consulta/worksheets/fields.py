"""The fields of a worksheet: which there are, what each may hold, and when what was typed makes a whole row."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _

from consulta.accounts.models import SECTORS
from consulta.agreements.models import KINDS
from consulta.core.errors import Invalid
from consulta.core.text import clean_line, clean_text
from consulta.proposals.models import BODY_LIMIT
from consulta.proposals.models import TITLE_LIMIT as PROPOSAL_TITLE_LIMIT
from consulta.tables.entries import LINE_LIMIT, LINES, MOST, NAME_LIMIT, NOTE_LIMIT, PLACE_LIMIT, TEXT_LIMIT
from consulta.tables.models import GRADES, LEVELS, NEXT_MEETINGS, OUTCOMES, QUALITIES, VOTES
from consulta.worksheets.tracking import read_code

HUGE = 10**15  # a number that no room holds and no typing slip explains
MOST_GROUPS = 999
OWNER_LIMIT, DUE_LIMIT, ITEM_LIMIT = 320, 120, 36


@dataclass(frozen=True)
class Field:
    """What one field may hold. kind: text, line, number, flag, word, lines, day, time, id or code.

    limit: the most characters (of each of the lines), or the highest number. is_needed: it may not be emptied.
    """

    kind: str
    limit: int = 0
    words: tuple = ()
    least: int = 0
    is_needed: bool = False

    @property
    def empty(self):
        """What it holds while nobody wrote anything."""
        return {"text": "", "line": "", "code": "", "lines": []}.get(self.kind)


LINE = Field("line", NOTE_LIMIT)
TEXT = Field("text", TEXT_LIMIT)
NUMBER = Field("number", MOST)
FLAG = Field("flag")

FIELDS = {
    "session": {
        "count_note": TEXT,
        "attendance_note": TEXT,
        "notes": TEXT,
        "statements": Field("lines", LINE_LIMIT),
        "next_meeting": Field("word", words=NEXT_MEETINGS),
        "next_on": Field("day"),
        "prepared_by": Field("line", PLACE_LIMIT),
        "distributed_to": LINE,
        "started": Field("time"),
        "ended": Field("time"),
    },
    "agenda": {
        "title": Field("line", LINE_LIMIT, is_needed=True),
        "development": TEXT,
        "is_closed": FLAG,
        "closed_note": TEXT,
        "dropped": FLAG,
    },
    "attendance": {
        "named": Field("line", NAME_LIMIT),
        "sector": Field("word", words=SECTORS, is_needed=True),
        "network": Field("line", NAME_LIMIT),
        "quality": Field("word", words=QUALITIES),
        **dict.fromkeys(("convened", "attended", "excused", "spoke"), FLAG),
        **dict.fromkeys(("heads", "women", "men", "other_gender"), NUMBER),
        "note": LINE,
        "dropped": FLAG,
    },
    "result": {
        "outcome": Field("word", words=OUTCOMES, is_needed=True),
        "group_number": Field("number", MOST_GROUPS, least=1),
        "grade": Field("word", words=GRADES),
        **dict.fromkeys((*LEVELS, *VOTES, "dots"), NUMBER),
        **dict.fromkeys(
            ("reasons", "reasons_against", "dissent", "requests", "statements", "missing_actors", "count_note"), TEXT
        ),
        # Somebody said that the room spoke of it, whatever came out.
        "discussed": FLAG,
    },
    "agreement": {
        "kind": Field("word", words=KINDS, is_needed=True),
        "text": Field("line", LINE_LIMIT, is_needed=True),
        "owner": Field("line", OWNER_LIMIT),
        "due_on": Field("day"),
        "due_note": Field("line", DUE_LIMIT),
        "item": Field("id", ITEM_LIMIT),
        "terms": Field("lines", LINE_LIMIT),
        "dropped": FLAG,
    },
    "proposal": {
        "title": Field("line", PROPOSAL_TITLE_LIMIT),
        "body": Field("text", BODY_LIMIT),
        "theme": Field("number", 2**31 - 1, least=1),
        "institution": Field("line", NAME_LIMIT),
        "sector": Field("word", words=SECTORS),
        "tracking_code": Field("code"),
        "ready": FLAG,
        "dropped": FLAG,
    },
}
# What the worksheet alone knows: no row of another domain has a place for it.
OWN = {("result", "discussed"), ("agenda", "dropped"), ("attendance", "dropped"), ("agreement", "dropped")}


def has_type(field, value):
    """Tell whether `value` is of the kind of JSON value that `field` takes; whether it will do is another question."""
    if value is None:
        return True
    if field.kind == "number":
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= HUGE
    if field.kind == "lines":
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    return isinstance(value, bool if field.kind == "flag" else str)


def clean_value(part, name, value):
    """Return `value` as the field `name` of `part` keeps it; raises Invalid, with a sentence, where it will not do."""
    field = FIELDS[part][name]
    if field.kind in TEXTS:
        return TEXTS[field.kind](value, field.limit, field=name, required=field.is_needed)
    if field.kind == "lines":
        return _clean_lines(value or [], field.limit, name)
    if value in (None, ""):
        if field.is_needed:
            raise Invalid(name, _("Esto no puede quedar vacío. Elige una de las opciones."))
        return field.empty
    return CLEANERS[field.kind](value, field, name)


def held(part, values):
    """Return all the fields of `part`: those in `values`, and the others empty."""
    return {name: values.get(name, field.empty) for name, field in FIELDS[part].items()}


def whole(part, values):
    """Return what a row of `part` says by these `values` of its fields, or None where they make no row (yet).

    What holds only together with something else (the group's number, the day of the next meeting) waits for it. The
    fields that are the worksheet's own are not in it.
    """
    values = held(part, values)
    if values.get("dropped"):
        return None
    if part == "result":
        if all(values[name] == field.empty for name, field in FIELDS[part].items()):
            return None
        is_group = values["outcome"] == "group"
        if values["outcome"] is None or (is_group and values["group_number"] is None):
            values["outcome"] = "none"
        values["group_number"] = values["group_number"] if values["outcome"] == "group" else None
    if part == "session" and (values["next_meeting"] == "dated") != (values["next_on"] is not None):
        values["next_meeting"] = None if values["next_meeting"] == "dated" else values["next_meeting"]
        values["next_on"] = None
    if part == "proposal" and not (values["ready"] and values["title"] and values["body"]):
        return None
    needed = [name for name, field in FIELDS[part].items() if field.is_needed]
    if any(values[name] in (None, "") for name in needed):
        return None
    return {name: value for name, value in values.items() if (part, name) not in OWN}


def _clean_lines(lines, limit, name):
    if len(lines) > LINES:
        raise Invalid(name, _("Son más de %(limit)s líneas. Reúne las que dicen lo mismo.", limit=LINES))
    return [line for line in (clean_line(each, limit, field=name, required=False) for each in lines) if line]


def _clean_number(value, field, name):
    if not field.least <= value <= field.limit:
        raise Invalid(
            name, _("Escribe un número entero entre %(least)s y %(most)s.", least=field.least, most=field.limit)
        )
    return value


def _clean_word(value, field, name):
    if value not in field.words:
        raise Invalid(name, _("Elige una de las opciones de la lista."))
    return value


def _clean_id(value, field, name):
    return clean_line(value, field.limit, field=name)


def _clean_code(text, _field, name):
    code = read_code(text)
    if code is None:
        raise Invalid(name, _("Ese código de seguimiento está mal escrito."))
    return code


def _clean_day(text, field, name):
    """Return a day, or a wall time to the minute, in the one form that stands for it."""
    try:
        found = (date if field.kind == "day" else datetime).fromisoformat(text)
        if isinstance(found, datetime) and found.tzinfo is not None:
            raise ValueError(text)
    except ValueError:
        raise Invalid(name, _("Escribe la fecha completa: día, mes y año.")) from None
    if not 2000 <= found.year <= 2100:
        raise Invalid(name, _("Escribe una fecha entre los años 2000 y 2100."))
    return found.isoformat(timespec="minutes") if isinstance(found, datetime) else found.isoformat()


TEXTS = {"line": clean_line, "text": clean_text}
CLEANERS = {
    "number": _clean_number,
    "word": _clean_word,
    "id": _clean_id,
    "code": _clean_code,
    "day": _clean_day,
    "time": _clean_day,
    "flag": lambda value, _field, _name: value,
}
