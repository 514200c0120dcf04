"""The forms of a proposal: writing it, taking it back, hiding it."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from consulta.proposals.models import BODY_LIMIT, TITLE_LIMIT


class ProposalForm(FlaskForm):
    """Title, text, and where it belongs; `offer` fills the two lists."""

    title = StringField(
        _("Título"),
        [InputRequired(_("Escribe un título para tu propuesta.")), Length(max=TITLE_LIMIT)],
    )
    body = TextAreaField(
        _("Qué propones y por qué"),
        [InputRequired(_("Cuenta en qué consiste tu propuesta.")), Length(max=BODY_LIMIT)],
    )
    # Codes of proposals that the writer said are not the same, so that they are not shown again for this draft.
    different = HiddenField()
    theme = SelectField(_("Eje temático"), coerce=int)
    territory = SelectField(_("Territorio"), coerce=int)

    def offer(self, themes, regions):
        """Offer the consultation's `themes` and the country's `regions`, and the choice of neither."""
        self.theme.choices = [(0, _("Sin eje o no lo sé")), *((each.id, each.title) for each in themes)]
        self.territory.choices = [(0, _("Todo el país")), *((each.id, each.full_name or each.name) for each in regions)]


class ReasonForm(FlaskForm):
    """A reason, for what must not be done without one."""

    reason = TextAreaField(
        _("Motivo"), [InputRequired(_("Escribe el motivo: queda en el registro público.")), Length(max=2000)]
    )
