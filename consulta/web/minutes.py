"""Published minutes: to read, to take away, to compare and to check; and their publication and correction."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consulta.core.errors import refuse_if
from consulta.core.extensions import limiter
from consulta.minutes.actions import correct as correct_minutes
from consulta.minutes.actions import publish_minutes
from consulta.minutes.comparing import changes_between
from consulta.minutes.document import document_of
from consulta.minutes.queries import find_version, last_number, readable, seal_of, versions_of
from consulta.tables.queries import find_session
from consulta.tables.rules import why_not_convene, why_not_correct, why_not_make_public
from consulta.web.forms.minutes import PublishForm
from consulta.web.forms.refusals import attempt
from consulta.web.guards import person, signed_in, whole_number
from consulta.web.minutes_changes import told
from consulta.web.minutes_files import file_of
from consulta.web.minutes_layout import blocks_in, title_of
from consulta.web.minutes_pages import published_minutes
from consulta.web.minutes_parts import groups_of, part_of

minutes = Blueprint("minutes", __name__)
FILES = "60 per minute"  # that one address may ask for


@minutes.get("/sesiones/<int:id>/acta-publicada")
@minutes.get("/sesiones/<int:id>/acta-publicada/<int:number>")
def show(id, number=None):
    """Show the minutes of a session, the newest version or an earlier one, and whether the record still holds it."""
    published = published_minutes(id, number)
    return _page(
        "show",
        published.session,
        published=published,
        title=title_of(published.document),
        blocks=blocks_in(published.document),
        seal=seal_of(published.version) if published.version else None,
        may_correct=why_not_correct(person(), published.session) is None,
    )


@minutes.get("/sesiones/<int:id>/acta-publicada.<any(pdf,docx,json):kind>")
@minutes.get("/sesiones/<int:id>/acta-publicada/<int:number>.<any(pdf,docx,json):kind>")
@limiter.limit(FILES)
def file(id, kind, number=None):
    """Send the minutes as a file."""
    return file_of(kind, published_minutes(id, number))


@minutes.get("/sesiones/<int:id>/acta-publicada/<int:number>/cambios")
def changes(id, number):
    """Show field by field what changed from an earlier version, the one before unless another is asked for."""
    published = published_minutes(id, number)
    earlier = [each for each in published.versions if each.number < number]
    asked = whole_number(request.args.get("desde"))
    before = find_version(published.session, asked) if asked else earlier[0] if earlier else None
    found = changes_between(readable(before.document)[0], published.document) if before else []
    return _page("changes", published.session, published=published, before=before, changes=told(found), earlier=earlier)


@minutes.route("/sesiones/<int:id>/publicar", methods=["GET", "POST"])
@signed_in
def publish(id):
    """Show the minutes as they will be read, and publish them."""
    session = find_session(id, to=person())
    refuse_if(why_not_convene(person(), session.table.consultation))
    form = PublishForm()
    status = attempt(form, lambda: publish_minutes(session, by=person()))
    if status is None:
        flash(_("El acta es pública, y su huella quedó en el registro público."), "success")
        return redirect(url_for("minutes.show", id=id))
    document, _gone = readable(document_of(session))
    return _page(
        "publish",
        session,
        form=form,
        why_not=why_not_make_public(session),
        title=title_of(document),
        blocks=blocks_in(document),
    ), status


@minutes.get("/sesiones/<int:id>/corregir")
@signed_in
def parts(id):
    """List what can be corrected in published minutes."""
    session = _corrected(id)
    return _page("parts", session, groups=groups_of(session), last=last_number(session))


@minutes.route("/sesiones/<int:id>/corregir/<name>", methods=["GET", "POST"])
@signed_in
def correct(id, name):
    """Take in a correction of one part with its reason: the public reads both versions."""
    session = _corrected(id)
    part = part_of(session, name)
    form = part.form(last_number(session))
    read = whole_number(form.version.data) or 0
    status = attempt(
        form,
        lambda: correct_minutes(
            session,
            changes=[part.change(form)],
            reason=form.reason.data,
            base=read,
            by=person(),
        ),
    )
    if status is None:
        flash(_("La corrección es pública, con su motivo, como una versión nueva del acta."), "success")
        return redirect(url_for("minutes.show", id=id))
    theirs = None
    if status == 409:
        theirs = _since(session, read)
        # What was typed stays; sent once more, it corrects the version that somebody else made.
        form.version.data = str(last_number(session))
    return _page("correct", session, form=form, part=part, theirs=theirs), status


def _since(session, number):
    """Return what changed in the minutes since the version with this number, in words."""
    versions = {each.number: each for each in versions_of(session)}
    if number not in versions:
        return []
    return told(changes_between(readable(versions[number].document)[0], readable(versions[max(versions)].document)[0]))


def _corrected(id):
    session = find_session(id, to=person())
    refuse_if(why_not_correct(person(), session))
    return session


def _page(name, session, **values):
    return render_template(
        f"minutes/{name}.html", session=session, table=session.table, consultation=session.table.consultation, **values
    )
