"""What people decided of pairs, as a labelled set that `flask similarity evaluate` reads."""

import hashlib


class LabelledSet:
    """Texts with the group of those found to be the same, and negatives: pairs that were told apart.

    pairs: a function that yields `queries.Labelled`, called twice, so that no text is held. A group is whatever
    decisions of "the same" hang together; a pair told apart inside of one is no negative, since people contradict one
    another there. A proposal judged with several wordings is as many texts.
    """

    def __init__(self, pairs):
        self._pairs = pairs
        self._ids, self._times, self._head, apart = {}, {}, {}, {}
        for pair in pairs():
            one, other = (self._name(pair.first_code, *pair.first), self._name(pair.second_code, *pair.second))
            if pair.is_same:
                self._head[self._top(one)] = self._top(other)
            else:
                apart.setdefault((one, other), pair.kind)
        self.negatives = [(*ends, kind) for ends, kind in apart.items() if len({*map(self._top, ends)}) > 1]
        sizes, self._groups = {}, {}
        for id in self._head:
            sizes[self._top(id)] = sizes.get(self._top(id), 0) + 1
        for id in self._head:
            if sizes[self._top(id)] > 1:
                self._groups.setdefault(self._top(id), f"g{len(self._groups) + 1}")

    def texts(self):
        """Yield (id, title, body, group) of every text, once; the group is empty for one without a twin."""
        told = set()
        for pair in self._pairs():
            for code, text in ((pair.first_code, pair.first), (pair.second_code, pair.second)):
                id = self._name(code, *text)
                if id not in told:
                    told.add(id)
                    yield id, *text, self._groups.get(self._top(id), "")

    def _name(self, code, title, body):
        key = code, hashlib.sha256(f"{title}\0{body}".encode()).digest()
        if key not in self._ids:
            self._times[code] = self._times.get(code, 0) + 1
            self._ids[key] = code if self._times[code] == 1 else f"{code}-{self._times[code]}"
            self._head[self._ids[key]] = self._ids[key]
        return self._ids[key]

    def _top(self, id):
        while self._head[id] != id:
            self._head[id] = self._head[self._head[id]]
            id = self._head[id]
        return id
