"""Opening a spreadsheet that somebody sent: .xlsx or .ods, under bounds, without running or fetching anything.

Before any library sees it, the archive's list is read (sizes, ratios, what does not belong in a sheet to fill in), and
each XML part is passed once through a parser that keeps nothing: it refuses declarations of type and entity, and counts
cells. What is left is small and plain. .xlsx is then read by openpyxl in its reading mode, which builds no cells that
are not there; .ods is read from its one content part.
"""

import io
import re
import zipfile
import zlib
from datetime import date
from xml.parsers import expat

from flask_babel import lazy_gettext as _
from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string

from consulta.worksheets.spreadsheets_cells import (
    COLUMNS,
    ROWS,
    BadSheet,
    Cell,
    Problem,
    damaged,
    hidden,
    merged,
    too_far,
    too_low,
)
from consulta.worksheets.spreadsheets_ods import read_ods

MOST_BYTES = 700 * 1024  # of the file as it is sent
MOST_INSIDE = 8 * 1024 * 1024  # of all its parts together, unpacked
RATIO = 200  # unpacked to packed, of a part larger than a megabyte; real sheets stay under 60
PARTS = 300
# Of all parts together. The spreadsheet of 60 proposals has some 2,200 cells; what openpyxl does with each style takes
# longest (400,000 of them: 44 s and 490 MB, measured), so parts that are no list of cells hold fewer elements.
CELLS = 12_000
ELEMENTS = 60_000
STYLES = 4_000
CONTENTS = ("content.xml", "xl/sharedStrings.xml")
DEEPEST = 60  # elements inside of one another; LibreOffice writes a dozen
# Control characters are written out (ECMA-376, 22.9.2.19), and an underscore that could be taken for such a one is too.
# Other letters are not: LibreOffice writes a text that looks like one as it is.
_ESCAPED = re.compile("_x005F_(?=x[0-9A-Fa-f]{4}_)|_x00[01][0-9A-Fa-f]_")
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")

# (part of the archive, what it means): none of these belongs in a sheet to fill in.
_UNWANTED = (
    (re.compile(r"vbaProject|macrosheets|^Basic/|^Scripts/", re.I), _("La planilla trae macros (%(part)s).")),
    (
        re.compile(r"externalLinks/|xl/connections\.xml|queryTables/", re.I),
        _("Está enlazada a otro archivo (%(part)s)."),
    ),
    (re.compile(r"embeddings/|activeX|ctrlProps|^Object ", re.I), _("Trae objetos incrustados (%(part)s).")),
)
_SAVE_AGAIN = _("Copia tus datos en la planilla que bajaste de aquí y guárdala como .xlsx o .ods.")


def open_workbook(data):
    """Return {name of sheet: {(row, column): Cell}} of a spreadsheet's bytes, cells that hold something alone.

    Raises BadSheet for whatever is no plain spreadsheet of a fair size: the file is judged before it is opened.
    """
    if not data:
        raise BadSheet(Problem("", _("No llegó ningún archivo. Elige la planilla que llenaste.")))
    if len(data) > MOST_BYTES:
        raise BadSheet(
            Problem("", _("El archivo pesa más de %(most)s kB. Quita imágenes y hojas de más.", most=MOST_BYTES >> 10))
        )
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadSheet(
            Problem("", _("Está protegido con contraseña o es de un formato antiguo (.xls). Guárdalo sin clave."))
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = _judge(archive)
            if "xl/workbook.xml" in parts:
                return _read_xlsx(data, archive)
            if "content.xml" in parts and _is_ods(archive):
                return read_ods(archive.read("content.xml"))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, expat.ExpatError, UnicodeError):
        raise damaged() from None
    raise damaged()


def _judge(archive):
    """Refuse an archive by its list and by one pass over its XML; return the names of its parts."""
    found = archive.infolist()
    names = [each.filename for each in found]
    total = sum(each.file_size for each in found)
    if len(found) > PARTS or len(set(names)) < len(names):
        raise BadSheet(Problem("", _("El archivo tiene partes repetidas o demasiadas partes.")))
    for each in found:
        if each.flag_bits & 1:
            raise BadSheet(Problem(each.filename, _("Está protegido con contraseña. Guárdalo sin clave.")))
        if each.file_size > 1 << 20 and each.file_size > RATIO * max(1, each.compress_size):
            raise BadSheet(Problem(each.filename, _("Está comprimida de un modo que ninguna planilla necesita.")))
    if total > MOST_INSIDE:
        most = MOST_INSIDE >> 20
        raise BadSheet(Problem("", _("Abierto ocuparía más de %(most)s MB: es demasiado para una sesión.", most=most)))
    for pattern, words in _UNWANTED:
        for name in names:
            if pattern.search(name):
                raise BadSheet(Problem(name, f"{words % {'part': name}} {_SAVE_AGAIN}"))
    spent = {"bytes": 0, "c": 0, "all": 0}
    for each in found:
        if each.filename.endswith((".xml", ".rels")):
            _pass_over(archive, each.filename, spent)
    return set(names)


