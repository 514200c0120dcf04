"""Keeping what the machine suggests, and what people decide of it: told apart, pulled in, merged, parted again."""

from itertools import combinations

from sqlalchemy import delete, inspect, select
from sqlalchemy.orm import selectinload

from consulta.core.clock import now
from consulta.core.errors import Conflict, Invalid, check, refuse_if
from consulta.core.extensions import db
from consulta.core.record import record, vocabulary
from consulta.core.text import clean_text
from consulta.core.work import action, lock, ring
from consulta.proposals.models import Proposal, Wording
from consulta.proposals.queries import waiting_ids
from consulta.similarity.graph import match
from consulta.suggestions.finding import signature_of
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
from consulta.suggestions.queries import (
    GONE,
    floors_of,
    group_holding,
    groups_touching,
    people_behind_groups,
    verdicts_among,
)
from consulta.suggestions.rules import (
    why_cannot_judge,
    why_cannot_part,
    why_no_floor,
    why_no_parts,
    why_not_judge,
    why_not_pull,
    why_not_tune,
    why_nothing_to_reconsider,
)

REASON_LIMIT = 2000
AT_ONCE = 500  # rows that one statement names

vocabulary(
    {
        # Codes, never titles: a text that is hidden later must not live on in the record.
        "similar.told_apart": ("parts",),
        "similar.pulled_in": ("proposal", "group"),
        "similar.reconsidered": ("proposals",),
        "similarity.tuned": ("citizen_floor", "group_floor"),
    }
)


@action(unrecorded="a suggestion, which the machine may drop and make again")
def suggest_groups(consultation, *, found, by):
    """Put what `finding.propose_groups` found in place of the consultation's suggestions, all at once.

    A group that most of its members stay in keeps its row, and so its address. What people decided while it was being
    computed stands: groups with a member decided meanwhile are left out, and those that fell apart meanwhile, or that a
    proposal was pulled into, stay as people left them. Where a run that read the texts later has stored its groups
    already, nothing changes.
    """
    lock(consultation)
    query = select(SimilarGroup).where(SimilarGroup.consultation_id == consultation.id)
    held = db.session.scalars(query.options(selectinload(SimilarGroup.members))).all()
    if any(group.found_at > found.read_at for group in held):
        return
    live, busy = waiting_ids(consultation), _judged_meanwhile(consultation, found)
    touched = [group for group in held if not busy.isdisjoint(member.proposal_id for member in group.members)]
    busy |= {member.proposal_id for group in touched for member in group.members}
    wanted = {
        tuple(sorted(each.distances)): each
        for each in found.suggestions
        if each.distances.keys() <= live and busy.isdisjoint(each.distances)
    }
    free = {group.id: group for group in held if group not in touched}
    kept = match({key: [member.proposal_id for member in group.members] for key, group in free.items()}, wanted)
    _drop([group for key, group in free.items() if key not in kept])
    rows = {ids: free[key] for key, ids in kept.items()}
    for ids, each in wanted.items():
        _store(rows.get(ids), consultation, each, found)


@action
def tell_apart(parts, *, reason="", by):
    """Remember for good that proposals of different `parts` do not ask for the same; groups fall apart accordingly.

    parts: two or more lists of proposals: each member its own for "not the same", one against the rest to drop it, two
    halves to split. Told once more, nothing changes. Raises NotAllowed for whoever does not moderate, Invalid for
    parts that overlap or are too few, Conflict where some are in a merge.
    """
    parts = [list(part) for part in parts if part]
    everything = [proposal for part in parts for proposal in part]
    _refuse_choice("parts", why_no_parts(parts))
    consultation = everything[0].consultation
    check(why_not_judge, by, consultation)
    refuse_if(why_cannot_judge(consultation), Conflict)
    reason = clean_text(reason, REASON_LIMIT, field="reason", required=False) or None
    lock(consultation)
    refuse_if(why_cannot_part(everything), Conflict)
    pairs = [(a, b) for one, other in combinations(parts, 2) for a in one for b in other]
    written, divided = _judge(consultation, pairs, "told_apart"), _fall_apart(parts)
    if not written and not divided:
        return
    record(
        "similar.told_apart",
        consultation,
        by=by,
        within=consultation,
        reason=reason,
        parts=[[proposal.code for proposal in part] for part in parts],
    )


