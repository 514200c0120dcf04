"""What minutes say: every fact of the rows, in the order of the official form, and nothing that is not known."""

import json
from datetime import date, timedelta

import pytest

from consulta.agreements.actions import move_agreement
from consulta.agreements.queries import agreements_of
from consulta.core.clock import now
from consulta.core.extensions import db
from consulta.merging.actions import merge_proposals, take_out, undo_merge
from consulta.minutes.actions import publish_minutes
from consulta.minutes.document import canonical, digest_of, document_of
from consulta.minutes.models import MinutesVersion
from consulta.tables.actions import (
    check_session,
    convene_session,
    enter_result,
    found_table,
    note_agenda,
    note_attendance,
    note_session,
    open_session,
    submit_session,
)
from tests.minutes.rooms import brought, hold


def finish(session, facilitator, moderator):
    """Hand in, check and publish an open session; returns its first version."""
    submit_session(session, by=facilitator)
    check_session(session, by=moderator)
    return publish_minutes(session, by=moderator)


def told(group):
    """Return what heading an attendance group stands under, and who is in it."""
    heading = tuple(value for name, value in group.items() if name != "lines")
    return heading, [line.get("name") or line.get("network") for line in group["lines"]]


def test_the_list_stands_under_the_headings_of_the_official_form(version):
    assert [told(group) for group in version.document["attendance"]] == [
        (("attended", "member"), ["Segpres", "Red Académica"]),
        (("attended", "observer"), ["PNUD"]),
        (("attended", "guest", "Alianza"), ["OGP"]),
        (("convened", "government"), ["MOP/DGOP"]),
    ]


def test_an_excuse_is_no_attendance(version):
    assert [line["name"] for line in version.document["excused"]] == ["CEPAL"]
    assert version.document["heads"] == {
        "government": {"attended": 1, "listed": 3},
        "academia": {"attended": 1},
        "international": {"attended": 3},
    }


def test_of_whom_the_source_says_nothing_it_is_not_said_that_they_came(table_session, facilitator):
    note_attendance(
        table_session,
        [
            {"sector": "private", "institution": "Cámara", "heads": 2},
            {"sector": "academia", "institution": "Universidad", "convened": True, "attended": False},
            {"sector": "civil_society", "attended": True, "women": 2, "men": 1, "note": "Sin contar"},
        ],
        by=facilitator,
    )
    document = document_of(table_session)
    assert [told(group)[0] for group in document["attendance"]] == [
        ("attended", "civil_society"),
        ("unknown", "private"),
        ("absent", "academia"),
    ]
    assert document["heads"]["civil_society"] == {"uncounted": 1, "women": 2, "men": 1}
    assert "academia" not in document["heads"]


def test_times_are_those_that_clocks_of_the_place_show(version):
    said = {name: version.document.get(name) for name in ("date", "starts", "ends", "ends_on", "zone", "convened_on")}
    assert said == {
        "date": "2018-03-29",
        "starts": "16:15",
        "ends": "17:30",
        "ends_on": None,
        "zone": "America/Santiago",
        "convened_on": "2018-03-22",
    }


def test_fields_that_are_empty_do_not_appear(table_session):
    assert set(document_of(table_session)) == {
        "form", "table", "table_kind", "territory", "consultation", "title", "place",
    }  # fmt: skip


def test_the_account_is_numbered_as_the_agenda_and_a_break_has_no_number(table_session, facilitator, version):
    assert [item.get("kind") for item in version.document["agenda"]] == ["item", "break", "item"]
    assert [(item["number"], item["title"]) for item in version.document["development"]] == [
        (1, "Bienvenida"),
        (2, "Fondo de apoyo"),
    ]
    closed = version.document["development"][1]
    assert (closed["is_closed"], closed["closed_note"]) == (True, "Sin los representantes de OGP.")
    note_agenda(table_session, "extra", title="Segundo bloque", development="Se abre la discusión.", by=facilitator)
    (heading,) = document_of(table_session)["development"]
    assert heading == {"title": "Segundo bloque", "markdown": "Se abre la discusión."}


def test_agreements_keep_their_terms_owner_members_and_term(version):
    first, second, third = version.document["agreements"]
    assert (first["owner"], first["members"]) == ("Subgrupo 1", ["ChileCompra"])
    assert (second["terms"], second["due_on"], second["item"]) == (
        ["primera etapa", "segunda etapa"],
        "2018-04-30",
        "Fondo de apoyo",
    )
    assert (third["kind"], third["due_note"]) == ("rule", "desde abril")


def test_what_is_open_is_told_as_it_stood_when_the_session_began(table, version, facilitator, moderator):
    carta, propuesta, _rule = agreements_of(version.session)
    move_agreement(carta, state="under_way", note="Se escribió.", by=moderator)
    session = convene_session(table, title="Quinta sesión", by=moderator)
    open_session(session, by=facilitator)
    move_agreement(propuesta, state="done", note="Se envió.", session=session, by=facilitator)
    second = finish(session, facilitator, moderator)
    move_agreement(carta, state="done", by=moderator)
    before, here = document_of(session)["open_before"]
    assert (before["text"], before["state"], "state_here" in before) == (carta.text, "under_way", False)
    assert (here["state"], here["state_here"], here["note_here"]) == ("agreed", "done", "Se envió.")
    assert second.document["open_before"] == [before, here], "what came later does not change it"
    assert before["session"] == "Cuarta sesión"


def test_what_was_done_before_is_not_open(table, version, facilitator, moderator):
    for each in agreements_of(version.session):
        move_agreement(each, state="done", by=moderator)
    session = convene_session(table, title="Quinta sesión", by=moderator)
    open_session(session, by=facilitator)
    assert "open_before" not in document_of(session)


