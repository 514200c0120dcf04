"""Learn the word vectors that ship with consulta, from proposals that ask for the same in other words.

    .venv/bin/python tools/word_vectors/learn.py [--out FILE] [--seed N] [CORPUS]

CORPUS (corpus/ beside this file): tab-separated files without a header, a proposal a line: block, measure, title, body.
Proposals of one block and measure ask for the same; those of one block are neighbours in subject, and so the hardest
to tell apart. Files are the project's own text, see the README beside them.

The loss is that of supervised contrastive learning (Khosla et al. 2020): each text of a batch is to be nearer to those
of its measure than to all others. A pair's logit is SPELLED * cosine of letters + MEANT * cosine of vectors, so that
vectors learn what letters do not tell. A batch holds whole blocks. In each turn a text is shown by its title alone or
with its body, and each of its words is left out with probability DROPPED. Gradients by hand, steps by Adam (Kingma and
Ba 2015). Same corpus and seed, same table, on one machine.
"""

import argparse
import sys
import time
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy import sparse

from consulta.similarity.letters import BUCKETS, FEATURES, KINDS, Letters, columns_of, rarity, spelled_rows
from consulta.similarity.lexicon import shipped
from consulta.similarity.texts import whole
from consulta.similarity.word_vectors import SHIPPED, save
from consulta.similarity.words import fold, shortened, told, words

CORPUS = Path(__file__).parent / "corpus"

NUMBERS = 128
TURNS = 40
BATCH = 400
DROPPED = 0.45
TITLE_ALONE = 0.45
SPELLED, MEANT = 12.0, 8.0
RATE, WARM, COLD = 5e-3, 50, 0.05
# How much a feature of each kind counts at first, n-grams, roots, concepts.
AT_FIRST = (0.25, 1.0, 1.5)


class Proposal(NamedTuple):
    """A line of a corpus; block and measure with the file's name, so that they differ between files."""

    block: str
    measure: str
    title: str
    body: str


class View(NamedTuple):
    """What is learnt of a text: its features, each with its weight and the number of the word it belongs to."""

    features: np.ndarray
    weights: np.ndarray
    parts: np.ndarray


