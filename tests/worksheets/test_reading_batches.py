"""Whatever arrives, a batch is read whole or refused with its reason; what is read has values that can be kept."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from consulta.core.errors import Invalid
from consulta.worksheets.fields import FIELDS, clean_value, held, whole
from consulta.worksheets.protocol import Batch, Unreadable, read_batch

UID = "6a8f4a32-44bb-4cf6-a7ac-00000000000a"
TEXTS = some.text(max_size=20) | some.sampled_from(["\x00", "\ud800", "\u202e", "e\u0301" * 300, "=1+1", "<b>", UID])
SCALARS = some.none() | some.booleans() | some.integers() | some.floats() | TEXTS
JSON = some.recursive(
    SCALARS, lambda inner: some.lists(inner, max_size=3) | some.dictionaries(TEXTS, inner, max_size=3)
)
PART = some.sampled_from(sorted(FIELDS)) | TEXTS
NAME = some.sampled_from(sorted({name for fields in FIELDS.values() for name in fields})) | TEXTS


@some.composite
def almost(draw):
    """A batch as a device sends it, with something else in up to two places."""
    change = {
        "id": UID,
        "session": 1,
        "part": draw(PART),
        "key": draw(some.sampled_from(["", "abc", UID])),
        "field": draw(NAME),
        "value": draw(JSON),
        "base": 0,
        "sequence": 1,
        "at": "2026-11-20T09:00:00Z",
    }
    for name in draw(some.lists(some.sampled_from(sorted(change)), max_size=2)):
        change[name] = draw(JSON)
    return {"protocol": 1, "device": UID, "seen": draw(some.just(0) | JSON), "changes": [change]}


@settings(max_examples=200, deadline=None)
@given(some.binary(max_size=60) | JSON.map(lambda each: json.dumps(each).encode()))
def test_any_bytes_are_refused_with_a_reason(content):
    with pytest.raises(Unreadable) as refusal:
        read_batch(content, 1)
    assert refusal.value.status in (400, 422)
    assert str(refusal.value.reason)


@settings(max_examples=400, deadline=None)
@given(almost())
def test_almost_a_batch_is_read_or_refused_and_its_values_are_cleaned_or_refused(sent):
    try:
        batch = read_batch(json.dumps(sent).encode(), 1)
    except Unreadable as refusal:
        assert refusal.status in (400, 403, 422)
        return
    assert isinstance(batch, Batch)
    for change in batch.changes:
        try:
            value = clean_value(change.part, change.field, change.value)
        except Invalid as refusal:
            assert str(refusal.reason)
            continue
        # Cleaned twice is cleaned once, and a row can be told from it.
        assert clean_value(change.part, change.field, value) == value
        whole(change.part, held(change.part, {change.field: value}))
        json.dumps(value)
