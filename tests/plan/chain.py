"""A small process from proposals to a plan, with a merge within a merge, an undone one, and what may not be seen."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import event

from consulta.accounts.actions import found_institution
from consulta.core.extensions import db
from consulta.merging.actions import merge_proposals, take_out, undo_merge
from consulta.plan.actions import add_milestone, draft_commitment, open_plan
from consulta.proposals.actions import enter_proposal
from consulta.shortlist.actions import leave_out, shortlist_proposal
from consulta.tables.actions import (
    check_session,
    convene_session,
    enter_result,
    found_table,
    note_attendance,
    open_session,
    submit_session,
)
from consulta.votes.actions import cast_vote
from tests.people import make_person, make_proposal, make_public

SECRET = "Palabras que nadie entregó"


@dataclass
class Chain:
    """The rows of the process, by name."""

    consultation: object
    moderator: object
    rows: dict = field(default_factory=dict)

    def __getattr__(self, name):
        return self.rows[name]


def room(consultation, moderator, title, **more):
    """Return an open session of a thematic table that three people came to."""
    table = found_table(consultation, title=f"Mesa {title}", kind="thematic", by=moderator)
    session = convene_session(table, title=title, by=moderator, **more)
    open_session(session, by=moderator)
    note_attendance(session, [{"sector": "academia", "attended": True, "heads": 3}], by=moderator)
    return session


def build(consultation, moderator, *, author, parts=3):
    """Play the process up to the draft of the plan.

    `parts` proposals become one: the first two in an inner merge, which the outer one carries with the others. The
    first was before in a merge that was undone, the last one of all was taken out of the outer merge and left out.
    """
    chain = Chain(consultation, moderator)
    rows = chain.rows
    by = {"by": moderator}
    made = [make_proposal(consultation, author, title=f"Compras abiertas, parte {n}") for n in range(parts)]
    rows["parts"], rows["first"], rows["second"], rows["third"] = made, made[0], made[1], made[2]
    rows["apart"] = make_proposal(consultation, author, title="Reforma de la ley de datos")
    rows["entered"] = enter_proposal(
        consultation, title="Registro de obras", body="Del ministerio.", origin="institution",
        institution=found_institution("MOP", "government", by=moderator), reference="N2", **by,
    )  # fmt: skip
    rows["voters"] = [make_person(), make_person()]
    cast_vote(made[0], by=rows["voters"][0])
    cast_vote(made[1], by=rows["voters"][0])
    cast_vote(made[1], by=rows["voters"][1])

    early = room(consultation, moderator, "Primera sesión")
    enter_result(
        early, made[0], outcome="enlarge", grade="agreement", reasons="Falta el detalle.", dissent="Uno no.", **by
    )
    make_public(early, **by, second=None)
    rows["early"] = early
    pooled = room(consultation, moderator, "Regiones", is_pooled=True, venues=["Talca", "Concepción"])
    enter_result(pooled, made[2], outcome="keep", is_inferred=True, **by)
    make_public(pooled, **by, second=None)
    open_still = room(consultation, moderator, "Sin entregar")
    enter_result(open_still, made[0], outcome="leave_out", reasons=SECRET, **by)
    unread = room(consultation, moderator, "Sin publicar")
    enter_result(unread, made[0], outcome="leave_out", reasons=SECRET, **by)
    check_session(submit_session(unread, **by), by=None)

    dropped = merge_proposals(
        [made[0], rows["apart"]], title="Una de más", body="Todo.", reason="Se planteó.", reference="M2", **by
    )
    rows["dropped"] = undo_merge(dropped, reason="No se mantuvo.", **by)
    rows["inner"] = merge_proposals(
        made[:2], title="Compras", body="Dos.", reason="Piden lo mismo.", reference="M1", session=early, **by
    )
    rest = [rows["inner"].joint, *made[2:], rows["apart"]]
    rows["outer"] = merge_proposals(
        rest, title="Compras y datos", body="Todas.", reason="Se complementan.", reference="M4", **by
    )
    take_out(rows["outer"], rows["apart"], reason="Pide una ley.", **by)
    rows["joint"] = rows["outer"].joint

    late = room(consultation, moderator, "Segunda sesión")
    enter_result(late, rows["joint"], outcome="keep", grade="consensus", reasons="Hay quien la lleve.", **by)
    make_public(late, **by, second=None)
    rows["late"] = late
    buyer = found_institution("ChileCompra", "government", by=moderator)
    rows["chosen"] = shortlist_proposal(
        rows["joint"], reason="Es posible y medible.", counterpart=buyer, session=late, **by
    )
    rows["left"] = leave_out(
        rows["apart"], ground="needs_law", reason="No es del ejecutivo.", no_counterpart=True, **by
    )

    rows["plan"] = open_plan(consultation, title="Plan de prueba", period="2026-2028", **by)
    origins = [
        (rows["joint"], "certain", ""),
        (rows["apart"], "inferred", "Mismo tema."),
        (made[0], "certain", "Por nombre."),
    ]
    rows["commitment"] = draft_commitment(
        rows["plan"],
        title="Compras abiertas para todos",
        reference="C5",
        institution=buyer,
        starts_on=date(2026, 12, 1),
        origins=origins,
        notes=["La fuente se contradice."],
        **by,
    )
    rows["milestone"] = add_milestone(rows["commitment"], title="Publicar los datos", ends_on=date(2027, 6, 30), **by)
    return chain


def count_queries(act):
    """Return how many statements `act` sends."""
    sent = []

    def note(_connection, _cursor, statement, *_more):
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(sent)
