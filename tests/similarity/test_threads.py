"""Matrix products use one thread each while ours share them, and as many as before afterwards."""

from threading import Barrier, Thread

import numpy as np  # noqa: F401  (loads the library for linear algebra)
from threadpoolctl import threadpool_info

from consulta.similarity.threads import one_thread_each


def threads():
    return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


def test_each_product_has_one_thread_within_and_as_many_as_before_without():
    before = threads()
    with one_thread_each(), one_thread_each():
        assert set(threads()) == {1}
    assert threads() == before


def test_the_first_to_leave_does_not_end_it_for_the_others():
    before, together, alone = threads(), Barrier(2), Barrier(2)

    def leave_early():
        with one_thread_each():
            together.wait(10)
        alone.wait(10)

    other = Thread(target=leave_early)
    other.start()
    with one_thread_each():
        together.wait(10)
        alone.wait(10)
        assert set(threads()) == {1}
    other.join()
    assert threads() == before


def test_a_failure_within_leaves_as_many_as_before():
    before = threads()
    try:
        with one_thread_each():
            raise ValueError
    except ValueError:
        assert threads() == before
