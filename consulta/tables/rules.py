"""Who may convene, facilitate and read a session, and what a session may still take in."""

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from consulta.accounts.models import Person
from consulta.consultations.rules import (
    facilitates,
    is_moderator,
    live_roles,
    why_not_moderate,
    why_phase_forbids,
    why_standstill,
)
from consulta.core.clock import now
from consulta.core.extensions import db
from consulta.tables.models import AccessCode

# These meet outside of the phases of a process.
STANDING = ("forum", "round")
# What the rows call whoever acts without a person: what is loaded from a source.
MACHINE = "machine"
MOST_CODES = 20


def why_not_convene(person, consultation):
    """Tables are founded and sessions convened by those who moderate the consultation."""
    return why_not_moderate(person, consultation)


def why_not_reconvene(session):
    """What a session is convened with changes until it is opened; afterwards the room notes what was different."""
    if session.opened_at is not None:
        return _("Esta sesión ya se abrió: lo que cambió respecto de la convocatoria se anota en la hoja y en el acta.")
    return None


def why_not_facilitate(by, session):
    """A regional table is facilitated by somebody appointed for its region, any other by a moderator.

    by: a person, or an AccessCode of this very session that is neither past nor ended, made by somebody who still may.
    """
    if isinstance(by, AccessCode):
        return _why_not_with(by, session)
    if by is None:
        return _("Entra con tu cuenta: solo quien facilita la sesión puede registrar lo que decidió la sala.")
    table = session.table
    if table.territory is not None and facilitates(by, table.consultation, table.territory):
        return None
    moderates = is_moderator(by, table.consultation)
    if table.territory is None and moderates:
        return None
    return _why_not_hers(table, _regions_of(by, table.consultation), moderates)


def why_not_open(session):
    """A session opens once, while the consultation is in a phase that holds sessions."""
    if session.submitted_at is not None:
        return why_not_enter(session)
    return _why_not_now(session)


def why_not_enter(session):
    """An open session that was not handed in takes entries, while its kind of table meets."""
    return why_not_submit(session) or _why_not_now(session)


def why_not_submit(session):
    """An open session is handed in once, after its phase as well: what it holds was entered in time."""
    if session.published_at is not None:
        return _("El acta de esta sesión ya es pública. Lo que tenga errores se corrige con un motivo, a la vista.")
    if session.submitted_at is not None:
        return _(
            "Esta sesión ya fue entregada y no se puede cambiar mientras otra persona la revisa. Si falta algo, "
            "quien revisa puede devolverla."
        )
    if session.opened_at is None:
        return _("Esta sesión todavía no está abierta. Ábrela antes de registrar lo que pasó en la sala.")
    return why_standstill(session.table.consultation)


def why_not_read(person, session):
    """What was entered is public once its minutes are; before, to its facilitators, its code and the moderators."""
    if session.published_at is not None or is_moderator(person, session.table.consultation):
        return None
    if person is not None and why_not_facilitate(person, session) is None:
        return None
    return _("La asistencia y los resultados se publican con el acta, cuando otra persona los haya revisado.")


def why_not_check(person, session):
    """A session that was handed in and not checked yet, by somebody who had no hand in it."""
    return why_not_second(person, session) or why_not_confirm(session)


def why_not_second(person, session):
    """Whoever facilitates the table or moderates the consultation, with an account and without a hand in the entries.

    Nobody confirms their own: neither who handed it in, nor anybody who entered something, nor who made a code with
    which something was entered.
    """
    if isinstance(person, AccessCode):
        return _("Con un código se registra, pero no se confirma: la revisión la hace una persona con su cuenta.")
    if why_not_take_part(person, session) is not None:
        return _("La revisión la hace otra persona que facilita esta mesa o que modera la consulta.")
    if person.uid in (*session.hands, session.submitted_by_uid):
        return _(
            "Registraste algo en esta sesión, con tu cuenta o con un código tuyo, y nadie confirma lo propio: "
            "tiene que revisarla otra persona."
        )
    return None


def why_not_confirm(session):
    """A session is checked once, after it was handed in."""
    if session.checked_at is not None:
        return _("Esta sesión ya fue revisada.")
    return _why_not_handed_in(session)


def why_not_return(person, session):
    """Before it is public, whoever takes part may send it back: nobody confirms anything by that.

    Once it is checked, those who moderate alone.
    """
    if isinstance(person, AccessCode):
        return _("Con un código no se devuelve una sesión: hace falta entrar con una cuenta.")
    if session.checked_at is not None:
        return why_not_moderate(person, session.table.consultation)
    return why_not_take_part(person, session)


def why_not_send_back(session):
    """A session that was handed in and whose minutes are not public."""
    if session.published_at is not None:
        return _("El acta de esta sesión ya es pública: se corrige con un motivo, y todos ven las dos versiones.")
    return _why_not_handed_in(session)


def why_not_publish(person, session):
    """A checked session, by those who moderate the consultation."""
    return why_not_moderate(person, session.table.consultation) or why_not_make_public(session)


