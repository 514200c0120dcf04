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
TAGS += ["table", "thead", "tbody", "tr", "th", "td"]
ATTRIBUTES = {"a": ["href", "rel"], "ol": ["start"]}
SCHEMES = ["http", "https", "mailto"]

# Marks in a row that a letter keeps: more than any living script needs are drawn over its neighbours' lines.
MOST_MARKS = 6
# How much longer a text may be before it is composed (NFC): no letter is made of more characters than these.
UNCOMPOSED = 4

# Bidirectional controls, invisible characters and letters that draw nothing let a text read otherwise than it is
# stored (Unicode TR 36).
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# What joins emoji, and letters of scripts that need it, joins nothing beside a letter of Latin, Greek or Cyrillic.
_JOINERS = re.compile("(?<![^\\s\u0000-\u058f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\\s\u0000-\u058f])")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACE = re.compile(r"\s+")
_BLANK_LINES = re.compile(r"\n{3,}")

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False}).enable("table").disable("image")


def clean_line(text, limit, *, field=None, required=True):
    """Return one line of `text` in NFC without control or invisible characters, spaces folded.

    limit: the most characters it may hold. Raises Invalid, naming `field`, for a text that is too long, empty
    where it is `required`, or that holds NUL or half characters.
    """
    return _composed(_SPACE.sub(" ", _stripped(text, field)).strip(), limit, field, required)


def clean_text(text, limit, *, field=None, required=True):
    """Return `text` of many lines (Markdown) cleaned as `clean_line` does, its line breaks kept."""
    lines = _stripped(text, field).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _composed(
        _BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in lines)).strip(), limit, field, required
    )


@lru_cache(maxsize=1024)
def to_html(text):
    """Return Markdown `text` as safe HTML: no raw HTML, no images, links of http, https and mailto only."""
    html = _markdown.render(text or "")
    html = re.sub(r"<(/?)h[1-6]>", r"<\1h3>", html)
    html = bleach.clean(html, tags=TAGS, attributes=ATTRIBUTES, protocols=SCHEMES, strip=True)
    html = html.replace("<a href=", '<a rel="nofollow ugc noopener" href=')
    # A wide table scrolls by itself, with the keyboard too.
    html = html.replace("<table>", '<div class="scrolling" tabindex="0"><table>').replace("</table>", "</table></div>")
    return Markup(html)


def beginning(text, length=220):
    """Return the beginning of a Markdown text as plain words, cut at a word's end, at most `length` characters."""
    plain = " ".join(to_html((text or "")[: 4 * length]).striptags().split())
    if len(plain) <= length:
        return plain
    return plain[: length - 1].rsplit(" ", 1)[0].rstrip(",;:. ") + "…"


def fold(text):
    """Return `text` without case and accents, for comparing and searching ("Ñuñoa" and "nunoa" agree)."""
    decomposed = unicodedata.normalize("NFKD", tamed(text.casefold()))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def tamed(text):
    """Return `text` with at most MOST_MARKS combining marks in a row.

    Normalizing takes time that grows with the square of such a row: 23 s for 240 kB of marks, measured.
    """
    if text.isascii():
        return text
    kept, row = [], 0
    for letter in text:
        row = row + 1 if unicodedata.category(letter)[0] == "M" else 0
        if row <= MOST_MARKS:
            kept.append(letter)
    return "".join(kept)


def _stripped(text, field):
    text = text or ""
    if "\x00" in text or _SURROGATE.search(text):
        raise Invalid(field, _("El texto contiene caracteres que no se pueden guardar. Escríbelo de nuevo sin ellos."))
    return _JOINERS.sub("", _INVISIBLE.sub("", _CONTROL.sub("", text)))


def _composed(text, limit, field, required):
    text = tamed(text)
    if len(text) <= UNCOMPOSED * limit:
        text = unicodedata.normalize("NFC", text)
    if required and not text:
        raise Invalid(field, _("Falta este texto."))
    if len(text) > limit:
        raise Invalid(
            field,
            _("Tiene %(length)s caracteres y caben %(limit)s. Acórtalo un poco.", length=len(text), limit=limit),
        )
    return text
