"""Who enters something of a room: a person with an account, or whoever holds a code on a shared phone."""

from flask import session as browser

from consulta.tables.rules import why_not_facilitate
from consulta.web.guards import person
from consulta.worksheets.queries import live_code

KEY = "room"  # in the browser's session: the uid of an AccessCode


def held_code():
    """Return the live code that this browser holds, or None; one that is past is forgotten."""
    uid = browser.get(KEY)
    code = live_code(uid) if isinstance(uid, str) else None
    if uid is not None and code is None:
        browser.pop(KEY, None)
    return code


def actor(session=None):
    """Return who acts here: the person signed in, or the live code this browser holds; None for neither.

    session: the session of a table that it is about: of a person and a code, the one that may facilitate it.
    """
    somebody, code = person(), held_code()
    if code is not None:
        # Who is signed in is known: what she enters with a code is hers as well, and she will not confirm it.
        code.as_well = somebody.uid if somebody is not None else None
    if code is None or (session is None and somebody is not None):
        return somebody
    if session is None or somebody is None:
        return code
    is_own = code.session_id == session.id and why_not_facilitate(somebody, session) is not None
    return code if is_own else somebody


def hold(code):
    """Let this browser hold `code` (an AccessCode), until it expires or is given back."""
    browser[KEY] = code.uid
    # The code has its own end; a browser that is closed and opened again keeps it until then.
    browser.permanent = True


def give_back():
    """Let this browser hold no code any more."""
    browser.pop(KEY, None)