def _pass_over(archive, name, spent):
    """Read an XML part once, keeping nothing: no declarations, not too much of anything, no macros, no locks."""
    is_list = name in CONTENTS or name.startswith("xl/worksheets/")
    most = ELEMENTS if is_list else min(ELEMENTS, spent["all"] + STYLES)
    deep = [0]

    def refuse(message):
        raise BadSheet(Problem(name, message))

    def declared(*_args):
        refuse(_("Declara tipos o entidades de XML, que ninguna planilla usa."))

    def begun(element, attributes):
        spent["all"] += 1
        deep[0] += 1
        tag = element.rpartition(":")[2]
        if tag in ("c", "table-cell"):
            spent["c"] += 1
        if spent["c"] > CELLS or spent["all"] > most:
            refuse(_("Tiene más filas y celdas de las que caben en una sesión (hasta %(rows)s filas).", rows=ROWS))
        if deep[0] > DEEPEST or (tag == "row" and len(attributes.get("r", "")) > 7):
            refuse(_("Tiene una forma que ninguna planilla tiene."))
        if tag == "encryption-data":
            refuse(_("Está protegido con contraseña. Guárdalo sin clave."))
        if "macroEnabled" in attributes.get("ContentType", "") or tag == "event-listener":
            refuse(_("La planilla trae macros. Guárdala como .xlsx o .ods, sin macros."))
        if tag in ("table-source", "dde-source"):
            refuse(_("Está enlazada a otro archivo. Copia tus datos en la planilla que bajaste de aquí."))

    def ended(_element):
        deep[0] -= 1

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = begun, ended
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ExternalEntityRefHandler = declared
    with archive.open(name) as part:
        while piece := part.read(1 << 16):
            spent["bytes"] += len(piece)
            if spent["bytes"] > MOST_INSIDE:
                refuse(_("Se abre a un tamaño mayor que el que declara."))
            parser.Parse(piece, False)
    parser.Parse(b"", True)


def _is_ods(archive):
    kind = archive.read("mimetype")[:80] if "mimetype" in archive.namelist() else b""
    return kind.strip() == b"application/vnd.oasis.opendocument.spreadsheet"


def _read_xlsx(data, archive):
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        problems, sheets = [], {}
        for page in book.worksheets:
            if page.sheet_state != "visible":
                problems.append(hidden(page.title))
            problems += _look_over(page.title, archive.read(page._worksheet_path))
            sheets[page.title] = _cells(page)
        odd = [name for name in book.sheetnames if name not in sheets]
        problems += [
            Problem(name, _("No es una hoja de cálculo, sino un gráfico u otra cosa. Quítala.")) for name in odd
        ]
    except BadSheet:
        raise
    except Exception:  # whatever a library meets in a file that somebody bent: it is the file that will not do
        raise damaged() from None
    if problems:
        raise BadSheet(*problems)
    return sheets


def _look_over(name, xml):
    """Return the Problems of merged cells; raises BadSheet for what lies beyond the cells that are read.

    openpyxl's reading mode tells neither; its other mode makes a cell for each one that a range names.
    """
    found, here = [], []

    def begun(element, attributes):
        tag = element.rpartition(":")[2]
        if tag == "mergeCell":
            found.append(merged(f"{name}!{attributes.get('ref', '')[:30]}"))
        elif tag == "c":
            here[:] = [REFERENCE.fullmatch(attributes.get("r", ""))]
        elif tag in ("v", "is", "f") and here and here[0]:
            row, column = int(here[0][2]), column_index_from_string(here[0][1])
            if row > ROWS:
                raise BadSheet(too_low(name, row, column))
            if column > COLUMNS:
                raise BadSheet(too_far(name, row, column))

    parser = expat.ParserCreate()
    parser.StartElementHandler = begun
    parser.Parse(xml, True)
    return found[:20]


def _cells(page):
    page.reset_dimensions()
    cells = {}
    for row in page.iter_rows(max_row=ROWS + 1, max_col=COLUMNS):
        for cell in row:
            value = cell.value
            if value is None or value == "":
                continue
            if cell.row > ROWS:
                raise BadSheet(too_low(page.title, cell.row, cell.column))
            if cell.data_type == "f" or not isinstance(value, str | int | float | date):
                found = Cell(str(value), "formula")
            elif cell.data_type == "e":
                found = Cell(value, "error")
            else:
                found = Cell(_ESCAPED.sub(_unescaped, value) if isinstance(value, str) else value)
            cells[cell.row, cell.column] = found
    return cells


def _unescaped(found):
    return "_" if found[0] == "_x005F_" else chr(int(found[0][2:6], 16))
