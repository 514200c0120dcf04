"""Forms of published minutes: their publication, and the correction of each of their parts, with its reason."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import Optional

from consulta.web import labels
from consulta.web.forms.agreements import AgreementForm
from consulta.web.forms.fields import Choice, Day, WholeNumber, lines_of
from consulta.web.forms.session import DAYS, ClosingForm, DevelopmentForm, MinutesForm
from consulta.web.forms.tables import LineForm, ResultForm

YES_OR_NO = [("", _("No se sabe")), ("1", _("Sí")), ("0", _("No"))]
TRUTHS = {"1": True, "0": False}
KNOWN = ("convened", "attended", "excused", "spoke")


class PublishForm(FlaskForm):
    """Nothing but the wish to publish."""


class Correction(FlaskForm):
    """What every correction says besides what it changes: which version was read, and why it is not right."""

    version = HiddenField()
    reason = TextAreaField(_("Motivo de la corrección"))


class FactsForm(FlaskForm):
    """What the session was convened with."""

    number = StringField(_("Número del acta"), [Optional()])
    place = StringField(_("Lugar"), [Optional()])
    link = StringField(_("Enlace"), [Optional()])
    convened_by = StringField(_("Convocada por"), [Optional()])
    convened_on = Day(_("Fecha de la convocatoria"), [Optional()], format=DAYS)
    date_note = StringField(_("Qué se sabe de la fecha"), [Optional()])
    venues = TextAreaField(_("Sedes"), [Optional()])
    objective = TextAreaField(_("Objetivo"), [Optional()])
    inputs = TextAreaField(_("Insumos"), [Optional()])
    product = TextAreaField(_("Producto esperado"), [Optional()])
    dots_per_person = WholeNumber(_("Puntos por persona"), [Optional()])
    dots_per_proposal = WholeNumber(_("Puntos de una persona en una propuesta"), [Optional()])

    @property
    def said(self):
        """What was typed, as `note_session` takes it."""
        names = ("number", "place", "link", "convened_by", "convened_on", "date_note", "objective", "product")
        numbers = ("dots_per_person", "dots_per_proposal")
        return {name: self[name].data for name in (*names, *numbers)} | {
            name: lines_of(self[name].data) for name in ("venues", "inputs")
        }


class FactsCorrection(Correction, FactsForm):
    """What is wrong in what the session was convened with."""


class ClosingCorrection(Correction, ClosingForm):
    """What is wrong in how the minutes close."""


class RecordCorrection(Correction, MinutesForm):
    """What is wrong in statements and notes."""


class ResultCorrection(Correction, ResultForm):
    """What is wrong in what the minutes say of one proposal."""

    drop = BooleanField(_("Quitar del acta lo dicho de esta propuesta"))


class ItemCorrection(Correction, DevelopmentForm):
    """What is wrong in the account of one item."""

    @property
    def said(self):
        """What was typed, as `note_agenda` takes it."""
        return {name: self[name].data for name in ("title", "development", "is_closed", "closed_note")}


class LineCorrection(Correction, LineForm):
    """What is wrong in one line of the list; what nobody knows stays so."""

    institution = StringField(_("Institución"), [Optional()])
    sector = Choice(_("Sector"), default="")
    convened = Choice(_("Fue convocada"), choices=YES_OR_NO, default="")
    attended = Choice(_("Asistió"), choices=YES_OR_NO, default="")
    excused = Choice(_("Se excusó"), choices=YES_OR_NO, default="")
    spoke = Choice(_("Intervino"), choices=YES_OR_NO, default="")
    drop = BooleanField(_("Quitar esta línea de la lista"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.sector.choices = [("", _("Elige el sector")), *labels.SECTORS.items()]

    @property
    def said(self):
        """What was typed, as `set_presence` takes it."""
        typed = {name: self[name].data for name in ("heads", "women", "men", "other_gender")}
        lines = {name: self[name].data or None for name in ("institution", "sector", "network", "quality", "note")}
        return typed | lines | {name: TRUTHS.get(self[name].data) for name in KNOWN}


class AgreementCorrection(Correction, AgreementForm):
    """What is wrong in one agreement."""

    def __init__(self, *args, items=(), **kwargs):
        """items: (id, title) of the agenda."""
        super().__init__(*args, **kwargs)
        self.item.choices = [("", _("Ninguno en particular")), *items]

    @property
    def drop(self):
        """Whether it is taken out."""
        return self.dropped

    @property
    def said(self):
        """What was typed, as `note_agreement` takes it."""
        return {name: value for name, value in super().said.items() if name != "uid"}
