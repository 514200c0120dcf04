"""Codes of access to the worksheet of one session: made, shown once, listed and ended."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from consulta.core.errors import NotFound, Refused, refuse_if
from consulta.tables.actions import end_code, make_code
from consulta.tables.entries import LONGEST_CODE
from consulta.tables.queries import codes_of, find_session
from consulta.tables.rules import why_not_live, why_not_make_code, why_not_take_part
from consulta.web.forms.refusals import attach
from consulta.web.forms.session import CodeForm
from consulta.web.guards import person, signed_in
from consulta.web.session_pages import session_page
from consulta.web.tables import tables


@tables.route("/sesiones/<int:id>/codigos", methods=["GET", "POST"])
@signed_in
def codes(id):
    """List the codes of a session and make a further one, which is shown on the answer and never again."""
    session = _taken_part_in(id)
    form, status, made = CodeForm(), 200, None
    if form.validate_on_submit():
        try:
            made = make_code(session, label=form.label.data, hours=form.hours.data, by=person())
        except Refused as refusal:
            attach(form, refusal)
            status = refusal.status
        else:
            form = CodeForm(formdata=None)
    elif form.is_submitted():
        status = 422
    return session_page(
        "codes",
        session,
        form=form,
        made=made,
        codes=[(each, why_not_live(each) is None) for each in codes_of(session)],
        why_not_make=why_not_make_code(person(), session),
        longest=LONGEST_CODE,
        room_address=request.host_url,
        back=url_for("tables.show", id=id),
    ), status


@tables.post("/sesiones/<int:id>/codigos/<int:number>/terminar", endpoint="end_code")
@signed_in
def end(id, number):
    """Let a code open nothing from now on."""
    session = _taken_part_in(id)
    code = next((each for each in codes_of(session) if each.id == number), None)
    refuse_if(None if code else _("Esta sesión no tiene ese código."), NotFound)
    end_code(code, by=person())
    flash(_("Código terminado: ya no abre nada."), "success")
    return redirect(url_for("tables.codes", id=id))


def _taken_part_in(id):
    session = find_session(id, to=person())
    refuse_if(why_not_take_part(person(), session))
    return session
