"""What people write: cleaned on the way in, made into safe HTML on the way out."""

import re
import unicodedata
from functools import lru_cache

import bleach
from flask_babel import lazy_gettext as _
from markdown_it import MarkdownIt
from markupsafe import Markup

from consulta.core.errors import Invalid

TAGS = ["p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "code", "pre", "h3", "h4", "hr", "s"]
ATTRIBUTES = {"a": ["href", "rel"]}
SCHEMES = ["http", "https", "mailto"]

# Bidirectional controls and invisible characters let a text read otherwise than it is stored (Unicode TR 36).
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# A letter with more marks than any living script needs is drawn over its neighbours' lines.
_MARKS = re.compile(
    "([\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4})[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_SPACE = re.compile(r"\s+")
_BLANK_LINES = re.compile(r"\n{3,}")

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False}).disable("image")


def clean_line(text, limit, *, field=None, required=True):
    """Return one line of `text` in NFC without control or invisible characters, spaces folded.

    limit: the most characters it may hold. Raises Invalid, naming `field`, for a text that is too long, empty
    where it is `required`, or that holds NUL or half characters.
    """
    return _checked(_SPACE.sub(" ", _stripped(text, field)).strip(), limit, field, required)


def clean_text(text, limit, *, field=None, required=True):
    """Return `text` of many lines (Markdown) cleaned as `clean_line` does, its line breaks kept."""
    lines = _stripped(text, field).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _checked(
        _BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in lines)).strip(), limit, field, required
    )


@lru_cache(maxsize=1024)
def to_html(text):
    """Return Markdown `text` as safe HTML: no raw HTML, no images, links of http, https and mailto only."""
    html = _markdown.render(text or "")
    html = re.sub(r"<(/?)h[1-6]>", r"<\1h3>", html)
    html = bleach.clean(html, tags=TAGS, attributes=ATTRIBUTES, protocols=SCHEMES, strip=True)
    return Markup(html.replace("<a href=", '<a rel="nofollow ugc noopener" href='))


def beginning(text, length=220):
    """Return the beginning of a Markdown text as plain words, cut at a word's end, at most `length` characters."""
    plain = " ".join(to_html((text or "")[: 4 * length]).striptags().split())
    if len(plain) <= length:
        return plain
    return plain[: length - 1].rsplit(" ", 1)[0].rstrip(",;:. ") + "…"


def fold(text):
    """Return `text` without case and accents, for comparing and searching ("Ñuñoa" and "nunoa" agree)."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _stripped(text, field):
    text = text or ""
    if "\x00" in text or _SURROGATE.search(text):
        raise Invalid(field, _("El texto contiene caracteres que no se pueden guardar. Escríbelo de nuevo sin ellos."))
    text = unicodedata.normalize("NFC", text)
    return _MARKS.sub(r"\1", _INVISIBLE.sub("", _CONTROL.sub("", text)))


def _checked(text, limit, field, required):
    if required and not text:
        raise Invalid(field, _("Falta este texto."))
    if len(text) > limit:
        raise Invalid(
            field,
            _("Tiene %(length)s caracteres y caben %(limit)s. Acórtalo un poco.", length=len(text), limit=limit),
        )
    return text
