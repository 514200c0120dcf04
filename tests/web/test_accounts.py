"""Pages of an account: what strangers cannot learn, what works once, and where one may be sent next."""

import re
from datetime import timedelta

import pytest

from consulta.accounts import tokens
from consulta.accounts.actions import ask_reset, change_password
from consulta.accounts.queries import person_by_email
from consulta.accounts.rules import LETTER_EVERY
from consulta.core.clock import frozen, now
from consulta.core.extensions import limiter
from consulta.jobs.sweep import sweep
from consulta.votes.actions import cast_vote
from consulta.web.guards import within_site
from tests.people import PASSWORD, make_person, sign_in
from tests.web.sending import send, words

SECRET = "only the tests sign with this: 0123456789"
LETTER = re.compile(r"http://localhost(/cuenta/\S+)")
NEW = "otra frase muy larga"


@pytest.fixture
def client(app):
    """Somebody who visits the site."""
    return app.test_client()


def _enter(client, email, password=PASSWORD, **more):
    return send(client, "/cuenta/entrar", {"email": email, "password": password, **more})


def _letters(tmp_path):
    return [path.read_text() for path in sorted((tmp_path / "mail").glob("*.eml"))]


def _link(letter):
    return LETTER.search(letter.replace("=\n", "").replace("=3D", "=")).group(1)


def test_a_new_person_signs_up_confirms_and_enters(client, tmp_path):
    answer = send(client, "/cuenta/registro", {"name": "Ana Rojas", "email": "Ana+1@example.org", "password": PASSWORD})
    assert answer.status_code == 302 and answer.location == "/cuenta/carta"
    assert "Ana+1@example.org" in words(client.get("/cuenta/carta"))
    sweep()
    (letter,) = _letters(tmp_path)
    assert "To: Ana+1@example.org" in letter and "Rojas" not in letter
    link = _link(letter)
    for _time in range(2):  # a mail scanner opens it, and nothing happens
        client.get(link), client.head(link)
    assert person_by_email("ana@example.org").confirmed_at is None
    assert send(client, link).status_code == 302
    assert person_by_email("ana@example.org").confirmed_at is not None
    first = person_by_email("ana@example.org").confirmed_at
    with frozen(now() + timedelta(hours=1)):
        client.post(link)
    assert person_by_email("ana@example.org").confirmed_at == first
    assert _enter(client, "ana@example.org").status_code == 302
    assert "Ana Rojas" in words(client.get("/cuenta"))


def _bare(answer):
    """Return an answer without what differs from one request to the next."""
    text = re.sub(r'name="csrf_token"[^>]*value="[^"]+"', "", answer.text)
    return answer.status_code, answer.headers.get("Location"), text


@pytest.mark.parametrize("path", ["/cuenta/registro", "/cuenta/entrar", "/cuenta/clave"])
def test_a_known_and_an_unknown_address_get_the_same_answer(client, path):
    make_person(email="conocida@example.org")
    answers = []
    for email in ("conocida@example.org", "ignorada0@example.org"):
        answer = send(client, path, {"name": "Ana", "email": email, "password": "no es la correcta"})
        after = client.get(answer.location) if answer.status_code == 302 else answer
        answers.append((_bare(answer), words(after).replace(email, "…")))
        assert answer.text.count(email) == (1 if path == "/cuenta/entrar" else 0)
    first, second = (
        [str(part).replace("conocida@", "@").replace("ignorada0@", "@") for part in each] for each in answers
    )
    assert first == second


def test_signing_up_with_a_taken_address_writes_its_owner_a_letter(client, tmp_path):
    owner = make_person(email="ana@example.org")
    send(client, "/cuenta/registro", {"name": "Otra", "email": "ANA@example.org", "password": NEW})
    sweep()
    letter = _letters(tmp_path)[-1]
    assert "/cuenta/clave/" in letter and "To: ana@example.org" in letter
    assert owner.name != "Otra"


@pytest.mark.parametrize(
    "typed",
    [
        {"name": ""},
        {"email": "sin-arroba"},
        {"password": "corta"},
        {"password": "contraseña123"},
        {"name": "x" * 121},
        {"name": "con nulo \x00"},
        {"email": "ana@example.org\r\nBcc: otra@example.org"},
    ],
    ids=",".join,
)
def test_a_refused_sign_up_keeps_what_was_typed_but_the_password(client, typed):
    values = {"name": "Ana Rojas", "email": "ana@example.org", "password": PASSWORD, **typed}
    answer = send(client, "/cuenta/registro", values)
    assert answer.status_code == 422 and "error-summary" in answer.text
    for name in {"name", "email"} - set(typed):
        assert values[name] in answer.text
    assert values["password"] not in answer.text


