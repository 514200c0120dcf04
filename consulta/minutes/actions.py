"""Publish the minutes of a session, and correct them afterwards with a reason: each time as a further version."""

from flask_babel import lazy_gettext as _

from consulta.agreements.actions import note_agreement, publish_agreements
from consulta.core.clock import now
from consulta.core.errors import Conflict, Invalid, check, refuse_if
from consulta.core.extensions import db
from consulta.core.record import record, vocabulary
from consulta.core.text import clean_text
from consulta.core.work import action, lock
from consulta.minutes.document import digest_of, document_of
from consulta.minutes.models import MinutesVersion
from consulta.minutes.queries import last_number
from consulta.tables.actions import (
    ChangedMeanwhile,
    note_agenda,
    note_session,
    publish_session,
    set_presence,
    set_result,
)
from consulta.tables.rules import uid_of, why_not_correct, why_not_publish
from consulta.worksheets.actions import close_admitted
from consulta.worksheets.queries import corrections_of
from consulta.worksheets.rules import why_not_settle_late

vocabulary(
    {
        # number: of the version, from 1. digest: SHA-256 of the canonical JSON of its document.
        "minutes.published": ("title", "number", "digest"),
        "minutes.corrected": ("title", "number", "digest"),
    }
)

REASON_LIMIT = 2000
MOST_CHANGES = 500  # of one correction
# What can be corrected: each change is a tuple of the part, what names it (nothing for the session itself), and fields.
CORRECTING = {
    "session": note_session,
    "result": set_result,
    "presence": set_presence,
    "agenda": note_agenda,
    "agreement": note_agreement,
}


@action
def publish_minutes(session, *, by):
    """Make the minutes of a checked session public, as version 1; returns the MinutesVersion.

    With it everything that the session holds becomes public, its agreements among it. Raises NotAllowed, Conflict.
    """
    (session,) = lock(session)
    check(why_not_publish, by, session)
    publish_session(session, by=by)
    publish_agreements(session, by=by)
    return _first(session, session.published_at, by)


@action
def correct(session, *, changes, reason, base=None, by):
    """Change what published minutes say, as a further version with its `reason`; returns the MinutesVersion.

    changes: a list of ("result", proposal, fields), ("presence", uid, fields), ("agenda", id, fields),
    ("agreement", uid, fields) and ("session", fields); fields: a dictionary as the actions of
    CORRECTING take it (drop=True removes). base: the number of the version that was read
    (None: not compared). Raises ChangedMeanwhile where there is a newer one, Invalid naming a field or where nothing
    would change.
    """
    (session,) = lock(session)
    check(why_not_correct, by, session)
    refuse_if(None if session.published_at else _("El acta de esta sesión todavía no es pública."), Conflict)
    reason = clean_text(reason, REASON_LIMIT, field="reason", required=False)
    if not reason:
        raise Invalid("reason", _("Escribe por qué se corrige: el motivo se publica junto al cambio."))
    if not 1 <= len(changes) <= MOST_CHANGES:
        raise Invalid(None, _("Elige qué quieres corregir."))
    number = last_number(session)
    if base not in (None, number):
        raise ChangedMeanwhile(_("Otra persona corrigió esta acta mientras escribías. Mira la versión nueva."))
    if number == 0:
        # Published before versions were kept: what it says until now is the first one.
        _first(session, session.published_at, by)
        number = 1
    before = digest_of(document_of(session))
    for change in changes:
        _amend(session, change, by)
    db.session.flush()
    db.session.expire_all()
    document = document_of(session)
    digest = digest_of(document)
    if digest == before:
        raise Invalid(None, _("Lo que escribiste es lo que el acta ya dice: no hay nada que corregir."))
    version = _version(session, number + 1, document, reason=reason, published_at=now(), by=by)
    record(
        "minutes.corrected",
        session,
        by=by,
        within=session.table.consultation,
        reason=reason,
        title=session.title,
        number=version.number,
        digest=digest,
    )
    return version


@action
def admit_late(session, ids, *, reason, by):
    """Correct published minutes by what came late from devices (ids of its changes); returns the MinutesVersion.

    Raises as `correct` does, Conflict where one of them waits no more or cannot become part of minutes.
    """
    (session,) = lock(session)
    check(why_not_settle_late, by, session)
    version = correct(session, changes=corrections_of(session, ids), reason=reason, by=by)
    close_admitted(session, ids, reason=reason, by=by)
    return version


def _first(session, published_at, by):
    db.session.flush()
    version = _version(session, 1, document_of(session), reason=None, published_at=published_at, by=by)
    record(
        "minutes.published",
        session,
        by=by,
        within=session.table.consultation,
        title=session.title,
        number=1,
        digest=version.digest,
    )
    return version


def _amend(session, change, by):
    part, *where, fields = change
    if part not in CORRECTING:
        raise Invalid(None, _("Eso no es parte de un acta."))
    CORRECTING[part](session, *where, late=True, by=by, **fields)


def _version(session, number, document, *, reason, published_at, by):
    version = MinutesVersion(
        session_id=session.id,
        number=number,
        document=document,
        digest=digest_of(document),
        reason=reason,
        published_at=published_at,
        by_uid=uid_of(by),
    )
    db.session.add(version)
    db.session.flush()
    return version
