"""Pages of consultations: which there are, and one with its phases, its rules and its figures."""

import time

from flask import Blueprint, render_template
from flask_babel import gettext as _

from consulta.consultations.queries import find_consultation, themes_of, visible_consultations
from consulta.consultations.rules import open_phases, phase_allows, phase_state, state_of
from consulta.plan.queries import plan_of
from consulta.proposals.queries import count_by_state
from consulta.proposals.rules import why_not_propose
from consulta.tables.queries import count_sessions
from consulta.votes.queries import people_supporting, votes_left
from consulta.web import labels
from consulta.web.filters import day, instant
from consulta.web.guards import person

consultations = Blueprint("consultations", __name__)

ORDER = ("open", "announced", "draft", "suspended", "closed", "archived")
# A figure that took t seconds to count is shown for 100 t before it is counted again: counting takes 1 % of the time.
KEPT_FOR = 100

_kept = {}


@consultations.get("/")
def index():
    """List the consultations that the reader may see, those under way first."""
    found = [(each, state_of(each)) for each in visible_consultations(to=person())]
    found.sort(key=lambda pair: ORDER.index(pair[1]))
    cards = [
        {"consultation": each, "state": state, "now": open_phases(each), "dates": _whole_span(each)}
        for each, state in found
    ]
    return render_template("consultations/index.html", cards=cards)


@consultations.get("/consultas/<slug>")
def show(slug):
    """One consultation: what it is for, its phases with their dates, who may support, and how much is there."""
    consultation = find_consultation(slug, to=person())
    by_state = count_by_state(consultation)
    sessions = count_sessions(consultation)
    return render_template(
        "consultations/show.html",
        consultation=consultation,
        state=state_of(consultation),
        phases=[_phase_card(phase, consultation.zone) for phase in consultation.phases],
        themes=themes_of(consultation),
        proposals=sum(by_state.values()),
        by_state=[(labels.proposal_state(code), by_state[code]) for code in labels.PROPOSAL_STATES if code in by_state],
        supporting=_supporting(consultation),
        sessions=sum(sessions.values()),
        submitted=sessions.get("submitted", 0),
        why_not_propose=why_not_propose(person(), consultation),
        is_proposing=phase_allows(consultation, "propose"),
        is_supporting=phase_allows(consultation, "support"),
        left=votes_left(person(), consultation) if person() else None,
        plan=plan_of(consultation, to=person()),
    )


def _phase_card(phase, zone):
    state = phase_state(phase)
    return {
        "name": phase.title,
        "dates": _("%(opens)s – %(closes)s", opens=_short(phase.opens_at, zone), closes=_short(phase.closes_at, zone)),
        "state": state,
        "label": labels.phase_state(state),
        "text": labels.PHASE_TEXTS[phase.kind],
    }


def _short(value, zone):
    # Without the name of the place, which stands below them all, and in one piece where the line breaks.
    return instant(value, zone).rpartition(" (")[0].replace(" ", "\u00a0")


def _whole_span(consultation):
    opens = min(phase.opens_at for phase in consultation.phases)
    closes = max(phase.closes_at for phase in consultation.phases)
    return _("%(opens)s – %(closes)s", opens=day(opens, consultation.zone), closes=day(closes, consultation.zone))


def _supporting(consultation):
    number, until = _kept.get(consultation.id, (0, 0.0))
    if time.monotonic() < until:
        return number
    began = time.monotonic()
    number = people_supporting(consultation)
    took = time.monotonic() - began
    if took > 0.05:
        _kept[consultation.id] = number, time.monotonic() + KEPT_FOR * took
    return number
