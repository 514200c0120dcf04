"""What a proposal's page says of the rooms: region by region, with heads and method, and bounds instead of sums."""

import pytest

from consulta.merging.actions import merge_proposals
from consulta.tables.actions import (
    convene_session,
    enter_result,
    found_table,
    note_attendance,
    open_session,
)
from consulta.web.rooms_heard import rooms_heard
from tests.people import make_proposal, make_public
from tests.web.rooms import plain

pytestmark = pytest.mark.settings(WTF_CSRF_ENABLED=False)


@pytest.fixture
def held(consultation, moderator):
    """Holds a session that is public: `held(title, {proposal: result}, territory=…, heads=…, dots_per_proposal=…)`."""

    def held(title, results, *, territory=None, heads=None, is_public=True, **rule):
        kind = "regional" if territory else "thematic"
        table = found_table(consultation, title=title, kind=kind, territory=territory, by=None)
        session = open_session(convene_session(table, title="Sesión", by=None, **rule), by=None)
        if heads is not None:
            note_attendance(session, [{"sector": "academia", "attended": True, "heads": heads}], by=None)
        for proposal, said in results.items():
            enter_result(session, proposal, outcome="keep", by=None, **said)
        return make_public(session, by=None, second=moderator) if is_public else session

    return held


def test_rooms_are_told_region_by_region_with_heads_and_method(client, held, proposal, magallanes, biobio):
    held("Mesa nacional", {proposal: {"grade": "consensus"}})
    held("Mesa del sur", {proposal: {"votes_for": 9, "votes_against": 2}}, territory=magallanes, heads=12)
    held("Mesa del centro", {proposal: {"dots": 7}}, territory=biobio, heads=4, dots_per_person=3, dots_per_proposal=2)
    told = plain(client.get(f"/propuestas/{proposal.code}"))
    places = [told.index(f"{words} ") for words in (
        "Región de Biobío", "Mesa del centro – Sesión", "4 personas en la sala", "Cada persona reparte 3 puntos,",
        "7 puntos", "Región de Magallanes", "Mesa del sur – Sesión", "12 personas en la sala", "9 a favor 2 en contra",
        "Mesas sin región propia", "Mesa nacional – Sesión", "no se contó cuántas personas había",
    )]  # fmt: skip
    assert places == sorted(places)
    assert "Hablaron de ella 3 sesiones." in told and "No se suma" in told


def test_what_a_room_said_of_a_part_is_told_of_the_joint_proposal_as_said_of_the_part(
    client, held, consultation, citizen, moderator, magallanes
):
    parts = [make_proposal(consultation, citizen, title=f"Ciclovía {n}") for n in (1, 2)]
    dots = {parts[0]: {"dots": 10}, parts[1]: {"dots": 7}}
    held("Mesa del sur", dots, territory=magallanes, heads=12, dots_per_person=3, dots_per_proposal=2)
    held("Todavía no", {parts[0]: {"reasons": "canario"}}, is_public=False)
    merge = merge_proposals(parts, title="Ciclovías", body="Las dos.", reason="Lo mismo.", by=moderator)
    page = plain(client.get(f"/propuestas/{merge.joint.code}"))
    assert "Sobre «Ciclovía 1»" in page and "Sobre «Ciclovía 2»" in page and "canario" not in page
    assert "detrás de los puntos hay al menos 6 personas y a lo más 12 personas" in page
    assert "sumarlos la contaría más de una vez" in page
    # The sum of dots stands nowhere, as if it were people or support.
    assert "17" not in page.split("Qué dijeron las mesas")[1].split("Dónde está")[0]
    assert "0 personas la apoyan" in page


def test_what_rooms_said_of_a_merge_of_merges_is_told_on_top(held, consultation, citizen, moderator):
    parts = [make_proposal(consultation, citizen, title=f"Ciclovía {n}") for n in (1, 2, 3)]
    held("Mesa", {parts[0]: {"reasons": "Sí"}})
    inner = merge_proposals(parts[:2], title="Dos", body="Dos.", reason="Lo mismo.", by=moderator).joint
    outer = merge_proposals([inner, parts[2]], title="Tres", body="Tres.", reason="Lo mismo.", by=moderator).joint
    ((_place, said),) = rooms_heard(outer, [inner, parts[2]]).regions
    assert [each.about.title for each in said] == ["Ciclovía 1"]


def test_the_rooms_are_read_in_a_number_of_queries_that_does_not_grow(
    client, held, proposal, magallanes, count_queries
):
    address = f"/propuestas/{proposal.code}"
    held("Mesa 1", {proposal: {"dots": 1}}, territory=magallanes, heads=2)
    client.get(address)  # the first page reads what is kept for the others
    few = count_queries(lambda: client.get(address))
    for n in range(4):
        held(f"Mesa {n}", {proposal: {"dots": 1}}, territory=magallanes, heads=2)
    assert count_queries(lambda: client.get(address)) == few
