"""Accounts: signing up, confirming an address, choosing a password; and institutions.

An account is a person's own affair and no decision of a process: only appointments and institutions are recorded.
"""

import secrets

from flask_babel import lazy_gettext as _

from consulta.accounts.models import SECTORS, Institution, Person
from consulta.accounts.queries import institution_named, person_by_email
from consulta.accounts.rules import (
    canonical_email,
    cleaned_name,
    mailing_email,
    prepare_password,
    why_no_letter,
    why_not_appoint_administrator,
    why_not_found_institution,
    why_not_own,
)
from consulta.core.clock import now
from consulta.core.errors import Conflict, Invalid, check, refuse_if
from consulta.core.extensions import db
from consulta.core.pulse import finish
from consulta.core.record import record, vocabulary
from consulta.core.text import clean_line
from consulta.core.work import action, lock, ring

PRIVATE = "an account is a person's own affair, no decision of a process"
INSTITUTION_LIMIT = 160

vocabulary({"administrator.appointed": ("person",), "institution.founded": ("name", "sector")})


@action(unrecorded=PRIVATE)
def register(*, name, email, password, territory=None, locale="es", by):
    """Open an account and owe its owner the letter that confirms the address; returns the person.

    Raises Invalid for a name, address or password that will not do, Conflict where the address has an account.
    """
    typed, canonical = mailing_email(email), canonical_email(email)
    name = cleaned_name(name)
    hashed = prepare_password(password, name=name, email=typed)
    refuse_if(_("Ese correo ya tiene una cuenta.") if person_by_email(email) else None, Conflict)
    person = Person(
        uid=secrets.token_hex(16),
        name=name,
        email=typed,
        canonical_email=canonical,
        password_hash=hashed,
        locale=locale,
        registered_at=now(),
        confirmation_asked_at=now(),
        territory=territory,
    )
    db.session.add(person)
    db.session.flush()
    ring("person.confirmation_asked")
    return person


@action(unrecorded=PRIVATE)
def sign_up(*, name, email, password, locale="es", by):
    """Open an account; where the address has one, owe its owner a letter instead. Nobody else can tell which it was.

    Raises Invalid as `register` does.
    """
    owner = person_by_email(email)
    if owner is None:
        register(name=name, email=email, password=password, locale=locale, by=by)
        return
    name = cleaned_name(name)
    prepare_password(password, name=name, email=mailing_email(email))  # refused alike, and the same work
    ask_reset(owner, by=by)


@action(unrecorded=PRIVATE)
def ask_confirmation(person, *, by):
    """Owe `person` another letter that confirms the address."""
    (person,) = lock(person)
    check(why_not_own, by, person)
    refuse_if(_("Tu correo ya está confirmado.") if person.confirmed_at else None, Conflict)
    refuse_if(why_no_letter(person.confirmation_asked_at), Conflict)
    person.confirmation_asked_at = now()
    ring("person.confirmation_asked")


@action(unrecorded=PRIVATE)
def note_confirmation_sent(person, *, asked_at, by):
    """Note that the letter which confirms the address has gone out; one asked for after `asked_at` is still owed."""
    (person,) = lock(person)
    if person.confirmation_asked_at == asked_at:
        person.confirmation_sent_at = max(now(), asked_at)  # the clock of whoever asked may be ahead


@action(unrecorded=PRIVATE)
def confirm_address(person, *, by):
    """Note that `person` reads the mail of the account's address; a second time changes nothing."""
    (person,) = lock(person)
    check(why_not_own, by, person)
    person.confirmed_at = person.confirmed_at or now()


@action(unrecorded=PRIVATE)
def ask_reset(person, *, by):
    """Owe `person` a letter with a link to choose a new password, three an hour at most.

    None is the owner of an unknown address: as much is written and rung, so that nobody can tell by waiting.
    """
    if person is not None:
        (person,) = lock(person)
    if person is None or why_no_letter(person.reset_asked_at):
        finish("letters.asked-for-nobody", by=None)
    else:
        person.reset_asked_at = now()
    ring("person.reset_asked")


@action(unrecorded=PRIVATE)
def note_reset_sent(person, *, asked_at, by):
    """Note that the letter for a new password has gone out; one asked for after `asked_at` is still owed."""
    (person,) = lock(person)
    if person.reset_asked_at == asked_at:
        person.reset_sent_at = max(now(), asked_at)  # the clock of whoever asked may be ahead


@action(unrecorded=PRIVATE)
def change_password(person, password, *, by):
    """Give `person` a new password; every session opened with the old one ends."""
    (person,) = lock(person)
    check(why_not_own, by, person)
    person.password_hash = prepare_password(password, name=person.name, email=person.email)
    person.epoch += 1


@action(unrecorded=PRIVATE)
def reset_password(person, password, *, epoch, by):
    """Give `person` a new password by the link in a letter, which also confirms the address it came to.

    epoch: the password's epoch that the link was made for. Raises Conflict when it was used already.
    """
    (person,) = lock(person)
    refuse_if(_("Este enlace ya se usó. Pide otra carta si hace falta.") if person.epoch != epoch else None, Conflict)
    change_password(person, password, by=by)
    person.confirmed_at = person.confirmed_at or now()


@action(unrecorded=PRIVATE)
def revise_person(person, *, name, territory, by):
    """Change what the account says of its owner: the name, and where they live (a Territory or None)."""
    (person,) = lock(person)
    check(why_not_own, by, person)
    person.name, person.territory = cleaned_name(name), territory


@action(unrecorded=PRIVATE)
def prefer_language(person, locale, *, by):
    """Note the language ("es" or "en") that pages and letters to `person` are written in."""
    (person,) = lock(person)
    check(why_not_own, by, person)
    person.locale = locale


@action
def appoint_administrator(person, *, by):
    """Let `person` administer the site; a second time changes nothing."""
    check(why_not_appoint_administrator, by)
    (person,) = lock(person)
    if not person.is_administrator:
        person.is_administrator = True
        record("administrator.appointed", person, by=by, person=person.uid)


@action
def found_institution(name, sector, *, by):
    """Return the institution called `name`, entered now in `sector` (a word of SECTORS) unless it is there."""
    name = clean_line(name, INSTITUTION_LIMIT, field="institution")
    institution = institution_named(name)
    if institution is not None:
        return institution
    check(why_not_found_institution, by)
    if sector not in SECTORS:
        raise Invalid("sector", _("Elige el sector de la institución."))
    institution = Institution(name=name, sector=sector)
    db.session.add(institution)
    db.session.flush()
    record("institution.founded", institution, by=by, name=name, sector=sector)
    return institution
