"""The workbench as a browser without JavaScript uses it: one step, one page, and nothing lost when two work at once."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from consulta.core.clock import frozen, now
from consulta.core.pulse import advance, claim, stumble
from consulta.merging.actions import merge_proposals
from consulta.merging.models import Merge
from consulta.proposals.actions import hide_proposal
from consulta.similarity.parting import Warning
from consulta.suggestions.actions import suggest_groups, tell_apart
from consulta.suggestions.finding import Found, Suggestion
from consulta.suggestions.models import SimilarGroup, Verdict
from consulta.suggestions.queries import count_verdicts, group_holding, groups_of
from consulta.votes.actions import cast_vote
from consulta.web.marking import marks_of, pieces
from consulta.web.warning_words import in_words, turned
from tests.people import make_person, make_proposal, sign_in
from tests.web import counting, sending

TITLES = (
    "Ciclovías seguras en el centro",
    "Ciclovías seguras para el centro",
    "Construir ciclovías seguras en el centro",
    "Ciclovías continuas, con luz y árboles, hasta la costanera",
)
JOINT = {"title": "Una red de ciclovías", "body": "Segura y continua."}


@pytest.fixture
def four(consultation, citizen):
    """Four proposals that say the same."""
    return [make_proposal(consultation, citizen, title=title, body=f"{title}, por favor.") for title in TITLES]


@pytest.fixture
def group(consultation, four):
    """A group of them."""
    return stored(consultation, (four, 2.0))[0]


@pytest.fixture
def trees(consultation, citizen):
    """Two more, about something else."""
    return [make_proposal(consultation, citizen, title=f"Plantar árboles nativos {where}") for where in ("ya", "hoy")]


@pytest.fixture
def queue(consultation, four, trees):
    """Two groups: the four, and after them the two."""
    return stored(consultation, (four, 2.0), (trees, 1.0))


@pytest.fixture
def desk(client, moderator):
    """The moderator's browser."""
    return sign_in(client, moderator)


def stored(consultation, *groups, certain=()):
    """Store groups (proposals, weight) as a run of the machine would; return them in the order given."""
    suggestions = [
        Suggestion(
            {each.id: 0.1 * place for place, each in enumerate(some)},
            some[0].id,
            0.6,
            weight,
            ["ciclovías"],
            n in certain,
        )
        for n, (some, weight) in enumerate(groups)
    ]
    suggest_groups(consultation, found=Found(now(), "letters", suggestions), by=None)
    return [group_holding(some[0]) for some, _weight in groups]


def read(client, path, status=200):
    """Return the text of a page, entities resolved."""
    response = client.get(path)
    assert response.status_code == status, response.text
    return unescape(response.text)


def step(client, group, verb="", seen=(), **fields):
    """Press a button on the page of a group; `seen` stood on it."""
    path = f"/grupos/{group if isinstance(group, int) else group.id}"
    slug = re.search(r"/consultas/([\w-]+)/", client.get(path).text or "")
    fields = {"codes": codes(seen), "lugar": "1", "consulta": slug and slug[1], **fields}
    return sending.send(client, path + verb, {name: value for name, value in fields.items() if value}, page=path)


def codes(proposals):
    """Return the codes of `proposals`."""
    return [each.code for each in proposals]


def members(group):
    """Return the codes of the members of `group` as a set."""
    return {member.proposal.code for member in group.members}


def test_the_queue_counts_groups_and_proposals_and_lists_what_was_sent_twice_first(desk, consultation, four, trees):
    stored(consultation, (four, 5.0), (trees, 0.0), certain={1})
    page = read(desk, f"/consultas/{consultation.slug}/grupos")
    assert "<strong>2</strong> grupos por revisar" in page
    assert "<strong>6</strong> propuestas en ellos" in page
    assert page.index("Envíos repetidos") < page.index(trees[0].title) < page.index(four[0].title)
    assert f"/grupos/{group_holding(trees[0]).id}?" in re.search(r'href="([^"]+)">Revisar uno tras otro', page)[1]


