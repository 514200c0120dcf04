"""The programme of a session as people write it, a line an item, and as it is stored; read and written here alone.

    15:00–15:10 Presentación de participantes
    16:30–16:45 Pausa: Café
    ---
    16:45–17:40 Priorización, continuación

Times may be left out. "Pausa:" before the title makes a break. A line of hyphens, or one
such as "Bloque 2", begins the next block.
"""

import re

from consulta.tables.entries import LINE_LIMIT
from consulta.web.forms.fields import lines_of

_LINE = re.compile(r"(?:(\d{1,2}[:.]\d{2})\s*(?:(?:[-–—]|a)\s*(\d{1,2}[:.]\d{2}))?(?:\s*h(?:rs?)?\.?)?\s+)?(.+)")
_BREAK = re.compile(r"\(?(?:pausa|receso)(?:\)|:| *[-–—] )\s*", re.IGNORECASE)
_BREAK_ALONE = re.compile(r"(?:pausa|receso|café|almuerzo)\.?", re.IGNORECASE)
_NEXT_BLOCK = re.compile(
    r"-{2,}|—+|–+|={2,}|bloque (?:\d{1,2}|[ivx]{1,4}):?|(?:primer|segundo|tercer|cuarto) bloque:?", re.IGNORECASE
)


def agenda_of(text):
    """Return the items that `text` names, in order: dicts kind, block, starts, ends, title."""
    items, block = [], 1
    for line in (text or "").splitlines():
        if _NEXT_BLOCK.fullmatch(line.strip()):
            # A line that opens the first block, or follows another, begins nothing.
            block += bool(items) and items[-1]["block"] == block
        else:
            items += [{**_item(each), "block": block} for each in lines_of(line)]
    return items


def text_of(agenda):
    """Return stored items as `agenda_of` reads them; headings of the account alone are no part of the programme."""
    lines, block = [], 1
    for item in agenda:
        if item.get("kind") == "heading":
            continue
        # A break may be of no block: it stands where it stands.
        if lines and (item.get("block") or block) != block:
            lines.append("---")
        block = item.get("block") or block
        times = "–".join(time for time in (item.get("starts"), item.get("ends")) if time)
        title = f"Pausa: {item['title']}" if item.get("kind") == "break" else item["title"]
        lines.append(f"{times} {title}".strip())
    return "\n".join(lines)


def with_ids(items, there):
    """Return `items`, those that `there` (a stored agenda) has by the same title as it has them, with their ids."""
    left = list(there)
    found = []
    for item in items:
        same = next((each for each in left if each["title"] == item["title"] and each["kind"] == item["kind"]), None)
        if same is not None:
            left.remove(same)
        found.append({**(same or {}), **item})
    return found


def _item(line):
    starts, ends, title = _LINE.fullmatch(line[: LINE_LIMIT + 40]).groups()
    rest = _BREAK.sub("", title, count=1) if _BREAK.match(title) else None
    is_break = rest is not None or _BREAK_ALONE.fullmatch(title)
    return {
        "kind": "break" if is_break else "item",
        "starts": starts,
        "ends": ends,
        "title": rest or title.rstrip(" :"),
    }
