"""What the layout shows on every page: who is here, and the sections of the consultation the page belongs to."""

from flask import request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from consulta.consultations.rules import is_moderator
from consulta.web import labels
from consulta.web.guards import person

# Pages that belong to a section of another name.
SECTION_OF = {"workbench": "merging", "dashboard": "tables", "minutes": "tables"}


def bind(app):
    """Give every template of `app` the person, the language and the consultation's sections."""

    @app.context_processor
    def _everywhere():
        return {
            "person": person(),
            "locale": str(get_locale()),
            "site_name": app.config["SITE_NAME"],
            "source_url": app.config["SOURCE_URL"],
            "demo": app.config["DEMO"],
            "sections_of": sections_of,
            "labels": labels,
            "pairs": pairs,
        }


def sections_of(consultation):
    """Return the sections of a consultation as the layout's second navigation shows them: label, href, active."""
    entries = [
        (_("Consulta"), "consultations.show", {"slug": consultation.slug}),
        (_("Propuestas"), "proposals.index", {"slug": consultation.slug}),
        (_("Mesas"), "tables.index", {"slug": consultation.slug}),
        (_("Foro"), "forum.show", {"slug": consultation.slug}),
        (_("Acuerdos"), "agreements.index", {"slug": consultation.slug}),
        (_("Preselección"), "shortlist.index", {"slug": consultation.slug}),
        (_("Plan"), "plan.show", {"slug": consultation.slug}),
        (_("Registro público"), "record.index", {"consulta": consultation.slug}),
    ]
    if is_moderator(person(), consultation):
        entries.append((_("Moderación"), "merging.desk", {"slug": consultation.slug}))
        entries.append((_("Mapa"), "map.show", {"slug": consultation.slug}))
    here = SECTION_OF.get(request.blueprint, request.blueprint)
    return [
        {"label": label, "href": url_for(endpoint, **values), "active": endpoint.split(".")[0] == here}
        for label, endpoint, values in entries
    ]


def pairs(rows):
    """Return (id, title) of rows, as a list of options takes them."""
    return [(row.id, row.title) for row in rows]
