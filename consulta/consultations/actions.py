"""Preparing a consultation, announcing and suspending it, and appointing who works in it."""

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from consulta.consultations.models import PHASE_KINDS, VOTERS, Appointment, Consultation, Phase, Theme
from consulta.consultations.queries import is_taken, profile
from consulta.consultations.rules import (
    DESCRIPTION_LIMIT,
    HIGHEST_LIMIT,
    MOST_PHASES,
    MOST_THEMES,
    PHASE_LIMIT,
    REASON_LIMIT,
    SUMMARY_LIMIT,
    THEME_LIMIT,
    TITLE_LIMIT,
    state_of,
    why_not_administer,
    why_not_announce,
    why_not_hold,
    why_not_reschedule,
    why_not_slug,
    why_not_zone,
)
from consulta.core.clock import now
from consulta.core.errors import Conflict, Invalid, check, refuse_if
from consulta.core.extensions import db
from consulta.core.record import record, vocabulary
from consulta.core.text import clean_line, clean_text, fold
from consulta.core.work import action, lock

# Until it is announced a consultation is secret: its first entries name its profile and no more.
vocabulary(
    {
        "consultation.created": ("profile",),
        "consultation.rescheduled": ("phases",),
        "consultation.announced": ("slug", "title", "opens_at", "closes_at", "phases", "voters", "vote_limit"),
        "consultation.suspended": (),
        "consultation.resumed": (),
        "appointment.made": ("person", "role", "territory"),
        "appointment.ended": ("person", "role", "territory"),
    }
)


@action
def create_consultation(
    profile_code,
    *,
    slug,
    title,
    summary,
    description="",
    zone,
    country,
    voters,
    territory=None,
    vote_limit=None,
    phases,
    themes,
    is_demonstration=False,
    by,
):
    """Prepare a consultation that nobody but its staff sees until it is announced; returns it.

    phases: dictionaries with kind, title, opens_at and closes_at (instants). themes: titles. Raises Invalid naming
    the field that will not do.
    """
    check(why_not_administer, by)
    notice_days = profile(profile_code)["notice_days"]
    refuse_if(why_not_slug(slug), _invalid("slug"))
    if is_taken(slug):
        raise Invalid("slug", _("Otra consulta ya usa esa dirección."))
    refuse_if(why_not_zone(zone), _invalid("zone"))
    if voters not in VOTERS:
        raise Invalid("voters", _("Elige quién puede apoyar."))
    if voters == "territory" and territory is None:
        raise Invalid("territory", _("Elige de qué territorio son las personas que pueden apoyar."))
    if vote_limit is not None and not 1 <= vote_limit <= HIGHEST_LIMIT:
        raise Invalid("vote_limit", _("El límite va de 1 a %(n)s apoyos, o queda vacío.", n=HIGHEST_LIMIT))
    consultation = Consultation(
        slug=slug,
        title=clean_line(title, TITLE_LIMIT, field="title"),
        summary=clean_line(summary, SUMMARY_LIMIT, field="summary"),
        description=clean_text(description, DESCRIPTION_LIMIT, field="description", required=False),
        zone=zone,
        country=country,
        profile=profile_code,
        notice_days=notice_days,
        voters=voters,
        territory=territory,
        vote_limit=vote_limit,
        is_demonstration=is_demonstration,
        created_at=now(),
        phases=_phases(phases),
        themes=_themes(themes),
    )
    db.session.add(consultation)
    db.session.flush()
    record("consultation.created", consultation, by=by, within=consultation, profile=profile_code)
    return consultation


@action
def reschedule_phases(consultation, phases, *, by):
    """Give a consultation that is not announced yet other phases; `phases` as for `create_consultation`."""
    check(why_not_administer, by)
    (consultation,) = lock(consultation)
    refuse_if(why_not_reschedule(consultation), Conflict)
    fresh = _phases(phases)
    for phase in list(consultation.phases):
        db.session.delete(phase)
    db.session.flush()
    consultation.phases = fresh
    record("consultation.rescheduled", consultation, by=by, within=consultation, phases=len(fresh))


@action
def announce_consultation(consultation, *, by):
    """Make a prepared consultation public, with its dates; the notice of its profile must be kept."""
    check(why_not_administer, by)
    (consultation,) = lock(consultation)
    refuse_if(why_not_announce(consultation), Conflict)
    consultation.announced_at = now()
    record(
        "consultation.announced",
        consultation,
        by=by,
        within=consultation,
        slug=consultation.slug,
        title=consultation.title,
        opens_at=min(phase.opens_at for phase in consultation.phases).isoformat(),
        closes_at=max(phase.closes_at for phase in consultation.phases).isoformat(),
        phases=[phase.kind for phase in consultation.phases],
        voters=consultation.voters,
        vote_limit=consultation.vote_limit,
    )


