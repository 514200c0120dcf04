"""What stands on printed worksheets: how much of each list fits on a page, and the squares that a phone reads."""

from itertools import groupby

import segno
from flask import current_app, url_for
from markupsafe import Markup

from consulta.accounts.models import SECTORS
from consulta.worksheets.tracking import new_code

# Millimetres of a page that is 254 high; a test looks whether the longest names fit.
ROW, TALL_ROW, AGENDA_ROW = 6.0, 7.4, 4.4
LONG_NAME = 38  # characters; a longer one takes two lines
FIRST_PAGE, FURTHER_PAGE = 164.0, 200.0  # for the attendance list and, on the first page, the agenda
CLOSING = 26.0  # of the total and the signatures, on the last page
AGENDA = 10  # items of the agenda that are printed, in two columns; the rest are counted
MOST_BLANK = 30
LONG_TITLE = 100  # characters; a longer one is set smaller
TEXT = 420  # characters of a proposal's text


def public(endpoint, **values):
    """Return the address of a page as it is printed: of the site as everybody reaches it."""
    return current_app.config["PUBLIC_URL"].rstrip("/") + url_for(endpoint, **values)


def square(text):
    """Return the QR code of `text` as inline SVG: the next larger correction that costs no room is taken."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(scale=1, border=4, omitsize=True, svgclass="qr")
    return Markup(drawn)


def attendance_pages(attendances, agenda):
    """Return the attendance list page by page, each page as (sector, names): those convened, and "" for one more.

    The first page, which holds the agenda and the agreements too, has what room is left; the last one keeps some for
    the total and the signatures.
    """
    lines = []
    for sector in SECTORS:
        names = sorted((each.name for each in attendances if each.sector == sector and each.name), key=str.casefold)
        lines += [(sector, name) for name in (*names, "")]
    agenda_rows = (min(len(agenda), AGENDA) + 1) // 2 + (2 if agenda else 0)
    pages, room = [[]], FIRST_PAGE - AGENDA_ROW * agenda_rows
    for at, (sector, name) in enumerate(lines):
        height = TALL_ROW if len(name) > LONG_NAME else ROW
        is_last = sum(TALL_ROW if len(each) > LONG_NAME else ROW for _sector, each in lines[at:]) <= room - CLOSING
        if not is_last and height > room:
            pages.append([])
            room = FURTHER_PAGE
        pages[-1].append((sector, name))
        room -= height
    if room < CLOSING:
        pages.append([])
    return [
        [(sector, [name for _sector, name in names]) for sector, names in groupby(page, lambda line: line[0])]
        for page in pages
    ]


def blanks(count):
    """Return codes for `count` sheets of proposals to be made; one is bound when somebody types it in, not before."""
    codes = {new_code() for _number in range(count)}
    while len(codes) < count:
        codes.add(new_code())
    return sorted(codes)


def tracking_address(code=None):
    """Return the public address of the page that tells where a proposal of the room stands; code: typed in already."""
    return public("worksheets.track", codigo=code) if code else public("worksheets.track")
