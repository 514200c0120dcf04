"""The permanent forum: its public page, and the pages on which the secretariat keeps seats and calendar."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consulta.accounts.queries import institution_named, institutions
from consulta.agreements.actions import form_subgroup
from consulta.agreements.queries import subgroups_of
from consulta.consultations.queries import find_consultation
from consulta.core.errors import Invalid, refuse_if
from consulta.forum.actions import (
    change_quality,
    close_seat,
    end_term,
    link_meeting,
    open_seat,
    plan_meeting,
    revise_seat,
    seat_somebody,
    unplan_meeting,
)
from consulta.forum.queries import (
    find_forum,
    find_meeting,
    find_seat,
    find_term,
    forums_of,
    institutions_of,
    meetings_of,
    seats_of,
    sessions_without_meeting,
    today_in,
)
from consulta.forum.rules import why_not_fill, why_not_keep
from consulta.tables.actions import found_table
from consulta.tables.rules import why_not_convene
from consulta.web.forms.agreements import SubgroupForm
from consulta.web.forms.forum import (
    CloseForm,
    EndForm,
    FoundForm,
    LinkForm,
    PlanForm,
    QualityForm,
    ReviseForm,
    SeatForm,
    TermForm,
)
from consulta.web.forms.refusals import attempt
from consulta.web.guards import person, signed_in

forum = Blueprint("forum", __name__)


@forum.get("/consultas/<slug>/foro")
def show(slug):
    """Show the permanent forum: who sits there, by sector, its calendar and its sessions."""
    consultation = find_consultation(slug, to=person())
    today = today_in(consultation)
    found = forums_of(consultation)
    return render_template(
        "forum/show.html",
        consultation=consultation,
        forums=[(table, seats_of(table, on=today), meetings_of(table)) for table in found],
        subgroups={table.id: subgroups_of(table) for table in found},
        today=today,
        may_found=why_not_convene(person(), consultation) is None,
        may_keep={table.id: why_not_keep(person(), table) is None for table in found},
    )


@forum.route("/consultas/<slug>/foro/nuevo", methods=["GET", "POST"])
@signed_in
def found(slug):
    """Found a permanent forum."""
    consultation = find_consultation(slug, to=person())
    refuse_if(why_not_convene(person(), consultation))
    form = FoundForm()
    status = attempt(form, lambda: _found(consultation, form))
    if status is None:
        return _shown(consultation, _("El foro está formado. Abre ahora sus puestos."))
    return render_template("forum/found.html", consultation=consultation, form=form), status


@forum.route("/foro/<int:id>/puestos/nuevo", methods=["GET", "POST"], endpoint="open")
@signed_in
def open_one(id):
    """Open a seat."""
    table = _kept(find_forum(id, to=person()))
    form = SeatForm()
    status = attempt(form, lambda: open_seat(table, **_typed(form), by=person()))
    return _answer(table, "open", form, status, _("Puesto abierto. Anota quién lo ocupa."))


@forum.route("/puestos/<int:id>/ocupar", methods=["GET", "POST"])
@signed_in
def seat(id):
    """Let somebody sit in a seat, as holder or substitute."""
    there = find_seat(id, to=person())
    _kept(there.table)
    form = TermForm()
    status = attempt(form, lambda: _seat(there, form))
    return _answer(there.table, "seat", form, status, _("Anotado en el foro."), seat=there, institutions=institutions())


@forum.route("/puestos/<int:id>/calidad", methods=["GET", "POST"])
@signed_in
def quality(id):
    """Change a seat from member to observer, or back."""
    there = find_seat(id, to=person())
    _kept(there.table)
    form = QualityForm()
    status = attempt(form, lambda: change_quality(there, **_typed(form), by=person()))
    return _answer(there.table, "quality", form, status, _("Cambió la calidad del puesto."), seat=there)


@forum.route("/puestos/<int:id>/datos", methods=["GET", "POST"])
@signed_in
def revise(id):
    """Give a seat another name or network."""
    there = find_seat(id, to=person())
    _kept(there.table)
    form = ReviseForm(data={"title": there.title, "network": there.network or ""})
    status = attempt(form, lambda: revise_seat(there, **_typed(form), by=person()))
    return _answer(there.table, "revise", form, status, _("Datos guardados."), seat=there)


@forum.route("/puestos/<int:id>/cerrar", methods=["GET", "POST"])
@signed_in
def close(id):
    """Close a seat."""
    there = find_seat(id, to=person())
    _kept(there.table)
    form = CloseForm()
    status = attempt(form, lambda: close_seat(there, **_typed(form), by=person()))
    return _answer(there.table, "close", form, status, _("Puesto cerrado. Su historia sigue a la vista."), seat=there)


@forum.route("/ocupaciones/<int:id>/terminar", methods=["GET", "POST"])
@signed_in
def end(id):
    """Say until which day somebody sat in a seat."""
    term = find_term(id, to=person())
    _kept(term.seat.table)
    form = EndForm(data={"ends_on": term.ends_on, "note": term.note or ""})
    status = attempt(form, lambda: end_term(term, **_typed(form), by=person()))
    return _answer(term.seat.table, "end", form, status, _("Anotado en el foro."), seat=term.seat, term=term)


@forum.route("/foro/<int:id>/subgrupo", methods=["GET", "POST"])
@signed_in
def subgroup(id):
    """Form a sub-group of the forum between sessions."""
    table = _kept(find_forum(id, to=person()))
    there = {str(each.id): each for each in institutions_of(table)}
    form = SubgroupForm(institutions=[(key, each.name) for key, each in there.items()])
    chosen = [there[key] for key in form.institutions.data or () if key in there]
    status = attempt(form, lambda: form_subgroup(table, title=form.title.data, institutions=chosen, by=person()))
    return _answer(table, "subgroup", form, status, _("Subgrupo formado."))


@forum.route("/foro/<int:id>/calendario", methods=["GET", "POST"])
@signed_in
def plan(id):
    """Put a day into the calendar, and show all of it."""
    table = _kept(find_forum(id, to=person()))
    form = PlanForm()
    status = attempt(form, lambda: plan_meeting(table, **_typed(form), by=person()))
    if status is None:
        flash(_("El día está en el calendario."), "success")
        return redirect(url_for(".plan", id=id))
    values = {"meetings": meetings_of(table), "today": today_in(table.consultation)}
    return _answer(table, "plan", form, status, "", **values)


@forum.post("/calendario/<int:id>/quitar")
@signed_in
def unplan(id):
    """Take a day out of the calendar."""
    meeting = find_meeting(id, to=person())
    table = _kept(meeting.table)
    unplan_meeting(meeting, by=person())
    flash(_("El día ya no está en el calendario."), "success")
    return redirect(url_for(".plan", id=table.id))


@forum.route("/calendario/<int:id>/sesion", methods=["GET", "POST"])
@signed_in
def link(id):
    """Say which session was convened for a day of the calendar."""
    meeting = find_meeting(id, to=person())
    table = _kept(meeting.table)
    there = {str(each.id): each for each in sessions_without_meeting(table)}
    form = LinkForm(sessions=[(key, each.title) for key, each in there.items()])
    status = attempt(form, lambda: _link(meeting, there.get(form.session.data)))
    if status is None:
        flash(_("La sesión quedó unida a ese día."), "success")
        return redirect(url_for(".plan", id=table.id))
    return _answer(table, "link", form, status, "", meeting=meeting)


def _kept(table):
    refuse_if(why_not_keep(person(), table))
    return table


def _typed(form):
    return {name: value for name, value in form.data.items() if name != "csrf_token"}


def _answer(table, name, form, status, done, **values):
    """Return to the forum's page where it is `done`, else show the form."""
    if status is None:
        return _shown(table.consultation, done, seat=values.get("seat"))
    there = values.get("seat")
    return render_template(
        f"forum/{name}.html",
        consultation=table.consultation,
        table=table,
        form=form,
        why_not_fill=there and why_not_fill(there),
        **values,
    ), status


def _shown(consultation, message, seat=None):
    flash(message, "success")
    return redirect(url_for(".show", slug=consultation.slug, _anchor=f"seat-{seat.id}" if seat else None))


def _found(consultation, form):
    try:
        found_table(consultation, title=form.title.data, kind="forum", by=person())
    except Invalid as problem:
        raise Invalid("title", problem.reason) from None


def _seat(there, form):
    """Seat whoever was typed; the institution has to be one that is known, since it is linked to."""
    typed = _typed(form)
    name = (typed.pop("institution") or "").strip()
    institution = institution_named(name) if name else None
    if name and institution is None:
        raise Invalid("institution", _("No hay una institución con ese nombre. Elige una de la lista, o déjalo vacío."))
    seat_somebody(there, **typed, institution=institution, by=person())


def _link(meeting, session):
    if session is None:
        raise Invalid("session", _("Elige la sesión."))
    link_meeting(meeting, session, by=person())
