"""Pages of the administration: preparing consultations, appointing people, and whether the machine is well."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consulta.accounts.queries import people_owed_confirmation, people_owed_reset, person_by_email
from consulta.consultations.actions import (
    announce_consultation,
    appoint,
    create_consultation,
    end_appointment,
    reschedule_phases,
    resume_consultation,
    suspend_consultation,
)
from consulta.consultations.queries import (
    appointments_of,
    find_appointment,
    find_consultation,
    is_taken,
    profiles,
    unsealed_entries,
    visible_consultations,
)
from consulta.consultations.rules import (
    state_of,
    why_not_announce,
    why_not_reschedule,
    why_not_slug,
)
from consulta.core.clock import now
from consulta.core.errors import Conflict, Invalid, Refused, refuse_if
from consulta.core.extensions import db
from consulta.core.pulse import parked_work, pulse_of, unpark
from consulta.core.record import Head
from consulta.territories.queries import find_territory, regions, territory_with_id
from consulta.web import preparation
from consulta.web.forms.consultations import (
    AppointmentForm,
    BeginningForm,
    ConsultationForm,
    PhasesForm,
    PublicReasonForm,
    phases_form,
)
from consulta.web.forms.refusals import attach
from consulta.web.guards import only_administrators, person, within_site

administration = Blueprint("administration", __name__)
administration.before_request(only_administrators)


@administration.get("/administracion")
def index():
    """List the consultations with how each stands."""
    found = [(each, state_of(each)) for each in visible_consultations(to=person())]
    return render_template("administration/index.html", found=found)


@administration.get("/administracion/consultas/<slug>")
def consultation(slug):
    """One consultation as its administration sees it: what is missing before its announcement, and its switches."""
    found = find_consultation(slug, to=person())
    return render_template(
        "administration/consultation.html",
        consultation=found,
        state=state_of(found),
        why_not_announce=why_not_announce(found) if found.announced_at is None else None,
        profile=profiles().get(found.profile),
        form=PublicReasonForm(formdata=None),
    )


@administration.route("/administracion/consultas/nueva", methods=["GET", "POST"])
def new_consultation():
    """Prepare a consultation in two pages: what it begins from; then its dates, themes and who may support."""
    beginning = preparation.offer_beginning(BeginningForm(), visible_consultations(to=person()))
    if request.method == "GET" or "back" in request.form:
        return render_template("administration/new_consultation.html", form=beginning, profiles=profiles())
    # Later the address stands on the second page, where nothing typed is lost when somebody else took it meanwhile.
    if not beginning.validate() or not ("finish" in request.form or _has_free_address(beginning)):
        return render_template("administration/new_consultation.html", form=beginning, profiles=profiles()), 422
    profile = profiles()[beginning.profile.data]
    kind = phases_form(ConsultationForm, len(profile["phases"]))
    if "finish" not in request.form:
        form = preparation.offer_rest(preparation.prefilled(kind, beginning, profile), beginning.country.data)
        return _second_page(form, profile)
    form = preparation.offer_rest(kind(), beginning.country.data)
    try:
        # Both, so that everything that will not do is pointed out at once.
        valid, rows = form.validate(), preparation.read_phases(form, beginning.zone.data)
        if valid:
            created = create_consultation(
                profile["code"],
                title=form.title.data,
                slug=form.slug.data,
                summary=form.summary.data,
                description=form.description.data,
                zone=beginning.zone.data,
                country=beginning.country.data,
                voters=form.voters.data,
                territory=territory_with_id(int(form.territory.data)) if form.territory.data else None,
                vote_limit=form.vote_limit.data,
                phases=rows,
                themes=(form.themes.data or "").splitlines(),
                by=person(),
            )
            flash(_("La consulta está preparada. La ve solo la administración hasta que se anuncie."), "success")
            return redirect(url_for(".consultation", slug=created.slug))
    except Refused as refusal:
        attach(form, refusal)
    return _second_page(form, profile), 422


def _has_free_address(form):
    why = why_not_slug(form.slug.data)
    if why is None and is_taken(form.slug.data):
        why = _("Otra consulta ya usa esa dirección.")
    if why is not None:
        form.slug.errors = [str(why)]
    return why is None


def _second_page(form, profile):
    return render_template("administration/new_phases.html", form=form, profile=profile)


@administration.route("/administracion/consultas/<slug>/fases", methods=["GET", "POST"])
def phases(slug):
    """Change the dates of a consultation that is not announced yet."""
    found = find_consultation(slug, to=person())
    refuse_if(why_not_reschedule(found), Conflict)
    kind = phases_form(PhasesForm, len(found.phases))
    form = kind(data=preparation.phases_as_typed(found))
    if form.validate_on_submit():
        try:
            reschedule_phases(found, preparation.read_phases(form, found.zone), by=person())
            flash(_("Las fechas quedaron guardadas."), "success")
            return redirect(url_for(".consultation", slug=slug))
        except Refused as refusal:
            attach(form, refusal)
    return render_template("administration/phases.html", consultation=found, form=form), 422 if form.errors else 200


@administration.post("/administracion/consultas/<slug>/anunciar")
def announce(slug):
    """Make a prepared consultation public."""
    announce_consultation(find_consultation(slug, to=person()), by=person())
    flash(_("La consulta está anunciada: desde ahora la puede leer cualquiera."), "success")
    return redirect(url_for("consultations.show", slug=slug))


@administration.post("/administracion/consultas/<slug>/suspender")
def suspend(slug):
    """Suspend a consultation, or let a suspended one go on, with a public reason."""
    found = find_consultation(slug, to=person())
    form = PublicReasonForm()
    if form.validate_on_submit():
        try:
            if state_of(found) == "suspended":
                resume_consultation(found, reason=form.reason.data, by=person())
                flash(_("La consulta sigue su curso."), "success")
            else:
                suspend_consultation(found, reason=form.reason.data, by=person())
                flash(_("La consulta está suspendida."), "success")
            return redirect(url_for(".consultation", slug=slug))
        except Invalid as refusal:
            attach(form, refusal)
    answer = render_template(
        "administration/consultation.html",
        consultation=found,
        state=state_of(found),
        why_not_announce=None,
        profile=profiles().get(found.profile),
        form=form,
    )
    return answer, 422


@administration.route("/administracion/consultas/<slug>/nombramientos", methods=["GET", "POST"])
def appointments(slug):
    """Appoint those who moderate and facilitate, and show who does and did."""
    found = find_consultation(slug, to=person())
    form = AppointmentForm()
    form.territory.choices = [("", _("Elige la región")), *((each.code, each.name) for each in regions(found.country))]
    if form.validate_on_submit():
        try:
            chosen = person_by_email(form.email.data)
            if chosen is None:
                raise Invalid("email", _("Ninguna cuenta usa ese correo. Primero esa persona tiene que crear la suya."))
            is_local = form.role.data == "facilitator" and form.territory.data
            place = find_territory(found.country, form.territory.data) if is_local else None
            appoint(chosen, form.role.data, found, place, by=person())
            flash(_("El nombramiento vale desde ahora."), "success")
            return redirect(url_for(".appointments", slug=slug))
        except Refused as refusal:
            attach(form, refusal)
    held = appointments_of(found)
    answer = render_template(
        "administration/appointments.html",
        consultation=found,
        form=form,
        live=[each for each in held if each.ended_at is None],
        ended=[each for each in held if each.ended_at is not None],
    )
    return answer, 422 if form.errors else 200


@administration.post("/administracion/consultas/<slug>/nombramientos/<int:number>/terminar")
def end(slug, number):
    """Take an appointment back."""
    end_appointment(find_appointment(find_consultation(slug, to=person()), number), by=person())
    flash(_("El nombramiento terminó y ya no abre nada."), "success")
    return redirect(url_for(".appointments", slug=slug))


@administration.get("/administracion/estado")
def status():
    """Whether jobs, record, encoder and mail are well."""
    unsealed, oldest = unsealed_entries()
    mailer = current_app.extensions["mailer"]
    return render_template(
        "administration/status.html",
        bell=current_app.extensions["bell"].status(),
        sweep=pulse_of("sweep"),
        parked=parked_work(),
        unsealed=unsealed,
        oldest=oldest,
        head=db.session.get(Head, 1),
        similarity=current_app.extensions["similarity"].status(),
        consultations=visible_consultations(to=person()),
        mailer=mailer,
        why_mail_unwell=mailer.why_unwell(),
        owed=len(people_owed_confirmation()) + len(people_owed_reset()),
        now=now(),
    )


@administration.post("/administracion/estado/reanudar")
def retry():
    """Let work that failed too often be tried again."""
    name = request.form.get("name", "")
    if name not in {pulse.name for pulse in parked_work()}:
        raise Invalid(None, _("Ese trabajo no está detenido."))
    unpark(name, by=person())
    flash(_("Se intentará de nuevo en el próximo repaso."), "success")
    return redirect(within_site(url_for(".status")))
