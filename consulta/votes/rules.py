"""Who may support what, and when."""

from flask_babel import lazy_gettext as _

from consulta.consultations.rules import why_phase_forbids
from consulta.proposals.rules import OPEN_STATES
from consulta.territories.queries import lies_in


def why_not_vote(person, proposal):
    """A published proposal, in an open phase, by somebody this consultation lets vote."""
    consultation = proposal.consultation
    if person is None:
        return _("Para apoyar hay que entrar con una cuenta.")
    if person.confirmed_at is None:
        return _("Antes de apoyar, confirma tu correo con el enlace que te enviamos.")
    if consultation.voters == "territory" and not _lives_there(person, consultation):
        return _(
            "En esta consulta apoyan las personas de %(place)s. Indica tu comuna en tu cuenta.",
            place=consultation.territory.full_name,
        )
    return why_not_collected(proposal)


def why_not_take_back(person, proposal):
    """One's own support, while supports are collected: afterwards the tally is a result that stands."""
    if person is None:
        return _("Para retirar un apoyo hay que entrar con una cuenta.")
    return why_not_collected(proposal)


def why_not_collected(proposal):
    """Supports are given and taken back while a proposal is published and a phase collects them."""
    if proposal.hidden_at is not None or proposal.state == "draft":
        return _("Esta propuesta no está publicada.")
    if proposal.state not in OPEN_STATES:
        return _("Ya no se recogen apoyos para esta propuesta, y el recuento quedó cerrado.")
    return why_phase_forbids(proposal.consultation, "support")


def why_limit_reached(consultation, used):
    """A consultation's limit of live supports a person, counted over what each stands behind now."""
    if consultation.vote_limit is None or used < consultation.vote_limit:
        return None
    return _(
        "Ya usaste tus %(limit)s apoyos en esta consulta. Retira uno para apoyar otra propuesta.",
        limit=consultation.vote_limit,
    )


def _lives_there(person, consultation):
    return person.territory is not None and lies_in(person.territory, consultation.territory)