@action
def pull_in(group, proposal, *, by):
    """Put a proposal that the machine did not find into a suggested group; whatever told them apart is taken back.

    Raises NotAllowed for whoever does not moderate, Conflict for a proposal that cannot be in it or a group that is
    gone.
    """
    group = _still_there(group)
    check(why_not_judge, by, group.consultation)
    refuse_if(why_cannot_judge(group.consultation), Conflict)
    lock(group.consultation)
    (group,) = lock(group)
    refuse_if(why_not_pull(group, proposal), Conflict)
    if (other := group_holding(proposal)) is not None:
        _keep_members(other, [member.proposal_id for member in other.members if member.proposal_id != proposal.id])
        db.session.flush()
    # Some may have been decided since the group was found: nobody judged those.
    members = [member.proposal for member in group.members]
    waiting = [each for each in members if each.state == "published" and each.hidden_at is None]
    _judge(group.consultation, [(each, proposal) for each in waiting], "pulled_in")
    group.members.append(SimilarMember(proposal_id=proposal.id, distance=1.0))
    db.session.flush()
    group.signature = signature_of([member.proposal_id for member in group.members])
    group.is_certain = False
    group.weight = people_behind_groups([group])[group.id] * group.tightness
    codes = [member.proposal.code for member in group.members if member.proposal_id != proposal.id]
    record(
        "similar.pulled_in", group.consultation, by=by, within=group.consultation, proposal=proposal.code, group=codes
    )
    return group


@action
def reconsider(proposals, *, again=None, by):
    """Take back that any of `proposals` were told apart from one another: the machine may suggest them again.

    What telling them apart had put aside (one was pulled in to the other) holds again.
    again: what `finding.found_of` makes of them, to have them stand in the queue as one group at once, without
    waiting for the machine; returns that SimilarGroup, or None where some of them cannot be merged any more.
    Raises NotAllowed for whoever does not moderate, Invalid where nothing told them apart (any more).
    """
    _refuse_choice("parts", why_no_parts([[proposal] for proposal in proposals]))
    consultation = proposals[0].consultation
    check(why_not_judge, by, consultation)
    refuse_if(why_cannot_judge(consultation), Conflict)
    lock(consultation)
    ids = [proposal.id for proposal in proposals]
    taken_back = [each for each in _live_verdicts(ids) if each.kind in DIFFERENT]
    _refuse_choice("parts", why_nothing_to_reconsider(taken_back))
    for verdict in taken_back:
        verdict.taken_back_at = now()
    db.session.flush()
    _revive_before(taken_back, ids)
    group = _stand_again(consultation, again) if again is not None else None
    codes = sorted({code for each in taken_back for code in (each.first.code, each.second.code)})
    record("similar.reconsidered", consultation, by=by, within=consultation, proposals=codes)
    return group


@action(unrecorded="the merge is recorded")
def note_merged(proposals, *, by):
    """Remember that `proposals`, which a merge has just joined, ask for the same."""
    _judge(proposals[0].consultation, list(combinations(proposals, 2)), "merged")


@action(unrecorded="the end of the merge is recorded")
def note_parted(parts, *, by):
    """Remember that a merge of proposals in different `parts` (lists) did not stand: it is not suggested again."""
    pairs = [(a, b) for one, other in combinations(parts, 2) for a in one for b in other]
    if pairs:
        _judge(pairs[0][0].consultation, pairs, "parted")