def read_corpus(folder):
    """Return the Proposals of all files below `folder`, in order; ValueError for a line that has not four columns."""
    found = []
    for path in sorted(Path(folder).rglob("*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            cells = [cell.strip() for cell in line.split("\t")]
            if len(cells) != 4 or not all(cells[:3]):
                raise ValueError(f"{path}, line {number}: block, measure and title are needed, and four columns.")
            block = f"{path.relative_to(folder)}:{cells[0]}"
            found.append(Proposal(block, f"{block}:{cells[1]}", cells[2], cells[3]))
    return found


def learn(proposals, *, numbers=NUMBERS, turns=TURNS, seed=0, report=None):
    """Return (features, rows): columns of counts, and a row of `numbers` for each.

    report: called after each turn with its number and the mean loss.
    """
    drawn = np.random.default_rng(seed)
    titles = [each.title for each in proposals]
    texts = [whole(each.title, each.body) for each in proposals]
    counts = Letters().count(texts)
    weights = rarity(counts)
    letters = [spelled_rows(each, weights) for each in (Letters().count(titles), counts)]
    features, gains = _gains(counts)
    views = [[_view(text, features, gains) for text in some] for some in (titles, texts)]
    measures = np.unique([each.measure for each in proposals], return_inverse=True)[1]
    blocks = _members([each.block for each in proposals])
    steps = _Adam(drawn.normal(0, 0.1, (len(features), numbers)).astype(np.float32))
    batches = max(1, round(len(proposals) / BATCH))
    for turn in range(turns):
        losses = []
        for some in np.array_split(drawn.permutation(len(blocks)), batches):
            texts_in = np.concatenate([blocks[block] for block in some])
            alone = drawn.random(len(texts_in)) < TITLE_ALONE
            shown = [views[0 if title else 1][text] for title, text in zip(alone, texts_in, strict=True)]
            held = _held(shown, len(features), drawn)
            near = _mixed(letters, texts_in, alone)
            loss, slope = _slope(held @ steps.rows, near, measures[texts_in])
            done = (turn + len(losses) / batches) / turns
            steps.step(np.asarray(held.T @ slope), RATE * (1 - (1 - COLD) * done))
            losses.append(loss)
        if report:
            report(turn + 1, float(np.mean(losses)))
    return features, steps.rows * gains[:, None]


def _gains(counts):
    """Return the columns that are learnt, and what each counts at first: its kind and its rarity."""
    frequency = np.bincount(counts.indices, minlength=BUCKETS)
    kinds, least = np.zeros(BUCKETS), np.ones(BUCKETS)
    for kind, weight in zip(KINDS, AT_FIRST, strict=True):
        kinds[kind] = weight
    # An n-gram of one text says no more than its word.
    least[KINDS[0]] = 2
    features = np.flatnonzero(frequency >= least)
    rare = np.log((counts.shape[0] + 1) / (frequency[features] + 0.5))
    return features.astype(np.int32), (kinds[features] * rare).astype(np.float32)


def _view(text, features, gains):
    """Return the View of a text; weights are as `Letters.count` makes them, shared out among equal features."""
    folded = fold(shortened(text))
    every = words(folded)
    lexicon = shipped()
    named = [KINDS[2].start + lexicon.number(concept) for concept, share in lexicon.shares(every) if share == 1]
    parts = [_columns(word) for word in told(folded, every)] + [np.array([column]) for column in named]
    if not parts:
        return View(*(np.zeros(0, dtype=kind) for kind in (np.int32, np.float32, np.int32)))
    columns = np.concatenate(parts)
    numbers = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    places = np.searchsorted(features, columns).clip(max=len(features) - 1)
    known = features[places] == columns
    places, numbers = places[known], numbers[known]
    _, back, times = np.unique(places, return_inverse=True, return_counts=True)
    weights = ((1 + np.log(times)) / times)[back] * gains[places]
    return View(places.astype(np.int32), weights.astype(np.float32), numbers.astype(np.int32))


@cache
def _columns(word):
    return columns_of(word)


def _members(names):
    """Return the places of each distinct name, in the order of the names."""
    numbers = np.unique(names, return_inverse=True)[1]
    order = np.argsort(numbers, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(numbers[order])) + 1)


def _held(views, width, drawn):
    """Return what some texts hold once words were left out, CSR, shape (texts, width)."""
    kept = [drawn.random(int(view.parts[-1]) + 1 if len(view.parts) else 0) >= DROPPED for view in views]
    masks = [keep[view.parts] for keep, view in zip(kept, views, strict=True)]
    ends = np.cumsum([0, *(int(mask.sum()) for mask in masks)])
    columns = np.concatenate([view.features[mask] for view, mask in zip(views, masks, strict=True)])
    data = np.concatenate([view.weights[mask] for view, mask in zip(views, masks, strict=True)])
    return sparse.csr_matrix((data, columns, ends), shape=(len(views), width))


def _mixed(letters, texts, alone):
    """Return the cosines of letters of some texts with each other, of titles where those stand `alone`."""
    rows = sparse.vstack([letters[0][texts[alone]], letters[1][texts[~alone]]], format="csr")
    order = np.argsort(np.concatenate([np.flatnonzero(alone), np.flatnonzero(~alone)]))
    rows = rows[order]
    return (rows @ rows.T).toarray()


def _slope(sums, near, measures):
    """Return the loss of a batch, and its slope by `sums`, the vectors before they are brought to one length."""
    lengths = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)
    rows = sums / lengths
    logits = SPELLED * near + MEANT * (rows @ rows.T)
    np.fill_diagonal(logits, -np.inf)
    logits -= logits.max(axis=1, keepdims=True)
    chances = np.exp(logits)
    totals = chances.sum(axis=1, keepdims=True)
    chances /= totals
    same = measures[:, None] == measures
    np.fill_diagonal(same, False)
    twins = same.sum(axis=1)
    asked = twins > 0
    wanted = same / np.maximum(twins, 1)[:, None]
    np.fill_diagonal(logits, 0)
    loss = -((logits - np.log(totals)) * wanted).sum(axis=1)[asked].mean()
    by_logit = np.where(asked[:, None], chances - wanted, 0) / asked.sum()
    by_row = MEANT * ((by_logit + by_logit.T) @ rows)
    return loss, (by_row - rows * (rows * by_row).sum(axis=1, keepdims=True)) / lengths


class _Adam:
    def __init__(self, rows):
        self.rows = rows
        self._mean, self._square, self._count = np.zeros_like(rows), np.zeros_like(rows), 0

    def step(self, slope, rate):
        self._count += 1
        self._mean += 0.1 * (slope - self._mean)
        self._square += 0.001 * (slope**2 - self._square)
        size = rate * min(1, self._count / WARM) * np.sqrt(1 - 0.999**self._count) / (1 - 0.9**self._count)
        self.rows -= (size * self._mean / (np.sqrt(self._square) + 1e-8)).astype(np.float32)


def main(arguments):
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("corpus", nargs="?", default=CORPUS, type=Path)
    asked.add_argument("--out", default=SHIPPED, type=Path)
    asked.add_argument("--seed", default=0, type=int)
    asked = asked.parse_args(arguments)
    proposals, started = read_corpus(asked.corpus), time.monotonic()
    print(f"{len(proposals)} proposals, {len({each.measure for each in proposals})} measures")
    features, rows = learn(proposals, seed=asked.seed, report=lambda turn, loss: print(f"turn {turn}: {loss:.3f}"))
    plain = features < KINDS[2].start
    names = [shipped().concepts[column - KINDS[2].start] for column in features[~plain]]
    save(asked.out, FEATURES, features[plain], names, np.concatenate([rows[plain], rows[~plain]]))
    size = asked.out.stat().st_size / 2**20
    print(f"{len(features)} features, {size:.1f} MB, {time.monotonic() - started:.0f} s: {asked.out}")


if __name__ == "__main__":
    main(sys.argv[1:])
