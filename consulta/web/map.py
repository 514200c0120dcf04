"""The map of a consultation's proposals, for its moderators: what is alike stands together. A table says the same."""

from textwrap import shorten

import numpy as np
from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consulta.consultations.queries import find_consultation
from consulta.consultations.rules import why_not_moderate
from consulta.core.errors import refuse_if
from consulta.suggestions.drawing import count_unplaced, names_of, outlines_of, points_of
from consulta.web.guards import person, signed_in, whole_number
from consulta.web.map_drawing import ZOOMS, chosen, drawn, look_of, mark_of, outline_of, radius_of, view_of

maps = Blueprint("map", __name__)

ROWS = 25  # of the table, at a time
TITLE_SHOWN = 60  # characters of a title that a mark tells


@maps.get("/consultas/<slug>/mapa")
@signed_in
def show(slug):
    """Proposals as marks near what they resemble, narrowed by theme and enlarged; the table lists those in view."""
    consultation = find_consultation(slug, to=person())
    refuse_if(why_not_moderate(person(), consultation))
    themes = {str(theme.id): theme for theme in consultation.themes}
    theme = themes.get(request.args.get("eje", ""))
    view = view_of(request.args.get("x"), request.args.get("y"), request.args.get("z"))
    everything = points_of(consultation, to=person())
    points = [each for each in everything if (theme is None or each.theme_id == theme.id) and view.holds(each)]
    groups = outlines_of(consultation)
    shown = chosen(points, groups.values())
    rows, next_row = _rows(points)
    nearest = _nearest(rows, everything)
    names = names_of({each.id for each in (*shown, *rows)} | set(nearest.values()))
    looks, most = look_of([each.id for each in consultation.themes]), everything[0].supporters if everything else 0
    here = {"slug": slug, "eje": theme.id if theme else None}
    return render_template(
        "map/show.html",
        consultation=consultation,
        theme=theme,
        view=view,
        total=len(everything),
        in_view=len(points),
        shown=len(shown),
        unplaced=count_unplaced(consultation, to=person()),
        layers=_layers(consultation, shown, view, looks, most),
        outlines=_outlines(groups, shown, view, most),
        legend=_legend(consultation, everything, looks),
        sizes=_sizes(most),
        names=names,
        tell=_tell(names, {each.id: each for each in shown}, consultation),
        rows=_table(rows, names, nearest, groups, consultation),
        steps=_steps(view, here),
        cells=_cells(view, here),
        next_url=next_row and url_for(".show", **here, **view.towards(), desde=next_row, _anchor="tabla"),
        first_url=url_for(".show", **here, **view.towards(), _anchor="tabla") if request.args.get("desde") else None,
    )


def _rows(points):
    """Return (the points of this page of the table, the number of the first one of the next page or None)."""
    start = whole_number(request.args.get("desde")) or 0
    return points[start : start + ROWS], start + ROWS if len(points) > start + ROWS else None


def _nearest(points, everything):
    """Return a dictionary of each of `points`' id to the id of what stands nearest to it on the whole map."""
    if len(everything) < 2:
        return {}
    # Takes a moment to import, and only the map needs it.
    from scipy.spatial import cKDTree

    places = np.array([(each.x, each.y) for each in everything])
    _gaps, found = cKDTree(places).query([(each.x, each.y) for each in points], k=2) if points else (None, ())
    pairs = zip(points, found, strict=True)
    return {
        point.id: next(everything[place].id for place in both if everything[place].id != point.id)
        for point, both in pairs
    }


def _layers(consultation, shown, view, looks, most):
    """Return (colour, marks) of each theme; the reader's keyboard goes through them in this order."""
    layers = []
    for theme_id in (*(each.id for each in consultation.themes), None):
        colour, shape = looks[theme_id]
        marks = [mark_of(each, view, shape, most) for each in shown if each.theme_id == theme_id]
        if marks:
            layers.append((colour, marks))
    return layers


def _outlines(groups, shown, view, most):
    here = {each.id: each for each in shown}
    found = {group_id: [here[each] for each in members if each in here] for group_id, members in groups.items()}
    return [outline_of(group_id, points, view, most) for group_id, points in found.items() if len(points) > 1]


def _legend(consultation, everything, looks):
    """Return (element, its attributes, colour, title, how many) of each theme that is on the map."""
    rows = []
    for theme_id, title in [*((each.id, each.title) for each in consultation.themes), (None, _("Sin eje temático"))]:
        number = sum(each.theme_id == theme_id for each in everything)
        colour, shape = looks[theme_id]
        if number:
            rows.append((*drawn(shape, 10, 10, 6), colour, title, number))
    return rows


def _sizes(most):
    """Return (radius, words) of some marks, from no supporter to the most supported."""
    numbers = sorted({0, most // 4, most})
    return [(round(radius_of(each, most), 1), ngettext("%(num)s apoyo", "%(num)s apoyos", each)) for each in numbers]


def _tell(names, points, consultation):
    themes = {each.id: each.title for each in consultation.themes}

    def tell(point_id):
        supporters = points[point_id].supporters
        told = [shorten(names[point_id][1], TITLE_SHOWN, placeholder="…"), themes.get(points[point_id].theme_id)]
        return " · ".join([*filter(None, told), ngettext("%(num)s apoyo", "%(num)s apoyos", supporters)])

    return tell


def _table(points, names, nearest, groups, consultation):
    themes = {each.id: each.title for each in consultation.themes}
    group_of = {each: group_id for group_id, members in groups.items() for each in members}

    def named(point_id):
        if point_id is None:
            return ""
        code, title = names[point_id]
        return {"text": title, "href": url_for("proposals.show", code=code)}

    def grouped(point_id):
        group_id = group_of.get(point_id)
        if group_id is None:
            return ""
        return {
            "text": _("Grupo de %(number)s", number=len(groups[group_id])),
            "href": url_for("workbench.group", id=group_id),
        }

    return [
        [
            named(each.id),
            names[each.id][0],
            themes.get(each.theme_id, ""),
            str(each.supporters),
            grouped(each.id),
            named(nearest.get(each.id)),
        ]
        for each in points
    ]


def _steps(view, here):
    """Return (words, address) of the ways to look elsewhere that there are from `view`."""
    closer = ZOOMS[min(ZOOMS.index(view.zoom) + 1, len(ZOOMS) - 1)]
    farther = ZOOMS[max(ZOOMS.index(view.zoom) - 1, 0)]
    offered = [
        (_("Acercar"), view.towards(zoom=closer)),
        (_("Alejar"), view.towards(zoom=farther)),
        (_("A la izquierda"), view.towards(across=-0.5)),
        (_("A la derecha"), view.towards(across=0.5)),
        (_("Arriba"), view.towards(down=-0.5)),
        (_("Abajo"), view.towards(down=0.5)),
    ]
    now = view.towards()
    steps = [(words, url_for(".show", **here, **there, _anchor="mapa")) for words, there in offered if there != now]
    if view.zoom > 1:
        steps.append((_("Ver todo"), url_for(".show", **here, _anchor="mapa")))
    return steps


def _cells(view, here):
    """Return (column, row, address) of three by three parts of the drawing: whoever presses one goes closer to it."""
    if view.zoom == ZOOMS[-1]:
        return []
    closer = ZOOMS[ZOOMS.index(view.zoom) + 1]
    places = [(across, down) for down in range(3) for across in range(3)]
    return [
        (
            across,
            down,
            url_for(".show", **here, **view.towards((across - 1) / 3, (down - 1) / 3, zoom=closer), _anchor="mapa"),
        )
        for across, down in places
    ]
