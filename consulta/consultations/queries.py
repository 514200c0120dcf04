"""Reading consultations, their appointments and their part of the public record, with the rights of whoever reads."""

import json
from functools import cache
from pathlib import Path

from flask_babel import lazy_gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from consulta.consultations.models import Appointment, Consultation, Theme
from consulta.consultations.rules import state_of, why_not_see
from consulta.core.errors import NotFound, refuse_if
from consulta.core.extensions import db
from consulta.core.record import Entry, reference

PROFILES = Path(__file__).resolve().parent.parent / "data" / "profiles"
ENTRIES = 30  # of the record on a page


def visible_consultations(*, to):
    """Return the consultations that `to` (a person or None) may see, the newest first."""
    query = select(Consultation).options(joinedload(Consultation.territory))
    if to is None or not to.is_administrator:
        query = query.where(_visible(to))
    return db.session.scalars(query.order_by(Consultation.id.desc())).all()


def consultations_under_way():
    """Return the consultations in which something may be done now: announced, and neither suspended nor archived."""
    query = select(Consultation).where(
        Consultation.announced_at.is_not(None),
        Consultation.suspended_at.is_(None),
        Consultation.archived_at.is_(None),
    )
    return [each for each in db.session.scalars(query.order_by(Consultation.id)) if state_of(each) == "open"]


def find_consultation(slug, *, to):
    """Return the consultation at `slug`; raises NotFound alike for none and for one that `to` may not see."""
    query = select(Consultation).where(Consultation.slug == slug).options(joinedload(Consultation.territory))
    consultation = db.session.scalar(query)
    if consultation is None:
        raise NotFound(_("Esta consulta no existe o todavía no se anuncia."))
    refuse_if(why_not_see(to, consultation), NotFound)
    return consultation


def is_taken(slug):
    """Tell whether a consultation has this address, a secret draft as well."""
    return db.session.scalar(select(Consultation.id).where(Consultation.slug == slug)) is not None


def themes_of(consultation):
    """Return the themes of a consultation in their order."""
    return db.session.scalars(
        select(Theme).where(Theme.consultation_id == consultation.id).order_by(Theme.position)
    ).all()


@cache
def profiles():
    """Return what a consultation can begin from: a dictionary of code to the profile as its file tells it."""
    read = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(PROFILES.glob("*.json"))]
    return {each["code"]: each for each in sorted(read, key=lambda each: each["code"] != "ogp_national")}


def profile(code):
    """Return one profile; raises NotFound."""
    if code not in profiles():
        raise NotFound(_("No existe ese perfil de consulta."))
    return profiles()[code]


def appointments_of(consultation):
    """Return every appointment of a consultation with its person and region: the live ones first, then the newest."""
    query = (
        select(Appointment)
        .where(Appointment.consultation_id == consultation.id)
        .options(joinedload(Appointment.person), joinedload(Appointment.territory))
        .order_by(Appointment.ended_at.is_not(None), Appointment.role.desc(), Appointment.id.desc())
    )
    return db.session.scalars(query).all()


def find_appointment(consultation, appointment_id):
    """Return the appointment of this number in `consultation`; raises NotFound for another consultation's."""
    query = select(Appointment).where(Appointment.id == appointment_id, Appointment.consultation_id == consultation.id)
    appointment = db.session.scalar(query)
    if appointment is None:
        raise NotFound(_("No existe ese nombramiento en esta consulta."))
    return appointment


def appointments_held(person):
    """Return the live appointments of `person` with their consultations and regions."""
    query = (
        select(Appointment)
        .where(Appointment.person_id == person.id, Appointment.ended_at.is_(None))
        .options(joinedload(Appointment.consultation), joinedload(Appointment.territory))
        .order_by(Appointment.consultation_id.desc(), Appointment.id)
    )
    return db.session.scalars(query).all()


def appointments_among(people_ids):
    """Return every appointment, ended ones too, of the people with these ids: what they were when they acted."""
    query = select(Appointment).where(Appointment.person_id.in_(people_ids)).options(joinedload(Appointment.territory))
    return db.session.scalars(query).all()


def visible_entries(*, to, consultation=None, events=None, before=None, size=ENTRIES):
    """Return (entries of the record, id to go on before, or None), the newest first.

    What belongs to a consultation that `to` may not see is left out; so is anything but `events` (a collection)
    and `consultation`, where they are given.
    """
    query = select(Entry)
    if consultation is not None:
        query = query.where(Entry.within == reference(consultation))
    elif to is None or not to.is_administrator:
        secret = select(Consultation.id).where(~_visible(to))
        hidden = [f"{Consultation.__tablename__}:{each}" for each in db.session.scalars(secret)]
        query = query.where(or_(Entry.within.is_(None), Entry.within.not_in(hidden)))
    if events is not None:
        query = query.where(Entry.event.in_(events))
    if before is not None:
        query = query.where(Entry.id < before)
    found = db.session.scalars(query.order_by(Entry.id.desc()).limit(size + 1)).all()
    return found[:size], found[size - 1].id if len(found) > size else None


def unsealed_entries():
    """Return how many entries are not sealed yet, and the instant of the oldest of them (or None)."""
    return db.session.execute(select(func.count(), func.min(Entry.at)).where(Entry.position.is_(None))).one()


def _visible(to):
    if to is None:
        return Consultation.announced_at.is_not(None)
    theirs = select(Appointment.consultation_id).where(Appointment.person_id == to.id, Appointment.ended_at.is_(None))
    return or_(Consultation.announced_at.is_not(None), Consultation.id.in_(theirs))
