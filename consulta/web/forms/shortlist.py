"""Forms of the shortlist: one decision on one proposal, and reopening it."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional, ValidationError

from consulta.web import labels

CHOICES = (
    ("shortlisted", _("Preseleccionar")),
    ("left_out", _("Dejar fuera")),
    ("referred", _("Derivar a otra institución")),
)


class DecideForm(FlaskForm):
    """What becomes of a proposal, who carries it out or takes it over, on what ground, and why."""

    decision = RadioField(_("Decisión"), validate_choice=False)
    institution = StringField(_("Institución"))
    sector = SelectField(_("Sector, si la institución es nueva"), validate_choice=False)
    ground = SelectField(_("Causal para dejarla fuera"), validate_choice=False)
    needs_law = BooleanField(_("Requiere una ley o cambiar una"))
    no_counterpart = BooleanField(_("No tiene contraparte"))
    session = SelectField(_("Sesión que lo decidió"), [Optional()], validate_choice=False)
    reason = TextAreaField(
        _("Razón"), [InputRequired(_("Escribe la razón de la decisión: la leerá quien hizo la propuesta."))]
    )

    def __init__(self, *args, sessions=(), **kwargs):
        """sessions: (number, words) of those that may have decided it."""
        super().__init__(*args, **kwargs)
        self.decision.choices = list(CHOICES)
        self.sector.choices = [("", _("Elige el sector")), *labels.SECTORS.items()]
        self.ground.choices = [("", _("Elige la causal")), *labels.GROUNDS.items()]
        self.session.choices = [("", _("Ninguna: lo decide la moderación")), *sessions]

    def validate_decision(self, field):
        """One of the three."""
        if field.data not in dict(CHOICES):
            raise ValidationError(_("Elige qué se decide: preseleccionar, dejar fuera o derivar."))

    def validate_session(self, field):
        """One of those offered."""
        if field.data not in dict(self.session.choices):
            raise ValidationError(_("Esa sesión no está en la lista. Elige otra, o ninguna."))

    def validate_institution(self, field):
        """A shortlisted proposal has a counterpart; a referred one goes somewhere."""
        if self.decision.data == "shortlisted" and not self.named:
            raise ValidationError(_("Escribe la contraparte: la institución que llevaría a cabo la propuesta."))
        if self.decision.data == "referred" and not self.named:
            raise ValidationError(_("Escribe a qué institución se deriva la propuesta."))

    def validate_ground(self, field):
        """What is left out is left out on a ground."""
        if self.decision.data == "left_out" and field.data not in labels.GROUNDS:
            raise ValidationError(_("Elige por qué causal queda fuera."))

    def validate_no_counterpart(self, field):
        """A shortlisted proposal has a counterpart, so it cannot lack one."""
        if self.decision.data == "shortlisted" and field.data:
            raise ValidationError(_("Una propuesta preseleccionada tiene contraparte. Desmarca esta casilla."))

    @property
    def named(self):
        """The institution's name as it was typed, without spaces around it."""
        return (self.institution.data or "").strip()

    @property
    def body(self):
        """The institution as the actions take it: its name and the sector it is founded in unless it is there."""
        return (self.named, self.sector.data) if self.named else None


class ReopenForm(FlaskForm):
    """Why a decision is reopened."""

    reason = TextAreaField(
        _("Por qué se reabre"),
        [InputRequired(_("Escribe por qué se reabre la decisión: quedará en el registro público."))],
    )
