"""What an open session agrees: noted one by one by a device, or as a whole list by the form."""

from datetime import date

import pytest

from consulta.accounts.actions import found_institution
from consulta.agreements import digests
from consulta.agreements.actions import drop_subgroup, form_subgroup, note_agreement, note_agreements
from consulta.agreements.models import Agreement, Subgroup
from consulta.agreements.queries import agreements_of, read_agreements, subgroups_of
from consulta.core.errors import Conflict, Invalid, NotAllowed
from consulta.core.extensions import db
from consulta.core.record import Entry
from consulta.tables.actions import (
    ChangedMeanwhile,
    convene_session,
    found_table,
    make_code,
    note_attendance,
    open_session,
    submit_session,
)
from consulta.tables.models import AccessCode, Session
from tests.faults.at_once import at_once

UID = "7d9f0c4ab8e14d4b9d50a1a1f2a3b4c5"


def texts(session):
    """Return the texts of a session's agreements, in order."""
    return [each.text for each in agreements_of(session)]


def test_an_agreement_is_made_and_changed_field_by_field(table_session, facilitator):
    made = note_agreement(table_session, UID, text="  Redactar la carta ", by=facilitator)
    assert (made.position, made.kind, made.state, made.text) == (1, "task", "agreed", "Redactar la carta")
    note_agreement(table_session, UID, owner="Las redes", due_note="la próxima semana", by=facilitator)
    changed = note_agreement(table_session, UID, due_on="2026-12-01", terms=["a) uno", "b. dos", " "], by=facilitator)
    assert (changed.text, changed.owner, changed.due_on) == ("Redactar la carta", "Las redes", date(2026, 12, 1))
    assert (changed.due_note, changed.terms) == ("la próxima semana", ["uno", "dos"])
    assert len(agreements_of(table_session)) == 1
    assert facilitator.uid in table_session.hands


def test_a_dropped_one_is_gone_and_the_others_move_up(table_session, facilitator):
    for uid in ("a", "b", "c"):
        note_agreement(table_session, uid, text=uid, by=facilitator)
    assert note_agreement(table_session, "b", drop=True, by=facilitator) is None
    assert note_agreement(table_session, "b", drop=True, by=facilitator) is None
    assert [(each.text, each.position) for each in agreements_of(table_session)] == [("a", 1), ("c", 2)]


def test_the_list_of_a_form_is_kept_in_its_order_with_the_uids_of_its_rows(table_session, facilitator):
    note_agreement(table_session, UID, text="primero", by=facilitator)
    note_agreement(table_session, "otro", text="segundo", by=facilitator)
    note_agreements(table_session, [{"text": "nuevo"}, {"uid": UID, "text": "primero, mejor"}], by=facilitator)
    assert [(each.position, each.text) for each in agreements_of(table_session)] == [
        (1, "nuevo"),
        (2, "primero, mejor"),
    ]
    assert agreements_of(table_session)[1].uid == UID


def test_who_saves_over_somebody_elses_list_is_told_and_nothing_changes(table_session, facilitator):
    note_agreement(table_session, UID, text="lo que había", by=facilitator)
    base = digests.of_agreements(agreements_of(table_session))
    note_agreement(table_session, UID, text="lo que puso otra persona", by=facilitator)
    with pytest.raises(ChangedMeanwhile):
        note_agreements(table_session, [{"uid": UID, "text": "lo mío"}], base=base, by=facilitator)
    assert texts(table_session) == ["lo que puso otra persona"]
    same = [{"uid": UID, "text": "lo que puso otra persona"}]
    note_agreements(table_session, same, base=base, by=facilitator)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "text"),
        ({"text": " \u200b "}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"text": "a\ud800b"}, "text"),
        ({"text": ["una", "lista"]}, "text"),
        ({"text": "x", "kind": "wish"}, "kind"),
        ({"text": "x", "kind": ["task"]}, "kind"),
        ({"text": "x", "owner": {"id": 1}}, "owner"),
        ({"text": "x", "owner": "y" * 321}, "owner"),
        ({"text": "x", "due_on": "mañana"}, "due_on"),
        ({"text": "x", "due_on": 10**30}, "due_on"),
        ({"text": "x", "due_on": "0001-01-01"}, "due_on"),
        ({"text": "x", "due_note": "z" * 121}, "due_note"),
        ({"text": "x", "item": "i" * 37}, "item"),
        ({"text": "x", "terms": "uno"}, "terms"),
        ({"text": "x", "terms": [["uno"]]}, "terms"),
        ({"text": "x", "terms": ["t"] * 27}, "terms"),
        ({"text": "x", "state": "done"}, None),
    ],
)
def test_what_will_not_do_names_its_field_and_leaves_nothing(table_session, facilitator, fields, field):
    with pytest.raises(Invalid) as refused:
        note_agreement(table_session, UID, **fields, by=facilitator)
    assert refused.value.field == field
    assert agreements_of(table_session) == []


