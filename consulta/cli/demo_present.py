"""The consultation that is always open on the day it is loaded: invented people act, each in their own name."""

from consulta.accounts.actions import appoint_administrator, found_institution
from consulta.cli import demo_data
from consulta.cli.demo_meetings import Meetings
from consulta.consultations.actions import announce_consultation, appoint
from consulta.core.clock import local, now
from consulta.merging.actions import merge_proposals
from consulta.proposals.actions import enter_proposal, start_proposal, submit_proposal
from consulta.tables.actions import add_room_proposal
from consulta.territories.queries import find_territory
from consulta.votes.actions import cast_vote


def play_back():
    """Load the present-day consultation with everybody in it."""
    present = _Present(demo_data.present())
    present.replay().run()
    return present.consultation


class _Present:
    """What the steps share: the rows made so far, by the keys of the file."""

    def __init__(self, data):
        self.data, self.zone, self.country = data, data["consultation"]["zone"], data["consultation"]["country"]
        # Read once: while the steps are played back the clock shows their instants.
        self.today = local(now(), self.zone).date()
        self.people, self.institutions, self.themes, self.proposals = {}, {}, {}, {}
        self.consultation = None
        self.meetings = Meetings(self)

    def replay(self):
        """Return every act of the process with its instant."""
        data, replay = self.data, demo_data.Replay()
        replay.at(self._when(data["consultation"]["created"]), self._create)
        replay.at(self._when(data["consultation"]["announced"]), self._announce)
        self.meetings.plan(replay)
        for entry in data["proposals"]:
            replay.at(self._when(entry["at"]), self._propose, entry)
            for support in entry["supports"]:
                replay.at(self._when(support), self._support, entry["key"], support["by"])
        for entry in data["merges"]:
            replay.at(self._when(entry["at"]), self._merge, entry)
        return replay

    def _when(self, moment, zone=None):
        return demo_data.instant_from(self.today, moment, zone or self.zone)

    def territory(self, code):
        """The territory of this official code, or None."""
        return find_territory(self.country, code) if code else None

    def institution(self, key):
        """The institution of this key, or None."""
        return self.institutions[key] if key else None

    @property
    def administrator(self):
        """Who makes the consultation."""
        return next(self.people[each["key"]] for each in self.data["people"] if each["role"] == "administrator")

    @property
    def moderator(self):
        """The first of those who moderate it."""
        return next(self.people[each["key"]] for each in self.data["people"] if each["role"] == "moderator")

    def _create(self):
        data = self.data
        for entry in data["people"]:
            self.people[entry["key"]] = demo_data.open_account(entry, data["password"], self.country)
        appoint_administrator(self.administrator, by=None)
        self.consultation, self.themes = demo_data.prepare(data, self._when, by=self.administrator)
        for entry in data["people"]:
            if entry["role"] in ("moderator", "facilitator"):
                for code in demo_data.several(entry.get("appointed_to")):
                    region = self.territory(code)
                    appoint(self.people[entry["key"]], entry["role"], self.consultation, region, by=self.administrator)

    def _announce(self):
        announce_consultation(self.consultation, by=self.administrator)
        for entry in self.data["institutions"]:
            self.institutions[entry["key"]] = found_institution(entry["name"], entry["sector"], by=self.moderator)

    def _propose(self, entry):
        told = {"title": entry["title"], "body": entry["body"], "theme": self.themes[entry["theme"]]}
        if entry["origin"] == "online":
            author = self.people[entry["by"]]
            draft = start_proposal(self.consultation, **told, territory=self.territory(entry["territory"]), by=author)
            made = submit_proposal(draft, by=author)
        elif entry["origin"] == "table":
            session = next(each for each in self.data["sessions"] if each["key"] == entry["session"])
            made = add_room_proposal(
                self.meetings.sessions[session["key"]], **told, by=self.people[session["facilitator"]]
            )
        else:
            made = enter_proposal(
                self.consultation,
                **told,
                origin=entry["origin"],
                institution=self.institutions[entry["institution"]],
                territory=self.territory(entry["territory"]),
                by=self.moderator,
            )
        self.proposals[entry["key"]] = made

    def _support(self, key, by):
        cast_vote(self.proposals[key], by=self.people[by])

    def _merge(self, entry):
        merge = merge_proposals(
            [self.proposals[key] for key in entry["parts"]],
            title=entry["title"],
            body=entry["body"],
            reason=entry["reason"],
            by=self.people[entry["by"]],
        )
        self.proposals[entry["joint"]] = merge.joint
