"""Pages of proposals: the list, one proposal, writing one, and what became of it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from consulta.consultations.queries import find_consultation
from consulta.core.errors import NotAllowed, Refused, refuse_if
from consulta.merging.queries import merges_touching
from consulta.monitoring.queries import fate_of
from consulta.plan.queries import commitments_from
from consulta.proposals import rules
from consulta.proposals.actions import (
    hide_proposal,
    revise_proposal,
    start_proposal,
    submit_proposal,
    unhide_proposal,
    withdraw_proposal,
)
from consulta.proposals.queries import carried_by, find_proposal, page_of, wordings_of
from consulta.shortlist.queries import live_decision
from consulta.territories.queries import regions
from consulta.votes.queries import supported_among, votes_left
from consulta.votes.rules import why_not_collected, why_not_take_back, why_not_vote
from consulta.web import labels
from consulta.web.forms.proposals import ProposalForm, ReasonForm
from consulta.web.forms.refusals import attach
from consulta.web.guards import person, signed_in
from consulta.web.merge_history import state_of
from consulta.web.rooms_heard import rooms_heard
from consulta.web.similar import alike, codes_in, marked_words, related_to

proposals = Blueprint("proposals", __name__)

STATES = ("published", "shortlisted", "left_out", "referred")


@proposals.get("/consultas/<slug>/propuestas")
def index(slug):
    """List a consultation's proposals, searched, narrowed and in order."""
    consultation = find_consultation(slug, to=person())
    words = request.args.get("q", "")[:200]
    order = request.args.get("sort") if request.args.get("sort") in ("apoyos", "recientes") else "apoyos"
    state = request.args.get("estado") if request.args.get("estado") in STATES else None
    themes = {str(theme.id): theme for theme in consultation.themes}
    theme = themes.get(request.args.get("eje", ""))
    page = page_of(
        consultation,
        to=person(),
        words=words,
        theme_id=theme.id if theme else None,
        state=state,
        order=order,
        after=request.args.get("desde"),
    )
    chosen = {"q": words or None, "sort": order, "estado": state, "eje": theme.id if theme else None}
    return render_template(
        "proposals/index.html",
        consultation=consultation,
        page=page,
        words=words,
        order=order,
        state=state,
        state_options=[(each, labels.proposal_state(each)) for each in STATES],
        theme=theme,
        supported=supported_among(person(), page.proposals),
        why_not_propose=rules.why_not_propose(person(), consultation),
        next_url=page.next_key and url_for(".index", slug=slug, desde=page.next_key, **chosen),
        first_url=url_for(".index", slug=slug, **chosen) if request.args.get("desde") else None,
    )


@proposals.route("/consultas/<slug>/propuestas/nueva", methods=["GET", "POST"])
@signed_in
def new(slug):
    """Write a proposal: it is kept as a draft, and compared before it is sent."""
    consultation = find_consultation(slug, to=person())
    why_not = rules.why_not_propose(person(), consultation)
    if request.method == "GET":
        refuse_if(why_not)
    form = _offered(ProposalForm(), consultation)
    if form.validate_on_submit() and why_not is None:
        try:
            draft = start_proposal(consultation, **_typed(form, consultation), by=person())
            return redirect(_comparing(draft, form))
        except Refused as refusal:
            attach(form, refusal)
    if why_not is not None:
        attach(form, NotAllowed(why_not))  # the phase may have closed while somebody wrote: the text is shown again
    status = 403 if why_not is not None else 422 if form.errors else 200
    return render_template("proposals/new.html", consultation=consultation, form=form), status


@proposals.route("/propuestas/<code>/editar", methods=["GET", "POST"])
@signed_in
def edit(code):
    """Change the text of a draft, or of a proposal that nobody supports yet."""
    proposal = find_proposal(code, to=person())
    if request.method == "GET" or person().id != proposal.author_id:
        refuse_if(rules.why_not_revise(person(), proposal))
    form = ProposalForm(
        title=proposal.title,
        body=proposal.body,
        theme=proposal.theme_id or 0,
        territory=proposal.territory_id or 0,
        different=" ".join(codes_in(request.args.get("distintas"))),
    )
    _offered(form, proposal.consultation)
    if form.validate_on_submit():
        try:
            proposal = revise_proposal(proposal, **_typed(form, proposal.consultation), by=person())
            if proposal.state == "draft":
                return redirect(_comparing(proposal, form))
            flash(_("Tu propuesta tiene un texto nuevo."), "success")
            return redirect(url_for(".show", code=proposal.code))
        except Refused as refusal:
            attach(form, refusal)
    status = 422 if form.errors else 200
    return render_template(
        "proposals/edit.html", consultation=proposal.consultation, proposal=proposal, form=form
    ), status


@proposals.get("/propuestas/<code>/similares")
@signed_in
def similar(code):
    """Show the author what is already proposed, before the draft is sent."""
    proposal = find_proposal(code, to=person())
    refuse_if(rules.why_not_submit(person(), proposal))
    aside = codes_in(request.args.get("distintas"))
    near = alike(proposal.consultation, proposal.title, proposal.body, aside={proposal.code, *aside})
    return render_template(
        "proposals/similar.html",
        consultation=proposal.consultation,
        proposal=proposal,
        near=near,
        words=marked_words(proposal, [each.proposal for each in near]),
        aside=" ".join(aside),
        here=url_for(".similar", code=code, distintas=" ".join(aside) or None),
    )


