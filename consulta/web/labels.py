"""The words on screen for every closed list: one place, so that a thing is called the same on every page.

Each list is a dictionary of code to words, in the order in which a form offers them; the function beside it takes one
code (None gives nothing). Sentences of the public record are in `record_words`.
"""

from flask_babel import lazy_gettext as _

SECTORS = {
    "government": _("Gobierno"),
    "municipal": _("Municipios"),
    "civil_society": _("Sociedad civil"),
    "academia": _("Academia"),
    "private": _("Sector privado"),
    "international": _("Organismos internacionales"),
}
ROLES = {"moderator": _("Moderación"), "facilitator": _("Facilitación")}
CONSULTATION_STATES = {
    "draft": _("En preparación"),
    "announced": _("Anunciada"),
    "open": _("Abierta"),
    "suspended": _("Suspendida"),
    "closed": _("Cerrada"),
    "archived": _("Archivada"),
}
PHASE_KINDS = {
    "diagnosis": _("Diagnóstico"),
    "proposing": _("Propuestas"),
    "tables": _("Mesas"),
    "drafting": _("Redacción"),
    "review": _("Consulta pública"),
    "closing": _("Cierre"),
    "monitoring": _("Seguimiento"),
}
PHASE_STATES = {"scheduled": _("Por abrir"), "open": _("Abierta"), "closed": _("Cerrada")}
# What anybody or the staff can do while a phase of this kind is open (consultations.rules.PHASE_RIGHTS).
PHASE_TEXTS = {
    "diagnosis": _("Se reúnen las mesas para ver qué hace falta."),
    "proposing": _("Cualquier persona propone y apoya."),
    "tables": _("Las mesas discuten las propuestas, y se puede apoyar."),
    "drafting": _("Se preselecciona con razones y se redactan los compromisos."),
    "review": _("El borrador del plan se lee y se corrige a la vista de todas las personas."),
    "closing": _("Se termina de escribir el plan."),
    "monitoring": _("Se informa cuánto avanza cada compromiso."),
}
VOTERS = {
    "confirmed": _("Cualquier persona con su correo confirmado"),
    "territory": _("Las personas de un territorio, con su correo confirmado"),
}
ORIGINS = {"online": _("En línea"), "table": _("Una mesa"), "institution": _("Una institución")}
PROPOSAL_STATES = {
    "draft": _("Borrador"),
    "published": _("Publicada"),
    "merged": _("Fusionada"),
    "shortlisted": _("Preseleccionada"),
    "left_out": _("Dejada fuera"),
    "referred": _("Derivada"),
    "withdrawn": _("Retirada"),
}
TABLE_KINDS = {
    "thematic": _("Temática"),
    "regional": _("Regional"),
    "round": _("Mesa redonda o ronda"),
    "forum": _("Foro permanente"),
}
SESSION_STATES = {
    "convened": _("Convocada"),
    "open": _("En curso"),
    "submitted": _("Entregada, en revisión"),
    "checked": _("Revisada"),
    "published": _("Publicada"),
}
QUALITIES = {
    "member": _("Integrante"),
    "observer": _("Observa"),
    "secretary": _("Secretaría de actas"),
    "guest": _("Invitada"),
}
NEXT_MEETINGS = {
    "dated": _("Tiene fecha"),
    "undefined": _("Por definir"),
    "none": _("No hay otra reunión"),
}
OUTCOMES = {
    "keep": _("Mantener"),
    "modify": _("Modificar"),
    "enlarge": _("Ampliar"),
    "merge": _("Fusionar"),
    "group": _("Agrupar"),
    "separate": _("Separar"),
    "leave_out": _("Dejar fuera"),
    "refer": _("Derivar"),
    "no_counterpart": _("Sin contraparte"),
    "none": _("Sin resultado"),
}
GRADES = {
    "consensus": _("Consenso"),
    "agreement": _("Acuerdo"),
    "majority": _("Mayoría"),
    "divided": _("Opiniones divididas"),
    "none": _("Sin acuerdo"),
}
# How far each of those present goes along: the five levels of the gradients of agreement.
LEVELS = {
    "level_full": _("Totalmente de acuerdo"),
    "level_reserved": _("De acuerdo, con reparos"),
    "level_neutral": _("Le da lo mismo"),
    "level_unwilling": _("No le gusta, pero lo acepta"),
    "level_against": _("En contra"),
}
VOTES = {"votes_for": _("A favor"), "votes_against": _("En contra"), "abstentions": _("Se abstienen")}
GENDERS = {"women": _("Mujeres"), "men": _("Hombres"), "other_gender": _("Otro género")}
AGREEMENT_KINDS = {"task": _("Tarea"), "rule": _("Regla"), "deferral": _("Se retoma después")}
AGREEMENT_STATES = {
    "agreed": _("Por hacer"),
    "under_way": _("En curso"),
    "overdue": _("Vencido"),
    "deferred": _("Aplazado"),
    "in_force": _("Vigente"),
    "done": _("Cumplido"),
}
# A rule waits for nobody: while it holds it is in force. What was put off from the start is taken up, and settled.
STATES_OF_KIND = {
    "rule": {"agreed": _("Vigente"), "under_way": _("Vigente"), "done": _("Ya no rige")},
    "deferral": {"agreed": _("Por retomar"), "done": _("Resuelto")},
}
SEAT_QUALITIES = {"member": _("Miembro"), "observer": _("Observador")}
TERM_KINDS = {"holder": _("Titular"), "substitute": _("Suplente")}
# Reasons of merges that are given often; they stand in the public record as they are worded here.
MERGE_REASONS = {
    "same": _("Piden lo mismo con otras palabras."),
    "resent": _("Es la misma propuesta enviada más de una vez."),
    "contained": _("Lo que pide una está contenido en la otra."),
}
MERGE_STATES = {"made": _("En plazo de objeción"), "settled": _("Firme"), "undone": _("Deshecha")}
DECISION_KINDS = {"shortlisted": _("Preseleccionada"), "left_out": _("Dejada fuera"), "referred": _("Derivada")}
GROUNDS = {
    "needs_law": _("Requiere ley"),
    "no_counterpart": _("Sin contraparte"),
    "out_of_scope": _("Fuera del ámbito"),
    "already_exists": _("Ya existe"),
    "other": _("Otro motivo"),
}
COMMITMENT_STATES = {
    "drafted": _("En redacción"),
    "in_review": _("En consulta pública"),
    "approved": _("Aprobado"),
    "published": _("Publicado"),
    "in_implementation": _("En implementación"),
    "reformulated": _("Reformulado"),
    "closed": _("Cerrado"),
}
COMPLETIONS = {
    "not_started": _("No iniciado"),
    "limited": _("Limitado"),
    "substantial": _("Sustancial"),
    "complete": _("Completo"),
}
TIMELINESS = {"on_time": _("A tiempo"), "delayed": _("Con retraso")}
CERTAINTIES = {"certain": _("cierto"), "inferred": _("inferido")}

