"""Who is asking, and where they may be sent next."""

import functools
from urllib.parse import urlsplit

from flask import flash, has_request_context, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from consulta.consultations.rules import why_not_administer
from consulta.core.errors import refuse_if


def person():
    """Return the person signed in, or None; a letter is written outside of any request, by nobody."""
    asks = has_request_context() and current_user.is_authenticated
    return current_user._get_current_object() if asks else None


def signed_in(view):
    """Send whoever is not signed in to do so, and back here afterwards."""

    @functools.wraps(view)
    def guarded(*args, **kwargs):
        if person() is None:
            flash(_("Entra con tu cuenta para seguir."), "info")
            return redirect(url_for("accounts.sign_in", next=_here()))
        return view(*args, **kwargs)

    return guarded


def only_administrators():
    """Before each request of a blueprint: pass whoever administers the site; others sign in or are refused."""
    if person() is None:
        return signed_in(lambda: None)()
    refuse_if(why_not_administer(person()))
    return None


def within_site(address, otherwise="/"):
    """Return `address` if it is a path of this site, else `otherwise`.

    A path begins with one slash. Browsers read a backslash as a slash and skip tabs and line breaks, so an address
    with any of these is none of ours.
    """
    if not address or not address.startswith("/") or address.startswith("//"):
        return otherwise
    if "\\" in address or any(ord(letter) <= 32 or ord(letter) == 127 for letter in address):
        return otherwise
    parts = urlsplit(address)
    return otherwise if parts.scheme or parts.netloc else address


def whole_number(text, highest=2**31 - 1):
    """Return the whole number from 0 to `highest` that `text` spells in plain digits, else None."""
    if not text or len(text) > 10 or not (text.isascii() and text.isdigit()):
        return None
    return int(text) if int(text) <= highest else None


def _here():
    """The page to come back to: this one, or for a form sent, the page that it stood on."""
    if request.method in ("GET", "HEAD"):
        return request.full_path if request.query_string else request.path
    parts = urlsplit(request.referrer or "")
    return parts.path if parts.netloc == request.host else None
