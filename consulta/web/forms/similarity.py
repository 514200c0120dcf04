"""How alike two texts must be in one consultation."""

from flask_babel import format_decimal
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField


class Share(StringField):
    """A number between 0 and 1 as people type it: with a comma or a point."""

    def process_formdata(self, valuelist):
        """Read the number; raises ValueError with the message for the field."""
        text = "".join(valuelist[:1]).strip().replace(",", ".")
        self.data = None
        digits = text.replace(".", "", 1)
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 8):  # noqa: PLR2004
            raise ValueError(_("Escribe un número, por ejemplo 0,5."))
        self.data = float(text)

    def _value(self):
        """Show what was typed, or the number as the page's language writes it."""
        if self.raw_data:
            return self.raw_data[0]
        return "" if self.data is None else format_decimal(self.data, format="0.00##")


class ThresholdsForm(FlaskForm):
    """The two floors of a consultation."""

    citizen_floor = Share(_("Para avisar a quien escribe"))
    group_floor = Share(_("Para sugerir grupos a la moderación"))
