"""The tree of territories."""

import pytest
from sqlalchemy import func, select

from consulta.core.errors import Invalid
from consulta.core.extensions import db
from consulta.core.record import Entry
from consulta.territories.actions import load_territories
from consulta.territories.models import Territory
from consulta.territories.queries import communes, find_territory, lies_in, places, region_of, regions
from tests.people import PLACES, place


def test_a_country_is_loaded_and_loading_it_again_changes_nothing(app):
    assert load_territories(PLACES, by=None) == len(PLACES)
    before = find_territory("CL", "12101").id
    load_territories(PLACES, by=None)
    assert db.session.scalar(select(func.count()).select_from(Territory)) == len(PLACES)
    assert find_territory("CL", "12101").id == before


def test_loading_is_recorded_once_a_country(app):
    load_territories(PLACES, by=None)
    entries = db.session.scalars(select(Entry)).all()
    assert [(entry.event, entry.details) for entry in entries] == [
        ("territories.loaded", {"country": "CL", "count": len(PLACES)})
    ]


def test_a_new_name_reaches_the_row_that_is_there(app):
    load_territories(PLACES, by=None)
    load_territories([place("CL", "country", "Chile", None), place("08", "region", "Bío Bío", "CL")], by=None)
    assert find_territory("CL", "08").name == "Bío Bío"


def test_a_commune_lies_in_its_region_and_in_no_other(territories):
    commune, country = find_territory("CL", "12101"), find_territory("CL", "CL")
    assert lies_in(commune, find_territory("CL", "12")) and lies_in(commune, country) and lies_in(commune, commune)
    assert not lies_in(commune, find_territory("CL", "08")) and not lies_in(country, commune)
    assert region_of(commune).code == "12" and region_of(country) is None


def test_places_are_regions_with_their_communes(territories):
    assert [(region.code, [each.code for each in inside]) for region, inside in places()] == [
        ("08", ["08101"]),
        ("12", ["12101"]),
    ]
    assert len(regions()) == 2 and len(communes()) == 2 and regions("AR") == []


BAD_ROWS = [
    place("99", "region", "Sin país", None),
    place("99", "commune", "En un país", "CL"),
    place("99", "planet", "Marte", "CL"),
    place("99", "region", "", "CL"),
    place("", "region", "Sin código", "CL"),
    {**place("99", "region", "Sin padre", "77")},
]


@pytest.mark.parametrize("row", BAD_ROWS, ids=lambda row: f"{row['kind']} {row['name']}")
def test_one_bad_row_and_nothing_is_loaded(app, row):
    with pytest.raises(Invalid):
        load_territories([*PLACES, row], by=None)
    assert db.session.scalar(select(func.count()).select_from(Territory)) == 0
