"""The moderator's workbench: the queue of suggested groups, one group after another, and what was kept apart.

Every step is a form that is sent, done and answered with the next page; sent twice, it is done once.
"""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consulta.core.clock import now
from consulta.core.errors import NotFound, Refused
from consulta.core.pulse import pulse_of
from consulta.merging.queries import find_chosen, merge_carrying, who_made
from consulta.merging.rules import why_cannot_be_merged
from consulta.suggestions.actions import pull_in as pull_in_group
from consulta.suggestions.actions import reconsider as compare_again
from consulta.suggestions.actions import tell_apart
from consulta.suggestions.finding import found_of
from consulta.suggestions.queries import (
    count_apart,
    count_queue,
    find_group,
    first_group_id,
    group_at,
    group_holding,
    groups_of,
    last_grouping,
    members_in_order,
    neighbours_in_queue,
    people_behind_groups,
    told_apart,
    verdict_on,
)
from consulta.suggestions.rules import MOST_JUDGED
from consulta.web import group_page, last_step
from consulta.web.comparing import members_of, near_in_words
from consulta.web.forms.merging import MergeForm
from consulta.web.guards import person, signed_in, whole_number
from consulta.web.merge_writing import done_in_words, merge_form, merged, moderated, writing, written_again

workbench = Blueprint("workbench", __name__)


@workbench.get("/consultas/<slug>/grupos")
@signed_in
def queue(slug):
    """The queue of suggested groups: re-posts first, then those whose merge would settle most."""
    consultation = moderated(slug)
    after = whole_number(request.args.get("desde"))
    page = groups_of(consultation, after=after)
    return render_template(
        "workbench/queue.html",
        consultation=consultation,
        page=page,
        counted=count_queue(consultation),
        found_at=last_grouping(consultation),
        work=_work_on(consultation),
        first_id=first_group_id(consultation),
        next_url=page.next_key and url_for(".queue", slug=slug, desde=page.next_key),
        first_url=url_for(".queue", slug=slug) if after else None,
        members_of=members_of,
        near=near_in_words,
        step=last_step.taken(),
    )


@workbench.get("/consultas/<slug>/grupos/avance")
@signed_in
def progress(slug):
    """How far the machine is with the groups of a consultation: a piece of the queue's page, asked for by script."""
    consultation = moderated(slug)
    return render_template(
        "workbench/_progress.html",
        consultation=consultation,
        work=_work_on(consultation),
        found_at=last_grouping(consultation),
    )


@workbench.route("/grupos/<int:id>", methods=["GET", "POST"])
@signed_in
def group(id):
    """One suggested group side by side; sent, its merge."""
    found = _found(id)
    if request.method == "GET":
        return _gone() if found is None else _page(found)
    # Where somebody was first, or the machine dropped the group, while this form lay open, what was typed is kept.
    consultation = moderated(MergeForm().consultation.data) if found is None else found.consultation
    form, following = merge_form(consultation), _following(found) if found is not None else (None, 1)
    merge, status = merged(form, consultation)
    if merge is None:
        return (written_again(consultation, form) if found is None else _page(found, form)), status
    if "onward" in request.form:
        last_step.note("merged", merge=merge.id, people=merge.joint.supporters)
        return redirect(_next(consultation, *following))
    flash(done_in_words(merge.joint.supporters), "success")
    return redirect(url_for("merging.show", id=merge.id))


@workbench.post("/grupos/<int:id>/sacar")
@signed_in
def drop(id):
    """Take one member out of a group: it does not ask for the same as the others."""

    def act(proposals):
        dropped = [each for each in proposals if each.code == request.form.get("drop")]
        if not dropped:
            _unless_told(_("Esa propuesta ya no está en este grupo."))
            return
        tell_apart([dropped, [each for each in proposals if each not in dropped]], by=person())
        last_step.note("dropped", dropped=dropped[0].code, codes=[each.code for each in proposals])

    return _stepped(id, act)


