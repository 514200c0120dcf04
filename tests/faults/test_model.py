"""Without a usable model the site compares by letters, says so, and nobody waits for it (attack G8)."""

import json
import struct
import time

import pytest

from consulta.app import create_app
from consulta.core.extensions import db
from consulta.jobs.sweep import sweep
from consulta.jobs.work import JOBS
from consulta.proposals.actions import keep_vectors, start_proposal
from consulta.similarity.model_files import DEFAULT_MODEL, folder_name
from consulta.suggestions.queries import groups_of
from tests.people import make_proposal, sign_in
from tests.services.databases import settings_for

QUICKLY = 3  # seconds that a page may take while a model is read, on a busy machine
TITLES = ("Construir ciclovías seguras en el centro", "Ciclovías seguras en el centro")


def absent(folder):
    """No folder at all."""


def empty(folder):
    """A folder that somebody made and never filled."""
    folder.mkdir(parents=True)


def a_file(folder):
    """A file where the folder should be."""
    folder.write_text("not a folder")


def weights(folder, content):
    """A folder that looks like a model, with `content` as its weights."""
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"model_type": "bert", "architectures": ["BertModel"]}))
    (folder / "modules.json").write_text(
        json.dumps([{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"}])
    )
    (folder / "tokenizer.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(content)


def noise(folder):
    """Weights that are no safetensors at all."""
    weights(folder, b"\x00\xff" * 4096)


def cut(folder):
    """Weights whose header promises more than the file holds: a download that broke off."""
    header = json.dumps({"embeddings": {"dtype": "F32", "shape": [1000, 384], "data_offsets": [0, 1536000]}}).encode()
    weights(folder, struct.pack("<Q", len(header)) + header + b"\x00" * 100)


def huge_header(folder):
    """A header that claims to be longer than any machine's memory."""
    weights(folder, struct.pack("<Q", 2**62) + b"{}")


def pickled(folder):
    """Weights in a format that runs code when it is read."""
    weights(folder, b"")
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(b"\x80\x04.")


STATES = {absent: "absent", a_file: "absent"}  # of all others: broken
DAMAGES = (absent, empty, a_file, noise, cut, huge_header, pickled)


@pytest.fixture(params=DAMAGES, ids=lambda damage: damage.__name__)
def site(request, app, tmp_path):
    """The site, whose model is damaged in one of many ways; `site.damage` is the way."""
    folder = tmp_path / "models"
    request.param(folder if request.param is a_file else folder / folder_name(DEFAULT_MODEL))
    app.damage = request.param
    return app


@pytest.mark.only_on("sqlite")
def test_the_site_works_with_letters_and_says_why(site, client, consultation, citizen, administrator):
    similar = make_proposal(consultation, citizen, title=TITLES[0])
    draft = start_proposal(consultation, title=TITLES[1], body="Con luz.", by=citizen)
    sign_in(client, citizen)
    for path in ("/", f"/propuestas/{similar.code}", f"/propuestas/{draft.code}/similares"):
        began = time.monotonic()
        answer = client.get(path)
        assert (answer.status_code, time.monotonic() - began < QUICKLY) == (200, True), path
    assert TITLES[0] in answer.text, "letters find what is similar"

    meaning = site.extensions["similarity"].meaning
    state = meaning.wait(60)
    status = site.extensions["similarity"].status()
    assert status["letters"] == "ready"
    assert status["meaning"]["state"] == state.code == STATES.get(site.damage, "broken"), state
    assert state.reason and state.detail
    assert meaning.encode(["ciclovía"]) is None

    administering = sign_in(site.test_client(), administrator)
    page = administering.get("/administracion/estado")
    assert page.status_code == 200
    assert "Solo por palabras" in page.text


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("site", [absent, cut], indirect=True, ids=lambda damage: damage.__name__)
def test_the_jobs_go_on_by_letters(site, consultation, citizen):
    for title in TITLES:
        make_proposal(consultation, citizen, title=title)
    done = sweep()
    assert "suggest_groups" in done
    assert "encode_wordings" not in done
    assert JOBS["encode_wordings"].waiting() == []
    assert [group.encoder for group in groups_of(consultation).groups] == ["letters"]


@pytest.mark.only_on("sqlite")
def test_vectors_of_a_model_that_is_gone_do_no_harm(app, client, consultation, citizen):
    similar = make_proposal(consultation, citizen, title=TITLES[0])
    draft = start_proposal(consultation, title=TITLES[1], body="Con luz.", by=citizen)
    keep_vectors("meaning-1:gone@0", {similar.wording.id: b"cut off"}, by=None)
    answer = sign_in(client, citizen).get(f"/propuestas/{draft.code}/similares")
    assert answer.status_code == 200
    assert TITLES[0] in answer.text


def test_a_site_with_a_broken_model_starts(database_url, tmp_path):
    noise(tmp_path / "models" / folder_name(DEFAULT_MODEL))
    site = create_app(settings_for(database_url, tmp_path))
    began = time.monotonic()
    assert site.test_client().get("/").status_code == 200
    assert time.monotonic() - began < QUICKLY
    with site.app_context():
        db.engine.dispose()
