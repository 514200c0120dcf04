"""The administrator's page on likeness: thresholds with what they do, what is used and why, decisions as files."""

import csv
import io
import json

import pytest

from consulta.core.extensions import db
from consulta.core.record import Entry
from consulta.jobs.work import perform
from consulta.merging.actions import merge_proposals
from consulta.proposals.actions import hide_proposal, revise_proposal
from consulta.similarity.labelled import read_labelled, read_negatives
from consulta.similarity.measured import figures_of
from consulta.similarity.reranking import FEATURES, Learned
from consulta.similarity.scoring import CITIZEN_FLOOR, GROUP_FLOOR
from consulta.suggestions.actions import keep_reranker, reconsider, tell_apart
from consulta.suggestions.queries import floors_of, preview_asked
from consulta.web import similarity_settings
from tests.people import make_proposal, sign_in
from tests.web.sending import send, words

BIKES = ("Construir ciclovías seguras en el centro", "Ciclovías seguras para el centro")
FORMULAS = ("=1+1", "+1", "-1", "@SUM(1)", "＝1+1", " =1+1", "\u200b=1+1")


@pytest.fixture
def page(consultation):
    """The address of the page."""
    return f"/administracion/consultas/{consultation.slug}/similitud"


@pytest.fixture
def client(app, administrator):
    """The administrator's browser."""
    return sign_in(app.test_client(), administrator)


@pytest.fixture
def bikes(consultation, citizen):
    """Two proposals that say the same."""
    return [make_proposal(consultation, citizen, title=title) for title in BIKES]


def table_of(answer, rows):
    """Return the cells of the CSV in `answer` as dictionaries; rows: how many there are."""
    text = answer.get_data(as_text=True)
    assert text.startswith("\ufeff")
    found = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(found) == rows
    return found


def test_the_page_shows_what_each_threshold_would_suggest(client, page, bikes):
    text = words(client.get(page))
    assert "Qué sugeriría cada umbral" in text and "(en uso" in text
    assert BIKES[0] in text and "entre 2 propuestas que esperan una decisión" in text
    assert "No se ha medido aquí" in text or "Medido con textos de prueba" in text


def test_an_empty_consultation_says_what_will_be_here(client, page):
    assert "Aquí se verá cuando haya propuestas publicadas." in words(client.get(page))


def test_thresholds_are_saved_recorded_and_put_back(client, page, consultation):
    answer = send(client, page, {"citizen_floor": "0,65", "group_floor": "0.7"})
    assert answer.status_code == 302
    assert floors_of(consultation) == (0.65, 0.7)
    assert "Los umbrales quedaron guardados" in words(client.get(page))
    send(client, page + "/iniciales", page=page)
    db.session.rollback()
    assert floors_of(consultation) == (CITIZEN_FLOOR, GROUP_FLOOR)
    events = [entry.event for entry in db.session.query(Entry).order_by(Entry.id)]
    assert events.count("similarity.tuned") == 2
    send(client, page + "/iniciales", page=page)
    db.session.rollback()
    assert db.session.query(Entry).filter_by(event="similarity.tuned").count() == 2


@pytest.mark.parametrize("typed", ["", "mucho", "1,5", "0", "-0,5", "1e-3", "0,5,5", "NaN", "٣", "9" * 40])
def test_what_is_no_threshold_is_pointed_out_and_kept(client, page, consultation, typed):
    answer = send(client, page, {"citizen_floor": typed, "group_floor": "0,7"})
    assert answer.status_code == 422
    assert "Escribe un número" in words(answer)
    assert f'value="{typed}"' in answer.text
    assert floors_of(consultation) == (CITIZEN_FLOOR, GROUP_FLOOR)


def test_a_large_consultation_is_looked_at_by_a_job(client, page, consultation, bikes, monkeypatch):
    monkeypatch.setattr(similarity_settings, "AT_ONCE", 1)
    assert "Calcular la vista previa" in words(client.get(page))
    assert send(client, page + "/vista-previa", page=page).status_code == 302
    assert "Se está calculando la vista previa" in words(client.get(page))
    assert 'data-state="under_way"' in client.get(page + "/vista-previa").text
    db.session.rollback()
    assert perform("preview_thresholds") == 1
    text = words(client.get(page))
    assert BIKES[0] in text and "Calcular de nuevo" in text and "Calculada el" in text


def test_a_kept_preview_names_nobody_who_was_hidden_since(
    client, page, consultation, bikes, moderator, monkeypatch, citizen
):
    monkeypatch.setattr(similarity_settings, "AT_ONCE", 1)
    make_proposal(consultation, citizen, title="Otra cosa, de semáforos")
    send(client, page + "/vista-previa", page=page)
    db.session.rollback()
    perform("preview_thresholds")
    hide_proposal(bikes[0], reason="Insulta.", by=moderator)
    text = words(client.get(page))
    assert BIKES[0] not in text and "ya no se lista" in text
    assert BIKES[0] not in json.dumps(preview_asked(consultation.id).figures)


def test_the_page_says_how_many_decisions_are_missing(client, page, bikes, moderator):
    merge_proposals(bikes, title="Ciclovías", body="Todo.", reason="Piden lo mismo.", by=moderator)
    text = words(client.get(page))
    assert "hacen falta 50 decisiones de cada clase" in text
    assert "1 (faltan 49)" in text and "0 (faltan 50)" in text


