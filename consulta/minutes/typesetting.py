"""The minutes as a tagged PDF (PDF/UA-1), set by Typst with the fonts that it carries itself.

What people wrote goes in as data and is never read as markup. A letter that none of those fonts can draw would make
the file inaccessible, so Typst refuses it: such letters are shown as □, and a line at the end says so.
"""

import hashlib
import json
import re
import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TookTooLong
from functools import cache
from pathlib import Path

import typst

from consulta.minutes.markdown import plainly

STANDARD = "ua-1"
UNDRAWN = "□"
SECONDS = 20  # that a reader waits for a PDF
AT_ONCE = 2  # that are set at the same time
KEPT = 4  # that were ready too late and wait for whoever asks again
NEAR = 128  # letters of Unicode that are asked for together
MOST_ASKED = 200  # questions for the letters of one text, each of 3 ms
MOST_REFUSED = 8  # of one neighbourhood
_REFUSED = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]+)\}")
# What XML and fonts have no letter for, whatever else a text holds; line ends of a code block stay.
_NO_LETTER = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# Latin, its marks, Greek, Cyrillic and common signs: what the fonts draw for certain.
_PLAIN = re.compile(
    "[^\n\x20-\x7e\xa0-\u017f\u0391-\u03a9\u03b1-\u03c9\u0410-\u044f\u2013\u2014\u2018-\u201e\u2026\u20ac□]"
)

_turns = threading.BoundedSemaphore(AT_ONCE)
_asking = threading.Lock()
_asking_turn = threading.Lock()
_under_way = {}
_drawable = {}


class NotSet(RuntimeError):
    """The PDF could not be made; the page and the text document say the same as it would."""


def pdf_of(*, title, subtitle, blocks, lang, footer, missing, published_at=None):
    """Return the bytes of the PDF.

    blocks: as `markdown` describes them. lang: "es" or "en". footer: a dictionary of version, digest ("" for none)
    and page, the words around "{n}" and "{of}". missing: a sentence for letters that cannot be drawn. published_at:
    the instant that the file names as its own, so that the same minutes give the same bytes. Raises NotSet.
    """
    data = {
        "title": title,
        "subtitle": subtitle,
        "description": subtitle,
        "keywords": [],
        "lang": lang,
        "footer": footer,
        "blocks": list(blocks),
    }
    data = _with_titles(_each_text(data, lambda text: _NO_LETTER.sub("", text)))
    strange = {letter for text in _texts(data) for letter in text if ord(letter) > 0x17F}
    bad = _undrawable(strange)
    if bad:
        data = _each_text(data, lambda text: "".join(UNDRAWN if letter in bad else letter for letter in text))
        data["blocks"].append({"is": "paragraph", "runs": [{"t": missing}], "look": "note"})
    remedies = [_without_shape, _with_plain_letters]
    while True:
        try:
            return _set(data, published_at)
        except typst.TypstError as refusal:
            # Letters that can be drawn alone, and not together: what is not plain goes. Else it is how the blocks
            # stand in one another: their words are set line by line.
            remedy = _with_plain_letters if _REFUSED.search(str(refusal)) else _without_shape
            if remedy not in remedies:
                raise NotSet(str(refusal)) from refusal
            remedies.remove(remedy)
            data = remedy(data)


def _with_plain_letters(data):
    return _each_text(data, lambda text: _PLAIN.sub(UNDRAWN, text))


def _without_shape(data):
    return {**data, "blocks": plainly(data["blocks"])}


def _set(data, published_at):
    """Compile in a thread of its own, which a reader waits for no longer than SECONDS; so many at once, no more.

    Who asks for the same again meanwhile waits for the same thread, and gets what it made while they were away.
    """
    data = json.dumps(data)
    key = hashlib.sha256(data.encode()).hexdigest(), published_at
    done, is_new = _asked_for(key)
    if is_new:
        threading.Thread(target=_work, args=(done, data, published_at), daemon=True).start()
    try:
        file = done.result(timeout=SECONDS)
    except TookTooLong:
        raise NotSet("it took too long") from None
    except BaseException as error:
        _under_way.pop(key, None)
        if isinstance(error, typst.TypstError):
            raise
        # Typst ends a bad day with a panic, which is no Exception in Python.
        raise NotSet(repr(error)) from error
    _under_way.pop(key, None)
    return file


def _asked_for(key):
    """Return the Future of a file, and whether nobody works at it yet."""
    with _asking_turn:
        if key in _under_way:
            return _under_way[key], False
        for old in [each for each, future in _under_way.items() if future.done()][:-KEPT]:
            _under_way.pop(old, None)
        _under_way[key] = Future()
        return _under_way[key], True


def _work(done, data, published_at):
    with _turns:
        try:
            done.set_result(_compile(_source(), data, published_at))
        except BaseException as error:
            done.set_exception(error)


def _compile(source, data, published_at=None):
    return typst.compile(
        source,
        format="pdf",
        sys_inputs={"data": data},
        pdf_standards=[STANDARD],
        ignore_system_fonts=True,
        timestamp=int(published_at.timestamp()) if published_at else 0,
    )


@cache
def _source():
    return Path(__file__).with_name("minutes.typ").read_bytes()


def _undrawable(letters):
    """Return those of `letters` that no font draws; what was found out once is kept.

    A refusal names one letter, so they are asked for by their neighbourhood in Unicode, and one in which many are
    refused is not drawn at all. What more than MOST_ASKED questions would be needed for waits for the next text.
    """
    with _asking:
        asked = 0
        for neighbours in _neighbourhoods(letters - _drawable.keys()):
            near, refused = neighbours, 0
            while near and asked < MOST_ASKED:
                asked += 1
                bad = _refused_of(near)
                refused += len(bad)
                if refused > MOST_REFUSED:
                    bad = set(near)
                found = dict.fromkeys(bad, False) if bad else dict.fromkeys(near, True)
                _drawable.update(found)
                near = [letter for letter in near if letter not in found]
        return {letter for letter in letters if not _drawable.get(letter, False)}


def _neighbourhoods(letters):
    """Return lists of `letters` that stand near one another in Unicode: mostly of one script."""
    found = {}
    for letter in sorted(letters):
        found.setdefault(ord(letter) // NEAR, []).append(letter)
    return list(found.values())


def _refused_of(letters):
    try:
        _compile(_PROBE, json.dumps(letters))
    except typst.TypstError as refusal:
        found = _REFUSED.search(str(refusal))
        named = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), found[1]) if found else ""
        # A refusal that names nothing of ours is about all of them.
        return set(named) & set(letters) or set(letters)
    return set()


_PROBE = b"""#set document(title: "?")
#set text(lang: "es", font: ("Libertinus Serif", "DejaVu Sans Mono", "New Computer Modern"))
#for letter in json(bytes(sys.inputs.data)) { par(text(letter)) }"""


def _with_titles(value):
    """Let no heading be empty: one of which no letter is left would keep the whole file from being accessible."""
    if isinstance(value, list):
        return [_with_titles(each) for each in value]
    if not isinstance(value, dict):
        return value
    value = {name: _with_titles(each) for name, each in value.items()}
    name = "title" if "blocks" in value and "is" not in value else "text" if value.get("is") == "heading" else None
    if name and not value[name].strip():
        value[name] = UNDRAWN
    return value


def _each_text(value, change):
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _each_text(each, change) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_each_text(each, change) for each in value]
    return value


def _texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
