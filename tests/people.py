"""The people and things that tests are about, made through the same actions that a person uses."""

from datetime import timedelta
from itertools import count

import pytest

from consulta.accounts.actions import appoint_administrator, confirm_address, found_institution, register
from consulta.accounts.rules import hash_password
from consulta.consultations.actions import announce_consultation, appoint, create_consultation
from consulta.core.clock import frozen, now
from consulta.minutes.actions import publish_minutes
from consulta.proposals.actions import start_proposal, submit_proposal
from consulta.tables.actions import check_session, convene_session, found_table, open_session, submit_session
from consulta.territories.actions import load_territories
from consulta.territories.queries import find_territory

PASSWORD = "una frase larga y segura"
# Hashing is slow on purpose: everybody in the tests has the same password, hashed once.
HASHED = hash_password(PASSWORD)
ZONE = "America/Santiago"
ALL_AT_ONCE = ("proposing", "tables", "drafting")

_numbers = count(1)


def place(code, kind, name, parent):
    """Return a row of territories as the loader takes it."""
    full_name = f"Región de {name}" if kind == "region" else name
    return {
        "country": "CL",
        "code": code,
        "kind": kind,
        "name": name,
        "full_name": full_name,
        "parent_code": parent,
        "aliases": [],
        "position": 0,
    }


PLACES = (
    place("CL", "country", "Chile", None),
    place("08", "region", "Biobío", "CL"),
    place("081", "province", "Concepción", "08"),
    place("08101", "commune", "Concepción", "081"),
    place("12", "region", "Magallanes", "CL"),
    place("121", "province", "Magallanes", "12"),
    place("12101", "commune", "Punta Arenas", "121"),
)


def make_person(name="Ana Rojas", *, confirmed=True, administrator=False, territory=None, email=None):
    """Sign up a person with a confirmed address."""
    email = email or f"persona{next(_numbers)}@example.org"
    person = register(name=name, email=email, password=HASHED, territory=territory, by=None)
    if confirmed:
        confirm_address(person, by=None)
    if administrator:
        appoint_administrator(person, by=None)
    return person


def make_consultation(by, *, phases=ALL_AT_ONCE, limit=None, voters="confirmed", territory=None, announced=True):
    """Create a consultation whose `phases` (kinds) opened yesterday and close in a month; other kinds are not in it."""
    number = next(_numbers)
    opened = now() - timedelta(days=1)
    with frozen(opened - timedelta(days=30)):
        consultation = create_consultation(
            "ogp_national",
            slug=f"plan-{number}",
            title=f"Plan de acción {number}",
            summary="Un plan de acción que se escribe en conjunto.",
            zone=ZONE,
            country="CL",
            voters=voters,
            territory=territory,
            vote_limit=limit,
            phases=[
                {
                    "kind": kind,
                    "title": f"Fase {place}: {kind}",
                    "opens_at": opened + timedelta(seconds=place),
                    "closes_at": opened + timedelta(days=30, seconds=place),
                }
                for place, kind in enumerate(phases, start=1)
            ],
            themes=["Transparencia", "Salud"],
            by=by,
        )
        if announced:
            announce_consultation(consultation, by=by)
    return consultation


def make_proposal(consultation, author, title="Publicar las actas del concejo", body="Que se lean en línea.", **more):
    """Write and submit a proposal."""
    return submit_proposal(start_proposal(consultation, title=title, body=body, by=author, **more), by=author)


def make_public(session, *, by, second):
    """Have `by` hand an open session in, and `second` (a moderator or the machine) check it and publish its minutes."""
    submit_session(session, by=by)
    check_session(session, by=second)
    publish_minutes(session, by=second)
    return session


def sign_in(client, person):
    """Let `client` be signed in as `person`."""
    with client.session_transaction() as session:
        session["_user_id"] = person.get_id()
        session["_fresh"] = True
    return client


@pytest.fixture
def territories(app):
    """A country, two regions and a commune in each."""
    load_territories(PLACES, by=None)


@pytest.fixture
def biobio(territories):
    """The region of Biobío."""
    return find_territory("CL", "08")


@pytest.fixture
def magallanes(territories):
    """The region of Magallanes."""
    return find_territory("CL", "12")


@pytest.fixture
def administrator(app):
    """Somebody who administers the site."""
    return make_person("Administración", administrator=True)


@pytest.fixture
def consultation(administrator, territories):
    """A consultation in which citizens propose, tables meet and moderators decide, all now."""
    return make_consultation(administrator)


@pytest.fixture
def other_consultation(administrator, territories):
    """Another consultation, in which nobody of the first holds an appointment."""
    return make_consultation(administrator)


@pytest.fixture
def citizen(app):
    """A person with a confirmed address."""
    return make_person("Ana Rojas")


@pytest.fixture
def other_citizen(app):
    """Another person with a confirmed address."""
    return make_person("Benito Soto")


@pytest.fixture
def moderator(consultation, administrator):
    """A moderator of the consultation."""
    person = make_person("Moderadora Uno")
    appoint(person, "moderator", consultation, by=administrator)
    return person


@pytest.fixture
def other_moderator(other_consultation, administrator):
    """A moderator of the other consultation."""
    person = make_person("Moderador Dos")
    appoint(person, "moderator", other_consultation, by=administrator)
    return person


@pytest.fixture
def facilitator(consultation, administrator, magallanes):
    """A facilitator of Magallanes."""
    person = make_person("Facilitadora Magallanes")
    appoint(person, "facilitator", consultation, magallanes, by=administrator)
    return person


@pytest.fixture
def second_facilitator(consultation, administrator, magallanes):
    """Another facilitator of Magallanes."""
    person = make_person("Segunda Facilitadora")
    appoint(person, "facilitator", consultation, magallanes, by=administrator)
    return person


@pytest.fixture
def other_facilitator(consultation, administrator, biobio):
    """A facilitator of Biobío."""
    person = make_person("Facilitador Biobío")
    appoint(person, "facilitator", consultation, biobio, by=administrator)
    return person


@pytest.fixture
def proposal(consultation, citizen):
    """A published proposal of the citizen."""
    return make_proposal(consultation, citizen)


@pytest.fixture
def table(consultation, moderator, magallanes):
    """The regional table of Magallanes."""
    return found_table(consultation, title="Mesa de Magallanes", kind="regional", territory=magallanes, by=moderator)


@pytest.fixture
def table_session(table, facilitator, moderator):
    """An open session of the table of Magallanes."""
    session = convene_session(table, title="Primera sesión", place="Biblioteca regional", by=moderator)
    open_session(session, by=facilitator)
    return session


@pytest.fixture
def institution(app):
    """A body of the government."""
    return found_institution("ChileCompra", "government", by=None)
