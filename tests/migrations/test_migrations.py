"""Migrations make what the models say, and take a site with people in it up and down (attacks H6 and H7).

Every revision is walked, those of the future too: one that loses rows, or cannot be taken back, fails here by itself.
"""

import os
import re
import signal
import time
import traceback

import pytest
from alembic import op
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import IntegrityError

from consulta.app import create_app
from consulta.config import resource
from consulta.consultations.actions import appoint
from consulta.core.extensions import db
from consulta.core.record import verify_chain
from consulta.jobs.sweep import sweep
from consulta.monitoring.actions import report_progress
from consulta.plan.actions import publish_draft
from consulta.proposals.actions import keep_vectors
from consulta.proposals.models import Proposal
from consulta.suggestions.actions import ask_preview, keep_reranker, place_on_map, set_thresholds
from consulta.suggestions.models import SimilarGroup
from consulta.tables.actions import convene_session, found_table, make_code, open_session
from consulta.territories.actions import load_territories
from consulta.territories.models import Territory
from consulta.votes.queries import count_distinct_under
from tests.forum.a_forum import make_forum
from tests.people import PLACES, make_consultation, make_person, make_proposal
from tests.plan.chain import build
from tests.services.databases import settings_for
from tests.worksheets.devices import fill_worksheet

VERSION = "alembic_version"
PHASES = ("proposing", "tables", "drafting", "monitoring")
SCRIPTS = ScriptDirectory(str(resource("migrations")))
REVISIONS = [script.revision for script in reversed(list(SCRIPTS.walk_revisions()))]
IMPORTS = re.compile(r"^\s*(from|import)\s+consulta", re.MULTILINE)
# Seconds after which a migration is killed: early, in the middle, late.
MOMENTS = (0.0, 0.01, 0.03, 0.06, 0.1, 0.2)


@pytest.fixture
def site(blank_database_url, tmp_path):
    """The site on a database without a single table."""
    app = create_app(settings_for(blank_database_url, tmp_path))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def populate():
    """Let people do everything that a site is for, so that no table stays empty; may be called again."""
    if db.session.scalar(select(func.count()).select_from(Territory)) == 0:
        load_territories(PLACES, by=None)
    administrator, author = make_person("Administración", administrator=True), make_person("Ana Rojas")
    consultation = make_consultation(administrator, phases=PHASES)
    moderator = make_person("Moderadora")
    appoint(moderator, "moderator", consultation, by=administrator)
    chain = build(consultation, moderator, author=author)
    publish_draft(chain.plan, by=moderator)
    report_progress(
        chain.commitment,
        milestones=[{"milestone": chain.milestone, "completion": "limited", "timeliness": "delayed"}],
        by=moderator,
    )
    make_forum(consultation, moderator)
    table = found_table(consultation, title="Mesa de salud", kind="thematic", by=moderator)
    session = open_session(convene_session(table, title="Sesión de salud", by=moderator), by=moderator)
    make_code(session, label="Teléfono de la mesa", hours=4, by=moderator)
    fill_worksheet(session, moderator)
    for title in ("Construir ciclovías seguras en el centro", "Ciclovías seguras en el centro"):
        proposal = make_proposal(consultation, author, title=title)
    keep_vectors("meaning-1:test@0", {proposal.wording.id: b"\x00" * 16}, by=None)
    set_thresholds(consultation, citizen_floor=0.6, group_floor=0.5, by=administrator)
    place_on_map(consultation, {proposal.id: (0.5, 0.5)}, by=None)
    ask_preview(consultation, by=administrator)
    keep_reranker("letters-1", weights={}, pairs=(50, 50), losses=(0.5, 0.4), learned_from="1 1", by=None)
    sweep()


def tables():
    """Return the names of the tables that are there, but for Alembic's own."""
    db.session.rollback()
    return set(inspect(db.engine).get_table_names()) - {VERSION}


def counts():
    """Return how many rows each table holds."""
    found = {name: db.session.scalar(text(f'SELECT count(*) FROM "{name}"')) for name in tables()}
    db.session.rollback()  # a migration waits for whoever still reads
    return found


def contents():
    """Return the tallies, the record's chain and the texts: what people would miss first."""
    db.session.rollback()
    wrong = [
        each.code for each in db.session.scalars(select(Proposal)) if each.supporters != count_distinct_under(each)
    ]
    found = verify_chain()
    return wrong, found.holds, found.sealed


