"""Where a commitment comes from, in words: the tree of plan.origin as the component `origin_chain` draws it."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consulta.core.clock import now
from consulta.core.text import to_html
from consulta.web import labels
from consulta.web.filters import day


def chain_of(commitment, origins):
    """Return the nodes of `origin_chain`: the commitment, and inside it all that it comes from.

    Returns an empty list where no proposal stands behind it.
    """
    if not origins.roots:
        return []
    zone = commitment.plan.consultation.zone
    return [
        {
            "kind": _name(commitment),
            "title": commitment.title,
            "meta": [commitment.institution and commitment.institution.name],
            "state": commitment.state,
            "badge": labels.commitment_state(commitment.state),
            "now": True,
            "sources": [_root(source, zone) for source in origins.roots],
        }
    ]


def named_in(origins):
    """Return the proposals that the commitment itself names, wherever in the tree they stand, the certain ones first.

    One a dictionary: name, title, href, certainty.
    """
    found, wave = [], list(origins.roots)
    while wave:
        source = wave.pop(0)
        wave[:0] = [*source.parts, *source.via]
        if source.certainty and not source.is_secret:
            name, href = source.reference or source.code, url_for("proposals.show", code=source.code)
            found.append({"name": name, "title": source.title, "href": href, "certainty": source.certainty})
    return sorted(found, key=lambda each: each["certainty"] != "certain")


def _root(source, zone):
    """Wrap a tree in what was decided of it, or in what carries it now and what was decided of that."""
    node = _source(source, zone)
    if not source.via:
        return _decided(source, node, zone)
    for carrier in source.via:
        node = {**_merge(carrier, zone), "sources": [node, *_rooms(carrier, zone)]}
    return {**_decided(source.via[-1], node, zone), "certainty": source.certainty}


def _decided(source, node, zone):
    """Put the decision in force between the commitment and the proposal; reopened ones stand behind it.

    How sure the origin is belongs to the link next to the commitment, and goes over to the decision.
    """
    live = [each for each in source.decisions if each.reopened_at is None]
    reopened = [_decision(each, zone) for each in source.decisions if each.reopened_at is not None]
    node = {**node, "sources": [*reopened, *node["sources"]]}
    if not live:
        return node
    told, claim = _decision(live[0], zone), _claim(source)
    node = {**node, "notes": [text for text in node["notes"] if text not in claim["notes"]], "certainty": None}
    return {**told, **claim, "notes": [*claim["notes"], *told["notes"]], "sources": [node]}


def _decision(made, zone):
    titles = {
        "shortlisted": _("Preseleccionada"),
        "left_out": _("Dejada fuera: %(ground)s", ground=labels.ground(made.ground)),
        "referred": _("Derivada a %(name)s", name=made.referred_to),
    }
    is_over = made.reopened_at is not None
    return {
        "kind": _("Decisión reabierta") if is_over else _("Decisión"),
        "title": titles[made.kind],
        "meta": [
            made.counterpart and _("Contraparte: %(name)s", name=made.counterpart),
            made.needs_law and made.ground != "needs_law" and _("Requiere ley"),
            made.no_counterpart and made.ground != "no_counterpart" and _("Sin contraparte"),
            day(made.decided_at, zone),
            made.by or _("El sistema"),
            made.room,
        ],
        "notes": [is_over and _("Se reabrió: %(reason)s", reason=_plain(made.reopened_reason))],
        "reason": _plain(made.reason),
    }


def _source(source, zone):
    """Draw one proposal: a merge with its parts, or what a person, a table or an institution wrote."""
    node = _merge(source, zone) if source.is_joint and source.merge else _proposal(source, zone)
    parts = [_decided(part, _source(part, zone), zone) for part in source.parts]
    let_go = [_let_go(each, zone) for each in source.let_go]
    was_in = [_was_in(each, zone) for each in source.was_in]
    claim = _claim(source)
    return {
        **node,
        **claim,
        "notes": [*claim["notes"], *node["notes"]],
        "sources": [*_rooms(source, zone), *parts, *let_go, *was_in],
    }


def _claim(source):
    return {"certainty": source.certainty, "notes": [source.note] if source.note else []}


def _merge(source, zone):
    merge = source.merge
    is_open_no_more = merge.state == "made" and merge.objections_until <= now()
    return {
        "kind": _("Fusión %(name)s", name=merge.reference) if merge.reference else _("Fusión"),
        "title": _title(source),
        "href": url_for("merging.show", id=merge.id),
        "state": merge.state,
        # A source may never have closed a merge: no objection is heard any more all the same.
        "badge": _("Hecha") if is_open_no_more else labels.merge_state(merge.state),
        "meta": [
            ngettext("%(num)s persona distinta en línea", "%(num)s personas distintas en línea", source.supporters),
            day(merge.made_at, zone),
            merge.room,
        ],
        "notes": [merge.note],
        "reason": _plain(merge.reason),
    }


def _proposal(source, zone):
    return {
        "kind": source.reference or _("Propuesta"),
        "title": _title(source),
        "href": None if source.is_secret else url_for("proposals.show", code=source.code),
        "meta": [
            ngettext("%(num)s apoyo en línea", "%(num)s apoyos en línea", source.supporters),
            _came_from(source),
            source.region,
            source.published_at and day(source.published_at, zone),
        ],
        "notes": [],
    }


def _came_from(source):
    if source.is_secret:
        return None
    if source.institution:
        return _("De %(name)s", name=source.institution)
    if source.origin_note:
        return source.origin_note
    return {
        "online": _("De una persona, en línea"),
        "table": _("De una mesa"),
        "institution": _("De una institución"),
    }[source.origin]


def _rooms(source, zone):
    return [_room(each, zone) for each in source.heard]


def _room(said, zone):
    people = None
    if said.attended:
        people = ngettext("%(num)s persona en la sala", "%(num)s personas en la sala", said.attended)
    elif said.listed:
        people = ngettext("%(num)s persona en la lista", "%(num)s personas en la lista", said.listed)
    return {
        "kind": _("Sesión"),
        "title": f"{said.room}: {labels.outcome(said.outcome, said.group_number)}",
        "href": url_for("tables.show", id=said.session_id),
        "certainty": "inferred" if said.is_inferred else None,
        "meta": [
            said.starts_at and day(said.starts_at, zone),
            said.region,
            said.grade and labels.grade(said.grade),
            said.dots is not None and ngettext("%(num)s punto", "%(num)s puntos", said.dots),
            people,
        ],
        "notes": [
            not said.starts_at and said.date_note,
            said.is_pooled
            and _("Opiniones reunidas de %(venues)s: no se sabe qué dijo cada una.", venues=", ".join(said.venues)),
            said.dissent and _("Disenso: %(text)s", text=_plain(said.dissent)),
        ],
        "reason": _plain(said.reasons),
    }


def _let_go(released, zone):
    return {
        "kind": _("Salió de la fusión"),
        "title": released.title or _("Una propuesta que ya no es pública"),
        "href": url_for("proposals.show", code=released.code) if released.code else None,
        "meta": [released.at and day(released.at, zone)],
        "reason": _plain(released.reason),
    }


def _was_in(released, zone):
    merge = released.merge
    return {
        "kind": _("Estuvo en la fusión %(name)s", name=merge.reference or ""),
        "title": _("Se deshizo") if merge.state == "undone" else _("Salió de ella"),
        "href": url_for("merging.show", id=merge.id),
        "meta": [released.at and day(released.at, zone)],
        "notes": [merge.note],
        "reason": _plain(released.reason),
    }


def _name(commitment):
    """What a commitment is called before its title; a source's own label may say the word already."""
    label = commitment.reference or str(commitment.number)
    return label if label.lower().startswith("compromiso") else _("Compromiso %(n)s", n=label)


def _title(source):
    return source.title or _("Una propuesta que ya no es pública")


def _plain(text):
    """Return a Markdown text as plain words on one line."""
    return " ".join(to_html(text).striptags().split()) if text else None
