"""Whoever chooses English is answered in English, everywhere and from then on; whoever does not, in Spanish."""

import json
from datetime import UTC, datetime
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest
from flask_babel import force_locale
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Length

from consulta.accounts.actions import ask_reset
from consulta.core.extensions import db
from consulta.jobs.work import perform
from consulta.web.filters import day, instant, number
from tests.people import make_person, sign_in
from tests.web.sending import send, words

pytestmark = pytest.mark.only_on("sqlite")  # words, not rows

PROFILES = Path(__file__).resolve().parents[2] / "consulta" / "data" / "profiles"
NEW_CONSULTATION = "/administracion/consultas/nueva"


class Sample(FlaskForm):
    """A form with nothing but a limit, whose message is WTForms' own."""

    line = StringField("Línea", [Length(max=3)])


def choose(client, locale):
    """Press the button of the other language, as it stands on the first page."""
    return send(client, "/idioma", {"locale": locale, "next": "/"}, page="/", follow=True)


def letters(app):
    parse = BytesParser(policy=policy.default).parsebytes
    return [parse(path.read_bytes()) for path in sorted(Path(app.config["MAIL_FOLDER"]).glob("*.eml"))]


def test_pages_are_spanish_until_somebody_chooses_english(client):
    assert 'lang="es"' in client.get("/").text
    chosen = choose(client, "en")
    assert '<html lang="en"' in chosen.text
    assert "Public record" in words(chosen)
    assert "Registro público" not in words(chosen)
    assert "Registro público" in words(choose(client, "es"))


def test_a_browser_that_asks_for_english_is_still_met_in_spanish(client):
    """Only a choice counts: what a page says must not depend on who looks over it."""
    assert '<html lang="es"' in client.get("/", headers={"Accept-Language": "en-GB,en;q=0.9"}).text


def test_a_language_that_the_site_does_not_speak_changes_nothing(client):
    assert '<html lang="es"' in choose(client, "fr").text


def test_the_language_goes_with_the_account(app, client, new_client):
    person = make_person()
    choose(sign_in(client, person), "en")
    db.session.rollback()
    assert person.locale == "en"
    elsewhere = new_client()
    assert '<html lang="es"' in elsewhere.get("/").text
    assert '<html lang="en"' in sign_in(elsewhere, person).get("/").text


@pytest.mark.parametrize("locale, said", [("es", "más de 3 caracteres"), ("en", "longer than 3 characters")])
def test_the_messages_of_wtforms_are_in_the_language_of_the_page(app, locale, said):
    data = {"line": "demasiado"}
    with app.test_request_context(method="POST", data=data), force_locale(locale):
        form = Sample(meta={"csrf": False})
        assert not form.validate()
        assert said in form.line.errors[0]


@pytest.mark.parametrize("locale, said", [("es", "Escribe un título para tu propuesta."), ("en", "Write a title for")])
def test_a_refused_form_says_why_in_the_language_of_the_page(consultation, citizen, client, locale, said):
    choose(sign_in(client, citizen), locale)
    answer = send(client, f"/consultas/{consultation.slug}/propuestas/nueva", {"title": "", "body": ""})
    assert answer.status_code == 422
    assert said in words(answer)


@pytest.mark.parametrize("locale, said", [("es", "Entra con tu cuenta para seguir."), ("en", "Sign in to go on.")])
def test_a_refusal_is_told_in_the_language_of_the_page(client, locale, said):
    choose(client, locale)
    assert said in words(client.get("/cuenta", follow_redirects=True))


@pytest.mark.parametrize("locale, said", [("es", "No encontramos esta página"), ("en", "We could not find this page")])
def test_an_error_is_told_in_the_language_of_the_page(client, locale, said):
    choose(client, locale)
    assert said in words(client.get("/no-existe"))


@pytest.mark.parametrize(
    "locale, subjects, greeting",
    [
        ("es", ["Confirma tu correo", "Cambiar tu contraseña"], "Hola:"),
        ("en", ["Confirm your email address", "Change your password"], "Hello,"),
    ],
)
def test_letters_are_in_the_language_of_their_reader(app, client, locale, subjects, greeting):
    person = make_person(confirmed=False)
    if locale == "en":
        choose(sign_in(client, person), "en")
        db.session.rollback()
    perform("send_confirmation")
    ask_reset(person, by=None)
    perform("send_reset")
    sent = letters(app)
    assert [letter["Subject"].partition(" – ")[0] for letter in sent] == subjects
    assert all(letter.get_content().lstrip().startswith(greeting) for letter in sent)


def test_numbers_and_days_are_written_as_each_language_does(app):
    moment = datetime(2026, 1, 4, 15, 30, tzinfo=UTC)
    with force_locale("es"):
        assert (number(1234), number(12345)) == ("1234", "12.345")
        assert day(moment.date()) == "4 ene 2026"
        assert instant(moment, "America/Santiago") == "4 ene 2026, 12:30 (Santiago)"
    with force_locale("en"):
        assert (number(1234), number(12345)) == ("1,234", "12,345")
        assert day(moment.date()) == "4 Jan 2026"
        assert instant(moment, "America/Santiago") == "4 Jan 2026, 12:30 (Santiago)"


@pytest.mark.parametrize("locale", ["es", "en"])
def test_profiles_are_offered_in_the_language_of_the_page(administrator, territories, client, locale):
    choose(sign_in(client, administrator), locale)
    shown = words(client.get(NEW_CONSULTATION))
    for path in PROFILES.glob("*.json"):
        titles = json.loads(path.read_text(encoding="utf-8"))["title"]
        assert titles[locale] in shown
        assert titles["en" if locale == "es" else "es"] not in shown


def test_profiles_have_every_text_in_both_languages():
    def texts(part):
        if isinstance(part, dict) and "es" in part:
            yield part
        elif isinstance(part, dict | list):
            for each in part.values() if isinstance(part, dict) else part:
                yield from texts(each)

    for path in PROFILES.glob("*.json"):
        found = list(texts(json.loads(path.read_text(encoding="utf-8"))))
        assert found
        assert all(each["es"].strip() and each.get("en", "").strip() for each in found), path.name
