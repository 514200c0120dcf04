"""Who may settle what came late."""

from flask_babel import lazy_gettext as _

from consulta.consultations.rules import why_not_moderate
from consulta.tables.models import AccessCode


def why_not_settle_late(person, session):
    """What came late is admitted or dismissed by those who moderate the consultation, with an account."""
    if isinstance(person, AccessCode):
        return _("Con un código no se decide sobre lo que llegó tarde: hace falta entrar con una cuenta.")
    return why_not_moderate(person, session.table.consultation)
