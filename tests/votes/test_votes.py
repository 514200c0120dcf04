"""One person, one voice."""

from datetime import timedelta

import pytest

from consulta.core.clock import frozen, now
from consulta.core.errors import NotAllowed
from consulta.merging.actions import merge_proposals, undo_merge
from consulta.proposals.actions import hide_proposal, start_proposal, withdraw_proposal
from consulta.proposals.queries import find_proposal
from consulta.territories.queries import find_territory
from consulta.votes.actions import cast_vote, recount, take_back_vote
from consulta.votes.queries import supported_among, used_votes, votes_left
from consulta.votes.rules import why_not_take_back, why_not_vote
from tests.people import make_consultation, make_person, make_proposal


def test_a_person_counts_once_however_often_the_form_is_sent(proposal, other_citizen):
    for _time in range(3):
        cast_vote(proposal, by=other_citizen)
    assert proposal.supporters == 1
    assert supported_among(other_citizen, [proposal]) == {proposal.id}


def test_support_can_be_taken_back_and_given_again(proposal, other_citizen):
    cast_vote(proposal, by=other_citizen)
    take_back_vote(proposal, by=other_citizen)
    take_back_vote(proposal, by=other_citizen)
    assert proposal.supporters == 0
    cast_vote(proposal, by=other_citizen)
    assert proposal.supporters == 1


def test_the_limit_of_a_consultation_holds_and_taking_back_frees_a_voice(
    administrator, territories, citizen, other_citizen
):
    consultation = make_consultation(administrator, limit=2)
    first, second, third = (make_proposal(consultation, citizen, title=f"Propuesta {n}") for n in range(3))
    cast_vote(first, by=other_citizen)
    cast_vote(second, by=other_citizen)
    assert votes_left(other_citizen, consultation) == 0
    with pytest.raises(NotAllowed):
        cast_vote(third, by=other_citizen)
    take_back_vote(first, by=other_citizen)
    cast_vote(third, by=other_citizen)
    assert used_votes(other_citizen, consultation) == 2


def test_only_people_of_the_territory_vote_where_the_consultation_says_so(
    administrator, territories, citizen, magallanes
):
    consultation = make_consultation(administrator, voters="territory", territory=magallanes)
    proposal = make_proposal(consultation, citizen)
    local = make_person("Local", territory=find_territory("CL", "12101"))
    stranger = make_person("De Biobío", territory=find_territory("CL", "08101"))
    cast_vote(proposal, by=local)
    for person in (stranger, citizen):
        with pytest.raises(NotAllowed):
            cast_vote(proposal, by=person)
    assert proposal.supporters == 1


def test_nobody_votes_without_an_account_or_a_confirmed_address(proposal):
    assert why_not_vote(None, proposal)
    assert why_not_vote(make_person(confirmed=False), proposal)


@pytest.mark.parametrize("seconds, accepted", [(-1, True), (0, False), (1, False)])
def test_the_phase_closes_at_its_instant(consultation, proposal, other_citizen, seconds, accepted):
    close = max(phase.closes_at for phase in consultation.phases if phase.kind in ("proposing", "tables"))
    with frozen(close + timedelta(seconds=seconds)):
        assert (why_not_vote(other_citizen, proposal) is None) is accepted
        assert (why_not_take_back(other_citizen, proposal) is None) is accepted


def test_nothing_can_be_supported_before_the_phase_opens(consultation, proposal, other_citizen):
    with frozen(now() - timedelta(days=3)):
        assert why_not_vote(other_citizen, proposal)


def test_what_is_not_published_takes_no_votes(consultation, citizen, other_citizen, moderator):
    draft = start_proposal(consultation, title="Borrador", body="Texto", by=citizen)
    hidden = make_proposal(consultation, citizen, title="Oculta")
    withdrawn = make_proposal(consultation, citizen, title="Retirada")
    hide_proposal(hidden, reason="Abuso", by=moderator)
    withdraw_proposal(withdrawn, reason="Me equivoqué", by=citizen)
    for proposal in (draft, hidden, withdrawn):
        with pytest.raises(NotAllowed):
            cast_vote(proposal, by=other_citizen)
        assert proposal.supporters == 0


def test_a_vote_for_a_merged_proposal_counts_once_for_the_joint_one(consultation, citizen, moderator):
    one, two = (make_proposal(consultation, citizen, title=f"Propuesta {n}") for n in range(2))
    first, second = make_person("Primera"), make_person("Segunda")
    cast_vote(one, by=first)
    cast_vote(two, by=first)
    merge = merge_proposals([one, two], title="Juntas", body="Las dos.", reason="Piden lo mismo.", by=moderator)
    assert merge.joint.supporters == 1
    assert cast_vote(one, by=second).id == merge.joint_id
    cast_vote(two, by=second)
    assert (merge.joint.supporters, one.supporters, two.supporters) == (2, 1, 1)
    assert recount(merge.joint, by=None) == 2
    assert used_votes(first, consultation) == 1, "what became one costs one voice"


def test_taking_support_back_from_a_joint_proposal_takes_it_from_its_parts(consultation, citizen, moderator):
    one, two = (make_proposal(consultation, citizen, title=f"Propuesta {n}") for n in range(2))
    person = make_person("Primera")
    cast_vote(one, by=person)
    cast_vote(two, by=person)
    merge = merge_proposals([one, two], title="Juntas", body="Las dos.", reason="Piden lo mismo.", by=moderator)
    take_back_vote(merge.joint, by=person)
    assert [each.supporters for each in (one, two, merge.joint)] == [0, 0, 0]
    undo_merge(merge, reason="No eran lo mismo.", by=moderator)
    assert [each.supporters for each in (one, two)] == [0, 0]


def test_a_person_sees_only_their_own_votes_among_those_shown(proposal, citizen, other_citizen):
    cast_vote(proposal, by=other_citizen)
    assert supported_among(citizen, [proposal]) == set()
    assert supported_among(None, [proposal]) == set()
    assert find_proposal(proposal.code, to=None).supporters == 1