@pytest.fixture
def pooled(consultation, moderator, proposals):
    """A round of five cities, whose opinions the source does not tell apart, published."""
    table = found_table(consultation, title="Ronda regional", kind="round", by=moderator)
    session = convene_session(
        table, title="Mesas regionales", is_pooled=True, venues=["Talca", "Valparaíso"], date_note="Sin fecha", by=None
    )
    open_session(session, by=None)
    enter_result(session, proposals[0], outcome="enlarge", reasons="Agrandarlo.", by=None)
    note_session(session, statements=["Hacer alianza."], by=None)
    submit_session(session, by=None)
    check_session(session, by=None)
    publish_minutes(session, by=None)
    return session


def test_regional_results_are_those_of_pooled_sessions_and_no_city_is_given_any(pooled, checked):
    (regional,) = document_of(checked)["regional_results"]
    assert (regional["venues"], regional["statements"]) == (["Talca", "Valparaíso"], ["Hacer alianza."])
    (result,) = regional["results"]
    assert (result["title"], result["outcome"]) == ("Datos abiertos y compras", "enlarge")
    assert "territory" not in json.dumps(result)


def test_a_round_that_the_session_before_knew_already_is_not_read_again(
    pooled, table, facilitator, moderator, proposals
):
    first = hold(table, facilitator=facilitator, moderator=moderator, proposals=proposals)
    second = hold(table, facilitator=facilitator, moderator=moderator, proposals=proposals, title="Quinta")
    assert "regional_results" in document_of(first)
    assert "regional_results" not in document_of(second)


def test_a_round_that_spoke_of_other_things_is_not_read(pooled, table, facilitator, moderator, institution):
    others = brought(table.consultation, institution, ["Bebederos"], moderator)
    assert "regional_results" not in document_of(
        hold(table, facilitator=facilitator, moderator=moderator, proposals=others)
    )


@pytest.fixture
def three(consultation, institution, moderator):
    """Three proposals that are not discussed elsewhere."""
    return brought(consultation, institution, ["MOP", "ChileCompra", "Bienes Nacionales"], moderator)


def merged(parts, session, moderator, reference, **more):
    """Merge `parts` as `session` decided."""
    return merge_proposals(
        parts, title=f"Conjunta {reference}", body="Las dos.", reason="Piden lo mismo.", session=session,
        reference=reference, by=moderator, **more,
    )  # fmt: skip


def test_a_merge_is_told_with_its_reason_and_what_became_of_it(checked, three, moderator):
    merge = merged(three, checked, moderator, "M2", note="Contradice la M1.")
    take_out(merge, three[2], reason="Va aparte.", by=moderator)
    undo_merge(merge, reason="No se mantuvo.", by=moderator)
    (said,) = document_of(checked)["merges"]
    assert (said["reason"], said["note"], said["state"], said["undone_reason"]) == (
        "Piden lo mismo.",
        "Contradice la M1.",
        "undone",
        "No se mantuvo.",
    )
    assert [part.get("taken_out_reason") for part in said["parts"]] == [None, None, "Va aparte."]
    assert "contradictions" not in document_of(checked)


def test_a_proposal_that_one_merge_let_go_and_another_holds_is_told_as_open(checked, three, moderator):
    fourth = merged(three, checked, moderator, "M4")
    take_out(fourth, three[2], reason="Queda como iniciativa aparte.", by=moderator)
    merged([fourth.joint, three[2]], checked, moderator, "M5")
    (open_point,) = document_of(checked)["contradictions"]
    assert (open_point["proposal"]["title"], open_point["out_of"], open_point["into"]) == (
        "Bienes Nacionales",
        "M4",
        "M5",
    )


def test_behind_a_joint_proposal_stand_bounds_and_no_sum(table_session, facilitator, moderator, three):
    note_session(table_session, declared_heads=9, by=facilitator)
    for proposal, dots in zip(three, (5, 7), strict=False):
        enter_result(table_session, proposal, outcome="merge", dots=dots, reasons="Iguales", by=facilitator)
    merge = merged(three[:2], table_session, moderator, "M1")
    enter_result(table_session, merge.joint, outcome="keep", by=facilitator)
    joint = document_of(table_session)["results"][-1]
    assert (joint["dots_of_parts"], joint["people_at_most"], "dots" in joint) == ([5, 7], 9, False)
    assert joint["people_at_least"] >= 1


def test_a_merge_of_proposals_that_got_dots_has_bounds_where_the_room_said_nothing_of_the_joint_one(
    table_session, facilitator, moderator, three
):
    for proposal, dots in zip(three, (5, 7), strict=False):
        enter_result(table_session, proposal, outcome="merge", dots=dots, reasons="Iguales", by=facilitator)
    merged(three[:2], table_session, moderator, "M1")
    (told_merge,) = document_of(table_session)["merges"]
    assert (told_merge["dots_of_parts"], told_merge["people_at_most"]) == ([5, 7], 12)


def test_the_same_rows_give_the_same_fingerprint_and_the_database_keeps_it(version):
    stored = version.document
    assert digest_of(document_of(version.session)) == version.digest
    db.session.expire_all()
    again = db.session.get(MinutesVersion, version.id)
    assert again.document == stored
    assert digest_of(again.document) == again.digest
    assert canonical({"b": "ñ", "a": 1}) == '{"a":1,"b":"ñ"}'.encode()


def test_a_session_that_ends_the_next_day_says_so(table, facilitator, moderator):
    starts = now()
    session = convene_session(
        table, title="Larga", starts_at=starts, ends_at=starts + timedelta(hours=30), by=moderator
    )
    document = document_of(session)
    assert date.fromisoformat(document["ends_on"]) > date.fromisoformat(document["date"])
