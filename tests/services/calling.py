"""Calling a running site over HTTP as a browser without script does: with cookies and the token of each form."""

import http.client
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

from flask import session
from flask_wtf.csrf import generate_csrf

from consulta.consultations.actions import appoint
from consulta.territories.actions import load_territories
from tests.people import PASSWORD, PLACES, make_consultation, make_person

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
SECONDS = 30  # that a call may take before it counts as lost


class Answer:
    """What came back: `status` (0 for a lost connection), `text`, `url` after redirects, and the `seconds` it took."""

    def __init__(self, status, text, url, seconds):
        self.status, self.text, self.url, self.seconds = status, text, url, seconds

    def __repr__(self):
        return f"<{self.status} {self.url} in {self.seconds:.2f} s>"


class Caller:
    """Somebody with cookies of their own; `base_url` is the site's address."""

    def __init__(self, base_url):
        self._base_url, self._token = base_url, None
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path):
        """Open a page."""
        return self._call(path)

    def post(self, path, page=None, **form):
        """Send `form` with the token of `page`, or of the page seen last."""
        if page is not None:
            self.get(page)
        return self._call(path, urllib.parse.urlencode({**form, "csrf_token": self._token}).encode())

    def sign_in(self, email):
        """Enter as the person with this address, who has the password of everybody in the tests."""
        page = "/cuenta/entrar"
        answer = self.post(page, page, email=email, password=PASSWORD)
        assert answer.status == 200 and not answer.url.endswith(page), f"{answer}: {email} could not enter"
        self.get("/cuenta")
        return self

    def enter_as(self, person, app):
        """Hold a session of `person` with a token of its own, as `app` signs it, without the cost of a password."""
        with app.app_context(), app.test_request_context():
            session["_user_id"], session["_fresh"] = person.get_id(), True
            self._token = generate_csrf()
            signed = app.session_interface.get_signing_serializer(app).dumps(dict(session))
        self._opener.addheaders = [("Cookie", f"{app.config['SESSION_COOKIE_NAME']}={signed}")]
        return self

    def propose(self, slug, title, body="Que se lea en línea."):
        """Write a proposal, look at the similar ones, and send it; returns its code and the three answers."""
        page = f"/consultas/{slug}/propuestas/nueva"
        answers = [self.post(page, page, title=title, body=body, theme=0, territory=0)]
        code = answers[0].url.rstrip("/").split("/")[-2]
        answers.append(self.get(f"/propuestas/{code}/similares"))
        answers.append(self.post(f"/propuestas/{code}/enviar"))
        return code, answers

    def _call(self, path, data=None):
        began = time.monotonic()
        try:
            with self._opener.open(self._base_url + path, data, timeout=SECONDS) as response:
                status, text, url = response.status, response.read().decode(), response.url
        except urllib.error.HTTPError as error:
            status, text, url = error.code, error.read().decode(), error.url
        except (OSError, http.client.HTTPException) as error:
            status, text, url = 0, str(error), path
        if found := TOKEN.search(text):
            self._token = found.group(1)
        return Answer(status, text, url, time.monotonic() - began)


def people_a_site(site, citizens=1, limit=None):
    """Put an open consultation and people into a running site; returns (slug, the citizens' addresses)."""
    with site.app():
        load_territories(PLACES, by=None)
        administrator = make_person("Administración", administrator=True)
        consultation = make_consultation(administrator, limit=limit)
        moderator = make_person("Moderadora")
        appoint(moderator, "moderator", consultation, by=administrator)
        return consultation.slug, [make_person(f"Persona {number}").email for number in range(citizens)]


def soon(happens, seconds=30):
    """Wait until `happens()` is true, at most `seconds`; returns whether it came to be."""
    deadline = time.monotonic() + seconds
    while not happens():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
