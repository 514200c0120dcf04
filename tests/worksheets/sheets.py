"""Spreadsheets of a session that was never held: what the tests of reading and writing them are about."""

import io
import zipfile

from openpyxl import load_workbook

from consulta.worksheets.spreadsheets import SHEETS, Row, identity
from consulta.worksheets.spreadsheets_file import open_workbook
from consulta.worksheets.spreadsheets_in import find_seal, read_changes
from consulta.worksheets.spreadsheets_out import build_workbook

WORDS = {
    "outcome": {"keep": "Mantener", "leave_out": "Dejar fuera", "group": "Agrupar", "none": "Sin resultado"},
    "grade": {"consensus": "Consenso", "majority": "Mayoría", "none": "Sin acuerdo"},
    "sector": {"academia": "Academia", "civil_society": "Sociedad civil"},
    "quality": {"member": "Integrante"},
    "kind": {"task": "Tarea", "rule": "Regla"},
}
ITEMS = ["item-uno", "item-dos"]
# What a spreadsheet would compute, or spell otherwise, if it were told so.
DANGEROUS = (
    "=1+1", "+56 9 1234", "-5", "@SUM(A1)", "\t=1", "＝1+1", "=HYPERLINK(\"http://example.org\";\"x\")", "'=1",
    "_x0041_ y", "3e57128", "0012", "1/2", "VERDADERO", "línea uno\nlínea dos", "a  b   c", "«ñandú» & <b>",
)  # fmt: skip


def contents(number=60):
    """Return part to Rows: `number` proposals, two lines of attendance with two spare ones, an agreement with one."""
    results = [
        Row(f"3e5{n:04d}", {"reference": f"Iniciativa {n}", "title": f"{DANGEROUS[n % len(DANGEROUS)]} propuesta {n}"})
        for n in range(1, number + 1)
    ]
    results[0].values = {"outcome": "keep", "dots": 7, "grade": "consensus", "reasons": DANGEROUS[0]}
    for row, text in zip(results, DANGEROUS, strict=False):
        row.values |= {"reasons": text.strip(), "outcome": row.values.get("outcome", "none")}
    attendance = [
        Row("a" * 32, {"convened": "sí"}, {"named": "Universidad", "sector": "academia"}, frozenset({"named"})),
        Row("b" * 32, {"convened": "no"}, {"named": "Junta de vecinos", "sector": "civil_society", "heads": 3}),
        Row("c" * 32),
        Row("d" * 32),
    ]
    agreements = [
        Row("e" * 32, {}, {"kind": "task", "text": "Enviar el acta", "owner": "UMAG", "due_on": "2026-12-04",
                           "item": "item-dos", "terms": ["uno", "dos"]}),
        Row("f" * 32),
    ]  # fmt: skip
    return {"result": results, "attendance": attendance, "agreement": agreements}


def filled_in(number=60):
    """Return what somebody types into the spreadsheet of `contents(number)`: {"Resultados!D2": value}."""
    cells = {}
    for row in range(2, number + 2):
        text = DANGEROUS[row % len(DANGEROUS)].strip()
        cells |= {
            f"Resultados!D{row}": "Mantener",
            f"Resultados!F{row}": "mayoria",
            f"Resultados!O{row}": row + 10,
            f"Resultados!P{row}": f"Razón {row}\nen dos líneas — “ñ” 🙂",
            f"Resultados!Q{row}": text if not text.startswith("=") else "igual",
        }
    cells |= {"Asistencia!C4": "Cabildo", "Asistencia!D4": "Sociedad civil", "Asistencia!G4": "sí", "Asistencia!J4": 12}
    return cells | {"Acuerdos!B3": "Regla", "Acuerdos!C3": "Nuevo acuerdo", "Acuerdos!E3": "30-06-2026"}


def built(rows, seal="sello de prueba"):
    """Return the bytes of the spreadsheet of `rows`."""
    return build_workbook(
        rows, title="=Sesión", about=[("Mesa", "+Mesa")], guide=["Llena."], words=WORDS, items=ITEMS, seal=seal
    )


def filled(data, cells):
    """Return the bytes of a spreadsheet in which `cells` ({"Resultados!D2": value}) were filled in."""
    book = load_workbook(io.BytesIO(data))
    for where, value in cells.items():
        name, cell = where.split("!")
        book[name][cell].value = value
        if isinstance(value, str) and not value.startswith("="):
            book[name][cell].data_type = "s"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def changed(rows, data, standing=None):
    """Return {(part, key, field): value} that `data` would change of `standing` (else of what went out, `rows`)."""
    return {(each.part, each.key, each.column.field): each.after for each in changes_of(rows, data, standing or rows)}


def changes_of(rows, data, standing):
    """Return the Changes that `data`, made from `rows`, would make of what stands now."""
    sheets = open_workbook(data)
    find_seal(sheets)
    return read_changes(sheets, standing, identity(7, rows), WORDS, ITEMS)


def put_parts(data, parts, drop=()):
    """Return an archive with `parts` ({name: bytes, or a function of the bytes there}) put in, and `drop` left out."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.infolist():
            if each.filename in drop:
                continue
            put = parts.pop(each.filename, None)
            there = old.read(each.filename)
            new.writestr(each.filename, there if put is None else put(there) if callable(put) else put)
        for name, content in parts.items():
            new.writestr(name, content)
    return written.getvalue()


def letter(part, field):
    """Return the letter of the column of `field` in the sheet of `part`."""
    sheet = next(each for each in SHEETS if each.part == part)
    return chr(ord("A") + [column.field for column in sheet.columns].index(field))
