"""Forms of moderation: writing a joint proposal, and saying why a part or a whole merge is taken apart."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from consulta.web import labels


class MergeForm(FlaskForm):
    """The joint proposal of a merge: which proposals it carries, its text, and why."""

    # Codes; the page draws the checkboxes beside the texts they stand for.
    parts = SelectMultipleField(_("Propuestas que se fusionan"), validate_choice=False)
    # Where the group that was being merged disappears meanwhile, what was typed is shown again in this consultation.
    consultation = HiddenField()
    title = StringField(
        _("Título de la propuesta conjunta"),
        [InputRequired(_("Escribe un título para la propuesta conjunta."))],
    )
    body = TextAreaField(
        _("Texto de la propuesta conjunta"),
        [InputRequired(_("Escribe el texto de la propuesta conjunta."))],
    )
    # Reasons given often, one click each; what is typed stands after it.
    quick = RadioField(
        _("Por qué se fusionan"), choices=list(labels.MERGE_REASONS.items()), validate_choice=False, default=None
    )
    reason = TextAreaField(_("Por qué se fusionan"))
    session = SelectField(_("Sesión que lo acordó"), validate_choice=False, default="")

    def __init__(self, *args, sessions=(), **kwargs):
        """sessions: (number, words) of those that may have decided it."""
        super().__init__(*args, **kwargs)
        self.session.choices = [("", _("Ninguna: lo decide la moderación")), *sessions]

    def validate_reason(self, field):
        """A reason is picked or typed."""
        if not self.why():
            raise ValidationError(_("Escribe por qué estas propuestas son una sola: quedará en el registro público."))

    def why(self):
        """Return the whole reason: the one picked, and what was typed."""
        picked = labels.MERGE_REASONS.get(self.quick.data, "")
        return " ".join(part for part in (str(picked), (self.reason.data or "").strip()) if part)


class ReasonForm(FlaskForm):
    """Why a merge is undone, or a part taken out of it."""

    reason = TextAreaField(_("Razón"), [InputRequired(_("Escribe la razón: quedará en el registro público."))])


class NoteForm(FlaskForm):
    """What the public should know about how a merge stands."""

    note = TextAreaField(_("Nota pública"), [InputRequired(_("Escribe la nota."))])
