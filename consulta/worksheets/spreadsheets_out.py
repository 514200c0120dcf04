"""Writing the worksheet as an .xlsx file: lists to choose from, locked headings, and texts that stay texts."""

import io
import re

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from consulta.core.sheets import STARTERS
from consulta.worksheets.spreadsheets import README, SEAL, SHEETS

CHUNK = 8000  # characters of the identity in one cell, which holds 32,767
YES, NO = "sí", "no"
# XML holds none of these; Excel takes "_x0041_" for the letter A unless its underscore is written out.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
INK, WASH, RULE = "07384A", "E1EEF2", "CDD8DC"
_rule = Side("thin", RULE)
_grid = Border(left=_rule, right=_rule, top=_rule, bottom=_rule)
_top = Alignment(vertical="top", wrap_text=True)


def build_workbook(contents, *, title, about, guide, words, items, seal):
    """Return the bytes of the spreadsheet of a session.

    contents: part ("result", "attendance", "agreement") to its Rows, spare ones included. title: of the session;
    about: (name, value) lines about it; guide: sentences on how to fill it in. words: choices ("outcome", …) to
    {code: words}. items: the ids of the agenda's items in the order of their numbers. seal: the signed identity.
    """
    book = Workbook()
    _readme(book.active, title, about, guide, seal)
    for sheet in SHEETS:
        _fill(book.create_sheet(sheet.name), sheet, contents[sheet.part], words, items)
    book.active = 1
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def put_text(cell, text):
    """Write `text` into `cell` as text that no program computes, whatever it begins with."""
    text = _ESCAPE.sub("_x005F_", _UNWRITABLE.sub("\ufffd", text))
    cell.value = text
    cell.data_type = "s"
    cell.number_format = "@"
    if text.lstrip(" \u00a0\u200b")[:1] in STARTERS and text:
        cell.quotePrefix = True  # text even after somebody edits it


def cell_value(column, value, words, items=()):
    """Return what a cell of `column` shows for `value`: a text or a number, or None for an empty one."""
    if value is None or value in ("", []) or (column.field == "outcome" and value == "none"):
        return None
    if column.kind == "choice":
        return str(words[column.choices].get(value, value))
    if column.kind in ("flag", "tick"):
        return YES if value else NO
    if column.kind == "lines":
        return "\n".join(value)
    if column.kind == "item":
        return items.index(value) + 1 if value in items else None
    return value if isinstance(value, int) else str(value)


def _readme(page, title, about, guide, seal):
    page.title = README
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 26, 90
    put_text(page["A1"], title)
    page["A1"].font = Font(bold=True, size=15, color=INK)
    at = 3
    for name, value in about:
        put_text(page.cell(at, 1), name)
        put_text(page.cell(at, 2), value)
        page.cell(at, 1).font, page.cell(at, 2).alignment = Font(bold=True), _top
        at += 1
    for sentence in guide:
        at += 1
        put_text(page.cell(at, 2), sentence)
        page.cell(at, 2).alignment = _top
    at += 3
    put_text(page.cell(at, 1), SEAL)
    page.cell(at, 1).font = Font(size=8, color="5D6D78")
    for start in range(0, len(seal), CHUNK):
        put_text(page.cell(at + 1 + start // CHUNK, 1), seal[start : start + CHUNK])
        page.cell(at + 1 + start // CHUNK, 1).font = Font(size=6, color="5D6D78")
    page.sheet_view.showGridLines = False
    _protect(page)


def _fill(page, sheet, rows, words, items):
    for at, column in enumerate(sheet.columns, 1):
        head = page.cell(1, at)
        put_text(head, column.heading)
        head.font, head.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", INK)
        head.alignment, head.border = Alignment(vertical="center", wrap_text=True), _grid
        page.column_dimensions[get_column_letter(at)].width = column.width
        if check := _check(column, words):
            page.add_data_validation(check)
            check.add(f"{get_column_letter(at)}2:{get_column_letter(at)}{max(len(rows), 1) + 1}")
    for number, row in enumerate(rows, 2):
        for at, column in enumerate(sheet.columns, 1):
            _put(page.cell(number, at), column, row, words, items)
    page.row_dimensions[1].height = 48
    page.freeze_panes = "D2" if sheet.part != "agreement" else "C2"
    page.page_setup.orientation, page.page_setup.fitToWidth, page.page_setup.fitToHeight = "landscape", 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "1:1"
    _protect(page)


def _put(cell, column, row, words, items):
    if column.kind == "key":
        value = row.key
    elif column.kind == "shown":
        value = row.shown.get(column.field)
    else:
        value = cell_value(column, row.value(column), words, items)
    if isinstance(value, str):
        put_text(cell, value)
    elif value is not None:
        cell.value = value
    if column.kind not in ("whole", "item"):
        cell.number_format = "@"  # what is typed here stays as it is typed
    is_locked = column.kind in ("key", "shown") or column.field in row.locked
    cell.protection = Protection(locked=is_locked)
    cell.alignment, cell.border = _top, _grid
    if is_locked:
        cell.fill = PatternFill("solid", WASH)
    if column.kind == "key" and column.field == "uid":
        cell.font = Font(size=6, color="5D6D78")
        cell.alignment = Alignment(vertical="top")


def _check(column, words):
    """Return the validation of a column, or None: a list to choose from, or the bounds of a number."""
    if column.kind in ("whole", "item"):
        check = DataValidation("whole", operator="between", formula1=str(column.least), formula2=str(column.most))
        check.error = f"Escribe un número entero entre {column.least} y {column.most}."
    elif column.kind in ("choice", "flag", "tick"):
        offered = {"flag": (YES, NO), "tick": (YES,)}.get(column.kind) or [
            str(w) for w in words[column.choices].values()
        ]
        listed = ",".join(offered)
        if len(listed) > 255 or '"' in listed or listed.count(",") >= len(offered):
            return None  # no list holds these words; what is typed is checked when it comes back
        check = DataValidation("list", formula1=f'"{listed}"')
        check.error = "Elige una de las opciones de la lista."
    else:
        return None
    check.allow_blank, check.showErrorMessage, check.errorTitle = True, True, column.heading[:32]
    return check


def _protect(page):
    page.protection.sheet = True
    page.protection.formatColumns = page.protection.formatRows = False  # False: allowed
