"""Minutes in words: who came, who sent an excuse, how many they were, and the agenda."""

from flask_babel import gettext as _
from flask_babel import ngettext

from consulta.accounts.models import SECTORS
from consulta.minutes.markdown import paragraph
from consulta.tables.models import GENDERS
from consulta.web import labels
from consulta.web.filters import number


def attendance(document):
    """Return the list under its headings; what the source does not say of somebody's coming is said first."""
    found = []
    for group in document.get("attendance", ()):
        found.append({"is": "heading", "level": 3, "text": _heading(group)})
        found.append(_list([_person(line, group.get("sector")) for line in group["lines"]]))
    presences = {group["presence"] for group in document.get("attendance", ())}
    if "convened" in presences:
        found.insert(
            0, paragraph(_("De quienes figuran como convocados, la fuente no dice quién asistió."), look="note")
        )
    elif "unknown" in presences:
        found.insert(0, paragraph(_("La fuente no distingue convocados de asistentes."), look="note"))
    return found


def excuses(document):
    """Return who sent an excuse beforehand."""
    lines = document.get("excused")
    return [_list([_person(line, None) for line in lines])] if lines else []


def heads(document):
    """Return how many people there were by sector, beside how many were planned; a column that is empty is left out."""
    counted, planned = document.get("heads", {}), document.get("planned_heads", {})
    columns = [
        ("attended", _("Asistieron")),
        ("listed", _("En la lista")),
        ("uncounted", _("Líneas sin número")),
        *((gender, str(labels.gender(gender))) for gender in GENDERS),
    ]
    rows = {sector: dict(counted.get(sector, {})) for sector in SECTORS if sector in counted or sector in planned}
    for sector, n in planned.items():
        rows[sector]["planned"] = n
    columns = [each for each in (*columns, ("planned", _("Previstas"))) if any(each[0] in row for row in rows.values())]
    declared = document.get("declared_heads")
    told = [] if declared is None else [paragraph(_("Contadas en la sala: %(people)s.", people=people(declared)))]
    if not columns:
        return told
    names = [name for name, _label in columns]
    body = [[str(labels.sector(sector)), *(_n(row.get(name)) for name in names)] for sector, row in rows.items()]
    if len(body) > 1:
        totals = [sum(row.get(name, 0) for row in rows.values()) for name in names]
        body.append([_("Total"), *(_n(total) for total in totals)])
    names = [_("Sector"), *(label for _name, label in columns)]
    return [table_of(_("Personas por sector"), names, body, first=1), *told]


def agenda(document):
    """Return the agenda: a list, or a table where it has times or several blocks; breaks are part of it."""
    items = document.get("agenda", [])
    if not items:
        return []
    blocks = {item["block"] for item in items if "block" in item}
    has_times = any("starts" in item for item in items)
    if not has_times and len(blocks) < 2 and all(item.get("kind", "item") == "item" for item in items):
        return [{**_list([[{"t": item.get("title", "")}] for item in items]), "mark": "1"}]
    columns = [(_("Hora"), _hours)] if has_times else []
    columns += [(_("Bloque"), lambda item: str(item.get("block", "")))] if len(blocks) > 1 else []
    columns.append((_("Punto"), _point))
    rows = [[cell(item) for _name, cell in columns] for item in items]
    return [table_of(_("Programa"), [name for name, _cell in columns], rows)]


def table_of(title, head, rows, first=None):
    """Return a table of plain texts; from column `first` on they are numbers."""
    return {
        "is": "table",
        "title": title,
        "head": head,
        "rows": [[[{"t": cell}] if cell else [] for cell in row] for row in rows],
        "numeric": list(range(first, len(head))) if first is not None else [],
    }


def people(n):
    """Return how many people, in words."""
    return ngettext("%(num)s persona", "%(num)s personas", n)


def _heading(group):
    if "network" in group:
        called = group["network"]
    elif "quality" in group:
        called = {
            "member": _("Miembros de la mesa"),
            "observer": _("Observadores"),
            "secretary": _("Secretaría de actas"),
            "guest": _("Otros asistentes"),
        }[group["quality"]]
    else:
        called = str(labels.sector(group["sector"]))
    return {
        "attended": called,
        "convened": _("Convocados: %(whom)s", whom=called),
        "unknown": _("En la lista: %(whom)s", whom=called),
        "absent": _("No asistieron: %(whom)s", whom=called),
    }[group["presence"]]


def _person(line, heading_sector):
    """Return one line of the list as runs: who, for whom, of which sector, how many, and what else is known."""
    sector = str(labels.sector(line["sector"])) if "sector" in line else ""
    name, network = line.get("name"), line.get("network")
    if name and network:
        called = _("%(name)s, por %(network)s", name=name, network=network)
    else:
        called = name or network or sector or _("Personas sin organización: %(sector)s", sector=_word(heading_sector))
    facts = [sector] if sector and called != sector else []
    if "quality" in line:
        facts.append(str(labels.quality(line["quality"])).lower())
    if line.get("heads") is not None:
        facts.append(people(line["heads"]))
    facts += [f"{str(labels.gender(each)).lower()}: {number(line[each])}" for each in GENDERS if each in line]
    if line.get("spoke"):
        facts.append(_("intervino"))
    said = f"{called} ({', '.join(facts)})" if facts else called
    return [{"t": said}, *([{"t": f". {line['note']}"}] if line.get("note") else [])]


def _word(sector):
    return str(labels.sector(sector)) if sector else ""


def _list(items):
    return {
        "is": "list",
        "mark": "-",
        "start": 1,
        "items": [[{"is": "paragraph", "runs": runs}] for runs in items],
    }


def _hours(item):
    starts, ends = item.get("starts", ""), item.get("ends")
    return f"{starts}–{ends}" if starts and ends else starts


def _point(item):
    title = item.get("title", "")
    return _("Pausa: %(title)s", title=title) if item.get("kind") == "break" else title


def _n(value):
    return "" if value is None else number(value)
