"""What is written into every field that is shown: nothing of it runs, hides, imitates or makes the site wait."""

import re
import time
import unicodedata
from contextlib import suppress
from html.parser import HTMLParser

import pytest

from consulta.accounts.rules import mailing_email, password_matches
from consulta.core.errors import Invalid
from consulta.core.text import beginning, clean_line, clean_text, fold, to_html
from consulta.jobs.sweep import sweep
from consulta.proposals.models import BODY_LIMIT, TITLE_LIMIT
from tests.attacks.payloads import LINKS, PAYLOADS, fill
from tests.people import make_person, make_proposal, sign_in
from tests.web.sending import TOKEN, send, words

ADDRESSES = {"href", "src", "action", "formaction", "data", "poster", "srcset", "background", "cite", "xlink:href"}
SCHEME = re.compile("([a-zA-Z][a-zA-Z0-9+.-]*):")
SLOW = {
    "brackets": "[" * 50_000,
    "stars": "**x*" * 12_500,
    "links": "[a](" * 12_500,
    "references": "[x][y]\n\n" * 6_000 + "[y]: z\n",
    "quotes": ">" * 50_000,
    "fences": "``` \n" * 10_000,
    "tags": "<a " * 16_000,
    "entities": "&#" * 25_000,
    "comments": "<!--" * 12_500,
    "backslashes": "\\" * 50_000,
    "marks": "a" + "\u0315" * 25_000 + "\u0316" * 25_000,
    "hebrew marks": "a" + "\u05b1\u0591" * 25_000,
    "spaces": "a" + " " * 50_000 + "b",
    "lines": "\n \n" * 16_000,
    "joiners": "a" + "\u200d" * 50_000,
    "a mail": "a@" + "b." * 25_000,
}


class Live(HTMLParser):
    """Collects what in a page could run or call elsewhere; and counts the tags, so that an empty page is noticed."""

    def __init__(self):
        super().__init__()
        self.found, self.tags = [], 0

    def handle_starttag(self, tag, attrs):
        """Look at one tag."""
        self.tags += 1
        given = dict(attrs)
        if tag == "script" and not (given.get("src") or "").startswith("/static/"):
            self.found.append(("script", given))
        if tag in {"iframe", "object", "embed", "base", "math", "style", "template", "img", "audio", "video"}:
            self.found.append((tag, given))
        for name, value in attrs:
            if name.startswith("on") or name in {"style", "srcdoc"}:
                self.found.append((tag, name, value))
            if name in ADDRESSES and not _is_harmless(tag, value or ""):
                self.found.append((tag, name, value))


def _is_harmless(tag, address):
    if tag == "a":
        # As a browser reads it: spaces before it and line breaks in it do not count.
        scheme = SCHEME.match(re.sub("[\x00-\x20]", "", address))
        return scheme is None or scheme.group(1).lower() in {"http", "https", "mailto"}
    return address == "" or (address.startswith(("/", "#", "?")) and not address.startswith("//"))


def live_in(text):
    """Return what in the HTML `text` could run or call elsewhere."""
    reader = Live()
    reader.feed(text)
    assert reader.tags
    return reader.found


@pytest.mark.parametrize("planted", ["<p onclick=x>", "<a href='javascript:x'>", "<script>x</script>", "<img src=x>"])
def test_the_reader_of_pages_notices_what_is_planted(planted):
    assert live_in(planted)


@pytest.mark.parametrize("link", LINKS)
def test_no_link_of_another_scheme_comes_alive(link):
    html = str(to_html(f"[clic]({link})\n\n<{link}>\n\n[x]\n\n[x]: {link}")).lower()
    assert live_in(html + "<p>") == []
    for scheme in ("javascript", "data", "vbscript", "file", "blob"):
        assert f'href="{scheme}' not in html


@pytest.mark.only_on("sqlite")
@pytest.mark.settings(WTF_CSRF_ENABLED=False)
def test_nothing_that_was_written_runs_on_any_page(world):
    for actor, path in fill(world, PAYLOADS):
        answer = world.client(actor).get(path)
        assert answer.status_code == 200, path
        assert live_in(answer.text) == [], f"{path} for {actor}"


def test_what_is_in_the_address_is_shown_as_text(client, consultation):
    slug = consultation.slug
    for payload in (
        '"><script>alert(1)</script>',
        "'onmouseover='alert(1)",
        "</title><svg onload=alert(1)>",
        "{{7*7}}",
    ):
        for name in ("q", "sort", "estado", "eje", "desde", "lang", "version", "page", "per_page", payload):
            answer = client.get(f"/consultas/{slug}/propuestas", query_string={name: payload})
            assert answer.status_code == 200 and live_in(answer.text) == [] and ">49<" not in answer.text
    for path in ("/<script>alert(1)</script>", '/propuestas/"><img src=x>', "/registro?consulta=<svg onload=x>"):
        assert live_in(client.get(path).text) == []
    for page in ("/cuenta/entrar", "/cuenta/registro"):
        form = {"email": payload, "name": payload, "next": payload, "csrf_token": ""}
        form["csrf_token"] = TOKEN.search(client.get(page).text).group(1)
        assert live_in(client.post(page, data=form).text) == []


