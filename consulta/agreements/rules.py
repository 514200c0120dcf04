"""Who may note agreements and say how they go on, and when one is overdue."""

from flask_babel import lazy_gettext as _

from consulta.consultations.rules import why_standstill
from consulta.tables.models import AccessCode
from consulta.tables.rules import why_not_enter, why_not_facilitate, why_not_read, why_not_take_part

# An agreement in one of these waits for somebody.
WAITING = ("agreed", "under_way")


def is_overdue(agreement, today):
    """Tell whether the due date of an agreement that nobody finished or put off has passed; `today` is a date."""
    return agreement.state in WAITING and agreement.due is not None and agreement.due < today


def standing_of(agreement, today):
    """Return how `agreement` stands: overdue, in_force for a rule that holds, or its state."""
    if is_overdue(agreement, today):
        return "overdue"
    return "in_force" if agreement.kind == "rule" and agreement.state in WAITING else agreement.state


def why_not_take(person, session):
    """Whoever may enter what the room decided, while the session takes entries."""
    return why_not_facilitate(person, session) or why_not_enter(session)


def why_not_see(person, agreement):
    """Anybody once its session is published; before, whoever may read that session."""
    return why_not_read(person, agreement.session)


def why_not_follow(person, session):
    """A published session's agreements are followed by those who facilitate it and by the moderators."""
    if session.published_at is None:
        return _("Los acuerdos de esta sesión todavía no son públicos. Se puede decir cómo van desde que se publique.")
    if (why_still := why_standstill(session.table.consultation)) is not None:
        return why_still
    # A code opens its own session's worksheet and nothing else.
    if isinstance(person, AccessCode) or why_not_take_part(person, session) is not None:
        return _("Cómo van los acuerdos de esta sesión lo dicen quienes la facilitan y la moderación de la consulta.")
    return None


def why_not_move(person, agreement, session=None):
    """Say how an agreement goes on: those who follow its session, or whoever may enter into a later `session`."""
    if session is None:
        return why_not_follow(person, agreement.session)
    return why_not_take(person, session) or why_not_review(agreement, session)


def why_not_review(agreement, session):
    """A session reviews what earlier sessions of its own table agreed, once those are published."""
    if agreement.session.table_id != session.table_id:
        return _("Ese acuerdo es de otra mesa, y esta sesión solo puede revisar los de la suya.")
    if agreement.session.ordinal >= session.ordinal:
        return _("Una sesión revisa los acuerdos de las sesiones anteriores de su mesa.")
    if agreement.session.published_at is None:
        return _("La sesión que tomó ese acuerdo todavía no se publica.")
    return None


def why_not_defer_to(agreement, session, reviewed_in=None):
    """An agreement is put off to a later session of its own table, that was not handed in yet."""
    after = max(each.ordinal for each in (agreement.session, reviewed_in) if each is not None)
    if session.table_id != agreement.session.table_id or session.ordinal <= after:
        return _("Elige una sesión posterior de la misma mesa.")
    return None
