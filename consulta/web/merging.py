"""Pages of moderation: what waits, and merges: made by hand, shown, taken apart and undone."""

from itertools import chain

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consulta.core.errors import Conflict, Refused, refuse_if
from consulta.merging import rules
from consulta.merging.actions import annotate_merge, take_out, undo_merge
from consulta.merging.queries import carried_tree, find_chosen, find_merge, history_of, merges_of
from consulta.proposals.queries import count_waiting, find_proposal, page_of
from consulta.proposals.rules import why_not_see
from consulta.suggestions.queries import groups_of, last_grouping
from consulta.web.comparing import members_of, near_in_words, nearest_first
from consulta.web.forms.merging import NoteForm, ReasonForm
from consulta.web.forms.refusals import attempt
from consulta.web.guards import person, signed_in
from consulta.web.merge_history import last_tally, maker_of, state_of, steps_of
from consulta.web.merge_writing import (
    done_in_words,
    merge_form,
    merged,
    moderated,
    writing_page,
    written_again,
)

merging = Blueprint("merging", __name__)


@merging.get("/consultas/<slug>/moderacion")
@signed_in
def desk(slug):
    """What waits for a moderator in one consultation, and how well the machine can help."""
    consultation = moderated(slug)
    return render_template(
        "merging/desk.html",
        consultation=consultation,
        page=groups_of(consultation, size=3),
        found_at=last_grouping(consultation),
        waiting=count_waiting(consultation),
        merges=merges_of(consultation),
        state_of=state_of,
        encoders=current_app.extensions["similarity"].status(),
        members_of=members_of,
        near=near_in_words,
    )


@merging.route("/consultas/<slug>/fusionar", methods=["GET", "POST"])
@signed_in
def compose(slug):
    """Merge proposals chosen by hand: first choose, then compare and write."""
    consultation = moderated(slug)
    if request.method == "POST":
        return _written(consultation)
    codes = [code for text in request.args.getlist("codes") for code in text.split(",")]
    try:
        chosen, wrong = find_chosen(codes, to=person()), None
    except Refused as refusal:
        chosen, wrong = [], refusal.reason
    still_searching = "q" in request.args and "comparar" not in request.args
    if len(chosen) < rules.FEWEST_PARTS or still_searching:
        return _choosing_page(consultation, chosen, wrong)
    ranked = nearest_first(consultation, chosen)
    base = next((each for each, _distance in ranked if rules.why_cannot_be_merged(each) is None), chosen[0])
    form = merge_form(consultation, parts=[each.code for each in chosen], title=base.title, body=base.body)
    return writing_page(consultation, form, ranked)


@merging.get("/fusiones/<int:id>")
def show(id):
    """One merge, for anybody: what it joins, why, who stands behind it, and how it came to stand."""
    merge = find_merge(id, to=person())
    live = [part.proposal for part in merge.parts if part.taken_out_at is None]
    inner = {part.proposal.id: part.leaves() for part in carried_tree(merge.joint).parts if part.parts}
    proposals = {merge.joint, *(part.proposal for part in merge.parts), *chain.from_iterable(inner.values())}
    may_moderate = rules.why_not_undo(person(), merge) is None
    history = history_of(merge)
    return render_template(
        "merging/show.html",
        consultation=merge.consultation,
        merge=merge,
        state=state_of(merge),
        visible={each.id for each in proposals if why_not_see(person(), each) is None},
        inner=inner,
        may_take_out={each.id for each in live if _may_take_out(merge, each)},
        may_moderate=may_moderate,
        why_cannot_undo=rules.why_cannot_undo(merge) if may_moderate else None,
        hears_objections=rules.hears_objections(merge),
        maker=maker_of(history),
        last_tally=last_tally(history),
        steps=steps_of(merge, history),
    )


@merging.route("/fusiones/<int:id>/deshacer", methods=["GET", "POST"])
@signed_in
def undo(id):
    """Undo a merge, with the reason."""
    merge = find_merge(id, to=person())
    refuse_if(rules.why_not_undo(person(), merge))
    refuse_if(rules.why_cannot_undo(merge), Conflict)
    form = ReasonForm()
    status = attempt(form, lambda: undo_merge(merge, reason=form.reason.data, by=person()))
    if status is None:
        flash(_("La fusión se deshizo. Cada propuesta volvió a estar por sí misma, con sus apoyos."), "success")
        return redirect(url_for(".show", id=id))
    return render_template("merging/undo.html", consultation=merge.consultation, merge=merge, form=form), status


@merging.route("/fusiones/<int:id>/sacar/<code>", methods=["GET", "POST"], endpoint="take_out")
@signed_in
def take_one_out(id, code):
    """Take one part out of a merge, with the reason."""
    merge, proposal = find_merge(id, to=person()), find_proposal(code, to=person())
    refuse_if(rules.why_not_take_out(person(), merge, proposal))
    refuse_if(rules.why_cannot_take_out(merge, proposal), Conflict)
    form = ReasonForm()
    status = attempt(form, lambda: take_out(merge, proposal, reason=form.reason.data, by=person()))
    if status is None:
        flash(_("La propuesta salió de la fusión y vuelve a estar por sí misma, con sus apoyos."), "success")
        return redirect(url_for(".show", id=id))
    left = sum(part.taken_out_at is None for part in merge.parts) - 1
    return render_template(
        "merging/take_out.html",
        consultation=merge.consultation,
        merge=merge,
        proposal=proposal,
        ends=left < rules.FEWEST_PARTS and rules.why_cannot_undo(merge) is None,
        form=form,
    ), status


@merging.route("/fusiones/<int:id>/nota", methods=["GET", "POST"])
@signed_in
def annotate(id):
    """Note in public how a merge stands."""
    merge = find_merge(id, to=person())
    refuse_if(rules.why_not_annotate(person(), merge))
    form = NoteForm(note=merge.note)
    status = attempt(form, lambda: annotate_merge(merge, note=form.note.data, by=person()))
    if status is None:
        flash(_("La nota se guardó y se puede leer en la página de la fusión."), "success")
        return redirect(url_for(".show", id=id))
    return render_template("merging/annotate.html", consultation=merge.consultation, merge=merge, form=form), status


def _written(consultation):
    """Answer a merge that was sent: make it, or show the page again with all that was typed and why not."""
    form = merge_form(consultation)
    merge, status = merged(form, consultation)
    if merge is None:
        return written_again(consultation, form), status
    flash(done_in_words(merge.joint.supporters), "success")
    return redirect(url_for(".show", id=merge.id))


def _choosing_page(consultation, chosen, wrong):
    words = request.args.get("q", "")[:200]
    page = page_of(consultation, to=person(), words=words, state="published", after=request.args.get("desde"))
    taken = {each.id for each in chosen}
    return render_template(
        "merging/choose.html",
        consultation=consultation,
        chosen=chosen,
        wrong=wrong,
        words=words,
        page=page,
        offered=[each for each in page.proposals if each.id not in taken],
        is_first="desde" not in request.args,
    )


def _may_take_out(merge, proposal):
    who = person()
    return not (rules.why_not_take_out(who, merge, proposal) or rules.why_cannot_take_out(merge, proposal))
