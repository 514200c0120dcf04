"""Found tables, convene their sessions, take in what the room decided, and walk a session through its life.

convened → open → submitted → checked by a second person → public. Sent back, it is open again. What takes no more
entries changes with `late=True` alone, by whom rules.why_not_amend lets, and a later domain records why
(minutes.actions.correct, worksheets.actions.admit_late).

`by` is a person, None for the machine, or an AccessCode for what one may do with a code (tables.rules).
"""

from contextlib import contextmanager
from datetime import timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from consulta.accounts.actions import found_institution
from consulta.accounts.queries import institution_named
from consulta.core.clock import now
from consulta.core.errors import Conflict, Invalid, check, refuse_if
from consulta.core.extensions import db
from consulta.core.record import record, vocabulary
from consulta.core.text import clean_line, clean_text, fold
from consulta.core.work import action, lock
from consulta.proposals.actions import enter_proposal
from consulta.proposals.rules import cleaned as cleaned_proposal
from consulta.tables import digests, entries, rules
from consulta.tables.checks import disagreements
from consulta.tables.entries import cleaned
from consulta.tables.models import AccessCode, Attendance, Result, Session, Table, new_uid
from consulta.tables.queries import attendances_of, check_base, codes_of, result_on, results_of

vocabulary(
    {
        "table.founded": ("title", "kind"),
        "session.convened": ("title", "table", "convened"),
        "session.reconvened": ("title", "table", "convened"),
        "session.opened": ("title",),
        # digest: of all that was entered, and of Session.seal_nonce, so that any later change shows and nobody guesses
        # what is not public yet (tables.digests.of_session).
        "session.submitted": ("title", "digest"),
        "session.checked": ("title",),
        "session.returned": ("title",),
        "code.made": ("hours",),
        "code.ended": (),
        "proposal.raised": ("code",),
    }
)

SEALED_LATER = (
    "not public before the session is handed in, whose entry holds the fingerprint of all that was entered; what is "
    "late, the later domain records that corrects or admits it, with its reason"
)


class ChangedMeanwhile(Conflict):
    """Somebody else saved the same part of a session after this form was opened."""


@action
def found_table(consultation, *, title, kind, territory=None, by):
    """Found a table of `consultation`; kind is one of TABLE_KINDS, and a regional one has its territory."""
    check(rules.why_not_convene, by, consultation)
    table = Table(consultation_id=consultation.id, **entries.clean_table(title, kind, territory))
    db.session.add(table)
    record("table.founded", table, by=by, within=consultation, title=table.title, kind=kind)
    return table


@action
def convene_session(table, *, title, convened=(), by, **facts):
    """Convene the next session of `table`; returns it.

    facts: any of entries.CONVENED. starts_at, ends_at: instants. agenda: dicts title, kind, block, starts, ends.
    convened: rows as `note_attendance` takes them, of those who are invited. is_pooled: it stands for several
    meetings, at `venues`, that the source tells not apart. Raises Invalid naming the field that will not do.
    """
    (table,) = lock(table)
    check(rules.why_not_convene, by, table.consultation)
    said = entries.facts({"title": title, **facts})
    last = db.session.scalar(select(func.max(Session.ordinal)).where(Session.table_id == table.id))
    session = Session(table_id=table.id, ordinal=(last or 0) + 1, convened_at=now(), **said)
    db.session.add(session)
    db.session.flush()
    return _invite(session, convened, "session.convened", by)


@action
def reconvene_session(session, *, title, convened=(), base=None, by, **facts):
    """Change what a session that was not opened yet is convened with, and who is invited; returns it.

    title, convened, facts: as `convene_session`; a fact that is not given stays, and so does what is known of somebody
    who is invited again. base: the fingerprint (digests.of_convening) of what the form was filled in from (None: not
    compared). Raises ChangedMeanwhile, Conflict, Invalid naming the field.
    """
    (session,) = lock(session)
    check(rules.why_not_convene, by, session.table.consultation)
    refuse_if(rules.why_not_reconvene(session), Conflict)
    with _checked(base, lambda: digests.of_convening(session, attendances_of(session))):
        for name, value in entries.facts({"title": title, **facts}, session).items():
            setattr(session, name, value)
        return _invite(session, convened, "session.reconvened", by)


@action(unrecorded="table.founded and session.convened tell it")
def convene_at(consultation, *, table=None, founding=None, meeting, by):
    """Convene a session at `table`, or at one founded with `founding` (arguments of `found_table`), or neither.

    meeting: the arguments of `convene_session`.
    """
    if table is None:
        table = found_table(consultation, **founding, by=by)
    return convene_session(table, **meeting, by=by)


