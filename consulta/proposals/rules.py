"""Who may write, see, change and take back a proposal, and what its text may hold."""

from flask_babel import lazy_gettext as _

from consulta.consultations.rules import is_moderator, why_phase_forbids
from consulta.consultations.rules import why_not_see as why_not_see_consultation
from consulta.core.text import clean_line, clean_text
from consulta.proposals.models import BODY_LIMIT, TITLE_LIMIT

DRAFTS_AT_ONCE = 20  # one person's unfinished proposals in one consultation
OPEN_STATES = ("published",)  # may be supported, merged and decided


def cleaned(title, body):
    """Return `title` and `body` as they are stored; raises Invalid naming the field that will not do."""
    return clean_line(title, TITLE_LIMIT, field="title"), clean_text(body, BODY_LIMIT, field="body")


def why_not_propose(person, consultation):
    """A person with a confirmed address, in an open phase that takes proposals."""
    if person is None:
        return _("Para proponer hay que entrar con una cuenta.")
    if person.confirmed_at is None:
        return _("Antes de proponer, confirma tu correo con el enlace que te enviamos.")
    return why_phase_forbids(consultation, "propose")


def why_not_see(person, proposal):
    """Anybody a published one; a draft only its author; a hidden one its author and the consultation's moderators."""
    gone = _("Esta propuesta no existe o no es pública.")
    if why_not_see_consultation(person, proposal.consultation) is not None:
        return gone
    is_author = person is not None and person.id == proposal.author_id
    if proposal.state == "draft":
        return None if is_author else gone
    if proposal.hidden_at is not None:
        return None if is_author or is_moderator(person, proposal.consultation) else gone
    return None


def why_not_revise(person, proposal):
    """Its author, while nobody supports it and it is a draft or stands for itself."""
    if person is None or person.id != proposal.author_id:
        return _("Solo quien escribió la propuesta puede cambiar su texto.")
    if proposal.state == "draft":
        return None
    if proposal.state != "published":
        return _("Ya se decidió sobre esta propuesta y su texto no se puede cambiar.")
    if proposal.hidden_at is not None:
        return _("Esta propuesta está oculta por moderación y su texto no se puede cambiar.")
    if proposal.supporters > 0:
        return _("Ya hay personas que apoyan este texto, así que no se puede cambiar.")
    return why_phase_forbids(proposal.consultation, "propose")


def why_not_submit(person, proposal):
    """Its author, a draft, in an open phase that takes proposals."""
    if person is None or person.id != proposal.author_id:
        return _("Solo quien escribió la propuesta puede enviarla.")
    if proposal.state != "draft":
        return _("Esta propuesta ya fue enviada.")
    return why_not_propose(person, proposal.consultation)


def why_not_withdraw(person, proposal):
    """Its author, while it stands for itself and nothing was decided of it."""
    if person is None or person.id != proposal.author_id:
        return _("Solo quien escribió la propuesta puede retirarla.")
    if proposal.state == "merged":
        return _("Esta propuesta está en una fusión. Primero hay que sacarla de ella.")
    if proposal.state not in ("draft", "published"):
        return _("Ya se decidió sobre esta propuesta y no se puede retirar.")
    return None


def why_not_hide(person, proposal):
    """A moderator of its consultation."""
    if not is_moderator(person, proposal.consultation):
        return _("Solo la moderación de esta consulta puede ocultar o volver a mostrar una propuesta.")
    if proposal.state == "draft":
        return _("Un borrador no es público: no hay nada que ocultar.")
    return None
