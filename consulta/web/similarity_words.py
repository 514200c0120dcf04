"""Words for what the machine knows of likeness: why its re-ranker is used or not, and what it looks at."""

from flask_babel import format_decimal, format_percent
from flask_babel import lazy_gettext as _

FEATURES = {
    "score": _("La cercanía simple, con sus avisos"),
    "letters": _("Las letras y palabras en común, o usadas para lo mismo"),
    "meaning": _("El significado en común"),
    "titles_shared": _("Las palabras que comparten los títulos"),
    "texts_shared": _("Las palabras que comparten los textos"),
    "titles_contained": _("Un título está contenido en el otro"),
    "texts_contained": _("Un texto está contenido en el otro"),
    "lengths": _("Los largos son parecidos"),
    "one_bodiless": _("Solo una tiene descripción"),
    "numbers": _("Nombran los mismos números"),
    "stance": _("Aviso: una está a favor y otra en contra"),
    "place": _("Aviso: lugares distintos"),
    "target": _("Aviso: grupos de personas distintos"),
    "quantity": _("Aviso: cantidades o leyes distintas"),
    "measure": _("Aviso: medidas distintas"),
}
FIGURES = (
    ("hit_at_1", _("La más parecida es la misma propuesta con otras palabras")),
    ("hit_at_5", _("Está entre las cinco más parecidas")),
    ("pair_precision", _("De los pares que sugiere juntos, piden lo mismo")),
    ("pair_recall", _("De los pares que piden lo mismo, sugiere juntos")),
    ("pair_f1", _("Medida conjunta de ambos (F1)")),
    ("bcubed_f1", _("Medida conjunta por propuesta (B³)")),
    ("false_alarms", _("Avisos de más a quien escribe")),
    ("negatives_suggested", _("Pares engañosos que sugiere")),
)


def share(number):
    """Show a share (0 to 1) as a percentage without decimals: "95 %", in English "95%"."""
    return format_percent(number)


def decimal(number, digits=2):
    """Show a number with `digits` decimals: "0,50"."""
    return format_decimal(number, format="0." + "0" * digits)


def figures_in_words(figures):
    """Return (words, share) of each known figure that is there, in the order of FIGURES."""
    return [(words, share(figures[name])) for name, words in FIGURES if isinstance(figures.get(name), int | float)]
