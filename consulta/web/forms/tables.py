"""Forms of the room: attendance by sector, a result, the minutes, a proposal made there, and convening a session."""

import re

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional, ValidationError

from consulta.accounts.models import SECTORS
from consulta.tables import digests, entries
from consulta.tables.models import GRADES, OUTCOMES, TABLE_KINDS
from consulta.web import labels

SPARE_ROWS = 3  # empty rows at the end of a list, to be filled in
_BULLET = re.compile(r"^\s*[•*–—-]\s+")
_AGENDA_LINE = re.compile(r"(?:(\d{1,2}[:.]\d{2})\s*(?:(?:[-–—]|a)\s*(\d{1,2}[:.]\d{2}))?(?:\s*h(?:rs?)?\.?)?\s+)?(.+)")


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
        if self.data is not None and not 1990 <= self.data.year <= 2100:
            self.data = None
            raise ValueError(_("Ese año no parece posible. Revisa la fecha."))


class Choice(SelectField):
    """One of a list."""

    def pre_validate(self, form):
        """Refuse what is not in the list, in words that say what to do."""
        if self.validate_choice and self.data not in {value for value, *_label in self.iter_choices()}:
            raise ValidationError(_("Elige una de las opciones de la lista."))


class Rows(FieldList):
    """Rows of a list, read by their numbers; names that are no plain small number are not looked at."""

    def _extract_indices(self, prefix, formdata):
        for name in formdata:
            head, _dash, rest = name.partition("-")
            number = rest.partition("-")[0]
            if head == prefix and number.isascii() and number.isdigit() and len(number) <= 3:
                yield int(number)


