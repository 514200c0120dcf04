"""What a facilitator enters without script beside the results: attendance, account, record, closing; handing in."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from consulta.agreements.queries import agreements_of, read_agreements
from consulta.core.errors import NotFound, Refused, refuse_if
from consulta.tables import digests
from consulta.tables.actions import (
    ChangedMeanwhile,
    note_agenda,
    note_attendance,
    note_minutes,
    note_session,
    open_session,
    set_presence,
    submit_session,
)
from consulta.tables.checks import disagreements, heads_in_room, heads_present, notes_on
from consulta.tables.models import new_uid
from consulta.tables.queries import attendances_of, digest_of, read_session, results_of
from consulta.tables.rules import why_not_enter, why_not_open, why_not_submit
from consulta.web.forms.refusals import attach, attempt
from consulta.web.forms.session import (
    BaseForm,
    ClosingForm,
    DevelopmentForm,
    HeadingForm,
    MinutesForm,
    closing_as_typed,
    development_as_typed,
    minutes_as_typed,
)
from consulta.web.forms.tables import AttendanceForm, LineForm, attendance_as_typed, line_as_typed
from consulta.web.guards import person, signed_in
from consulta.web.session_pages import attempt_over, own_session, point_out, saved, session_page
from consulta.web.tables import tables
from consulta.worksheets.queries import count_waiting, photos_of, unfinished_in


@tables.get("/sesiones/<int:id>/registro")
@signed_in
def worksheet(id):
    """Show the facilitator what there is to do in her session, and how far it is."""
    session = own_session(id)
    attendances, results = attendances_of(session), results_of(session)
    return session_page(
        "worksheet",
        session,
        heads=heads_present(attendances),
        results=results,
        agreed=agreements_of(session),
        odd=disagreements(session, attendances, results),
        photos=len(photos_of(session)),
        unfinished=unfinished_in(session),
        waiting=count_waiting(session),
        why_not_open=why_not_open(session),
        why_not_enter=why_not_enter(session),
    )


@tables.post("/sesiones/<int:id>/abrir")
@signed_in
def open(id):
    """Open a session, so that entries can be made."""
    open_session(own_session(id), by=person())
    flash(_("La sesión está abierta. Nada de lo que anotes es público hasta que se publique el acta."), "success")
    return redirect(url_for("tables.worksheet", id=id))


@tables.route("/sesiones/<int:id>/asistencia", methods=["GET", "POST"])
@signed_in
def attendance(id):
    """Take in who attended, excused themselves and spoke."""
    session = own_session(id, opens=why_not_enter)
    there = attendances_of(session)
    # What is sent is read alone: a row without its uid must not take that of the line which happens to stand there.
    form = AttendanceForm(data=attendance_as_typed(there) if request.method != "POST" else None)
    status, theirs = 200, None
    if form.validate_on_submit():
        lines = form.lines(there)
        try:
            note_attendance(session, [row for _at, row in lines], base=form.base.data or "", by=person())
        except Refused as refusal:
            status = point_out(form, refusal, [at for at, _row in lines])
            there = attendances_of(session)
            if isinstance(refusal, ChangedMeanwhile):
                theirs, form.base.data = there, digests.of_attendance(there)
        else:
            flash(_("Asistencia guardada."), "success")
            if uid := request.form.get("line"):
                return redirect(url_for("tables.attendance_line", id=id, uid=uid))
            return saved(id, "attendance")
    elif form.is_submitted():
        status = 422
    return session_page(
        "attendance",
        session,
        form=form,
        there={each.uid: each for each in there},
        theirs=theirs,
        odd=_about("attendance:", session, there),
    ), status


@tables.route("/sesiones/<int:id>/asistencia/<uid>", methods=["GET", "POST"])
@signed_in
def attendance_line(id, uid):
    """Take in all that can be noted of one line of the list, or take the line out."""
    session = own_session(id, opens=why_not_enter)
    line = _line(session, uid)
    form, drop = LineForm(data=line_as_typed(line)), "drop" in request.form
    refuse_if(_("Quien fue convocado queda en la lista.") if drop and line.convened else None)

    def save():
        said = {} if drop else form.said
        set_presence(session, uid, drop=drop, base=form.base.data or "", by=person(), **said)

    status, is_theirs = attempt_over(form, save, lambda: digests.of_attendance([_line(session, uid)]))
    if status is None:
        flash(_("Quitada de la lista.") if drop else _("Asistencia guardada."), "success")
        return redirect(url_for("tables.attendance", id=id))
    line = _line(session, uid)
    odd = _about("attendance:", session, [line])
    return session_page("attendance_line", session, form=form, there=line, is_theirs=is_theirs, odd=odd), status


@tables.route("/sesiones/<int:id>/acta", methods=["GET", "POST"])
@signed_in
def minutes(id):
    """Take in statements for the record and notes."""
    session = own_session(id, opens=why_not_enter)
    form = MinutesForm(data=minutes_as_typed(session))

    def save():
        note_minutes(session, **form.said, base=form.base.data or "", by=person())

    status, theirs = attempt_over(form, save, lambda: digests.of_minutes(session))
    if status is None:
        flash(_("Constancias y notas guardadas."), "success")
        return saved(id, "minutes")
    return session_page("minutes", session, form=form, theirs=theirs), status


@tables.route("/sesiones/<int:id>/desarrollo", methods=["GET", "POST"])
@signed_in
def development(id):
    """List the items of the agenda with what was said under each, and add a heading of the room's own."""
    session = own_session(id, opens=why_not_enter)
    form, item = HeadingForm(), new_uid()
    status = attempt(form, lambda: note_agenda(session, item, title=form.title.data, by=person()))
    if status is None:
        return redirect(url_for("tables.development_item", id=id, item=item))
    return session_page("development", session, form=form), status


