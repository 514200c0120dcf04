"""Reading what the machine suggests, what people decided of pairs, and how strictly it suggests."""

from dataclasses import dataclass
from typing import NamedTuple

from flask_babel import lazy_gettext as _
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from consulta.consultations.rules import why_not_moderate
from consulta.consultations.rules import why_not_see as why_not_see_consultation
from consulta.core.errors import NotFound, refuse_if
from consulta.core.extensions import db
from consulta.proposals.models import Proposal, Wording
from consulta.proposals.queries import LISTED, waits_for_a_decision
from consulta.similarity.scoring import CITIZEN_FLOOR, GROUP_FLOOR
from consulta.suggestions.models import (
    DIFFERENT,
    SAME,
    MapPlace,
    Preview,
    Reranker,
    SimilarGroup,
    SimilarMember,
    Thresholds,
    Verdict,
)
from consulta.votes.models import Vote

GROUPS_SHOWN = 20
TOLD_APART_SHOWN = 50
GONE = _("Este grupo ya no existe: sus propuestas cambiaron o ya se fusionaron.")

_TITLE = (Wording.title, Wording.excerpt, Wording.proposal_id, Wording.number)
_texts = (
    joinedload(Proposal.consultation),
    joinedload(Proposal.institution),
    joinedload(Proposal.theme),
    joinedload(Proposal.territory),
)
_members = selectinload(SimilarGroup.members).joinedload(SimilarMember.proposal)


@dataclass(frozen=True)
class GroupPage:
    """Some suggested groups in order, the distinct people behind each (by group id), how many there are in all."""

    groups: list
    people: dict
    total: int
    next_key: int | None


class Floors(NamedTuple):
    """How alike two texts must be, 0 to 1: to be shown to somebody who writes, and to be suggested as one."""

    citizen: float
    group: float


class Labelled(NamedTuple):
    """Two texts that people judged: (title, body) of each, whether they are the same, how and when it was decided."""

    first: tuple
    second: tuple
    is_same: bool
    kind: str
    decided_at: object
    first_code: str
    second_code: str


def groups_of(consultation, *, after=None, size=GROUPS_SHOWN):
    """Return a GroupPage of the consultation's suggested groups: copies first, then what a merge would settle most.

    A group with a member that can no longer be merged is left out; the machine will suggest anew what remains of it.
    after: the key that the page before gave as `next_key`; anything else begins at the first page.
    """
    query = _queue(consultation.id)
    total = db.session.scalar(select(func.count()).select_from(query.subquery()))
    last = db.session.get(SimilarGroup, after) if after is not None and 0 < after < 2**31 else None
    if last is not None and last.consultation_id == consultation.id:
        query = query.where(_comes_after(last))
    query = query.order_by(*_ORDER).limit(size + 1)
    titles = _members.joinedload(Proposal.wording).load_only(*_TITLE)
    found = db.session.scalars(query.options(titles)).all()
    groups = found[:size]
    return GroupPage(groups, people_behind_groups(groups), total, groups[-1].id if len(found) > size else None)


def find_group(group_id, *, to):
    """Return a suggested group; raises NotAllowed for whoever does not moderate its consultation."""
    query = select(SimilarGroup).where(SimilarGroup.id == group_id).options(joinedload(SimilarGroup.consultation))
    group = db.session.scalar(query) if group_id < 2**31 else None
    refuse_if(GONE if group is None else None, NotFound)
    refuse_if(GONE if why_not_see_consultation(to, group.consultation) is not None else None, NotFound)
    refuse_if(why_not_moderate(to, group.consultation))
    return group


