"""The public record in sentences: for each event of the closed list, what happened and which kind of thing it is."""

from datetime import date

from flask_babel import format_date, lazy_gettext, ngettext
from flask_babel import gettext as _

from consulta.web import labels, worksheet_words

# What the list can be narrowed to: code (it stands in addresses), words.
KINDS = {
    "consultation": lazy_gettext("Consultas"),
    "appointment": lazy_gettext("Nombramientos"),
    "proposal": lazy_gettext("Propuestas"),
    "session": lazy_gettext("Mesas y sesiones"),
    "merge": lazy_gettext("Fusiones"),
    "decision": lazy_gettext("Decisiones"),
    "plan": lazy_gettext("Plan y avances"),
    "base": lazy_gettext("Territorios e instituciones"),
}

KIND_OF = {
    "consultation.created": "consultation",
    "consultation.rescheduled": "consultation",
    "consultation.announced": "consultation",
    "consultation.suspended": "consultation",
    "consultation.resumed": "consultation",
    "appointment.made": "appointment",
    "appointment.ended": "appointment",
    "administrator.appointed": "appointment",
    "proposal.submitted": "proposal",
    "proposal.entered": "proposal",
    "proposal.revised": "proposal",
    "proposal.withdrawn": "proposal",
    "proposal.hidden": "proposal",
    "proposal.unhidden": "proposal",
    "proposal.raised": "session",
    "table.founded": "session",
    "session.convened": "session",
    "session.reconvened": "session",
    "session.opened": "session",
    "session.submitted": "session",
    "session.checked": "session",
    "session.returned": "session",
    "worksheet.conflict_settled": "session",
    "worksheet.late_admitted": "session",
    "worksheet.late_dismissed": "session",
    "code.made": "session",
    "code.ended": "session",
    "agreement.taken": "session",
    "agreement.moved": "session",
    "subgroup.formed": "session",
    "seat.opened": "session",
    "seat.revised": "session",
    "seat.taken": "session",
    "seat.left": "session",
    "seat.requalified": "session",
    "seat.closed": "session",
    "meeting.planned": "session",
    "meeting.unplanned": "session",
    "meeting.linked": "session",
    "minutes.published": "session",
    "minutes.corrected": "session",
    "merge.made": "merge",
    "merge.part_taken_out": "merge",
    "merge.settled": "merge",
    "merge.undone": "merge",
    "merge.annotated": "merge",
    "similar.told_apart": "merge",
    "similar.pulled_in": "merge",
    "similar.reconsidered": "merge",
    "similarity.tuned": "consultation",
    "proposal.shortlisted": "decision",
    "proposal.left_out": "decision",
    "proposal.referred": "decision",
    "decision.reopened": "decision",
    "plan.opened": "plan",
    "commitment.drafted": "plan",
    "milestone.added": "plan",
    "plan.draft_published": "plan",
    "commitment.begun": "plan",
    "commitment.reformulated": "plan",
    "progress.reported": "plan",
    "territories.loaded": "base",
    "institution.founded": "base",
}


def events_of(kind):
    """Return the events of one of KINDS."""
    return [event for event, its_kind in KIND_OF.items() if its_kind == kind]


def sentence(event, details):
    """Return what happened as words that stand before the name of what it happened to.

    Texts that people wrote are never taken from `details`: what was hidden since must not come back from here.
    """
    plain = _plain().get(event)
    if plain is not None:
        return plain
    tell = _COUNTED.get(event)
    return tell(details) if tell else event


