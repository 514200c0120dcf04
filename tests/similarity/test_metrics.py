"""Each measure against examples computed by hand."""

import pytest

from consulta.similarity import metrics

# Ten texts; three true groups; what was found holds one whole, one too much, one in part.
IDS = range(1, 11)
TRUTH = [{1, 2, 3}, {4, 5}, {6, 7}]
FOUND = [{1, 2}, {4, 5, 8}, {9, 10}]


def test_hits_are_the_queries_answered_early_enough():
    ranks = [1, 3, 5, 6, None]
    assert metrics.hit_at(ranks, 1) == 1 / 5
    assert metrics.hit_at(ranks, 5) == 3 / 5


def test_the_mean_reciprocal_rank_counts_what_was_not_found_as_nothing():
    assert metrics.mean_reciprocal_rank([1, 2, 4, None]) == (1 + 1 / 2 + 1 / 4) / 4


def test_a_pair_is_recalled_where_either_side_finds_the_other():
    # Of 1-2, 1-3, 2-3, 4-5, 6-7: 1 finds 2, 3 finds 1, 5 finds 4.
    closest = {1: [2, 9], 2: [9], 3: [1], 4: [8], 5: [4], 6: [9], 7: []}
    assert metrics.pair_recall(closest, TRUTH) == 3 / 5


def test_pairs_of_groups_are_counted_one_by_one():
    # Found: 1-2, 4-5, 4-8, 5-8, 9-10, of which 1-2 and 4-5 are right; true: 1-2, 1-3, 2-3, 4-5, 6-7.
    assert metrics.pairwise(FOUND, TRUTH) == (2 / 5, 2 / 5, 2 / 5)


def test_b_cubed_weighs_every_text_the_same_and_counts_those_alone():
    # Precision: 1, 2: 1; 3: 1; 4, 5: 2/3; 8: 1/3; 6, 7: 1; 9, 10: 1/2. Recall: 1, 2: 2/3; 3: 1/3; 6, 7: 1/2; else 1.
    precision = (1 + 1 + 1 + 2 / 3 + 2 / 3 + 1 / 3 + 1 + 1 + 1 / 2 + 1 / 2) / 10
    recall = (2 / 3 + 2 / 3 + 1 / 3 + 1 + 1 + 1 + 1 / 2 + 1 / 2 + 1 + 1) / 10
    found = metrics.b_cubed(FOUND, TRUTH, IDS)
    assert found == pytest.approx((precision, recall, 2 * precision * recall / (precision + recall)))


def test_b_cubed_gives_the_figures_of_the_usual_example():
    # Amigó, Gonzalo, Artiles and Verdejo 2009: classes aaaaa bb ccccc; the second cluster mixes b and c.
    truth, found = [{1, 2, 3, 4, 5}, {6, 7}, {8, 9, 10, 11, 12}], [{1, 2, 3, 4, 5}, {6, 7, 8, 9, 10, 11, 12}]
    precision = (5 * 1 + 2 * 2 / 7 + 5 * 5 / 7) / 12
    assert metrics.b_cubed(found, truth, range(1, 13))[:2] == pytest.approx((precision, 1.0))


def test_the_best_threshold_is_the_one_of_highest_f1():
    # At 0.8: 2 of 3 right, of 3 true, F1 = 2/3; at 0.6: 3 of 5, F1 = 6/8. Pairs of one score go together.
    scores, truths = [0.9, 0.8, 0.8, 0.6, 0.6, 0.1], [True, True, False, True, False, False]
    assert metrics.best_threshold(scores, truths) == pytest.approx((0.6, 3 / 5, 1.0, 3 / 4))
    assert metrics.best_threshold(scores[::-1], truths[::-1]) == metrics.best_threshold(scores, truths)


def test_of_two_equally_good_thresholds_the_higher_one_is_given():
    # At 0.9: 1 of 1 right, of 2 true, F1 = 2/3; at 0.3: 2 of 4 right, F1 = 4/6.
    assert metrics.best_threshold([0.9, 0.5, 0.4, 0.3], [True, False, False, True]).threshold == 0.9


def test_true_pairs_that_no_score_was_given_for_count_as_missed():
    assert metrics.best_threshold([0.9], [True], missed=1) == pytest.approx((0.9, 1.0, 1 / 2, 2 / 3))


def test_with_nothing_to_measure_there_is_no_figure():
    assert metrics.hit_at([], 5) is None
    assert metrics.mean_reciprocal_rank([]) is None
    assert metrics.pair_recall({}, []) is None
    assert metrics.share([]) is None
    assert metrics.pairwise([], []) == (None, None, None)
    assert metrics.b_cubed([], [], []) == (None, None, None)
    assert metrics.best_threshold([], []) == (None, None, None, None)
    assert metrics.best_threshold([0.5], [False]) == (None, None, None, None)
    assert metrics.f1_interval(FOUND, [], IDS) is None


def test_suggesting_nothing_has_no_precision_and_finds_nothing():
    assert metrics.pairwise([], TRUTH) == (None, 0, 0)


def test_what_is_found_without_fault_has_no_doubt_about_it():
    assert metrics.f1_interval(TRUTH, TRUTH, IDS) == (1, 1)
    assert metrics.b_cubed(TRUTH, TRUTH, IDS) == (1, 1, 1)


def test_the_interval_is_the_same_every_time_and_holds_the_figure():
    low, high = metrics.f1_interval(FOUND, TRUTH, IDS)
    assert (low, high) == metrics.f1_interval(FOUND[::-1], TRUTH[::-1], IDS)
    assert 0 <= low < metrics.pairwise(FOUND, TRUTH).f1 < high <= 1
