"""The worksheet as a spreadsheet: it goes out, is filled in, and comes back; what will not do is told by its cell."""

import io
import time
from pathlib import Path

import pytest
from openpyxl import load_workbook

from consulta.worksheets.spreadsheets import SHEETS, Row, identity
from consulta.worksheets.spreadsheets_cells import BadSheet
from consulta.worksheets.spreadsheets_file import open_workbook
from consulta.worksheets.spreadsheets_in import find_seal, read_changes
from tests.worksheets.sheets import (
    DANGEROUS,
    ITEMS,
    WORDS,
    built,
    changed,
    changes_of,
    contents,
    filled,
    filled_in,
    letter,
)

# What LibreOffice saved of `filled(built(contents()), filled_in())`, written to sesenta-filas.xlsx:
# soffice --headless --convert-to ods sesenta-filas.xlsx (and --convert-to xlsx).
SAVED = Path(__file__).parents[1] / "data" / "worksheet"


def expected():
    """Return what `filled_in` would change."""
    return changed(contents(), filled(built(contents()), filled_in()))


def test_sixty_rows_go_out_are_filled_in_and_come_back():
    found = expected()
    assert len(found) > 60 * 4
    assert found["result", "3e50060", "dots"] == 71
    assert found["result", "3e50002", "grade"] == "majority"  # typed without its accent
    assert found["result", "3e50030", "reasons"] == "Razón 31\nen dos líneas — “ñ” 🙂"
    assert found["attendance", "c" * 32, "named"] == "Cabildo" and found["attendance", "c" * 32, "attended"] is True
    assert found["agreement", "f" * 32, "due_on"] == "2026-06-30" and found["agreement", "f" * 32, "kind"] == "rule"


@pytest.mark.parametrize("kind", ["ods", "xlsx"])
def test_what_libreoffice_saved_says_what_was_typed(kind):
    began = time.perf_counter()
    found = changed(contents(), (SAVED / f"sesenta-filas.{kind}").read_bytes())
    assert found == expected()
    assert time.perf_counter() - began < 2


def test_what_comes_back_as_it_went_out_changes_nothing():
    assert changed(contents(), built(contents())) == {}


def test_a_session_without_proposals_lines_or_agreements_has_a_spreadsheet_too():
    for part in ("result", "attendance", "agreement"):
        rows = {**contents(), part: []}
        assert load_workbook(io.BytesIO(built(rows))).sheetnames
    nothing = dict.fromkeys(contents(), [])
    assert changed(nothing, built(nothing)) == {}


def test_texts_stay_texts_whatever_they_begin_with():
    rows = contents()
    book = load_workbook(io.BytesIO(built(rows)))
    for page in book.worksheets:
        for cells in page.iter_rows():
            assert not [cell.coordinate for cell in cells if cell.data_type == "f"], page.title
    page = book["Resultados"]
    for number, row in enumerate(rows["result"][: len(DANGEROUS)], 2):
        for cell in (page.cell(number, 3), page[f"{letter('result', 'reasons')}{number}"]):
            assert cell.data_type == "s" and cell.number_format == "@"
            assert cell.quotePrefix == (str(cell.value).lstrip()[:1] in "=+-@＝"), cell.value
        assert page.cell(number, 3).value == row.shown["title"].replace("_x", "_x005F_x")
    assert book["Léeme"]["A1"].quotePrefix and book["Léeme"]["B3"].quotePrefix


def test_headings_and_keys_are_locked_and_what_is_filled_in_is_not():
    book = load_workbook(io.BytesIO(built(contents())))
    for sheet in SHEETS:
        page = book[sheet.name]
        assert page.protection.sheet and page.freeze_panes
        for at, column in enumerate(sheet.columns, 1):
            assert page.cell(1, at).protection.locked
            assert page.cell(3, at).protection.locked == (column.kind in ("key", "shown")), column.heading
    assert book["Asistencia"]["C2"].protection.locked  # the name of an institution that was convened
    lists = {check.formula1 for check in book["Resultados"].data_validations.dataValidation if check.type == "list"}
    assert '"Mantener,Dejar fuera,Agrupar,Sin resultado"' in lists
    assert any(check.type == "whole" for check in book["Resultados"].data_validations.dataValidation)


def test_characters_that_no_file_holds_do_not_spoil_it():
    rows = contents(1)
    rows["result"][0].shown["title"] = "a\ufffeb\x0bc\ud800d"
    assert load_workbook(io.BytesIO(built(rows)))["Resultados"]["C2"].value == "a\ufffdb\ufffdc\ufffdd"


