"""Devices as tests need them: each with an id, a sequence and what it last knew."""

import json
import uuid

from consulta.core.extensions import db
from consulta.worksheets import queries
from consulta.worksheets.actions import keep_photo, take_changes
from consulta.worksheets.photo_decoding import Decoded
from consulta.worksheets.protocol import read_batch
from consulta.worksheets.tracking import new_code


class Device:
    """A phone that writes changes, and sends them when it is told to."""

    def __init__(self, session, by):
        self.id, self.session_id, self.by = str(uuid.uuid4()), session.id, by
        self.sequence, self.seen, self.versions, self.values = 0, 0, {}, {}

    def change(self, part, key, field, value, **more):
        """Write a change and return it as it is sent."""
        self.sequence += 1
        return {
            "id": str(uuid.uuid4()),
            "session": self.session_id,
            "part": part,
            "key": key,
            "field": field,
            "value": value,
            "base": self.versions.get((part, key, field), 0),
            "sequence": self.sequence,
            "at": "2026-11-20T09:00:00Z",
            **more,
        }

    def send(self, session, *changes):
        """Send changes; returns the Answer, and knows what the site answered."""
        content = {"protocol": 1, "device": self.id, "seen": self.seen, "changes": list(changes)}
        batch = read_batch(json.dumps(content).encode(), session.id)
        answer = take_changes(session, batch, by=self.by)
        self.look(session)
        return answer

    def look(self, session):
        """Learn what stands."""
        db.session.rollback()
        for place, row in queries.standings_of(session).items():
            self.versions[place], self.values[place] = row.version, row.value
        self.seen = queries.version_of(session)


def standing(session):
    """Return {place: value} of all that stands, but for what is empty."""
    db.session.rollback()
    return {
        place: row.value
        for place, row in queries.standings_of(session).items()
        if row.value not in ("", None, False, [])
    }


def fill_worksheet(session, by):
    """Let two phones write in an open session, in conflict, a proposal of the room and a photo among it."""
    one, other, uid = Device(session, by), Device(session, by), new_uid()
    one.send(
        session,
        one.change("session", "", "notes", "De un teléfono"),
        one.change("proposal", uid, "title", "Una ventanilla única"),
        one.change("proposal", uid, "body", "Que haya una sola."),
        one.change("proposal", uid, "tracking_code", new_code()),
        one.change("proposal", uid, "ready", True),
    )
    other.send(session, other.change("session", "", "notes", "De otro"))
    keep_photo(session, new_uid(), Decoded(content=b"jpeg", width=4, height=3, digest="0" * 64), by=by)


def states(answer):
    """Return what became of the changes of a batch, in their order."""
    return list(answer.taken.values())


def new_uid():
    """Return what a device calls a line it made."""
    return uuid.uuid4().hex
