"""Paper: worksheets to print, the spreadsheet that goes out and comes back, and photos of the signed sheets."""

import base64
import binascii
from functools import wraps

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeSerializer

from consulta.agreements.queries import agreements_of
from consulta.consultations.queries import themes_of
from consulta.core.errors import Conflict, Invalid, NotFound, Refused, refuse_if
from consulta.proposals.queries import find_proposal
from consulta.tables.actions import ChangedMeanwhile
from consulta.tables.models import new_uid
from consulta.tables.queries import attendances_of, find_session
from consulta.tables.rules import why_not_enter, why_not_facilitate
from consulta.web import labels, paper_sheets
from consulta.web.forms.paper import ApplyForm, PhotoForm, SheetForm
from consulta.web.forms.refusals import attach
from consulta.web.guards import person, signed_in, whole_number
from consulta.web.hands import uids_in
from consulta.web.headers import FORMS, taking
from consulta.web.room import actor
from consulta.worksheets.actions import apply_sheet, keep_photo, remove_photo
from consulta.worksheets.photo_decoding import MOST_BYTES, decode_photo
from consulta.worksheets.queries import photo_or_room, photo_with, photos_of, proposals_for, room_of
from consulta.worksheets.rules import why_not_keep_photo, why_not_print, why_not_see_photos
from consulta.worksheets.spreadsheets import fingerprint, identity
from consulta.worksheets.spreadsheets_cells import BadSheet, Problem
from consulta.worksheets.spreadsheets_file import open_workbook
from consulta.worksheets.spreadsheets_in import find_seal, read_changes
from consulta.worksheets.spreadsheets_out import build_workbook, cell_value
from consulta.worksheets.spreadsheets_rows import contents_of, items_of, with_spare

