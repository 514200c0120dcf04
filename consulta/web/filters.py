"""How instants, days, numbers and texts are shown."""

from flask_babel import format_date, format_datetime, format_decimal, format_time, get_locale

from consulta.core import clock
from consulta.core.text import beginning as excerpt
from consulta.core.text import fold, to_html


def bind(app):
    """Give the templates of `app` their filters."""
    app.jinja_env.filters.update(
        instant=instant,
        day=day,
        clock_time=clock_time,
        number=number,
        markdown=to_html,
        iso=iso,
        excerpt=excerpt,
        fold=fold,
    )


def instant(value, zone, seconds=False):
    """Show an instant with its wall time in `zone` (IANA), which is named: "4 jun 2026, 15:00 (Santiago)"."""
    if value is None:
        return ""
    shown = format_datetime(
        clock.local(value, zone), "d MMM y, HH:mm:ss" if seconds else "d MMM y, HH:mm", rebase=False
    )
    return f"{shown} ({zone.rsplit('/', 1)[-1].replace('_', ' ')})"


def day(value, zone=None):
    """Show a date, or the day an instant falls on in `zone`: "4 jun 2026"."""
    if value is None:
        return ""
    if zone is not None:
        value = clock.local(value, zone).date()
    return format_date(value, "d MMM y")


def clock_time(value, zone):
    """Show the wall time of an instant in `zone`: "15:00"."""
    return format_time(clock.local(value, zone), "HH:mm", rebase=False) if value else ""


def number(value):
    """Show a whole number with the separators of the page's language; four digits stay together in Spanish (RAE)."""
    if value is None:
        return "–"
    if abs(value) < 10_000 and get_locale().language == "es":
        return str(value)
    return format_decimal(value)


def iso(value):
    """Return an instant as a machine reads it: for the datetime attribute of <time>."""
    return value.isoformat(timespec="seconds") if value else ""
