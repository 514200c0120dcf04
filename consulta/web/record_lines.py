"""Entries of the public record as the page shows them: a sentence, who, when, why, and the seal."""

from flask_babel import gettext as _

from consulta.accounts.queries import people_with_uids
from consulta.consultations.queries import appointments_among
from consulta.web import labels
from consulta.web.filters import instant
from consulta.web.record_subjects import subjects_of
from consulta.web.record_words import KIND_OF, sentence

SHORT = 12  # characters of a hash on the page; the export holds it whole
# Done by whoever administers the site, even where that person also holds a role in the consultation.
BY_ADMINISTRATION = {"consultation", "appointment", "base"}


def lines_of(entries, *, to, zones):
    """Return a dictionary for the record_entry component of each of `entries`.

    to: the reader. zones: a dictionary of reference ("consultations:3") to the zone its times are shown in.
    """
    subjects = subjects_of([each for entry in entries for each in (entry.subject, entry.body) if each], to)
    people = people_with_uids({entry.by for entry in entries if entry.by})
    held = appointments_among([person.id for person in people.values()])
    return [_line(entry, subjects, zones, _who(entry, people, held)) for entry in entries]


def _line(entry, subjects, zones, who):
    name, href = subjects.get(entry.subject, (None, None))
    where = subjects.get(entry.body, (None, None))[0]
    return {
        "title": sentence(entry.event, entry.details),
        "subject": name,
        "href": href,
        "when": instant(entry.at, zones.get(entry.within, "UTC"), seconds=True),
        "who": _("%(who)s, en %(where)s", who=who, where=where) if where else who,
        "reason": entry.reason,
        "number": entry.position,
        "seal": entry.hash[:SHORT] if entry.hash else None,
    }


def _who(entry, people, held):
    """Name who acted: the machine, staff by role and name, and anybody else as a person without a name."""
    if entry.by is None:
        return _("La máquina")
    person = people.get(entry.by)
    if person is None:
        return _("Una persona")
    if not (person.is_administrator and KIND_OF.get(entry.event) in BY_ADMINISTRATION):
        for each in held:
            if each.person_id == person.id and _held_then(each, entry):
                return _("%(role)s: %(name)s", role=labels.role(each.role), name=person.name)
    if person.is_administrator:
        return _("Administración: %(name)s", name=person.name)
    return _("Una persona")


def _held_then(appointment, entry):
    return (
        entry.within == f"consultations:{appointment.consultation_id}"
        and appointment.appointed_at <= entry.at
        and (appointment.ended_at is None or entry.at <= appointment.ended_at)
    )
