"""Who may settle what came late, print and fill in on paper, and see the photos of the sheets."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from consulta.consultations.rules import why_not_moderate
from consulta.tables.models import AccessCode
from consulta.tables.rules import why_not_submit, why_not_take_part
from consulta.worksheets.register import IS_FULL


@dataclass(frozen=True)
class Ceilings:
    """How much one session keeps of what is sent to it.

    proposals: that its room made public; at_once: in one batch. devices, changes: that ever sent, that are kept. late,
    waiting: changes that wait for the secretariat; conflicts that wait in one field.
    """

    proposals: int
    at_once: int
    devices: int
    changes: int
    late: int
    waiting: int


# Many times what a room fills. Whoever has an account goes on where a code that got abroad filled what codes may.
OF_CODES = Ceilings(proposals=40, at_once=10, devices=50, changes=200_000, late=2_000, waiting=10)
OF_ACCOUNTS = Ceilings(proposals=100, at_once=100, devices=100, changes=250_000, late=2_500, waiting=20)


def ceilings(by):
    """Return how much a session keeps of what `by` sends: a person, or an AccessCode."""
    return OF_CODES if isinstance(by, AccessCode) else OF_ACCOUNTS


def why_not_another_proposal(by, made):
    """A room makes so many proposals (`made`: those it made) public through its worksheet."""
    return IS_FULL if len(made) >= ceilings(by).proposals else None


def why_not_with_so_many(by, devices, device, count):
    """A session keeps so many changes, of so many devices; devices: {device: how many changes it has of it}."""
    most = ceilings(by)
    is_one_more = device not in devices and len(devices) >= most.devices
    return IS_FULL if is_one_more or sum(devices.values()) + count > most.changes else None


def why_not_settle_late(person, session):
    """What came late is admitted or dismissed by those who moderate the consultation, with an account."""
    if isinstance(person, AccessCode):
        return _("Con un código no se decide sobre lo que llegó tarde: hace falta entrar con una cuenta.")
    return why_not_moderate(person, session.table.consultation)


def why_not_look(by, session):
    """A code shows nothing of a session that was handed in: it sends what still waits on its phone, and no more."""
    if isinstance(by, AccessCode) and session.submitted_at is not None:
        return why_not_submit(session)
    return None


def why_not_print(by, session):
    """Worksheets are printed, and filled in as a spreadsheet, by whoever enters the session and by moderators."""
    return why_not_take_part(by, session) or why_not_look(by, session)


def why_not_see_photos(by, session):
    """Photos of sheets show handwriting and signatures: for whoever enters the session or may check it."""
    return why_not_take_part(by, session) or why_not_look(by, session)


def why_not_keep_photo(session):
    """Photos are taken in from the opening of a session until a second person has checked it.

    Also after it was handed in: a photo that waited for a line is what the second person looks for.
    """
    if session.opened_at is None:
        return _("Esta sesión todavía no está abierta, así que no hay hojas que fotografiar.")
    if session.checked_at is not None:
        return _("Esta sesión ya fue revisada con las fotos que tenía, y no recibe otras.")
    return None
