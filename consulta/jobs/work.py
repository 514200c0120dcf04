"""Doing a job: claimed so that two never do the same at once, its end or its failure noted."""

import logging

from consulta.core.errors import Conflict
from consulta.core.extensions import db
from consulta.core.pulse import claim, finish, stumble
from consulta.jobs import (
    encode_wordings,
    seal_record,
    send_confirmation,
    send_reset,
    settle_merges,
    suggest_groups,
)

log = logging.getLogger(__name__)

JOBS = {
    module.__name__.rsplit(".", 1)[-1]: module
    for module in (seal_record, send_confirmation, send_reset, encode_wordings, suggest_groups, settle_merges)
}
ROUNDS = 5  # how often a job is done over because it was asked for meanwhile


def perform(name):
    """Do the job `name` now, unless somebody is at it (who then does it once more). Returns whether it ended well.

    Never raises: a failure is noted, and after three the job waits for a person, while the others go on.
    """
    job = JOBS[name]
    try:
        for _round in range(ROUNDS):
            if not claim(name, job.SECONDS, by=None):
                return False
            job.run()
            if not finish(name, by=None):
                break
    except Conflict:
        return False  # somebody else took the same work in the same moment
    except Exception as error:
        log.exception("the job %s failed", name)
        db.session.rollback()
        stumble(name, f"{type(error).__name__}: {error}", by=None)
        return False
    finally:
        db.session.remove()
    return True
