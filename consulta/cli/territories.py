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
    with CHILE.open(encoding="utf-8", newline="") as file:
        return load_territories([_row(line) for line in csv.DictReader(file)], by=by)


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
