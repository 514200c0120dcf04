"""The history of a merge in words: each entry of the record as one line of the component `timeline`."""

from flask_babel import gettext as _
from flask_babel import ngettext

from consulta.web.filters import instant


def steps_of(merge, history):
    """Return the lines of `timeline`. history: (entry, person or None for the machine) in order."""
    return [_step(merge, entry, who) for entry, who in history]


def maker_of(history):
    """Return the name of whoever made the merge."""
    return next((name_of(who) for entry, who in history if entry.event == "merge.made"), "")


def last_tally(history):
    """Return how many distinct people stood behind the joint proposal when it was last told; 0 where it never was."""
    return next((entry.details["tally"] for entry, _who in reversed(history) if "tally" in entry.details), 0)


def name_of(somebody):
    """Return the name of whoever acted; the machine has none."""
    return somebody.name if somebody is not None else _("El sistema")


def _step(merge, entry, who):
    """Return one line of the merge's history as the component `timeline` takes it."""
    titles = {
        "merge.made": _("Se fusionaron"),
        "merge.part_taken_out": _("Salió una parte"),
        "merge.settled": _("Terminó el plazo de objeción y quedó firme"),
        "merge.undone": _("Se deshizo"),
        "merge.annotated": _("Se anotó"),
    }
    told = entry.details
    texts = {
        "merge.made": lambda: ngettext(
            "%(codes)s: %(num)s persona.",
            "%(codes)s: %(num)s personas distintas.",
            told["tally"],
            codes=_in_numbers(told),
        ),
        "merge.part_taken_out": lambda: _(
            "%(code)s salió con %(part)s; la conjunta quedó con %(tally)s.",
            code=told["part"],
            part=told["part_tally"],
            tally=told["tally"],
        ),
        "merge.undone": lambda: _("Volvieron a contar por sí mismas: %(codes)s.", codes=_in_numbers(told)),
    }
    return {
        "when": instant(entry.at, merge.consultation.zone),
        "title": titles[entry.event],
        "text": texts[entry.event]() if entry.event in texts else None,
        "reason": entry.reason,
        "who": name_of(who),
    }


def _in_numbers(told):
    return ", ".join(f"{code} ({tally})" for code, tally in zip(told["parts"], told["tallies"], strict=True))
