"""Letting many do something in the same moment, each with a context and a connection of their own."""

import threading
from concurrent.futures import ThreadPoolExecutor

from consulta.core.extensions import db


def at_once(app, acts):
    """Let all `acts` (functions without arguments) begin in the same moment; return what each gave or raised.

    The test's own session then reads what they left.
    """
    barrier = threading.Barrier(len(acts))

    def perform(act):
        with app.app_context():
            barrier.wait()
            try:
                return act()
            except Exception as error:
                return error

    with ThreadPoolExecutor(len(acts)) as pool:
        answers = list(pool.map(perform, acts))
    db.session.rollback()
    return answers
