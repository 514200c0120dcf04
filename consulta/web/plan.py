"""Pages of the plan: its commitments, one commitment with all that it comes from, drafting and publishing."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consulta.accounts.queries import institutions
from consulta.consultations.queries import find_consultation
from consulta.core.errors import Invalid, NotFound, refuse_if
from consulta.monitoring.queries import progress_among, progress_of, reports_on
from consulta.plan import rules
from consulta.plan.actions import draft_into, publish_draft
from consulta.plan.queries import commitments_of, find_commitment, gaps_of, origin_of, plan_of, uncovered
from consulta.proposals.queries import count_by_state, find_proposal
from consulta.shortlist.queries import shortlisted
from consulta.web.forms.plan import MOST_ROWS, CommitmentForm
from consulta.web.forms.refusals import attempt
from consulta.web.guards import person, signed_in
from consulta.web.origin_words import chain_of, named_in

plan = Blueprint("plan", __name__)


@plan.get("/consultas/<slug>/plan")
def show(slug):
    """The plan with its commitments; before its draft is published, to the moderators alone."""
    consultation = find_consultation(slug, to=person())
    shown = plan_of(consultation, to=person())
    moderates = rules.why_not_draft(person(), consultation) is None
    commitments = commitments_of(shown, to=person()) if shown else []
    return render_template(
        "plan/show.html",
        consultation=consultation,
        plan=shown,
        commitments=commitments,
        progress=progress_among([each.id for each in commitments]),
        moderates=moderates,
        gaps=gaps_of(shown) if moderates and shown else [],
        bare=uncovered(consultation) if moderates else [],
        undecided=count_by_state(consultation).get("published", 0) if moderates else 0,
        why_not_now=rules.why_undraftable(consultation) if moderates else None,
    )


@plan.route("/consultas/<slug>/plan/compromisos/nuevo", methods=["GET", "POST"])
@signed_in
def draft(slug):
    """Draft a commitment from the shortlist."""
    consultation = find_consultation(slug, to=person())
    refuse_if(rules.why_not_draft(person(), consultation))
    there = plan_of(consultation, to=person())
    chosen = {decision.proposal.code: decision for decision in shortlisted(consultation)}
    options = [
        (code, f"{decision.proposal.reference or code} · {decision.proposal.title}")
        for code, decision in chosen.items()
    ]
    form = CommitmentForm(
        shortlisted=options, has_plan=there is not None, **_prefilled(chosen.get(request.args.get("de", "")))
    )
    status = 200
    if request.method == "POST":
        if "more" in request.form:
            _lengthen(form)
        else:
            status = attempt(form, lambda: _draft(form, consultation, chosen))
    if status is None:
        flash(_("El compromiso quedó en el borrador. Será público cuando se publique el borrador del plan."), "success")
        return redirect(url_for(".show", slug=slug))
    return render_template(
        "plan/draft.html",
        consultation=consultation,
        plan=there,
        form=form,
        decisions=chosen,
        bare={each.code for each in uncovered(consultation)},
        institutions=institutions(),
        why_not_now=rules.why_undraftable(consultation),
    ), status


@plan.get("/compromisos/<int:id>")
def commitment(id):
    """One commitment: what it promises, how far it is, and the way back to all that it comes from."""
    found = find_commitment(id, to=person())
    consultation = found.plan.consultation
    origins = origin_of(found, to=person())
    return render_template(
        "plan/commitment.html",
        consultation=consultation,
        commitment=found,
        progress=progress_of(found),
        reports=reports_on(found),
        origins=origins,
        chain=chain_of(found, origins),
        named=named_in(origins),
    )


@plan.post("/consultas/<slug>/plan/publicar")
@signed_in
def publish(slug):
    """Publish the draft of the plan."""
    consultation = find_consultation(slug, to=person())
    refuse_if(rules.why_not_draft(person(), consultation))
    there = plan_of(consultation, to=person())
    if there is None:
        raise NotFound(_("Esta consulta todavía no tiene un plan que publicar. Redacta primero un compromiso."))
    publish_draft(there, by=person())
    flash(_("El borrador del plan es público desde ahora: cualquier persona puede leerlo."), "success")
    return redirect(url_for(".show", slug=slug))


def _draft(form, consultation, chosen):
    draft_into(
        consultation,
        opening={"title": form.plan_title.data, "period": form.period.data},
        commitment={
            **form.texts,
            "institution": form.body,
            "starts_on": form.starts_on.data,
            "ends_on": form.ends_on.data,
            "origins": _origins(form, chosen),
            "milestones": form.steps,
            "notes": form.remarks,
        },
        by=person(),
    )


def _origins(form, chosen):
    origins = []
    for code in form.certain.data or ():
        if code not in chosen:
            raise Invalid(
                "certain", _("La propuesta %(code)s ya no está preseleccionada. Revisa la lista.", code=code[:12])
            )
        origins.append((chosen[code].proposal, "certain", ""))
    for code, note in form.readings:
        try:
            origins.append((find_proposal(code[:40], to=person()), "inferred", note))
        except NotFound:
            raise Invalid(
                "inferred", _("No hay una propuesta pública con el código %(code)s.", code=code[:40])
            ) from None
    return origins


def _prefilled(decision):
    """Begin with what the decision on a shortlisted proposal says already."""
    if decision is None:
        return {}
    return {
        "certain": [decision.proposal.code],
        "title": decision.proposal.title,
        "institution": decision.counterpart.name,
    }


def _lengthen(form):
    rows = form.inferred if request.form["more"] == "inferred" else form.milestones
    if len(rows) < MOST_ROWS:
        rows.append_entry()
