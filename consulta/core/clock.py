"""The one source of the present instant, and the way between instants (UTC) and wall times."""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

_frozen = ContextVar("frozen instant", default=None)


class NoSuchWallTime(ValueError):
    """A wall time that the zone skips (clocks go forward) or shows twice (clocks go back)."""

    def __init__(self, naive, zone, why):
        super().__init__(f"{naive} in {zone} {why}")
        self.why = why


def now():
    """Return the present instant, aware, in UTC, to the microsecond."""
    return _frozen.get() or datetime.now(UTC)


@contextmanager
def frozen(instant):
    """Let `now` return `instant` (aware) inside the block: for tests, and for loading what happened earlier."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    token = _frozen.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


@cache
def known_zones():
    """Return the names of all zones of the IANA database; they are read from disk once."""
    return frozenset(available_timezones())


def wall_time(naive, zone):
    """Return the UTC instant at which a clock in `zone` (an IANA name) shows `naive`.

    Raises NoSuchWallTime, with `why` "skipped" or "twice", where there is none or more than one (PEP 495).
    """
    place = ZoneInfo(zone)
    first, second = (naive.replace(tzinfo=place, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        back = first.astimezone(UTC).astimezone(place).replace(tzinfo=None)
        raise NoSuchWallTime(naive, zone, "twice" if back == naive else "skipped")
    return first.astimezone(UTC)


def local(instant, zone):
    """Return `instant` as a clock in `zone` shows it."""
    return instant.astimezone(ZoneInfo(zone))
