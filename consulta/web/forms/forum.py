"""Forms of the permanent forum: its seats, who sits there, and its calendar."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import Optional

from consulta.web import labels
from consulta.web.forms.fields import Choice, Day


class FoundForm(FlaskForm):
    """A permanent forum."""

    title = StringField(_("Nombre del foro"))


class SeatForm(FlaskForm):
    """A new seat: of which sector and network, and in which quality."""

    title = StringField(_("Nombre del puesto"))
    sector = Choice(_("Sector"), default="")
    network = StringField(_("Red"), [Optional()])
    quality = RadioField(_("Calidad"), default="member", validate_choice=False)
    starts_on = Day(_("Desde"), [Optional()])
    note = StringField(_("Nota"), [Optional()])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.sector.choices = [("", _("Elige el sector")), *labels.SECTORS.items()]
        self.quality.choices = list(labels.SEAT_QUALITIES.items())


class ReviseForm(FlaskForm):
    """The name of a seat and its network."""

    title = StringField(_("Nombre del puesto"))
    network = StringField(_("Red"), [Optional()])


class TermForm(FlaskForm):
    """Who sits there, as holder or as substitute, and when."""

    kind = RadioField(_("Ocupa el puesto como"), validate_choice=False)
    who = StringField(_("Quién"))
    institution = StringField(_("Institución"), [Optional()])
    starts_on = Day(_("Desde"), [Optional()])
    ends_on = Day(_("Hasta"), [Optional()])
    note = StringField(_("Nota"), [Optional()])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind.choices = list(labels.TERM_KINDS.items())


class EndForm(FlaskForm):
    """Until which day somebody sat there."""

    ends_on = Day(_("Último día"))
    note = StringField(_("Nota"), [Optional()])


class QualityForm(FlaskForm):
    """Member or observer from a day on."""

    quality = RadioField(_("Nueva calidad"), validate_choice=False)
    starts_on = Day(_("Desde"), [Optional()])
    note = StringField(_("Nota"), [Optional()])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.quality.choices = list(labels.SEAT_QUALITIES.items())


class CloseForm(FlaskForm):
    """The last day of a seat."""

    ends_on = Day(_("Último día"))


class PlanForm(FlaskForm):
    """A day of the calendar."""

    planned_on = Day(_("Día"))
    note = StringField(_("Nota"), [Optional()])


class LinkForm(FlaskForm):
    """The session that was convened for a day of the calendar."""

    session = Choice(_("Sesión"), default="")

    def __init__(self, *args, sessions=(), **kwargs):
        """sessions: (number, words) of those that stand for no other day."""
        super().__init__(*args, **kwargs)
        self.session.choices = [("", _("Elige la sesión")), *sessions]
