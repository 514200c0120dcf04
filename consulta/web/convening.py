"""Convening a session, and changing what it is convened with until it opens: the forms of the secretariat."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from wtforms import BooleanField

from consulta.consultations.queries import find_consultation
from consulta.core.clock import NoSuchWallTime, wall_time
from consulta.core.errors import Conflict, Invalid, Refused, refuse_if
from consulta.tables import digests
from consulta.tables.actions import convene_at, reconvene_session
from consulta.tables.queries import attendances_of, find_session, tables_of
from consulta.tables.rules import why_not_convene, why_not_reconvene
from consulta.territories.queries import find_territory, regions
from consulta.web.forms.convening import ConveneForm, MeetingForm, as_typed
from consulta.web.forms.refusals import attach
from consulta.web.guards import person, signed_in
from consulta.web.session_pages import attempt_over, session_page
from consulta.web.tables import tables


@tables.route("/consultas/<slug>/mesas/nueva", methods=["GET", "POST"])
@signed_in
def convene(slug):
    """Convene a session, at a new table or at one that is there; ?mesa=<id> chooses one."""
    consultation = find_consultation(slug, to=person())
    refuse_if(why_not_convene(person(), consultation))
    there = tables_of(consultation)
    form = ConveneForm(tables=there, regions=regions(consultation.country), data={"table": request.args.get("mesa")})
    if form.validate_on_submit():
        try:
            session = convene_at(consultation, **_convened(form, consultation, there), by=person())
        except Refused as refusal:
            attach(form, _where_typed(form, refusal))
        else:
            flash(_("La sesión quedó convocada y ya es pública."), "success")
            return redirect(url_for("tables.show", id=session.id))
    status = 422 if form.is_submitted() else 200
    return render_template("tables/convene.html", consultation=consultation, form=form), status


@tables.route("/sesiones/<int:id>/convocatoria", methods=["GET", "POST"])
@signed_in
def reconvene(id):
    """Change what a session is convened with, and who is invited, until it is opened."""
    session = find_session(id, to=person())
    refuse_if(why_not_convene(person(), session.table.consultation))
    if request.method != "POST":
        refuse_if(why_not_reconvene(session), Conflict)
    form = MeetingForm(data=_typed(session))

    def save():
        meeting = _meeting(form, session.table.consultation.zone, session.agenda)
        try:
            reconvene_session(session, **meeting, base=form.base.data or "", by=person())
        except Invalid as refusal:
            raise _where_typed(form, refusal) from refusal

    status, is_theirs = attempt_over(form, save, lambda: _fingerprint(session))
    if status is None:
        flash(_("La convocatoria quedó cambiada, y ya se lee así."), "success")
        return redirect(url_for("tables.show", id=id))
    if not form.is_submitted():
        form.base.data = _fingerprint(session)
    theirs = _differing(form, MeetingForm(formdata=None, data=_typed(session))) if is_theirs else []
    return session_page("reconvene", session, form=form, is_theirs=is_theirs, theirs=theirs), status


def _typed(session):
    return as_typed(session, attendances_of(session))


def _fingerprint(session):
    return digests.of_convening(session, attendances_of(session))


def _differing(mine, theirs):
    """Return what somebody else saved otherwise than it was typed here: (label, what they saved)."""
    fields = [(field, mine[field.name]) for field in theirs if field.name not in ("base", "csrf_token")]
    return [(field.label.text, _said(field) or _("(vacío)")) for field, own in fields if _said(field) != _said(own)]


def _said(field):
    """Return what a field holds in words; browsers send other ends of lines than the site keeps."""
    if isinstance(field, BooleanField):
        return _("sí") if field.data else _("no")
    return " · ".join(field._value().splitlines())


def _meeting(form, zone, there=()):
    """Return what a form convenes with; raises Invalid for a time that the consultation's clocks do not show once."""
    return form.meeting(there) | {name: _instant(form[name], zone) for name in ("starts_at", "ends_at")}


def _convened(form, consultation, there):
    """Return what `convene_at` takes; raises as `_meeting`."""
    table = next((table for table in there if str(table.id) == form.table.data), None)
    return {
        "table": table,
        "founding": {
            "title": form.table_title.data,
            "kind": form.kind.data,
            "territory": find_territory(consultation.country, form.territory.data or ""),
        },
        "meeting": _meeting(form, consultation.zone),
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


def _where_typed(form, refusal):
    """Return a refusal with the field it is about; of an invitation ("rows-2-institution"), the sector it stands in."""
    name, *row = (getattr(refusal, "field", None) or "").split("-")
    if name == "rows" and row:
        return Invalid(form.invitation_field(int(row[0])).short_name, refusal.reason)
    return Invalid(form.largest_plan.short_name, refusal.reason) if name == "planned_heads" else refusal
