"""What the rows of a room may say, once all of them say it."""

from alembic import op
import sqlalchemy as sa

revision = '0007'
down_revision = '0006'

BEFORE = "kind IN ('thematic', 'regional', 'round')"
KINDS = "kind IN ('forum', 'thematic', 'regional', 'round')"
NUMBERS = {
    "attendances": ("women", "men", "other_gender"),
    "sessions": ("declared_heads",),
    "results": (
        "level_full",
        "level_reserved",
        "level_neutral",
        "level_unwilling",
        "level_against",
        "votes_for",
        "votes_against",
        "abstentions",
    ),
}
RULES = {
    "attendances": {
        "quality_known": "quality IN ('member', 'observer', 'secretary', 'guest')",
        "named_until_founded": "institution_id IS NULL OR named IS NULL",
    },
    "results": {},
    "sessions": {
        "next_meeting_known": "next_meeting IN ('dated', 'undefined', 'none')",
        "checked_was_submitted": "checked_at IS NULL OR submitted_at IS NOT NULL",
        "published_was_checked": "published_at IS NULL OR checked_at IS NOT NULL",
        "nobody_checks_their_own": (
            "checked_by_uid IS NULL OR checked_by_uid = 'machine' OR checked_by_uid <> submitted_by_uid"
        ),
        "next_dated": "(next_meeting IS NOT NULL AND next_meeting = 'dated') = (next_on IS NOT NULL)",
        "dots_per_person_sane": "dots_per_person IS NULL OR dots_per_person BETWEEN 1 AND 100",
        "dots_per_proposal_sane": "dots_per_proposal IS NULL OR dots_per_proposal BETWEEN 1 AND 100",
        "checked_by_somebody": "(checked_at IS NULL) = (checked_by_uid IS NULL)",
        "returned_with_note": (
            "(returned_at IS NULL) = (returned_by_uid IS NULL) AND (returned_at IS NULL) = (return_note IS NULL)"
        ),
    },
}


def _rules(table):
    numbers = {f"{each}_sane": f"{each} IS NULL OR {each} BETWEEN 0 AND 100000" for each in NUMBERS.get(table, ())}
    return {**RULES[table], **numbers}


def upgrade():
    with op.batch_alter_table('tables', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_tables_kind_known'), type_='check')
        batch_op.create_check_constraint(op.f('ck_tables_kind_known'), KINDS)
    for table in RULES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            if table == 'attendances':
                batch_op.alter_column('uid', existing_type=sa.String(length=36), nullable=False)
                batch_op.create_unique_constraint(op.f('uq_attendances_session_id_uid'), ['session_id', 'uid'])
                batch_op.create_index('ix_attendances_uid', ['uid'], unique=False)
            if table == 'sessions':
                batch_op.drop_column('agreements')
            for name, condition in _rules(table).items():
                batch_op.create_check_constraint(op.f(f'ck_{table}_{name}'), condition)


def downgrade():
    for table in reversed(RULES):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in _rules(table):
                batch_op.drop_constraint(op.f(f'ck_{table}_{name}'), type_='check')
            if table == 'sessions':
                batch_op.add_column(sa.Column('agreements', sa.JSON(), server_default='[]', nullable=False))
            if table == 'attendances':
                batch_op.drop_index('ix_attendances_uid')
                batch_op.drop_constraint(op.f('uq_attendances_session_id_uid'), type_='unique')
                batch_op.alter_column('uid', existing_type=sa.String(length=36), nullable=True)
    # A forum was no kind of its own.
    op.execute("UPDATE tables SET kind = 'round' WHERE kind = 'forum'")
    with op.batch_alter_table('tables', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_tables_kind_known'), type_='check')
        batch_op.create_check_constraint(op.f('ck_tables_kind_known'), BEFORE)
