"""What a moderator did a moment ago, told on the next page of the workbench with a way back."""

from flask import session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consulta.web.merge_writing import done_in_words

KEY = "last_step"


def note(kind, **told):
    """Remember the step just taken; told: codes and numbers, which `taken` puts into words."""
    session[KEY] = {"kind": kind, **told}


def is_noted():
    """Whether a step waits to be told."""
    return KEY in session


def taken():
    """Return the step to be told on this page, or None, and forget it.

    A dictionary: text, kind (of notice), links [(label, href, key or None)], undo (codes to be compared again).
    """
    step = session.pop(KEY, None)
    return _TOLD[step["kind"]](step) if isinstance(step, dict) and step.get("kind") in _TOLD else None


def _not_the_same(step):
    n = len(step["codes"])
    text = ngettext(
        "Quedó anotado que %(num)s propuesta no es lo mismo.",
        "Quedó anotado que %(num)s propuestas no son lo mismo.",
        n,
    )
    return _told(text, undo=step["codes"])


def _dropped(step):
    text = _("%(code)s salió del grupo: no pide lo mismo que las demás.", code=step["dropped"])
    return _told(text, undo=step["codes"])


def _split(step):
    n = step["moved"]
    text = ngettext("%(num)s propuesta quedó aparte.", "%(num)s propuestas quedaron en un grupo aparte.", n)
    links = [(_("Ver el otro grupo"), url_for("workbench.group", id=step["other"]), None)] if step["other"] else []
    return _told(text, links, step["codes"])


def _pulled_in(step):
    return _told(_("%(code)s se sumó a este grupo.", code=step["code"]))


def _merged(step):
    links = [
        (_("Ver la fusión"), url_for("merging.show", id=step["merge"]), None),
        (_("Deshacer la fusión"), url_for("merging.undo", id=step["merge"]), "u"),
    ]
    return _told(done_in_words(step["people"]), links)


def _reconsidered(step):
    return _told(_("Se deshizo: las propuestas vuelven a compararse."))


def _gone(step):
    who, codes, joint = step.get("who"), step.get("codes"), step.get("joint")
    if joint is None:
        return _told(
            _("Ese grupo ya no está: sus propuestas cambiaron o los grupos se calcularon de nuevo."), kind="info"
        )
    text = (
        _("%(who)s ya fusionó %(codes)s en la propuesta conjunta %(joint)s.", who=who, codes=codes, joint=joint)
        if who
        else _("%(codes)s ya están en la propuesta conjunta %(joint)s.", codes=codes, joint=joint)
    )
    return _told(text, [(_("Ver la fusión"), url_for("merging.show", id=step["merge"]), None)], kind="info")


def _told(text, links=(), undo=(), kind="success"):
    return {"text": text, "kind": kind, "links": list(links), "undo": list(undo)}


_TOLD = {
    "not_the_same": _not_the_same,
    "dropped": _dropped,
    "split": _split,
    "pulled_in": _pulled_in,
    "merged": _merged,
    "reconsidered": _reconsidered,
    "gone": _gone,
}
