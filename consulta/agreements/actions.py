"""Note what a session agreed, and say how it went on until it is done."""

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from consulta.accounts.models import Institution
from consulta.accounts.queries import institution_named
from consulta.agreements import digests
from consulta.agreements.entries import (
    LINES,
    clean_agreement,
    clean_date,
    clean_note,
    clean_state,
    clean_title,
    clean_uid,
)
from consulta.agreements.models import Agreement, AgreementStep, Subgroup, SubgroupMember
from consulta.agreements.queries import (
    agreement_with,
    agreements_of,
    held_back_in,
    subgroups_formed_in,
    subgroups_of,
)
from consulta.agreements.rules import why_not_defer_to, why_not_move, why_not_review
from consulta.consultations.rules import why_not_moderate
from consulta.core.clock import now
from consulta.core.errors import Conflict, Invalid, check, refuse_if
from consulta.core.extensions import db
from consulta.core.record import record, vocabulary
from consulta.core.text import fold
from consulta.core.work import action, lock
from consulta.tables.actions import ChangedMeanwhile, take_entry
from consulta.tables.models import Session, new_uid
from consulta.tables.queries import attendances_of
from consulta.tables.rules import uid_of

vocabulary(
    {
        # Written when the session that took it is published, or where a correction adds it later.
        "agreement.taken": ("kind", "position", "due_on"),
        # Written when it is public: at once, or when the session that said so is published.
        "agreement.moved": ("state", "due_on"),
        "subgroup.formed": ("title", "members"),
    }
)

SEALED_LATER = (
    "not public before the session is published, whose entry holds the fingerprint of its minutes; what is late, "
    "whoever corrects or admits it records, with its reason"
)


@action(unrecorded=SEALED_LATER)
def note_agreement(session, uid, *, late=False, drop=False, by, **fields):
    """Make or change the agreement of a session that a device calls `uid`; returns it, or None where dropped.

    late: of one that takes no more entries (tables.actions.take_entry). fields: any of kind (task, rule, deferral),
    text, terms (texts), owner, due_on (a date or "AAAA-MM-DD"), due_note, item (the id of an agenda item); those that
    are not given stay as they are. owner: an institution or sub-group (a row), or words; words that name a sub-group
    of the table or an institution are that row as well. A new agreement needs its text, and is a task unless `kind`
    says otherwise. drop=True removes it; removing twice is removing once; one that went on since is part of other
    sessions' minutes, and is not removed. Raises Conflict, Invalid naming the field.
    """
    session = take_entry(session, late=late, by=by)
    uid = clean_uid(uid)
    there = agreement_with(session, uid)
    if drop and there is not None and there.steps:
        raise Conflict(_("Este acuerdo ya tiene una historia y no se puede quitar. Corrige su texto."))
    agreement = _note(session, uid, fields, drop)
    if there is None and agreement is not None and session.published_at is not None:
        _record_taken(agreement, session, by)
    return agreement


@action(unrecorded=SEALED_LATER)
def note_agreements(session, rows, *, base=None, by):
    """Replace the agreements of an open session by `rows`, in their order; returns them.

    rows: dictionaries of the fields of `note_agreement`, and of uid where the row was there before. base: the
    fingerprint (agreements.digests.of_agreements) of the list that the form was filled in from (None: not compared).
    Raises ChangedMeanwhile, Invalid("rows-<n>-<part>") with the place of the row, from 0.
    """
    session = take_entry(session, by=by)
    if len(rows) > LINES:
        raise Invalid("rows", _("Son más de %(limit)s acuerdos. Reúne los que dicen lo mismo.", limit=LINES))
    there = agreements_of(session)
    before = digests.of_agreements(there)
    uids = [clean_uid(row.get("uid") or new_uid()) for row in rows]
    kept = []
    for at, (uid, row) in enumerate(zip(uids, rows, strict=True)):
        if uid in uids[:at]:
            raise Invalid(f"rows-{at}-text", _("Este acuerdo está dos veces en la lista."))
        fields = {name: value for name, value in row.items() if name != "uid"}
        try:
            kept.append(_note(session, uid, fields, drop=False))
        except Invalid as problem:
            raise Invalid(f"rows-{at}-{problem.field or 'text'}", problem.reason) from None
    for old in there:
        if old not in kept:
            db.session.delete(old)
    for position, each in enumerate(kept, start=1):
        each.position = position
    db.session.flush()
    if base is not None and before not in (base, digests.of_agreements(kept)):
        raise ChangedMeanwhile(_("Otra persona guardó los acuerdos de esta sesión mientras los escribías."))
    return kept


