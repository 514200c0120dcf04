"""Forms of moderation: writing a joint proposal, and saying why a part or a whole merge is taken apart."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired


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
    reason = TextAreaField(
        _("Por qué se fusionan"),
        [InputRequired(_("Escribe por qué estas propuestas son una sola: quedará en el registro público."))],
    )
    session = SelectField(_("Sesión que lo acordó"), validate_choice=False, default="")

    def __init__(self, *args, sessions=(), **kwargs):
        """sessions: (number, words) of those that may have decided it."""
        super().__init__(*args, **kwargs)
        self.session.choices = [("", _("Ninguna: lo decide la moderación")), *sessions]


class ReasonForm(FlaskForm):
    """Why a merge is undone, or a part taken out of it."""

    reason = TextAreaField(_("Razón"), [InputRequired(_("Escribe la razón: quedará en el registro público."))])


class NoteForm(FlaskForm):
    """What the public should know about how a merge stands."""

    note = TextAreaField(_("Nota pública"), [InputRequired(_("Escribe la nota."))])
