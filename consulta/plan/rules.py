"""Who may write, read and publish a plan, and what its commitments may come from."""

from flask_babel import lazy_gettext as _

from consulta.consultations.rules import is_moderator, why_not_moderate, why_phase_forbids
from consulta.consultations.rules import why_not_see as why_not_see_consultation
from consulta.proposals.rules import why_not_see as why_not_see_proposal

UNREADABLE = ("draft",)  # states of a proposal that nobody but its author has read


def why_not_draft(person, consultation):
    """A moderator of the consultation."""
    return why_not_moderate(person, consultation)


def why_undraftable(consultation):
    """A phase in which the plan is drafted; it holds for everybody."""
    return why_phase_forbids(consultation, "draft")


def why_not_see_plan(person, plan):
    """Anybody a published draft; the moderators of the consultation also before."""
    if why_not_see_consultation(person, plan.consultation) is not None:
        return _("Esta consulta no existe o no es pública.")
    if plan.draft_published_at is not None or is_moderator(person, plan.consultation):
        return None
    return _("El borrador del plan todavía no se publica.")


def why_not_see_commitment(person, commitment):
    """Anybody one that was published with the draft; the moderators of the consultation also before."""
    if why_not_see_plan(person, commitment.plan) is not None or (
        commitment.state == "drafted" and not is_moderator(person, commitment.plan.consultation)
    ):
        return _("Este compromiso no existe o todavía no es público.")
    return None


def why_no_origin(proposal, certainty, note, consultation):
    """A proposal of the same consultation: certain if it, or what carries it, is shortlisted; else explained."""
    if proposal.consultation_id != consultation.id:
        return _("La propuesta %(code)s es de otra consulta.", code=proposal.code)
    if proposal.state in UNREADABLE:
        return _("La propuesta %(code)s no está publicada.", code=proposal.code)
    if certainty == "certain" and (proposal.head or proposal).state != "shortlisted":
        return _(
            "La propuesta %(code)s no está preseleccionada: solo puede ser un origen inferido, con una nota.",
            code=proposal.code,
        )
    if certainty == "inferred" and not note:
        return _("Explica por qué se infiere que el compromiso viene de la propuesta %(code)s.", code=proposal.code)
    return None


def why_ends_early(starts_on, ends_on):
    """An end that is not before its beginning."""
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        return _("El término es anterior al inicio. Corrige una de las dos fechas.")
    return None


def readable_among(person, proposals):
    """Return the ids of those `proposals`, of one consultation, that `person` may see.

    The rule gives one answer for all hidden ones by others and one for the person's own, so it is asked once for each
    kind: a tree of any size costs the same.
    """
    answers, readable = {}, set()
    for proposal in proposals:
        kind = (proposal.state == "draft", proposal.hidden_at is None, person and person.id == proposal.author_id)
        if kind not in answers:
            answers[kind] = why_not_see_proposal(person, proposal) is None
        if answers[kind]:
            readable.add(proposal.id)
    return readable
