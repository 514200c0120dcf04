"""How the tables are going: by region on a mosaic and in a table, week by week, and how many people came."""

import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from consulta.consultations.queries import find_consultation
from consulta.consultations.rules import state_of
from consulta.core.clock import now
from consulta.tables.dashboard import STEPS, board_of, week_of
from consulta.territories.queries import find_territory
from consulta.web.filters import day
from consulta.web.guards import person

dashboard = Blueprint("dashboard", __name__)

WEEKS = 6  # columns of the table by week
LISTED = 60  # sessions that one list shows
IN_CELL = 3  # sessions that one cell names before it counts the others
MOSAICS = Path(__file__).resolve().parent.parent / "data" / "territories"
TILE = {"width": 160, "height": 46, "gap": 6}  # of the mosaic, in its own units

STEP_WORDS = {
    "planned": lazy_gettext("Convocadas"),
    "held": lazy_gettext("Realizadas"),
    "submitted": lazy_gettext("Entregadas"),
    "checked": lazy_gettext("Revisadas"),
    "published": lazy_gettext("Publicadas"),
}
NO_WEEK = "sin-fecha"
NO_REGION = "sin-region"
_ANY = object()


@dashboard.get("/consultas/<slug>/mesas/tablero")
def show(slug):
    """Show how far the tables are: counts for anybody, heads of sessions not published yet for their staff."""
    consultation = find_consultation(slug, to=person())
    board = board_of(consultation, to=person())
    weeks = board.by_week()
    region, week = _asked(consultation, weeks)
    return render_template(
        "dashboard/show.html",
        consultation=consultation,
        board=board,
        is_over=state_of(consultation) in ("closed", "archived"),
        rows=board.by_region(),
        steps=STEPS,
        step_words=STEP_WORDS,
        mosaic=_mosaic(consultation.country, board),
        tile=TILE,
        look=_look,
        weeks=weeks,
        week_words=_week_words,
        week_code=_week_code,
        shown=_shown(consultation, weeks, week),
        in_cell=IN_CELL,
        chosen_words=_chosen_words(region, week),
        chosen=_chosen(board, region, week),
        listed=LISTED,
        no_region=NO_REGION,
        link=lambda **more: url_for(".show", slug=slug, **more),
    )


def _asked(consultation, weeks):
    """The region and the week that the page is narrowed to, each None for "without"; what names nothing is _ANY."""
    code, asked = request.args.get("region", "")[:12], request.args.get("semana", "")
    region = find_territory(consultation.country, code)
    if region is None or region.kind != "region":
        region = None if code == NO_REGION else _ANY
    return region, next((each for each in weeks if _week_code(each) == asked), _ANY)


def _chosen(board, region, week):
    """The sessions of the region and week that were asked for, or None where neither was."""
    if region is _ANY and week is _ANY:
        return None
    return [
        each
        for each in board.meetings
        if (region is _ANY or each.region == region) and (week is _ANY or each.week == week)
    ]


def _chosen_words(region, week):
    """The heading of the list of what was asked for."""
    where = None if region is _ANY else region.name if region else _("Mesas sin región")
    when = None if week is _ANY else _week_words(week)
    return ": ".join(str(each) for each in (where, when) if each)


def _shown(consultation, weeks, week):
    """The weeks in the table: some around the one asked for, or around today; and those before and after them."""
    dated = [each for each in weeks if each is not None]
    middle = week if isinstance(week, date) else week_of(now(), consultation.zone)
    begins = sum(each < middle for each in dated) - WEEKS // 2
    begins = max(0, min(begins, len(dated) - WEEKS))
    columns = dated[begins : begins + WEEKS]
    return {
        "columns": columns + ([None] if None in weeks else []),
        "before": dated[max(0, begins - WEEKS // 2 - 1)] if begins else None,
        "after": dated[min(len(dated) - 1, begins + WEEKS + WEEKS // 2)] if begins + WEEKS < len(dated) else None,
        "today": week_of(now(), consultation.zone),
    }


def _week_words(week):
    """The words for a week by its Monday: "16–22 nov 2026"."""
    if week is None:
        return _("Sin fecha")
    return _("%(first)s al %(last)s", first=day(week), last=day(week + timedelta(days=6)))


def _week_code(week):
    return week.isoformat() if week is not None else NO_WEEK


def _look(region, meetings, board):
    """How a region is drawn (none, table, planned, held or published) and the words that say the same."""
    steps = board.steps(meetings)
    if not board.tables[region.id]:
        return "none", _("Sin mesa")
    if not meetings:
        return "table", _("Mesa sin sesiones")
    of = steps["planned"]
    if steps["published"]:
        return "published", _("%(n)s de %(of)s publicadas", n=steps["published"], of=of)
    if steps["held"]:
        return "held", _("%(n)s de %(of)s realizadas", n=steps["held"], of=of)
    return "planned", ngettext("%(num)s convocada", "%(num)s convocadas", of)


def _mosaic(country, board):
    """The tiles to draw, (region, left, top), and the size of the whole; None where a region has no tile."""
    places = _tiles(country)
    if not board.regions or not all(region.code in places for region in board.regions):
        return None
    columns = sorted({places[region.code][0] for region in board.regions})
    lines = sorted({places[region.code][1] for region in board.regions})
    across, down = TILE["width"] + TILE["gap"], TILE["height"] + TILE["gap"]
    tiles = [
        (region, columns.index(places[region.code][0]) * across, lines.index(places[region.code][1]) * down)
        for region in board.regions
    ]
    return {"tiles": tiles, "width": len(columns) * across, "height": len(lines) * down}


@cache
def _tiles(country):
    """Region code -> (column, row) of its tile, read once from the country's file; empty where there is none."""
    for file in sorted(MOSAICS.glob("*/tiles.json")):
        data = json.loads(file.read_text(encoding="utf-8"))
        if data["country"] == country:
            return {tile["code"]: (tile["column"], tile["row"]) for tile in data["tiles"]}
    return {}
