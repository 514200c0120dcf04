"""The life of a session: convened, opened, filled in, handed in."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import text

from consulta.accounts.queries import institution_named, institutions
from consulta.core.clock import now
from consulta.core.errors import Conflict, Invalid
from consulta.core.extensions import db
from consulta.core.record import Entry
from consulta.proposals.actions import hide_proposal
from consulta.tables import actions, digests
from consulta.tables.actions import (
    ChangedMeanwhile,
    add_room_proposal,
    check_session,
    convene_at,
    convene_session,
    enter_result,
    found_table,
    note_attendance,
    note_minutes,
    open_session,
    publish_session,
    set_presence,
    submit_session,
)
from consulta.tables.models import Session, Table
from consulta.tables.queries import (
    attendances_of,
    digest_of,
    find_session,
    heads_of,
    read_session,
    result_on,
    results_on,
    seal_of,
    tables_of,
)
from tests.people import make_public


def recorded(event):
    """Return the details of the public record's entries of `event`."""
    return [entry.details for entry in db.session.query(Entry).filter_by(event=event).order_by(Entry.id)]


def test_sessions_of_a_table_are_numbered_and_keep_what_was_convened(table, moderator, magallanes):
    starts = now() + timedelta(days=3)
    session = convene_session(
        table,
        title="  Primera   sesión ",
        place="Biblioteca",
        starts_at=starts,
        ends_at=starts + timedelta(hours=3),
        objective="Priorizar",
        agenda=[{"starts": "15:00", "ends": "15.10", "title": "Presentación"}, {"title": "Café"}],
        convened=[{"sector": "academia", "institution": "Universidad de Magallanes"}],
        by=moderator,
    )
    second = convene_session(table, title="Segunda", by=moderator)
    assert (session.ordinal, second.ordinal, session.state, session.title) == (1, 2, "convened", "Primera sesión")
    assert [(each["starts"], each["ends"], each["title"]) for each in session.agenda] == [
        ("15:00", "15:10", "Presentación"),
        (None, None, "Café"),
    ]
    assert len({each["id"] for each in session.agenda}) == 2
    (invited,) = session.attendances
    assert (invited.convened, invited.attended, invited.heads) == (True, None, None)
    assert recorded("session.convened")[0] == {"title": "Primera sesión", "table": table.title, "convened": 1}
    assert [each.title for each in tables_of(table.consultation, territory=magallanes)] == [table.title]


def test_a_session_that_ends_before_it_starts_is_refused(table, moderator):
    with pytest.raises(Invalid) as refused:
        convene_session(table, title="S", starts_at=now(), ends_at=now() - timedelta(hours=1), by=moderator)
    assert refused.value.field == "ends_at"


def test_a_table_founded_for_a_session_that_is_refused_is_not_left_behind(consultation, moderator):
    founding = {"title": "Mesa nueva", "kind": "thematic"}
    with pytest.raises(Invalid):
        convene_at(consultation, founding=founding, meeting={"title": " "}, by=moderator)
    assert db.session.query(Table).count() == 0
    session = convene_at(consultation, founding=founding, meeting={"title": "Primera"}, by=moderator)
    assert session.table.title == "Mesa nueva"


def test_a_regional_table_needs_its_region(consultation, moderator):
    with pytest.raises(Invalid) as refused:
        found_table(consultation, title="Mesa", kind="regional", by=moderator)
    assert refused.value.field == "territory"


def test_opening_twice_is_opening_once(table_session, facilitator):
    opened = table_session.opened_at
    open_session(table_session, by=facilitator)
    assert table_session.opened_at == opened
    assert len(recorded("session.opened")) == 1


