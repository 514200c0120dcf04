"""What gunicorn is told with `--config python:consulta.serving`: read once what every worker needs, then fork.

Nothing of the site holds a connection or a thread before its first request; `tests/web/test_serving.py` checks that.
"""

import gc

from consulta.similarity.guard_data import vocabulary
from consulta.similarity.lexicon import shipped

# Code and lexicon stand in memory once for all workers, and start once: seconds, on a small machine.
preload_app = True


def on_starting(_server):
    """Read the lexicon and the guards before the first worker begins."""
    shipped(), vocabulary()
    # A million objects that stay: no worker looks through them for rubbish, and the memory they share stays shared.
    gc.collect()
    gc.freeze()


def post_worker_init(worker):
    """Have a new worker read the texts to compare, in a thread, before anybody asks it for a page."""
    worker.wsgi.extensions["similarity"].warm(worker.wsgi)
