"""What a spreadsheet that came in is made of: cells, where they stand, and what is wrong with them."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from openpyxl.utils import get_column_letter

ROWS = 500  # rows of a sheet that are read: a session has 60 proposals
COLUMNS = 60
LAST_COLUMN = 18278  # ZZZ


@dataclass(frozen=True)
class Problem:
    """What is wrong and where: "Resultados!D17", the name of a sheet or part, or "" for the file."""

    place: str
    message: object


class BadSheet(Exception):
    """The file will not be read; `problems` say why, by cell."""

    def __init__(self, *problems):
        super().__init__("; ".join(f"{each.place}: {each.message}" for each in problems))
        self.problems = list(problems)


@dataclass(frozen=True)
class Cell:
    """What stands in one cell: None is never kept. kind: "value", "formula" or "error"."""

    value: object
    kind: str = "value"


def place(sheet, row, column):
    """Return how a cell is called; row and column from 1."""
    return f"{sheet}!{get_column_letter(min(column, LAST_COLUMN))}{row}"


def too_low(sheet, row, column):
    """Return the Problem of a cell below the rows that are read."""
    return Problem(place(sheet, row, column), _("Hay algo más abajo de la fila %(rows)s.", rows=ROWS))


def too_far(sheet, row, column):
    """Return the Problem of a cell beyond the columns that are read."""
    return Problem(place(sheet, row, column), _("Hay algo fuera de las columnas de esta planilla."))


def merged(where):
    """Return the Problem of cells that were made one; where: how they are called."""
    return Problem(where, _("Son celdas combinadas. Sepáralas: cada dato va en su celda."))


def hidden(sheet):
    """Return the Problem of a sheet that nobody sees."""
    return Problem(sheet, _("Es una hoja oculta. Quítala o muéstrala antes de enviarla."))


def damaged(where=""):
    """Return the refusal of a file that is none, or not whole."""
    return BadSheet(Problem(where, _("El archivo está dañado o no es una planilla .xlsx ni .ods.")))
