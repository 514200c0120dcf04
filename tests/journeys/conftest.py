"""Each file of journeys has a demonstration of its own at each width, so that none meets what another did."""

import shutil

import pytest
from sqlalchemy import select

from consulta.core.extensions import db
from consulta.tables.models import Session
from tests.journeys.phones import Phone
from tests.journeys.walking import Walk
from tests.services.browser import WIDTHS
from tests.services.site import Site


@pytest.fixture(scope="module", params=WIDTHS, ids="{}px".format)
def width(request):
    """The width of the screen in CSS pixels: first a phone's, then a laptop's."""
    return request.param


@pytest.fixture(scope="module")
def new_demo(demo_database, tmp_path_factory):
    """Starts sites with the demonstration as it was loaded: `new_demo()`."""
    sites = []

    def new_demo():
        folder = tmp_path_factory.mktemp("journey")
        path = folder / "demo.sqlite3"
        shutil.copyfile(demo_database, path)
        sites.append(Site(f"sqlite:///{path}", folder, workers=1, DEMO=1))
        return sites[-1]

    yield new_demo
    for site in sites:
        site.close()


@pytest.fixture(scope="module")
def demo_site(new_demo, width):
    """The site that the journeys of one file change at one width; none may rest on what another did."""
    return new_demo()


@pytest.fixture
def page(open_page, width):
    """A new visitor's page."""
    return open_page(width)


@pytest.fixture
def walk(request, demo_site, page):
    """A visitor who looks at every page on the way."""
    return Walk(page, request.node.originalname.removeprefix("test_"))


@pytest.fixture
def another(demo_site, open_page, width):
    """Lets further people come along with cookies of their own, on the same kind of screen: `another("nora")`."""

    def another(name):
        return Walk(open_page(width), name)

    return another


@pytest.fixture(scope="module")
def site(new_demo):
    """The demonstration as the phones of one file meet it."""
    return new_demo()


@pytest.fixture(scope="module")
def session(site):
    """The number of the session that Tomás facilitates today, with nothing entered when a file begins."""
    with site.app():
        query = select(Session).where(Session.title == "Primera sesión de la mesa del Biobío")
        row = db.session.scalar(query)
        assert row.state == "open" and not row.results
        return row.id


@pytest.fixture
def new_phone(browser, site, tmp_path):
    """Hands out phones, with a disk each: `new_phone()`; fails the test for any error of their script."""
    phones = []

    def new_phone(url=None, width=360):
        phones.append(Phone(browser.browser_type, tmp_path / f"phone-{len(phones)}", url or site.url, width))
        return phones[-1]

    yield new_phone
    for phone in phones:
        phone.switch_off()
    assert [problem for phone in phones for problem in phone.problems] == []