def test_the_queue_lists_a_few_members_of_a_large_group_and_counts_the_rest(desk, consultation, citizen):
    many = [make_proposal(consultation, citizen, title=f"Copia número {n}") for n in range(8)]
    stored(consultation, (many, 1.0))
    page = read(desk, f"/consultas/{consultation.slug}/grupos")
    assert many[4].title in page and many[5].title not in page
    assert "8 propuestas" in page and "y 3 más" in page


def test_the_queue_says_how_far_the_machine_is(desk, consultation, group):
    unit, piece = f"suggest_groups:{consultation.id}", f"/consultas/{consultation.slug}/grupos/avance"
    assert 'data-state="at_rest"' in read(desk, piece)
    claim(unit, 60, by=None)
    assert "Recién comienza" in read(desk, piece)
    advance(unit, 2500, 10860, by=None)
    for path in (piece, f"/consultas/{consultation.slug}/grupos"):
        page = read(desk, path)
        assert 'max="10860" value="2500"' in page
        assert "Van 2500 de 10.860" in page
        assert f'href="/consultas/{consultation.slug}/grupos">Actualizar' in page
    with frozen(now() + timedelta(minutes=2)):
        assert 'data-state="at_rest"' in read(desk, piece), "a claim that ran out is nobody's work"
    for _time in range(3):
        stumble(unit, "broken", by=None)
    assert "no se pudieron calcular" in read(desk, piece)


def test_a_group_tells_its_place_people_pairs_and_the_most_distant_member(desk, queue, four, other_citizen, citizen):
    for proposal in four[:3]:
        cast_vote(proposal, by=other_citizen)
    cast_vote(four[0], by=make_person())
    page = read(desk, f"/grupos/{queue[0].id}")
    for said in ("Grupo 1 de 2", "4 propuestas", "2 personas distintas", "Cercanía de cada par", "Texto base"):
        assert said in page
    assert page.count('<td class="') == 16
    assert page.count('class="member-tag is-far"') == 1
    assert len(re.findall(r'name="parts"[^>]* checked', page)) == 4
    assert "<mark>Ciclovías</mark>" in page
    assert '<span class="own-word">continuas</span>' in page
    assert f"/grupos/{queue[1].id}?" in re.search(r'rel="next"[^>]*href="([^"]+)"', page)[1]
    assert 'rel="prev"' not in page


def test_two_members_are_told_their_nearness_in_one_line(desk, queue):
    page = read(desk, f"/grupos/{queue[1].id}")
    assert "Cercanía: 0," in page
    assert "pair-matrix" not in page


def test_another_base_fills_the_form_without_script(desk, group, four):
    page = read(desk, f"/grupos/{group.id}?base={four[3].code}")
    assert f'value="{four[3].title}"' in page
    assert f"{four[3].title}, por favor.</textarea>" in page
    assert f'value="{TITLES[0]}"' not in re.search(r'id="title"[^>]*', page)[0]
    assert read(desk, f"/grupos/{group.id}?base=nohay")


def test_a_member_is_dropped_and_the_step_undone_with_one_press(desk, group, four, consultation):
    response = step(desk, group, "/sacar", four, drop=four[1].code)
    assert response.location == f"/grupos/{group.id}"
    page = read(desk, response.location)
    assert f"{four[1].code} salió del grupo" in page
    assert members(group) == set(codes(four)) - {four[1].code}
    assert count_verdicts(consultation) == (0, 3)
    undo = {"codes": re.findall(r'name="codes" value="(\w+)"', page.partition("last-step")[2].partition("</form>")[0])}
    response = sending.send(
        desk, f"/consultas/{consultation.slug}/separadas", undo | {"again": "1"}, page=f"/grupos/{group.id}"
    )
    assert response.location == f"/grupos/{group.id}"
    assert members(group) == set(codes(four))
    assert count_verdicts(consultation) == (0, 0)
    assert "Se deshizo" in read(desk, response.location)


