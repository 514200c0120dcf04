"""The pairs of an index that are alike, kept up to date text by text, and the groups they make."""

from consulta.similarity.linkage import CERTAIN, Group, decided, described, in_order, linked
from consulta.similarity.pairs import MOST_NEAR, Pair, judged_pairs
from consulta.similarity.scoring import GROUP_FLOOR

# More re-posts of one text than this are a group of their own, and are compared with nothing else: their pairs alone
# would be the square of them. Whoever copies a text ten thousand times gets one group of ten thousand.
CROWD = 50
# When more texts than this share of all have changed, comparing all pairs at once is the quicker way.
MANY = 0.05


class PairGraph:
    """All pairs of an index whose score is at least `floor`, and the groups they make, followed text by text.

    When a text comes, goes or changes, its pairs are found by one product, and what it touches is grouped again
    together with the groups around it. Where one of these comes out otherwise than it was, it belongs to what is
    touched, and so on, until everything around is as it was, join by join. Then the groups are those that
    `tight_groups` makes of all pairs: complete linkage takes all joins in one order, what is touched has no pair with
    what lies beyond the groups around it, and those are joined as before. Scores of pairs are those of the moment they
    were found: once the index fits rarity anew (it has grown by a tenth) or serves another model, `follow` compares all
    pairs again. Where more than MOST_NEAR texts are like one, not all pairs are there, and which are depends on the
    order they came in.

    floor: the least score of a pair. together, apart: pairs of ids, the lower one first, as people decided; a decision
    that two texts belong together is one on their re-posts too, and `apart` is always believed. Not thread-safe; the
    index may be used by others meanwhile.
    """

    def __init__(self, index, *, floor=GROUP_FLOOR, together=frozenset(), apart=frozenset()):
        self._index = index
        self.floor = floor
        self._together, self._apart = frozenset(together), frozenset(apart)
        self._parted = _both_ways(self._apart)
        self._era = None
        self._clear()

    def __len__(self):
        return len(self._marks)

    def __contains__(self, id):
        return id in self._marks

    def rebuild(self, ids=None, *, progress=None):
        """Compare all pairs among `ids` (all texts of the index) anew; those that are not held are left out.

        progress: called now and then with (done, total), two integers.
        """
        held = self._index.ids() if ids is None else sorted(set(ids))
        self._clear()
        for id in held:
            self._note(id)
        among = [id for id in self._marks if not self._crowded(self._marks[id])]
        now = self._index.frozen()
        self._era = now.era
        found = judged_pairs(now, self.floor, among, progress)
        for pair in found:
            if pair.first in self._marks and pair.second in self._marks:
                self._link(pair.first, pair.second, pair.score, pair.certain)
        self._touched.update(self._marks)

    def follow(self, ids=None, *, progress=None):
        """Hold exactly `ids` (all texts of the index), as they are now; returns how many texts were compared anew."""
        wanted = set(self._index.ids() if ids is None else ids)
        wanted = {id for id in wanted if self._index.revision(id) is not None}
        changed = [id for id in sorted(wanted) if self._index.revision(id) != self._seen.get(id)]
        if self._index.era != self._era or len(changed) > max(20, MANY * len(wanted)):
            self.rebuild(wanted, progress=progress)
            return len(wanted)
        for id in sorted(self._marks.keys() - wanted):
            self.remove(id)
        for done, id in enumerate(changed):
            self.change(id)
            if progress is not None:
                progress(done + 1, len(changed))
        return len(changed)

    def add(self, id):
        """Hold the text `id` of the index, with its pairs; one that the index does not hold is left out."""
        if id in self._marks:
            self.remove(id)
        if not self._note(id):
            return
        self._touched.add(id)
        mark = self._marks[id]
        if not self._crowded(mark):
            self._find(id)
        elif len(self._same[mark]) == CROWD + 1:
            for other in self._same[mark]:
                self._loosen(other)

    def remove(self, id):
        """Let the text `id` go, with its pairs; one that is not held is no error."""
        if id not in self._marks:
            return
        mark = self._marks[id]
        self._loosen(id)
        del self._marks[id], self._seen[id], self._levels[id]
        self._same[mark].discard(id)
        if not self._same[mark]:
            del self._same[mark]
        elif len(self._same[mark]) == CROWD:
            for other in sorted(self._same[mark]):
                self._find(other)

    def change(self, id):
        """Find the pairs of the text `id` anew, because it or its vectors changed."""
        self.remove(id)
        self.add(id)

    def decide(self, *, together, apart):
        """Follow other decisions from now on; only what they touch is grouped again."""
        together, apart = frozenset(together), frozenset(apart)
        for pair in (together ^ self._together) | (apart ^ self._apart):
            for id in pair:
                self._touched.update(self._same.get(self._marks.get(id), ()))
        self._together, self._apart, self._parted = together, apart, _both_ways(apart)

    def pairs(self):
        """Return the Pairs there are, by their ids."""
        return sorted(
            Pair(id, other, min(level, 1.0), level == CERTAIN)
            for id, row in self._levels.items()
            for other, level in row.items()
            if id < other
        )

    def groups(self):
        """Return the Groups of all texts held, in the order of `linkage.in_order`."""
        self._regroup()
        crowds = [ids for mark in self._same if self._crowded(mark) and len(ids := self._together_in(mark)) > 1]
        crowds = [Group(ids, 1.0, True, ids[0], ids[-1]) for ids in crowds]
        return in_order([*crowds, *self._groups.values()])

    def _clear(self):
        self._marks, self._seen, self._same = {}, {}, {}  # id to fingerprint, id to revision, fingerprint to ids
        self._levels = {}  # id to id to level, both ways; see `linkage`
        self._group_of, self._groups, self._joins = {}, {}, {}  # id to ids; ids to Group, and to how it came to be
        self._touched = set()

    def _note(self, id):
        # The revision first: a text that changes in between is then found changed by the next `follow`.
        revision = self._index.revision(id)
        try:
            mark = self._index.mark(id)
        except KeyError:
            return False
        self._seen[id] = revision
        # Empty texts are re-posts of nothing.
        self._marks[id] = mark or id
        self._same.setdefault(mark or id, set()).add(id)
        self._levels[id] = {}
        return True

    def _crowded(self, mark):
        return len(self._same[mark]) > CROWD

    def _find(self, id):
        """Put in the pairs of `id` with all that is held and in no crowd."""
        self._touched.add(id)
        for near in self._index.closest(id, MOST_NEAR, floor=self.floor):
            if near.id in self._marks and not self._crowded(self._marks[near.id]):
                self._link(id, near.id, near.score, near.certain)

    def _link(self, one, other, score, certain):
        self._levels[one][other] = self._levels[other][one] = CERTAIN if certain else score

    def _loosen(self, id):
        """Take out the pairs of `id`."""
        self._touched.add(id)
        for other in self._levels[id]:
            del self._levels[other][id]
        self._levels[id] = {}

    def _regroup(self):
        """Group again what was touched, and what that changes."""
        if not self._touched:
            return
        together, region = self._decided(), self._whole(self._touched)
        while True:
            around = self._whole({other for id in region for other in self._around(id, together)})
            levels, is_plain = self._levels_among((region | around) & self._marks.keys(), together)
            found = linked(levels if is_plain else {id: dict(row) for id, row in levels.items()})
            group_of = {id: ids for ids in found for id in ids}
            others = {id for id in around - region if self._is_new(group_of.get(id), found, id)}
            if not others:
                break
            region |= self._whole(others.union(*(group_of.get(id, ()) for id in others)))
        for ids in {self._group_of.pop(id) for id in region & self._group_of.keys()}:
            if self._joins.pop(ids) != found.get(ids) or not self._touched.isdisjoint(ids):
                del self._groups[ids]
        for ids, joins in found.items():
            if ids[0] in region:
                self._joins[ids] = joins
                self._group_of.update(dict.fromkeys(ids, ids))
                if ids not in self._groups:
                    self._groups[ids] = described(ids, self._levels if is_plain else levels)
        self._touched = set()

    def _whole(self, ids):
        """Return `ids` with all that are in a group with one of them."""
        return set(ids).union(*(self._group_of[id] for id in ids if id in self._group_of))

    def _is_new(self, ids, found, id):
        """Whether the group of `id` (its ids, None for none) is another than it was, or came to be otherwise."""
        return ids != self._group_of.get(id) or (ids is not None and found[ids] != self._joins[ids])

    def _levels_among(self, ids, together):
        """Return the levels among `ids` as people decided them, and whether they decided nothing of them."""
        parted = ids & self._parted.keys()
        levels = {
            id: {
                other: level
                for other, level in self._levels[id].items()
                if other in ids and not (id in parted and other in self._parted[id])
            }
            for id in ids
        }
        pairs = {(id, other) for id in ids & together.keys() for other in together[id] & ids if id < other}
        pairs -= self._apart
        return decided(levels, pairs), not pairs and not parted

    def _around(self, id, together):
        """The ids to which a pair leads from `id`, as a set or what can be used as one."""
        row = self._levels.get(id, {}).keys()
        if id in together and id in self._marks:
            row = row | together[id]
        return row - self._parted[id] if id in self._parted else row

    def _decided(self):
        """Which ids people said each belongs with, its own re-posts and theirs included."""
        together = {}
        for a, b in self._together:
            marks = self._marks.get(a), self._marks.get(b)
            if None in marks or marks[0] == marks[1] or self._crowded(marks[0]) or self._crowded(marks[1]):
                continue
            for one in self._same[marks[0]]:
                for other in self._same[marks[1]]:
                    together.setdefault(one, set()).add(other)
                    together.setdefault(other, set()).add(one)
        return together

    def _together_in(self, mark):
        """The ids of a crowd without those that people set apart from another of it."""
        ids = self._same[mark]
        return tuple(sorted(ids - {b for a, b in self._apart if a in ids and b in ids}))


