"""The re-ranker learns what people decide, is tried on texts it never saw, and is not used where it helps nothing."""

import json
import math
from collections import namedtuple

import numpy as np
import pytest

from consulta.similarity.reranking import (
    FEATURES,
    LEEWAY,
    Cosines,
    cross_validated,
    facts_of,
    features_of,
    fit,
    from_json,
)
from consulta.similarity.scoring import GROUP_FLOOR

Warned = namedtuple("Warned", "kind")
PLACE = {name: place for place, name in enumerate(FEATURES)}


def decided(count=200, *, rule=None, seed=1):
    """Return (features, labels, ends) of `count` pairs of texts of their own; rule: features to truth, or by chance."""
    chance = np.random.default_rng(seed)
    features = chance.uniform(0, 1, (count, len(FEATURES)))
    features[:, 0] = chance.normal(1, 0.5, count)
    features[:, PLACE["stance"] :] = chance.uniform(0, 1, (count, 5)) < 0.2
    labels = rule(features) if rule else chance.uniform(0, 1, count) < 0.5
    return features, labels, np.arange(2 * count).reshape(count, 2)


def titles_decide(features):
    return features[:, PLACE["titles_shared"]] > 0.5


def test_a_planted_rule_is_learned_and_beats_the_plain_score():
    features, labels, ends = decided(rule=titles_decide)
    learned = fit(features, labels, ends)
    assert np.argmax(np.abs(learned.coefficients)) == PLACE["titles_shared"]
    losses = cross_validated(features, labels, ends)
    assert losses.learned < losses.plain - 0.05
    assert losses.tried == len(labels)
    unseen, truth, _ends = decided(rule=titles_decide, seed=9)
    scores = learned.score_pairs(unseen)
    assert scores[truth].mean() > scores[~truth].mean() + 0.2


@pytest.mark.parametrize("seed", range(5))
def test_what_is_decided_by_chance_teaches_nothing(seed):
    losses = cross_validated(*decided(seed=seed))
    assert losses.learned > losses.plain


def test_where_the_plain_score_knows_it_all_nothing_is_gained_by_knowing_how_often_people_agree():
    chance = np.random.default_rng(2)
    features, _labels, ends = decided(400)
    labels = chance.uniform(0, 1, 400) < 1 / (1 + np.exp(2 - features[:, 0]))  # as the score says, but rarer
    losses = cross_validated(features, labels, ends)
    assert losses.learned > losses.plain - 0.005


def test_the_same_decisions_teach_the_same():
    assert fit(*decided(rule=titles_decide)) == fit(*decided(rule=titles_decide))
    assert cross_validated(*decided(rule=titles_decide)) == cross_validated(*decided(rule=titles_decide))


def test_the_order_of_the_pairs_hardly_matters():
    features, labels, ends = decided(rule=titles_decide)
    order = np.random.default_rng(0).permutation(len(labels))
    one, other = fit(features, labels, ends), fit(features[order], labels[order], ends[order])
    assert np.allclose(one.coefficients, other.coefficients, atol=1e-3)


def test_weights_travel_as_json():
    learned = fit(*decided(rule=titles_decide))
    features = decided(seed=4)[0]
    again = from_json(json.loads(json.dumps(learned.to_json())))
    assert again == learned
    assert np.array_equal(again.score_pairs(features), learned.score_pairs(features))


@pytest.mark.parametrize(
    "damage",
    [
        {"features": ["score"]},
        {"means": []},
        {"scales": [0.0] * len(FEATURES)},
        {"coefficients": ["x"] * len(FEATURES)},
        {"intercept": math.nan},
        {"intercept": None},
    ],
)
def test_damaged_weights_are_not_used(damage):
    assert from_json(fit(*decided(rule=titles_decide)).to_json() | damage) is None
    assert from_json({}) is None and from_json(None) is None


def test_one_kind_of_decision_teaches_nothing():
    features, _labels, ends = decided(20)
    assert fit(features, np.ones(20), ends) is None
    assert cross_validated(features, np.ones(20), ends) is None


def test_no_text_is_learned_from_and_foretold_at_once():
    # Everything hangs together: the texts are dealt out, and pairs across the heaps are left out.
    features, labels, _ends = decided(300, rule=titles_decide)
    chance = np.random.default_rng(5)
    ends = np.array([sorted(chance.choice(40, 2, replace=False)) for _pair in range(300)])
    losses = cross_validated(features, labels, ends)
    assert losses is not None and losses.learned < losses.plain


