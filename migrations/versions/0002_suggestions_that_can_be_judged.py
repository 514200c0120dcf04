"""Verdicts on pairs, thresholds, what was learned, a map; progress of jobs and checksums of vectors."""

from alembic import op
import sqlalchemy as sa

revision = '0002'
down_revision = '0001'


def upgrade():
    op.create_table('rerankers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('encoder', sa.String(length=120), nullable=False),
    sa.Column('weights', sa.JSON(), nullable=False),
    sa.Column('pairs_same', sa.Integer(), nullable=False),
    sa.Column('pairs_different', sa.Integer(), nullable=False),
    sa.Column('plain_loss', sa.Float(), nullable=False),
    sa.Column('learned_loss', sa.Float(), nullable=False),
    sa.Column('is_better', sa.Boolean(), nullable=False),
    sa.Column('learned_from', sa.String(length=80), nullable=False),
    sa.Column('fitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('pairs_same >= 0 AND pairs_different >= 0', name=op.f('ck_rerankers_pairs_counted')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rerankers')),
    sa.UniqueConstraint('encoder', name=op.f('uq_rerankers_encoder'))
    )
    op.create_table('thresholds',
    sa.Column('consultation_id', sa.Integer(), nullable=False),
    sa.Column('citizen_floor', sa.Float(), nullable=False),
    sa.Column('group_floor', sa.Float(), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('citizen_floor > 0 AND citizen_floor <= 1', name=op.f('ck_thresholds_citizen_floor_share')),
    sa.CheckConstraint('group_floor > 0 AND group_floor <= 1', name=op.f('ck_thresholds_group_floor_share')),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_thresholds_consultation_id_consultations')),
    sa.PrimaryKeyConstraint('consultation_id', name=op.f('pk_thresholds'))
    )
    op.create_table('map_places',
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('x', sa.Float(), nullable=False),
    sa.Column('y', sa.Float(), nullable=False),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposals.id'], name=op.f('fk_map_places_proposal_id_proposals')),
    sa.PrimaryKeyConstraint('proposal_id', name=op.f('pk_map_places'))
    )
    op.create_table('verdicts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('consultation_id', sa.Integer(), nullable=False),
    sa.Column('first_id', sa.Integer(), nullable=False),
    sa.Column('second_id', sa.Integer(), nullable=False),
    sa.Column('first_wording_id', sa.Integer(), nullable=False),
    sa.Column('second_wording_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_back_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('merged', 'pulled_in', 'told_apart', 'parted')", name=op.f('ck_verdicts_kind_known')),
    sa.CheckConstraint('first_id < second_id', name=op.f('ck_verdicts_in_order')),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_verdicts_consultation_id_consultations')),
    sa.ForeignKeyConstraint(['first_id'], ['proposals.id'], name=op.f('fk_verdicts_first_id_proposals')),
    sa.ForeignKeyConstraint(['first_wording_id'], ['wordings.id'], name=op.f('fk_verdicts_first_wording_id_wordings')),
    sa.ForeignKeyConstraint(['second_id'], ['proposals.id'], name=op.f('fk_verdicts_second_id_proposals')),
    sa.ForeignKeyConstraint(['second_wording_id'], ['wordings.id'], name=op.f('fk_verdicts_second_wording_id_wordings')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_verdicts'))
    )
    with op.batch_alter_table('verdicts', schema=None) as batch_op:
        batch_op.create_index('ix_verdicts_consultation_id', ['consultation_id', 'id'], unique=False)
        batch_op.create_index('ix_verdicts_second_id', ['second_id'], unique=False)
        batch_op.create_index('uq_verdicts_live', ['first_id', 'second_id'], unique=True, sqlite_where=sa.text('taken_back_at IS NULL'), postgresql_where=sa.text('taken_back_at IS NULL'))

    with op.batch_alter_table('embeddings', schema=None) as batch_op:
        batch_op.add_column(sa.Column('checksum', sa.BigInteger(), server_default='0', nullable=False))

    with op.batch_alter_table('pulses', schema=None) as batch_op:
        batch_op.add_column(sa.Column('done', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('out_of', sa.Integer(), nullable=True))

    with op.batch_alter_table('similar_groups', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_certain', sa.Boolean(), server_default=sa.false(), nullable=False))



def downgrade():
    with op.batch_alter_table('similar_groups', schema=None) as batch_op:
        batch_op.drop_column('is_certain')

    with op.batch_alter_table('pulses', schema=None) as batch_op:
        batch_op.drop_column('out_of')
        batch_op.drop_column('done')

    with op.batch_alter_table('embeddings', schema=None) as batch_op:
        batch_op.drop_column('checksum')

    with op.batch_alter_table('verdicts', schema=None) as batch_op:
        batch_op.drop_index('uq_verdicts_live', sqlite_where=sa.text('taken_back_at IS NULL'), postgresql_where=sa.text('taken_back_at IS NULL'))
        batch_op.drop_index('ix_verdicts_second_id')
        batch_op.drop_index('ix_verdicts_consultation_id')

    op.drop_table('verdicts')
    op.drop_table('map_places')
    op.drop_table('thresholds')
    op.drop_table('rerankers')