@action
def open_session(session, *, by):
    """Let the facilitator enter what happens in the room; opening twice is opening once."""
    (session,) = lock(session)
    check(rules.why_not_facilitate, by, session)
    refuse_if(rules.why_not_open(session), Conflict)
    if session.opened_at is None:
        session.opened_at = now()
        record("session.opened", session, by=by, within=session.table.consultation, title=session.title)
    return session


@action(unrecorded="what is then entered is told when the session is published")
def take_entry(session, *, late=False, by):
    """Return the locked `session` for a later domain to enter something of it; `by` is then one of its hands.

    late: it takes no more entries, and `by` may amend it (rules.why_not_amend).
    """
    (session,) = lock(session)
    check(rules.why_not_amend if late else rules.why_not_facilitate, by, session)
    refuse_if(None if late else rules.why_not_enter(session), Conflict)
    session.hands = rules.hands_with(session, by)
    return session


@action(unrecorded="it changes nothing of what the session holds")
def add_hands(session, *, others=(), by):
    """Make `by`, and `others` by their uids, hands of `session` for what they brought, whether it stands or waits."""
    (session,) = lock(session)
    check(rules.why_not_take_part, by, session)
    session.hands = rules.hands_with(session, by, others)


@action(unrecorded=SEALED_LATER)
def note_attendance(session, rows, *, base=None, by):
    """Replace the attendance list of an open session.

    rows: dicts sector, institution (a row, a name as it was typed, or None for people without one), any of
    entries.PRESENCE (True, False, or None where nobody knows), and uid. A line that is there already, by its uid or
    else its name, keeps what its row does not say; lines without a row are removed. base: the fingerprint of the
    list that the form was filled in from (None: not compared). Raises ChangedMeanwhile, Invalid("rows-<n>-<part>").
    """
    session = take_entry(session, by=by)
    with _checked(base, lambda: digests.of_attendance(attendances_of(session))):
        _list(session, rows, by)
    return session


@action(unrecorded=SEALED_LATER)
def set_presence(session, uid, *, late=False, drop=False, base=None, by, **fields):
    """Store some fields of the line `uid` of a session's list, made if it is new; returns it, None if dropped.

    late: as `take_entry`. fields: any of entries.PRESENCE, and `institution` or `named` (as typed). base: the
    fingerprint of the line as the form was filled in from it. Raises ChangedMeanwhile, Invalid naming the field.
    """
    session = take_entry(session, late=late, by=by)
    with _checked(base, lambda: digests.of_attendance([a for a in attendances_of(session) if a.uid == uid])):
        return _put_line(session, uid, fields, by, drop=drop, found=session.published_at is not None)


@action(unrecorded=SEALED_LATER)
def note_minutes(session, *, statements, notes, base=None, by):
    """Replace the statements (texts) and notes of an open session."""
    session = take_entry(session, by=by)
    with _checked(base, lambda: digests.of_minutes(session)):
        return _put_session(session, {"statements": statements, "notes": notes}, entries.ENTERED)


@action(unrecorded=SEALED_LATER)
def note_session(session, *, late=False, base=None, by, **fields):
    """Store some fields of a session itself and keep the rest.

    late: as `take_entry`. fields: any of entries.ENTERED (late: of entries.AMENDED), and started or ended ("15:10", as
    the clock of the place shows it). base: digests.of_facts. Raises ChangedMeanwhile, Invalid naming the field.
    """
    session = take_entry(session, late=late, by=by)
    with _checked(base, lambda: digests.of_facts(session)):
        return _put_session(session, fields, entries.AMENDED if late else entries.ENTERED)


@action(unrecorded=SEALED_LATER)
def note_agenda(session, item_id, *, late=False, drop=False, base=None, by, **fields):
    """Store what was said under an item of a session's agenda; an id that is new appends a heading.

    late: as `take_entry`. fields: any of entries.ITEM. drop: remove it, if the room itself added it. base:
    digests.of_item. Raises ChangedMeanwhile, Invalid naming the field.
    """
    session = take_entry(session, late=late, by=by)
    with _checked(base, lambda: digests.of_item(session, item_id)):
        session.agenda = entries.with_item(session.agenda, item_id, fields, drop=drop)
    return session


@action(unrecorded=SEALED_LATER)
def enter_result(session, proposal, *, outcome, is_inferred=False, base=None, by, **said):
    """Store what the open session says of `proposal`, in place of what it said before; returns the Result.

    said: any of entries.RESULT, empty where it is not given. base: the fingerprint of the result that the form was
    filled in from, "" where there was none (None: not compared). Raises ChangedMeanwhile where somebody else saved
    another version since, Invalid naming the field.
    """
    session = take_entry(session, by=by)
    with _checked(base, lambda: digests.of_result(result_on(session, proposal))):
        result = _put_result(session, proposal, {**dict.fromkeys(entries.RESULT), **said, "outcome": outcome})
    result.is_inferred = is_inferred
    return result


