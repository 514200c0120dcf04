"""What people decide of two proposals: remembered for good, taken back with one act, kept by every later run."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from consulta.consultations.actions import end_appointment, suspend_consultation
from consulta.consultations.queries import appointments_held
from consulta.core.clock import frozen, now
from consulta.core.errors import Conflict, Invalid, NotAllowed
from consulta.core.record import Entry
from consulta.merging.actions import merge_proposals, take_out, undo_merge
from consulta.proposals.actions import hide_proposal, revise_proposal, withdraw_proposal
from consulta.suggestions import rules
from consulta.suggestions.actions import (
    note_merged,
    note_parted,
    pull_in,
    reconsider,
    suggest_groups,
    tell_apart,
)
from consulta.suggestions.finding import Found, Suggestion, found_of, propose_groups, signature_of
from consulta.suggestions.models import SimilarGroup, SimilarMember, Verdict
from consulta.suggestions.queries import (
    count_verdicts,
    group_holding,
    groups_of,
    told_apart,
    verdict_on,
    verdicts_among,
)
from consulta.votes.actions import cast_vote
from tests.people import make_person, make_proposal

JOINT = {"title": "Ciclovías seguras", "body": "Todo junto.", "reason": "Piden lo mismo."}


@pytest.fixture
def five(consultation, citizen):
    """Five published proposals."""
    return [make_proposal(consultation, citizen, title=f"Ciclovías seguras en el centro {n}") for n in range(1, 6)]


@pytest.fixture
def other(consultation, citizen):
    """A sixth, which is in no group."""
    return make_proposal(consultation, citizen, title="Estacionamientos para bicicletas")


@pytest.fixture
def group(consultation, five):
    """A suggested group of the five, the first of them its base."""
    return suggest(consultation, five)[0]


def suggest(consultation, *groups, at=None):
    """Store groups of proposals as a run would; return them in the order given."""
    suggestions = [
        Suggestion({each.id: 0.1 * place for place, each in enumerate(some)}, some[0].id, 0.5, 2.0, ["ciclovías"])
        for some in groups
    ]
    suggest_groups(consultation, found=Found(at or now(), "letters", suggestions), by=None)
    return [group_holding(some[0]) for some in groups]


def codes(proposals):
    """Return the codes of `proposals` as a set."""
    return {each.code for each in proposals}


def standing(consultation):
    """Return the groups of the queue, each as the set of its members' codes."""
    groups = groups_of(consultation).groups
    for each in groups:
        assert each.signature == signature_of([member.proposal_id for member in each.members])
        assert [member.is_base for member in each.members].count(True) == 1
    return sorted((codes(member.proposal for member in each.members) for each in groups), key=sorted)


def kinds(consultation, session):
    """Return how many live verdicts of each kind there are."""
    live = session.scalars(select(Verdict.kind).where(Verdict.taken_back_at.is_(None))).all()
    return {kind: live.count(kind) for kind in set(live)}


def entries(session, event):
    """Return the entries of the record of one event."""
    return session.scalars(select(Entry).where(Entry.event == event).order_by(Entry.id)).all()


def test_a_dropped_member_leaves_its_group_and_is_apart_from_every_other(consultation, group, five, moderator, session):
    tell_apart([[five[2]], [*five[:2], *five[3:]]], by=moderator)
    assert standing(consultation) == [codes([*five[:2], *five[3:]])]
    assert group_holding(five[2]) is None
    assert kinds(consultation, session) == {"told_apart": 4}
    verdict = verdict_on(five[2], five[0])
    assert verdict == verdict_on(five[0], five[2])
    assert (verdict.kind, verdict.is_same) == ("told_apart", False)
    assert verdict_on(five[0], five[1]) is None


def test_a_group_whose_base_is_dropped_gets_another(consultation, group, five, moderator):
    tell_apart([[five[0]], five[1:]], by=moderator)
    group = group_holding(five[1])
    assert [member.proposal for member in group.members if member.is_base] == [five[1]]


