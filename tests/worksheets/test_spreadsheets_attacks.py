"""Files that are no plain spreadsheet: refused before they are opened, soon, in little memory, and by cell or part."""

import contextlib
import io
import random
import struct
import time
import tracemalloc
import zipfile

import pytest
from openpyxl import load_workbook
from openpyxl.chart import BarChart

from consulta.worksheets.spreadsheets_cells import BadSheet
from consulta.worksheets.spreadsheets_file import MOST_BYTES, open_workbook
from tests.worksheets.sheets import built, changed, contents, put_parts
from tests.worksheets.test_spreadsheets import SAVED

RESULTS = "xl/worksheets/sheet2.xml"
DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "%s">]>'
ODS = (SAVED / "sesenta-filas.ods").read_bytes()


def xlsx():
    """Return the bytes of a good spreadsheet."""
    return built(contents(3))


def worked_on(work):
    """Return a spreadsheet that openpyxl changed with `work(book)`."""
    book = load_workbook(io.BytesIO(xlsx()))
    work(book)
    book.save(written := io.BytesIO())
    return written.getvalue()


def with_rows(count):
    """Return a sheet part with `count` rows of one number each."""
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, count + 1))
    return (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + rows
        + b"</sheetData></worksheet>"
    )


def hide(name, state="hidden"):
    def work(book):
        book.create_sheet(name).sheet_state = state

    return worked_on(work)


def chart_alone(book):
    """Put a chart into `book` that is a sheet of its own."""
    book.create_chartsheet("Gráfico").add_chart(BarChart())


def ods_with(change):
    """Return the spreadsheet that LibreOffice saved with its content changed."""
    return put_parts(ODS, {"content.xml": change})


def ods_cell(attribute):
    """Return that spreadsheet with a further attribute of its first cell."""
    return ods_with(lambda there: there.replace(b"<table:table-cell ", b"<table:table-cell " + attribute + b" ", 1))


def locked(data):
    """Return an archive whose first part says that it is encrypted."""
    changed = bytearray(data)
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        changed[changed.index(sign) + at] |= 1
    return bytes(changed)


def liar():
    """Return an archive in which a part is much larger than its list says."""
    data = bytearray(put_parts(xlsx(), {RESULTS: b"<a>" + b" " * 900_000 + b"</a>"}))
    for entry in (b"PK\x01\x02",):
        at = data.index(RESULTS.encode(), data.index(entry)) - 46
        data[at + 24 : at + 28] = struct.pack("<I", 100)
    return bytes(data)


def bomb(size=400_000_000):
    """Return an archive of some hundred kilobytes that would open to `size` bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(RESULTS, "w") as part:
        for _ in range(size // 1_000_000):
            part.write(b" " * 1_000_000)
    return written.getvalue()


def many_small_bombs():
    """Return an archive whose parts are each below the bounds and together far above."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(60):
            archive.writestr(f"xl/worksheets/sheet{n}.xml", b"<a>" + b" " * 1_000_000 + b"</a>")
    return written.getvalue()


MACRO_TYPE = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
PLAIN_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"

