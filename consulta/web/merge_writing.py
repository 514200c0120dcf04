"""Writing the joint proposal of a merge: the form, what happens when it is sent, and the page that compares by hand."""

from flask import render_template
from flask_babel import ngettext

from consulta.consultations.queries import find_consultation
from consulta.consultations.rules import why_not_moderate, why_phase_forbids
from consulta.core.clock import now
from consulta.core.errors import Conflict, Refused, refuse_if
from consulta.merging import rules
from consulta.merging.actions import merge_proposals
from consulta.merging.queries import find_chosen, merge_made_of, recent_sessions, who_made
from consulta.votes.queries import people_behind
from consulta.web.comparing import compared, nearest_first
from consulta.web.forms.merging import MergeForm
from consulta.web.forms.refusals import attempt
from consulta.web.guards import person


def moderated(slug):
    """Return the consultation at `slug`; raises NotAllowed for whoever does not moderate it."""
    consultation = find_consultation(slug or "", to=person())
    refuse_if(why_not_moderate(person(), consultation))
    return consultation


def merge_form(consultation, **values):
    """Return the form of a merge in `consultation`, filled with what was sent, or else with `values`."""
    sessions = [(str(each.id), f"{each.table.title}: {each.title}") for each in recent_sessions(consultation)]
    return MergeForm(consultation=consultation.slug, sessions=sessions, **values)


def merged(form, consultation):
    """Make the merge that was sent with `form`; returns (Merge or None, the status to answer with if none)."""
    made = []

    def act():
        parts = find_chosen(form.parts.data or (), to=person())
        sessions = {str(each.id): each for each in recent_sessions(consultation)}
        typed = {"title": form.title.data, "body": form.body.data, "reason": form.why()}
        try:
            made.append(merge_proposals(parts, session=sessions.get(form.session.data), **typed, by=person()))
        except Conflict:
            # The same form sent twice: what was asked for is done.
            if (merge := merge_made_of(parts)) is None or who_made(merge) != person():
                raise
            made.append(merge)

    status = attempt(form, act)
    return (made[0], None) if status is None else (None, status)


def done_in_words(people):
    """Say that a merge is made, with how many distinct `people` stand behind it."""
    return ngettext(
        "La fusión está hecha: la apoya %(num)s persona.",
        "La fusión está hecha: la apoyan %(num)s personas distintas.",
        people,
    )


def writing_page(consultation, form, ranked):
    """Show proposals chosen by hand side by side, and the form; ranked: as `comparing.nearest_first` gives them."""
    return render_template(
        "merging/compose.html",
        codes=",".join(each.code for each, _distance in ranked),
        **compared(ranked, chosen=set(form.parts.data or ())),
        **writing(consultation, form, [each for each, _distance in ranked]),
    )


def written_again(consultation, form):
    """Show what was typed again, with whatever of the chosen proposals can still be seen."""
    try:
        chosen = find_chosen(form.parts.data or (), to=person())
    except Refused:
        chosen = []
    return writing_page(consultation, form, nearest_first(consultation, chosen))


def writing(consultation, form, proposals):
    """Return what the form of a merge is shown with: who stands behind `proposals`, and what forbids it now."""
    live = [each for each in proposals if rules.why_cannot_be_merged(each) is None]
    return {
        "consultation": consultation,
        "form": form,
        "tally": people_behind([each.id for each in live]),
        "parts": [(each.code, each.supporters) for each in live],
        "supports": sum(each.supporters for each in live),
        "objections_until": now() + rules.OBJECTION_WINDOW,
        "why_not_now": why_phase_forbids(consultation, "merge"),
    }