# How near two texts are, from the first line whose floor the score reaches (0 to 1).
NEARNESS = (
    (0.99, _("Casi igual")),
    (0.85, _("Muy parecida")),
    (0.5, _("Parecida")),
    (0.0, _("Algo en común")),
)


def sector(code):
    """Return the words for a sector of institutions."""
    return _words(SECTORS, code)


def role(code):
    """Return the words for a role in a consultation."""
    return _words(ROLES, code)


def consultation_state(code):
    """Return the words for how a consultation stands."""
    return _words(CONSULTATION_STATES, code)


def phase_kind(code):
    """Return the words for a kind of phase."""
    return _words(PHASE_KINDS, code)


def phase_state(code):
    """Return the words for how a phase stands."""
    return _words(PHASE_STATES, code)


def origin(code):
    """Return the words for where a proposal comes from."""
    return _words(ORIGINS, code)


def proposal_state(code):
    """Return the words for how a proposal stands."""
    return _words(PROPOSAL_STATES, code)


def table_kind(code):
    """Return the words for a kind of table."""
    return _words(TABLE_KINDS, code)


def session_state(code):
    """Return the words for how a session stands."""
    return _words(SESSION_STATES, code)


def outcome(code, group_number=None):
    """Return the words for what a session said of a proposal; a group is called by its number."""
    if code == "group" and group_number is not None:
        return _("Grupo %(n)s", n=group_number)
    return _words(OUTCOMES, code)


def grade(code):
    """Return the words for how far a session agreed."""
    return _words(GRADES, code)


def quality(code):
    """Return the words for in which quality somebody sits at a table."""
    return _words(QUALITIES, code)


def next_meeting(code):
    """Return the words for what is known of the next meeting."""
    return _words(NEXT_MEETINGS, code)


def level(code):
    """Return the words for one of the five levels of agreement."""
    return _words(LEVELS, code)


def vote(code):
    """Return the words for one way of raising a hand."""
    return _words(VOTES, code)


def gender(code):
    """Return the words for a gender that was counted."""
    return _words(GENDERS, code)


def agreement_kind(code):
    """Return the words for a kind of agreement."""
    return _words(AGREEMENT_KINDS, code)


def agreement_state(code, kind=None):
    """Return the words for how an agreement of `kind` stands, "overdue" among them."""
    return _words(AGREEMENT_STATES | STATES_OF_KIND.get(kind, {}), code)


def seat_quality(code):
    """Return the words for the quality of a seat in the forum."""
    return _words(SEAT_QUALITIES, code)


def term_kind(code):
    """Return the words for holder or substitute."""
    return _words(TERM_KINDS, code)


def merge_state(code):
    """Return the words for how a merge stands."""
    return _words(MERGE_STATES, code)


def decision_kind(code):
    """Return the words for a kind of decision."""
    return _words(DECISION_KINDS, code)


def ground(code):
    """Return the words for why a proposal is left out."""
    return _words(GROUNDS, code)


def commitment_state(code):
    """Return the words for how a commitment stands."""
    return _words(COMMITMENT_STATES, code)


def completion(code):
    """Return the words for how complete something is."""
    return _words(COMPLETIONS, code)


def timeliness(code):
    """Return the words for whether something is on time."""
    return _words(TIMELINESS, code)


def certainty(code):
    """Return the words for how sure an origin is."""
    return _words(CERTAINTIES, code)


def nearness(score, certain=False):
    """Return in words how near two texts are; score: 0 to 1, certain: whether they are the same text."""
    if certain:
        return _("El mismo texto")
    return next(words for floor, words in NEARNESS if score >= floor)


def _words(words, code):
    # A code that is not in the list is shown as it is: better a strange word than a page that fails.
    return "" if code is None else words.get(code, code)
