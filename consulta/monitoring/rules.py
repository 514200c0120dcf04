"""Who may report on a commitment, and which commitments can be reported on."""

from flask_babel import lazy_gettext as _

from consulta.consultations.rules import why_not_moderate, why_phase_forbids


def why_not_report(person, commitment):
    """A moderator of the consultation that the plan belongs to."""
    return why_not_moderate(person, commitment.plan.consultation)


def why_unreportable(commitment):
    """A public commitment, in a phase that monitors."""
    if commitment.state == "drafted":
        return _("Este compromiso todavía no es público: no hay avances que informar.")
    return why_phase_forbids(commitment.plan.consultation, "report")


def why_not_of_commitment(milestone, commitment):
    """A report speaks of its own commitment's milestones, of each once."""
    if milestone.commitment_id != commitment.id:
        return _("El hito «%(title)s» es de otro compromiso.", title=milestone.title)
    return None
