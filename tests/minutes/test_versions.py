"""The life of minutes: published once, corrected with a reason as further versions, held by the public record."""

import time
from functools import partial

import pytest
from sqlalchemy import text

from consulta.agreements.queries import agreements_of
from consulta.consultations.actions import appoint
from consulta.core.errors import Conflict, Invalid, NotAllowed, NotFound
from consulta.core.extensions import db
from consulta.core.record import Entry, seal_entries, verify_chain
from consulta.minutes import actions
from consulta.minutes.actions import correct, publish_minutes
from consulta.minutes.document import digest_of
from consulta.minutes.models import MinutesVersion
from consulta.minutes.queries import find_version, last_number, readable, seal_of, versions_of
from consulta.proposals.actions import hide_proposal
from consulta.tables.actions import ChangedMeanwhile, convene_session, make_code, open_session
from consulta.tables.models import Session
from consulta.tables.queries import attendances_of
from tests.faults.at_once import at_once
from tests.people import make_person


def recorded(event):
    """Return (details, reason) of the record's entries of `event`."""
    entries = db.session.query(Entry).filter_by(event=event).order_by(Entry.id)
    return [(entry.details, entry.reason) for entry in entries]


def put(session, by, base=None, **fields):
    """Correct facts of the session itself."""
    return correct(session, changes=[("session", fields)], reason="El acta decía otra cosa.", base=base, by=by)


def test_publishing_makes_version_1_and_the_record_holds_its_fingerprint(version, moderator):
    assert (version.number, version.reason, version.by_uid) == (1, None, moderator.uid)
    assert version.published_at == version.session.published_at
    assert recorded("minutes.published") == [
        ({"title": "Cuarta sesión", "number": 1, "digest": digest_of(version.document)}, None)
    ]
    assert seal_of(version).holds
    seal_entries(by=None)
    seal = seal_of(version)
    assert (seal.digest, seal.position is not None, len(seal.entry_hash)) == (version.digest, True, 64)
    assert verify_chain().holds


def test_the_agreements_become_public_with_the_minutes(version):
    assert len(recorded("agreement.taken")) == len(agreements_of(version.session)) == 3


def test_only_who_moderates_publishes_and_only_once_and_only_what_was_checked(
    table, checked, facilitator, moderator, other_moderator, citizen
):
    for somebody in (facilitator, other_moderator, citizen):
        with pytest.raises(NotAllowed):
            publish_minutes(checked, by=somebody)
    publish_minutes(checked, by=moderator)
    with pytest.raises(NotAllowed):
        publish_minutes(checked, by=moderator)
    with pytest.raises(Conflict):
        publish_minutes(checked, by=None)
    unchecked = convene_session(table, title="Otra", by=moderator)
    open_session(unchecked, by=facilitator)
    with pytest.raises(NotAllowed, match="revisar la sesión"):
        publish_minutes(unchecked, by=moderator)
    assert last_number(unchecked) == 0


def test_each_part_is_corrected_and_the_earlier_version_stays(version, proposals, facilitator):
    session = version.session
    before = dict(version.document)
    line = next(each for each in attendances_of(session) if each.name == "MOP/DGOP")
    first, second, _third = agreements_of(session)
    changes = [
        ("session", {"place": "Ex Congreso", "next_meeting": "dated", "next_on": "2018-04-26"}),
        ("result", proposals[1], {"outcome": "keep", "reasons": "Sí hay contraparte."}),
        ("presence", line.uid, {"attended": True, "heads": 2}),
        ("presence", "nueva-1", {"institution": "Museo", "sector": "government", "attended": True}),
        ("agenda", "a", {"development": "Se dio la bienvenida."}),
        ("agreement", second.uid, {"text": "La propuesta la redacta Segpres."}),
        ("agreement", first.uid, {"drop": True}),
    ]
    new = correct(session, changes=changes, reason="  Revisión de la grabación. ", by=facilitator)
    document = new.document
    assert (new.number, new.reason) == (2, "Revisión de la grabación.")
    assert (document["place"], document["next"]) == ("Ex Congreso", {"kind": "dated", "on": "2018-04-26"})
    assert document["results"][1]["outcome"] == "keep"
    assert document["heads"]["government"]["attended"] == 3
    assert "Museo" in str(document["attendance"])
    assert document["development"][0]["markdown"] == "Se dio la bienvenida."
    assert [each["text"] for each in document["agreements"]] == [
        "La propuesta la redacta Segpres.",
        "Las reuniones serán mensuales.",
    ]
    db.session.expire_all()
    assert find_version(session, 1).document == before
    assert [each.number for each in versions_of(session)] == [2, 1]
    assert recorded("minutes.corrected") == [
        ({"title": "Cuarta sesión", "number": 2, "digest": new.digest}, "Revisión de la grabación.")
    ]
    assert all(seal_of(each).holds for each in versions_of(session))