@pytest.mark.parametrize("uid", ["", "x" * 37, "dos palabras", "á", None, 5, ["a"]])
def test_a_device_names_its_rows_with_letters_and_digits(table_session, facilitator, uid):
    with pytest.raises(Invalid):
        note_agreement(table_session, uid, text="x", by=facilitator)


def test_the_form_is_told_which_row_and_cell(table_session, facilitator):
    with pytest.raises(Invalid) as refused:
        note_agreements(table_session, [{"text": "bien"}, {"text": "", "owner": "A"}], by=facilitator)
    assert refused.value.field == "rows-1-text"
    with pytest.raises(Invalid) as refused:
        note_agreements(table_session, [{"text": "x", "uid": "a"}, {"text": "y", "uid": "a"}], by=facilitator)
    assert refused.value.field == "rows-1-text"
    assert agreements_of(table_session) == []


def test_a_session_takes_two_hundred_agreements_and_no_more(table_session, facilitator):
    note_agreements(table_session, [{"text": str(n)} for n in range(200)], by=facilitator)
    with pytest.raises(Invalid):
        note_agreement(table_session, "uno-mas", text="uno más", by=facilitator)
    with pytest.raises(Invalid):
        note_agreements(table_session, [{"text": str(n)} for n in range(201)], by=facilitator)


def test_an_owner_is_words_and_the_institution_or_subgroup_they_name(table_session, facilitator, institution):
    present = {"sector": "government", "institution": "Subsecretaría", "attended": True}
    body = found_institution("Subsecretaría", "government", by=None)
    note_attendance(table_session, [{**present, "institution": body}], by=facilitator)
    subgroup = form_subgroup(
        table_session.table, title="Subgrupo de datos", institutions=[body], session=table_session, by=facilitator
    )

    def owned(owner):
        made = note_agreement(table_session, UID, text="x", owner=owner, by=facilitator)
        return made.owner, made.institution, made.subgroup

    assert owned("ChileCompra") == ("ChileCompra", institution, None)
    assert owned("la subsecretaria") == ("la subsecretaria", None, None)
    assert owned("SUBSECRETARIA") == ("SUBSECRETARIA", body, None)
    assert owned("subgrupo de datos") == ("subgrupo de datos", None, subgroup)
    assert owned(institution) == ("ChileCompra", institution, None)
    assert owned(subgroup) == ("Subgrupo de datos", None, subgroup)
    assert owned("") == (None, None, None)


def test_a_subgroup_of_another_table_owns_nothing_here(table_session, facilitator, consultation, moderator):
    other = found_table(consultation, title="Otra mesa", kind="thematic", by=moderator)
    subgroup = form_subgroup(other, title="Subgrupo ajeno", by=moderator)
    with pytest.raises(Invalid) as refused:
        note_agreement(table_session, UID, text="x", owner=subgroup, by=facilitator)
    assert refused.value.field == "owner"


