"""The room whose minutes these tests read."""

import pytest

from consulta.minutes.actions import publish_minutes
from tests.minutes.rooms import brought, hold


@pytest.fixture
def proposals(consultation, institution, moderator):
    """Two proposals that ChileCompra brought."""
    return brought(consultation, institution, ["Datos abiertos y compras", "Portal de presupuesto"], moderator)


@pytest.fixture
def checked(table, facilitator, moderator, proposals):
    """A session with everything in it, checked by a second person."""
    return hold(table, facilitator=facilitator, moderator=moderator, proposals=proposals)


@pytest.fixture
def version(checked, moderator):
    """The first version of its minutes, published."""
    return publish_minutes(checked, by=moderator)
