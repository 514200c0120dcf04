"""The guards' rules, read from the data files of every language and joined: a text may mix languages.

consulta/data/similarity/guards.toml says what a warning does; es/ and en/guards.toml hold the vocabulary.
"""

import tomllib
from functools import lru_cache
from itertools import permutations
from pathlib import Path

from consulta.similarity.phrases import Phrases, phrases_of
from consulta.similarity.reading import Numbers
from consulta.similarity.words import fold

_DATA = Path(__file__).resolve().parents[1] / "data" / "similarity"
SIGNS = ("for", "against", "more", "less", "keep", "without", "instead", "still", "neutral")


class Vocabulary:
    """What the guards know, ready for looking up.

    phrases: Phrases of the families sign, axis, ill, check, demand, statement, target, action, object, unit, before,
    age, people, clock, at, often, fixed, law, kind_before and kind_after (a street, a school: what a local name stands
    beside); numbers: Numbers; near: {class: classes that do not differ from it} for target, action and object;
    tables: the joined data as it stands, {section: …}.
    """

    def __init__(self, languages, effects):
        tables = {}
        for language in languages:
            _join(tables, language)
        self.tables = tables
        self.effects = effects["effects"]
        self.factors, self.eased = effects["factors"], effects["eased"]["factor"]
        self.governs = effects["stance"]["governs"]
        self.mild, self.opposing = frozenset(effects["stance"]["mild"]), effects["stance"]["shares"]
        self.agree = frozenset(effects["stance"]["agree"])
        self.opposites, self.same = (
            frozenset(tuple(turned) for pair in effects["stance"][name] for turned in (pair, pair[::-1]))
            for name in ("opposites", "same")
        )
        self.amounts = effects["quantities"]
        self.tolerance, self.tolerances = self.amounts["tolerance"], self.amounts["tolerances"]
        self.strict, self.ignored, self.bare = (frozenset(self.amounts[name]) for name in ("strict", "ignored", "bare"))
        self.shared_wording, self.wording = effects["wording"]["shared"], effects["wording"]
        self.reasons = effects["reasons"]
        self.alike, self.agents = effects["alike"], frozenset(effects["targets"]["agents"])
        self.phrases = Phrases()
        self._stance(tables["stance"])
        self._quantities(tables["quantities"], tables["laws"])
        self._classes(tables)
        self._names(tables["names"])
        self.acts = tuple(folded_phrases(tables["wording"]["acts"]))
        numbers, units = tables["numbers"], set()
        for measures in tables["quantities"]["units"].values():
            for phrases in measures.values():
                units.update(phrase.split()[0] for phrase in phrases_of(phrases) if len(phrase) > 1)
        self.units = frozenset(fold(unit) for unit in units)
        self.halves = numbers["halves"]
        told = {name: folded_phrases(value) if isinstance(value, str) else value for name, value in numbers.items()}
        self.numbers = Numbers(told, self.units)

    def _stance(self, table):
        for sign in SIGNS:
            self.phrases.add("sign", sign, phrases_of(table[sign]))
        for axis, ends in table["axes"].items():
            for end in ("one", "other"):
                self.phrases.add("axis", (axis, end), phrases_of(ends[end]))
        self.phrases.add("ill", "ill", phrases_of(table["ills"]))
        self.phrases.add("check", "check", phrases_of(table["checks"]))
        self.phrases.add("demand", "demand", phrases_of(table["demands"]))
        self.phrases.add("statement", "statement", phrases_of(table["statements"]))
        self.phrases.add("verdict", "verdict", phrases_of(table["verdicts"]))
        self.phrases.add("verdict", "blame", phrases_of(table["blames"]))
        self.phrases.add("verdict", "copula", phrases_of(table["copulas"]))
        self.phrases.add("praise", "praise", phrases_of(table["praise"]))
        self.phrases.add("lack", "lack", phrases_of(table["lacks"]))
        for how, phrases in table["doubts"].items():
            self.phrases.add("doubt", how, phrases_of(phrases))
        self._splits(table["splits"])
        self.nots, self.bounds = folded_phrases(table["not"]), folded_phrases(table["bounds"])
        self.without = folded_phrases(table["without"])
        self.asks, self.reflexive = folded_phrases(table["asks"]), folded_phrases(table["reflexive"])
        self.degrees = folded_phrases(table["degrees"])
        self.participles = tuple(folded_phrases(table["participles"]))
        self.infinitives = tuple(folded_phrases(table["infinitives"]))
        self.passives, self.gerunds = (tuple(folded_phrases(table[name])) for name in ("passives", "gerunds"))
        self.modals, self.abilities = folded_phrases(table["modals"]), folded_phrases(table["abilities"])
        self.nobody, self.either = folded_phrases(table["nobody"]), folded_phrases(table["either"])
        self.openers, self.askers = folded_phrases(table["openers"]), folded_phrases(table["askers"])
        self.rid, self.rid_verbs = folded_phrases(table["rid"]), folded_phrases(table["rid_verbs"])
        self.pronouns, self.orders = folded_phrases(table["pronouns"]), folded_phrases(table["orders"])
        self.givers, self.shields = folded_phrases(table["givers"]), folded_phrases(table["shields"])
        self.relative_words = folded_phrases(table["relative_words"])
        self.locative = folded_phrases(table["locative"])
        self.relatives, self.fillers = folded_phrases(table["relatives"]), folded_phrases(table["fillers"])

    def _splits(self, table):
        """Verbs in two halves, {first word: [(words of the second half, sign)]}; data: "take, get: off, out of"."""
        self.splits = {}
        for sign, lines in table.items():
            for line in lines.splitlines():
                verbs, _, halves = line.partition(":")
                for verb in folded_phrases(verbs):
                    known = self.splits.setdefault(verb, [])
                    known.extend((half.split(), sign) for half in sorted(folded_phrases(halves)))
                    known.sort(key=lambda entry: -len(entry[0]))

    def _quantities(self, table, laws):
        for kind, measures in table["units"].items():
            for factor, phrases in measures.items():
                self.phrases.add("unit", (kind, float(factor)), phrases_of(phrases))
        for kind, phrases in table["before"].items():
            self.phrases.add("before", kind, phrases_of(phrases))
        for times, phrases in table["often"].items():
            self.phrases.add("often", float(times), phrases_of(phrases))
        for kind, values in table["fixed"].items():
            for value, phrases in values.items():
                self.phrases.add("fixed", (kind, float(value)), phrases_of(phrases))
        for law, phrases in laws.items():
            self.phrases.add("law", float(law), phrases_of(phrases))
        for name, phrases in table["clock"].items():
            self.phrases.add("at" if name == "at" else "clock", name, phrases_of(phrases))
        self.phrases.add("age", "age", phrases_of(table["ages"]))
        self.phrases.add("people", "people", phrases_of(table["people"]))
        self.said = {}
        for name in ("asked", "told"):
            before, after = (folded_phrases(table[name][side]) for side in ("before", "after"))
            begun = tuple(phrase[:-1] for phrase in before if phrase.endswith("*"))
            behind = tuple(phrase[:-1] if phrase.endswith("*") else f"{phrase} " for phrase in after)
            self.said[name] = before, begun, behind
        self.grades = {name: int(add) for add, names in table["grades"].items() for name in folded_phrases(names)}
        self.hours, self.old = folded_phrases(table["hours"]), folded_phrases(table["old"])
        self.age_after, self.under = tuple(folded_phrases(table["age_after"])), folded_phrases(table["under"])
        self.singles, self.only = folded_phrases(table["singles"]), folded_phrases(table["only"])
        self.week, self.series = folded_phrases(table["week"]), folded_phrases(table["series"])
        self.shares, self.parts = folded_phrases(table["shares"]), folded_phrases(table["parts"])
        self.times, self.fewer = table["times"], folded_phrases(table["fewer"])
        self.range, self.each, self.per = (folded_phrases(table[name]) for name in ("range", "each", "per"))
        self.up_to, self.age_words = folded_phrases(table["up_to"]), folded_phrases(table["age_words"])
        self.age_sure = tuple(folded_phrases(table["age_sure"]))
        self.uncounted, self.adjectives = folded_phrases(table["uncounted"]), folded_phrases(table["adjectives"])

    def _classes(self, tables):
        self.near, self.everyone = {}, set()
        for family, table in (("target", "targets"), ("action", "actions"), ("object", "objects")):
            for name, entry in tables[table].items():
                self.phrases.add(family, name, phrases_of(entry["words"]))
                if entry.get("all"):
                    self.everyone.add(name)
            self.near[family] = near_classes(tables[table], tables.get(f"{table}_near", {}).get("groups", ""))
            self.phrases.add(family, None, phrases_of(tables[f"{table}_neutral"]["words"]))

    def _names(self, table):
        for side in ("before", "after"):
            for group, phrases in table[side].items():
                self.phrases.add(f"kind_{side}", group, phrases_of(phrases))
        self.sure, self.common = folded_phrases(table["sure"]), folded_phrases(table["common"])
        self.inside = folded_phrases(table["inside"])
        self.no_place, self.weak = folded_phrases(table["no_place"]), folded_phrases(table["weak"])