def test_a_split_makes_two_groups_that_both_stand_in_the_queue(consultation, group, five, moderator, session):
    address = group.id
    person = make_person()
    cast_vote(five[3], by=person)
    tell_apart([five[:3], five[3:]], by=moderator)
    assert standing(consultation) == sorted([codes(five[:3]), codes(five[3:])], key=sorted)
    assert group_holding(five[0]).id == address
    assert kinds(consultation, session) == {"told_apart": 6}
    assert group_holding(five[3]).weight == pytest.approx(0.5)
    assert group_holding(five[0]).weight == 0


def test_not_the_same_leaves_no_group_and_a_verdict_on_every_pair(consultation, group, five, moderator, session):
    tell_apart([[each] for each in five], by=moderator)
    assert standing(consultation) == []
    assert session.scalars(select(SimilarMember)).all() == []
    assert kinds(consultation, session) == {"told_apart": 10}


def test_members_that_nobody_spoke_of_stay_with_the_larger_part(consultation, group, five, moderator):
    tell_apart([[five[0]], [five[3], five[4]]], by=moderator)
    assert standing(consultation) == [codes(five[1:])]


def test_proposals_of_different_groups_can_be_told_apart_and_the_groups_stand(consultation, five, other, moderator):
    suggest(consultation, five[:2], five[2:4])
    tell_apart([[five[0]], [five[2]], [other]], by=moderator)
    assert standing(consultation) == sorted([codes(five[:2]), codes(five[2:4])], key=sorted)
    assert verdicts_among(consultation)[1] == {
        (five[0].id, five[2].id),
        (five[0].id, other.id),
        (five[2].id, other.id),
    }


def test_telling_apart_is_recorded_once_however_often_it_is_sent(consultation, group, five, moderator, session):
    for _time in range(2):
        tell_apart([five[:3], five[3:]], reason="Otro barrio.", by=moderator)
    (entry,) = entries(session, "similar.told_apart")
    assert entry.reason == "Otro barrio."
    assert [set(part) for part in entry.details["parts"]] == [codes(five[:3]), codes(five[3:])]
    assert session.query(Verdict).count() == 6


def test_the_texts_that_were_judged_are_kept_with_the_verdict(consultation, group, five, moderator, citizen):
    revise_proposal(five[1], title="Otro título", body="Otro texto", theme=None, territory=None, by=citizen)
    tell_apart([[five[0]], [five[1]]], by=moderator)
    verdict = verdict_on(five[0], five[1])
    assert (verdict.first_wording.number, verdict.second_wording.number) == (1, five[1].wording_number)
    assert verdict.second_wording.title == "Otro título"


@pytest.mark.parametrize(
    "parts", [[], [[0]], [[0], []], [[0, 1], [1, 2]]], ids=["none", "one", "an empty one", "overlapping"]
)
def test_parts_that_are_none_are_refused(parts, consultation, five, moderator, session):
    with pytest.raises(Invalid) as refusal:
        tell_apart([[five[place] for place in part] for part in parts], by=moderator)
    assert refusal.value.field == "parts"
    assert session.query(Verdict).count() == 0


def test_parts_of_two_consultations_and_too_many_are_refused(
    consultation, other_consultation, five, citizen, moderator, monkeypatch
):
    foreign = make_proposal(other_consultation, citizen)
    with pytest.raises(Invalid, match="consultas distintas"):
        tell_apart([[five[0]], [foreign]], by=moderator)
    monkeypatch.setattr(rules, "MOST_JUDGED", 4)
    with pytest.raises(Invalid, match="hasta 4"):
        tell_apart([five[:1], five[1:]], by=moderator)


# Who may judge: the moderator of the consultation alone, and the machine.
ROLES = {
    "citizen": False,  # who wrote them
    "other_citizen": False,
    "facilitator": False,
    "administrator": False,
    "other_moderator": False,
    "moderator": True,
}


