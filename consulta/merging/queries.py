"""Reading merges and what they carry."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from sqlalchemy import case, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from consulta.accounts.models import Person
from consulta.consultations.models import Consultation, Phase
from consulta.consultations.rules import why_not_see as why_not_see_consultation
from consulta.core.clock import now
from consulta.core.errors import Invalid, NotFound, refuse_if
from consulta.core.extensions import db
from consulta.core.record import Entry, reference
from consulta.merging.models import Merge, MergePart
from consulta.merging.rules import MOST_PARTS
from consulta.proposals.models import Proposal
from consulta.proposals.rules import why_not_see
from consulta.tables.models import Session, Table

MERGES_SHOWN = 50
SESSIONS_SHOWN = 100
DUE_AT_ONCE = 200
EVENTS = ("merge.made", "merge.part_taken_out", "merge.settled", "merge.undone", "merge.annotated")

_texts = (
    joinedload(Merge.joint).joinedload(Proposal.wording),
    joinedload(Merge.joint).joinedload(Proposal.head).joinedload(Proposal.wording),
    selectinload(Merge.parts).joinedload(MergePart.proposal).joinedload(Proposal.wording),
)
_part_texts = (
    joinedload(Proposal.consultation),
    joinedload(Proposal.wording),
    joinedload(Proposal.author),
    joinedload(Proposal.institution),
    joinedload(Proposal.theme),
    joinedload(Proposal.territory),
)


@dataclass(frozen=True)
class Carried:
    """A proposal, the merge that stands behind it (None for one that carries nothing), and what that carries."""

    proposal: Proposal
    merge: Merge | None
    parts: tuple

    def leaves(self):
        """Return the proposals at the ends of the tree: those that people and institutions wrote."""
        return [self.proposal] if not self.parts else [leaf for part in self.parts for leaf in part.leaves()]


def find_merge(merge_id, *, to):
    """Return a merge with its joint proposal and parts; anybody who sees the consultation sees why it was made.

    Its proposals may be hidden since: whoever shows them asks `proposals.rules.why_not_see` for each.
    """
    query = select(Merge).where(Merge.id == merge_id)
    options = (
        *_texts,
        joinedload(Merge.consultation),
        joinedload(Merge.session),
        selectinload(Merge.parts).joinedload(MergePart.proposal).joinedload(Proposal.author),
    )
    merge = db.session.scalar(query.options(*options)) if merge_id < 2**31 else None
    gone = _("Esta fusión no existe o no es pública.")
    refuse_if(gone if merge is None else None, NotFound)
    refuse_if(gone if why_not_see_consultation(to, merge.consultation) is not None else None, NotFound)
    return merge


def merges_of(consultation, *, limit=MERGES_SHOWN):
    """Return the consultation's merges: those that still hear objections, the next to settle first, then the newest."""
    is_open = case((Merge.state == "made", 0), else_=1)
    query = (
        select(Merge)
        .where(Merge.consultation_id == consultation.id)
        .order_by(is_open, case((Merge.state == "made", Merge.objections_until)), Merge.id.desc())
        .limit(limit)
    )
    return db.session.scalars(query.options(*_texts)).all()


def merges_touching(proposal):
    """Return every merge that wrote `proposal`, carries it or ever carried it, the first one first."""
    carried = select(MergePart.merge_id).where(MergePart.proposal_id == proposal.id)
    query = select(Merge).where(or_(Merge.joint_id == proposal.id, Merge.id.in_(carried))).order_by(Merge.id)
    return db.session.scalars(query.options(*_texts, joinedload(Merge.session))).all()


def merge_carrying(proposal):
    """Return the merge that carries `proposal` now, or None."""
    if proposal.carried_by_id is None:
        return None
    return db.session.scalar(select(Merge).where(Merge.joint_id == proposal.carried_by_id).options(*_texts))


