"""What a facilitator is told of a session: numbers that disagree, what is missing, what is worth a second look.

Numbers that disagree (`disagreements`) never keep anybody from saving; before the session is handed in, each needs a
note that explains it. The same arithmetic runs in the worksheet, without connection (static/js/worksheet/checks.js);
tests/data/worksheet/checks.json holds the cases that both must answer alike. The other notes (`notes_on`) bind nobody:
a room may well have done what looks odd from outside.
"""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from consulta.tables.models import GENDERS, LEVELS, VOTES

ENDINGS = ("leave_out", "refer", "no_counterpart", "merge", "separate")


@dataclass(frozen=True)
class Notes:
    """Sentences for a person: what is `missing`, and what is `odd`."""

    missing: list
    odd: list


@dataclass(frozen=True)
class Disagreement:
    """Numbers of a session that cannot all be right.

    place: "session", "result:<code of the proposal>" or "attendance:<uid of the line>". kind: votes, levels, dots,
    all_dots, genders, declared or declared_less. counted: the number that is too large; most: what it could be.
    has_note: whether a note at that place explains it.
    """

    place: str
    kind: str
    counted: int
    most: int
    message: object
    has_note: bool


@dataclass(frozen=True)
class Bounds:
    """How many distinct people at least and at most stand behind anonymous dots."""

    least: int
    most: int


def disagreements(session, attendances, results):
    """Return the Disagreements of a session, first its own, then those of the list, then those of the results.

    session: declared_heads, dots_per_person, dots_per_proposal, count_note. attendances: rows uid, name, attended,
    heads, women, men, other_gender, note. results: rows with their proposal's code and title, levels, votes, dots,
    count_note. What nobody counted contradicts nothing.
    """
    heads = heads_in_room(session, attendances)
    return [
        *_of_session(session, attendances, results, heads),
        *(found for each in attendances for found in _of_line(each)),
        *(found for each in results for found in _of_result(session, each, heads)),
    ]


def heads_in_room(session, attendances):
    """Return how many people the room counts: those of the list and those declared, whichever is more.

    Lines of which nobody knows whether they attended are taken as present. None where a number is missing, and none
    was declared that could stand for it.
    """
    present = [each for each in attendances if each.attended is not False]
    if not present or any(each.heads is None for each in present):
        return session.declared_heads
    return max(sum(each.heads for each in present), session.declared_heads or 0)


def dot_bounds(dots, *, per_proposal, per_person, heads):
    """Return the Bounds of the people behind `dots`, given to several proposals in one session without names.

    dots: how many each of them got. per_proposal, per_person: how many dots one person may put on one proposal, and
    has in all; None where no rule says it. heads: how many people were there, or None. Whoever stands behind one
    proposal may stand behind all: at least as many as the one with most dots needs, or as all dots need together; at
    most as many as there are dots, or people.
    """
    given = [each for each in dots if each]
    if not given:
        return Bounds(0, 0)
    most = sum(given) if heads is None else min(sum(given), heads)
    each = per_proposal or per_person
    needed = [-(-max(given) // each) if each else 1, -(-sum(given) // per_person) if per_person else 1]
    return Bounds(min(max(needed), most), most)


def notes_on(attendances, results):
    """Return the Notes on an attendance list and results (rows, proposals loaded)."""
    return Notes([*_missing_people(attendances), *_missing_results(results)], _odd_numbers(attendances, results))


def heads_present(attendances):
    """Return how many people attended, by the numbers in the list; lines without a number count for nobody."""
    return sum(each.heads or 0 for each in attendances if each.attended)


def _of_session(session, attendances, results, heads):
    noted = bool(session.count_note)
    if session.declared_heads is not None:
        present = [each for each in attendances if each.attended is not False]
        listed = sum(each.heads or 0 for each in present)
        is_counted = bool(present) and all(each.heads is not None for each in present)
        if listed > session.declared_heads or (is_counted and listed < session.declared_heads):
            message = _(
                "La lista suma %(counted)s personas y el total anotado es %(most)s.",
                counted=listed,
                most=session.declared_heads,
            )
            kind = "declared" if listed > session.declared_heads else "declared_less"
            yield Disagreement("session", kind, listed, session.declared_heads, message, noted)
    dots = sum(each.dots or 0 for each in results)
    if heads is not None and session.dots_per_person and dots > heads * session.dots_per_person:
        most = heads * session.dots_per_person
        message = _(
            "En total hay %(counted)s puntos. Con %(heads)s personas y %(each)s puntos por persona caben %(most)s.",
            counted=dots,
            heads=heads,
            each=session.dots_per_person,
            most=most,
        )
        yield Disagreement("session", "all_dots", dots, most, message, noted)


def _of_line(each):
    told = sum(getattr(each, name) or 0 for name in GENDERS)
    if each.heads is not None and told > each.heads:
        message = _(
            "%(name)s: mujeres, hombres y otras identidades suman %(counted)s, y la línea dice %(most)s personas.",
            name=_name(each),
            counted=told,
            most=each.heads,
        )
        yield Disagreement(f"attendance:{each.uid}", "genders", told, each.heads, message, bool(each.note))


def _of_result(session, each, heads):
    if heads is None:
        return
    place, noted, title = f"result:{each.proposal.code}", bool(each.count_note), each.proposal.title
    votes = sum(getattr(each, name) or 0 for name in VOTES)
    if votes > heads:
        message = _(
            "«%(title)s»: hay %(counted)s votos y %(most)s personas presentes.", title=title, counted=votes, most=heads
        )
        yield Disagreement(place, "votes", votes, heads, message, noted)
    levels = sum(getattr(each, name) or 0 for name in LEVELS)
    if levels > heads:
        message = _(
            "«%(title)s»: los grados de acuerdo suman %(counted)s y hay %(most)s personas presentes.",
            title=title,
            counted=levels,
            most=heads,
        )
        yield Disagreement(place, "levels", levels, heads, message, noted)
    most_each = session.dots_per_proposal or session.dots_per_person
    if most_each and (each.dots or 0) > heads * most_each:
        message = _(
            "«%(title)s»: tiene %(counted)s puntos. Con %(heads)s personas y %(each)s por persona caben %(most)s.",
            title=title,
            counted=each.dots,
            heads=heads,
            each=most_each,
            most=heads * most_each,
        )
        yield Disagreement(place, "dots", each.dots, heads * most_each, message, noted)


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
    return attendance.name or _("Personas sin organización")
