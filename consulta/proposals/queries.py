"""Reading proposals: every way out of the site passes through here, with the rights of whoever reads."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import BigInteger, and_, cast, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from consulta.core.errors import NotFound, refuse_if
from consulta.core.extensions import db
from consulta.core.text import fold
from consulta.proposals.models import Embedding, Proposal, Wording
from consulta.proposals.rules import why_not_see

PAGE = 20
ORDERS = {"apoyos": Proposal.supporters, "recientes": Proposal.published_at}
WORDS_READ = 8  # words of a search that are looked for
LISTED = ("published", "shortlisted", "left_out", "referred")


@dataclass(frozen=True)
class Page:
    """Some proposals in order, how many there are in all, and the keys of the pages around."""

    proposals: list
    total: int
    next_key: str | None


def visible_proposals(consultation, *, to):
    """Select the proposals of `consultation` that `to` (a person or None) may see in a list.

    Merged and withdrawn ones are reached by their address and through the joint proposal, not from lists; drafts and
    hidden ones are in nobody's list, not even their author's (`proposals_of` lists those).
    """
    return select(Proposal).where(
        Proposal.consultation_id == consultation.id, Proposal.state.in_(LISTED), Proposal.hidden_at.is_(None)
    )


def page_of(consultation, *, to, words="", theme_id=None, state=None, order="apoyos", after=None, size=PAGE):
    """Return a Page of `visible_proposals` that hold all `words`, in `order` ("apoyos" or "recientes").

    after: the key that the page before gave as `next_key`; anything else begins at the first page.
    """
    query = visible_proposals(consultation, to=to)
    if theme_id is not None:
        query = query.where(Proposal.theme_id == theme_id)
    if state is not None:
        query = query.where(Proposal.state == state)
    looked_for = fold(words).split()[:WORDS_READ]
    # Without words to look for, the texts are fetched for the rows of the page alone, after its key has chosen them.
    query = query.join(Proposal.wording, isouter=not looked_for)
    for word in looked_for:
        query = query.where(Wording.folded.contains(word, autoescape=True))
    total = _total(consultation, query, is_plain=not words.strip() and theme_id is None and state is None)
    column = ORDERS.get(order, Proposal.supporters)
    if key := _read_key(after, column):
        query = query.where(or_(column < key[0], and_(column == key[0], Proposal.id < key[1])))
    query = query.options(
        contains_eager(Proposal.wording).load_only(Wording.title, Wording.excerpt, Wording.proposal_id, Wording.number),
        joinedload(Proposal.author),
        joinedload(Proposal.institution),
        joinedload(Proposal.theme),
        joinedload(Proposal.territory),
    )
    found = db.session.scalars(query.order_by(column.desc(), Proposal.id.desc()).limit(size + 1)).all()
    next_key = _write_key(getattr(found[size - 1], column.key), found[size - 1].id) if len(found) > size else None
    return Page(found[:size], total, next_key)


def find_proposal(code, *, to):
    """Return the proposal at `code` if `to` may see it; raises NotFound alike for none and for a secret one."""
    query = (
        select(Proposal)
        .where(Proposal.code == code.lower())
        .options(
            joinedload(Proposal.consultation),
            joinedload(Proposal.wording),
            joinedload(Proposal.author),
            joinedload(Proposal.institution),
            joinedload(Proposal.theme),
            joinedload(Proposal.territory),
            joinedload(Proposal.head).joinedload(Proposal.wording),
        )
    )
    proposal = db.session.scalar(query)
    if proposal is None:
        raise NotFound(_("Esta propuesta no existe o no es pública."))
    refuse_if(why_not_see(to, proposal), NotFound)
    return proposal


def proposals_of(person):
    """Return all that `person` has written, drafts and hidden ones too, the newest first."""
    query = select(Proposal).where(Proposal.author_id == person.id).order_by(Proposal.id.desc()).limit(200)
    return db.session.scalars(query.options(joinedload(Proposal.wording), joinedload(Proposal.consultation))).all()


def wordings_of(proposal):
    """Return the proposal's wordings, the first one first."""
    return db.session.scalars(select(Wording).where(Wording.proposal_id == proposal.id).order_by(Wording.number)).all()


