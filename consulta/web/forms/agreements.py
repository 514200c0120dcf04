"""Forms of agreements: the list of a session, how one goes on, and a sub-group."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from consulta.agreements import digests
from consulta.web import labels
from consulta.web.forms.fields import Choice, Day, Rows, lines_of

SPARE_ROWS = 3  # empty rows at the end of a list, to be filled in


class AgreementForm(Form):
    """One agreement: what, whose, by when, and under which item of the agenda."""

    uid = HiddenField()
    text = TextAreaField(_("Qué se acordó"))
    owner = StringField(_("Quién responde"))
    due_on = Day(_("Fecha de plazo"), [Optional()])
    due_note = StringField(_("Plazo en palabras"))
    kind = Choice(_("Clase"), default="task")
    item = SelectField(_("Punto de la tabla"), validate_choice=False)
    terms = TextAreaField(_("Términos"))
    dropped = BooleanField(_("Quitar este acuerdo"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind.choices = list(labels.AGREEMENT_KINDS.items())
        self.item.choices = []

    @property
    def is_blank(self):
        """Whether nothing was typed into a row that was not there before."""
        typed = self.text.data, self.owner.data, self.due_note.data, self.terms.data, *(self.due_on.raw_data or [])
        return not self.uid.data and not any((text or "").strip() for text in typed)

    @property
    def has_more(self):
        """Whether something is set, or wrong, among what the row folds away."""
        folded = self.kind, self.item, self.terms, self.dropped
        is_set = self.kind.data not in (None, "task") or self.item.data or self.terms.data or self.dropped.data
        return bool(is_set) or any(field.errors for field in folded)

    @property
    def said(self):
        """What was typed, as `note_agreements` takes it."""
        fields = {name: self[name].data for name in ("text", "owner", "due_on", "due_note", "kind")}
        known = {"uid": self.uid.data} if self.uid.data else {}
        return known | fields | {"item": self.item.data or None, "terms": lines_of(self.terms.data)}


class AgreementsForm(FlaskForm):
    """All that a session agreed, in its order."""

    base = HiddenField()
    rows = Rows(FormField(AgreementForm))

    def __init__(self, *args, items=(), **kwargs):
        """items: (id, title) of the agenda."""
        super().__init__(*args, **kwargs)
        for row in self.rows:
            row.form.item.choices = [("", _("Ninguno en particular")), *items]

    @property
    def lines(self):
        """The rows that stay, each with its place in the form, as `note_agreements` takes them."""
        kept = ((at, row.form) for at, row in enumerate(self.rows) if not row.form.dropped.data)
        return [(at, form.said) for at, form in kept if not form.is_blank]


class MoveForm(FlaskForm):
    """How an agreement goes on."""

    base = HiddenField()
    state = RadioField(_("Cómo va"), validate_choice=False)
    deferred_to = Choice(_("Sesión en que se retoma"), [Optional()], default="")
    due_on = Day(_("Nuevo plazo"), [Optional()])
    note = TextAreaField(_("Qué se dijo o qué se hizo"), [Optional()])

    def __init__(self, *args, kind="task", sessions=(), **kwargs):
        """sessions: (number, words) of those it may be put off to."""
        super().__init__(*args, **kwargs)
        states = ("agreed", "under_way", "deferred", "done") if kind != "rule" else ("agreed", "deferred", "done")
        self.state.choices = [(each, labels.agreement_state(each, kind)) for each in states]
        self.deferred_to.choices = [("", _("La próxima, cuando sea")), *sessions]

    def validate_state(self, field):
        """One of those offered."""
        if field.data not in dict(self.state.choices):
            raise ValidationError(_("Elige cómo va el acuerdo."))

    @property
    def number(self):
        """How many steps the form was filled in from, or None where it does not say."""
        text = self.base.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


class SubgroupForm(FlaskForm):
    """A sub-group of a table."""

    title = StringField(_("Nombre del subgrupo"))
    institutions = SelectMultipleField(
        _("Quiénes lo forman"),
        validate_choice=False,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def __init__(self, *args, institutions=(), **kwargs):
        """institutions: (number, name) of those in the session's list."""
        super().__init__(*args, **kwargs)
        self.institutions.choices = list(institutions)


def agreements_as_typed(agreements):
    """Return a session's agreements as AgreementsForm shows them, with spare rows at the end."""
    rows = [
        {
            "uid": each.uid,
            "text": each.text,
            "owner": each.owner or "",
            "due_on": each.due_on,
            "due_note": each.due_note or "",
            "kind": each.kind,
            "item": each.item or "",
            "terms": "\n".join(each.terms),
        }
        for each in agreements
    ]
    return {"base": digests.of_agreements(agreements), "rows": [*rows, *({} for _n in range(SPARE_ROWS))]}


def move_as_typed(agreement, step):
    """Return how an agreement goes on as MoveForm shows it; step: what this session already said, or None."""
    said = step or agreement
    return {
        "base": str(len(agreement.steps)),
        "state": said.state,
        "deferred_to": str(said.deferred_to_id or ""),
        "due_on": step and step.due_on,
        "note": step.note if step else "",
    }
