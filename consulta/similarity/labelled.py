"""Labelled texts for measuring: which of them say the same, and which only look as if they did.

Files are UTF-8, tab-separated, with a header; a quote is a letter like any other (`csv.QUOTE_NONE`), unless the rows
only come out even when quotes are read as spreadsheets write them, around tabs and line breaks.
"""

import csv
import io
from typing import NamedTuple

REQUIRED = ("id", "title")


class BadFile(ValueError):
    """A labelled file that cannot be read; the message is a sentence with the line and the column."""


class Labelled(NamedTuple):
    """A text: `id` as the file spells it, `group` what it shares with its twins, or "" without any; its `line`."""

    id: str
    title: str
    body: str
    group: str
    line: int


class Negative(NamedTuple):
    """Two ids of texts that must not be suggested as one; `kind` is what sets them apart, or ""."""

    id_a: str
    id_b: str
    kind: str


def read_labelled(path):
    """Return (texts, notes) of a file with the columns id, title and perhaps body and group, in its order.

    notes: sentences on what was read in a way its author may not expect. A group of one member has no pair, so that
    text is twinless. Raises BadFile.
    """
    columns, rows, notes = _table(path, REQUIRED, optional=("body", "group"))
    texts, lines = [], {}
    for line, cells in rows:
        id = cells["id"]
        if not id:
            raise BadFile(f"{path}, line {line}, column id: it is empty.")
        if id in lines:
            raise BadFile(f"{path}, line {line}, column id: {id!r} stands on line {lines[id]} already.")
        lines[id] = line
        texts.append(Labelled(id, cells["title"], cells["body"], cells["group"], line))
    if "group" not in columns:
        notes.append("There is no column group: every text is taken as twinless.")
    sizes = {}
    for text in texts:
        sizes[text.group] = sizes.get(text.group, 0) + 1
    for text in texts:
        if text.group and sizes[text.group] == 1:
            notes.append(f"Line {text.line}: group {text.group!r} has one member, which is taken as twinless.")
    return [each if sizes[each.group] > 1 else each._replace(group="") for each in texts], notes


def read_negatives(path, texts):
    """Return (Negatives, notes) of a file with the columns id_a, id_b and perhaps kind, in its order, each pair once.

    texts: the Labelled that the ids name; pairs of others are left out, and a note says how many. Raises BadFile.
    """
    _columns, rows, notes = _table(path, ("id_a", "id_b"), optional=("kind",))
    groups = {text.id: text.group for text in texts}
    found, unknown = {}, []
    for line, cells in rows:
        strange = next((column for column in ("id_a", "id_b") if cells[column] not in groups), None)
        if strange is not None:
            unknown.append(f"line {line}, column {strange}: no labelled text has the id {cells[strange]!r}.")
            continue
        one, other = cells["id_a"], cells["id_b"]
        if one == other:
            raise BadFile(f"{path}, line {line}, column id_b: {other!r} is compared with itself.")
        if groups[one] and groups[one] == groups[other]:
            notes.append(f"Line {line}: {one!r} and {other!r} are twins in the labelled file.")
        found.setdefault(frozenset((one, other)), Negative(one, other, cells["kind"]))
    if unknown and not found:
        raise BadFile(f"{path}, {unknown[0]}")
    if unknown:
        notes.append(f"{len(unknown)} pairs of texts that are not labelled are left out; the first on {unknown[0]}")
    return list(found.values()), notes


def _table(path, required, *, optional):
    """Return (columns, [(line, {column: cell})], notes); columns nobody asked for are left out."""
    text = _text(path)
    # Not splitlines: it would also cut at signs that may stand inside of a text.
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    header = [name.strip().lower() for name in lines[0].split("\t")]
    for column in required:
        if column not in header:
            raise BadFile(f"{path}, line 1: there is no column {column}; {_seen(header, lines[0])}")
    for column in (*required, *optional):
        if header.count(column) > 1:
            raise BadFile(f"{path}, line 1: the column {column} is there {header.count(column)} times.")
    try:
        rows, notes = _even(path, header, enumerate((line.split("\t") for line in lines[1:]), start=2))
    except BadFile:
        # Spreadsheets put a text that holds a tab or a line break between quotes.
        if (found := _quoted(path, header, text)) is None:
            raise
        rows, notes = found
    if not rows:
        raise BadFile(f"{path}, line 2: there is no row below the header.")
    named = [(number, dict(zip(header, cells, strict=True))) for number, cells in rows]
    return header, [(n, {column: row.get(column, "") for column in (*required, *optional)}) for n, row in named], notes


def _even(path, header, numbered):
    """Return ([(line, cells)], notes) of rows with as many cells as the header; blank rows are passed over."""
    rows, trimmed = [], 0
    for number, found in numbered:
        cells = [cell.strip() for cell in found]
        if not any(cells):
            continue
        while len(cells) > len(header) and not cells[-1]:
            cells.pop()
        if len(cells) == len(header) - 1 and header[-1] == "group":
            # Editors cut off trailing blanks, and with them the tab before an empty last cell.
            cells.append("")
            trimmed += 1
        if len(cells) != len(header):
            raise BadFile(_miscounted(path, number, cells, header))
        rows.append((number, cells))
    return rows, [f"{trimmed} rows end before the column group: read as twinless."] if trimmed else []


def _quoted(path, header, text):
    """Return what `_even` would of a file whose cells stand between quotes, or None where it does not come out even."""
    reader = csv.reader(io.StringIO(text), delimiter="\t", strict=True)
    try:
        numbered = [(reader.line_num, cells) for cells in reader][1:]
        rows, notes = _even(path, header, numbered)
    except (csv.Error, BadFile):
        return None
    return rows, [*notes, "Quotes are read as a spreadsheet writes them, around tabs and line breaks."]


def _text(path):
    try:
        with open(path, "rb") as file:
            text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = fault.object.count(b"\n", 0, fault.start) + 1
        raise BadFile(f"{path}, line {line}: this is no UTF-8 text.") from fault
    except OSError as fault:
        raise BadFile(f"{path} cannot be read: {fault.strerror}.") from fault
    if not text.strip():
        raise BadFile(f"{path}, line 1: the file is empty; it begins with a header.")
    return text


def _seen(header, line):
    if len(header) == 1:
        return f"columns are separated by tabs, and there is none in {line.strip()[:60]!r}."
    return f"there are {', '.join(header)}."


def _miscounted(path, number, cells, header):
    counts = f"{len(cells)} cells, and the header names {len(header)} columns"
    if len(cells) < len(header):
        return f"{path}, line {number}, column {header[len(cells)]}: the row ends before it ({counts})."
    return f"{path}, line {number}, after column {header[-1]}: the row goes on ({counts}); is a tab inside a text?"
