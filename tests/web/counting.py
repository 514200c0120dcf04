"""Counting what a page asks of the database."""

from contextlib import contextmanager

from sqlalchemy import event

from consulta.core.extensions import db


@contextmanager
def queries():
    """Give the list of SQL statements that read, filled while the block runs."""
    asked = []

    def _noted(_connection, _cursor, statement, *_more):
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", _noted)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", _noted)