@pytest.mark.parametrize("reason", ["", "  \n ", None, "x" * 3000, "a\x00b"])
def test_a_correction_without_a_reason_that_can_be_kept_changes_nothing(version, moderator, reason):
    with pytest.raises(Invalid) as refusal:
        correct(version.session, changes=[("session", {"place": "Otro"})], reason=reason, by=moderator)
    assert refusal.value.field == "reason"
    assert last_number(version.session) == 1


@pytest.mark.parametrize(
    "changes",
    [
        [],
        [("session", {"place": "Palacio de La Moneda, sala de reuniones"})],
        [("session", {"no_such_thing": 1})],
        [("session", {"prepared_on": ["x"]})],
        [("presence", "../x", {"heads": 1})],
        [("presence", "nueva", {"heads": 10**30, "sector": "academia"})],
        [("votes", "x", {})],
        [("session", {"place": "Otro"})] * 501,
    ],
)
def test_what_changes_nothing_or_makes_no_sense_is_refused_whole(version, moderator, changes):
    with pytest.raises(Invalid):
        correct(version.session, changes=[("session", {"notes": "A medias"}), *changes] if len(changes) == 1 and
                "place" not in changes[0][-1] else changes, reason="Porque sí", by=moderator)  # fmt: skip
    db.session.expire_all()
    assert version.session.notes == "Se leyó el acta anterior."
    assert last_number(version.session) == 1
    assert recorded("minutes.corrected") == []


def test_its_facilitator_and_the_moderators_correct_and_nobody_else(
    version, administrator, consultation, facilitator, other_facilitator, other_moderator, citizen
):
    for somebody in (other_facilitator, other_moderator, citizen):
        with pytest.raises(NotAllowed):
            put(version.session, somebody, place="Otro")
    put(version.session, facilitator, place="Otro")
    new = make_person("Moderadora Tres")
    appoint(new, "moderator", consultation, by=administrator)
    assert put(version.session, new, place="Ninguno").number == 3


def test_a_code_corrects_nothing(table, checked, facilitator, moderator):
    other = convene_session(table, title="Otra", by=moderator)
    open_session(other, by=facilitator)
    code, _plain = make_code(other, label="Teléfono", hours=2, by=facilitator)
    publish_minutes(checked, by=moderator)
    with pytest.raises(NotAllowed):
        put(checked, code, place="Otro")


def test_what_is_not_public_is_not_corrected(checked, moderator):
    with pytest.raises(NotAllowed):
        put(checked, moderator, place="Otro")
    with pytest.raises(Conflict):
        put(checked, None, place="Otro")


def test_a_session_published_before_versions_were_kept_gets_its_first_one_with_the_correction(version, moderator):
    session = version.session
    db.session.delete(version)
    db.session.commit()
    assert versions_of(session) == []
    assert put(session, moderator, base=0, place="Otro").number == 2
    second, first = versions_of(session)
    assert (first.reason, first.document["place"]) == (None, "Palacio de La Moneda, sala de reuniones")
    assert (first.published_at, second.document["place"]) == (session.published_at, "Otro")


def test_a_version_that_does_not_exist_is_not_found(version):
    with pytest.raises(NotFound):
        find_version(version.session, 2)


def test_a_stored_document_that_was_changed_shows(version):
    db.session.execute(text('UPDATE minutes_versions SET document = \'{"form": 1, "title": "Otra"}\''))
    db.session.commit()
    db.session.expire_all()
    assert not seal_of(version).holds


def test_a_document_and_its_own_fingerprint_changed_together_show_against_the_record(version):
    changed = {**version.document, "place": "Otro"}
    db.session.execute(MinutesVersion.__table__.update().values(document=changed, digest=digest_of(changed)))
    db.session.commit()
    db.session.expire_all()
    seal = seal_of(version)
    assert (seal.holds, seal.digest != version.digest) == (False, True)


