"""How far a job is, for people who wait for it."""

import time

from consulta.core.pulse import advance

STEP = 0.5  # seconds between two notes: a note is a write


def noting(unit):
    """Return a function (done, out_of) that notes in the pulse of `unit` how far its work is, now and then."""
    noted = 0.0

    def note(done, out_of):
        nonlocal noted
        if time.monotonic() >= noted + STEP:
            noted = time.monotonic()
            advance(unit, done, out_of, by=None)

    return note
