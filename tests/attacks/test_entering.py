"""Getting in as somebody else, by links, limits and settings; what tests of accounts do not ask already."""

from datetime import timedelta

import pytest

from consulta.accounts import tokens
from consulta.accounts.actions import ask_reset
from consulta.accounts.queries import person_by_email
from consulta.accounts.rules import LETTER_EVERY
from consulta.config import DEMO_KEY, BadSetting, load
from consulta.core.clock import frozen, now
from consulta.core.extensions import limiter
from consulta.jobs.sweep import sweep
from tests.people import PASSWORD, make_person, sign_in
from tests.web.sending import TOKEN, send

FORGED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Client-IP", "CF-Connecting-IP", "True-Client-IP")


def _secret(client):
    return client.application.config["SECRET_KEY"]


@pytest.mark.only_on("sqlite")
@pytest.mark.settings(RATE_LIMITS=True)
def test_a_new_address_in_a_header_is_no_new_address(client):
    limiter.reset()
    token = TOKEN.search(client.get("/cuenta/registro").text).group(1)
    codes = []
    for n in range(103):
        headers = dict.fromkeys(FORGED, f"10.1.{n}.7")
        codes.append(client.post("/cuenta/registro", data={"csrf_token": token}, headers=headers).status_code)
    assert codes == [422] * 100 + [429] * 3


@pytest.mark.only_on("sqlite")
@pytest.mark.settings(RATE_LIMITS=True)
def test_what_is_no_address_uses_up_no_other_persons_tries(client):
    limiter.reset()
    for n in range(12):
        form = {"email": f"sin arroba {n}", "password": "x" * 12}
        assert send(client, "/cuenta/entrar", form).status_code == 422
    here = {"REMOTE_ADDR": "10.2.3.4"}
    token = TOKEN.search(client.get("/cuenta/entrar").text).group(1)
    form = {"email": "tampoco", "password": "x" * 12, "csrf_token": token}
    assert client.post("/cuenta/entrar", data=form, environ_base=here).status_code == 422


@pytest.mark.settings(RATE_LIMITS=True)
def test_one_address_gets_few_letters_an_hour_whoever_asks(app, new_client, citizen, tmp_path):
    limiter.reset()
    email, codes, start = citizen.email, [], now()
    for n in range(12):
        with frozen(start + timedelta(minutes=5 * n)):
            codes.append(send(new_client(), "/cuenta/clave", {"email": email}).status_code)
            sweep()
    assert codes == [302] * 10 + [429] * 2
    assert len(list((tmp_path / "mail").glob("*.eml"))) <= 3


def test_the_link_of_an_older_letter_and_of_another_person_is_dead(client, citizen, other_citizen):
    ask_reset(citizen, by=None)
    older = tokens.reset_token(citizen, _secret(client))
    with frozen(now() + LETTER_EVERY):
        ask_reset(citizen, by=None)
        newer = tokens.reset_token(citizen, _secret(client))
        assert client.get(f"/cuenta/clave/{older}").status_code == 410
        assert client.get(f"/cuenta/clave/{newer}").status_code == 200
        # Who is signed in as somebody else changes the account of the link, never the own one.
        sign_in(client, other_citizen)
        send(client, f"/cuenta/clave/{newer}", {"password": "otra frase muy larga"})
    assert (citizen.epoch, other_citizen.epoch) == (1, 0)


def test_a_letter_leads_to_the_sites_own_address_whatever_host_was_asked(client, citizen, tmp_path):
    forged = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Server": "evil.example",
        "Forwarded": "host=evil.example",
    }
    token = TOKEN.search(client.get("/cuenta/clave", base_url="http://evil.example").text).group(1)
    form = {"email": citizen.email, "csrf_token": token}
    for more in ({"base_url": "http://evil.example"}, {}):
        client.post("/cuenta/clave", data=form, headers=forged, **more)
    sweep()
    letters = [path.read_text() for path in (tmp_path / "mail").glob("*.eml")]
    assert not any("evil" in letter for letter in letters)


def test_every_spelling_of_an_address_is_one_account(client):
    make_person(email="ana.rojas@gmail.com")
    spellings = ("ANA.ROJAS@gmail.com", "anarojas+voto@googlemail.com", "a.n.a.rojas@GMAIL.com", "ana.rojas＠gmail.com")
    for email in spellings:
        send(client, "/cuenta/registro", {"name": "Ana", "email": email, "password": PASSWORD})
        assert person_by_email(email).email == "ana.rojas@gmail.com"
    make_person(email="jo@xn--nuoa-gqa.cl")
    assert person_by_email("Jo@ñuñoa.cl") is None and person_by_email("jo@XN--NUOA-GQA.cl") is not None


def test_no_form_sends_to_another_site_afterwards(client, citizen, proposal):
    sign_in(client, citizen)
    page = f"/propuestas/{proposal.code}"
    forms = ((f"{page}/apoyo", {}), (f"{page}/apoyo/retirar", {}), ("/idioma", {"locale": "es"}))
    for address in (
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "/\t/evil.example",
        "/a\r\nX: y",
        "///e",
    ):
        for path, form in forms:
            assert send(client, path, form | {"next": address}, page="/cuenta").location in ("/", page)
        assert client.get("/cuenta/entrar", query_string={"next": address}).location == "/cuenta"


@pytest.mark.parametrize("key", ["", "change-me", "x" * 64, "short but own", DEMO_KEY])
def test_a_site_without_a_key_of_its_own_does_not_start(key):
    with pytest.raises(BadSetting, match="SECRET_KEY"):
        load(environment={"SECRET_KEY": key})
