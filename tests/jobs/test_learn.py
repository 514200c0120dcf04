"""What people decide teaches the machine in the background: when there is enough, not all the time, never when off."""

import time
from datetime import timedelta

import numpy as np
import pytest

from consulta.core.clock import frozen, now
from consulta.core.extensions import db
from consulta.core.pulse import pulse_of
from consulta.jobs import learn, preview_thresholds, suggest_groups
from consulta.jobs.work import perform
from consulta.merging.actions import merge_proposals
from consulta.proposals.actions import enter_proposal, hide_proposal
from consulta.similarity.reranking import FEATURES, fit
from consulta.suggestions import learning
from consulta.suggestions.actions import ask_preview, keep_reranker, tell_apart
from consulta.suggestions.learning import learned_in_use
from consulta.suggestions.queries import preview_asked, reranker_of
from tests.people import make_person, make_proposal

STREETS = "Prat Colón Serrano Baquedano Bulnes Freire Maipú Rengifo Cruz Lautaro Arauco Ongolmo".split()
THINGS = "ciclovía canal biblioteca consultorio semáforo plaza cancha feria jardín sede puente paradero".split()


@pytest.fixture
def few(monkeypatch):
    """Twelve decisions of each kind are enough."""
    for module in (learn, learning):
        monkeypatch.setattr(module, "FEWEST", 12)


@pytest.fixture
def decisions(consultation, moderator):
    """Pairs with the same title merged, pairs of one street and two things told apart: twelve of each."""
    merged, apart = [], []
    for street, thing in zip(STREETS, THINGS, strict=True):
        merged.append([_entered(consultation, f"Mejorar {thing} de {street}", moderator) for _twice in range(2)])
        apart.append([_entered(consultation, f"Mejorar {each} de {street}", moderator) for each in (thing, "ruido")])
    for place, pair in enumerate(merged):
        merge_proposals(pair, title=f"Conjunta {place}", body="Todo.", reason="Piden lo mismo.", by=moderator)
    for pair in apart:
        tell_apart([[each] for each in pair], by=moderator)
    return merged + apart


_bodies = iter(f"Desde hace {number} años los vecinos lo pedimos, con {number * 7} firmas." for number in range(10**6))


def _entered(consultation, title, by):
    return enter_proposal(consultation, title=title, body=next(_bodies), origin="table", by=by)


def kept():
    """Return what is kept for letters, as it is now: the job has a session of its own."""
    db.session.rollback()
    return reranker_of("letters")


def test_nothing_is_learned_from_few_decisions(app, consultation, citizen, moderator):
    tell_apart([[make_proposal(consultation, citizen, title=title)] for title in ("Una", "Otra")], by=moderator)
    assert learn.waiting() == []
    assert perform("learn") == 0
    assert kept() is None


def test_what_was_decided_is_learned_once_and_again_when_more_is_decided(app, few, decisions, moderator):
    assert learn.waiting() == [""]
    assert perform("learn") == 1
    held = kept()
    assert (held.pairs_same, held.pairs_different) == (12, 12)
    assert held.weights["tried"] > 0 and held.is_better == (held.learned_loss < held.plain_loss)
    assert learn.waiting() == [] and perform("learn") == 0
    tell_apart([[decisions[-1][0]], [decisions[-2][0]]], by=moderator)
    assert learn.waiting() == [""]
    assert perform("learn") == 0, "it rests a while"
    with frozen(now() + timedelta(seconds=learn.REST + 1)):
        assert perform("learn") == 1
    assert kept().pairs_different == 13


@pytest.mark.settings(RERANKER=False)
def test_turned_off_nothing_is_learned_or_used(app, few, decisions):
    assert learn.waiting() == []
    assert app.extensions["similarity"].learned is None


def test_what_does_better_corrects_the_scores_and_what_does_not_is_let_go(app, few, decisions, consultation, moderator):
    neighbours, typed = app.extensions["similarity"], "Mejorar la ciclovía de Prat"
    seen = make_proposal(consultation, make_person(), title="Arreglar la ciclovía de Prat")

    def score():
        index = neighbours.index_of(consultation.id, complete=True)
        return {each.id: each.score for each in index.closest(typed, 50)}[seen.id]

    plain = score()
    weights = fit(*_planted()).to_json()
    kept_as = {"weights": weights, "pairs": (50, 50), "learned_from": "1", "by": None}
    keep_reranker("letters", losses=(0.5, 0.4), **kept_as)
    learned = learned_in_use("letters")
    assert learned is not None and learned_in_use("letters") is learned, "one index judges all anew for another one"
    corrected = score()
    assert corrected < plain
    keep_reranker("letters", losses=(0.4, 0.5), **kept_as)
    assert learned_in_use("letters") is None and score() == plain
    keep_reranker("letters", losses=(0.5, 0.4), **kept_as | {"weights": {"features": []}})
    assert learned_in_use("letters") is None and score() == plain


def test_groups_are_made_anew_after_a_lesson_that_is_used(app, consultation, proposal):
    perform("suggest_groups")
    assert suggest_groups.waiting() == []
    kept_as = {"weights": fit(*_planted()).to_json(), "pairs": (50, 50), "learned_from": "1", "by": None}
    keep_reranker("letters", losses=(0.4, 0.5), **kept_as)
    assert suggest_groups.waiting() == []
    keep_reranker("letters", losses=(0.5, 0.4), **kept_as)
    assert suggest_groups.waiting() == [consultation.id]


def _planted():
    """Return (features, labels, ends): what is told apart is anything that is not quite the same."""
    chance = np.random.default_rng(1)
    features = chance.uniform(0, 1, (200, len(FEATURES)))
    features[:, 0] = chance.normal(0, 2, 200)
    return features, features[:, 0] > 3, np.arange(400).reshape(200, 2)  # noqa: PLR2004


def test_what_is_not_public_any_more_is_not_learned_from(app, few, decisions, moderator):
    hide_proposal(decisions[-1][0], reason="Insulta.", by=moderator)
    assert perform("learn") == 1
    assert kept() is None, "eleven are too few"
    assert learn.waiting() == [], "until more is decided"


def test_a_lesson_that_cannot_be_tried_is_never_better(app, few, consultation, moderator, monkeypatch, decisions):
    monkeypatch.setattr(learning, "cross_validated", lambda *_all: None)
    assert perform("learn") == 1
    held = kept()
    assert held.weights["tried"] == 0 and not held.is_better


def test_a_preview_is_computed_where_it_was_asked_for(app, consultation, administrator, decisions):
    assert preview_thresholds.waiting() == []
    ask_preview(consultation, by=administrator)
    assert preview_thresholds.waiting() == [consultation.id]
    began = time.monotonic()
    assert perform("preview_thresholds") == 1
    assert time.monotonic() - began < 30
    db.session.rollback()
    held = preview_asked(consultation.id)
    assert held.figures["rows"] and held.made_at == held.asked_at
    assert preview_thresholds.waiting() == []
    assert pulse_of(f"preview_thresholds:{consultation.id}").failures == 0


def test_a_preview_asked_for_again_meanwhile_is_computed_again(app, consultation, administrator):
    ask_preview(consultation, by=administrator)
    with frozen(now() + timedelta(seconds=5)):
        perform("preview_thresholds")
        ask_preview(consultation, by=administrator)
    assert preview_thresholds.waiting() == [consultation.id]
