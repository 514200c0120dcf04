"""What the demonstration is made of: the files of consulta/data/demo, their dates, and playing it all back in order."""

import json
from datetime import datetime, time, timedelta
from pathlib import Path

from consulta.accounts.actions import confirm_address, register
from consulta.consultations.actions import create_consultation
from consulta.consultations.queries import themes_of
from consulta.core.clock import frozen, wall_time
from consulta.territories.queries import find_territory

FOLDER = Path(__file__).resolve().parent.parent / "data" / "demo"
# Where a source gives a day and no hour, the act is played back in the morning.
MORNING = time(9)


# Beside table 3: the round table before it and the permanent forum after it, in the same consultation.
ROOMS = ("mesa_redonda.json", "foro.json")


def history():
    """Return the process of 2016 as its files have it."""
    data = {"seats": [], **_read("mesa3_2016.json")}
    for name in ROOMS:
        more = _read(name)
        for part in ("sources", "institutions", "tables", "seats", "sessions"):
            data[part] = [*data[part], *more[part]]
    return data


def present():
    """Return the invented consultation that is open on the day it is loaded."""
    return _read("present.json")


def instant_of(dated, zone):
    """Return the instant of {"at": "2016-06-30T15:00" or "2016-06-22"}, a wall time in `zone`."""
    at = datetime.fromisoformat(dated["at"])
    return wall_time(at if "T" in dated["at"] else datetime.combine(at, MORNING), zone)


def instant_from(today, moment, zone):
    """Return the instant of {"day": -5, "time": "09:00"}: days from the date `today` and a wall time in `zone`."""
    return wall_time(datetime.combine(day_from(today, moment), time.fromisoformat(moment["time"])), zone)


def day_from(today, moment):
    """Return the date of {"day": 20}: days from the date `today`."""
    return today + timedelta(days=moment["day"])


def several(value):
    """Return what a file gives as one, as a list, or not at all (null), as a list."""
    return value if isinstance(value, list) else [value]


def open_account(entry, password, country):
    """Sign up one of the demonstration's people with a confirmed address, as they would do it themselves."""
    territory = find_territory(country, entry["territory"]) if entry.get("territory") else None
    person = register(name=entry["name"], email=entry["email"], password=password, territory=territory, by=None)
    confirm_address(person, by=person)
    return person


def prepare(data, when, *, by):
    """Create the consultation of a file and return it with its themes by key; `when` makes instants of its times."""
    process = data["consultation"]
    consultation = create_consultation(
        process["profile"],
        slug=process["slug"],
        title=process["title"],
        summary=process["summary"],
        description=process["description"],
        zone=process["zone"],
        country=process["country"],
        voters=process["who_may_vote"],
        vote_limit=process["vote_limit"],
        phases=[
            {
                "kind": phase["kind"],
                "title": phase["title"],
                "opens_at": when(phase["opens"]),
                "closes_at": when(phase["closes"]),
            }
            for phase in data["phases"]
        ],
        themes=[theme["title"] for theme in data["themes"]],
        is_demonstration=True,
        by=by,
    )
    titles = {theme.title: theme for theme in themes_of(consultation)}
    return consultation, {theme["key"]: titles[theme["title"]] for theme in data["themes"]}


class Replay:
    """Steps of a process, each done at the instant at which it happened."""

    def __init__(self):
        self._steps = []

    def at(self, instant, step, *args):
        """Note that `step(*args)` happened at `instant`; of the same instant, what was noted first goes first."""
        self._steps.append((instant, step, args))

    def run(self):
        """Do every step, the earliest first, while the clock shows its instant."""
        for instant, step, args in sorted(self._steps, key=lambda each: each[0]):
            with frozen(instant):
                step(*args)


def _read(name):
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))