def _plain():
    return {
        "consultation.created": _("Se empezó a preparar una consulta"),
        "consultation.rescheduled": _("Cambiaron las fechas de una consulta en preparación"),
        "consultation.announced": _("Se anunció la consulta"),
        "consultation.suspended": _("Se suspendió la consulta"),
        "consultation.resumed": _("Se reanudó la consulta"),
        "administrator.appointed": _("Se dio la administración del sitio a"),
        "proposal.submitted": _("Se publicó la propuesta"),
        "proposal.entered": _("Se ingresó la propuesta"),
        "proposal.raised": _("Una mesa hizo la propuesta"),
        "proposal.revised": _("Su autora o autor cambió el texto de la propuesta"),
        "proposal.withdrawn": _("Su autora o autor retiró la propuesta"),
        "proposal.hidden": _("Se ocultó la propuesta"),
        "proposal.unhidden": _("Se volvió a mostrar la propuesta"),
        "table.founded": _("Se formó la mesa"),
        "session.opened": _("Empezó la sesión"),
        "session.submitted": _("Sesión entregada"),
        "session.checked": _("Una segunda persona revisó y confirmó la sesión"),
        "session.returned": _("Se devolvió a quien la facilita la sesión"),
        "code.ended": _("Se dio por terminado un código de la sesión"),
        "agreement.taken": _("Una sesión tomó el acuerdo"),
        "seat.revised": _("Cambió de nombre el puesto del foro"),
        "seat.closed": _("Se cerró el puesto del foro"),
        "minutes.published": _("Se publicó el acta de la sesión"),
        "merge.settled": _("Quedó firme la fusión"),
        "merge.annotated": _("Se anotó la fusión"),
        "merge.undone": _("Se deshizo la fusión"),
        "merge.part_taken_out": _("Una propuesta salió de la fusión"),
        "proposal.shortlisted": _("Se preseleccionó la propuesta"),
        "proposal.referred": _("Se derivó a otra institución la propuesta"),
        "plan.opened": _("Se empezó a redactar el plan"),
        "similarity.tuned": _("Cambió lo parecidos que deben ser dos textos para sugerirlos juntos en"),
    }


def _appointed(details):
    return _("Se hizo un nombramiento en %(role)s", role=str(labels.role(details["role"])).lower())


def _ended(details):
    return _("Terminó un nombramiento en %(role)s", role=str(labels.role(details["role"])).lower())


def _left_out(details):
    return _("Se dejó fuera (%(ground)s) la propuesta", ground=str(labels.ground(details["ground"])).lower())


def _reopened(details):
    return _("Se volvió a abrir la decisión (%(kind)s) sobre", kind=str(labels.decision_kind(details["kind"])).lower())


def _merged(details):
    n = len(details["parts"])
    return ngettext("Se fusionó %(num)s propuesta en", "Se fusionaron %(num)s propuestas en", n)


def _told_apart(details):
    n = sum(len(part) for part in details["parts"])
    return ngettext("Se separó %(num)s propuesta similar en", "Se separaron %(num)s propuestas similares en", n)


def _pulled_in(details):
    n = len(details["group"])
    return ngettext(
        "Se sumó una propuesta a un grupo de %(num)s similar en",
        "Se sumó una propuesta a un grupo de %(num)s similares en",
        n,
    )


def _reconsidered(details):
    n = len(details["proposals"])
    return ngettext(
        "Volvió a compararse %(num)s propuesta que se había separado en",
        "Volvieron a compararse %(num)s propuestas que se habían separado en",
        n,
    )


def _convened(details):
    n = details["convened"]
    return ngettext("Se convocó a %(num)s institución a la sesión", "Se convocó a %(num)s instituciones a la sesión", n)


def _reconvened(details):
    n = details["convened"]
    return ngettext(
        "Se cambió la convocatoria, ahora a %(num)s institución, de la sesión",
        "Se cambió la convocatoria, ahora a %(num)s instituciones, de la sesión",
        n,
    )


def _conflict_settled(details):
    name = worksheet_words.field_name(details["field"])
    return _("Se resolvió un dato («%(field)s») que dos teléfonos anotaron distinto en la sesión", field=name)


def _late_admitted(details):
    return ngettext(
        "Se incorporó %(num)s dato que llegó tarde a la sesión",
        "Se incorporaron %(num)s datos que llegaron tarde a la sesión",
        details["fields"],
    )


def _late_dismissed(details):
    return ngettext(
        "Se descartó %(num)s dato que llegó tarde a la sesión",
        "Se descartaron %(num)s datos que llegaron tarde a la sesión",
        details["fields"],
    )


