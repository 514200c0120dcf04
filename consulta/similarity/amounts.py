"""Whether what two texts name in numbers can be one and the same: quantities of one kind, or of kinds that meet."""

from consulta.similarity.figures import ASKED, FROM, NUMBERED, TO, TOLD
from consulta.similarity.stances import root
from consulta.similarity.wording import SETTLED

# "Desde los 18" and "menores de 18": who wants a ban for the one may want the thing for the other.
MEETING = "ages that meet"
# Saturday is day 6; a holiday is no day of its own beside others.
_HOLIDAY = 8
_HOURS_A_DAY = 24
_WEEKS_A_YEAR = 52.18
# "A dozen disabled bays": so far behind its number a thing may stand.
_NEAR = 3


def differing(one, other, vocabulary):
    """Return {kind: (words of one, words of the other)} of the kinds named on both sides without a value in common.

    Of ages also those that exclude one another: "menores de 12" and "mayores de 18".
    """
    if not one or not other:
        return {}
    one, other = _meeting(one, other)
    kinds = ({quantity.kind for quantity in one} & {quantity.kind for quantity in other}) - vocabulary.ignored
    found = {}
    for kind in sorted(kinds):
        mine = [quantity for quantity in one if quantity.kind == kind]
        theirs = [quantity for quantity in other if quantity.kind == kind]
        if kind == "weekday":
            mine, theirs = _single_days(mine, theirs)
        if not _agree(mine, theirs, vocabulary):
            found[kind] = _both_spelled(mine, theirs)
    if TO not in kinds and FROM not in kinds:
        for mine, theirs in ((one, other), (other, one)):
            lows, highs = [q for q in mine if q.kind == FROM], [q for q in theirs if q.kind == TO]
            gap = min(q.value for q in lows) - max(q.value for q in highs) if lows and highs else -1
            if gap >= 0:
                found[FROM if gap else MEETING] = (
                    _both_spelled(lows, highs) if mine is one else _both_spelled(highs, lows)
                )
    return found


def unlike(one, other, vocabulary, words):
    """Return the words of two titles' numbers where all differ and it is not known of what they are, or None.

    "Salas de 25 alumnos", "… de 38 niños"; "multa de 3", "multa de 5 UTM". words: each title's (Traits.words);
    "200 luminarias" and "luminarias en 5 barrios" do not count one thing.
    """
    mine, theirs = (
        [q for q in side if q.number is not None and q.kind not in vocabulary.ignored] for side in (one, other)
    )
    kinds, others = {q.kind for q in mine}, {q.kind for q in theirs}
    if not mine or not theirs or kinds & others or not (kinds | others).isdisjoint(NUMBERED):
        return None
    sorts = {_sort(kind) for kind in kinds | others}
    # "A 30 años", "en 360 cuotas": a number of things may be that of a measure in other words.
    if "bare" not in sorts and not sorts <= vocabulary.bare:
        return None
    if any(_uncounted(kind, words[1]) for kind in kinds) or any(_uncounted(kind, words[0]) for kind in others):
        return None
    if {q.number for q in mine} & {q.number for q in theirs} or {q.value for q in mine} & {q.value for q in theirs}:
        return None
    return _both_spelled(mine, theirs)


def demanded(title, other, aside, vocabulary):
    """Return {kind: (words of the title, words of a body)} where the other side's body asks for another value.

    title, other: quantities of the titles; aside: of the other's body. A kind that the other title names is not asked
    again.
    """
    named = {quantity.kind for quantity in other}
    asked = [
        q for q in aside if q.said == ASKED and _sort(q.kind) in vocabulary.amounts["asked"] and q.kind not in named
    ]
    if not asked:
        return {}
    found = differing(title, asked, vocabulary)
    rest = differing(title, [q for q in aside if q.said != TOLD], vocabulary)
    return {kind: words for kind, words in found.items() if kind not in named and kind in rest}


def granted(one, aside, kind, vocabulary):
    """Whether a body says a value of `kind` that the other side's title names, and does not merely tell it."""
    mine = [quantity for quantity in one if quantity.kind == kind]
    return _agree(mine, [q for q in aside if q.kind == kind and q.said != TOLD], vocabulary)


def _meeting(one, other):
    """Two sides with kinds that meet put into one: hours beside days, days of the week beside how often."""
    mine, theirs = {quantity.kind for quantity in one}, {quantity.kind for quantity in other}
    return _as_of(one, mine, theirs), _as_of(other, theirs, mine)


def _as_of(side, mine, theirs):
    if "hours" in mine and "days" in theirs and "days" not in mine and "hours" not in theirs:
        return [q._replace(kind="days", value=q.value / _HOURS_A_DAY) if q.kind == "hours" else q for q in side]
    if "multiple" in mine and "percent" in theirs and "multiple" not in theirs and "percent" not in mine:
        # The double is twice as much, or a hundred per cent more.
        return [
            *side,
            *(
                q._replace(kind="percent", value=100 * (q.value - less))
                for q in side
                if q.kind == "multiple"
                for less in (0, 1)
            ),
        ]
    if "weekday" in mine and "often" in theirs and "weekday" not in theirs and "often" not in mine:
        days = [q for q in side if q.kind == "weekday" and q.value != _HOLIDAY]
        if days:
            often = len({q.value for q in days}) * _WEEKS_A_YEAR
            return [*side, days[0]._replace(kind="often", value=often)]
    return side


def _single_days(*sides):
    """Days of the week that stand alone, where both sides name one: a market of the weekend, on Saturdays."""
    found = []
    for side in sides:
        spans = [q.spelled for q in side]
        found.append([q for q in side if spans.count(q.spelled) == 1 and q.value != _HOLIDAY])
    return found if all(found) else sides


def _sort(kind):
    """The sort of a kind: "count" of "count alumn"."""
    return kind.split(" ")[0]


def _uncounted(kind, words):
    """Whether a title names the things that a kind counts ("alumn" of "count alumn") without a number before them."""
    sort, _, thing = kind.partition(" ")
    numbers = [at for at, word in enumerate(words) if word.removeprefix(SETTLED)[:1].isdigit()]
    return sort == "count" and any(
        root(word) == thing and not any(at - _NEAR <= number < at for number in numbers)
        for at, word in enumerate(words)
    )


def _agree(mine, theirs, vocabulary):
    return any(_same(a.kind, a.value, b.value, vocabulary) for a in mine for b in theirs)


def _same(kind, one, other, vocabulary):
    if kind == TO:  # "hasta los 14" may leave out those who are 14
        return abs(one - other) <= 1
    limit = 0 if kind in NUMBERED else vocabulary.tolerances.get(kind, vocabulary.tolerance)
    return abs(one - other) <= limit * max(one, other)


def _both_spelled(one, other):
    return tuple(sorted({q.spelled for q in one})), tuple(sorted({q.spelled for q in other}))
