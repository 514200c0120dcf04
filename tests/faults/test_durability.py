"""Whoever was told that a support counts can rely on it: the site is killed in the middle of a burst (C14, H1, H9).

A kill cannot show what a power cut would; that every commit reaches the disk is asserted in tests/core/test_work.py.
"""

import random
import threading
import time
from collections import Counter

import pytest
from sqlalchemy import select, text

from consulta.accounts.queries import person_by_email
from consulta.consultations.queries import find_consultation
from consulta.core.extensions import db
from consulta.proposals.models import Proposal
from tests.people import make_person, make_proposal
from tests.services.calling import Caller, people_a_site, soon
from tests.services.databases import migrate
from tests.services.site import Site

PEOPLE, PROPOSALS = 6, 100
ROUNDS = 3
TRIES_TO_LOSE = 3  # rounds in which the planted error has to lose a vote at least once


class Burst:
    """People of a site who support proposals as fast as it answers; `acknowledged` holds (address, code)."""

    def __init__(self, site):
        self.site, self.acknowledged, self.answers = site, [], []
        slug, (author,) = people_a_site(site)
        with site.app() as app:
            author, consultation = person_by_email(author), find_consultation(slug, to=None)
            self._codes = [make_proposal(consultation, author, title=f"Propuesta {n}").code for n in range(PROPOSALS)]
            people = [make_person(f"Persona {number}") for number in range(PEOPLE)]
            self._callers = {person.email: Caller(site.url).enter_as(person, app) for person in people}
        self._next = dict.fromkeys(self._callers, 0)

    def until_killed(self, kill, supports):
        """Support on and on; call `kill` after so many `supports` more; return once everybody lost the connection."""
        wanted = len(self.acknowledged) + supports
        threads = [threading.Thread(target=self._support, args=(address,)) for address in self._callers]
        for thread in threads:
            thread.start()
        assert soon(lambda: len(self.acknowledged) >= wanted), self.answers[-PEOPLE:]
        time.sleep(random.uniform(0, 0.05))
        kill()
        for thread in threads:
            thread.join()

    def _support(self, address):
        while self._next[address] < PROPOSALS:
            code = self._codes[self._next[address]]
            answer = self._callers[address].post(f"/propuestas/{code}/apoyo", next="/salud")
            self.answers.append(answer)
            if answer.status != 200:
                return  # and the same support is sent again when the site is back
            self.acknowledged.append((address, code))
            self._next[address] += 1


def found(site):
    """Return ({(address, code): rows}, the codes whose tally is wrong) of a site's votes."""
    with site.app():
        rows = db.session.execute(
            text(
                "SELECT people.email, proposals.code, count(*) FROM votes JOIN people ON people.id = votes.person_id"
                " JOIN proposals ON proposals.id = votes.proposal_id GROUP BY people.email, proposals.code"
            )
        )
        stored = {(address, code): number for address, code, number in rows}
        tallies = dict(db.session.execute(select(Proposal.code, Proposal.supporters)).all())
        counted = Counter(code for _address, code in stored)
        wrong = [code for code, tally in tallies.items() if tally != counted[code]]
        return stored, wrong


def lost(burst):
    """Return the acknowledged supports that are not stored exactly once."""
    stored, _wrong = found(burst.site)
    return [each for each in burst.acknowledged if stored.get(each) != 1]


def test_every_support_that_was_acknowledged_is_there_once_after_the_site_was_killed(new_site):
    site = new_site()
    burst = Burst(site)
    for _round in range(ROUNDS):
        burst.until_killed(site.kill, random.randint(5, 60))
        site.start()
        stored, wrong = found(site)
        assert lost(burst) == []
        assert set(stored.values()) == {1}
        assert wrong == []
        # What was stored and not acknowledged is at most what was under way.
        assert len(stored) - len(burst.acknowledged) <= PEOPLE
    with site.app():
        assert db.session.scalar(text("PRAGMA integrity_check")) == "ok"


def test_a_site_that_answers_before_it_stores_is_seen_to_lose_supports(new_site):
    site = new_site(wsgi="tests.faults.hasty:app")
    burst = Burst(site)
    for _try in range(TRIES_TO_LOSE):
        burst.until_killed(site.kill, 30)
        if lost(burst):
            return
        site.start()
    pytest.fail("nothing was lost: the test would not see it either if a site lost votes")


def test_a_database_server_that_is_killed_loses_nothing_and_the_site_comes_back(durable_postgresql, tmp_path):
    url = durable_postgresql.create_database("durable")
    migrate(url, tmp_path)
    site = Site(url, tmp_path, workers=1)
    try:
        burst = Burst(site)
        burst.until_killed(durable_postgresql.kill, 20)
        assert {answer.status for answer in burst.answers} <= {200, 503, 0}, burst.answers[-PEOPLE:]
        durable_postgresql.start()
        stored, wrong = found(site)
        assert (lost(burst), set(stored.values()), wrong) == ([], {1}, [])
        assert Caller(site.url).get("/").status == 200, "no connection of before the restart is used"
    finally:
        site.close()
