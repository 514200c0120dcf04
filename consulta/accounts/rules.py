"""What makes one person one: addresses in their canonical form; and what a name and a password must be like."""

import unicodedata
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _

from consulta.accounts.common_passwords import COMMON
from consulta.core.clock import now
from consulta.core.errors import Invalid, refuse_if
from consulta.core.text import clean_line, fold

NAME_LIMIT = 120
EMAIL_LIMIT = 254
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
# Three letters an hour to one person and purpose, whoever asks and however many processes answer.
LETTER_EVERY = timedelta(minutes=20)
CONFIRMATION_LASTS = timedelta(days=3)
RESET_LASTS = timedelta(hours=1)

# Argon2id with 19 MiB, two passes, one lane: OWASP Password Storage Cheat Sheet.
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
# Checked when there is no such person, so that an unknown address costs the same work as a known one.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$XRO3DzeLshdeTijLGmR0AA$hJuK9GfALd8Mr/b/AmL42sIYJ1wBy4DV2Pe0bRcJ0oE"
# Alphabets with letters that look like those of another.
ALIKE = {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"}
_GOOGLE = {"gmail.com", "googlemail.com"}


def mailing_email(email):
    """Return the address that letters go to: as it was typed, spaces around it gone, its domain in ASCII.

    Raises Invalid for what is no address. Whether its domain takes mail is not asked here: the letter finds out.
    """
    text = (email or "").strip()
    try:
        if len(text) > 2 * EMAIL_LIMIT:
            raise EmailNotValidError  # before it is composed, which takes long for what is no address
        text = unicodedata.normalize("NFKC", text)
        valid = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise Invalid("email", _("Eso no parece un correo electrónico. Escríbelo como nombre@ejemplo.cl.")) from None
    if len(valid.ascii_email) > EMAIL_LIMIT:
        raise Invalid("email", _("Ese correo es demasiado largo."))
    return valid.ascii_email


def canonical_email(email):
    """Return the one form that all spellings of an address share: the key of "one person, one voice".

    NFKC and lower case, the domain in ASCII, what follows a plus sign dropped, and the dots of Gmail as well, which
    that provider ignores. Raises Invalid for what is no address.
    """
    local, _at, domain = mailing_email(email).casefold().rpartition("@")
    local = local.split("+", 1)[0] or local
    if domain in _GOOGLE:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def cleaned_name(name):
    """Return `name` as it is stored; raises Invalid naming the field."""
    name = clean_line(name, NAME_LIMIT, field="name")
    refuse_if(why_not_name(name), lambda reason: Invalid("name", reason))
    return name


def why_not_name(name):
    """Each word in letters of one alphabet: with one of Cyrillic "Moderador" is another word (Unicode TR 39)."""
    for word in name.split():
        if len({unicodedata.name(letter, "").partition(" ")[0] for letter in word} & ALIKE) > 1:
            return _("El nombre mezcla letras de alfabetos distintos en una palabra. Escríbelo con las de uno solo.")
    return None


def why_not_password(password, *, name="", email=""):
    """Return why `password` will not do, or nothing: length, not the person's own words, not one that all try first.

    Source: NIST SP 800-63B, section 5.1.1.2 (length and a list of common ones; no rules of composition).
    """
    if any("\ud800" <= letter <= "\udfff" or letter == "\x00" for letter in password):
        return _("La contraseña contiene caracteres que no se pueden usar.")
    if len(password) < SHORTEST_PASSWORD:
        return _("La contraseña debe tener al menos %(n)s caracteres. Sirven varias palabras.", n=SHORTEST_PASSWORD)
    if len(password) > LONGEST_PASSWORD:
        return _("La contraseña puede tener hasta %(n)s caracteres.", n=LONGEST_PASSWORD)
    bare = fold(password)
    own = {fold(name), fold(name).replace(" ", ""), fold(email), fold(email).partition("@")[0]} - {""}
    if bare in own:
        return _("La contraseña no puede ser tu nombre ni tu correo. Elige otra.")
    if bare in COMMON or len(set(bare)) < 4:
        return _("Esa contraseña es de las primeras que cualquiera probaría. Elige otra; sirven varias palabras.")
    return None


class Hashed(str):
    """The hash of a password that was found good enough: what an action stores as it is."""


def hash_password(password):
    """Return the Argon2id hash of `password` (parameters included, so that they can change later)."""
    return Hashed(_hasher.hash(_normal(password)))


def prepare_password(password, *, name="", email=""):
    """Return `password` checked and hashed; raises Invalid. One that is Hashed already is returned as it is.

    Hashing takes tens of milliseconds: a view does it before the action, which holds the database's turn to write.
    """
    if isinstance(password, Hashed):
        return password
    refuse_if(why_not_password(password, name=name, email=email), lambda reason: Invalid("password", reason))
    return hash_password(password)


def password_matches(person, password):
    """Tell whether `password` is that of `person`; for None the same work is done and the answer is no."""
    try:
        return _hasher.verify(person.password_hash if person else _NOBODY, _normal(password)) and person is not None
    except (VerificationError, InvalidHashError):
        return False


def why_no_letter(asked_at):
    """Return why no further letter is written now, or nothing; asked_at: when the last one was asked for."""
    if asked_at is None or now() - asked_at >= LETTER_EVERY:
        return None
    minutes = int((LETTER_EVERY - (now() - asked_at)).total_seconds() // 60) + 1
    return _(
        "Ya va una carta en camino. Revisa también el correo no deseado. Otra se puede pedir en %(n)s min.", n=minutes
    )


def why_not_appoint_administrator(person):
    """An administrator."""
    if person is None or not person.is_administrator:
        return _("Solo la administración del sitio puede nombrar a otra persona administradora.")
    return None


def why_not_found_institution(person):
    """Anybody with a confirmed address; which institutions a process needs, the action around this one knows."""
    if person is None or person.confirmed_at is None:
        return _("Para registrar una institución hay que entrar con una cuenta de correo confirmado.")
    return None


def why_not_own(person, owner):
    """The person whose account it is."""
    if person is None or person.id != owner.id:
        return _("Solo cada persona puede cambiar su propia cuenta.")
    return None


def _normal(password):
    # The same password typed on two systems may come composed or not. Half a character never matches anything.
    # What is longer than any password in any composition is not read to its end.
    return unicodedata.normalize("NFKC", password[: 8 * LONGEST_PASSWORD]).encode("utf-8", "replace")
