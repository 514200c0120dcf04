"""The minutes in words: a document (minutes.document) as blocks (minutes.markdown), in the order of the official form.

Page, PDF and text document are drawn from the same blocks, so none of them says more or less than the others.
"""

from datetime import date

from flask_babel import format_date
from flask_babel import gettext as _

from consulta.minutes.markdown import blocks_of, paragraph
from consulta.web import labels
from consulta.web.minutes_lists import agenda, attendance, excuses, heads
from consulta.web.minutes_results import contradictions, merges, regional, results
from consulta.web.minutes_tasks import agreements, open_before


def title_of(document):
    """Return what the minutes are called: their number and table, or the session."""
    named = document.get("number")
    if not named:
        return _("Acta: %(title)s", title=document["title"])
    if named[0].isdigit():
        return _("Acta N°%(number)s: %(table)s", number=named, table=document["table"])
    return _("Acta %(number)s: %(table)s", number=named, table=document["table"])


def blocks_in(document):
    """Return the blocks of `document` under its title, which is the page's heading: sections are of level 2."""
    sections = (
        (_("Datos de la reunión"), "datos", [_facts(document)]),
        (_("Asistentes"), "asistentes", attendance(document) + heads(document) + _notes(document, "attendance_note")),
        (_("Excusas"), "excusas", excuses(document)),
        (_("Objetivo e insumos"), "objetivo", _objective(document)),
        (_("Tabla"), "tabla", agenda(document)),
        (_("Pendiente de sesiones anteriores"), "pendiente", open_before(document)),
        (_("Desarrollo"), "desarrollo", _development(document)),
        (_("Resultados"), "resultados", results(document) + _notes(document, "count_note")),
        (_("Resultados de las mesas regionales"), "regiones", regional(document)),
        (_("Fusiones"), "fusiones", merges(document)),
        (_("Peticiones y constancias"), "constancias", _lines(document.get("statements"))),
        (_("Acuerdos y tareas"), "acuerdos", agreements(document)),
        (_("Observaciones"), "observaciones", list(blocks_of(document.get("notes"), level=3))),
        (_("Lo que queda abierto"), "abierto", contradictions(document) + _lines(document.get("open_points"))),
        (_("Cierre del acta"), "cierre", _closing(document)),
    )
    found = []
    for title, anchor, blocks in sections:
        if blocks:
            found += [{"is": "heading", "level": 2, "text": title, "id": anchor}, *blocks]
    return found


def day(text):
    """Return an ISO date in words: "29 de marzo de 2018"."""
    return format_date(date.fromisoformat(text), "long")


def _facts(document):
    zone = document.get("zone", "").rsplit("/", 1)[-1].replace("_", " ")
    starts, ends = document.get("starts"), document.get("ends")
    if starts:
        starts = _("%(time)s (hora de %(place)s)", time=starts, place=zone)
    if ends and document.get("ends_on"):
        ends = _("%(time)s del %(day)s", time=ends, day=day(document["ends_on"]))
    rows = [
        (_("Mesa"), document["table"]),
        (_("Sesión"), document["title"]),
        (_("Clase de mesa"), str(labels.table_kind(document["table_kind"]))),
        (_("Región"), document.get("territory")),
        (_("Consulta"), document["consultation"]),
        (_("Convocada por"), document.get("convened_by")),
        (_("Fecha de la convocatoria"), _day_or_none(document.get("convened_on"))),
        (_("Fecha"), _day_or_none(document.get("date")) or document.get("date_note")),
        (_("Inicio"), starts),
        (_("Término"), ends),
        (_("Lugar"), document.get("place")),
        (_("Sedes"), ", ".join(document.get("venues", ()))),
    ]
    told = [[label, [{"t": text}]] for label, text in rows if text]
    if document.get("date") and document.get("date_note"):
        told.append([_("Sobre la fecha"), [{"t": document["date_note"]}]])
    if document.get("link"):
        link = document["link"]
        is_address = link.startswith(("https://", "http://"))
        told.append([_("Enlace"), [{"t": link, **({"h": link} if is_address else {})}]])
    return {"is": "facts", "rows": told}


def _objective(document):
    found = []
    for name, label in (("objective", _("Objetivo")), ("inputs", _("Insumos")), ("product", _("Producto esperado"))):
        if document.get(name):
            found.append({"is": "heading", "level": 3, "text": label})
            found += _lines(document[name]) if name == "inputs" else blocks_of(document[name])
    return found


def _development(document):
    found = []
    for item in document.get("development", ()):
        said = f"{item['number']}. {item['title']}" if "number" in item else item.get("title", "")
        found.append({"is": "heading", "level": 3, "text": said})
        if item.get("is_closed"):
            note = item.get("closed_note")
            closed = _("Esta parte de la reunión fue reservada.")
            found.append(paragraph(f"{closed} {note}" if note else closed, look="note"))
        elif item.get("closed_note"):
            found.append(paragraph(item["closed_note"], look="note"))
        found += blocks_of(item.get("markdown"))
    return found


def _closing(document):
    following = document.get("next", {})
    said = {
        "dated": lambda: day(following["on"]),
        "undefined": lambda: _("Fecha por definir"),
        "none": lambda: _("No hay otra reunión"),
    }
    rows = [
        (_("Preparada por"), document.get("prepared_by")),
        (_("Fecha de elaboración"), _day_or_none(document.get("prepared_on"))),
        (_("Próxima reunión"), said[following["kind"]]() if following else None),
        (_("Distribuida a"), document.get("distributed_to")),
    ]
    told = [[label, [{"t": text}]] for label, text in rows if text]
    return [{"is": "facts", "rows": told}] if told else []


def _notes(document, name):
    return [{**block, "look": "note"} for block in blocks_of(document.get(name), level=None)]


def _lines(lines):
    return [{"is": "list", "mark": "-", "start": 1, "items": [[paragraph(line)] for line in lines]}] if lines else []


def _day_or_none(text):
    return day(text) if text else None
