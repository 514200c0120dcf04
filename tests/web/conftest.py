"""Who looks at the pages of sessions, and how many queries a page may cost."""

import pytest
from sqlalchemy import event

from consulta.core.extensions import db
from tests.people import sign_in


@pytest.fixture
def hers(new_client, facilitator):
    """A browser in which the facilitator of Magallanes is signed in."""
    return sign_in(new_client(), facilitator)


@pytest.fixture
def seconds(new_client, second_facilitator):
    """A browser in which the other facilitator of Magallanes is signed in."""
    return sign_in(new_client(), second_facilitator)


@pytest.fixture
def count_queries(app):
    """Count the statements that a call sends to the database."""

    def count(call):
        sent = []
        listener = lambda *args: sent.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listener)
        try:
            assert call().status_code == 200
        finally:
            event.remove(db.engine, "before_cursor_execute", listener)
        return len(sent)

    return count
