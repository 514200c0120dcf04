"""What the room said of each proposal, what the regions said of them, and what became of the merges it decided."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from consulta.core.extensions import db
from consulta.merging.models import Merge, MergePart
from consulta.proposals.models import Proposal
from consulta.tables.checks import dot_bounds, heads_in_room
from consulta.tables.models import LEVELS, VOTES, Session, Table
from consulta.tables.queries import results_of

TEXTS = ("reasons", "reasons_against", "dissent", "requests", "statements", "missing_actors", "count_note")


def results_told(session, results, attendances):
    """Return what `session` said of each proposal, in the order of entry, with bounds where dots were put on parts."""
    heads = heads_in_room(session, attendances)
    return [_result(each) | _bounds(session, each.proposal, results, heads) for each in results]


def regional_told(session, results):
    """Return what pooled sessions said that were read in this one.

    Those of the consultation that opened since the table's session before, up to the end of this one, speak of a
    proposal that this one speaks of, and are published. Which of their venues said what is not known.
    """
    if session.is_pooled or not results:
        return []
    return [
        {
            "session": pooled.title,
            **({"venues": pooled.venues} if pooled.venues else {}),
            **({"date_note": pooled.date_note} if pooled.date_note else {}),
            "results": [_result(each) for each in results_of(pooled)],
            **({"statements": pooled.statements} if pooled.statements else {}),
        }
        for pooled in pooled_read_in(session, {each.proposal_id for each in results})
    ]


def merges_in(session):
    """Return the merges that `session` decided, the first one first, with all that they carry or carried."""
    query = select(Merge).where(Merge.session_id == session.id).order_by(Merge.id)
    return db.session.scalars(
        query.options(
            joinedload(Merge.joint).joinedload(Proposal.wording),
            selectinload(Merge.parts).joinedload(MergePart.proposal).joinedload(Proposal.wording),
        )
    ).all()


def merges_told(session, merges, results, attendances):
    """Return `merges` with their reasons and what became of them, and the contradictions between them, as open.

    A contradiction: the session took a proposal out of one merge, and another of its merges carries it. Bounds of the
    people behind parts that got dots stand here where the room said nothing of the joint proposal itself.
    """
    heads, said = heads_in_room(session, attendances), {each.proposal_id for each in results}
    told = [
        {
            **_proposal(merge.joint),
            **_present("reference", merge.reference),
            "reason": merge.reason,
            **_present("note", merge.note),
            "state": merge.state,
            **_present("undone_reason", merge.undone_reason),
            "parts": [
                {**_proposal(part.proposal), **_present("taken_out_reason", part.taken_out_reason)}
                for part in merge.parts
            ],
            **({} if merge.joint_id in said else _bounds(session, merge.joint, results, heads)),
        }
        for merge in merges
    ]
    return {"merges": told, "contradictions": list(_contradictions(merges))}


def _contradictions(merges):
    live = [merge for merge in merges if merge.state != "undone"]
    for merge in live:
        for part in merge.parts:
            if part.taken_out_at is None:
                continue
            for other in live:
                if other is not merge and any(
                    kept.proposal_id == part.proposal_id and kept.taken_out_at is None for kept in other.parts
                ):
                    yield {
                        "proposal": _proposal(part.proposal),
                        "out_of": merge.reference or merge.joint.code,
                        "into": other.reference or other.joint.code,
                    }


def pooled_read_in(session, proposal_ids):
    """Return the published pooled sessions between the table's session before and the end of `session`."""
    before = db.session.scalar(
        select(Session.opened_at)
        .where(Session.table_id == session.table_id, Session.ordinal < session.ordinal, Session.opened_at.is_not(None))
        .order_by(Session.ordinal.desc())
        .limit(1)
    )
    until = session.submitted_at or session.ends_at or session.opened_at
    query = (
        select(Session)
        .join(Session.table)
        .where(Table.consultation_id == session.table.consultation_id, Session.is_pooled, Session.id != session.id)
        .where(Session.published_at.is_not(None), Session.opened_at <= until)
        .order_by(Session.opened_at, Session.id)
    )
    if before is not None:
        query = query.where(Session.opened_at > before)
    found = db.session.scalars(query).all()
    return [each for each in found if proposal_ids & {result.proposal_id for result in each.results}]


def _result(result):
    proposal = result.proposal
    origin = proposal.institution.name if proposal.institution else None
    levels = {name: n for name in LEVELS if (n := getattr(result, name)) is not None}
    votes = {name: n for name in VOTES if (n := getattr(result, name)) is not None}
    return {
        **_proposal(proposal),
        "origin": proposal.origin,
        **_present("institution", origin),
        "outcome": result.outcome,
        **_present("group_number", result.group_number),
        **_present("grade", result.grade),
        **_present("levels", levels or None),
        **_present("votes", votes or None),
        **_present("dots", result.dots),
        **{name: text for name in TEXTS if (text := getattr(result, name))},
        **({"made_here": True} if result.made_here else {}),
        **({"is_inferred": True} if result.is_inferred else {}),
    }


def _bounds(session, joint, results, heads):
    """Return how many people may stand behind a joint proposal whose parts got dots here, at least and at most."""
    parts = [each.dots for each in results if each.dots and _is_carried_by(each.proposal, joint)]
    if not parts:
        return {}
    bounds = dot_bounds(parts, per_proposal=session.dots_per_proposal, per_person=session.dots_per_person, heads=heads)
    return {"dots_of_parts": parts, "people_at_least": bounds.least, "people_at_most": bounds.most}


def _is_carried_by(proposal, joint):
    return proposal.id != joint.id and joint.is_joint and joint.id in (proposal.carried_by_id, proposal.head_id)


def _proposal(proposal):
    return {"code": proposal.code, "title": proposal.title, **_present("reference", proposal.reference)}


def _present(name, value):
    return {} if value is None else {name: value}
