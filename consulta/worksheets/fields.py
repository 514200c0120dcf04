"""The fields of a worksheet: which there are, what each may hold, and when what was typed makes a whole row."""

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _

from consulta.accounts.models import SECTORS
from consulta.agreements.entries import DUE_NOTE_LIMIT, ITEM_LIMIT, OWNER_LIMIT, TERM_LIMIT, TERMS
from consulta.agreements.entries import TEXT_LIMIT as AGREEMENT_LIMIT
from consulta.agreements.models import KINDS
from consulta.core.errors import Invalid
from consulta.core.text import clean_line, clean_text
from consulta.proposals.models import BODY_LIMIT
from consulta.proposals.models import TITLE_LIMIT as PROPOSAL_TITLE_LIMIT
from consulta.tables.entries import (
    DEVELOPMENT_LIMIT,
    LINE_LIMIT,
    LINES,
    MOST,
    MOST_GROUPS,
    NAME_LIMIT,
    NOTE_LIMIT,
    PLACE_LIMIT,
    TEXT_LIMIT,
    clock_time,
)
from consulta.tables.models import GENDERS, GRADES, LEVELS, NEXT_MEETINGS, OUTCOMES, QUALITIES, VOTES
from consulta.worksheets.tracking import read_code

HUGE = 10**15  # a number that no room holds and no typing slip explains
EARLIEST, LATEST = 1990, 2100


@dataclass(frozen=True)
class Field:
    """What one field may hold.

    kind: text, line, lines, number, flag (yes, no, or None where nobody knows), mark (yes or no), word, day, clock, id
    or code. limit: the most characters (of each of the lines), or the highest number. most: how many lines. nothing:
    the word that stands for none. is_needed: it may not be emptied.
    """

    kind: str
    limit: int = 0
    words: tuple = ()
    least: int = 0
    most: int = LINES
    nothing: str | None = None
    is_needed: bool = False

    @property
    def empty(self):
        """What it holds while nobody wrote anything."""
        return {"text": "", "line": "", "code": "", "lines": [], "mark": False}.get(self.kind, self.nothing)


LINE = Field("line", NOTE_LIMIT)
TEXT = Field("text", TEXT_LIMIT)
NUMBER = Field("number", MOST)
FLAG = Field("flag")
MARK = Field("mark")

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
        "declared_heads": NUMBER,
        "started": Field("clock"),
        "ended": Field("clock"),
    },
    "agenda": {
        "title": Field("line", LINE_LIMIT, is_needed=True),
        "development": Field("text", DEVELOPMENT_LIMIT),
        "is_closed": MARK,
        "closed_note": LINE,
        "dropped": MARK,
    },
    "attendance": {
        "named": Field("line", NAME_LIMIT),
        "sector": Field("word", words=SECTORS, is_needed=True),
        "network": Field("line", NAME_LIMIT),
        "quality": Field("word", words=QUALITIES),
        **dict.fromkeys(("convened", "attended", "excused", "spoke"), FLAG),
        **dict.fromkeys(("heads", *GENDERS), NUMBER),
        "note": LINE,
        "dropped": MARK,
    },
    "result": {
        "outcome": Field("word", words=OUTCOMES, nothing="none"),
        "group_number": Field("number", MOST_GROUPS, least=1),
        "grade": Field("word", words=GRADES),
        **dict.fromkeys((*LEVELS, *VOTES, "dots"), NUMBER),
        **dict.fromkeys(
            ("reasons", "reasons_against", "dissent", "requests", "statements", "missing_actors", "count_note"), TEXT
        ),
        # Somebody said that the room spoke of it, whatever came out.
        "discussed": MARK,
    },
    "agreement": {
        "kind": Field("word", words=KINDS, is_needed=True),
        "text": Field("text", AGREEMENT_LIMIT, is_needed=True),
        "owner": Field("line", OWNER_LIMIT),
        "due_on": Field("day"),
        "due_note": Field("line", DUE_NOTE_LIMIT),
        "item": Field("id", ITEM_LIMIT),
        "terms": Field("lines", TERM_LIMIT, most=TERMS),
        "dropped": MARK,
    },
    "proposal": {
        "title": Field("line", PROPOSAL_TITLE_LIMIT),
        "body": Field("text", BODY_LIMIT),
        "theme": Field("number", 2**31 - 1, least=1),
        "institution": Field("line", NAME_LIMIT),
        "sector": Field("word", words=SECTORS),
        "tracking_code": Field("code"),
        "ready": MARK,
        "dropped": MARK,
    },
}
# What the worksheet alone knows: no row of another domain has a place for it.
OWN = {"discussed", "dropped"}


