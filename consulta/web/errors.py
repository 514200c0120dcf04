"""Refusals and faults as pages: what happened, why, and what to do; never a trace."""

import logging
import secrets

from flask import current_app, g, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from werkzeug.exceptions import HTTPException

from consulta.core.errors import Refused
from consulta.core.extensions import db, login
from consulta.core.work import is_passing

log = logging.getLogger(__name__)


def bind(app):
    """Answer every refusal and fault of `app` with a page of its own."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _plain)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(InterfaceError, _busy)
    app.register_error_handler(NoConnectionLeft, _busy)
    app.register_error_handler(DataError, _unreadable)
    app.register_error_handler(Exception, _fault)


def page(status, title, reason, advice=None, fault=None):
    """Return an error page with its status; asked for JSON, the same in JSON."""
    headers = {"Retry-After": "5"} if status == 503 else {}
    if request.accept_mimetypes.best == "application/json":
        return {"error": str(title), "reason": str(reason), "fault": fault}, status, headers
    text = render_template("errors/error.html", status=status, title=title, reason=reason, advice=advice, fault=fault)
    return text, status, headers


def _for_anybody():
    """Ask for no account any more: not even its language can be had from a database that does not answer."""
    g._login_user = login.anonymous_user()


def _refused(error):
    if error.status == 503:
        _for_anybody()
    titles = {
        403: _("No se puede hacer esto"),
        404: _("No encontramos esta página"),
        409: _("Alguien lo cambió antes"),
        422: _("Falta corregir algo"),
        503: _("Inténtalo de nuevo"),
    }
    return page(error.status, titles.get(error.status, titles[403]), error.reason)


def _stale_form(error):
    return page(
        400,
        _("El formulario ya no es válido"),
        _("La página estuvo abierta mucho tiempo o la sesión cambió, y no se guardó nada."),
        _("Vuelve atrás, copia lo que escribiste si hace falta, y carga la página de nuevo."),
    )


def _plain(error):
    if error.code is not None and error.code >= 500:
        _for_anybody()
    words = {
        400: (
            _("La solicitud no se entiende"),
            _("Algo en la dirección o en el formulario no tiene la forma esperada."),
        ),
        401: (_("Hay que entrar primero"), _("Esta página es para personas con cuenta.")),
        403: (_("No se puede hacer esto"), _("Tu cuenta no tiene permiso para esta página.")),
        404: (
            _("No encontramos esta página"),
            _("La dirección puede estar mal escrita, o lo que había ya no es público."),
        ),
        405: (_("Esto no se puede hacer así"), _("Esta dirección no acepta ese tipo de solicitud.")),
        413: (_("Es demasiado grande"), _("Lo enviado supera lo que el sitio puede recibir. No se guardó nada.")),
        429: (_("Demasiados intentos"), _("Para proteger las cuentas, espera un rato antes de intentarlo de nuevo.")),
    }
    words[415] = words[400]
    if error.code is None or error.code < 400:
        return error
    title, reason = words.get(error.code, (_("No se pudo responder"), error.description))
    response = current_app.make_response(page(error.code, title, reason))
    for name, value in error.get_headers():
        if name.lower() in {"retry-after", "allow"}:
            response.headers[name] = value
    return response


def _unreadable(error):
    db.session.rollback()
    return page(400, _("La solicitud no se entiende"), _("Algún valor no tiene la forma o el tamaño esperado."))


def _busy(error):
    if not isinstance(error, NoConnectionLeft) and not is_passing(error):
        return _fault(error)  # a missing column, say: trying again would not help
    db.session.rollback()
    _for_anybody()
    log.warning("the database did not answer: %s", error)
    return page(
        503,
        _("Inténtalo de nuevo"),
        _("El sitio está muy ocupado y no pudo responder. No se perdió nada de lo guardado."),
    )


def _fault(error):
    db.session.rollback()
    fault = secrets.token_hex(4)
    log.exception("fault %s at %s %s", fault, request.method, request.endpoint)
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    return page(
        500,
        _("Algo falló de nuestro lado"),
        _("La falla quedó anotada y alguien la revisará. Lo que ya estaba guardado sigue guardado."),
        _("Si escribes al equipo, menciona el número de la falla."),
        fault,
    )