@action(unrecorded=SEALED_LATER)
def set_result(session, proposal, *, late=False, drop=False, base=None, by, **fields):
    """Store some fields of what a session says of `proposal` and keep the rest; returns the Result.

    late: as `take_entry`. fields: any of entries.RESULT. drop: forget all that was said, and return None. base: as
    `enter_result`.
    """
    session = take_entry(session, late=late, by=by)
    with _checked(base, lambda: digests.of_result(result_on(session, proposal))):
        return _put_result(session, proposal, fields, drop=drop)


@action
def add_room_proposal(session, *, title, body, theme=None, institution=None, reference=None, by):
    """Publish a proposal that the room made, and let the open session say something of it; returns the Proposal.

    institution: the body that brought it (a row, or a (name, sector) pair to be founded), or None where it was the
    table's own. The same proposal sent twice is one.
    """
    session = take_entry(session, by=by)
    if isinstance(institution, tuple):
        institution = found_institution(*institution, by=by)
    text = cleaned_proposal(title, body)
    for made in results_of(session):
        if made.made_here and (made.proposal.title, made.proposal.body) == text:
            return made.proposal
    table = session.table
    proposal = enter_proposal(
        table.consultation,
        title=text[0],
        body=text[1],
        origin="table" if institution is None else "institution",
        institution=institution,
        origin_note=f"{table.title} · {session.title}"[:300],
        reference=reference,
        theme=theme,
        territory=table.territory,
        by=by,
    )
    db.session.add(
        Result(session_id=session.id, proposal_id=proposal.id, outcome="none", made_here=True, entered_at=now())
    )
    record("proposal.raised", proposal, by=by, within=table.consultation, body=session, code=proposal.code)
    return proposal


@action
def submit_session(session, *, base=None, by):
    """Hand an open session in, for a second person to check.

    base: the fingerprint of the session as its facilitator checked it (None: not compared). Raises ChangedMeanwhile,
    and Invalid naming the place (checks.Disagreement) where numbers disagree and no note explains it.
    """
    (session,) = lock(session)
    check(rules.why_not_facilitate, by, session)
    refuse_if(rules.why_not_submit(session), Conflict)
    attendances, results = attendances_of(session), results_of(session)
    _check_whole(base, digests.of_session(session, attendances, results))
    # Once the phase is over nobody could write the note: then whoever checks sees the numbers as they are.
    if rules.why_not_enter(session) is None:
        for each in disagreements(session, attendances, results):
            if not each.has_note:
                raise Invalid(each.place, _("%(what)s Anota por qué, y podrás entregar.", what=each.message))
    session.submitted_at, session.submitted_by_uid = now(), rules.uid_of(by)
    session.hands, session.seal_nonce = rules.hands_with(session, by), new_uid()
    record(
        "session.submitted",
        session,
        by=by,
        within=session.table.consultation,
        title=session.title,
        digest=digests.of_session(session, attendances, results),
    )
    return session


@action
def check_session(session, *, base=None, by):
    """Confirm, as a second person, that a session was entered as its signed sheets say; base: queries.check_base."""
    (session,) = lock(session)
    check(rules.why_not_second, by, session)
    refuse_if(rules.why_not_confirm(session), Conflict)
    _check_whole(base, check_base(session))
    session.checked_at, session.checked_by_uid = now(), rules.uid_of(by)
    record("session.checked", session, by=by, within=session.table.consultation, title=session.title)
    return session


@action
def return_session(session, *, note, by):
    """Send a session that was handed in back to whoever facilitates it, saying in `note` what to look at again."""
    (session,) = lock(session)
    check(rules.why_not_return, by, session)
    refuse_if(rules.why_not_send_back(session), Conflict)
    session.return_note = clean_text(note, entries.TEXT_LIMIT, field="note")
    session.returned_at, session.returned_by_uid = now(), rules.uid_of(by)
    session.submitted_at = session.submitted_by_uid = session.checked_at = session.checked_by_uid = None
    record("session.returned", session, by=by, within=session.table.consultation, title=session.title)
    return session


@action(unrecorded="the minutes that are published with it tell it")
def publish_session(session, *, by):
    """Make what a checked session holds public; minutes.actions.publish_minutes calls it.

    Institutions that were typed in the room become rows now: their names were nobody's to read before.
    """
    (session,) = lock(session)
    check(rules.why_not_convene, by, session.table.consultation)
    refuse_if(rules.why_not_make_public(session), Conflict)
    session.published_at = now()
    for each in attendances_of(session):
        _found_institution(each, by)
    return session