def test_a_group_is_split_into_what_is_ticked_and_the_rest(desk, group, four, consultation):
    response = step(desk, group, "/separar", four, marked=codes(four[2:]))
    page = read(desk, response.location)
    assert "2 propuestas quedaron en un grupo aparte" in page
    assert {frozenset(members(each)) for each in groups_of(consultation).groups} == {
        frozenset(codes(four[:2])),
        frozenset(codes(four[2:])),
    }
    assert "Ver el otro grupo" in page


def test_what_is_not_the_same_leads_to_the_next_group_with_a_way_back(desk, queue, four, consultation, session):
    after = queue[1].id
    response = step(desk, queue[0], "/no-son-lo-mismo", four)
    assert response.location.startswith(f"/grupos/{after}?")
    page = read(desk, response.location)
    assert "4 propuestas no son lo mismo." in page and "Deshacer <kbd>" in page
    assert "Grupo 1 de 1" in page
    assert "no son lo mismo." not in read(desk, response.location), "told once"
    sending.send(
        desk,
        f"/consultas/{consultation.slug}/separadas",
        {"codes": codes(four), "again": "1"},
        page=f"/grupos/{after}",
    )
    assert members(group_holding(four[0])) == set(codes(four))
    assert session.query(Verdict).filter(Verdict.taken_back_at.is_(None)).count() == 0


def test_after_the_last_group_comes_the_queue(desk, queue, trees, consultation):
    response = step(desk, queue[1], "/no-son-lo-mismo", trees)
    assert response.location == f"/consultas/{consultation.slug}/grupos"
    page = read(desk, response.location)
    assert "Llegaste al final de la cola. Queda 1 grupo por revisar." in page
    assert "Deshacer" in page


@pytest.mark.parametrize(
    "verb, fields",
    [("/sacar", {"drop": 1}), ("/separar", {"marked": 1}), ("/no-son-lo-mismo", {})],
)
def test_a_step_sent_twice_is_done_once(verb, fields, desk, queue, four, session):
    fields = {name: four[place].code for name, place in fields.items()}
    number = queue[0].id
    token = {"csrf_token": sending.TOKEN.search(desk.get(f"/grupos/{number}").text)[1]}
    sent = {"codes": codes(four), "consulta": four[0].consultation.slug, "lugar": "1", **fields, **token}
    first = desk.post(f"/grupos/{number}{verb}", data=sent)
    verdicts = session.query(Verdict).count()
    again = desk.post(f"/grupos/{number}{verb}", data=sent)
    assert first.status_code == again.status_code == 302
    assert again.location.partition("?")[0] == first.location.partition("?")[0]
    assert session.query(Verdict).count() == verdicts
    assert "Deshacer <kbd>" in read(desk, again.location), "the step is told as if it were the first time"


def test_splitting_without_ticking_says_what_to_do(desk, group, four, session):
    for marked in ([], codes(four)):
        response = step(desk, group, "/separar", four, marked=marked)
        assert "elige cuáles no son lo mismo" in read(desk, response.location)
    assert session.query(Verdict).count() == 0


def test_a_proposal_is_found_by_words_or_code_and_pulled_in(desk, group, four, consultation, citizen):
    lone = make_proposal(consultation, citizen, title="Estacionamientos para bicicletas", body="Con techo.")
    for words in ("estacionamientos", lone.code, lone.code.upper()):
        page = read(desk, f"/grupos/{group.id}?q={words}")
        assert lone.title in page.partition('id="sumar"')[2]
    response = step(desk, group, "/sumar", code=lone.code)
    assert response.location == f"/grupos/{group.id}"
    page = read(desk, response.location)
    assert f"{lone.code} se sumó a este grupo" in page
    assert "5 propuestas" in page
    again = step(desk, group, "/sumar", code=lone.code)
    assert again.status_code == 302
    assert lone.code in members(group)


