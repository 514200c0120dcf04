"""The worksheet that works without connection: its modules, its page, and the service worker that keeps them.

The page is the same for every session and holds no data: the script reads which session it is from the address, what
the phone keeps from its own store, and what the site has from /sesiones/<id>/hoja/datos (consulta/web/worksheets.py).
"""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, abort, current_app, make_response, render_template, send_from_directory, url_for
from flask_babel import force_locale

from consulta.core.extensions import LOCALES
from consulta.web.assets import A_YEAR, asset
from consulta.web.sheet_words import WORDS

offline = Blueprint("offline", __name__)
FOLDER = "js/worksheet"
WORKER = "service-worker.js"
SHEETS = ("css/theme.css", "css/worksheet.css")


@offline.get("/sesiones/hoja-sw.js")
def worker():
    """Serve the service worker with the list of what it keeps; it may answer for what lies under /sesiones/."""
    shells = {language: url_for("offline.shell", language=language, v=_version()) for language in LOCALES}
    head = "\n".join(
        f"const {name} = {json.dumps(value)};"
        for name, value in (("VERSION", _version()), ("ASSETS", _assets()), ("SHELLS", shells))
    )
    answer = make_response(f"{head}\n{Path(_folder(), WORKER).read_text(encoding='utf-8')}")
    answer.mimetype = "text/javascript"
    # Asked for anew each time: a phone that kept an old one would keep the old page with it.
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Service-Worker-Allowed"] = "/sesiones/"
    return answer


@offline.get("/sesiones/hoja/<any(es, en):language>")
def shell(language):
    """Serve the page as the service worker keeps it: for any session, in one language."""
    with force_locale(language):
        return render_template("worksheets/sheet.html", session=None, locale=language)


@offline.get("/sesiones/hoja/modulos/<version>/<name>")
@asset
def module(version, name):
    """Serve a module of this version, to be kept for a year: modules name one another without a digest."""
    if version != _version() or name not in _modules():
        abort(404)
    answer = send_from_directory(_folder(), name, max_age=A_YEAR)
    answer.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return answer


@offline.app_template_global()
def sheet_words():
    """Return all that the worksheet's script says, in the language of this request."""
    return {name: str(words) for name, words in WORDS.items()}


@offline.app_template_global()
def sheet_modules():
    """Return the addresses of the worksheet's modules, the one that begins first."""
    return [url_for("offline.module", version=_version(), name=name) for name in _modules()]


def _assets():
    return [*sheet_modules(), *(url_for("static", filename=sheet) for sheet in SHEETS)]


def _folder():
    return str(Path(current_app.static_folder, FOLDER))


def _modules():
    return _names(_folder())


@lru_cache(maxsize=8)
def _names(folder):
    names = sorted(path.name for path in Path(folder).glob("*.js") if path.name != WORKER)
    return ["app.js", *(name for name in names if name != "app.js")]


def _version():
    return _digest(current_app.static_folder, current_app.jinja_loader.searchpath[0])


@lru_cache(maxsize=8)
def _digest(static, templates):
    """Return the digest of all that the phone keeps: a change of any of it is a new version of the whole."""
    paths = sorted(Path(static, FOLDER).glob("*.js"))
    paths += [Path(static, sheet) for sheet in SHEETS] + [Path(templates, "worksheets/sheet.html")]
    digest = hashlib.sha256("".join(f"{name}={words!r}" for name, words in _both_languages()).encode())
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _both_languages():
    for language in LOCALES:
        with force_locale(language):
            yield from ((f"{language}.{name}", str(words)) for name, words in WORDS.items())
