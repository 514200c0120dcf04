"""The rows closest to a row: all of them looked at, or, beyond EXACT_UP_TO, those of the nearest lists only.

Both have `add(slot, row)`, `remove(slot)` and `closest(row, k)`, and read the rows where their owner keeps them.

100,000 clustered rows of 384 numbers (benchmarks/synthetic.py), 200 questions that are not among them, two cores that
other work kept busy (seconds for building, milliseconds for the others; recall of the true five; memory beside the
rows, which numpy and Approximate share with the index and the others copy):

    library                     build   p50    p95     add    remove  recall  memory
    numpy, einsum (Exact)         0.0   5.59  13.80   0.001   0.001   1.000    0 MB
    numpy, BLAS, two threads      0.0  12.05  23.62   0.001   0.001   1.000    0 MB
    Approximate, 16 lists         7.7   0.73   3.10   0.039   0.001   1.000   62 MB
    usearch, float32            125.0   0.41   4.56   0.602   0.001   1.000  182 MB
    usearch, float16             82.8   0.23   0.36   0.386   0.001   0.994  108 MB
    usearch, int8                55.7   0.15   0.27   0.217   0.001   0.883   72 MB
    hnswlib (M 16, ef 64)        20.8   0.12   0.19   0.168   0.001   0.994  175 MB
    faiss-cpu, HNSW              28.5   0.12   0.16   0.193  cannot   1.000  193 MB
    faiss-cpu, IVF (32 lists)    13.7   0.21   0.26   0.029   3.707   1.000  215 MB
    sqlite-vec                  not tried: this Python's sqlite3 loads no extensions

At 10,860 rows: einsum 0.44 ms, usearch 0.30, hnswlib 0.10, faiss IVF 0.06, BLAS with two threads 0.2 on an idle machine
and 16 on a busy one. So looking at every row is enough up to some 200,000 (11 ms for each of the two views), and what a
library would save beyond is less than what the letters take there; parting the rows into lists, as faiss's IVF does,
gives it with numpy alone, shares the rows, takes a row out at once, and needs no compiler and no minutes to build.
"""

import itertools
import threading

import numpy as np
from scipy import sparse

# Texts of one consultation up to which every row is looked at.
EXACT_UP_TO = 200_000
# Lists the rows are parted into, how many of them a question looks into, and rows from which lists are learned.
LISTS, PROBES, SAMPLE, ROUNDS = 1024, 16, 20_000, 8
# How many rows are taken from letters and from each view of meaning, where not all are looked at.
SHORTLIST = 256


class Exact:
    """Looks at every row. rows: a function that returns the matrix of all slots, float32 unit rows."""

    def __init__(self, rows):
        self._rows = rows
        self._held = set()

    def add(self, slot, row):
        """Hold `slot`, whose row is in the matrix."""
        self._held.add(slot)

    def remove(self, slot):
        """Let `slot` go; one that is not held is no error."""
        self._held.discard(slot)

    def closest(self, row, k):
        """Return (slots, cosines) of the `k` rows closest to `row`, the closest first, equal ones by slot."""
        return _best(self._rows(), np.fromiter(self._held, dtype=np.intp, count=len(self._held)), row, k)


