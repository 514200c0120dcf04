"""What the machine says of its own work: who is at it, when it last ended well, and what failed how often."""

from datetime import timedelta

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from consulta.core.clock import now
from consulta.core.columns import UtcDateTime
from consulta.core.extensions import db
from consulta.core.work import action

TRIES_BEFORE_PARKING = 3


class Pulse(db.Model):
    """One named piece of work: a claim on it, its last good end, and its failures since."""

    __tablename__ = "pulses"

    name: Mapped[str] = mapped_column(String(128), primary_key=True)
    at: Mapped[object | None] = mapped_column(UtcDateTime)
    # Whoever works on it holds it until then; a killed worker's claim runs out by itself.
    claimed_until: Mapped[object | None] = mapped_column(UtcDateTime)
    # It is left alone until then: it failed a moment ago, or it costs so much that it may not be done all the time.
    rests_until: Mapped[object | None] = mapped_column(UtcDateTime)
    # Somebody rang while it was claimed: it is done once more.
    asked_again: Mapped[bool] = mapped_column(default=False)
    failures: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)
    # What it was made from when it last ended well: while that is the same, there is nothing to do.
    seen: Mapped[str | None] = mapped_column(String(200))
    # How much of the work under way is done, and of how much: for people who wait for it.
    done: Mapped[int | None]
    out_of: Mapped[int | None]

    @property
    def parked(self):
        """Whether it failed so often that it waits for a person."""
        return self.failures >= TRIES_BEFORE_PARKING


@action(unrecorded="a sign of life of the machine, no decision")
def claim(name, seconds, *, by):
    """Take the work called `name` for `seconds`; returns whether it was free. If not, its holder does it once more.

    A claim that ran out without a word counts as a failure: its holder was killed, or hangs.
    """
    pulse = _held(name)
    if pulse.claimed_until is not None and pulse.claimed_until > now():
        pulse.asked_again = True
        return False
    if pulse.claimed_until is not None:
        pulse.failures, pulse.error, pulse.claimed_until = pulse.failures + 1, "it was cut off, or hangs", None
    if pulse.parked or (pulse.rests_until is not None and pulse.rests_until > now()):
        return False
    pulse.claimed_until, pulse.asked_again = now() + timedelta(seconds=seconds), False
    pulse.done = pulse.out_of = None
    return True


@action(unrecorded="a sign of life of the machine, no decision")
def renew(name, seconds, *, by):
    """Hold the claimed work called `name` for `seconds` more, because whoever does it is alive."""
    pulse = _held(name)
    if pulse.claimed_until is not None:
        pulse.claimed_until = now() + timedelta(seconds=seconds)


@action(unrecorded="a sign of life of the machine, no decision")
def advance(name, done, out_of, *, by):
    """Note how much of the claimed work called `name` is done: `done` of `out_of`, in whatever it counts."""
    pulse = _held(name)
    if pulse.claimed_until is not None:
        pulse.done, pulse.out_of = done, out_of


@action(unrecorded="a sign of life of the machine, no decision")
def finish(name, *, seen=None, rest=0, by):
    """Note that the claimed work called `name` ended well; returns whether it was asked for again meanwhile.

    seen: what it was made from. rest: seconds in which it is not done again.
    """
    pulse = _held(name)
    again, pulse.asked_again = pulse.asked_again, False
    pulse.at, pulse.claimed_until, pulse.failures, pulse.error = now(), None, 0, None
    pulse.done = pulse.out_of = None
    pulse.seen, pulse.rests_until = seen, _after(rest)
    return again


@action(unrecorded="a sign of life of the machine, no decision")
def stumble(name, error, *, counts=True, rest=0, by):
    """Note that the work called `name` failed with `error` (a short text) and let it go.

    counts: False for what is not its own fault and will pass, such as a mail server that is away. rest: seconds until
    it may be tried again.
    """
    pulse = _held(name)
    pulse.failures, pulse.error, pulse.claimed_until = pulse.failures + counts, error[:500], None
    pulse.rests_until = _after(rest)


@action(unrecorded="a sign of life of the machine, no decision")
def unpark(name, *, by):
    """Let the work called `name` be tried again."""
    pulse = _held(name)
    pulse.failures, pulse.claimed_until, pulse.rests_until = 0, None, None


@action(unrecorded="a sign of life of the machine, no decision")
def tidy(older_than, *, by):
    """Drop what is known of work on single things that ended well before the instant `older_than`."""
    ended = select(Pulse).where(Pulse.name.contains(":"), Pulse.failures == 0, Pulse.at < older_than).limit(1000)
    for pulse in db.session.scalars(ended):
        db.session.delete(pulse)


def pulse_of(name):
    """Return the Pulse called `name`, or None where that work never ran."""
    return db.session.get(Pulse, name)


def parked_work():
    """Return the Pulses that failed too often and wait for a person."""
    return db.session.scalars(select(Pulse).where(Pulse.failures >= TRIES_BEFORE_PARKING).order_by(Pulse.name)).all()


def _after(seconds):
    return now() + timedelta(seconds=seconds) if seconds else None


def _held(name):
    pulse = db.session.get(Pulse, name, with_for_update=True, populate_existing=True)
    if pulse is None:
        pulse = Pulse(name=name, failures=0, asked_again=False)
        db.session.add(pulse)
        db.session.flush()
    return pulse
