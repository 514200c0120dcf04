"""Two phones at the session of Magallanes."""

import pytest

from tests.worksheets.devices import Device


@pytest.fixture
def device(table_session, facilitator):
    """A phone of the facilitator."""
    return Device(table_session, facilitator)


@pytest.fixture
def other_device(table_session, facilitator):
    """Another phone of hers."""
    return Device(table_session, facilitator)
