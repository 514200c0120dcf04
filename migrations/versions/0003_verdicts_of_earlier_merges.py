"""Verdicts of the merges that were made before verdicts were kept: their parts are the same, unless it did not stand."""

from itertools import combinations

from alembic import op
import sqlalchemy as sa

revision = '0003'
down_revision = '0002'

AT_ONCE = 500


def upgrade():
    connection = op.get_bind()
    reflected = sa.MetaData()
    reflected.reflect(connection, only=["merges", "merge_parts", "proposals", "wordings", "verdicts"])
    merges, parts, proposals, wordings, verdicts = (
        reflected.tables[name] for name in ("merges", "merge_parts", "proposals", "wordings", "verdicts")
    )
    judged = {tuple(row) for row in connection.execute(sa.select(verdicts.c.first_id, verdicts.c.second_id))}
    in_force = dict(
        connection.execute(
            sa.select(wordings.c.proposal_id, wordings.c.id).join(
                proposals,
                sa.and_(proposals.c.id == wordings.c.proposal_id, proposals.c.wording_number == wordings.c.number),
            )
        ).all()
    )
    found = {}
    # In order, so that what became of a pair last is what is kept.
    for merge in connection.execute(sa.select(merges).order_by(merges.c.id)).mappings():
        of_it = connection.execute(sa.select(parts).where(parts.c.merge_id == merge["id"])).mappings().all()
        for pair, kind, at in _verdicts_of(merge, of_it):
            found[pair] = {"consultation_id": merge["consultation_id"], "kind": kind, "decided_at": at}
    rows = [
        {
            "first_id": first,
            "second_id": second,
            "first_wording_id": in_force[first],
            "second_wording_id": in_force[second],
            **verdict,
        }
        for (first, second), verdict in found.items()
        if (first, second) not in judged
    ]
    for start in range(0, len(rows), AT_ONCE):
        connection.execute(sa.insert(verdicts), rows[start : start + AT_ONCE])


def _verdicts_of(merge, parts):
    """Yield (pair, kind, when) of one merge: live parts are the same, what was taken out or undone is parted."""
    live = [part["proposal_id"] for part in parts if part["taken_out_at"] is None]
    kind, at = ("parted", merge["undone_at"]) if merge["state"] == "undone" else ("merged", merge["made_at"])
    for pair in combinations(sorted(live), 2):
        yield pair, kind, at
    for part in parts:
        if part["taken_out_at"] is not None:
            for other in [merge["joint_id"], *live]:
                yield tuple(sorted((part["proposal_id"], other))), "parted", part["taken_out_at"]


def downgrade():
    # What people decided stays as long as there is a table for it; 0002 takes the table away.
    pass
