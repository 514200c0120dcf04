"""Requests that no browser of a well-meaning person sends: refused in words, quickly, and never a fault."""

import json
import time

import pytest
from sqlalchemy import func, select

from consulta.core.extensions import db
from consulta.proposals.models import Proposal
from consulta.votes.models import Vote
from tests.people import make_proposal, sign_in
from tests.web.sending import TOKEN, send

NUMBERS = (
    "-1",
    "0",
    "1000000000",
    str(2**63),
    "9" * 400,
    "1e9",
    "1.5",
    "٣",
    "１２",
    "0x10",
    "+1",
    " 1",
    "1%00",
    "NaN",
    "",
)
SEARCHES = (
    '"',
    "*",
    "NEAR(",
    "col:x",
    "agua AND",
    "-agua",
    "%",
    "_",
    "\\",
    "'; DROP TABLE people; --",
    "(",
    "[a-",
    "😀",
)
# Each list with the name of its key; "{}" is the consultation's slug.
LISTS = (
    "/consultas/{}/propuestas?desde=",
    "/consultas/{}/propuestas?sort=recientes&desde=",
    "/consultas/{}/propuestas?eje=",
    "/consultas/{}/mesas?desde=",
    "/consultas/{}/preseleccion?ver=sin-decidir&desde=",
    "/consultas/{}/preseleccion?ver=fuera&desde=",
    "/consultas/{}/grupos?desde=",
    "/consultas/{}/fusionar?desde=",
    "/registro?antes=",
    "/registro/exportacion?desde=",
)
NUMBERED = ("/sesiones/", "/fusiones/", "/grupos/", "/compromisos/")


def _token(client, page="/cuenta/entrar"):
    return TOKEN.search(client.get(page).text).group(1)


def test_a_key_of_a_list_may_be_anything(client, consultation, moderator):
    sign_in(client, moderator)
    for path in LISTS:
        for text in ("-1", "0", "1000000000", str(2**63), "٣", f"{2**63}-{2**63}", f"{10**9}-1"):
            answer = client.get(path.format(consultation.slug) + text)
            assert answer.status_code in (200, 400, 404), (path, text, answer.status_code)


def test_a_row_has_one_address_and_numbers_beyond_all_rows_none(client, table_session, moderator):
    sign_in(client, moderator)
    assert client.get(f"/sesiones/{table_session.id}").status_code == 200
    for path in NUMBERED:
        for text in (*NUMBERS, f"0{table_session.id}", f"{table_session.id}/..%2f", str(2**31)):
            assert client.get(path + text).status_code in (400, 404), path + text
    for end in (2**31, 2**63, 10**40):
        assert client.get(f"/fusiones/{end}/deshacer").status_code == 404


def test_a_search_is_for_the_words_that_were_typed(client, consultation, proposal):
    for text in SEARCHES:
        answer = client.get(f"/consultas/{consultation.slug}/propuestas", query_string={"q": text})
        assert answer.status_code == 200 and "DROP TABLE people; --</" not in answer.text
        assert proposal.title not in answer.text, text


def test_sql_in_an_order_or_a_filter_is_a_word_like_any_other(client, consultation, proposal):
    for name in ("sort", "estado", "eje", "desde", "q", "filter[author.email]", "fields", "include"):
        for text in ("id; SELECT pg_sleep(9)--", "1) OR (SELECT 1 FROM pg_sleep(9)) IS NULL--", "password_hash"):
            began = time.monotonic()
            answer = client.get(f"/consultas/{consultation.slug}/propuestas", query_string={name: text})
            assert answer.status_code == 200 and "$argon2" not in answer.text
            assert time.monotonic() - began < 8


def test_a_name_given_twice_has_one_value(client, consultation, proposal):
    path = f"/consultas/{consultation.slug}/propuestas"
    for twice, found in (("q=actas&q=nada-de-esto", True), ("q=nada-de-esto&q=actas", False)):
        answer = client.get(f"{path}?{twice}&sort=recientes&sort=apoyos")
        assert (proposal.title in answer.text) is found, "the first one counts, for the search and for what is shown"
        assert f'value="{twice[2:].partition("&")[0]}"' in answer.text


def test_the_body_of_a_form_is_read_and_its_address_is_not(client, citizen, consultation):
    sign_in(client, citizen)
    path = f"/consultas/{consultation.slug}/propuestas/nueva"
    body = {"title": "El del cuerpo", "body": "Texto", "theme": 0, "territory": 0}
    send(client, f"{path}?title=El+de+la+direccion&body=Otro", body, page=path)
    assert db.session.scalar(select(Proposal)).title == "El del cuerpo"