def test_pairs_of_one_text_cannot_be_tried():
    features, labels, _ends = decided(200, rule=titles_decide)
    assert cross_validated(features, labels, np.array([(0, other) for other in range(1, 201)])) is None


def test_a_score_moves_by_its_leeway_at_most_and_pairs_that_nobody_was_shown_are_not_raised():
    features, _labels, ends = decided(rule=titles_decide)
    features[:, 0] = np.linspace(0.2, 3, 200)
    learned = fit(features, titles_decide(features), ends)
    assert learned.raised_from >= GROUP_FLOOR
    asked = np.tile(features.mean(axis=0), (4, 1))
    asked[:, PLACE["titles_shared"]] = 5.0  # as much the same as can be
    asked[:, 0] = [-2.0, 0.0, math.log(GROUP_FLOOR / (1 - GROUP_FLOOR)) - 0.01, 1.5]
    scores = learned.score_pairs(asked)
    assert scores[:3] == pytest.approx(1 / (1 + np.exp(-asked[:3, 0])), abs=1e-6)
    assert scores[3] == pytest.approx(1 / (1 + math.exp(-1.5 - LEEWAY)), abs=1e-6)
    asked[:, PLACE["titles_shared"]] = -5.0
    assert learned.score_pairs(asked) == pytest.approx(1 / (1 + np.exp(LEEWAY - asked[:, 0])), abs=1e-6)
    asked[:, PLACE["titles_shared"]] = 5.0
    for floor in (0.3, 0.5, 0.7, 0.9):
        least = learned.least_plain(floor)
        assert least <= floor
        for score in np.linspace(0.02, 0.98, 49):
            asked[0, 0] = math.log(score / (1 - score))
            assert learned.score(asked[0]) < floor or score >= least - 1e-6


def test_a_merge_of_many_is_not_as_many_decisions():
    features, labels, ends = decided(120, rule=titles_decide)
    # Sixty texts in one merge, whose pairs all say the contrary.
    clique = 1000 + np.array([(a, b) for a in range(60) for b in range(a)])
    contrary = np.tile(features.mean(axis=0), (len(clique), 1))
    contrary[:, PLACE["titles_shared"]] = 0.1
    learned = fit(np.vstack([features, contrary]), np.append(labels, np.ones(len(clique))), np.vstack([ends, clique]))
    assert learned.coefficients[PLACE["titles_shared"]] > 0


def test_the_features_of_a_pair_say_what_they_are_called():
    one = facts_of("Plantar 100 árboles en la plaza", "Árboles nativos para la plaza.")
    other = facts_of("Cien árboles: plantar 200 árboles en plazas")
    warned = [Warned("quantity"), Warned("quantity")]
    found = dict(zip(FEATURES, features_of(one, other, Cosines(0.5, 0.4), warned), strict=True))
    assert found["score"] == 0 and found["letters"] == 0.4 and math.isnan(found["meaning"])
    assert found["one_bodiless"] == 1 and found["numbers"] == -1 and found["quantity"] == 1 and found["place"] == 0
    assert 0 < found["titles_shared"] < 1 and found["titles_contained"] >= found["titles_shared"]
    swapped = features_of(other, one, Cosines(0.5, 0.4), warned)
    assert np.array_equal(swapped, list(found.values()), equal_nan=True)
    same = dict(zip(FEATURES, features_of(one, one, Cosines(1.0, 1.0, 1.0)), strict=True))
    assert same["titles_shared"] == same["texts_contained"] == same["lengths"] == same["numbers"] == 1


@pytest.mark.parametrize("text", ["", "de la", "😀😀", "x" * 50_000, "שלום עולם", "\x00", None])
def test_any_text_has_features(text):
    facts = facts_of(text, text)
    features = features_of(facts, facts_of("Plaza"), Cosines(0.0, 0.0))
    assert len(features) == len(FEATURES) and np.isfinite(np.delete(features, PLACE["meaning"])).all()


def test_without_meaning_a_pair_is_taken_for_a_typical_one():
    features, labels, ends = decided(rule=titles_decide)
    features[::2, PLACE["meaning"]] = np.nan
    learned = fit(features, labels, ends)
    unknown, typical = features[:1].copy(), features[:1].copy()
    unknown[0, PLACE["meaning"]], typical[0, PLACE["meaning"]] = np.nan, learned.means[PLACE["meaning"]]
    assert learned.score(unknown) == pytest.approx(learned.score(typical))
    features[:, PLACE["meaning"]] = np.nan  # no model at all
    assert np.isfinite(fit(features, labels, ends).coefficients).all()