def test_what_lies_near_and_was_told_apart_is_offered_only_when_asked_for(desk, consultation, four, moderator):
    (group,) = stored(consultation, (four[:3], 1.0))
    assert four[3].title in read(desk, f"/grupos/{group.id}").partition('id="sumar"')[2]
    tell_apart([four[:3], four[3:]], by=moderator)
    assert four[3].title not in read(desk, f"/grupos/{group.id}").partition('id="sumar"')[2]
    page = read(desk, f"/grupos/{group.id}?q=continuas").partition('id="sumar"')[2]
    assert four[3].title in page and "se había separado de este" in page


def test_what_is_hidden_or_foreign_is_neither_offered_nor_pulled_in(
    desk, group, consultation, other_consultation, citizen, moderator
):
    hidden = make_proposal(consultation, citizen, title="Bicicletas ocultas")
    foreign = make_proposal(other_consultation, citizen, title="Bicicletas ajenas")
    hide_proposal(hidden, reason="Insulta.", by=moderator)
    page = read(desk, f"/grupos/{group.id}?q=bicicletas")
    assert hidden.title not in page and foreign.title not in page
    for code in (foreign.code, "nohay00"):
        response = step(desk, group, "/sumar", code=code)
        assert code in read(desk, response.location)
    assert len(members(group)) == 4


def test_a_merge_goes_on_to_the_next_group_and_links_what_was_made(desk, queue, four, session):
    for person in (make_person(), make_person()):
        cast_vote(four[0], by=person)
    response = step(desk, queue[0], parts=codes(four), quick="same", onward="1", **JOINT)
    assert response.location.startswith(f"/grupos/{queue[1].id}?")
    merge = session.query(Merge).one()
    page = read(desk, response.location)
    assert "la apoyan 2 personas distintas" in page
    assert f'href="/fusiones/{merge.id}"' in page and f"/fusiones/{merge.id}/deshacer" in page
    assert merge.reason == "Piden lo mismo con otras palabras."


def test_a_reason_is_picked_typed_or_both_and_never_left_out(desk, group, four, session):
    response = step(desk, group, parts=codes(four[:2]), **JOINT)
    assert response.status_code == 422
    assert "registro público" in unescape(response.text)
    response = step(desk, group, parts=codes(four[:2]), quick="contained", reason="La primera es más amplia.", **JOINT)
    assert session.query(Merge).one().reason == ("Lo que pide una está contenido en la otra. La primera es más amplia.")
    assert response.location == "/fusiones/1"


def test_a_group_that_a_colleague_merged_says_who_and_leads_on(desk, queue, four, trees, moderator, consultation):
    page_before = desk.get(f"/grupos/{queue[0].id}").text
    merge = merge_proposals(four, **JOINT, reason="Iguales.", by=moderator)
    page = read(desk, f"/grupos/{queue[0].id}")
    assert f"{moderator.name} ya fusionó" in page and f"/fusiones/{merge.id}" in page
    assert "Fuera de la cola" in page
    assert "Ya no quedan dos propuestas" in page
    stored(consultation, (trees, 1.0))  # the machine ran: the row is gone
    sent = {"codes": codes(four), "consulta": consultation.slug, "lugar": "1"}
    sent["csrf_token"] = sending.TOKEN.search(page_before)[1]
    response = desk.post(f"/grupos/{queue[0].id}/no-son-lo-mismo", data=sent)
    assert response.location.startswith(f"/grupos/{queue[1].id}?")
    page = read(desk, response.location)
    assert f"{moderator.name} ya fusionó" in page and JOINT["title"] in page
    assert count_verdicts(consultation)[1] == 0


