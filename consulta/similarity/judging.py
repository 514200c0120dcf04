"""From two texts and their cosines to what is said of them: plain score, guards, and the re-ranker where one is in use.

    plain    the calibrated score of both cosines (`scoring.fuse`)
    guarded  the plain score, lowered or brought to 0 by the guards (`guards.guarded`)
    score    the guarded one, corrected by the re-ranker (`reranking.Learned`), unless a guard blocks the pair

Re-posts are certain; nobody asks the judge about them.
"""

from math import isnan
from typing import NamedTuple

from consulta.similarity.guards import guarded, warnings_between
from consulta.similarity.reranking import Cosines, facts_of, features_of
from consulta.similarity.scoring import fuse


class Judged(NamedTuple):
    """What is said of two texts: score and plain from 0 to 1, and the Warnings of the guards."""

    score: float
    plain: float
    warnings: tuple


class Judge:
    """Says how alike two texts are. Immutable, safe to use by many threads at once.

    alone, both: Calibrations of letters alone, and of letters with the model (None without one). gazetteer: the places
    that guards know, or None. reranker: a `reranking.Learned`, or None.
    """

    def __init__(self, alone, both=None, gazetteer=None, reranker=None):
        self.alone = alone
        self.both = both
        self.gazetteer = gazetteer
        self.reranker = reranker

    def plain(self, letters, meaning):
        """Return plain scores (float32, 0 to 1) of cosines, arrays of one shape; meaning NaN where unknown, or None."""
        return fuse(letters, meaning, self.alone, self.both)

    def least(self, floor):
        """Return the least plain score with which a pair may still reach `floor`: a re-ranker may raise a score."""
        return floor if self.reranker is None else min(floor, self.reranker.least_plain(floor))

    def warnings(self, one, other):
        """Return the Warnings between two Entries."""
        return warnings_between(one.traits(self.gazetteer), other.traits(self.gazetteer), self.gazetteer)

    def pair(self, one, other, plain, letters=0.0, meaning=None):
        """Return the Judged of two Entries; the cosines matter to a re-ranker alone."""
        return self.pairs([(one, other, plain, letters, meaning)])[0]

    def pairs(self, rows):
        """Return the Judged of many pairs.

        rows: (Entry, Entry, plain, cosine of letters, cosine of meaning or NaN or None) of each.
        """
        judged = []
        for one, other, plain, _letters, _meaning in rows:
            warnings = self.warnings(one, other)
            judged.append(Judged(guarded(plain, warnings) if warnings else plain, plain, warnings))
        if self.reranker is None:
            return judged
        asked = [place for place, said in enumerate(judged) if said.score > 0]
        features = [self._features(rows[place], judged[place]) for place in asked]
        scores = self.reranker.score_pairs(features).tolist() if features else ()
        for place, score in zip(asked, scores, strict=True):
            judged[place] = judged[place]._replace(score=score)
        return judged

    def _features(self, row, judged):
        one, other, _plain, letters, meaning = row
        for entry in (one, other):
            if entry.facts is None:
                entry.facts = facts_of(entry.title, entry.body)
        cosines = Cosines(judged.score, letters, float("nan") if meaning is None else meaning)
        return features_of(one.facts, other.facts, cosines, judged.warnings)


def known(cosine):
    """Return `cosine`, or None where it is NaN."""
    return None if cosine is None or isnan(cosine) else cosine
