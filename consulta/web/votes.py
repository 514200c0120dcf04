"""Supporting a proposal and taking the support back."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consulta.core.errors import NotFound, refuse_if
from consulta.proposals.queries import find_proposal
from consulta.proposals.rules import why_not_see
from consulta.votes.actions import cast_vote, take_back_vote
from consulta.web.guards import person, signed_in, within_site

votes = Blueprint("votes", __name__)


@votes.post("/propuestas/<code>/apoyo")
@signed_in
def cast(code):
    """Support the proposal, or the joint one that carries it.

    Asked for JSON, as from the form in which somebody writes, it answers in place: what is told, and how many support.
    """
    standing = cast_vote(find_proposal(code, to=person()), by=person())
    refuse_if(why_not_see(person(), standing), NotFound)
    if request.accept_mimetypes.best == "application/json":
        supporters = ngettext("%(num)s apoyo", "%(num)s apoyos", standing.supporters)
        return {"told": _("Ya la apoyas."), "supporters": supporters}
    flash(_("Apoyas «%(title)s».", title=standing.title), "success")
    return _back(standing)


@votes.post("/propuestas/<code>/apoyo/retirar")
@signed_in
def take_back(code):
    """Take one's support back."""
    standing = take_back_vote(find_proposal(code, to=person()), by=person())
    refuse_if(why_not_see(person(), standing), NotFound)
    flash(_("Retiraste tu apoyo a «%(title)s».", title=standing.title), "success")
    return _back(standing)


def _back(proposal):
    return redirect(within_site(request.form.get("next"), otherwise=url_for("proposals.show", code=proposal.code)))