@action
def suspend_consultation(consultation, *, reason, by):
    """Stop everything but reading in an announced consultation, for a public reason."""
    check(why_not_administer, by)
    (consultation,) = lock(consultation)
    state = state_of(consultation)
    if state in ("draft", "archived"):
        raise Conflict(_("Solo se suspende una consulta anunciada y sin archivar."))
    if state == "suspended":
        raise Conflict(_("La consulta ya está suspendida."))
    consultation.suspended_at = now()
    reason = clean_text(reason, REASON_LIMIT, field="reason")
    record("consultation.suspended", consultation, by=by, within=consultation, reason=reason)


@action
def resume_consultation(consultation, *, reason, by):
    """Let a suspended consultation go on, for a public reason; its dates stay."""
    check(why_not_administer, by)
    (consultation,) = lock(consultation)
    if state_of(consultation) != "suspended":
        raise Conflict(_("La consulta no está suspendida."))
    consultation.suspended_at = None
    reason = clean_text(reason, REASON_LIMIT, field="reason")
    record("consultation.resumed", consultation, by=by, within=consultation, reason=reason)


@action
def appoint(person, role, consultation, territory=None, *, by):
    """Give `person` a role in one consultation: moderator, or facilitator of one region; returns the appointment.

    One that is live already is returned as it is.
    """
    check(why_not_administer, by)
    (consultation,) = lock(consultation)
    field = "territory" if person.confirmed_at else "email"
    refuse_if(why_not_hold(person, role, territory, consultation), _invalid(field))
    query = select(Appointment).where(
        Appointment.person_id == person.id,
        Appointment.role == role,
        Appointment.consultation_id == consultation.id,
        Appointment.territory_id == (territory.id if territory else None),
        Appointment.ended_at.is_(None),
    )
    if (live := db.session.scalar(query)) is not None:
        return live
    appointment = Appointment(
        person=person,
        role=role,
        consultation=consultation,
        territory=territory,
        appointed_at=now(),
        appointed_by_id=by.id if by else None,
    )
    db.session.add(appointment)
    db.session.flush()
    _record_appointment("appointment.made", appointment, by)
    return appointment


@action
def end_appointment(appointment, *, by):
    """Take an appointment back: the next request of that person finds it gone. It stays as history."""
    check(why_not_administer, by)
    (appointment,) = lock(appointment)
    if appointment.ended_at is not None:
        raise Conflict(_("Este nombramiento ya terminó."))
    # Ended by the machine, the row names the person herself: the record tells who it was.
    appointment.ended_at, appointment.ended_by_id = now(), by.id if by else appointment.person_id
    _record_appointment("appointment.ended", appointment, by)


def _record_appointment(event, appointment, by):
    record(
        event,
        appointment,
        by=by,
        within=appointment.consultation,
        person=appointment.person.uid,
        role=appointment.role,
        territory=appointment.territory.code if appointment.territory else None,
    )


def _phases(rows):
    if not 1 <= len(rows) <= MOST_PHASES:
        raise Invalid("phases", _("Una consulta tiene de 1 a %(n)s fases.", n=MOST_PHASES))
    phases = []
    for row in sorted(rows, key=lambda each: each["opens_at"]):
        title = clean_line(row["title"], PHASE_LIMIT, field="phases")
        if row["kind"] not in PHASE_KINDS:
            raise Invalid("phases", _("La fase «%(title)s» no es de una clase conocida.", title=title))
        if row["closes_at"] <= row["opens_at"]:
            raise Invalid("phases", _("La fase «%(title)s» tiene que cerrar después de abrir.", title=title))
        phases.append(
            Phase(
                position=len(phases) + 1,
                kind=row["kind"],
                title=title,
                opens_at=row["opens_at"],
                closes_at=row["closes_at"],
            )
        )
    return phases


def _themes(titles):
    kept = {}
    for typed in titles:
        title = clean_line(typed, THEME_LIMIT, field="themes", required=False)
        if title:
            kept.setdefault(fold(title), title)
    if len(kept) > MOST_THEMES:
        raise Invalid("themes", _("Caben hasta %(n)s ejes temáticos.", n=MOST_THEMES))
    return [Theme(position=position, title=title) for position, title in enumerate(kept.values(), start=1)]


def _invalid(field):
    return lambda reason: Invalid(field, reason)