@action
def set_thresholds(consultation, *, citizen_floor, group_floor, by):
    """Set how alike texts must be in `consultation`: to be shown to who writes, and to be suggested as one; 0 to 1.

    Raises NotAllowed for whoever does not administer the site, Invalid for a floor out of bounds.
    """
    check(why_not_tune, by, consultation)
    _refuse_choice("citizen_floor", why_no_floor(citizen_floor))
    _refuse_choice("group_floor", why_no_floor(group_floor))
    lock(consultation)
    held = db.session.get(Thresholds, consultation.id)
    if held is None:
        held = Thresholds(consultation_id=consultation.id)
        db.session.add(held)
    held.citizen_floor, held.group_floor, held.set_at = citizen_floor, group_floor, now()
    record(
        "similarity.tuned",
        consultation,
        by=by,
        within=consultation,
        citizen_floor=citizen_floor,
        group_floor=group_floor,
    )


@action
def restore_thresholds(consultation, *, by):
    """Let `consultation` have the floors again that every consultation begins with; nothing changes where it has them.

    Raises NotAllowed for whoever does not administer the site.
    """
    check(why_not_tune, by, consultation)
    lock(consultation)
    held = db.session.get(Thresholds, consultation.id)
    if held is None:
        return
    db.session.delete(held)
    db.session.flush()
    floors = floors_of(consultation)
    record(
        "similarity.tuned",
        consultation,
        by=by,
        within=consultation,
        citizen_floor=floors.citizen,
        group_floor=floors.group,
    )


@action(unrecorded="a look at what would be suggested, which changes nothing")
def ask_preview(consultation, *, by):
    """Have what several thresholds would suggest in `consultation` computed; the job is rung.

    Raises NotAllowed for whoever does not administer the site.
    """
    check(why_not_tune, by, consultation)
    lock(consultation)
    held = db.session.get(Preview, consultation.id)
    if held is None:
        held = Preview(consultation_id=consultation.id)
        db.session.add(held)
    held.asked_at = now()
    ring("preview.asked")


@action(unrecorded="figures, which the machine may compute again")
def keep_preview(consultation, figures, *, asked_at, by):
    """Store what was asked for at the instant `asked_at`; figures: as `previewing.preview_of` computes them."""
    lock(consultation)
    held = db.session.get(Preview, consultation.id)
    if held is None:
        held = Preview(consultation_id=consultation.id, asked_at=asked_at)
        db.session.add(held)
    # When it was asked for, not the present: whoever asks again while it is computed gets another.
    held.figures, held.made_at = figures, asked_at


@action(unrecorded="what the machine learned can be learned again from the verdicts")
def keep_reranker(encoder, *, weights, pairs, losses, learned_from, by):
    """Store what was learned for the scores of `encoder`, in place of what was learned before.

    weights: as `similarity.reranking` writes them. pairs: (same, different) learned from. losses: (plain, learned)
    log-loss in cross-validation; it is used where the learned one is lower. learned_from: `queries.newest_verdict`.
    """
    held = db.session.scalar(select(Reranker).where(Reranker.encoder == encoder).with_for_update())
    if held is None:
        held = Reranker(encoder=encoder)
        db.session.add(held)
    held.weights, held.learned_from, held.fitted_at = weights, learned_from, now()
    held.pairs_same, held.pairs_different = pairs
    held.plain_loss, held.learned_loss = losses
    held.is_better = losses[1] < losses[0]
    ring("reranker.kept")


@action(unrecorded="a drawing, which the machine may make again")
def place_on_map(consultation, places, *, by):
    """Put the map of `consultation` in place of the one before; places: proposal id to (x, y), 0 to 1 each."""
    lock(consultation)
    own = select(Proposal.id).where(Proposal.consultation_id == consultation.id)
    held = {
        each.proposal_id: each for each in db.session.scalars(select(MapPlace).where(MapPlace.proposal_id.in_(own)))
    }
    for proposal_id, place in held.items():
        if proposal_id not in places:
            db.session.delete(place)
    for proposal_id, (x, y) in places.items():
        place = held.get(proposal_id)
        if place is None:
            db.session.add(MapPlace(proposal_id=proposal_id, x=x, y=y))
        else:
            place.x, place.y = x, y


