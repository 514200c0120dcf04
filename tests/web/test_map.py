"""The map of proposals as a moderator's browser without JavaScript shows it, and the table that says the same."""

import gzip
import re
from html import unescape

import pytest

from consulta.jobs.sweep import sweep
from consulta.proposals.actions import hide_proposal
from consulta.suggestions.actions import place_on_map
from consulta.suggestions.drawing import points_of
from consulta.suggestions.queries import groups_of
from consulta.votes.actions import cast_vote
from consulta.web import map_drawing
from consulta.web.map_drawing import Outline, chosen, hull, look_of, outline_of, view_of
from tests.people import make_person, make_proposal, sign_in
from tests.web.counting import queries

TITLES = [
    *(f"Ciclovías seguras en el centro {where}" for where in ("histórico", "de la ciudad", "y el puerto")),
    *(f"Publicar las actas del concejo {where}" for where in ("en línea", "cada mes", "con sus votos")),
    "Horas médicas por teléfono",
    "Árboles en las plazas",
    "Más bibliotecas de barrio",
]


@pytest.fixture
def desk(client, moderator):
    """The moderator's browser."""
    return sign_in(client, moderator)


@pytest.fixture
def town(app, consultation, citizen, other_citizen):
    """Nine proposals on the map, the first of them supported."""
    transparency = next(each for each in consultation.themes if each.title == "Transparencia")
    made = [
        make_proposal(consultation, citizen, title=title, theme=transparency if "actas" in title else None)
        for title in TITLES
    ]
    cast_vote(made[0], by=other_citizen)
    sweep()
    return made


def read(client, consultation, query=""):
    """Return the text of the map's page, entities resolved."""
    response = client.get(f"/consultas/{consultation.slug}/mapa{query}")
    assert response.status_code == 200, response.text
    return unescape(response.text)


def marks(page):
    """Return the codes of the proposals that are drawn."""
    svg = page[page.index('class="map-marks"') :].partition("</svg>")[0]
    return re.findall(r'<a href="/propuestas/(\w+)"><title>', svg)


def listed(page):
    """Return the codes of the proposals that have a row in the table."""
    return set(re.findall(r'rowheader"><a href="/propuestas/(\w+)"', page))


def test_every_proposal_is_a_mark_that_leads_to_it_and_a_row_that_says_the_same(desk, consultation, town):
    page = read(desk, consultation)
    assert set(marks(page)) == {each.code for each in town}
    assert "Se muestran las 9 propuestas." in page
    table = page[page.index("<tbody") :]
    for proposal in town:
        assert f'<a href="/propuestas/{proposal.code}">{proposal.title}</a>' in table
        assert proposal.code in table
    assert f"<title>{TITLES[0]} · 1 apoyo</title>" in page
    assert re.search(r"<title>Publicar las actas del concejo en línea · Transparencia · 0 apoyos</title>", page)


def test_groups_are_outlined_and_lead_to_the_group(desk, consultation, town):
    page = read(desk, consultation)
    found = groups_of(consultation).groups
    assert found
    for group in found:
        assert page.count(f'href="/grupos/{group.id}"') >= 1 + len(group.members)  # the outline and a cell of each row
    assert "<polygon points=" in page[page.index('class="map-groups"') : page.index('class="map-marks"')]


def test_nothing_in_the_drawing_needs_a_style_or_script_of_its_own(desk, consultation, town):
    page = read(desk, consultation)
    assert 'style="' not in page and "<style" not in page and not re.search(r"\son\w+=", page)


def test_it_is_narrowed_by_theme(desk, consultation, town):
    theme = next(each for each in consultation.themes if each.title == "Transparencia")
    page = read(desk, consultation, f"?eje={theme.id}")
    assert set(marks(page)) == {each.code for each in town if "actas" in each.title}
    assert "Se muestran 3 de 9 propuestas" in page
    assert f"eje={theme.id}&" in page  # whoever goes closer stays with the theme


def test_it_is_enlarged_without_script_and_the_table_lists_what_is_in_view(desk, consultation, town):
    whole = read(desk, consultation)
    closer = re.search(r'href="([^"]+)"[^>]*>Acercar', whole).group(1)
    part = unescape(desk.get(closer).text)
    assert "Alejar" in part and "Ver todo" in part
    assert listed(part) == (set(marks(part)) if 'class="map-marks"' in part else set())
    everything = set()
    for x in (0.25, 0.75):
        for y in (0.25, 0.75):
            found = read(desk, consultation, f"?x={x}&y={y}&z=2")
            everything |= set(marks(found)) if 'class="map-marks"' in found else set()
    assert everything == {each.code for each in town}


