"""Letters to people: a template of templates/mail, in the person's language, with one link."""

from smtplib import SMTPDataError, SMTPRecipientsRefused

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from consulta.accounts.tokens import confirmation_token, reset_token
from consulta.core.errors import Busy

LETTERS = {
    "confirm_address": ("/cuenta/confirmar/", confirmation_token),
    "reset_password": ("/cuenta/clave/", reset_token),
}


class LetterRefused(Exception):
    """The mail server will never take this letter."""


def send_letter(name, person):
    """Send the letter `name` of LETTERS to the address that `person` typed.

    Raises Busy where the mailer is away or wants it later, LetterRefused where it will never take it.
    """
    path, token_of = LETTERS[name]
    settings = current_app.config
    with force_locale(person.locale):
        subjects = {
            "confirm_address": _("Confirma tu correo"),
            "reset_password": _("Cambiar tu contraseña"),
        }
        text = render_template(
            f"mail/{name}.txt",
            person=person,
            link=settings["PUBLIC_URL"].rstrip("/") + path + token_of(person, settings["SECRET_KEY"]),
            site_name=settings["SITE_NAME"],
        )
        subject = f"{subjects[name]} – {settings['SITE_NAME']}"
    try:
        current_app.extensions["mailer"].send(person.email, subject, text)
    except OSError as error:  # every fault of SMTP is one
        if _is_final(error):
            raise LetterRefused(_without(person.email, error)) from error
        raise Busy(_without(person.email, f"{type(error).__name__}: {error}")) from error


def _is_final(error):
    """Tell whether the server said never (5xx, RFC 5321 section 4.2.1) to this very letter, rather than not now."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    return isinstance(error, SMTPDataError) and error.smtp_code >= 500


def _without(address, text):
    # What is noted of a failure is read by administrators and kept: nobody's address belongs there.
    return str(text).replace(address, "…")
