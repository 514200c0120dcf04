"""Who was convened, who came and who sent an excuse, under the headings of the official form."""

from consulta.accounts.models import SECTORS
from consulta.tables.models import GENDERS, QUALITIES

# How sure it is that somebody was there, in the order of the headings.
PRESENCES = ("attended", "convened", "unknown", "absent")


def attendance_told(attendances):
    """Return the list as headings with their lines, those who came first.

    A heading is the quality in which people sat there; guests of one network or body stand under its name, and where
    no quality is known the sector is the heading. Lines keep the order in which they were entered. Somebody who sent
    an excuse and did not come stands in `excuses_told` alone.
    """
    found = {}
    for each in attendances:
        if each.excused and not each.attended:
            continue
        heading = _heading(each)
        found.setdefault((_place(heading, each), *heading.items()), (heading, []))[1].append(_line(each, heading))
    return [
        {**heading, "lines": lines} for _key, (heading, lines) in sorted(found.items(), key=lambda each: each[0][0])
    ]


def excuses_told(attendances):
    """Return who sent an excuse and did not come."""
    return [_line(each, {}) for each in attendances if each.excused and not each.attended]


def heads_told(attendances):
    """Return by sector how many people came and how many are in the list without its saying whether they came.

    uncounted: lines of people who came, and nobody wrote down how many. Genders only where somebody counted them.
    """
    found = {}
    for each in attendances:
        if each.attended is False or (each.excused and not each.attended):
            continue
        sums = found.setdefault(each.sector, {})
        name = "attended" if each.attended else "listed"
        if each.heads is None:
            sums["uncounted"] = sums.get("uncounted", 0) + 1
        else:
            sums[name] = sums.get(name, 0) + each.heads
        for gender in GENDERS:
            if each.attended and getattr(each, gender) is not None:
                sums[gender] = sums.get(gender, 0) + getattr(each, gender)
    return {sector: found[sector] for sector in SECTORS if found.get(sector)}


def presence_of(attendance):
    """Return one of PRESENCES: what the list says of whether somebody was there."""
    if attendance.attended:
        return "attended"
    if attendance.attended is False:
        return "absent"
    return "convened" if attendance.convened else "unknown"


def _heading(each):
    heading = {"presence": presence_of(each)}
    if each.quality == "guest" and each.network:
        return heading | {"quality": "guest", "network": each.network}
    if each.quality:
        return heading | {"quality": each.quality}
    return heading | {"sector": each.sector}


def _place(heading, each):
    quality = QUALITIES.index(heading["quality"]) if "quality" in heading else len(QUALITIES)
    # Bodies that guests came from stand in the order in which the list names them.
    first = each.id if "network" in heading else 0
    sector = SECTORS.index(heading["sector"]) if "sector" in heading else 0
    return PRESENCES.index(heading["presence"]), quality, sector, first


def _line(each, heading):
    facts = {
        "name": each.name,
        "sector": each.sector if "sector" not in heading else None,
        "network": each.network if "network" not in heading else None,
        "quality": each.quality if not heading else None,
        "heads": each.heads,
        **{gender: getattr(each, gender) for gender in GENDERS},
        "convened": each.convened,
        "spoke": each.spoke,
        "note": each.note,
    }
    return {name: value for name, value in facts.items() if value is not None}