def test_a_link_to_a_group_that_is_gone_leads_to_the_one_at_its_place(desk, queue, four, trees, consultation):
    gone = queue[0].id
    stored(consultation, (trees, 1.0))
    page = read(desk, f"/grupos/{gone}", status=404)
    assert "Este grupo ya no existe" in page
    response = desk.get(f"/grupos/{gone}?consulta={consultation.slug}&lugar=1")
    assert response.location.startswith(f"/grupos/{queue[1].id}?")
    assert "Ese grupo ya no está" in read(desk, response.location)
    stored(consultation)
    response = desk.get(f"/grupos/{gone}?consulta={consultation.slug}&lugar=7")
    assert response.location == f"/consultas/{consultation.slug}/grupos"


def test_whoever_does_not_moderate_learns_nothing_from_a_group_that_is_gone(client, consultation, citizen):
    sign_in(client, citizen)
    read(client, f"/grupos/999?consulta={consultation.slug}", status=403)
    read(client, "/grupos/999?consulta=no-existe", status=404)


def test_pairs_kept_apart_are_listed_and_can_be_compared_again(desk, queue, four, trees, moderator, consultation):
    path = f"/consultas/{consultation.slug}/separadas"
    assert "Nada está separado" in read(desk, path)
    tell_apart([[trees[0]], [trees[1]]], by=moderator)
    tell_apart([[four[0]], [four[1]]], by=moderator)
    page = read(desk, path)
    assert page.index(four[0].title) < page.index(trees[0].title)
    response = sending.send(desk, path, {"codes": codes(trees)})
    assert response.location == path
    page = read(desk, path)
    assert "vuelven a compararse" in page
    assert trees[0].title not in page
    response = sending.send(desk, path, {"codes": codes(trees)})
    assert "no estaban separadas" in read(desk, response.location)


@pytest.mark.parametrize("text", ["-1", "0", "9" * 12, "٣", "<b>", "%00", "a" * 300])
def test_what_stands_in_an_address_may_be_anything(text, desk, queue, consultation):
    slug, number = consultation.slug, queue[0].id
    for path in (
        f"/consultas/{slug}/separadas?antes={text}",
        f"/consultas/{slug}/grupos?desde={text}",
        f"/grupos/{number}?base={text}&q={text}&consulta={text}&lugar={text}",
        f"/grupos/999?consulta={slug}&lugar={text}",
    ):
        assert desk.get(path).status_code in (200, 302, 400), path


def test_the_list_of_pairs_is_paged(desk, consultation, citizen, moderator):
    many = [make_proposal(consultation, citizen, title=f"Tema número {n}") for n in range(11)]
    tell_apart([[each] for each in many], by=moderator)
    path = f"/consultas/{consultation.slug}/separadas"
    page = read(desk, path)
    assert page.count("Volver a comparar") == 50
    assert re.search(r"55\W.*pares separados", page)
    rest = read(desk, re.search(r'rel="next" href="([^"]+)"', page)[1])
    assert rest.count("Volver a comparar") == 5


def test_a_page_asks_the_database_as_often_for_many_members_as_for_few(desk, consultation, citizen, app):
    many = [make_proposal(consultation, citizen, title=f"Baches en la calle {n}", body="Ya") for n in range(30)]
    asked = {}
    for some in (many[:3], many):
        (group,) = stored(consultation, (some, 1.0))
        read(desk, f"/grupos/{group.id}")
        for path in (f"/grupos/{group.id}", f"/consultas/{consultation.slug}/grupos"):
            with counting.queries() as queries:
                page = read(desk, path)
            asked.setdefault(path.split("/")[1], []).append(len(queries))
    assert "18 más" in read(desk, f"/grupos/{group.id}")
    assert "Los pares más distantes" in read(desk, f"/grupos/{group.id}")
    assert "wordings.body" not in " ".join(queries), "lists read no whole texts"
    assert len(page) > 0
    for few, lots in asked.values():
        assert lots <= few + 1
        assert lots <= 30


