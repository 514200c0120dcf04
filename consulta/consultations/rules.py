"""What each phase allows, how a consultation stands now, and who may act in it."""

import re
from datetime import timedelta

from babel.dates import get_timezone_name
from flask_babel import format_date, get_locale
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consulta.accounts.models import Person
from consulta.consultations.models import Appointment
from consulta.core.clock import known_zones, local, now
from consulta.core.extensions import db
from consulta.core.text import fold
from consulta.territories.queries import lies_in

# What each kind of phase opens. Reading is always open; who may do it says the domain that does it.
PHASE_RIGHTS = {
    "diagnosis": frozenset({"hold_sessions"}),
    "proposing": frozenset({"propose", "support", "merge"}),
    "tables": frozenset({"support", "hold_sessions", "merge", "shortlist"}),
    "drafting": frozenset({"merge", "shortlist", "draft"}),
    "review": frozenset({"comment", "shortlist", "draft"}),
    "closing": frozenset({"draft"}),
    "monitoring": frozenset({"report"}),
}
RIGHTS = frozenset().union(*PHASE_RIGHTS.values())

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SLUG_LIMIT, TITLE_LIMIT, SUMMARY_LIMIT, DESCRIPTION_LIMIT, THEME_LIMIT, PHASE_LIMIT = 80, 200, 600, 6000, 120, 160
REASON_LIMIT = 2000
MOST_THEMES, MOST_PHASES, HIGHEST_LIMIT = 40, 20, 1000


def state_of(consultation):
    """Return how a consultation stands now: draft, announced, open, closed, suspended or archived."""
    if consultation.archived_at is not None:
        return "archived"
    if consultation.announced_at is None:
        return "draft"
    if consultation.suspended_at is not None:
        return "suspended"
    if now() < min(phase.opens_at for phase in consultation.phases):
        return "announced"
    return "open" if now() < max(phase.closes_at for phase in consultation.phases) else "closed"


def phase_state(phase):
    """Return scheduled, open or closed: a phase is open from `opens_at` until just before `closes_at`."""
    if now() < phase.opens_at:
        return "scheduled"
    return "open" if now() < phase.closes_at else "closed"


def open_phases(consultation):
    """Return the phases that are open now, in their order; none while the consultation is not under way."""
    if state_of(consultation) != "open":
        return []
    return [phase for phase in consultation.phases if phase_state(phase) == "open"]


def phase_allows(consultation, right):
    """Tell whether an open phase gives `right` (a word of RIGHTS) now."""
    return any(right in PHASE_RIGHTS[phase.kind] for phase in open_phases(consultation))


def why_phase_forbids(consultation, right):
    """Return why nobody has `right` (a word of RIGHTS) in `consultation` now, with the phase and its dates."""
    if right not in RIGHTS:
        raise ValueError(f"no phase gives {right!r}")
    if phase_allows(consultation, right):
        return None
    giving = [phase for phase in consultation.phases if right in PHASE_RIGHTS[phase.kind]]
    return why_standstill(consultation) or _why_no_phase_now(giving, consultation.zone)


def why_standstill(consultation):
    """Return why nothing at all moves in `consultation` now: it is no more than a draft, suspended or archived."""
    standstill = {
        "draft": _("La consulta todavía no se anuncia. Cuando se anuncie se sabrá desde qué día se puede hacer esto."),
        "suspended": _("La consulta está suspendida. Se podrá hacer cuando se reanude."),
        "archived": _("La consulta terminó y está archivada: se puede leer, pero no cambiar."),
    }
    return standstill.get(state_of(consultation))


def _why_no_phase_now(giving, zone):
    coming = [phase for phase in giving if phase.opens_at > now()]
    if coming:
        return _(
            "Todavía no se puede: corresponde a la fase «%(phase)s», que abre el %(opens)s y cierra el %(closes)s.",
            phase=coming[0].title,
            opens=in_words(coming[0].opens_at, zone),
            closes=in_words(coming[0].closes_at, zone),
        )
    if giving:
        last = max(giving, key=lambda phase: phase.closes_at)
        return _(
            "Ya no se puede: correspondía a la fase «%(phase)s», que cerró el %(closes)s.",
            phase=last.title,
            closes=in_words(last.closes_at, zone),
        )
    return _("Esta consulta no tiene una fase en la que se pueda hacer esto.")


def in_words(instant, zone):
    """Return an instant as a clock in `zone` (IANA) shows it, with the name of its time."""
    there = local(instant, zone)
    return _(
        "%(day)s a las %(hour)s (%(zone)s)",
        day=format_date(there.date(), "long"),
        hour=f"{there:%H:%M}",
        zone=get_timezone_name(there, locale=get_locale()),
    )


