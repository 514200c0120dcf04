"""What the machine says of its own work: when something last ran, and what failed how often."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from consulta.core.clock import now
from consulta.core.columns import UtcDateTime
from consulta.core.extensions import db
from consulta.core.work import action

TRIES_BEFORE_PARKING = 3


class Pulse(db.Model):
    """The last time that a named piece of work ended well, and its failures since."""

    __tablename__ = "pulses"

    name: Mapped[str] = mapped_column(String(128), primary_key=True)
    at: Mapped[object | None] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)

    @property
    def parked(self):
        """Whether it failed so often that it waits for a person."""
        return self.failures >= TRIES_BEFORE_PARKING


@action(unrecorded="a sign of life of the machine, no decision")
def beat(name, *, by):
    """Note that the work called `name` ended well just now."""
    pulse = db.session.merge(Pulse(name=name))
    pulse.at, pulse.failures, pulse.error = now(), 0, None


@action(unrecorded="a sign of life of the machine, no decision")
def stumble(name, error, *, by):
    """Note that the work called `name` failed with `error` (a short text)."""
    pulse = db.session.merge(Pulse(name=name))
    pulse.failures, pulse.error = (pulse.failures or 0) + 1, error[:500]


@action(unrecorded="a sign of life of the machine, no decision")
def unpark(name, *, by):
    """Let the work called `name` be tried again."""
    db.session.merge(Pulse(name=name)).failures = 0
