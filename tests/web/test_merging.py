"""The pages of moderation, as a browser without JavaScript uses them."""

import re
from html import unescape

import pytest

from consulta.consultations.actions import appoint
from consulta.merging.actions import merge_proposals, undo_merge
from consulta.merging.models import Merge
from consulta.proposals.actions import hide_proposal
from consulta.suggestions.actions import suggest_groups
from consulta.suggestions.finding import propose_groups
from consulta.suggestions.queries import groups_of
from consulta.votes.actions import cast_vote
from tests.people import make_person, make_proposal, sign_in
from tests.web import sending

TITLES = (
    "Ciclovías seguras en el centro",
    "Ciclovías seguras para el centro",
    "Construir ciclovías seguras en el centro",
)
TYPED = {"title": "Una red de ciclovías", "body": "Segura y continua.", "reason": "Piden lo mismo."}


@pytest.fixture
def three(consultation, citizen):
    """Three proposals that say the same."""
    return [make_proposal(consultation, citizen, title=title, body=f"{title}, por favor.") for title in TITLES]


@pytest.fixture
def group(app, consultation, three):
    """The group that the machine makes of them."""
    suggest_groups(consultation, found=propose_groups(consultation, app.extensions["similarity"]), by=None)
    return groups_of(consultation).groups[0]


@pytest.fixture
def merge(three, moderator):
    """A merge of all three."""
    return merge_proposals(three, **TYPED, by=moderator)


@pytest.fixture
def desk(client, moderator):
    """The moderator's browser."""
    return sign_in(client, moderator)


def read(client, path, status=200):
    """Return the text of a page, entities resolved."""
    response = client.get(path)
    assert response.status_code == status, response.text
    return unescape(response.text)


def send(client, path, *, from_page=None, **fields):
    """Send a form with the token of the page it stands on."""
    return sending.send(client, path, fields, page=from_page)


def codes(proposals):
    """Return the codes of `proposals`."""
    return [each.code for each in proposals]


def test_the_desk_tells_what_waits_and_how_the_machine_compares(desk, consultation, group, three):
    page = read(desk, f"/consultas/{consultation.slug}/moderacion")
    assert f"/grupos/{group.id}" in page
    assert "por sus letras y palabras" in page
    assert all(code in page for code in codes(three))


def test_an_empty_desk_says_what_will_be_here(desk, consultation):
    page = read(desk, f"/consultas/{consultation.slug}/moderacion")
    assert "Ningún grupo espera" in page
    assert "Todavía no hay fusiones" in page
    assert "Ningún grupo espera" in read(desk, f"/consultas/{consultation.slug}/grupos")


def test_the_queue_names_proposals_people_nearness_and_shared_words(desk, consultation, group, three, other_citizen):
    for proposal in three[:2]:
        cast_vote(proposal, by=other_citizen)
    page = read(desk, f"/consultas/{consultation.slug}/grupos")
    for said in ("3 propuestas", "1 persona distinta", "distancia 0,", "<mark>ciclovías</mark>"):
        assert said.lower() in page.lower()


def test_a_group_shows_its_members_side_by_side_with_all_ticked_and_the_base_text_filled_in(desk, group, three):
    page = read(desk, f"/grupos/{group.id}")
    assert len(re.findall(r'name="parts"[^>]* checked', page)) == 3
    base = next(member.proposal for member in group.members if member.is_base)
    assert f'value="{base.title}"' in page
    assert "Texto base" in page
    assert "<mark>" in page


def test_merging_a_group_without_one_member_shows_the_tally_of_distinct_people(desk, group, three, session):
    people = [make_person() for _each in range(3)]
    for proposal, person in [
        (three[0], people[0]),
        (three[0], people[1]),
        (three[1], people[1]),
        (three[2], people[2]),
    ]:
        cast_vote(proposal, by=person)
    response = send(desk, f"/grupos/{group.id}", parts=codes(three[:2]), **TYPED)
    merge = session.query(Merge).one()
    assert (response.status_code, response.location) == (302, f"/fusiones/{merge.id}")
    page = read(desk, response.location)
    assert "la apoyan 2 personas distintas" in page
    assert TYPED["reason"] in page
    assert [each.state for each in three] == ["merged", "merged", "published"]


