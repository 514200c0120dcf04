"""What is secret is found nowhere: not on a page, in an export, a letter or a log, whoever asks and however."""

import base64
import io
import logging
import re
import zipfile

import pypdf
import pytest
from sqlalchemy import func, select

from consulta.accounts.actions import sign_up
from consulta.accounts.tokens import confirmation_token, reset_token
from consulta.agreements.actions import note_agreement
from consulta.core.errors import Conflict
from consulta.core.extensions import db
from consulta.core.record import Entry, seal_entries
from consulta.core.work import action
from consulta.jobs.sweep import sweep
from consulta.minutes.actions import publish_minutes
from consulta.plan.actions import publish_draft
from consulta.plan.queries import plan_of
from consulta.proposals.actions import hide_proposal, start_proposal, unhide_proposal, withdraw_proposal
from consulta.proposals.queries import find_proposal
from consulta.tables.actions import (
    check_session,
    enter_result,
    note_agenda,
    note_session,
    open_session,
    return_session,
    set_presence,
    set_result,
    submit_session,
)
from consulta.tables.queries import find_session
from consulta.votes.actions import cast_vote
from tests.people import PASSWORD, make_person, make_proposal, make_public
from tests.web.sending import send
from tests.web.test_rights import TABLE

pytestmark = pytest.mark.settings(WTF_CSRF_ENABLED=False)

CANARY = "xoloitzcuintle"
SEARCHES = (
    "/consultas/{slug}/propuestas?q=" + CANARY,
    "/consultas/{slug}/propuestas?sort=recientes",
    "/consultas/{slug}/propuestas?estado=withdrawn",
    "/consultas/{slug}/propuestas?estado=draft",
    "/consultas/{slug}/preseleccion?ver=sin-decidir",
    "/consultas/{slug}/fusionar?q=" + CANARY,
    "/consultas/{slug}/propuestas/parecidas?titulo=" + CANARY + "+dicho+en+la+sala&texto=Con+" + CANARY,
    "/consultas/{slug}/propuestas/parecidas?titulo=" + CANARY + "+en+borrador&texto=" + CANARY + "+secreto",
    "/consultas/{slug}/mapa?z=1",
    "/sesiones/{session}/resultados?q=" + CANARY,
    "/registro?consulta={slug}",
    "/registro?suceso=proposal",
)
OF_ONE = ("", "/que-paso", "/versiones", "/similares", "/editar", "/decidir")


def _pages(world):
    """Return every address that is read with GET, filled with what the world holds."""
    addresses = [address for (_endpoint, verb), (address, _who, _form) in TABLE.items() if verb == "GET"]
    return [address.format(**world.values) for address in (*addresses, *SEARCHES)]


def _told(answer):
    """Return all that an answer says: a PDF's pages and an office file's parts as text, anything else as it is."""
    if answer.mimetype == "application/pdf":
        return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages)
    if answer.data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(answer.data)) as file:
            return "".join(file.read(name).decode("utf-8", "replace") for name in file.namelist())
    return answer.data.decode("utf-8", "replace")


def _find(world, actors, paths, texts):
    """Return (actor, path, text) for each of `texts` that an answer holds."""
    found = []
    for actor in actors:
        client = world.client(actor)
        for path in paths:
            answer = _told(client.get(path))
            found += [(actor, path, text) for text in texts if text in answer]
    return found


@pytest.fixture
def watched(world):
    """A world where what carries the canary went the whole way and was hidden in the end; returns it and the codes."""
    people = world.people
    owner, moderator, facilitator = people["owner"], people["moderator"], people["facilitator"]
    consultation = people["consultation"]
    seen = {key: find_proposal(world.values[key], to=owner) for key in ("chosen", "part", "twin")}
    spoken = make_proposal(consultation, owner, title=f"{CANARY} dicho en la sala", body=f"Con {CANARY}.")
    session = find_session(world.values["session"], to=facilitator)
    open_session(session, by=facilitator)
    for each in (spoken, seen["twin"]):
        enter_result(session, each, outcome="keep", reasons="Sirve.", by=facilitator)
    make_public(session, by=facilitator, second=moderator)
    publish_draft(plan_of(consultation, to=moderator), by=moderator)
    draft = start_proposal(consultation, title=f"{CANARY} en borrador", body=f"{CANARY} secreto", by=owner)
    thrown = start_proposal(consultation, title=f"{CANARY} tirado", body=f"{CANARY} tirado", by=owner)
    thrown_code = thrown.code
    withdraw_proposal(thrown, reason=None, by=owner)
    for each in (*seen.values(), spoken):
        hide_proposal(each, reason="Datos de una persona", by=moderator)
    unhide_proposal(seen["twin"], reason="Fue un error", by=moderator)
    hide_proposal(seen["twin"], reason="No lo fue", by=moderator)
    seal_entries(by=None)
    codes = [draft.code, thrown_code, spoken.code, *(each.code for each in seen.values())]
    texts = [f"{CANARY} {each}" for each in ("dicho", "en borrador", "secreto", "tirado")]
    return world, codes, [*texts, *(each.title for each in seen.values())]


