"""Sheets as they come out of a printer, one page each with nothing cut, on A4 and on letter; and on screens."""

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from consulta.consultations.actions import appoint
from consulta.core.clock import now
from consulta.tables.actions import convene_session, found_table, open_session
from consulta.territories.actions import load_territories
from consulta.territories.queries import find_territory
from tests.people import PLACES, make_consultation, make_person, make_proposal, sign_in
from tests.services.browser import assert_accessible, assert_fits, picture

WIDE = "WM " * 66  # the widest text of as many letters
TITLES = (
    "Bebederos",
    "Publicar las actas del concejo municipal en formatos abiertos y con un buscador",
    f"Observatorio regional {'de datos abiertos, permisos y concesiones ' * 4}",
    WIDE,
    "M" * 200,
)
BODIES = ("Corto.", "Una razón detrás de otra, con sus datos y su plazo. " * 40, WIDE * 12, "M" * 3000, "a\n\n" * 300)
AGENDA = [{"starts": "15:00", "ends": "15:30", "title": f"Punto {n}: {WIDE}"} for n in range(14)]
# Pixels of the browser to a millimetre of paper, rounding of a pixel aside.
CUT = """[...document.querySelectorAll('.sheet')]
    .filter(each => each.scrollHeight > each.clientHeight + 1 || each.scrollWidth > each.clientWidth + 1)
    .map(each => `${each.getAttribute('aria-label')}: ${each.scrollHeight - each.clientHeight} px`)"""


@pytest.fixture
def prints(live_server, open_page):
    """Return a page in which the facilitator is signed in, and sessions by how many were convened to them."""
    with live_server.app() as app:
        load_territories(PLACES, by=None)
        administrator = make_person("Administración", administrator=True)
        consultation = make_consultation(administrator)
        facilitator, moderator = make_person("Facilitadora"), make_person("Moderadora")
        region = find_territory("CL", "12")
        appoint(facilitator, "facilitator", consultation, region, by=administrator)
        appoint(moderator, "moderator", consultation, by=administrator)
        author = make_person("Ana")
        for number, (title, body) in enumerate(zip(TITLES, BODIES, strict=True)):
            make_proposal(consultation, author, title=title[:200], body=body, theme=consultation.themes[number % 2])
        table = found_table(consultation, title=WIDE[:160], kind="regional", territory=region, by=moderator)
        sessions = {}
        for convened, agenda in ((0, []), (7, AGENDA[:4]), (9, AGENDA), (23, AGENDA), (80, AGENDA[:7])):
            session = convene_session(
                table,
                title=f"Sesión de {convened}: {WIDE}"[:160],
                place=WIDE[:200],
                starts_at=now(),
                ends_at=now() + timedelta(hours=3),
                agenda=agenda,
                dots_per_person=5,
                dots_per_proposal=2,
                convened=[
                    {
                        "sector": ("academia", "government", "civil_society", "private")[n % 4],
                        "institution": f"Institución {n}" if n % 3 else f"{n} {WIDE}"[:150],
                    }
                    for n in range(convened)
                ],
                by=moderator,
            )
            open_session(session, by=facilitator)
            sessions[convened] = session.id
        client = sign_in(app.test_client(), facilitator)
        name = app.config["SESSION_COOKIE_NAME"]
        cookie = {"name": name, "value": client.get_cookie(name).value, "url": live_server.url}

    def opened(width=1280):
        page = open_page(width)
        page.context.add_cookies([cookie])
        return page

    return opened, sessions


def test_each_sheet_is_one_page_on_a4_and_on_letter_and_nothing_is_cut(prints):
    opened, sessions = prints
    page = opened()
    for convened, id in sessions.items():
        page.goto(f"/sesiones/{id}/imprimir?blancas=2")
        page.emulate_media(media="print")
        assert page.evaluate(CUT) == [], convened
        sheets = page.locator(".sheet").count()
        assert sheets >= 1 + len(TITLES) + 2
        if convened <= 9:
            assert sheets == 1 + len(TITLES) + 2, "the table's sheet is one"
        # In tens of points.
        for paper, (width, height) in {"A4": (60, 84), "Letter": (61, 79)}.items():
            printed = PdfReader(io.BytesIO(page.pdf(format=paper)))
            assert len(printed.pages) == sheets, (convened, paper)
            assert [round(float(side) / 10) for side in printed.pages[0].mediabox[2:]] == [width, height]
        page.emulate_media(media="screen")


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_papers_are_read_on_any_screen(prints, width):
    opened, sessions = prints
    page = opened(width)
    id = sessions[9]
    for name, path in {"papel": "papel", "hojas": "imprimir?blancas=1", "fotos": "hoja/fotos"}.items():
        page.goto(f"/sesiones/{id}/{path}")
        assert_fits(page)
        assert_accessible(page)
        picture(page, f"papel-{name}")
