"""Proposals like another text: while somebody types, before a draft is sent, and beside every proposal."""

from typing import NamedTuple

from flask import Blueprint, current_app, make_response, render_template, request
from flask_babel import gettext as _

from consulta.consultations.queries import find_consultation
from consulta.core.errors import NotFound, Refused, refuse_if
from consulta.proposals import rules
from consulta.proposals.models import BODY_LIMIT, TITLE_LIMIT, Proposal
from consulta.proposals.queries import find_proposal
from consulta.similarity.explain import shared_words
from consulta.similarity.words import stem, words
from consulta.suggestions.queries import floors_of
from consulta.votes.queries import supported_among
from consulta.votes.rules import why_not_vote
from consulta.web import labels
from consulta.web.guards import person, signed_in
from consulta.web.warning_words import in_words

similar = Blueprint("similar", __name__)

SHOWN = 5
# Less than this says too little: whatever came back would be a false alarm. The script asks no earlier either.
FEWEST_WORDS, FEWEST_LETTERS = 3, 12
# Proposals that somebody may have put aside as different from theirs; more would make the question costly.
MOST_DIFFERENT = 50
WORDS_NAMED = 5


class Alike(NamedTuple):
    """A proposal that reads like a text, and what its reader is told of it.

    why: in words why it is shown; warnings: in words what may set it apart; supported: by the reader;
    why_not: the reason the reader cannot support it, or None.
    """

    proposal: Proposal
    why: str
    warnings: list
    supported: bool
    why_not: str | None


@similar.get("/consultas/<slug>/propuestas/parecidas")
@signed_in
def live(slug):
    """A part of a page: what is already proposed, as far as the text goes that somebody is still writing.

    titulo, texto: what is typed so far. borrador: the code of what is being changed. distintas: codes that the writer
    said are not the same.
    """
    consultation = find_consultation(slug, to=person())
    own = _own(request.args.get("borrador"))
    if own is None or rules.why_not_revise(person(), own) is not None:
        refuse_if(rules.why_not_propose(person(), consultation))
    title, body = request.args.get("titulo", "")[:TITLE_LIMIT], request.args.get("texto", "")[:BODY_LIMIT]
    aside = set(codes_in(request.args.get("distintas"))) | ({own.code} if own is not None else set())
    near = alike(consultation, title, body, aside=aside) if _says_enough(title, body) else []
    answer = make_response(render_template("similar/live.html", near=near))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def alike(consultation, title, body, *, aside=()):
    """Return up to SHOWN Alike of `consultation` for a text that the present person writes, the nearest first.

    aside: codes that are never among them. Nothing below the consultation's floor for citizens is.
    """
    neighbours = current_app.extensions["similarity"]
    found = neighbours.similar_to(
        consultation, title, body, k=SHOWN + len(aside), floor=floors_of(consultation).citizen
    )
    found = [(each, near) for each, near in found if each.code not in aside][:SHOWN]
    supported = supported_among(person(), [each for each, _near in found])
    text = f"{title}\n{body}"
    return [
        Alike(
            each,
            _why(text, each, near),
            [in_words(warning) for warning in near.warnings],
            each.id in supported,
            why_not_vote(person(), each),
        )
        for each, near in found
    ]


def related_to(proposal):
    """Return up to SHOWN proposals near `proposal`, but for the joint one that carries it; none where it is hidden."""
    if proposal.hidden_at is not None:
        return []
    found = current_app.extensions["similarity"].related(
        proposal,
        SHOWN,
        but=tuple(each for each in (proposal.carried_by_id, proposal.head_id) if each),
        floor=floors_of(proposal.consultation).citizen,
    )
    return [each for each, _near in found]


def marked_words(own, others):
    """Return in lower case, in every spelling, the words that `own` shares with any of the proposals `others`."""
    texts = [f"{each.title}\n{each.body}" for each in (own, *others)]
    shared = {stem(word) for text in texts[1:] for word in shared_words([texts[0], text])}
    return sorted({word.lower() for text in texts for word in words(text) if stem(word) in shared})


def codes_in(text):
    """Return the codes of proposals that `text` lists, each once, at most MOST_DIFFERENT; what is none is left out."""
    found = (text or "")[: 16 * MOST_DIFFERENT].replace(",", " ").split()
    codes = [each.lower() for each in found if each.isascii() and each.isalnum() and len(each) <= 12]
    return list(dict.fromkeys(codes))[:MOST_DIFFERENT]


def _own(code):
    """Return the present person's own proposal at `code`, or None."""
    if not code:
        return None
    try:
        proposal = find_proposal(code[:12], to=person())
    except (NotFound, Refused):
        return None
    return proposal if proposal.author_id == person().id else None


def _says_enough(title, body):
    text = f"{title} {body}"
    return len(text.split()) >= FEWEST_WORDS or len(text.strip()) >= FEWEST_LETTERS


def _why(text, proposal, near):
    if near.certain:
        return _("Dice lo mismo, casi palabra por palabra")
    shared = shared_words([text, f"{proposal.title}\n{proposal.body}"], WORDS_NAMED)
    how_near = labels.nearness(near.score)
    if not shared:
        return _("%(near)s: habla de lo mismo con otras palabras", near=how_near)
    return _("%(near)s: las dos hablan de %(words)s", near=how_near, words=_listed(shared))


def _listed(named):
    *some, last = [f"«{each}»" for each in named]
    return _("%(some)s y %(last)s", some=", ".join(some), last=last) if some else last
