"""flask sweep and flask worker: doing the jobs outside of the web processes."""

import multiprocessing
import os
import signal
import time

import click
from flask import current_app
from flask.cli import with_appcontext
from redis.exceptions import RedisError
from rq.exceptions import StopRequested

from consulta.core.extensions import db
from consulta.jobs.lanes import lanes_for
from consulta.jobs.sweep import sweep
from consulta.jobs.worker import SiteWorker

PAUSE = 2  # seconds before a worker that lost Redis looks for it again


def bind(app):
    """Give `app` the commands of the jobs."""
    app.cli.add_command(sweep_command)
    app.cli.add_command(worker_command)


@click.command("sweep")
@click.option("--every", type=click.IntRange(min=1), help="Go on sweeping, with this many seconds between.")
@with_appcontext
def sweep_command(every):
    """Finish what a lost bell left behind: letters, seals, vectors, groups, merges to be settled."""
    while True:
        try:
            done = sweep()
            click.echo("done: " + (", ".join(f"{name} ({number})" for name, number in done.items()) or "nothing"))
        except Exception as error:
            if not every:
                raise
            click.echo(f"left for the next sweep: {error}", err=True)
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
        # A process of its own: it goes on while Redis is away, and no thread of it is alive when the worker forks.
        fork = multiprocessing.get_context("fork")
        fork.Process(target=_sweep_beside, args=(app, seconds, os.getpid()), name="sweep", daemon=True).start()
    try:
        # RQ's worker ends when it loses Redis in the wrong moment: the next one waits for it.
        while not _worked(app.config["REDIS_URL"], burst):
            time.sleep(PAUSE)
    except StopRequested:
        pass


def _worked(url, burst):
    """Let one worker work until it ends; returns whether that was wanted."""
    worker = None
    try:
        worker = SiteWorker.of(url)
        worker.work(burst=burst)
    except RedisError as error:
        if burst:
            raise click.ClickException(f"Redis is away: {error}") from error
        click.echo(f"Redis is away, the sweep goes on alone: {error}", err=True)
    return burst or (worker is not None and worker.asked_to_stop)


def _sweep_beside(app, seconds, parent):
    """Sweep until the worker `parent` is gone, however it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the worker's affair, which ends this process
    with app.app_context():
        db.engine.dispose(close=False)
    for lane in lanes_for(app, seconds):
        lane.start()
    while os.getppid() == parent:
        time.sleep(0.5)
