"""Forms of paper: a filled-in spreadsheet, what it changes, and the photo of a sheet."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField


class SheetForm(FlaskForm):
    """A spreadsheet as it was filled in."""

    sheet = FileField(_("Planilla llena"))


class ApplyForm(FlaskForm):
    """The same spreadsheet, after what it changes was seen: `base` is the fingerprint of what stood then."""

    sheet = HiddenField()
    base = HiddenField()


class PhotoForm(FlaskForm):
    """The photo of a sheet, and whose sheet it is."""

    photo = FileField(_("Foto de la hoja"))
    proposal = SelectField(_("De qué hoja es"), validate_choice=False)

    def __init__(self, *args, proposals=(), **kwargs):
        """proposals: those that the session may speak of."""
        super().__init__(*args, **kwargs)
        self.proposal.choices = [("", _("La hoja de la mesa")), *((each.code, each.title) for each in proposals)]
