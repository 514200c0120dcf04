"""What the pages of one session share: whose it is, how its page is drawn, and where a refusal is shown."""

from flask import redirect, render_template, request, url_for

from consulta.core.errors import Conflict, Refused, refuse_if
from consulta.tables.actions import ChangedMeanwhile
from consulta.tables.queries import find_session
from consulta.tables.rules import why_not_facilitate
from consulta.web.forms.refusals import attach
from consulta.web.guards import person


def session_page(name, session, **values):
    """Draw templates/tables/<name>.html about `session`."""
    return render_template(
        f"tables/{name}.html", session=session, table=session.table, consultation=session.table.consultation, **values
    )


def own_session(id, *, opens=None):
    """Return the session of this number if its facilitator asks.

    opens: a rule of the session that keeps its form shut. Once the form is sent the action says no, and it is shown
    again with what was typed.
    """
    session = find_session(id, to=person())
    refuse_if(why_not_facilitate(person(), session))
    if opens is not None and request.method != "POST":
        refuse_if(opens(session), Conflict)
    return session


def saved(id, page):
    """Lead on after saving: back to `page` for more rows, else to what there is to do."""
    return redirect(url_for(f"tables.{page}" if "more" in request.form else "tables.worksheet", id=id))


def attempt_over(form, save, fingerprint):
    """Perform `save` if the form was sent and is whole; return (None, False) when it is done.

    Else the status to answer with, and whether somebody else saved first: the form then carries the `fingerprint`
    (function) of what they saved, so that sending it again is an answer to that.
    """
    if not form.is_submitted():
        return 200, False
    if not form.validate():
        return 422, False
    try:
        save()
    except Refused as refusal:
        is_theirs = isinstance(refusal, ChangedMeanwhile)
        if is_theirs:
            form.base.data = fingerprint()
        return point_out(form, refusal), is_theirs
    return None, False


def point_out(form, refusal, places=()):
    """Show a refusal at the cell it names ("rows-2-heads": of the third line sent) or field; returns its status.

    places: which row of the form each line that was sent stood in, None for one that it does not show. Where somebody
    else saved first the page itself shows both versions, and the form is not what is wrong.
    """
    if isinstance(refusal, ChangedMeanwhile):
        return refusal.status
    name, *cell = (getattr(refusal, "field", None) or "").split("-")
    place = places[int(cell[0])] if len(cell) == 2 and name in form else None
    if place is not None and cell[1] in form[name][place].form:
        field = form[name][place].form[cell[1]]
        field.errors = [*field.errors, str(refusal.reason)]
    else:
        attach(form, refusal)
    return refusal.status