def why_not_make_public(session):
    """A session is published once, after a second person checked it."""
    if session.published_at is not None:
        return _("El acta de esta sesión ya es pública.")
    if session.checked_at is None:
        return _("Antes de publicar el acta, otra persona tiene que revisar la sesión y confirmarla.")
    return None


def why_not_correct(person, session):
    """What is public, by its facilitator or a moderator, each with an account."""
    if isinstance(person, AccessCode):
        return _("Con un código no se corrige un acta publicada: hace falta entrar con una cuenta.")
    if session.published_at is None:
        return _("El acta de esta sesión todavía no es pública, así que no hay qué corregir.")
    return why_not_take_part(person, session)


def why_not_amend(person, session):
    """What no longer takes entries: a public session (why_not_correct), or an open one whose phase is over.

    Into the latter, those who moderate admit what came late.
    """
    if session.published_at is not None:
        return why_not_correct(person, session)
    if session.submitted_at is not None:
        return _("Esta sesión está en revisión. Devuélvela primero: al abrirse de nuevo se puede completar.")
    return why_not_moderate(person, session.table.consultation)


def why_not_make_code(person, session):
    """A session that was not handed in, by its facilitator or a moderator."""
    if session.submitted_at is not None:
        return _("Esta sesión ya fue entregada, y un código nuevo no abriría nada.")
    return why_not_end_code(person, session)


def why_not_end_code(person, session):
    """Its facilitator or a moderator, with an account."""
    if isinstance(person, AccessCode):
        return _("Con un código no se hacen ni se terminan códigos: hace falta entrar con una cuenta.")
    return why_not_take_part(person, session)


def why_not_take_part(person, session):
    """Its facilitator, or a moderator of the consultation."""
    return None if is_moderator(person, session.table.consultation) else why_not_facilitate(person, session)


def why_not_discuss(session, proposal):
    """A session speaks of published proposals of its own consultation."""
    if proposal.consultation_id != session.table.consultation_id:
        return _("Esa propuesta es de otra consulta, y esta sesión solo puede hablar de las de la suya.")
    if proposal.published_at is None or proposal.hidden_at is not None:
        return _("Esa propuesta no está publicada, así que la sesión no puede registrar nada sobre ella.")
    return None


def why_not_another_code(codes):
    """A session has so many live ones of its `codes` at a time."""
    if sum(why_not_live(each) is None for each in codes) >= MOST_CODES:
        return _("Ya hay %(most)s códigos vigentes para esta sesión. Da alguno por terminado.", most=MOST_CODES)
    return None


def why_not_live(code):
    """A code works until it expires or is ended."""
    if code.ended_at is not None:
        return _("Este código fue dado por terminado. Pide otro a quien facilita la sesión.")
    if now() >= code.expires_at:
        return _("Este código venció. Lo que está guardado en el teléfono sigue ahí: pide otro a quien facilita.")
    return None


def uid_of(by):
    """Return what the rows call whoever acts."""
    return MACHINE if by is None else by.uid


def hands_with(session, by, others=()):
    """Return the hands of `session` with `by` and `others` (uids) among them.

    Behind a code stands whoever made it, and beside it whoever typed it while signed in (AccessCode.as_well).
    """
    mine = [by.uid, by.made_by_uid, by.as_well] if isinstance(by, AccessCode) else [by and by.uid]
    codes = select(AccessCode.uid, AccessCode.made_by_uid).where(AccessCode.uid.in_(others))
    makers = dict(db.session.execute(codes).all()) if others else {}
    mine += [uid for each in others for uid in (each, makers.get(each))]
    return list(dict.fromkeys([*session.hands, *(uid for uid in mine if uid not in (None, MACHINE))]))


def account_of(by):
    """Return the person who acts, or None for the holder of a code: other domains know nothing of codes."""
    return by if isinstance(by, Person) else None


def _why_not_now(session):
    consultation = session.table.consultation
    if session.table.kind in STANDING or session.returned_at is not None:
        # What was handed in while the phase was open and then sent back is completed after it as well.
        return why_standstill(consultation)
    return why_phase_forbids(consultation, "hold_sessions")


def _why_not_handed_in(session):
    if session.submitted_at is None:
        return _("Esta sesión todavía no se entrega.")
    return None


def _why_not_with(code, session):
    if code.session_id != session.id:
        return _("Este código es de otra sesión y no abre nada en esta.")
    if (why_not := why_not_live(code)) is not None or code.made_by_uid == MACHINE:
        return why_not
    maker = db.session.scalar(select(Person).where(Person.uid == code.made_by_uid))
    if maker is None or why_not_take_part(maker, session) is not None:
        return _("Quien hizo este código ya no facilita esta mesa, así que el código dejó de servir.")
    return None


def _regions_of(person, consultation):
    return sorted(each.territory.name for each in live_roles(person, consultation) if each.role == "facilitator")


def _why_not_hers(table, held, moderates):
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
