"""What somebody who writes is shown of what is already proposed, and what every proposal is shown beside."""

import gzip
import re
from html import unescape
from urllib.parse import quote

import pytest

from consulta.merging.actions import merge_proposals
from consulta.proposals.actions import hide_proposal, start_proposal, withdraw_proposal
from consulta.suggestions.actions import set_thresholds
from consulta.votes.actions import cast_vote
from tests.people import make_consultation, make_person, make_proposal, sign_in
from tests.web import sending
from tests.web.counting import queries

TITLE = "Ciclovías seguras en el centro"
CANARY = "xoloitzcuintle"


@pytest.fixture
def writer(app, other_citizen):
    """The browser of somebody who writes."""
    return sign_in(app.test_client(), other_citizen)


@pytest.fixture
def near(consultation, citizen):
    """A published proposal that says what the writer is about to say."""
    return make_proposal(consultation, citizen, title=TITLE, body="Una red de ciclovías protegidas para el centro.")


def ask(client, consultation, titulo=TITLE, **more):
    """Return the answer to what is typed so far."""
    return client.get(f"/consultas/{consultation.slug}/propuestas/parecidas", query_string={"titulo": titulo, **more})


def codes(answer):
    """Return the codes of the proposals in an answer."""
    assert answer.status_code == 200, answer.text
    return re.findall(r'data-code="(\w+)"', answer.text)


def test_what_is_alike_is_shown_with_its_reason_its_people_and_two_buttons(writer, consultation, near, citizen):
    cast_vote(near, by=citizen)
    answer = ask(writer, consultation, "Hacer ciclovías seguras por el centro")
    said = " ".join(unescape(answer.text).split())
    assert codes(answer) == [near.code]
    assert "1 propuesta parecida" in said and "1 apoyo" in said
    assert "las dos hablan de «ciclovías»" in said
    assert f'data-support="/propuestas/{near.code}/apoyo"' in said
    assert "La mía es distinta" in said and 'target="_blank" rel="noopener"' in said
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_same_words_are_told_as_such(writer, consultation, near):
    assert "casi palabra por palabra" in ask(writer, consultation, TITLE.upper(), texto=near.body).text


def test_at_most_five_are_shown_in_less_than_three_kilobytes(writer, consultation, citizen):
    for number in range(8):
        make_proposal(consultation, citizen, title=f"{TITLE} {number}calle{number}", body=f"{TITLE}, {number}.")
    answer = ask(writer, consultation)
    assert len(codes(answer)) == 5
    assert len(gzip.compress(answer.data)) <= 3000


def test_what_nobody_may_see_is_never_among_them(writer, consultation, other_consultation, citizen, moderator):
    hidden = make_proposal(consultation, citizen, title=f"{TITLE} {CANARY}")
    hide_proposal(hidden, reason="Datos de una persona", by=moderator)
    gone = make_proposal(consultation, citizen, title=f"{TITLE} {CANARY}")
    withdraw_proposal(gone, reason="Ya no", by=citizen)
    start_proposal(consultation, title=f"{TITLE} {CANARY}", body=f"Un {CANARY}.", by=citizen)
    make_proposal(other_consultation, citizen, title=f"{TITLE} {CANARY}")
    seen = make_proposal(consultation, citizen, title=f"{TITLE} {CANARY}")
    assert codes(ask(writer, consultation, f"{TITLE} {CANARY}")) == [seen.code]
    # Hidden a moment ago, while the index of the process still holds it.
    hide_proposal(seen, reason="Datos de una persona", by=moderator)
    answer = ask(writer, consultation, f"{TITLE} {CANARY}")
    assert codes(answer) == [] and CANARY not in answer.text


def test_what_a_merge_carried_away_is_shown_as_the_joint_proposal(writer, consultation, near, citizen, moderator):
    other = make_proposal(consultation, citizen, title=f"{TITLE} histórico", body="Una red de ciclovías.")
    merge = merge_proposals(
        [near, other], title=TITLE, body="Una red de ciclovías protegidas.", reason="Piden lo mismo.", by=moderator
    )
    answer = ask(writer, consultation)
    assert codes(answer) == [merge.joint.code]
    assert "Propuesta conjunta" in answer.text


