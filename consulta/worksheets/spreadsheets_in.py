"""Reading a filled-in spreadsheet: what it says by cell, what is wrong by cell, and what it would change.

A cell counts as filled in only where it says something else than when it went out: a copy that lay in a drawer for a
week undoes nothing that others entered since. Where both changed, the change is marked, so that whoever sends the file
sees both before anything is applied.
"""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from consulta.core.errors import Invalid
from consulta.core.text import fold
from consulta.worksheets.fields import clean_value
from consulta.worksheets.spreadsheets import (
    FORM,
    README,
    SEAL,
    SHEETS,
    Row,
    empty,
    is_blank,
    mark,
    marks_from,
    marks_of,
)
from consulta.worksheets.spreadsheets_cells import ROWS, BadSheet, Problem, place
from consulta.worksheets.spreadsheets_values import read_value

MOST_PROBLEMS = 200
CALLED = ("named", "network", "quality")  # what tells two lines of the list apart


@dataclass(frozen=True)
class Change:
    """One cell that would change something: of which part and row, what stands there now and what would.

    name: how a person calls the row. is_contested: somebody else changed the same since the file went out.
    """

    part: str
    key: str
    name: str
    column: object
    place: str
    before: object
    after: object
    is_contested: bool


def find_seal(sheets):
    """Return the signed identity that a spreadsheet carries; raises BadSheet where there is none."""
    page = sheets.get(README)
    if page is None:
        raise BadSheet(Problem(README, _("Falta esta hoja, que dice de qué sesión es la planilla. Bájala de nuevo.")))
    rows = sorted(row for (row, column), cell in page.items() if column == 1 and str(cell.value).strip() == SEAL)
    if not rows:
        raise BadSheet(Problem(place(README, 1, 1), _("No se reconoce: no es una planilla bajada de este sitio.")))
    parts = []
    for row in range(rows[0] + 1, ROWS):
        cell = page.get((row, 1))
        if cell is None:
            break
        parts.append(str(cell.value).strip())
    if not parts:
        raise BadSheet(Problem(place(README, rows[0] + 1, 1), _("Falta la identificación. Baja la planilla de nuevo.")))
    return "".join(parts), place(README, rows[0] + 1, 1)


def read_changes(sheets, contents, identity, words, items):
    """Return the Changes that the `sheets` (from `open_workbook`) of a spreadsheet would make, in their order.

    contents: part to its Rows as they stand now. identity: what went out (`spreadsheets.identity`), its signature
    checked. words: choices to {code: words}. items: the ids of the agenda's items, in the order of their numbers.
    Raises BadSheet with every Problem there is, by cell.
    """
    if not isinstance(identity, dict) or identity.get("form") != FORM:
        raise BadSheet(Problem(README, _("Es una planilla de una versión anterior. Bájala de nuevo.")))
    problems, changes = [], []
    known = {README, *(sheet.name for sheet in SHEETS)}
    for name in sheets.keys() - known:
        problems.append(Problem(name or "?", _("Esta hoja no es de la planilla. Quítala; nada de ella se leería.")))
    for sheet in SHEETS:
        if sheet.name not in sheets:
            problems.append(Problem(sheet.name, _("Falta esta hoja. Bájala de nuevo y copia en ella tus datos.")))
            continue
        reader = _Reader(sheet, sheets[sheet.name], identity["marks"].get(sheet.part, {}), words, items)
        changes += reader.changes(contents[sheet.part])
        problems += reader.problems
    if problems:
        raise BadSheet(*problems[:MOST_PROBLEMS])
    return changes


