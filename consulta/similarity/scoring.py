"""From cosines to one score between 0 and 1, and the floors that go with it.

letters  l = joined(title with title, title and body with title and body), by cosine
meaning  m = the same of the model's vectors; NaN where either side has none
score    s = alone.score(l) where m is not known, both.score(l, m) where it is: two Calibrations, fitted so that a
         score means the same with and without a model
         s = 1 for a re-post (equal fingerprint)
"""

import numpy as np

# For somebody writing: few false alarms matter more than finding every twin. The lowest in steps of 0.05 at which no
# more than a tenth of the twinless of the ten fresh sets is shown something, neither by a title nor by a whole text.
CITIZEN_FLOOR = 0.85
# For a moderator, of the two most distant members of a group. Of floors from 0.35 to 0.90 the one with the highest mean
# F1 (0.77) over the ten fresh sets at a mean precision of 0.8.
GROUP_FLOOR = 0.47


def joined(title, whole, bodies):
    """Return one cosine from that of the titles and that of the whole texts, arrays of one shape; NaN where unknown.

    bodies: whether both sides have a body, boolean, of the same shape. Then `whole` alone, which holds the titles: an
    equal title over different bodies ("Plan director", seven times in one real set) is no twin, and of five ways to mix
    both views this one served best on the tuning halves. Else the better of the two, since somebody who has typed a
    title only is compared with whole proposals.
    """
    return np.where(bodies & ~np.isnan(whole), whole, np.fmax(title, whole))


def fuse(letters, meaning, alone, both=None):
    """Return scores (float32, 0 to 1) of cosines of `letters` and of `meaning`, arrays of one shape.

    meaning: NaN where unknown, or None. alone, both: the Calibrations of letters alone and of letters with this model;
    without `both`, meaning counts for nothing.
    """
    score = alone.score(letters)
    if meaning is None or both is None:
        return score
    return np.where(np.isnan(meaning), score, both.score(letters, meaning)).astype(np.float32, copy=False)