@pytest.mark.only_on("sqlite")
def test_what_is_a_draft_or_hidden_is_nowhere_for_anybody_else(watched):
    world, codes, texts = watched
    own = start_proposal(
        world.people["consultation"], title=f"Un {CANARY} para todos", body="Otro.", by=world.people["citizen"]
    )
    paths = [*_pages(world), *(f"/propuestas/{code}{page}" for code in codes for page in OF_ONE)]
    actors = ("visitor", "citizen", "other_facilitator", "other_moderator", "administrator")
    assert _find(world, actors, paths, texts) == []
    near = world.client("citizen").get(f"/propuestas/{own.code}/similares").text
    assert f"{CANARY} dicho" not in near and f"{CANARY} en borrador" not in near

    assert world.client("moderator").get(f"/propuestas/{codes[0]}").status_code == 404
    assert world.client("moderator").get(f"/propuestas/{codes[2]}").status_code == 200
    for code in codes:
        answer = world.client("visitor").get(f"/propuestas/{code}", headers={"Accept": "application/json"})
        assert answer.status_code == 404 and not any(text in answer.text for text in texts)


def _write_everything(session, proposal, by):
    """Put the canary into every field of an open session."""
    facts = ("notes", "count_note", "attendance_note", "prepared_by", "distributed_to")
    note_session(session, **dict.fromkeys(facts, CANARY), statements=[CANARY], open_points=[CANARY], by=by)
    note_agenda(session, session.agenda[0]["id"], development=CANARY, closed_note=CANARY, is_closed=True, by=by)
    note_agenda(session, "heading", title=CANARY, development=CANARY, by=by)
    line = {"sector": "academia", "named": CANARY, "network": CANARY, "note": CANARY}
    set_presence(session, "line", **line, convened=True, attended=True, heads=4, by=by)
    texts = ("reasons", "reasons_against", "dissent", "requests", "statements", "missing_actors", "count_note")
    set_result(session, proposal, **dict.fromkeys(texts, CANARY), outcome="refer", by=by)
    for kind in ("task", "rule", "deferral"):
        agreed = {"kind": kind, "text": CANARY, "terms": [CANARY], "owner": CANARY, "due_note": CANARY}
        note_agreement(session, f"{kind}1", **agreed, by=by)


@pytest.mark.only_on("sqlite")
def test_what_a_room_wrote_is_nowhere_before_its_minutes_are_public_and_then_it_is(world):
    people = world.people
    moderator, facilitator = people["moderator"], people["facilitator"]
    session = find_session(world.values["session"], to=facilitator)
    open_session(session, by=facilitator)
    _write_everything(session, find_proposal(world.values["code"], to=facilitator), facilitator)
    pages = [path for path in _pages(world) if CANARY not in path]
    assert _find(world, ("other_facilitator",), pages, [CANARY]) == []
    return_session(submit_session(session, by=facilitator), note=CANARY, by=moderator)
    seal_entries(by=None)
    assert _find(world, ("visitor",), pages, [CANARY]) == []
    check_session(submit_session(session, by=facilitator), by=moderator)
    assert _find(world, ("citizen", "other_moderator", "administrator"), pages, [CANARY]) == []
    assert _find(world, ("moderator",), [f"/sesiones/{session.id}"], [CANARY]) != []
    publish_minutes(session, by=moderator)
    assert _find(world, ("visitor",), [f"/sesiones/{session.id}"], [CANARY]) != []


