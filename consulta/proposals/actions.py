"""Writing proposals, and moving them through their lives."""

import secrets
from zlib import crc32

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, func, select

from consulta.core.clock import now
from consulta.core.errors import Conflict, Invalid, NotAllowed, check, refuse_if
from consulta.core.extensions import db
from consulta.core.record import record, vocabulary
from consulta.core.text import beginning, clean_text, fold
from consulta.core.work import action, lock, ring
from consulta.proposals.models import EXCERPT_LENGTH, Embedding, Proposal, Wording
from consulta.proposals.rules import (
    DRAFTS_AT_ONCE,
    cleaned,
    why_not_hide,
    why_not_propose,
    why_not_revise,
    why_not_submit,
    why_not_withdraw,
)

# Letters and digits that nobody confuses when reading a code aloud (Crockford's base 32).
CODE_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
CODE_LENGTH = 7
REASON_LIMIT = 2000

vocabulary(
    {
        # No titles: a text that is hidden later must not live on in the record.
        "proposal.submitted": ("code",),
        "proposal.entered": ("code", "origin"),
        "proposal.revised": ("code", "number"),
        "proposal.withdrawn": ("code",),
        "proposal.hidden": ("code",),
        "proposal.unhidden": ("code",),
    }
)


@action(unrecorded="a draft is its author's alone")
def start_proposal(consultation, *, title, body, theme=None, territory=None, by):
    """Keep a draft of `by`, which nobody else sees; returns it.

    Raises Invalid for a text that will not do, NotAllowed outside of a phase that takes proposals.
    """
    check(why_not_propose, by, consultation)
    lock(by)
    unfinished = select(func.count()).where(
        Proposal.author_id == by.id, Proposal.consultation_id == consultation.id, Proposal.state == "draft"
    )
    if db.session.scalar(unfinished) >= DRAFTS_AT_ONCE:
        raise NotAllowed(_("Ya tienes muchos borradores. Envía o retira alguno antes de empezar otro."))
    return _new(consultation, title, body, theme, territory, origin="online", state="draft", author_id=by.id)


@action
def submit_proposal(proposal, *, by):
    """Make the author's draft public."""
    (proposal,) = lock(proposal)
    if proposal.state == "published" and by is not None and by.id == proposal.author_id:
        return proposal  # the same form sent twice
    check(why_not_submit, by, proposal)
    proposal.state, proposal.published_at = "published", now()
    record("proposal.submitted", proposal, by=by, within=proposal.consultation, code=proposal.code)
    return proposal


@action
def enter_proposal(
    consultation,
    *,
    title,
    body,
    origin,
    institution=None,
    origin_note=None,
    reference=None,
    theme=None,
    territory=None,
    by,
):
    """Publish what a table or an institution asks for; the calling action has checked the right to."""
    proposal = _new(
        consultation,
        title,
        body,
        theme,
        territory,
        origin=origin,
        state="published",
        published_at=now(),
        institution=institution,
        origin_note=origin_note,
        reference=reference,
    )
    record("proposal.entered", proposal, by=by, within=consultation, code=proposal.code, origin=origin)
    return proposal


@action
def revise_proposal(proposal, *, title, body, theme, territory, by):
    """Add a wording by the author, while nobody supports the one there is; a draft keeps its number."""
    (proposal,) = lock(proposal)
    check(why_not_revise, by, proposal)
    title, body = cleaned(title, body)
    _check_belongs(proposal.consultation, theme)
    proposal.theme, proposal.territory = theme, territory
    if (title, body) == (proposal.title, proposal.body):
        return proposal
    if proposal.state == "draft":
        # Nobody but the author has read a draft: its one wording is replaced, not added to.
        wording = proposal.wording
        wording.title, wording.body, wording.written_at = title, body, now()
        wording.excerpt, wording.folded = beginning(body, EXCERPT_LENGTH), _folded(title, body)
        return proposal
    proposal.wording_number += 1
    _write(proposal, title, body)
    db.session.expire(proposal, ["wording"])
    record(
        "proposal.revised",
        proposal,
        by=by,
        within=proposal.consultation,
        code=proposal.code,
        number=proposal.wording_number,
    )
    return proposal


@action
def withdraw_proposal(proposal, *, reason, by):
    """Take the author's own proposal out of the consultation; it keeps its address and says so. A draft is removed."""
    (proposal,) = lock(proposal)
    check(why_not_withdraw, by, proposal)
    if proposal.state == "draft":
        db.session.delete(proposal.wording)
        db.session.flush()
        db.session.delete(proposal)
        return None
    proposal.state = "withdrawn"
    record(
        "proposal.withdrawn", proposal, by=by, within=proposal.consultation, reason=_reason(reason), code=proposal.code
    )
    return proposal


