"""Matrix products shared out among threads of ours instead of threads of the library for linear algebra."""

import threading
from contextlib import contextmanager

from threadpoolctl import threadpool_limits

_lock = threading.Lock()
_within = 0
_limits = None


@contextmanager
def one_thread_each():
    """Let every matrix product of this process use one thread meanwhile; safe when several are within at once.

    Where another process keeps a processor busy, all threads of one product wait for the one that was put aside.
    """
    global _within, _limits
    with _lock:
        _within += 1
        if _within == 1:
            _limits = threadpool_limits(1, user_api="blas")
    try:
        yield
    finally:
        with _lock:
            _within -= 1
            if not _within:
                _limits.restore_original_limits()