def near_classes(entries, groups, but=""):
    """Return {class: it, what it lies `within`, what lies in it, what a line of `groups` names beside it}.

    entries: {class: its entry in the data}. groups: lines of names joined by "=". but: lines of names joined by "~",
    whose pairs are left out.
    """
    pairs = {(name, other) for name, entry in entries.items() for other in phrases_of(entry.get("within", ""))}
    near = {}
    for one, other in (pairs | _pairs_of(groups, "=")) - _pairs_of(but, "~"):
        near.setdefault(one, {one}).add(other)
        near.setdefault(other, {other}).add(one)
    return near


def _pairs_of(lines, sign):
    """Return the ordered pairs of the names that stand in one line, parted by `sign`."""
    groups = ([name.strip() for name in line.split(sign) if name.strip(" ,")] for line in lines.split("\n"))
    return {pair for group in groups for pair in permutations(group, 2)}


@lru_cache(maxsize=1)
def vocabulary():
    """Return the Vocabulary of the data files that ship, read once a process."""
    languages = [_read(path) for path in sorted(_DATA.glob("*/guards.toml"))]
    return Vocabulary(languages, _read(_DATA / "guards.toml"))


def _read(path):
    with path.open("rb") as file:
        return tomllib.load(file)


def _join(tables, more):
    """Join two tables: strings as lists of phrases, tables key by key; anything else stays as it is."""
    for key, value in more.items():
        known = tables.get(key)
        if isinstance(value, dict):
            _join(tables.setdefault(key, {}), value)
        elif isinstance(known, str):
            tables[key] = f"{known}\n{value}"
        else:
            tables[key] = value


def folded_phrases(text):
    """Return the phrases of a list in the data, without case and accents."""
    return frozenset(fold(phrase) for phrase in phrases_of(text))
