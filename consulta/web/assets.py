"""Addresses of static files that change with their content, so that browsers may keep them for a year."""

import hashlib
from functools import lru_cache
from pathlib import Path

A_YEAR = 60 * 60 * 24 * 365


def bind(app):
    """Add the digest of its content to the address of every static file of `app`, and let it be kept."""
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
