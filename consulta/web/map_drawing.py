"""Drawing a map of proposals: which part of it is looked at, marks of themes, outlines of groups. No request here."""

from math import cos, isfinite, pi, sin, sqrt
from typing import NamedTuple

WIDTH, HEIGHT = 600, 450  # of the drawing, in its own units
EDGE = 16  # free around the places, so that no mark is cut
SMALLEST, LARGEST = 3.2, 10.0  # radii of marks
AROUND = 5.0  # from a mark to the outline of its group
ZOOMS = (1, 2, 4, 8)
MOST_POINTS, MOST_SUPPORTED = 1000, 300
WIDEST_GROUP = 0.3  # of the map; members farther apart are joined by lines, an outline would take in strangers

# Each theme has a colour and a shape of its own: none has to be told by colour alone. Contrast with the paper is 4.5
# or more.
COLOURS = ("#0b4f63", "#a01c1a", "#1b6438", "#7a4700", "#5b3a9e", "#a1256f", "#1f56b3", "#4d5a13")
SHAPES = ("circle", "square", "triangle", "diamond", "fallen", "plus", "star", "cross")
NO_THEME = ("#5d6d78", "ring")

# Corners of each shape around (0, 0), of about the area of a circle of radius 1.
_CORNERS = {
    "square": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
    "triangle": [(0, -1.3), (1.2, 0.85), (-1.2, 0.85)],
    "diamond": [(0, -1.3), (1.05, 0), (0, 1.3), (-1.05, 0)],
    "fallen": [(0, 1.3), (-1.2, -0.85), (1.2, -0.85)],
    "plus": [
        (-0.4, -1.2),
        (0.4, -1.2),
        (0.4, -0.4),
        (1.2, -0.4),
        (1.2, 0.4),
        (0.4, 0.4),
        (0.4, 1.2),
        (-0.4, 1.2),
        (-0.4, 0.4),
        (-1.2, 0.4),
        (-1.2, -0.4),
        (-0.4, -0.4),
    ],
    "star": [
        ((1.4 if turn % 2 == 0 else 0.6) * sin(turn * pi / 5), -(1.4 if turn % 2 == 0 else 0.6) * cos(turn * pi / 5))
        for turn in range(10)
    ],
}
_CORNERS["cross"] = [((x - y) * sqrt(0.5), (x + y) * sqrt(0.5)) for x, y in _CORNERS["plus"]]


class View(NamedTuple):
    """The part of the map that is looked at: its upper left corner (0 to 1 each), and how many times it is enlarged."""

    left: float
    top: float
    zoom: int

    @property
    def side(self):
        """How much of the map it shows, of its width and of its height."""
        return 1 / self.zoom

    def holds(self, point):
        """Whether `point` (with x and y) lies in it."""
        return self.left <= point.x <= self.left + self.side and self.top <= point.y <= self.top + self.side

    def at(self, point):
        """Return where `point` stands on the drawing, as (x, y) in its units."""
        x = EDGE + (point.x - self.left) * self.zoom * (WIDTH - 2 * EDGE)
        y = EDGE + (point.y - self.top) * self.zoom * (HEIGHT - 2 * EDGE)
        return round(x, 1), round(y, 1)

    def towards(self, across=0.0, down=0.0, zoom=None):
        """Return the centre (x, y) and zoom of the view that lies so many of its sides away."""
        x, y = self.left + self.side * (0.5 + across), self.top + self.side * (0.5 + down)
        other = view_of(x, y, zoom or self.zoom)
        return {"x": round(other.left + other.side / 2, 4), "y": round(other.top + other.side / 2, 4), "z": other.zoom}


class Mark(NamedTuple):
    """One proposal on the drawing: its id, and the shape it is drawn as, with the attributes of that shape."""

    id: int
    shape: str
    attributes: dict


class Outline(NamedTuple):
    """A suggested group on the drawing: its id, its members there (ids), and the corners of what is drawn."""

    id: int
    members: list
    corners: str
    is_closed: bool


