"""Phones of facilitators: browsers with a disk of their own, that lose the line, are closed, and are killed."""

import os
import re
import signal
import time
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Error, expect

from tests.journeys.walking import PASSWORD, PEOPLE
from tests.services.browser import FLAGS, REPORT_CSP, WIDTHS, assert_accessible, assert_fits, installed, picture


class Phone:
    """A browser whose disk outlives it: `folder` is that disk, `site` the address it speaks to, `width` in pixels."""

    def __init__(self, browser_type, folder, site, width=360):
        self._type, self.folder, self.site, self.width = browser_type, Path(folder), site, width
        self.problems, self.context, self.page = [], None, None
        self.switch_on()

    def switch_on(self, offline=False):
        """Start the browser, with or without a line; what it kept is there again."""
        self.context = self._type.launch_persistent_context(
            str(self.folder),
            executable_path=installed(),
            args=FLAGS,
            headless=True,
            base_url=self.site,
            viewport={"width": self.width, "height": WIDTHS[self.width]},
            locale="es-CL",
            timezone_id="America/Santiago",
            reduced_motion="reduce",
            offline=offline,
        )
        self.context.set_default_timeout(15_000)  # milliseconds
        self.context.add_init_script(REPORT_CSP)
        self.context.on("weberror", lambda error: self.problems.append(f"script error: {error.error}"))
        self.context.on("console", self._said)
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()
        return self.page

    def switch_off(self):
        """Close the browser as a person does."""
        with suppress(Error):
            self.context.close()

    def kill(self):
        """Kill every process of this browser in the middle of whatever it does; nothing is written any more."""
        for process in self._processes():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.switch_off()
        deadline = time.monotonic() + 10
        while self._processes() and time.monotonic() < deadline:
            time.sleep(0.05)
        for lock in self.folder.glob("Singleton*"):
            lock.unlink(missing_ok=True)

    def sign_in(self, who):
        """Enter as somebody of the demonstration."""
        self.page.goto("/cuenta/entrar")
        self.page.get_by_label("Correo electrónico").fill(PEOPLE[who]["email"])
        self.page.get_by_label("Contraseña").fill(PASSWORD)
        self.page.locator("main").get_by_role("button", name="Entrar").click()
        self.page.wait_for_url(lambda address: "/cuenta/entrar" not in address)

    def enter_again(self, who, session, part=""):
        """Get the line back and enter again if need be: a browser that is killed may forget who was signed in."""
        self.line(on=True)
        self.page.goto("/cuenta")
        if "/cuenta/entrar" in self.page.url:
            self.sign_in(who)
        self.open_sheet(session, part)

    def open_sheet(self, session, part=""):
        """Open a session's worksheet, and wait until it is kept for the time without a line."""
        self.page.goto(f"/sesiones/{session}/hoja{part}")
        expect(self.page.locator("#tabs a").first).to_be_visible()
        if self.context.service_workers or self.has_line():
            expect(self.page.locator("html[data-offline=ready]")).to_be_attached()

    def has_line(self):
        """Whether the browser believes that it has one."""
        return self.page.evaluate("navigator.onLine")

    def line(self, on):
        """Give or take the line."""
        self.context.set_offline(not on)

    def go(self, part):
        """Go to a part of the sheet: "asistencia", "propuestas", "propuestas/<code>", …"""
        self.page.evaluate("part => { location.hash = part; }", part)
        expect(self.page.locator("#tabs a[aria-current]")).to_have_attribute("href", f"#{part.split('/')[0]}")

    @property
    def status(self):
        """The line at the foot of the sheet."""
        return self.page.locator("#status .status-main")

    def sent(self):
        """Wait until everything arrived."""
        expect(self.status).to_have_text(re.compile(r"^enviado, .* · con línea"), timeout=60_000)

    def kept(self):
        """Wait until everything typed is on the phone."""
        expect(self.status).to_have_text(re.compile(r"^guardado aquí, "))
        expect(self.page.locator(".saved[data-state=saving]")).to_have_count(0)

    def look(self, name):
        """Check that the page fits and bars nobody; keep a picture of it."""
        assert_fits(self.page)
        assert_accessible(self.page)
        picture(self.page, name)

    def _said(self, message):
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.problems.append(f"console: {message.text}")

    def _processes(self):
        """The ids of the processes that were started on this phone's disk, and of no others."""
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            with suppress(OSError):
                if f"--user-data-dir={self.folder}" in (entry / "cmdline").read_bytes().decode(errors="replace").split(
                    "\0"
                ):
                    found.append(int(entry.name))
        return found
