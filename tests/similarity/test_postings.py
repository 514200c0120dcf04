"""Postings answer the same whether rows came one by one or all at once, before a fit or after it."""

import numpy as np
import pytest

from consulta.similarity.letters import BUCKETS, Letters
from consulta.similarity.postings import Postings

TEXTS = [f"propuesta número {number} sobre {'agua calle plaza salud'.split()[number % 4]}" for number in range(60)]


@pytest.fixture(scope="module")
def counts():
    return Letters().count(TEXTS)


def cosines(postings, counts):
    return postings.cosines(postings.weigh(counts))


def test_rows_added_one_by_one_are_found_as_those_added_together(counts):
    one_by_one, together = Postings(), Postings()
    for postings in (one_by_one, together):
        postings.append(counts[:40])
        postings.refit(np.arange(40))
    together.append(counts[40:])
    for row in range(40, 60):
        one_by_one.append(counts[row])
        # Asked in between, each row is settled alone.
        assert len(cosines(one_by_one, counts[0])) == row + 1
    assert np.allclose(cosines(one_by_one, counts[7]), cosines(together, counts[7]))
    assert one_by_one.stale and together.stale


def test_a_row_in_the_tail_has_the_cosine_it_has_among_the_weighed_rows(counts):
    postings = Postings()
    postings.append(counts[:40])
    postings.refit(np.arange(40))
    postings.append(counts[40:45])
    rows = postings.weigh(counts[:45])
    assert np.allclose(cosines(postings, counts[3]), rows.products(rows.take([3])).ravel(), atol=1e-6)


def test_refitting_keeps_the_slots_asked_for_from_every_part(counts):
    postings, again = Postings(), Postings()
    postings.append(counts[:30])
    postings.refit(np.arange(30))
    postings.append(counts[30:40])
    cosines(postings, counts[0])
    postings.append(counts[40:50])
    keep = np.arange(0, 50, 3)
    postings.refit(keep)
    again.append(counts[keep])
    again.refit(np.arange(len(keep)))
    assert not postings.stale
    assert (postings.fitted().rows.spelled != again.fitted().rows.spelled).nnz == 0
    assert (postings.fitted().rows.meant == again.fitted().rows.meant).all()
    assert np.allclose(cosines(postings, counts[3]), cosines(again, counts[3]))


def test_nothing_held_has_no_cosines_and_an_empty_text_has_none_above_zero(counts):
    assert len(cosines(Postings(), counts[0])) == 0
    postings = Postings()
    postings.append(counts[:3])
    assert not cosines(postings, Letters().count([""])).any()
    assert postings.weigh(counts[:1]).spelled.shape == (1, BUCKETS)