@workbench.post("/grupos/<int:id>/separar")
@signed_in
def split(id):
    """Split a group in two: the members that are ticked, and the rest."""

    def act(proposals):
        ticked = set(request.form.getlist("marked"))
        one = [each for each in proposals if each.code in ticked]
        other = [each for each in proposals if each.code not in ticked]
        if ticked and not one:
            _unless_told(_("Esas propuestas ya no están en este grupo."))
            return
        tell_apart([one, other], by=person())
        smaller = min(one, other, key=len)
        their_group = group_holding(smaller[0])
        codes = [each.code for each in proposals]
        last_step.note("split", codes=codes, moved=len(smaller), other=their_group and their_group.id)

    return _stepped(id, act)


@workbench.post("/grupos/<int:id>/no-son-lo-mismo")
@signed_in
def not_the_same(id):
    """Keep every member of a group apart from every other, and go on to the next group."""

    def act(proposals):
        tell_apart([[each] for each in proposals], by=person())
        last_step.note("not_the_same", codes=[each.code for each in proposals])

    return _stepped(id, act)


@workbench.post("/grupos/<int:id>/sumar")
@signed_in
def pull_in(id):
    """Pull a proposal into a group that the machine did not put there."""
    found = _found(id)
    if found is None:
        return _gone()
    try:
        (proposal,) = find_chosen(request.form.getlist("code")[:1], to=person()) or [None]
        if proposal is not None and group_holding(proposal) != found:
            pull_in_group(found, proposal, by=person())
            last_step.note("pulled_in", code=proposal.code)
    except Refused as refusal:
        flash(refusal.reason, "warning")
    return redirect(url_for(".group", id=id))


@workbench.get("/consultas/<slug>/separadas")
@signed_in
def apart(slug):
    """The pairs that were told apart, the newest first."""
    consultation = moderated(slug)
    before = whole_number(request.args.get("antes"))
    verdicts, next_key = told_apart(consultation, before=before)
    return render_template(
        "workbench/apart.html",
        consultation=consultation,
        verdicts=verdicts,
        total=count_apart(consultation),
        next_url=next_key and url_for(".apart", slug=slug, antes=next_key),
        first_url=url_for(".apart", slug=slug) if before else None,
        step=last_step.taken(),
    )


@workbench.post("/consultas/<slug>/separadas")
@signed_in
def reconsider(slug):
    """Let proposals that were told apart be compared again; to undo a step, their group stands again at once."""
    consultation = moderated(slug)
    back, again = url_for(".apart", slug=slug), None
    try:
        proposals = find_chosen(request.form.getlist("codes"), to=person())
        if "again" in request.form:
            back = url_for(".queue", slug=slug)
            ids = [each.id for each in proposals]
            again = found_of(consultation, current_app.extensions["similarity"], ids)
        stands = compare_again(proposals, again=again, by=person())
        last_step.note("reconsidered")
        back = url_for(".group", id=stands.id) if stands is not None else back
    except Refused as refusal:
        flash(refusal.reason, "warning")
    return redirect(back)


def _work_on(consultation):
    """Return how the machine is with the groups of a consultation: state, and done and out_of where it is at it."""
    pulse = pulse_of(f"suggest_groups:{consultation.id}")
    if pulse is not None and pulse.claimed_until is not None and pulse.claimed_until > now():
        return {"state": "under_way", "done": pulse.done, "out_of": pulse.out_of}
    return {"state": "failed" if pulse is not None and pulse.parked else "at_rest"}


