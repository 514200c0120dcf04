"""Pages of the public record: every event a sentence, nothing secret on the list or in the export, and it holds."""

import hashlib
import json

import pytest
from sqlalchemy import text

from consulta.consultations.actions import appoint, end_appointment
from consulta.consultations.rules import live_roles
from consulta.core.extensions import db
from consulta.core.record import GENESIS, known_events, record, seal_entries, verify_chain
from consulta.core.work import action
from consulta.proposals.actions import hide_proposal, start_proposal, withdraw_proposal
from consulta.votes.actions import cast_vote
from consulta.web.record_words import KIND_OF, KINDS, sentence
from tests.people import make_consultation, make_person, make_proposal, sign_in
from tests.web.counting import queries
from tests.web.sending import send, words

VALUES = {
    "role": "moderator",
    "ground": "needs_law",
    "kind": "left_out",
    "sector": "academia",
    "parts": ["a", "b"],
    "commitments": [{"number": 1}],
    "number": 3,
    "members": 2,
    "fields": 2,
    "field": "dots",
    "hours": 4,
    "state": "done",
    "quality": "member",
    "planned_on": "2026-03-01",
}


@pytest.fixture
def client(app):
    """Somebody who visits the site."""
    return app.test_client()


def test_every_event_of_the_vocabulary_has_a_sentence_and_a_kind(app):
    assert set(known_events()) == set(KIND_OF) and set(KIND_OF.values()) == set(KINDS)


@pytest.mark.parametrize("event", sorted(KIND_OF))
def test_an_event_reads_as_a_sentence_without_any_text_that_people_wrote(app, event):
    details = {key: VALUES.get(key, "texto canario") for key in known_events()[event]}
    for count in ("convened", "count"):
        if count in details:
            details[count] = 2
    with app.test_request_context():
        told = str(sentence(event, details))
    assert told and told != event and "canario" not in told and "%(" not in told


def test_who_acted_is_named_by_role_for_staff_and_never_otherwise(
    client, consultation, moderator, citizen, administrator
):
    proposal = make_proposal(consultation, citizen, title="Publicar las actas")
    hide_proposal(proposal, reason="Datos de terceros.", by=moderator)
    end_appointment(live_roles(moderator, consultation)[0], by=administrator)
    shown = words(client.get(f"/registro?consulta={consultation.slug}"))
    assert f"Moderación: {moderator.name}" in shown  # what she was then, although she is not any more
    assert f"Administración: {administrator.name}" in shown
    assert "Una persona" in shown and citizen.name not in shown
    assert "Datos de terceros." in shown and "por sellar" not in shown.lower()


def test_the_list_is_narrowed_by_consultation_and_kind_and_read_page_by_page(
    client, consultation, other_consultation, citizen
):
    for number in range(33):
        make_proposal(consultation, citizen, title=f"Propuesta número {number}")
    make_proposal(other_consultation, citizen, title="De la otra consulta")
    answer = client.get(f"/registro?consulta={consultation.slug}&suceso=proposal")
    assert answer.text.count('class="record-entry"') == 30 and "De la otra consulta" not in answer.text
    assert "Se anunció" not in words(answer)
    following = answer.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert client.get(following).text.count('class="record-entry"') == 3


@pytest.mark.parametrize(
    "query",
    ["antes=-1", "antes=0", "antes=1e9", f"antes={2**63}", "antes=٣", "suceso=<script>", "suceso=", "antes=x&antes=3"],
)
def test_strange_queries_are_answered_calmly(client, consultation, query):
    answer = client.get(f"/registro?{query}")
    assert answer.status_code == 200 and "<script>" not in answer.text


def test_an_unknown_consultation_is_not_found(client):
    assert client.get("/registro?consulta=no-existe").status_code == 404


def _exported(client):
    answer = client.get("/registro/exportacion")
    assert answer.mimetype == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


def test_anybody_can_check_the_export_with_nothing_but_its_lines(client, consultation, proposal):
    seal_entries(by=None)
    last = GENESIS
    entries = _exported(client)
    for number, entry in enumerate(entries, start=1):
        seal = entry.pop("hash")
        line = json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assert (entry["position"], entry["previous_hash"]) == (number, last)
        assert hashlib.sha256(line.encode()).hexdigest() == seal
        last = seal
    assert len(entries) > 3 and last == verify_chain().head


