"""The history of a merge in words: each entry of the record as one line of the component `timeline`."""

from flask_babel import gettext as _
from flask_babel import ngettext

from consulta.merging.rules import hears_objections
from consulta.web import labels
from consulta.web.filters import instant


def steps_of(merge, history):
    """Return the lines of `timeline`. history: (entry, person or None for the machine) in order."""
    return [_step(merge, entry, who) for entry, who in history]


def state_of(merge):
    """Return the words for how a merge stands; one whose window ran out while nobody settled it is only made."""
    if merge.state == "made" and not hears_objections(merge):
        return _("Hecha")
    return labels.merge_state(merge.state)


def maker_of(history):
    """Return the name of whoever made the merge."""
    return next((_name(who) for entry, who in history if entry.event == "merge.made"), "")


def last_tally(history):
    """Return how many distinct people stood behind the joint proposal when it was last told; 0 where it never was."""
    return next((entry.details["tally"] for entry, _who in reversed(history) if "tally" in entry.details), 0)


def _name(somebody):
    return somebody.name if somebody is not None else _("El sistema")


def _step(merge, entry, who):
    """Return one line of the merge's history as the component `timeline` takes it."""
    tell = {"merge.made": _made, "merge.part_taken_out": _taken_out, "merge.undone": _undone}.get(entry.event)
    titles = {
        "merge.made": _("Se fusionaron"),
        "merge.part_taken_out": _("Salió una parte"),
        "merge.settled": _("Terminó el plazo de objeción y quedó firme"),
        "merge.undone": _("Se deshizo"),
        "merge.annotated": _("Se anotó"),
    }
    # Parts are called by the label of their source where they have one, as everywhere on the page.
    names = {part.proposal.code: part.proposal.reference or part.proposal.code for part in merge.parts}
    return {
        "when": instant(entry.at, merge.consultation.zone),
        "title": titles[entry.event],
        "text": tell(entry.details, names) if tell else None,
        "reason": entry.reason,
        "who": _name(who),
    }


def _made(told, names):
    if not told["tally"]:
        return _("%(parts)s: sin apoyos en línea.", parts=_in_numbers(told, names))
    return ngettext(
        "%(parts)s: %(num)s persona.",
        "%(parts)s: %(num)s personas distintas.",
        told["tally"],
        parts=_in_numbers(told, names),
    )


def _taken_out(told, names):
    name = names.get(told["part"], told["part"])
    if not told["tally"] and not told["part_tally"]:
        return _("%(part)s, sin apoyos en línea.", part=name)
    return _(
        "%(part)s, con los apoyos de %(its)s; la conjunta quedó con los de %(tally)s.",
        part=name,
        its=told["part_tally"],
        tally=told["tally"],
    )


def _undone(told, names):
    return _("Volvieron a estar por sí mismas: %(parts)s.", parts=_in_numbers(told, names))


def _in_numbers(told, names):
    """List the parts, each with how many people were behind it, where anybody was behind any."""
    counted = zip(told["parts"], told["tallies"], strict=True)
    anybody = any(told["tallies"])
    return ", ".join(
        f"{names.get(code, code)} ({tally})" if anybody else names.get(code, code) for code, tally in counted
    )