def test_attendance_keeps_unknown_apart_from_no(table_session, facilitator, moderator, institution):
    rows = [
        {
            "sector": "government",
            "institution": institution,
            "convened": True,
            "attended": True,
            "spoke": False,
            "heads": 3,
        },
        {
            "sector": "civil_society",
            "institution": "Ciudadano Inteligente",
            "convened": None,
            "attended": None,
            "heads": 2,
        },
        {"sector": "civil_society", "institution": None, "attended": True, "heads": 4, "note": " sin organización "},
        {"sector": "academia", "institution": "UMAG", "convened": True, "attended": False},
    ]
    note_attendance(table_session, rows, by=facilitator)
    note_attendance(table_session, rows, by=facilitator)
    listed = attendances_of(table_session)
    assert [(each.sector, each.attended, each.heads) for each in listed] == [
        ("government", True, 3),
        ("civil_society", None, 2),
        ("civil_society", True, 4),
        ("academia", False, None),
    ]
    assert listed[2].note == "sin organización"
    assert (listed[1].name, listed[1].institution, institution_named("Ciudadano Inteligente")) == (
        "Ciudadano Inteligente",
        None,
        None,
    )
    submit_session(table_session, by=facilitator)
    assert heads_of([table_session]) == {}  # not public yet
    assert (listed[1].institution, listed[1].name) == (None, "Ciudadano Inteligente")
    for step in (check_session, publish_session):
        step(table_session, by=moderator)
    assert (listed[1].institution.name, listed[1].named) == ("Ciudadano Inteligente", None)
    heads = heads_of([table_session])[table_session.id]
    assert {sector: (each.attended, each.listed) for sector, each in heads.items()} == {
        "government": (3, 0),
        "civil_society": (4, 2),
    }


def test_before_publication_only_whom_the_convening_named_is_public(table, moderator, facilitator):
    first, second = "Universidad de Magallanes", "Universidad Austral"
    rows = [{"sector": "academia", "institution": name} for name in (first, second)]
    session = open_session(convene_session(table, title="Primera", convened=rows, by=moderator), by=facilitator)
    known = [institution_named(name) for name in (first, second)]
    elsewhere = found_table(table.consultation, title="Otra", kind="round", by=moderator)
    heard = [{"sector": "civil_society", "institution": "Agrupación de Vecinas"}]
    convene_session(elsewhere, title="Otra", convened=heard, by=moderator)
    brought = institution_named("Agrupación de Vecinas")
    lines = {each.name: each.uid for each in attendances_of(session)}
    set_presence(session, "new", institution=brought, sector="civil_society", convened=True, by=facilitator)
    set_presence(session, lines[first], convened=False, sector="government", by=facilitator)
    assert read_session(session, to=None).convened == {"academia": sorted(each.name for each in known)}
    set_presence(session, lines[second], institution=brought, by=facilitator)
    assert read_session(session, to=None).convened == {"academia": [first]}
    assert read_session(session, to=facilitator).convened == {
        "academia": [brought.name],
        "civil_society": [brought.name],
    }


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"sector": "academia", "heads": -1}, "rows-0-heads"),
        ({"sector": "academia", "heads": 100_001}, "rows-0-heads"),
        ({"sector": "somebody"}, "rows-0-sector"),
        ({"sector": "academia", "institution": "a\x00b"}, "rows-0-institution"),
        ({"sector": "academia", "institution": "x" * 161}, "rows-0-institution"),
        ({"sector": "academia", "note": "x" * 301}, "rows-0-note"),
    ],
)
def test_a_bad_row_is_named_and_nothing_of_the_list_is_stored(row, field, table_session, facilitator):
    note_attendance(table_session, [{"sector": "private", "attended": True, "heads": 1}], by=facilitator)
    with pytest.raises(Invalid) as refused:
        note_attendance(table_session, [{"institution": None, "attended": True, **row}], by=facilitator)
    assert refused.value.field == field
    assert [each.sector for each in attendances_of(table_session)] == ["private"]


def test_an_institution_stands_once_in_the_list(table_session, facilitator, institution):
    row = {"sector": "government", "institution": institution.name, "attended": True}
    with pytest.raises(Invalid) as refused:
        note_attendance(table_session, [row, row], by=facilitator)
    assert refused.value.field == "rows-1-institution"


def test_naming_an_institution_that_is_there_founds_no_other(table_session, facilitator, institution):
    before = len(institutions())
    row = {"sector": "government", "institution": institution.name, "attended": True}
    note_attendance(table_session, [row], by=facilitator)
    assert len(institutions()) == before


