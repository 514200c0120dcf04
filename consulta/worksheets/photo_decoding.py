"""Photos of signed sheets: whatever a phone sends is decoded under bounds and written anew as a plain JPEG.

What is kept holds the pixels and nothing else: no EXIF (which tells the place and the phone), no profile, no comment.
The numbers of the header are looked at before a single pixel is decoded, so that an image of a few kilobytes that
claims to be 30,000 pixels wide costs nothing.
"""

import hashlib
import io
import warnings
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from consulta.core.errors import Invalid

MOST_BYTES = 12 * 1024 * 1024
# Of what is sent. A JPEG of 50 megapixels, as phones take them, is decoded small (`draft`); the others whole.
MOST_PIXELS = {"JPEG": 80_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
LONGEST_SIDE = 20_000
SIDE = 2000  # of what is kept
QUALITY = 82
# What each format begins with. The name or type that was sent with it says nothing.
MAGIC = {"JPEG": (b"\xff\xd8\xff",), "PNG": (b"\x89PNG\r\n\x1a\n",), "WEBP": (b"RIFF",)}
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


@dataclass(frozen=True)
class Decoded:
    """A photo as it is kept: JPEG `content`, its size in pixels, and the SHA-256 of the content."""

    content: bytes
    width: int
    height: int
    digest: str


def decode_photo(data):
    """Return `data` (bytes of a JPEG, PNG or WebP image) as Decoded; raises Invalid("photo") in words for the person.

    It is turned as its EXIF says, made smaller where a side is longer than SIDE, and white where it was transparent.
    """
    kind = _kind_of(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _encoded(_pixels(data, kind))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except UnidentifiedImageError:
        raise Invalid("photo", _("El archivo está dañado y no se puede abrir como foto. Tómala de nuevo.")) from None
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


def _pixels(data, kind):
    with Image.open(io.BytesIO(data), formats=(kind,)) as opened:
        width, height = opened.size
        if width * height > MOST_PIXELS[kind] or max(width, height) > LONGEST_SIDE:
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


def _too_many_pixels():
    return Invalid(
        "photo", _("La foto tiene demasiados píxeles. Tómala con menos resolución: 4000 por 3000 sobra para leerla.")
    )