def members_in_order(group, *, most):
    """Return (up to `most` members of `group`, the base text first and then those nearest to it; how many in all).

    What a page shows of their proposals is loaded, but not their texts: see `proposals.queries.bodies_of`.
    """
    query = (
        select(SimilarMember)
        .where(SimilarMember.group_id == group.id)
        .order_by(SimilarMember.is_base.desc(), SimilarMember.distance, SimilarMember.proposal_id)
        .limit(most)
        .options(joinedload(SimilarMember.proposal).options(*_texts, joinedload(Proposal.wording).load_only(*_TITLE)))
    )
    members = db.session.scalars(query).all()
    if len(members) < most:
        return members, len(members)
    counted = select(func.count()).where(SimilarMember.group_id == group.id)
    return members, db.session.scalar(counted.select_from(SimilarMember))


def count_queue(consultation):
    """Return (how many suggested groups wait in the queue, how many proposals are in them)."""
    queue = _queue(consultation.id).with_only_columns(SimilarGroup.id)
    query = select(func.count(SimilarMember.group_id.distinct()), func.count()).where(SimilarMember.group_id.in_(queue))
    return tuple(db.session.execute(query).one())


def group_at(consultation, place):
    """Return the id of the group at `place` (from 1) in the queue, or of the last one; None where nothing waits."""
    query = _queue(consultation.id).with_only_columns(SimilarGroup.id).order_by(*_ORDER)
    found = db.session.scalar(query.offset(max(0, place - 1)).limit(1))
    return found or db.session.scalar(query.order_by(None).order_by(*_BACKWARDS).limit(1))


def neighbours_in_queue(group):
    """Return (id of the group before, id of the one after, place from 1, how many) of `group` in the queue.

    The ids are None at the ends. A group that fell out of the queue stands before whatever comes after it, and its
    place is None.
    """
    queue = _queue(group.consultation_id)
    before = queue.where(_comes_before(group))
    after = queue.where(_comes_after(group)).order_by(*_ORDER).limit(1)
    total, ahead, own = db.session.execute(
        queue.with_only_columns(
            func.count(),
            func.count().filter(_comes_before(group)),
            func.count().filter(SimilarGroup.id == group.id),
        )
    ).one()
    previous, following = (
        db.session.scalar(query.with_only_columns(SimilarGroup.id))
        for query in (before.order_by(*_BACKWARDS).limit(1), after)
    )
    return previous, following, ahead + 1 if own else None, total


def first_group_id(consultation):
    """Return the id of the group that stands first in the queue, or None where nothing waits."""
    return db.session.scalar(_queue(consultation.id).with_only_columns(SimilarGroup.id).order_by(*_ORDER).limit(1))


def group_holding(proposal):
    """Return the suggested group that `proposal` is in, members loaded, or None."""
    query = select(SimilarGroup).join(SimilarGroup.members).where(SimilarMember.proposal_id == proposal.id)
    return db.session.scalar(query.options(_members))


def groups_touching(ids):
    """Return the suggested groups that hold any of the proposals `ids`, members loaded, in the order of their rows."""
    touched = select(SimilarMember.group_id).where(SimilarMember.proposal_id.in_(ids))
    query = select(SimilarGroup).where(SimilarGroup.id.in_(touched)).order_by(SimilarGroup.id)
    return db.session.scalars(query.options(selectinload(SimilarGroup.members))).all()


def groups_among(ids):
    """Return a dictionary of proposal id to group id of those proposals `ids` that stand in a suggested group."""
    query = select(SimilarMember.proposal_id, SimilarMember.group_id).where(SimilarMember.proposal_id.in_(ids))
    return dict(db.session.execute(query).all())


def last_grouping(consultation):
    """Return when the texts of the consultation's suggested groups were read, or None where there are none."""
    query = select(func.max(SimilarGroup.found_at)).where(SimilarGroup.consultation_id == consultation.id)
    return db.session.scalar(query)


def people_behind_groups(groups):
    """Return a dictionary of group id to how many distinct people are behind its members."""
    query = (
        select(SimilarMember.group_id, func.count(Vote.person_id.distinct()))
        .join(Proposal, or_(Proposal.id == SimilarMember.proposal_id, Proposal.head_id == SimilarMember.proposal_id))
        .join(Vote, Vote.proposal_id == Proposal.id)
        .where(SimilarMember.group_id.in_([group.id for group in groups]))
        .group_by(SimilarMember.group_id)
    )
    return {group.id: 0 for group in groups} | dict(db.session.execute(query).all())