def test_a_result_is_replaced_until_handed_in(table_session, facilitator, moderator, proposal):
    enter_result(table_session, proposal, outcome="group", group_number=2, grade="majority", dots=5, by=facilitator)
    enter_result(table_session, proposal, outcome="refer", dots=7, reasons="A  otra", dissent="No.", by=facilitator)
    (result,) = table_session.results
    assert (result.outcome, result.group_number, result.grade, result.dots) == ("refer", None, None, 7)
    assert results_on(proposal) == []  # not public yet
    make_public(table_session, by=facilitator, second=moderator)
    (public,) = results_on(proposal)
    assert (public.session.table.territory.name, public.dissent) == ("Magallanes", "No.")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"outcome": None}, "outcome"),
        ({"outcome": "shout"}, "outcome"),
        ({"outcome": "group"}, "group_number"),
        ({"outcome": "group", "group_number": 0}, "group_number"),
        ({"outcome": "keep", "grade": "loud"}, "grade"),
        ({"outcome": "keep", "dots": -1}, "dots"),
        ({"outcome": "keep", "dots": 10**20}, "dots"),
        ({"outcome": "keep", "reasons": "x" * 4001}, "reasons"),
        ({"outcome": "keep", "dissent": "a\x00b"}, "dissent"),
    ],
)
def test_a_bad_result_is_refused_at_its_field(said, field, table_session, facilitator, proposal):
    with pytest.raises(Invalid) as refused:
        enter_result(table_session, proposal, **said, by=facilitator)
    assert refused.value.field == field
    assert table_session.results == []


def test_a_proposal_that_moderation_hid_takes_no_result_and_its_title_is_shown_to_nobody(
    table_session, facilitator, proposal, moderator
):
    enter_result(table_session, proposal, outcome="keep", by=facilitator)
    hide_proposal(proposal, reason="Datos personales", by=moderator)
    with pytest.raises(Exception, match="no está publicada"):
        enter_result(table_session, proposal, outcome="refer", by=facilitator)
    make_public(table_session, by=facilitator, second=moderator)
    assert [is_public for _result, is_public in read_session(table_session, to=None).results] == [False]


def test_a_proposal_of_the_room_is_published_with_its_origin_and_once(table_session, facilitator, consultation):
    typed = {"title": " Un  muelle ", "body": "Para los botes.\r\n"}
    first = add_room_proposal(table_session, **typed, theme=consultation.themes[0], by=facilitator)
    again = add_room_proposal(table_session, **typed, theme=consultation.themes[0], by=facilitator)
    assert again.id == first.id
    assert (first.origin, first.state, first.title, first.territory.name) == (
        "table",
        "published",
        "Un muelle",
        "Magallanes",
    )
    made = result_on(table_session, first)
    assert (made.made_here, made.outcome) == (True, "none")
    enter_result(table_session, first, outcome="keep", by=facilitator)
    assert result_on(table_session, first).made_here
    brought = add_room_proposal(
        table_session, title="Otra", body="Sí.", institution=("UMAG", "academia"), by=facilitator
    )
    assert (brought.origin, brought.institution.name) == ("institution", "UMAG")
    assert [each["code"] for each in recorded("proposal.raised")] == [first.code, brought.code]


def test_a_theme_of_another_consultation_is_refused(table_session, facilitator, other_consultation):
    with pytest.raises(Invalid) as refused:
        add_room_proposal(table_session, title="T", body="B", theme=other_consultation.themes[0], by=facilitator)
    assert refused.value.field == "theme"


def test_minutes_keep_statements_and_notes(table_session, facilitator):
    note_minutes(table_session, statements=["Que conste.", "  "], notes="Una nota", by=facilitator)
    assert (table_session.statements, table_session.notes) == (["Que conste."], "Una nota")
    with pytest.raises(Invalid) as refused:
        note_minutes(table_session, statements=["x" * 1001], notes="", by=facilitator)
    assert refused.value.field == "statements"


def test_a_form_filled_in_from_something_older_is_told_instead_of_overwriting(table_session, facilitator, proposal):
    enter_result(table_session, proposal, outcome="keep", base="", by=facilitator)
    with pytest.raises(ChangedMeanwhile):
        enter_result(table_session, proposal, outcome="refer", base="", by=facilitator)
    assert result_on(table_session, proposal).outcome == "keep"
    # The same form sent twice says the same: no conflict.
    enter_result(table_session, proposal, outcome="keep", base="", by=facilitator)
    base = digests.of_result(result_on(table_session, proposal))
    enter_result(table_session, proposal, outcome="refer", base=base, by=facilitator)

    row = {"sector": "private", "institution": None, "attended": True, "heads": 1}
    note_attendance(table_session, [row], base="", by=facilitator)
    note_attendance(table_session, [row], base="", by=facilitator)
    with pytest.raises(ChangedMeanwhile):
        note_attendance(table_session, [{**row, "heads": 2}], base="", by=facilitator)
    assert [each.heads for each in attendances_of(table_session)] == [1]

    base = digests.of_minutes(table_session)
    note_minutes(table_session, statements=["a"], notes="", base=base, by=facilitator)
    with pytest.raises(ChangedMeanwhile):
        note_minutes(table_session, statements=["b"], notes="", base=base, by=facilitator)
    with pytest.raises(ChangedMeanwhile):
        submit_session(table_session, base="what it was before", by=facilitator)
    assert table_session.submitted_at is None