@pytest.mark.parametrize("role", ROLES)
def test_only_who_moderates_the_consultation_judges(role, request, consultation, group, five, other, session):
    person = request.getfixturevalue(role)
    acts = (
        lambda: pull_in(group, other, by=person),
        lambda: tell_apart([[five[0]], five[1:]], by=person),
        lambda: reconsider(five, by=person),
    )
    assert (rules.why_not_judge(person, consultation) is None) is ROLES[role]
    for act in acts:
        if ROLES[role]:
            act()
        else:
            with pytest.raises(NotAllowed):
                act()
    assert (session.query(Verdict).count() > 0) is ROLES[role]
    assert rules.why_not_judge(None, consultation) is not None


def test_who_no_longer_moderates_judges_no_more(consultation, five, moderator, administrator):
    (appointment,) = appointments_held(moderator)
    end_appointment(appointment, by=administrator)
    with pytest.raises(NotAllowed):
        tell_apart([[five[0]], five[1:]], by=moderator)


def test_a_suspended_consultation_is_not_judged(consultation, group, five, other, moderator, administrator, session):
    suspend_consultation(consultation, reason="Por un fallo.", by=administrator)
    for act in (
        lambda: tell_apart([[five[0]], five[1:]], by=moderator),
        lambda: pull_in(group, other, by=moderator),
        lambda: reconsider(five, by=moderator),
    ):
        with pytest.raises(Conflict, match="suspendida"):
            act()
    assert session.query(Verdict).count() == 0


def test_a_proposal_pulled_in_is_a_member_and_the_same_as_every_other(
    consultation, group, five, other, moderator, session
):
    cast_vote(other, by=make_person())
    pull_in(group, other, by=moderator)
    assert standing(consultation) == [codes([*five, other])]
    assert group.weight == pytest.approx(0.5)
    assert kinds(consultation, session) == {"pulled_in": 5}
    (entry,) = entries(session, "similar.pulled_in")
    assert entry.details["proposal"] == other.code
    assert set(entry.details["group"]) == codes(five)


def test_pulling_in_takes_back_what_told_apart(consultation, group, five, moderator, session):
    tell_apart([[five[4]], five[:4]], by=moderator)
    pull_in(group_holding(five[0]), five[4], by=moderator)
    assert standing(consultation) == [codes(five)]
    assert kinds(consultation, session) == {"pulled_in": 4}
    assert session.query(Verdict).count() == 8, "what was decided before is kept"
    tell_apart([[five[4]], five[:4]], by=moderator)
    assert kinds(consultation, session) == {"told_apart": 4}


def test_a_proposal_is_pulled_out_of_the_group_it_was_in(consultation, five, other, moderator, session):
    first, second = suggest(consultation, five[:2], [*five[2:], other])
    pull_in(first, five[2], by=moderator)
    assert standing(consultation) == sorted([codes(five[:3]), codes([*five[3:], other])], key=sorted)
    for each in (five[3], five[4]):
        pull_in(first, each, by=moderator)
    assert standing(consultation) == [codes(five)], "one left over is no group"
    assert session.query(SimilarGroup).count() == 1


def test_what_cannot_be_pulled_in_is_refused_with_the_reason(
    consultation, other_consultation, group, five, other, citizen, moderator
):
    foreign = make_proposal(other_consultation, citizen)
    with pytest.raises(Conflict, match="otra consulta"):
        pull_in(group, foreign, by=moderator)
    with pytest.raises(Conflict, match="ya está en este grupo"):
        pull_in(group, five[3], by=moderator)
    hide_proposal(other, reason="Insulta.", by=moderator)
    with pytest.raises(Conflict, match="ya no espera una decisión"):
        pull_in(group, other, by=moderator)


def test_a_group_that_is_gone_takes_nobody_in(consultation, group, five, other, moderator):
    tell_apart([[each] for each in five], by=moderator)
    with pytest.raises(Conflict):
        pull_in(group, other, by=moderator)