@pytest.mark.only_on("sqlite")
def test_nothing_public_says_who_supports_what_nor_anybodys_address(world):
    voter = make_person("Zuleica Votante", email="zuleica.votante@example.org")
    before = db.session.scalar(select(func.count(Entry.id)))
    cast_vote(find_proposal(world.values["code"], to=voter), by=voter)
    seal_entries(by=None)
    assert db.session.scalar(select(func.count(Entry.id))) == before, "the record says that somebody voted"
    addresses = [each.email for each in world.people.values() if hasattr(each, "email")]
    # Whoever holds the link of a letter is told which account it belongs to.
    pages = [path for path in _pages(world) if "_token" not in path and "/cuenta/c" not in path]
    for actor in ("visitor", "moderator", "administrator"):
        others = [each for each in addresses if each != getattr(world.people.get(actor), "email", None)]
        # Who administers appoints people by their address, and sees whom.
        signs = ("Zuleica", "zuleica", voter.uid, *(others if actor != "administrator" else ()))
        assert _find(world, (actor,), pages, signs) == []


def test_the_link_of_a_letter_is_no_address_to_whoever_reads_a_log(client, citizen):
    secret = client.application.config["SECRET_KEY"]
    for token in (reset_token(citizen, secret), confirmation_token(citizen, secret)):
        packed = token.partition(".")[0]
        assert citizen.email.encode() not in base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))


def test_people_are_at_no_address(world):
    for path in ("/personas/1", "/cuenta/1", "/usuarios/1", "/people/1", "/api/people", "/administracion/personas"):
        assert world.client("administrator").get(path).status_code == 404
    rules = [rule for rule in world.app.url_map.iter_rules() if {"uid", "person"} & rule.arguments]
    # Lines of a list and photos have uids that a device made; those of people are at no address.
    assert not [rule.rule for rule in rules if not rule.rule.startswith("/sesiones/<int:id>/")]


def test_no_log_holds_an_address_a_password_or_a_token(client, citizen, caplog, tmp_path, monkeypatch):
    caplog.set_level(logging.DEBUG)
    email, wrong = citizen.email, "clave equivocada 123"
    send(client, "/cuenta/registro", {"name": "Eva Nueva", "email": "eva.nueva@example.org", "password": PASSWORD})
    send(client, "/cuenta/entrar", {"email": email, "password": wrong})
    send(client, "/cuenta/entrar", {"email": email, "password": PASSWORD})
    send(client, "/cuenta/clave", {"email": email})
    sweep()
    token = reset_token(citizen, client.application.config["SECRET_KEY"])
    monkeypatch.setattr("consulta.accounts.actions.person_by_email", lambda _email: None)
    with pytest.raises(Conflict):  # the database finds what the action did not
        sign_up(name="Ana", email=email, password=PASSWORD, by=None)
    monkeypatch.setattr("consulta.web.accounts.person_by_email", _broken_query)
    assert client.post("/cuenta/entrar", data={"email": "rota@example.org", "password": wrong}).status_code >= 500
    client.get(f"/cuenta/clave/{token}")
    logged = caplog.text
    assert "no_such_column" in logged and "conflict in sign_up" in logged
    for secret in (email, "eva.nueva", "rota@example.org", PASSWORD, wrong, token, citizen.password_hash):
        assert secret not in logged


def _broken_query(email):
    db.session.execute(db.text("SELECT no_such_column FROM people WHERE email = :email"), {"email": email})


def test_a_fault_shows_its_number_alone_and_the_log_holds_it(client, caplog, monkeypatch):
    def broken(**_anything):
        raise RuntimeError("the inside of the house")

    monkeypatch.setattr("consulta.web.consultations.visible_consultations", broken)
    answer = client.get("/")
    fault = re.search(r"<code>([0-9a-f]{8})</code>", answer.text).group(1)
    assert answer.status_code == 500 and f"fault {fault}" in caplog.text and "the inside of the house" in caplog.text
    assert not any(word in answer.text for word in ("Traceback", "RuntimeError", "inside", ".py"))
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    told = client.get("/", headers={"Accept": "application/json"})
    assert told.status_code == 500 and set(told.json) == {"error", "reason", "fault"} and "inside" not in told.text


def test_a_conflict_quotes_no_row(app, citizen):
    @action(unrecorded="a planted conflict")
    def collide(*, by):
        db.session.execute(db.text("UPDATE people SET epoch = NULL"))

    with pytest.raises(Conflict) as refusal:
        collide(by=None)
    assert refusal.value.__suppress_context__ and citizen.email not in str(refusal.value)