@pytest.mark.parametrize(
    "losses, tried, said",
    [
        ((0.5, 0.4), 90, "se equivocó un 20 % menos"),
        ((0.4, 0.5), 90, "No acertó más que la cercanía simple"),
        ((0.0, 0.0), 0, "no se puede comprobar"),
    ],
)
def test_the_page_says_what_was_learned_and_whether_it_is_used(client, page, losses, tried, said):
    count = len(FEATURES)
    weights = Learned((0.0,) * count, (1.0,) * count, (0.5,) * count, 0.0, 0.5).to_json() | {"tried": tried}
    keep_reranker("letters", weights=weights, pairs=(60, 70), losses=losses, learned_from="1", by=None)
    assert said in words(client.get(page)).replace("\u00a0", " ")


@pytest.mark.settings(RERANKER=False)
def test_the_page_says_that_it_is_turned_off(client, page):
    assert "Está apagado en la configuración" in words(client.get(page))


def test_decisions_are_taken_along_with_the_texts_that_were_judged(
    client, page, consultation, citizen, moderator, bikes
):
    first, second = bikes
    other = make_proposal(consultation, citizen, title="Semáforos para peatones", body="Con sonido.\nY botón.")
    tell_apart([[first], [other]], by=moderator)
    revise_proposal(other, title="Otro título", body="Otro.", theme=None, territory=None, by=citizen)
    merge_proposals(bikes, title="Ciclovías", body="Todo.", reason="Piden lo mismo.", by=moderator)
    answer = client.get(page + "/decisiones.csv")
    apart, same = table_of(answer, 2)
    assert list(apart) == list(similarity_settings.COLUMNS)
    assert (apart["verdict"], apart["kind"], same["verdict"], same["kind"]) == (
        "different",
        "told_apart",
        "same",
        "merged",
    )
    assert {apart["title_a"], apart["title_b"]} == {first.title, "Semáforos para peatones"}
    assert "Con sonido.\nY botón." in (apart["body_a"].replace("\r", ""), apart["body_b"].replace("\r", ""))
    assert {same["code_a"], same["code_b"]} == {first.code, second.code}
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"


def test_decisions_are_a_set_that_the_measuring_command_reads(
    client, page, consultation, citizen, moderator, bikes, tmp_path
):
    other = make_proposal(consultation, citizen, title="Semáforos\tpara peatones", body="Con sonido.\nY botón.")
    tell_apart([[bikes[0]], [other]], by=moderator)
    merge_proposals(bikes, title="Ciclovías", body="Todo.", reason="Piden lo mismo.", by=moderator)
    for name in ("decisiones.tsv", "decisiones-negativas.tsv"):
        (tmp_path / name).write_bytes(client.get(f"{page}/{name}").data)
    texts, notes = read_labelled(tmp_path / "decisiones.tsv")
    assert notes == []
    groups = {text.id: text.group for text in texts}
    assert groups[bikes[0].code] == groups[bikes[1].code] != "" and groups[other.code] == ""
    negatives, notes = read_negatives(tmp_path / "decisiones-negativas.tsv", texts)
    assert notes == [] and [each.kind for each in negatives] == ["told_apart"]


def test_what_was_taken_back_is_not_taken_along(client, page, bikes, moderator):
    tell_apart([[each] for each in bikes], by=moderator)
    table_of(client.get(page + "/decisiones.csv"), 1)
    reconsider(bikes, by=moderator)
    table_of(client.get(page + "/decisiones.csv"), 0)


def test_what_is_not_public_is_in_no_file(client, page, moderator, bikes):
    tell_apart([[each] for each in bikes], by=moderator)
    hide_proposal(bikes[0], reason="Insulta.", by=moderator)
    for name in ("decisiones.csv", "decisiones.tsv", "decisiones-negativas.tsv"):
        text = client.get(f"{page}/{name}").get_data(as_text=True)
        assert BIKES[0] not in text and bikes[0].code not in text


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_is_a_formula(client, page, consultation, citizen, moderator, formula):
    evil = make_proposal(consultation, citizen, title=formula + " cmd", body=formula + "|x")
    tell_apart([[evil], [make_proposal(consultation, citizen)]], by=moderator)
    (row,) = table_of(client.get(page + "/decisiones.csv"), 1)
    cells = list(row.values())
    for line in client.get(page + "/decisiones.tsv").get_data(as_text=True).splitlines():
        cells += line.split("\t")
    assert any(formula.strip(" \u200b") in cell for cell in cells)
    for cell in cells:
        assert cell.lstrip(" \u200b")[:1] not in tuple("=+-@\t\r＝＋－＠"), cell


def test_measured_figures_are_those_of_the_encoder(tmp_path):
    file = tmp_path / "measured.json"
    assert figures_of("letters", file) is None
    file.write_text("{", encoding="utf-8")
    assert figures_of("letters", file) is None
    held = {"letters": {"hit_at_5": 0.9}, "intfloat/multilingual-e5-small": {"hit_at_5": 0.97}}
    file.write_text(json.dumps(held), encoding="utf-8")
    assert figures_of("letters", file) == {"hit_at_5": 0.9}
    assert figures_of("meaning-1:/srv/models/intfloat--multilingual-e5-small@0123", file) == {"hit_at_5": 0.97}
    assert figures_of("meaning-1:another@0123", file) is None
