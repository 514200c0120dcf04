"""Agreements become rows; lists and items get their identifiers; what was handed in before stays public."""

import uuid
from datetime import date

from alembic import op
import sqlalchemy as sa

revision = '0006'
down_revision = '0005'

# What an item of an agenda holds beside its title and times.
ITEM = {
    "kind": "item", "block": None, "starts": None, "ends": None,
    "development": None, "is_closed": False, "closed_note": None,
}  # fmt: skip
# Lists as long as these held only so much of an owner and a due date.
DUE, OWNER = 40, 320


def upgrade():
    connection, tables = _reflected()
    attendances, sessions, agreements = (tables[name] for name in ("attendances", "sessions", "agreements"))
    for row in connection.execute(sa.select(attendances.c.id).where(attendances.c.uid.is_(None))).all():
        connection.execute(sa.update(attendances).where(attendances.c.id == row.id).values(uid=uuid.uuid4().hex))
    # Until its session is open nobody but the convening writes a line.
    unopened = sa.select(sessions.c.id).where(sessions.c.opened_at.is_(None))
    asked = attendances.c.convened.is_(True) & attendances.c.session_id.in_(unopened)
    connection.execute(sa.update(attendances).where(asked).values(invited=True))
    held = set(connection.scalars(sa.select(agreements.c.session_id)))
    for session in connection.execute(sa.select(sessions).order_by(sessions.c.id)).mappings().all():
        if session["submitted_at"] is not None and session["published_at"] is None:
            # It was public, and nobody was asked to check it.
            connection.execute(
                sa.update(sessions)
                .where(sessions.c.id == session["id"])
                .values(
                    checked_at=session["submitted_at"], checked_by_uid="machine", published_at=session["submitted_at"]
                )
            )
        if any("id" not in item for item in session["agenda"] or []):
            connection.execute(
                sa.update(sessions)
                .where(sessions.c.id == session["id"])
                .values(agenda=[{**ITEM, "id": uuid.uuid4().hex, **item} for item in session["agenda"]])
            )
        if session["id"] not in held:
            for position, each in enumerate(session["agreements"] or [], 1):
                due = _day(each.get("due"))
                connection.execute(
                    sa.insert(agreements).values(
                        uid=uuid.uuid4().hex,
                        session_id=session["id"],
                        position=position,
                        kind="task",
                        text=each["text"],
                        terms=[],
                        owner=each.get("owner"),
                        due_on=due,
                        due_note=None if due else each.get("due"),
                        state="agreed",
                    )
                )


def downgrade():
    connection, tables = _reflected()
    sessions, agreements = tables["sessions"], tables["agreements"]
    found = {}
    for each in connection.execute(
        sa.select(agreements).order_by(agreements.c.session_id, agreements.c.position)
    ).mappings():
        due = each["due_on"].isoformat() if each["due_on"] else each["due_note"]
        said = {"text": each["text"], "owner": (each["owner"] or "")[:OWNER] or None, "due": (due or "")[:DUE] or None}
        found.setdefault(each["session_id"], []).append(said)
    for session_id, said in found.items():
        connection.execute(sa.update(sessions).where(sessions.c.id == session_id).values(agreements=said))


def _reflected():
    connection, reflected = op.get_bind(), sa.MetaData()
    reflected.reflect(connection, only=["sessions", "attendances", "agreements"])
    for name, column in (("sessions", "agreements"), ("sessions", "agenda"), ("agreements", "terms")):
        # SQLite's reflection knows JSON; PostgreSQL's as well. Said, so that lists are lists on both.
        reflected.tables[name].c[column].type = sa.JSON()
    return connection, reflected.tables


def _day(text):
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