def view_of(x, y, zoom):
    """Return the View around (x, y) that lies within the map; what is no number shows all of it."""
    x, y, zoom = _number(x, 0.5), _number(y, 0.5), _number(zoom, 1)
    zoom = max(each for each in ZOOMS if each <= max(1, zoom))
    side = 1 / zoom
    return View(min(max(x - side / 2, 0.0), 1 - side), min(max(y - side / 2, 0.0), 1 - side), zoom)


def chosen(points, groups):
    """Return the at most MOST_POINTS of `points` that are drawn: the most supported, those in groups, then the rest.

    points: with id, the most supported first. groups: lists of ids, those that weigh most first.
    """
    if len(points) <= MOST_POINTS:
        return points
    here = {point.id for point in points}
    wanted = dict.fromkeys(point.id for point in points[:MOST_SUPPORTED])
    for members in groups:
        wanted.update(dict.fromkeys(each for each in members if each in here))
        if len(wanted) >= MOST_POINTS:
            break
    wanted.update(dict.fromkeys(point.id for point in points))
    taken = set(list(wanted)[:MOST_POINTS])
    return [point for point in points if point.id in taken]


def look_of(theme_ids):
    """Return a dictionary of theme id (or None) to (colour, shape), no two alike among the first 64."""
    looks = {
        theme_id: (COLOURS[place % 8], SHAPES[(place + place // 8) % 8]) for place, theme_id in enumerate(theme_ids)
    }
    return looks | {None: NO_THEME}


def mark_of(point, view, shape, most):
    """Return the Mark of `point`; most: the supporters of the most supported one, whose mark is the largest."""
    return Mark(point.id, *drawn(shape, *view.at(point), radius_of(point.supporters, most)))


def radius_of(supporters, most):
    """Return how large a mark is: its area grows with the number of supporters."""
    return SMALLEST + (LARGEST - SMALLEST) * sqrt(supporters / most) if most > 0 else SMALLEST


def drawn(shape, x, y, radius):
    """Return (SVG element, its attributes) that draw `shape` around (x, y)."""
    if shape in ("circle", "ring"):
        more = {"fill": "#fff", "stroke": NO_THEME[0], "stroke-width": 2} if shape == "ring" else {}
        return "circle", {"cx": x, "cy": y, "r": round(radius, 1)} | more
    corners = " ".join(f"{x + radius * across:.1f},{y + radius * down:.1f}" for across, down in _CORNERS[shape])
    return "polygon", {"points": corners}


def outline_of(group_id, points, view, most):
    """Return the Outline around `points` (two or more), the first being the group's base text."""
    spread = max(
        max(p.x for p in points) - min(p.x for p in points), max(p.y for p in points) - min(p.y for p in points)
    )
    members = [point.id for point in points]
    if spread > WIDEST_GROUP:
        base = view.at(points[0])
        corners = [place for point in points[1:] for place in (base, view.at(point))]
        return Outline(group_id, members, _written(corners), False)
    around = []
    for point in points:
        (x, y), radius = view.at(point), radius_of(point.supporters, most) * 1.3 + AROUND
        around += [(x + radius * cos(turn * pi / 6), y + radius * sin(turn * pi / 6)) for turn in range(12)]
    return Outline(group_id, members, _written(hull(around)), True)


def hull(places):
    """Return the convex hull of `places`, (x, y) each, against the clock; A. M. Andrew's monotone chain (1979)."""
    places = sorted(set(places))
    if len(places) < 3:
        return places
    halves = []
    for run in (places, places[::-1]):
        half = []
        for place in run:
            while len(half) > 1 and _turn(half[-2], half[-1], place) <= 0:
                half.pop()
            half.append(place)
        halves += half[:-1]
    return halves


def _turn(one, other, third):
    return (other[0] - one[0]) * (third[1] - one[1]) - (other[1] - one[1]) * (third[0] - one[0])


def _written(places):
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


def _number(value, otherwise):
    try:
        value = float(value)
    except (TypeError, ValueError):
        return otherwise
    return value if isfinite(value) else otherwise
