"""The sessions of a process, played back from a file as people hold them.

They are convened, opened, noted and handed in by one account, checked by another, and published as minutes.
"""

from datetime import date, timedelta

from consulta.agreements.actions import form_subgroup, note_agreement
from consulta.cli import demo_data, demo_words
from consulta.forum.actions import change_quality, link_meeting, open_seat, plan_meeting, seat_somebody
from consulta.minutes.actions import publish_minutes
from consulta.tables.actions import (
    check_session,
    convene_session,
    enter_result,
    found_table,
    note_agenda,
    note_attendance,
    note_session,
    open_session,
    submit_session,
)
from consulta.tables.models import new_uid

# How long after its beginning a session's results are entered, where its file gives no end: session 2 took this long.
SITTING = timedelta(hours=3)
# How long after it was handed in a session is checked, and how long after that its minutes are published.
CHECKING, PUBLISHING = timedelta(hours=2), timedelta(hours=1)
CONVENED_WITH = ("number", "place", "link", "date_note", "convened_by", "convened_on", "objective", "inputs", "product")
CLOSED_WITH = ("attendance_note", "open_points", "next_meeting", "prepared_by", "prepared_on", "distributed_to")
# What was said of a proposal that came out so spoke against it.
AGAINST = ("leave_out", "no_counterpart")
DEVELOPED = ("title", "development", "is_closed", "closed_note")


