"""Who may settle what came late, print and fill in on paper, and see the photos of the sheets."""

from flask_babel import lazy_gettext as _

from consulta.consultations.rules import why_not_moderate
from consulta.tables.models import AccessCode
from consulta.tables.rules import why_not_take_part


def why_not_settle_late(person, session):
    """What came late is admitted or dismissed by those who moderate the consultation, with an account."""
    if isinstance(person, AccessCode):
        return _("Con un código no se decide sobre lo que llegó tarde: hace falta entrar con una cuenta.")
    return why_not_moderate(person, session.table.consultation)


def why_not_print(by, session):
    """Worksheets are printed, and filled in as a spreadsheet, by whoever enters the session and by moderators."""
    return why_not_take_part(by, session)


def why_not_see_photos(by, session):
    """Photos of sheets show handwriting and signatures: for whoever enters the session or may check it."""
    return why_not_take_part(by, session)


def why_not_keep_photo(session):
    """Photos are taken in from the opening of a session until a second person has checked it.

    Also after it was handed in: a photo that waited for a line is what the second person looks for.
    """
    if session.opened_at is None:
        return _("Esta sesión todavía no está abierta, así que no hay hojas que fotografiar.")
    if session.checked_at is not None:
        return _("Esta sesión ya fue revisada con las fotos que tenía, y no recibe otras.")
    return None
