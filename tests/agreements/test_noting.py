"""What an open session agrees: noted one by one by a device, or as a whole list by the form."""

from datetime import date

import pytest

from consulta.agreements import digests
from consulta.agreements.actions import note_agreement, note_agreements
from consulta.agreements.queries import agreements_of
from consulta.core.errors import Invalid
from consulta.core.record import Entry, known_events
from consulta.core.extensions import db
from consulta.tables.actions import ChangedMeanwhile

UID = "7d9f0c4ab8e14d4b9d50a1a1f2a3b4c5"


def test_an_agreement_is_made_and_changed_field_by_field(table_session, facilitator):
    made = note_agreement(table_session, UID, text="  Redactar la carta ", by=facilitator)
    assert (made.position, made.kind, made.state, made.text) == (1, "task", "agreed", "Redactar la carta")
    note_agreement(table_session, UID, owner="Las redes", due_note="la próxima semana", by=facilitator)
    changed = note_agreement(table_session, UID, due_on="2026-12-01", terms=["a) uno", "b. dos", " "], by=facilitator)
    assert (changed.text, changed.owner, changed.due_on) == ("Redactar la carta", "Las redes", date(2026, 12, 1))
    assert changed.terms == ["uno", "dos"]
    assert len(agreements_of(table_session)) == 1
    assert facilitator.uid in table_session.hands
