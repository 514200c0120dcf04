"""The second person: a session that was handed in, beside the photos of its sheets; to confirm, or to send back."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from consulta.agreements.queries import read_agreements
from consulta.core.errors import refuse_if
from consulta.tables.actions import check_session, return_session
from consulta.tables.checks import disagreements, heads_in_room, notes_on
from consulta.tables.queries import attendances_of, check_base, find_session, read_session, results_of
from consulta.tables.rules import why_not_check, why_not_return, why_not_send_back
from consulta.web.forms.refusals import attempt
from consulta.web.forms.session import BaseForm, ReturnForm
from consulta.web.guards import person, signed_in
from consulta.web.session_pages import session_page
from consulta.web.tables import tables
from consulta.worksheets.queries import photos_of


@tables.route("/sesiones/<int:id>/revision", methods=["GET", "POST"], endpoint="check")
@signed_in
def confirm(id):
    """Show the whole entry beside the photos; then confirm that it says what the sheets say."""
    session = _looked_at(id)
    form = BaseForm()
    status = attempt(form, lambda: check_session(session, base=form.base.data or "", by=person()))
    if status is None:
        flash(_("Sesión revisada. Ahora la moderación puede publicar el acta."), "success")
        return redirect(url_for("tables.index", slug=session.table.consultation.slug))
    return _check_page(session, form, ReturnForm()), status


@tables.post("/sesiones/<int:id>/revision/devolver")
@signed_in
def send_back(id):
    """Send a session back to whoever facilitates it, with a note on what to correct."""
    session = _looked_at(id)
    form = ReturnForm()
    status = attempt(form, lambda: return_session(session, note=form.note.data, by=person()))
    if status is None:
        flash(_("Sesión devuelta. Quien la facilita ve tu nota arriba de su registro."), "success")
        return redirect(url_for("tables.index", slug=session.table.consultation.slug))
    return _check_page(session, BaseForm(formdata=None), form), status


def _looked_at(id):
    """Return the session of this number if the reader may send it back: whoever may check it may do that as well."""
    session = find_session(id, to=person())
    refuse_if(why_not_return(person(), session))
    return session


def _check_page(session, form, return_form):
    attendances, results = attendances_of(session), results_of(session)
    form.base.data = check_base(session)
    return session_page(
        "check",
        session,
        form=form,
        return_form=return_form,
        reading=read_session(session, to=person()),
        heads=heads_in_room(session, attendances),
        agreed=read_agreements(session, to=person()),
        notes=notes_on(attendances, results),
        odd=disagreements(session, attendances, results),
        photos=photos_of(session),
        why_not_confirm=why_not_check(person(), session),
        may_return=why_not_send_back(session) is None,
    )
