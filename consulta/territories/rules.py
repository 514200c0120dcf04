"""What a row of the tree must be like before it is stored."""

from flask_babel import lazy_gettext as _

from consulta.territories.models import KINDS

# Which kind a node's parent is; countries without provinces hang communes on regions.
PARENTS = {"country": (), "region": ("country",), "province": ("region",), "commune": ("region", "province")}


def why_not_row(row, parent):
    """Return why a territory `row` (a dictionary) cannot hang on `parent` (a Territory or None), or nothing."""
    kind = row.get("kind")
    if kind not in KINDS:
        return _("El territorio %(code)s no dice qué clase de territorio es.", code=row.get("code"))
    if len(row.get("country") or "") != 2 or not (row.get("code") or "").strip() or not (row.get("name") or "").strip():
        return _("El territorio %(code)s necesita país, código y nombre.", code=row.get("code"))
    above = parent.kind if parent is not None else None
    if above not in (PARENTS[kind] or (None,)):
        return _("El territorio %(code)s no puede depender de «%(parent)s».", code=row["code"], parent=above)
    return None
