"""Agreements: the public list and each one's history, what a session agrees, and how it goes on."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consulta.agreements import digests
from consulta.agreements.actions import (
    drop_subgroup,
    form_subgroup,
    move_agreement,
    note_agreements,
    unsay_move,
)
from consulta.agreements.queries import (
    STANDINGS,
    agreements_of,
    count_agreements,
    find_agreement,
    open_before,
    page_of_agreements,
    sessions_after,
    steps_of,
    subgroups_formed_in,
    subgroups_of,
    tables_with_agreements,
    today_in,
)
from consulta.agreements.rules import standing_of, why_not_move, why_not_review
from consulta.consultations.queries import find_consultation
from consulta.core.errors import Conflict, Invalid, NotFound, Refused, refuse_if
from consulta.tables.actions import ChangedMeanwhile
from consulta.tables.queries import attendances_of, find_session
from consulta.tables.rules import why_not_enter, why_not_facilitate
from consulta.web.forms.agreements import (
    AgreementsForm,
    MoveForm,
    SubgroupForm,
    agreements_as_typed,
    move_as_typed,
)
from consulta.web.forms.refusals import attach, attempt
from consulta.web.guards import person, signed_in, whole_number

agreements = Blueprint("agreements", __name__)

# The parts of the list: the word in the address, and how the agreements in it stand.
VIEWS = {
    "por-hacer": "agreed",
    "en-curso": "under_way",
    "vencidos": "overdue",
    "aplazados": "deferred",
    "vigentes": "in_force",
    "cumplidos": "done",
}
assert set(VIEWS.values()) == set(STANDINGS)


@agreements.get("/consultas/<slug>/acuerdos")
def index(slug):
    """List what published sessions agreed: by how it stands, by table, and by whoever answers for it."""
    consultation = find_consultation(slug, to=person())
    there = tables_with_agreements(consultation)
    table = whole_number(request.args.get("mesa"))
    table = table if table in dict(there) else None
    owner = request.args.get("q", "")[:200].strip()
    view = request.args.get("estado") if request.args.get("estado") in VIEWS else None
    after = whole_number(request.args.get("desde"))
    page = page_of_agreements(consultation, standing=VIEWS.get(view), table=table, owner=owner, after=after)
    narrowed = {"slug": slug, "mesa": table, "q": owner or None}
    return render_template(
        "agreements/index.html",
        consultation=consultation,
        page=page,
        counts=count_agreements(consultation, table=table, owner=owner),
        view=view,
        views=VIEWS,
        tables=there,
        table=table,
        owner=owner,
        narrowed=narrowed,
        today=today_in(consultation),
        next_url=page.next_key and url_for(".index", **narrowed, estado=view, desde=page.next_key),
        first_url=url_for(".index", **narrowed, estado=view) if after is not None else None,
    )


@agreements.get("/acuerdos/<int:id>")
def show(id):
    """Show one agreement: what it says, who answers, by when, and how it went on."""
    agreement = find_agreement(id, to=person())
    return _page(agreement, "show", steps=steps_of(agreement), may_move=why_not_move(person(), agreement) is None)


@agreements.route("/acuerdos/<int:id>/avance", methods=["GET", "POST"])
@signed_in
def move(id):
    """Say how an agreement goes on, between sessions."""
    agreement = find_agreement(id, to=person())
    refuse_if(why_not_move(person(), agreement))
    form = _move_form(agreement, agreement.session)
    status = attempt(form, lambda: _move(agreement, form))
    if status is None:
        flash(_("Anotado: ya es público, con su fecha."), "success")
        return redirect(url_for(".show", id=id))
    return _page(agreement, "move", form=form, session=None, step=None), status


@agreements.route("/sesiones/<int:id>/acuerdos", methods=["GET", "POST"])
@signed_in
def enter(id):
    """Take in what the room agreed, and show what it begins with from before."""
    session = _own(id)
    there = agreements_of(session)
    form = AgreementsForm(data=agreements_as_typed(there), items=_items(session))
    status, theirs = 200, None
    if form.validate_on_submit():
        lines = form.lines
        try:
            note_agreements(session, [row for _at, row in lines], base=form.base.data or "", by=person())
        except ChangedMeanwhile as refusal:
            status, theirs = refusal.status, agreements_of(session)
            form.base.data = digests.of_agreements(theirs)
        except Refused as refusal:
            status = _point_out(form, refusal, [at for at, _row in lines])
        else:
            flash(_("Acuerdos guardados."), "success")
            endpoint = ".enter" if "more" in request.form else "tables.worksheet"
            return redirect(url_for(endpoint, id=id))
    elif form.is_submitted():
        status = 422
    return _session_page(
        session,
        "enter",
        form=form,
        theirs=theirs,
        before=open_before(session),
        subgroups=subgroups_formed_in(session),
        owners=_owners(session),
    ), status


@agreements.route("/sesiones/<int:id>/acuerdos/<int:number>", methods=["GET", "POST"])
@signed_in
def review(id, number):
    """Say in a session how an agreement of an earlier one goes on; public with the session."""
    session = _own(id)
    agreement = find_agreement(number, to=person())
    refuse_if(why_not_review(agreement, session), NotFound)
    step = next((each.step for each in open_before(session) if each.agreement == agreement), None)
    if "unsay" in request.form:
        unsay_move(agreement, session, by=person())
        flash(_("Quitado. El acuerdo sigue como estaba."), "success")
        return redirect(url_for(".enter", id=id))
    form = _move_form(agreement, session, step)
    status = attempt(form, lambda: _move(agreement, form, session))
    if status is None:
        flash(_("Anotado. Será público cuando se publique la sesión."), "success")
        return redirect(url_for(".enter", id=id))
    return _page(agreement, "move", form=form, session=session, step=step), status


@agreements.route("/sesiones/<int:id>/subgrupo", methods=["GET", "POST"])
@signed_in
def subgroup(id):
    """Form a sub-group that the session charges with something."""
    session = _own(id)
    present = {each.institution_id: each.institution for each in attendances_of(session) if each.institution}
    form = SubgroupForm(institutions=[(str(key), each.name) for key, each in present.items()])
    chosen = [present[key] for key in map(whole_number, form.institutions.data or ()) if key in present]
    status = attempt(
        form,
        lambda: form_subgroup(session.table, title=form.title.data, institutions=chosen, session=session, by=person()),
    )
    if status is None:
        flash(_("Subgrupo formado. Ya puede responder por un acuerdo."), "success")
        return redirect(url_for(".enter", id=id))
    return _session_page(session, "subgroup", form=form, present=present), status


@agreements.post("/sesiones/<int:id>/subgrupo/<int:number>/quitar")
@signed_in
def drop(id, number):
    """Remove a sub-group that this session formed."""
    session = _own(id)
    found = next((each for each in subgroups_formed_in(session) if each.id == number), None)
    refuse_if(None if found else _("Esta sesión no formó ese subgrupo."), NotFound)
    drop_subgroup(found, by=person())
    flash(_("Subgrupo quitado."), "success")
    return redirect(url_for(".enter", id=id))


def _page(agreement, name, **values):
    consultation = agreement.session.table.consultation
    today = today_in(consultation)
    return render_template(
        f"agreements/{name}.html",
        agreement=agreement,
        consultation=consultation,
        table=agreement.session.table,
        item=dict(_items(agreement.session)).get(agreement.item),
        standing=standing_of(agreement, today),
        today=today,
        **values,
    )


def _session_page(session, name, **values):
    consultation = session.table.consultation
    return render_template(
        f"agreements/{name}.html",
        session=session,
        table=session.table,
        consultation=consultation,
        today=today_in(consultation),
        **values,
    )


def _own(id):
    """Return the session of this number if its facilitator asks; a form opens only while entries are taken."""
    session = find_session(id, to=person())
    refuse_if(why_not_facilitate(person(), session))
    if request.method != "POST":
        refuse_if(why_not_enter(session), Conflict)
    return session


def _move_form(agreement, session, step=None):
    """Return the form for how an agreement goes on, as `session` may put it off."""
    later = [(str(each.id), each.title) for each in sessions_after(session)]
    kept = agreement.deferred_to
    if kept is not None and str(kept.id) not in dict(later):
        later.insert(0, (str(kept.id), kept.title))
    return MoveForm(data=move_as_typed(agreement, step), kind=agreement.kind, sessions=later)


def _move(agreement, form, session=None):
    chosen = whole_number(form.deferred_to.data) if form.state.data == "deferred" else None
    said = {"state": form.state.data, "note": form.note.data, "due_on": form.due_on.data}
    later = find_session(chosen, to=person()) if chosen else None
    try:
        move_agreement(agreement, **said, session=session, deferred_to=later, base=form.number, by=person())
    except ChangedMeanwhile:
        # What the other person said stands on the page now: whoever sends again has seen it.
        form.base.data = str(len(agreement.steps))
        raise


def _items(session):
    """Return (id, title) of the items of a session's agenda that something can be agreed under."""
    return [(each["id"], each["title"]) for each in session.agenda if each.get("id") and each.get("kind") != "break"]


def _owners(session):
    """Return the names that a facilitator is offered for whoever answers: institutions of the list, sub-groups."""
    present = [each.name for each in attendances_of(session) if each.name]
    return sorted({*present, *(each.title for each in subgroups_of(session.table, session=session))}, key=str.casefold)


def _point_out(form, refusal, places):
    """Show a refusal at the cell it names ("rows-2-text": of the third row sent); returns its status."""
    name, *cell = (refusal.field or "").split("-") if isinstance(refusal, Invalid) else ("",)
    if len(cell) == 2:
        field = form[name][places[int(cell[0])]].form[cell[1]]
        field.errors = [*field.errors, str(refusal.reason)]
    else:
        attach(form, refusal)
    return refusal.status
