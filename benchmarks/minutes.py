"""How long the minutes of a session take as blocks, as PDF and as text document: python -m benchmarks.minutes.

Three documents: that of an ordinary session, one of some 40 pages, and the largest that the site's own limits allow
(200 items of 20,000 letters each). Each figure is the best of three, in the processor's own seconds, since other work
on the machine counts in no other way; nothing is kept between them.
"""

import io
import time

import pypdf
from flask import Flask
from flask_babel import Babel

from consulta.minutes.document import canonical, digest_of
from consulta.minutes.markdown import blocks_of
from consulta.minutes.text_document import docx_of
from consulta.minutes.typesetting import NotSet, pdf_of
from consulta.web.minutes_layout import blocks_in, title_of

PARAGRAPH = "Se discutió la propuesta de la red y se acordó dar a conocer el informe durante la semana siguiente. " * 8
TABLE = "| Etapa | Actividad |\n|---|---|\n" + "| Preparación | Diseño del proceso de co-creación |\n" * 12
FOOTER = {"version": "Versión 1", "digest": "SHA-256 " + "0" * 64, "page": "Página {n} de {of}"}
SIZES = (("ordinary", 6, 3, 12), ("some 40 pages", 20, 7, 30), ("the largest", 200, 24, 200))


def document(items, paragraphs, results):
    """Return a document with so many items of so many paragraphs, and so many results."""
    numbered = "\n\n".join(f"{n}. {PARAGRAPH}" for n in range(1, paragraphs + 1))
    return {
        "form": 1,
        "table": "Mesa de Gobierno Abierto",
        "table_kind": "forum",
        "consultation": "Plan de acción",
        "number": "4",
        "title": "Cuarta reunión",
        "attendance": [
            {
                "presence": "attended",
                "quality": "member",
                "lines": [{"name": f"Institución {n}", "heads": 2} for n in range(40)],
            }
        ],
        "agenda": [{"kind": "item", "title": f"Punto {n}"} for n in range(items)],
        "development": [
            {"number": n, "title": f"Punto {n}", "markdown": f"{numbered}\n\n{TABLE}"} for n in range(1, items + 1)
        ],
        "results": [
            {"code": str(n), "title": f"Propuesta {n}", "reference": str(n), "origin": "online", "outcome": "keep",
             "dots": n, "reasons": PARAGRAPH}
            for n in range(results)
        ],
        "agreements": [{"kind": "task", "text": PARAGRAPH, "owner": "Secretaría"} for _n in range(20)],
    }  # fmt: skip


def best(act):
    """Return the best of three times of `act` in milliseconds of the processor, and what it gave."""
    took, found = [], None
    for _n in range(3):
        began = time.process_time()
        found = act()
        took.append(time.process_time() - began)
    return min(took) * 1000, found


def main():
    """Print the figures."""
    app = Flask("minutes")
    app.config["BABEL_DEFAULT_LOCALE"] = "es"
    Babel(app)
    print("minutes                JSON  fingerprint    blocks       PDF  pages      DOCX")
    with app.test_request_context("/"):
        for name, *size in SIZES:
            said = document(*size)
            digest, _hash = best(lambda said=said: digest_of(said))
            laid, blocks = best(lambda said=said: blocks_of.cache_clear() or blocks_in(said))
            given = {"title": title_of(said), "subtitle": "", "blocks": blocks, "lang": "es", "footer": FOOTER}
            try:
                pdf, file = best(lambda given=given: pdf_of(**given, missing="□"))
                pages = len(pypdf.PdfReader(io.BytesIO(file)).pages)
            except NotSet as problem:
                pdf, pages = float("nan"), str(problem)
            docx, _file = best(lambda given=given: docx_of(**given))
            kilobytes = len(canonical(said)) / 1000
            print(
                f"{name:15} {kilobytes:8.0f} kB {digest:9.1f} ms {laid:6.0f} ms {pdf:6.0f} ms {pages:>6} {docx:6.0f} ms"
            )


if __name__ == "__main__":
    main()
