"""What a cell says, by the kind of its column: numbers, words of a list, yes or no, days, texts."""

import re
from datetime import date, datetime

from flask_babel import lazy_gettext as _

from consulta.core.errors import Invalid
from consulta.core.text import fold
from consulta.worksheets.spreadsheets import empty

YES = ("si", "s", "x", "1", "verdadero", "true", "yes")
NO = ("no", "n", "0", "falso", "false")
_DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_DIGITS = re.compile(r"[0-9]{1,9}")


def read_value(column, value, words, items):
    """Return what a cell of `column` says, not cleaned yet; raises Invalid in words for whoever filled it in.

    value: as the file holds it, None for an empty cell. words: choices to {folded words: (code, words)}. items: the
    ids of the agenda's items in the order of their numbers.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return empty(column)
    if column.kind == "choice":
        return _choice(column, value, words[column.choices])
    if column.kind == "item":
        return _item(column, value, items)
    return _READERS[column.kind](column, value)


def _whole(column, value):
    if isinstance(value, str) and _DIGITS.fullmatch(value.strip()):
        value = int(value.strip())
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**9:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not column.least <= value <= column.most:
        least, most = column.least, column.most
        raise Invalid(
            column.field,
            _("«%(value)s» no sirve: escribe un número entero entre %(least)s y %(most)s.",
              value=str(value)[:30], least=least, most=most),
        )  # fmt: skip
    return value


def _text(column, value):
    if isinstance(value, bool) or not isinstance(value, str | int | float | date):
        raise Invalid(column.field, _("Aquí va un texto."))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else str(value)


def _choice(column, value, listed):
    found = listed.get(" ".join(fold(str(value)[:200]).split()))
    if found is None:
        offered = ", ".join(said for _code, said in listed.values())
        raise Invalid(
            column.field,
            _("«%(value)s» no está en la lista. Sirven: %(offered)s.", value=str(value)[:40], offered=offered),
        )
    return found[0]


def _flag(column, value):
    said = fold(str(value)[:20]).strip()
    if said in YES or (said in NO and column.kind == "flag"):
        return said in YES
    raise Invalid(column.field, _("«%(value)s» no sirve: escribe sí, no, o deja vacío.", value=str(value)[:40]))


def _day(column, value):
    if isinstance(value, datetime):
        value = value.date()
    if not isinstance(value, date):
        typed = str(value).strip()
        try:
            turned = _DAY.fullmatch(typed)
            value = date(*(int(part) for part in turned.groups()[::-1])) if turned else date.fromisoformat(typed)
        except ValueError:
            message = _("«%(value)s» no es una fecha: escríbela como 30-06-2026.", value=typed[:40])
            raise Invalid(column.field, message) from None
    return value.isoformat()


def _lines(column, value):
    return [line.strip() for line in _text(column, value).split("\n") if line.strip()]


def _item(column, value, items):
    number = _whole(column, value)
    if number > len(items):
        raise Invalid(column.field, _("La agenda no tiene un punto %(number)s.", number=number))
    return items[number - 1]


_READERS = {
    "whole": _whole,
    "text": _text,
    "line": _text,
    "flag": _flag,
    "tick": _flag,
    "day": _day,
    "lines": _lines,
}
