"""With Redis away nobody waits and nothing is lost: the rows are the truth, and what they ask for is done later."""

import signal
import time

import pytest
from sqlalchemy import func, select

from consulta.accounts.actions import found_institution
from consulta.core.extensions import db
from consulta.core.pulse import parked_work
from consulta.core.record import verify_chain
from consulta.jobs.bell import RqBell
from consulta.proposals.models import Proposal
from consulta.suggestions.models import SimilarGroup
from tests.services.calling import Caller, people_a_site, soon

QUICKLY = 3  # seconds
BEING_AWAY = {
    "stopped": lambda redis: redis.stop(),
    "killed": lambda redis: redis.kill(),
    # Still holding its port and answering nobody: a machine that hangs.
    "frozen": lambda redis: redis.signal(signal.SIGSTOP),
}


@pytest.fixture
def redis_server(redis_server):
    """Redis, which every test here takes away; whoever comes next finds it well."""
    yield redis_server
    redis_server.signal(signal.SIGCONT)


def waiting():
    """Return (entries not sealed, groups suggested)."""
    db.session.rollback()
    return verify_chain().unsealed, db.session.scalar(select(func.count()).select_from(SimilarGroup))


def test_submitting_and_supporting_answer_and_the_work_is_done_when_redis_is_back(new_site, redis_server):
    site = new_site(workers=1, REDIS_URL=redis_server.url, SWEEP_SECONDS=1, RATE_LIMITS=1)
    slug, (author, supporter) = people_a_site(site, citizens=2)
    first = Caller(site.url).sign_in(author)
    redis_server.kill()
    # Signing in counts its tries in Redis: it has to do without, too.
    began = time.monotonic()
    second = Caller(site.url).sign_in(supporter)
    assert time.monotonic() - began < 3 * QUICKLY, "three pages"
    for title in ("Ciclovías seguras en el centro", "Construir ciclovías seguras en el centro"):
        code, answers = first.propose(slug, title)
        answers.append(second.post(f"/propuestas/{code}/apoyo", page=f"/propuestas/{code}"))
        assert [answer.status for answer in answers] == [200] * 4, answers
        assert max(answer.seconds for answer in answers) < QUICKLY, answers
    with site.app():
        assert db.session.scalars(select(Proposal.supporters)).all() == [1, 1]
        unsealed, groups = waiting()
        assert unsealed > 0 and groups == 0, "nobody is there to do it yet"
        redis_server.start()
        worker = site.process("worker")
        assert soon(lambda: waiting() == (0, 1)), worker.tail()
        assert parked_work() == []


def test_a_worker_outlives_redis_and_sweeps_while_it_is_away(new_site, redis_server):
    site = new_site(workers=1, REDIS_URL=redis_server.url, SWEEP_SECONDS=1)
    worker = site.process("worker")
    worker.wait_until(lambda: "Listening on" in worker.tail())
    redis_server.kill()
    with site.app():
        found_institution("Biblioteca", "government", by=None)
        assert soon(lambda: waiting()[0] == 0), f"the sweep beside it goes on\n{worker.tail()}"
        redis_server.start()
        heard = worker.tail(1000).count("seal_record")
        ringing = RqBell(site, redis_server.url)

        def done():
            ringing("record.written", {})
            return worker.tail(1000).count("seal_record") > heard

        assert soon(done), worker.tail()
    assert worker.running


def test_what_waited_in_a_redis_that_died_is_done_by_the_sweep(app, redis_server):
    bell = app.extensions["bell"] = RqBell(app, redis_server.url)
    for number in range(100):
        found_institution(f"Institución {number}", "government", by=None)
    assert bell.status()["waiting"] == 1
    redis_server.kill()
    found_institution("Una más", "government", by=None)
    redis_server.start()
    assert bell.status()["waiting"] == 0, "it kept nothing"
    assert app.test_cli_runner().invoke(args=["sweep"]).output.startswith("done: seal_record")
    assert waiting()[0] == 0
    assert verify_chain().sealed == 101


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("how", BEING_AWAY)
def test_nobody_waits_twice_for_a_redis_that_is_away(app, redis_server, how):
    bell = app.extensions["bell"] = RqBell(app, redis_server.url)
    BEING_AWAY[how](redis_server)
    seconds = []
    for number in range(5):
        began = time.monotonic()
        found_institution(f"Institución {number}", "government", by=None)
        seconds.append(time.monotonic() - began)
    assert seconds[0] < QUICKLY
    assert max(seconds[1:]) < 0.5
    status = bell.status()
    assert not status["well"] and status["detail"]
