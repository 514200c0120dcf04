"""The sweep: finds what lost bells left behind, and does it. The rows say what is to be done, no queue does."""

from datetime import timedelta

from consulta.core.clock import now
from consulta.core.pulse import finish, tidy
from consulta.jobs.work import JOBS, perform

KEPT = timedelta(days=1)


def sweep():
    """Do every job once: each looks at the rows for what waits, and ends at once where nothing does.

    Returns the names of the jobs that ended well.
    """
    done = [name for name in JOBS if perform(name)]
    tidy(now() - KEPT, by=None)
    finish("sweep", by=None)
    return done
