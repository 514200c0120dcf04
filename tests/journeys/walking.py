"""How somebody walks through the site: by what stands on the page, looking at every page on the way."""

import re

from playwright.sync_api import expect

from consulta.cli import demo_data
from tests.services.browser import assert_accessible, assert_fits, picture

PASSWORD = demo_data.present()["password"]
PRESENT = "/consultas/" + demo_data.present()["consultation"]["slug"]
PEOPLE = {each["key"]: each for each in demo_data.present()["people"]}
PAST = "/consultas/" + demo_data.history()["consultation"]["slug"]


class Walk:
    """One visitor's way through the site; `journey` names the pictures.

    scripts: whether the visitor's browser runs them; without, axe cannot run either.
    """

    def __init__(self, page, journey, scripts=True):
        self.page, self._journey, self._scripts, self._seen = page, journey, scripts, 0

    def look(self, title):
        """Check that this is the page headed `title`, that it fits and bars nobody; keep a picture of it."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)
        assert_fits(self.page)
        if self._scripts:
            assert_accessible(self.page)
        self._seen += 1
        name = re.sub(r"\W+", "-", self.page.get_by_role("heading", level=1).inner_text().lower())[:40].strip("-")
        picture(self.page, f"{self._journey[:32]}-{self._seen:02}-{name}")

    def open(self, path, title):
        """Type an address and look."""
        self.page.goto(path)
        self.look(title)

    def follow(self, name, title, within=None):
        """Follow the link `name` and look at the page it leads to."""
        (within or self.page).get_by_role("link", name=name).first.click()
        self.look(title)

    def press(self, name, title, within=None):
        """Press the button `name` and look at the page it leads to."""
        (within or self.page).get_by_role("button", name=name).first.click()
        self.look(title)

    def fill(self, **labels):
        """Fill in fields by their labels, whose words are joined by underscores."""
        for label, text in labels.items():
            self.page.get_by_label(label.replace("_", " "), exact=True).fill(text)

    def told(self, text):
        """Check that the page tells, in a notice, what was just done."""
        expect(self.page.get_by_role("status").filter(has_text=text).first).to_be_visible()

    def sees(self, text):
        """Check that `text` can be read on the page."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def sign_in(self, who):
        """Enter as somebody of the demonstration."""
        self.page.goto("/cuenta/entrar")
        self.page.get_by_label("Correo electrónico").fill(PEOPLE[who]["email"])
        self.page.get_by_label("Contraseña").fill(PASSWORD)
        self.page.locator("main").get_by_role("button", name="Entrar").click()
        expect(self.page.get_by_text(PEOPLE[who]["name"]).first).to_be_attached()

    def sign_out(self):
        """Leave."""
        self.page.get_by_role("button", name="Salir").click()
        self.told("Saliste de tu cuenta")