def live_roles(person, consultation):
    """Return the live appointments of `person` in `consultation`, read anew each time, so that an end works at once.

    Whoever acts without an account (nobody, or the holder of a room's code) has none.
    """
    if not isinstance(person, Person):
        return []
    query = select(Appointment).where(
        Appointment.person_id == person.id,
        Appointment.consultation_id == consultation.id,
        Appointment.ended_at.is_(None),
    )
    return db.session.scalars(query.options(joinedload(Appointment.territory))).all()


def is_moderator(person, consultation):
    """Tell whether `person` moderates `consultation`."""
    return any(each.role == "moderator" for each in live_roles(person, consultation))


def facilitates(person, consultation, territory):
    """Tell whether `person` facilitates in `territory`: appointed for it, or for the region it lies in.

    A table without a territory (None) belongs to no facilitator's region; those who moderate run it.
    """
    if territory is None:
        return False
    roles = live_roles(person, consultation)
    return any(each.role == "facilitator" and lies_in(territory, each.territory) for each in roles)


def is_staff(person, consultation):
    """Tell whether `person` administers the site or holds any appointment in `consultation`."""
    return isinstance(person, Person) and (person.is_administrator or bool(live_roles(person, consultation)))


def why_not_see(person, consultation):
    """Anybody, from its announcement on; before, those who prepare it."""
    if consultation.announced_at is not None or is_staff(person, consultation):
        return None
    return _("Esta consulta no existe o todavía no se anuncia.")


def why_not_moderate(person, consultation):
    """Who is appointed moderator of this consultation; administering the site is not enough."""
    if person is None:
        return _("Para moderar hay que entrar con una cuenta.")
    if not is_moderator(person, consultation):
        return _("Solo puede hacerlo quien modera esta consulta. Quien administra el sitio hace los nombramientos.")
    return None


def why_not_administer(person):
    """Who administers the site."""
    if person is None:
        return _("Para administrar hay que entrar con una cuenta.")
    if not person.is_administrator:
        return _("Esto solo puede hacerlo quien administra el sitio.")
    return None


def why_not_hold(person, role, territory, consultation):
    """Return why `person` cannot be given `role` here: a confirmed address, and a region for those who facilitate."""
    if person.confirmed_at is None:
        return _("Esa persona todavía no confirma su correo. Puede hacerlo con el enlace de su carta.")
    if role == "facilitator" and (territory is None or territory.kind == "country"):
        return _("Quien facilita lo hace en una región: elige cuál.")
    if role == "facilitator" and territory.country != consultation.country:
        return _("Esa región no es del país de la consulta.")
    if role == "moderator" and territory is not None:
        return _("Quien modera lo hace en toda la consulta, sin región.")
    return None


def why_not_reschedule(consultation):
    """One that is not announced yet: an announcement is a promise of its dates."""
    if consultation.announced_at is not None:
        return _("La consulta ya está anunciada con sus fechas, y no se cambian.")
    return None


def why_not_announce(consultation):
    """A draft whose first phase opens only after the notice that its profile demands (OGP: 14 days)."""
    if consultation.announced_at is not None:
        return _("Esta consulta ya está anunciada.")
    opens = min(phase.opens_at for phase in consultation.phases)
    earliest = now() + timedelta(days=consultation.notice_days)
    if opens < earliest:
        return _(
            "Entre el anuncio y la primera fase tienen que pasar %(days)s días. Si se anuncia ahora, la primera fase "
            "puede abrir desde el %(earliest)s, y está puesta para el %(opens)s. Cambia primero las fechas.",
            days=consultation.notice_days,
            earliest=in_words(earliest, consultation.zone),
            opens=in_words(opens, consultation.zone),
        )
    return None


def why_not_zone(zone):
    """A name from the IANA time zone database."""
    return None if zone in known_zones() else _("No se conoce esa zona horaria.")


def why_not_slug(slug):
    """Small letters, digits and single hyphens."""
    if not slug or len(slug) > SLUG_LIMIT or not SLUG.fullmatch(slug):
        return _("La dirección lleva solo minúsculas sin tilde, números y guiones, por ejemplo plan-2026.")
    return None


def slug_of(title):
    """Return an address made from a title: "Plan de acción 2026" becomes "plan-de-accion-2026"."""
    return re.sub(r"[^a-z0-9]+", "-", fold(title))[:SLUG_LIMIT].strip("-")
