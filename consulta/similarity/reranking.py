"""The re-ranker: what people decided of pairs taught a logistic regression, which corrects the plain score.

It reads FEATURES of a pair, of which the first is the plain score itself, after the guards, as log-odds. What it learns
is how often people find such a pair the same among those they were shown, so the classes are not weighed against each
other: balanced, it would drop half of what is shown, however often people agree with it. Of pairs that nobody was shown
it knows nothing, and there are a thousand times as many, hardly one of which is the same: so it raises no score below
GROUP_FLOOR, nor below what people told apart, and moves none by more than LEEWAY. (Without that, what it learned from
the tuning half of the development set suggested five times as many pairs of 10,860 real proposals.) Re-posts and pairs
that a guard blocks are not its business: whoever calls leaves them out.
"""

import math
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from consulta.similarity.explain import generic_stems
from consulta.similarity.scoring import GROUP_FLOOR
from consulta.similarity.texts import whole
from consulta.similarity.words import STOP_WORDS, fold, shortened, stem, words

FEWEST = 50  # decisions of each kind, below which nothing is learned
KINDS = ("stance", "place", "target", "quantity", "measure")  # of the guards' warnings
FEATURES = (
    "score",  # log-odds of the plain score after the guards
    "letters",  # cosine of letters, the better of both views
    "meaning",  # cosine of meaning; where it is not known, that of a typical pair
    "titles_shared",  # share of the telling words of both titles that both hold (Jaccard)
    "texts_shared",  # the same of title and body
    "titles_contained",  # how much of the title with fewer telling words the other one holds (overlap coefficient)
    "texts_contained",  # the same of title and body
    "lengths",  # words of the shorter text for each of the longer
    "one_bodiless",  # 1 where one has a body and the other has none
    "numbers",  # 1 where both name the same numbers, -1 where both name others, 0 where one names none
    *KINDS,  # 1 where a guard of this kind warns
)
LEEWAY = 1.0  # log-odds: 0.5 becomes 0.27 at the least and 0.73 at the most
STRENGTH = 0.3  # of what was seen against the wish for small weights: C of the regression
FOLDS, ROUNDS, PARTS = 5, 5, 3
FEWEST_TRIED = 10  # pairs of each kind that have to be foretold before anything is said of how well
_LEAST, _MOST = 0.01, 0.99  # a score beyond is no surer: one wrong certainty must not decide everything


class TextFacts(NamedTuple):
    """What the features need of one text, found once: telling stems of the title and of all, numbers, length, body."""

    title_stems: frozenset
    stems: frozenset
    numbers: frozenset
    length: int
    has_body: bool


class Cosines(NamedTuple):
    """How alike two texts are: score after the guards (0 to 1), cosine of letters, and of meaning (NaN unknown)."""

    score: float
    letters: float
    meaning: float = math.nan


class Losses(NamedTuple):
    """Log-loss on pairs that were not learned from, of the plain score and of the learned one, and how many pairs."""

    plain: float
    learned: float
    tried: int


class Learned(NamedTuple):
    """A logistic regression on FEATURES; every tuple has one number a feature.

    raised_from: the least score that may be raised.
    """

    means: tuple
    scales: tuple
    coefficients: tuple
    intercept: float
    raised_from: float

    def score_pairs(self, features):
        """Return scores (float32, 0 to 1) of pairs, shape (pairs,); features: shape (pairs, FEATURES)."""
        features = np.asarray(features, dtype=np.float64).reshape(-1, len(FEATURES))
        odds = features[:, 0]
        learned = _standard(features, self.means, self.scales) @ np.array(self.coefficients) + self.intercept
        most = np.where(odds >= _odds(self.raised_from) - 1e-9, odds + LEEWAY, odds)
        return _share(np.clip(learned, odds - LEEWAY, most)).astype(np.float32)

    def score(self, features):
        """Return the score of one pair, 0 to 1; features: as `features_of` gives them."""
        return float(self.score_pairs(features)[0])

    def least_plain(self, floor):
        """Return a score that the plain one must reach so that the learned one can reach `floor`; 0 to 1."""
        return min(floor, max(float(_share(_odds(floor) - LEEWAY)), self.raised_from))

    def to_json(self):
        """Return what `from_json` reads, in the types of JSON."""
        return {
            "features": list(FEATURES),
            "means": list(self.means),
            "scales": list(self.scales),
            "coefficients": list(self.coefficients),
            "intercept": self.intercept,
            "raised_from": self.raised_from,
        }


