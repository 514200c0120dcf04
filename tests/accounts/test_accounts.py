"""Opening an account, and the letters that are owed to its owner."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from consulta.accounts import tokens
from consulta.accounts.actions import (
    appoint_administrator,
    ask_confirmation,
    ask_reset,
    change_password,
    confirm_address,
    found_institution,
    note_confirmation_sent,
    note_reset_sent,
    register,
    reset_password,
    revise_person,
    sign_up,
)
from consulta.accounts.models import Institution, Person
from consulta.accounts.queries import (
    people_owed_confirmation,
    people_owed_reset,
    person_by_email,
    person_of_session,
)
from consulta.accounts.rules import LETTER_EVERY, password_matches
from consulta.core.clock import frozen, now
from consulta.core.errors import Conflict, Invalid, NotAllowed
from consulta.core.extensions import db
from consulta.core.record import Entry
from tests.people import HASHED, PASSWORD, make_person

SECRET = "a secret of this test"


def _count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def test_a_new_account_is_owed_a_letter_until_it_was_sent(app):
    person = register(name="Ana", email="ana@example.org", password=PASSWORD, by=None)
    assert people_owed_confirmation() == [person]
    assert password_matches(person, PASSWORD)
    note_confirmation_sent(person, asked_at=person.confirmation_asked_at, by=None)
    assert people_owed_confirmation() == []


def test_two_spellings_of_an_address_are_one_account(app):
    register(name="Ana", email="a.na@gmail.com", password=HASHED, by=None)
    with pytest.raises(Conflict):
        register(name="Otra", email="ANA+2@googlemail.com", password=HASHED, by=None)
    assert _count(Person) == 1
    assert person_by_email("an.a@googlemail.com").email == "a.na@gmail.com"


def test_signing_up_with_a_taken_address_changes_nothing_and_owes_its_owner_a_letter(app):
    ana = make_person("Ana", email="ana@example.org")
    sign_up(name="Impostora", email="ANA+x@example.org", password="otra frase muy larga", by=None)
    assert _count(Person) == 1 and ana.name == "Ana" and password_matches(ana, PASSWORD)
    assert people_owed_reset() == [ana]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", {"name": " \u200b "}),
        ("name", {"name": "x" * 121}),
        ("email", {"email": "ana"}),
        ("password", {"password": "corta"}),
    ],
)
def test_what_will_not_do_is_refused_at_its_field_for_new_and_taken_addresses_alike(app, field, typed):
    make_person(email="ana@example.org")
    for email in ("ana@example.org", "nueva@example.org"):
        with pytest.raises(Invalid) as refusal:
            sign_up(**{"name": "Ana", "email": email, "password": PASSWORD, **typed}, by=None)
        assert refusal.value.field == field
    assert _count(Person) == 1


def test_a_second_letter_of_confirmation_waits_its_turn(app):
    person = make_person(confirmed=False)
    with pytest.raises(Conflict):
        ask_confirmation(person, by=person)
    with frozen(now() + LETTER_EVERY):
        note_confirmation_sent(person, asked_at=person.confirmation_asked_at, by=None)
    with frozen(now() + 2 * LETTER_EVERY):
        ask_confirmation(person, by=person)
        assert people_owed_confirmation() == [person]


def test_three_letters_an_hour_and_no_more_are_written_for_a_forgotten_password(app):
    person, letters, start = make_person(), 0, now()
    for minute in range(60):
        with frozen(start + timedelta(minutes=minute)):
            ask_reset(person, by=None)
            if people_owed_reset():
                letters += 1
                note_reset_sent(person, asked_at=person.reset_asked_at, by=None)
    assert letters == 3


def test_asking_for_nobody_rings_and_writes_as_much(app):
    ask_reset(None, by=None)
    assert [event for event, _ids in app.extensions["bell"].rung] == ["person.reset_asked"]
    assert people_owed_reset() == []


def test_confirming_twice_changes_nothing(app):
    person = make_person(confirmed=False)
    confirm_address(person, by=person)
    first = person.confirmed_at
    with frozen(now() + timedelta(hours=1)):
        confirm_address(person, by=person)
    assert person.confirmed_at == first


def test_a_new_password_ends_every_session_and_every_link(app):
    person = make_person()
    session_id = person.get_id()
    ask_reset(person, by=None)
    token = tokens.reset_token(person, SECRET)
    change_password(person, "otra frase muy larga", by=person)
    assert person_of_session(session_id) is None
    assert not tokens.resets(tokens.read_reset(token, SECRET), person)


def test_a_link_for_a_new_password_works_once_and_confirms_the_address(app):
    person = make_person(confirmed=False)
    reset_password(person, "otra frase muy larga", epoch=0, by=person)
    assert person.confirmed_at is not None and password_matches(person, "otra frase muy larga")
    with pytest.raises(Conflict):
        reset_password(person, "una tercera, bien larga", epoch=0, by=person)


def _ask_later(person):
    with frozen(now() + LETTER_EVERY):
        ask_reset(person, by=None)


# what happens to the token before it is used
SPOILT = {
    "used": lambda person: change_password(person, "otra frase muy larga", by=person),
    "older than another letter": _ask_later,
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_link_for_a_new_password_that_is_spoilt_is_dead(app, spoil):
    person = make_person()
    ask_reset(person, by=None)
    token = tokens.reset_token(person, SECRET)
    assert tokens.resets(tokens.read_reset(token, SECRET), person)
    spoil(person)
    assert not tokens.resets(tokens.read_reset(token, SECRET), person)


def test_tokens_belong_to_one_person_one_purpose_one_key_and_a_while(app):
    person, other = make_person(), make_person()
    reset, confirmation = tokens.reset_token(person, SECRET), tokens.confirmation_token(person, SECRET)
    assert not tokens.resets(tokens.read_reset(reset, SECRET), other)
    assert not tokens.confirms(tokens.read_confirmation(confirmation, SECRET), other)
    assert tokens.read_reset(confirmation, SECRET) is None and tokens.read_confirmation(reset, SECRET) is None
    assert tokens.read_reset(reset, "another key") is None
    assert tokens.read_reset(reset[:-1] + "A", SECRET) is None or reset.endswith("A")
    assert tokens.read_reset("x" * 5000, SECRET) is None
    with frozen(now() + timedelta(hours=1, minutes=1)):
        assert tokens.read_reset(reset, SECRET) is None
        assert tokens.read_confirmation(confirmation, SECRET) is not None
    with frozen(now() + timedelta(days=3, minutes=1)):
        assert tokens.read_confirmation(confirmation, SECRET) is None
    with frozen(now() - timedelta(hours=2)):  # a server whose clock was set back
        assert tokens.read_reset(reset, SECRET) is None


@pytest.mark.parametrize("text", ["", "x", "x.y", "uid.-1", "uid.1e9", "uid.٣", "." * 40, None])
def test_a_strange_session_belongs_to_nobody(app, text):
    assert person_of_session(text) is None


def test_nobody_changes_anothers_account(app, citizen, other_citizen):
    for act in (
        lambda: revise_person(citizen, name="Otra", territory=None, by=other_citizen),
        lambda: change_password(citizen, "otra frase muy larga", by=other_citizen),
        lambda: ask_confirmation(citizen, by=other_citizen),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert citizen.name == "Ana Rojas"


def test_only_administrators_appoint_administrators_and_it_is_recorded_once(app, citizen, administrator):
    with pytest.raises(NotAllowed):
        appoint_administrator(citizen, by=citizen)
    for _time in range(2):
        appoint_administrator(citizen, by=administrator)
    entries = db.session.scalars(select(Entry).where(Entry.subject == f"people:{citizen.id}")).all()
    assert [(entry.event, entry.by) for entry in entries] == [("administrator.appointed", administrator.uid)]


def test_an_institution_is_founded_once(app, citizen):
    first = found_institution("  Contraloría   General ", "government", by=citizen)
    assert found_institution("Contraloría General", "academia", by=citizen).id == first.id
    assert _count(Institution) == 1 and first.sector == "government"
    with pytest.raises(Invalid):
        found_institution("Otra", "no such sector", by=citizen)
    with pytest.raises(NotAllowed):
        found_institution("Otra", "academia", by=make_person(confirmed=False))


def test_no_entry_of_the_record_holds_a_name_or_an_address(app, administrator):
    person = make_person("Nombre Canario", email="canario@example.org")
    appoint_administrator(person, by=administrator)
    text = " ".join(str(entry.details) for entry in db.session.scalars(select(Entry)))
    assert "Canario" not in text and "canario" not in text
