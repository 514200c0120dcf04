"""Merging proposals into a joint one, taking parts out, and undoing.

A merge changes none of its parts' texts or votes. It holds every row of the tree it moves, in ascending order, so that
a vote that arrives meanwhile is either counted by it or waits and finds the joint proposal (attacks.md C7, C8, C11).
"""

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from consulta.core.clock import now
from consulta.core.errors import Conflict, Invalid, check, refuse_if
from consulta.core.extensions import db
from consulta.core.record import record, vocabulary
from consulta.core.text import clean_line, clean_text
from consulta.core.work import action, lock
from consulta.merging.models import Merge, MergePart
from consulta.merging.queries import merge_carrying, tree_ids, who_made
from consulta.merging.rules import (
    FEWEST_PARTS,
    NOTE_LIMIT,
    OBJECTION_WINDOW,
    REASON_LIMIT,
    why_cannot_merge_now,
    why_cannot_settle,
    why_cannot_take_out,
    why_cannot_undo,
    why_foreign_session,
    why_no_merge_of,
    why_not_annotate,
    why_not_merge,
    why_not_settle,
    why_not_take_out,
    why_not_undo,
)
from consulta.proposals.actions import carry, move_proposal, release, write_joint
from consulta.proposals.models import Proposal
from consulta.suggestions.actions import note_merged, note_parted
from consulta.votes.actions import recount

vocabulary(
    {
        "merge.made": ("joint", "parts", "tallies", "tally", "objections_until"),
        "merge.part_taken_out": ("joint", "part", "tally", "part_tally"),
        "merge.settled": ("joint", "tally"),
        "merge.undone": ("joint", "parts", "tallies", "tally"),
        "merge.annotated": ("joint",),
    }
)


@action
def merge_proposals(proposals, *, title, body, reason, session=None, reference=None, note=None, by):
    """Write a joint proposal that carries `proposals`, which keep text, address and votes; returns the Merge.

    session: the one that decided it, where one did. reference: the label a source gives the merge. note: what the
    public should know about how it stands. Raises NotAllowed for a person who moderates another consultation, Invalid
    for what was typed or chosen, Conflict where a proposal cannot be merged (any more), naming who was first.
    """
    proposals = list({proposal.id: proposal for proposal in proposals}.values())
    check(why_not_merge, by, proposals)
    reason = clean_text(reason, REASON_LIMIT, field="reason")
    note = clean_text(note, NOTE_LIMIT, field="note", required=False) or None
    reference = clean_line(reference, 40, required=False) or None
    _refuse_choice("parts", why_no_merge_of(proposals))
    consultation = proposals[0].consultation
    _refuse_choice("session", why_foreign_session(session, consultation))
    _hold(proposals)
    refuse_if(_why_late(proposals), Conflict)
    refuse_if(why_cannot_merge_now(proposals), Conflict)

    tallies = [proposal.supporters for proposal in proposals]
    joint = write_joint(
        consultation, title=title, body=body, theme=_shared_theme(proposals), reference=reference, by=by
    )
    merge = Merge(
        consultation_id=consultation.id,
        joint_id=joint.id,
        reference=reference,
        session_id=session.id if session is not None else None,
        reason=reason,
        note=note,
        made_at=now(),
        objections_until=now() + OBJECTION_WINDOW,
        parts=[
            MergePart(proposal_id=proposal.id, supporters_then=tally)
            for proposal, tally in zip(proposals, tallies, strict=True)
        ],
    )
    db.session.add(merge)
    carry(proposals, joint, by=by)
    tally = recount(joint, by=by)
    note_merged(proposals, by=by)
    record(
        "merge.made",
        merge,
        by=by,
        within=consultation,
        body=session,
        reason=reason,
        joint=joint.code,
        parts=[proposal.code for proposal in proposals],
        tallies=tallies,
        tally=tally,
        objections_until=merge.objections_until.isoformat(timespec="seconds"),
    )
    return merge


