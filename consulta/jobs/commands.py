"""flask sweep and flask worker: doing the jobs outside of the web processes."""

import multiprocessing
import time

import click
from flask import current_app
from flask.cli import with_appcontext
from rq import Queue, Worker
from rq.serializers import JSONSerializer

from consulta.core.extensions import db
from consulta.jobs.bell import QUEUE
from consulta.jobs.sweep import sweep


def bind(app):
    """Give `app` the commands of the jobs."""
    app.cli.add_command(sweep_command)
    app.cli.add_command(worker_command)


@click.command("sweep")
@click.option("--every", type=int, default=0, help="Go on sweeping, with this many seconds between.")
@with_appcontext
def sweep_command(every):
    """Finish what a lost bell left behind: letters, seals, vectors, groups, merges to be settled."""
    while True:
        click.echo("done: " + (", ".join(sweep()) or "nothing"))
        if not every:
            return
        time.sleep(every)


@click.command("worker")
@click.option("--burst", is_flag=True, help="End when the queue is empty.")
@with_appcontext
def worker_command(burst):
    """Do the jobs that arrive through Redis, and sweep beside them so that none is lost while Redis is away."""
    app = current_app._get_current_object()
    if not app.config["REDIS_URL"]:
        raise click.ClickException("A worker needs REDIS_URL; without it the web processes do the jobs themselves.")
    seconds = app.config["SWEEP_SECONDS"]
    if seconds and not burst:
        # A process of its own: it goes on while Redis is away, and no thread is alive when the worker forks.
        multiprocessing.get_context("fork").Process(target=_sweep_on, args=(app, seconds), daemon=True).start()
    with app.app_context():
        connection = app.extensions["bell"].connection
        queue = Queue(QUEUE, connection=connection, serializer=JSONSerializer)
        SiteWorker([queue], connection=connection, serializer=JSONSerializer).work(burst=burst)


class SiteWorker(Worker):
    """An RQ worker whose every job gets connections of its own to the database, not the parent's."""

    def perform_job(self, *args, **kwargs):
        """Do one job in the forked process."""
        db.engine.dispose(close=False)
        return super().perform_job(*args, **kwargs)


def _sweep_on(app, seconds):
    with app.app_context():
        db.engine.dispose(close=False)
        while True:
            try:
                sweep()
            except Exception:
                app.logger.exception("a sweep failed; the next one comes")
            time.sleep(seconds)
