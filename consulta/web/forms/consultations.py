"""The forms that prepare a consultation, and those who work in it."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    EmailField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from consulta.web import labels

HIGHEST = 2**31 - 1
YEARS = 1990, 2100
SHAPES = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]  # of a date and hour, as browsers send them


class WholeNumber(IntegerField):
    """A whole number in plain digits; empty is None, and anything else is kept and pointed out."""

    def process_formdata(self, valuelist):
        """Read digits; raises ValueError with the message for the field."""
        text = "".join(valuelist[:1]).strip()
        self.data = None
        if text and not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= HIGHEST):
            raise ValueError(_("Escribe un número entero, por ejemplo 10, o deja vacío."))
        self.data = int(text) if text else None


class BeginningForm(FlaskForm):
    """The first page of a new consultation: what it begins from, its title and address, where and when."""

    profile = RadioField(_("Tipo de proceso"), [InputRequired(_("Elige un tipo de proceso."))])
    title = StringField(_("Título"), [InputRequired(_("Escribe el título de la consulta."))])
    slug = StringField(_("Dirección"), [Optional()])
    country = SelectField(_("País"))
    zone = SelectField(_("Zona horaria"), [InputRequired(_("Elige la zona horaria."))])
    starts_on = DateField(_("Primer día de la primera fase"), [InputRequired(_("Elige el primer día."))])

    def validate_starts_on(self, field):
        """Refuse a year that nobody means."""
        if field.data is not None and not YEARS[0] <= field.data.year <= YEARS[1]:
            raise ValidationError(_("Ese año no parece posible. Revisa la fecha."))


class PhasesForm(FlaskForm):
    """The dates of phases; made for a number of them by `phases_form`."""

    count = 0

    def rows(self):
        """Return the fields of each phase: a list of dictionaries used, kind, title, opens_at, closes_at."""
        names = ("used", "kind", "title", "opens_at", "closes_at")
        return [{name: self[f"phase_{number}_{name}"] for name in names} for number in range(self.count)]


class ConsultationForm(PhasesForm):
    """The second page: phases with their dates, themes, who may support. It carries the first page along."""

    profile = HiddenField()
    title = HiddenField()
    slug = StringField(_("Dirección"))
    country = HiddenField()
    zone = HiddenField()
    starts_on = HiddenField()
    summary = TextAreaField(_("Resumen"), [InputRequired(_("Escribe un resumen de la consulta.")), Length(max=600)])
    description = TextAreaField(_("Descripción"), [Optional()])
    themes = TextAreaField(_("Ejes temáticos"), [Optional()])
    voters = RadioField(_("Quién puede apoyar"), choices=list(labels.VOTERS.items()), default="confirmed")
    territory = SelectField(_("Territorio"))
    vote_limit = WholeNumber(_("Apoyos por persona"), [Optional()])


class AppointmentForm(FlaskForm):
    """Whom to appoint, to what, and for a facilitator where."""

    email = EmailField(_("Correo de la cuenta"), [InputRequired(_("Escribe el correo de la cuenta de esa persona."))])
    role = RadioField(
        _("Nombramiento"),
        [InputRequired(_("Elige el nombramiento."))],
        choices=[
            ("moderator", _("Moderación de la consulta")),
            ("facilitator", _("Facilitación de mesas en una región")),
        ],
    )
    territory = SelectField(_("Región"))


class PublicReasonForm(FlaskForm):
    """Why something is done, for everybody to read."""

    reason = TextAreaField(_("Razón"), [InputRequired(_("Escribe la razón: quedará en el registro público."))])


def phases_form(base, count):
    """Return the class of `base` (PhasesForm or what derives from it) with the fields of `count` phases."""
    fields = {"count": count}
    for number in range(count):
        fields |= {
            f"phase_{number}_used": BooleanField(_("Incluir esta fase"), default=True),
            f"phase_{number}_kind": HiddenField(),
            f"phase_{number}_title": StringField(_("Nombre de la fase")),
            f"phase_{number}_opens_at": DateTimeLocalField(_("Abre"), [Optional()], format=SHAPES),
            f"phase_{number}_closes_at": DateTimeLocalField(_("Cierra"), [Optional()], format=SHAPES),
        }
    return type(f"{base.__name__}{count}", (base,), fields)
