"""The Gazetteer of the territories that ship, made once for the tests."""

import csv
from functools import cache
from pathlib import Path

from consulta.similarity.gazetteer import Gazetteer

TERRITORIES = Path(__file__).resolve().parents[2] / "consulta" / "data" / "territories" / "chile" / "territories.csv"


@cache
def chile():
    """Return the Gazetteer of Chile, its keys "CL-13101"."""
    with TERRITORIES.open(encoding="utf-8", newline="") as file:
        return Gazetteer(
            (
                f"CL-{row['code']}",
                [row["name"], row["full_name"], *row["aliases"].split("|")],
                [f"CL-{row['parent']}"] if row["parent"] else [],
            )
            for row in csv.DictReader(file)
        )