def verdicts_among(consultation):
    """Return (pairs found the same, pairs found different) of the consultation: sets of (lower id, higher id)."""
    query = select(Verdict.first_id, Verdict.second_id, Verdict.kind).where(
        Verdict.consultation_id == consultation.id, Verdict.taken_back_at.is_(None)
    )
    together, apart = set(), set()
    for first, second, kind in db.session.execute(query):
        (together if kind in SAME else apart).add((first, second))
    return together, apart


def apart_from(ids, others):
    """Return those of the proposals `ids` that were told apart from any of `others`, and still are, as a set."""
    query = select(Verdict.first_id, Verdict.second_id).where(
        Verdict.kind.in_(DIFFERENT), Verdict.taken_back_at.is_(None), _either(ids, others)
    )
    return {each for pair in db.session.execute(query) for each in pair} & set(ids)


def verdict_on(one, other):
    """Return the live verdict on two proposals, or None."""
    first, second = sorted((one.id, other.id))
    query = select(Verdict).where(
        Verdict.first_id == first, Verdict.second_id == second, Verdict.taken_back_at.is_(None)
    )
    return db.session.scalar(query)


def told_apart(consultation, *, before=None, size=TOLD_APART_SHOWN):
    """Return (live verdicts that pairs differ, the newest first, with texts; the key of the next page or None).

    Only pairs that could be suggested again: both wait for a decision.
    """
    query = select(Verdict).where(*_stands_apart(consultation))
    if before is not None and 0 < before < 2**31:
        query = query.where(Verdict.id < before)
    options = [joinedload(side).joinedload(Proposal.wording) for side in (Verdict.first, Verdict.second)]
    found = db.session.scalars(query.options(*options).order_by(Verdict.id.desc()).limit(size + 1)).all()
    return found[:size], found[size - 1].id if len(found) > size else None


def count_apart(consultation):
    """Return how many pairs `told_apart` lists in all."""
    return db.session.scalar(select(func.count()).select_from(Verdict).where(*_stands_apart(consultation)))


def count_verdicts(consultation=None):
    """Return (how many live verdicts say the same, how many say different), of one consultation or of all."""
    query = select(Verdict.kind, func.count()).where(Verdict.taken_back_at.is_(None)).group_by(Verdict.kind)
    if consultation is not None:
        query = query.where(Verdict.consultation_id == consultation.id)
    counted = dict(db.session.execute(query).all())
    return sum(counted.get(kind, 0) for kind in SAME), sum(counted.get(kind, 0) for kind in DIFFERENT)


def labelled_pairs(consultation=None, *, at_once=500):
    """Yield every live verdict on two public proposals as Labelled, the oldest first; of one consultation or of all.

    The texts are those that were judged. A proposal that was hidden or withdrawn since is in none of them: what is
    not public is not handed on.
    """
    first, second = aliased(Proposal), aliased(Proposal)
    one, other = aliased(Wording), aliased(Wording)
    query = (
        select(Verdict, one.title, one.body, other.title, other.body, first.code, second.code)
        .join(first, first.id == Verdict.first_id)
        .join(second, second.id == Verdict.second_id)
        .join(one, one.id == Verdict.first_wording_id)
        .join(other, other.id == Verdict.second_wording_id)
        .where(Verdict.taken_back_at.is_(None))
        .order_by(Verdict.id)
    )
    for proposal in (first, second):
        query = query.where(proposal.hidden_at.is_(None), proposal.state.in_((*LISTED, "merged")))
    if consultation is not None:
        query = query.where(Verdict.consultation_id == consultation.id)
    last = 0
    while rows := db.session.execute(query.where(Verdict.id > last).limit(at_once)).all():
        for verdict, title, body, other_title, other_body, code, other_code in rows:
            texts, codes = ((title, body), (other_title, other_body)), (code, other_code)
            yield Labelled(*texts, verdict.is_same, verdict.kind, verdict.decided_at, *codes)
        last = rows[-1][0].id


