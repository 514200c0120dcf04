"""Who is invited, as people write it, a line an institution, and as it is stored; read and written here alone.

    Universidad de Magallanes | Red de universidades | observa

Behind a bar stand the network that it comes for and, where it is one of the known words, in which quality it comes.
"""

from functools import cache

from flask_babel import force_locale

from consulta.core.extensions import LOCALES
from consulta.core.text import fold
from consulta.web.labels import QUALITIES, SEAT_QUALITIES


def invitation_of(line):
    """Return what `line` says, as `convene_session` takes it: institution, network, quality (or None)."""
    name, *more = [part for part in map(str.strip, line.split("|")) if part] or [line]
    qualities = [_qualities()[fold(part)] for part in more if fold(part) in _qualities()]
    networks = [part for part in more if fold(part) not in _qualities()]
    return {"institution": name, "network": " | ".join(networks) or None, "quality": next(iter(qualities), None)}


def line_of(attendance):
    """Return a line of the list as `invitation_of` reads it."""
    quality = attendance.quality and str(QUALITIES[attendance.quality])
    return " | ".join(filter(None, (attendance.name, attendance.network, quality)))


@cache
def _qualities():
    """Return the qualities by all the words for them, in every language."""
    found = {}
    for language in LOCALES:
        with force_locale(language):
            for words in (QUALITIES, SEAT_QUALITIES):
                found |= {fold(str(label)): quality for quality, label in words.items()}
    return found
