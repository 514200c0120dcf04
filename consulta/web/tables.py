"""Tables and their sessions: the public pages, convening, and what a facilitator enters."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consulta.consultations.queries import find_consultation, themes_of
from consulta.core.clock import NoSuchWallTime, wall_time
from consulta.core.errors import Conflict, Invalid, refuse_if
from consulta.proposals.queries import find_proposal, page_of
from consulta.tables import digests
from consulta.tables.actions import (
    ChangedMeanwhile,
    add_room_proposal,
    convene_at,
    enter_result,
    note_attendance,
    note_minutes,
    open_session,
    submit_session,
)
from consulta.tables.checks import heads_present, notes_on
from consulta.tables.queries import (
    PAGE,
    attendances_of,
    count_sessions,
    digest_of,
    find_session,
    heads_of,
    is_as_submitted,
    read_session,
    regions_with_tables,
    result_on,
    results_of,
    sealed_digest,
    sessions_for,
    tables_of,
)
from consulta.tables.rules import (
    why_not_convene,
    why_not_discuss,
    why_not_enter,
    why_not_facilitate,
    why_not_open,
)
from consulta.territories.queries import find_territory, regions
from consulta.web import labels
from consulta.web.forms.tables import (
    SPARE_ROWS,
    AttendanceForm,
    ConveneForm,
    MinutesForm,
    ResultForm,
    RoomProposalForm,
    SubmitForm,
    lines_of,
)
from consulta.web.guards import person, signed_in, whole_number

tables = Blueprint("tables", __name__)
CHOICES = 10  # proposals that one search offers


@tables.context_processor
def _words():
    return {"labels": labels}


@tables.get("/consultas/<slug>/mesas")
def index(slug):
    """List the tables of a consultation with their sessions, a page at a time; her own first for a facilitator."""
    consultation = find_consultation(slug, to=person())
    region = find_territory(consultation.country, request.args.get("region", "")[:12])
    found = tables_of(
        consultation, territory=region, after=whole_number(request.args.get("desde")) or 0, limit=PAGE + 1
    )
    listed = found[:PAGE]
    return render_template(
        "tables/index.html",
        consultation=consultation,
        listed=listed,
        last=listed[-1].id if len(found) > PAGE else None,
        is_first="desde" not in request.args,
        region=region,
        regions=regions_with_tables(consultation),
        counts=count_sessions(consultation),
        heads=heads_of([session for table in listed for session in table.sessions]),
        own=sessions_for(person(), consultation),
        may_convene=why_not_convene(person(), consultation) is None,
    )


@tables.route("/consultas/<slug>/mesas/nueva", methods=["GET", "POST"])
@signed_in
def convene(slug):
    """Convene a session, at a new table or at one that is there."""
    consultation = find_consultation(slug, to=person())
    refuse_if(why_not_convene(person(), consultation))
    there = tables_of(consultation)
    form = ConveneForm(tables=there, regions=regions(consultation.country))
    reasons = []
    if form.validate_on_submit():
        try:
            session = convene_at(consultation, **_convened(form, consultation, there), by=person())
        except Invalid as error:
            reasons = _point_out(form, error)
        except Conflict as error:
            reasons = [error.reason]
        else:
            flash(_("La sesión quedó convocada y ya es pública."), "success")
            return redirect(url_for("tables.show", id=session.id))
    page = render_template("tables/convene.html", consultation=consultation, form=form, reasons=reasons)
    return page, 422 if form.is_submitted() else 200


@tables.get("/sesiones/<int:id>")
def show(id):
    """Show a session: agenda and who was convened to anybody, what the room decided once it is handed in."""
    session = find_session(id, to=person())
    is_submitted = session.submitted_at is not None
    return render_template(
        "tables/show.html",
        session=session,
        consultation=session.table.consultation,
        reading=read_session(session, to=person()),
        heads=heads_of([session]).get(session.id, {}),
        sealed=sealed_digest(session) if is_submitted else None,
        holds=is_as_submitted(session) if is_submitted else None,
        is_mine=why_not_facilitate(person(), session) is None,
    )


@tables.get("/sesiones/<int:id>/registro")
@signed_in
def worksheet(id):
    """Show the facilitator what there is to do in her session, and how far it is."""
    session = _own(id)
    attendances, results = attendances_of(session), results_of(session)
    return _page(
        "worksheet",
        session,
        attendances=attendances,
        heads=heads_present(attendances),
        results=results,
        why_not_open=why_not_open(session),
        why_not_enter=why_not_enter(session),
    )


@tables.post("/sesiones/<int:id>/abrir")
@signed_in
def open(id):
    """Open a session, so that entries can be made."""
    session = _own(id)
    open_session(session, by=person())
    flash(_("La sesión está abierta. Nada de lo que anotes es público hasta que la entregues."), "success")
    return redirect(url_for("tables.worksheet", id=id))


@tables.route("/sesiones/<int:id>/asistencia", methods=["GET", "POST"])
@signed_in
def attendance(id):
    """Take in who attended and who spoke."""
    session = _own(id)
    form = AttendanceForm(data=_list_as_typed(session))
    reasons, status, theirs = _own_reasons(session), 200, None
    if form.validate_on_submit():
        lines = form.lines
        try:
            note_attendance(session, [row for _at, row in lines], base=form.base.data or "", by=person())
        except Invalid as error:
            reasons, status = _point_out(form, error, [at for at, _row in lines]), 422
        except Conflict as error:
            reasons, status = [error.reason], 409
            if isinstance(error, ChangedMeanwhile):
                theirs = attendances_of(session)
                form.base.data = digests.of_attendance(theirs)
        else:
            flash(_("Asistencia guardada."), "success")
            return redirect(url_for("tables.attendance" if "more" in request.form else "tables.worksheet", id=id))
    elif form.is_submitted():
        status = 422
    return _page("attendance", session, form=form, reasons=reasons, theirs=theirs), status


@tables.route("/sesiones/<int:id>/acta", methods=["GET", "POST"])
@signed_in
def minutes(id):
    """Take in statements for the record, agreements and notes."""
    session = _own(id)
    form = MinutesForm(data=_minutes_as_typed(session))
    reasons, status, theirs = _own_reasons(session), 200, False
    if form.validate_on_submit():
        agreed = form.agreed
        try:
            note_minutes(
                session,
                statements=lines_of(form.statements.data),
                agreements=[row for _at, row in agreed],
                notes=form.notes.data,
                base=form.base.data or "",
                by=person(),
            )
        except Invalid as error:
            reasons, status = _point_out(form, error, [at for at, _row in agreed]), 422
        except Conflict as error:
            reasons, status, theirs = [error.reason], 409, isinstance(error, ChangedMeanwhile)
            form.base.data = digests.of_minutes(session) if theirs else form.base.data
        else:
            flash(_("Acta guardada."), "success")
            return redirect(url_for("tables.minutes" if "more" in request.form else "tables.worksheet", id=id))
    elif form.is_submitted():
        status = 422
    return _page("minutes", session, form=form, reasons=reasons, theirs=theirs), status


@tables.get("/sesiones/<int:id>/resultados")
@signed_in
def results(id):
    """List what was entered so far, and find further proposals to enter something for."""
    session = _own(id)
    consultation = session.table.consultation
    words = request.args.get("q", "")[:200].replace("\x00", "")
    found = page_of(consultation, to=person(), words=words, after=request.args.get("desde"), size=CHOICES)
    return _page(
        "results",
        session,
        results=results_of(session),
        found=found,
        words=words,
        is_first="desde" not in request.args,
        why_not_enter=why_not_enter(session),
    )


@tables.get("/sesiones/<int:id>/resultados/<code>")
@signed_in
def result(id, code):
    """Show the form for what the room said of one proposal."""
    session = _own(id)
    proposal = find_proposal(code, to=person())
    refuse_if(why_not_discuss(session, proposal))
    there = result_on(session, proposal)
    form = ResultForm(obj=there, proposal=proposal.code)
    form.base.data = digests.of_result(there)
    if there is None or there.outcome == "none":
        form.outcome.data = None
    form.grade.data = (there and there.grade) or ""
    return _page("result", session, form=form, proposal=proposal, reasons=_own_reasons(session), theirs=None)


@tables.post("/sesiones/<int:id>/resultados")
@signed_in
def enter_result_of_room(id):
    """Take in what the room said of one proposal."""
    session = _own(id)
    form = ResultForm()
    proposal = find_proposal(form.proposal.data or "", to=person())
    refuse_if(why_not_discuss(session, proposal))
    reasons, status, theirs = [], 422, None
    if form.validate_on_submit():
        try:
            enter_result(session, proposal, **_said(form), base=form.base.data or "", by=person())
        except Invalid as error:
            reasons = _point_out(form, error)
        except Conflict as error:
            reasons, status = [error.reason], 409
            if isinstance(error, ChangedMeanwhile):
                theirs = result_on(session, proposal)
                form.base.data = digests.of_result(theirs)
        else:
            flash(_("Resultado guardado: «%(title)s».", title=proposal.title), "success")
            return redirect(url_for("tables.results", id=id))
    return _page("result", session, form=form, proposal=proposal, reasons=reasons, theirs=theirs), status


@tables.route("/sesiones/<int:id>/propuestas/nueva", methods=["GET", "POST"])
@signed_in
def add_proposal(id):
    """Publish a proposal that the room made."""
    session = _own(id)
    themes = themes_of(session.table.consultation)
    form = RoomProposalForm(themes=themes)
    reasons, status = _own_reasons(session), 200
    if form.validate_on_submit():
        name = (form.institution.data or "").strip()
        theme = next((theme for theme in themes if str(theme.id) == form.theme.data), None)
        try:
            proposal = add_room_proposal(
                session,
                title=form.title.data,
                body=form.body.data,
                theme=theme,
                institution=(name, form.sector.data) if name else None,
                by=person(),
            )
        except Invalid as error:
            reasons, status = _point_out(form, error), 422
        except Conflict as error:
            reasons, status = [error.reason], 409
        else:
            flash(_("La propuesta de la sala está publicada. Anota ahora qué decidió la sala sobre ella."), "success")
            return redirect(url_for("tables.result", id=id, code=proposal.code))
    elif form.is_submitted():
        status = 422
    return _page("add_proposal", session, form=form, reasons=reasons), status


@tables.route("/sesiones/<int:id>/entregar", methods=["GET", "POST"])
@signed_in
def submit(id):
    """Show all that was entered and what is missing; then hand the session in."""
    session = _own(id)
    form = SubmitForm()
    reasons, status = _own_reasons(session), 200
    if form.validate_on_submit():
        try:
            submit_session(session, base=form.base.data or "", by=person())
        except Conflict as error:
            reasons, status = [error.reason], 409
        else:
            flash(_("Sesión entregada. Desde ahora es pública y no se puede cambiar."), "success")
            return redirect(url_for("tables.show", id=id))
    attendances, results = attendances_of(session), results_of(session)
    form.base.data = digest_of(session)
    return _page(
        "submit",
        session,
        form=form,
        reasons=reasons,
        reading=read_session(session, to=person()),
        notes=notes_on(attendances, results),
        heads=heads_present(attendances),
    ), status