def test_a_refused_merge_keeps_everything_that_was_typed(desk, group, three):
    typed = {**TYPED, "reason": " "}
    response = send(desk, f"/grupos/{group.id}", parts=codes(three[:2]), **typed)
    page = unescape(response.text)
    assert response.status_code == 422
    assert TYPED["title"] in page
    assert TYPED["body"] in page
    assert "registro público" in page
    assert re.findall(r'name="parts" value="(\w+)" checked', page) != []
    assert len(re.findall(r'name="parts"[^>]* checked', page)) == 2


@pytest.mark.parametrize("chosen", [0, 1])
def test_fewer_than_two_ticked_is_refused_with_what_to_do(chosen, desk, group, three):
    response = send(desk, f"/grupos/{group.id}", parts=codes(three[:chosen]), **TYPED)
    assert response.status_code == 422
    assert "al menos dos propuestas" in unescape(response.text)
    assert TYPED["title"] in response.text


def test_whoever_comes_second_is_told_who_was_first_and_keeps_what_was_typed(
    desk, group, three, consultation, administrator
):
    colleague = make_person("Clara Colega")
    appoint(colleague, "moderator", consultation, by=administrator)
    path = f"/grupos/{group.id}"
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', desk.get(path).text).group(1)
    merge = merge_proposals(three[:2], **TYPED, by=colleague)
    typed = {"title": "Otro título mío", "body": "Otro texto mío", "reason": "Otra razón mía"}
    sent = {"parts": codes(three), "csrf_token": token, "consultation": consultation.slug, **typed}
    for _time in ("the group is still there", "the machine dropped it"):
        response = desk.post(path, data=sent)
        page = unescape(response.text)
        assert response.status_code == 409
        assert colleague.name in page
        assert merge.joint.code in page
        assert all(text in page for text in typed.values())
        suggest_groups(
            consultation, found=propose_groups(consultation, desk.application.extensions["similarity"]), by=None
        )


def test_the_same_merge_sent_twice_is_made_once_and_succeeds_twice(desk, group, three, session, consultation):
    first = send(desk, f"/grupos/{group.id}", parts=codes(three), **TYPED)
    page = f"/consultas/{consultation.slug}/fusionar?codes={three[0].code},{three[1].code}"
    again = send(
        desk, f"/grupos/{group.id}", from_page=page, parts=codes(three), consultation=consultation.slug, **TYPED
    )
    assert first.location == again.location == f"/fusiones/{session.query(Merge).one().id}"


def test_proposals_chosen_by_hand_are_searched_compared_and_merged(desk, consultation, three, citizen, session):
    other = make_proposal(consultation, citizen, title="Publicar las actas del concejo")
    path = f"/consultas/{consultation.slug}/fusionar"
    page = read(desk, f"{path}?q=actas&codes={three[0].code}")
    assert f'value="{three[0].code}" checked' in page
    assert other.title in page
    page = read(desk, f"{path}?codes={three[0].code}&codes={other.code}&comparar=1")
    assert len(re.findall(r'name="parts"[^>]* checked', page)) == 2
    response = send(
        desk, path, from_page=f"{path}?codes={three[0].code},{other.code}", parts=codes([three[0], other]), **TYPED
    )
    assert response.location == f"/fusiones/{session.query(Merge).one().id}"


def test_the_button_that_compares_leads_on_although_the_search_is_sent_with_it(desk, consultation, three):
    query = "&".join(f"codes={code}" for code in codes(three[:2]))
    page = read(desk, f"/consultas/{consultation.slug}/fusionar?{query}&q=&comparar=1")
    assert 'name="reason"' in page
    page = read(desk, f"/consultas/{consultation.slug}/fusionar?{query}&q=")
    assert 'name="reason"' not in page


def test_a_code_that_names_no_public_proposal_is_pointed_out(desk, consultation, three):
    page = read(desk, f"/consultas/{consultation.slug}/fusionar?codes={three[0].code},nohay00")
    assert "nohay00" in page
    response = send(
        desk,
        f"/consultas/{consultation.slug}/fusionar",
        from_page=f"/consultas/{consultation.slug}/fusionar?codes={three[0].code},{three[1].code}",
        parts=[three[0].code, "nohay00"],
        **TYPED,
    )
    assert response.status_code == 422
    assert "nohay00" in response.text
    assert TYPED["title"] in response.text


