"""Photos of signed sheets: whatever a phone sends is decoded under bounds and written anew as a plain JPEG.

What is kept holds the pixels and nothing else: no EXIF (which tells the place and the phone), no profile, no comment.
The numbers of the header are looked at before a single pixel is decoded, so that an image of a few kilobytes that
claims to be 30,000 pixels wide costs nothing. So are the scans of a JPEG: each passes over the whole image again.
"""

import hashlib
import io
import re
import threading
import warnings
from contextlib import contextmanager
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from consulta.core.errors import Busy, Invalid

MOST_BYTES = 12 * 1024 * 1024
# Of what is sent. A JPEG of 50 megapixels, as phones take them, is decoded small (`draft`); the others whole.
MOST_PIXELS = {"JPEG": 80_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
LONGEST_SIDE = 20_000
# A JPEG of several scans is held whole while it is decoded, 6 bytes a pixel; phones and scanners write up to ten.
MOST_HELD = 25_000_000
MOST_SCANS = 20
# One decoding takes up to 300 MB and a few seconds; what devices send waits on them, and they send it again.
AT_ONCE = 2
SECONDS = 5  # that a photo waits for its turn
SIDE = 2000  # of what is kept
QUALITY = 82
# What each format begins with. The name or type that was sent with it says nothing.
MAGIC = {"JPEG": (b"\xff\xd8\xff",), "PNG": (b"\x89PNG\r\n\x1a\n",), "WEBP": (b"RIFF",)}
_MARK = re.compile(rb"\xff[^\x00\xff]")
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = {0xC2, 0xC6, 0xCA, 0xCE}
_BARE = {0x01, *range(0xD0, 0xD9)}  # marks that nothing follows
_SCAN, _END = 0xDA, 0xD9
# Opening a file tells more kinds of trouble than OSError: each decoder has its own.
TROUBLE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    ZeroDivisionError,
)

_turns = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Decoded:
    """A photo as it is kept: JPEG `content`, its size in pixels, and the SHA-256 of the content."""

    content: bytes
    width: int
    height: int
    digest: str


def decode_photo(data):
    """Return `data` (bytes of a JPEG, PNG or WebP image) as Decoded; raises Invalid("photo") in words for the person.

    Raises Busy where others are being decoded, and no turn comes.
    It is turned as its EXIF says, made smaller where a side is longer than SIDE, and white where it was transparent.
    """
    kind = _kind_of(data)
    most = MOST_PIXELS[kind]
    if kind == "JPEG":
        scans, is_held = _scans_of(data)
        if scans > MOST_SCANS:
            raise _damaged()
        most = min(most, MOST_HELD) if is_held else most
    try:
        with _turn(), warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _encoded(_pixels(data, kind, most))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except UnidentifiedImageError:
        raise _damaged() from None
    except MemoryError:
        raise _too_many_pixels() from None
    except TROUBLE:
        raise Invalid("photo", _("La foto llegó incompleta o dañada. Envíala otra vez; no se guardó nada.")) from None


def _kind_of(data):
    if not data:
        raise Invalid("photo", _("No llegó ninguna foto. Elige el archivo o tómala de nuevo."))
    if len(data) > MOST_BYTES:
        raise Invalid("photo", _("La foto pesa más de %(limit)s MB. Tómala con menos calidad.", limit=MOST_BYTES >> 20))
    kind = next((kind for kind, starts in MAGIC.items() if data.startswith(starts)), None)
    if kind is None or (kind == "WEBP" and data[8:12] != b"WEBP"):
        raise Invalid("photo", _("Esto no es una foto JPEG, PNG o WebP. Toma la foto con la cámara y envíala así."))
    return kind


@contextmanager
def _turn():
    if not _turns.acquire(timeout=SECONDS):
        raise Busy(_("El sitio está muy ocupado y no se guardó el cambio. Inténtalo de nuevo en unos segundos."))
    try:
        yield
    finally:
        _turns.release()


def _scans_of(data):
    """Return how many scans a JPEG has (no more than one above MOST_SCANS), and whether it is held whole for them.

    It walks from mark to mark as the decoder does, over whatever stands between them.
    """
    scans, parts, is_held, at = 0, 0, False, 2
    while scans <= MOST_SCANS and (mark := _MARK.search(data, at)):
        code, at = mark[0][1], mark.end()
        if code == _END:
            break
        if code in _BARE:
            continue
        if code in _FRAMES:
            is_held, parts = is_held or code in _PROGRESSIVE, max(parts, *data[at + 7 : at + 8], 0)
        elif code == _SCAN:
            scans += 1
            # A first scan of some of the colours alone announces others, whether they come or not.
            is_held = is_held or scans > 1 or any(told < parts for told in data[at + 2 : at + 3])
        at += max(int.from_bytes(data[at : at + 2]), 2)
    return scans, is_held


def _pixels(data, kind, most):
    with Image.open(io.BytesIO(data), formats=(kind,)) as opened:
        width, height = opened.size
        if width * height > most or max(width, height) > LONGEST_SIDE:
            raise _too_many_pixels()
        if min(width, height) < 1:
            raise ValueError
        # A JPEG is decoded at a half, a quarter or an eighth where that is enough: less memory, less time.
        opened.draft("RGB", (SIDE, SIDE))
        opened.load()
        upright = ImageOps.exif_transpose(opened)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        upright = upright.convert("RGBA")
        paper = Image.new("RGB", upright.size, "white")
        paper.paste(upright, mask=upright.getchannel("A"))
        upright = paper
    upright = upright.convert("RGB")
    upright.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return upright


def _encoded(image):
    clean = Image.new("RGB", image.size)
    clean.paste(image)  # a new image carries nothing of the old one's metadata
    written = io.BytesIO()
    clean.save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    content = written.getvalue()
    return Decoded(content, *clean.size, hashlib.sha256(content).hexdigest())


def _damaged():
    return Invalid("photo", _("El archivo está dañado y no se puede abrir como foto. Tómala de nuevo."))


def _too_many_pixels():
    return Invalid(
        "photo", _("La foto tiene demasiados píxeles. Tómala con menos resolución: 4000 por 3000 sobra para leerla.")
    )
