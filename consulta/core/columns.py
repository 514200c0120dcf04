"""Column types and kinds of constraint that every domain's tables share."""

from datetime import UTC

from sqlalchemy import CheckConstraint, DateTime, String
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator):
    """An instant: aware in Python, stored in UTC (SQLite keeps it without a zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value, dialect):
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value, dialect):
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def word(length=32):
    """A column type for a word from a closed list; pair it with `one_of`."""
    return String(length)


def one_of(column, words, *, name=None):
    """A CHECK that `column` holds one of `words` (NULL passes; say nullable=False where it may not)."""
    listed = ", ".join(f"'{each}'" for each in words)
    return CheckConstraint(f"{column} IN ({listed})", name=name or f"{column}_known")


def together(*columns, name):
    """A CHECK that `columns` are all NULL or all set."""
    first, *others = columns
    return CheckConstraint(" AND ".join(f"({first} IS NULL) = ({other} IS NULL)" for other in others), name=name)