@action
def hide_proposal(proposal, *, reason, by):
    """Hide a public proposal for abuse, with the reason; its text, supports and address stay in the database."""
    (proposal,) = lock(proposal)
    check(why_not_hide, by, proposal)
    refuse_if(_("Esta propuesta ya está oculta.") if proposal.hidden_at else None, Conflict)
    proposal.hidden_at, proposal.hidden_reason = now(), _reason(reason)
    record(
        "proposal.hidden",
        proposal,
        by=by,
        within=proposal.consultation,
        reason=proposal.hidden_reason,
        code=proposal.code,
    )
    return proposal


@action
def unhide_proposal(proposal, *, reason, by):
    """Show a hidden proposal again, with the reason."""
    (proposal,) = lock(proposal)
    check(why_not_hide, by, proposal)
    refuse_if(None if proposal.hidden_at else _("Esta propuesta ya es visible."), Conflict)
    proposal.hidden_at = proposal.hidden_reason = None
    record(
        "proposal.unhidden", proposal, by=by, within=proposal.consultation, reason=_reason(reason), code=proposal.code
    )
    return proposal


@action(unrecorded="the merge that writes it is recorded")
def write_joint(consultation, *, title, body, theme=None, reference=None, by):
    """Publish the joint proposal of a merge; it has no author, and carries nothing yet."""
    return _new(
        consultation,
        title,
        body,
        theme,
        None,
        origin="institution",
        state="published",
        published_at=now(),
        is_joint=True,
        reference=reference,
    )


@action(unrecorded="the merge that carries them is recorded")
def carry(proposals, joint, *, by):
    """Put the locked `proposals` behind `joint`, with all that they carry themselves."""
    for proposal in proposals:
        for carried in _all_behind(proposal):
            carried.head_id = joint.id
        proposal.state, proposal.carried_by_id, proposal.head_id = "merged", joint.id, joint.id
    db.session.flush()


@action(unrecorded="the end of the merge is recorded")
def release(proposals, *, by):
    """Let the locked `proposals`, which a merge carried, stand for themselves again, with all that they carry."""
    for proposal in proposals:
        behind = _all_behind(proposal)
        proposal.state, proposal.carried_by_id, proposal.head_id = "published", None, None
        for carried in behind:
            carried.head_id = proposal.id
    db.session.flush()


@action(unrecorded="the decision that moves it is recorded")
def move_proposal(proposal, state, *, by):
    """Put a proposal that stands for itself into `state`."""
    proposal.state = state
    db.session.flush()


@action(unrecorded="votes are secret; their number is recounted, not logged")
def keep_supporters(proposal, number, *, by):
    """Store how many distinct people are behind `proposal`."""
    proposal.supporters = number


@action(unrecorded="a vector is made from the wording and can be made again")
def keep_vectors(encoder, vectors, *, by):
    """Store the unit vectors (a dictionary of wording id to float32 bytes) of `encoder`, each once."""
    known = set(
        db.session.scalars(
            select(Embedding.wording_id).where(Embedding.encoder == encoder, Embedding.wording_id.in_(vectors))
        )
    )
    db.session.add_all(
        Embedding(wording_id=wording_id, encoder=encoder, vector=vector, checksum=crc32(vector))
        for wording_id, vector in vectors.items()
        if wording_id not in known
    )
    ring("vectors.kept")


@action(unrecorded="a vector is made from the wording and can be made again")
def drop_vectors(ids, *, by):
    """Let the vectors with these ids go, because they are damaged: `wordings_to_encode` then asks for new ones."""
    db.session.execute(delete(Embedding).where(Embedding.id.in_(ids)))


def _new(consultation, title, body, theme, territory, **columns):
    title, body = cleaned(title, body)
    _check_belongs(consultation, theme)
    proposal = Proposal(
        code="".join(secrets.choice(CODE_LETTERS) for _letter in range(CODE_LENGTH)),
        consultation_id=consultation.id,
        theme=theme,
        territory=territory,
        started_at=now(),
        **columns,
    )
    db.session.add(proposal)
    db.session.flush()
    _write(proposal, title, body)
    return proposal


def _write(proposal, title, body):
    db.session.add(
        Wording(
            proposal_id=proposal.id,
            number=proposal.wording_number,
            title=title,
            body=body,
            excerpt=beginning(body, EXCERPT_LENGTH),
            folded=_folded(title, body),
            written_at=now(),
        )
    )
    db.session.flush()


def _folded(title, body):
    return fold(f"{title}\n{body}")


def _check_belongs(consultation, theme):
    if theme is not None and theme.consultation_id != consultation.id:
        raise Invalid("theme", _("Este eje temático no es de esta consulta."))


def _all_behind(proposal):
    """Return every proposal that `proposal` carries, directly or through another, whatever stands in front of it."""
    found, wave = [], [proposal.id]
    while wave:
        carried = db.session.scalars(select(Proposal).where(Proposal.carried_by_id.in_(wave))).all()
        found += carried
        wave = [each.id for each in carried]
    return found


def _reason(text):
    return clean_text(text, REASON_LIMIT, field="reason")
