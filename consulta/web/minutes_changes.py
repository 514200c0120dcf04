"""What changed between two versions, in words: which part, of what, and how it read before and after."""

from collections import namedtuple
from datetime import date

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _later

from consulta.web import labels

# part: of the minutes. thing: which of its things, or "". field: which fact of it, or "" for all of it. before, after:
# texts, None where there was nothing.
Told = namedtuple("Told", ("part", "thing", "field", "before", "after"))

PARTS = {
    "table": _later("Mesa"),
    "table_kind": _later("Clase de mesa"),
    "territory": _later("Región"),
    "consultation": _later("Consulta"),
    "number": _later("Número del acta"),
    "title": _later("Sesión"),
    "place": _later("Lugar"),
    "link": _later("Enlace"),
    "date": _later("Fecha"),
    "starts": _later("Inicio"),
    "ends": _later("Término"),
    "ends_on": _later("Día en que terminó"),
    "zone": _later("Zona horaria"),
    "date_note": _later("Sobre la fecha"),
    "is_pooled": _later("Reúne varias sedes"),
    "venues": _later("Sedes"),
    "convened_by": _later("Convocada por"),
    "convened_on": _later("Fecha de la convocatoria"),
    "attendance": _later("Asistentes"),
    "heads": _later("Personas por sector"),
    "declared_heads": _later("Personas contadas en la sala"),
    "planned_heads": _later("Personas previstas"),
    "attendance_note": _later("Nota sobre la asistencia"),
    "excused": _later("Excusas"),
    "objective": _later("Objetivo"),
    "inputs": _later("Insumos"),
    "product": _later("Producto esperado"),
    "agenda": _later("Tabla"),
    "development": _later("Desarrollo"),
    "dots_per_person": _later("Puntos por persona"),
    "dots_per_proposal": _later("Puntos de una persona en una propuesta"),
    "results": _later("Resultados"),
    "count_note": _later("Sobre las cuentas"),
    "regional_results": _later("Resultados de las mesas regionales"),
    "merges": _later("Fusiones"),
    "contradictions": _later("Lo que queda abierto"),
    "statements": _later("Peticiones y constancias"),
    "agreements": _later("Acuerdos y tareas"),
    "open_before": _later("Pendiente de sesiones anteriores"),
    "notes": _later("Observaciones"),
    "open_points": _later("Lo que queda abierto"),
    "prepared_by": _later("Preparada por"),
    "prepared_on": _later("Fecha de elaboración"),
    "next": _later("Próxima reunión"),
    "distributed_to": _later("Distribuida a"),
}
FIELDS = {
    "attended": _later("Asistieron"),
    "code": _later("Código"),
    "block": _later("Bloque"),
    "closed_note": _later("Sobre la parte reservada"),
    "convened": _later("Fue convocada"),
    "deferred_to": _later("Pasa a"),
    "dissent": _later("Posición de la minoría"),
    "dots": _later("Puntos"),
    "due_note": _later("Plazo en palabras"),
    "due_on": _later("Plazo"),
    "grade": _later("Grado de acuerdo"),
    "group_number": _later("Número del grupo"),
    "heads": _later("Personas"),
    "institution": _later("Institución"),
    "is_closed": _later("Parte reservada"),
    "item": _later("Punto"),
    "kind": _later("Clase"),
    "levels": _later("Niveles de acuerdo"),
    "listed": _later("En la lista"),
    "markdown": _later("Qué se dijo"),
    "members": _later("Quiénes lo forman"),
    "missing_actors": _later("Actores que faltaron"),
    "network": _later("Red"),
    "note": _later("Nota"),
    "note_here": _later("Qué se dijo en esta sesión"),
    "on": _later("Fecha"),
    "outcome": _later("Resultado"),
    "owner": _later("Responde"),
    "parts": _later("Partes"),
    "presence": _later("Asistencia"),
    "quality": _later("Calidad"),
    "reason": _later("Razón"),
    "reasons": _later("Razones a favor"),
    "reasons_against": _later("Razones en contra"),
    "requests": _later("Peticiones"),
    "sector": _later("Sector"),
    "spoke": _later("Intervino"),
    "state": _later("Estado"),
    "state_here": _later("Estado en esta sesión"),
    "statements": _later("Constancias"),
    "terms": _later("Términos"),
    "text": _later("Texto"),
    "title": _later("Título"),
    "uncounted": _later("Líneas sin número"),
    "dots_of_parts": _later("Puntos de sus partes"),
    "ends": _later("Término"),
    "into": _later("Está en la fusión"),
    "is_hidden": _later("Dejó de ser pública"),
    "is_inferred": _later("Lectura nuestra"),
    "made_here": _later("Se presentó en la sesión"),
    "name": _later("Institución"),
    "new_due_on": _later("Nuevo plazo"),
    "number": _later("Número"),
    "origin": _later("Origen"),
    "out_of": _later("Salió de la fusión"),
    "people_at_least": _later("Personas tras los puntos, al menos"),
    "people_at_most": _later("Personas tras los puntos, a lo más"),
    "proposal": _later("Propuesta"),
    "reference": _later("N°"),
    "results": _later("Resultados"),
    "session": _later("Sesión"),
    "starts": _later("Inicio"),
    "taken_out_reason": _later("Por qué salió"),
    "undone_reason": _later("Por qué se deshizo"),
    "votes": _later("Votos"),
    **labels.GENDERS,
    **labels.LEVELS,
    **labels.VOTES,
    **labels.SECTORS,
}
# Codes of closed lists, by the field they stand in.
CODES = {
    "grade": labels.GRADES,
    "origin": labels.ORIGINS,
    "outcome": labels.OUTCOMES,
    "quality": labels.QUALITIES,
    "sector": labels.SECTORS,
    "table_kind": labels.TABLE_KINDS,
    "kind": {
        **labels.AGREEMENT_KINDS,
        **labels.NEXT_MEETINGS,
        "item": _later("Punto"),
        "break": _later("Pausa"),
    },
    "state": {**labels.AGREEMENT_STATES, **labels.MERGE_STATES},
    "state_here": labels.AGREEMENT_STATES,
    "presence": {
        "attended": _later("Asistió"),
        "convened": _later("Convocada; no se dice si asistió"),
        "unknown": _later("En la lista; no se dice si asistió"),
        "absent": _later("No asistió"),
    },
}
DAYS = ("date", "ends_on", "convened_on", "prepared_on", "due_on", "new_due_on", "on")


