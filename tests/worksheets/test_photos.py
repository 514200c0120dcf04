"""Photos of signed sheets: decoded under bounds, turned upright, and kept without a word about where or by whom."""

import contextlib
import io
import random
import struct
import threading
import time
import zlib

import pytest
from PIL import Image, ImageDraw

from consulta.core.errors import Busy, Invalid
from consulta.worksheets import photo_decoding
from consulta.worksheets.photo_decoding import SIDE, decode_photo


def picture(kind="JPEG", size=(640, 480), mode="RGB", **more):
    """Return the bytes of an image with a red upper left corner and some writing."""
    image = Image.new(mode, size, "white" if mode != "RGBA" else (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 4, size[1] // 4), fill="red")
    written = io.BytesIO()
    image.save(written, kind, **more)
    return written.getvalue()


def of_a_phone(orientation=6):
    """Return a JPEG with the EXIF of a phone: orientation, make and the place where it was taken."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = orientation, "Telefono Canario"
    exif.get_ifd(0x8825).update({1: "S", 2: (53.0, 9.0, 45.0), 3: "W", 4: (70.0, 55.0, 21.0)})
    return picture(exif=exif.tobytes(), comment=b"canario")


def opened(decoded):
    return Image.open(io.BytesIO(decoded.content))


def png_that_claims(width, height, body=b"\x00" * 64):
    """Return a PNG of a few bytes whose header claims to be `width` × `height`."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "L"), ("PNG", "LA"),
     ("PNG", "P"), ("PNG", "1"), ("PNG", "I;16"), ("WEBP", "RGB"), ("WEBP", "RGBA")],
)  # fmt: skip
def test_what_phones_and_scanners_write_is_kept_as_jpeg(kind, mode):
    written = io.BytesIO()
    Image.open(io.BytesIO(picture("PNG"))).convert(mode).save(written, kind)
    decoded = decode_photo(written.getvalue())
    assert opened(decoded).format == "JPEG" and opened(decoded).mode == "RGB"
    assert (decoded.width, decoded.height) == (640, 480)


def test_it_is_turned_upright_and_says_nothing_about_place_or_phone():
    decoded = decode_photo(of_a_phone(orientation=6))
    assert (decoded.width, decoded.height) == (480, 640)
    red, _green, blue = opened(decoded).getpixel((470, 10))
    assert red > 200 and blue < 60  # what was in the left corner is now in the right one
    assert not opened(decoded).getexif() and "comment" not in opened(decoded).info
    for trace in (b"Exif", b"canario", b"Canario", b"GPS", b"Photoshop"):
        assert trace not in decoded.content


def test_an_upside_down_photo_in_which_only_the_exif_of_a_png_says_so_is_turned_too():
    exif = Image.Exif()
    exif[0x0112] = 3
    decoded = decode_photo(picture("PNG", exif=exif))
    assert opened(decoded).getpixel((630, 470))[2] < 60


def test_what_is_larger_than_needed_is_made_smaller_and_keeps_its_shape():
    decoded = decode_photo(picture(size=(6000, 4000)))
    assert (decoded.width, decoded.height) == (SIDE, 1333)
    assert (decode_photo(picture(size=(300, 200))).width) == 300  # what is smaller is not made larger


def test_what_shows_through_becomes_white():
    assert opened(decode_photo(picture("PNG", mode="RGBA"))).getpixel((600, 400)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "No llegó ninguna foto"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "no es una foto"),
        (b"<!doctype html><script>alert(1)</script>", "no es una foto"),
        (b"GIF89a" + bytes(40), "no es una foto"),
        (b"%PDF-1.7", "no es una foto"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "no es una foto"),
        (b"\xff\xd8\xff<script>alert(1)</script>", "dañad"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "dañad"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "dañad"),
        (b"\xff\xd8\xff" + bytes(13 * 1024 * 1024), "más de 12 MB"),
    ],
    ids=["nothing", "svg", "html", "gif", "pdf", "wave", "html behind a jpeg", "empty png", "empty webp", "13 MB"],
)
def test_what_is_no_photo_is_refused_in_words(data, said):
    with pytest.raises(Invalid) as refusal:
        decode_photo(data)
    assert refusal.value.field == "photo" and said in str(refusal.value.reason)


@pytest.mark.parametrize("claim", [(30_000, 30_000), (100_000, 600), (2**31 - 1, 2**31 - 1), (20_001, 20)])
def test_a_photo_of_too_many_pixels_is_refused_before_any_is_decoded(claim):
    began = time.perf_counter()
    with pytest.raises(Invalid) as refusal:
        decode_photo(png_that_claims(*claim))
    assert time.perf_counter() - began < 1
    assert "demasiados píxeles" in str(refusal.value.reason)


