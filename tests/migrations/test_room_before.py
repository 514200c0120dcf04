"""Sessions that were held before the room had rows of its own keep all they said, and stay public."""

import json
from datetime import date

from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text

from consulta.agreements.models import Agreement
from consulta.consultations.actions import appoint
from consulta.core.extensions import db
from consulta.tables.actions import (
    convene_session,
    found_table,
    note_agenda,
    open_session,
    set_presence,
    submit_session,
)
from consulta.tables.models import Session
from consulta.territories.actions import load_territories
from tests.migrations.test_migrations import site  # noqa: F401  (a fixture)
from tests.people import PLACES, make_consultation, make_person

AGENDA = [{"starts": "15:00", "ends": "15:10", "title": "Bienvenida"}, {"starts": None, "ends": None, "title": "Café"}]
AGREED = [
    {"text": "Enviar el acta", "owner": "Segpres", "due": "2026-12-01"},
    {"text": "Volver a hablar", "owner": None, "due": "pronto"},
]


def hold_sessions():
    """Hold one session that was handed in and one that is open still; returns their numbers."""
    load_territories(PLACES, by=None)
    administrator, moderator = make_person("Administración", administrator=True), make_person("Moderadora")
    consultation = make_consultation(administrator)
    appoint(moderator, "moderator", consultation, by=administrator)
    table = found_table(consultation, title="Mesa", kind="thematic", by=moderator)
    held = [open_session(convene_session(table, title=f"Sesión {n}", by=moderator), by=moderator) for n in range(2)]
    for session in held:
        set_presence(session, "line", sector="academia", heads=3, by=moderator)
        note_agenda(session, "new", title="Lo de ahora", development="Se dijo.", by=moderator)
    submit_session(held[0], by=moderator)
    numbers = [session.id for session in held]
    db.session.rollback()  # a migration waits for whoever still reads
    return numbers


def write_as_before():
    """Let the sessions say what they said when agreements were a list and an item was three words."""
    downgrade(revision="0004")
    with db.engine.begin() as connection:
        connection.execute(
            text("UPDATE sessions SET agenda = :agenda, agreements = :agreed"),
            {"agenda": json.dumps(AGENDA), "agreed": json.dumps(AGREED)},
        )


def test_what_was_handed_in_before_stays_public_and_nothing_else_becomes_so(site):  # noqa: F811
    upgrade()
    done, open_still = hold_sessions()
    write_as_before()
    upgrade()
    session, other = db.session.get(Session, done), db.session.get(Session, open_still)
    assert (session.state, session.checked_by_uid, session.published_at) == (
        "published",
        "machine",
        session.submitted_at,
    )
    assert other.state == "open"
    assert [each.heads for each in session.attendances] == [3] and session.attendances[0].uid


def test_lists_become_rows_and_items_get_what_they_lack_and_all_of_it_goes_back(site):  # noqa: F811
    upgrade()
    numbers = hold_sessions()
    write_as_before()
    upgrade()
    rows = db.session.scalars(select(Agreement).where(Agreement.session_id == numbers[0]).order_by(Agreement.position))
    assert [(each.text, each.owner, each.due_on, each.due_note, each.kind, each.state) for each in rows] == [
        ("Enviar el acta", "Segpres", date(2026, 12, 1), None, "task", "agreed"),
        ("Volver a hablar", None, None, "pronto", "task", "agreed"),
    ]
    agenda = db.session.get(Session, numbers[1]).agenda
    assert [(each["title"], each["starts"], each["kind"], each["is_closed"]) for each in agenda] == [
        ("Bienvenida", "15:00", "item", False),
        ("Café", None, "item", False),
    ]
    assert len({each["id"] for each in agenda}) == 2 and agenda[0]["development"] is None
    db.session.rollback()
    downgrade(revision="0004")
    for row in db.session.execute(text("SELECT agreements FROM sessions")):
        assert (json.loads(row[0]) if isinstance(row[0], str) else row[0]) == AGREED
    db.session.rollback()
