"""What the secretariat types about the forum, checked and cleaned. Nothing here reads or writes rows."""

from datetime import date

from flask_babel import lazy_gettext as _

from consulta.accounts.models import SECTORS
from consulta.core.errors import Invalid
from consulta.core.text import clean_line
from consulta.forum.models import SEAT_QUALITIES, TERM_KINDS

TITLE_LIMIT = 200
NETWORK_LIMIT = 160
WHO_LIMIT = 160
NOTE_LIMIT = 300
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)


def clean_sector(sector):
    """Return one of SECTORS."""
    return _one_of(sector, SECTORS, "sector", _("Elige el sector."))


def clean_quality(quality):
    """Return one of SEAT_QUALITIES."""
    return _one_of(quality, SEAT_QUALITIES, "quality", _("Elige si es miembro u observador."))


def clean_kind(kind):
    """Return one of TERM_KINDS."""
    return _one_of(kind, TERM_KINDS, "kind", _("Elige si es titular o suplente."))


def clean_day(day, field, *, required=False):
    """Return a date from 1990 to 2100, or None where it is not known; raises Invalid naming `field`."""
    if day is None and required:
        raise Invalid(field, _("Falta la fecha."))
    if day is not None and not EARLIEST <= day <= LATEST:
        raise Invalid(field, _("Ese año no parece posible. Revisa la fecha."))
    return day


def clean_days(starts_on, ends_on):
    """Return both days of a term, either of which may be None; raises Invalid where it ends before it starts."""
    starts_on, ends_on = clean_day(starts_on, "starts_on"), clean_day(ends_on, "ends_on")
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        raise Invalid("ends_on", _("Tiene que terminar el mismo día que empieza, o después."))
    return starts_on, ends_on


def clean_seat(title, network):
    """Return the name of a seat, and its network or None."""
    return {
        "title": clean_line(title, TITLE_LIMIT, field="title"),
        "network": clean_line(network, NETWORK_LIMIT, field="network", required=False) or None,
    }


def clean_who(who):
    """Return who sits there as the secretariat publishes it."""
    return clean_line(who, WHO_LIMIT, field="who")


def clean_note(note):
    """Return a note of one line, or None."""
    return clean_line(note, NOTE_LIMIT, field="note", required=False) or None


def _one_of(word, words, field, reason):
    if word not in words:
        raise Invalid(field, reason)
    return word
