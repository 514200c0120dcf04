"""What people type about agreements, checked and cleaned. Nothing here reads or writes rows."""

import re
from datetime import date

from flask_babel import lazy_gettext as _

from consulta.agreements.models import KINDS, STATES
from consulta.core.errors import Invalid
from consulta.core.text import clean_line, clean_text

TEXT_LIMIT = 4000  # what was agreed, what was said of it
TERM_LIMIT = 1000
OWNER_LIMIT = 320
DUE_NOTE_LIMIT = 120
ITEM_LIMIT = 36
TITLE_LIMIT = 160
TERMS = 26  # a) to z)
LINES = 200  # agreements of one session
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)
FIELDS = ("kind", "text", "terms", "owner", "due_on", "due_note", "item")

_UID = re.compile(r"[0-9A-Za-z-]{1,36}")
_LETTER = re.compile(r"^\s*[a-zA-Z][).]\s+")


def clean_uid(uid):
    """Return the identifier that a device gave an agreement; raises Invalid for anything but letters and digits."""
    if not isinstance(uid, str) or not _UID.fullmatch(uid):
        raise Invalid("uid", _("Este acuerdo no tiene un identificador que se pueda usar."))
    return uid


def clean_agreement(fields):
    """Return those of FIELDS that are in `fields` as they are stored, the owner as words; raises Invalid naming one.

    kind: one of KINDS. terms: texts. due_on: a date, "AAAA-MM-DD", or None. owner: see `actions.note_agreement`.
    """
    unknown = fields.keys() - set(FIELDS)
    if unknown:
        raise Invalid(None, _("Un acuerdo no tiene el dato «%(name)s».", name=str(min(map(str, unknown)))[:40]))
    return {name: _CLEANED[name](value) for name, value in fields.items()}


def clean_kind(kind):
    """Return one of KINDS."""
    if kind not in KINDS:
        raise Invalid("kind", _("Elige si es una tarea, una regla o un tema que se retoma después."))
    return kind


def clean_state(state):
    """Return one of STATES."""
    if state not in STATES:
        raise Invalid("state", _("Elige cómo va el acuerdo."))
    return state


def clean_date(value, field):
    """Return a date from a date or "AAAA-MM-DD", None where there is none; raises Invalid naming `field`."""
    if value is None or value == "":
        return None
    try:
        found = value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Invalid(field, _("Escribe la fecha con día, mes y año, por ejemplo 30-06-2026.")) from None
    if not EARLIEST <= found <= LATEST:
        raise Invalid(field, _("Ese año no parece posible. Revisa la fecha."))
    return found


def clean_note(note):
    """Return what was said of an agreement as it is stored."""
    return clean_text(_text(note, "note"), TEXT_LIMIT, field="note", required=False)


def clean_owner(owner):
    """Return the words for whoever answers, or None; an institution or sub-group (a row) gives its name."""
    words = getattr(owner, "name", None) or getattr(owner, "title", None) if not _is_text(owner) else owner
    return _line_or_none(words, OWNER_LIMIT, "owner")


def clean_title(title):
    """Return the name of a sub-group."""
    return clean_line(_text(title, "title"), TITLE_LIMIT, field="title")


def clean_terms(terms):
    """Return the terms in which something was agreed, each without the letter before it; empty ones are left out."""
    if terms is None:
        return []
    if not isinstance(terms, list | tuple):
        raise Invalid("terms", _("Los términos de un acuerdo son una lista de textos."))
    if len(terms) > TERMS:
        raise Invalid("terms", _("Son más de %(limit)s términos. Reúne los que dicen lo mismo.", limit=TERMS))
    lines = [_LETTER.sub("", _text(each, "terms")) for each in terms]
    return [line for line in (clean_line(each, TERM_LIMIT, field="terms", required=False) for each in lines) if line]


def _line_or_none(text, limit, field):
    return clean_line(_text(text, field), limit, field=field, required=False) or None


def _text(value, field):
    if value is not None and not isinstance(value, str):
        raise Invalid(field, _("Aquí va un texto."))
    return value or ""


def _is_text(value):
    return value is None or isinstance(value, str | int | float | bool | list | tuple | dict)


_CLEANED = {
    "kind": clean_kind,
    "text": lambda value: clean_text(_text(value, "text"), TEXT_LIMIT, field="text"),
    "terms": clean_terms,
    "owner": clean_owner,
    "due_on": lambda value: clean_date(value, "due_on"),
    "due_note": lambda value: _line_or_none(value, DUE_NOTE_LIMIT, "due_note"),
    "item": lambda value: _line_or_none(value, ITEM_LIMIT, "item"),
}