def has_type(field, value):
    """Tell whether `value` is of the kind of JSON value that `field` takes; whether it will do is another question."""
    if value is None:
        return True
    if field.kind == "number":
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= HUGE
    if field.kind == "lines":
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    return isinstance(value, bool if field.kind in ("flag", "mark") else str)


def clean_value(part, name, value):
    """Return `value` as the field `name` of `part` keeps it; raises Invalid, with a sentence, where it will not do."""
    field = FIELDS[part][name]
    if field.kind in TEXTS:
        return TEXTS[field.kind](value, field.limit, field=name, required=field.is_needed)
    if field.kind == "lines":
        return _clean_lines(value or [], field, name)
    if value in (None, ""):
        if field.is_needed:
            raise Invalid(name, _("Esto no puede quedar vacío. Elige una de las opciones."))
        return field.empty
    return CLEANERS[field.kind](value, field, name)


def held(part, values):
    """Return all the fields of `part`: those in `values`, and the others empty."""
    return {name: values.get(name, field.empty) for name, field in FIELDS[part].items()}


def whole(part, values):
    """Return all that a row of `part` says by these `values` of its fields, or None where they make no row (yet).

    What holds only together with something else (a group and its number, a dated meeting and its day, an end after the
    beginning) waits for it. The fields that are the worksheet's own are not in it.
    """
    values = held(part, values)
    if values.get("dropped") or any(values[name] == field.empty for name, field in _needed(part)):
        return None
    if part == "proposal" and not (values["ready"] and values["title"] and values["body"]):
        return None
    if part == "result" and all(values[name] == field.empty for name, field in FIELDS[part].items()):
        return None
    PAIRS.get(part, lambda _values: None)(values)
    return {name: value for name, value in values.items() if name not in OWN}


def _needed(part):
    return [(name, field) for name, field in FIELDS[part].items() if field.is_needed]


def _pair_result(values):
    if values["outcome"] == "group" and values["group_number"] is None:
        values["outcome"] = "none"
    if values["outcome"] != "group":
        values["group_number"] = None


def _pair_session(values):
    if values["next_meeting"] == "dated" and values["next_on"] is None:
        values["next_meeting"] = None
    if values["next_meeting"] != "dated":
        values["next_on"] = None
    if not (values["started"] and values["ended"] and values["started"] < values["ended"]):
        values["ended"] = None


PAIRS = {"result": _pair_result, "session": _pair_session}


def _clean_lines(lines, field, name):
    if len(lines) > field.most:
        raise Invalid(name, _("Son más de %(limit)s líneas. Reúne las que dicen lo mismo.", limit=field.most))
    return [line for line in (clean_line(each, field.limit, field=name, required=False) for each in lines) if line]


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


def _clean_day(text, _field, name):
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise Invalid(name, _("Escribe la fecha completa: día, mes y año.")) from None
    if not EARLIEST <= found.year <= LATEST:
        raise Invalid(name, _("Ese año no parece posible. Revisa la fecha."))
    return found.isoformat()


TEXTS = {"line": clean_line, "text": clean_text}
CLEANERS = {
    "number": _clean_number,
    "word": _clean_word,
    "id": _clean_id,
    "code": _clean_code,
    "day": _clean_day,
    "clock": lambda value, _field, name: clock_time(value, name),
    **dict.fromkeys(("flag", "mark"), lambda value, _field, _name: value),
}
