"""What is exported is text, whatever program opens the file."""

import csv
import io

import pytest

from consulta.core.sheets import STARTERS, as_text, csv_lines, tsv_lines


@pytest.mark.parametrize("starter", sorted(STARTERS))
@pytest.mark.parametrize("before", ["", " ", "\u00a0", "\u200b", "  "])
def test_what_would_begin_a_formula_is_made_text(starter, before):
    assert as_text(before + starter + "1").startswith("'")


@pytest.mark.parametrize("cell", ["", "agua", "a=b", "'=1", "1-2", "¿=1?", 0.5, "👍"])
def test_other_cells_stay_as_they_are(cell):
    assert as_text(cell) == str(cell)
    assert as_text(None) == ""


def test_csv_holds_whatever_a_text_holds():
    rows = [("a", "b"), ('Dijo "sí", dos veces', "uno\ndos; tres"), ("=1+1", None)]
    text = "".join(csv_lines(rows))
    assert text.startswith("\ufeff")
    found = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert found == [["a", "b"], ['Dijo "sí", dos veces', "uno\ndos; tres"], ["'=1+1", ""]]


def test_a_line_of_tabs_is_one_line():
    assert list(tsv_lines([("a\tb", "c\r\nd", "\u2028e", None)])) == ["a b\tc d\te\t\n"]