def test_a_copy_from_a_drawer_undoes_nothing_that_others_entered_since():
    rows, standing = contents(), contents()
    standing["result"][4].values = {"outcome": "leave_out", "dots": 9}
    data = filled(built(rows), {"Resultados!O7": 3})  # another row than the one that changed meanwhile
    assert changed(rows, data, standing) == {("result", "3e50006", "dots"): 3}


def test_a_cell_that_others_changed_too_is_marked():
    rows, standing = contents(), contents()
    standing["result"][5].values = {"outcome": "none", "dots": 9}
    (only,) = changes_of(rows, filled(built(rows), {"Resultados!O7": 3}), standing)
    assert (only.before, only.after, only.is_contested, only.place) == (9, 3, True, "Resultados!O7")
    (only,) = changes_of(rows, filled(built(rows), {"Resultados!O7": 3}), rows)
    assert not only.is_contested


def test_sending_the_same_file_twice_is_sending_it_once():
    rows, standing = contents(), contents()
    cells = {"Asistencia!C4": "Cabildo", "Asistencia!D4": "Sociedad civil"}
    standing["attendance"][2] = Row("c" * 32, {}, {"named": "Cabildo", "sector": "civil_society"})
    assert changed(rows, filled(built(rows), cells), standing) == {}


def test_an_emptied_cell_takes_back_what_stood_there():
    rows = contents()
    found = changed(rows, filled(built(rows), {"Resultados!O2": None, "Resultados!P2": " ", "Resultados!D2": None}))
    assert found == {
        ("result", "3e50001", "dots"): None,
        ("result", "3e50001", "reasons"): "",
        ("result", "3e50001", "outcome"): "none",
    }


def test_what_people_type_in_their_own_ways_is_understood():
    rows = contents()
    cells = {
        "Resultados!O3": "12", "Resultados!O4": 12.0, "Resultados!D5": " dejar FUERA ", "Resultados!P6": 2016,
        "Asistencia!G3": "SI", "Asistencia!H3": "no", "Asistencia!I3": "x", "Acuerdos!E2": "5/1/2027",
        "Acuerdos!G2": 1, "Acuerdos!H2": "uno\n\n dos \ntres",
    }  # fmt: skip
    assert changed(rows, filled(built(rows), cells)) == {
        ("result", "3e50002", "dots"): 12,
        ("result", "3e50003", "dots"): 12,
        ("result", "3e50004", "outcome"): "leave_out",
        ("result", "3e50005", "reasons"): "2016",
        ("attendance", "b" * 32, "attended"): True,
        ("attendance", "b" * 32, "excused"): False,
        ("attendance", "b" * 32, "spoke"): True,
        ("agreement", "e" * 32, "due_on"): "2027-01-05",
        ("agreement", "e" * 32, "item"): "item-uno",
        ("agreement", "e" * 32, "terms"): ["uno", "dos", "tres"],
    }


