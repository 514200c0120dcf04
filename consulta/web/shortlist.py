"""Pages of the shortlist: what was chosen, left out and passed on, with reasons; and deciding on one proposal."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consulta.accounts.queries import institutions
from consulta.consultations.queries import find_consultation
from consulta.consultations.rules import is_moderator, why_phase_forbids
from consulta.core.errors import Conflict, refuse_if
from consulta.merging.queries import carried_tree, merges_touching, recent_sessions
from consulta.plan.queries import origins_from
from consulta.plan.rules import why_undraftable
from consulta.proposals.queries import count_by_state, find_proposal
from consulta.shortlist import rules
from consulta.shortlist.actions import leave_out, refer_proposal, reopen_decision, shortlist_proposal
from consulta.shortlist.queries import (
    decisions_on,
    heard_behind,
    live_decision,
    page_of_decided,
    page_of_undecided,
    room_name,
)
from consulta.web import labels
from consulta.web.forms.refusals import attempt
from consulta.web.forms.shortlist import DecideForm, ReopenForm
from consulta.web.guards import person, signed_in

shortlist = Blueprint("shortlist", __name__)

# The parts of the list: the word in the address, and the state of the proposals in it.
VIEWS = {
    "preseleccionadas": "shortlisted",
    "fuera": "left_out",
    "derivadas": "referred",
    "sin-decidir": "published",
}


@shortlist.get("/consultas/<slug>/preseleccion")
def index(slug):
    """List what was chosen, left out or passed on, each with its reason, and what waits for a decision."""
    consultation = find_consultation(slug, to=person())
    view = request.args.get("ver") if request.args.get("ver") in VIEWS else "preseleccionadas"
    after = request.args.get("desde")
    kind = VIEWS[view]
    if kind == "published":
        page = page_of_undecided(consultation, to=person(), after=after)
        proposals = page.rows
    else:
        page = page_of_decided(consultation, kind, to=person(), after=after)
        proposals = [decision.proposal for decision in page.rows]
    moderates = is_moderator(person(), consultation)
    return render_template(
        "shortlist/index.html",
        consultation=consultation,
        view=view,
        views=VIEWS,
        kind=kind,
        page=page,
        counts=count_by_state(consultation),
        heard=heard_behind(proposals),
        commitments=_commitments(proposals),
        moderates=moderates,
        may_draft=moderates and why_undraftable(consultation) is None,
        why_not_now=why_phase_forbids(consultation, "shortlist") if moderates else None,
        room_name=room_name,
        next_url=page.next_key and url_for(".index", slug=slug, ver=view, desde=page.next_key),
        first_url=url_for(".index", slug=slug, ver=view) if after else None,
    )


@shortlist.route("/propuestas/<code>/decidir", methods=["GET", "POST"])
@signed_in
def decide(code):
    """Decide on one proposal with all that there is to lean on, or reopen what was decided."""
    proposal = find_proposal(code, to=person())
    refuse_if(rules.why_not_decide(person(), proposal))
    sessions = recent_sessions(proposal.consultation)
    form = DecideForm(sessions=[(str(each.id), room_name(each)) for each in sessions])
    reopening = ReopenForm(prefix="reopen-")
    status = 200
    if "reopening" in request.form:
        status = attempt(reopening, lambda: _reopen(proposal, reopening))
    elif request.method == "POST":
        chosen = {str(each.id): each for each in sessions}.get(form.session.data)
        status = attempt(form, lambda: _decide(proposal, form, chosen))
    if status is None:
        return _afterwards(code)
    return _decide_page(proposal, form, reopening), status


def _decide(proposal, form, session):
    typed = {"reason": form.reason.data, "session": session, "by": person()}
    flags = {"needs_law": form.needs_law.data, "no_counterpart": form.no_counterpart.data}
    if form.decision.data == "shortlisted":
        shortlist_proposal(proposal, counterpart=form.body, **typed)
        flash(_("La propuesta quedó preseleccionada. La razón ya es pública."), "success")
    elif form.decision.data == "left_out":
        leave_out(proposal, ground=form.ground.data, referred_to=form.body, **flags, **typed)
        flash(_("La propuesta quedó fuera del plan. La causal y la razón ya son públicas."), "success")
    else:
        refer_proposal(proposal, to=form.body, **flags, **typed)
        flash(_("La propuesta quedó derivada. La razón ya es pública."), "success")


def _reopen(proposal, form):
    decision = live_decision(proposal)
    refuse_if(None if decision else _("Sobre esta propuesta ya no hay ninguna decisión que reabrir."), Conflict)
    reopen_decision(decision, reason=form.reason.data, by=person())
    flash(
        _("La decisión se reabrió. La anterior sigue a la vista con su razón, y se puede decidir de nuevo."), "success"
    )


def _afterwards(code):
    """A reopened proposal is decided anew at once; after a decision comes the next one that waits."""
    proposal = find_proposal(code, to=person())
    if proposal.state == "published":
        return redirect(url_for(".decide", code=code))
    return redirect(url_for(".index", slug=proposal.consultation.slug, ver="sin-decidir"))


def _decide_page(proposal, form, reopening):
    decisions = decisions_on(proposal)
    live = live_decision(proposal)
    why_undecidable = rules.why_undecidable(proposal)
    heard = heard_behind([proposal])[proposal.id]
    return render_template(
        "shortlist/decide.html",
        consultation=proposal.consultation,
        proposal=proposal,
        form=reopening if reopening.is_submitted() and "reopening" in request.form else form,
        deciding=form,
        reopening=reopening,
        # What was typed stays in sight even where somebody else was first.
        is_open=why_undecidable is None or (request.method == "POST" and "reopening" not in request.form),
        why_undecidable=why_undecidable,
        decision=next((each for each in decisions if each.reopened_at is None), None),
        why_unreopenable=live and rules.why_unreopenable(live),
        earlier=[each for each in decisions if each.reopened_at is not None],
        heard=heard,
        abouts=_titles_behind(proposal) if proposal.is_joint else {},
        merges=merges_touching(proposal),
        institutions=institutions(),
        labels=labels,
    )


def _titles_behind(joint):
    """Return a dictionary of id to title of what the joint proposal carries at the ends of its tree and between."""
    titles, wave = {}, list(carried_tree(joint).parts)
    while wave:
        part = wave.pop()
        titles[part.proposal.id] = part.proposal.title
        wave += part.parts
    return titles


def _commitments(proposals):
    found = {}
    for origin in origins_from([proposal.id for proposal in proposals], to=person()):
        found.setdefault(origin.proposal_id, []).append(origin)
    return found
