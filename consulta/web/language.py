"""Choosing the language of the pages."""

from flask import Blueprint, redirect, request, session
from flask_babel import get_locale

from consulta.accounts.actions import prefer_language
from consulta.core.extensions import LOCALES
from consulta.web.guards import person, within_site

language = Blueprint("language", __name__)


@language.post("/idioma")
def choose():
    """Keep the chosen language for this session, and for the letters of whoever is signed in."""
    chosen = request.form.get("locale")
    if chosen not in LOCALES:
        chosen = str(get_locale())
    session["locale"] = chosen
    if person() is not None and person().locale != chosen:
        prefer_language(person(), chosen, by=person())
    return redirect(within_site(request.form.get("next")))