def _page(group, form=None):
    members, total = members_in_order(group, most=MOST_JUDGED)
    proposals, consultation = [each.proposal for each in members], group.consultation
    shown = group_page.shown(consultation, proposals, base=request.args.get("base"))
    if form is None:
        live = [each.code for each in proposals if why_cannot_be_merged(each) is None]
        quick = "resent" if group.is_certain else None
        form = merge_form(consultation, parts=live, title=shown["base"].title, body=shown["base_text"], quick=quick)
    words = request.args.get("q", "")[:200]
    previous, following, place, in_queue = neighbours_in_queue(group)
    return render_template(
        "workbench/group.html",
        group=group,
        total=total,
        people=people_behind_groups([group])[group.id],
        previous=previous,
        following=following,
        place=place,
        in_queue=in_queue,
        words=words,
        offered=group_page.offered(consultation, proposals, shown["base"], words, to=person()),
        taken=_who_merged(proposals),
        codes=[each.code for each in proposals],
        step=last_step.taken(),
        **shown,
        **writing(consultation, form, proposals),
    )


def _found(id):
    """Return the group, or None where it is gone; raises NotAllowed for whoever does not moderate."""
    try:
        return find_group(id, to=person())
    except NotFound:
        # Without knowing of which consultation it was there is nowhere to go on.
        if not (request.values.get("consulta") or request.form.get("consultation")):
            raise
        return None


def _stepped(id, act):
    """Do one step with the members of a group that were on the page, and go on: here, or to the next group."""
    found = _found(id)
    if found is None:
        return _gone()
    consultation, following = found.consultation, _following(found)
    held = {each.proposal for each in members_in_order(found, most=MOST_JUDGED)[0]}
    try:
        seen = find_chosen(request.form.getlist("codes"), to=person())
        act([each for each in seen if each in held and why_cannot_be_merged(each) is None])
    except Refused as refusal:
        flash(refusal.reason, "warning")
    return redirect(_here(id) or _next(consultation, *following))


def _unless_told(words):
    """Tell that a step had nothing to do, unless it was sent twice: the first time tells what it did."""
    if not last_step.is_noted():
        flash(words, "info")


def _here(id):
    """Return the address of a group, or None where a step left nothing of it."""
    try:
        find_group(id, to=person())
    except NotFound:
        return None
    return url_for(".group", id=id)


def _following(group):
    """Return (id of the group after this one or None, its place in the queue once this one is done)."""
    _previous, following, place, _total = neighbours_in_queue(group)
    return following, place or 1


def _next(consultation, following, place):
    """Return the address of the group that followed; at the end of the queue, of the queue."""
    if following is not None:
        # The machine may drop it before it is read: then its place leads on.
        return url_for(".group", id=following, consulta=consultation.slug, lugar=place)
    left, _proposals = count_queue(consultation)
    if left:
        flash(
            ngettext(
                "Llegaste al final de la cola. Queda %(num)s grupo por revisar.",
                "Llegaste al final de la cola. Quedan %(num)s grupos por revisar.",
                left,
            ),
            "info",
        )
    return url_for(".queue", slug=consultation.slug)


def _gone():
    """Lead from a group that is gone to the one at its place, and tell what became of it."""
    consultation = moderated(request.values.get("consulta"))
    try:
        seen = find_chosen(request.form.getlist("codes"), to=person())
    except Refused:
        seen = []
    taken = _who_merged(seen)
    if taken is not None:
        last_step.note("gone", **taken)
    elif not _is_settled(seen):  # sent twice: the first time did what was asked for, and its page tells so
        last_step.note("gone")
    following = group_at(consultation, whole_number(request.values.get("lugar")) or 1)
    return redirect(_next(consultation, following, 1) if following else url_for(".queue", slug=consultation.slug))


def _is_settled(proposals):
    """Whether the first two of `proposals` were judged already."""
    return len(proposals) > 1 and verdict_on(*proposals[:2]) is not None


def _who_merged(proposals):
    """Return what is told of the merge that took the first of `proposals` that is in one, or None."""
    first = next((each for each in proposals if each.state == "merged"), None)
    merge = merge_carrying(first) if first is not None else None
    if merge is None:
        return None
    who, joint = who_made(merge), merge.joint
    codes = ", ".join(each.code for each in proposals if each.carried_by_id == joint.id)
    return {"who": who and who.name, "codes": codes, "joint": joint.title, "merge": merge.id}
