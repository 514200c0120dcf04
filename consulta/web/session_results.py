"""What the room said of each proposal, entered without script; and the proposals that it made itself."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from consulta.consultations.queries import themes_of
from consulta.core.errors import Refused, refuse_if
from consulta.proposals.queries import find_proposal, page_of
from consulta.tables import digests
from consulta.tables.actions import ChangedMeanwhile, add_room_proposal, enter_result, set_result
from consulta.tables.checks import disagreements, heads_in_room
from consulta.tables.queries import attendances_of, result_on, results_of
from consulta.tables.rules import why_not_discuss, why_not_enter
from consulta.web.forms.tables import ResultForm, RoomProposalForm, result_as_typed
from consulta.web.guards import person, signed_in
from consulta.web.session_pages import own_session, point_out, session_page
from consulta.web.tables import tables

CHOICES = 10  # proposals that one search offers


@tables.get("/sesiones/<int:id>/resultados")
@signed_in
def results(id):
    """List what was entered so far, and find further proposals to enter something for."""
    session = own_session(id)
    consultation = session.table.consultation
    words = request.args.get("q", "")[:200]
    found = page_of(consultation, to=person(), words=words, after=request.args.get("desde"), size=CHOICES)
    entered, attendances = results_of(session), attendances_of(session)
    return session_page(
        "results",
        session,
        results=entered,
        heads=heads_in_room(session, attendances),
        odd=_about_results(session, attendances, entered),
        found=found,
        words=words,
        is_first="desde" not in request.args,
        why_not_enter=why_not_enter(session),
    )


@tables.get("/sesiones/<int:id>/resultados/<code>")
@signed_in
def result(id, code):
    """Show the form for what the room said of one proposal."""
    session = own_session(id, opens=why_not_enter)
    proposal = find_proposal(code, to=person())
    refuse_if(why_not_discuss(session, proposal))
    return _form_page(session, proposal, ResultForm(data=result_as_typed(result_on(session, proposal), proposal)))


@tables.post("/sesiones/<int:id>/resultados", endpoint="enter_result")
@signed_in
def take_result(id):
    """Take in what the room said of one proposal, or forget it where it was noted of the wrong one."""
    session = own_session(id)
    form, status, theirs = ResultForm(), 422, None
    proposal = find_proposal(form.proposal.data or "", to=person())
    refuse_if(why_not_discuss(session, proposal))
    if "drop" in request.form or form.validate_on_submit():
        try:
            _save(session, proposal, form)
        except Refused as refusal:
            status = point_out(form, refusal)
            if isinstance(refusal, ChangedMeanwhile):
                theirs = result_on(session, proposal)
                form.base.data = digests.of_result(theirs)
        else:
            return redirect(url_for("tables.results", id=id))
    return _form_page(session, proposal, form, theirs=theirs), status


@tables.route("/sesiones/<int:id>/propuestas/nueva", methods=["GET", "POST"])
@signed_in
def add_proposal(id):
    """Publish a proposal that the room made."""
    session = own_session(id, opens=why_not_enter)
    themes = themes_of(session.table.consultation)
    form, status = RoomProposalForm(themes=themes), 200
    if form.validate_on_submit():
        name = (form.institution.data or "").strip()
        try:
            proposal = add_room_proposal(
                session,
                title=form.title.data,
                body=form.body.data,
                theme=next((theme for theme in themes if str(theme.id) == form.theme.data), None),
                institution=(name, form.sector.data) if name else None,
                by=person(),
            )
        except Refused as refusal:
            status = point_out(form, refusal)
        else:
            flash(_("La propuesta de la sala está publicada. Anota ahora qué decidió la sala sobre ella."), "success")
            return redirect(url_for("tables.result", id=id, code=proposal.code))
    elif form.is_submitted():
        status = 422
    return session_page("add_proposal", session, form=form), status


def _save(session, proposal, form):
    base = form.base.data or ""
    if "drop" in request.form:
        set_result(session, proposal, drop=True, base=base, by=person())
        flash(_("Se borró lo anotado sobre «%(title)s».", title=proposal.title), "success")
    else:
        enter_result(session, proposal, **form.said, base=base, by=person())
        flash(_("Resultado guardado: «%(title)s».", title=proposal.title), "success")


def _form_page(session, proposal, form, theirs=None):
    attendances, there = attendances_of(session), result_on(session, proposal)
    return session_page(
        "result",
        session,
        form=form,
        proposal=proposal,
        there=there,
        theirs=theirs,
        heads=heads_in_room(session, attendances),
        odd=_about_results(session, attendances, [there] if there else []),
    )


def _about_results(session, attendances, results):
    found = disagreements(session, attendances, results)
    return [each for each in found if each.place.startswith("result:")]
