"""What rooms said of a proposal, region by region, with how many people were there; for its page."""

from dataclasses import dataclass

from consulta.merging.dots import dots_behind
from consulta.proposals.queries import carried_by
from consulta.tables.models import Result
from consulta.tables.queries import counted_in, results_on


@dataclass(frozen=True)
class Said:
    """What one session said: its Result, how many people were there (None: nobody counted), and of which part.

    about: the part of a joint proposal that it was said of; None where it was said of the proposal itself.
    """

    result: Result
    heads: int | None
    about: object | None


@dataclass(frozen=True)
class Heard:
    """What rooms said: regions, a list of (territory or None, list of Said), north to south, and last those of none.

    dots: what anonymous dots say of a joint proposal (merging.dots.RoomDots), session by session.
    """

    regions: list
    dots: list

    @property
    def sessions(self):
        """How many sessions spoke of it."""
        return len({said.result.session_id for _territory, heard in self.regions for said in heard})


def rooms_heard(proposal, parts=()):
    """Return what the rooms said of `proposal`, and of the `parts` it carries directly or not, as Heard.

    Only what is public is among it.
    """
    about = {part.id: part for part in _all_carried(parts)}
    results = results_on(proposal, *about.values())
    heads = counted_in(list({result.session for result in results}))
    grouped = {}
    for result in results:
        said = Said(result, heads[result.session_id], about.get(result.proposal_id))
        grouped.setdefault(result.session.table.territory, []).append(said)
    order = sorted(grouped, key=lambda place: (place is None, place and place.position, place and place.code))
    dots = dots_behind([proposal])[proposal.id] if proposal.is_joint else []
    return Heard([(place, grouped[place]) for place in order], dots)


def _all_carried(parts):
    """Return `parts` and what they carry in turn; a merge of merges is a few levels deep at most."""
    below = [each for part in parts if part.is_joint for each in carried_by(part)]
    return [*parts, *_all_carried(below)] if below else [*parts]