def from_json(weights):
    """Return the Learned that `to_json` wrote, or None where it is damaged or of other features."""
    try:
        if weights["features"] != list(FEATURES):
            return None
        tuples = [tuple(float(each) for each in weights[name]) for name in ("means", "scales", "coefficients")]
        learned = Learned(*tuples, float(weights["intercept"]), float(weights["raised_from"]))
    except (KeyError, TypeError, ValueError):
        return None
    numbers = [*learned.means, *learned.scales, *learned.coefficients, learned.intercept, learned.raised_from]
    whole_tuples = all(len(each) == len(FEATURES) for each in tuples)
    return learned if whole_tuples and np.isfinite(numbers).all() and min(learned.scales) > 0 else None


def facts_of(title, body=""):
    """Return the TextFacts of a text."""
    heading = words(fold(shortened(title)))
    every = words(fold(shortened(whole(title or "", body or ""))))
    numbers = frozenset(word for word in every if word.isdigit())
    return TextFacts(_telling(heading), _telling(every), numbers, len(every), bool(body))


def features_of(one, other, cosines, warnings=()):
    """Return the FEATURES of a pair, float64, shape (FEATURES,).

    one, other: TextFacts, whose order does not matter. cosines: Cosines. warnings: anything with a `kind`.
    """
    kinds = {warning.kind for warning in warnings}
    lengths = sorted((one.length, other.length))
    return np.array(
        [
            float(_odds(cosines.score)),
            cosines.letters,
            math.nan if cosines.meaning is None else cosines.meaning,
            _shared(one.title_stems, other.title_stems),
            _shared(one.stems, other.stems),
            _contained(one.title_stems, other.title_stems),
            _contained(one.stems, other.stems),
            lengths[0] / lengths[1] if lengths[1] else 1.0,
            float(one.has_body != other.has_body),
            _same_numbers(one.numbers, other.numbers),
            *(float(kind in kinds) for kind in KINDS),
        ]
    )


def fit(features, labels, ends=None):
    """Return the Learned of decided pairs, or None where they do not hold both kinds; the same pairs give the same.

    features: shape (pairs, FEATURES). labels: true for "the same", shape (pairs,). ends: the two texts of each pair as
    numbers, shape (pairs, 2). A decision on many texts at once is many pairs, which say less than as many decisions:
    a pair counts 1 / sqrt(pairs of the one text * pairs of the other).
    """
    features, labels = np.asarray(features, dtype=np.float64), np.asarray(labels, dtype=bool)
    if not (labels.any() and (~labels).any()):
        return None
    known = ~np.isnan(features)
    means = np.where(known, features, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    spread = np.sqrt((np.where(known, features - means, 0) ** 2).sum(axis=0) / np.maximum(known.sum(axis=0), 1))
    scales = np.where(spread > 1e-9, spread, 1.0)
    regression = _regression()
    regression.fit(_standard(features, means, scales), labels, sample_weight=_weights(ends, len(labels)))
    return Learned(
        tuple(means.tolist()),
        tuple(scales.tolist()),
        tuple(regression.coef_[0].tolist()),
        float(regression.intercept_[0]),
        max(GROUP_FLOOR, float(_share(np.quantile(features[~labels, 0], 0.1)))),
    )


def cross_validated(features, labels, ends):
    """Return Losses on pairs none of whose texts were learned from, or None where that cannot be tried.

    Arguments as `fit`. The plain score is given its best: the lower loss of the score as it is and of the score alone
    with the same regression, so that knowing how often people agree is no merit of the features.
    """
    features, labels, ends = np.asarray(features, dtype=np.float64), np.asarray(labels, dtype=bool), np.asarray(ends)
    weights, alone, foretold, tried = _weights(ends, len(labels)), [], [], []
    for train, test in _folds(ends):
        learned = fit(features[train], labels[train], ends[train])
        if learned is None:
            continue
        tried.append(test)
        foretold.append(learned.score_pairs(features[test]))
        alone.append(_plain_alone(features[:, 0], labels, weights, train, test))
    tried = np.concatenate(tried) if tried else np.zeros(0, dtype=np.intp)
    if min(labels[tried].sum(), (~labels[tried]).sum()) < FEWEST_TRIED:
        return None
    truth, weights = labels[tried], weights[tried]
    plain = min(_loss(each, truth, weights) for each in (_share(features[tried, 0]), np.concatenate(alone)))
    return Losses(plain, _loss(np.concatenate(foretold), truth, weights), len(np.unique(tried)))


def _plain_alone(odds, labels, weights, train, test):
    """Return the shares that a regression on the log-odds of the plain score alone foretells for `test`."""
    regression = _regression()
    regression.fit(odds[train, None], labels[train], sample_weight=weights[train])
    return regression.predict_proba(odds[test, None])[:, 1]


def _regression():
    # Takes half a second to import, and only the job that learns needs it.
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=STRENGTH, max_iter=1000)


