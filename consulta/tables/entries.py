"""What people type about a session, checked and cleaned: texts, lines, numbers. Nothing here reads or writes rows."""

import re

from flask_babel import lazy_gettext as _

from consulta.core.errors import Invalid
from consulta.core.text import clean_line, clean_text
from consulta.tables.models import GRADES, OUTCOMES

TITLE_LIMIT = 160
PLACE_LIMIT = 200
NOTE_LIMIT = 300
NAME_LIMIT = 160
LINE_LIMIT = 1000  # one statement, agreement or item of an agenda
TEXT_LIMIT = 4000  # reasons, dissent, objective, product, notes
LINES = 200  # lines of any one list
MOST = 100_000  # heads or dots

_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.][0-5]\d")


def clean_session(*, title, place, date_note, objective, product, agenda, statements, agreements, notes, venues):
    """Return the texts of a session as they are stored; raises Invalid naming the field that will not do."""
    return {
        "title": clean_line(title, TITLE_LIMIT, field="title"),
        "place": _line_or_none(place, PLACE_LIMIT, "place"),
        "date_note": _line_or_none(date_note, NOTE_LIMIT, "date_note"),
        "objective": _text_or_none(objective, "objective"),
        "product": _text_or_none(product, "product"),
        "agenda": clean_agenda(agenda),
        "venues": _lines(venues, PLACE_LIMIT, "venues"),
        **clean_minutes(statements=statements, agreements=agreements, notes=notes),
    }


def clean_minutes(*, statements, agreements, notes):
    """Return statements (texts), agreements (dicts text, owner, due) and notes as they are stored."""
    _check_number_of_lines(agreements, "agreements")
    return {
        "statements": _lines(statements, LINE_LIMIT, "statements"),
        "agreements": [_agreement(line, f"agreements-{at}") for at, line in enumerate(agreements)],
        "notes": _text_or_none(notes, "notes"),
    }


def clean_agenda(items):
    """Return agenda items (dicts title and, where known, starts and ends as "15:00") as they are stored."""
    _check_number_of_lines(items, "agenda")
    cleaned = []
    for item in items:
        times = {name: _clock_time(item.get(name)) for name in ("starts", "ends")}
        cleaned.append({**times, "title": clean_line(item.get("title"), LINE_LIMIT, field="agenda")})
    return cleaned


def clean_result(*, outcome, group_number, grade, dots, reasons, dissent):
    """Return what a session said of a proposal as it is stored; raises Invalid naming the field.

    outcome: one of OUTCOMES; group_number: from 1, with the outcome "group" and no other; grade: one of GRADES, or
    None where the room gave none; dots: from 0, or None where none were put.
    """
    if outcome not in OUTCOMES:
        raise Invalid("outcome", _("Elige qué decidió la sala sobre esta propuesta."))
    if grade is not None and grade not in GRADES:
        raise Invalid("grade", _("Elige uno de los grados de acuerdo de la lista, o ninguno."))
    if outcome == "group" and group_number is None:
        raise Invalid("group_number", _("Escribe el número del grupo en que quedó la propuesta."))
    return {
        "outcome": outcome,
        "group_number": _whole(group_number, "group_number", least=1, most=999) if outcome == "group" else None,
        "grade": grade,
        "dots": _whole(dots, "dots"),
        "reasons": clean_text(reasons, TEXT_LIMIT, field="reasons", required=False),
        "dissent": clean_text(dissent, TEXT_LIMIT, field="dissent", required=False),
    }


def clean_presence(row, at):
    """Return one line of an attendance list without its institution; `at` is its place, from 0, for the messages."""
    return {
        "sector": row["sector"],
        "convened": row.get("convened"),
        "attended": row.get("attended"),
        "spoke": row.get("spoke"),
        "heads": _whole(row.get("heads"), f"rows-{at}-heads"),
        "note": _line_or_none(row.get("note"), NOTE_LIMIT, f"rows-{at}-note"),
    }


def _agreement(line, field):
    return {
        "text": clean_line(line.get("text"), LINE_LIMIT, field=f"{field}-text"),
        "owner": _line_or_none(line.get("owner"), NAME_LIMIT * 2, f"{field}-owner"),
        "due": _line_or_none(line.get("due"), 40, f"{field}-due"),
    }


def _clock_time(text):
    if not text:
        return None
    if not _CLOCK.fullmatch(text):
        raise Invalid("agenda", _("«%(text)s» no es una hora. Escríbela como 15:00.", text=text[:20]))
    return text.replace(".", ":").rjust(5, "0")


def _whole(number, field, *, least=0, most=MOST):
    if number is not None and not least <= number <= most:
        raise Invalid(field, _("Escribe un número entero entre %(least)s y %(most)s.", least=least, most=most))
    return number


def _lines(lines, limit, field):
    _check_number_of_lines(lines, field)
    return [line for line in (clean_line(each, limit, field=field, required=False) for each in lines) if line]


def _check_number_of_lines(lines, field):
    if len(lines) > LINES:
        raise Invalid(field, _("Son más de %(limit)s líneas. Reúne las que dicen lo mismo.", limit=LINES))


def _line_or_none(text, limit, field):
    return clean_line(text, limit, field=field, required=False) or None


def _text_or_none(text, field):
    return clean_text(text, TEXT_LIMIT, field=field, required=False) or None
