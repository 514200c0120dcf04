"""Who may decide on a proposal, which proposals can be decided on, and which decisions can be reopened."""

from flask_babel import lazy_gettext as _

from consulta.consultations.rules import why_not_moderate, why_phase_forbids

DECIDED = {
    "shortlisted": _("Esta propuesta ya está preseleccionada. Para cambiarlo, reabre primero la decisión."),
    "left_out": _("Esta propuesta ya quedó fuera. Para cambiarlo, reabre primero la decisión."),
    "referred": _("Esta propuesta ya se derivó. Para cambiarlo, reabre primero la decisión."),
}
UNDECIDABLE = DECIDED | {
    "draft": _("Esta propuesta es un borrador que su autora o autor aún no envía: no hay nada que decidir todavía."),
    "merged": _("Esta propuesta va dentro de una propuesta conjunta. La decisión se toma sobre la conjunta."),
    "withdrawn": _("Quien escribió esta propuesta la retiró. Ya no se puede decidir sobre ella."),
}


def why_not_decide(person, proposal):
    """A moderator of the proposal's consultation."""
    return why_not_moderate(person, proposal.consultation)


def why_undecidable(proposal):
    """A published proposal that stands for itself and is not hidden, in a phase that shortlists."""
    if proposal.hidden_at is not None:
        return _("Esta propuesta está oculta. Vuelve a mostrarla antes de decidir sobre ella.")
    return UNDECIDABLE.get(proposal.state) or why_phase_forbids(proposal.consultation, "shortlist")


def why_not_reopen(person, decision):
    """A moderator of the consultation in which it was decided."""
    return why_not_moderate(person, decision.proposal.consultation)


def why_unreopenable(decision):
    """The decision in force, on a proposal that still is where it put it, in a phase that shortlists."""
    if decision.reopened_at is not None:
        return _("Esta decisión ya se reabrió. Vuelve a cargar la página para ver cómo está la propuesta ahora.")
    if decision.proposal.state != decision.kind:
        return _("La propuesta cambió después de esta decisión, que ya no se puede reabrir.")
    return why_phase_forbids(decision.proposal.consultation, "shortlist")


def why_session_is_foreign(session, proposal):
    """A decision may only have been taken in a session of the same consultation."""
    if session is not None and session.table.consultation_id != proposal.consultation_id:
        return _("Esa sesión es de otra consulta. Elige una sesión de esta.")
    return None