def test_a_bomb_that_pillow_itself_would_only_warn_of_is_refused(monkeypatch):
    monkeypatch.setitem(photo_decoding.MOST_PIXELS, "PNG", 10**12)
    monkeypatch.setattr(photo_decoding, "LONGEST_SIDE", 10**6)
    for side in (9_500, 13_000):  # a warning from 89 megapixels on, an error from 179
        with pytest.raises(Invalid, match="demasiados píxeles"):
            decode_photo(png_that_claims(side, side))


def of_many_scans(data, scans):
    """Return the progressive JPEG `data` with its last scan `scans` times more, fill and litter between them."""
    last = data[data.rfind(b"\xff\xda") : -2]
    return data[:-2] + (b"\xff\xff\x00litter" + last) * scans + b"\xff\xd9"


@pytest.mark.parametrize("scans", [21, 5000])
def test_a_jpeg_of_endless_scans_is_refused_before_any_is_decoded(scans, monkeypatch):
    data = of_many_scans(picture(progressive=True, size=(1200, 900)), scans)
    monkeypatch.setattr(Image, "open", lambda *args, **more: pytest.fail("it was opened"))
    began = time.perf_counter()
    with pytest.raises(Invalid, match="dañado"):
        decode_photo(data)
    with pytest.raises(Invalid, match="dañado"):  # nor does it take long to see where nothing but fill is
        decode_photo(data[:-2] + b"\xff" * 10_000_000)
    assert time.perf_counter() - began < 1


def test_the_scans_that_cameras_and_browsers_write_are_taken():
    assert decode_photo(picture(progressive=True, size=(3000, 2000))).width == SIDE
    assert decode_photo(of_many_scans(picture(progressive=True), 6)).width == 640
    thumbnail = picture(progressive=True)[:60_000]  # scans inside the EXIF are none of the photo's
    exif = Image.Exif()
    exif[0x010E] = (thumbnail * 12)[:60_000].decode("latin-1")
    assert decode_photo(picture(exif=exif)).width == 640


def test_a_jpeg_that_is_held_whole_has_fewer_pixels(monkeypatch):
    monkeypatch.setattr(photo_decoding, "MOST_HELD", 640 * 480 - 1)
    assert decode_photo(picture()).width == 640
    plain = picture(subsampling=0)
    head = plain.rindex(b"\xff\xda")
    first_of_three = plain[:head] + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + plain[head + 14 :]
    for data in (picture(progressive=True), first_of_three):
        with pytest.raises(Invalid, match="demasiados píxeles"):
            decode_photo(data)


def test_no_more_than_two_are_decoded_at_once_and_the_next_is_told_to_come_again(monkeypatch):
    monkeypatch.setattr(photo_decoding, "SECONDS", 0.2)
    begun, release, whole = threading.Semaphore(0), threading.Event(), photo_decoding._encoded

    def slowly(image):
        begun.release()
        assert release.wait(10)
        return whole(image)

    monkeypatch.setattr(photo_decoding, "_encoded", slowly)
    threads = [threading.Thread(target=decode_photo, args=(picture(),)) for _ in range(photo_decoding.AT_ONCE)]
    for each in threads:
        each.start()
    assert all(begun.acquire(timeout=10) for _ in threads)
    with pytest.raises(Busy):
        decode_photo(picture())
    release.set()
    for each in threads:
        each.join()
    assert decode_photo(picture()).width == 640


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_file_that_was_cut_is_refused_wherever_it_was_cut(kind):
    noisy = Image.frombytes("RGB", (160, 120), random.Random(4).randbytes(160 * 120 * 3))
    written = io.BytesIO()
    noisy.save(written, kind)
    data = written.getvalue()
    # A JPEG without its last two bytes (the mark of the end) still holds every pixel.
    for length in range(1, len(data) - 64, 211):
        with pytest.raises(Invalid):
            decode_photo(data[:length])


def test_bytes_changed_at_random_are_a_photo_or_refused_and_never_a_fault():
    chance = random.Random(7)
    for kind in ("JPEG", "PNG", "WEBP"):
        data = picture(kind, size=(64, 48))
        for _ in range(150):
            broken = bytearray(data)
            for _ in range(chance.randint(1, 12)):
                broken[chance.randrange(12, len(broken))] = chance.randrange(256)
            with contextlib.suppress(Invalid):
                decode_photo(bytes(broken))
