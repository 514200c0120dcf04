"""Proposals beside one another: in which order, how near, and which words they have in common."""

from flask import current_app, url_for
from flask_babel import format_decimal
from flask_babel import gettext as _

from consulta.merging.rules import why_cannot_be_merged
from consulta.similarity.explain import medoid, shared_words
from consulta.similarity.words import stem, words
from consulta.web import labels
from consulta.web.filters import excerpt

EXCERPT = 480  # characters shown before "read on"


def nearest_first(consultation, proposals):
    """Return (proposal, distance) of `proposals`, the text that speaks for most of them first, then those near it.

    The distance is 0 (same) to 1 (nothing in common), or None for one whose text is not compared.
    """
    if not proposals:
        return []
    held, scores = current_app.extensions["similarity"].scores(consultation, [each.id for each in proposals])
    if len(held) < 2:
        return [(each, None) for each in proposals]
    row = scores[held.index(medoid(held, scores))]
    distance = {each: max(0.0, 1 - float(score)) for each, score in zip(held, row, strict=True)}
    ranked = [(each, distance.get(each.id)) for each in proposals]
    return sorted(ranked, key=lambda pair: (pair[1] is None, pair[1] or 0.0, pair[0].id))


def compared(ranked, *, chosen):
    """Return items and words for the component `comparison`, as a dictionary.

    ranked: (proposal, distance or None), the base text first. chosen: the codes that are ticked.
    """
    texts = [f"{each.title}\n{each.body}" for each, _distance in ranked]
    shared = {stem(word) for word in shared_words(texts)}
    # Every spelling that the texts use, so that "ciclovías" is marked where another says "ciclovía".
    marks = sorted({word.lower() for text in texts for word in words(text) if stem(word) in shared})
    items = [_item(place, each, distance, chosen) for place, (each, distance) in enumerate(ranked)]
    return {"items": items, "words": marks}


def members_of(group):
    """Return (code, title) of the members of a suggested group, the base text first."""
    return [(each.proposal.code, each.proposal.title) for each in group.members]


def near_in_words(tightness):
    """Say how near the two members of a group are that are farthest apart; tightness: 0 to 1."""
    return _(
        "la más distante: %(near)s (distancia %(distance)s)",
        near=labels.nearness(tightness),
        distance=distance_in_words(1 - tightness),
    )


def score_in_words(score):
    """Show how alike two texts are (0 to 1) with two decimals; only the same text is shown as 1."""
    return format_decimal(score if score >= 1 else min(score, 0.99), "0.00")


def distance_in_words(distance):
    """Show a distance (0 to 1) with two decimals."""
    return format_decimal(distance, "0.00")


def _item(place, proposal, distance, chosen):
    why_not = why_cannot_be_merged(proposal)
    return {
        "title": proposal.title,
        "text": excerpt(proposal.body, EXCERPT),
        "whole": proposal.body if len(proposal.body) > EXCERPT else None,
        "code": proposal.code,
        "href": url_for("proposals.show", code=proposal.code),
        "supporters": proposal.supporters,
        "near": _near(place, distance),
        "meta": [
            proposal.institution.name if proposal.institution else labels.origin(proposal.origin),
            proposal.theme.title if proposal.theme else None,
            proposal.territory.name if proposal.territory else None,
        ],
        "state": (proposal.state, labels.proposal_state(proposal.state)) if why_not else None,
        "why_not": why_not,
        "choose": None if why_not else {"name": "parts", "value": proposal.code, "checked": proposal.code in chosen},
    }


def _near(place, distance):
    if distance is None:
        return None
    if place == 0:
        return _("Texto base: el más cercano a los demás")
    return _(
        "%(near)s al texto base (distancia %(distance)s)",
        near=labels.nearness(1 - distance),
        distance=distance_in_words(distance),
    )
