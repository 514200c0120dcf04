"""Minutes in words: what was agreed, who answers for it and by when, and what was open from before."""

from datetime import date

from flask_babel import format_date
from flask_babel import gettext as _

from consulta.minutes.markdown import blocks_of, paragraph
from consulta.web import labels


def agreements(document):
    """Return the agreements as a numbered list: text, terms by letters, and a line on whose and by when."""
    items = [_item(each, _line(each)) for each in document.get("agreements", ())]
    return [{"is": "list", "mark": "1", "start": 1, "items": items}] if items else []


def open_before(document):
    """Return what earlier sessions left open, how it stood, and what this one said of it."""
    items = [_item(each, _line(each), _said_here(each)) for each in document.get("open_before", ())]
    return [{"is": "list", "mark": "1", "start": 1, "items": items}] if items else []


def _item(agreement, *lines):
    found = list(blocks_of(agreement["text"], level=None))
    if agreement.get("terms"):
        found.append(
            {"is": "list", "mark": "a", "start": 1, "items": [[paragraph(term)] for term in agreement["terms"]]}
        )
    return found + [paragraph(line, look="note") for line in lines if line]


def _line(agreement):
    """Return in one line: its kind, who answers, by when, under which item, and from which session it comes."""
    facts = [str(labels.agreement_kind(agreement["kind"]))]
    if "owner" in agreement:
        owner = agreement["owner"]
        if agreement.get("members"):
            owner = f"{owner} ({', '.join(agreement['members'])})"
        facts.append(_("Responde: %(owner)s", owner=owner))
    due = [_day(agreement["due_on"])] if "due_on" in agreement else []
    due += [agreement["due_note"]] if "due_note" in agreement else []
    if due:
        facts.append(_("Plazo: %(due)s", due=", ".join(due)))
    if "item" in agreement:
        facts.append(_("Del punto «%(item)s»", item=agreement["item"]))
    if "session" in agreement:
        facts.append(_("Se acordó en: %(session)s", session=agreement["session"]))
    if "state" in agreement:
        facts.append(_("Estaba: %(state)s", state=_state(agreement, "state")))
    return ". ".join(facts) + "."


def _said_here(agreement):
    if "state_here" not in agreement:
        return None
    facts = [_("En esta sesión: %(state)s", state=_state(agreement, "state_here"))]
    if "deferred_to" in agreement:
        facts.append(_("Pasa a: %(session)s", session=agreement["deferred_to"]))
    if "new_due_on" in agreement:
        facts.append(_("Nuevo plazo: %(due)s", due=_day(agreement["new_due_on"])))
    if "note_here" in agreement:
        facts.append(agreement["note_here"])
    return ". ".join(facts)


def _state(agreement, name):
    return str(labels.agreement_state(agreement[name], agreement["kind"])).lower()


def _day(text):
    return format_date(date.fromisoformat(text), "long")
