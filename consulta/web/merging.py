"""Pages of moderation: what waits, groups of similar proposals, and merges made, taken apart and undone."""

from itertools import chain

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consulta.consultations.queries import find_consultation
from consulta.consultations.rules import why_not_moderate, why_phase_forbids
from consulta.core.clock import now
from consulta.core.errors import Conflict, NotFound, Refused, refuse_if
from consulta.merging import rules
from consulta.merging.actions import annotate_merge, merge_proposals, take_out, undo_merge
from consulta.merging.queries import (
    carried_tree,
    find_chosen,
    find_merge,
    history_of,
    merge_made_of,
    merges_of,
    recent_sessions,
    who_made,
)
from consulta.proposals.queries import count_waiting, find_proposal, page_of
from consulta.proposals.rules import why_not_see
from consulta.suggestions.queries import find_group, groups_of, last_grouping
from consulta.votes.queries import people_behind
from consulta.web.comparing import compared, members_of, near_in_words, nearest_first
from consulta.web.forms.merging import MergeForm, NoteForm, ReasonForm
from consulta.web.forms.refusals import attach
from consulta.web.guards import person, signed_in, whole_number
from consulta.web.merge_history import last_tally, maker_of, state_of, steps_of

merging = Blueprint("merging", __name__)


@merging.get("/consultas/<slug>/moderacion")
@signed_in
def desk(slug):
    """What waits for a moderator in one consultation, and how well the machine can help."""
    consultation = _moderated(slug)
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


@merging.get("/consultas/<slug>/grupos")
@signed_in
def groups(slug):
    """The queue of suggested groups, those first whose merge would settle most."""
    consultation = _moderated(slug)
    after = whole_number(request.args.get("desde"))
    page = groups_of(consultation, after=after)
    return render_template(
        "merging/groups.html",
        consultation=consultation,
        page=page,
        found_at=last_grouping(consultation),
        next_url=page.next_key and url_for(".groups", slug=slug, desde=page.next_key),
        first_url=url_for(".groups", slug=slug) if after else None,
        members_of=members_of,
        near=near_in_words,
    )


@merging.route("/grupos/<int:id>", methods=["GET", "POST"])
@signed_in
def group(id):
    """One suggested group side by side: choose which are one, write the joint proposal, merge."""
    try:
        found = find_group(id, to=person())
    except NotFound:
        if request.method == "GET":
            raise
        # Somebody was first, or the machine dropped the group, while this form lay open: what was typed is kept.
        return _written(_moderated(MergeForm().consultation.data))
    if request.method == "POST":
        return _written(found.consultation, found)
    base = next(member.proposal for member in found.members if member.is_base)
    live = [each.proposal.code for each in found.members if rules.why_cannot_be_merged(each.proposal) is None]
    form = _form(found.consultation, parts=live, title=base.title, body=base.body)
    return _group_page(found, form)


@merging.route("/consultas/<slug>/fusionar", methods=["GET", "POST"])
@signed_in
def compose(slug):
    """Merge proposals chosen by hand: first choose, then compare and write."""
    consultation = _moderated(slug)
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
    form = _form(consultation, parts=[each.code for each in chosen], title=base.title, body=base.body)
    return _writing_page(consultation, form, ranked)


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
    status = _attempt(form, lambda: undo_merge(merge, reason=form.reason.data, by=person()))
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
    status = _attempt(form, lambda: take_out(merge, proposal, reason=form.reason.data, by=person()))
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
    status = _attempt(form, lambda: annotate_merge(merge, note=form.note.data, by=person()))
    if status is None:
        flash(_("La nota se guardó y se puede leer en la página de la fusión."), "success")
        return redirect(url_for(".show", id=id))
    return render_template("merging/annotate.html", consultation=merge.consultation, merge=merge, form=form), status


def _moderated(slug):
    consultation = find_consultation(slug or "", to=person())
    refuse_if(why_not_moderate(person(), consultation))
    return consultation


def _form(consultation, **values):
    sessions = [(str(each.id), f"{each.table.title}: {each.title}") for each in recent_sessions(consultation)]
    return MergeForm(consultation=consultation.slug, sessions=sessions, **values)


def _attempt(form, act):
    """Perform `act` if the form was sent and is whole; return None when it is done, else the status to answer with."""
    if not form.is_submitted():
        return 200
    if not form.validate():
        return 422
    try:
        act()
    except Refused as refusal:
        attach(form, refusal)
        return refusal.status
    return None


def _written(consultation, group=None):
    """Answer a merge that was sent: make it, or show the page again with all that was typed and why not."""
    form = _form(consultation)
    made = []

    def act():
        parts = find_chosen(form.parts.data or (), to=person())
        sessions = {str(each.id): each for each in recent_sessions(consultation)}
        typed = {"title": form.title.data, "body": form.body.data, "reason": form.reason.data}
        try:
            made.append(merge_proposals(parts, session=sessions.get(form.session.data), **typed, by=person()))
        except Conflict:
            # The same form sent twice: what was asked for is done.
            if (merge := merge_made_of(parts)) is None or who_made(merge) != person():
                raise
            made.append(merge)

    status = _attempt(form, act)
    if status is None:
        people = made[0].joint.supporters
        flash(
            ngettext(
                "La fusión está hecha: la apoya %(num)s persona.",
                "La fusión está hecha: la apoyan %(num)s personas distintas.",
                people,
            ),
            "success",
        )
        return redirect(url_for(".show", id=made[0].id))
    if group is not None:
        return _group_page(group, form), status
    try:
        chosen = find_chosen(form.parts.data or (), to=person())
    except Refused:
        chosen = []
    return _writing_page(consultation, form, nearest_first(consultation, chosen)), status


def _group_page(group, form):
    ranked = [(member.proposal, member.distance) for member in group.members]
    ranked.sort(key=lambda pair: (pair[1], pair[0].id))
    return render_template(
        "merging/group.html",
        group=group,
        codes=",".join(each.code for each, _distance in ranked),
        **_comparison(group.consultation, form, ranked),
    )


def _writing_page(consultation, form, ranked):
    return render_template(
        "merging/compose.html",
        codes=",".join(each.code for each, _distance in ranked),
        **_comparison(consultation, form, ranked),
    )


def _comparison(consultation, form, ranked):
    items, words = compared(ranked, chosen=set(form.parts.data or ()))
    live = [each for each, _distance in ranked if rules.why_cannot_be_merged(each) is None]
    return {
        "consultation": consultation,
        "form": form,
        "items": items,
        "words": words,
        "tally": people_behind([each.id for each in live]),
        "parts": [(each.code, each.supporters) for each in live],
        "supports": sum(each.supporters for each in live),
        "objections_until": now() + rules.OBJECTION_WINDOW,
        "why_not_now": why_phase_forbids(consultation, "merge"),
    }


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
