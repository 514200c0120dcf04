"""The consultation that is always open on the day it is loaded: invented people act, each in their own name."""

from consulta.accounts.actions import appoint_administrator, found_institution
from consulta.cli import demo_data
from consulta.consultations.actions import announce_consultation, appoint
from consulta.core.clock import local, now
from consulta.merging.actions import merge_proposals
from consulta.proposals.actions import enter_proposal, start_proposal, submit_proposal
from consulta.tables.actions import (
    add_room_proposal,
    convene_session,
    enter_result,
    found_table,
    note_attendance,
    note_minutes,
    open_session,
    submit_session,
)
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
        self.people, self.institutions, self.themes, self.tables = {}, {}, {}, {}
        self.proposals, self.sessions = {}, {}
        self.consultation = None

    def replay(self):
        """Return every act of the process with its instant."""
        data, replay = self.data, demo_data.Replay()
        replay.at(self._when(data["consultation"]["created"]), self._create)
        replay.at(self._when(data["consultation"]["announced"]), self._announce)
        for entry in data["sessions"]:
            self._plan_session(replay, entry)
        for entry in data["proposals"]:
            replay.at(self._when(entry["at"]), self._propose, entry)
            for support in entry["supports"]:
                replay.at(self._when(support), self._support, entry["key"], support["by"])
        for entry in data["merges"]:
            replay.at(self._when(entry["at"]), self._merge, entry)
        return replay

    def _when(self, moment, zone=None):
        return demo_data.instant_from(self.today, moment, zone or self.zone)

    def _territory(self, code):
        return find_territory(self.country, code) if code else None

    def _institution(self, key):
        return self.institutions[key] if key else None

    @property
    def administrator(self):
        return next(self.people[each["key"]] for each in self.data["people"] if each["role"] == "administrator")

    @property
    def moderator(self):
        return next(self.people[each["key"]] for each in self.data["people"] if each["role"] == "moderator")

    def _create(self):
        data = self.data
        for entry in data["people"]:
            self.people[entry["key"]] = demo_data.open_account(entry, data["password"], self.country)
        appoint_administrator(self.administrator, by=None)
        self.consultation, self.themes = demo_data.prepare(data, self._when, by=self.administrator)
        for entry in data["people"]:
            if entry["role"] in ("moderator", "facilitator"):
                region = self._territory(entry.get("appointed_to"))
                appoint(self.people[entry["key"]], entry["role"], self.consultation, region, by=self.administrator)

    def _announce(self):
        announce_consultation(self.consultation, by=self.administrator)
        for entry in self.data["institutions"]:
            self.institutions[entry["key"]] = found_institution(entry["name"], entry["sector"], by=self.moderator)
        for entry in self.data["tables"]:
            self.tables[entry["key"]] = found_table(
                self.consultation,
                title=entry["title"],
                kind=entry["kind"],
                territory=self._territory(entry["territory"]),
                by=self.moderator,
            )

    def _plan_session(self, replay, entry):
        zone = entry["zone"]
        replay.at(self._when(entry["convened"], zone), self._convene, entry)
        replay.at(self._when(entry["opened"], zone), self._open, entry)
        if entry["submitted"]:
            replay.at(self._when(entry["ends"], zone), self._enter_results, entry)
            replay.at(self._when(entry["submitted"], zone), self._hand_in, entry)

    def _convene(self, entry):
        self.sessions[entry["key"]] = convene_session(
            self.tables[entry["table"]],
            title=entry["title"],
            place=entry["place"],
            starts_at=self._when(entry["starts"], entry["zone"]),
            ends_at=self._when(entry["ends"], entry["zone"]),
            objective=entry["objective"],
            product=entry["product"],
            agenda=entry["agenda"],
            notes=entry["notes"] if not entry["submitted"] else None,
            convened=self._invited(entry),
            by=self.moderator,
        )

    def _invited(self, entry):
        keys = [row["institution"] for row in entry["attendance"] if row["convened"] and row["institution"]]
        invited = [self.institutions[key] for key in keys or entry.get("convened_institutions", ())]
        return [{"sector": institution.sector, "institution": institution} for institution in invited]

    def _open(self, entry):
        by = self.people[entry["facilitator"]]
        session = open_session(self.sessions[entry["key"]], by=by)
        if entry["attendance"]:
            rows = [{**row, "institution": self._institution(row["institution"])} for row in entry["attendance"]]
            note_attendance(session, rows, by=by)

    def _enter_results(self, entry):
        for result in entry["results"]:
            enter_result(
                self.sessions[entry["key"]],
                self.proposals[result["proposal"]],
                outcome=result["outcome"],
                group_number=result["group"],
                grade=result["grade"],
                dots=result["dots"],
                reasons=result["reasons"],
                dissent=result["dissent"] or "",
                by=self.people[entry["facilitator"]],
            )

    def _hand_in(self, entry):
        by = self.people[entry["facilitator"]]
        session = note_minutes(
            self.sessions[entry["key"]],
            statements=[each["text"] for each in entry["statements"]],
            agreements=[self._agreement(each) for each in entry["agreements"]],
            notes=f"{entry['notes']}\n\n{entry['method']}",
            by=by,
        )
        submit_session(session, by=by)

    def _agreement(self, entry):
        owner = self._institution(entry["owner"])
        due = demo_data.day_from(self.today, entry["due"]) if entry["due"] else None
        return {"text": entry["text"], "owner": owner and owner.name, "due": due and f"{due:%d-%m-%Y}"}

    def _propose(self, entry):
        told = {"title": entry["title"], "body": entry["body"], "theme": self.themes[entry["theme"]]}
        if entry["origin"] == "online":
            author = self.people[entry["by"]]
            draft = start_proposal(self.consultation, **told, territory=self._territory(entry["territory"]), by=author)
            made = submit_proposal(draft, by=author)
        elif entry["origin"] == "table":
            session = next(each for each in self.data["sessions"] if each["key"] == entry["session"])
            made = add_room_proposal(self.sessions[session["key"]], **told, by=self.people[session["facilitator"]])
        else:
            made = enter_proposal(
                self.consultation,
                **told,
                origin=entry["origin"],
                institution=self.institutions[entry["institution"]],
                territory=self._territory(entry["territory"]),
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