def _code_made(details):
    n = details["hours"]
    return ngettext(
        "Se hizo un código que sirve por %(num)s hora para la sesión",
        "Se hizo un código que sirve por %(num)s horas para la sesión",
        n,
    )


def _moved(details):
    return _("Pasó a «%(state)s» el acuerdo", state=str(labels.agreement_state(details["state"])).lower())


def _formed(details):
    n = details["members"]
    if n == 0:
        return _("Se formó el subgrupo")
    return ngettext("Se formó con %(num)s institución el subgrupo", "Se formó con %(num)s instituciones el subgrupo", n)


def _seat_opened(details):
    return _("Se abrió un puesto del foro (%(sector)s):", sector=str(labels.sector(details["sector"])).lower())


def _seated(details):
    if details["kind"] == "holder":
        return _("Tiene titular el puesto del foro")
    return _("Tiene suplente el puesto del foro")


def _left(details):
    if details["kind"] == "holder":
        return _("Terminó una titularidad en el puesto del foro")
    return _("Terminó una suplencia en el puesto del foro")


def _requalified(details):
    quality = str(labels.seat_quality(details["quality"])).lower()
    return _("Pasó a ser de %(quality)s el puesto del foro", quality=quality)


def _meeting_planned(details):
    return _("Se puso el %(day)s en el calendario de", day=_day(details["planned_on"]))


def _meeting_unplanned(details):
    return _("Se quitó el %(day)s del calendario de", day=_day(details["planned_on"]))


def _meeting_linked(details):
    return _("Se convocó la sesión del %(day)s de", day=_day(details["planned_on"]))


def _day(iso):
    return format_date(date.fromisoformat(iso), "long")


def _drafted(details):
    return _("Se redactó el compromiso n.º %(n)s", n=details["number"])


def _published(details):
    n = len(details["commitments"])
    return ngettext(
        "Se publicó el borrador, con %(num)s compromiso, de", "Se publicó el borrador, con %(num)s compromisos, de", n
    )


def _milestone(details):
    return _("Se agregó el hito n.º %(n)s al compromiso", n=details["number"])


def _begun(details):
    return _("Comenzó a cumplirse el compromiso n.º %(n)s", n=details["number"])


def _reformulated(details):
    return _("Se reformuló el compromiso n.º %(n)s", n=details["number"])


def _progress(details):
    return _("Se informó el avance del compromiso n.º %(n)s", n=details["number"])


def _territories(details):
    n = details["count"]
    return ngettext("Se cargó %(num)s territorio de", "Se cargaron %(num)s territorios de", n)


def _institution(details):
    sector = str(labels.sector(details["sector"])).lower()
    return _("Se registró una institución (%(sector)s)", sector=sector)


def _corrected(details):
    return _("Se publicó la versión %(n)s, corregida, del acta de la sesión", n=details["number"])


_COUNTED = {
    "minutes.corrected": _corrected,
    "appointment.made": _appointed,
    "appointment.ended": _ended,
    "proposal.left_out": _left_out,
    "decision.reopened": _reopened,
    "merge.made": _merged,
    "similar.told_apart": _told_apart,
    "similar.pulled_in": _pulled_in,
    "similar.reconsidered": _reconsidered,
    "session.convened": _convened,
    "session.reconvened": _reconvened,
    "code.made": _code_made,
    "worksheet.conflict_settled": _conflict_settled,
    "worksheet.late_admitted": _late_admitted,
    "worksheet.late_dismissed": _late_dismissed,
    "agreement.moved": _moved,
    "subgroup.formed": _formed,
    "seat.opened": _seat_opened,
    "seat.taken": _seated,
    "seat.left": _left,
    "seat.requalified": _requalified,
    "meeting.planned": _meeting_planned,
    "meeting.unplanned": _meeting_unplanned,
    "meeting.linked": _meeting_linked,
    "commitment.drafted": _drafted,
    "plan.draft_published": _published,
    "milestone.added": _milestone,
    "commitment.begun": _begun,
    "commitment.reformulated": _reformulated,
    "progress.reported": _progress,
    "territories.loaded": _territories,
    "institution.founded": _institution,
}