@pytest.mark.parametrize(
    "query",
    [
        "?x=nan&y=inf&z=-1",
        "?x=1e999&y=-1e999&z=1e9",
        "?x=a&y=&z=🚲",
        "?z=8&x=2&y=-3",
        "?eje=999&desde=99999999999",
        "?eje=x&desde=-1",
        "?desde=8",
    ],
)
def test_no_address_breaks_it(desk, consultation, town, query):
    assert "Mapa de propuestas" in read(desk, consultation, query)


def test_an_empty_map_says_what_will_be_here(desk, consultation):
    assert "Todavía no hay mapa" in read(desk, consultation)


def test_what_came_since_is_counted_and_what_was_hidden_since_is_gone(desk, consultation, town, citizen, moderator):
    make_proposal(consultation, citizen, title="Algo nuevo de verdad")
    hide_proposal(town[4], reason="Abuso", by=moderator)
    page = read(desk, consultation)
    assert "Falta 1, que llegó hace poco." in page
    assert town[4].title not in page and town[4].code not in page


def test_of_many_the_most_supported_and_the_grouped_are_drawn_and_the_page_stays_small(
    desk, consultation, town, monkeypatch
):
    monkeypatch.setattr(map_drawing, "MOST_POINTS", 6)
    monkeypatch.setattr(map_drawing, "MOST_SUPPORTED", 1)
    page = read(desk, consultation)
    assert len(marks(page)) == 6 and town[0].code in marks(page)
    assert "Se muestran 6 de 9 propuestas: las más apoyadas" in page
    grouped = {member.proposal.code for group in groups_of(consultation).groups for member in group.members}
    assert grouped <= set(marks(page))


def test_the_page_asks_as_much_for_many_as_for_few(desk, consultation, town, citizen):
    with queries() as few:
        read(desk, consultation)
    for number in range(12):
        make_proposal(consultation, make_person(), title=f"Otra cosa distinta {number}")
    sweep()
    read(desk, consultation)
    with queries() as many:
        read(desk, consultation)
    assert len(many) <= len(few)


def test_a_table_of_many_has_pages(desk, consultation, citizen, moderator):
    made = [make_proposal(consultation, citizen, title=f"Propuesta {number} distinta") for number in range(30)]
    place_on_map(consultation, {each.id: (number / 40, 0.5) for number, each in enumerate(made)}, by=None)
    first = read(desk, consultation)
    assert len(gzip.compress(first.encode())) < 20_000
    second = unescape(desk.get(re.search(r'rel="next" href="([^"]+)"', first).group(1)).text)
    assert not listed(first) & listed(second) and listed(first) | listed(second) == {each.code for each in made}


def test_moderation_has_a_way_to_it(desk, consultation):
    assert f'href="/consultas/{consultation.slug}/mapa"' in desk.get(f"/consultas/{consultation.slug}").text


def test_each_of_many_themes_has_a_look_of_its_own():
    looks = look_of(range(40))
    assert len(set(looks.values())) == 41


def test_a_view_lies_within_the_map_and_holds_what_it_shows(consultation, town):
    for x, y, zoom in ((0, 0, 8), (1, 1, 4), (0.5, 0.5, 3), (None, "x", None)):
        view = view_of(x, y, zoom)
        assert 0 <= view.left <= 1 - view.side and 0 <= view.top <= 1 - view.side
    points = points_of(consultation, to=None)
    assert all(view_of(each.x, each.y, 8).holds(each) for each in points)


def test_an_outline_lies_around_its_members(consultation, town):
    points = points_of(consultation, to=None)[:2]
    near = [points[0], points[1]._replace(x=points[0].x, y=points[0].y)]
    outline = outline_of(7, near, view_of(0.5, 0.5, 1), 1)
    assert isinstance(outline, Outline) and outline.is_closed
    corners = [tuple(map(float, place.split(","))) for place in outline.corners.split()]
    x, y = view_of(0.5, 0.5, 1).at(near[0])
    assert min(a for a, _b in corners) < x < max(a for a, _b in corners)
    assert min(b for _a, b in corners) < y < max(b for _a, b in corners)
    far = [near[0]._replace(x=0.0), near[1]._replace(x=1.0)]
    assert not outline_of(7, far, view_of(0.5, 0.5, 1), 1).is_closed


def test_the_hull_of_a_square_is_its_corners():
    assert set(hull([(0, 0), (2, 0), (2, 2), (0, 2), (1, 1), (1, 0)])) == {(0, 0), (2, 0), (2, 2), (0, 2)}


def test_few_points_are_all_chosen(consultation, town):
    points = points_of(consultation, to=None)
    assert chosen(points, []) == points
