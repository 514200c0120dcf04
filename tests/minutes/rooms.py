"""Sessions for the tests of minutes: held with everything that minutes can tell, checked, ready to be published."""

from datetime import date, datetime, timedelta

from consulta.agreements.actions import form_subgroup, note_agreements
from consulta.core.clock import wall_time
from consulta.proposals.actions import enter_proposal
from consulta.tables.actions import (
    check_session,
    convene_session,
    enter_result,
    note_agenda,
    note_attendance,
    note_session,
    open_session,
    submit_session,
)

ZONE = "America/Santiago"
TABLE = """Con anterioridad a la reunión se envió una postulación.

| Etapa | Actividad |
|---|---|
| Preparación | Intercambio con el Gobierno de Argentina |
|  | Diseño del proceso |
| Cierre | Redacción final |
"""
CLOSED = """1. Se dieron detalles del fondo. En detalle:

   a. Se aclaró que el fondo es para el proceso.
   b. Debe ser administrado por la sociedad civil.

2. Se acordó que la propuesta la redacta la Comisión."""


def hold(table, *, facilitator, moderator, second=None, title="Cuarta sesión", proposals=(), **facts):
    """Convene, open, fill in, hand in and check a session of `table`; returns it.

    second: who checks it, the moderator unless given. facts: more of what `convene_session` takes.
    """
    session = convene_session(
        table,
        **{
            "title": title,
            "number": "4",
            "place": "Palacio de La Moneda, sala de reuniones",
            "starts_at": wall_time(datetime(2018, 3, 29, 16, 15), ZONE),
            "ends_at": wall_time(datetime(2018, 3, 29, 17, 30), ZONE),
            "convened_by": "Comisión de Probidad y Transparencia",
            "convened_on": date(2018, 3, 22),
            "objective": "Priorizar de manera conjunta.",
            "inputs": ["Lista de propuestas", "Propuesta de prioridades"],
            "product": "Preselección de propuestas.",
            "dots_per_person": 3,
            "dots_per_proposal": 2,
            "planned_heads": {"government": 3, "academia": 1},
            "agenda": [
                {"id": "a", "title": "Bienvenida", "starts": "16:15", "ends": "16:20", "block": 1},
                {"id": "b", "title": "Café", "kind": "break", "starts": "16:20", "block": 1},
                {"id": "c", "title": "Fondo de apoyo", "starts": "16:40", "block": 2},
            ],
            **facts,
        },
        by=moderator,
    )
    open_session(session, by=facilitator)
    fill_in(session, proposals, facilitator)
    submit_session(session, by=facilitator)
    return check_session(session, by=second or moderator)


def fill_in(session, proposals, by):
    """Enter the list, what was said, results on `proposals`, agreements and how it closed."""
    note_attendance(
        session,
        [
            {"institution": "Segpres", "sector": "government", "quality": "member", "attended": True, "heads": 1},
            {"sector": "academia", "network": "Red Académica", "quality": "member", "attended": True, "heads": 1},
            {"institution": "PNUD", "sector": "international", "quality": "observer", "attended": True, "heads": 1},
            {"institution": "OGP", "sector": "international", "quality": "guest", "network": "Alianza", "heads": 2,
             "attended": True, "spoke": True},
            {"institution": "CEPAL", "sector": "international", "quality": "observer", "convened": True,
             "attended": False, "excused": True},
            {"institution": "MOP/DGOP", "sector": "government", "convened": True, "heads": 3},
        ],
        by=by,
    )  # fmt: skip
    note_agenda(session, "a", development=TABLE, by=by)
    note_agenda(session, "c", development=CLOSED, is_closed=True, closed_note="Sin los representantes de OGP.", by=by)
    for at, proposal in enumerate(proposals):
        enter_result(session, proposal, **_SAID[at % len(_SAID)], by=by)
    form_subgroup(
        session.table,
        title=f"Subgrupo {session.ordinal}",
        institutions=[each.institution for each in proposals[:1]],
        session=session,
        by=by,
    )
    note_agreements(
        session,
        [
            {"text": "Concretar la carta de las organizaciones.", "owner": f"Subgrupo {session.ordinal}"},
            {"text": "La propuesta será redactada por la Comisión.", "terms": ["primera etapa", "segunda etapa"],
             "owner": "Segpres", "due_on": date(2018, 4, 30), "item": "c"},
            {"kind": "rule", "text": "Las reuniones serán mensuales.", "due_note": "desde abril"},
        ],
        by=by,
    )  # fmt: skip
    note_session(
        session,
        statements=["Se deja constancia de que faltan la UMGD y Subdere."],
        notes="Se leyó el acta anterior.",
        open_points=["La fuente no dice quién de los convocados asistió."],
        attendance_note="El acta no distingue convocados de asistentes.",
        count_note="No se contó a quienes figuran como convocados.",
        prepared_by="Secretaría de actas",
        prepared_on=date(2018, 4, 2),
        next_meeting="undefined",
        distributed_to="Asistentes",
        by=by,
    )


def brought(consultation, institution, titles, by):
    """Publish proposals of an institution; returns them."""
    return [
        enter_proposal(
            consultation, title=title, body="Texto.", origin="institution", institution=institution,
            reference=str(at), by=by,
        )
        for at, title in enumerate(titles, start=1)
    ]  # fmt: skip


def later(instant, **more):
    """Return an instant later by what timedelta takes."""
    return instant + timedelta(**more)


_SAID = (
    {
        "outcome": "group",
        "group_number": 1,
        "grade": "consensus",
        "level_full": 2,
        "level_reserved": 1,
        "votes_for": 3,
        "votes_against": 0,
        "abstentions": 1,
        "dots": 4,
        "reasons": "Es **posible** con lo que hay.",
        "reasons_against": "Cuesta mucho.",
        "dissent": "Una persona prefiere esperar.",
        "requests": "Un piloto en regiones.",
        "statements": "OGP no es el punto de presión.",
        "missing_actors": "UMGD y Subdere",
    },
    {"outcome": "no_counterpart"},
)
