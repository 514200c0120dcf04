"""Every journey starts on the demonstration as it was loaded, so that none meets what another did."""

import shutil

import pytest

from tests.journeys.walking import Walk
from tests.services.site import Site


@pytest.fixture
def demo_site(demo_database, tmp_path):
    """The site with a demonstration of its own, for one journey."""
    path = tmp_path / "demo.sqlite3"
    shutil.copyfile(demo_database, path)
    site = Site(f"sqlite:///{path}", tmp_path, workers=1, DEMO=1)
    yield site
    site.close()


@pytest.fixture
def walk(request, demo_site, page):
    """A visitor who looks at every page, once on a phone and once on a laptop."""
    return Walk(page, request.node.originalname.removeprefix("test_"))


@pytest.fixture
def another(demo_site, open_page, page):
    """Lets further people come along with cookies of their own, on the same kind of screen: `another("nora")`."""

    def another(name):
        return Walk(open_page(page.viewport_size["width"]), name)

    return another
