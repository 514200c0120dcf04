"""Loading a country's territories."""

from sqlalchemy import select

from consulta.core.errors import Invalid, refuse_if
from consulta.core.extensions import db
from consulta.core.record import record, vocabulary
from consulta.core.work import action
from consulta.territories.models import Territory
from consulta.territories.rules import why_not_row

vocabulary({"territories.loaded": ("country", "count")})


@action
def load_territories(rows, *, by):
    """Add the territories in `rows` or bring those there up to date; nothing is removed. Returns how many there were.

    rows: dictionaries with country, code, kind, name, full_name, parent_code, aliases (a list), position; a parent
    stands before its children. Raises Invalid for a row that names no known parent or kind.
    """
    known = {(each.country, each.code): each for each in db.session.scalars(select(Territory))}
    counts, roots = {}, {}
    for row in rows:
        parent = known.get((row["country"], row["parent_code"])) if row.get("parent_code") else None
        refuse_if(why_not_row(row, parent), lambda reason: Invalid("rows", reason))
        key = row["country"], row["code"]
        if key not in known:
            known[key] = Territory(country=row["country"], code=row["code"])
            db.session.add(known[key])
        territory = known[key]
        territory.kind, territory.name = row["kind"], row["name"]
        territory.full_name = row.get("full_name") or row["name"]
        territory.aliases, territory.position = list(row.get("aliases") or ()), int(row.get("position") or 0)
        territory.parent = parent
        counts[row["country"]] = counts.get(row["country"], 0) + 1
        roots.setdefault(row["country"], territory)
    for country, count in counts.items():
        record("territories.loaded", roots[country], by=by, country=country, count=count)
    return sum(counts.values())
