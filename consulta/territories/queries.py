"""Reading the tree of territories, which is public."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consulta.core.extensions import db
from consulta.territories.models import Territory


def regions(country="CL"):
    """Return the regions of a country (ISO 3166-1 code) in their own order, from north to south in Chile."""
    query = select(Territory).where(Territory.country == country, Territory.kind == "region")
    return db.session.scalars(query.order_by(Territory.position, Territory.code)).all()


def communes(country="CL"):
    """Return the communes of a country by code, the nodes above each already loaded."""
    query = (
        select(Territory)
        .where(Territory.country == country, Territory.kind == "commune")
        .options(joinedload(Territory.parent).joinedload(Territory.parent))
    )
    return db.session.scalars(query.order_by(Territory.code)).all()


def find_territory(country, code):
    """Return the territory with this official code, or None."""
    return db.session.scalar(select(Territory).where(Territory.country == country, Territory.code == code))


def places():
    """Return every region of every country loaded, in order, each with the list of its communes: where people live."""
    found = {region.id: (region, []) for country in countries() for region in regions(country)}
    for country in countries():
        for commune in communes(country):
            found[region_of(commune).id][1].append(commune)
    return list(found.values())


def countries():
    """Return the codes of the countries whose territories are loaded."""
    query = select(Territory.country).where(Territory.kind == "country").order_by(Territory.country)
    return db.session.scalars(query).all()


def named_places():
    """Return (key, names, keys it lies in) of every territory, in order: what a text may name one by.

    The key is country and code ("CL-08"); of what it lies in, the nearest is told.
    """
    territories = db.session.scalars(select(Territory).order_by(Territory.country, Territory.code)).all()
    keys = {each.id: f"{each.country}-{each.code}" for each in territories}
    return [
        (keys[each.id], (each.name, each.full_name, *each.aliases), (keys[each.parent_id],) if each.parent_id else ())
        for each in territories
    ]


def territory_with_id(territory_id):
    """Return the territory of this number, or None."""
    return db.session.get(Territory, territory_id)


def region_of(territory):
    """Return the region that `territory` is or lies in, or None for a whole country."""
    while territory is not None and territory.kind != "region":
        territory = territory.parent
    return territory


def lies_in(territory, ancestor):
    """Tell whether `territory` is `ancestor` or lies in it."""
    while territory is not None:
        if territory.id == ancestor.id:
            return True
        territory = territory.parent
    return False