@action
def make_code(session, *, label, hours, by):
    """Make a code that opens this session's worksheet for `hours`; returns (AccessCode, the code to tell people).

    label: for whom or which phone it is. The code itself is kept nowhere: it is shown this once.
    """
    (session,) = lock(session)
    check(rules.why_not_make_code, by, session)
    label = clean_line(label, 80, field="label")
    hours = entries.clean_hours(hours)
    refuse_if(rules.why_not_another_code(codes_of(session)), Conflict)
    plain = entries.new_code()
    code = AccessCode(
        uid=new_uid(),
        session_id=session.id,
        code_digest=entries.digest_of_code(plain),
        label=label,
        made_at=now(),
        made_by_uid=rules.uid_of(by),
        expires_at=now() + timedelta(hours=hours),
    )
    db.session.add(code)
    record("code.made", code, by=by, within=session.table.consultation, hours=hours)
    return code, plain


@action
def end_code(code, *, by):
    """Let `code` open nothing from now on; ending twice is ending once."""
    (code,) = lock(code)
    check(rules.why_not_end_code, by, code.session)
    if code.ended_at is None:
        code.ended_at = now()
        record("code.ended", code, by=by, within=code.session.table.consultation)
    return code


@contextmanager
def _checked(base, fingerprint):
    """Refuse to overwrite what was saved since the form was opened, unless both say the same."""
    before = None if base is None else fingerprint()
    yield
    if base is not None and before not in (base, fingerprint()):
        raise ChangedMeanwhile(_("Otra persona guardó esta parte de la sesión mientras la escribías."))


def _check_whole(base, there):
    if base not in (None, there):
        raise ChangedMeanwhile(_("Alguien más cambió algo en esta sesión después de que abriste la revisión."))


def _put_session(session, fields, how):
    said = entries.on_the_clock(session, cleaned(fields, {**how, **entries.ON_THE_CLOCK}))
    for name, value in entries.with_next_meeting(session, said).items():
        setattr(session, name, value)
    return session


def _put_result(session, proposal, fields, *, drop=False):
    refuse_if(rules.why_not_discuss(session, proposal))
    result = result_on(session, proposal)
    if drop:
        # What the room itself proposed stays on its list; nothing more is said of it.
        fields = {**dict.fromkeys(entries.RESULT), "outcome": "none"}
        if result is None or not result.made_here:
            return _remove(result)
    result = result or Result(session_id=session.id, proposal_id=proposal.id, outcome="none")
    for name, value in entries.with_group(result, cleaned(fields, entries.RESULT)).items():
        setattr(result, name, value)
    result.entered_at = now()
    db.session.add(result)
    db.session.flush()
    return result


def _put_line(session, uid, fields, by, *, drop, found=False):
    there = {each.uid: each for each in attendances_of(session)}
    line = there.pop(entries.clean_uid(uid), None)
    if drop:
        return _remove(line)
    entries.limited([*there, uid], "uid")
    return _write_line(session, line, uid, fields, by, found=found)


def _invite(session, convened, verb, by):
    """Let `session` have the rows `convened` as its list, and tell the record; returns it."""
    _list(session, [{"convened": True, **row} for row in convened], by, found=True)
    for line in attendances_of(session):
        line.invited = bool(line.convened)
    told = {"title": session.title, "table": session.table.title, "convened": len(convened)}
    record(verb, session, by=by, within=session.table.consultation, **told)
    return session


def _list(session, rows, by, *, found=False):
    claimed, left = entries.claims(rows, attendances_of(session))
    listed = set()
    for at, (row, old) in enumerate(zip(rows, claimed, strict=True)):
        line = _write_line(session, old, row.get("uid") or new_uid(), row, by, prefix=f"rows-{at}-", found=found)
        called = fold(line.name or ""), line.network, line.quality
        if line.name and called in listed:
            raise Invalid(f"rows-{at}-institution", _("«%(name)s» está dos veces en la lista.", name=line.name))
        listed.add(called)
    _remove(*left)


def _write_line(session, line, uid, fields, by, *, prefix="", found=False):
    """Store `fields` in `line` of the list, a new one where it is None; returns it.

    An institution as it was typed becomes the row of that name where there is one; else it waits, as it was typed,
    until the session is published, or is founded now (found).
    """
    said = entries.presence(fields, prefix)
    if "body" in said:
        body = said.pop("body")
        body = (isinstance(body, str) and institution_named(body)) or body
        said["institution"], said["named"] = (None, body) if isinstance(body, str) else (body, None)
    if line is None:
        said["sector"] = entries.sector_of(said, f"{prefix}sector")
        line = Attendance(session_id=session.id, uid=entries.clean_uid(uid))
        db.session.add(line)
    if "institution" in said and said["institution"] is not line.institution:
        line.invited = False
    for name, value in said.items():
        setattr(line, name, value)
    if found:
        _found_institution(line, by)
    db.session.flush()
    return line


def _found_institution(line, by):
    if line.named:
        line.institution, line.named = found_institution(line.named, line.sector, by=by), None


def _remove(*rows):
    for row in rows:
        if row is not None:
            db.session.delete(row)
    db.session.flush()