def test_reconsidering_takes_back_what_told_apart_and_nothing_else(
    consultation, group, five, other, moderator, session
):
    pull_in(group, other, by=moderator)
    tell_apart([five[:3], five[3:]], by=moderator)
    reconsider([five[0], five[3]], by=moderator)
    assert verdict_on(five[0], five[3]) is None
    assert kinds(consultation, session) == {"pulled_in": 5, "told_apart": 5}
    (entry,) = entries(session, "similar.reconsidered")
    assert set(entry.details["proposals"]) == codes([five[0], five[3]])
    with pytest.raises(Invalid, match="no estaban separadas"):
        reconsider([five[0], five[3]], by=moderator)


def test_reconsidering_restores_what_telling_apart_had_put_aside(consultation, group, five, other, moderator, session):
    pull_in(group, other, by=moderator)
    before = verdicts_among(consultation)
    for _time in range(2):
        tell_apart([five, [other]], by=moderator)
        assert verdicts_among(consultation)[0] == set()
        reconsider([*five, other], by=moderator)
        assert verdicts_among(consultation) == before
        assert kinds(consultation, session) == {"pulled_in": 5}
    tell_apart([five, [other]], by=moderator)
    reconsider([five[0], other], by=moderator)
    assert kinds(consultation, session) == {"pulled_in": 1, "told_apart": 4}


def test_what_was_taken_apart_by_mistake_stands_in_the_queue_again_at_once(app, consultation, group, five, moderator):
    tell_apart([[each] for each in five], by=moderator)
    again = found_of(consultation, app.extensions["similarity"], [each.id for each in five])
    stands = reconsider(five, again=again, by=moderator)
    assert standing(consultation) == [codes(five)]
    assert stands == group_holding(five[0])
    assert 0 < stands.tightness <= 1


def test_undoing_a_split_keeps_the_address_of_the_group(app, consultation, group, five, moderator, session):
    address = group.id
    tell_apart([five[:3], five[3:]], by=moderator)
    again = found_of(consultation, app.extensions["similarity"], [each.id for each in five])
    assert reconsider(five, again=again, by=moderator).id == address
    assert standing(consultation) == [codes(five)]
    assert session.query(SimilarGroup).count() == 1


def test_what_joined_another_group_meanwhile_comes_back_from_it(app, consultation, five, other, citizen, moderator):
    more = make_proposal(consultation, citizen, title="Estacionamientos de bicicletas")
    suggest(consultation, five)
    tell_apart([[five[4]], five[:4]], by=moderator)
    tell_apart([[five[4]], [other]], by=moderator)
    suggest(consultation, five[:4], [other, more])
    pull_in(group_holding(other), five[4], by=moderator)
    tell_apart([[five[4]], [other, more]], by=moderator)
    again = found_of(consultation, app.extensions["similarity"], [each.id for each in five])
    reconsider(five, again=again, by=moderator)
    assert standing(consultation) == sorted([codes(five), codes([other, more])], key=sorted)


def test_no_group_stands_again_with_a_member_that_was_decided(app, consultation, group, five, moderator, citizen):
    tell_apart([[each] for each in five], by=moderator)
    again = found_of(consultation, app.extensions["similarity"], [each.id for each in five])
    withdraw_proposal(five[0], reason="Ya no.", by=citizen)
    assert reconsider(five, again=again, by=moderator) is None
    assert standing(consultation) == []
    assert verdict_on(five[0], five[1]) is None
    assert found_of(consultation, app.extensions["similarity"], [five[0].id]) is None


def test_a_merge_says_the_same_of_every_two_parts_and_takes_back_what_told_apart(
    consultation, five, moderator, session
):
    tell_apart([[five[0]], [five[1]]], by=moderator)
    merge_proposals(five[:3], **JOINT, by=moderator)
    assert kinds(consultation, session) == {"merged": 3}
    assert count_verdicts(consultation) == (3, 0)
    note_merged(five[:3], by=None)
    assert session.query(Verdict).count() == 4, "noted once more, nothing changes"


