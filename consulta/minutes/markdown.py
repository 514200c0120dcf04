"""What people wrote (Markdown) as blocks of plain JSON, the same for page, PDF and text document.

Blocks, by their "is":
  heading    level (1 to 4), text
  paragraph  runs; look: "note" for small print, "lead" for a name before what follows
  list       mark ("1", "a" or "-"), start, items (each a list of blocks)
  table      title (or None), head (texts), rows (lists of cells, each a list of runs), numeric (columns of numbers)
  facts      rows: [label, runs]
  quote      blocks
  code       text
A run is {"t": text} with "b" (strong), "i" (emphasis), "c" (code), "s" (struck out) and "h" (address) where it has
them; {"n": 1} is a new line. Nothing in a run is markup: whoever draws it draws its letters.
"""

import re
from functools import lru_cache

from markdown_it import MarkdownIt

from consulta.core.text import SCHEMES

LETTERS = "abcdefghijklmnopqrstuvwxyz"
MOST_COLUMNS = 12
DEEPEST = 6  # quotes and lists in one another; what is quoted deeper is said where the last quote stands
LONGEST_ADDRESS = 2000  # PDF readers and word processors take longer ones badly, or not at all
_LETTERED = re.compile(r"([a-z])[.)] +(?=\S)")
_ADDRESS = re.compile(rf"(?:{'|'.join(SCHEMES)}):", re.IGNORECASE)

_markdown = (
    MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False})
    .enable(["table", "strikethrough"])
    .disable("image")
)
_STYLES = {"strong": "b", "em": "i", "s": "s"}


@lru_cache(maxsize=512)
def blocks_of(text, *, level=4):
    """Return Markdown `text` as blocks; its headings, of whatever rank, stand at `level` (None: they are leads).

    The blocks are kept for the next reader: nobody changes them.
    """
    return tuple(_Reader(level).read(_markdown.parse(text or "")))


def paragraph(text, **look):
    """Return a paragraph of plain text."""
    return {"is": "paragraph", "runs": [{"t": text}], **look}


def plain(runs):
    """Return the letters of `runs` without their looks."""
    return "".join(" " if "n" in run else run["t"] for run in runs)


def plainly(blocks):
    """Return `blocks` with the same words and nothing inside anything: headings, and a paragraph for each line."""
    found = []
    for block in blocks:
        kind = block["is"]
        if kind == "heading":
            found.append(block)
        elif kind == "paragraph":
            found.append(paragraph(plain(block["runs"])))
        elif kind == "quote":
            found += plainly(block["blocks"])
        elif kind == "list":
            for at, item in enumerate(block["items"]):
                found += _marked(_mark(block, at), plainly(item))
        elif kind == "table":
            rows = [block["head"], *([plain(cell) for cell in row] for row in block["rows"])]
            found += [paragraph(text) for text in (block["title"], *map(" | ".join, rows)) if text]
        elif kind == "facts":
            found += [paragraph(f"{label}: {plain(runs)}") for label, runs in block["rows"]]
        else:
            found += [paragraph(line) for line in block["text"].split("\n")]
    return found


def _mark(block, at):
    if block["mark"] == "a":
        return f"{LETTERS[at]})" if at < len(LETTERS) else "-"
    return f"{block['start'] + at}." if block["mark"] == "1" else "-"


def _marked(mark, blocks):
    """Put the mark of an item before its first paragraph."""
    if not blocks or blocks[0]["is"] != "paragraph":
        return [paragraph(mark), *blocks]
    return [paragraph(f"{mark} {plain(blocks[0]['runs'])}"), *blocks[1:]]