# What was sent, where that is said to be wrong, and what is said.
REFUSED = {
    "nothing": (lambda: b"", "", "No llegó ningún archivo"),
    "too heavy": (lambda: b"PK" + bytes(MOST_BYTES), "", "pesa más de 700 kB"),
    "a text": (lambda: b"codigo;resultado\n", "", "dañado o no es una planilla"),
    "a page": (lambda: b"<html><table><tr><td>1</td></tr></table></html>", "", "dañado o no es"),
    "an old file or one with a password": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "", "contraseña"),
    "another archive": (lambda: put_parts(xlsx(), {}, drop=("xl/workbook.xml",)), "", "dañado o no es"),
    "a text document": (lambda: put_parts(ODS, {"mimetype": b"application/vnd.oasis.opendocument.text"}), "", "no es"),
    "encrypted parts": (lambda: locked(xlsx()), "docProps/app.xml", "contraseña"),
    "encrypted by libreoffice": (
        lambda: put_parts(ODS, {"META-INF/manifest.xml": b"<m:manifest xmlns:m='m'><m:encryption-data/></m:manifest>"}),
        "META-INF/manifest.xml",
        "contraseña",
    ),
    "a bomb": (bomb, RESULTS, "comprimida de un modo"),
    "many bombs": (many_small_bombs, "", "ocuparía más de 8 MB"),
    "a part larger than it says": (liar, "", "dañado"),
    "too many parts": (lambda: put_parts(xlsx(), {f"x{n}.bin": b"" for n in range(400)}), "", "demasiadas partes"),
    "entities": (
        lambda: put_parts(xlsx(), {RESULTS: DOCTYPE % b"aaaa" + b"<x>&a;</x>"}),
        RESULTS,
        "Declara tipos o entidades",
    ),
    "an entity of a file": (
        lambda: put_parts(xlsx(), {"xl/sharedStrings.xml": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x/>'}),
        "xl/sharedStrings.xml",
        "Declara tipos o entidades",
    ),
    "entities in utf-16": (
        lambda: put_parts(xlsx(), {RESULTS: '<!DOCTYPE x [<!ENTITY a "b">]><x/>'.encode("utf-16")}),
        RESULTS,
        "Declara tipos o entidades",
    ),
    "entities in an ods": (
        lambda: ods_with(lambda there: DOCTYPE % b"a" + there.partition(b"?>")[2]),
        "content.xml",
        "Declara tipos o entidades",
    ),
    "many rows": (lambda: put_parts(xlsx(), {RESULTS: with_rows(100_000)}), RESULTS, "más filas y celdas"),
    "many styles": (
        lambda: put_parts(
            xlsx(),
            {
                "xl/styles.xml": lambda there: there.replace(
                    b"</cellXfs>", b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>' * 9_000 + b"</cellXfs>"
                )
            },
        ),
        "xl/styles.xml",
        "más filas y celdas",
    ),
    "many words in its list of words": (
        lambda: put_parts(
            xlsx(),
            {
                "xl/sharedStrings.xml": b"<sst>"
                + b"".join(b"<si><t>%x</t></si>" % (n * n) for n in range(40_000))
                + b"</sst>"
            },
        ),
        "xl/sharedStrings.xml",
        "más filas y celdas",
    ),
    "a million rows": (
        lambda: put_parts(xlsx(), {RESULTS: b"<a>" + b"<row/>" * 1_000_000 + b"</a>"}),
        RESULTS,
        "comprimida",
    ),
    "two thousand rows": (
        lambda: put_parts(xlsx(), {RESULTS: with_rows(2_000)}),
        "Resultados!A501",
        "más abajo de la fila 500",
    ),
    "one cell far below": (
        lambda: worked_on(lambda book: book["Resultados"].cell(900_000, 2, "aquí")),
        "Resultados!B900000",
        "más abajo de la fila 500",
    ),
    "one cell far to the right": (
        lambda: worked_on(lambda book: book["Resultados"].cell(2, 16_000, "aquí")),
        "Resultados!WQJ2",
        "fuera de las columnas",
    ),
    "a million equal rows in an ods": (
        lambda: ods_with(
            lambda there: there.replace(
                b'</table:table-row></table:table>',
                b'</table:table-row><table:table-row table:number-rows-repeated="1000000"><table:table-cell '
                b'office:value-type="float" office:value="1"/></table:table-row></table:table>',
            )
        ),
        "Léeme!A",
        "más abajo de la fila 500",
    ),
    "as many equal cells in an ods": (
        lambda: ods_cell(b'table:number-columns-repeated="16384"'),
        "Léeme!A1",
        "fuera de las columnas",
    ),
    "elements in elements": (
        lambda: put_parts(xlsx(), {RESULTS: b"<a>" * 100_000 + b"</a>" * 100_000}),
        RESULTS,
        "forma que ninguna planilla",
    ),
    "macros": (lambda: put_parts(xlsx(), {"xl/vbaProject.bin": b"x"}), "xl/vbaProject.bin", "trae macros"),
    "the type of a file with macros": (
        lambda: put_parts(xlsx(), {"[Content_Types].xml": lambda there: there.replace(PLAIN_TYPE, MACRO_TYPE)}),
        "[Content_Types].xml",
        "trae macros",
    ),
    "macros of old": (
        lambda: put_parts(xlsx(), {"xl/macrosheets/sheet1.xml": b"<x/>"}),
        "xl/macrosheets/sheet1.xml",
        "trae macros",
    ),
    "macros in an ods": (
        lambda: put_parts(ODS, {"Basic/Standard/Module1.xml": b"<x/>"}),
        "Basic/Standard/Module1.xml",
        "trae macros",
    ),
    "something that runs when an ods is opened": (
        lambda: ods_with(lambda there: there.replace(b"<office:body>", b"<office:event-listener/><office:body>")),
        "content.xml",
        "trae macros",
    ),
    "a link to another file": (
        lambda: put_parts(xlsx(), {"xl/externalLinks/externalLink1.xml": b"<x/>"}),
        "xl/externalLinks/externalLink1.xml",
        "enlazada a otro archivo",
    ),
    "a database": (lambda: put_parts(xlsx(), {"xl/connections.xml": b"<x/>"}), "xl/connections.xml", "enlazada"),
    "a link in an ods": (
        lambda: ods_with(lambda there: there.replace(b"<table:table-row", b"<table:table-source/><table:table-row", 1)),
        "content.xml",
        "enlazada a otro archivo",
    ),
    "an object": (lambda: put_parts(xlsx(), {"xl/embeddings/a.bin": b"x"}), "xl/embeddings/a.bin", "incrustados"),
    "merged cells": (
        lambda: worked_on(lambda book: book["Resultados"].merge_cells("D3:E4")),
        "Resultados!D3:E4",
        "celdas combinadas",
    ),
    "all cells merged": (
        lambda: put_parts(
            xlsx(),
            {
                RESULTS: lambda there: there.replace(
                    b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
                )
            },
        ),
        "Resultados!A1:XFD1048576",
        "celdas combinadas",
    ),
    "merged cells in an ods": (
        lambda: ods_cell(b'table:number-rows-spanned="2"'),
        "Léeme!A1",
        "celdas combinadas",
    ),
    "a hidden sheet": (lambda: hide("Otra"), "Otra", "hoja oculta"),
    "a sheet hidden from menus": (lambda: hide("Otra", "veryHidden"), "Otra", "hoja oculta"),
    "a hidden sheet in an ods": (
        lambda: ods_with(lambda there: there.replace(b'table:display="true"', b'table:display="false"', 1)),
        "Léeme",
        "hoja oculta",
    ),
    "a further sheet": (lambda: hide("Notas", "visible"), "Notas", "no es de la planilla"),
    "a chart for a sheet": (lambda: worked_on(chart_alone), "Gráfico", "un gráfico"),
    "a sheet less": (lambda: worked_on(lambda book: book.remove(book["Acuerdos"])), "Acuerdos", "Falta esta hoja"),
    "an error for a number": (
        lambda: worked_on(lambda book: setattr(book["Resultados"]["O2"], "value", "#N/A")),
        "Resultados!O2",
        "muestra un error",
    ),
    "a formula that was computed": (
        lambda: put_parts(
            xlsx(),
            {
                RESULTS: lambda there: there.replace(
                    b"</row></sheetData>", b'<c r="O4"><f>1+1</f><v>2</v></c></row></sheetData>'
                )
            },
        ),
        "Resultados!O4",
        "Hay una fórmula",
    ),
    "a damaged sheet": (lambda: put_parts(xlsx(), {RESULTS: b"<worksheet>"}), "", "dañado"),
    "damaged numbers": (
        lambda: put_parts(xlsx(), {RESULTS: lambda there: there.replace(b'r="2"', b'r="dos"', 1)}),
        "",
        "dañado",
    ),
    "an ods that repeats itself strangely": (
        lambda: ods_cell(b'table:number-columns-repeated="-5"'),
        "content.xml",
        "dañado",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_it_is_refused_soon_in_little_memory_and_by_its_cell_or_part(kind):
    make, where, said = REFUSED[kind]
    data = make()
    tracemalloc.start()
    began = time.perf_counter()
    try:
        with pytest.raises(BadSheet) as refusal:
            changed(contents(3), data)
        taken, (_present, peak) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    told = {each.place: str(each.message) for each in refusal.value.problems}
    found = next((message for place, message in told.items() if place.startswith(where) and said in message), None)
    assert found, told
    assert peak < 200 * 1024 * 1024
    assert taken < 2 * 4  # tracing memory makes it several times slower; without it all take less than half a second


def test_a_formula_in_an_ods_is_named_by_its_cell():
    sheets = open_workbook(ods_cell(b'table:formula="of:=1"'))
    assert sheets["Léeme"][1, 1].kind == "formula"


def test_a_link_that_somebody_typed_into_a_cell_is_only_a_text():
    data = worked_on(lambda book: setattr(book["Resultados"]["P2"], "hyperlink", "http://example.org/x"))
    assert open_workbook(data)


def test_bytes_changed_at_random_are_a_sheet_or_refused_and_never_a_fault():
    chance = random.Random(11)
    for good in (xlsx(), ODS):
        for _ in range(120):
            broken = bytearray(good)
            for _ in range(chance.randint(1, 6)):
                broken[chance.randrange(len(broken))] = chance.randrange(256)
            with contextlib.suppress(BadSheet):
                changed(contents(3), bytes(broken))
    for _ in range(120):  # and inside of the parts, where no checksum tells
        part = chance.choice((RESULTS, RESULTS, "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"))
        with contextlib.suppress(BadSheet):
            changed(contents(3), put_parts(xlsx(), {part: lambda there: _spoiled(there, chance)}))
    for _ in range(60):
        with contextlib.suppress(BadSheet):
            changed(contents(3), ods_with(lambda there: _spoiled(there, chance)))


def _spoiled(there, chance):
    broken = bytearray(there)
    for _ in range(chance.randint(1, 4)):
        broken[chance.randrange(len(broken))] = chance.choice(b'<>"=/09aAzZ &;\x00\xff')
    return bytes(broken)