def _store(group, consultation, suggestion, found):
    """Write one Suggestion of the run `found` into `group`, whose members may be others, or into a new one (None)."""
    if group is None:
        group = SimilarGroup(consultation_id=consultation.id)
        db.session.add(group)
    staying = {member.proposal_id: member for member in group.members if member.proposal_id in suggestion.distances}
    if len(staying) < max(len(group.members), len(suggestion.distances)):
        group.members = [staying.get(each) or SimilarMember(proposal_id=each) for each in sorted(suggestion.distances)]
    group.signature = signature_of(suggestion.distances)
    group.encoder, group.found_at, group.is_certain = found.encoder, found.read_at, suggestion.is_certain
    group.tightness, group.weight = suggestion.tightness, suggestion.weight
    group.shared_words = suggestion.shared_words
    for member in group.members:
        member.distance = suggestion.distances[member.proposal_id]
        member.is_base = member.proposal_id == suggestion.base_id
    return group


def _stand_again(consultation, found):
    """Have what is suggested in `found` stand as one group, its members taken out of whatever groups they are in."""
    (suggestion,) = found.suggestions
    ids = set(suggestion.distances)
    if not ids <= waiting_ids(consultation):
        return None
    host = None
    for group in groups_touching(ids):
        inside = {member.proposal_id for member in group.members}
        if host is None and inside <= ids:
            host = group  # what is left of the group keeps its address
        else:
            _keep_members(group, inside - ids)
    db.session.flush()
    if host is not None:
        inside = {member.proposal_id for member in host.members}
        host.members.extend(SimilarMember(proposal_id=each, distance=1.0) for each in sorted(ids - inside))
        host.signature = signature_of(ids)
    group = _store(host, consultation, suggestion, found)
    db.session.flush()
    return group


def _judge(consultation, pairs, kind):
    """Write a verdict of `kind` on each pair of proposals, in place of one that says otherwise; tell how many."""
    pairs = {(a.id, b.id) if a.id < b.id else (b.id, a.id): None for a, b in pairs}
    ids = sorted({each for pair in pairs for each in pair})
    live = {(each.first_id, each.second_id): each for each in _live_verdicts(ids)}
    wording = (
        select(Wording.proposal_id, Wording.id)
        .join(Proposal, Proposal.id == Wording.proposal_id)
        .where(Proposal.id.in_(ids), Wording.number == Proposal.wording_number)
    )
    wordings, at = dict(db.session.execute(wording).all()), now()
    agreeing = SAME if kind in SAME else DIFFERENT
    settled = {pair for pair, held in live.items() if held.kind in agreeing}
    for pair in pairs.keys() & live.keys() - settled:
        live[pair].taken_back_at = at
    db.session.flush()  # before the others: a pair has one live verdict
    db.session.add_all(
        Verdict(
            consultation_id=consultation.id,
            first_id=first,
            second_id=second,
            first_wording_id=wordings[first],
            second_wording_id=wordings[second],
            kind=kind,
            decided_at=at,
        )
        for first, second in pairs
        if (first, second) not in settled
    )
    db.session.flush()
    return len(pairs.keys() - settled)


def _revive_before(taken_back, ids):
    """Let those verdicts on the proposals `ids` hold again that gave way to one of `taken_back`."""
    gave_way = {(each.first_id, each.second_id, each.decided_at) for each in taken_back}
    query = select(Verdict).where(
        Verdict.first_id.in_(ids),
        Verdict.second_id.in_(ids),
        Verdict.kind == "pulled_in",
        Verdict.taken_back_at.is_not(None),
    )
    for verdict in db.session.scalars(query):
        if (verdict.first_id, verdict.second_id, verdict.taken_back_at) in gave_way:
            verdict.taken_back_at = None
    db.session.flush()


