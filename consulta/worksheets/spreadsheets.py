"""The worksheet as a spreadsheet: its sheets and columns, and the rows of a session as they go out and come back.

The file is in Spanish whatever language the site is read in: it goes from hand to hand in the room, and its headings
are how it is known again. Writing it is in `spreadsheets_out`, opening one safely in `spreadsheets_file`, reading it in
`spreadsheets_in`. Nothing here reads or writes rows of the database.
"""

import base64
import hashlib
import json
from dataclasses import dataclass, field

from consulta.tables.entries import LINE_LIMIT, MOST, NAME_LIMIT, NOTE_LIMIT, TEXT_LIMIT

FORM = 1  # of the file: a later one may have other columns
README = "Léeme"
SEAL = "Identificación de la planilla (no la cambies ni la borres):"
# Rows for whoever came without being in the list, and for agreements; each has its key, so that sending twice is once.
SPARE = {"attendance": 40, "agreement": 20}
_MARK = 3  # bytes of the fingerprint of one cell


@dataclass(frozen=True)
class Column:
    """One column: the field it holds, its heading, its kind and limits.

    kind: "key" and "shown" (locked), "whole", "text" (of many lines), "line", "choice" (a word of `choices`),
    "flag" (sí, no, or empty where nobody knows), "tick" (sí or empty), "day", "lines" (a list of texts), "item" (the
    number of an agenda item).
    """

    field: str
    heading: str
    kind: str
    width: int
    choices: str | None = None
    least: int = 0
    most: int = MOST
    limit: int = TEXT_LIMIT


@dataclass(frozen=True)
class Sheet:
    """One sheet: which part of the worksheet it is, its name and columns; the first column is the key."""

    part: str
    name: str
    columns: tuple

    @property
    def entered(self):
        """The columns that people fill in."""
        return [column for column in self.columns if column.kind not in ("key", "shown")]


@dataclass
class Row:
    """One row as it stands: its key, what is shown beside, what was entered, and the fields nobody may change here."""

    key: str
    shown: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)
    locked: frozenset = frozenset()

    def value(self, column):
        """Return what stands in `column`, empty where nothing does."""
        found = self.values.get(column.field)
        return empty(column) if found is None else found


def _levels():
    headings = ("Totalmente de acuerdo", "De acuerdo, con reparos", "Le da lo mismo", "No le gusta, pero lo acepta")
    names = ("level_full", "level_reserved", "level_neutral", "level_unwilling", "level_against")
    return (Column(*each, "whole", 13) for each in zip(names, (*headings, "En contra"), strict=True))


SHEETS = (
    Sheet(
        "result",
        "Resultados",
        (
            Column("code", "Código", "key", 11),
            Column("reference", "Referencia", "shown", 13),
            Column("title", "Propuesta", "shown", 44),
            Column("outcome", "Qué decidió la sala", "choice", 17, choices="outcome"),
            Column("group_number", "Número del grupo", "whole", 10, least=1, most=999),
            Column("grade", "Grado de acuerdo", "choice", 17, choices="grade"),
            *_levels(),
            Column("votes_for", "Votos a favor", "whole", 10),
            Column("votes_against", "Votos en contra", "whole", 10),
            Column("abstentions", "Abstenciones", "whole", 13),
            Column("dots", "Puntos", "whole", 9),
            Column("reasons", "Razones a favor", "text", 38),
            Column("reasons_against", "Razones en contra", "text", 38),
            Column("dissent", "Posición de la minoría", "text", 38),
            Column("requests", "Peticiones", "text", 30),
            Column("statements", "Constancias", "text", 30),
            Column("missing_actors", "Actores que faltan", "text", 30),
            Column("count_note", "Por qué no cuadran los números", "text", 30),
        ),
    ),
    Sheet(
        "attendance",
        "Asistencia",
        (
            Column("uid", "Clave de la fila", "key", 10),
            Column("convened", "Convocada", "shown", 11),
            Column("named", "Institución (vacío: personas sin organización)", "line", 44, limit=NAME_LIMIT),
            Column("sector", "Sector", "choice", 24, choices="sector"),
            Column("network", "Red o agrupación", "line", 28, limit=NAME_LIMIT),
            Column("quality", "Calidad", "choice", 17, choices="quality"),
            Column("attended", "Asistió", "flag", 9),
            Column("excused", "Se excusó", "flag", 9),
            Column("spoke", "Intervino", "flag", 10),
            Column("heads", "Personas", "whole", 10),
            Column("women", "Mujeres", "whole", 10),
            Column("men", "Hombres", "whole", 10),
            Column("other_gender", "Otro género", "whole", 10),
            Column("note", "Nota", "line", 34, limit=NOTE_LIMIT),
            Column("dropped", "Quitar la fila", "tick", 9),
        ),
    ),
    Sheet(
        "agreement",
        "Acuerdos",
        (
            Column("uid", "Clave de la fila", "key", 10),
            Column("kind", "Tipo", "choice", 15, choices="kind"),
            Column("text", "Acuerdo", "text", 60, limit=LINE_LIMIT),
            Column("owner", "Quién responde", "line", 32, limit=2 * NAME_LIMIT),
            Column("due_on", "Plazo (fecha)", "day", 14),
            Column("due_note", "Plazo en palabras", "line", 22, limit=120),
            Column("item", "Punto de la agenda (número)", "item", 13, least=1, most=200),
            Column("terms", "Términos (uno por línea)", "lines", 44, limit=LINE_LIMIT),
            Column("dropped", "Quitar la fila", "tick", 9),
        ),
    ),
)
PARTS = {sheet.part: sheet for sheet in SHEETS}


def empty(column):
    """Return what an empty cell of `column` says."""
    if column.field == "outcome":
        return "none"
    return {"text": "", "line": "", "lines": []}.get(column.kind)


def is_blank(sheet, values):
    """Tell whether a row's `values` (field to value) say nothing at all."""
    return all(values.get(column.field) in (None, empty(column)) for column in sheet.entered)


def marks_of(sheet, row):
    """Return short fingerprints of what `row` holds, column by column: how a cell is known to be as it went out."""
    marks = b"".join(mark(row.value(column)) for column in sheet.entered)
    return base64.b64encode(marks).decode("ascii")


def marks_from(text):
    """Return the fingerprints that `marks_of` wrote, in order."""
    data = base64.b64decode(text)
    return [data[at : at + _MARK] for at in range(0, len(data), _MARK)]


def mark(value):
    """Return the fingerprint of one value."""
    return _digest(value)[:_MARK]


def fingerprint(contents):
    """Return the fingerprint of all that stands (part to rows): two that agree hold the same."""
    said = {
        part: {row.key: row.values for row in rows if not is_blank(PARTS[part], row.values)}
        for part, rows in contents.items()
    }
    return _digest(said).hex()


def identity(session_id, contents):
    """Return what the file carries, to be signed: which session it is of, and the fingerprints of what went out."""
    marks = {
        part: {row.key: marks_of(PARTS[part], row) for row in rows} for part, rows in contents.items() if part in PARTS
    }
    return {"form": FORM, "session": session_id, "marks": marks}


def _digest(value):
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