class Approximate:
    """Parts the rows into lists by k-means and looks into the nearest lists only (an inverted file, as in IVF).

    rows: a function that returns the matrix of all slots, float32 unit rows. Centres are learned once, from a sample,
    in a thread of its own, and serve as long as this object; until then every row is looked at. Not thread-safe by
    itself: its owner holds a lock.
    """

    def __init__(self, rows, lists=None, probes=None):
        self._rows, self._lists, self._probes = rows, lists or LISTS, probes or PROBES
        self._waiting = set()
        self._list_of = {}
        self._members = []
        self._centres = None
        self._learning, self._found = None, None

    def add(self, slot, row):
        """Hold `slot`, whose row is `row`, in the matrix too."""
        self.remove(slot)
        if self._centres is None:
            self._waiting.add(slot)
        else:
            self._place(slot, int(np.argmax(np.einsum("ij,j->i", self._centres, row))))

    def remove(self, slot):
        """Let `slot` go; one that is not held is no error."""
        self._waiting.discard(slot)
        if slot in self._list_of:
            self._members[self._list_of.pop(slot)].discard(slot)

    def closest(self, row, k):
        """Return (slots, cosines) of `k` rows close to `row`, the closest first; fewer where the lists hold fewer."""
        if not self.learned():
            held = np.fromiter(self._waiting, dtype=np.intp, count=len(self._waiting))
        else:
            near = np.argsort(-np.einsum("ij,j->i", self._centres, row), kind="stable")[: self._probes]
            held = np.fromiter(itertools.chain.from_iterable(self._members[place] for place in near), dtype=np.intp)
        return _best(self._rows(), held, row, k)

    def learned(self):
        """Return whether lists are in use; where they are not, begin to learn them."""
        if self._centres is None and self._found is not None:
            self._adopt(*self._found)
        elif self._centres is None and (self._learning is None or not self._learning.is_alive()):
            if len(self._waiting) >= self._lists:
                slots = np.array(sorted(self._waiting))
                self._learning = threading.Thread(
                    target=self._learn, args=(slots, self._rows()[slots]), name="similarity-lists", daemon=True
                )
                self._learning.start()
        return self._centres is not None

    def wait(self, seconds):
        """Wait up to `seconds` until the lists are learned; returns whether they are."""
        if not self.learned() and self._learning is not None:
            self._learning.join(seconds)
        return self.learned()

    def keep(self, slots):
        """Keep `slots` only (increasing integers), which become 0, 1, 2 ... in that order."""
        place = {slot: place for place, slot in enumerate(np.asarray(slots).tolist())}
        lists = {place[slot]: number for slot, number in self._list_of.items() if slot in place}
        self._waiting = {place[slot] for slot in self._waiting if slot in place}
        # What is being learned speaks of the slots as they were.
        self._learning = self._found = None
        self._list_of, self._members = {}, [set() for _ in self._members]
        for slot, number in lists.items():
            self._place(slot, number)

    def _learn(self, slots, rows):
        own = threading.current_thread()
        sample = np.random.default_rng(1).choice(len(rows), min(len(rows), SAMPLE), replace=False)
        centres = _centres(rows[sample], self._lists)
        numbers = _nearest_centres(rows, centres)
        if self._learning is own:
            self._found = centres, slots, numbers

    def _adopt(self, centres, slots, numbers):
        self._centres, self._members = centres, [set() for _ in range(len(centres))]
        waiting, self._waiting, self._found = self._waiting, set(), None
        for slot, number in zip(slots.tolist(), numbers.tolist(), strict=True):
            # One that was removed meanwhile is not held; one that was changed is put right at the next change.
            if slot in waiting:
                waiting.discard(slot)
                self._place(slot, number)
        for slot in waiting:
            self.add(slot, self._rows()[slot])

    def _place(self, slot, number):
        self._list_of[slot] = number
        self._members[number].add(slot)


def _centres(rows, count):
    """Return `count` unit rows, the centres of `rows` by k-means on the sphere (Dhillon and Modha 2001)."""
    centres = rows[np.random.default_rng(2).choice(len(rows), count, replace=False)]
    for _ in range(ROUNDS):
        numbers = _nearest_centres(rows, centres)
        members = sparse.csr_matrix((np.ones(len(rows), np.float32), (numbers, np.arange(len(rows)))))
        members.resize((count, len(rows)))
        sums = members @ rows
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        # A centre that lost every row stays where it was.
        centres = np.where(lengths > 0, sums / np.maximum(lengths, 1e-9), centres)
    return centres


def _nearest_centres(rows, centres):
    return np.concatenate(
        [np.argmax(rows[start : start + 4096] @ centres.T, axis=1) for start in range(0, len(rows), 4096)]
    )


def shortlist(vectors, rows, letters, besides=()):
    """Return the slots to look at more closely, or None for all of them.

    vectors: the Vectors of both views. rows: the question's row of each, or None. letters: its cosines of letters,
    shape (slots,). Where both views are too big to be looked at whole, what is close by any of the three is taken.
    besides: slots that are in it anyway.
    """
    near = [view.closest(row, SHORTLIST) for view, row in zip(vectors, rows, strict=True)]
    if any(slots is None for slots in near):
        return None
    best = np.argpartition(-letters, min(SHORTLIST, len(letters) - 1))[:SHORTLIST]
    return np.unique(np.concatenate([best, *near, np.array(besides, dtype=np.intp)]))


def _best(rows, held, row, k):
    cosines = np.einsum("ij,j->i", rows[held], row)
    if len(held) > k:
        some = np.argpartition(-cosines, k)[:k]
        held, cosines = held[some], cosines[some]
    order = np.lexsort((held, -cosines))
    return held[order], cosines[order]