def told(changes):
    """Return Changes (minutes.comparing) as a list of Told."""
    return [
        Told(
            str(PARTS.get(change.part, change.part)),
            _called(change.thing),
            "" if change.field in (None, change.part) else _field(change.field),
            _value(change.field, change.before),
            _value(change.field, change.after),
        )
        for change in changes
    ]


def _called(thing):
    """Return what a thing of a list is called."""
    if thing is None:
        return ""
    if thing.get("is_hidden"):
        return thing["code"]
    names = ("title", "name", "network", "session", "text", "proposal")
    found = next((thing[name] for name in names if thing.get(name)), "")
    if isinstance(found, dict):
        return _called(found)
    return found or (str(labels.sector(thing["sector"])) if "sector" in thing else "")


def _field(name):
    return str(FIELDS.get(name, PARTS.get(name, name)))


def _value(field, value):
    """Return a plain JSON value as a text of one or several lines, None for nothing."""
    if isinstance(value, list):
        return "\n".join(_value(field, each) or "" for each in value)
    if isinstance(value, dict):
        shown = {name: _value(name, each) for name, each in value.items() if name not in ("code", "is_hidden")}
        return "\n".join(f"{_field(name)}: {text}" for name, text in shown.items())
    return None if value is None else _word(field, value)


def _word(field, value):
    if isinstance(value, bool):
        return _("Sí") if value else _("No")
    if field in DAYS:
        return format_date(date.fromisoformat(value), "long")
    return str(CODES.get(field, {}).get(value, value))
