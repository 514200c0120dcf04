"""Decide what becomes of a proposal, always with a reason, and reopen what was decided."""

from consulta.accounts.actions import found_institution
from consulta.accounts.models import Institution
from consulta.core.clock import now
from consulta.core.errors import Conflict, Invalid, check, refuse_if
from consulta.core.extensions import db
from consulta.core.record import record, vocabulary
from consulta.core.text import clean_text
from consulta.core.work import action, lock
from consulta.proposals.actions import move_proposal
from consulta.shortlist.models import GROUNDS, Decision
from consulta.shortlist.rules import (
    why_not_decide,
    why_not_reopen,
    why_session_is_foreign,
    why_undecidable,
    why_unreopenable,
)

REASON_LIMIT = 4000

vocabulary(
    {
        "proposal.shortlisted": ("code", "decision", "counterpart"),
        "proposal.left_out": ("code", "decision", "ground", "needs_law", "no_counterpart", "referred_to"),
        "proposal.referred": ("code", "decision", "needs_law", "no_counterpart", "referred_to"),
        "decision.reopened": ("code", "kind"),
    }
)


@action
def shortlist_proposal(proposal, *, reason, counterpart, session=None, by):
    """Choose `proposal` for the plan; returns the Decision.

    counterpart: the Institution that would carry it out, or a (name, sector) pair to be founded. session: the
    Session that decided it, where one did. Raises NotAllowed, Conflict for a proposal that is not open to a
    decision (any more), Invalid for an empty reason.
    """
    proposal = _taken_up(proposal, session, by)
    institution = _institution(counterpart, by)
    decision = _decide(proposal, "shortlisted", reason, session, by, counterpart=institution)
    _tell(decision, session, by, counterpart=institution.name)
    return decision


@action
def leave_out(proposal, *, ground, reason, needs_law=False, no_counterpart=False, referred_to=None, session=None, by):
    """Leave `proposal` out of the plan on one of GROUNDS; returns the Decision.

    needs_law, no_counterpart: facts of their own beside the ground, which sets its own. referred_to: an
    Institution (or a pair to be founded) to which it is also passed on. Raises as `shortlist_proposal` does.
    """
    if ground not in GROUNDS:
        raise ValueError(f"{ground} is no ground")
    proposal = _taken_up(proposal, session, by)
    facts = {
        "needs_law": bool(needs_law) or ground == "needs_law",
        "no_counterpart": bool(no_counterpart) or ground == "no_counterpart",
    }
    institution = _institution(referred_to, by)
    decision = _decide(proposal, "left_out", reason, session, by, ground=ground, referred_to=institution, **facts)
    _tell(decision, session, by, ground=ground, referred_to=institution and institution.name, **facts)
    return decision


@action
def refer_proposal(proposal, *, to, reason, needs_law=False, no_counterpart=False, session=None, by):
    """Pass `proposal` on to the institution `to` (or a pair to be founded), whose matter it is.

    Returns the Decision; raises as `shortlist_proposal` does.
    """
    proposal = _taken_up(proposal, session, by)
    facts = {"needs_law": bool(needs_law), "no_counterpart": bool(no_counterpart)}
    institution = _institution(to, by)
    decision = _decide(proposal, "referred", reason, session, by, referred_to=institution, **facts)
    _tell(decision, session, by, referred_to=institution.name, **facts)
    return decision


@action
def reopen_decision(decision, *, reason, by):
    """Take `decision` back, so that its proposal can be decided on anew; it stays as history with both reasons.

    Raises Conflict where it was reopened already or its proposal has moved on.
    """
    lock(decision.proposal)
    (decision,) = lock(decision)
    check(why_not_reopen, by, decision)
    refuse_if(why_unreopenable(decision), Conflict)
    decision.reopened_reason = clean_text(reason, REASON_LIMIT, field="reason")
    decision.reopened_at = now()
    move_proposal(decision.proposal, "published", by=by)
    record(
        "decision.reopened",
        decision,
        by=by,
        within=decision.proposal.consultation,
        reason=decision.reopened_reason,
        code=decision.proposal.code,
        kind=decision.kind,
    )
    return decision


def _taken_up(proposal, session, by):
    """Hold the proposal and refuse whoever may not decide on it, or not now."""
    (proposal,) = lock(proposal)
    check(why_not_decide, by, proposal)
    refuse_if(why_undecidable(proposal), Conflict)
    if reason := why_session_is_foreign(session, proposal):
        raise Invalid("session", reason)
    return proposal


def _decide(proposal, kind, reason, session, by, **facts):
    decision = Decision(
        proposal=proposal,
        kind=kind,
        reason=clean_text(reason, REASON_LIMIT, field="reason"),
        session=session,
        decided_at=now(),
        **facts,
    )
    db.session.add(decision)
    move_proposal(proposal, kind, by=by)
    db.session.flush()
    return decision


def _institution(given, by):
    if given is None or isinstance(given, Institution):
        return given
    name, sector = given
    return found_institution(name, sector, by=by)


def _tell(decision, session, by, **details):
    proposal = decision.proposal
    record(
        f"proposal.{decision.kind}",
        proposal,
        by=by,
        within=proposal.consultation,
        body=session,
        reason=decision.reason,
        code=proposal.code,
        decision=decision.id,
        **details,
    )
