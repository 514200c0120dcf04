"""A code for a shared phone: it opens one session's worksheet, until it expires or is ended, and nothing else."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select

from consulta.accounts.queries import institution_named
from consulta.consultations.actions import end_appointment
from consulta.consultations.queries import appointments_of
from consulta.consultations.rules import is_moderator, is_staff, live_roles
from consulta.core.clock import frozen, now
from consulta.core.errors import Conflict, Invalid, NotAllowed
from consulta.core.extensions import db
from consulta.core.record import Entry
from consulta.proposals.actions import start_proposal
from consulta.tables import rules
from consulta.tables.actions import (
    check_session,
    convene_session,
    end_code,
    enter_result,
    found_table,
    make_code,
    open_session,
    publish_session,
    return_session,
    set_presence,
    submit_session,
)
from consulta.tables.models import AccessCode
from consulta.tables.queries import code_of, codes_of, find_session, read_session
from consulta.tables.rules import MOST_CODES, why_not_facilitate, why_not_make_code, why_not_read
from tests.tables.test_rights import ACTS, AMENDS

HOURS = 6


@pytest.fixture
def made(table_session, facilitator):
    """A code for the session, and as it is told to people."""
    return make_code(table_session, label="Teléfono de la sala", hours=HOURS, by=facilitator)


@pytest.fixture
def code(made):
    """A code for the session."""
    return made[0]


@pytest.mark.parametrize("act", ACTS)
def test_whoever_holds_a_live_code_does_what_the_facilitator_does(act, table_session, proposal, code):
    ACTS[act](table_session, proposal, code)


# Who holds a code that is not for this session, or not any more, does nothing at all.
def after_expiry(code, table_session, facilitator, **_world):
    """The instant at which it expires is already too late."""
    return frozen(code.expires_at)


def after_ending(code, table_session, facilitator, **_world):
    """Somebody ended it."""
    end_code(code, by=facilitator)
    return frozen(now())


def after_its_maker_left(code, table_session, facilitator, administrator, **_world):
    """Whoever made it facilitates no more."""
    for appointment in appointments_of(table_session.table.consultation):
        if appointment.person_id == facilitator.id:
            end_appointment(appointment, by=administrator)
    return frozen(now())


GONE = {
    after_expiry: "venció",
    after_ending: "terminado",
    after_its_maker_left: "ya no facilita",
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("gone", GONE)
def test_a_code_that_is_past_opens_nothing(act, gone, table_session, proposal, code, facilitator, administrator):
    with gone(code, table_session, facilitator, administrator=administrator):
        with pytest.raises(NotAllowed) as refused:
            ACTS[act](table_session, proposal, code)
        assert GONE[gone] in str(refused.value.reason)
        assert why_not_read(code, table_session) is not None
    assert (table_session.submitted_at, table_session.results, table_session.attendances) == (None, [], [])


@pytest.mark.parametrize("act", ACTS)
def test_a_code_of_another_session_opens_nothing(act, table, table_session, proposal, facilitator, moderator):
    other = open_session(convene_session(table, title="Otra", by=moderator), by=facilitator)
    foreign, _plain = make_code(other, label="Otra sala", hours=HOURS, by=facilitator)
    with pytest.raises(NotAllowed) as refused:
        ACTS[act](table_session, proposal, foreign)
    assert "otra sesión" in str(refused.value.reason)
    assert why_not_read(foreign, table_session) is not None


def test_the_last_instant_before_expiry_still_counts(table_session, code, proposal):
    with frozen(code.expires_at - timedelta(microseconds=1)):
        enter_result(table_session, proposal, outcome="keep", by=code)


def test_it_reads_its_session_and_no_draft_of_the_person_who_has_the_same_number(
    table_session, code, consultation, facilitator, moderator
):
    # Numbers of codes and of people overlap: whoever facilitates or moderates under this number is somebody else.
    assert why_not_read(code, table_session) is None
    twin = type("Twin", (), {"id": moderator.id})()
    for actor in (code, twin):
        assert live_roles(actor, consultation) == []
        assert not is_moderator(actor, consultation)
        assert not is_staff(actor, consultation)
    assert find_session(table_session.id, to=code).id == table_session.id
    author = db.session.get(type(moderator), code.id)
    draft = start_proposal(consultation, title="Un borrador", body="Secreto", by=author)
    assert rules.account_of(code) is None and rules.account_of(author) is author and draft.state == "draft"
    assert read_session(table_session, to=code).why_not is None


@pytest.mark.parametrize("act", AMENDS)
def test_a_code_never_amends(act, table_session, proposal, code, facilitator, moderator):
    submit_session(table_session, by=facilitator)
    check_session(table_session, by=moderator)
    publish_session(table_session, by=moderator)
    with pytest.raises(NotAllowed):
        AMENDS[act](table_session, proposal, code)


def test_a_code_never_confirms_sends_back_publishes_or_makes_and_ends_codes(table_session, code, facilitator):
    for step in (
        lambda: make_code(table_session, label="Otro", hours=1, by=code),
        lambda: end_code(code, by=code),
    ):
        with pytest.raises(NotAllowed):
            step()
    submit_session(table_session, by=facilitator)
    with pytest.raises(NotAllowed) as refused:
        check_session(table_session, by=code)
    assert "con su cuenta" in str(refused.value.reason)
    with pytest.raises(NotAllowed):
        return_session(table_session, note="No.", by=code)
    check_session(table_session, by=None)
    with pytest.raises(NotAllowed):
        publish_session(table_session, by=code)


def test_whoever_made_a_code_does_not_confirm_what_was_entered_with_it(
    table_session, proposal, facilitator, second_facilitator, moderator
):
    mine, _plain = make_code(table_session, label="Mía", hours=HOURS, by=second_facilitator)
    unused, _plain = make_code(table_session, label="Sin usar", hours=HOURS, by=moderator)
    enter_result(table_session, proposal, outcome="keep", by=mine)
    submit_session(table_session, by=mine)
    assert set(table_session.hands) == {mine.uid, second_facilitator.uid}
    assert table_session.submitted_by_uid == mine.uid
    with pytest.raises(NotAllowed) as refused:
        check_session(table_session, by=second_facilitator)
    assert "nadie confirma lo propio" in str(refused.value.reason)
    # Having made one that nobody used is no hand in anything.
    assert unused.made_by_uid == moderator.uid
    check_session(table_session, by=moderator)


def test_whoever_types_a_code_while_signed_in_does_not_confirm_what_she_entered_with_it(
    table_session, proposal, code, facilitator, moderator
):
    code.as_well = moderator.uid
    enter_result(table_session, proposal, outcome="keep", by=code)
    submit_session(table_session, by=facilitator)
    assert table_session.hands == [code.uid, facilitator.uid, moderator.uid]
    with pytest.raises(NotAllowed) as refused:
        check_session(table_session, by=moderator)
    assert "nadie confirma lo propio" in str(refused.value.reason)


def test_institutions_that_were_typed_with_a_code_are_founded_with_the_minutes(table_session, code, moderator):
    set_presence(
        table_session, "a", named="Junta de Vecinos 7", sector="civil_society", heads=2, attended=True, by=code
    )
    assert institution_named("Junta de Vecinos 7") is None
    check_session(submit_session(table_session, by=code), by=moderator)
    publish_session(table_session, by=moderator)
    (line,) = read_session(table_session, to=moderator).attendances
    assert (line.institution.name, line.institution.sector, line.named) == (
        "Junta de Vecinos 7",
        "civil_society",
        None,
    )


def test_only_a_fingerprint_of_it_is_kept_and_the_record_tells_no_more_than_how_long_it_works(made, table_session):
    code, plain = made
    assert code.code_digest == hashlib.sha256(plain.replace("-", "").encode()).hexdigest()
    (entry,) = db.session.scalars(select(Entry).where(Entry.event == "code.made"))
    assert entry.details == {"hours": HOURS}
    assert plain not in str([{c.name: getattr(code, c.name) for c in AccessCode.__table__.columns}, entry.details])


@pytest.mark.parametrize(
    "as_typed", [str, str.lower, lambda plain: f" {plain.replace('-', ' ')} ", lambda p: p[:2] + "-" + p[2:]]
)
def test_a_code_is_known_however_it_is_typed(as_typed, made):
    code, plain = made
    assert code_of(as_typed(plain)).id == code.id


def test_letters_that_look_like_digits_are_taken_for_them(table_session, facilitator, monkeypatch):
    monkeypatch.setattr("consulta.tables.entries.new_code", lambda: "0101A-BCDEF")
    code, _plain = make_code(table_session, label="Sala", hours=1, by=facilitator)
    assert code_of("oiol-a bcdef").id == code.id


@pytest.mark.parametrize("typed", ["", "AAAAA-AAAAA", None, 7, ["x"], "ñ\x00\ud800", "x" * 100_000])
def test_what_is_no_code_is_none(typed, made):
    assert code_of(typed) is None


def test_one_that_is_past_or_ended_is_none(made, facilitator):
    code, plain = made
    with frozen(code.expires_at):
        assert code_of(plain) is None
    end_code(code, by=facilitator)
    end_code(code, by=facilitator)
    assert code_of(plain) is None
    assert len(db.session.scalars(select(Entry).where(Entry.event == "code.ended")).all()) == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"label": " "}, "label"),
        ({"label": "x" * 81}, "label"),
        ({"label": "a\x00"}, "label"),
        ({"hours": 0}, "hours"),
        ({"hours": 73}, "hours"),
        ({"hours": 10**30}, "hours"),
        ({"hours": None}, "hours"),
        ({"hours": True}, "hours"),
    ],
)
def test_a_bad_code_is_refused_at_its_field(said, field, table_session, facilitator):
    with pytest.raises(Invalid) as refused:
        make_code(table_session, **{"label": "Sala", "hours": 1, **said}, by=facilitator)
    assert refused.value.field == field
    assert codes_of(table_session) == []


def test_a_session_has_only_so_many_live_codes(table_session, facilitator):
    made = [make_code(table_session, label=f"{n}", hours=1, by=facilitator)[0] for n in range(MOST_CODES)]
    with pytest.raises(Conflict):
        make_code(table_session, label="Uno más", hours=1, by=facilitator)
    end_code(made[0], by=facilitator)
    make_code(table_session, label="En su lugar", hours=1, by=facilitator)
    assert [each.label for each in codes_of(table_session)][0] == "En su lugar"


def test_nobody_makes_or_ends_codes_of_another_region(table_session, code, other_facilitator, citizen, administrator):
    for person in (other_facilitator, citizen, administrator):
        assert why_not_make_code(person, table_session) is not None
        with pytest.raises(NotAllowed):
            end_code(code, by=person)
    assert code.ended_at is None


def test_a_moderator_makes_codes_for_a_region_that_she_does_not_facilitate(table_session, proposal, moderator):
    code, _plain = make_code(table_session, label="Sala", hours=1, by=moderator)
    assert why_not_facilitate(moderator, table_session) is not None
    enter_result(table_session, proposal, outcome="keep", by=code)


def test_a_code_of_a_table_without_region_works_as_well(consultation, moderator, proposal):
    table = found_table(consultation, title="Foro", kind="forum", by=moderator)
    session = open_session(convene_session(table, title="Reunión", by=moderator), by=moderator)
    code, _plain = make_code(session, label="Sala", hours=1, by=moderator)
    enter_result(session, proposal, outcome="keep", by=code)
