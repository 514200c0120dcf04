"""The forms that convene a session, at a table that is there or at a new one, and that change a convening."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import Optional

from consulta.accounts.models import SECTORS
from consulta.core.clock import local
from consulta.web import labels
from consulta.web.forms.agenda import agenda_of, text_of, with_ids
from consulta.web.forms.fields import Choice, Day, WallTime, WholeNumber, lines_of
from consulta.web.forms.invitations import invitation_of, line_of

# What goes to `convene_session` as it was typed.
TEXTS = (
    "title", "number", "place", "link", "date_note", "convened_by", "convened_on", "objective", "product",
    "dots_per_person", "dots_per_proposal", "is_pooled",
)  # fmt: skip


class MeetingForm(FlaskForm):
    """What a session is convened with: when and where, what for, with which programme, and who is to come."""

    base = HiddenField()
    title = StringField(_("Nombre de la sesión"))
    number = StringField(_("Número del acta"), [Optional()])
    place = StringField(_("Lugar"), [Optional()])
    link = StringField(_("Enlace, si es a distancia"), [Optional()])
    starts_at = WallTime(_("Comienza"), [Optional()])
    ends_at = WallTime(_("Termina"), [Optional()])
    date_note = StringField(_("Si no tiene fecha, qué se sabe de ella"), [Optional()])
    convened_by = StringField(_("Quién convoca"), [Optional()])
    convened_on = Day(_("Fecha de la convocatoria"), [Optional()], format=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"])
    objective = TextAreaField(_("Objetivo"), [Optional()])
    inputs = TextAreaField(_("Insumos"), [Optional()])
    product = TextAreaField(_("Producto esperado"), [Optional()])
    agenda = TextAreaField(_("Programa"), [Optional()])
    dots_per_person = WholeNumber(_("Puntos que reparte cada persona"), [Optional()])
    dots_per_proposal = WholeNumber(_("Puntos que puede poner en una misma propuesta"), [Optional()])
    is_pooled = BooleanField(_("Reúne varias sedes cuyas opiniones no se distinguen"))
    venues = TextAreaField(_("Sedes"), [Optional()])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for sector, names, heads in self.invited:
            names.label.text = labels.sector(sector)
            heads.label.text = _("Personas previstas: %(sector)s", sector=labels.sector(sector))

    @property
    def invited(self):
        """The fields of each sector, in order: (sector, its institutions, how many people are to come)."""
        return [(sector, self[f"convened_{sector}"], self[f"planned_{sector}"]) for sector in SECTORS]

    @property
    def invitations(self):
        """The institutions that were typed, one a line, as `convene_session` takes them."""
        return [
            {"sector": sector, **invitation_of(line)}
            for sector, names, _heads in self.invited
            for line in lines_of(names.data)
        ]

    @property
    def planned_heads(self):
        """How many people of each sector are to come, where that was typed."""
        return {sector: heads.data for sector, _names, heads in self.invited if heads.data is not None}

    def meeting(self, there=()):
        """Return what was typed, as `convene_session` takes it, but for its instants; there: the agenda before."""
        return {name: self[name].data for name in TEXTS} | {
            "inputs": lines_of(self.inputs.data),
            "agenda": with_ids(agenda_of(self.agenda.data), there),
            "venues": lines_of(self.venues.data),
            "convened": self.invitations,
            "planned_heads": self.planned_heads,
        }

    @property
    def largest_plan(self):
        """The field with the most people who are to come: the one that will not do, where one is too large."""
        return max((heads for _sector, _names, heads in self.invited), key=lambda heads: heads.data or 0)

    def invitation_field(self, at):
        """Return the field that the invitation at place `at`, from 0, was typed in."""
        return self[f"convened_{self.invitations[at]['sector']}"]


for _sector in SECTORS:
    setattr(MeetingForm, f"convened_{_sector}", TextAreaField(_sector, [Optional()]))
    setattr(MeetingForm, f"planned_{_sector}", WholeNumber(_sector, [Optional()]))


class ConveneForm(MeetingForm):
    """A session to be convened, and whose."""

    table = Choice(_("Mesa"), [Optional()], default="")
    table_title = StringField(_("Nombre de la mesa"), [Optional()])
    kind = RadioField(_("Clase de mesa"), validate_choice=False)
    territory = Choice(_("Región"), [Optional()], default="")

    def __init__(self, *args, tables=(), regions=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.table.choices = [("", _("Una mesa nueva")), *((str(table.id), table.title) for table in tables)]
        self.kind.choices = [(each, labels.table_kind(each)) for each in ("regional", "thematic", "round", "forum")]
        self.territory.choices = [("", _("Elige la región")), *((region.code, region.full_name) for region in regions)]


def as_typed(session, attendances):
    """Return what `session` is convened with as a MeetingForm shows it; attendances: its list."""
    zone = session.table.consultation.zone
    typed = {name: getattr(session, name) for name in TEXTS} | {
        "inputs": "\n".join(session.inputs),
        "venues": "\n".join(session.venues),
        "agenda": text_of(session.agenda),
    }
    for name in ("starts_at", "ends_at"):
        at = getattr(session, name)
        typed[name] = at and local(at, zone).replace(tzinfo=None)
    for sector in SECTORS:
        lines = [line_of(each) for each in attendances if each.sector == sector and each.convened and each.name]
        typed |= {f"convened_{sector}": "\n".join(lines), f"planned_{sector}": session.planned_heads.get(sector)}
    return typed
