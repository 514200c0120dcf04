"""What the guards compare of a text, found once and kept with it: stance, places, people, numbers, measures."""

from typing import NamedTuple

from consulta.similarity.guard_data import vocabulary
from consulta.similarity.localities import names_in
from consulta.similarity.quantities import quantities_in
from consulta.similarity.reading import read
from consulta.similarity.stances import clauses_in, ends_in, roots
from consulta.similarity.wording import line_of, mask_of

# Families whose words other guards than that of wording weigh.
_SETTLING = frozenset(("sign", "statement", "target", "unit", "often", "fixed", "law", "before", "clock"))


class Traits(NamedTuple):
    """Frozensets; `…_aside` is what only the body says. Picklable.

    stance: Clauses; axes: (question, end) pairs; places: keys of the gazetteer; names: local Names; targets, actions,
    objects: classes of the data files; lead: the actions a title begins with; quantities: Quantities; content: roots
    of the title's words; words: the title's, folded; aside: the body's, as bits; spelled: ((family, class), words as
    written) pairs; title: as written.
    """

    stance: frozenset
    stance_aside: frozenset
    axes: frozenset
    places: frozenset
    places_aside: frozenset
    names: frozenset
    names_aside: frozenset
    targets: frozenset
    targets_aside: frozenset
    quantities: frozenset
    quantities_aside: frozenset
    actions: frozenset
    actions_aside: frozenset
    objects: frozenset
    objects_aside: frozenset
    lead: frozenset
    content: frozenset
    words: tuple
    aside: int
    spelled: tuple
    title: str

    @property
    def measures(self):
        """What the title wants done, and what with."""
        return self.actions | self.objects


def traits_of(title, body, gazetteer=None):
    """Return the Traits of a title and a body (either may be empty or None), with places where a Gazetteer is given."""
    spelled = {}
    head = _Part(title, gazetteer, spelled, demands_only=False)
    rest = _Part(body, gazetteer, spelled, demands_only=True)
    return Traits(
        head.stance,
        rest.stance,
        head.axes,
        head.places,
        rest.places,
        head.names,
        rest.names,
        head.classes["target"],
        rest.classes["target"],
        head.quantities,
        rest.quantities,
        head.classes["action"],
        rest.classes["action"],
        head.classes["object"],
        rest.classes["object"],
        head.lead,
        roots(head.reading.words),
        line_of(head.reading, head.settled, vocabulary().acts),
        mask_of(rest.reading.words),
        tuple(spelled.items()),
        " ".join((title or "").split())[:80],
    )


class _Part:
    """A title or a body, with what was found in it."""

    def __init__(self, text, gazetteer, spelled, demands_only):
        rules = vocabulary()
        self.reading = reading = read(text, rules.numbers)
        self.settled = set()
        lead = set()
        found, classes = {}, {"target": set(), "action": set(), "object": set()}
        for start, end, family, names in rules.phrases.find(reading.words):
            if family in classes:
                for name in names:
                    if name and family == "action" and start == 0:
                        lead.add(name)
                    if name:
                        classes[family].add(name)
                        spelled.setdefault((family, name), " ".join(reading.spelled[start:end]))
            if family in _SETTLING:
                self.settled.update(range(start, end))
            if family not in classes:
                found.setdefault(family, {})[start] = (end, names)
        self.classes = {family: frozenset(names) for family, names in classes.items()}
        self.axes = ends_in(reading, found, rules)
        for start, (end, names) in found.get("axis", {}).items():
            for name in {(axis, side) for axis, _ in names for side in ("one", "other")}:
                spelled.setdefault(("axis", name), " ".join(reading.spelled[start:end]))
        self.lead = frozenset(lead)
        self.stance = clauses_in(reading, found, rules, demands_only)
        self.quantities = quantities_in(reading, found, rules)
        places, known = set(), set()
        if gazetteer is not None:
            for start, end, key in gazetteer.spans(reading.every, wanted=demands_only):
                places.add(key)
                known.update(word for _, word in reading.every[start:end])
                spelled.setdefault(("place", key), " ".join(word for word, _ in reading.every[start:end]))
        self.places = frozenset(places)
        self.names = names_in(reading, found, rules, known)
        if known:
            self.settled.update(at for at, word in enumerate(reading.words) if word in known)
