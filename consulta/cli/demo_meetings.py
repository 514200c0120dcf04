"""The sessions of the consultation of today, each as far on its way as its file says.

Its facilitator opens it, notes what happens and hands it in; a moderator checks it, sends it back or publishes it.
"""

from consulta.agreements.actions import note_agreement
from consulta.cli import demo_data
from consulta.minutes.actions import publish_minutes
from consulta.tables.actions import (
    check_session,
    convene_session,
    enter_result,
    found_table,
    note_attendance,
    note_session,
    open_session,
    return_session,
    submit_session,
)
from consulta.tables.models import new_uid

CONVENED_WITH = ("place", "link", "objective", "inputs", "product", "dots_per_person", "dots_per_proposal")
SAID_MORE = ("requests", "missing_actors", "votes_for", "votes_against", "abstentions")


class Meetings:
    """Tables and sessions; `process` has data, the rows made so far by their keys, and the moderator."""

    def __init__(self, process):
        self.process, self.tables, self.sessions = process, {}, {}

    def plan(self, replay):
        """Note in `replay` when each session is convened, opened, handed in, checked, sent back and published."""
        data = self.process.data
        for entry in data["tables"]:
            replay.at(self._when(data["consultation"]["announced"]), self._found, entry)
        for entry in data["sessions"]:
            zone = entry["zone"]
            replay.at(self._when(entry["convened"], zone), self._convene, entry)
            if entry["opened"]:
                replay.at(self._when(entry["opened"], zone), self._open, entry)
            if entry["submitted"]:
                replay.at(self._when(entry["ends"], zone), self._enter, entry)
            for moment in ("submitted", "returned", "checked", "published"):
                if entry.get(moment):
                    replay.at(self._when(entry[moment], zone), getattr(self, f"_{moment}"), entry)

    def _when(self, moment, zone=None):
        return demo_data.instant_from(self.process.today, moment, zone or self.process.zone)

    def _facilitator(self, entry):
        return self.process.people[entry["facilitator"]]

    def _found(self, entry):
        self.tables[entry["key"]] = found_table(
            self.process.consultation,
            title=entry["title"],
            kind=entry["kind"],
            territory=self.process.territory(entry["territory"]),
            by=self.process.moderator,
        )

    def _convene(self, entry):
        self.sessions[entry["key"]] = convene_session(
            self.tables[entry["table"]],
            title=entry["title"],
            **{name: entry[name] for name in CONVENED_WITH if entry.get(name)},
            starts_at=self._when(entry["starts"], entry["zone"]),
            ends_at=self._when(entry["ends"], entry["zone"]),
            agenda=entry["agenda"],
            planned_heads=entry.get("planned_heads") or {},
            notes=entry["notes"] if not entry["submitted"] else None,
            convened_by=self.process.data["institutions"][0]["name"],
            convened_on=demo_data.day_from(self.process.today, entry["convened"]),
            convened=self._invited(entry),
            by=self.process.moderator,
        )

    def _invited(self, entry):
        keys = [row["institution"] for row in entry["attendance"] if row["convened"] and row["institution"]]
        invited = [self.process.institutions[key] for key in keys or entry.get("convened_institutions", ())]
        return [{"sector": institution.sector, "institution": institution} for institution in invited]

    def _open(self, entry):
        session, by = self.sessions[entry["key"]], self._facilitator(entry)
        open_session(session, by=by)
        if entry["attendance"]:
            rows = [{**row, "institution": self.process.institution(row["institution"])} for row in entry["attendance"]]
            note_attendance(session, rows, by=by)

    def _enter(self, entry):
        for result in entry["results"]:
            enter_result(
                self.sessions[entry["key"]],
                self.process.proposals[result["proposal"]],
                outcome=result["outcome"],
                group_number=result["group"],
                grade=result["grade"],
                dots=result["dots"],
                reasons=result["reasons"],
                dissent=result["dissent"] or "",
                **(result.get("levels") or {}),
                **{name: result[name] for name in SAID_MORE if name in result},
                by=self._facilitator(entry),
            )

    def _submitted(self, entry):
        session, by = self.sessions[entry["key"]], self._facilitator(entry)
        note_session(
            session,
            statements=[each["text"] for each in entry["statements"]],
            notes="\n\n".join(text for text in (entry["notes"], entry["method"]) if text),
            next_meeting="undefined",
            prepared_by="Facilitación de la mesa",
            prepared_on=demo_data.day_from(self.process.today, entry["submitted"]),
            by=by,
        )
        for each in entry["agreements"]:
            note_agreement(
                session,
                new_uid(),
                kind=each["kind"],
                text=each["text"],
                owner=self.process.institution(each["owner"]),
                due_on=demo_data.day_from(self.process.today, each["due"]) if each["due"] else None,
                by=by,
            )
        submit_session(session, by=by)

    def _returned(self, entry):
        told = entry["returned"]
        return_session(self.sessions[entry["key"]], note=told["note"], by=self.process.people[told["by"]])

    def _checked(self, entry):
        check_session(self.sessions[entry["key"]], by=self.process.moderator)

    def _published(self, entry):
        publish_minutes(self.sessions[entry["key"]], by=self.process.moderator)
