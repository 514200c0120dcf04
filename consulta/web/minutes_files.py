"""The minutes as files: PDF, text document, and the JSON whose fingerprint the public record holds."""

import json
import re
from functools import lru_cache

from flask import make_response, request
from flask_babel import get_locale
from flask_babel import gettext as _

from consulta.core.errors import Busy, NotFound
from consulta.core.text import fold
from consulta.minutes import text_document, typesetting
from consulta.minutes.document import canonical, digest_of
from consulta.web.filters import day
from consulta.web.minutes_layout import blocks_in, title_of

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
}
# Part of every ETag: goes up when the same document is drawn otherwise.
DRAWN = 1
KEPT = 8  # files that are kept for the next reader


def file_of(kind, published):
    """Return the answer with the file of `published` (web.minutes_pages.Published), the same until it is corrected."""
    if kind == "json" and (published.gone or published.version is None):
        raise NotFound(_("De esta acta no hay un archivo de datos: algo de ella ya no es público, o no tiene versión."))
    data, locale, footer, made_at = canonical(published.document).decode(), str(get_locale()), _footer(published), None
    if published.version is not None:
        made_at = published.version.published_at
    try:
        content = data.encode() if kind == "json" else _drawn(kind, data, locale, tuple(footer.items()), made_at)
    except typesetting.NotSet as problem:
        # The page and the text document say the same; the reader is not left without the minutes.
        raise Busy(
            _("El PDF no se pudo preparar ahora. El acta completa está en su página y en el documento de texto.")
        ) from problem
    return _answer(content, kind, published, locale)


@lru_cache(maxsize=KEPT)
def _drawn(kind, data, locale, footer, made_at):
    document = json.loads(data)
    given = {
        "title": title_of(document),
        "subtitle": document["title"] if document.get("number") else document["table"],
        "blocks": blocks_in(document),
        "lang": locale[:2],
        "footer": dict(footer),
        "published_at": made_at,
    }
    if kind == "docx":
        return text_document.docx_of(**given)
    missing = _("Los signos que la letra de este archivo no puede dibujar se ven como □; en la página están completos.")
    return typesetting.pdf_of(**given, missing=missing)


def _footer(published):
    # "{n}" and "{of}" are for whoever draws the page.
    page = _("Página %(n)s de %(of)s", n="{n}", of="{of}")
    version = published.version
    if version is None:
        return {"version": _("Sin versión guardada"), "digest": "", "page": page}
    said = _(
        "Versión %(number)s, publicada el %(day)s",
        number=version.number,
        day=day(version.published_at, published.zone),
    )
    return {"version": said, "digest": f"SHA-256 {version.digest}", "page": page}


def _answer(content, kind, published, locale):
    response = make_response(content)
    response.mimetype = TYPES[kind]
    response.headers["Content-Disposition"] = f'inline; filename="{_name(published, kind)}"'
    response.set_etag(f"{digest_of(published.document)[:32]}-{locale}-{DRAWN}-{kind}")
    return response.make_conditional(request)


def _name(published, kind):
    title = re.sub(r"[^a-z0-9]+", "-", fold(title_of(published.document))).strip("-")[:80]
    number = f"-v{published.version.number}" if published.version else ""
    return f"{title or 'acta'}{number}.{kind}"
