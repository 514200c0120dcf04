"""Which minutes an address asks for, as anybody may read them."""

from dataclasses import dataclass

from flask_babel import gettext as _

from consulta.core.errors import NotFound, refuse_if
from consulta.minutes.document import document_of
from consulta.minutes.models import MinutesVersion
from consulta.minutes.queries import find_version, readable, versions_of
from consulta.tables.models import Session
from consulta.tables.queries import find_session
from consulta.web.guards import person


@dataclass(frozen=True)
class Published:
    """Minutes that are public: `document` without what is public no more, whose codes are `gone`.

    version: None where the session was published before versions were kept, and the document is made from its rows.
    """

    session: Session
    versions: list
    version: MinutesVersion | None
    document: dict
    gone: frozenset

    @property
    def zone(self):
        """The zone of the consultation."""
        return self.session.table.consultation.zone

    @property
    def is_last(self):
        """Whether there is no newer version."""
        return not self.versions or self.version.number == self.versions[0].number


def published_minutes(id, number=None):
    """Return the Published minutes of a session, the version with this number or the newest; raises NotFound."""
    session = find_session(id, to=person())
    refuse_if(
        _("El acta de esta sesión todavía no es pública. Se publica cuando otra persona la haya revisado.")
        if session.published_at is None
        else None,
        NotFound,
    )
    versions = versions_of(session)
    newest = versions[0] if versions else None
    version = newest if number is None else find_version(session, number)
    # Files and pages are the same for everybody: what a moderator sees of hidden proposals is not among it.
    document, gone = readable(version.document if version else document_of(session))
    return Published(session, versions, version, document, gone)
