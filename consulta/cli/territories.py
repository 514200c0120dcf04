"""flask territories: the countries' official codes and names."""

import csv
from pathlib import Path

import click
from flask.cli import AppGroup

from consulta.territories.actions import load_territories

FOLDER = Path(__file__).resolve().parent.parent / "data" / "territories"
CHILE = FOLDER / "chile" / "territories.csv"

territories = AppGroup("territories", help="Territories: load.")


@territories.command("load")
def load():
    """Load Chile's regions, provinces and communes, or bring them up to date; nothing is removed."""
    click.echo(f"{load_chile(by=None)} territories of Chile are there.")


def load_chile(*, by):
    """Load the territories of Chile that the package carries; returns how many there are."""
    return load_territories(_rows(), by=by)


def shipped_places():
    """Return what `territories.queries.named_places` would once Chile is loaded, without any database."""
    rows = sorted(_rows(), key=lambda row: (row["country"], row["code"]))
    return [
        (
            f"{row['country']}-{row['code']}",
            (row["name"], row["full_name"], *row["aliases"]),
            (f"{row['country']}-{row['parent_code']}",) if row["parent_code"] else (),
        )
        for row in rows
    ]


def _rows():
    with CHILE.open(encoding="utf-8", newline="") as file:
        return [_row(line) for line in csv.DictReader(file)]


def _row(line):
    return {
        "country": "CL",
        "code": line["code"],
        "kind": line["level"],
        "name": line["short_name"] or line["name"],
        "full_name": line["full_name"] or line["name"],
        "parent_code": line["parent"] or None,
        "aliases": [alias for alias in line["aliases"].split("|") if alias],
        "position": line["position"] or 0,
    }
