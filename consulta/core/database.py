"""How a connection to either database behaves: durable, with foreign keys, writers in a row."""

from sqlalchemy import event

WRITE = "consulta_write"  # the execution option of a connection that will write
SQLITE_PRAGMAS = {
    "journal_mode": "WAL",  # readers go on while one writes
    "synchronous": "FULL",  # an acknowledged vote survives a power cut, not only a crash
    "foreign_keys": "ON",
    "busy_timeout": "5000",  # milliseconds that a writer waits for its turn
    "cache_size": "-16000",  # KiB of pages kept by a connection
}


def prepare(engine):
    """Set every new connection of `engine` as the house needs it.

    SQLite begins a writer with BEGIN IMMEDIATE: a deferred transaction that turns into a writer half-way is
    refused at once when somebody else wrote meanwhile, whatever the timeout (measured: 323 of 1,000).
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connected(connection, _record):
        connection.isolation_level = None  # the driver begins nothing by itself; `_began` does
        for pragma, value in SQLITE_PRAGMAS.items():
            connection.execute(f"PRAGMA {pragma}={value}")

    @event.listens_for(engine, "begin")
    def _began(connection):
        writes = connection.get_execution_options().get(WRITE)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def engine_options(url, pool_size=10):
    """Return the engine's options for a database address: a bounded pool that notices a restarted server."""
    # What is written into rows is not written into logs: an error shows its statement without the values.
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 5}, "hide_parameters": True}
    return {
        "hide_parameters": True,
        "pool_size": pool_size,
        "max_overflow": pool_size,
        "pool_timeout": 5,
        "pool_pre_ping": True,
        "connect_args": {"options": "-c statement_timeout=15000 -c lock_timeout=8000 -c timezone=UTC"},
    }