@tables.route("/sesiones/<int:id>/desarrollo/<item>", methods=["GET", "POST"])
@signed_in
def development_item(id, item):
    """Take in what was said under one item of the agenda, and whether a part of it was closed."""
    session = own_session(id, opens=why_not_enter)
    there = _item(session, item)
    form, drop = DevelopmentForm(data=development_as_typed(session, there)), "drop" in request.form

    def save():
        said = {} if drop else form.said(there)
        note_agenda(session, item, drop=drop, base=form.base.data or "", by=person(), **said)

    status, is_theirs = attempt_over(form, save, lambda: digests.of_item(session, item))
    if status is None:
        flash(_("Apartado quitado.") if drop else _("Guardado: «%(title)s».", title=there["title"]), "success")
        return redirect(url_for("tables.development", id=id))
    return session_page("development_item", session, form=form, item=_item(session, item), is_theirs=is_theirs), status


@tables.route("/sesiones/<int:id>/cierre", methods=["GET", "POST"])
@signed_in
def closing(id):
    """Take in the closing facts of the minutes."""
    session = own_session(id, opens=why_not_enter)
    form = ClosingForm(data=closing_as_typed(session))

    def save():
        note_session(session, **form.said, base=form.base.data or "", by=person())

    status, is_theirs = attempt_over(form, save, lambda: digests.of_facts(session))
    if status is None:
        flash(_("Cierre del acta guardado."), "success")
        return saved(id, "closing")
    there = attendances_of(session)
    odd = [each for each in disagreements(session, there, results_of(session)) if each.place == "session"]
    return session_page("closing", session, form=form, is_theirs=is_theirs, heads=heads_present(there), odd=odd), status


@tables.route("/sesiones/<int:id>/entregar", methods=["GET", "POST"])
@signed_in
def submit(id):
    """Show all that was entered, what is missing and what disagrees; then hand the session in."""
    session = own_session(id, opens=why_not_submit)
    form, status = BaseForm(), 200
    if form.validate_on_submit():
        try:
            submit_session(session, base=form.base.data or "", by=person())
        except Refused as refusal:
            attach(form, refusal)
            status = refusal.status
        else:
            flash(_("Sesión entregada. Ahora la revisa otra persona, y después se publica el acta."), "success")
            return redirect(url_for("tables.show", id=id))
    attendances, results = attendances_of(session), results_of(session)
    form.base.data = digest_of(session)
    return session_page(
        "submit",
        session,
        form=form,
        reading=read_session(session, to=person()),
        heads=heads_in_room(session, attendances),
        agreed=read_agreements(session, to=person()),
        notes=notes_on(attendances, results),
        unfinished=unfinished_in(session),
        waiting=count_waiting(session),
        odd=disagreements(session, attendances, results),
        note_address=lambda each: _note_address(id, each.place),
    ), status


def _line(session, uid):
    line = next((each for each in attendances_of(session) if each.uid == uid), None)
    refuse_if(None if line else _("Esa línea no está en la lista de esta sesión, o alguien la quitó."), NotFound)
    return line


def _item(session, item):
    found = next((each for each in session.agenda if each["id"] == item and each["kind"] != "break"), None)
    refuse_if(None if found else _("Ese punto no está en el programa de esta sesión."), NotFound)
    return found


def _about(place, session, attendances):
    return [each for each in disagreements(session, attendances, []) if each.place.startswith(place)]


def _note_address(id, place):
    """Return where the note is written that explains numbers at `place` (checks.Disagreement)."""
    part, _colon, key = place.partition(":")
    if part == "result":
        return url_for("tables.result", id=id, code=key, _anchor="count_note")
    if part == "attendance":
        return url_for("tables.attendance_line", id=id, uid=key, _anchor="note")
    return url_for("tables.closing", id=id, _anchor="count_note")
