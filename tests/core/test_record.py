"""The public record is a chain: whatever is changed in it shows, and where."""

import pytest
from sqlalchemy import text

from consulta.accounts.actions import found_institution
from consulta.core.extensions import db
from consulta.core.record import known_events, record, seal_entries, verify_chain
from consulta.core.work import action


@pytest.fixture
def chain(app):
    """Six sealed entries."""
    for number in range(6):
        found_institution(f"Institución {number}", "government", by=None)
    seal_entries(by=None)
    return [row.id for row in db.session.execute(text("SELECT id FROM record_entries ORDER BY position"))]


def damage(*statements, **values):
    with db.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement), values)
    db.session.rollback()


def test_a_chain_that_nobody_touched_holds(chain):
    found = verify_chain()
    assert (found.holds, found.sealed, found.unsealed) == (True, 6, 0)


@pytest.mark.parametrize(
    "change",
    [
        "details = '{}'",
        "reason = 'otra'",
        "event = 'other.happened'",
        "subject = 'institutions:99'",
        "at = '2020-01-01 00:00:00.000000'",
        "\"by\" = 'nobody'",
        "hash = '" + "f" * 64 + "'",
        "position = NULL, hash = NULL, previous_hash = NULL",
    ],
)
def test_any_change_of_an_entry_is_found_at_that_entry(chain, change):
    damage(f"UPDATE record_entries SET {change} WHERE id = :id", id=chain[2])
    found = verify_chain()
    assert not found.holds
    # An entry whose seal was taken off shows as a gap before the next one.
    assert found.bad_entry == (chain[3] if "NULL" in change else chain[2])
    assert found.bad_position == 3


def test_a_removed_entry_is_found(chain):
    damage("DELETE FROM record_entries WHERE id = :id", id=chain[2])
    found = verify_chain()
    assert (found.holds, found.bad_entry, found.bad_position) == (False, chain[3], 3)


def test_a_removed_last_entry_is_found(chain):
    damage("DELETE FROM record_entries WHERE id = :id", id=chain[5])
    found = verify_chain()
    assert (found.holds, found.bad_position) == (False, 6)


def test_entries_that_changed_places_are_found(chain):
    damage(
        "UPDATE record_entries SET position = 100 WHERE id = :one",
        "UPDATE record_entries SET position = 2 WHERE id = :other",
        "UPDATE record_entries SET position = 5 WHERE id = :one",
        one=chain[1],
        other=chain[4],
    )
    found = verify_chain()
    assert (found.holds, found.bad_position) == (False, 2)


def test_a_chain_made_anew_does_not_pass_through_a_head_that_was_published(chain):
    published = verify_chain()
    damage("UPDATE record_entries SET reason = 'otra', position = NULL, hash = NULL, previous_hash = NULL")
    damage("DELETE FROM record_head")
    seal_entries(by=None)
    assert verify_chain().holds, "an insider can chain everything again"
    assert not verify_chain(through=(published.sealed, published.head)).holds


def test_an_entry_waits_for_its_seal_and_the_check_says_so(chain):
    found_institution("Una más", "academia", by=None)
    found = verify_chain()
    assert (found.holds, found.sealed, found.unsealed) == (True, 6, 1)
    assert found.first_unsealed > chain[-1]
    assert seal_entries(by=None) == 1
    assert verify_chain().sealed == 7


def test_only_what_is_in_the_vocabulary_can_be_recorded(app):
    @action
    def improvise(event, *, by, **details):
        """Record something."""
        record(event, found_institution("Algo", "government", by=by), by=by, **details)

    for event, details in (("thing.happened", {}), ("institution.founded", {"name": "x"})):
        with pytest.raises(ValueError):
            improvise(event, by=None, **details)


def test_every_event_is_a_noun_and_what_happened_to_it(app):
    for event in known_events():
        noun, _dot, happened = event.partition(".")
        assert noun.islower() and happened.replace("_", "").isalpha(), event


def test_the_command_names_the_first_bad_entry(app, chain):
    run = app.test_cli_runner().invoke
    assert run(args=["record", "verify"]).exit_code == 0
    damage("UPDATE record_entries SET reason = 'otra' WHERE id = :id", id=chain[3])
    result = run(args=["record", "verify"])
    assert result.exit_code == 1
    assert f"entry {chain[3]}" in result.output
