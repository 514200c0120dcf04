"""Convening a session: the form of the secretariat."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consulta.consultations.queries import find_consultation
from consulta.core.clock import NoSuchWallTime, wall_time
from consulta.core.errors import Invalid, Refused, refuse_if
from consulta.tables.actions import convene_at
from consulta.tables.queries import tables_of
from consulta.tables.rules import why_not_convene
from consulta.territories.queries import find_territory, regions
from consulta.web.forms.convening import ConveneForm
from consulta.web.forms.refusals import attach
from consulta.web.guards import person, signed_in
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
            _point_out(form, refusal)
        else:
            flash(_("La sesión quedó convocada y ya es pública."), "success")
            return redirect(url_for("tables.show", id=session.id))
    status = 422 if form.is_submitted() else 200
    return render_template("tables/convene.html", consultation=consultation, form=form), status


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
        "meeting": form.meeting | {name: _instant(form[name], consultation.zone) for name in ("starts_at", "ends_at")},
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


def _point_out(form, refusal):
    """Show a refusal at its field; one about an invitation ("rows-2-institution"), in the sector it was typed in."""
    name, *row = (getattr(refusal, "field", None) or "").split("-")
    if name == "rows" and row:
        refusal = Invalid(form.invitation_field(int(row[0])).short_name, refusal.reason)
    elif name == "planned_heads":
        refusal = Invalid(form.largest_plan.short_name, refusal.reason)
    attach(form, refusal)