class _Reader:
    """Turns the flat list of tokens into nested blocks."""

    def __init__(self, level):
        self.level = level
        self.depth = 0  # quotes and lists that are open

    def read(self, tokens):
        """Return the blocks of `tokens`."""
        self.tokens, self.at = tokens, 0
        return self._blocks(None)

    def _blocks(self, closing):
        found = []
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            if token.type == closing:
                break
            if token.type == "blockquote_open" and self.depth >= DEEPEST:
                found += self._blocks("blockquote_close")
                continue
            block = self._block(token)
            if block is not None:
                found.append(block)
        return lettered(found)

    def _within(self, closing):
        """Return the blocks of a quote or of an item of a list."""
        self.depth += 1
        found = self._blocks(closing)
        self.depth -= 1
        return found

    def _block(self, token):
        make = {
            "paragraph_open": self._paragraph,
            "heading_open": self._heading,
            "bullet_list_open": self._list,
            "ordered_list_open": self._list,
            "blockquote_open": lambda _token: {"is": "quote", "blocks": self._within("blockquote_close")},
            "fence": _code,
            "code_block": _code,
            "table_open": self._table,
        }.get(token.type)
        return make(token) if make else None

    def _paragraph(self, _token):
        return {"is": "paragraph", "runs": self._inline("paragraph_close")}

    def _heading(self, _token):
        runs = self._inline("heading_close")
        if not plain(runs).strip():
            return None
        if self.level is None:
            return {"is": "paragraph", "runs": runs, "look": "lead"}
        return {"is": "heading", "level": self.level, "text": plain(runs)}

    def _list(self, token):
        ordered = token.type == "ordered_list_open"
        closing, items = token.type.replace("open", "close"), []
        while self.tokens[self.at].type != closing:
            self.at += 1
            items.append(self._within("list_item_close"))
        self.at += 1
        start = token.attrGet("start") if ordered else None
        return {
            "is": "list",
            "mark": "1" if ordered else "-",
            "start": 1 if start is None else int(start),
            "items": items,
        }

    def _table(self, _token):
        rows, row = [], []
        while (token := self.tokens[self.at]).type != "table_close":
            self.at += 1
            if token.type == "tr_open":
                row = []
                rows.append(row)
            elif token.type == "inline":
                row.append(runs_of(token.children))
        self.at += 1
        head, *body = rows
        if len(head) > MOST_COLUMNS:
            return {"is": "code", "text": "\n".join(" | ".join(plain(cell) for cell in row) for row in rows)}
        return {"is": "table", "title": None, "head": [plain(cell) for cell in head], "rows": body, "numeric": []}

    def _inline(self, closing):
        runs = []
        while self.tokens[self.at].type != closing:
            runs += runs_of(self.tokens[self.at].children or [])
            self.at += 1
        self.at += 1
        return runs


def _code(token):
    return {"is": "code", "text": token.content.rstrip("\n")}


def runs_of(tokens):
    """Return inline tokens as runs; an address of any other kind than http, https and mailto is text."""
    runs, on, address = [], {}, None
    for token in tokens:
        name = token.type.rsplit("_", 1)[0]
        if token.type in ("softbreak", "hardbreak"):
            runs.append({"n": 1})
        elif name in _STYLES and token.nesting:
            on[_STYLES[name]] = on.get(_STYLES[name], 0) + token.nesting
        elif name == "link":
            target = token.attrGet("href") or ""
            fits = len(target) <= LONGEST_ADDRESS and _ADDRESS.match(target)
            address = target if token.nesting == 1 and fits else None
        elif token.content:
            looks = {look: 1 for look, depth in on.items() if depth > 0}
            code = {"c": 1} if token.type == "code_inline" else {}
            runs.append({"t": token.content, **looks, **code, **({"h": address} if address else {})})
    return runs


def lettered(blocks):
    """Return `blocks` with paragraphs that begin with a), b) … or a., b. … as one list each."""
    found = []
    for block in blocks:
        items = _letters_in(block)
        last = found[-1] if found else {}
        # A letter alone may be a word; it opens a list as the first, and follows one that waits for it.
        due = len(last["items"]) if last.get("mark") == "a" else 0
        if items and items[0][0] == LETTERS[due : due + 1] and _follow(items):
            said = [[{"is": "paragraph", "runs": runs}] for _letter, runs in items]
            if due:
                last["items"] += said
            else:
                found.append({"is": "list", "mark": "a", "start": 1, "items": said, "from": block})
        elif due and block["is"] == "list" and block["mark"] == "-":
            last["items"][-1].append(block)
        else:
            found.append(block)
    return [_settled(block) for block in found]


def _settled(block):
    """A single "a." is no list: the paragraph stays as it was written."""
    source = block.pop("from", None)
    return source if source is not None and len(block["items"]) == 1 else block


def _letters_in(block):
    """Return (letter, runs) of each line of a paragraph that begins with a letter, if its first line does."""
    if block["is"] != "paragraph" or not block["runs"] or not _LETTERED.match(block["runs"][0].get("t", "")):
        return []
    items, begins = [], True
    for run in block["runs"]:
        mark = _LETTERED.match(run.get("t", "")) if begins else None
        follows = mark and (not items or LETTERS.find(mark[1]) == LETTERS.find(items[-1][0]) + 1)
        if follows:
            while items and items[-1][1] and "n" in items[-1][1][-1]:
                items[-1][1].pop()
            items.append((mark[1], [{**run, "t": run["t"][mark.end() :]}]))
        else:
            items[-1][1].append(run)
        begins = "n" in run
    return items


def _follow(items):
    return all(LETTERS.find(b[0]) == LETTERS.find(a[0]) + 1 for a, b in zip(items, items[1:], strict=False))