def test_extra_fields_are_not_looked_at(client):
    extra = {"is_administrator": "1", "confirmed_at": "2026-01-01", "epoch": "7", "uid": "mine"}
    send(client, "/cuenta/registro", {"name": "Ana", "email": "ana@example.org", "password": PASSWORD, **extra})
    person = person_by_email("ana@example.org")
    assert (person.is_administrator, person.confirmed_at, person.epoch) == (False, None, 0) and person.uid != "mine"


def test_entering_forgets_the_session_that_was_there(app, client, citizen):
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    assert _enter(client, citizen.email).status_code == 302
    with client.session_transaction() as session:
        assert "planted" not in session and session["_user_id"] == citizen.get_id()


def test_leaving_ends_the_session(client, citizen):
    sign_in(client, citizen)
    send(client, "/cuenta/salir", page="/cuenta")
    assert client.get("/cuenta").status_code == 302


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("/consultas/a?b=c", True),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("\\\\evil.example", False),
        ("https:evil.example", False),
        ("https://evil.example", False),
        ("javascript:alert(1)", False),
        ("\t//evil.example", False),
        ("/\t/evil.example", False),
        ("/a\r\nSet-Cookie: x=1", False),
        ("evil.example", False),
        ("", False),
        (None, False),
    ],
)
def test_one_is_sent_nowhere_but_within_the_site(client, citizen, typed, kept):
    assert within_site(typed) == (typed if kept else "/")
    if typed is not None:
        answer = _enter(client, citizen.email, next=typed)
        assert answer.location == (typed if kept else "/")


def test_whoever_has_to_enter_first_comes_back(client, citizen, consultation):
    path = f"/consultas/{consultation.slug}/propuestas/nueva"
    asked = client.get(path)
    assert asked.status_code == 302 and asked.location.startswith("/cuenta/entrar?next=")
    assert f'value="{path}"' in client.get(asked.location).text
    assert _enter(client, citizen.email, next=path).location == path


@pytest.mark.settings(RATE_LIMITS=True)
def test_ten_wrong_passwords_and_the_account_rests_but_its_owner_gets_in_by_letter(app, client, citizen, tmp_path):
    limiter.reset()
    email = citizen.email
    spellings = [email, email.upper(), email.replace("@", "+x@")]
    codes = [_enter(client, spellings[n % 3], "no es la correcta").status_code for n in range(12)]
    assert codes == [422] * 10 + [429] * 2
    for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
        token = re.search(r'csrf_token"[^>]*value="([^"]+)', client.get("/cuenta/entrar").text).group(1)
        form = {"email": email, "password": PASSWORD, "csrf_token": token}
        answer = client.post("/cuenta/entrar", data=form, headers={header: "10.9.8.7"})
        assert answer.status_code == 429 and "/cuenta/clave" in answer.text
    send(client, "/cuenta/clave", {"email": email})
    sweep()
    assert send(client, _link(_letters(tmp_path)[-1]), {"password": NEW}).status_code == 302
    client.delete_cookie("consulta")
    assert _enter(client, email, NEW).status_code == 302


@pytest.mark.settings(RATE_LIMITS=True)
def test_an_unknown_address_rests_after_as_many_tries(client):
    limiter.reset()
    codes = [_enter(client, "ignorada@example.org", "no es la correcta").status_code for _time in range(11)]
    assert codes == [422] * 10 + [429]


@pytest.mark.settings(RATE_LIMITS=True)
def test_right_passwords_are_not_counted(client, citizen):
    limiter.reset()
    for _time in range(15):
        assert _enter(client, citizen.email).status_code == 302
        client.delete_cookie("consulta")


def test_a_link_for_a_new_password_opens_the_account_once(client, citizen, tmp_path):
    ask_reset(citizen, by=None)
    old_session = citizen.get_id()
    link = f"/cuenta/clave/{tokens.reset_token(citizen, SECRET)}"
    assert client.get(link).status_code == 200
    assert send(client, link, {"password": "corta"}).status_code == 422
    assert send(client, link, {"password": NEW}).location == "/cuenta"
    assert client.get("/cuenta").status_code == 200
    assert client.get(link).status_code == 410
    with client.session_transaction() as session:
        session["_user_id"] = old_session
    assert client.get("/cuenta").status_code == 302


DEAD = {
    "nonsense": lambda person: "nonsense",
    "too long": lambda person: "x" * 3000,
    "another key": lambda person: tokens.reset_token(person, "another key"),
    "for confirming": lambda person: tokens.confirmation_token(person, SECRET),
}


@pytest.mark.parametrize("make", DEAD.values(), ids=DEAD)
def test_a_dead_link_says_so_and_offers_another(client, citizen, make):
    answer = client.get(f"/cuenta/clave/{make(citizen)}")
    assert answer.status_code == 410 and 'href="/cuenta/clave"' in answer.text


