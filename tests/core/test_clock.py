"""Instants and wall times."""

from datetime import UTC, datetime, timedelta

import pytest

from consulta.core.clock import NoSuchWallTime, frozen, local, now, wall_time


def test_a_wall_time_becomes_the_one_instant_at_which_it_is_shown():
    assert wall_time(datetime(2026, 6, 4, 15), "America/Santiago") == datetime(2026, 6, 4, 19, tzinfo=UTC)


def test_a_wall_time_that_occurs_twice_is_refused():
    with pytest.raises(NoSuchWallTime) as refusal:
        wall_time(datetime(2027, 4, 3, 23, 59), "America/Santiago")
    assert refusal.value.why == "twice"


def test_a_wall_time_that_does_not_exist_is_refused():
    with pytest.raises(NoSuchWallTime) as refusal:
        wall_time(datetime(2027, 9, 5, 0, 30), "America/Santiago")
    assert refusal.value.why == "skipped"


def test_one_instant_is_shown_in_each_place_by_its_own_clock():
    close = wall_time(datetime(2026, 6, 30, 23, 59), "America/Santiago")
    assert local(close, "Pacific/Easter").hour == 21
    assert local(close, "America/Punta_Arenas").replace(tzinfo=None) == datetime(2026, 7, 1, 0, 59)


def test_a_frozen_clock_stands_still_and_goes_on_afterwards():
    instant = datetime(2016, 6, 30, 19, tzinfo=UTC)
    with frozen(instant):
        assert now() == instant
    assert now() - instant > timedelta(days=3000)
