"""Tables and their sessions as anybody reads them: the list, and one session in each of its states."""

from flask import Blueprint, render_template, request

from consulta.agreements.queries import read_agreements
from consulta.consultations.queries import find_consultation
from consulta.minutes.decided import pooled_read_in
from consulta.minutes.queries import versions_of
from consulta.tables.checks import heads_in_room
from consulta.tables.queries import (
    PAGE,
    count_sessions,
    find_session,
    heads_of,
    read_session,
    regions_with_tables,
    seal_of,
    sessions_for,
    sessions_to_check,
    sessions_to_publish,
    tables_of,
)
from consulta.tables.rules import (
    why_not_check,
    why_not_convene,
    why_not_facilitate,
    why_not_make_code,
    why_not_publish,
    why_not_reconvene,
)
from consulta.territories.queries import find_territory
from consulta.web.guards import person, whole_number
from consulta.web.session_pages import session_page
from consulta.worksheets.queries import count_waiting
from consulta.worksheets.rules import why_not_print, why_not_settle_late

# Its views stand in several files: convening, session_entry, session_results, checking and session_codes.
tables = Blueprint("tables", __name__)


@tables.get("/consultas/<slug>/mesas")
def index(slug):
    """List the tables of a consultation with their sessions, a page at a time; what waits for the reader first."""
    consultation = find_consultation(slug, to=person())
    region = find_territory(consultation.country, request.args.get("region", "")[:12])
    found = tables_of(
        consultation, territory=region, after=whole_number(request.args.get("desde")) or 0, limit=PAGE + 1
    )
    listed = found[:PAGE]
    return render_template(
        "tables/index.html",
        consultation=consultation,
        listed=listed,
        last=listed[-1].id if len(found) > PAGE else None,
        is_first="desde" not in request.args,
        region=region,
        regions=regions_with_tables(consultation),
        counts=count_sessions(consultation),
        heads=heads_of([session for table in listed for session in table.sessions]),
        own=sessions_for(person(), consultation),
        to_check=sessions_to_check(person(), consultation),
        to_publish=sessions_to_publish(person(), consultation),
        may_convene=why_not_convene(person(), consultation) is None,
    )


@tables.get("/sesiones/<int:id>")
def show(id):
    """Show a session: the invitation to anybody, what the room decided once its minutes are public."""
    session = find_session(id, to=person())
    reading = read_session(session, to=person())
    sealed, holds = seal_of(session, reading) if session.published_at else (None, None)
    return session_page(
        "show",
        session,
        reading=reading,
        heads=heads_in_room(session, reading.attendances),
        agreed=read_agreements(session, to=person()),
        versions=versions_of(session) if session.published_at else [],
        rounds=[] if reading.why_not else _rounds(session, reading),
        sealed=sealed,
        holds=holds,
        is_own=why_not_facilitate(person(), session) is None,
        may_check=why_not_check(person(), session) is None,
        may_print=session.submitted_at is None and why_not_print(person(), session) is None,
        late=count_waiting(session).get("late", 0) if why_not_settle_late(person(), session) is None else 0,
        may_publish=why_not_publish(person(), session) is None,
        may_make_code=why_not_make_code(person(), session) is None,
        may_reconvene=(why_not_reconvene(session) or why_not_convene(person(), session.table.consultation)) is None,
    )


def _rounds(session, reading):
    """Return the pooled sessions of the regions that were read in `session`."""
    spoken_of = {result.proposal_id for result, _is_public in reading.results}
    return [] if session.is_pooled or not spoken_of else pooled_read_in(session, spoken_of)