def _live_verdicts(ids):
    """Return the live verdicts on any two of the proposals `ids`."""
    query = select(Verdict).where(
        Verdict.first_id.in_(ids), Verdict.second_id.in_(ids), Verdict.taken_back_at.is_(None)
    )
    return db.session.scalars(query).all()


def _fall_apart(parts):
    """Divide every suggested group that holds proposals of more than one of `parts`.

    Members that nobody spoke of stay with the part that holds most of the group; the machine looks again anyway.
    Returns how many groups fell apart.
    """
    side, divided = {proposal.id: place for place, part in enumerate(parts) for proposal in part}, 0
    for group in groups_touching(side):
        halves = {}
        for member in group.members:
            if member.proposal_id in side:
                halves.setdefault(side[member.proposal_id], []).append(member.proposal_id)
        if len(halves) < 2:
            continue
        divided += 1
        unspoken = [member.proposal_id for member in group.members if member.proposal_id not in side]
        largest, *others = sorted(halves.values(), key=lambda ids: (-len(ids), ids))
        distances = {member.proposal_id: member.distance for member in group.members}
        _keep_members(group, largest + unspoken)
        for ids in others:
            _found_from(group, ids, distances)
    return divided


def _keep_members(group, ids):
    """Leave only the members `ids` in `group`, and drop it where fewer than two are left."""
    if len(ids) < 2:
        _drop([group])
        return
    group.members = [member for member in group.members if member.proposal_id in ids]
    _settle(group)


def _found_from(group, ids, distances):
    """Make a group of the proposals `ids`, which left `group`; fewer than two are no group."""
    if len(ids) < 2:
        return
    other = SimilarGroup(
        consultation_id=group.consultation_id,
        encoder=group.encoder,
        is_certain=group.is_certain,
        tightness=group.tightness,
        weight=0.0,
        shared_words=group.shared_words,
        found_at=group.found_at,
        signature=signature_of(ids),
        members=[SimilarMember(proposal_id=each, distance=distances[each]) for each in ids],
    )
    db.session.add(other)
    _settle(other)


def _settle(group):
    """Give a group whose members changed its signature, its base text and its place in the queue."""
    base = min(group.members, key=lambda member: (member.distance, member.proposal_id))
    for member in group.members:
        member.is_base = member is base
    group.signature = signature_of([member.proposal_id for member in group.members])
    db.session.flush()
    group.weight = people_behind_groups([group])[group.id] * group.tightness


def _still_there(group):
    """Return the suggested group as it is now; raises Conflict where it was dropped since it was read."""
    found = db.session.scalar(select(SimilarGroup).where(SimilarGroup.id == inspect(group).identity[0]))
    refuse_if(GONE if found is None else None, Conflict)
    return found


def _drop(groups):
    ids = [group.id for group in groups]
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        db.session.execute(delete(SimilarMember).where(SimilarMember.group_id.in_(some)))
        db.session.execute(delete(SimilarGroup).where(SimilarGroup.id.in_(some)))


def _judged_meanwhile(consultation, found):
    """Return the ids of proposals that people told apart or pulled together while the run `found` was computed."""
    query = select(Verdict.first_id, Verdict.second_id).where(
        Verdict.consultation_id == consultation.id,
        Verdict.kind == "pulled_in",
        Verdict.taken_back_at.is_(None),
        Verdict.decided_at > found.read_at,
    )
    pulled = {each for pair in db.session.execute(query) for each in pair}
    _together, apart = verdicts_among(consultation)
    ids = [sorted(each.distances) for each in found.suggestions]
    return pulled.union(*(each for each in ids if any(pair in apart for pair in combinations(each, 2))))


def _refuse_choice(field, reason):
    if reason is not None:
        raise Invalid(field, reason)
