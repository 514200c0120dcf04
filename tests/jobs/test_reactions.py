"""Every reaction stands on one page, and each of its words means something."""

import ast
import inspect

import pytest

from consulta.core.record import known_events
from consulta.jobs.reactions import REACTIONS, jobs_for
from consulta.jobs.work import JOBS
from tests.architecture.house import sources


def rung_events():
    """Return every event that an action or core rings by name, read from the syntax tree."""
    found = set()
    for name, text in sources().items():
        if not (name.endswith(".actions") or name.startswith("consulta.core.")):
            continue
        for node in ast.walk(ast.parse(text)):
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func) == "ring"
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(node.args[0].value)
    return found


def unknown_words(reactions, events, jobs):
    """Return the events that nobody rings and the jobs that nobody does."""
    return [event for event in reactions if event not in events] + [
        job for names in reactions.values() for job in names if job not in jobs
    ]


def test_every_event_that_is_reacted_to_is_rung_and_every_job_is_there(app):
    assert unknown_words(REACTIONS, set(known_events()) | rung_events(), JOBS) == []


def test_a_word_that_means_nothing_would_be_found(app):
    planted = {"proposal.sumbitted": ("seal_record",), "merge.made": ("seal_records",)}
    assert unknown_words(planted, known_events(), JOBS) == ["proposal.sumbitted", "seal_records"]


def test_every_job_follows_some_event_or_is_due_by_the_clock_alone():
    by_the_clock = {"settle_merges"}
    assert {job for names in REACTIONS.values() for job in names} | by_the_clock == set(JOBS)


def test_an_event_without_reaction_has_no_jobs():
    assert jobs_for("vote.cast") == ()


@pytest.mark.parametrize("name", JOBS)
def test_a_job_says_what_waits_and_does_one_thing_of_it(name):
    assert list(inspect.signature(JOBS[name].waiting).parameters) == []
    assert len(inspect.signature(JOBS[name].run).parameters) == 1
