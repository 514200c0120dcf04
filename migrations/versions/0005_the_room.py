"""The room: seats, worksheets, agreements and minutes; what a session, its list and its results can hold."""

from alembic import op
import sqlalchemy as sa

revision = '0005'
down_revision = '0004'


def upgrade():
    op.create_table('seats',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('table_id', sa.Integer(), nullable=False),
    sa.Column('sector', sa.String(length=32), nullable=False),
    sa.Column('network', sa.String(length=160), nullable=True),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.CheckConstraint("sector IN ('government', 'municipal', 'civil_society', 'academia', 'private', 'international')", name=op.f('ck_seats_sector_known')),
    sa.ForeignKeyConstraint(['table_id'], ['tables.id'], name=op.f('fk_seats_table_id_tables')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seats'))
    )
    with op.batch_alter_table('seats', schema=None) as batch_op:
        batch_op.create_index('ix_seats_table_id', ['table_id'], unique=False)

    op.create_table('access_codes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uid', sa.String(length=32), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('code_digest', sa.String(length=64), nullable=False),
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_uid', sa.String(length=32), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('expires_at > made_at', name=op.f('ck_access_codes_expires_after_made')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_access_codes_session_id_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_access_codes')),
    sa.UniqueConstraint('code_digest', name=op.f('uq_access_codes_code_digest')),
    sa.UniqueConstraint('uid', name=op.f('uq_access_codes_uid'))
    )
    with op.batch_alter_table('access_codes', schema=None) as batch_op:
        batch_op.create_index('ix_access_codes_session_id', ['session_id'], unique=False)

    op.create_table('minutes_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('document', sa.JSON(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_uid', sa.String(length=32), nullable=False),
    sa.CheckConstraint('(number = 1) = (reason IS NULL)', name=op.f('ck_minutes_versions_corrected_with_reason')),
    sa.CheckConstraint('number >= 1', name=op.f('ck_minutes_versions_numbered')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_minutes_versions_session_id_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_minutes_versions')),
    sa.UniqueConstraint('session_id', 'number', name=op.f('uq_minutes_versions_session_id_number'))
    )
    op.create_table('photos',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uid', sa.String(length=36), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=True),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('taken_in_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_uid', sa.String(length=32), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('size > 0', name=op.f('ck_photos_not_empty')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposals.id'], name=op.f('fk_photos_proposal_id_proposals')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_photos_session_id_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_photos')),
    sa.UniqueConstraint('session_id', 'uid', name=op.f('uq_photos_session_id_uid'))
    )
    with op.batch_alter_table('photos', schema=None) as batch_op:
        batch_op.create_index('ix_photos_session_id', ['session_id'], unique=False)

    op.create_table('planned_meetings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('table_id', sa.Integer(), nullable=False),
    sa.Column('planned_on', sa.Date(), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=True),
    sa.Column('session_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_planned_meetings_session_id_sessions')),
    sa.ForeignKeyConstraint(['table_id'], ['tables.id'], name=op.f('fk_planned_meetings_table_id_tables')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_planned_meetings')),
    sa.UniqueConstraint('session_id', name=op.f('uq_planned_meetings_session_id')),
    sa.UniqueConstraint('table_id', 'planned_on', name=op.f('uq_planned_meetings_table_id_planned_on'))
    )
    op.create_table('room_proposals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uid', sa.String(length=36), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('tracking_code', sa.String(length=16), nullable=False),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposals.id'], name=op.f('fk_room_proposals_proposal_id_proposals')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_room_proposals_session_id_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_room_proposals')),
    sa.UniqueConstraint('proposal_id', name=op.f('uq_room_proposals_proposal_id')),
    sa.UniqueConstraint('session_id', 'uid', name=op.f('uq_room_proposals_session_id_uid')),
    sa.UniqueConstraint('tracking_code', name=op.f('uq_room_proposals_tracking_code'))
    )
    with op.batch_alter_table('room_proposals', schema=None) as batch_op:
        batch_op.create_index('ix_room_proposals_uid', ['uid'], unique=False)

    op.create_table('seat_qualities',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seat_id', sa.Integer(), nullable=False),
    sa.Column('quality', sa.String(length=32), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('note', sa.String(length=300), nullable=True),
    sa.CheckConstraint("quality IN ('member', 'observer')", name=op.f('ck_seat_qualities_quality_known')),
    sa.ForeignKeyConstraint(['seat_id'], ['seats.id'], name=op.f('fk_seat_qualities_seat_id_seats')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seat_qualities'))
    )
    with op.batch_alter_table('seat_qualities', schema=None) as batch_op:
        batch_op.create_index('ix_seat_qualities_seat_id', ['seat_id'], unique=False)

    op.create_table('seat_terms',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seat_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('who', sa.String(length=160), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('note', sa.String(length=300), nullable=True),
    sa.CheckConstraint("kind IN ('holder', 'substitute')", name=op.f('ck_seat_terms_kind_known')),
    sa.CheckConstraint('ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on', name=op.f('ck_seat_terms_ends_after_start')),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_seat_terms_institution_id_institutions')),
    sa.ForeignKeyConstraint(['seat_id'], ['seats.id'], name=op.f('fk_seat_terms_seat_id_seats')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seat_terms'))
    )
    with op.batch_alter_table('seat_terms', schema=None) as batch_op:
        batch_op.create_index('ix_seat_terms_seat_id', ['seat_id'], unique=False)

    op.create_table('subgroups',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('table_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=True),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('formed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_subgroups_session_id_sessions')),
    sa.ForeignKeyConstraint(['table_id'], ['tables.id'], name=op.f('fk_subgroups_table_id_tables')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subgroups'))
    )
    with op.batch_alter_table('subgroups', schema=None) as batch_op:
        batch_op.create_index('ix_subgroups_table_id', ['table_id'], unique=False)

    op.create_table('worksheet_changes',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('device', sa.String(length=36), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('part', sa.String(length=32), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('field', sa.String(length=40), nullable=False),
    sa.Column('value', sa.JSON(), nullable=False),
    sa.Column('base', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('written_at', sa.String(length=40), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by_uid', sa.String(length=32), nullable=True),
    sa.Column('by_uid', sa.String(length=32), nullable=False),
    sa.CheckConstraint("part IN ('session', 'agenda', 'attendance', 'result', 'agreement', 'proposal')", name=op.f('ck_worksheet_changes_part_known')),
    sa.CheckConstraint("state IN ('applied', 'superseded', 'conflict', 'settled', 'late', 'admitted', 'dismissed')", name=op.f('ck_worksheet_changes_state_known')),
    sa.CheckConstraint("state NOT IN ('admitted', 'dismissed') OR length(reason) > 0", name=op.f('ck_worksheet_changes_late_with_reason')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_worksheet_changes_session_id_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_worksheet_changes'))
    )
    with op.batch_alter_table('worksheet_changes', schema=None) as batch_op:
        batch_op.create_index('ix_worksheet_changes_session_id', ['session_id', 'state'], unique=False)

    op.create_table('worksheet_fields',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('part', sa.String(length=32), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('field', sa.String(length=40), nullable=False),
    sa.Column('value', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('device', sa.String(length=36), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_uid', sa.String(length=32), nullable=False),
    sa.CheckConstraint("part IN ('session', 'agenda', 'attendance', 'result', 'agreement', 'proposal')", name=op.f('ck_worksheet_fields_part_known')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_worksheet_fields_session_id_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_worksheet_fields')),
    sa.UniqueConstraint('session_id', 'part', 'key', 'field', name=op.f('uq_worksheet_fields_session_id_part_key_field'))
    )
    with op.batch_alter_table('worksheet_fields', schema=None) as batch_op:
        batch_op.create_index('ix_worksheet_fields_key', ['key'], unique=False)

    op.create_table('worksheets',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_worksheets_session_id_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_worksheets')),
    sa.UniqueConstraint('session_id', name=op.f('uq_worksheets_session_id'))
    )
    op.create_table('agreements',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uid', sa.String(length=36), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('terms', sa.JSON(), nullable=False),
    sa.Column('owner', sa.String(length=320), nullable=True),
    sa.Column('institution_id', sa.Integer(), nullable=True),
    sa.Column('subgroup_id', sa.Integer(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('extended_to', sa.Date(), nullable=True),
    sa.Column('due_note', sa.String(length=120), nullable=True),
    sa.Column('item', sa.String(length=36), nullable=True),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('deferred_to_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("deferred_to_id IS NULL OR state = 'deferred'", name=op.f('ck_agreements_deferred_somewhere')),
    sa.CheckConstraint("kind IN ('task', 'rule', 'deferral')", name=op.f('ck_agreements_kind_known')),
    sa.CheckConstraint("state IN ('agreed', 'under_way', 'done', 'deferred')", name=op.f('ck_agreements_state_known')),
    sa.CheckConstraint('institution_id IS NULL OR subgroup_id IS NULL', name=op.f('ck_agreements_one_owner')),
    sa.CheckConstraint('length(text) > 0', name=op.f('ck_agreements_says_something')),
    sa.ForeignKeyConstraint(['deferred_to_id'], ['sessions.id'], name=op.f('fk_agreements_deferred_to_id_sessions')),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_agreements_institution_id_institutions')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_agreements_session_id_sessions')),
    sa.ForeignKeyConstraint(['subgroup_id'], ['subgroups.id'], name=op.f('fk_agreements_subgroup_id_subgroups')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreements')),
    sa.UniqueConstraint('session_id', 'uid', name=op.f('uq_agreements_session_id_uid'))
    )
    with op.batch_alter_table('agreements', schema=None) as batch_op:
        batch_op.create_index('ix_agreements_deferred_to_id', ['deferred_to_id'], unique=False)
        batch_op.create_index('ix_agreements_session_id', ['session_id'], unique=False)
        batch_op.create_index('ix_agreements_uid', ['uid'], unique=False)

    op.create_table('subgroup_members',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subgroup_id', sa.Integer(), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_subgroup_members_institution_id_institutions')),
    sa.ForeignKeyConstraint(['subgroup_id'], ['subgroups.id'], name=op.f('fk_subgroup_members_subgroup_id_subgroups')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subgroup_members')),
    sa.UniqueConstraint('subgroup_id', 'institution_id', name=op.f('uq_subgroup_members_subgroup_id_institution_id'))
    )
    op.create_table('agreement_steps',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('deferred_to_id', sa.Integer(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_uid', sa.String(length=32), nullable=False),
    sa.Column('holds_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("deferred_to_id IS NULL OR state = 'deferred'", name=op.f('ck_agreement_steps_deferred_somewhere')),
    sa.CheckConstraint('holds_at IS NOT NULL OR session_id IS NOT NULL', name=op.f('ck_agreement_steps_held_back_by_a_session')),
    sa.CheckConstraint("state IN ('agreed', 'under_way', 'done', 'deferred')", name=op.f('ck_agreement_steps_state_known')),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreements.id'], name=op.f('fk_agreement_steps_agreement_id_agreements')),
    sa.ForeignKeyConstraint(['deferred_to_id'], ['sessions.id'], name=op.f('fk_agreement_steps_deferred_to_id_sessions')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_agreement_steps_session_id_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_steps'))
    )
    with op.batch_alter_table('agreement_steps', schema=None) as batch_op:
        batch_op.create_index('ix_agreement_steps_agreement_id', ['agreement_id'], unique=False)
        batch_op.create_index('ix_agreement_steps_session_id', ['session_id'], unique=False)

    with op.batch_alter_table('attendances', schema=None) as batch_op:
        batch_op.add_column(sa.Column('uid', sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column('named', sa.String(length=160), nullable=True))
        batch_op.add_column(sa.Column('network', sa.String(length=160), nullable=True))
        batch_op.add_column(sa.Column('quality', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('excused', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('women', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('men', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('other_gender', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('invited', sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table('results', schema=None) as batch_op:
        batch_op.add_column(sa.Column('level_full', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('level_reserved', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('level_neutral', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('level_unwilling', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('level_against', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('votes_for', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('votes_against', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('abstentions', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('reasons_against', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('requests', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('statements', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('missing_actors', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('count_note', sa.Text(), server_default='', nullable=False))

    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('number', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('link', sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column('convened_by', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('convened_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('dots_per_person', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('dots_per_proposal', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('declared_heads', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('count_note', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('attendance_note', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('next_meeting', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('next_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('prepared_by', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('prepared_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('distributed_to', sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column('seal_nonce', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('checked_by_uid', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('returned_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('returned_by_uid', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('return_note', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('published_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('inputs', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('open_points', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('planned_heads', sa.JSON(), server_default='{}', nullable=False))
        batch_op.add_column(sa.Column('hands', sa.JSON(), server_default='[]', nullable=False))


def downgrade():
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.drop_column('number')
        batch_op.drop_column('link')
        batch_op.drop_column('convened_by')
        batch_op.drop_column('convened_on')
        batch_op.drop_column('dots_per_person')
        batch_op.drop_column('declared_heads')
        batch_op.drop_column('dots_per_proposal')
        batch_op.drop_column('count_note')
        batch_op.drop_column('attendance_note')
        batch_op.drop_column('next_meeting')
        batch_op.drop_column('next_on')
        batch_op.drop_column('prepared_by')
        batch_op.drop_column('prepared_on')
        batch_op.drop_column('distributed_to')
        batch_op.drop_column('seal_nonce')
        batch_op.drop_column('checked_at')
        batch_op.drop_column('checked_by_uid')
        batch_op.drop_column('returned_at')
        batch_op.drop_column('returned_by_uid')
        batch_op.drop_column('return_note')
        batch_op.drop_column('published_at')
        batch_op.drop_column('inputs')
        batch_op.drop_column('open_points')
        batch_op.drop_column('planned_heads')
        batch_op.drop_column('hands')

    with op.batch_alter_table('results', schema=None) as batch_op:
        batch_op.drop_column('level_full')
        batch_op.drop_column('level_reserved')
        batch_op.drop_column('level_neutral')
        batch_op.drop_column('level_unwilling')
        batch_op.drop_column('level_against')
        batch_op.drop_column('votes_for')
        batch_op.drop_column('votes_against')
        batch_op.drop_column('abstentions')
        batch_op.drop_column('reasons_against')
        batch_op.drop_column('requests')
        batch_op.drop_column('statements')
        batch_op.drop_column('missing_actors')
        batch_op.drop_column('count_note')

    with op.batch_alter_table('attendances', schema=None) as batch_op:
        batch_op.drop_column('uid')
        batch_op.drop_column('named')
        batch_op.drop_column('network')
        batch_op.drop_column('quality')
        batch_op.drop_column('excused')
        batch_op.drop_column('women')
        batch_op.drop_column('men')
        batch_op.drop_column('other_gender')
        batch_op.drop_column('invited')

    with op.batch_alter_table('agreement_steps', schema=None) as batch_op:
        batch_op.drop_index('ix_agreement_steps_session_id')
        batch_op.drop_index('ix_agreement_steps_agreement_id')

    op.drop_table('agreement_steps')
    op.drop_table('subgroup_members')
    with op.batch_alter_table('agreements', schema=None) as batch_op:
        batch_op.drop_index('ix_agreements_uid')
        batch_op.drop_index('ix_agreements_session_id')
        batch_op.drop_index('ix_agreements_deferred_to_id')

    op.drop_table('agreements')
    op.drop_table('worksheets')
    with op.batch_alter_table('worksheet_fields', schema=None) as batch_op:
        batch_op.drop_index('ix_worksheet_fields_key')

    op.drop_table('worksheet_fields')
    with op.batch_alter_table('worksheet_changes', schema=None) as batch_op:
        batch_op.drop_index('ix_worksheet_changes_session_id')

    op.drop_table('worksheet_changes')
    with op.batch_alter_table('subgroups', schema=None) as batch_op:
        batch_op.drop_index('ix_subgroups_table_id')

    op.drop_table('subgroups')
    with op.batch_alter_table('seat_terms', schema=None) as batch_op:
        batch_op.drop_index('ix_seat_terms_seat_id')

    op.drop_table('seat_terms')
    with op.batch_alter_table('seat_qualities', schema=None) as batch_op:
        batch_op.drop_index('ix_seat_qualities_seat_id')

    op.drop_table('seat_qualities')
    with op.batch_alter_table('room_proposals', schema=None) as batch_op:
        batch_op.drop_index('ix_room_proposals_uid')

    op.drop_table('room_proposals')
    op.drop_table('planned_meetings')
    with op.batch_alter_table('photos', schema=None) as batch_op:
        batch_op.drop_index('ix_photos_session_id')

    op.drop_table('photos')
    op.drop_table('minutes_versions')
    with op.batch_alter_table('access_codes', schema=None) as batch_op:
        batch_op.drop_index('ix_access_codes_session_id')

    op.drop_table('access_codes')
    with op.batch_alter_table('seats', schema=None) as batch_op:
        batch_op.drop_index('ix_seats_table_id')

    op.drop_table('seats')
