"""Who may merge, take out and undo, and when a merge can be made, settled or undone."""

from datetime import timedelta

from flask_babel import lazy_gettext as _
from flask_babel import lazy_ngettext

from consulta.consultations.rules import is_moderator, state_of, why_not_moderate, why_phase_forbids
from consulta.core.clock import now

FEWEST_PARTS = 2
MOST_PARTS = 100  # more than anybody compares; it bounds what one merge locks
REASON_LIMIT = 2000
NOTE_LIMIT = 1000
# How long authors may take their proposal out by themselves after a merge was made.
OBJECTION_WINDOW = timedelta(days=7)

DECIDED = ("shortlisted", "left_out", "referred")
FROZEN = {
    "archived": _("Esta consulta está archivada y sus fusiones ya no cambian."),
    "suspended": _("Esta consulta está suspendida. Las fusiones podrán cambiar cuando se reanude."),
}


def why_not_merge(person, proposals):
    """A moderator of the consultation that the proposals are in (of each, should they be of several)."""
    if person is None:
        return _("Para fusionar propuestas hay que entrar con una cuenta de moderación.")
    consultations = {proposal.consultation_id: proposal.consultation for proposal in proposals}
    reasons = (why_not_moderate(person, consultation) for consultation in consultations.values())
    return next((reason for reason in reasons if reason is not None), None)


def why_no_merge_of(proposals):
    """Two or more different proposals of one consultation."""
    if len({proposal.id for proposal in proposals}) < FEWEST_PARTS:
        return _("Una fusión necesita al menos dos propuestas distintas. Elige otra más.")
    if len(proposals) > MOST_PARTS:
        return lazy_ngettext(
            "De una vez se fusiona hasta %(num)s propuesta.",
            "De una vez se fusionan hasta %(num)s propuestas.",
            MOST_PARTS,
        )
    if len({proposal.consultation_id for proposal in proposals}) > 1:
        return _("Estas propuestas son de consultas distintas. Solo se fusionan propuestas de una misma consulta.")
    return None


def why_cannot_be_merged(proposal):
    """A published proposal that stands for itself and is not hidden."""
    if proposal.state == "draft":
        return _("La propuesta %(code)s es un borrador que aún no se envía.", code=proposal.code)
    if proposal.hidden_at is not None:
        return _("La propuesta %(code)s está oculta. Vuelve a mostrarla antes de fusionarla.", code=proposal.code)
    if proposal.state == "merged":
        return _(
            "La propuesta %(code)s ya está en otra fusión. Quítala de esta, o deshaz primero aquella.",
            code=proposal.code,
        )
    if proposal.state == "withdrawn":
        return _("La propuesta %(code)s está retirada. Quítala de esta fusión.", code=proposal.code)
    if proposal.state in DECIDED:
        return _("Sobre la propuesta %(code)s ya hay una decisión. Reábrela antes de fusionarla.", code=proposal.code)
    return None


def why_cannot_merge_now(proposals):
    """Proposals that can all be merged, in a phase that merges."""
    reasons = (why_cannot_be_merged(proposal) for proposal in proposals)
    return next((reason for reason in reasons if reason is not None), None) or why_phase_forbids(
        proposals[0].consultation, "merge"
    )


def why_not_undo(person, merge):
    """A moderator of its consultation."""
    if person is None:
        return _("Para deshacer una fusión hay que entrar con una cuenta de moderación.")
    return why_not_moderate(person, merge.consultation)


def why_cannot_undo(merge):
    """A merge that stands, settled or not, while nothing further was made of its joint proposal."""
    if merge.state == "undone":
        return _("Esta fusión ya se deshizo.")
    joint = merge.joint
    if joint.state == "merged":
        return _(
            "Su propuesta conjunta forma parte de otra, la %(code)s. Deshaz primero esa fusión, o sácala de ella.",
            code=joint.carried_by.code,
        )
    if joint.state in DECIDED:
        return _("Sobre su propuesta conjunta ya hay una decisión. Reabre primero esa decisión.")
    return FROZEN.get(state_of(merge.consultation))


def why_not_take_out(person, merge, proposal):
    """A moderator of its consultation; and the part's author while objections are heard."""
    if person is None:
        return _("Para sacar una propuesta de una fusión hay que entrar con una cuenta.")
    if is_moderator(person, merge.consultation):
        return None
    if person.id != proposal.author_id:
        return _("Solo la moderación y quien escribió la propuesta pueden sacarla de la fusión.")
    if not hears_objections(merge):
        return _("El plazo para objetar esta fusión ya terminó. Escribe a la moderación para que la revise.")
    return None


def why_cannot_take_out(merge, proposal):
    """A part that the merge still carries, while nothing was decided of the joint proposal."""
    if merge.state == "undone":
        return _("Esta fusión ya se deshizo y no lleva ninguna propuesta.")
    if not any(part.proposal_id == proposal.id and part.taken_out_at is None for part in merge.parts):
        return _("La propuesta %(code)s no está en esta fusión.", code=proposal.code)
    if (merge.joint.head or merge.joint).state in DECIDED:
        return _("Sobre la propuesta conjunta ya hay una decisión. Reabre primero esa decisión.")
    return FROZEN.get(state_of(merge.consultation))


def hears_objections(merge):
    """Whether authors may still take their proposals out by themselves."""
    return merge.state == "made" and now() < merge.objections_until


def why_not_settle(person, merge):
    """A moderator of its consultation; as a rule the machine does it when the window is over."""
    return why_not_undo(person, merge)


def why_cannot_settle(merge):
    """A merge that was made and whose objection window is over."""
    if merge.state == "undone":
        return _("Esta fusión ya se deshizo.")
    if merge.state == "settled":
        return _("Esta fusión ya quedó firme.")
    if hears_objections(merge):
        return _("Todavía corre el plazo para objetar esta fusión.")
    return None


def why_not_annotate(person, merge):
    """A moderator of its consultation."""
    if person is None:
        return _("Para anotar una fusión hay que entrar con una cuenta de moderación.")
    return why_not_moderate(person, merge.consultation)


def why_foreign_session(session, consultation):
    """A merge may only have been decided in a session of the same consultation."""
    if session is not None and session.table.consultation_id != consultation.id:
        return _("Esa sesión es de otra consulta. Elige una sesión de esta.")
    return None
