"""Pages around the worksheet: its own, the way in with a code, what came late, where a room's proposal stands."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _

from consulta.core.errors import Invalid, Refused, refuse_if
from consulta.core.extensions import LOCALES, limiter
from consulta.minutes.actions import admit_late as correct_by_late
from consulta.tables.queries import code_of, find_session
from consulta.tables.rules import why_not_amend, why_not_facilitate
from consulta.web import worksheet_words
from consulta.web.forms.refusals import attach
from consulta.web.forms.worksheets import LateForm, RoomForm, TrackForm
from consulta.web.guards import person, signed_in, whole_number
from consulta.web.room import actor, give_back, held_code, hold
from consulta.worksheets.actions import admit_late, dismiss_late
from consulta.worksheets.queries import late_in, settled_in, tracked
from consulta.worksheets.rules import why_not_settle_late
from consulta.worksheets.tracking import read_code

worksheets = Blueprint("worksheets", __name__)
LATE = 100  # late changes on one page


def _failed(response):
    """Only what was refused counts against a limit: a whole room may type the same code."""
    return response.status_code == 422


# Codes have 50 bits of chance: with these limits a million addresses would try for centuries.
tries = limiter.limit("60 per hour", methods=["POST"], deduct_when=_failed)


@worksheets.get("/sesiones/<int:id>/hoja")
def sheet(id):
    """Open the worksheet that goes on without connection, for whoever facilitates the session or holds its code."""
    session = find_session(id, to=person())
    by = actor(session)
    if by is None:
        return redirect(url_for(".room", sesion=id))
    refuse_if(why_not_facilitate(by, session))
    locale = request.args.get("idioma")
    locale = locale if locale in LOCALES else str(get_locale())
    with force_locale(locale):
        return render_template("worksheets/sheet.html", session=session, locale=locale)


@worksheets.route("/sala", methods=["GET", "POST"])
@tries
def room():
    """Enter a room with the code of its session, on a phone without an account."""
    form, status = RoomForm(), 200
    if form.validate_on_submit():
        code = code_of(form.code.data)
        if code is not None:
            hold(code)
            return redirect(url_for(".sheet", id=code.session_id))
        form.code.errors = [_("Ese código no abre ninguna sesión: puede estar mal escrito, vencido o terminado.")]
    if form.is_submitted():
        status = 422
    held = held_code()
    asked = request.args.get("sesion", "")
    back = url_for(".sheet", id=int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
    return render_template("worksheets/room.html", form=form, held=held, back=back), status


@worksheets.post("/sala/salir")
def leave():
    """Let this phone hold no code any more; what it keeps and did not send stays on it."""
    give_back()
    flash(_("Este teléfono ya no tiene el código de la sala."), "success")
    return redirect(url_for(".room"))


@worksheets.route("/seguimiento", methods=["GET", "POST"])
@tries
def track():
    """Find the proposal that was made in a room by the code on paper, without an account."""
    form, status = TrackForm(data={"code": request.args.get("codigo", "")[:40]}), 200  # as the square on paper has it
    if form.validate_on_submit():
        code = read_code(form.code.data)
        proposal = tracked(code) if code else None
        if proposal is not None:
            return redirect(url_for("proposals.show", code=proposal.code))
        form.code.errors = [_not_there(code)]
    if form.is_submitted():
        status = 422
    return render_template("worksheets/track.html", form=form), status


@worksheets.route("/sesiones/<int:id>/tardias", methods=["GET", "POST"])
@signed_in
def late(id):
    """Show what came late beside what stands, field by field, to be admitted or dismissed with a reason."""
    session = find_session(id, to=person())
    refuse_if(why_not_settle_late(person(), session))
    form, status = LateForm(), 200
    chosen = [each[:36] for each in request.form.getlist("changes")]
    if form.validate_on_submit():
        try:
            _decide(session, chosen, form.reason.data)
        except Refused as refusal:
            attach(form, refusal)
            status = refusal.status
        else:
            return redirect(url_for(".late", id=id, pagina=whole_number(request.args.get("pagina"))))
    elif form.is_submitted():
        status = 422
    waiting = late_in(session)
    pages = max(1, -(-len(waiting) // LATE))
    page = min(max(whole_number(request.args.get("pagina")) or 1, 1), pages)
    address = url_for(".late", id=id)
    return render_template(
        "worksheets/late.html",
        session=session,
        consultation=session.table.consultation,
        form=form,
        late=waiting[(page - 1) * LATE : page * LATE],
        count=len(waiting),
        next_url=f"{address}?pagina={page + 1}" if page < pages else None,
        first_url=address if page > 1 else None,
        settled=settled_in(session),
        chosen=chosen,
        why_not_admit=why_not_amend(person(), session),
        words=worksheet_words,
    ), status


def _decide(session, chosen, reason):
    if request.form.get("do") == "dismiss":
        dismiss_late(session, chosen, reason=reason, by=person())
        flash(_("Lo que elegiste quedó descartado, con su motivo. Nada se borró."), "success")
    elif request.form.get("do") == "admit":
        admit = admit_late if session.published_at is None else correct_by_late
        admit(session, chosen, reason=reason, by=person())
        flash(_("Lo que elegiste quedó incorporado a la sesión, con su motivo."), "success")
    else:
        raise Invalid(None, _("Elige si lo incorporas o lo descartas."))


def _not_there(code):
    if code is None:
        return _("Ese código no está bien escrito: son diez letras o números y uno más para comprobar. Revísalo.")
    return _(
        "Todavía no hay una propuesta con ese código. Si la sesión fue hace poco, lo anotado puede no haber llegado "
        "aún: prueba de nuevo en unos días, o pregunta a quien facilitó la mesa."
    )