def _folds(ends):
    """Yield (train, test), indexes of pairs without a text in common.

    By the connected parts of what was decided, none of which is cut. Where one part holds most pairs, texts are dealt
    out instead, several times: pairs inside of one heap are foretold, and those outside of it learned from.
    """
    # As _regression.
    from sklearn.model_selection import GroupKFold

    names, ends = np.unique(ends, return_inverse=True)
    ends = ends.reshape(-1, 2)
    links = coo_matrix((np.ones(len(ends)), ends.T), shape=(len(names), len(names)))
    count, part = connected_components(links, directed=False)
    of_pair = part[ends[:, 0]]
    if count >= FOLDS and np.bincount(of_pair).max() <= len(ends) / 2:
        yield from GroupKFold(FOLDS).split(ends, groups=of_pair)
        return
    chance = np.random.default_rng(3)
    for _round in range(ROUNDS):
        heap = chance.permutation(len(names)) % PARTS
        for number in range(PARTS):
            inside = (heap[ends] == number).sum(axis=1)
            train, test = np.flatnonzero(inside == 0), np.flatnonzero(inside == 2)  # noqa: PLR2004
            if len(train) and len(test):
                yield train, test


def _weights(ends, count):
    if ends is None:
        return np.ones(count)
    _names, numbers, times = np.unique(np.asarray(ends), return_inverse=True, return_counts=True)
    return 1 / np.sqrt(times[numbers.reshape(-1, 2)].prod(axis=1))


def _loss(shares, truth, weights):
    shares = np.clip(np.asarray(shares, dtype=np.float64), _LEAST, _MOST)
    return float(np.average(-np.log(np.where(truth, shares, 1 - shares)), weights=weights))


def _standard(features, means, scales):
    standard = (features - np.asarray(means)) / np.asarray(scales)
    return np.where(np.isnan(standard), 0.0, standard)


def _odds(share):
    share = np.clip(share, _LEAST, _MOST)
    return np.log(share / (1 - share))


def _share(odds):
    return 1 / (1 + np.exp(-np.asarray(odds, dtype=np.float64)))


def _telling(every):
    kept = {stem(word) for word in every if word not in STOP_WORDS and (len(word) > 1 or word.isdigit())}
    return frozenset(kept - generic_stems() or kept)


def _shared(one, other):
    either = len(one | other)
    return len(one & other) / either if either else 0.0


def _contained(one, other):
    fewer = min(len(one), len(other))
    return len(one & other) / fewer if fewer else 0.0


def _same_numbers(one, other):
    return 0.0 if not one or not other else 1.0 if one == other else -1.0