@action
def move_agreement(agreement, *, state, note="", session=None, deferred_to=None, due_on=None, base=None, by):
    """Say how `agreement` goes on; returns the AgreementStep.

    state: one of STATES. session: the later session, open, that reviews it; what it says holds once it is published,
    and saying something else there replaces it. Without a session it holds at once. deferred_to: the session it is
    put off to, with the state "deferred" alone. due_on: its new due date, None to leave it. base: how many steps the
    form was filled in from (None: not compared). Raises ChangedMeanwhile, Conflict, Invalid.
    """
    if session is not None:
        session = take_entry(session, by=by)
    (agreement,) = lock(agreement)
    if session is None:
        check(why_not_move, by, agreement)
    else:
        refuse_if(why_not_review(agreement, session), Conflict)
    if base is not None and base != len(agreement.steps):
        raise ChangedMeanwhile(_("Otra persona anotó cómo va este acuerdo mientras lo escribías."))
    said = {"state": clean_state(state), "note": clean_note(note), "due_on": clean_date(due_on, "due_on")}
    if deferred_to is not None:
        if said["state"] != "deferred":
            raise Invalid("deferred_to", _("Solo un acuerdo que se aplaza lleva la sesión en que se retoma."))
        if reason := why_not_defer_to(agreement, deferred_to, session):
            raise Invalid("deferred_to", reason)
    step = next((each for each in agreement.steps if session is not None and each.session_id == session.id), None)
    if step is None:
        step = AgreementStep(agreement_id=agreement.id, session_id=session and session.id)
        db.session.add(step)
    for name, value in said.items():
        setattr(step, name, value)
    step.deferred_to_id = deferred_to and deferred_to.id
    step.at, step.by_uid = now(), uid_of(by)
    if session is None:
        step.holds_at = now()
        _let_hold(agreement, step, by)
    db.session.flush()
    db.session.expire(agreement, ["steps"])
    return step


@action(unrecorded="nothing of it was public")
def unsay_move(agreement, session, *, by):
    """Take back what the open `session` says of an earlier agreement; taking back twice is taking back once."""
    session = take_entry(session, by=by)
    (agreement,) = lock(agreement)
    for step in agreement.steps:
        if step.session_id == session.id and step.holds_at is None:
            db.session.delete(step)
    db.session.flush()
    db.session.expire(agreement, ["steps"])


@action
def form_subgroup(table, *, title, institutions=(), session=None, by):
    """Form a sub-group of `table` of some of its `institutions` (rows); returns it.

    session: the open session of the table that charges it, with whose publication it becomes public; without one it
    is public at once, and formed by those who moderate. A source may name a sub-group and nobody in it.
    Raises Invalid for a name that the table has already.
    """
    if session is not None:
        session = take_entry(session, by=by)
        refuse_if(None if session.table_id == table.id else _("Esa sesión es de otra mesa."), Conflict)
    (table,) = lock(table)
    if session is None:
        check(why_not_moderate, by, table.consultation)
    title = clean_title(title)
    if any(fold(each.title) == fold(title) for each in subgroups_of(table, session=session)):
        raise Invalid("title", _("Esta mesa ya tiene un subgrupo con ese nombre."))
    chosen = list({each.id: each for each in institutions}.values())
    subgroup = Subgroup(table_id=table.id, session_id=session and session.id, title=title, formed_at=now())
    subgroup.members = [SubgroupMember(institution_id=each.id) for each in chosen]
    db.session.add(subgroup)
    db.session.flush()
    if session is None:
        _record_formed(subgroup, by)
    return subgroup


