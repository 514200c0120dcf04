"""Forms around the worksheet: the code of a room, a tracking code, and what came late."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from consulta.worksheets.actions import REASON_LIMIT


class RoomForm(FlaskForm):
    """The code that opens the worksheet of one session."""

    code = StringField(_("Código de la sala"), [InputRequired(_("Escribe el código."))])


class TrackForm(FlaskForm):
    """The code that somebody took home from a room."""

    code = StringField(_("Código de seguimiento"), [InputRequired(_("Escribe el código del papel."))])


class LateForm(FlaskForm):
    """Why what came late is admitted or dismissed; which of it stands in the page as boxes called `changes`."""

    reason = TextAreaField(
        _("Motivo"),
        [InputRequired(_("Escribe el motivo: queda en el registro público.")), Length(max=REASON_LIMIT)],
    )