def save_at_once(app, session, proposal, by, *, base, hands=6):
    """Let `hands` people save different results from the same form at once; returns how many were taken."""
    ids, start = (session.id, proposal.id, by.id), Barrier(hands)
    kinds = Session, type(proposal), type(by)
    db.session.rollback()

    def save(dots):
        with app.app_context():
            session, proposal, by = (db.session.get(kind, key) for kind, key in zip(kinds, ids, strict=True))
            start.wait()
            try:
                enter_result(session, proposal, outcome="keep", dots=dots, base=base, by=by)
            except Conflict:
                return 0
            return 1

    with ThreadPoolExecutor(hands) as pool:
        return sum(pool.map(save, range(100, 100 + hands)))


@pytest.fixture
def entered(table_session, facilitator, proposal):
    """A result that is there already; the fingerprint of it."""
    return digests.of_result(enter_result(table_session, proposal, outcome="keep", dots=1, by=facilitator))


def test_of_several_saving_the_same_result_at_once_one_is_taken_and_the_others_told(
    app, table_session, facilitator, proposal, entered
):
    assert save_at_once(app, table_session, proposal, facilitator, base=entered) == 1
    assert len(table_session.results) == 1


def test_of_several_saving_the_first_result_at_once_one_is_taken(app, table_session, facilitator, proposal):
    assert save_at_once(app, table_session, proposal, facilitator, base="") == 1
    assert len(table_session.results) == 1


def test_without_the_lock_the_test_above_would_find_lost_results(
    app, table_session, facilitator, proposal, entered, monkeypatch
):
    def read_slowly(session, proposal):
        found = result_on(session, proposal)
        time.sleep(0.2)
        return found

    monkeypatch.setattr(actions, "lock", lambda *rows: list(rows))
    monkeypatch.setattr(actions, "result_on", read_slowly)
    taken = save_at_once(app, table_session, proposal, facilitator, base=entered, hands=3)
    # SQLite lets one writer in at a time anyway.
    assert (taken > 1) == (db.engine.dialect.name == "postgresql")


def test_handing_in_records_only_a_fingerprint_that_nobody_guesses_and_that_shows_later_changes(
    table_session, facilitator, proposal, moderator
):
    enter_result(table_session, proposal, outcome="keep", reasons="Útil", by=facilitator)
    note_attendance(table_session, [{"sector": "academia", "attended": True, "heads": 2}], by=facilitator)
    submit_session(table_session, by=facilitator)
    (details,) = recorded("session.submitted")
    sealed, holds = seal_of(table_session, read_session(table_session, to=moderator))
    assert details == {"title": "Primera sesión", "digest": sealed}
    nonce, table_session.seal_nonce = table_session.seal_nonce, None
    assert len(nonce) == 32 and digest_of(table_session) != sealed
    table_session.seal_nonce = nonce
    assert table_session.submitted_by_uid == facilitator.uid
    assert holds
    db.session.execute(text("UPDATE results SET reasons = 'Inútil'"))
    db.session.expire_all()
    assert seal_of(table_session, read_session(table_session, to=moderator)) == (sealed, False)
    assert seal_of(table_session, read_session(table_session, to=None)) == (None, None)


def test_the_machine_loads_a_pooled_session_of_the_past(consultation):
    table = found_table(consultation, title="Ronda", kind="round", by=None)
    session = convene_session(
        table,
        title="Regiones",
        date_note="Sin fecha en el acta",
        is_pooled=True,
        venues=["Talca", "Valparaíso"],
        by=None,
    )
    open_session(session, by=None)
    submit_session(session, by=None)
    assert (session.submitted_by_uid, session.venues) == ("machine", ["Talca", "Valparaíso"])


def test_a_number_that_is_no_session_is_not_found(app):
    for number in (0, 999_999, 2**63):
        with pytest.raises(Exception, match="No hay una sesión"):
            find_session(number, to=None)


def test_tables_are_listed_a_page_at_a_time(consultation, moderator):
    made = [found_table(consultation, title=f"Mesa {n}", kind="thematic", by=moderator).id for n in range(5)]
    first = tables_of(consultation, limit=3)
    rest = tables_of(consultation, after=first[-1].id, limit=3)
    assert [each.id for each in [*first, *rest]] == made
