"""The form of a commitment: the template's fields, where it comes from, and its milestones."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    Form,
    FormField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from consulta.web import labels
from consulta.web.forms.fields import Rows, lines_of

SPARE_MILESTONES, SPARE_INFERRED = 3, 1  # empty rows to be filled in
MOST_ROWS = 60


class Day(DateField):
    """A date between 1990 and 2100."""

    def process_formdata(self, valuelist):
        """Read a date; raises ValueError with the message for the field, what was typed stays."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Escribe la fecha con día, mes y año, por ejemplo 30-06-2026.")) from None
        if self.data is not None and not 1990 <= self.data.year <= 2100:
            self.data = None
            raise ValueError(_("Ese año no parece posible. Revisa la fecha."))


class Listed(Rows):
    """Rows whose errors are sentences, as the summary of errors shows them."""

    def validate(self, form, extra_validators=()):
        """Check every row, then the list; an error of a row also stands at its field."""
        super().validate(form, extra_validators)
        said = []
        for error in self.errors:
            said += [text for texts in error.values() for text in texts] if isinstance(error, dict) else [error]
        self.errors = [text for text in said if text]
        return not self.errors


class MilestoneForm(Form):
    """One milestone: what, from when, until when."""

    title = StringField(_("Qué se hará"))
    starts_on = Day(_("Comienza"), [Optional()])
    ends_on = Day(_("Termina"), [Optional()])

    @property
    def is_blank(self):
        """Whether nothing was filled in."""
        return not (self.title.data or "").strip() and not any(
            (text or "").strip() for field in (self.starts_on, self.ends_on) for text in field.raw_data or ()
        )


class InferredForm(Form):
    """One proposal that the commitment seems to come from, and how one can tell."""

    code = StringField(_("Código de la propuesta"))
    note = StringField(_("Por qué se infiere"))

    @property
    def is_blank(self):
        """Whether nothing was filled in."""
        return not (self.code.data or "").strip() and not (self.note.data or "").strip()


class CommitmentForm(FlaskForm):
    """A commitment to be drafted; with the plan's own title while there is no plan."""

    plan_title = StringField(_("Nombre del plan"))
    period = StringField(_("Período del plan"), [Optional()])
    title = StringField(_("Título del compromiso"), [InputRequired(_("Escribe el título del compromiso."))])
    subject = StringField(_("Tema"), [Optional()])
    institution = StringField(_("Institución responsable"), [Optional()])
    sector = SelectField(_("Sector, si la institución es nueva"), validate_choice=False)
    problem = TextAreaField(_("Problema que aborda"), [Optional()])
    objective = TextAreaField(_("Objetivo principal"), [Optional()])
    description = TextAreaField(_("Descripción breve"), [Optional()])
    relevance = TextAreaField(_("Relevancia para el gobierno abierto"), [Optional()])
    ambition = TextAreaField(_("Ambición"), [Optional()])
    starts_on = Day(_("Comienza"), [Optional()])
    ends_on = Day(_("Termina"), [Optional()])
    certain = SelectMultipleField(
        _("Propuestas preseleccionadas de las que viene"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )
    inferred = Listed(FormField(InferredForm), min_entries=SPARE_INFERRED, max_entries=MOST_ROWS)
    origin_note = TextAreaField(_("Si no viene de ninguna propuesta, de dónde viene"), [Optional()])
    milestones = Listed(FormField(MilestoneForm), min_entries=SPARE_MILESTONES, max_entries=MOST_ROWS)
    notes = TextAreaField(_("Notas para quien lee"), [Optional()])

    def __init__(self, *args, shortlisted=(), has_plan=True, **kwargs):
        """shortlisted: (code, words) of the proposals it may certainly come from."""
        super().__init__(*args, **kwargs)
        self.has_plan = has_plan
        self.sector.choices = [("", _("Elige el sector")), *labels.SECTORS.items()]
        self.certain.choices = list(shortlisted)

    def validate_plan_title(self, field):
        """The first commitment opens the plan, which needs a name."""
        if not self.has_plan and not (field.data or "").strip():
            raise ValidationError(_("Escribe el nombre del plan: este es su primer compromiso."))

    def validate_milestones(self, rows):
        """A row with a date says what is to be done by then."""
        for row in rows:
            if not row.form.is_blank and not (row.form.title.data or "").strip():
                row.form.title.errors = [_("Escribe qué hito es.")]
                raise ValidationError(_("A un hito con fecha le falta el nombre."))

    def validate_inferred(self, rows):
        """A reading is of some proposal, and is explained."""
        for row in rows:
            if row.form.is_blank:
                continue
            if not (row.form.code.data or "").strip():
                row.form.code.errors = [_("Escribe el código de la propuesta.")]
                raise ValidationError(_("A un origen inferido le falta el código de la propuesta."))
            if not (row.form.note.data or "").strip():
                row.form.note.errors = [_("Escribe por qué se infiere.")]
                raise ValidationError(_("A un origen inferido le falta la nota que lo explica."))

    @property
    def body(self):
        """The institution as the actions take it: its name and the sector it is founded in unless it is there."""
        name = (self.institution.data or "").strip()
        return (name, self.sector.data) if name else None

    @property
    def texts(self):
        """The fields of the template that hold text."""
        names = ("title", "subject", "problem", "objective", "description", "relevance", "ambition", "origin_note")
        return {name: self[name].data for name in names}

    @property
    def steps(self):
        """The milestones that were filled in, as `draft_commitment` takes them."""
        return [
            {"title": row.form.title.data, "starts_on": row.form.starts_on.data, "ends_on": row.form.ends_on.data}
            for row in self.milestones
            if not row.form.is_blank
        ]

    @property
    def readings(self):
        """The inferred origins that were filled in: (code, note)."""
        return [(row.form.code.data.strip(), row.form.note.data) for row in self.inferred if not row.form.is_blank]

    @property
    def remarks(self):
        """The notes, one a line."""
        return lines_of(self.notes.data)
