"""Who keeps the permanent forum, and what its seats and calendar take."""

from flask_babel import lazy_gettext as _

from consulta.consultations.rules import state_of, why_not_moderate


def why_not_keep(person, table):
    """The moderators of its consultation: they are the forum's secretariat. Only a forum has seats and a calendar."""
    if table.kind != "forum":
        return _("Solo un foro permanente tiene puestos y calendario.")
    if state_of(table.consultation) == "archived":
        return _("La consulta terminó y está archivada: se puede leer, pero no cambiar.")
    return why_not_moderate(person, table.consultation)


def why_not_fill(seat):
    """A seat that is not closed."""
    if seat.ends_on is not None:
        return _("Este puesto está cerrado. Si alguien vuelve a ocuparlo, abre uno nuevo.")
    return None


def why_not_sit(terms, *, kind, who, starts_on, ends_on):
    """One holder at a time, and nobody substitutes twice on one day; `terms` are the seat's others.

    Dates that are None are open towards their side.
    """
    for term in terms:
        if not overlaps(term, starts_on, ends_on):
            continue
        if kind == term.kind == "holder":
            return _("«%(who)s» ocupa este puesto en esas fechas. Anota primero hasta qué día lo hizo.", who=term.who)
        if kind == term.kind and who.casefold() == term.who.casefold():
            return _("«%(who)s» ya está como suplente en esas fechas.", who=term.who)
    return None


def overlaps(term, starts_on, ends_on):
    """Tell whether `term` and the days from `starts_on` to `ends_on` share one; None is open towards that side."""
    begins_after = ends_on is not None and term.starts_on is not None and term.starts_on > ends_on
    ended_before = starts_on is not None and term.ends_on is not None and term.ends_on < starts_on
    return not (begins_after or ended_before)


def why_not_plan(table, day, planned):
    """A day stands in the calendar once; `planned` are the days that are there."""
    if day in planned:
        return _("Ese día ya está en el calendario.")
    return None


def why_not_unplan(meeting):
    """A day that no session was convened for."""
    if meeting.session_id is not None:
        return _("Para ese día ya se convocó una sesión, así que se queda en el calendario.")
    return None


def why_not_link(meeting, session, linked):
    """A session of the same forum that stands for no other day; `linked` are the ids of those that do."""
    if session.table_id != meeting.table_id:
        return _("Elige una sesión de este foro.")
    if session.id in linked:
        return _("Esa sesión ya está unida a otro día del calendario.")
    return None
