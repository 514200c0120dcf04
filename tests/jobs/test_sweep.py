"""A lost bell loses nothing: the sweep finds in the rows whatever it meant."""

from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import func, select

from consulta.core.clock import frozen, now
from consulta.core.extensions import db
from consulta.core.pulse import pulse_of
from consulta.core.record import verify_chain
from consulta.jobs.sweep import sweep
from consulta.jobs.work import JOBS
from consulta.merging.actions import merge_proposals, undo_merge
from consulta.merging.rules import OBJECTION_WINDOW
from consulta.proposals.actions import submit_proposal
from consulta.proposals.models import Embedding
from consulta.similarity.meaning import State
from consulta.similarity.model_files import ModelFacts
from consulta.similarity.texts import whole
from consulta.suggestions.models import SimilarGroup
from consulta.suggestions.neighbours import Neighbours, unpacked
from tests.people import make_person, make_proposal

TITLES = ("Construir ciclovías seguras en el centro", "Ciclovías seguras en el centro")


class Counting:
    """A model that answers at once: a text's vector says how long it is. It stands where the real one takes seconds."""

    model, languages, version, ready, name = "counting", ("*",), "meaning-1:counting@1", True, "meaning"
    state, facts = State("ready"), ModelFacts()

    def __init__(self):
        self.texts = []

    def wait(self, seconds):
        return self.state

    def encode(self, texts, patience=None):
        self.texts += texts
        rows = np.array([[len(text), 1.0] for text in texts], dtype=np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def bikes(consultation, citizen):
    """Two proposals that say the same; nobody heard of them, since the bell of tests is silent."""
    return [make_proposal(consultation, citizen, title=title) for title in TITLES]


def groups():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(SimilarGroup))


def test_the_sweep_does_everything_that_was_left(app, bikes):
    make_person("Alguien", confirmed=False)
    assert set(sweep()) == {"seal_record", "send_confirmation", "suggest_groups", "draw_map"}
    assert verify_chain().unsealed == 0
    assert groups() == 1
    assert pulse_of("sweep").at is not None
    sweep()
    assert sweep() == {}, "and then there is nothing left to do"


def test_the_vectors_that_were_left_are_made_of_title_and_whole_text(app, bikes, consultation, citizen):
    bare = make_proposal(consultation, citizen, title="Sin más texto", body="Cuerpo")
    app.extensions["similarity"] = Neighbours(Counting())
    assert sweep()["encode_wordings"] == 1
    kept = {each.wording_id: unpacked(each.vector) for each in db.session.scalars(select(Embedding))}
    assert len(kept) == 3
    for proposal in (*bikes, bare):
        title, text = kept[proposal.wording.id]
        for row, said in ((title, proposal.title), (text, whole(proposal.title, proposal.body))):
            assert row[0] / row[1] == pytest.approx(len(said), rel=1e-3)
    assert "encode_wordings" not in sweep()


def test_many_wordings_are_encoded_in_batches_and_each_once(app, consultation, citizen, monkeypatch):
    monkeypatch.setattr(JOBS["encode_wordings"], "BATCH", 2)
    for number in range(5):
        make_proposal(consultation, citizen, title=f"Propuesta {number}")
    meaning = Counting()
    app.extensions["similarity"] = Neighbours(meaning)
    sweep()
    assert db.session.scalar(select(func.count()).select_from(Embedding)) == 5
    assert len([text for text in meaning.texts if text.startswith("Propuesta") and "\n" not in text]) == 5


def test_merges_whose_time_for_objections_is_over_are_settled(app, bikes, moderator):
    merge = merge_proposals(bikes, title="Juntas", body="Las dos.", reason="Piden lo mismo.", by=moderator)
    sweep()
    assert merge.state == "made"
    with frozen(now() + OBJECTION_WINDOW + timedelta(minutes=1)):
        assert sweep()["settle_merges"] == 1
        assert merge.state == "settled"
        assert "settle_merges" not in sweep()


def test_a_merge_undone_meanwhile_is_not_settled(app, bikes, moderator):
    merge = merge_proposals(bikes, title="Juntas", body="Las dos.", reason="Piden lo mismo.", by=moderator)
    with frozen(now() + OBJECTION_WINDOW + timedelta(minutes=1)):
        undo_merge(merge, reason="No eran lo mismo.", by=moderator)
        JOBS["settle_merges"].run(merge.id)
    assert merge.state == "undone"


def test_groups_are_not_computed_again_while_nothing_changed(app, bikes, consultation, citizen):
    at_ten = now().replace(minute=10)
    with frozen(at_ten):
        assert "suggest_groups" in sweep()
        assert "suggest_groups" not in sweep()
    make_proposal(consultation, citizen, title="Otra ciclovía segura en el centro")
    with frozen(at_ten + timedelta(minutes=20)):
        assert "suggest_groups" in sweep()


def test_new_vectors_are_a_reason_to_group_again(app, bikes):
    with frozen(now().replace(minute=10)):
        sweep()
    app.extensions["similarity"] = Neighbours(Counting())
    with frozen(now().replace(minute=20)):
        done = sweep()
    assert {"encode_wordings", "suggest_groups"} <= set(done)


def test_a_job_that_breaks_stops_no_other(app, bikes, monkeypatch):
    def broken(_thing):
        raise ValueError("planted")

    monkeypatch.setattr(JOBS["seal_record"], "run", broken)
    done = sweep()
    assert "seal_record" not in done
    assert "suggest_groups" in done
    assert pulse_of("seal_record").failures == 1


def test_a_draft_is_nothing_to_encode_or_to_group(app, consultation, citizen, monkeypatch):
    monkeypatch.setattr("tests.people.submit_proposal", lambda draft, by: draft)
    draft = make_proposal(consultation, citizen)
    app.extensions["similarity"] = Neighbours(Counting())
    assert JOBS["encode_wordings"].waiting() == []
    submit_proposal(draft, by=citizen)
    assert JOBS["encode_wordings"].waiting() == [""]


def test_the_command_says_what_it_did(app, bikes):
    run = app.test_cli_runner().invoke
    first, _second, third = (run(args=["sweep"]) for _time in range(3))
    assert first.exit_code == 0
    assert "seal_record (1)" in first.output
    assert third.output == "done: nothing\n"
