"""The index of a process follows the rows: whole vectors of one model only, and no more is read than has changed."""

import numpy as np
import pytest
from sqlalchemy import event, select, update

from consulta.core.extensions import db
from consulta.jobs.sweep import sweep
from consulta.jobs.work import JOBS
from consulta.proposals.actions import (
    hide_proposal,
    keep_vectors,
    revise_proposal,
    start_proposal,
    unhide_proposal,
)
from consulta.proposals.models import Embedding
from consulta.proposals.queries import digest_of, digest_to_compare
from consulta.similarity.meaning import State
from consulta.similarity.model_files import ModelFacts
from consulta.suggestions.neighbours import Neighbours
from consulta.suggestions.vectors import chosen_encoder, packed, unpacked, whole_rows
from tests.people import make_proposal

OLD, NEW = "meaning-1:old@1", "meaning-1:new@2"
# Titles without a letter in common, which only a model brings together.
BIKE, RIDE, WATER = "Bicicleta", "Pedal y mundo", "Riego"


class Subjects:
    """A model that knows two subjects, and answers at once unless it is told not to be ready."""

    model, languages, name, facts = "subjects", ("*",), "meaning", ModelFacts()

    def __init__(self, version=NEW, ready=True):
        self.version, self.ready, self.texts = version, ready, []

    @property
    def state(self):
        return State("ready" if self.ready else "loading")

    def wait(self, seconds):
        return self.state

    def encode(self, texts, patience=None):
        self.texts += texts
        rows = np.array([[1.0, 0.02] if text[0] in "BP" else [0.02, 1.0] for text in texts], dtype=np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def three(consultation, citizen):
    return [make_proposal(consultation, citizen, title=title, body=title) for title in (BIKE, RIDE, WATER)]


def stored(version, proposals):
    """Have `version` encode `proposals`, as the job would."""
    rows = {each.wording.id: packed(Subjects().encode([each.title, each.body])) for each in proposals}
    keep_vectors(version, rows, by=None)


def with_meaning(neighbours, consultation, proposals):
    """Which of `proposals` have a vector in the index."""
    index = neighbours.index_of(consultation.id, complete=True)
    return [each for each in proposals if index.vectors(each.id) is not None]


def damage(proposal):
    """Flip a bit in the stored vector of `proposal`, as a failing disk would."""
    row = db.session.scalar(select(Embedding).where(Embedding.wording_id == proposal.wording.id))
    broken = bytes([row.vector[0] ^ 1, *row.vector[1:]])
    db.session.execute(update(Embedding).where(Embedding.id == row.id).values(vector=broken))
    db.session.commit()
    return broken


def test_vectors_of_the_old_model_serve_until_those_of_the_new_one_are_all_there(app, consultation, three):
    stored(OLD, three)
    neighbours = app.extensions["similarity"] = Neighbours(Subjects())
    stored(NEW, three[:2])
    assert neighbours.index_of(consultation.id, complete=True).version == OLD
    assert with_meaning(neighbours, consultation, three) == three
    assert neighbours.encoder_of(consultation) == OLD
    assert neighbours.related(three[0], floor=0.01)[0][0] == three[1], "what is held is compared by the old model"
    assert neighbours.similar_to(consultation, "Barco", floor=0.01) == [], "what is typed, by letters alone"
    stored(NEW, three[2:])
    assert neighbours.index_of(consultation.id, complete=True).version == NEW
    assert with_meaning(neighbours, consultation, three) == three
    assert neighbours.similar_to(consultation, "Barco", floor=0.01)


def test_a_model_that_is_still_loading_keeps_nobody_from_what_is_stored(app, consultation, three):
    stored(NEW, three)
    meaning = Subjects(ready=False)
    neighbours = Neighbours(meaning)
    assert with_meaning(neighbours, consultation, three) == three
    assert neighbours.related(three[0], floor=0.01)[0][0] == three[1]
    assert meaning.texts == []


def test_without_a_model_stored_vectors_count_for_nothing(consultation, three):
    stored(NEW, three)
    assert with_meaning(Neighbours(None), consultation, three) == []


def test_the_present_encoder_is_chosen_once_it_knows_most_or_all():
    assert chosen_encoder(NEW, {}, 3) is None
    assert chosen_encoder(NEW, {OLD: (2, 5)}, 3) == OLD
    assert chosen_encoder(NEW, {OLD: (2, 5), NEW: (1, 9)}, 3) == OLD
    assert chosen_encoder(NEW, {OLD: (2, 5), NEW: (2, 9)}, 3) == NEW
    assert chosen_encoder(NEW, {OLD: (5, 5), NEW: (3, 9)}, 3) == NEW, "all that are public"
    assert chosen_encoder(None, {OLD: (2, 5), NEW: (2, 9)}, 3) == NEW, "the newest of equal ones"
    assert chosen_encoder(NEW, {"other": (3, 4), OLD: (2, 5)}, 3) == "other"


def test_a_damaged_vector_is_not_served_and_made_again(app, consultation, three):
    neighbours = app.extensions["similarity"] = Neighbours(Subjects())
    sweep()
    assert with_meaning(neighbours, consultation, three) == three
    for damaged in (three[0], three[2]):  # the last one's number is free again once it is dropped
        broken = damage(damaged)
        neighbours.forget()
        assert with_meaning(neighbours, consultation, three) == [each for each in three if each is not damaged]
        assert sweep()["encode_wordings"] == 1
        assert with_meaning(neighbours, consultation, three) == three
        row = db.session.scalar(select(Embedding).where(Embedding.wording_id == damaged.wording.id))
        assert row.vector != broken
        assert neighbours.damaged == set()
    assert "encode_wordings" not in sweep()


def test_a_damage_that_no_index_has_read_is_found_by_the_sweep(app, three):
    app.extensions["similarity"] = Neighbours(Subjects())
    sweep()
    damage(three[1])
    app.extensions["similarity"] = Neighbours(Subjects())
    assert JOBS["encode_wordings"].waiting() == [""]
    assert sweep()["encode_wordings"] == 1
    assert JOBS["encode_wordings"].waiting() == []


def test_only_whole_vectors_are_read():
    rows = np.array([[0.6, 0.8], [0.0, 0.0]], dtype=np.float32)
    vector = packed(rows)
    assert np.allclose(whole_rows(vector, 0), rows)
    assert np.allclose(unpacked(vector), rows)
    for broken in (b"", vector[:-1], vector[:-4], packed(rows * 2), packed(rows * np.nan), packed(rows + np.inf)):
        assert whole_rows(broken, 0) is None
    assert whole_rows(vector, 1) is None


def test_what_is_hidden_and_shown_again_keeps_its_vectors(app, consultation, three, moderator):
    neighbours = Neighbours(Subjects())
    stored(NEW, three)
    assert with_meaning(neighbours, consultation, three) == three
    hide_proposal(three[0], reason="Abuso", by=moderator)
    assert three[0].id not in neighbours.index_of(consultation.id, complete=True)
    unhide_proposal(three[0], reason="Se revisó", by=moderator)
    assert with_meaning(neighbours, consultation, three) == three


def test_a_new_wording_waits_for_its_own_vectors(app, consultation, three, citizen):
    neighbours = Neighbours(Subjects())
    stored(NEW, three)
    assert with_meaning(neighbours, consultation, three) == three
    revise_proposal(three[2], title="Bote", body="Bote", theme=None, territory=None, by=citizen)
    assert with_meaning(neighbours, consultation, three) == three[:2]
    stored(NEW, three[2:])
    assert with_meaning(neighbours, consultation, three) == three
    assert {each.id for each, _near in neighbours.related(three[2], k=2, floor=0.01)} == {three[0].id, three[1].id}


def test_related_ones_are_asked_once_and_never_show_what_was_hidden_since(app, consultation, citizen, moderator):
    neighbours = app.extensions["similarity"]
    titles = ("Ciclovías seguras en el centro", "Ciclovías seguras para el centro", "Ciclovía segura en el centro")
    one, two, three = (make_proposal(consultation, citizen, title=title) for title in titles)
    index = neighbours.index_of(consultation.id)
    index.refresh()  # else the first question does, which changes every score
    asked, ask = [], index.closest
    index.closest = lambda *args, **more: asked.append(args) or ask(*args, **more)
    assert {each.id for each, _near in neighbours.related(one)} == {two.id, three.id}
    assert {each.id for each, _near in neighbours.related(one, but=[three.id])} == {two.id}
    before = len(asked)
    neighbours.related(one)
    assert len(asked) == before
    hide_proposal(two, reason="Abuso", by=moderator)
    assert [each.id for each, _near in neighbours.related(one)] == [three.id]
    make_proposal(consultation, citizen, title="Ciclovías seguras por el centro")
    assert len(neighbours.related(one)) == 2
    draft = start_proposal(consultation, title=titles[0], body="Aún no", by=citizen)
    assert {each.id for each, _near in neighbours.related(draft)} >= {one.id, three.id}


def test_many_hidden_ones_leave_room_for_the_next(app, consultation, citizen, moderator):
    neighbours = app.extensions["similarity"]
    copies = [make_proposal(consultation, citizen, title="Plaza con sombra") for _each in range(8)]
    last = make_proposal(consultation, citizen, title="Una plaza con mucha sombra")
    neighbours.index_of(consultation.id)
    for each in copies[:-1]:
        hide_proposal(each, reason="Abuso", by=moderator)
    shown = neighbours.similar_to(consultation, "Plaza con sombra", k=2, floor=0.2)
    assert [proposal.id for proposal, _near in shown] == [copies[-1].id, last.id]


def test_groups_follow_what_changed_and_what_people_decided(app, consultation, citizen):
    neighbours = app.extensions["similarity"]
    titles = ("Ciclovías seguras en el centro", "Ciclovías seguras para el centro", "Riego por goteo")
    one, two, other = (make_proposal(consultation, citizen, title=title) for title in titles)
    ids = {one.id, two.id, other.id}

    def groups(**decided):
        return [group.ids for group in neighbours.groups(consultation, ids, floor=0.4, **decided)]

    assert groups() == [(one.id, two.id)]
    new = make_proposal(consultation, citizen, title="Riego por goteo!")
    ids.add(new.id)
    assert groups() == [(other.id, new.id), (one.id, two.id)]
    assert groups(apart={(one.id, two.id)}) == [(other.id, new.id)]
    assert len(groups(together={(one.id, other.id)})) == 1
    ids.discard(new.id)
    assert groups() == [(one.id, two.id)]


def test_a_question_reads_what_is_new_and_nothing_else(app, consultation, citizen):
    neighbours = Neighbours(Subjects())
    proposals = [make_proposal(consultation, citizen, title=f"Banco {n}") for n in range(30)]
    stored(NEW, proposals)
    neighbours.index_of(consultation.id)
    fetched = []

    def count(_connection, cursor, statement, *_more):
        fetched.append(statement)

    event.listen(db.engine, "after_cursor_execute", count)
    try:
        neighbours.index_of(consultation.id)
        assert len(fetched) <= 2, fetched
        assert not any("vector" in statement.split("FROM", maxsplit=1)[0] for statement in fetched)
    finally:
        event.remove(db.engine, "after_cursor_execute", count)


def test_a_reranker_is_asked_for_by_the_encoder_that_is_served(app, consultation, three):
    asked = []
    neighbours = Neighbours(Subjects(), learned=asked.append)
    neighbours.index_of(consultation.id)
    stored(NEW, three)
    neighbours.index_of(consultation.id, complete=True)
    assert asked == ["letters", NEW]


def test_a_digest_tells_whether_the_public_texts_are_the_same(consultation, three, citizen, moderator):
    ids = {each.id for each in three}
    assert digest_to_compare(consultation.id) == digest_of(ids)
    hide_proposal(three[1], reason="Abuso", by=moderator)
    assert digest_to_compare(consultation.id) == digest_of(ids - {three[1].id}) != digest_of(ids)
    assert digest_of({1, 4}) != digest_of({2, 3})
    assert digest_to_compare(0) == digest_of([])


def test_places_of_the_territories_are_known_to_the_guards(app, consultation, citizen):
    titles = ("Una plaza en Punta Arenas", "Una plaza en Concepción")
    one, two = (make_proposal(consultation, citizen, title=title) for title in titles)
    _held, compared = app.extensions["similarity"].compare(consultation, [one.id, two.id])
    kinds = {warning.kind for warnings in compared.warnings.values() for warning in warnings}
    assert kinds == {"place"}