def differences():
    """Return what Alembic would change to make the database as the models are."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, db.metadata)


def described(engine):
    """Return every constraint, index and column of a database by name: Alembic looks at fewer of them."""
    there, found = inspect(engine), {}
    for table in set(there.get_table_names()) - {VERSION}:
        found[table] = {
            "columns": {each["name"]: (str(each["type"]), each["nullable"]) for each in there.get_columns(table)},
            "primary": sorted(there.get_pk_constraint(table)["constrained_columns"]),
            "checks": {each["name"]: _plain(each["sqltext"]) for each in there.get_check_constraints(table)},
            "uniques": {each["name"]: each["column_names"] for each in there.get_unique_constraints(table)},
            "indexes": {
                each["name"]: (each["column_names"], bool(each["unique"])) for each in there.get_indexes(table)
            },
            "parents": {
                each["name"]: (each["constrained_columns"], each["referred_table"], each["options"])
                for each in there.get_foreign_keys(table)
            },
        }
    return found


def _plain(sql):
    return re.sub(r"\s+", " ", sql).strip()


def test_the_migrations_make_exactly_what_the_models_say(site):
    upgrade()
    assert differences() == []


def test_every_constraint_is_there_by_name_and_condition(site):
    upgrade()
    migrated = described(db.engine)
    downgrade(revision="base")
    with db.engine.begin() as connection:
        connection.execute(text(f"DROP TABLE {VERSION}"))
    db.create_all()
    assert migrated == described(db.engine)


def test_a_difference_would_be_seen(site):
    upgrade()
    with db.engine.begin() as connection:
        connection.execute(text("DROP INDEX ix_proposals_newest"))
    assert [each[0] for each in differences()] == ["add_index"]


def test_the_data_of_these_tests_leaves_no_table_empty(site):
    upgrade()
    populate()
    assert [name for name, number in counts().items() if number == 0] == []
    assert set(counts()) == set(db.metadata.tables)
    assert db.session.scalar(select(func.count()).select_from(SimilarGroup)) > 0


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_revision_is_taken_back_and_made_again_with_people_in_the_site(site, revision):
    upgrade()
    populate()
    if revision != REVISIONS[-1]:
        downgrade(revision=revision)
    full = counts()
    downgrade(revision=SCRIPTS.get_revision(revision).down_revision or "base")
    left = counts()
    assert left == {name: full[name] for name in left}, "what stays keeps its rows"
    upgrade(revision=revision)
    kept = counts()
    assert {name: kept[name] for name in left} == left
    upgrade()
    assert differences() == []
    populate()
    wrong, holds, sealed = contents()
    assert (wrong, holds) == ([], True)
    assert sealed > 0


def test_a_second_upgrade_changes_nothing(site):
    upgrade()
    populate()
    before = counts(), contents()
    upgrade()
    assert (counts(), contents()) == before


def test_a_migration_that_fails_half_way_leaves_nothing_and_can_be_run_again(site, monkeypatch):
    made, create_table = [], op.create_table

    def failing(*args, **kwargs):
        made.append(args[0])
        if len(made) == 10:
            raise MemoryError("planted")
        return create_table(*args, **kwargs)

    monkeypatch.setattr(op, "create_table", failing)
    with pytest.raises(MemoryError):
        upgrade()
    assert tables() == set()
    monkeypatch.undo()
    upgrade()
    assert differences() == []


def test_a_migration_that_is_killed_can_be_run_again(site):
    for moment in MOMENTS:
        child = os.fork()
        if child == 0:
            try:
                db.engine.dispose(close=False)
                upgrade()
            except BaseException:
                traceback.print_exc()
            os._exit(0)
        time.sleep(moment)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        # Each migration is whole or not there at all; with one alone the database is empty or finished.
        assert len(tables()) in {0, len(db.metadata.tables)} or len(REVISIONS) > 1
    upgrade()
    assert differences() == []
    populate()
    assert contents()[1]


def test_migrations_know_nothing_of_the_models():
    for script in SCRIPTS.walk_revisions():
        with open(script.path, encoding="utf-8") as file:
            assert not IMPORTS.search(file.read()), f"{script.path} would change with the code"


def test_the_migrations_stand_in_one_line():
    assert len(SCRIPTS.get_heads()) == 1
    assert len(SCRIPTS.get_bases()) == 1


def test_a_migration_that_leaves_rows_without_their_parents_is_taken_back(site, monkeypatch):
    made, create_table = [], op.create_table

    def orphaning(*args, **kwargs):
        table = create_table(*args, **kwargs)
        made.append(args[0])
        if len(made) == len(db.metadata.tables):
            op.execute("INSERT INTO themes (id, consultation_id, title, position) VALUES (1, 99, 'Sin consulta', 0)")
        return table

    monkeypatch.setattr(op, "create_table", orphaning)
    # PostgreSQL refuses the row, SQLite's foreign keys look away while tables are altered.
    with pytest.raises(SystemExit if db.engine.dialect.name == "sqlite" else IntegrityError):
        upgrade()
    assert made[-1] not in tables(), "the revision that failed left nothing"
    assert "themes" not in tables() or db.session.scalar(text("SELECT count(*) FROM themes")) == 0
    if db.engine.dialect.name == "sqlite":
        assert db.session.scalar(text("PRAGMA foreign_keys")) == 1, "and they look again afterwards"


def verdicts():
    """Return the live verdicts on proposals that are not withdrawn: pair and kind."""
    db.session.rollback()
    rows = db.session.execute(
        text(
            "SELECT first_id, second_id, kind FROM verdicts JOIN proposals a ON a.id = first_id "
            "JOIN proposals b ON b.id = second_id "
            "WHERE taken_back_at IS NULL AND a.state <> 'withdrawn' AND b.state <> 'withdrawn'"
        )
    )
    found = {tuple(row) for row in rows}
    db.session.rollback()
    return found


def test_merges_made_before_verdicts_were_kept_get_theirs(site):
    upgrade()
    populate()
    kept = verdicts()
    assert {kind for _first, _second, kind in kept} == {"merged", "parted"}
    downgrade(revision="0002")
    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM verdicts"))
    upgrade(revision="0003")
    assert verdicts() == kept
