"""the house."""

from alembic import op
import sqlalchemy as sa

revision = '0001'
down_revision = None


def upgrade():
    op.create_table('institutions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('sector', sa.String(length=32), nullable=False),
    sa.CheckConstraint("sector IN ('government', 'municipal', 'civil_society', 'academia', 'private', 'international')", name=op.f('ck_institutions_sector_known')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_institutions')),
    sa.UniqueConstraint('name', name=op.f('uq_institutions_name'))
    )
    op.create_table('pulses',
    sa.Column('name', sa.String(length=128), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('rests_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('asked_again', sa.Boolean(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('seen', sa.String(length=200), nullable=True),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_pulses'))
    )
    op.create_table('record_entries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('event', sa.String(length=64), nullable=False),
    sa.Column('by', sa.String(length=32), nullable=True),
    sa.Column('within', sa.String(length=64), nullable=True),
    sa.Column('subject', sa.String(length=64), nullable=False),
    sa.Column('body', sa.String(length=64), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=True),
    sa.Column('previous_hash', sa.String(length=64), nullable=True),
    sa.Column('hash', sa.String(length=64), nullable=True),
    sa.CheckConstraint('(position IS NULL) = (previous_hash IS NULL) AND (position IS NULL) = (hash IS NULL)', name=op.f('ck_record_entries_sealed_whole')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record_entries')),
    sa.UniqueConstraint('hash', name=op.f('uq_record_entries_hash')),
    sa.UniqueConstraint('position', name=op.f('uq_record_entries_position'))
    )
    with op.batch_alter_table('record_entries', schema=None) as batch_op:
        batch_op.create_index('ix_record_entries_subject', ['subject'], unique=False)
        batch_op.create_index('ix_record_entries_unsealed', ['id'], unique=False, sqlite_where=sa.text('position IS NULL'), postgresql_where=sa.text('position IS NULL'))
        batch_op.create_index('ix_record_entries_within_id', ['within', 'id'], unique=False)

    op.create_table('record_head',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_record_head_only_one')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record_head'))
    )
    op.create_table('territories',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('full_name', sa.String(length=160), nullable=False),
    sa.Column('aliases', sa.JSON(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("kind IN ('country', 'region', 'province', 'commune')", name=op.f('ck_territories_kind_known')),
    sa.ForeignKeyConstraint(['parent_id'], ['territories.id'], name=op.f('fk_territories_parent_id_territories')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_territories')),
    sa.UniqueConstraint('country', 'code', name=op.f('uq_territories_country_code'))
    )
    with op.batch_alter_table('territories', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_territories_parent_id'), ['parent_id'], unique=False)

    op.create_table('consultations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('summary', sa.String(length=600), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('zone', sa.String(length=64), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('profile', sa.String(length=40), nullable=False),
    sa.Column('notice_days', sa.Integer(), nullable=False),
    sa.Column('voters', sa.String(length=32), nullable=False),
    sa.Column('territory_id', sa.Integer(), nullable=True),
    sa.Column('vote_limit', sa.Integer(), nullable=True),
    sa.Column('is_demonstration', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('announced_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('suspended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("voters <> 'territory' OR territory_id IS NOT NULL", name=op.f('ck_consultations_voters_have_territory')),
    sa.CheckConstraint("voters IN ('confirmed', 'territory')", name=op.f('ck_consultations_voters_known')),
    sa.CheckConstraint('vote_limit IS NULL OR vote_limit > 0', name=op.f('ck_consultations_vote_limit_positive')),
    sa.ForeignKeyConstraint(['territory_id'], ['territories.id'], name=op.f('fk_consultations_territory_id_territories')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consultations')),
    sa.UniqueConstraint('slug', name=op.f('uq_consultations_slug'))
    )
    op.create_table('people',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uid', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('canonical_email', sa.String(length=254), nullable=False),
    sa.Column('password_hash', sa.String(length=256), nullable=False),
    sa.Column('epoch', sa.Integer(), nullable=False),
    sa.Column('locale', sa.String(length=8), nullable=False),
    sa.Column('registered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmation_asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmation_sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reset_asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reset_sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_administrator', sa.Boolean(), nullable=False),
    sa.Column('territory_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['territory_id'], ['territories.id'], name=op.f('fk_people_territory_id_territories')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people')),
    sa.UniqueConstraint('canonical_email', name=op.f('uq_people_canonical_email')),
    sa.UniqueConstraint('uid', name=op.f('uq_people_uid'))
    )
    op.create_table('appointments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=32), nullable=False),
    sa.Column('consultation_id', sa.Integer(), nullable=False),
    sa.Column('territory_id', sa.Integer(), nullable=True),
    sa.Column('appointed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('appointed_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(role = 'facilitator') = (territory_id IS NOT NULL)", name=op.f('ck_appointments_facilitators_have_territory')),
    sa.CheckConstraint("role IN ('facilitator', 'moderator')", name=op.f('ck_appointments_role_known')),
    sa.CheckConstraint('(ended_at IS NULL) = (ended_by_id IS NULL)', name=op.f('ck_appointments_ended_by_somebody')),
    sa.ForeignKeyConstraint(['appointed_by_id'], ['people.id'], name=op.f('fk_appointments_appointed_by_id_people')),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_appointments_consultation_id_consultations')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['people.id'], name=op.f('fk_appointments_ended_by_id_people')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_appointments_person_id_people')),
    sa.ForeignKeyConstraint(['territory_id'], ['territories.id'], name=op.f('fk_appointments_territory_id_territories')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appointments'))
    )
    with op.batch_alter_table('appointments', schema=None) as batch_op:
        batch_op.create_index('ix_appointments_consultation_id', ['consultation_id'], unique=False)
        batch_op.create_index('uq_appointments_live', ['person_id', 'role', 'consultation_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL AND territory_id IS NULL'), postgresql_where=sa.text('ended_at IS NULL AND territory_id IS NULL'))
        batch_op.create_index('uq_appointments_live_regional', ['person_id', 'role', 'consultation_id', 'territory_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL AND territory_id IS NOT NULL'), postgresql_where=sa.text('ended_at IS NULL AND territory_id IS NOT NULL'))

    op.create_table('phases',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('consultation_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('diagnosis', 'proposing', 'tables', 'drafting', 'review', 'closing', 'monitoring')", name=op.f('ck_phases_kind_known')),
    sa.CheckConstraint('closes_at > opens_at', name=op.f('ck_phases_closes_after_opening')),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_phases_consultation_id_consultations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_phases')),
    sa.UniqueConstraint('consultation_id', 'position', name=op.f('uq_phases_consultation_id_position'))
    )
    op.create_table('plans',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('consultation_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('period', sa.String(length=40), nullable=False),
    sa.Column('draft_published_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_plans_consultation_id_consultations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plans')),
    sa.UniqueConstraint('consultation_id', name=op.f('uq_plans_consultation_id'))
    )
    op.create_table('similar_groups',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('consultation_id', sa.Integer(), nullable=False),
    sa.Column('signature', sa.String(length=64), nullable=False),
    sa.Column('encoder', sa.String(length=120), nullable=False),
    sa.Column('tightness', sa.Float(), nullable=False),
    sa.Column('weight', sa.Float(), nullable=False),
    sa.Column('shared_words', sa.JSON(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_similar_groups_consultation_id_consultations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_similar_groups')),
    sa.UniqueConstraint('consultation_id', 'signature', name=op.f('uq_similar_groups_consultation_id_signature'))
    )
    op.create_table('tables',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('consultation_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('territory_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(kind = 'regional') = (territory_id IS NOT NULL)", name=op.f('ck_tables_regional_has_territory')),
    sa.CheckConstraint("kind IN ('thematic', 'regional', 'round')", name=op.f('ck_tables_kind_known')),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_tables_consultation_id_consultations')),
    sa.ForeignKeyConstraint(['territory_id'], ['territories.id'], name=op.f('fk_tables_territory_id_territories')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tables'))
    )
    with op.batch_alter_table('tables', schema=None) as batch_op:
        batch_op.create_index('ix_tables_consultation_id', ['consultation_id'], unique=False)

    op.create_table('themes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('consultation_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_themes_consultation_id_consultations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_themes')),
    sa.UniqueConstraint('consultation_id', 'title', name=op.f('uq_themes_consultation_id_title'))
    )
    op.create_table('commitments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=40), nullable=True),
    sa.Column('title', sa.String(length=400), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=True),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.Column('objective', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('relevance', sa.Text(), nullable=False),
    sa.Column('ambition', sa.Text(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('origin_note', sa.Text(), nullable=True),
    sa.Column('notes', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('drafted_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state IN ('drafted', 'in_review', 'approved', 'published', 'in_implementation', 'reformulated', 'closed')", name=op.f('ck_commitments_state_known')),
    sa.CheckConstraint('ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on', name=op.f('ck_commitments_ends_after_start')),
    sa.CheckConstraint('number > 0', name=op.f('ck_commitments_number_positive')),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_commitments_institution_id_institutions')),
    sa.ForeignKeyConstraint(['plan_id'], ['plans.id'], name=op.f('fk_commitments_plan_id_plans')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_commitments')),
    sa.UniqueConstraint('plan_id', 'number', name=op.f('uq_commitments_plan_id_number'))
    )
    op.create_table('proposals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('consultation_id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=40), nullable=True),
    sa.Column('origin', sa.String(length=32), nullable=False),
    sa.Column('is_joint', sa.Boolean(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('institution_id', sa.Integer(), nullable=True),
    sa.Column('origin_note', sa.String(length=300), nullable=True),
    sa.Column('theme_id', sa.Integer(), nullable=True),
    sa.Column('territory_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('hidden_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('hidden_reason', sa.Text(), nullable=True),
    sa.Column('supporters', sa.Integer(), nullable=False),
    sa.Column('wording_number', sa.Integer(), nullable=False),
    sa.Column('carried_by_id', sa.Integer(), nullable=True),
    sa.Column('head_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(state = 'draft') = (published_at IS NULL)", name=op.f('ck_proposals_draft_is_unpublished')),
    sa.CheckConstraint("(state = 'merged') = (carried_by_id IS NOT NULL)", name=op.f('ck_proposals_merged_is_carried')),
    sa.CheckConstraint("origin = 'institution' OR author_id IS NOT NULL OR is_joint OR origin = 'table'", name=op.f('ck_proposals_online_has_author')),
    sa.CheckConstraint("origin IN ('online', 'table', 'institution')", name=op.f('ck_proposals_origin_known')),
    sa.CheckConstraint("state IN ('draft', 'published', 'merged', 'shortlisted', 'left_out', 'referred', 'withdrawn')", name=op.f('ck_proposals_state_known')),
    sa.CheckConstraint('(carried_by_id IS NULL) = (head_id IS NULL)', name=op.f('ck_proposals_carried_has_head')),
    sa.CheckConstraint('(hidden_at IS NULL) = (hidden_reason IS NULL)', name=op.f('ck_proposals_hidden_with_reason')),
    sa.CheckConstraint('supporters >= 0', name=op.f('ck_proposals_supporters_not_negative')),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_proposals_author_id_people')),
    sa.ForeignKeyConstraint(['carried_by_id'], ['proposals.id'], name=op.f('fk_proposals_carried_by_id_proposals')),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_proposals_consultation_id_consultations')),
    sa.ForeignKeyConstraint(['head_id'], ['proposals.id'], name=op.f('fk_proposals_head_id_proposals')),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_proposals_institution_id_institutions')),
    sa.ForeignKeyConstraint(['territory_id'], ['territories.id'], name=op.f('fk_proposals_territory_id_territories')),
    sa.ForeignKeyConstraint(['theme_id'], ['themes.id'], name=op.f('fk_proposals_theme_id_themes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposals')),
    sa.UniqueConstraint('code', name=op.f('uq_proposals_code'))
    )
    with op.batch_alter_table('proposals', schema=None) as batch_op:
        batch_op.create_index('ix_proposals_author_id', ['author_id'], unique=False)
        batch_op.create_index('ix_proposals_carried_by_id', ['carried_by_id'], unique=False)
        batch_op.create_index('ix_proposals_head_id', ['head_id'], unique=False)
        batch_op.create_index('ix_proposals_listed', ['consultation_id', 'state', 'hidden_at', 'theme_id'], unique=False)
        batch_op.create_index('ix_proposals_most_supported', ['consultation_id', 'supporters', 'id'], unique=False)
        batch_op.create_index('ix_proposals_newest', ['consultation_id', 'published_at', 'id'], unique=False)

    op.create_table('sessions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('table_id', sa.Integer(), nullable=False),
    sa.Column('ordinal', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=True),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('date_note', sa.String(length=300), nullable=True),
    sa.Column('objective', sa.Text(), nullable=True),
    sa.Column('product', sa.Text(), nullable=True),
    sa.Column('agenda', sa.JSON(), nullable=False),
    sa.Column('statements', sa.JSON(), nullable=False),
    sa.Column('agreements', sa.JSON(), nullable=False),
    sa.Column('notes', sa.Text(), nullable=True),
    sa.Column('is_pooled', sa.Boolean(), nullable=False),
    sa.Column('venues', sa.JSON(), nullable=False),
    sa.Column('convened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('submitted_by_uid', sa.String(length=32), nullable=True),
    sa.CheckConstraint('(submitted_at IS NULL) = (submitted_by_uid IS NULL)', name=op.f('ck_sessions_submitted_by_somebody')),
    sa.CheckConstraint('ends_at IS NULL OR ends_at > starts_at', name=op.f('ck_sessions_ends_after_start')),
    sa.CheckConstraint('submitted_at IS NULL OR opened_at IS NOT NULL', name=op.f('ck_sessions_submitted_was_open')),
    sa.ForeignKeyConstraint(['table_id'], ['tables.id'], name=op.f('fk_sessions_table_id_tables')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sessions')),
    sa.UniqueConstraint('table_id', 'ordinal', name=op.f('uq_sessions_table_id_ordinal'))
    )
    op.create_table('attendances',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('sector', sa.String(length=32), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=True),
    sa.Column('convened', sa.Boolean(), nullable=True),
    sa.Column('attended', sa.Boolean(), nullable=True),
    sa.Column('spoke', sa.Boolean(), nullable=True),
    sa.Column('heads', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=300), nullable=True),
    sa.CheckConstraint("sector IN ('government', 'municipal', 'civil_society', 'academia', 'private', 'international')", name=op.f('ck_attendances_sector_known')),
    sa.CheckConstraint('heads IS NULL OR heads BETWEEN 0 AND 100000', name=op.f('ck_attendances_heads_sane')),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_attendances_institution_id_institutions')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_attendances_session_id_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendances'))
    )
    with op.batch_alter_table('attendances', schema=None) as batch_op:
        batch_op.create_index('ix_attendances_session_id', ['session_id'], unique=False)

    op.create_table('decisions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('ground', sa.String(length=32), nullable=True),
    sa.Column('needs_law', sa.Boolean(), nullable=False),
    sa.Column('no_counterpart', sa.Boolean(), nullable=False),
    sa.Column('counterpart_id', sa.Integer(), nullable=True),
    sa.Column('referred_to_id', sa.Integer(), nullable=True),
    sa.Column('session_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reopened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reopened_reason', sa.Text(), nullable=True),
    sa.CheckConstraint("(kind = 'left_out') = (ground IS NOT NULL)", name=op.f('ck_decisions_left_out_has_ground')),
    sa.CheckConstraint("ground IN ('needs_law', 'no_counterpart', 'out_of_scope', 'already_exists', 'other')", name=op.f('ck_decisions_ground_known')),
    sa.CheckConstraint("kind <> 'referred' OR referred_to_id IS NOT NULL", name=op.f('ck_decisions_referred_to_somebody')),
    sa.CheckConstraint("kind <> 'shortlisted' OR counterpart_id IS NOT NULL", name=op.f('ck_decisions_shortlisted_has_counterpart')),
    sa.CheckConstraint("kind IN ('shortlisted', 'left_out', 'referred')", name=op.f('ck_decisions_kind_known')),
    sa.CheckConstraint('(reopened_at IS NULL) = (reopened_reason IS NULL)', name=op.f('ck_decisions_reopened_with_reason')),
    sa.CheckConstraint('length(reason) > 0', name=op.f('ck_decisions_reason_given')),
    sa.ForeignKeyConstraint(['counterpart_id'], ['institutions.id'], name=op.f('fk_decisions_counterpart_id_institutions')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposals.id'], name=op.f('fk_decisions_proposal_id_proposals')),
    sa.ForeignKeyConstraint(['referred_to_id'], ['institutions.id'], name=op.f('fk_decisions_referred_to_id_institutions')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_decisions_session_id_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decisions'))
    )
    with op.batch_alter_table('decisions', schema=None) as batch_op:
        batch_op.create_index('uq_decisions_live', ['proposal_id'], unique=True, sqlite_where=sa.text('reopened_at IS NULL'), postgresql_where=sa.text('reopened_at IS NULL'))

    op.create_table('merges',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('consultation_id', sa.Integer(), nullable=False),
    sa.Column('joint_id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=40), nullable=True),
    sa.Column('session_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('objections_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_reason', sa.Text(), nullable=True),
    sa.CheckConstraint("(state = 'settled') = (settled_at IS NOT NULL)", name=op.f('ck_merges_settled_when')),
    sa.CheckConstraint("(state = 'undone') = (undone_at IS NOT NULL)", name=op.f('ck_merges_undone_when')),
    sa.CheckConstraint("state IN ('made', 'settled', 'undone')", name=op.f('ck_merges_state_known')),
    sa.CheckConstraint('(undone_at IS NULL) = (undone_reason IS NULL)', name=op.f('ck_merges_undone_with_reason')),
    sa.CheckConstraint('length(reason) > 0', name=op.f('ck_merges_reason_given')),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_merges_consultation_id_consultations')),
    sa.ForeignKeyConstraint(['joint_id'], ['proposals.id'], name=op.f('fk_merges_joint_id_proposals')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_merges_session_id_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_merges')),
    sa.UniqueConstraint('joint_id', name=op.f('uq_merges_joint_id'))
    )
    with op.batch_alter_table('merges', schema=None) as batch_op:
        batch_op.create_index('ix_merges_consultation_id', ['consultation_id'], unique=False)

    op.create_table('milestones',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('commitment_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('components', sa.JSON(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('term', sa.String(length=200), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.CheckConstraint('ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on', name=op.f('ck_milestones_ends_after_start')),
    sa.ForeignKeyConstraint(['commitment_id'], ['commitments.id'], name=op.f('fk_milestones_commitment_id_commitments')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_milestones')),
    sa.UniqueConstraint('commitment_id', 'number', name=op.f('uq_milestones_commitment_id_number'))
    )
    op.create_table('origins',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('commitment_id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('certainty', sa.String(length=32), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.CheckConstraint("certainty = 'certain' OR length(note) > 0", name=op.f('ck_origins_inferred_is_explained')),
    sa.CheckConstraint("certainty IN ('certain', 'inferred')", name=op.f('ck_origins_certainty_known')),
    sa.ForeignKeyConstraint(['commitment_id'], ['commitments.id'], name=op.f('fk_origins_commitment_id_commitments')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposals.id'], name=op.f('fk_origins_proposal_id_proposals')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_origins')),
    sa.UniqueConstraint('commitment_id', 'proposal_id', name=op.f('uq_origins_commitment_id_proposal_id'))
    )
    with op.batch_alter_table('origins', schema=None) as batch_op:
        batch_op.create_index('ix_origins_proposal_id', ['proposal_id'], unique=False)

    op.create_table('progress_reports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('commitment_id', sa.Integer(), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=True),
    sa.Column('completion', sa.String(length=32), nullable=True),
    sa.Column('results', sa.Text(), nullable=False),
    sa.Column('reformulation', sa.JSON(), nullable=True),
    sa.Column('next_steps', sa.JSON(), nullable=False),
    sa.Column('notes', sa.JSON(), nullable=False),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("completion IN ('not_started', 'limited', 'substantial', 'complete')", name=op.f('ck_progress_reports_completion_known')),
    sa.ForeignKeyConstraint(['commitment_id'], ['commitments.id'], name=op.f('fk_progress_reports_commitment_id_commitments')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_progress_reports'))
    )
    with op.batch_alter_table('progress_reports', schema=None) as batch_op:
        batch_op.create_index('ix_progress_reports_commitment_id', ['commitment_id'], unique=False)

    op.create_table('results',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(length=32), nullable=False),
    sa.Column('group_number', sa.Integer(), nullable=True),
    sa.Column('grade', sa.String(length=32), nullable=True),
    sa.Column('dots', sa.Integer(), nullable=True),
    sa.Column('reasons', sa.Text(), nullable=False),
    sa.Column('dissent', sa.Text(), nullable=False),
    sa.Column('made_here', sa.Boolean(), nullable=False),
    sa.Column('is_inferred', sa.Boolean(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(outcome = 'group') = (group_number IS NOT NULL)", name=op.f('ck_results_group_has_number')),
    sa.CheckConstraint("grade IN ('consensus', 'agreement', 'majority', 'divided', 'none')", name=op.f('ck_results_grade_known')),
    sa.CheckConstraint("outcome IN ('keep', 'modify', 'enlarge', 'merge', 'separate', 'leave_out', 'refer', 'no_counterpart', 'group', 'none')", name=op.f('ck_results_outcome_known')),
    sa.CheckConstraint('dots IS NULL OR dots BETWEEN 0 AND 100000', name=op.f('ck_results_dots_sane')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposals.id'], name=op.f('fk_results_proposal_id_proposals')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_results_session_id_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_results')),
    sa.UniqueConstraint('session_id', 'proposal_id', name=op.f('uq_results_session_id_proposal_id'))
    )
    with op.batch_alter_table('results', schema=None) as batch_op:
        batch_op.create_index('ix_results_proposal_id', ['proposal_id'], unique=False)

    op.create_table('similar_members',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('distance', sa.Float(), nullable=False),
    sa.Column('is_base', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['group_id'], ['similar_groups.id'], name=op.f('fk_similar_members_group_id_similar_groups'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposals.id'], name=op.f('fk_similar_members_proposal_id_proposals')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_similar_members')),
    sa.UniqueConstraint('group_id', 'proposal_id', name=op.f('uq_similar_members_group_id_proposal_id'))
    )
    with op.batch_alter_table('similar_members', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_similar_members_proposal_id'), ['proposal_id'], unique=False)

    op.create_table('votes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('cast_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('support')", name=op.f('ck_votes_kind_known')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_votes_person_id_people')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposals.id'], name=op.f('fk_votes_proposal_id_proposals')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_votes')),
    sa.UniqueConstraint('person_id', 'proposal_id', 'kind', name=op.f('uq_votes_person_id_proposal_id_kind'))
    )
    with op.batch_alter_table('votes', schema=None) as batch_op:
        batch_op.create_index('ix_votes_proposal_id', ['proposal_id'], unique=False)

    op.create_table('wordings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('excerpt', sa.String(length=220), nullable=False),
    sa.Column('folded', sa.Text(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('number > 0', name=op.f('ck_wordings_number_positive')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposals.id'], name=op.f('fk_wordings_proposal_id_proposals')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wordings')),
    sa.UniqueConstraint('proposal_id', 'number', name=op.f('uq_wordings_proposal_id_number'))
    )
    op.create_table('embeddings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('wording_id', sa.Integer(), nullable=False),
    sa.Column('encoder', sa.String(length=120), nullable=False),
    sa.Column('vector', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['wording_id'], ['wordings.id'], name=op.f('fk_embeddings_wording_id_wordings')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_embeddings')),
    sa.UniqueConstraint('wording_id', 'encoder', name=op.f('uq_embeddings_wording_id_encoder'))
    )
    op.create_table('merge_parts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('merge_id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('supporters_then', sa.Integer(), nullable=False),
    sa.Column('taken_out_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('taken_out_reason', sa.Text(), nullable=True),
    sa.CheckConstraint('(taken_out_at IS NULL) = (taken_out_reason IS NULL)', name=op.f('ck_merge_parts_taken_out_with_reason')),
    sa.ForeignKeyConstraint(['merge_id'], ['merges.id'], name=op.f('fk_merge_parts_merge_id_merges')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposals.id'], name=op.f('fk_merge_parts_proposal_id_proposals')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_merge_parts')),
    sa.UniqueConstraint('merge_id', 'proposal_id', name=op.f('uq_merge_parts_merge_id_proposal_id'))
    )
    with op.batch_alter_table('merge_parts', schema=None) as batch_op:
        batch_op.create_index('ix_merge_parts_proposal_id', ['proposal_id'], unique=False)

    op.create_table('milestone_progress',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('milestone_id', sa.Integer(), nullable=False),
    sa.Column('completion', sa.String(length=32), nullable=False),
    sa.Column('timeliness', sa.String(length=32), nullable=True),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('evidence', sa.Text(), nullable=True),
    sa.CheckConstraint("completion IN ('not_started', 'limited', 'substantial', 'complete')", name=op.f('ck_milestone_progress_completion_known')),
    sa.CheckConstraint("timeliness IN ('on_time', 'delayed')", name=op.f('ck_milestone_progress_timeliness_known')),
    sa.ForeignKeyConstraint(['milestone_id'], ['milestones.id'], name=op.f('fk_milestone_progress_milestone_id_milestones')),
    sa.ForeignKeyConstraint(['report_id'], ['progress_reports.id'], name=op.f('fk_milestone_progress_report_id_progress_reports')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_milestone_progress')),
    sa.UniqueConstraint('report_id', 'milestone_id', name=op.f('uq_milestone_progress_report_id_milestone_id'))
    )


def downgrade():
    op.drop_table('milestone_progress')
    with op.batch_alter_table('merge_parts', schema=None) as batch_op:
        batch_op.drop_index('ix_merge_parts_proposal_id')

    op.drop_table('merge_parts')
    op.drop_table('embeddings')
    op.drop_table('wordings')
    with op.batch_alter_table('votes', schema=None) as batch_op:
        batch_op.drop_index('ix_votes_proposal_id')

    op.drop_table('votes')
    with op.batch_alter_table('similar_members', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_similar_members_proposal_id'))

    op.drop_table('similar_members')
    with op.batch_alter_table('results', schema=None) as batch_op:
        batch_op.drop_index('ix_results_proposal_id')

    op.drop_table('results')
    with op.batch_alter_table('progress_reports', schema=None) as batch_op:
        batch_op.drop_index('ix_progress_reports_commitment_id')

    op.drop_table('progress_reports')
    with op.batch_alter_table('origins', schema=None) as batch_op:
        batch_op.drop_index('ix_origins_proposal_id')

    op.drop_table('origins')
    op.drop_table('milestones')
    with op.batch_alter_table('merges', schema=None) as batch_op:
        batch_op.drop_index('ix_merges_consultation_id')

    op.drop_table('merges')
    with op.batch_alter_table('decisions', schema=None) as batch_op:
        batch_op.drop_index('uq_decisions_live', sqlite_where=sa.text('reopened_at IS NULL'), postgresql_where=sa.text('reopened_at IS NULL'))

    op.drop_table('decisions')
    with op.batch_alter_table('attendances', schema=None) as batch_op:
        batch_op.drop_index('ix_attendances_session_id')

    op.drop_table('attendances')
    op.drop_table('sessions')
    with op.batch_alter_table('proposals', schema=None) as batch_op:
        batch_op.drop_index('ix_proposals_newest')
        batch_op.drop_index('ix_proposals_most_supported')
        batch_op.drop_index('ix_proposals_listed')
        batch_op.drop_index('ix_proposals_head_id')
        batch_op.drop_index('ix_proposals_carried_by_id')
        batch_op.drop_index('ix_proposals_author_id')

    op.drop_table('proposals')
    op.drop_table('commitments')
    op.drop_table('themes')
    with op.batch_alter_table('tables', schema=None) as batch_op:
        batch_op.drop_index('ix_tables_consultation_id')

    op.drop_table('tables')
    op.drop_table('similar_groups')
    op.drop_table('plans')
    op.drop_table('phases')
    with op.batch_alter_table('appointments', schema=None) as batch_op:
        batch_op.drop_index('uq_appointments_live_regional', sqlite_where=sa.text('ended_at IS NULL AND territory_id IS NOT NULL'), postgresql_where=sa.text('ended_at IS NULL AND territory_id IS NOT NULL'))
        batch_op.drop_index('uq_appointments_live', sqlite_where=sa.text('ended_at IS NULL AND territory_id IS NULL'), postgresql_where=sa.text('ended_at IS NULL AND territory_id IS NULL'))
        batch_op.drop_index('ix_appointments_consultation_id')

    op.drop_table('appointments')
    op.drop_table('people')
    op.drop_table('consultations')
    with op.batch_alter_table('territories', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_territories_parent_id'))

    op.drop_table('territories')
    op.drop_table('record_head')
    with op.batch_alter_table('record_entries', schema=None) as batch_op:
        batch_op.drop_index('ix_record_entries_within_id')
        batch_op.drop_index('ix_record_entries_unsealed', sqlite_where=sa.text('position IS NULL'), postgresql_where=sa.text('position IS NULL'))
        batch_op.drop_index('ix_record_entries_subject')

    op.drop_table('record_entries')
    op.drop_table('pulses')
    op.drop_table('institutions')