def texts_to_compare(consultation_id, *, above=0, limit=None):
    """Return (proposal id, wording id, title, body) of what may be shown as similar, wordings newer than `above`.

    By wording id, at most `limit`.
    """
    query = _to_compare(consultation_id, Proposal.id, Wording.id, Wording.title, Wording.body)
    return db.session.execute(query.where(Wording.id > above).order_by(Wording.id).limit(limit)).all()


def wordings_to_compare(consultation_id):
    """Return a dictionary of proposal id to wording id of all that may be shown as similar."""
    return dict(db.session.execute(_to_compare(consultation_id, Proposal.id, Wording.id)).all())


def digest_to_compare(consultation_id):
    """Return three numbers made of the ids of what may be shown as similar; see `digest_of`."""
    id = cast(Proposal.id, BigInteger)
    query = select(func.count(), func.coalesce(func.sum(id), 0), func.coalesce(func.sum(id * (id % 1009)), 0)).where(
        Proposal.consultation_id == consultation_id, Proposal.state.in_(LISTED), Proposal.hidden_at.is_(None)
    )
    return tuple(int(number) for number in db.session.execute(query).one())


def digest_of(ids):
    """Return of `ids` what `digest_to_compare` returns of rows: how many, their sum, and one that tells them apart."""
    return len(ids), sum(ids), sum(id * (id % 1009) for id in ids)


def texts_of(wording_ids):
    """Return (proposal id, title, body) of wordings, whose visibility the caller has settled."""
    query = select(Wording.proposal_id, Wording.title, Wording.body).where(Wording.id.in_(wording_ids))
    return db.session.execute(query.order_by(Wording.id)).all()


def bodies_of(ids):
    """Return a dictionary of proposal id to the text in force, of proposals whose visibility the caller has settled."""
    query = (
        select(Wording.proposal_id, Wording.body)
        .join(Proposal, and_(Wording.proposal_id == Proposal.id, Wording.number == Proposal.wording_number))
        .where(Proposal.id.in_(ids))
    )
    return dict(db.session.execute(query).all())


def comparable(ids, consultation):
    """Return those of the proposals `ids` that may be shown as similar in `consultation` now, as id to proposal."""
    query = (
        visible_proposals(consultation, to=None)
        .where(Proposal.id.in_(ids))
        .options(joinedload(Proposal.wording), joinedload(Proposal.theme), joinedload(Proposal.territory))
    )
    return {proposal.id: proposal for proposal in db.session.scalars(query)}


def vectors_of(consultation_id, encoder, *, above=0, limit=None, among=None):
    """Return rows (id, proposal_id, wording_id, vector, checksum) of what may be shown as similar, by id.

    Only the vectors of wordings in force, made by `encoder`, whose id is greater than `above`; at most `limit`. among:
    ids of proposals to choose from (all).
    """
    columns = (Embedding.id, Proposal.id.label("proposal_id"), Wording.id.label("wording_id"))
    query = (
        _to_compare(consultation_id, *columns, Embedding.vector, Embedding.checksum)
        .join(Embedding, and_(Embedding.wording_id == Wording.id, Embedding.encoder == encoder))
        .where(Embedding.id > above)
    )
    if among is not None:
        query = query.where(Proposal.id.in_(among))
    return db.session.execute(query.order_by(Embedding.id).limit(limit)).all()


def encoders_of(consultation_id):
    """Return a dictionary of encoder to (how many texts that may be shown as similar it encoded, its newest vector)."""
    query = (
        _to_compare(consultation_id, Embedding.encoder, func.count(), func.max(Embedding.id))
        .join(Embedding, Embedding.wording_id == Wording.id)
        .group_by(Embedding.encoder)
    )
    return {encoder: (count, newest) for encoder, count, newest in db.session.execute(query)}


