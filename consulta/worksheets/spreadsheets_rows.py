"""What a session holds, as the rows of its spreadsheet."""

from consulta.tables.models import new_uid
from consulta.tables.queries import attendances_of
from consulta.worksheets.queries import proposals_for, rows_of
from consulta.worksheets.spreadsheets import PARTS, SPARE, Row

_CONVENED = {True: "sí", False: "no"}


def contents_of(session, *, codes=(), to=None):
    """Return part to the Rows of `session` as they stand; the caller has settled who may read them.

    codes: of proposals that a spreadsheet speaks of, which are listed whatever else is.
    """
    said = rows_of(session)
    listed = proposals_for(session, codes=[code for code in codes if ("result", code) not in said], to=to)
    return {
        "result": [_result(proposal, said) for proposal in listed],
        "attendance": [_presence(line, said) for line in attendances_of(session)],
        "agreement": [Row(key, {}, _of("agreement", row)) for (part, key), row in said.items() if part == "agreement"],
    }


def with_spare(contents):
    """Return `contents` with empty rows at the end of the lists that grow in the room, each with its own key."""
    spare = {part: [Row(new_uid()) for _number in range(count)] for part, count in SPARE.items()}
    return {part: [*rows, *spare.get(part, [])] for part, rows in contents.items()}


def items_of(session):
    """Return the ids of the agenda's items, in the order of their numbers."""
    return [item["id"] for item in session.agenda]


def _result(proposal, said):
    shown = {"reference": proposal.reference or "", "title": proposal.title}
    return Row(proposal.code, shown, _of("result", said.get(("result", proposal.code), {})))


def _presence(line, said):
    locked = frozenset({"named"}) if line.institution_id is not None else frozenset()
    shown = {"convened": _CONVENED.get(line.convened, "")}
    return Row(line.uid, shown, _of("attendance", said["attendance", line.uid]), locked)


def _of(part, values):
    """Return those of `values` that the spreadsheet has a column for."""
    return {column.field: values[column.field] for column in PARTS[part].entered if column.field in values}