@action
def take_out(merge, proposal, *, reason, by):
    """Let one part stand for itself again, with its own supporters; the merge goes on with the others.

    Where fewer than two would be left, the merge is undone. Raises NotAllowed, or Conflict where it is not a part
    (any more) or something was decided of the joint proposal.
    """
    check(why_not_take_out, by, merge, proposal)
    reason = clean_text(reason, REASON_LIMIT, field="reason")
    _hold_merge(merge)
    refuse_if(why_cannot_take_out(merge, proposal), Conflict)
    part = next(part for part in merge.parts if part.proposal_id == proposal.id)
    part.taken_out_at, part.taken_out_reason = now(), reason
    release([proposal], by=by)
    others = [each.proposal for each in _live_parts(merge)]
    note_parted([[proposal], [merge.joint, *others]], by=by)
    part_tally = recount(proposal, by=by)
    tally = recount(merge.joint, by=by)
    above = merge.joint.carried_by
    while above is not None:
        recount(above, by=by)
        above = above.carried_by
    record(
        "merge.part_taken_out",
        merge,
        by=by,
        within=merge.consultation,
        reason=reason,
        joint=merge.joint.code,
        part=proposal.code,
        tally=tally,
        part_tally=part_tally,
    )
    # A joint proposal with one part would only be that part in other words. Carried by another merge it stays: the
    # other one was made of it.
    if len(_live_parts(merge)) < FEWEST_PARTS and why_cannot_undo(merge) is None:
        _dissolve(merge, reason, by)
    return merge


@action
def undo_merge(merge, *, reason, by):
    """Let all parts stand for themselves again, each with its own supporters; the joint proposal is withdrawn.

    Votes that were cast for the joint proposal itself stay stored with it. Raises NotAllowed, or Conflict where it was
    undone already, is carried by another merge, or something was decided of it.
    """
    check(why_not_undo, by, merge)
    reason = clean_text(reason, REASON_LIMIT, field="reason")
    _hold_merge(merge)
    refuse_if(why_cannot_undo(merge), Conflict)
    _dissolve(merge, reason, by)
    return merge


@action
def settle_merge(merge, *, by):
    """Close the objection window of a merge that ran out: from now on only moderators can take parts out."""
    check(why_not_settle, by, merge)
    (merge,) = lock(merge)
    refuse_if(why_cannot_settle(merge), Conflict)
    merge.state, merge.settled_at = "settled", now()
    joint = merge.joint
    record("merge.settled", merge, by=by, within=merge.consultation, joint=joint.code, tally=joint.supporters)
    return merge


@action
def annotate_merge(merge, *, note, by):
    """Put `note`, which the public reads, in place of what was noted of how the merge stands."""
    check(why_not_annotate, by, merge)
    note = clean_text(note, NOTE_LIMIT, field="note")
    (merge,) = lock(merge)
    merge.note = note
    record("merge.annotated", merge, by=by, within=merge.consultation, reason=note, joint=merge.joint.code)
    return merge


def _hold(proposals):
    """Lock `proposals` and all that they carry, the lowest id first: the way a vote goes from a part to its head."""
    held = set()
    while missing := tree_ids(proposals) - held:
        lock(*db.session.scalars(select(Proposal).where(Proposal.id.in_(missing))))
        held |= missing


def _hold_merge(merge):
    """Lock the whole tree that a merge is in, then the merge and its parts, and read them again."""
    held = None
    while (head := merge.joint.head or merge.joint).id != held:
        _hold([head])
        held = head.id
    lock(merge)
    lock(*merge.parts)


def _dissolve(merge, reason, by):
    joint, tally = merge.joint, merge.joint.supporters
    freed = [part.proposal for part in _live_parts(merge)]
    release(freed, by=by)
    note_parted([[joint], *([proposal] for proposal in freed)], by=by)
    tallies = [recount(proposal, by=by) for proposal in freed]
    move_proposal(joint, "withdrawn", by=by)
    recount(joint, by=by)
    merge.state, merge.settled_at = "undone", None
    merge.undone_at, merge.undone_reason = now(), reason
    record(
        "merge.undone",
        merge,
        by=by,
        within=merge.consultation,
        body=merge.session,
        reason=reason,
        joint=joint.code,
        parts=[proposal.code for proposal in freed],
        tallies=tallies,
        tally=tally,
    )


def _live_parts(merge):
    return [part for part in merge.parts if part.taken_out_at is None]


def _shared_theme(proposals):
    themes = {proposal.theme for proposal in proposals}
    return themes.pop() if len(themes) == 1 else None


def _why_late(proposals):
    """Tell who merged the first of `proposals` that is in a merge already, or return None."""
    merge = next((merge for proposal in proposals if (merge := merge_carrying(proposal))), None)
    if merge is None:
        return None
    taken = ", ".join(p.code for p in proposals if p.carried_by_id == merge.joint_id)
    first = who_made(merge)
    if first is None:
        return _("Las propuestas %(codes)s ya están en la fusión %(joint)s.", codes=taken, joint=merge.joint.code)
    return _(
        "%(who)s llegó primero: ya fusionó %(codes)s en la propuesta conjunta %(joint)s. Revisa esa fusión antes de "
        "hacer otra.",
        who=first.name,
        codes=taken,
        joint=merge.joint.code,
    )


def _refuse_choice(field, reason):
    if reason is not None:
        raise Invalid(field, reason)
