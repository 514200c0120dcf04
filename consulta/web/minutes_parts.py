"""The parts of published minutes that can be corrected, each with its form and what it changes.

A part is called by a word in the address ("cierre", "resultado-<code>"), so that every form has its own page.
"""

from dataclasses import dataclass, field

from flask_babel import gettext as _

from consulta.agreements.queries import agreement_with, agreements_of
from consulta.core.errors import Invalid, NotFound
from consulta.core.text import beginning
from consulta.proposals.queries import find_proposal
from consulta.tables.models import new_uid
from consulta.tables.queries import attendances_of, result_on, results_of
from consulta.web import labels
from consulta.web.forms.minutes import (
    KNOWN,
    AgreementCorrection,
    ClosingCorrection,
    FactsCorrection,
    ItemCorrection,
    LineCorrection,
    RecordCorrection,
    ResultCorrection,
)
from consulta.web.forms.session import closing_as_typed
from consulta.web.forms.tables import LINES, NUMBERS, result_as_typed
from consulta.web.guards import person

# Fields that stand above the others of their form, and those that stand below by themselves.
FIRST = ("institution", "sector", "network", "quality", *KNOWN)
APART = ("reason", "drop", "dropped", "csrf_token", "uid")
SHOWN = 90  # letters of an agreement or an item in the list of parts


@dataclass(frozen=True)
class Part:
    """One part: `where` it is, as a change of `minutes.actions.correct` begins, and what its form shows at first."""

    title: str
    form_class: type
    where: tuple
    typed: dict
    given: dict = field(default_factory=dict)

    def form(self, version):
        """Return its form; version: the number of the version that is being read."""
        return self.form_class(data={**self.typed, "version": str(version), "reason": None}, **self.given)

    def fields(self, form):
        """Return the fields of `form` that say what the minutes say, in the order of the page."""
        shown = [each for each in form if each.type != "HiddenField" and each.name not in APART]
        return sorted(shown, key=lambda each: FIRST.index(each.name) if each.name in FIRST else len(FIRST))

    def change(self, form):
        """Return what `form` changes, as `correct` takes it: the fields that are not what they were, and no others.

        Raises Invalid where there are none.
        """
        if getattr(form, "drop", None) is not None and form.drop.data:
            return (*self.where, {"drop": True})
        before = self.form_class(formdata=None, data=self.typed, meta={"csrf": False}, **self.given).said
        fields = {name: value for name, value in form.said.items() if value != before[name] or not self.typed}
        if not fields:
            raise Invalid(None, _("Todavía no cambiaste nada de lo que el acta dice."))
        return (*self.where, fields)


def groups_of(session):
    """Return the parts of the minutes of `session` as a list of (heading, [(name, words)])."""
    programme = [(f"punto-{item['id']}", item["title"]) for item in session.agenda if item["kind"] != "break"]
    results = [
        (f"resultado-{each.proposal.code}", each.proposal.title)
        for each in results_of(session)
        if each.proposal.hidden_at is None
    ]
    lines = [(f"linea-{each.uid}", _line_name(each)) for each in attendances_of(session)]
    agreed = [(f"acuerdo-{each.uid}", beginning(each.text, SHOWN)) for each in agreements_of(session)]
    return [
        (
            _("El acta"),
            [
                ("datos", _("Datos de la convocatoria")),
                ("cierre", _("Horas, cierre y puntos abiertos")),
                ("constancias", _("Constancias y observaciones")),
            ],
        ),
        (_("Asistencia"), [*lines, ("linea-nueva", _("Agregar a alguien que falta"))]),
        (_("Desarrollo"), programme),
        (_("Resultados"), results),
        (_("Acuerdos y tareas"), [*agreed, ("acuerdo-nuevo", _("Agregar un acuerdo que falta"))]),
    ]


def part_of(session, name):
    """Return the Part that is called `name`; raises NotFound."""
    kind, _dash, key = name.partition("-")
    make = _MAKING.get(kind)
    part = make(session, key) if make else None
    if part is None:
        raise NotFound(_("Esa parte no está en el acta."))
    return part


def _facts(session, key):
    names = ("number", "place", "link", "convened_by", "convened_on", "date_note", "objective", "product")
    typed = {name: getattr(session, name) for name in (*names, "dots_per_person", "dots_per_proposal")}
    typed |= {name: "\n".join(getattr(session, name)) for name in ("venues", "inputs")}
    return Part(_("Datos de la convocatoria"), FactsCorrection, ("session",), typed)


def _closing(session, key):
    return Part(_("Horas, cierre y puntos abiertos"), ClosingCorrection, ("session",), closing_as_typed(session))


def _record(session, key):
    typed = {"statements": "\n".join(session.statements), "notes": session.notes}
    return Part(_("Constancias y observaciones"), RecordCorrection, ("session",), typed)


def _result(session, code):
    proposal = find_proposal(code, to=person())
    result = result_on(session, proposal)
    if result is None:
        return None
    return Part(proposal.title, ResultCorrection, ("result", proposal), result_as_typed(result, proposal))


def _line(session, uid):
    if uid == "nueva":
        return Part(_("Agregar a alguien que falta"), LineCorrection, ("presence", new_uid()), {})
    line = next((each for each in attendances_of(session) if each.uid == uid), None)
    if line is None:
        return None
    words = {True: "1", False: "0", None: ""}
    typed = {name: getattr(line, name) for name in ("sector", *NUMBERS, *LINES)}
    typed |= {name: words[getattr(line, name)] for name in KNOWN} | {"institution": line.name}
    return Part(_line_name(line), LineCorrection, ("presence", uid), typed)


def _item(session, item_id):
    item = next((each for each in session.agenda if each["id"] == item_id), None)
    return item and Part(item["title"], ItemCorrection, ("agenda", item_id), item)


def _agreement(session, uid):
    given = {"items": [(item["id"], item["title"]) for item in session.agenda if item["kind"] != "break"]}
    if uid == "nuevo":
        return Part(_("Agregar un acuerdo que falta"), AgreementCorrection, ("agreement", new_uid()), {}, given)
    agreement = agreement_with(session, uid)
    if agreement is None:
        return None
    typed = {name: getattr(agreement, name) for name in ("text", "owner", "due_on", "due_note", "kind", "item")}
    typed["terms"] = "\n".join(agreement.terms)
    return Part(beginning(agreement.text, SHOWN), AgreementCorrection, ("agreement", uid), typed, given)


def _line_name(line):
    return line.name or line.network or str(labels.sector(line.sector))


_MAKING = {
    "datos": _facts,
    "cierre": _closing,
    "constancias": _record,
    "resultado": _result,
    "linea": _line,
    "punto": _item,
    "acuerdo": _agreement,
}