def test_ones_own_draft_and_what_was_put_aside_are_not_shown(writer, consultation, near, other_citizen):
    draft = start_proposal(consultation, title=TITLE, body="Lo mismo.", by=other_citizen)
    assert codes(ask(writer, consultation, borrador=draft.code)) == [near.code]
    assert codes(ask(writer, consultation, borrador=draft.code, distintas=f"nada {near.code}")) == []
    mine = make_proposal(consultation, other_citizen, title=f"{TITLE} y alrededores")
    assert codes(ask(writer, consultation, borrador=mine.code)) == [near.code]


def test_the_floor_is_the_consultations_own(writer, consultation, near, administrator):
    told = "Ciclovías para el centro de la ciudad"
    assert codes(ask(writer, consultation, told)) == [near.code]
    set_thresholds(consultation, citizen_floor=1.0, group_floor=0.999, by=administrator)
    assert codes(ask(writer, consultation, told)) == []


def test_too_little_is_not_compared(writer, consultation, near):
    assert codes(ask(writer, consultation, "ciclovías")) == []
    assert codes(ask(writer, consultation, "")) == []


@pytest.mark.parametrize(
    "text",
    [
        "🚲" * 40,
        "مسارات آمنة للدراجات في وسط المدينة",
        "C̷i̷c̷l̷o̷v̷í̷a̷s̷ " + "́" * 3000,
        "' OR 1=1 --",
        "<script>alert(1)</script> ciclovías",
        "CICLOVÍAS " * 2000,
        "%00%ff\u202e\ufeff ciclovías seguras",
        "a" * 50_000,
        "palabra " * 7000,
        "\\ \n\r\t" * 20,
    ],
)
def test_no_text_breaks_it(writer, consultation, near, text):
    for typed in ({"titulo": text}, {"titulo": TITLE, "texto": text}, {"titulo": text, "distintas": text}):
        assert ask(writer, consultation, **typed).status_code == 200
    assert "<script>" not in ask(writer, consultation, text).text


def test_bytes_that_are_no_text_are_refused_without_a_fault(writer, consultation):
    address = f"/consultas/{consultation.slug}/propuestas/parecidas"
    assert writer.get(f"{address}?titulo=a%00b").status_code == 400
    assert writer.get(f"{address}?titulo=ciclov%ED%A0%80as%FF&borrador=%F0%9F%9A%B2").status_code == 200


def test_it_is_for_those_who_may_propose(client, consultation, near, administrator):
    assert "/cuenta/entrar" in ask(client, consultation).location
    unconfirmed = sign_in(client, make_person("Sin confirmar", confirmed=False))
    assert ask(unconfirmed, consultation).status_code == 403
    later = make_consultation(administrator, phases=("drafting",))
    somebody = sign_in(client, make_person())
    assert ask(somebody, later).status_code == 403


def test_support_is_given_in_place_and_nothing_typed_is_lost(writer, consultation, near):
    page = writer.get(f"/consultas/{consultation.slug}/propuestas/nueva").text
    token = sending.TOKEN.search(page).group(1)
    asks_json = {"Accept": "application/json"}
    answer = writer.post(f"/propuestas/{near.code}/apoyo", data={"csrf_token": token}, headers=asks_json)
    assert (answer.status_code, answer.json) == (200, {"told": "Ya la apoyas.", "supporters": "1 apoyo"})
    assert "Ya la apoyas" in ask(writer, consultation).text
    assert "data-support" not in ask(writer, consultation).text
    refused = writer.post(f"/propuestas/{near.code}/apoyo", data={"csrf_token": "x"}, headers=asks_json)
    assert refused.status_code == 400 and refused.json["reason"]
    # No notice is left over for the next page.
    assert "Apoyas «" not in writer.get("/").text


def test_why_somebody_cannot_support_is_said_instead_of_a_button(writer, administrator, citizen, biobio, magallanes):
    closed = make_consultation(administrator, voters="territory", territory=magallanes)
    near = make_proposal(closed, citizen, title=TITLE)
    answer = ask(writer, closed)
    assert codes(answer) == [near.code]
    assert "apoyan las personas de" in answer.text and "data-support" not in answer.text


