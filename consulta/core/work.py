"""The unit of work: `@action` holds the only commit in the code base, and rings the bells after it."""

import functools
import inspect
import logging
import time
from contextvars import ContextVar

from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy import inspect as inspect_row
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from consulta.core.database import WRITE
from consulta.core.errors import Busy, Conflict
from consulta.core.extensions import db

log = logging.getLogger(__name__)

TRIES = 4
# PostgreSQL: serialization failure and deadlock; the loser may simply begin again.
RETRIED = {"40001", "40P01"}

_bells = ContextVar("bells of the action under way", default=None)


def action(function=None, *, unrecorded=None):
    """Make `function` one write: everything it does is committed together, or nothing is.

    The function takes the actor as keyword-only `by` (a person, or None for the machine). Rows that a view has
    loaded are read again inside the write transaction, so no decision stands on what was true before it. An
    action called by an action joins it. `unrecorded` says why an action writes no entry in the public record.

    Raises Conflict when a constraint finds that somebody else was first, Busy when the database has no turn left.
    """
    if function is None:
        return functools.partial(action, unrecorded=unrecorded)
    if inspect.signature(function).parameters["by"].kind is not inspect.Parameter.KEYWORD_ONLY:
        raise TypeError(f"{function.__name__} must take `by` as a keyword")

    @functools.wraps(function)
    def perform(*args, by, **kwargs):
        if _bells.get() is not None:
            return function(*args, by=by, **kwargs)
        attempt = 0
        while True:
            attempt += 1
            try:
                return _perform(function, args, {"by": by, **kwargs})
            except IntegrityError as error:
                log.info("conflict in %s: %s", function.__name__, _constraint(error))
                # Without its cause, which quotes the row, addresses and all.
                raise Conflict(_("Otra persona cambió esto al mismo tiempo. Vuelve a cargar la página.")) from None
            except NoConnectionLeft as error:
                raise _busy() from error
            except DBAPIError as error:
                is_retried = getattr(error.orig, "sqlstate", None) in RETRIED
                if not is_retried and not is_passing(error):
                    raise
                if not is_retried or attempt == TRIES:
                    raise _busy() from error
                time.sleep(0.02 * attempt)

    perform.unrecorded = unrecorded
    return perform


def ring(event, **ids):
    """Have `event` told to the jobs once the action under way is committed; `ids` are numbers or short strings."""
    bell = (event, tuple(sorted(ids.items())))
    if bell not in _bells.get():
        _bells.get().append(bell)


def lock(*rows):
    """Hold `rows` (of one table) against other writers until the action ends, and read them again.

    Rows are taken in ascending order, so that two actions never wait for each other. SQLite has one writer at a
    time and needs no more. Returns the rows in the order given; raises Conflict where one is gone.
    """
    if not rows:
        return []
    kind = type(rows[0])
    keys = [inspect_row(row).identity[0] for row in rows]
    query = select(kind).where(kind.id.in_(keys)).order_by(kind.id).with_for_update(of=kind)
    found = {row.id: row for row in db.session.scalars(query.execution_options(populate_existing=True))}
    if len(found) < len(set(keys)):
        raise Conflict(_("Otra persona cambió esto al mismo tiempo. Vuelve a cargar la página."))
    return [found[key] for key in keys]


def _perform(function, args, kwargs):
    bells = []
    token = _bells.set(bells)
    try:
        # What the view read so far is given up: the write transaction begins now and sees the present.
        db.session.rollback()
        db.session.connection(execution_options={WRITE: True})
        result = function(*args, **kwargs)
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _bells.reset(token)
    for event, ids in bells:
        _ring_out(event, dict(ids))
    return result


def _ring_out(event, ids):
    # The change is committed: whatever happens to its bell must not reach the person. A sweep finds the rest.
    try:
        current_app.extensions["bell"](event, ids)
    except Exception:
        log.exception("the bell for %s %s was lost", event, ids)


def _constraint(error):
    """Name the constraint that was in the way: PostgreSQL tells it beside the values, SQLite tells no values."""
    found = getattr(error.orig, "diag", None)
    return found.constraint_name if found is not None else error.orig


def is_passing(error):
    """Tell whether a database error may be gone on the next try: a lock, a lost connection, a full disk."""
    state = getattr(error.orig, "sqlstate", None) or ""
    words = str(error.orig).lower()
    return (
        error.connection_invalidated
        or state[:2] in {"08", "53", "57"}
        or state == "55P03"
        or any(sign in words for sign in ("database is locked", "disk is full", "disk i/o", "connection"))
    )


def _busy():
    return Busy(_("El sitio está muy ocupado y no se guardó el cambio. Inténtalo de nuevo en unos segundos."))