def merge_made_of(proposals):
    """Return the merge that carries all of `proposals` now and nothing else, or None."""
    merge = merge_carrying(proposals[0]) if proposals else None
    live = {part.proposal_id for part in merge.parts if part.taken_out_at is None} if merge else None
    return merge if live == {proposal.id for proposal in proposals} else None


def merges_due(*, only=None):
    """Return merges whose objection window is over and that are not settled yet; `only`: the one with this id.

    Only in consultations under way: what nobody settled while one was open stays as it ended, and a suspended one
    hears no objections.
    """
    under_way = select(Phase.id).where(Phase.consultation_id == Merge.consultation_id, Phase.closes_at > now()).exists()
    query = (
        select(Merge)
        .join(Merge.consultation)
        .where(Merge.state == "made", Merge.objections_until <= now(), under_way)
        .where(Consultation.suspended_at.is_(None), Consultation.archived_at.is_(None))
    )
    if only is not None:
        query = query.where(Merge.id == only)
    return db.session.scalars(query.order_by(Merge.objections_until).limit(DUE_AT_ONCE)).all()


def who_made(merge):
    """Return the person who made `merge`, or None where the machine loaded it from a source."""
    return db.session.scalar(
        select(Person)
        .join(Entry, Entry.by == Person.uid)
        .where(Entry.subject == reference(merge), Entry.event == "merge.made")
    )


def history_of(merge):
    """Return (entry of the record, person or None for the machine) of all that was done with `merge`, in order."""
    query = (
        select(Entry, Person)
        .outerjoin(Person, Person.uid == Entry.by)
        .where(Entry.subject == reference(merge), Entry.event.in_(EVENTS))
        .order_by(Entry.id)
    )
    return [tuple(row) for row in db.session.execute(query)]


def carried_tree(proposal):
    """Return `proposal` as a Carried with all that it carries now, directly or through joint proposals.

    Hidden proposals are in it: whoever shows it asks `proposals.rules.why_not_see` for each.
    """
    head_id = proposal.head_id or proposal.id
    below = db.session.scalars(
        select(Proposal).where(Proposal.head_id == head_id).order_by(Proposal.id).options(joinedload(Proposal.wording))
    ).all()
    joint_ids = {head_id, *(each.carried_by_id for each in below)}
    merges = db.session.scalars(
        select(Merge).where(Merge.joint_id.in_(joint_ids)).options(selectinload(Merge.parts), joinedload(Merge.session))
    ).all()
    merge_of = {merge.joint_id: merge for merge in merges}
    parts_of = {}
    for each in below:
        parts_of.setdefault(each.carried_by_id, []).append(each)

    def grown(each):
        parts = tuple(grown(part) for part in parts_of.get(each.id, ()))
        return Carried(each, merge_of.get(each.id) if parts else None, parts)

    return grown(proposal)


def tree_ids(proposals):
    """Return the ids of `proposals`, each of which stands for itself, and of all that they carry."""
    ids = {proposal.id for proposal in proposals}
    return ids | set(db.session.scalars(select(Proposal.id).where(Proposal.head_id.in_(ids))))


def find_chosen(codes, *, to):
    """Return the proposals with these `codes`, each once, in order; raises Invalid naming those `to` may not see."""
    codes = list(dict.fromkeys(code.strip().lower() for code in codes if code.strip()))[: MOST_PARTS + 1]
    query = select(Proposal).where(Proposal.code.in_(codes)).options(*_part_texts)
    found = {each.code: each for each in db.session.scalars(query) if why_not_see(to, each) is None}
    if missing := [code for code in codes if code not in found]:
        raise Invalid("parts", _("No hay ninguna propuesta pública con el código %(codes)s.", codes=", ".join(missing)))
    return [found[code] for code in codes]


def recent_sessions(consultation, *, limit=SESSIONS_SHOWN):
    """Return the newest sessions of the consultation, tables loaded: one of them may have decided a merge."""
    query = select(Session).join(Session.table).where(Table.consultation_id == consultation.id)
    return db.session.scalars(
        query.options(contains_eager(Session.table)).order_by(Session.id.desc()).limit(limit)
    ).all()
