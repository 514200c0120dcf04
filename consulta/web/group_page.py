"""What the page of a suggested group shows: its members beside one another, every pair, and what lies near."""

from itertools import combinations

from flask import current_app, url_for
from flask_babel import gettext as _

from consulta.core.errors import NotFound
from consulta.merging.rules import why_cannot_be_merged
from consulta.proposals.queries import bodies_of, find_proposal, page_of
from consulta.similarity.explain import medoid, most_distant
from consulta.suggestions.queries import apart_from, groups_among
from consulta.web import labels
from consulta.web.comparing import EXCERPT, score_in_words
from consulta.web.filters import day, excerpt
from consulta.web.marking import marks_of, pieces
from consulta.web.warning_words import in_words, turned

WHOLE = 12  # members whose texts stand beside one another; the others of a larger group are a list of titles
MATRIX = 8  # members whose pairs fit a square table; beyond, the most distant pairs are listed
PAIRS_LISTED = 10
FOUND = 8  # proposals that a search offers to pull in
NEAR = 5  # proposals offered without a search
TELLING = 0.02  # difference of two scores that a person need know of
FAINTEST = 0.3  # score of the least alike among them: below, there is nothing to look at


class Compared:
    """Every two of `proposals`: `score(one, other)` (0 to 1, None where a text is not compared yet) and `warnings`.

    warnings: (place, place, Warning) of the guards, by places in the list of `proposals`, the first one lower.
    """

    def __init__(self, consultation, proposals):
        self.ids = [each.id for each in proposals]
        self.held, compared = current_app.extensions["similarity"].compare(consultation, self.ids)
        self._scores = compared.scores
        self._slot = {each: slot for slot, each in enumerate(self.held)}
        place = {each: number for number, each in enumerate(self.ids)}
        # A Warning speaks of the lower id first, the page of the one that stands first.
        self.warnings = sorted(
            (place[a], place[b], warning) if place[a] < place[b] else (place[b], place[a], turned(warning))
            for (a, b), found in compared.warnings.items()
            for warning in found
        )

    def score(self, one, other):
        """Return the score of two proposals by their ids."""
        if one not in self._slot or other not in self._slot:
            return None
        return float(self._scores[self._slot[one], self._slot[other]])

    def base(self):
        """Return the id of the text that speaks for most of the others."""
        return medoid(self.held, self._scores) if len(self.held) > 1 else self.ids[0]

    def farthest(self):
        """Return the id of the text least like the others, or None where there are only two, or none differs."""
        if len(self.held) < 3:
            return None
        return most_distant(self.held, self._scores) if self.lowest() is not None else None

    def lowest(self):
        """Return the score of the two that are least alike, or None where all are about as like one another."""
        scores = [self.score(a, b) for a, b in combinations(self.held, 2)]
        return min(scores) if scores and max(scores) - min(scores) >= TELLING else None


def shown(consultation, proposals, base=None):
    """Return what the template takes of a group: members, others, pairs, warnings, base (a Proposal), base_text.

    proposals: in the order of the page. base: the code of the one to begin the joint text from, if chosen.
    """
    front = proposals[:WHOLE]
    chosen = next((each for each in proposals if each.code == base), None)
    bodies = bodies_of([each.id for each in {*front, *([chosen] if chosen else [])}])
    compared = Compared(consultation, proposals)
    suggested, farthest = compared.base(), compared.farthest()
    live = [each for each in proposals if why_cannot_be_merged(each) is None]
    base = chosen or next((each for each in live if each.id == suggested), None) or (live or proposals)[0]
    if base.id not in bodies:
        bodies |= bodies_of([base.id])
    texts = [f"{each.title}\n{bodies[each.id]}" for each in front]
    shared, own = marks_of(texts)
    members = [
        _member(each, bodies[each.id], shared, mine)
        | {"number": number, "is_base": each is base, "near": _near(each, base, compared)}
        | {"is_farthest": each.id == farthest}
        for number, (each, mine) in enumerate(zip(front, own, strict=True), start=1)
    ]
    return {
        "members": members,
        "others": [
            {"number": number, "code": each.code, "title": each.title, "supporters": each.supporters}
            | {"href": url_for("proposals.show", code=each.code), "near": _near(each, base, compared)}
            for number, each in enumerate(proposals[WHOLE:], start=WHOLE + 1)
        ],
        "marks": bool(shared or any(own)),
        "matrix": _matrix(proposals, compared) if 2 < len(proposals) <= MATRIX else None,
        "has_lowest": compared.lowest() is not None,
        "pairs": _most_distant_pairs(proposals, compared) if len(proposals) > MATRIX else None,
        "only_score": _only(proposals, compared) if len(proposals) == 2 else None,
        "warnings": [(one + 1, other + 1, in_words(warning)) for one, other, warning in compared.warnings],
        "base": base,
        "base_text": bodies[base.id],
    }