def test_nul_is_refused_wherever_it_stands(client, citizen, consultation, proposal):
    sign_in(client, citizen)
    slug, code = consultation.slug, proposal.code
    for path in (f"/propuestas/{code}%00", f"/consultas/{slug}%00/propuestas", f"/consultas/{slug}/propuestas?q=a%00b"):
        assert client.get(path).status_code == 400
    assert client.get(f"/consultas/{slug}/propuestas?%00=1").status_code == 400
    other = client.application.test_client(use_cookies=False)
    assert other.get("/", headers={"Cookie": 'other="a\\000b"'}).status_code == 400
    assert client.get("/cuenta/confirmar/a%00b").status_code == 400
    new = f"/consultas/{slug}/propuestas/nueva"
    for name in ("title", "body", "theme", "territory", "na\x00me"):
        form = {"title": "Uno", "body": "Texto", "theme": "0", "territory": "0"} | {name: "a\x00b"}
        assert send(client, new, form).status_code in (400, 422), name
    assert send(client, "/idioma", {"locale": "en", "next": "/a\x00b"}, page="/cuenta").location == "/"
    assert send(client, "/cuenta/datos", {"name": "a\x00b", "territory": ""}, page="/cuenta").status_code == 422
    assert db.session.scalar(select(func.count(Proposal.id))) == 1


def test_a_form_is_a_form_and_nothing_else(client, citizen, proposal):
    sign_in(client, citizen)
    token = _token(client, "/cuenta")
    deep = "[" * 10_000 + "]" * 10_000
    bodies = (
        json.dumps({"csrf_token": token, "name": 5}),
        '{"a": NaN}',
        '{"a": 1, "a": 2}',
        deep,
        "[1]",
        '"x"',
        "\x00",
    )
    for kind, some in (("application/json", bodies), ("text/plain", bodies[:1]), ("application/xml", bodies[:1])):
        for body in some:
            answer = client.post(
                f"/propuestas/{proposal.code}/apoyo", data=body, content_type=kind, headers={"X-CSRFToken": token}
            )
            assert answer.status_code == 415, (kind, body[:20])
    as_form = client.post(
        "/cuenta/datos",
        data='{"name": "x"}',
        content_type="application/x-www-form-urlencoded",
        headers={"X-CSRFToken": token},
    )
    assert as_form.status_code == 422 and citizen.name == "Ana Rojas"
    assert db.session.scalar(select(func.count(Vote.id))) == 0


def test_a_form_that_stood_on_another_site_is_refused(client, citizen, proposal):
    sign_in(client, citizen)
    token = _token(client, "/cuenta")
    elsewhere = ("https://evil.example", "null", "http://localhost.evil.example", "http://localhost:81", "http://[")
    for header, value in (*(("Origin", each) for each in elsewhere), ("Referer", "http://[")):
        for path in (f"/propuestas/{proposal.code}/apoyo", "/cuenta/salir", "/idioma"):
            answer = client.post(path, data={"csrf_token": token}, headers={header: value})
            assert answer.status_code == 400, (path, value)
    own = client.post("/idioma", data={"csrf_token": token}, headers={"Origin": "http://localhost"})
    assert own.status_code == 302
    assert client.get("/cuenta").status_code == 200 and proposal.supporters == 0


def test_nobody_is_entered_or_let_out_by_another_site(client, new_client, citizen):
    stranger = new_client()
    form = {"email": citizen.email, "password": "una frase larga y segura", "csrf_token": _token(stranger)}
    assert client.post("/cuenta/entrar", data=form).status_code == 400  # the stranger's token in the victim's browser
    sign_in(client, citizen)
    assert client.post("/cuenta/salir", data={"csrf_token": form["csrf_token"]}).status_code == 400
    assert client.get("/cuenta").status_code == 200


@pytest.mark.settings(PUBLIC_URL="https://consulta.example")
def test_a_site_with_a_certificate_answers_to_its_name_and_to_its_own_pages_alone(client, citizen):
    own = {"base_url": "https://consulta.example"}
    page = client.get("/cuenta/entrar", **own)
    assert page.headers["Strict-Transport-Security"].startswith("max-age=") and "Secure" in page.headers["Set-Cookie"]
    assert page.headers["Set-Cookie"].startswith("__Host-consulta=")
    for host in ("evil.example", "consulta.example.evil.example", "consulta.example:444"):
        assert client.get("/", base_url=f"https://{host}").status_code == 400
    forged = client.get("/cuenta/entrar", **own, headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil"})
    assert "evil" not in forged.text
    form = {"email": citizen.email, "password": "x" * 12, "csrf_token": TOKEN.search(page.text).group(1)}
    for referrer, status in (("https://consulta.example/", 422), ("https://evil.example/", 400), ("https://[", 400)):
        answer = client.post("/cuenta/entrar", data=form, headers={"Referer": referrer}, **own)
        assert answer.status_code == status, referrer


def test_no_other_site_reads_an_answer(client):
    for origin in ("null", "https://evil.example", "http://localhost"):
        for verb in (client.get, client.options):
            headers = verb("/", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}).headers
            assert not [name for name, _value in headers.items() if name.lower().startswith("access-control-")]


