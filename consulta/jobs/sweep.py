"""The sweep: finds what lost bells left behind, and does it. The rows say what is to be done, no queue does."""

from contextlib import suppress
from datetime import timedelta

from consulta.core.clock import now
from consulta.core.errors import Conflict
from consulta.core.pulse import finish, tidy
from consulta.jobs.work import JOBS, perform

KEPT = timedelta(days=1)


def sweep(names=tuple(JOBS)):
    """Do the jobs `names` once: each looks at the rows for what waits, and ends at once where nothing does.

    Returns a dictionary of the names that did something to how many things.
    """
    done = {name: number for name in names if (number := perform(name))}
    with suppress(Conflict):  # somebody else notes the very first sweep in the same moment
        tidy(now() - KEPT, by=None)
        finish("sweep", by=None)
    return done
