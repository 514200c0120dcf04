"""A walk through the demonstration in English meets no Spanish but what people wrote."""

import re
import shutil
from collections import Counter, deque
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

import pytest
from babel.messages.pofile import read_po

from consulta.accounts.queries import person_by_email
from consulta.app import create_app
from consulta.cli import demo_data
from consulta.core.extensions import db
from tests.people import sign_in
from tests.services.databases import settings_for
from tests.services.visitors import Visitor
from tests.translations.test_catalogue import ENGLISH, PLACEHOLDER
from tests.web.sending import send

ALIKE = 3  # pages of one kind that are looked at; another hundred proposals say nothing new
SHORTEST = 13  # letters of a text that can hardly be in a person's writing by chance
SPOKEN = {"aria-label", "title", "placeholder", "alt", "data-confirm"}  # attributes that people read or hear
DATA = Path(demo_data.FOLDER).parent
PEOPLE = {"anybody": None, **{each["role"]: each["email"] for each in demo_data.present()["people"] if each["role"]}}
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


class Read(HTMLParser):
    """What a page says, piece by piece (`texts`), and where it leads (`links`)."""

    def __init__(self, page):
        super().__init__()
        self.texts, self.links, self._silent = [], [], 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        """Note links and spoken attributes."""
        attributes = dict(attrs)
        self._silent += tag in {"script", "style"}
        self.texts += [value for name, value in attrs if name in SPOKEN and value]
        if tag == "input" and attributes.get("type") == "submit":
            self.texts.append(attributes.get("value") or "")
        if tag == "a" and (attributes.get("href") or "").startswith("/"):
            self.links.append(urldefrag(attributes["href"]).url)

    def handle_endtag(self, tag):
        """Hear again."""
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data):
        """Note a piece of text."""
        if not self._silent and data.strip():
            self.texts.append(" ".join(data.split()))


@pytest.fixture(scope="module")
def demo(demo_database, tmp_path_factory):
    """The site with the demonstration, in the test's process."""
    folder = tmp_path_factory.mktemp("demo-in-english")
    path = shutil.copyfile(demo_database, folder / "demo.sqlite3")
    site = create_app(settings_for(f"sqlite:///{path}", folder, DEMO=True))
    site.test_client_class = Visitor
    yield site
    with site.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def spanish():
    """Pieces of Spanish that the site itself says, but for those that the demonstration's people wrote as well."""
    with (ENGLISH / "messages.po").open("rb") as file:
        messages = [message for message in read_po(file, locale="en") if message.id]
    files = [path for path in DATA.rglob("*.*") if path.suffix in {".json", ".csv"}]
    written = " ".join(path.read_text(encoding="utf-8") for path in files)
    pieces = set()
    for message in messages:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.id, tuple) else (message.string,)
        for text in ids:
            pieces |= {each.strip() for each in PLACEHOLDER.split(text)} - set(strings)
    return {each for each in pieces if len(each) >= SHORTEST and each not in written}


def walk(client, site):
    """Return each page that can be reached by links, a few of each kind, as (address, Read)."""
    seen, kinds, ahead, pages = set(), Counter(), deque(["/"]), []
    adapter = site.url_map.bind("localhost")
    while ahead:
        address = ahead.popleft()
        if address in seen or not adapter.test(urlsplit(address).path, "GET"):
            continue
        seen.add(address)
        kind = adapter.match(urlsplit(address).path, "GET")[0]
        kinds[kind] += 1
        if kind == "static" or kinds[kind] > ALIKE:
            continue
        answer = client.get(address)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            page = Read(answer.text)
            pages.append((address, page))
            ahead.extend(page.links)
    return pages


@pytest.mark.parametrize("role", PEOPLE)
def test_a_walk_in_english_meets_no_spanish_of_the_site(demo, spanish, role):
    client = demo.test_client()
    if PEOPLE[role]:
        with demo.app_context():
            sign_in(client, person_by_email(PEOPLE[role]))
            db.session.remove()
    send(client, "/idioma", {"locale": "en", "next": "/"}, page="/")
    pages = walk(client, demo)
    assert len(pages) > 20
    found = {
        f"{address}: {piece!r}"
        for address, page in pages
        for piece in spanish
        if any(piece in text for text in page.texts)
    }
    assert not found, "\n".join(sorted(found))


def test_the_same_walk_in_spanish_does_meet_it(demo, spanish):
    """The look above would see a text that is left: in Spanish it sees hundreds."""
    pages = walk(demo.test_client(), demo)
    met = {piece for _address, page in pages for piece in spanish if any(piece in text for text in page.texts)}
    assert len(met) > 100


def test_no_template_says_anything_that_is_not_marked_for_translation():
    """Outside of `{{ … }}` and tags stand only words that are the same in every language."""
    silent = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}|<(?:script|style|svg|pre|code)\b.*?</\w+>|<[^>]*>|&\w+;", re.DOTALL)
    same = {"consulta", "ES", "EN", "Español", "English", "Ctrl", "Esc"}
    found = {}
    for path in TEMPLATES.rglob("*.html"):
        words = set(re.findall(r"[^\W\d_]{2,}", silent.sub(" ", path.read_text(encoding="utf-8")))) - same
        if words:
            found[str(path.relative_to(TEMPLATES))] = words
    assert not found
