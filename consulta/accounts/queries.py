"""Finding people and institutions. People are found one at a time: no page lists them."""

from sqlalchemy import or_, select

from consulta.accounts.models import Institution, Person
from consulta.accounts.rules import canonical_email
from consulta.core.errors import Invalid
from consulta.core.extensions import db

LETTERS_AT_ONCE = 500


def person_by_email(email):
    """Return the person this address belongs to in any spelling, or None."""
    try:
        key = canonical_email(email)
    except Invalid:
        return None
    return db.session.scalar(select(Person).where(Person.canonical_email == key))


def person_by_uid(uid):
    """Return the person with this `uid`, or None."""
    return db.session.scalar(select(Person).where(Person.uid == uid))


def person_of_session(session_id):
    """Return the person a session belongs to ("uid.epoch"), or None once their password has changed."""
    uid, _dot, epoch = (session_id or "").rpartition(".")
    if not (epoch.isascii() and epoch.isdigit()):
        return None
    person = db.session.scalar(select(Person).where(Person.uid == uid))
    return person if person is not None and str(person.epoch) == epoch else None


def people_with_uids(uids):
    """Return a dictionary of uid to person, for those of `uids` that exist."""
    return {person.uid: person for person in db.session.scalars(select(Person).where(Person.uid.in_(uids)))}


def people_owed_confirmation(*, only=None):
    """Return people whose letter to confirm their address was asked for and not sent yet, the longest wait first.

    only: the person with this id alone, if owed.
    """
    return _owed(only, Person.confirmation_asked_at, Person.confirmation_sent_at, Person.confirmed_at.is_(None))


def people_owed_reset(*, only=None):
    """Return people whose letter for a new password was asked for and not sent yet; as `people_owed_confirmation`."""
    return _owed(only, Person.reset_asked_at, Person.reset_sent_at)


def institutions():
    """Return all institutions by name."""
    return db.session.scalars(select(Institution).order_by(Institution.name)).all()


def institution_named(name):
    """Return the institution of this name, or None."""
    return db.session.scalar(select(Institution).where(Institution.name == name))


def administrators():
    """Return the people who administer the site, by name."""
    return db.session.scalars(select(Person).where(Person.is_administrator).order_by(Person.name)).all()


def _owed(only, asked_at, sent_at, *conditions):
    if only is not None:
        conditions += (Person.id == only,)
    query = select(Person).where(asked_at.is_not(None), or_(sent_at.is_(None), sent_at < asked_at), *conditions)
    return db.session.scalars(query.order_by(asked_at).limit(LETTERS_AT_ONCE)).all()
