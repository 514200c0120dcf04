"""A job is done thing by thing: what breaks is noted and, after three times, left alone; all else goes on."""

import threading
import time
from datetime import timedelta

import pytest

from consulta.core.clock import frozen, now
from consulta.core.errors import Busy
from consulta.core.pulse import claim, finish, parked_work, pulse_of, renew, stumble, unpark
from consulta.jobs import work
from consulta.jobs.sweep import sweep
from consulta.jobs.work import JOBS, perform


class Job:
    """A job on the things `things`; `broken` ones raise `error`."""

    def __init__(self, *things, broken=(), error=ValueError):
        self.things, self.broken, self.error, self.ran = list(things), set(broken), error, []

    def waiting(self):
        return self.things

    def run(self, thing):
        self.ran.append(thing)
        if thing in self.broken:
            raise self.error(f"{thing} is broken")


def done_later(name, times=1, apart=60):
    """Do the job `times` times, `apart` seconds after one another."""
    for number in range(times):
        with frozen(now() + timedelta(seconds=number * apart)):
            perform(name)


@pytest.fixture
def planted(monkeypatch):
    """Puts a job of the test among the others: `planted(Job(1, 2))`; it is called "planted"."""

    def plant(job):
        monkeypatch.setitem(JOBS, "planted", job)
        return job

    return plant


def test_a_broken_thing_is_tried_three_times_and_parked_while_the_others_go_on(app, planted):
    job = planted(Job(1, 2, 3, broken=[2]))
    done_later("planted", times=6)
    assert job.ran.count(2) == 3
    assert (job.ran.count(1), job.ran.count(3)) == (6, 6)
    assert [(pulse.name, pulse.failures) for pulse in parked_work()] == [("planted:2", 3)]
    assert "ValueError: 2 is broken" in pulse_of("planted:2").error


def test_parked_work_is_tried_again_once_somebody_says_so(app, planted):
    job = planted(Job(1, broken=[1]))
    done_later("planted", times=4)
    job.broken.clear()
    unpark("planted:1", by=None)
    assert perform("planted") == 1
    assert parked_work() == []
    assert pulse_of("planted:1").error is None


def test_what_failed_rests_before_it_is_tried_again(app, planted):
    job = planted(Job(1, broken=[1]))
    perform("planted")
    perform("planted")
    assert job.ran == [1]


def test_what_will_pass_is_tried_without_end_and_noted(app, planted):
    job = planted(Job(1, broken=[1], error=Busy))
    done_later("planted", times=6)
    assert len(job.ran) == 6
    assert parked_work() == []
    assert "Busy" in pulse_of("planted:1").error


def test_something_that_is_away_is_not_asked_for_every_thing_that_waits(app, planted):
    job = planted(Job(*range(1, 50), broken=range(1, 50), error=Busy))
    perform("planted")
    assert len(job.ran) == work.AWAY_AT_MOST


def test_a_job_that_cannot_even_say_what_waits_stops_no_other(app, planted, monkeypatch):
    job = planted(Job())
    monkeypatch.setattr(job, "waiting", lambda: 1 / 0)
    other = Job(1)
    monkeypatch.setitem(JOBS, "other", other)
    sweep(("planted", "other"))
    assert other.ran == [1]


def test_a_job_asked_for_while_it_is_done_is_done_once_more(app, planted):
    job = planted(Job(""))

    def run(thing):
        job.ran.append(thing)
        if len(job.ran) == 1:
            assert not claim("planted", 60, by=None), "another process hears the bell"

    job.run = run
    perform("planted")
    assert len(job.ran) == 2


def test_the_work_of_somebody_killed_is_taken_over_within_a_minute(app, planted):
    job = planted(Job(1))
    assert claim("planted:1", work.CLAIM, by=None)
    perform("planted")
    assert job.ran == []
    with frozen(now() + timedelta(seconds=work.CLAIM + 1)):
        perform("planted")
    assert job.ran == [1]
    assert work.CLAIM <= 60


def test_work_that_kills_whoever_does_it_is_parked(app):
    start = now()
    taken = []
    for minute in range(6):
        with frozen(start + timedelta(minutes=2 * minute)):
            taken.append(claim("planted:1", 60, by=None))
    assert taken == [True, True, True, False, False, False]
    assert pulse_of("planted:1").parked


def test_a_living_holder_keeps_its_claim(app, planted, monkeypatch):
    monkeypatch.setattr(work, "CLAIM", 0.6)
    job, refused = planted(Job("")), []

    def run(_thing):
        for _moment in range(4):
            time.sleep(0.3)
            refused.append(not claim("planted", 1, by=None))

    job.run = run
    monkeypatch.setattr(work, "ROUNDS", 1)
    perform("planted")
    assert refused == [True] * 4


def test_a_renewal_gives_nobody_what_was_let_go(app):
    claim("planted", 60, by=None)
    finish("planted", by=None)
    renew("planted", 60, by=None)
    assert claim("planted", 60, by=None)


def test_what_costs_much_rests_and_remembers_what_it_was_made_from(app):
    claim("planted", 60, by=None)
    finish("planted", seen="17", rest=90, by=None)
    assert pulse_of("planted").seen == "17"
    assert not claim("planted", 60, by=None)
    with frozen(now() + timedelta(seconds=91)):
        assert claim("planted", 60, by=None)


def test_a_failure_that_passes_parks_nothing(app):
    for _time in range(5):
        claim("planted", 60, by=None)
        stumble("planted", "away", counts=False, by=None)
    assert parked_work() == []


def test_of_many_who_claim_at_once_one_has_it(app):
    barrier, taken = threading.Barrier(8), []

    def take():
        with app.app_context():
            barrier.wait()
            taken.append(work._did(job, "planted", ""))

    job = Job("")

    def run(_thing):
        job.ran.append(threading.get_ident())
        time.sleep(0.2)

    job.run = run
    threads = [threading.Thread(target=take) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken.count("done") == 1
    assert taken.count("taken") == 7
    assert len(set(job.ran)) == 1
