"""Who may act where: role × place as tables, read anew on every request."""

import pytest

from consulta.consultations.actions import appoint, end_appointment
from consulta.consultations.queries import (
    appointments_held,
    appointments_of,
    find_appointment,
    find_consultation,
    visible_consultations,
)
from consulta.consultations.rules import (
    facilitates,
    is_moderator,
    is_staff,
    live_roles,
    why_not_administer,
    why_not_moderate,
    why_not_see,
)
from consulta.core.errors import Conflict, Invalid, NotAllowed, NotFound
from consulta.territories.queries import find_territory
from tests.people import make_consultation, make_person

# who: moderates here, facilitates Magallanes here, is staff here, administers
TABLE = {
    "visitor": (False, False, False, False),
    "citizen": (False, False, False, False),
    "facilitator": (False, True, True, False),
    "other_facilitator": (False, False, True, False),  # of Biobío
    "moderator": (True, False, True, False),
    "other_moderator": (False, False, False, False),  # of another consultation
    "administrator": (False, False, True, True),  # administering is not moderating
}


@pytest.mark.parametrize("who", TABLE)
def test_each_role_reaches_its_own_place_and_no_further(request, consultation, magallanes, who):
    person = None if who == "visitor" else request.getfixturevalue(who)
    assert TABLE[who] == (
        is_moderator(person, consultation),
        facilitates(person, consultation, magallanes),
        is_staff(person, consultation),
        why_not_administer(person) is None,
    )
    assert (why_not_moderate(person, consultation) is None) == TABLE[who][0]


def test_a_region_includes_its_communes_and_no_table_without_a_place(consultation, facilitator):
    assert facilitates(facilitator, consultation, find_territory("CL", "12101"))
    assert not facilitates(facilitator, consultation, find_territory("CL", "08101"))
    assert not facilitates(facilitator, consultation, find_territory("CL", "CL"))
    assert not facilitates(facilitator, consultation, None)


def test_an_appointment_taken_back_is_gone_at_once_and_stays_as_history(consultation, moderator, administrator):
    (appointment,) = live_roles(moderator, consultation)
    end_appointment(appointment, by=administrator)
    assert not is_moderator(moderator, consultation) and appointments_held(moderator) == []
    assert [each.ended_by_id for each in appointments_of(consultation)] == [administrator.id]
    with pytest.raises(Conflict):
        end_appointment(appointment, by=administrator)
    appoint(moderator, "moderator", consultation, by=administrator)
    assert is_moderator(moderator, consultation)


def test_appointing_twice_is_one_appointment(consultation, moderator, administrator):
    again = appoint(moderator, "moderator", consultation, by=administrator)
    assert [each.id for each in appointments_of(consultation)] == [again.id]


def test_only_administrators_appoint_and_end(consultation, moderator, citizen):
    with pytest.raises(NotAllowed):
        appoint(citizen, "moderator", consultation, by=moderator)
    with pytest.raises(NotAllowed):
        end_appointment(appointments_held(moderator)[0], by=moderator)


@pytest.mark.parametrize(("role", "code"), [("facilitator", None), ("facilitator", "CL"), ("moderator", "12")], ids=str)
def test_an_appointment_that_makes_no_sense_is_refused(consultation, citizen, administrator, role, code):
    place = find_territory("CL", code) if code else None
    with pytest.raises(Invalid):
        appoint(citizen, role, consultation, place, by=administrator)


def test_nobody_is_appointed_before_confirming_an_address(consultation, administrator):
    with pytest.raises(Invalid) as refusal:
        appoint(make_person(confirmed=False), "moderator", consultation, by=administrator)
    assert refusal.value.field == "email"


def test_an_appointment_is_found_in_its_own_consultation_only(consultation, other_consultation, moderator):
    (appointment,) = appointments_held(moderator)
    assert find_appointment(consultation, appointment.id).id == appointment.id
    with pytest.raises(NotFound):
        find_appointment(other_consultation, appointment.id)


def test_a_draft_is_seen_by_those_who_prepare_it_alone(
    consultation, administrator, citizen, moderator, other_moderator
):
    draft = make_consultation(administrator, announced=False)
    appoint(moderator, "moderator", draft, by=administrator)
    for person, sees in (
        (None, False),
        (citizen, False),
        (other_moderator, False),
        (moderator, True),
        (administrator, True),
    ):
        assert (why_not_see(person, draft) is None) is sees
        assert (draft.id in {each.id for each in visible_consultations(to=person)}) is sees
        if sees:
            assert find_consultation(draft.slug, to=person).id == draft.id
        else:
            with pytest.raises(NotFound):
                find_consultation(draft.slug, to=person)
