"""Cells of exported tables: text stays text, whatever program opens the file."""

import csv
import io

# A spreadsheet takes what begins with one of these for a formula; also in full width, as some keyboards write them.
STARTERS = frozenset("=+-@\t\r\n＝＋－＠")
BOM = "\ufeff"  # without it Excel takes UTF-8 for the letters of its own country


def as_text(cell):
    """Return `cell` as text that no spreadsheet computes: an apostrophe before what would begin a formula."""
    text = "" if cell is None else str(cell)
    begins = text.lstrip(" \u00a0\u200b")[:1]
    return f"'{text}" if begins in STARTERS and begins else text


def csv_lines(rows):
    """Yield the lines of a CSV file (RFC 4180) of `rows`, iterables of cells, the first one the header; with a BOM."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(BOM)
    for row in rows:
        writer.writerow([as_text(cell) for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def tsv_lines(rows):
    """Yield the lines of a tab-separated file of `rows`; blanks stand for tabs and line ends inside of cells."""
    for row in rows:
        yield "\t".join(as_text(" ".join(("" if cell is None else str(cell)).split())) for cell in row) + "\n"
