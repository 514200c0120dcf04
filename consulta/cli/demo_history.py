"""The process of 2016, played back through the actions that people use, each act at its time."""

from datetime import date
from operator import attrgetter

from consulta.accounts.actions import appoint_administrator, found_institution
from consulta.cli import demo_data, demo_words
from consulta.cli.demo_rooms import Rooms
from consulta.consultations.actions import announce_consultation, appoint
from consulta.merging.actions import merge_proposals, settle_merge, take_out, undo_merge
from consulta.monitoring.actions import report_progress
from consulta.plan.actions import draft_commitment, open_plan, publish_draft
from consulta.proposals.actions import enter_proposal
from consulta.shortlist.actions import leave_out, shortlist_proposal
from consulta.tables.actions import add_room_proposal

COUNTRY = "CL"


def play_back(password):
    """Load the whole process of table 3; `password` is that of its institutional accounts."""
    _History(demo_data.history(), password).replay().run()


class _History:
    """What the steps share: the rows made so far, by the keys of the file."""

    def __init__(self, data, password):
        self.data, self.password = data, password
        self.zone = data["consultation"]["zone"]
        self.people, self.institutions, self.themes, self.proposals = {}, {}, {}, {}
        self.merges, self.commitments = {}, {}
        self.consultation = self.plan = None
        self.rooms = Rooms(self)

    def replay(self):
        """Return every act of the process with its instant."""
        data, replay = self.data, demo_data.Replay()
        process, plan = data["consultation"], data["plan"]
        replay.at(self._when(process["created"]), self._create)
        replay.at(self._when(process["announced"]), self._announce)
        made_in = {key: session for session in data["sessions"] for key in session["made_here"]}
        self.rooms.plan(replay)
        for entry in data["proposals"]:
            replay.at(self._when(entry["entered"]), self._enter, entry, made_in.get(entry["key"]))
        merges = {merge["key"]: merge for merge in data["merges"]}
        for event in sorted(data["merge_events"], key=lambda each: each["order"]):
            replay.at(self._when(event["at"]), getattr(self, f"_merge_{event['event']}"), merges[event["merge"]], event)
        for entry in data["decisions"]:
            replay.at(self._when(entry["at"]), self._decide, entry)
        replay.at(self._when(plan["drafted"]), self._draft)
        replay.at(self._when(plan["draft_published"]), self._publish)
        for entry in data["commitments"]:
            if "report" in entry:
                replay.at(self._when(entry["report"]["load_at"]), self._report, entry)
        return replay

    @property
    def secretariat(self):
        """Who notes what the minutes tell."""
        return self.people["secretaria_tecnica"]

    @property
    def reviewer(self):
        """Who checks it: nobody confirms their own."""
        return self.people["revision"]

    @property
    def sessions(self):
        """The sessions convened so far, by their keys."""
        return self.rooms.sessions

    def _when(self, dated):
        return demo_data.instant_of(dated, self.zone)

    def _create(self):
        data = self.data
        for entry in data["accounts"]:
            self.people[entry["key"]] = demo_data.open_account(entry, self.password, COUNTRY)
        administration = self.people["administracion"]
        appoint_administrator(administration, by=None)
        self.consultation, self.themes = demo_data.prepare(data, self._when, by=administration)
        for person in (self.secretariat, self.reviewer):
            appoint(person, "moderator", self.consultation, by=administration)

    def _announce(self):
        announce_consultation(self.consultation, by=self.people["administracion"])
        for entry in self.data["institutions"]:
            institution = found_institution(entry["name"], entry["sector"], by=self.secretariat)
            self.institutions[entry["key"]] = institution

    def _enter(self, entry, session):
        told = {
            "title": entry["title"],
            "body": demo_words.proposal_body(entry),
            "theme": self.themes[entry["theme"]],
            "institution": self._institution(entry["institution"]),
            "reference": entry["reference"],
            "by": self.secretariat,
        }
        if session is not None:
            made = add_room_proposal(self.sessions[session["key"]], **told)
        else:
            made = enter_proposal(self.consultation, origin=entry["origin"], origin_note=entry["origin_note"], **told)
        self.proposals[entry["key"]] = made

    def _merge_made(self, entry, event):
        merge = merge_proposals(
            [self.proposals[key] for key in entry["parts"]],
            title=entry["title"],
            body=entry["body"],
            reason=entry["reason"],
            session=self.sessions[entry["session"]],
            reference=entry["reference"],
            note=demo_words.merge_note(entry),
            by=self.secretariat,
        )
        self.merges[entry["key"]], self.proposals[entry["joint"]] = merge, merge.joint

    def _merge_taken_out(self, entry, event):
        take_out(
            self.merges[entry["key"]], self.proposals[event["proposal"]], reason=event["reason"], by=self.secretariat
        )

    def _merge_undone(self, entry, event):
        undo_merge(self.merges[entry["key"]], reason=event["reason"], by=self.secretariat)

    def _merge_settled(self, entry, event):
        settle_merge(self.merges[entry["key"]], by=self.secretariat)

    def _decide(self, entry):
        proposal, session = self.proposals[entry["proposal"]], self.sessions[entry["session"]]
        reason = demo_words.decision_reason(entry)
        if entry["kind"] == "shortlisted":
            counterpart = self._institution(entry["counterpart"])
            shortlist_proposal(proposal, reason=reason, counterpart=counterpart, session=session, by=self.secretariat)
        else:
            leave_out(
                proposal,
                ground=entry["ground"],
                reason=reason,
                needs_law=entry["needs_law"]["value"],
                no_counterpart=entry["no_counterpart"]["value"],
                referred_to=self._institution(entry["refer_to"]),
                session=session,
                by=self.secretariat,
            )

    def _draft(self):
        plan = self.data["plan"]
        self.plan = open_plan(self.consultation, title=plan["title"], period=plan["period"], by=self.secretariat)
        for entry in self.data["commitments"]:
            self.commitments[entry["key"]] = self._commitment(entry)

    def _commitment(self, entry):
        texts = ("title", "subject", "problem", "objective", "description", "relevance", "ambition")
        return draft_commitment(
            self.plan,
            number=entry["number"],
            reference=entry["reference"],
            institution=self._institution(entry["institution"]),
            starts_on=_day(entry["starts_on"]),
            ends_on=_day(entry["ends_on"]),
            origins=[(self.proposals[each["proposal"]], each["certainty"], each["note"]) for each in entry["origins"]],
            origin_note=entry["origin_note"],
            notes=demo_words.commitment_notes(entry),
            milestones=[_milestone(each) for each in entry["milestones"]],
            by=self.secretariat,
            **{name: entry[name] or "" for name in texts},
        )

    def _publish(self):
        publish_draft(self.plan, by=self.secretariat)

    def _report(self, entry):
        report, commitment = entry["report"], self.commitments[entry["key"]]
        steps = sorted(commitment.milestones, key=attrgetter("number"))
        report_progress(
            commitment,
            as_of=_day(report["as_of"]),
            completion=report["completion"],
            results=report["results"],
            reformulation=report["reformulation"],
            next_steps=report["next_steps"],
            notes=demo_words.report_notes(report),
            milestones=[
                {
                    "milestone": milestone,
                    "completion": each["completion"],
                    "timeliness": each["timeliness"],
                    "reasons": each["reasons"],
                    "evidence": each["evidence"],
                }
                for milestone, each in zip(steps, entry["milestones"], strict=True)
            ],
            by=self.secretariat,
        )

    def _institution(self, key):
        return self.institutions[key] if key else None


def _milestone(entry):
    return {
        "title": entry["title"],
        "components": [demo_words.component(each) for each in entry["components"]],
        "starts_on": _day(entry["starts_on"]),
        "ends_on": _day(entry["ends_on"]),
        "term": entry["term"],
        "note": entry["note"],
    }


def _day(text):
    return date.fromisoformat(text) if text else None