def test_a_version_without_an_entry_in_the_record_is_not_held_by_it(version):
    db.session.execute(Entry.__table__.delete().where(Entry.event == "minutes.published"))
    db.session.commit()
    seal = seal_of(version)
    assert (seal.digest, seal.holds) == (None, False)


def test_what_was_hidden_since_does_not_come_back_from_the_minutes(version, proposals, moderator):
    hide_proposal(proposals[0], reason="Abuso", by=moderator)
    document, gone = readable(version.document)
    assert gone == {proposals[0].code}
    hidden, open_one = document["results"]
    assert ("title" in hidden, hidden["is_hidden"], open_one["title"]) == (False, True, "Portal de presupuesto")
    assert proposals[0].title not in str(document)
    assert seal_of(version).holds, "the stored document stays as it was published"
    assert readable(version.document, to=moderator) == (version.document, frozenset())


def correct_at_once(app, session, person, base, hands=4):
    """Let `hands` people correct the same version in the same moment; return what each gave or raised."""
    ids = session.id, person.id
    db.session.rollback()

    def act(number):
        there, by = db.session.get(Session, ids[0]), db.session.get(type(person), ids[1])
        return put(there, by, base=base, place=f"Lugar {number}").number

    return at_once(app, [partial(act, number) for number in range(hands)])


def test_of_several_who_correct_the_same_version_at_once_one_is_taken(app, version, moderator):
    answers = correct_at_once(app, version.session, moderator, 1)
    assert [answer for answer in answers if isinstance(answer, int)] == [2]
    assert all(isinstance(answer, Conflict) for answer in answers if not isinstance(answer, int))
    assert [each.number for each in versions_of(version.session)] == [2, 1]


def test_corrections_that_compare_nothing_have_numbers_of_their_own(app, version, moderator):
    answers = correct_at_once(app, version.session, moderator, None)
    taken = sorted(answer for answer in answers if isinstance(answer, int))
    assert taken == list(range(2, 2 + len(taken)))
    assert [each.number for each in versions_of(version.session)] == [*reversed(taken), 1]
    assert len(recorded("minutes.corrected")) == len(taken)


def test_without_the_lock_the_number_is_still_given_once(app, version, moderator, monkeypatch):
    def read_slowly(session):
        found = last_number(session)
        time.sleep(0.3)
        return found

    monkeypatch.setattr(actions, "lock", lambda *rows: list(rows))
    monkeypatch.setattr(actions, "last_number", read_slowly)
    answers = correct_at_once(app, version.session, moderator, 1, hands=3)
    assert [answer for answer in answers if isinstance(answer, int)] == [2]
    assert all(isinstance(answer, Conflict) for answer in answers if not isinstance(answer, int))


def test_without_the_comparison_the_test_above_would_find_several_taken(app, version, moderator):
    answers = correct_at_once(app, version.session, moderator, None, hands=3)
    assert len([answer for answer in answers if isinstance(answer, int)]) > 1


def test_somebody_who_read_an_older_version_is_told(version, moderator, facilitator):
    put(version.session, moderator, base=1, place="Otro")
    with pytest.raises(ChangedMeanwhile):
        put(version.session, facilitator, base=1, place="Ninguno")
    assert versions_of(version.session)[0].document["place"] == "Otro"


def test_of_several_who_publish_at_once_one_does(app, checked, moderator):
    ids = checked.id, moderator.id
    db.session.rollback()

    def act():
        return publish_minutes(db.session.get(Session, ids[0]), by=db.session.get(type(moderator), ids[1])).number

    answers = at_once(app, [act] * 4)
    assert [answer for answer in answers if isinstance(answer, int)] == [1]
    assert len(recorded("minutes.published")) == 1


def test_a_publication_that_breaks_off_leaves_nothing_public(checked, moderator, monkeypatch):
    def fail(*args, **kwargs):
        raise MemoryError

    monkeypatch.setattr(actions, "record", fail)
    with pytest.raises(MemoryError):
        publish_minutes(checked, by=moderator)
    db.session.expire_all()
    assert (checked.published_at, last_number(checked), recorded("agreement.taken")) == (None, 0, [])
