"""The process that these tests walk."""

import pytest

from tests.plan.chain import build


@pytest.fixture
def chain(consultation, moderator, citizen):
    """A process up to the draft of its plan, which is not published yet."""
    return build(consultation, moderator, author=citizen)
