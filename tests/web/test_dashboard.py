"""The dashboard of the tables: how far each region and week is, and how many people came, not told too early."""

import re
from datetime import datetime, timedelta

import pytest

from consulta.consultations.actions import suspend_consultation
from consulta.core.clock import now, wall_time
from consulta.core.extensions import db
from consulta.minutes.actions import publish_minutes
from consulta.tables.actions import (
    check_session,
    convene_session,
    found_table,
    note_attendance,
    open_session,
    return_session,
    submit_session,
)
from consulta.tables.dashboard import STEPS, board_of, week_of
from tests.people import ZONE, make_consultation, sign_in
from tests.web.counting import queries

REACHED = {"convened": 1, "open": 2, "submitted": 3, "checked": 4, "published": 5}


def address(consultation, query=""):
    return f"/consultas/{consultation.slug}/mesas/tablero{query}"


def hold(table, state, *, facilitator, moderator, heads=4, planned=None, starts_at=None, title=None):
    """Take a session of `table` as far as `state`; "returned" was handed in and sent back."""
    session = convene_session(
        table,
        title=title or f"Sesión {state}",
        starts_at=starts_at,
        planned_heads={"civil_society": planned} if planned else {},
        by=moderator,
    )
    if state == "convened":
        return session
    open_session(session, by=facilitator)
    note_attendance(session, [{"sector": "civil_society", "attended": True, "heads": heads}], by=facilitator)
    if state != "open":
        submit_session(session, by=facilitator)
    if state == "returned":
        return_session(session, note="Falta la hoja.", by=moderator)
    if state in ("checked", "published"):
        check_session(session, by=moderator)
    if state == "published":
        publish_minutes(session, by=moderator)
    return session


@pytest.fixture
def hands(facilitator, moderator):
    """Who holds the sessions of these tests."""
    return {"facilitator": facilitator, "moderator": moderator}


@pytest.fixture
def everything(table, hands):
    """A session in each state, in this week."""
    states = ("convened", "open", "returned", "submitted", "checked", "published")
    return {state: hold(table, state, **hands, starts_at=now(), planned=6) for state in states}


def figures(page):
    """The five figures at the head of the page, by their words."""
    return {name: int(n) for n, name in re.findall(r'step-figure"><strong>(\d+)</strong> <span>(\w+)<', page)}