@proposals.post("/propuestas/<code>/enviar")
@signed_in
def submit(code):
    """Make the draft public."""
    proposal = submit_proposal(find_proposal(code, to=person()), by=person())
    flash(_("Tu propuesta está publicada. Guarda esta dirección: aquí se ve todo lo que pase con ella."), "success")
    return redirect(url_for(".show", code=proposal.code))


@proposals.get("/propuestas/<code>")
def show(code):
    """One proposal: its text, who stands behind it in numbers, and what was said and decided of it."""
    proposal = find_proposal(code, to=person())
    if proposal.state == "draft":
        return redirect(url_for(".similar", code=code))
    head = proposal.head or proposal
    supported = supported_among(person(), [proposal, head])
    parts = carried_by(proposal) if proposal.is_joint else []
    return render_template(
        "proposals/show.html",
        consultation=proposal.consultation,
        proposal=proposal,
        head=head,
        head_is_shown=rules.why_not_see(person(), head) is None,
        supported=head.id in supported,
        why_not_vote=why_not_vote(person(), head),
        why_not_take_back=why_not_take_back(person(), head),
        why_not_collected=why_not_collected(head),
        votes_left=votes_left(person(), proposal.consultation) if person() else None,
        parts=parts,
        heard=rooms_heard(proposal, parts),
        merges=merges_touching(proposal),
        merge_words=state_of,
        decision=live_decision(proposal),
        commitments=commitments_from(proposal, to=person()),
        may_revise=rules.why_not_revise(person(), proposal) is None,
        may_withdraw=rules.why_not_withdraw(person(), proposal) is None,
        may_hide=rules.why_not_hide(person(), proposal) is None,
        related=related_to(proposal),
    )


@proposals.get("/propuestas/<code>/que-paso")
def fate(code):
    """What became of a proposal, from received to milestone."""
    proposal = find_proposal(code, to=person())
    return render_template(
        "proposals/fate.html",
        consultation=proposal.consultation,
        proposal=proposal,
        steps=fate_of(proposal, to=person()),
    )


@proposals.get("/propuestas/<code>/versiones")
def wordings(code):
    """Every wording a proposal has had."""
    proposal = find_proposal(code, to=person())
    return render_template(
        "proposals/wordings.html",
        consultation=proposal.consultation,
        proposal=proposal,
        wordings=wordings_of(proposal),
    )


@proposals.route("/propuestas/<code>/retirar", methods=["GET", "POST"])
@signed_in
def withdraw(code):
    """Take one's own proposal out of the consultation."""
    proposal = find_proposal(code, to=person())
    refuse_if(rules.why_not_withdraw(person(), proposal))
    was_draft, slug = proposal.state == "draft", proposal.consultation.slug
    # Nobody else knew of a draft, and nothing of it remains: nobody is owed a reason.
    form = FlaskForm() if was_draft else ReasonForm()
    if form.validate_on_submit():
        try:
            withdraw_proposal(proposal, reason=None if was_draft else form.reason.data, by=person())
            if was_draft:
                flash(_("El borrador se borró."), "success")
                return redirect(url_for(".index", slug=slug))
            flash(_("Tu propuesta quedó retirada. Su dirección sigue existiendo y lo dice."), "success")
            return redirect(url_for(".show", code=code))
        except Refused as refusal:
            attach(form, refusal)
    return _reason_page(proposal, form, "withdraw"), 422 if form.errors else 200


@proposals.route("/propuestas/<code>/ocultar", methods=["GET", "POST"])
@signed_in
def hide(code):
    """Hide a proposal for abuse, or show it again; with the reason."""
    proposal = find_proposal(code, to=person())
    refuse_if(rules.why_not_hide(person(), proposal))
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            # What the page offered, not what is true by now: the same form sent twice must not show the text again.
            change = unhide_proposal if request.form.get("act") == "unhide" else hide_proposal
            change(proposal, reason=form.reason.data, by=person())
            flash(_("Hecho. El motivo quedó en el registro público."), "success")
            return redirect(url_for(".show", code=code))
        except Refused as refusal:
            attach(form, refusal)
    return _reason_page(proposal, form, "hide"), 422 if form.errors else 200


def _reason_page(proposal, form, act):
    return render_template(f"proposals/{act}.html", consultation=proposal.consultation, proposal=proposal, form=form)


def _comparing(draft, form):
    return url_for(".similar", code=draft.code, distintas=" ".join(codes_in(form.different.data)) or None)


def _offered(form, consultation):
    form.offer(consultation.themes, regions(consultation.country))
    return form


def _typed(form, consultation):
    themes = {theme.id: theme for theme in consultation.themes}
    places = {region.id: region for region in regions(consultation.country)}
    return {
        "title": form.title.data,
        "body": form.body.data,
        "theme": themes.get(form.theme.data),
        "territory": places.get(form.territory.data),
    }