def test_a_group_of_more_than_anybody_compares_is_shown_in_part(desk, consultation, citizen, monkeypatch, four):
    monkeypatch.setattr("consulta.web.workbench.MOST_JUDGED", 3)
    (group,) = stored(consultation, (four, 1.0))
    page = read(desk, f"/grupos/{group.id}")
    assert "El grupo tiene 4 propuestas; aquí están las 3 más cercanas" in page
    step(desk, group, "/sacar", four[:3], drop=four[0].code)
    assert members(group_holding(four[3])) == set(codes(four[1:]))


def test_words_all_share_and_words_of_one_alone_are_marked_and_nothing_else():
    texts = ("Más ciclovías en Talca", "Ciclovía segura en Talca", "Ciclovías, Talca y Curicó: segura")
    shared, own = marks_of(texts)
    assert pieces(texts[1], shared, own[1]) == [
        ("shared", "Ciclovía"),
        ("", " segura en "),
        ("shared", "Talca"),
    ]
    assert ("own", "Curicó") in pieces(texts[2], shared, own[2])
    assert "".join(piece for _kind, piece in pieces(texts[2], shared, own[2])) == texts[2]
    assert marks_of(["solo"]) == (frozenset(), [frozenset()])
    assert pieces("", shared, own[0]) == []


@pytest.mark.parametrize(
    "kind, one, other, said",
    [
        ("stance", ("prohibir",), ("permitir",), "pueden pedir lo contrario: una dice «prohibir» y la otra «permitir»"),
        ("stance", ("no",), (), "pueden pedir lo contrario: solo una dice «no»"),
        ("stance", ("",), ("fin a",), "pueden pedir lo contrario: solo una dice «fin a»"),
        ("place", ("Talca",), ("Coronel", "Lota"), "nombran lugares distintos: Talca y Coronel / Lota"),
        ("target", ("niños",), ("mayores",), "son para personas distintas: niños y mayores"),
        ("quantity", ("20",), ("30",), "dan cifras o leyes distintas: 20 y 30"),
        ("measure", ("multas",), ("talleres",), "piden medidas distintas: multas y talleres"),
        ("new", ("a",), ("b",), "new: a – b"),
    ],
)
def test_every_warning_is_a_sentence(app, kind, one, other, said):
    with app.test_request_context():
        warning = Warning(kind, one, other, "lower")
        assert in_words(warning) == said
        assert turned(turned(warning)) == warning


def test_a_warning_of_the_guards_stands_above_the_texts_and_at_its_pair(desk, consultation, citizen):
    three = [
        make_proposal(consultation, citizen, title=title)
        for title in (
            "Permitir perros en las plazas",
            "Prohibir perros en las plazas",
            "Perros en las plazas de la comuna",
        )
    ]
    (group,) = stored(consultation, (three, 1.0))
    page = read(desk, f"/grupos/{group.id}")
    assert "Antes de fusionar, mira si de verdad piden lo mismo" in page
    assert "1 y 2: pueden pedir lo contrario" in page
    assert 'class="pair-warned"' in page


def test_markup_in_a_proposal_stays_text_on_the_workbench(desk, consultation, citizen):
    nasty = ["<script>alert(1)</script> ciclovías", '"><img src=x onerror=alert(1)> ciclovías']
    both = [make_proposal(consultation, citizen, title=text, body=text) for text in nasty]
    (group,) = stored(consultation, (both, 1.0))
    for path in (f"/grupos/{group.id}?q=ciclovías", f"/consultas/{consultation.slug}/grupos"):
        page = desk.get(path).text
        assert "<script>alert" not in page and "<img src=x" not in page


def test_no_group_is_left_when_its_steps_leave_one_member(desk, queue, trees, session):
    number = queue[1].id
    response = step(desk, number, "/sacar", trees, drop=trees[0].code)
    assert response.status_code == 302
    assert session.scalars(select(SimilarGroup.id).where(SimilarGroup.id == number)).all() == []