def test_a_subgroup_formed_in_a_session_is_public_with_it(table, table_session, facilitator, moderator):
    subgroup = form_subgroup(table, title="Subgrupo", session=table_session, by=facilitator)
    assert subgroups_of(table) == []
    assert subgroups_of(table, session=table_session) == [subgroup]
    with pytest.raises(Invalid):
        form_subgroup(table, title="SUBGRUPO", session=table_session, by=facilitator)
    note_agreement(table_session, UID, text="x", owner=subgroup, by=facilitator)
    drop_subgroup(subgroup, by=facilitator)
    (agreement,) = agreements_of(table_session)
    assert (agreement.owner, agreement.subgroup, db.session.query(Subgroup).count()) == ("Subgrupo", None, 0)
    public = form_subgroup(table, title="Público", by=moderator)
    with pytest.raises(Conflict):
        drop_subgroup(public, by=moderator)
    assert [each.details for each in db.session.query(Entry).filter_by(event="subgroup.formed")] == [
        {"title": "Público", "members": 0}
    ]


def test_nothing_of_an_unpublished_session_is_told_to_anybody_else(table_session, facilitator, moderator, citizen):
    note_agreement(table_session, UID, text="secreto", by=facilitator)
    form_subgroup(table_session.table, title="Subgrupo secreto", session=table_session, by=facilitator)
    for outsider in (None, citizen):
        reading = read_agreements(table_session, to=outsider)
        assert (reading.agreements, reading.said, reading.subgroups) == ([], [], []) and reading.why_not
    for insider in (facilitator, moderator):
        assert [each.text for each in read_agreements(table_session, to=insider).agreements] == ["secreto"]
    assert "secreto" not in "".join(str(each.details) for each in db.session.query(Entry))


def test_what_was_handed_in_takes_no_agreement(table_session, facilitator):
    submit_session(table_session, by=facilitator)
    with pytest.raises(Conflict):
        note_agreement(table_session, UID, text="tarde", by=facilitator)
    with pytest.raises(Conflict):
        note_agreements(table_session, [], by=facilitator)


def test_only_who_enters_in_the_session_notes_agreements(
    table_session, facilitator, other_facilitator, moderator, citizen, administrator, other_moderator
):
    for stranger in (other_facilitator, moderator, citizen, administrator, other_moderator):
        with pytest.raises(NotAllowed):
            note_agreement(table_session, UID, text="x", by=stranger)
        with pytest.raises(NotAllowed):
            form_subgroup(table_session.table, title="x", session=table_session, by=stranger)
    assert agreements_of(table_session) == []


def test_the_rooms_code_notes_agreements_of_its_own_session_alone(table, table_session, facilitator, moderator):
    code, _plain = make_code(table_session, label="Teléfono", hours=2, by=facilitator)
    note_agreement(table_session, UID, text="con código", by=code)
    assert {code.uid, facilitator.uid} <= set(table_session.hands)
    other = convene_session(table, title="Segunda", by=moderator)
    open_session(other, by=facilitator)
    with pytest.raises(NotAllowed):
        note_agreement(other, UID, text="x", by=db.session.get(AccessCode, code.id))


def test_devices_that_note_the_same_uid_at_once_make_one_row(app, table_session, facilitator):
    note_agreement(table_session, "antes", text="antes", by=facilitator)
    ids = table_session.id, facilitator.id

    def note(n):
        session, by = db.session.get(Session, ids[0]), db.session.get(type(facilitator), ids[1])
        note_agreement(session, UID, text=f"versión {n}", by=by)

    assert at_once(app, [lambda n=n: note(n) for n in range(6)]) == [None] * 6
    assert len(texts(table_session)) == 2


def test_many_devices_at_once_give_every_agreement_a_place_of_its_own(app, table_session, facilitator):
    note_agreement(table_session, "antes", text="antes", by=facilitator)
    ids = table_session.id, facilitator.id

    def note(n):
        session, by = db.session.get(Session, ids[0]), db.session.get(type(facilitator), ids[1])
        note_agreement(session, f"uid-{n}", text=str(n), by=by)

    assert at_once(app, [lambda n=n: note(n) for n in range(8)]) == [None] * 8
    assert sorted(each.position for each in db.session.query(Agreement)) == list(range(1, 10))