class _Reader:
    """One sheet being read; `problems` fills up."""

    def __init__(self, sheet, cells, marks, words, items):
        self.sheet, self.cells, self.marks, self.items = sheet, cells, marks, items
        self.words = {
            choices: {fold(str(said)): (code, str(said)) for code, said in listed.items()}
            for choices, listed in words.items()
        }
        self.problems, self.at = [], {}

    def changes(self, rows):
        """Return the Changes of this sheet against `rows`, what stands now."""
        if not self._headings_fit():
            return []
        found, standing = [], {row.key: row for row in rows}
        for number, key in self._keys():
            row = standing.get(key) or Row(key)
            read = self._row(number, key)
            changed = {name: value for name, value in read.items() if value != row.value(self._column(name))}
            if changed and key not in standing and not self._may_be_new(number, key, changed):
                continue
            if changed:
                self._judge(number, row, changed)
            found += [self._change(number, row, name, value) for name, value in changed.items()]
        if self.sheet.part == "attendance":
            self._refuse_twice(rows, found)
        return found

    def _may_be_new(self, number, key, changed):
        """Tell whether a row that does not stand is one of the spare ones, and says something."""
        went_out_empty = self.marks[key] == marks_of(self.sheet, Row(key))
        if self.sheet.part == "result" or not went_out_empty:
            # What was taken out in the meantime is not put back by a file that was made before.
            self._wrong(
                number, 1, _("Esta fila ya no está en la sesión: otra persona la quitó. Baja la planilla de nuevo.")
            )
        return went_out_empty and not changed.get("dropped")

    def _change(self, number, row, name, value):
        column = self._column(name)
        before = row.value(column)
        out = self._mark(row.key, column)
        where = place(self.sheet.name, number, self._place(name))
        called = row.shown.get("title") or row.value(self._column(self.sheet.columns[2].field)) or ""
        if self.sheet.part == "agreement":
            called = row.value(self._column("text"))
        return Change(self.sheet.part, row.key, called, column, where, before, value, mark(before) != out)

    def _headings_fit(self):
        fits = True
        for at, column in enumerate(self.sheet.columns, 1):
            cell = self.cells.get((1, at))
            if cell is None or fold(str(cell.value)).split() != fold(column.heading).split():
                fits = False
                self._wrong(
                    1, at, _("Aquí tiene que decir «%(heading)s». No cambies los títulos.", heading=column.heading)
                )
        for row, column in sorted(self.cells):
            if column > len(self.sheet.columns):
                fits = False
                self._wrong(row, column, _("Hay algo fuera de las columnas de esta planilla."))
                break
        return fits

    def _keys(self):
        """Yield (number of the row, key) of the rows that are this spreadsheet's, each key once."""
        filled = sorted({row for row, _column in self.cells if row > 1})
        for row in filled:
            cell = self.cells.get((row, 1))
            key = "" if cell is None else str(cell.value).strip()
            key = key.lower() if self.sheet.part == "result" else key
            if cell is not None and cell.kind == "formula":
                self._wrong(row, 1, _("Hay una fórmula. Escribe el valor, sin el signo igual."))
            elif not key:
                column = min(column for at, column in self.cells if at == row)
                self._wrong(row, column, _("Esta fila no tiene clave. Usa una de las filas que trae la planilla."))
            elif key not in self.marks:
                message = _(
                    "No conozco «%(key)s»: no es de esta planilla. Vuelve a poner la clave que traía.", key=key[:40]
                )
                self._wrong(row, 1, message)
            elif key in self.at:
                there = place(self.sheet.name, self.at[key], 1)
                self._wrong(row, 1, _("Está repetida: la misma clave está en %(there)s.", there=there))
            else:
                self.at[key] = row
                yield row, key

    def _row(self, number, key):
        """Return {field: value} of what was filled in: cells that say something else than when they went out."""
        read = {}
        for at, column in enumerate(self.sheet.columns, 1):
            cell = self.cells.get((number, at))
            if cell is not None and cell.kind != "value":
                words = {
                    "formula": _("Hay una fórmula. Escribe el valor, sin el signo igual."),
                    "error": _("La celda muestra un error en vez de un valor. Escribe el valor."),
                }
                self._wrong(number, at, words[cell.kind])
            elif column.kind not in ("key", "shown"):
                try:
                    value = read_value(column, None if cell is None else cell.value, self.words, self.items)
                    if mark(value) != self._mark(key, column):
                        read[column.field] = self._cleaned(column, value)
                except Invalid as problem:
                    self._wrong(number, at, problem.reason)
        return read

    def _cleaned(self, column, value):
        if column.kind == "tick" or value == empty(column):
            return value
        return clean_value(self.sheet.part, column.field, value)

    def _judge(self, number, row, changed):
        """Point out what holds only together: needed cells of a new row, a group and its number, locked cells."""
        value = {column.field: changed.get(column.field, row.value(column)) for column in self.sheet.entered}
        if value.get("dropped") or is_blank(self.sheet, value):
            return
        for name in sorted(row.locked & changed.keys()):
            self._wrong(number, self._place(name), _("Esta celda no se cambia aquí. Vuelve a poner lo que decía."))
        if self.sheet.part == "result":
            if value["outcome"] == "group" and value["group_number"] is None:
                self._wrong(number, self._place("group_number"), _("Escribe el número del grupo."))
            if value["outcome"] != "group" and changed.get("group_number") is not None:
                message = _("El número va solo con «%(group)s».", group=self._called("outcome", "group"))
                self._wrong(number, self._place("group_number"), message)
        elif self.sheet.part == "attendance" and not value["sector"]:
            self._wrong(number, self._place("sector"), _("Elige el sector."))
        elif self.sheet.part == "agreement":
            for name, message in (("kind", _("Elige el tipo.")), ("text", _("Escribe qué se acordó."))):
                if not value[name]:
                    self._wrong(number, self._place(name), message)

    def _refuse_twice(self, rows, found):
        """Point out whoever would be twice in the list: the same name for the same network in the same quality."""
        dropped = {change.key for change in found if change.column.field == "dropped" and change.after}
        names = {row.key: {name: row.value(self._column(name)) for name in CALLED} for row in rows}
        told = {}
        for change in found:
            if change.column.field in CALLED:
                names.setdefault(change.key, dict.fromkeys(CALLED, ""))[change.column.field] = change.after
                told.setdefault(change.key, change)
        seen = {}
        for key in sorted(names.keys() - dropped, key=lambda key: key in told):
            called = tuple(fold(str(names[key][name] or "")) for name in CALLED)
            if called[0] and seen.setdefault(called, key) != key and key in told:
                message = _("«%(name)s» está dos veces en la lista.", name=names[key]["named"])
                self.problems.append(Problem(told[key].place, message))

    def _mark(self, key, column):
        at = self.sheet.entered.index(column)
        marks = marks_from(self.marks[key])
        return marks[at] if at < len(marks) else b""

    def _column(self, name):
        return next(column for column in self.sheet.columns if column.field == name)

    def _place(self, name):
        return self.sheet.columns.index(self._column(name)) + 1

    def _called(self, choices, code):
        return next(said for each, said in self.words[choices].values() if each == code)

    def _wrong(self, row, column, message):
        self.problems.append(Problem(place(self.sheet.name, row, column), message))