def test_other_verbs_are_refused_whatever_is_said_beside_them(client, citizen):
    sign_in(client, citizen)
    for verb in ("TRACE", "TRACK", "CONNECT", "PUT", "DELETE", "PATCH", "PROPFIND", "GETX"):
        assert client.open("/cuenta", method=verb).status_code == 405
    for name in ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"):
        assert client.get("/cuenta/salir", headers={name: "POST"}).status_code == 405
    assert client.get("/cuenta/salir?_method=POST").status_code == 405
    assert client.get("/cuenta").status_code == 200


def test_no_path_leads_around_the_rights(client, citizen):
    sign_in(client, citizen)
    assert client.get("/", environ_overrides={"PATH_INFO": "//administracion"}).status_code in (308, 403)
    for path in (
        "/./administracion/estado",
        "/administracion%2festado",
        "/ADMINISTRACION",
        "/administracion/",
        "/static/%2e%2e/%2e%2e/consulta/config.py",
        "/static/..%2f..%2fpyproject.toml",
        "/static//etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/static/css/../../wsgi.py",
    ):
        answer = client.get(path, follow_redirects=True)
        assert answer.status_code in (400, 403, 404), (path, answer.status_code)
        assert "SECRET" not in answer.text and "root:" not in answer.text


def test_ten_thousand_parts_or_a_hundred_thousand_fields_are_too_many(client, citizen, consultation):
    sign_in(client, citizen)
    path = f"/consultas/{consultation.slug}/propuestas/nueva"
    token = _token(client, path)
    border = "x" * 20
    parts = "".join(f'--{border}\r\nContent-Disposition: form-data; name="f{n}"\r\n\r\n1\r\n' for n in range(10_000))
    many = {
        f"multipart/form-data; boundary={border}": f"{parts}--{border}--\r\n",
        "application/x-www-form-urlencoded": f"csrf_token={token}&" + "a=1&" * 100_000,
        "application/x-www-form-urlencoded; charset=utf-8": f"csrf_token={token}&title=" + "x" * 3_000_000,
        "multipart/form-data": "\r\n" * 1_500_000,
    }
    for kind, body in many.items():
        began = time.monotonic()
        answer = client.post(path, data=body, content_type=kind, headers={"X-CSRFToken": token})
        assert answer.status_code in (400, 413) and time.monotonic() - began < 2, kind
    assert db.session.scalar(select(func.count(Proposal.id))) == 0


def test_what_one_reader_is_told_reaches_no_other(client, new_client, consultation):
    slug = consultation.slug
    odd = {
        "Accept": "application/json",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Prefix": "/evil",
        "X-Original-URL": "/administracion",
        "X-Rewrite-URL": "/administracion",
        "Accept-Language": 'en"><script>',
    }
    assert "evil" not in client.get(f"/consultas/{slug}", headers=odd).text
    answer = new_client().get(f"/consultas/{slug}")
    assert "evil" not in answer.text and answer.mimetype == "text/html" and "private" in answer.headers["Cache-Control"]


def test_an_answer_of_every_kind_is_marked(client, proposal):
    calls = {
        "/": 200,
        f"/propuestas/{proposal.code}": 200,
        "/registro/exportacion": 200,
        "/nada": 404,
        "/administracion": 302,
        "/static/css/theme.css": 200,
        "/salud": 200,
        "/cuenta/confirmar/nada": 410,
    }
    for path, status in calls.items():
        answer = client.get(path)
        assert answer.status_code == status, path
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
    for answer in (client.post("/cuenta/salir"), client.open("/", method="TRACE"), client.get("/?q=%00")):
        assert answer.status_code in (400, 405) and "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_two_forms_of_one_person_are_one_support(client, citizen, other_citizen, consultation):
    proposal = make_proposal(consultation, citizen)
    sign_in(client, other_citizen)
    path = f"/propuestas/{proposal.code}"
    answers = [send(client, f"{path}/apoyo", page=path) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302] and proposal.supporters == 1