def test_what_was_put_aside_goes_along_with_the_draft(writer, consultation, near):
    new = f"/consultas/{consultation.slug}/propuestas/nueva"
    typed = {"title": TITLE, "body": "Que sean seguras.", "theme": "0", "territory": "0", "different": near.code}
    again = sending.send(writer, new, {**typed, "body": ""})
    assert f'name="different" type="hidden" value="{near.code}"' in again.text
    saved = sending.send(writer, new, typed)
    assert f"distintas={near.code}" in saved.location
    step = writer.get(saved.location).text
    assert "Dijiste que 1 propuesta es distinta de la tuya" in step and "No encontramos" not in step
    assert f'href="/propuestas/{near.code}"' not in step
    change = unescape(re.search(r'href="([^"]+/editar[^"]*)"', step).group(1))
    assert f'name="different" type="hidden" value="{near.code}"' in writer.get(change).text
    shown = writer.get(saved.location.partition("?")[0]).text
    assert f'href="/propuestas/{near.code}"' in shown


def test_without_script_the_step_says_why_and_offers_both_ways(writer, consultation, near, other_citizen):
    draft = start_proposal(consultation, title="Hacer ciclovías seguras", body="En el centro.", by=other_citizen)
    step = f"/propuestas/{draft.code}/similares"
    page = unescape(writer.get(step).text)
    assert "las dos hablan de" in page and "Apoyar esta" in page
    aside = f"{step}?distintas={near.code}"
    assert f'href="{aside}#near-title"' in page
    after = sending.send(writer, f"/propuestas/{near.code}/apoyo", {"next": aside}, page=step)
    assert after.location == aside
    assert "Ya apoyas esta propuesta" in writer.get(step).text


def test_the_step_keeps_to_the_consultations_floor(writer, consultation, near, other_citizen, administrator):
    draft = start_proposal(consultation, title="Ciclovías en otra parte", body="Del centro.", by=other_citizen)
    set_thresholds(consultation, citizen_floor=1.0, group_floor=0.999, by=administrator)
    assert "No encontramos ninguna parecida" in writer.get(f"/propuestas/{draft.code}/similares").text


def test_addresses_with_anything_in_them_break_neither_step_nor_form(writer, consultation, near, other_citizen):
    draft = start_proposal(consultation, title=TITLE, body="Lo mismo.", by=other_citizen)
    for text in ("🚲", "a,b,,c", "<script>", "x" * 5000, " ".join(f"p{n}" for n in range(500))):
        for page in ("similares", "editar"):
            answer = writer.get(f"/propuestas/{draft.code}/{page}?distintas={quote(text)}")
            assert answer.status_code == 200 and "<script>" not in answer.text.partition("<main")[2]


def test_every_proposal_shows_what_is_related(client, consultation, near, citizen):
    other = make_proposal(consultation, citizen, title="Más ciclovías seguras en el centro", body="Protegidas.")
    page = client.get(f"/propuestas/{near.code}").text
    assert "Propuestas relacionadas" in page and f'href="/propuestas/{other.code}"' in page
    assert page.count(f'href="/propuestas/{near.code}"') == 0
    alone = make_proposal(consultation, citizen, title="Zapallos gratis", body="Nada que ver.")
    assert "Propuestas relacionadas" not in client.get(f"/propuestas/{alone.code}").text


def test_a_joint_proposal_and_its_parts_are_not_related_to_one_another(client, consultation, near, citizen, moderator):
    other = make_proposal(consultation, citizen, title=f"{TITLE} histórico", body="Una red de ciclovías.")
    merge = merge_proposals([near, other], title=TITLE, body="Una red.", reason="Piden lo mismo.", by=moderator)
    for code in (near.code, merge.joint.code):
        assert "Propuestas relacionadas" not in client.get(f"/propuestas/{code}").text


def test_the_page_asks_the_database_as_much_for_five_as_for_one(client, consultation, near, citizen):
    def count():
        client.get(f"/propuestas/{near.code}")
        with queries() as asked:
            client.get(f"/propuestas/{near.code}")
        return len(asked)

    make_proposal(consultation, citizen, title=f"{TITLE} uno")
    one = count()
    for number in range(6):
        make_proposal(consultation, make_person(), title=f"{TITLE} {number}", body="Una red de ciclovías.")
    assert count() <= one
