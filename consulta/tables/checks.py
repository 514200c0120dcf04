"""What a facilitator is told before handing a session in: what is missing, and what is worth a second look.

These are notes and never keep anybody from handing in: a room may well have done what looks odd from outside.
"""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _

ENDINGS = ("leave_out", "refer", "no_counterpart", "merge", "separate")


@dataclass(frozen=True)
class Notes:
    """Sentences for a person: what is `missing`, and what is `odd`."""

    missing: list
    odd: list


def notes_on(attendances, results):
    """Return the Notes on an attendance list and results (rows, proposals loaded)."""
    return Notes([*_missing_people(attendances), *_missing_results(results)], _odd_numbers(attendances, results))


def heads_present(attendances):
    """Return how many people attended, by the numbers in the list; lines without a number count for nobody."""
    return sum(each.heads or 0 for each in attendances if each.attended)


def _missing_people(attendances):
    if not attendances:
        yield _("No hay lista de asistencia.")
        return
    if not any(each.attended for each in attendances):
        yield _("Nadie está marcado como asistente.")
    for each in attendances:
        if each.attended and each.heads is None:
            yield _("%(name)s: asistió, pero no se anotó cuántas personas.", name=_name(each))


def _missing_results(results):
    if not results:
        yield _("No hay resultados sobre ninguna propuesta.")
    for each in results:
        if each.outcome == "none":
            yield _("«%(title)s»: falta qué decidió la sala.", title=each.proposal.title)
        elif each.outcome in ENDINGS and not each.reasons:
            yield _("«%(title)s»: falta la razón de lo que se decidió.", title=each.proposal.title)
        if each.grade in ("majority", "divided") and not each.dissent:
            yield _(
                "«%(title)s»: no hubo acuerdo de todos y falta la posición de la minoría.", title=each.proposal.title
            )


def _odd_numbers(attendances, results):
    odd = []
    heads = heads_present(attendances)
    dots = sum(each.dots or 0 for each in results)
    if dots and not heads:
        odd.append(_("Hay %(dots)s puntos repartidos y ninguna persona contada.", dots=dots))
    for each in results:
        if heads and (each.dots or 0) > heads:
            odd.append(
                _(
                    "«%(title)s» tiene %(dots)s puntos y había %(heads)s personas. "
                    "Está bien si cada una podía poner más de uno.",
                    title=each.proposal.title,
                    dots=each.dots,
                    heads=heads,
                )
            )
    odd += [
        _("%(name)s intervino, pero no figura como asistente.", name=_name(each))
        for each in attendances
        if each.spoke and each.attended is False
    ]
    odd += [
        _("%(name)s figura con personas, pero no como asistente.", name=_name(each))
        for each in attendances
        if each.heads and each.attended is False
    ]
    groups = [each.group_number for each in results if each.outcome == "group"]
    odd += [
        _("El grupo %(number)s tiene una sola propuesta.", number=number)
        for number in sorted(set(groups))
        if groups.count(number) == 1
    ]
    return odd


def _name(attendance):
    return attendance.institution.name if attendance.institution else _("Personas sin organización")