class PresenceForm(Form):
    """One row: an institution, or people of a sector without one."""

    listed = HiddenField()
    convened = HiddenField()
    institution = StringField(_("Institución"))
    sector = SelectField(_("Sector"), validate_choice=False)
    attended = BooleanField(_("Asistió"))
    spoke = BooleanField(_("Intervino"))
    heads = WholeNumber(_("Personas"))
    note = StringField(_("Nota"))
    dropped = BooleanField(_("Quitar de la lista"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.sector.choices = [("", _("Elige el sector")), *_sectors()]

    def validate_sector(self, sector):
        """A row that was filled in says its sector."""
        if self.counts and sector.data not in SECTORS:
            raise ValidationError(_("Elige el sector de esta fila."))

    @property
    def is_blank(self):
        """Whether nothing was filled in (a spare row is ticked as attended from the start)."""
        typed = self.institution.data, self.note.data, self.heads.raw_data and self.heads.raw_data[0]
        return not (self.spoke.data or any(text and text.strip() for text in typed))

    @property
    def counts(self):
        """Whether the row goes into the list; whoever was convened stays in it."""
        if self.dropped.data and self.convened.data != "1":
            return False
        return bool(self.listed.data) or not self.is_blank


class AttendanceForm(FlaskForm):
    """Who attended and who spoke, by sector."""

    base = HiddenField()
    rows = Rows(FormField(PresenceForm))

    @property
    def lines(self):
        """The rows that hold something, each with its place in the form, as `note_attendance` takes them."""
        return [(at, _presence(row.form)) for at, row in enumerate(self.rows) if row.form.counts]


class ResultForm(FlaskForm):
    """What the room said of one proposal."""

    proposal = HiddenField()
    base = HiddenField()
    outcome = RadioField(_("¿Qué decidió la sala?"), validate_choice=False)
    group_number = WholeNumber(_("Número del grupo"), [Optional()])
    grade = RadioField(_("Grado de acuerdo"), validate_choice=False)
    dots = WholeNumber(_("Puntos"), [Optional()])
    reasons = TextAreaField(_("Razones"), [Optional()])
    dissent = TextAreaField(_("Posición de la minoría"), [Optional()])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.outcome.choices = [(each, labels.outcome(each)) for each in OUTCOMES]
        self.grade.choices = [*((each, labels.grade(each)) for each in GRADES), ("", _("No se registró"))]

    @property
    def said(self):
        """What was typed, as `enter_result` takes it."""
        parts = ("outcome", "group_number", "dots", "reasons", "dissent")
        return {name: self[name].data for name in parts} | {"grade": self.grade.data or None}


class AgreementForm(Form):
    """One agreement or task: what, whose, and by when."""

    text = StringField(_("Acuerdo o tarea"))
    owner = StringField(_("Quién responde"))
    due = StringField(_("Plazo"))


class MinutesForm(FlaskForm):
    """What the room had put on record, and what it agreed to do."""

    base = HiddenField()
    statements = TextAreaField(_("Peticiones y constancias"), [Optional()])
    agreements = Rows(FormField(AgreementForm))
    notes = TextAreaField(_("Otras notas del acta"), [Optional()])

    @property
    def places(self):
        """The places in the form of the agreements that hold something."""
        return [
            at for at, row in enumerate(self.agreements) if any((text or "").strip() for text in row.form.data.values())
        ]

    @property
    def said(self):
        """What was typed, as `note_minutes` takes it."""
        return {
            "statements": lines_of(self.statements.data),
            "agreements": [self.agreements[at].form.data for at in self.places],
            "notes": self.notes.data,
        }


class RoomProposalForm(FlaskForm):
    """A proposal that the room made."""

    title = StringField(_("Título"))
    body = TextAreaField(_("Texto"))
    theme = Choice(_("Eje temático"), [Optional()], default="")
    institution = StringField(_("Institución que la trajo"), [Optional()])
    sector = Choice(_("Sector de la institución"), default="")

    def __init__(self, *args, themes=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.theme.choices = [("", _("Sin eje temático")), *((str(theme.id), theme.title) for theme in themes)]
        self.sector.choices = [("", _("Elige el sector")), *_sectors()]

    def validate_sector(self, sector):
        """An institution is named with its sector."""
        if (self.institution.data or "").strip() and not sector.data:
            raise ValidationError(_("Elige el sector de la institución."))


class SubmitForm(FlaskForm):
    """The session as it was checked before handing it in."""

    base = HiddenField()


class ConveneForm(FlaskForm):
    """A session to be convened, at a table that is there or at a new one."""

    table = Choice(_("Mesa"), [Optional()], default="")
    table_title = StringField(_("Nombre de la mesa"), [Optional()])
    kind = RadioField(_("Clase de mesa"), validate_choice=False)
    territory = Choice(_("Región"), [Optional()], default="")
    title = StringField(_("Nombre de la sesión"))
    place = StringField(_("Lugar o enlace"), [Optional()])
    starts_at = WallTime(_("Comienza"), [Optional()])
    ends_at = WallTime(_("Termina"), [Optional()])
    agenda = TextAreaField(_("Programa"), [Optional()])
    objective = TextAreaField(_("Objetivo"), [Optional()])
    product = TextAreaField(_("Producto esperado"), [Optional()])

    def __init__(self, *args, tables=(), regions=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.table.choices = [("", _("Una mesa nueva")), *((str(table.id), table.title) for table in tables)]
        self.kind.choices = [(each, labels.table_kind(each)) for each in TABLE_KINDS]
        self.territory.choices = [("", _("Elige la región")), *((region.code, region.full_name) for region in regions)]
        for sector, field in self.invited:
            field.label.text = labels.sector(sector)

    @property
    def invited(self):
        """One text area for each sector, in order: (sector, field)."""
        return [(sector, self[f"convened_{sector}"]) for sector in SECTORS]

    @property
    def invitations(self):
        """The institutions that were typed, one a line, as `convene_session` takes them."""
        return [
            {"sector": sector, "institution": name} for sector, field in self.invited for name in lines_of(field.data)
        ]

    @property
    def agenda_items(self):
        """The agenda as `convene_session` takes it: one line an item, "15:00–15:10 Título"."""
        return [agenda_item(line) for line in lines_of(self.agenda.data)]


for _sector in SECTORS:
    setattr(ConveneForm, f"convened_{_sector}", TextAreaField(_sector, [Optional()]))


def attendance_as_typed(attendances):
    """Return an attendance list as AttendanceForm shows it, with spare rows at the end."""
    rows = [
        {
            "listed": "1",
            "convened": {True: "1", False: "0", None: ""}[each.convened],
            "institution": each.institution.name if each.institution else "",
            "sector": each.sector,
            "attended": bool(each.attended),
            "spoke": bool(each.spoke),
            "heads": each.heads,
            "note": each.note or "",
        }
        for each in attendances
    ]
    return {
        "base": digests.of_attendance(attendances),
        "rows": [*rows, *({"attended": True} for _n in range(SPARE_ROWS))],
    }


def result_as_typed(result, proposal):
    """Return a result (or None) on `proposal` as ResultForm shows it."""
    typed = {"proposal": proposal.code, "base": digests.of_result(result), "grade": ""}
    if result is None:
        return typed
    said = {name: getattr(result, name) for name in ("group_number", "dots", "reasons", "dissent")}
    return typed | said | {"outcome": None if result.outcome == "none" else result.outcome, "grade": result.grade or ""}


def minutes_as_typed(session):
    """Return the minutes of a session as MinutesForm shows them, with spare rows at the end."""
    return {
        "base": digests.of_minutes(session),
        "statements": "\n".join(session.statements),
        "agreements": [*session.agreements, *({} for _n in range(SPARE_ROWS))],
        "notes": session.notes or "",
    }


def agenda_item(line):
    """Return an agenda line such as "15:00–15:10 Título" or "Título" as a dictionary starts, ends, title."""
    starts, ends, title = _AGENDA_LINE.fullmatch(line[: entries.LINE_LIMIT + 40]).groups()
    return {"starts": starts, "ends": ends, "title": title}


def lines_of(text):
    """Return the lines of `text` that hold something, without the bullet or dash before them."""
    stripped = (_BULLET.sub("", line).strip() for line in (text or "").splitlines())
    return [line for line in stripped if line]


def _sectors():
    return [(each, labels.sector(each)) for each in SECTORS]


def _presence(row):
    convened = {"1": True, "0": False}.get(row.convened.data) if row.listed.data else False
    return {
        "sector": row.sector.data,
        "institution": (row.institution.data or "").strip() or None,
        "convened": convened,
        "attended": row.attended.data,
        "spoke": row.spoke.data,
        "heads": row.heads.data,
        "note": row.note.data,
    }
