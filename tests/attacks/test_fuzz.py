"""Junk for every parameter of every address and every field of every form: refused or taken, never a fault."""

import random
import re

import pytest

from tests.web.test_rights import TABLE

pytestmark = pytest.mark.settings(WTF_CSRF_ENABLED=False)

JUNK = (
    "",
    " ",
    "0",
    "-1",
    "1e309",
    "٣",
    str(2**31),
    str(2**63),
    "00000000001" + "9" * 30,
    "9" * 5_000,
    "x" * 7_000,
    "a\x00b",
    "\ud800".encode("utf-8", "surrogatepass"),
    b"\xff\xfe",
    "'\"><%&",
    "%s%n{0}",
    "[]",
    "null",
    "on",
    "2026-02-30",
    "0001-01-01T00:00",
    "9999-12-31T23:59",
    "2026-11-21T10:00",
    "15:00–99:99 x",
    "<script>",
    "\u202e\u0301",
    "😀" * 200,
    "../../etc/passwd",
    "CL",
    "keep",
)
FIELD = re.compile(r'<(?:input|select|textarea|button)[^>]*?\bname="([^"]+)"')
QUERY = ("q", "sort", "estado", "eje", "desde", "antes", "ver", "region", "codes", "de", "next", "consulta", "suceso")
ROUNDS = 2


def _actor(letters, path):
    """Return who may come in: the moderator before the administrator, the owner before a citizen."""
    if "administracion" in path:
        return "administrator"
    if letters == "-nnynnnn":
        return "facilitator"
    return "owner" if letters in ("-nynnnnn", "-?y?????", "-yyyyyyy") else "moderator"


def _broken(path, values, chance):
    """Return `path` with one of the world's values in it replaced by junk."""
    parts = re.findall(r"\{(\w+)\}", path)
    chosen = chance.choice(parts) if parts else None
    return path.partition("?")[0].format(
        **{**values, **({chosen: chance.choice(("nada", "0", "٣", str(2**63), "a b", "%00"))} if chosen else {})}
    )


@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_no_junk_makes_a_fault(world, verb, caplog):
    chance = random.Random(20261121)  # noqa: S311
    clients = {actor: world.client(actor) for actor in ("owner", "moderator", "facilitator", "administrator")}
    faults = []
    for (endpoint, each), (address, letters, form) in TABLE.items():
        if each != verb or endpoint == "accounts.sign_out":
            continue
        client = clients[_actor(letters, address)]
        path = address.format(**world.values).partition("?")[0]
        if verb == "GET":
            calls = [(_broken(address, world.values, chance), _query(chance)) for _round in range(ROUNDS)]
        else:
            page = client.get(path)
            names = {*FIELD.findall(page.text), *form} - {"csrf_token"}
            typed = {name: str(value).format(**world.values) for name, value in form.items()}
            calls = [(path, {"data": _typed(names, typed, chance)}) for _round in range(ROUNDS)]
        for where, what in calls:
            status = client.get(where, **what).status_code if verb == "GET" else client.post(where, **what).status_code
            if status >= 500:
                faults.append((endpoint, where, what, status))
    assert faults == [], caplog.text[-4000:]


def _query(chance):
    junk = {name: chance.choice(JUNK) for name in QUERY}
    texts = {name: text.decode("latin-1") if isinstance(text, bytes) else text[:300] for name, text in junk.items()}
    # A NUL anywhere is refused before anything is read, so most queries hold none.
    return {"query_string": {name: text for name, text in texts.items() if "\x00" not in text or chance.random() < 0.1}}


def _typed(names, typed, chance):
    """Return a form: most fields hold junk, some what belongs there, some are sent twice or not at all."""
    form = dict(typed)
    for name in sorted(names):
        if chance.random() < 0.85:
            form[name] = [chance.choice(JUNK) for _n in range(chance.choice((1, 1, 1, 2)))]
    for name in ("rows-0-heads", "rows-999-sector", "agreements-0-due", "milestones-59-ends_on", "inferred-0-code"):
        form.setdefault(name, [chance.choice(JUNK)])
    return form
