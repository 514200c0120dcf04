"""From cosines to one score between 0 and 1, and the floors that go with it.

letters  l = joined(title with title, title and body with title and body), by cosine
meaning  m = the same of the model's vectors, mapped by its ModelFacts: clip((cosine - low) / (high - low), 0, 1)
score    s = l where either side has no vector; else (1 - MEANING_SHARE) * l + MEANING_SHARE * m
         s = 1 for a re-post (equal fingerprint)

The share and the floors are set by looking, not by calibration: among 710 real Chilean titles, letters at 0.5 offer
something for three in ten, and pairs above 0.55 mostly are about one subject. Calibration on labelled pairs is a later
step; until then floors mean slightly different things with and without a model.
"""

import numpy as np

MEANING_SHARE = 0.5

# For somebody writing: few false alarms matter more than finding every twin.
CITIZEN_FLOOR = 0.5
# For a moderator, of the two most distant members of a group.
GROUP_FLOOR = 0.5


def joined(title, whole, bodies):
    """Return one cosine from that of the titles and that of the whole texts, arrays of one shape; NaN where unknown.

    bodies: whether both sides have a body, boolean, of the same shape. Then the better of `whole` and the mean of both:
    an equal title over different bodies ("Plan director", seven times in one real set) is no twin. Else the better of
    the two, since somebody who has typed a title only is compared with whole proposals.
    """
    return np.fmax(whole, np.where(bodies, (title + whole) / 2, title))


def fuse(letters, meaning, facts):
    """Return scores (float32, 0 to 1) of cosines of `letters` and of `meaning`, arrays of one shape.

    meaning: NaN where unknown, or None. facts: ModelFacts of the model, or None without one.
    """
    letters = np.clip(letters, 0, 1).astype(np.float32, copy=False)
    if meaning is None or facts is None:
        return letters
    mapped = np.clip((meaning - facts.low) / (facts.high - facts.low), 0, 1)
    mixed = (1 - MEANING_SHARE) * letters + MEANING_SHARE * mapped
    return np.where(np.isnan(mixed), letters, mixed).astype(np.float32, copy=False)
