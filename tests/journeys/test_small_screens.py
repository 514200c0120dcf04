"""Nobody scrolls sideways: on the smallest phones, with the page at 200 %, and with letters twice as large."""

import pytest

from tests.journeys.walking import PAST, PRESENT, Walk
from tests.services.browser import assert_fits, picture

PUBLIC = (
    "/",
    PRESENT,
    PRESENT + "/propuestas",
    PRESENT + "/mesas",
    PRESENT + "/mesas/tablero",
    "/sesiones/5/acta-publicada",
    PRESENT + "/preseleccion?ver=sin-decidir",
    PAST,
    PAST + "/plan",
    PAST + "/foro",
    PAST + "/acuerdos",
    "/acuerdos/1",
    PAST + "/preseleccion?ver=fuera",
    "/compromisos/5",
    "/sesiones/2",
    "/sesiones/3",
    "/fusiones/5",
    "/cuenta/entrar",
    "/cuenta/registro",
    "/registro",
    "/registro/verificacion",
    "/nada",
)
OWN = {
    "ana": (PRESENT + "/propuestas/nueva", "/cuenta"),
    "tomas": ("/sesiones/8/registro", "/sesiones/8/asistencia", "/sesiones/8/resultados", "/sesiones/8/acta"),
    "olga": (
        PRESENT + "/moderacion",
        PRESENT + "/mapa",
        PRESENT + "/grupos",
        "/grupos/3",
        PRESENT + "/plan/compromisos/nuevo",
    ),
    "rita": (
        "/administracion",
        "/administracion/consultas/nueva",
        "/administracion/estado",
        "/administracion" + PRESENT + "/similitud",
    ),
}
# 1280 pixels at 200 % are 640; 320 is WCAG 2.2's smallest (1.4.10).
SCREENS = {"320px": (320, 1), "zoomed": (640, 1), "large letters": (360, 1.5)}


@pytest.fixture(scope="module")
def demo_site(new_demo):
    """One site for all of them: they only look."""
    return new_demo()


@pytest.mark.parametrize("who", [None, *OWN])
def test_the_main_pages_fit(demo_site, open_page, who):
    page = open_page(320)
    if who:
        Walk(page, "small").sign_in(who)
    for path in OWN.get(who, PUBLIC):
        page.goto(path)
        for screen, (width, letters) in SCREENS.items():
            page.set_viewport_size({"width": width, "height": 740})
            # As a browser does whose owner set larger letters: lengths in rem follow.
            page.evaluate("size => document.documentElement.style.setProperty('font-size', size)", f"{letters * 100}%")
            picture(page, f"small-{screen}-{path}".replace("/", "_").replace("?", "_"))
            assert_fits(page)
