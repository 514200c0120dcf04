"""Fields that forms of several domains share: whole numbers, days and wall times, a choice, and rows of a list."""

import re

from flask_babel import lazy_gettext as _
from wtforms import DateField, DateTimeLocalField, FieldList, IntegerField, SelectField
from wtforms.validators import ValidationError

_BULLET = re.compile(r"^\s*[•*–—-]\s+")
YEARS = range(1990, 2101)  # that a session may be held, or called, in


class WholeNumber(IntegerField):
    """A number of people or dots; empty is None, and anything but digits is kept and pointed out."""

    def process_formdata(self, valuelist):
        """Read digits; raises ValueError with the message for the field."""
        text = "".join(valuelist[:1]).strip()
        self.data = None
        if text and not (text.isascii() and text.isdigit() and len(text) <= 9):
            raise ValueError(_("Escribe un número entero, por ejemplo 12."))
        self.data = int(text) if text else None


class WallTime(DateTimeLocalField):
    """A date and a time as a clock on the wall shows them, without a zone."""

    def process_formdata(self, valuelist):
        """Read a date and time between 1990 and 2100; raises ValueError with the message for the field."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Escribe el día y la hora, por ejemplo 30-06-2026 15:00.")) from None
        _check_year(self)


class Day(DateField):
    """A day without a time."""

    def process_formdata(self, valuelist):
        """Read a date between 1990 and 2100, empty is None; raises ValueError with the message for the field."""
        if not "".join(valuelist[:1]).strip():
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Escribe el día, por ejemplo 30-06-2026.")) from None
        _check_year(self)


class Choice(SelectField):
    """One of a list."""

    def pre_validate(self, form):
        """Refuse what is not in the list, in words that say what to do."""
        if self.validate_choice and (self.data or "") not in {value for value, *_label in self.iter_choices()}:
            raise ValidationError(_("Elige una de las opciones de la lista."))


class Rows(FieldList):
    """Rows of a list, read by their numbers; names that are no plain small number are not looked at."""

    def _extract_indices(self, prefix, formdata):
        for name in formdata:
            head, _dash, rest = name.partition("-")
            number = rest.partition("-")[0]
            if head == prefix and number.isascii() and number.isdigit() and len(number) <= 3:
                yield int(number)


def lines_of(text):
    """Return the lines of `text` that hold something, without the bullet or dash before them."""
    stripped = (_BULLET.sub("", line).strip() for line in (text or "").splitlines())
    return [line for line in stripped if line]


def _check_year(field):
    if field.data is not None and field.data.year not in YEARS:
        field.data = None
        raise ValueError(_("Ese año no parece posible. Revisa la fecha."))
