"""The demonstration is loaded whole, through real actions, and tells the process of 2016 as its sources do."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from consulta.accounts.models import Person
from consulta.accounts.queries import person_by_email
from consulta.accounts.rules import password_matches
from consulta.agreements.models import Agreement
from consulta.app import create_app
from consulta.consultations.models import Consultation
from consulta.consultations.queries import find_consultation
from consulta.consultations.rules import phase_allows, state_of
from consulta.core.clock import local, now
from consulta.core.extensions import db
from consulta.core.record import Entry, verify_chain
from consulta.forum.models import Seat
from consulta.merging.models import Merge
from consulta.merging.queries import merges_due
from consulta.monitoring.models import ProgressReport
from consulta.monitoring.queries import fate_of
from consulta.plan.models import Commitment
from consulta.plan.queries import origin_of
from consulta.proposals.models import Proposal, Wording
from consulta.shortlist.queries import live_decision
from consulta.suggestions.models import SimilarGroup
from consulta.tables.checks import disagreements
from consulta.tables.models import Result, Session, Table
from consulta.tables.queries import code_of
from consulta.tables.rules import why_not_enter
from consulta.votes.queries import count_distinct
from tests.services.databases import settings_for
from tests.web.sending import send


def merge_of(reference):
    return db.session.scalar(select(Merge).where(Merge.reference == reference))


def initiative(reference):
    return db.session.scalar(select(Proposal).where(Proposal.reference == reference))


def titled(title):
    return db.session.scalar(
        select(Proposal).join(Wording, Wording.proposal_id == Proposal.id).where(Wording.title == title)
    )


def commitment_of(reference):
    return db.session.scalar(select(Commitment).where(Commitment.reference == reference))


def everything_behind(source):
    return [source, *(each for part in source.parts for each in everything_behind(part))]


def test_says_where_it_is_and_one_account_for_each_role(demo, written):
    assert "http://localhost/" in demo.told
    assert written.present["password"] in demo.told
    for role in ("citizen", "facilitator", "moderator", "administrator"):
        assert role in demo.told
    assert demo.run("demo", "accounts").output in demo.told


def test_a_second_load_changes_nothing(demo):
    def counts():
        with demo.site.app_context():
            return {
                table.name: db.session.scalar(select(func.count()).select_from(table))
                for table in db.metadata.sorted_tables
            }

    before = counts()
    again = demo.run("demo", "load")
    assert again.exit_code == 0
    assert "already" in again.output
    assert counts() == before


@pytest.mark.parametrize("command", ["load", "accounts"])
def test_is_not_for_a_real_site(database_url, tmp_path, command):
    site = create_app(settings_for(database_url, tmp_path))
    refused = site.test_cli_runner().invoke(args=["demo", command])
    assert refused.exit_code == 1
    with site.app_context():
        assert db.session.scalar(select(func.count()).select_from(Person)) == 0
        db.engine.dispose()


def test_a_load_that_is_broken_off_leaves_nothing(database_url, tmp_path, monkeypatch):
    site = create_app(settings_for(database_url, tmp_path, DEMO=True))
    with monkeypatch.context() as broken:
        broken.setattr("consulta.cli.demo_present.cast_vote", lambda *args, **more: 1 / 0)
        assert site.test_cli_runner().invoke(args=["demo", "load"]).exit_code != 0
    with site.app_context():
        assert db.session.scalar(select(func.count()).select_from(Consultation)) == 0
        assert db.session.scalar(select(func.count()).select_from(Entry)) == 0
        db.session.remove()
    assert site.test_cli_runner().invoke(args=["demo", "load"]).exit_code == 0
    with site.app_context():
        db.engine.dispose()


def test_its_accounts_can_sign_in(rows, written):
    for entry in written.present["people"]:
        person = person_by_email(entry["email"])
        assert person.confirmed_at is not None
        assert person.is_administrator == (entry["role"] == "administrator")
    assert password_matches(person, written.present["password"])


def test_its_record_is_whole_and_sealed(rows):
    found = verify_chain()
    assert found.holds
    assert found.unsealed == 0
    assert found.sealed > 100


def test_its_record_names_who_acted_and_when_it_was(rows):
    entries = rows.scalars(select(Entry).order_by(Entry.position)).all()
    by_machine = {entry.event for entry in entries if entry.by is None}
    assert by_machine == {"territories.loaded", "administrator.appointed"}
    of_the_process = [entry for entry in entries if entry.event != "territories.loaded"]
    assert of_the_process == sorted(of_the_process, key=lambda entry: entry.at)
    assert of_the_process[0].at.year == 2016
    assert all(entry.at <= now() for entry in entries)


def test_commitment_5_is_walked_back_to_its_initiatives_sessions_and_reason(rows):
    (joint, of_10) = origin_of(commitment_of("C5")).roots
    behind = everything_behind(joint)
    assert (joint.reference, of_10.reference) == ("M5", "Iniciativa 10")
    assert {each.reference for each in behind} == {"M5", "M4", "M1", "Iniciativa 1", "N2", "N4", "N3"}
    claimed = {each.reference: each.certainty for each in (*behind, of_10) if each.certainty}
    assert claimed == {
        "Iniciativa 1": "certain",
        "N2": "certain",
        "Iniciativa 10": "inferred",
        "N3": "inferred",
        "N4": "inferred",
        "M5": "inferred",
    }
    assert all(each.note for each in (*behind, of_10) if each.certainty == "inferred")
    titles = {heard.session for each in behind for heard in each.heard}
    assert "Mesa N°3: Modernización del Estado (primera sesión)" in titles
    assert "Mesa N°3: Modernización del Estado (segunda sesión)" in titles
    (decision,) = joint.decisions
    assert "«Se concluye finalmente que MOP y ChileCompra queden como propuesta conjunta»" in decision.reason
    assert "Por tanto, surge un nuevo compromiso" in joint.merge.reason


def test_initiative_9_says_why_it_was_left_out(rows):
    proposal = initiative("Iniciativa 9")
    decision = live_decision(proposal)
    assert (proposal.state, decision.kind, decision.ground) == ("left_out", "left_out", "needs_law")
    assert decision.needs_law and not decision.no_counterpart
    assert "no entra como un compromiso del ejecutivo" in decision.reason
    assert "segunda sesión" in decision.session.title
    assert "decided" in {step.kind for step in fate_of(proposal, to=None)}


def test_initiative_7_had_no_counterpart_and_would_need_a_law(rows):
    decision = live_decision(initiative("Iniciativa 7"))
    assert (decision.ground, decision.no_counterpart, decision.needs_law) == ("no_counterpart", True, True)


def test_the_merge_of_four_was_undone_and_left_its_parts_as_they_were(rows):
    merge = merge_of("M2")
    assert merge.state == "undone"
    assert "No se mantuvo" in merge.undone_reason
    assert merge.joint.state == "withdrawn"
    assert initiative("Iniciativa 11").state == "shortlisted"
    assert "undone" in {step.kind for step in fate_of(initiative("Iniciativa 11"), to=None)}


def test_two_merges_are_partial_and_three_were_never_settled(rows):
    states = {key: merge_of(key).state for key in ("M1", "M2", "M3", "M4", "M5")}
    assert states == {"M1": "settled", "M2": "undone", "M3": "made", "M4": "made", "M5": "made"}
    left = {
        key: {part.proposal.reference for part in merge_of(key).parts if part.taken_out_at is None}
        for key in ("M3", "M4")
    }
    assert left == {"M3": {"Iniciativa 2", "Iniciativa 5"}, "M4": {"M1", "N4"}}
    assert {part.proposal.reference for part in merge_of("M5").parts} == {"M4", "N3"}


def test_no_sweep_settles_what_the_process_left_open(rows):
    assert merges_due() == []


def test_the_late_initiatives_came_in_through_the_second_session(rows):
    made = rows.scalars(select(Result).where(Result.made_here)).all()
    late = {each.proposal.reference for each in made if each.proposal.reference}
    assert late == {"N1", "N2", "N3", "N4"}
    assert {each.session.title for each in made if each.proposal.reference} == {
        "Mesa N°3: Modernización del Estado (segunda sesión)"
    }


def test_pooled_regional_opinions_belong_to_no_city(rows):
    (session,) = rows.scalars(select(Session).where(Session.is_pooled)).all()
    assert len(session.venues) == 5
    assert session.table.territory is None
    assert session.starts_at is None and session.date_note
    cities = [*session.venues, "Biobío", "Maule", "Magallanes"]
    for result in session.results:
        assert result.proposal.territory is None
        assert not any(city in result.reasons for city in cities)
    assert len(session.results) == 6


def test_what_the_sources_do_not_say_is_neither_no_nor_zero(rows):
    session = rows.scalar(
        select(Session).where(Session.title.contains("segunda sesión"), Session.objective.is_not(None))
    )
    listed = [each for each in session.attendances if each.convened]
    assert listed and all(each.attended is None for each in listed)
    assert not any(each.dots is not None for each in session.results)


def test_the_plan_has_six_commitments_of_table_3_and_commitment_19(rows):
    numbers = rows.scalars(select(Commitment.number).order_by(Commitment.number)).all()
    assert numbers == [1, 2, 3, 4, 5, 6, 19]
    assert [(root.reference, root.certainty) for root in origin_of(commitment_of("C3")).roots] == [
        ("Iniciativa 7", "inferred")
    ]
    of_19 = origin_of(commitment_of("Compromiso n° 19"))
    assert of_19.roots == () and of_19.note


def test_commitment_19_has_five_milestones_with_completion_and_timeliness(rows):
    commitment = commitment_of("Compromiso n° 19")
    report = rows.scalar(select(ProgressReport).where(ProgressReport.commitment_id == commitment.id))
    found = [(each.milestone.number, each.completion, each.timeliness) for each in report.milestones]
    assert found == [
        (1, "complete", "delayed"),
        (2, "complete", "delayed"),
        (3, "substantial", None),
        (4, "not_started", "delayed"),
        (5, "not_started", "on_time"),
    ]
    assert report.as_of is None and report.completion is None
    assert "Secretaría Ejecutiva" in report.reformulation["before"]


def test_joint_tallies_are_distinct_people(rows, written):
    for entry in written.present["merges"]:
        joint = titled(entry["title"])
        assert joint.supporters == count_distinct(joint) == entry["expected_supporters"]
        parts = rows.scalars(select(Proposal).where(Proposal.carried_by_id == joint.id)).all()
        assert sum(part.supporters for part in parts) > joint.supporters


def test_what_a_tally_says_is_what_is_counted(rows):
    for proposal in rows.scalars(select(Proposal).where(Proposal.head_id.is_(None))):
        assert proposal.supporters == count_distinct(proposal), proposal.title


def test_everything_can_be_tried_today(rows, written):
    consultation = find_consultation(written.present["consultation"]["slug"], to=None)
    assert state_of(consultation) == "open"
    for right in ("propose", "support", "hold_sessions", "merge", "shortlist", "draft"):
        assert phase_allows(consultation, right), right
    past = find_consultation(written.history["consultation"]["slug"], to=None)
    assert state_of(past) == "closed"


def test_days_count_from_today_in_the_consultations_zone(rows, written):
    consultation = find_consultation(written.present["consultation"]["slug"], to=None)
    opens = local(consultation.phases[0].opens_at, consultation.zone)
    assert (local(now(), consultation.zone).date() - opens.date()).days in (5, 6)  # midnight may have passed
    assert f"{opens:%H:%M}" == "09:00"


def test_a_session_is_open_for_its_facilitator(rows):
    session = rows.scalar(select(Session).where(Session.title == "Primera sesión de la mesa del Biobío"))
    assert session.state == "open"
    assert [each.attended for each in session.attendances] == [None] * 6


def test_similar_proposals_that_nobody_merged_are_suggested(rows, written):
    titles = {entry["key"]: entry["title"] for entry in written.present["proposals"]}
    groups = [{member.proposal.title for member in group.members} for group in rows.scalars(select(SimilarGroup))]
    assert groups
    merged = {titles[key] for entry in written.present["merges"] for key in entry["parts"]}
    assert not any(group & merged for group in groups)
    found = [
        entry["key"]
        for entry in written.present["similar_sets"]
        if entry["role"] != "merged"
        and any(len(group & {titles[key] for key in entry["proposals"]}) > 1 for group in groups)
    ]
    assert found


def test_a_session_stands_at_every_step_of_its_life(rows, written):
    consultation = find_consultation(written.present["consultation"]["slug"], to=None)
    sessions = rows.scalars(select(Session).join(Session.table).where(Table.consultation_id == consultation.id)).all()
    assert {each.state for each in sessions} == {"convened", "open", "submitted", "checked", "published"}
    (sent_back,) = [each for each in sessions if each.returned_at is not None]
    assert sent_back.state == "open" and "hoja firmada" in sent_back.return_note
    assert {each["key"]: each["state"] for each in written.present["sessions"]} == {
        entry["key"]: next(each.state for each in sessions if each.title == entry["title"])
        for entry in written.present["sessions"]
    }


def test_the_numbers_of_its_rooms_agree(rows):
    for session in rows.scalars(select(Session)):
        assert disagreements(session, session.attendances, session.results) == [], session.title


def test_a_visitor_tries_todays_session_with_the_code_that_is_told(demo, rows, written):
    plain = re.search(r"^    ([0-9A-Z]{5}-[0-9A-Z]{5}) ", demo.told, re.MULTILINE)[1]
    code = code_of(plain)
    assert code.session.title == "Segunda sesión de la mesa de Magallanes"
    assert why_not_enter(code.session) is None
    zone = written.present["consultation"]["zone"]
    assert (local(now(), zone).date() - local(code.session.starts_at, zone).date()).days in (0, 1)
    visitor = demo.site.test_client()
    assert send(visitor, "/sala", {"code": plain}).status_code == 302
    sheet = visitor.get(f"/sesiones/{code.session.id}/hoja/datos")
    assert len(sheet.json["proposals"]) >= 12
    assert sheet.json["session"]["why_not"] is None


def test_a_code_that_ended_is_replaced_by_another(demo, rows):
    before = re.search(r"^    ([0-9A-Z]{5}-[0-9A-Z]{5}) ", demo.run("demo", "accounts").output, re.MULTILINE)[1]
    code_of(before).expires_at = code_of(before).made_at + timedelta(microseconds=1)
    rows.commit()
    after = re.search(r"^    ([0-9A-Z]{5}-[0-9A-Z]{5}) ", demo.run("demo", "accounts").output, re.MULTILINE)[1]
    assert code_of(before) is None
    assert code_of(after) is not None


def test_the_forum_has_seats_by_sector_and_one_changed_its_quality(rows):
    seats = {each.title: each for each in rows.scalars(select(Seat))}
    assert {each.sector for each in seats.values()} == {"government", "academia", "civil_society", "international"}
    assert [each.quality for each in seats["CEPAL"].qualities] == ["observer", "member"]
    (substitute,) = [each for each in seats["Representación de la sociedad civil"].terms if each.kind == "substitute"]
    assert (f"{substitute.starts_on}", f"{substitute.ends_on}") == ("2018-04-01", "2018-04-30")


def test_agreements_say_who_answers_or_that_nobody_was_named(rows):
    found = {each.text[:30]: each for each in rows.scalars(select(Agreement))}
    rule = found["Las reuniones se realizarán men"[:30]]
    assert rule.kind == "rule"
    deferral = found["Evaluar conformar un comité pa"]
    assert deferral.kind == "deferral"
    of_the_subgroup = found["Generar una estrategia de difu"]
    assert len(of_the_subgroup.subgroup.members) == 5
    terms = found["En lo relativo al fondo de OGP"]
    assert len(terms.terms) == 2 and terms.institution.name == "Comisión para la Integridad Pública y Transparencia"
    assert found["Tener conversaciones con los o"].owner is None
