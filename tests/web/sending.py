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


def filled_in(page):
    """Return what the form of a page (its text) holds, as a browser sends it: fields by name, all but the token."""
    form = re.search(r'<form class="post-form".*?</form>', page, re.DOTALL)[0]
    held = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = (re.search(rf'{each}="([^"]*)"', tag) for each in ("name", "value"))
        is_box = 'type="checkbox"' in tag or 'type="radio"' in tag
        if name and name[1] != "csrf_token" and (not is_box or " checked" in tag):
            held[name[1]] = unescape(value[1] if value else "y" if is_box else "")
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\r?\n?(.*?)</textarea>', form, re.DOTALL):
        held[name] = unescape(text)
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        held[name] = chosen[1] if chosen else re.search(r'value="([^"]*)"', options)[1]
    return held
