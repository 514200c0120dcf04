"""Sending a form as a browser does: with the token of the page it stands on."""

import re
from html import unescape

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def send(client, path, data=None, *, page=None, follow=False):
    """POST `data` to `path` with the token of `page` (or of `path` itself); returns the answer."""
    token = TOKEN.search(client.get(page or path).text).group(1)
    return client.post(path, data={**(data or {}), "csrf_token": token}, follow_redirects=follow)


def words(answer):
    """Return the text of an answer without tags, entities and double spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())