def test_what_is_in_a_merge_is_not_told_apart(consultation, five, moderator, session):
    merge_proposals(five[:2], **JOINT, by=moderator)
    for parts in ([[five[0]], [five[1]]], [[five[0]], [five[2]]]):
        with pytest.raises(Conflict, match=five[0].code):
            tell_apart(parts, by=moderator)
    assert kinds(consultation, session) == {"merged": 1}


def test_an_undone_merge_and_a_part_taken_out_say_that_they_differ(consultation, five, moderator, session):
    merge = merge_proposals(five[:3], **JOINT, by=moderator)
    take_out(merge, five[0], reason="Pide otra cosa.", by=moderator)
    assert kinds(consultation, session) == {"merged": 1, "parted": 3}  # apart from both others and the joint one
    undo_merge(merge, reason="Eran cosas distintas.", by=moderator)
    assert count_verdicts(consultation) == (0, 6)
    note_parted([[five[1]], [five[2]]], by=None)
    note_parted([[five[1]]], by=None)
    assert count_verdicts(consultation) == (0, 6)


def test_a_pair_has_one_live_verdict_whatever_writes_it(consultation, five, moderator, session):
    tell_apart([[five[0]], [five[1]]], by=moderator)
    held = verdict_on(five[0], five[1])
    twin = {name: getattr(held, name) for name in ("consultation_id", "first_id", "second_id", "decided_at")}
    twin |= {"first_wording_id": held.first_wording_id, "second_wording_id": held.second_wording_id}
    session.add(Verdict(kind="merged", **twin))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
    first, second = twin.pop("second_id"), twin.pop("first_id")
    session.add(Verdict(kind="merged", first_id=first, second_id=second, **twin))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_the_list_of_what_is_apart_is_paged_newest_first_and_leaves_out_what_is_decided(
    consultation, group, five, moderator
):
    with frozen(now() + timedelta(seconds=1)):
        tell_apart([[each] for each in five[:4]], by=moderator)
    seen, before = [], None
    while True:
        page, before = told_apart(consultation, before=before, size=4)
        seen += [(each.first_id, each.second_id) for each in page]
        if before is None:
            break
    assert len(seen) == len(set(seen)) == 6
    hide_proposal(five[0], reason="Insulta.", by=moderator)
    left, _more = told_apart(consultation)
    assert {each.first_id for each in left} | {each.second_id for each in left} == {each.id for each in five[1:4]}
    assert [each.id for each in left] == sorted((each.id for each in left), reverse=True)


def test_a_run_that_read_before_does_not_bring_together_what_was_told_apart_meanwhile(
    consultation, group, five, other, moderator
):
    read_at = now()
    tell_apart([[five[4]], five[:4]], by=moderator)
    suggest(consultation, five, at=read_at)
    assert standing(consultation) == [codes(five[:4])]
    tell_apart([[each] for each in five[:4]], by=moderator)
    suggest(consultation, five, at=read_at)
    assert standing(consultation) == []


def test_a_run_that_read_before_leaves_a_group_that_somebody_was_pulled_into(
    consultation, group, five, other, moderator
):
    read_at = now()
    pull_in(group, other, by=moderator)
    suggest(consultation, five, at=read_at)
    assert standing(consultation) == [codes([*five, other])]


def test_what_is_apart_is_not_suggested_by_a_later_run(app, consultation, citizen, moderator):
    titles = ("Plantar árboles nativos en las plazas", "Árboles nativos en las plazas")
    trees = [make_proposal(consultation, citizen, title=title) for title in titles]
    neighbours = app.extensions["similarity"]
    suggest_groups(consultation, found=propose_groups(consultation, neighbours), by=None)
    assert standing(consultation) == [codes(trees)]
    tell_apart([[trees[0]], [trees[1]]], by=moderator)
    suggest_groups(consultation, found=propose_groups(consultation, neighbours), by=None)
    assert standing(consultation) == []
    reconsider(trees, by=moderator)
    suggest_groups(consultation, found=propose_groups(consultation, neighbours), by=None)
    assert standing(consultation) == [codes(trees)]
