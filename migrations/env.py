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


def _refuse_orphans(*, ctx, **_step):
    """Take a migration back that left rows without their parents; called before it is committed."""
    if ctx.dialect.name == "sqlite" and (broken := ctx.connection.execute(text("PRAGMA foreign_key_check")).fetchall()):
        raise RuntimeError(f"rows without their parents after the migration: {broken[:5]}")


def run():
    """Run what is asked for in one transaction a migration; SQLite too can take back a half-made table."""
    engine = db.engine
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect().execution_options(**{WRITE: True}) as connection:
        if is_sqlite:
            # A table is altered by copying it, which its children must not notice. Works outside a transaction only.
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
        try:
            context.configure(
                connection=connection,
                target_metadata=db.metadata,
                render_item=_rendered,
                transactional_ddl=True,
                transaction_per_migration=True,
                on_version_apply=_refuse_orphans,
                **current_app.extensions["migrate"].configure_args,
            )
            with context.begin_transaction():
                context.run_migrations()
        finally:
            if is_sqlite:
                connection.rollback()
                connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")


if context.is_offline_mode():
    raise SystemExit("Migrations need the database: they run on a connection, not as a script.")
run()