def test_an_old_link_is_dead(client, citizen):
    with frozen(now() - timedelta(hours=2)):
        ask_reset(citizen, by=None)
        token = tokens.reset_token(citizen, SECRET)
    assert client.get(f"/cuenta/clave/{token}").status_code == 410


def test_the_language_is_kept_and_reaches_the_letters(client, citizen):
    sign_in(client, citizen)
    answer = send(client, "/idioma", {"locale": "en", "next": "//evil.example"}, page="/cuenta")
    assert answer.location == "/"
    assert '<html lang="en"' in client.get("/cuenta").text and citizen.locale == "en"
    send(client, "/idioma", {"locale": "<script>"}, page="/cuenta")
    assert '<html lang="en"' in client.get("/cuenta").text


def test_the_account_page_changes_name_and_place(client, citizen, biobio):
    sign_in(client, citizen)
    answer = send(client, "/cuenta/datos", {"name": "Ana María", "territory": str(biobio.id)}, page="/cuenta")
    assert answer.status_code == 302 and (citizen.name, citizen.territory.code) == ("Ana María", "08")
    for typed in ({"name": " "}, {"name": "Ana", "territory": "999999"}, {"name": "Ana", "territory": "x"}):
        assert send(client, "/cuenta/datos", {"territory": "", **typed}, page="/cuenta").status_code == 422
    assert citizen.name == "Ana María"


def test_the_account_page_shows_what_its_owner_supports_to_nobody_else(client, citizen, other_citizen, proposal):
    cast_vote(proposal, by=other_citizen)
    sign_in(client, other_citizen)
    answer = client.get("/cuenta")
    assert proposal.title in answer.text and answer.headers["Cache-Control"] == "no-store"
    sign_in(client, citizen)
    assert "Todavía no apoyas" in words(client.get("/cuenta"))


def test_a_new_password_needs_the_one_in_force(client, citizen):
    sign_in(client, citizen)
    assert send(client, "/cuenta/contrasena", {"current": "no es esta", "password": NEW}).status_code == 422
    assert citizen.epoch == 0
    assert send(client, "/cuenta/contrasena", {"current": PASSWORD, "password": NEW}).status_code == 302
    assert citizen.epoch == 1 and client.get("/cuenta").status_code == 200


def test_a_session_ends_when_the_password_changes_elsewhere(client, citizen):
    sign_in(client, citizen)
    assert client.get("/cuenta").status_code == 200
    change_password(citizen, NEW, by=citizen)
    assert client.get("/cuenta").status_code == 302


def test_a_second_letter_waits_and_the_page_says_until_when(client):
    person = make_person(confirmed=False)
    sign_in(client, person)
    assert "Ya va una carta" in words(client.get("/cuenta"))
    assert send(client, "/cuenta/confirmacion", page="/cuenta").status_code == 409
    with frozen(now() + LETTER_EVERY):
        assert "Enviar otra carta" in words(client.get("/cuenta"))


@pytest.mark.settings(DEMO=True, BELL="thread", SWEEP_SECONDS=0)
def test_a_demonstration_shows_where_the_letter_lies_and_its_link(client, tmp_path):
    answer = send(
        client, "/cuenta/registro", {"name": "Ana", "email": "ana@example.org", "password": PASSWORD}, follow=True
    )
    shown = words(answer)
    assert str(tmp_path / "mail") in shown and ".eml" in shown
    link = re.search(r'href="(/cuenta/confirmar/[^"]+)"', answer.text).group(1)
    assert client.get(link).status_code == 200


@pytest.mark.settings(DEMO=True, BELL="thread", SWEEP_SECONDS=0)
def test_not_even_a_demonstration_shows_the_link_to_an_account_that_exists(client):
    make_person(email="ana@example.org")
    form = {"name": "Otra", "email": "ana@example.org", "password": PASSWORD}
    for path in ("/cuenta/registro", "/cuenta/clave"):
        assert "/cuenta/clave/" not in send(client, path, form, follow=True).text


def test_the_site_says_that_it_lives(client):
    answer = client.get("/salud")
    assert (answer.status_code, answer.json) == (200, {"ok": True})


@pytest.mark.parametrize("text", ["{{7*7}}", "%s %(name)s", "${7*7}", "<b>x</b>"])
def test_a_name_is_shown_as_it_was_typed(client, text):
    person = make_person(text)
    sign_in(client, person)
    shown = client.get("/cuenta")
    assert text in words(shown) or text == "<b>x</b>"
    assert "<b>x</b>" not in shown.text and "49" not in words(shown)[:400]
