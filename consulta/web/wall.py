"""Between the dates and hours that a form shows and the instants that are stored."""

from datetime import datetime, time, timedelta

from flask_babel import lazy_gettext as _

from consulta.core.clock import NoSuchWallTime, local, wall_time

FIRST, LAST = time(0, 0), time(23, 59)


def instant_of(naive, zone):
    """Return (instant, None) for a wall time in `zone`, or (None, why) where clocks there skip it or show it twice."""
    try:
        return wall_time(naive, zone), None
    except NoSuchWallTime as error:
        shown = {"hour": f"{naive:%H:%M}", "day": f"{naive:%d-%m-%Y}", "zone": zone}
        if error.why == "twice":
            return None, _(
                "Las %(hour)s del %(day)s ocurren dos veces en %(zone)s, porque el reloj se atrasa. Elige otra hora.",
                **shown,
            )
        return None, _(
            "Las %(hour)s del %(day)s no existen en %(zone)s, porque el reloj se adelanta. Elige otra hora.", **shown
        )


def wall_of(instant, zone):
    """Return the naive wall time that a clock in `zone` shows at `instant`, as a form field takes it."""
    return local(instant, zone).replace(tzinfo=None)


def first_moment(day, zone):
    """Return the first wall time of `day` that a clock in `zone` shows once: midnight on most days."""
    return _unique(datetime.combine(day, FIRST), zone, timedelta(hours=1))


def last_moment(day, zone):
    """Return the last wall time to the minute of `day` that a clock in `zone` shows once: 23:59 on most days."""
    return _unique(datetime.combine(day, LAST), zone, timedelta(hours=-1))


def _unique(naive, zone, step):
    while instant_of(naive, zone)[0] is None:
        naive += step
    return naive
