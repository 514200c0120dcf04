"""What the guards warn of, in words: why two texts that look alike may ask for different things."""

from flask_babel import gettext as _


def turned(warning):
    """Return `warning` as it reads from the other side."""
    return warning._replace(one=warning.other, other=warning.one)


def in_words(warning):
    """Return a `similarity.guards.Warning` as the end of a sentence about two proposals: "nombran lugares…"."""
    one, other = " / ".join(warning.one), " / ".join(warning.other)
    tell = {
        "stance": _stance,
        "place": lambda: _("nombran lugares distintos: %(one)s y %(other)s", one=one, other=other),
        "target": lambda: _("son para personas distintas: %(one)s y %(other)s", one=one, other=other),
        "quantity": lambda: _("dan cifras o leyes distintas: %(one)s y %(other)s", one=one, other=other),
        "measure": lambda: _("piden medidas distintas: %(one)s y %(other)s", one=one, other=other),
    }.get(warning.kind)
    if tell is _stance:
        return _stance(one, other)
    return tell() if tell else f"{warning.kind}: {one} – {other}"


def _stance(one, other):
    if one and other:
        return _("pueden pedir lo contrario: una dice «%(one)s» y la otra «%(other)s»", one=one, other=other)
    return _("pueden pedir lo contrario: solo una dice «%(words)s»", words=one or other)
