"""Without Redis, threads of the process do the jobs: after the commit, each once, and never more than wait."""

import os
import threading
import time

import pytest
from sqlalchemy import func, select

from consulta.accounts.actions import found_institution
from consulta.accounts.models import Institution
from consulta.app import create_app
from consulta.core.extensions import db
from consulta.core.record import verify_chain
from consulta.core.work import action
from consulta.jobs import lanes
from consulta.jobs.bell import ThreadBell
from consulta.jobs.reactions import REACTIONS
from consulta.jobs.work import JOBS
from consulta.suggestions.models import SimilarGroup
from tests.people import make_person
from tests.services.calling import Caller, people_a_site, soon
from tests.services.databases import settings_for

PATIENCE = 20  # seconds


def fresh(question):
    """Ask the database anew."""
    db.session.rollback()
    return question()


@pytest.fixture
def bell(app):
    """The bell of a site that has no Redis; it never sweeps unless the test says so."""
    made = []

    def ring_with(seconds=0):
        app.extensions["bell"] = ThreadBell(app, seconds)
        made.append(app.extensions["bell"])
        return made[-1]

    yield ring_with
    for each in made:
        each.end()


@pytest.fixture
def heard(monkeypatch):
    """Replaces every job by one that notes its name; `heard.hold` makes it wait."""

    class Heard(list):
        hold = threading.Event()

    found = Heard()
    found.hold.set()

    def perform(name):
        found.append(name)
        found.hold.wait(PATIENCE)
        return 0

    monkeypatch.setattr(lanes, "perform", perform)
    return found


def test_a_site_without_redis_has_this_bell(app, database_url, tmp_path):
    site = create_app(settings_for(database_url, tmp_path, BELL=""))
    assert site.extensions["bell"].kind == "thread"


def test_an_entry_is_sealed_within_seconds_of_its_commit(app, bell):
    bell()
    began = time.monotonic()
    found_institution("Biblioteca", "government", by=None)
    assert soon(lambda: fresh(lambda: verify_chain().unsealed == 0 and verify_chain().sealed == 1))
    assert time.monotonic() - began < 5


def test_a_letter_goes_out_by_itself(app, bell):
    bell()
    person = make_person(confirmed=False)
    assert soon(lambda: fresh(lambda: person.confirmation_sent_at is not None))


def test_the_jobs_begin_after_the_commit_and_not_at_all_without_one(app, bell, monkeypatch):
    bell()
    seen = []

    def look(name):
        seen.append((name, db.session.scalar(select(func.count()).select_from(Institution))))
        db.session.remove()

    monkeypatch.setattr(lanes, "perform", look)

    @action
    def found_and_fail(*, by):
        """Found an institution, and fail."""
        found_institution("Ninguna", "government", by=by)
        raise RuntimeError("half-way")

    with pytest.raises(RuntimeError):
        found_and_fail(by=None)
    found_institution("Biblioteca", "government", by=None)
    assert soon(lambda: seen)
    assert seen == [("seal_record", 1)]


def test_what_is_asked_for_twice_before_it_is_begun_is_done_once(app, bell, heard):
    ringing = bell()
    heard.hold.clear()
    ringing("record.written", {})
    assert soon(lambda: heard == ["seal_record"])
    for _time in range(50):
        ringing("record.written", {})
    assert ringing.status()["waiting"] == 2
    heard.hold.set()
    assert soon(lambda: ringing.status()["waiting"] == 0)
    assert heard == ["seal_record", "seal_record"], "the one under way may have looked before the change"


def test_no_more_waits_than_there_are_jobs(app, bell, heard):
    ringing = bell()
    heard.hold.clear()
    for _time in range(500):
        for event in REACTIONS:
            ringing(event, {})
    assert ringing.status()["waiting"] <= len(JOBS) + 2
    heard.hold.set()


def test_what_takes_moments_does_not_wait_for_what_takes_minutes(app, bell, monkeypatch):
    ringing, grouping, sealed = bell(), threading.Event(), threading.Event()

    def perform(name):
        (grouping.wait if name == "suggest_groups" else lambda _seconds: sealed.set())(PATIENCE)

    monkeypatch.setattr(lanes, "perform", perform)
    ringing("proposal.hidden", {})
    ringing("record.written", {})
    assert sealed.wait(PATIENCE)
    grouping.set()


def test_a_job_that_breaks_ends_no_thread(app, bell, monkeypatch):
    ringing, done = bell(), threading.Event()

    def perform(name):
        if name == "seal_record":
            raise MemoryError("planted")
        done.set()

    monkeypatch.setattr(lanes, "perform", perform)
    ringing("record.written", {})
    ringing("person.reset_asked", {})
    assert done.wait(PATIENCE)
    assert ringing.status()["well"]


def test_it_sweeps_beside_the_jobs_however_many_are_asked_for(app, bell, heard, monkeypatch):
    swept = []
    monkeypatch.setattr(lanes, "sweep", swept.append)
    monkeypatch.setattr(lanes, "FIRST_SWEEP", 0.1)
    ringing = bell(seconds=0.2)
    deadline = time.monotonic() + PATIENCE
    while len(swept) < 6 and time.monotonic() < deadline:
        ringing("record.written", {})
        time.sleep(0.005)
    assert {name for names in swept for name in names} == set(JOBS)


def test_two_requests_at_once_start_the_threads_once(app, bell):
    ringing, barrier = bell(), threading.Barrier(8)
    # Other tests of this process may have left some.
    others = set(threading.enumerate())

    def begin():
        barrier.wait()
        ringing.start()

    threads = [threading.Thread(target=begin) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    begun = [thread for thread in threading.enumerate() if thread.name.startswith("jobs from")]
    assert len(set(begun) - others) == 2
    assert ringing.status()["well"]


def test_it_starts_with_the_first_request(app, bell, client, monkeypatch):
    ringing = bell()
    assert not ringing.status()["well"]
    ringing.start()
    assert ringing.status()["well"]
    assert ringing.start in app.before_request_funcs[None]


def test_a_process_that_was_forked_gets_threads_of_its_own(app, bell):
    ringing = bell()
    ringing.start()
    child = os.fork()
    if child == 0:
        try:
            dead = not ringing.status()["well"]
            ringing.start()
            os._exit(0 if dead and ringing.status()["well"] else 1)
        finally:
            os._exit(2)
    assert os.waitpid(child, 0)[1] == 0


def test_a_command_that_ends_lets_its_quick_jobs_end(app, bell):
    ringing = bell()
    found_institution("Biblioteca", "government", by=None)
    ringing.end()
    assert fresh(verify_chain).unsealed == 0
    assert soon(lambda: not ringing.status()["well"])


def test_under_gunicorn_what_a_person_does_is_sealed_and_grouped_within_seconds(new_site):
    # Nothing sweeps: the threads of the web processes heard the bell.
    site = new_site(SWEEP_SECONDS=0)
    slug, (address,) = people_a_site(site)
    author = Caller(site.url).sign_in(address)
    for title in ("Construir ciclovías seguras en el centro", "Ciclovías seguras en el centro"):
        author.propose(slug, title)
    with site.app():
        assert soon(lambda: fresh(verify_chain).sealed > 0 and fresh(verify_chain).unsealed == 0), site.log()
        groups = select(func.count()).select_from(SimilarGroup)
        assert soon(lambda: fresh(lambda: db.session.scalar(groups)) == 1), site.log()