@action(unrecorded="nothing of it was public")
def drop_subgroup(subgroup, *, by):
    """Remove a sub-group that an open session formed; agreements that named it keep its name as words."""
    refuse_if(None if subgroup.session_id else _("Este subgrupo ya es público y se queda."), Conflict)
    session = take_entry(db.session.get(Session, subgroup.session_id), by=by)
    for agreement in agreements_of(session):
        if agreement.subgroup_id == subgroup.id:
            agreement.subgroup = None
    db.session.flush()
    for member in subgroup.members:
        db.session.delete(member)
    db.session.flush()
    db.session.delete(subgroup)
    db.session.flush()


@action
def publish_agreements(session, *, by):
    """Tell the record what the published `session` agreed, and let hold what it said of earlier agreements.

    Called by minutes.actions.publish_minutes, in the transaction that publishes. What was said later than this session
    said something stays. Raises Conflict while the session is not published.
    """
    refuse_if(None if session.published_at else _("Esta sesión todavía no se publica."), Conflict)
    for subgroup in subgroups_formed_in(session):
        _record_formed(subgroup, by, session)
    for agreement in agreements_of(session):
        _record_taken(agreement, session, by)
    steps = held_back_in(session)
    for step, agreement in zip(steps, lock(*(each.agreement for each in steps)), strict=True):
        step.holds_at = now()
        if step.id == max(each.id for each in agreement.steps if each.holds_at is not None):
            _let_hold(agreement, step, by)


def _note(session, uid, fields, drop):
    agreement = agreement_with(session, uid)
    if drop:
        return _drop(session, agreement)
    said = clean_agreement(fields)
    if agreement is None:
        if "text" not in said:
            raise Invalid("text", _("Falta este texto."))
        last, number = db.session.execute(
            select(func.max(Agreement.position), func.count()).where(Agreement.session_id == session.id)
        ).one()
        if number >= LINES:
            raise Invalid("text", _("Son más de %(limit)s acuerdos. Reúne los que dicen lo mismo.", limit=LINES))
        agreement = Agreement(session_id=session.id, uid=uid, position=(last or 0) + 1, kind="task", state="agreed")
        agreement.terms = []
        db.session.add(agreement)
    for name, value in said.items():
        setattr(agreement, name, value)
    if "owner" in said:
        agreement.institution, agreement.subgroup = _known_owner(session, fields["owner"], said["owner"])
    db.session.flush()
    return agreement


def _drop(session, agreement):
    if agreement is None:
        return
    db.session.delete(agreement)
    db.session.flush()
    for position, each in enumerate(agreements_of(session), start=1):
        each.position = position
    db.session.flush()


def _known_owner(session, owner, words):
    """Return the institution or the sub-group that `owner` is or names, and None for the other."""
    if words is None:
        return None, None
    subgroups = subgroups_of(session.table, session=session)
    if isinstance(owner, Institution):
        return owner, None
    if isinstance(owner, Subgroup):
        if owner.id not in {each.id for each in subgroups}:
            raise Invalid("owner", _("Ese subgrupo es de otra mesa."))
        return None, owner
    called = fold(words)
    subgroup = next((each for each in subgroups if fold(each.title) == called), None)
    if subgroup is not None:
        return None, subgroup
    present = (each.institution for each in attendances_of(session) if each.institution is not None)
    return next((each for each in present if fold(each.name) == called), None) or institution_named(words), None


def _let_hold(agreement, step, by):
    agreement.state, agreement.deferred_to_id = step.state, step.deferred_to_id
    agreement.extended_to = step.due_on or agreement.extended_to
    session = db.session.get(Session, step.session_id) if step.session_id else None
    record(
        "agreement.moved",
        agreement,
        by=by,
        within=agreement.session.table.consultation,
        body=session,
        reason=step.note or None,
        state=step.state,
        due_on=step.due_on and step.due_on.isoformat(),
    )


def _record_taken(agreement, session, by):
    record(
        "agreement.taken",
        agreement,
        by=by,
        within=session.table.consultation,
        body=session,
        kind=agreement.kind,
        position=agreement.position,
        due_on=agreement.due_on and agreement.due_on.isoformat(),
    )


def _record_formed(subgroup, by, session=None):
    record(
        "subgroup.formed",
        subgroup,
        by=by,
        within=subgroup.table.consultation,
        body=session,
        title=subgroup.title,
        members=len(subgroup.members),
    )
