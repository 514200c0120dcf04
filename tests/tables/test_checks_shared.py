"""The arithmetic of a session answers the cases that the worksheet's script answers as well."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from consulta.tables.checks import disagreements

CASES = json.loads((Path(__file__).parents[1] / "data/worksheet/checks.json").read_text(encoding="utf-8"))["cases"]


def as_result(given):
    """A result row with its proposal, from one flat object of the file."""
    proposal = SimpleNamespace(code=given["code"], title=given["title"])
    return SimpleNamespace(**{name: given[name] for name in given if name not in ("code", "title")}, proposal=proposal)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_server_answers_as_the_worksheet_does(case, app):
    found = disagreements(
        SimpleNamespace(**case["session"]),
        [SimpleNamespace(**each) for each in case["attendances"]],
        [as_result(each) for each in case["results"]],
    )
    assert [
        {
            "place": each.place,
            "kind": each.kind,
            "counted": each.counted,
            "most": each.most,
            "message": str(each.message),
            "has_note": each.has_note,
        }
        for each in found
    ] == case["expected"]


def test_every_kind_of_disagreement_has_a_case():
    kinds = {each["kind"] for case in CASES for each in case["expected"]}
    assert kinds == {"votes", "levels", "dots", "all_dots", "genders", "declared", "declared_less"}
