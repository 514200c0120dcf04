"""Addresses of static files that change with their content, so that browsers may keep them for a year."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import current_app, request
from flask.sessions import SecureCookieSessionInterface

A_YEAR = 60 * 60 * 24 * 365


class PagesOnly(SecureCookieSessionInterface):
    """Flask's sessions, but for assets, which are the same for everybody.

    A cookie set anew with each of them, and `Vary: Cookie`, would make a browser fetch again what it keeps.
    """

    def save_session(self, app, session, response):
        """Set the cookie with every answer but an asset's."""
        if not is_asset(response):
            super().save_session(app, session, response)


def asset(view):
    """Mark a view whose answers are the same for everybody and never change under their address."""
    view.is_asset = True
    return view


def is_asset(response):
    """Return whether this answer is a static file, or what a view marked `asset` serves; an error page is neither."""
    endpoint = request.endpoint or ""
    is_meant = endpoint.endswith("static") or hasattr(current_app.view_functions.get(endpoint), "is_asset")
    return is_meant and response.status_code < 400


def bind(app):
    """Add the digest of its content to the address of every static file of `app`, and let it be kept."""
    app.session_interface = PagesOnly()
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = A_YEAR

    @app.url_defaults
    def _versioned(endpoint, values):
        if not endpoint.endswith("static") or "filename" not in values:
            return
        owner = app.blueprints[endpoint.rsplit(".", 1)[0]] if "." in endpoint else app
        if digest := _digest(owner.static_folder, values["filename"]):
            values["v"] = digest


@lru_cache(maxsize=512)
def _digest(folder, filename):
    path = Path(folder, filename)
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else None