def test_the_export_goes_on_where_it_is_told_to(client, consultation):
    seal_entries(by=None)
    whole = _exported(client)
    answer = client.get(f"/registro/exportacion?desde={len(whole) - 2}")
    assert [json.loads(line)["position"] for line in answer.text.splitlines()] == [len(whole) - 1, len(whole)]


def test_nothing_secret_is_in_the_list_or_the_export(
    client, consultation, administrator, moderator, citizen, other_citizen
):
    canary = "canario"
    person = make_person(f"Nombre {canary}", email=f"{canary}@example.org")
    draft = make_consultation(administrator, announced=False)
    start_proposal(consultation, title=f"Borrador {canary}", body=canary, by=citizen)
    hidden = make_proposal(consultation, person, title=f"Oculta {canary}", body=canary)
    supported = make_proposal(consultation, citizen, title="Apoyada")
    cast_vote(supported, by=person)
    withdraw_proposal(make_proposal(consultation, citizen, title="Retirada"), reason="Me equivoqué.", by=citizen)
    hide_proposal(hidden, reason="Abuso.", by=moderator)
    appoint(moderator, "moderator", draft, by=administrator)
    seal_entries(by=None)
    everything = client.get("/registro").text + client.get("/registro/exportacion").text
    assert canary not in everything and draft.title not in everything and draft.slug not in everything
    assert "vote" not in {entry["subject"].split(":")[0].rstrip("s") for entry in _exported(client)}
    assert moderator.email not in everything and citizen.email not in everything


def test_checking_says_that_the_record_holds_and_finds_the_first_altered_entry(client, consultation, proposal):
    seal_entries(by=None)
    assert "está entero" not in client.get("/registro/verificacion").text
    assert "El registro está entero" in words(send(client, "/registro/verificacion"))
    position = verify_chain().sealed - 1
    with db.engine.begin() as connection:
        connection.execute(text(f"UPDATE record_entries SET reason = 'otra' WHERE position = {position}"))
    shown = words(send(client, "/registro/verificacion"))
    assert "El registro fue alterado" in shown and f"Primer asiento que no calza {position}" in shown


def test_a_seal_kept_earlier_is_compared(client, consultation):
    seal_entries(by=None)
    kept = verify_chain()
    right = {"position": str(kept.sealed), "hash": kept.head}
    assert "está entero" in words(send(client, "/registro/verificacion", right))
    assert "fue alterado" in words(send(client, "/registro/verificacion", {**right, "hash": "0" * 64}))
    assert "fue alterado" in words(send(client, "/registro/verificacion", {**right, "position": "99999"}))
    assert send(client, "/registro/verificacion", {"position": "x", "hash": "y"}).status_code == 200


def test_an_entry_not_sealed_yet_says_so(client, consultation):
    assert "Se sellará en unos segundos" in words(client.get("/registro"))
    seal_entries(by=None)
    assert "Se sellará" not in words(client.get("/registro"))


def test_an_event_nobody_put_into_words_is_shown_as_it_is(app, client, consultation, monkeypatch):
    @action
    def remark(row, *, by):
        """Record an event that only this test knows."""
        record("strange.happened", row, by=by, within=row)

    monkeypatch.setitem(record.__globals__["_vocabulary"], "strange.happened", frozenset())
    remark(consultation, by=None)
    shown = words(client.get("/registro"))
    assert "strange.happened" in shown and "La máquina" in shown


def test_the_page_asks_as_many_questions_for_many_entries_as_for_one(app, client, consultation, citizen):
    counts = []
    for more in (1, 12):
        for number in range(more):
            make_proposal(consultation, citizen, title=f"Propuesta {more} {number}")
        with queries() as asked:
            client.get("/registro")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


def test_a_signed_in_moderator_sees_the_entries_of_her_draft(client, administrator, moderator):
    draft = make_consultation(administrator, announced=False)
    assert client.get(f"/registro?consulta={draft.slug}").status_code == 404
    appoint(moderator, "moderator", draft, by=administrator)
    sign_in(client, moderator)
    assert draft.title in client.get(f"/registro?consulta={draft.slug}").text


def test_announcing_makes_the_title_public(client, administrator, territories):
    made = make_consultation(administrator)
    assert made.title in client.get("/registro").text