def match(old, new):
    """Return which of the `new` groups is which of the `old` ones, as a dictionary of key to new ids (a tuple).

    old: key to ids. new: ids of each group, or Groups. A group is the old one where the two share more than half of the
    smaller of both. Where several might be, the largest overlap wins, then the smaller union, then the lower key and
    ids; each old key and each new group is used once. Keys that are not in the answer are gone, groups not in it new.
    """
    new = [tuple(getattr(group, "ids", group)) for group in new]
    place_of = {}
    for place, ids in enumerate(new):
        for id in ids:
            place_of.setdefault(id, []).append(place)
    ranked = []
    for key, members in old.items():
        before, shared = set(members), {}
        for id in before:
            for place in place_of.get(id, ()):
                shared[place] = shared.get(place, 0) + 1
        for place, count in shared.items():
            if 2 * count > min(len(before), len(new[place])):
                ranked.append((-count, len(before) + len(new[place]) - count, key, new[place], place))
    found, used = {}, set()
    for _count, _union, key, ids, place in sorted(ranked):
        if key not in found and place not in used:
            found[key] = ids
            used.add(place)
    return found


def _both_ways(pairs):
    found = {}
    for a, b in pairs:
        found.setdefault(a, set()).add(b)
        found.setdefault(b, set()).add(a)
    return found
