"""Reading the cells of an .ods file, as LibreOffice saves it, from its one content part (OpenDocument 1.3, part 3)."""

from datetime import date

from defusedxml import ElementTree

from consulta.worksheets.spreadsheets_cells import (
    COLUMNS,
    ROWS,
    BadSheet,
    Cell,
    damaged,
    hidden,
    merged,
    place,
    too_far,
    too_low,
)

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
CELL_TAGS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")


def read_ods(content):
    """Return {name of sheet: {(row, column): Cell}} of the bytes of content.xml; raises BadSheet by cell."""
    tree = ElementTree.fromstring(content, forbid_dtd=True)
    unseen = {
        style.get(f"{STYLE}name")
        for style in tree.iter(f"{STYLE}style")
        if any(each.get(f"{TABLE}display") == "false" for each in style.iter(f"{STYLE}table-properties"))
    }
    problems, sheets = [], {}
    for table in tree.iter(f"{TABLE}table"):
        name = table.get(f"{TABLE}name") or ""
        if table.get(f"{TABLE}style-name") in unseen:
            problems.append(hidden(name))
        sheets[name] = _cells(name, table, problems)
    if problems:
        raise BadSheet(*problems[:20])
    return sheets


def _cells(name, table, problems):
    cells, row = {}, 0
    for line in table.iter(f"{TABLE}table-row"):
        times, held = _times(line, "rows"), _row(name, row + 1, line, problems)
        if held and row + times > ROWS:
            raise BadSheet(too_low(name, row + 1, min(held)))
        if held:
            cells |= {(row + at, column): cell for at in range(1, times + 1) for column, cell in held.items()}
        row += times
    return cells


def _row(name, row, line, problems):
    """Return {column: Cell} of one row of a table."""
    column, held = 0, {}
    for each in line:
        if each.tag not in CELL_TAGS:
            continue
        spans = [each.get(f"{TABLE}number-{kind}-spanned", "1") for kind in ("columns", "rows")]
        if spans != ["1", "1"]:
            problems.append(merged(place(name, row, column + 1)))
        cell, wide = _cell(each), _times(each, "columns")
        if cell is not None:
            if column + wide > COLUMNS:
                raise BadSheet(too_far(name, row, column + 1))
            held |= {column + at: cell for at in range(1, wide + 1)}
        column += wide
    return held


def _times(element, kind):
    text = element.get(f"{TABLE}number-{kind}-repeated", "1")
    if not (text.isascii() and text.isdigit()) or len(text) > 8:
        raise damaged("content.xml")
    return max(1, int(text))


def _cell(element):
    """Return the Cell of an ODF cell, or None for an empty one."""
    if element.get(f"{TABLE}formula") is not None:
        return Cell(element.get(f"{TABLE}formula"), "formula")
    kind = element.get(f"{OFFICE}value-type")
    if kind in (None, "string"):
        text = element.get(f"{OFFICE}string-value")
        text = "\n".join(_written(line) for line in element.findall(f"{TEXT}p")) if text is None else text
        return Cell(text) if text and kind else None
    try:
        return Cell(_value(element, kind))
    except (TypeError, ValueError, OverflowError):
        return Cell("?", "error")


def _value(element, kind):
    if kind in ("float", "percentage", "currency"):
        number = float(element.get(f"{OFFICE}value"))
        return int(number) if number.is_integer() else number
    if kind == "date":
        return date.fromisoformat(element.get(f"{OFFICE}date-value")[:10])
    if kind == "boolean":
        return element.get(f"{OFFICE}boolean-value") == "true"
    raise ValueError(kind)


def _written(element):
    """Return the text of a paragraph: ODF writes runs of blanks, tabs and line ends as elements."""
    told = [element.text or ""]
    for each in element:
        if each.tag == f"{TEXT}s":
            count = each.get(f"{TEXT}c", "1")
            told.append(" " * (int(count) if count.isascii() and count.isdigit() and len(count) < 4 else 1))
        elif each.tag in (f"{TEXT}tab", f"{TEXT}line-break"):
            told.append("\t" if each.tag.endswith("tab") else "\n")
        else:
            told.append(_written(each))
        told.append(each.tail or "")
    return "".join(told)
