"""What the fields of a worksheet are called, and what they say, in words."""

from datetime import date

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from consulta.web import labels
from consulta.worksheets.fields import FIELDS

PARTS = {
    "session": lazy("La sesión"),
    "agenda": lazy("Desarrollo"),
    "attendance": lazy("Asistencia"),
    "result": lazy("Resultados"),
    "agreement": lazy("Acuerdos"),
    "proposal": lazy("Propuestas de la sala"),
}
NAMES = {
    **labels.LEVELS,
    **labels.VOTES,
    **labels.GENDERS,
    "attendance_note": lazy("Nota sobre la asistencia"),
    "attended": lazy("Asistió"),
    "body": lazy("Texto"),
    "closed_note": lazy("Por qué fue reservado"),
    "convened": lazy("Fue convocada"),
    "count_note": lazy("Por qué los números no coinciden"),
    "declared_heads": lazy("Total de personas contadas"),
    "development": lazy("Lo que se dijo"),
    "discussed": lazy("Se conversó"),
    "dissent": lazy("Posición de la minoría"),
    "distributed_to": lazy("A quién se envía el acta"),
    "dots": lazy("Puntos"),
    "dropped": lazy("Borrado"),
    "due_note": lazy("Plazo en palabras"),
    "due_on": lazy("Plazo"),
    "ended": lazy("Hora de término"),
    "excused": lazy("Se excusó"),
    "grade": lazy("Grado de acuerdo"),
    "group_number": lazy("Número del grupo"),
    "heads": lazy("Personas"),
    "institution": lazy("Institución"),
    "is_closed": lazy("Parte reservada"),
    "item": lazy("Punto de la agenda"),
    "kind": lazy("Clase de acuerdo"),
    "missing_actors": lazy("Quién faltó en la conversación"),
    "named": lazy("Institución"),
    "network": lazy("Red"),
    "next_meeting": lazy("Próxima sesión"),
    "next_on": lazy("Día de la próxima sesión"),
    "note": lazy("Nota"),
    "notes": lazy("Notas"),
    "outcome": lazy("Qué decidió la sala"),
    "owner": lazy("Responsable"),
    "prepared_by": lazy("Acta preparada por"),
    "quality": lazy("Calidad"),
    "ready": lazy("Lista para publicarse"),
    "reasons": lazy("Razones a favor"),
    "reasons_against": lazy("Razones en contra"),
    "requests": lazy("Peticiones"),
    "sector": lazy("Sector"),
    "spoke": lazy("Intervino"),
    "started": lazy("Hora de inicio"),
    "statements": lazy("Lo que pidieron dejar en acta"),
    "terms": lazy("Términos"),
    "text": lazy("Texto del acuerdo"),
    "theme": lazy("Eje temático"),
    "title": lazy("Título"),
    "tracking_code": lazy("Código de seguimiento"),
}
WORDS = {
    "outcome": labels.OUTCOMES,
    "grade": labels.GRADES,
    "sector": labels.SECTORS,
    "quality": labels.QUALITIES,
    "next_meeting": labels.NEXT_MEETINGS,
    "kind": labels.AGREEMENT_KINDS,
}


def part_name(part):
    """Return what a part of the worksheet is called."""
    return PARTS[part]


def field_name(field):
    """Return what a field of the worksheet is called."""
    return NAMES[field]


def said(part, field, value):
    """Return what a field's value says, in words; a sentence for an empty one."""
    kind = FIELDS[part][field].kind
    if kind in ("flag", "mark"):
        return {True: _("Sí"), False: _("No")}.get(value, _("Nadie lo sabe"))
    if value in (None, "", []):
        return _("(vacío)")
    if kind == "word":
        return WORDS[field].get(value, value)
    if kind == "lines":
        return "\n".join(value)
    if kind == "day":
        return format_date(date.fromisoformat(value), "long")
    return str(value)
