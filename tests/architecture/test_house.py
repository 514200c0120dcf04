"""The rules of the house hold, and each is seen to catch a planted violation."""

import pytest

from tests.architecture import house

# For each rule a small house that breaks it: module name to text.
PLANTED = {
    house.imports_that_point_up: [
        {"consulta.core.text": "from consulta.votes.models import Vote"},
        {"consulta.votes.rules": "from consulta.merging.models import Merge"},
        {"consulta.votes.rules": "from consulta.web.guards import person"},
        {"consulta.web.votes": "from consulta.jobs.bell import RqBell"},
        {"consulta.web.votes": "import consulta.app"},
        {"consulta.similarity.index": "from consulta.core.text import fold"},
        {"consulta.votes.rules": "from consulta import merging"},
    ],
    house.package_that_imports: [{"consulta": "import os"}],
    house.hidden_imports: [
        {"consulta.votes.rules": "def f():\n    from consulta.core.clock import now"},
        {"consulta.votes.rules": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import decimal"},
        {"consulta.similarity.meaning": "def f():\n    x = 1\n    y = 2\n    import torch"},
    ],
    house.domain_files_out_of_order: [
        {"consulta.votes.rules": "from consulta.votes.queries import count_distinct"},
        {"consulta.votes.models": "from consulta.votes.actions import cast_vote"},
    ],
    house.import_circles: [
        {"consulta.core.a": "from consulta.core.b import x", "consulta.core.b": "from consulta.core.a import y"},
    ],
    house.domains_that_know_the_web: [
        {"consulta.votes.rules": "from flask import request"},
        {"consulta.votes.rules": "from flask_login import current_user"},
        {"consulta.similarity.index": "import sqlalchemy"},
    ],
    house.commits_outside_of_work: [{"consulta.votes.actions": "db.session.commit()"}],
    house.writes_outside_of_actions: [{"consulta.web.votes": "def f():\n    db.session.add(Vote())"}],
    house.actions_without_actor_or_record: [
        {"consulta.votes.actions": "def cast_vote(proposal, *, by):\n    pass"},
        {"consulta.votes.actions": "@action\ndef cast_vote(proposal, by):\n    record('vote.cast')"},
        {"consulta.votes.actions": "@action\ndef cast_vote(proposal, *, by):\n    pass"},
        {"consulta.votes.actions": "@action(unrecorded='')\ndef cast_vote(proposal, *, by):\n    pass"},
    ],
    house.rows_written_by_strangers: [
        {"consulta.merging.actions": "from consulta.votes.models import Vote\ndef f():\n    return Vote(person_id=1)"},
    ],
}


@pytest.mark.parametrize("rule", house.RULES, ids=lambda rule: rule.__name__)
def test_the_code_keeps_the_rule(rule):
    assert list(rule(house.sources())) == []


@pytest.mark.parametrize("rule", house.RULES, ids=lambda rule: rule.__name__)
def test_the_rule_finds_what_was_planted(rule):
    for planted in PLANTED[rule]:
        assert list(rule(planted)), f"{rule.__name__} does not see {planted}"


def test_every_rule_has_a_planted_violation():
    assert set(PLANTED) == set(house.RULES)


def test_a_heavy_library_may_be_read_late_where_a_comment_says_so():
    late = {"consulta.similarity.meaning": "def f():\n    # takes seconds to import\n    import torch"}
    assert list(house.hidden_imports(late)) == []


def test_no_file_holds_two_ideas():
    long = {name: text.count("\n") for name, text in house.sources().items() if text.count("\n") > 500}
    assert long == {}
