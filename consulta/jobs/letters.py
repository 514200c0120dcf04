"""Letters to people: a template of templates/mail, in the person's language, with one link."""

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from consulta.accounts.tokens import confirmation_token, reset_token

LETTERS = {
    "confirm_address": ("/cuenta/confirmar/", confirmation_token),
    "reset_password": ("/cuenta/clave/", reset_token),
}


def send_letter(name, person):
    """Send the letter `name` of LETTERS to the address that `person` typed; raises what the mailer raises."""
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
        current_app.extensions["mailer"].send(person.email, f"{subjects[name]} – {settings['SITE_NAME']}", text)