def test_templates_and_formats_in_a_text_are_a_text(client, consultation, citizen, moderator):
    for text in ("{{7919*7919}}", "%s %(n)s %d", "${7919*7919}", "{% raise %}", "#{7919*7919}", "{0.__class__}"):
        proposal = make_proposal(consultation, citizen, title=text, body=f"A {text} B")
        shown = words(client.get(f"/propuestas/{proposal.code}"))
        assert text in shown and "62710561" not in shown
    sign_in(client, moderator)
    answer = send(client, f"/propuestas/{proposal.code}/apoyo", page=f"/propuestas/{proposal.code}", follow=True)
    assert answer.status_code == 200 and "{0.__class__}" in words(answer)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Ana\u202eajoR", "AnaajoR"),
        ("A\u200bn\u200ca\u200d \u2060Rojas\ufeff", "Ana Rojas"),
        ("Ana\u2066\u2069\u061c\u00ad", "Ana"),
        ("Ana\U000e0041\U000e0042", "Ana"),
        ("\u3164Ana\u115f\u1160\uffa0", "Ana"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🌾 y ❤️\u200d🔥", "👩\u200d🌾 y ❤️\u200d🔥"),
    ],
)
def test_what_turns_or_hides_letters_is_gone(typed, stored):
    assert clean_line(typed, 50) == stored and clean_text(typed, 50) == stored


@pytest.mark.parametrize("typed", ["\u3164", "\u200d\u200c", "\u2060 \u00ad", "\U000e0041", "\u115f\u1160"])
def test_a_title_of_nothing_visible_is_no_title(typed):
    with pytest.raises(Invalid):
        clean_line(typed, 50)


def test_a_name_that_mixes_alphabets_in_a_word_is_refused(client, citizen):
    sign_in(client, citizen)
    for name in ("Moder\u0430dor", "\u0410dministraci\u00f3n", "An\u03b1 Rojas"):
        answer = send(client, "/cuenta/datos", {"name": name, "territory": ""}, page="/cuenta")
        assert answer.status_code == 422 and citizen.name == "Ana Rojas"


def test_names_of_the_world_are_welcome(client, citizen):
    sign_in(client, citizen)
    for name in ("Анна Иванова", "Ana Иванова", "José Ñancupil", "Μαρία", "李小龍 Lee", "O'Higgins"):
        assert send(client, "/cuenta/datos", {"name": name, "territory": ""}, page="/cuenta").status_code == 302
        assert citizen.name == name


def test_a_text_is_stored_whole_or_refused_in_words(client, consultation, citizen):
    sign_in(client, citizen)
    new = f"/consultas/{consultation.slug}/propuestas/nueva"
    tried = {
        "a" * 900_000: (413, 422),
        "a" * (TITLE_LIMIT + 1): (422,),
        "🌲" * TITLE_LIMIT: (302,),
        "a" + "\u0301" * 10_000: (302, 422),
        "e\u0301" * TITLE_LIMIT: (302, 422),
    }
    for title, allowed in tried.items():
        answer = send(client, new, {"title": title, "body": "Texto", "theme": "0", "territory": "0"})
        assert answer.status_code in allowed, (title[:3], answer.status_code)
    half = send(client, new, {"title": b"a\xed\xa0\x80b", "body": b"\xff\xfe", "theme": "0", "territory": "0"})
    assert half.status_code in (302, 400, 422)


@pytest.mark.parametrize("text", SLOW.values(), ids=SLOW)
def test_no_text_of_fifty_thousand_characters_makes_the_site_wait(text):
    began = time.monotonic()
    for act in (clean_text, clean_line):
        for limit in (TITLE_LIMIT, BODY_LIMIT, 50_000):
            _tried(act, text, limit)
    to_html.__wrapped__(text[: 2 * BODY_LIMIT])
    beginning(text), fold(text), _tried(mailing_email, text), password_matches(None, text)
    assert time.monotonic() - began < 5  # seconds, on a busy machine; the marks alone took 30 before


def _tried(act, *args):
    with suppress(Invalid):
        act(*args)


def test_a_page_of_marks_is_answered_at_once(client, citizen):
    # 23 s for a quarter of this when it was composed before it was measured.
    marks = "a" + "\u0315" * 200_000 + "\u0316" * 200_000
    assert len(marks.encode()) < 1_000_000
    for page, form in (
        ("/cuenta/entrar", {"email": marks, "password": "x"}),
        ("/cuenta/entrar", {"email": citizen.email, "password": marks}),
        ("/cuenta/registro", {"email": "a@example.org", "name": marks, "password": "otra frase larga"}),
    ):
        began = time.monotonic()
        assert send(client, page, form).status_code in (302, 413, 422)
        assert time.monotonic() - began < 5


def test_a_line_break_adds_nobody_to_a_letter(client, tmp_path):
    name = "Ana\r\nBcc: otra@example.org\r\n\r\nHola"
    send(client, "/cuenta/registro", {"name": name, "email": "ana@example.org", "password": "otra frase larga"})
    for email in (
        "ana@example.org\r\nBcc: otra@example.org",
        "ana@example.org,otra@example.org",
        "<ana@example.org>,b@c.cl",
    ):
        assert (
            send(
                client, "/cuenta/registro", {"name": "Ana", "email": email, "password": "otra frase larga"}
            ).status_code
            == 422
        )
    sweep()
    (letter,) = [path.read_text() for path in (tmp_path / "mail").glob("*.eml")]
    head = letter.partition("\n\n")[0]
    assert head.count("To:") == 1 and "To: ana@example.org" in head and "otra@example.org" not in letter


def test_composed_and_decomposed_passwords_are_one_and_a_longer_one_is_another(app):
    person = make_person()
    assert password_matches(person, unicodedata.normalize("NFD", "una frase larga y segura"))
    assert not password_matches(person, "una frase larga y segura" + "a" * 5_000)
