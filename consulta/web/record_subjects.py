"""What entries of the record are about: the name and the page of each row, as far as the reader may see it.

The record names a row by its table and number ("proposals:17"). Each function here takes a collection of numbers of
one table and the reader, and returns {number: (name, address or None)} with one query a table, however many rows; a
row that the reader may not see is left out, and the sentence then stands alone.
"""

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consulta.accounts.models import Institution, Person
from consulta.agreements.models import Agreement, Subgroup
from consulta.consultations.models import Appointment, Consultation
from consulta.consultations.rules import why_not_see as why_not_see_consultation
from consulta.core.extensions import db
from consulta.core.text import beginning
from consulta.forum.models import Seat
from consulta.merging.models import Merge
from consulta.monitoring.models import ProgressReport
from consulta.plan.models import Commitment, Milestone, Plan
from consulta.plan.rules import why_not_see_commitment, why_not_see_plan
from consulta.proposals.models import Proposal
from consulta.proposals.rules import why_not_see as why_not_see_proposal
from consulta.shortlist.models import Decision
from consulta.tables.models import AccessCode, Session, Table
from consulta.territories.models import Territory


def subjects_of(references, to):
    """Return a dictionary of reference ("proposals:17") to (name, address or None), for what `to` may see."""
    wanted = {}
    for each in references:
        table, _colon, number = (each or "").partition(":")
        if table in _TABLES and number.isdigit():
            wanted.setdefault(table, set()).add(int(number))
    return {
        f"{table}:{number}": named
        for table, numbers in wanted.items()
        for number, named in _TABLES[table](numbers, to).items()
    }


def _rows(model, numbers, *options):
    return db.session.scalars(select(model).where(model.id.in_(numbers)).options(*options)).unique()


def _consultations(numbers, to):
    return {
        row.id: (row.title, url_for("consultations.show", slug=row.slug))
        for row in _rows(Consultation, numbers)
        if why_not_see_consultation(to, row) is None
    }


def _proposals(numbers, to):
    rows = _rows(Proposal, numbers, joinedload(Proposal.wording), joinedload(Proposal.consultation))
    return {row.id: _proposal(row) for row in rows if why_not_see_proposal(to, row) is None}


def _proposal(row):
    return _referenced(row.reference, row.title), url_for("proposals.show", code=row.code)


def _referenced(reference, title):
    return f"{reference} · {title}" if reference else title


def _decisions(numbers, to):
    rows = _rows(Decision, numbers, joinedload(Decision.proposal).joinedload(Proposal.wording))
    return {row.id: _proposal(row.proposal) for row in rows if why_not_see_proposal(to, row.proposal) is None}


def _merges(numbers, to):
    rows = _rows(Merge, numbers, joinedload(Merge.joint).joinedload(Proposal.wording))
    return {
        row.id: (
            _referenced(row.reference, row.joint.title),
            url_for("merging.show", id=row.id),
        )
        for row in rows
        if why_not_see_proposal(to, row.joint) is None
    }


def _tables(numbers, to):
    return {
        row.id: (row.title, url_for("tables.index", slug=row.consultation.slug))
        for row in _rows(Table, numbers, joinedload(Table.consultation))
        if why_not_see_consultation(to, row.consultation) is None
    }


def _sessions(numbers, to):
    rows = _rows(Session, numbers, joinedload(Session.table).joinedload(Table.consultation))
    return {
        row.id: (
            _("%(session)s, %(table)s", session=row.title, table=row.table.title),
            url_for("tables.show", id=row.id),
        )
        for row in rows
        if why_not_see_consultation(to, row.table.consultation) is None
    }


def _codes(numbers, to):
    found = {row.id: row.session_id for row in _rows(AccessCode, numbers)}
    sessions = _sessions(set(found.values()), to)
    return {code: sessions[session] for code, session in found.items() if session in sessions}


def _agreements(numbers, to):
    rows = _rows(Agreement, numbers, joinedload(Agreement.session).joinedload(Session.table))
    return {
        row.id: (beginning(row.text, 100), url_for("agreements.show", id=row.id))
        for row in rows
        if row.session.published_at is not None and why_not_see_consultation(to, row.session.table.consultation) is None
    }


def _subgroups(numbers, to):
    rows = _rows(Subgroup, numbers, joinedload(Subgroup.table).joinedload(Table.consultation))
    return {
        row.id: (row.title, url_for("agreements.index", slug=row.table.consultation.slug, mesa=row.table_id))
        for row in rows
        if why_not_see_consultation(to, row.table.consultation) is None
    }


def _seats(numbers, to):
    rows = _rows(Seat, numbers, joinedload(Seat.table).joinedload(Table.consultation))
    return {
        row.id: (row.title, url_for("forum.show", slug=row.table.consultation.slug, _anchor=f"seat-{row.id}"))
        for row in rows
        if why_not_see_consultation(to, row.table.consultation) is None
    }


def _plans(numbers, to):
    return {
        row.id: (row.title, url_for("plan.show", slug=row.consultation.slug))
        for row in _rows(Plan, numbers, joinedload(Plan.consultation))
        if why_not_see_plan(to, row) is None
    }


def _commitments(numbers, to):
    rows = _rows(Commitment, numbers, joinedload(Commitment.plan).joinedload(Plan.consultation))
    return {row.id: _commitment(row) for row in rows if why_not_see_commitment(to, row) is None}


def _commitment(row):
    return row.title, url_for("plan.commitment", id=row.id)


def _milestones(numbers, to):
    rows = _rows(Milestone, numbers, joinedload(Milestone.commitment).joinedload(Commitment.plan))
    return {row.id: _commitment(row.commitment) for row in rows if why_not_see_commitment(to, row.commitment) is None}


def _reports(numbers, to):
    rows = _rows(ProgressReport, numbers, joinedload(ProgressReport.commitment).joinedload(Commitment.plan))
    return {row.id: _commitment(row.commitment) for row in rows if why_not_see_commitment(to, row.commitment) is None}


def _appointments(numbers, to):
    # Who works in a public process does so by name.
    rows = _rows(Appointment, numbers, joinedload(Appointment.person), joinedload(Appointment.territory))
    return {
        row.id: (f"{row.person.name}, {row.territory.name}" if row.territory else row.person.name, None) for row in rows
    }


def _people(numbers, to):
    return {row.id: (row.name, None) for row in _rows(Person, numbers) if row.is_administrator}


def _institutions(numbers, to):
    return {row.id: (row.name, None) for row in _rows(Institution, numbers)}


def _territories(numbers, to):
    return {row.id: (row.full_name, None) for row in _rows(Territory, numbers)}


_TABLES = {
    "consultations": _consultations,
    "proposals": _proposals,
    "decisions": _decisions,
    "merges": _merges,
    "tables": _tables,
    "sessions": _sessions,
    "access_codes": _codes,
    "agreements": _agreements,
    "subgroups": _subgroups,
    "seats": _seats,
    "plans": _plans,
    "commitments": _commitments,
    "milestones": _milestones,
    "progress_reports": _reports,
    "appointments": _appointments,
    "people": _people,
    "institutions": _institutions,
    "territories": _territories,
}