# What somebody did to the spreadsheet: the cell that is named, and what is said there.
BROKEN = [
    ({"Resultados!O17": "doce"}, "Resultados!O17", "escribe un número entero"),
    ({"Resultados!O17": -1}, "Resultados!O17", "entre 0 y 100000"),
    ({"Resultados!O17": 1.5}, "Resultados!O17", "número entero"),
    ({"Resultados!O17": 10**30}, "Resultados!O17", "número entero"),
    ({"Resultados!O17": True}, "Resultados!O17", "número entero"),
    ({"Resultados!O17": "=1+1"}, "Resultados!O17", "Hay una fórmula"),
    ({"Resultados!P17": '=HYPERLINK("http://example.org")'}, "Resultados!P17", "Hay una fórmula"),
    ({"Resultados!C17": "=1"}, "Resultados!C17", "Hay una fórmula"),
    ({"Resultados!A17": "=A16"}, "Resultados!A17", "Hay una fórmula"),
    ({"Resultados!D17": "Aprobar"}, "Resultados!D17", "Sirven: Mantener, Dejar fuera"),
    ({"Resultados!D17": "Agrupar"}, "Resultados!E17", "número del grupo"),
    ({"Resultados!E17": 2}, "Resultados!E17", "solo con «Agrupar»"),
    ({"Resultados!P17": "x" * 4001}, "Resultados!P17", "caben 4000"),
    ({"Resultados!A17": "zzzzzzz"}, "Resultados!A17", "No conozco «zzzzzzz»"),
    ({"Resultados!A17": "3e50003"}, "Resultados!A17", "la misma clave está en Resultados!A4"),
    ({"Resultados!A17": None}, "Resultados!B17", "no tiene clave"),
    ({"Resultados!D1": "Resultado"}, "Resultados!D1", "Aquí tiene que decir «Qué decidió la sala»"),
    ({"Resultados!X3": "mi nota"}, "Resultados!X3", "fuera de las columnas"),
    ({"Resultados!B90": "abajo"}, "Resultados!B90", "no tiene clave"),
    ({"Asistencia!C2": "Otra"}, "Asistencia!C2", "no se cambia aquí"),
    ({"Asistencia!C4": "Cabildo"}, "Asistencia!D4", "Elige el sector"),
    ({"Asistencia!C4": "UNIVERSIDAD", "Asistencia!D4": "Academia"}, "Asistencia!C4", "dos veces en la lista"),
    ({"Asistencia!G3": "tal vez"}, "Asistencia!G3", "escribe sí, no"),
    ({"Asistencia!O3": "no"}, "Asistencia!O3", "escribe sí"),
    ({"Acuerdos!C3": "Algo"}, "Acuerdos!B3", "Elige el tipo"),
    ({"Acuerdos!B3": "Tarea"}, "Acuerdos!C3", "Escribe qué se acordó"),
    ({"Acuerdos!E2": "pronto"}, "Acuerdos!E2", "no es una fecha"),
    ({"Acuerdos!E2": "31-02-2027"}, "Acuerdos!E2", "no es una fecha"),
    ({"Acuerdos!E2": "01-01-0999"}, "Acuerdos!E2", "año"),
    ({"Acuerdos!G2": 3}, "Acuerdos!G2", "no tiene un punto 3"),
]


@pytest.mark.parametrize(("cells", "where", "said"), BROKEN, ids=lambda value: str(value)[:40])
def test_what_will_not_do_is_told_by_its_cell(cells, where, said):
    rows = contents()
    with pytest.raises(BadSheet) as refusal:
        changed(rows, filled(built(rows), cells))
    told = {each.place: str(each.message) for each in refusal.value.problems}
    assert said in told.get(where, ""), told


def test_all_that_is_wrong_is_told_at_once():
    rows = contents()
    cells = {"Resultados!O17": "doce", "Resultados!D18": "=1", "Asistencia!G3": "quizás", "Acuerdos!B3": "Tarea"}
    with pytest.raises(BadSheet) as refusal:
        changed(rows, filled(built(rows), cells))
    assert [each.place for each in refusal.value.problems] == [
        "Resultados!O17", "Resultados!D18", "Asistencia!G3", "Acuerdos!C3",
    ]  # fmt: skip


def test_a_row_that_others_took_out_meanwhile_is_not_put_back():
    rows, standing = contents(), contents()
    del standing["attendance"][1], standing["result"][9]
    data = filled(built(rows), {"Asistencia!J3": 4, "Resultados!O11": 4})
    with pytest.raises(BadSheet, match="otra persona la quitó") as refusal:
        changed(rows, data, standing)
    assert [each.place for each in refusal.value.problems] == ["Resultados!A11", "Asistencia!A3"]
    assert changed(rows, built(rows), standing) == {}  # nothing new is said of them


def test_the_identity_is_found_in_pieces_and_missed_where_it_is_gone():
    seal = "0123456789" * 2500  # longer than three cells of it
    data = built(contents(2), seal=seal)
    assert find_seal(open_workbook(data))[0] == seal
    book = load_workbook(io.BytesIO(data))
    for cells in book["Léeme"].iter_rows():
        for cell in cells:
            cell.value = None if str(cell.value).startswith("01234") else cell.value
    without = io.BytesIO()
    book.save(without)
    with pytest.raises(BadSheet, match="Léeme!A.*Falta la identificación"):
        find_seal(open_workbook(without.getvalue()))
    book["Léeme"].title = "Otra"
    book.save(without := io.BytesIO())
    with pytest.raises(BadSheet, match="Léeme: Falta esta hoja"):
        find_seal(open_workbook(without.getvalue()))


def test_a_form_of_another_version_is_refused():
    rows = contents(1)
    with pytest.raises(BadSheet, match="versión anterior"):
        read_changes(open_workbook(built(rows)), rows, identity(7, rows) | {"form": 0}, WORDS, ITEMS)
