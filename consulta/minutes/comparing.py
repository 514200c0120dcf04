"""What changed between two documents, field by field."""

from dataclasses import dataclass

# What tells the things of a list apart, by the list's name; others are told apart by their place.
NAMED_BY = {
    "attendance": ("name", "network", "sector"),
    "excused": ("name", "network", "sector"),
    "results": ("code",),
    "regional_results": ("session",),
    "merges": ("code",),
    "parts": ("code",),
    "contradictions": ("out_of", "into"),
    "development": ("title",),
    "agenda": ("title", "starts"),
    "open_before": ("session", "text"),
}


@dataclass(frozen=True)
class Change:
    """One field that two documents do not agree on.

    part: the key of the document. thing: the dictionary it is a field of, as the later document has it, or None for
    the document itself. field: its name, or None where the whole thing was added or removed. before, after: plain
    JSON values, None where there was nothing.
    """

    part: str
    thing: dict | None
    field: str | None
    before: object
    after: object


def changes_between(old, new):
    """Return every Change from the document `old` to `new`, in the order of the official form."""
    keys = list(dict.fromkeys([*new, *old]))
    return [change for key in keys for change in _changes(key, _flat(key, old.get(key)), _flat(key, new.get(key)))]


def _changes(part, before, after):
    if before == after:
        return
    things = [each for each in (before, after) if each is not None]
    if all(isinstance(each, list) and all(isinstance(one, dict) for one in each) for each in things):
        yield from _things(part, before or [], after or [])
    elif all(isinstance(each, dict) for each in things):
        for name in dict.fromkeys([*(after or {}), *(before or {})]):
            was, became = (before or {}).get(name), (after or {}).get(name)
            if was != became:
                yield Change(part, None, name, was, became)
    else:
        yield Change(part, None, part, before, after)


def _things(part, before, after):
    old, new = _by_name(part, before), _by_name(part, after)
    for name in dict.fromkeys([*new, *old]):
        was, became = old.get(name), new.get(name)
        if was is None or became is None:
            yield Change(part, became or was, None, was, became)
            continue
        for field in dict.fromkeys([*became, *was]):
            if was.get(field) != became.get(field):
                yield Change(part, became, field, was.get(field), became.get(field))


def _by_name(part, things):
    """Return `things` by what tells them apart; those that are called the same are counted."""
    found = {}
    for at, thing in enumerate(things):
        name = tuple(thing.get(key) for key in NAMED_BY[part]) if part in NAMED_BY else (at,)
        while name in found:
            name = (*name, "again")
        found[name] = thing
    return found


def _flat(key, value):
    """Return the attendance list without its headings: where somebody stands is a field of the line."""
    if key != "attendance" or not value:
        return value
    return [
        {**{name: said for name, said in group.items() if name != "lines"}, **line}
        for group in value
        for line in group["lines"]
    ]