class Rooms:
    """Tables, seats and sessions of one process; `process` has the rows made so far, by the keys of the file.

    Of `process`: data, consultation, institutions, proposals, secretariat (who notes) and reviewer (who checks).
    """

    def __init__(self, process):
        self.process, self.tables, self.sessions, self.subgroups = process, {}, {}, {}

    def plan(self, replay):
        """Note in `replay` when each table is founded, each seat taken and each session held."""
        data = self.process.data
        for entry in data["tables"]:
            replay.at(self._when(entry.get("founded") or data["consultation"]["announced"]), self._found, entry)
        for entry in data["seats"]:
            replay.at(self._when(entry["opened"]), self._seat, entry)
            for quality in entry["qualities"][1:]:
                replay.at(self._when(quality["at"]), self._requalify, entry, quality)
        for entry in data["sessions"]:
            begins = self._when(entry["load_at"])
            ends = self._when(entry["ends"]) if entry["ends"] else begins + SITTING
            noted = max(ends, self._when(entry["handed_in"]) if entry.get("handed_in") else ends)
            replay.at(self._when(entry["convened"]) if "convened" in entry else begins, self._convene, entry)
            replay.at(begins, self._open, entry)
            replay.at(ends, self._enter, entry)
            replay.at(noted, self._hand_in, entry)
            replay.at(noted + CHECKING, self._check, entry)
            replay.at(noted + CHECKING + PUBLISHING, self._publish, entry)

    def _when(self, dated):
        return demo_data.instant_of(dated, self.process.data["consultation"]["zone"])

    @property
    def _by(self):
        return self.process.secretariat

    def _institution(self, key):
        return self.process.institutions[key] if key else None

    def _found(self, entry):
        self.tables[entry["key"]] = found_table(
            self.process.consultation, title=entry["title"], kind=entry["kind"], by=self._by
        )

    def _seat(self, entry):
        first = entry["qualities"][0]
        entry["row"] = seat = open_seat(
            self.tables[entry["table"]],
            sector=entry["sector"],
            title=entry["title"],
            network=entry["network"],
            quality=first["quality"],
            starts_on=_day(first["starts"]),
            note=first["note"],
            by=self._by,
        )
        for term in entry["terms"]:
            seat_somebody(
                seat,
                kind=term["kind"],
                who=term["who"],
                institution=self._institution(term["institution"]),
                starts_on=_day(term["starts"]),
                ends_on=_day(term["ends"]),
                note=term["note"],
                by=self._by,
            )

    def _requalify(self, entry, quality):
        change_quality(
            entry["row"],
            quality=quality["quality"],
            starts_on=_day(quality["starts"]),
            note=quality["note"],
            by=self._by,
        )

    def _convene(self, entry):
        table = self.tables[entry["table"]]
        session = convene_session(
            table,
            title=entry["title"],
            **{name: entry[name] for name in CONVENED_WITH if entry.get(name)},
            starts_at=self._when(entry["starts"]) if entry["starts"] else None,
            ends_at=self._when(entry["ends"]) if entry["ends"] else None,
            agenda=[_announced(item) for item in entry["agenda"] if item["kind"] != "heading"],
            is_pooled=entry["is_pooled"],
            venues=[venue["city"] for venue in entry["venues"]],
            convened=[
                {"sector": row["sector"], "institution": self._institution(row["institution"])}
                for row in entry["attendance"]
                if row["convened"] and row["institution"]
            ],
            by=self._by,
        )
        self.sessions[entry["key"]] = session
        if table.kind == "forum":
            day = date.fromisoformat(entry["starts"]["at"][:10])
            link_meeting(plan_meeting(table, planned_on=day, by=self._by), session, by=self._by)

    def _open(self, entry):
        session = open_session(self.sessions[entry["key"]], by=self._by)
        rows = [{**row, "institution": self._institution(row["institution"])} for row in entry["attendance"]]
        note_attendance(session, rows, by=self._by)

    def _enter(self, entry):
        session = self.sessions[entry["key"]]
        for item in entry["agenda"]:
            if item.get("development"):
                note_agenda(session, item["id"], **_developed(item), by=self._by)
        for result in entry["results"]:
            enter_result(
                session,
                self.process.proposals[result["proposal"]],
                outcome=result["outcome"],
                group_number=result["group"],
                grade=result["grade"],
                **{"reasons_against" if result["outcome"] in AGAINST else "reasons": demo_words.result_reasons(result)},
                requests=demo_words.result_requests(result),
                dissent=result["dissent"] or "",
                statements=demo_words.result_statements(result),
                missing_actors=result.get("missing_actors") or "",
                is_inferred="inferred" in (result["outcome_base"], result["proposal_base"]),
                by=self._by,
            )

    def _hand_in(self, entry):
        session = note_session(
            self.sessions[entry["key"]],
            statements=[demo_words.statement(each) for each in entry["statements"]],
            notes=demo_words.session_notes(entry),
            **{name: entry[name] for name in CLOSED_WITH if entry.get(name)},
            by=self._by,
        )
        for group in entry.get("subgroups", ()):
            self.subgroups[group["key"]] = form_subgroup(
                session.table,
                title=group["title"],
                institutions=[self._institution(key) for key in group["members"]],
                session=session,
                by=self._by,
            )
        for each in entry["agreements"]:
            note_agreement(
                session,
                new_uid(),
                kind=each["kind"],
                text=each["text"],
                terms=each.get("terms") or [],
                owner=self._owner(each),
                due_on=each["due"],
                due_note=each.get("due_note"),
                item=each.get("item"),
                by=self._by,
            )
        submit_session(session, by=self._by)

    def _owner(self, agreement):
        """A sub-group, an institution, or words; None where nobody was named."""
        if agreement.get("subgroup"):
            return self.subgroups[agreement["subgroup"]]
        return self._institution(agreement["owner"]) or agreement["owner_note"]

    def _check(self, entry):
        check_session(self.sessions[entry["key"]], by=self.process.reviewer)

    def _publish(self, entry):
        publish_minutes(self.sessions[entry["key"]], by=self._by)


def _announced(item):
    """What of an agenda item is known when a session is convened."""
    return {name: item[name] for name in ("id", "kind", "block", "starts", "ends", "title") if item.get(name)}


def _developed(item):
    """What is noted under an item once it was treated; a heading of the account is new, and brings its title."""
    names = DEVELOPED if item["kind"] == "heading" else DEVELOPED[1:]
    return {name: item[name] for name in names if item.get(name)}


def _day(text):
    return date.fromisoformat(text) if text else None