def row_of(page, name):
    """The cells of the row of a region, of a week or of a sector, as text."""
    (row,) = re.findall(rf'<th scope="row" role="rowheader">(?:<a [^>]*>)?{re.escape(name)}.*?</tr>', page, re.DOTALL)[
        :1
    ]
    return [re.sub(r"<[^>]*>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)]


def test_each_step_counts_all_that_reached_it(client, consultation, everything):
    page = client.get(address(consultation)).text
    assert figures(page) == {"Convocadas": 6, "Realizadas": 5, "Entregadas": 3, "Revisadas": 2, "Publicadas": 1}
    assert row_of(page, "Magallanes") == ["1", "6", "5", "3", "2", "1"]


@pytest.mark.parametrize(("state", "reached"), REACHED.items())
def test_a_session_counts_as_far_as_it_came(consultation, table, hands, state, reached):
    hold(table, state, **hands)
    assert list(board_of(consultation, to=None).steps().values()) == [1] * reached + [0] * (len(STEPS) - reached)


def test_a_session_that_was_sent_back_was_held_and_is_not_handed_in(consultation, table, hands):
    hold(table, "returned", **hands)
    steps = board_of(consultation, to=None).steps()
    assert (steps["held"], steps["submitted"]) == (1, 0)


def test_regions_without_a_table_are_named_and_drawn_apart(client, consultation, table, biobio):
    page = client.get(address(consultation)).text
    assert "1 región todavía no tiene mesa:</strong> Biobío." in page
    assert row_of(page, "Biobío") == ["Sin mesa", "0", "0", "0", "0", "0"]
    drawn = dict(re.findall(r'tile-words is-(\w+)"[^>]*><tspan class="tile-name">([^<]+)<', page))
    assert drawn == {"none": "Biobío", "table": "Magallanes"}
    assert "Mesa sin sesiones" in page


def test_every_tile_says_in_words_what_its_colour_says(client, consultation, table, biobio, hands):
    hold(table, "published", **hands)
    page = client.get(address(consultation)).text
    tiles = re.findall(r'<text class="tile-words.*?</text>', page)
    assert len(tiles) == 2
    assert "1 de 1 publicadas" in page and "Sin mesa" in page
    assert "style=" not in page


def test_a_table_of_no_region_has_a_row_of_its_own(client, consultation, moderator):
    table = found_table(consultation, title="Mesa de salud", kind="thematic", by=moderator)
    hold(table, "open", facilitator=moderator, moderator=moderator)
    page = client.get(address(consultation)).text
    assert row_of(page, "Mesas sin región") == ["1", "1", "1", "0", "0", "0"]
    assert "Sesión open" in client.get(address(consultation, "?region=sin-region")).text


def test_weeks_begin_on_monday_where_the_consultation_is():
    sunday_night = wall_time(datetime(2026, 11, 22, 23, 30), ZONE)
    assert f"{week_of(sunday_night, ZONE):%Y-%m-%d}" == "2026-11-16"
    assert f"{week_of(sunday_night + timedelta(hours=1), ZONE):%Y-%m-%d}" == "2026-11-23"


def test_sessions_stand_in_their_week_and_those_without_a_day_last(client, consultation, table, hands):
    dated = hold(table, "open", **hands, starts_at=wall_time(datetime(2026, 11, 18, 18), ZONE))
    undated = hold(table, "convened", **hands)
    board = board_of(consultation, to=None)
    weeks = board.by_week()
    assert [week and f"{week:%Y-%m-%d}" for week in weeks] == ["2026-11-16", None]
    assert [each.id for each in weeks[None]] == [undated.id]
    page = client.get(address(consultation)).text
    assert row_of(page, "16 nov 2026 al 22 nov 2026") == ["1", "1", "0", "0", "0"]
    assert row_of(page, "Sin fecha") == ["1", "0", "0", "0", "0"]
    assert f'href="/sesiones/{dated.id}"' in page and f'href="/sesiones/{undated.id}"' in page


def test_other_weeks_are_a_link_away(client, consultation, table, hands):
    first = wall_time(datetime(2026, 3, 2, 18), ZONE)
    for number in range(10):
        hold(table, "convened", **hands, starts_at=first + timedelta(weeks=number))
    page = client.get(address(consultation, "?semana=2026-03-02")).text
    assert "Semanas siguientes" in page and "Semanas anteriores" not in page
    following = re.search(r'href="([^"]+)">Semanas siguientes', page)[1].replace("&amp;", "&")
    assert "Semanas anteriores" in client.get(following).text


def test_a_cell_that_would_be_crowded_counts_the_others(client, consultation, table, hands):
    for _number in range(5):
        hold(table, "convened", **hands, starts_at=wall_time(datetime(2026, 11, 18, 18), ZONE))
    page = client.get(address(consultation)).text
    more = re.search(r'href="([^"]+)">y 2 más<', page)[1].replace("&amp;", "&")
    assert "5 sesiones" in client.get(more).text


@pytest.mark.parametrize("query", ["?region=99&semana=ayer", "?region=%00", "?semana=2026-02-31", "?region=08101"])
def test_what_names_no_region_and_no_week_narrows_nothing(client, consultation, everything, query):
    answer = client.get(address(consultation, query))
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert "chosen-title" not in answer.text


def test_heads_are_public_once_the_minutes_are(client, consultation, table, hands):
    session = hold(table, "checked", **hands, heads=9, planned=12)
    page = client.get(address(consultation)).text
    assert "Sin publicar" not in page and row_of(page, "Sociedad civil") == ["12"]
    publish_minutes(session, by=hands["moderator"])
    page = client.get(address(consultation)).text
    assert row_of(page, "Sociedad civil") == ["12", "9", "9"]
    assert "9 de 12" in page


def test_before_that_staff_sees_them_and_nobody_else(
    app, consultation, everything, citizen, administrator, other_moderator, other_facilitator, facilitator, moderator
):
    def unpublished(person):
        with app.test_client() as visitor:
            return "Sin publicar" in sign_in(visitor, person).get(address(consultation)).text

    assert unpublished(moderator) and unpublished(facilitator)
    assert not any(unpublished(each) for each in (citizen, administrator, other_moderator, other_facilitator))


def test_the_plan_is_compared_with_those_sessions_that_had_one(client, consultation, table, hands):
    hold(table, "published", **hands, heads=5, planned=8)
    hold(table, "published", **hands, heads=30)
    page = client.get(address(consultation)).text
    assert "5 de 8" in page
    assert row_of(page, "Sociedad civil") == ["8", "5", "35"]


def test_no_word_of_an_unpublished_session_leaves_through_it(client, consultation, table, hands):
    session = hold(table, "submitted", **hands)
    session.notes, session.count_note = "canario de la sala", "canario de la cuenta"
    db.session.commit()
    for query in ("", "?region=12", "?region=12&semana=sin-fecha"):
        page = client.get(address(consultation, query)).text
        assert "canario" not in page
        assert "Sesión submitted" in page or query == ""


def test_a_session_of_several_places_counts_for_no_region(client, consultation, moderator, magallanes):
    table = found_table(consultation, title="Ronda", kind="round", by=moderator)
    convene_session(table, title="Mesas regionales", is_pooled=True, venues=["Punta Arenas", "Talca"], by=moderator)
    page = client.get(address(consultation)).text
    assert "reúne lo que se opinó en Punta Arenas, Talca sin decir qué en cada lugar" in page
    assert row_of(page, "Magallanes")[0] == "Sin mesa"


def test_an_empty_consultation_says_what_will_be_here(client, consultation):
    page = client.get(address(consultation)).text
    assert "Todavía no hay sesiones" in page and "Personas por sector" not in page
    assert "2 regiones todavía no tienen mesa:" in page


def test_a_consultation_of_one_region_has_that_region_alone(client, administrator, biobio):
    consultation = make_consultation(administrator, territory=biobio)
    assert [each.name for each in board_of(consultation, to=None).regions] == ["Biobío"]
    assert client.get(address(consultation)).status_code == 200


def test_a_consultation_that_is_not_announced_is_not_there(client, administrator, territories):
    draft = make_consultation(administrator, announced=False)
    assert client.get(address(draft)).status_code == 404


def test_it_is_read_while_the_consultation_is_suspended(client, consultation, everything, administrator):
    suspend_consultation(consultation, reason="Revisión", by=administrator)
    assert client.get(address(consultation)).status_code == 200


def test_more_sessions_ask_no_more_of_the_database(client, consultation, table, hands):
    def asked():
        with queries() as found:
            assert client.get(address(consultation)).status_code == 200
        return len(found)

    hold(table, "published", **hands)
    before = asked()
    for _number in range(8):
        hold(table, "published", **hands)
    assert asked() == before
