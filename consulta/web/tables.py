"""Tables and their sessions: the public pages, convening, and what a facilitator enters."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consulta.consultations.queries import find_consultation, themes_of
from consulta.core.clock import NoSuchWallTime, wall_time
from consulta.core.errors import Conflict, Invalid, Refused, refuse_if
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
    read_session,
    regions_with_tables,
    result_on,
    results_of,
    seal_of,
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
from consulta.web.forms.refusals import attach
from consulta.web.forms.tables import (
    AttendanceForm,
    ConveneForm,
    MinutesForm,
    ResultForm,
    RoomProposalForm,
    SubmitForm,
    attendance_as_typed,
    minutes_as_typed,
    result_as_typed,
)
from consulta.web.guards import person, signed_in, whole_number

tables = Blueprint("tables", __name__)
CHOICES = 10  # proposals that one search offers


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
    if form.validate_on_submit():
        try:
            session = convene_at(consultation, **_convened(form, consultation, there), by=person())
        except Refused as refusal:
            _point_out(form, refusal)
        else:
            flash(_("La sesión quedó convocada y ya es pública."), "success")
            return redirect(url_for("tables.show", id=session.id))
    status = 422 if form.is_submitted() else 200
    return render_template("tables/convene.html", consultation=consultation, form=form), status


@tables.get("/sesiones/<int:id>")
def show(id):
    """Show a session: agenda and who was convened to anybody, what the room decided once it is handed in."""
    session = find_session(id, to=person())
    reading = read_session(session, to=person())
    sealed, holds = seal_of(session, reading) if session.submitted_at else (None, None)
    return _page(
        "show",
        session,
        reading=reading,
        sealed=sealed,
        holds=holds,
        is_own=why_not_facilitate(person(), session) is None,
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
    open_session(_own(id), by=person())
    flash(_("La sesión está abierta. Nada de lo que anotes es público hasta que la entregues."), "success")
    return redirect(url_for("tables.worksheet", id=id))


@tables.route("/sesiones/<int:id>/asistencia", methods=["GET", "POST"])
@signed_in
def attendance(id):
    """Take in who attended and who spoke."""
    session = _own(id, entering=True)
    form, status, theirs = AttendanceForm(data=attendance_as_typed(attendances_of(session))), 200, None
    if form.validate_on_submit():
        lines = form.lines
        try:
            note_attendance(session, [row for _at, row in lines], base=form.base.data or "", by=person())
        except Refused as refusal:
            status = _point_out(form, refusal, [at for at, _row in lines])
            if isinstance(refusal, ChangedMeanwhile):
                theirs = attendances_of(session)
                form.base.data = digests.of_attendance(theirs)
        else:
            flash(_("Asistencia guardada."), "success")
            return _next(id, "attendance")
    elif form.is_submitted():
        status = 422
    return _page("attendance", session, form=form, theirs=theirs), status


@tables.route("/sesiones/<int:id>/acta", methods=["GET", "POST"])
@signed_in
def minutes(id):
    """Take in statements for the record, agreements and notes."""
    session = _own(id, entering=True)
    form, status, theirs = MinutesForm(data=minutes_as_typed(session)), 200, False
    if form.validate_on_submit():
        try:
            note_minutes(session, **form.said, base=form.base.data or "", by=person())
        except Refused as refusal:
            status, theirs = _point_out(form, refusal, form.places), isinstance(refusal, ChangedMeanwhile)
            form.base.data = digests.of_minutes(session) if theirs else form.base.data
        else:
            flash(_("Acta guardada."), "success")
            return _next(id, "minutes")
    elif form.is_submitted():
        status = 422
    return _page("minutes", session, form=form, theirs=theirs), status


@tables.get("/sesiones/<int:id>/resultados")
@signed_in
def results(id):
    """List what was entered so far, and find further proposals to enter something for."""
    session = _own(id)
    consultation = session.table.consultation
    words = request.args.get("q", "")[:200]
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
    session = _own(id, entering=True)
    proposal = find_proposal(code, to=person())
    refuse_if(why_not_discuss(session, proposal))
    there = result_on(session, proposal)
    form = ResultForm(data=result_as_typed(there, proposal))
    return _page("result", session, form=form, proposal=proposal, there=there, theirs=None)


@tables.post("/sesiones/<int:id>/resultados", endpoint="enter_result")
@signed_in
def take_result(id):
    """Take in what the room said of one proposal."""
    session = _own(id)
    form, status, theirs = ResultForm(), 422, None
    proposal = find_proposal(form.proposal.data or "", to=person())
    refuse_if(why_not_discuss(session, proposal))
    if form.validate_on_submit():
        try:
            enter_result(session, proposal, **form.said, base=form.base.data or "", by=person())
        except Refused as refusal:
            status = _point_out(form, refusal)
            if isinstance(refusal, ChangedMeanwhile):
                theirs = result_on(session, proposal)
                form.base.data = digests.of_result(theirs)
        else:
            flash(_("Resultado guardado: «%(title)s».", title=proposal.title), "success")
            return redirect(url_for("tables.results", id=id))
    there = result_on(session, proposal)
    return _page("result", session, form=form, proposal=proposal, there=there, theirs=theirs), status


@tables.route("/sesiones/<int:id>/propuestas/nueva", methods=["GET", "POST"])
@signed_in
def add_proposal(id):
    """Publish a proposal that the room made."""
    session = _own(id, entering=True)
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
            status = _point_out(form, refusal)
        else:
            flash(_("La propuesta de la sala está publicada. Anota ahora qué decidió la sala sobre ella."), "success")
            return redirect(url_for("tables.result", id=id, code=proposal.code))
    elif form.is_submitted():
        status = 422
    return _page("add_proposal", session, form=form), status


@tables.route("/sesiones/<int:id>/entregar", methods=["GET", "POST"])
@signed_in
def submit(id):
    """Show all that was entered and what is missing; then hand the session in."""
    session = _own(id, entering=True)
    form, status = SubmitForm(), 200
    if form.validate_on_submit():
        try:
            submit_session(session, base=form.base.data or "", by=person())
        except Refused as refusal:
            attach(form, refusal)
            status = refusal.status
        else:
            flash(_("Sesión entregada. Desde ahora es pública y no se puede cambiar."), "success")
            return redirect(url_for("tables.show", id=id))
    attendances, results = attendances_of(session), results_of(session)
    form.base.data = digest_of(session)
    return _page(
        "submit",
        session,
        form=form,
        reading=read_session(session, to=person()),
        notes=notes_on(attendances, results),
    ), status


def _page(name, session, **values):
    return render_template(
        f"tables/{name}.html", session=session, table=session.table, consultation=session.table.consultation, **values
    )


def _own(id, *, entering=False):
    """Return the session of this number if its facilitator asks; a form for entries opens only while they are taken."""
    session = find_session(id, to=person())
    refuse_if(why_not_facilitate(person(), session))
    if entering and request.method != "POST":
        refuse_if(why_not_enter(session), Conflict)
    return session


def _next(id, page):
    return redirect(url_for(f"tables.{page}" if "more" in request.form else "tables.worksheet", id=id))


def _point_out(form, refusal, places=()):
    """Show a refusal at the cell it names ("rows-2-heads": of the third line sent) or field; returns its status.

    places: which row of the form each line that was sent stood in. Where somebody else saved first the page itself
    shows both versions, and the form is not what is wrong.
    """
    if isinstance(refusal, ChangedMeanwhile):
        return refusal.status
    name, *cell = (getattr(refusal, "field", None) or "").split("-")
    if len(cell) == 2 and name in form:
        field = form[name][places[int(cell[0])]].form[cell[1]]
        field.errors = [*field.errors, str(refusal.reason)]
    else:
        attach(form, refusal)
    return refusal.status


def _convened(form, consultation, there):
    """Return what `convene_at` takes; raises Invalid for a time that the consultation's clocks do not show once."""
    table = next((table for table in there if str(table.id) == form.table.data), None)
    return {
        "table": table,
        "founding": {
            "title": form.table_title.data,
            "kind": form.kind.data,
            "territory": find_territory(consultation.country, form.territory.data or ""),
        },
        "meeting": {
            "title": form.title.data,
            "place": form.place.data,
            "starts_at": _instant(form.starts_at, consultation.zone),
            "ends_at": _instant(form.ends_at, consultation.zone),
            "agenda": form.agenda_items,
            "objective": form.objective.data,
            "product": form.product.data,
            "convened": form.invitations,
        },
    }


def _instant(field, zone):
    try:
        return wall_time(field.data, zone) if field.data else None
    except NoSuchWallTime as problem:
        why = {
            "skipped": _("Ese día los relojes se adelantan y esa hora no existe. Elige otra."),
            "twice": _("Ese día los relojes se atrasan y esa hora ocurre dos veces. Elige otra."),
        }
        raise Invalid(field.name, why[problem.why]) from problem
