"""How migrations run: on the application's own connection, each whole or not at all, on both databases."""

from alembic import context
from flask import current_app
from sqlalchemy import text

from consulta.core.columns import UtcDateTime
from consulta.core.database import WRITE
from consulta.core.extensions import db


def _rendered(kind, thing, autogen_context):
    """Write our own column type as what the database knows: a migration never imports the application."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UtcDateTime) else False


def run():
    """Run what is asked for in one transaction a migration; SQLite too can take back a half-made table."""
    engine = db.engine
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect().execution_options(**{WRITE: True}) as connection:
        if is_sqlite:
            # A table is altered by copying it, which its children must not notice; this works outside a transaction only.
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_item=_rendered,
            transactional_ddl=True,
            transaction_per_migration=True,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        if is_sqlite:
            broken = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
            connection.rollback()
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")
            if broken:
                raise RuntimeError(f"rows without their parents after the migration: {broken[:5]}")


if context.is_offline_mode():
    raise SystemExit("Migrations need the database: they run on a connection, not as a script.")
run()
