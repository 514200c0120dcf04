"""What the pages that prepare a consultation offer and read: profiles as filled-in forms, wall times as instants."""

from datetime import timedelta

from flask_babel import get_locale
from flask_babel import gettext as _

from consulta.consultations.queries import profiles
from consulta.consultations.rules import slug_of
from consulta.core.clock import known_zones
from consulta.core.errors import Invalid
from consulta.territories.queries import countries, find_territory, places
from consulta.web.forms.consultations import YEARS
from consulta.web.wall import first_moment, instant_of, last_moment, wall_of

AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


def offer_beginning(form, earlier):
    """Fill the lists of a BeginningForm; `earlier` consultations (newest first) say which zone is likely."""
    form.profile.choices = [(code, in_language(each["title"])) for code, each in profiles().items()]
    form.country.choices = [(code, find_territory(code, code).name) for code in countries()]
    form.zone.choices = {_("Sin elegir"): [("", _("Elige la zona horaria"))]} | _zones()
    if not form.is_submitted() and earlier:
        form.zone.data = earlier[0].zone
    if not (form.slug.data or "").strip() and form.title.data:
        form.slug.data = slug_of(form.title.data)
    return form


def offer_rest(form, country):
    """Fill the list of territories of a ConsultationForm."""
    form.territory.choices = {_("Sin elegir"): [("", _("Elige el territorio"))]}
    for region, communes in places():
        if region.country == country:
            whole = (str(region.id), _("%(region)s (toda la región)", region=region.name))
            form.territory.choices[region.name] = [whole, *((str(each.id), each.name) for each in communes)]
    return form


def prefilled(kind, beginning, profile):
    """Return a form of `kind` (made by `phases_form`) that holds what `profile` suggests from the first day on.

    A phase opens at the first moment of a day and closes at 23:59 of its last.
    """
    zone, start = beginning.zone.data, beginning.starts_on.data
    values = {name: beginning[name].data for name in ("profile", "title", "slug", "country", "zone")}
    values |= {
        "starts_on": start.isoformat(),
        "themes": "\n".join(in_language(each["title"]) for each in profile["themes"]),
        "voters": profile["voting"]["who_may_vote"],
        "vote_limit": profile["voting"]["vote_limit"],
    }
    for number, phase in enumerate(profile["phases"]):
        first = start + timedelta(days=phase["offset_days"])
        last = first + timedelta(days=phase["length_days"] - 1)
        values |= {
            f"phase_{number}_used": True,
            f"phase_{number}_kind": phase["kind"],
            f"phase_{number}_title": in_language(phase["title"]),
            f"phase_{number}_opens_at": first_moment(first, zone),
            f"phase_{number}_closes_at": last_moment(last, zone),
        }
    return kind(formdata=None, data=values)


def phases_as_typed(consultation):
    """Return the values of a PhasesForm for the phases that `consultation` has."""
    values = {}
    for number, phase in enumerate(consultation.phases):
        values |= {
            f"phase_{number}_used": True,
            f"phase_{number}_kind": phase.kind,
            f"phase_{number}_title": phase.title,
            f"phase_{number}_opens_at": wall_of(phase.opens_at, consultation.zone),
            f"phase_{number}_closes_at": wall_of(phase.closes_at, consultation.zone),
        }
    return values


def read_phases(form, zone):
    """Return the phases of `form` as actions take them; raises Invalid where a date is missing or no clock shows it."""
    phases, wrong = [], False
    for row in form.rows():
        if not row["used"].data:
            continue
        phase = {"kind": row["kind"].data, "title": row["title"].data}
        for name in ("opens_at", "closes_at"):
            why = _("Elige el día y la hora, entre 1990 y 2110.")
            if row[name].data is not None and YEARS[0] <= row[name].data.year <= YEARS[1] + 10:
                phase[name], why = instant_of(row[name].data, zone)
            if why is not None:
                row[name].errors, wrong = [*row[name].errors, str(why)], True
        phases.append(phase)
    if wrong:
        raise Invalid(None, _("Revisa las fechas de las fases."))
    return phases


def in_language(words):
    """Return the words of a profile ({"es": …, "en": …}) in the page's language, else in Spanish."""
    return words.get(get_locale().language) or words["es"]


def _zones():
    groups = {}
    for zone in sorted(known_zones()):
        area, slash, place = zone.partition("/")
        if slash and area in AREAS:
            groups.setdefault(area, []).append((zone, place.replace("_", " ")))
    return groups
