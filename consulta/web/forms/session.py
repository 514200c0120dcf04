"""Forms about a session as a whole: what goes on record, its account item by item, how its minutes close, its codes."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import Optional

from consulta.core.clock import local
from consulta.tables import digests
from consulta.tables.models import NEXT_MEETINGS
from consulta.web import labels
from consulta.web.forms.fields import Day, WholeNumber, lines_of

DAYS = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"]  # the first is what a browser sends, the others what people type


class MinutesForm(FlaskForm):
    """What the room had put on record."""

    base = HiddenField()
    statements = TextAreaField(_("Peticiones y constancias"), [Optional()])
    notes = TextAreaField(_("Otras notas del acta"), [Optional()])

    @property
    def said(self):
        """What was typed, as `note_minutes` takes it."""
        return {"statements": lines_of(self.statements.data), "notes": self.notes.data}


class DevelopmentForm(FlaskForm):
    """What was said under one item of the agenda."""

    base = HiddenField()
    title = StringField(_("Título"), [Optional()])
    development = TextAreaField(_("Qué se dijo"), [Optional()])
    is_closed = BooleanField(_("Esta parte fue reservada"))
    closed_note = StringField(_("Qué se dice de la parte reservada"), [Optional()])

    def said(self, item):
        """Return what was typed, as `note_agenda` takes it; only a heading of the room's own has its title changed."""
        names = ("development", "is_closed", "closed_note", *(["title"] if item["kind"] == "heading" else []))
        return {name: self[name].data for name in names}


class HeadingForm(FlaskForm):
    """A heading of the account that the programme does not have."""

    title = StringField(_("Título del apartado"))


class ClosingForm(FlaskForm):
    """The closing facts of the minutes."""

    base = HiddenField()
    started = StringField(_("Hora en que comenzó"), [Optional()])
    ended = StringField(_("Hora en que terminó"), [Optional()])
    next_meeting = RadioField(_("Próxima reunión"), validate_choice=False)
    next_on = Day(_("Fecha de la próxima reunión"), [Optional()], format=DAYS)
    prepared_by = StringField(_("Acta preparada por"), [Optional()])
    prepared_on = Day(_("Fecha de elaboración"), [Optional()], format=DAYS)
    distributed_to = StringField(_("Distribuida a"), [Optional()])
    declared_heads = WholeNumber(_("Personas que había en la sala"), [Optional()])
    attendance_note = TextAreaField(_("Nota sobre la asistencia"), [Optional()])
    count_note = TextAreaField(_("Por qué los números de la sala no calzan"), [Optional()])
    open_points = TextAreaField(_("Qué queda abierto"), [Optional()])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(each, labels.next_meeting(each)) for each in NEXT_MEETINGS]
        self.next_meeting.choices = [*choices, ("", _("Sin indicar"))]

    @property
    def said(self):
        """What was typed, as `note_session` takes it."""
        texts = ("started", "ended", "next_on", "prepared_by", "prepared_on", "distributed_to", "declared_heads")
        notes = ("attendance_note", "count_note")
        return {name: self[name].data for name in (*texts, *notes)} | {
            "next_meeting": self.next_meeting.data or None,
            "open_points": lines_of(self.open_points.data),
        }


class BaseForm(FlaskForm):
    """A session as it was when the page was opened: to hand it in, or to confirm it."""

    base = HiddenField()


class ReturnForm(FlaskForm):
    """Why a session goes back to whoever facilitates it."""

    note = TextAreaField(_("Qué hay que corregir"))


class CodeForm(FlaskForm):
    """A code of access to the worksheet of one session."""

    label = StringField(_("Para quién o qué teléfono"))
    hours = WholeNumber(_("Cuántas horas sirve"), default=12)


def minutes_as_typed(session):
    """Return the statements and notes of a session as MinutesForm shows them."""
    return {
        "base": digests.of_minutes(session),
        "statements": "\n".join(session.statements),
        "notes": session.notes or "",
    }


def development_as_typed(session, item):
    """Return one item of the agenda of `session` as DevelopmentForm shows it."""
    return {**item, "base": digests.of_item(session, item["id"])}


def closing_as_typed(session):
    """Return the closing facts of a session as ClosingForm shows them; hours as a clock of the place shows them."""
    zone = session.table.consultation.zone
    texts = (
        "next_on",
        "prepared_by",
        "prepared_on",
        "distributed_to",
        "declared_heads",
        "attendance_note",
        "count_note",
    )
    return {name: getattr(session, name) for name in texts} | {
        "base": digests.of_facts(session),
        "started": _clock(session.starts_at, zone),
        "ended": _clock(session.ends_at, zone),
        "next_meeting": session.next_meeting or "",
        "open_points": "\n".join(session.open_points),
    }


def _clock(instant, zone):
    return local(instant, zone).strftime("%H:%M") if instant else ""