paper = Blueprint("paper", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IMAGES = ("image/jpeg", "image/png", "image/webp")
MOST_NOTES = 4000  # letters that say who brings a photo
LISTED = 100  # problems that are shown; the rest are counted
# The spreadsheet is written in this language, and read in it, whoever asks.
LANGUAGE = "es"
GUIDE = (
    "Escribe solo en las celdas blancas. Las celdas celestes no se cambian.",
    "Una celda vacía es algo que no se anotó. No escribas fórmulas, no combines celdas y no agregues hojas.",
    "En «Asistencia» y «Acuerdos» hay filas vacías al final para quienes llegaron sin estar en la lista.",
    "Las propuestas nuevas de la sala se agregan en la página de la sesión, no aquí.",
    "Guarda la planilla como .xlsx o .ods y súbela en la página de la sesión: antes de aplicar nada verás qué cambia.",
)


def entering(view):
    """Ask whoever comes without account and without the room's code to sign in; a device is told in JSON."""

    @wraps(view)
    def guarded(*args, **kwargs):
        if actor() is not None:
            return view(*args, **kwargs)
        if request.mimetype in IMAGES:
            return {"error": "signed_out", "reason": _("Entra de nuevo, o escribe otra vez el código de la sala.")}, 401
        return signed_in(lambda: None)()

    return guarded


@paper.get("/sesiones/<int:id>/papel")
@entering
def show(id):
    """Show what can be done on paper: print, take the spreadsheet along and bring it back, upload photos."""
    return _page("show", _session(id, why_not_print), form=SheetForm())


@paper.get("/sesiones/<int:id>/imprimir")
@entering
def prints(id):
    """Show the worksheets as they are printed: the table's, one a proposal, and empty ones for the room's own."""
    session = _session(id, why_not_print)
    attendances = attendances_of(session)
    blank = min(whole_number(request.args.get("blancas")) or 0, paper_sheets.MOST_BLANK)
    return _page(
        "prints",
        session,
        proposals=proposals_for(session, to=person()),
        pages=paper_sheets.attendance_pages(attendances, session.agenda),
        agreements=agreements_of(session),
        blanks=paper_sheets.blanks(blank),
        themes=themes_of(session.table.consultation),
        sheets=paper_sheets,
    )


@paper.get("/sesiones/<int:id>/papel/<code>")
def scanned(id, code):
    """Lead on from the square on a sheet: whoever may enter it to the sheet, anybody else to the proposal."""
    session = find_session(id, to=person())
    proposal = find_proposal(code, to=person())
    if why_not_facilitate(actor(session), session) is None and why_not_enter(session) is None:
        return redirect(url_for("worksheets.sheet", id=id, _anchor=f"propuestas/{proposal.code}"))
    return redirect(url_for("proposals.show", code=proposal.code))


@paper.get("/sesiones/<int:id>/planilla.xlsx")
@entering
def spreadsheet(id):
    """Send the worksheet as a spreadsheet, with what stands in it now."""
    session = _session(id, why_not_print)
    contents = with_spare(contents_of(session, to=person()))
    table = session.table
    with force_locale(LANGUAGE):
        data = build_workbook(
            contents,
            title=session.title,
            about=_about(session, table),
            guide=GUIDE,
            words=_words(),
            items=items_of(session),
            seal=_signer().dumps(identity(session.id, contents)),
        )
    headers = {"Content-Disposition": f'attachment; filename="sesion-{session.id}.xlsx"', "Cache-Control": "no-store"}
    return Response(data, mimetype=XLSX, headers=headers)


@paper.post("/sesiones/<int:id>/planilla")
@entering
def read_sheet(id):
    """Show what a filled-in spreadsheet would change, or all that is wrong with it; nothing is applied yet."""
    session = _session(id, why_not_facilitate)
    refuse_if(why_not_enter(session), Conflict)
    form = SheetForm()
    data = form.sheet.data.read() if form.sheet.data else b""
    if not form.validate_on_submit():
        return _page("show", session, form=form), 422
    return _preview(session, data, form)


@paper.post("/sesiones/<int:id>/planilla/aplicar")
@entering
def apply(id):
    """Apply the spreadsheet that was looked at, if what stands is still what it was compared with."""
    session = _session(id, why_not_facilitate)
    refuse_if(why_not_enter(session), Conflict)
    form = ApplyForm()
    try:
        data = base64.b64decode(form.sheet.data or "", validate=True)
    except (binascii.Error, ValueError):
        data = b""
    try:
        changes, _contents = _changes(session, data)
        apply_sheet(session, changes, base=form.base.data or "", by=actor(session))
    except ChangedMeanwhile as refusal:
        return _preview(session, data, SheetForm(formdata=None), notice=refusal.reason, status=refusal.status)
    except (BadSheet, Invalid) as refusal:
        problems = refusal.problems if isinstance(refusal, BadSheet) else [Problem("", refusal.reason)]
        return _page("show", session, form=SheetForm(formdata=None), problems=problems, listed=LISTED), 422
    flash(_("Planilla aplicada: lo que decía ya está anotado en la sesión."), "success")
    return redirect(url_for("paper.show", id=id))


@paper.get("/sesiones/<int:id>/hoja/fotos")
@entering
def photos(id):
    """Show the photos of the sheets, and the form for one more."""
    session = _session(id, why_not_see_photos)
    return _photos_page(session, _photo_form(session))


@paper.post("/sesiones/<int:id>/hoja/fotos/<uid>", endpoint="keep_photo")
@taking("", *FORMS, *IMAGES, most=MOST_BYTES + 64 * 1024)
@entering
def take_photo(id, uid):
    """Take in the photo of a sheet: the bytes alone from a device, or a form; `uid` lets it count once."""
    session = _session(id, why_not_facilitate)
    refuse_if(why_not_keep_photo(session), Conflict)
    if request.mimetype in IMAGES:
        photo = _kept(session, uid, request.get_data, request.args.get("propuesta", ""))
        return {"uid": photo.uid, "width": photo.width, "height": photo.height, "size": photo.size}
    refuse_if(why_not_see_photos(actor(session), session))
    form = _photo_form(session)
    if not form.validate_on_submit():
        return _photos_page(session, form, 422)
    try:
        _kept(session, uid, form.photo.data.read if form.photo.data else bytes, form.proposal.data or "")
    except Refused as refusal:
        attach(form, refusal)
        return _photos_page(session, form, refusal.status)
    flash(_("Foto guardada. La ve solo quien registra o revisa la sesión."), "success")
    return redirect(url_for("paper.photos", id=id))


@paper.get("/sesiones/<int:id>/hoja/fotos/<uid>")
@entering
def photo(id, uid):
    """Send one photo, to be seen and not kept."""
    session = _session(id, why_not_see_photos)
    found = photo_with(session, uid)
    if found is None or found.removed_at is not None:
        raise NotFound(_("No hay una foto en esta dirección."))
    headers = {
        "Content-Disposition": f'inline; filename="hoja-{found.id}.jpg"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(found.content, mimetype="image/jpeg", headers=headers)


@paper.post("/sesiones/<int:id>/hoja/fotos/<uid>/quitar", endpoint="remove_photo")
@entering
def take_away(id, uid):
    """Take a photo away, while the session takes entries."""
    session = _session(id, why_not_facilitate)
    remove_photo(session, uid, by=actor(session))
    flash(_("Foto quitada."), "success")
    return redirect(url_for("paper.photos", id=id))


@paper.app_template_global()
def photo_address(photo):
    """Return the address of the photo of a sheet."""
    return url_for("paper.photo", id=photo.session_id, uid=photo.uid)


def _session(id, rule):
    """Return the session of this number, if `rule` has nothing against whoever asks."""
    session = find_session(id, to=person())
    refuse_if(rule(actor(session), session))
    return session


def _page(name, session, **values):
    return render_template(
        f"paper/{name}.html",
        session=session,
        table=session.table,
        consultation=session.table.consultation,
        why_not_enter=why_not_facilitate(actor(session), session) or why_not_enter(session),
        **values,
    )


def _photo_form(session):
    return PhotoForm(proposals=proposals_for(session, to=person()))


def _photos_page(session, form, status=200):
    why_not = why_not_facilitate(actor(session), session) or why_not_keep_photo(session)
    return _page(
        "photos", session, form=form, photos=photos_of(session), new_uid=new_uid(), why_not_keep=why_not
    ), status


def _kept(session, uid, read, about):
    """Return the Photo made of what `read` returns, or the one that is there: it is decoded only where it is kept."""
    if (there := photo_or_room(session, uid)) is not None:
        return there
    proposal = _photographed(session, about)
    hands = uids_in(session, request.headers.get("X-Hands", "")[:MOST_NOTES].split())
    return keep_photo(session, uid, decode_photo(read()), proposal=proposal, hands=hands, by=actor(session))


def _photographed(session, about):
    """Return the proposal that a photo is of: a code, or what a device calls one that the room made; None for neither.

    A photo of a proposal that is not public yet is kept with the sheet of the table: it is what the room signed.
    """
    made = {each.uid: each.proposal.code for each in room_of(session)}
    code = made.get(about, about)
    if not code or len(code) > 12:
        return None
    return find_proposal(code, to=person())


def _preview(session, data, form, notice=None, status=200):
    try:
        changes, contents = _changes(session, data)
    except BadSheet as refusal:
        return _page("show", session, form=form, problems=refusal.problems, listed=LISTED), 422
    if not changes:
        flash(_("La planilla no trae nada nuevo: dice lo mismo que ya está anotado."), "info")
        return redirect(url_for("paper.show", id=session.id))
    words, items = _words(), items_of(session)
    after = ApplyForm(formdata=None, data={"sheet": base64.b64encode(data).decode(), "base": fingerprint(contents)})
    return _page(
        "preview",
        session,
        form=after,
        notice=notice,
        changes=changes,
        groups=_grouped(changes),
        shown=lambda column, value: cell_value(column, value, words, items),
    ), status


def _grouped(changes):
    """Return [(title of the sheet, [(what the row is called by, its Changes)])] in the order of the file."""
    rows = {}
    for each in changes:
        rows.setdefault(each.part, {}).setdefault(each.key, []).append(each)
    titles = {"result": _("Resultados"), "attendance": _("Asistencia"), "agreement": _("Acuerdos")}
    return [
        (titles[part], [(_called(part, cells), cells) for cells in of_part.values()]) for part, of_part in rows.items()
    ]


def _called(part, cells):
    new = next((each.after for each in cells if each.column.field in ("named", "text") and each.after), None)
    unnamed = _("Personas sin organización") if part == "attendance" else _("Acuerdo nuevo")
    return cells[0].name or new or unnamed


def _changes(session, data):
    """Return the Changes of a spreadsheet's bytes, and the contents they were compared with; raises BadSheet."""
    sheets = open_workbook(data)
    seal, where = find_seal(sheets)
    try:
        carried = _signer().loads(seal)
    except BadData:
        raise BadSheet(
            Problem(where, _("La identificación fue cambiada o no es de este sitio. Baja la planilla de nuevo."))
        ) from None
    if carried.get("session") != session.id:
        raise BadSheet(Problem(where, _("Esta planilla es de otra sesión. Súbela en la página de su sesión.")))
    contents = contents_of(session, codes=list(carried["marks"].get("result", {})), to=person())
    with force_locale(LANGUAGE):
        words = _words()
    return read_changes(sheets, contents, carried, words, items_of(session)), contents


def _signer():
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="consulta.spreadsheet")


def _words():
    listed = {
        "outcome": labels.OUTCOMES,
        "grade": labels.GRADES,
        "sector": labels.SECTORS,
        "quality": labels.QUALITIES,
        "kind": labels.AGREEMENT_KINDS,
    }
    return {name: {code: str(words) for code, words in choices.items()} for name, choices in listed.items()}


def _about(session, table):
    agenda = [f"{number}. {item['title']}" for number, item in enumerate(session.agenda, 1)]
    rows = [("Consulta", table.consultation.title), ("Mesa", table.title), ("Sesión", session.title)]
    rows += [("Lugar", session.place), ("Agenda", "\n".join(agenda))]
    return [(name, value) for name, value in rows if value]
