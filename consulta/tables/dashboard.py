"""How far the tables of a consultation are: by region and by week, and how many people came against the plan.

Nothing of what a room entered leaves here before its session is published, but to those who may read it.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import case, func, or_, select, true

from consulta.accounts.models import SECTORS
from consulta.consultations.rules import live_roles
from consulta.core.clock import local
from consulta.core.extensions import db
from consulta.tables.models import Attendance, Session, Table
from consulta.territories.models import Territory
from consulta.territories.queries import lies_in, region_of, regions

# What a session goes through. Each step counts all that reached it, those that went on included; one that was sent
# back is held, and no longer submitted.
STEPS = ("planned", "held", "submitted", "checked", "published")
_REACHED = {state: STEPS[: place + 1] for place, state in enumerate(("convened", "open", *STEPS[2:]))}


@dataclass(frozen=True)
class Meeting:
    """One session on the dashboard: `region` is None for tables of no region, `week` the Monday of its day, if any."""

    id: int
    title: str
    table: str
    region: Territory | None
    week: date | None
    state: str
    starts_at: object


@dataclass(frozen=True)
class SectorHeads:
    """How many people of a sector were to come, and how many came.

    expected, came: in published sessions that had a plan; came_in_all: in all published ones; listed: where nobody
    knows whether those in the list came; uncounted: lines of the list that came and were not counted; ahead: to come
    to sessions not published yet; unpublished: came to those, for staff alone.
    """

    expected: int = 0
    came: int = 0
    came_in_all: int = 0
    listed: int = 0
    uncounted: int = 0
    ahead: int = 0
    unpublished: int = 0

    @property
    def is_anybody(self):
        """Whether there is anything to say of this sector."""
        return any(vars(self).values())


@dataclass(frozen=True)
class Board:
    """All that the dashboard shows: sessions in the order of their days, and the regions that could have a table."""

    regions: list
    tables: Counter
    meetings: list
    heads: dict = field(default_factory=dict)
    # [(title, venues)]: sessions that stand for several meetings, of which no region's is told apart.
    pooled: list = field(default_factory=list)

    def steps(self, meetings=None):
        """Return a dictionary of step to how many of `meetings` (all of them, where None) reached it."""
        found = Counter(step for each in self._or_all(meetings) for step in _REACHED[each.state])
        return {step: found[step] for step in STEPS}

    def by_region(self):
        """Return (region, its meetings) for every region, north to south, and for None where there is any."""
        found = defaultdict(list)
        for each in self.meetings:
            found[each.region and each.region.id].append(each)
        rows = [(region, found[region.id]) for region in self.regions]
        return rows + ([(None, found[None])] if found[None] or self.tables[None] else [])

    def by_week(self, meetings=None):
        """Return {Monday, or None without a day: its meetings}, in the order of time, those without a day last."""
        found = defaultdict(list)
        for each in self._or_all(meetings):
            found[each.week].append(each)
        return {week: found[week] for week in sorted(found, key=lambda week: (week is None, week))}

    @property
    def without_table(self):
        """The regions that have no table yet."""
        return [region for region in self.regions if not self.tables[region.id]]

    def _or_all(self, meetings):
        return self.meetings if meetings is None else meetings


def board_of(consultation, *, to):
    """Return the Board of `consultation` as `to` may see it; whoever calls has settled that the consultation shows."""
    own = _regions_within(consultation)
    of_table = _region_of_tables(consultation)
    known = {region.id for region in own}
    # A table of a region elsewhere is shown all the same, after the others.
    own += [
        region for region in {each.id: each for each in of_table.values() if each}.values() if region.id not in known
    ]
    tables = Counter(region and region.id for region in of_table.values())
    sessions = _sessions(consultation)
    meetings = [
        Meeting(
            row.id,
            row.title,
            row.table_title,
            of_table[row.table_id],
            week_of(row.starts_at, consultation.zone),
            _state(row),
            row.starts_at,
        )
        for row in sessions
    ]
    pooled = [(row.title, row.venues) for row in sessions if row.is_pooled and row.venues]
    return Board(own, tables, meetings, _heads(consultation, sessions, to), pooled)


def week_of(instant, zone):
    """Return the Monday of the week in which `instant` falls in `zone`, or None."""
    if instant is None:
        return None
    day = local(instant, zone).date()
    return day - timedelta(days=day.weekday())


def _regions_within(consultation):
    """The regions that could have a table: all of the country, or the one the consultation is of."""
    only = region_of(consultation.territory)
    return [only] if only is not None else regions(consultation.country)


def _region_of_tables(consultation):
    """Table id -> region, or None for a table of no region."""
    query = select(Table.id, Territory).outerjoin(Table.territory).where(Table.consultation_id == consultation.id)
    return {table_id: region_of(territory) for table_id, territory in db.session.execute(query)}


def _sessions(consultation):
    query = (
        select(
            Session.id,
            Session.title,
            Session.table_id,
            Table.title.label("table_title"),
            Session.starts_at,
            Session.opened_at,
            Session.submitted_at,
            Session.checked_at,
            Session.published_at,
            Session.planned_heads,
            Session.is_pooled,
            Session.venues,
        )
        .join(Session.table)
        .where(Table.consultation_id == consultation.id)
        .order_by(Session.starts_at.is_(None), Session.starts_at, Session.id)
    )
    return db.session.execute(query).all()


def _state(row):
    reached = (
        ("published", row.published_at),
        ("checked", row.checked_at),
        ("submitted", row.submitted_at),
        ("open", row.opened_at),
    )
    return next((state for state, at in reached if at is not None), "convened")


def _heads(consultation, sessions, to):
    """{sector: SectorHeads}, in the order of SECTORS, of the sectors of which there is anything to say."""
    found = {sector: Counter() for sector in SECTORS}
    with_plan = [row.id for row in sessions if row.published_at is not None and row.planned_heads]
    for row in sessions:
        for sector, heads in (row.planned_heads or {}).items():
            if sector in found:
                found[sector]["expected" if row.published_at is not None else "ahead"] += heads or 0
    for sector, number in _attended(consultation, Session.id.in_(with_plan)):
        found[sector]["came"] += number
    for row in db.session.execute(_published_heads(consultation)):
        found[row.sector].update(came_in_all=row.attended, listed=row.listed, uncounted=row.uncounted)
    readable = _readable_before(consultation, to)
    if readable is not None:
        for sector, number in _attended(consultation, Session.published_at.is_(None), readable):
            found[sector]["unpublished"] += number
    heads = {sector: SectorHeads(**counts) for sector, counts in found.items()}
    return {sector: each for sector, each in heads.items() if each.is_anybody}


def _attended(consultation, *conditions):
    query = (
        select(Attendance.sector, func.coalesce(func.sum(Attendance.heads), 0))
        .join(Attendance.session)
        .join(Session.table)
        .where(Table.consultation_id == consultation.id, Attendance.attended.is_(True), *conditions)
        .group_by(Attendance.sector)
    )
    return db.session.execute(query).all()


def _published_heads(consultation):
    present, unknown = Attendance.attended.is_(True), Attendance.attended.is_(None)
    return (
        select(
            Attendance.sector,
            func.coalesce(func.sum(case((present, Attendance.heads))), 0).label("attended"),
            func.coalesce(func.sum(case((unknown, Attendance.heads))), 0).label("listed"),
            func.coalesce(func.sum(case((present & Attendance.heads.is_(None), 1))), 0).label("uncounted"),
        )
        .join(Attendance.session)
        .join(Session.table)
        .where(Table.consultation_id == consultation.id, Session.published_at.is_not(None))
        .group_by(Attendance.sector)
    )


def _readable_before(consultation, to):
    """The condition under which `to` reads a session before it is published, or None: moderators all, others hers."""
    roles = live_roles(to, consultation)
    if any(each.role == "moderator" for each in roles):
        return true()
    held = [each.territory for each in roles if each.role == "facilitator"]
    if not held:
        return None
    query = select(Table.territory_id, Territory).join(Table.territory).where(Table.consultation_id == consultation.id)
    mine = {
        territory_id
        for territory_id, territory in db.session.execute(query)
        if any(lies_in(territory, each) for each in held)
    }
    return or_(*(Table.territory_id == each for each in mine)) if mine else None
