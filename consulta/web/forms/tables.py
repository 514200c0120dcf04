"""Forms of the room: who attended, what it said of a proposal, and a proposal made there."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, Form, FormField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from consulta.accounts.models import SECTORS
from consulta.tables import digests
from consulta.tables.models import GENDERS, GRADES, LEVELS, OUTCOMES, QUALITIES, VOTES
from consulta.web import labels
from consulta.web.forms.fields import Choice, Rows, WholeNumber

SPARE_ROWS = 3  # empty rows at the end of a list, to be filled in
TICKS = ("attended", "excused", "spoke")
NUMBERS = ("heads", *GENDERS)
LINES = ("network", "quality", "note")
SAID = ("reasons", "reasons_against", "dissent", "requests", "statements", "missing_actors", "count_note")


class PresenceForm(Form):
    """One row of the list: an institution, or people of a sector without one, with what is noted of everybody."""

    uid = HiddenField()
    institution = StringField(_("Institución"))
    sector = SelectField(_("Sector"), validate_choice=False)
    attended = BooleanField(_("Asistió"))
    excused = BooleanField(_("Se excusó"))
    spoke = BooleanField(_("Intervino"))
    heads = WholeNumber(_("Personas"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.sector.choices = [("", _("Elige el sector")), *_sectors()]

    def validate_sector(self, sector):
        """A new row that was filled in says its sector."""
        if self.counts and not self.uid.data and sector.data not in SECTORS:
            raise ValidationError(_("Elige el sector de esta fila."))

    @property
    def counts(self):
        """Whether the row goes into the list: it is there, or something was filled in.

        A spare row is ticked as attended from the start.
        """
        heads = self.heads.raw_data and self.heads.raw_data[0].strip()
        return bool(self.uid.data or (self.institution.data or "").strip() or heads or self.spoke.data)


class AttendanceForm(FlaskForm):
    """Who attended, excused themselves and spoke, by sector."""

    base = HiddenField()
    rows = Rows(FormField(PresenceForm))

    def lines(self, there):
        """Return the rows that hold something, each with its place in the form, as `note_attendance` takes them.

        there: the Attendances of the session. Of a line that is there the form says what it asks, and no more;
        whoever was convened stays in the list, and has no place (None) where the form does not name it.
        """
        known = {each.uid: _line_of(each) for each in there}
        typed = [(at, _presence(row.form, known)) for at, row in enumerate(self.rows) if row.form.counts]
        named = {row.get("uid") for _at, row in typed}
        return [(None, line) for uid, line in known.items() if line["convened"] and uid not in named] + typed


class LineForm(FlaskForm):
    """All that can be noted of one line of the attendance list."""

    base = HiddenField()
    network = StringField(_("Red a la que representa, o encabezado en el acta"), [Optional()])
    quality = Choice(_("Calidad"), default="")
    attended = BooleanField(_("Asistió"))
    excused = BooleanField(_("Se excusó"))
    spoke = BooleanField(_("Intervino"))
    heads = WholeNumber(_("Personas"), [Optional()])
    women = WholeNumber(labels.GENDERS["women"], [Optional()])
    men = WholeNumber(labels.GENDERS["men"], [Optional()])
    other_gender = WholeNumber(labels.GENDERS["other_gender"], [Optional()])
    note = StringField(_("Nota"), [Optional()])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.quality.choices = [("", _("Sin indicar")), *((each, labels.quality(each)) for each in QUALITIES)]

    @property
    def said(self):
        """What was typed, as `set_presence` takes it."""
        return {name: self[name].data for name in (*TICKS, *NUMBERS)} | {
            name: self[name].data or None for name in LINES
        }


class ResultForm(FlaskForm):
    """What the room said of one proposal."""

    proposal = HiddenField()
    base = HiddenField()
    outcome = RadioField(_("¿Qué decidió la sala?"), validate_choice=False)
    group_number = WholeNumber(_("Número del grupo"), [Optional()])
    grade = RadioField(_("Grado de acuerdo"), validate_choice=False)
    dots = WholeNumber(_("Puntos que recibió"), [Optional()])
    reasons = TextAreaField(_("Razones a favor"), [Optional()])
    reasons_against = TextAreaField(_("Razones en contra"), [Optional()])
    dissent = TextAreaField(_("Posición de la minoría"), [Optional()])
    requests = TextAreaField(_("Qué se pidió"), [Optional()])
    statements = TextAreaField(_("Constancias"), [Optional()])
    missing_actors = TextAreaField(_("Quién faltaba en la sala"), [Optional()])
    count_note = TextAreaField(_("Por qué los números no calzan"), [Optional()])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.outcome.choices = [(each, labels.outcome(each)) for each in OUTCOMES]
        self.grade.choices = [*((each, labels.grade(each)) for each in GRADES), ("", _("No se registró"))]

    @property
    def levels(self):
        """The fields of the five levels, in order."""
        return [self[name] for name in LEVELS]

    @property
    def hands(self):
        """The fields of a show of hands, in order."""
        return [self[name] for name in VOTES]

    @property
    def said(self):
        """What was typed, as `enter_result` takes it."""
        parts = ("outcome", "group_number", "dots", *LEVELS, *VOTES, *SAID)
        return {name: self[name].data for name in parts} | {"grade": self.grade.data or None}


for _name, _label in {**labels.LEVELS, **labels.VOTES}.items():
    setattr(ResultForm, _name, WholeNumber(_label, [Optional()]))


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


def attendance_as_typed(attendances):
    """Return an attendance list as AttendanceForm shows it, with spare rows at the end."""
    rows = [
        {
            "uid": each.uid,
            "institution": each.name or "",
            "sector": each.sector,
            "heads": each.heads,
            **{name: bool(getattr(each, name)) for name in TICKS},
        }
        for each in attendances
    ]
    return {
        "base": digests.of_attendance(attendances),
        "rows": [*rows, *({"attended": True} for _n in range(SPARE_ROWS))],
    }


def line_as_typed(attendance):
    """Return one line of an attendance list as LineForm shows it."""
    return {"base": digests.of_attendance([attendance])} | _line_of(attendance)


def result_as_typed(result, proposal):
    """Return a result (or None) on `proposal` as ResultForm shows it."""
    typed = {"proposal": proposal.code, "base": digests.of_result(result), "grade": ""}
    if result is None:
        return typed
    said = {name: getattr(result, name) for name in ("group_number", "dots", *LEVELS, *VOTES, *SAID)}
    return typed | said | {"outcome": None if result.outcome == "none" else result.outcome, "grade": result.grade or ""}


def _sectors():
    return [(each, labels.sector(each)) for each in SECTORS]


def _line_of(attendance):
    kept = ("uid", "sector", "convened", *TICKS, *NUMBERS, *LINES)
    return {name: getattr(attendance, name) for name in kept} | {
        "institution": attendance.institution or attendance.named
    }


def _presence(row, known):
    typed = {name: row[name].data for name in TICKS} | {"heads": row.heads.data}
    line = known.get(row.uid.data)
    if line is not None:
        return line | typed
    # Somebody else took the line out meanwhile, and will be told of; or it is a new one.
    name = (row.institution.data or "").strip() or None
    return {"sector": row.sector.data, "institution": name, "convened": False} | typed