def test_anybody_reads_why_a_merge_was_made_and_undone(client, merge, three, moderator):
    page = read(client, f"/fusiones/{merge.id}")
    for said in (*codes(three), TYPED["reason"], TYPED["title"], moderator.name, "En plazo de objeción"):
        assert said in page
    assert f"/fusiones/{merge.id}/deshacer" not in page
    undo_merge(merge, reason="No se recogió en el resumen.", by=moderator)
    page = read(client, f"/fusiones/{merge.id}")
    assert "No se recogió en el resumen." in page
    assert "Deshecha" in page


def test_undoing_asks_for_a_reason_and_shows_the_old_tallies_again(desk, merge, three, other_citizen):
    path = f"/fusiones/{merge.id}/deshacer"
    assert path in read(desk, f"/fusiones/{merge.id}")
    response = send(desk, path, reason="")
    assert response.status_code == 422
    assert merge.state == "made"
    response = send(desk, path, reason="Eran cosas distintas.")
    assert response.location == f"/fusiones/{merge.id}"
    assert {each.state for each in three} == {"published"}
    assert "Eran cosas distintas." in read(desk, f"/fusiones/{merge.id}")
    assert read(desk, path, status=409)


def test_the_author_of_a_part_takes_it_out_by_themselves(client, merge, three, citizen):
    sign_in(client, citizen)
    path = f"/fusiones/{merge.id}/sacar/{three[0].code}"
    assert path in read(client, f"/fusiones/{merge.id}")
    response = send(client, path, reason="Pido otra cosa.")
    assert response.location == f"/fusiones/{merge.id}"
    page = read(client, f"/fusiones/{merge.id}")
    assert "Pido otra cosa." in page
    assert (three[0].state, merge.state) == ("published", "made")


def test_a_note_can_be_added_for_the_public(desk, merge, new_client):
    response = send(desk, f"/fusiones/{merge.id}/nota", note="Contradice la fusión M4.")
    assert response.location == f"/fusiones/{merge.id}"
    assert "Contradice la fusión M4." in read(new_client(), f"/fusiones/{merge.id}")


def test_a_hidden_part_leaves_no_word_of_its_text_on_a_public_page(new_client, desk, merge, three, moderator):
    hide_proposal(three[0], reason="Insulta.", by=moderator)
    page = read(new_client(), f"/fusiones/{merge.id}")
    assert three[0].title not in page
    assert three[0].body not in page
    assert three[0].title in read(desk, f"/fusiones/{merge.id}")


# Path, and whether a form can be sent to it: for moderators of the consultation alone.
MODERATION = (
    ("/consultas/{slug}/moderacion", False),
    ("/consultas/{slug}/grupos", False),
    ("/grupos/{group}", True),
    ("/consultas/{slug}/fusionar", True),
    ("/fusiones/{merge}/deshacer", True),
    ("/fusiones/{merge}/nota", True),
    ("/fusiones/{merge}/sacar/{code}", True),
)


@pytest.mark.parametrize("path, is_form", MODERATION)
@pytest.mark.parametrize("role", [None, "other_citizen", "facilitator", "administrator", "other_moderator"])
def test_moderation_is_closed_to_everybody_else(
    role, path, is_form, request, client, app, consultation, three, moderator, citizen
):
    more = [make_proposal(consultation, citizen, title=f"Publicar las actas del concejo {n}") for n in "12"]
    suggest_groups(consultation, found=propose_groups(consultation, app.extensions["similarity"]), by=None)
    group = next(each for each in groups_of(consultation).groups if each.members[0].proposal in three)
    merge = merge_proposals(more, **TYPED, by=moderator)
    values = {"slug": consultation.slug, "group": group.id, "merge": merge.id, "code": more[0].code}
    if role:
        sign_in(client, request.getfixturevalue(role))
    app.config["WTF_CSRF_ENABLED"] = False
    sent = {"parts": codes(three), "consultation": consultation.slug, "note": "Una nota", **TYPED}
    answers = [client.get(path.format(**values))]
    if is_form:
        answers.append(client.post(path.format(**values), data=sent))
    for answer in answers:
        if role is None:
            assert answer.status_code == 302
            assert "/cuenta/entrar" in answer.location
        else:
            assert answer.status_code == 403
    assert (merge.state, merge.note) == ("made", None)
    assert {each.state for each in three} == {"published"}


@pytest.mark.parametrize("path", ["/fusiones/999999", "/fusiones/99999999999999999999", "/grupos/999999"])
def test_what_does_not_exist_is_not_found(path, desk):
    read(desk, path, status=404)