def offered(consultation, proposals, base, words, *, to):
    """Return what could be pulled into a group: found by `words`, or without any what lies near its base text.

    A list of dictionaries code, title, href, supporters, score (in words or None), group (id of another group that it
    is in), was_apart (whether it was told apart from a member).
    """
    inside = {each.id for each in proposals}
    if words.strip():
        found = _searched(consultation, words, inside, to=to)
    else:
        near = current_app.extensions["similarity"].related(base, NEAR, but=inside, floor=FAINTEST)
        found = [(each, neighbour.score) for each, neighbour in near if each.state == "published"][:NEAR]
    ids = [each.id for each, _score in found]
    apart, groups = apart_from(ids, inside), groups_among(ids)
    rows = [
        {
            "code": each.code,
            "title": each.title,
            "href": url_for("proposals.show", code=each.code),
            "supporters": each.supporters,
            "score": score_in_words(score) if score is not None else None,
            "group": groups.get(each.id),
            "was_apart": each.id in apart,
        }
        for each, score in found
    ]
    # Without a search, what people have kept apart is no near miss.
    return [row for row in rows if words.strip() or not row["was_apart"]]


def _searched(consultation, words, inside, *, to):
    """Proposals that hold the words of a search or mean something like them, the nearest first; or that of a code."""
    page = page_of(consultation, to=to, words=words, state="published", size=FOUND + len(inside))
    found = {each.id: (each, None) for each in [*_coded(words, consultation, to), *page.proposals]}
    near = current_app.extensions["similarity"].similar_to(consultation, words, k=FOUND, but=inside, floor=FAINTEST)
    for each, neighbour in near:
        if each.state == "published":
            found[each.id] = (each, neighbour.score)
    fit = [pair for each, pair in found.items() if each not in inside]
    return sorted(fit, key=lambda pair: -(pair[1] or 0.0))[:FOUND]


def _coded(words, consultation, to):
    """The published proposal whose code `words` is, if any."""
    try:
        named = find_proposal(words.strip(), to=to)
    except NotFound:
        return []
    return [named] if named.consultation_id == consultation.id and named.state == "published" else []


def _member(proposal, body, shared, own):
    text = excerpt(body, EXCERPT)
    why_not = why_cannot_be_merged(proposal)
    return {
        "code": proposal.code,
        "title": proposal.title,
        "body": body,
        "href": url_for("proposals.show", code=proposal.code),
        "title_pieces": pieces(proposal.title, shared, own),
        "text_pieces": pieces(text, shared, own),
        "whole": body if len(body) > EXCERPT else None,
        "supporters": proposal.supporters,
        "meta": [
            proposal.theme.title if proposal.theme else None,
            proposal.territory.name if proposal.territory else None,
            proposal.institution.name if proposal.institution else labels.origin(proposal.origin),
            day(proposal.published_at, proposal.consultation.zone),
        ],
        "state": (proposal.state, labels.proposal_state(proposal.state)) if why_not else None,
        "why_not": why_not,
    }


def _near(proposal, base, compared):
    if proposal.id == base.id:
        return None
    score = compared.score(proposal.id, base.id)
    if score is None:
        return _("Aún no se compara")
    if score >= 1:
        return _("El mismo texto que la base")
    return _("%(near)s a la base (%(score)s)", near=labels.nearness(score), score=score_in_words(score))


def _only(proposals, compared):
    score = compared.score(proposals[0].id, proposals[1].id)
    return None if score is None else (score_in_words(score), labels.nearness(score, score >= 1))


def _matrix(proposals, compared):
    """Rows of (number, title, cells); a cell is None on the diagonal, else (score in words, lowest, warned)."""
    scores = {(a, b): compared.score(a, b) for a, b in combinations(compared.ids, 2)}
    lowest = compared.lowest()
    warned = {(one, other) for one, other, _warning in compared.warnings}
    rows = []
    for row, each in enumerate(proposals):
        cells = []
        for column, other in enumerate(proposals):
            first, second = sorted((row, column))
            score = scores.get((compared.ids[first], compared.ids[second]))
            words = "–" if score is None else score_in_words(score)
            is_lowest = score is not None and score == lowest
            cells.append(None if each is other else (words, is_lowest, (first, second) in warned))
        rows.append((row + 1, each.title, cells))
    return rows


def _most_distant_pairs(proposals, compared):
    """Rows (numbers of two members, score in words) of the pairs that are least alike."""
    number = {each.id: place for place, each in enumerate(proposals, start=1)}
    scored = [(compared.score(a, b), number[a], number[b]) for a, b in combinations(compared.held, 2)]
    return [(one, other, score_in_words(score)) for score, one, other in sorted(scored)[:PAIRS_LISTED]]
