"""Everything the code and the templates say is in the English catalogue, with the same blanks to fill in."""

import gettext
import io
import re
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask_babel import force_locale, lazy_ngettext, ngettext

from consulta.core.extensions import LOCALES

CHECKOUT = Path(__file__).resolve().parents[2]
ENGLISH = CHECKOUT / "consulta" / "translations" / "en" / "LC_MESSAGES"
# As in the Makefile's `translations`: the lazy names, beside those that Babel knows.
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "lazy_ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
# Singulars that two plurals share, and whose one English reads well in both places.
SHARED = set()
MARKUP = re.compile(r"\*\*|<[^>]+>|https?://\S+|flask [a-z]+")


def extracted():
    """Return what the code says, as (texts, file): texts is one msgid, or a singular with its plural."""
    with (CHECKOUT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(CHECKOUT, methods, options, keywords=KEYWORDS)
    return [(texts, name) for name, _line, texts, _comments, _context in found]


@pytest.fixture(scope="module")
def said():
    """What the code says now."""
    return extracted()


@pytest.fixture(scope="module")
def english():
    """The English catalogue as translators write it."""
    with (ENGLISH / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


@pytest.fixture(scope="module")
def compiled():
    """The English catalogue as the site reads it."""
    with (ENGLISH / "messages.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def placeholders(text):
    return sorted(PLACEHOLDER.findall(text))


def forms(message):
    """Return pairs of a Spanish text and its English, one for each form of `message`."""
    if isinstance(message.id, tuple):
        return list(zip(message.id, message.string, strict=True))
    return [(message.id, message.string)]


def test_the_extraction_finds_texts_in_code_templates_and_letters(said):
    found = {name.partition("/")[0] + Path(name).suffix for _texts, name in said}
    assert found == {"consulta.py", "templates.html", "templates.txt"}
    assert len(said) > 1000


def test_every_text_is_in_english(said, english, compiled):
    missing = set()
    for texts, name in said:
        message = english.get(texts[0] if isinstance(texts, tuple) else texts)
        if message is None or message.fuzzy or not all(form for _text, form in forms(message)):
            missing.add(f"{name}: {texts}")
        elif isinstance(texts, tuple):
            # gettext knows a text by its singular: another plural beside it is given the same English.
            assert message.id == texts or texts[0] in SHARED, name
            assert compiled.ngettext(*texts, 2) == message.string[1]
        else:
            assert compiled.gettext(texts) == (message.string if isinstance(message.id, str) else message.string[0])
    assert not missing, "`make translations`, then write the English of: " + "\n".join(sorted(missing))


def test_the_catalogue_holds_nothing_that_is_not_said_any_more(said, english):
    texts = {texts for texts, _name in said}
    # One text may stand alone in one place and be a singular in another: Babel keeps it once, with its plural.
    texts |= {texts[0] for texts in texts if isinstance(texts, tuple)}
    stale = {message.id for message in english if message.id} - texts
    assert not stale, "`make translations` takes them out"
    assert not english.obsolete


def test_every_english_text_has_the_blanks_of_its_spanish_one(english):
    for message in english:
        for spanish, text in forms(message) if message.id else ():
            # A singular may say "one person" where the Spanish has the number, and the other way round.
            optional = {"%(num)s"} if isinstance(message.id, tuple) else set()
            assert set(placeholders(text)) - optional == set(placeholders(spanish)) - optional, spanish
            assert sorted(MARKUP.findall(text)) == sorted(MARKUP.findall(spanish)) or "**" in spanish, spanish


def test_every_english_text_ends_as_its_spanish_one_does(english):
    for message in english:
        for spanish, text in forms(message) if message.id else ():
            assert text == text.strip(), text
            assert "  " not in text, text
            assert "«" not in text, text
            for mark in ".:?":
                assert text.endswith(mark) == spanish.endswith(mark) or spanish == "Hola:", (spanish, text)


def test_nothing_is_fuzzy(english):
    assert [message.id for message in english if message.id and message.fuzzy] == []


def test_the_compiled_file_is_what_the_catalogue_says(english):
    again = io.BytesIO()
    write_mo(again, english)
    assert (ENGLISH / "messages.mo").read_bytes() == again.getvalue(), "run `make translations`"


@pytest.mark.only_on("sqlite")
def test_plurals_are_right_in_spanish_without_a_catalogue(app):
    """One is singular, everything else, zero too, is plural; lazy texts as well."""
    with force_locale("es"):
        for number in (0, 1, 2, 11, 21, 1000):
            expected = f"{number} apoyo" if number == 1 else f"{number} apoyos"
            assert ngettext("%(num)s apoyo", "%(num)s apoyos", number) == expected
            assert str(lazy_ngettext("%(num)s apoyo", "%(num)s apoyos", number)) == expected


@pytest.mark.only_on("sqlite")
def test_a_lazy_text_is_put_into_the_language_of_whoever_reads_it(app):
    made = lazy_ngettext("%(num)s apoyo", "%(num)s apoyos", 2)
    for locale, text in (("es", "2 apoyos"), ("en", "2 supports"), ("es", "2 apoyos")):
        with force_locale(locale):
            assert str(made) == text


def test_every_language_of_the_site_has_its_texts():
    assert LOCALES == ("es", "en"), "another language needs a catalogue of its own and a row in these tests"
    assert [path.parent.parent.name for path in (CHECKOUT / "consulta/translations").rglob("*.po")] == ["en"]
