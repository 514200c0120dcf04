"""Who may convene, facilitate and read a session, and what a session may still take in."""

from flask_babel import lazy_gettext as _

from consulta.consultations.rules import facilitates, is_moderator, live_roles, why_not_moderate, why_phase_forbids


def why_not_convene(person, consultation):
    """Tables are founded and sessions convened by those who moderate the consultation."""
    return why_not_moderate(person, consultation)


def why_not_facilitate(person, session):
    """A regional table is facilitated by somebody appointed for its region, any other by a moderator."""
    if person is None:
        return _("Entra con tu cuenta: solo quien facilita la sesión puede registrar lo que decidió la sala.")
    table = session.table
    if table.territory is not None and facilitates(person, table.consultation, table.territory):
        return None
    moderates = is_moderator(person, table.consultation)
    if table.territory is None and moderates:
        return None
    held = _regions_of(person, table.consultation)
    if held:
        return _why_elsewhere(table, held)
    if moderates:
        return _(
            "La mesa de %(region)s la registra la persona nombrada para esa región. La moderación puede leerla, "
            "pero no cambiarla.",
            region=table.territory.name,
        )
    return _(
        "Solo quien facilita esta mesa puede registrar la sesión, y tu cuenta no tiene ese nombramiento. "
        "Lo da la administración de la consulta."
    )


def why_not_open(session):
    """A session opens once, while the consultation is in a phase that holds sessions."""
    if session.submitted_at is not None:
        return why_not_enter(session)
    return why_phase_forbids(session.table.consultation, "hold_sessions")


def why_not_enter(session):
    """An open session that was not handed in takes entries, in a phase that holds sessions."""
    if session.submitted_at is not None:
        return _(
            "Esta sesión ya fue entregada y no se puede cambiar. Las correcciones con su motivo, como versiones "
            "nuevas que todos pueden ver, llegarán más adelante."
        )
    if session.opened_at is None:
        return _("Esta sesión todavía no está abierta. Ábrela antes de registrar lo que pasó en la sala.")
    return why_phase_forbids(session.table.consultation, "hold_sessions")


def why_not_read(person, session):
    """What was entered is public once it is handed in; before, to its facilitators and the moderators alone."""
    if session.submitted_at is not None or is_moderator(person, session.table.consultation):
        return None
    if person is not None and why_not_facilitate(person, session) is None:
        return None
    return _("La asistencia y los resultados se publican cuando quien facilita entrega la sesión.")


def why_not_discuss(session, proposal):
    """A session speaks of published proposals of its own consultation."""
    if proposal.consultation_id != session.table.consultation_id:
        return _("Esa propuesta es de otra consulta, y esta sesión solo puede hablar de las de la suya.")
    if proposal.published_at is None or proposal.hidden_at is not None:
        return _("Esa propuesta no está publicada, así que la sesión no puede registrar nada sobre ella.")
    return None


def _regions_of(person, consultation):
    return sorted(each.territory.name for each in live_roles(person, consultation) if each.role == "facilitator")


def _why_elsewhere(table, held):
    yours = ", ".join(held)
    if table.territory is None:
        return _(
            "La mesa «%(table)s» no es de una región: la registra la moderación de la consulta. "
            "Tu nombramiento es para %(yours)s.",
            table=table.title,
            yours=yours,
        )
    return _(
        "Esta sesión es de %(region)s y tu nombramiento es para %(yours)s. "
        "Si también facilitas en %(region)s, pide a la administración de la consulta que lo agregue.",
        region=table.territory.name,
        yours=yours,
    )
