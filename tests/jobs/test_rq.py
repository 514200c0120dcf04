"""With Redis, RQ workers do the jobs: what a person does in the browser is sealed and grouped by another process."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest
from rq import Callback, Queue
from rq.serializers import JSONSerializer
from sqlalchemy import func, select

from consulta.accounts.actions import found_institution
from consulta.core.extensions import db
from consulta.core.pulse import parked_work
from consulta.core.record import verify_chain
from consulta.jobs.bell import ANSWER, QUEUE, RqBell
from consulta.jobs.reactions import REACTIONS
from consulta.jobs.work import JOBS
from consulta.suggestions.models import SimilarGroup
from tests.services.calling import Caller, people_a_site, soon
from tests.services.databases import KINDS, SECRET_KEY
from tests.services.forking import ForkedProcess
from tests.services.site import CHECKOUT, flask_module

TITLES = ("Construir ciclovías seguras en el centro", "Ciclovías seguras en el centro")


def count_groups():
    """Return how many groups are suggested."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(SimilarGroup))


def children(pid):
    """Return the numbers of the processes that the process `pid` started."""
    found = []
    for thread in Path(f"/proc/{pid}/task").glob("*"):
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread that ended meanwhile
            found += map(int, (thread / "children").read_text().split())
    return found


def runs(pid):
    """Tell whether a process is there and not only waiting to be noticed as ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def touch(job, _connection, _result):
    """What a job put into Redis by a stranger would have called."""
    Path(job.meta["path"]).touch()


@pytest.fixture
def new_worker(app, database_url, redis_server, tmp_path):
    """Starts `flask worker` on the test's database: `new_worker(SWEEP_SECONDS=1)`; the test's own bell is RQ's."""
    app.extensions["bell"] = RqBell(app, redis_server.url)
    started = []

    def new_worker(**settings):
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(CHECKOUT),
            "SECRET_KEY": SECRET_KEY,
            "DATABASE_URL": database_url,
            "INSTANCE": str(tmp_path),
            "REDIS_URL": redis_server.url,
            "SWEEP_SECONDS": "0",
            **{name: str(value) for name, value in settings.items()},
        }
        worker = ForkedProcess(flask_module(["worker"]), tmp_path / "worker.log", env=environment, cwd=CHECKOUT)
        started.append(worker)
        worker.wait_until(lambda: "Listening on" in worker.tail())
        return worker

    yield new_worker
    for worker in started:
        worker.stop()


def is_sealed():
    """Tell whether every entry of the record of the test's database is sealed."""
    db.session.rollback()
    found = verify_chain()
    return found.sealed > 0 and found.unsealed == 0 and found.holds


@pytest.mark.parametrize("kind", KINDS)
def test_a_proposal_sent_in_the_browser_is_sealed_and_grouped_by_a_worker(new_site, redis_server, kind):
    # Nothing sweeps: what is done was heard through Redis.
    site = new_site(kind, workers=1, REDIS_URL=redis_server.url, SWEEP_SECONDS=0)
    slug, (address,) = people_a_site(site)
    worker = site.process("worker")
    author = Caller(site.url).sign_in(address)
    for title in TITLES:
        _code, answers = author.propose(slug, title)
        assert [answer.status for answer in answers] == [200] * 3, answers
    with site.app():
        assert soon(is_sealed), worker.tail()
        assert soon(lambda: count_groups() == 1), worker.tail()
        assert parked_work() == []
    assert worker.running


@pytest.mark.only_on("sqlite")
def test_the_worker_does_this_sites_jobs_and_no_others(new_worker, redis_server, tmp_path):
    connection = redis_server.client()
    pickled, named, called_back = (tmp_path / name for name in ("pickled", "named", "called-back"))
    Queue(QUEUE, connection=connection).enqueue(os.system, f"touch {pickled}")
    plain = Queue(QUEUE, connection=connection, serializer=JSONSerializer)
    plain.enqueue("os.system", f"touch {named}")
    plain.enqueue(
        ANSWER, "seal_record", on_success=Callback("tests.jobs.test_rq.touch"), meta={"path": str(called_back)}
    )
    worker = new_worker()
    assert soon(lambda: worker.tail(400).count("none of this site") == 3), worker.tail()
    found_institution("Biblioteca", "government", by=None)
    assert soon(is_sealed), f"it goes on with what is its own\n{worker.tail()}"
    assert [path.exists() for path in (pickled, named, called_back)] == [False] * 3
    assert worker.running


@pytest.mark.only_on("sqlite")
def test_a_work_horse_that_is_killed_ends_no_worker(new_worker, app):
    worker = new_worker()
    killed, deadline = 0, time.monotonic() + 30
    while not killed and time.monotonic() < deadline:
        app.extensions["bell"]("proposal.submitted", {})
        for horse in children(worker.pid):
            with suppress(ProcessLookupError):
                os.kill(horse, signal.SIGKILL)
                killed += 1
    assert killed
    found_institution("Biblioteca", "government", by=None)
    assert soon(is_sealed), worker.tail()
    assert worker.running


@pytest.mark.only_on("sqlite")
def test_a_burst_of_changes_puts_each_job_into_the_queue_once(app, redis_server):
    bell = RqBell(app, redis_server.url)
    for _time in range(50):
        for event in REACTIONS:
            bell(event, {})
    heard = {job for names in REACTIONS.values() for job in names}
    assert bell.status()["waiting"] == len(heard) <= len(JOBS)


@pytest.mark.only_on("sqlite")
def test_a_job_that_began_is_asked_for_anew(app, redis_server):
    bell = RqBell(app, redis_server.url)
    bell("record.written", {})
    bell.began("seal_record")
    bell("record.written", {})
    assert bell.status()["waiting"] == 2


@pytest.mark.only_on("sqlite")
def test_what_takes_moments_is_put_before_what_takes_minutes(app, redis_server):
    bell = RqBell(app, redis_server.url)
    bell("proposal.submitted", {})
    bell("record.written", {})
    queue = Queue(QUEUE, connection=redis_server.client(), serializer=JSONSerializer)
    assert [job.args[0] for job in queue.jobs] == ["seal_record", "encode_wordings", "suggest_groups", "draw_map"]


@pytest.mark.only_on("sqlite")
def test_the_status_says_whether_a_worker_is_there_and_its_sweep_ends_with_it(new_worker, app, redis_server):
    status = app.extensions["bell"].status
    assert status() == {"kind": "rq", "well": False, "detail": "0 workers", "waiting": 0}
    worker = new_worker(SWEEP_SECONDS=1)
    (sweeping,) = children(worker.pid)
    assert status()["well"]
    os.kill(worker.pid, signal.SIGTERM)
    assert soon(lambda: not worker.running)
    assert soon(lambda: not runs(sweeping), seconds=10)
    assert not status()["well"]
    redis_server.stop()
    assert (status()["well"], status()["waiting"]) == (False, None)


@pytest.mark.only_on("sqlite")
def test_the_sweep_of_a_worker_that_is_killed_ends_with_it(new_worker):
    worker = new_worker(SWEEP_SECONDS=1)
    (sweeping,) = children(worker.pid)
    os.kill(worker.pid, signal.SIGKILL)
    assert soon(lambda: not runs(sweeping), seconds=10)


@pytest.mark.only_on("sqlite")
def test_a_worker_without_redis_in_its_settings_says_so(app):
    done = app.test_cli_runner().invoke(args=["worker"])
    assert done.exit_code == 1
    assert "REDIS_URL" in done.output
