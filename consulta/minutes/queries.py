"""Reading published minutes: their versions, whether the record holds them, and what is public of them no more."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from consulta.core.errors import NotFound
from consulta.core.extensions import db
from consulta.core.record import Entry, reference
from consulta.minutes.document import digest_of
from consulta.minutes.models import MinutesVersion
from consulta.proposals.models import Proposal
from consulta.proposals.rules import why_not_see

EVENTS = ("minutes.published", "minutes.corrected")
# Parts of a document that name proposals, and parts of those that name further ones.
NAMING = ("results", "regional_results", "merges", "contradictions", "parts", "proposal")


@dataclass(frozen=True)
class Seal:
    """What the public record says of a version: its fingerprint, and where the entry stands in the chain.

    digest, position, entry_hash: None where there is no entry, or it is not sealed yet. holds: whether the stored
    document is what the record holds.
    """

    digest: str | None
    holds: bool
    position: int | None
    entry_hash: str | None


def versions_of(session):
    """Return the versions of the minutes of `session`, the newest first; none before they are published."""
    query = select(MinutesVersion).where(MinutesVersion.session_id == session.id)
    return db.session.scalars(query.order_by(MinutesVersion.number.desc())).all()


def last_number(session):
    """Return the number of the newest version of the minutes of `session`, 0 where there is none."""
    query = select(func.max(MinutesVersion.number)).where(MinutesVersion.session_id == session.id)
    return db.session.scalar(query) or 0


def find_version(session, number):
    """Return the version of the minutes of `session` with this number; raises NotFound."""
    query = select(MinutesVersion).where(MinutesVersion.session_id == session.id, MinutesVersion.number == number)
    version = db.session.scalar(query)
    if version is None:
        raise NotFound(_("Esta acta no tiene una versión con ese número."))
    return version


def seal_of(version):
    """Return the Seal of a version: whether what is stored is what the public record holds."""
    query = select(Entry).where(Entry.subject == reference(version.session), Entry.event.in_(EVENTS))
    entries = db.session.scalars(query.order_by(Entry.id))
    entry = next((each for each in entries if each.details["number"] == version.number), None)
    if entry is None:
        return Seal(None, False, None, None)
    recorded = entry.details["digest"]
    return Seal(recorded, recorded == version.digest == digest_of(version.document), entry.position, entry.hash)


def readable(document, *, to=None):
    """Return `document` without the titles of proposals that `to` may not see any more, and the codes of those.

    What was hidden after publication must not come back from here. The stored document stays as it is.
    """
    codes = set(_codes(document))
    query = select(Proposal).where(Proposal.code.in_(codes))
    seen = {each.code for each in db.session.scalars(query) if why_not_see(to, each) is None} if codes else set()
    gone = codes - seen
    return (_without(document, gone) if gone else document), frozenset(gone)


def _codes(value):
    if isinstance(value, list):
        for each in value:
            yield from _codes(each)
    elif isinstance(value, dict):
        if "code" in value:
            yield value["code"]
        for name in NAMING:
            yield from _codes(value.get(name))


def _without(value, gone):
    if isinstance(value, list):
        return [_without(each, gone) for each in value]
    if not isinstance(value, dict):
        return value
    kept = {name: _without(each, gone) if name in NAMING else each for name, each in value.items()}
    if kept.get("code") not in gone:
        return kept
    return {name: each for name, each in kept.items() if name not in ("title", "reference")} | {"is_hidden": True}
