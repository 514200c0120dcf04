"""Minutes in words: what was said of each proposal, here and in the regions, and what became of merges."""

from flask_babel import gettext as _

from consulta.minutes.markdown import blocks_of, paragraph
from consulta.tables.models import LEVELS, VOTES
from consulta.web import labels
from consulta.web.filters import number
from consulta.web.minutes_lists import people, table_of


def results(document):
    """Return a table of all results, and below it whatever more was said of each proposal."""
    said = document.get("results", [])
    if not said:
        return []
    found = [
        paragraph(
            _("Lo que decidió la sala se lee junto a los apoyos en línea y nunca se suma con ellos."), look="note"
        ),
        *_dots_rule(document),
        _summary(said),
    ]
    for each in said:
        found += _detail(each)
    return found


def regional(document):
    """Return what pooled sessions said, each with the places that it does not tell apart."""
    found = []
    for each in document.get("regional_results", ()):
        found.append({"is": "heading", "level": 3, "text": each["session"]})
        if each.get("venues"):
            open_point = _(
                "Las opiniones de %(venues)s vienen juntas en la fuente: qué se opinó en cada lugar queda abierto.",
                venues=", ".join(each["venues"]),
            )
            found.append(paragraph(open_point, look="note"))
        if each.get("date_note"):
            found.append(paragraph(each["date_note"], look="note"))
        found.append(_summary(each["results"]))
        for result in each["results"]:
            found += _detail(result, level=4)
        found += _bullets(each.get("statements"))
    return found


def merges(document):
    """Return the merges that the session decided: what they carry, why, and what became of them."""
    found = []
    for each in document.get("merges", ()):
        found.append({"is": "heading", "level": 3, "text": name_of(each)})
        parts = []
        for part in each["parts"]:
            why = part.get("taken_out_reason")
            out = _(". Salió después de la fusión: %(reason)s", reason=why) if why else ""
            parts.append([paragraph(f"{name_of(part)}{out}")])
        found.append({"is": "list", "mark": "-", "start": 1, "items": parts})
        found += _led(_("Razón"), each["reason"])
        if "people_at_least" in each:
            found += _led(_("Personas tras los puntos de sus partes"), _bounds(each))
        became = str(labels.merge_state(each["state"]))
        found += _led(_("Qué fue de ella"), f"{became}. {each.get('undone_reason', '')}".strip())
        found += _led(_("Nota"), each.get("note"))
    return found


def contradictions(document):
    """Return as open what the merges of one session say against one another."""
    return _bullets(
        [
            _(
                "«%(proposal)s» salió de la fusión %(out_of)s y está en la fusión %(into)s: "
                "la fuente no dice cuál de las dos vale.",
                proposal=name_of(each["proposal"]),
                out_of=each["out_of"],
                into=each["into"],
            )
            for each in document.get("contradictions", ())
        ]
    )


def name_of(proposal):
    """Return a proposal as minutes name it; one that is hidden since keeps its code alone."""
    if proposal.get("is_hidden"):
        return _("Una propuesta que ya no es pública (%(code)s)", code=proposal["code"])
    reference = proposal.get("reference")
    return f"{reference} · {proposal['title']}" if reference else proposal["title"]


def _dots_rule(document):
    most, on_one = document.get("dots_per_person"), document.get("dots_per_proposal")
    if most and on_one:
        rule = _(
            "Regla de los puntos: cada persona reparte hasta %(most)s, y hasta %(on_one)s en una misma propuesta.",
            most=most,
            on_one=on_one,
        )
    elif most:
        rule = _("Regla de los puntos: cada persona reparte hasta %(most)s.", most=most)
    elif on_one:
        rule = _("Regla de los puntos: cada persona pone hasta %(on_one)s en una misma propuesta.", on_one=on_one)
    else:
        return []
    return [paragraph(rule)]


def _summary(said):
    """Return all results as one table; a column that nothing stands in is left out."""
    columns = [
        (_("N°"), lambda each: each.get("reference", "")),
        (_("Propuesta"), lambda each: name_of({**each, "reference": None})),
        (_("Origen"), _origin),
        (_("Resultado"), lambda each: str(labels.outcome(each["outcome"], each.get("group_number")))),
        (_("Grado de acuerdo"), lambda each: str(labels.grade(each.get("grade")))),
        (_("Puntos"), lambda each: number(each["dots"]) if "dots" in each else ""),
    ]
    kept = [(name, cell) for name, cell in columns if any(cell(each) for each in said)]
    rows = [[cell(each) for _name, cell in kept] for each in said]
    return table_of(_("Resultados por propuesta"), [name for name, _cell in kept], rows)


def _origin(result):
    if result.get("is_hidden"):
        return ""
    return result.get("institution") or str(labels.origin(result["origin"]))


def _detail(result, level=3):
    """Return what was said of one proposal beyond its line of the table, under its name; nothing where nothing was."""
    found = []
    if levels := result.get("levels"):
        found += _led(_("Niveles de acuerdo"), _counted(levels, LEVELS, labels.level))
    if votes := result.get("votes"):
        found += _led(_("Votos"), _counted(votes, VOTES, labels.vote))
    if "people_at_least" in result:
        found += _led(_("Personas tras los puntos de sus partes"), _bounds(result))
    texts = (
        ("reasons", _("Razones a favor")),
        ("reasons_against", _("Razones en contra")),
        ("dissent", _("Posición de la minoría")),
        ("requests", _("Peticiones")),
        ("statements", _("Constancias")),
        ("missing_actors", _("Actores que faltaron")),
        ("count_note", _("Sobre las cuentas")),
    )
    for name, label in texts:
        found += _led(label, result.get(name))
    if result.get("made_here"):
        found.append(paragraph(_("La propuesta se presentó en esta sesión."), look="note"))
    if result.get("is_inferred"):
        found.append(paragraph(_("Lectura nuestra: el acta no lo dice con estas palabras."), look="note"))
    return [{"is": "heading", "level": level, "text": name_of(result)}, *found] if found else []


def _counted(numbers, order, word):
    listed = ", ".join(f"{str(word(name)).lower()}: {number(numbers[name])}" for name in order if name in numbers)
    return _("%(listed)s (n = %(n)s)", listed=listed, n=number(sum(numbers.values())))


def _bounds(result):
    parts = " + ".join(number(dots) for dots in result["dots_of_parts"])
    return _(
        "al menos %(least)s y a lo más %(most)s, porque una misma persona pudo poner puntos en varias (%(parts)s).",
        least=people(result["people_at_least"]),
        most=people(result["people_at_most"]),
        parts=parts,
    )


def _led(label, text):
    """Return `text` (Markdown) with its label before it, in the same paragraph where it begins with one."""
    blocks = list(blocks_of(text, level=None)) if text else []
    if not blocks:
        return []
    lead = {"t": f"{label}: ", "b": 1}
    if blocks[0]["is"] == "paragraph":
        return [{**blocks[0], "runs": [lead, *blocks[0]["runs"]]}, *blocks[1:]]
    return [{"is": "paragraph", "runs": [lead]}, *blocks]


def _bullets(lines):
    return [{"is": "list", "mark": "-", "start": 1, "items": [[paragraph(line)] for line in lines]}] if lines else []