def newest_vector():
    """Return the id of the newest vector of all, 0 where there is none."""
    return db.session.scalar(select(func.max(Embedding.id))) or 0


def vectors_to_check(above, limit):
    """Return rows (id, vector, checksum) of up to `limit` vectors whose id is greater than `above`, by id."""
    query = select(Embedding.id, Embedding.vector, Embedding.checksum).where(Embedding.id > above)
    return db.session.execute(query.order_by(Embedding.id).limit(limit)).all()


def wordings_to_encode(encoder, limit):
    """Return up to `limit` wordings in force of published proposals that `encoder` has not encoded yet."""
    encoded = select(Embedding.id).where(Embedding.wording_id == Wording.id, Embedding.encoder == encoder).exists()
    query = (
        select(Wording)
        .join(Proposal, and_(Wording.proposal_id == Proposal.id, Wording.number == Proposal.wording_number))
        .where(Proposal.state.in_(LISTED), ~encoded)
        .order_by(Wording.id)
        .limit(limit)
    )
    return db.session.scalars(query).all()


def count_by_state(consultation):
    """Return a dictionary of state to how many of the consultation's public proposals are in it."""
    query = (
        select(Proposal.state, func.count())
        .where(Proposal.consultation_id == consultation.id, Proposal.hidden_at.is_(None), Proposal.state != "draft")
        .group_by(Proposal.state)
    )
    return dict(db.session.execute(query).all())


def waits_for_a_decision():
    """Return the condition that a proposal stands for itself and nothing was decided of it."""
    return and_(Proposal.state == "published", Proposal.hidden_at.is_(None))


def waiting_ids(consultation):
    """Return the ids of the consultation's proposals that wait for a decision: those that could be merged now."""
    waiting = select(Proposal.id).where(Proposal.consultation_id == consultation.id, waits_for_a_decision())
    return set(db.session.scalars(waiting))


def count_waiting(consultation):
    """Return how many of the consultation's proposals wait for a decision."""
    query = select(func.count()).where(Proposal.consultation_id == consultation.id, waits_for_a_decision())
    return db.session.scalar(query)


def carried_by(joint):
    """Return the proposals that `joint` carries directly and that may be shown, their texts loaded."""
    query = (
        select(Proposal)
        .where(Proposal.carried_by_id == joint.id, Proposal.hidden_at.is_(None))
        .options(joinedload(Proposal.wording), joinedload(Proposal.author), joinedload(Proposal.institution))
        .order_by(Proposal.id)
    )
    return db.session.scalars(query).all()


def _to_compare(consultation_id, *columns):
    return (
        select(*columns)
        .select_from(Proposal)
        .join(Wording, and_(Wording.proposal_id == Proposal.id, Wording.number == Proposal.wording_number))
        .where(Proposal.consultation_id == consultation_id, Proposal.state.in_(LISTED), Proposal.hidden_at.is_(None))
    )


def _total(consultation, query, *, is_plain):
    if is_plain:
        # Nothing narrows the list: counted from the index, without reading a text.
        query = select(func.count()).where(
            Proposal.consultation_id == consultation.id, Proposal.state.in_(LISTED), Proposal.hidden_at.is_(None)
        )
        return db.session.scalar(query)
    return db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))


def _write_key(value, row_id):
    return f"{value if isinstance(value, int) else int(value.timestamp() * 1_000_000)}-{row_id}"


def _read_key(text, column):
    first, _dash, second = (text or "").partition("-")
    if not (first.isascii() and first.isdigit() and second.isascii() and second.isdigit() and len(text) < 36):
        return None
    value, row_id = int(first), int(second)
    if row_id >= 2**31:
        return None
    if column is Proposal.published_at:
        return _instant(value), row_id
    return (value, row_id) if value < 2**31 else None


def _instant(microseconds):
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    except OverflowError:
        return datetime(9999, 1, 1, tzinfo=UTC)