def newest_verdict():
    """Return what all live verdicts are known by, a short text: while it is the same, there is nothing to learn."""
    newest, live = db.session.execute(
        select(func.max(Verdict.id), func.count()).where(Verdict.taken_back_at.is_(None))
    ).one()
    return f"{newest or 0} {live}"


def floors_of(consultation):
    """Return the Floors of `consultation`: those an administrator set, or those every consultation begins with."""
    held = db.session.get(Thresholds, consultation.id)
    return Floors(held.citizen_floor, held.group_floor) if held else Floors(CITIZEN_FLOOR, GROUP_FLOOR)


def preview_asked(consultation_id):
    """Return the Preview of a consultation, made or only asked for, or None."""
    return db.session.get(Preview, consultation_id)


def previews_asked():
    """Return the ids of the consultations whose preview was asked for and is not made yet."""
    waits = or_(Preview.made_at.is_(None), Preview.made_at < Preview.asked_at)
    return db.session.scalars(select(Preview.consultation_id).where(waits).order_by(Preview.asked_at)).all()


def reranker_of(encoder):
    """Return what was learned for the scores of `encoder` (its version), used or not, or None."""
    return db.session.scalar(select(Reranker).where(Reranker.encoder == encoder))


def places_of(consultation):
    """Return a dictionary of proposal id to (x, y), each 0 to 1, of what stands on the consultation's map."""
    query = (
        select(MapPlace.proposal_id, MapPlace.x, MapPlace.y)
        .join(Proposal, Proposal.id == MapPlace.proposal_id)
        .where(Proposal.consultation_id == consultation.id)
    )
    return {proposal_id: (x, y) for proposal_id, x, y in db.session.execute(query)}


def _stands_apart(consultation):
    """Conditions: a live verdict that two proposals of `consultation` differ, both of which wait for a decision."""
    return (
        Verdict.consultation_id == consultation.id,
        Verdict.kind.in_(DIFFERENT),
        Verdict.taken_back_at.is_(None),
        Verdict.first.has(waits_for_a_decision()),
        Verdict.second.has(waits_for_a_decision()),
    )


def _either(ids, others):
    """Condition: a verdict on one of `ids` and one of `others`."""
    return or_(
        and_(Verdict.first_id.in_(ids), Verdict.second_id.in_(others)),
        and_(Verdict.first_id.in_(others), Verdict.second_id.in_(ids)),
    )


def _queue(consultation_id):
    return select(SimilarGroup).where(SimilarGroup.consultation_id == consultation_id, ~_has_member_gone())


_BACKWARDS = (SimilarGroup.is_certain, SimilarGroup.weight, SimilarGroup.tightness, SimilarGroup.id.desc())
_ORDER = (SimilarGroup.is_certain.desc(), SimilarGroup.weight.desc(), SimilarGroup.tightness.desc(), SimilarGroup.id)


def _has_member_gone():
    return (
        select(SimilarMember.id)
        .join(Proposal, Proposal.id == SimilarMember.proposal_id)
        .where(SimilarMember.group_id == SimilarGroup.id, ~waits_for_a_decision())
        .exists()
    )


def _comes_after(last):
    """Condition: later in the queue than the group `last`."""
    same_kind = SimilarGroup.is_certain == last.is_certain
    same_weight = and_(same_kind, SimilarGroup.weight == last.weight)
    later = [
        and_(same_kind, SimilarGroup.weight < last.weight),
        and_(same_weight, SimilarGroup.tightness < last.tightness),
        and_(same_weight, SimilarGroup.tightness == last.tightness, SimilarGroup.id > last.id),
    ]
    return or_(*later, SimilarGroup.is_certain.is_(False)) if last.is_certain else or_(*later)


def _comes_before(first):
    """Condition: earlier in the queue than the group `first`."""
    return and_(SimilarGroup.id != first.id, ~_comes_after(first))
