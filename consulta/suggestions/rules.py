"""Who may judge the machine's suggestions and tune them, and what can be judged."""

from flask_babel import lazy_gettext as _
from flask_babel import lazy_ngettext

from consulta.consultations.rules import state_of, why_not_administer, why_not_moderate

MOST_JUDGED = 100  # more than anybody compares; it bounds what one decision writes
FLOORS = (0.05, 1.0)  # between these a floor means something
CLOSED = {
    "archived": _("Esta consulta está archivada: ya no se juzgan sus propuestas."),
    "suspended": _("Esta consulta está suspendida. Sus propuestas podrán juzgarse cuando se reanude."),
}


def why_not_judge(person, consultation):
    """A moderator of the consultation."""
    if person is None:
        return _("Para decidir sobre propuestas similares hay que entrar con una cuenta de moderación.")
    return why_not_moderate(person, consultation)


def why_cannot_judge(consultation):
    """While the consultation is neither suspended nor archived."""
    return CLOSED.get(state_of(consultation))


def why_no_parts(parts):
    """Two or more parts without a proposal in common, of one consultation, not more than anybody compares."""
    ids = [proposal.id for part in parts for proposal in part]
    if len([part for part in parts if part]) < 2:
        return _("Para separar hacen falta al menos dos propuestas: elige cuáles no son lo mismo.")
    if len(ids) != len(set(ids)):
        return _("Una propuesta no puede quedar en los dos lados.")
    if len(ids) > MOST_JUDGED:
        return lazy_ngettext(
            "De una vez se decide sobre hasta %(num)s propuesta.",
            "De una vez se decide sobre hasta %(num)s propuestas.",
            MOST_JUDGED,
        )
    if len({proposal.consultation_id for part in parts for proposal in part}) > 1:
        return _("Estas propuestas son de consultas distintas. Solo se comparan propuestas de una misma consulta.")
    return None


def why_cannot_part(proposals):
    """Proposals that stand for themselves: who thinks otherwise of a merge takes a part out of it or undoes it."""
    merged = [proposal.code for proposal in proposals if proposal.state == "merged"]
    if merged:
        return lazy_ngettext(
            "La propuesta %(codes)s ya está en una fusión. Para separarla, sácala de ella o deshaz la fusión.",
            "Las propuestas %(codes)s ya están en una fusión. Para separarlas, sácalas de ella o deshaz la fusión.",
            len(merged),
            codes=", ".join(merged),
        )
    return None


def why_not_pull(group, proposal):
    """A proposal of the same consultation that waits for a decision and is not in the group yet."""
    if proposal.consultation_id != group.consultation_id:
        return _("La propuesta %(code)s es de otra consulta.", code=proposal.code)
    if any(member.proposal_id == proposal.id for member in group.members):
        return _("La propuesta %(code)s ya está en este grupo.", code=proposal.code)
    if proposal.state != "published" or proposal.hidden_at is not None:
        return _("La propuesta %(code)s ya no espera una decisión y no se puede sumar al grupo.", code=proposal.code)
    if len(group.members) >= MOST_JUDGED:
        return _("Este grupo ya es demasiado grande para compararlo. Sepáralo primero.")
    return None


def why_nothing_to_reconsider(verdicts):
    """At least one live verdict that tells proposals apart."""
    return None if verdicts else _("Estas propuestas no estaban separadas.")


def why_not_tune(person, consultation):
    """Who administers the site."""
    return why_not_administer(person)


def why_no_floor(floor):
    """A number between the bounds of FLOORS."""
    least, most = FLOORS
    if floor is None or not least <= floor <= most:
        return _("Escribe un número entre %(least)s y %(most)s.", least=str(least), most=str(most))
    return None
