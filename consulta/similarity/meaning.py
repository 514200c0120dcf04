"""Meaning: a sentence-transformers model, read in the background from this machine. Nobody ever waits for it."""

import logging
import os
import threading
import time
from typing import NamedTuple

import numpy as np

from consulta.similarity.model_files import DEFAULT_MODEL, BadModel, check_model, facts_of, find_model
from consulta.similarity.words import shortened

log = logging.getLogger(__name__)

ABSENT, LOADING, READY, BROKEN = "absent", "loading", "ready", "broken"

# Seconds after which a model that was absent or broken is looked for again, so that installing it needs no restart.
LOOK_AGAIN = {ABSENT: 60, BROKEN: 600}


class State(NamedTuple):
    """How an encoder is: `code` absent, loading, ready or broken; `reason` one word, `detail` for the operator.

    Reasons. absent: no_folder, no_library. broken: unreadable, incomplete, pickle, foreign_code, altered, failed.
    """

    code: str
    reason: str = ""
    detail: str = ""


class Meaning:
    """Sentence vectors by a model of this machine.

    model: the model's name on the hub, or a folder. folder: where models are installed, or the model's own folder.
    The first question starts a thread that loads the model; until it is `ready`, and whenever it is not, `encode`
    answers None at once. No question raises, and none asks a network.
    """

    name = "meaning"

    def __init__(self, model=DEFAULT_MODEL, folder=None):
        self.model = str(model)
        self.facts = facts_of(self.model)
        self._folder = folder
        self._forget()

    @property
    def languages(self):
        """ISO 639-1 codes the model was trained for, ("*",) for some hundred, () where unknown."""
        return self.facts.languages

    @property
    def version(self):
        """The model and, once it is ready, the hash of its weights."""
        return f"meaning-1:{self.model}" + (f"@{self._digest[:12]}" if self._digest else "")

    @property
    def folder(self):
        """The folder the model was read from, or None while it is not ready."""
        return self._state.detail if self._state.code == READY else None

    @property
    def state(self):
        """The State at this moment. Asking starts the loading; it never waits for it."""
        self.start()
        return self._state

    @property
    def ready(self):
        """Whether `encode` would answer."""
        return self.state.code == READY

    def start(self):
        """Begin loading in a thread of its own, unless that was done; safe to call at every request."""
        if self._pid != os.getpid():
            # A fork copies neither the thread nor whoever held the locks.
            self._forget()
        if self._thread is not None and (self._thread.is_alive() or not self._due()):
            return
        with self._starting:
            if self._thread is None or (not self._thread.is_alive() and self._due()):
                self._state = State(LOADING)
                self._thread = threading.Thread(target=self._load, name="meaning-model", daemon=True)
                self._thread.start()

    def wait(self, seconds):
        """Wait up to `seconds` for the loading to end and return the State; for commands and jobs, not for requests."""
        self.start()
        self._thread.join(seconds)
        return self._state

    def encode(self, texts, *, patience=None):
        """Return float32 unit rows, shape (texts, dimensions), or None while the model cannot answer.

        patience: the most seconds to wait while another thread uses the model; None waits as long as it takes.
        """
        if not self.ready:
            return None
        if not len(texts):
            return np.zeros((0, 0), dtype=np.float32)
        # The tokenizer fails when two threads use it at once.
        if not self._in_use.acquire(timeout=-1 if patience is None else patience):
            return None
        try:
            return self._encode(self._network, texts)
        except Exception as fault:
            log.exception("the meaning model failed")
            self._end(State(BROKEN, "failed", f"{type(fault).__name__}: {fault}"))
            return None
        finally:
            self._in_use.release()

    def _forget(self):
        self._pid = os.getpid()
        self._state = State(LOADING)
        self._thread = None
        self._network = None
        self._digest = ""
        self._ended = 0.0
        self._starting = threading.Lock()
        self._in_use = threading.Lock()

    def _due(self):
        pause = LOOK_AGAIN.get(self._state.code)
        return pause is not None and time.monotonic() - self._ended > pause

    def _end(self, state):
        self._ended = time.monotonic()
        self._state = state

    def _load(self):
        try:
            self._end(self._loaded())
        except BadModel as fault:
            log.warning("the meaning model %s is refused: %s", self.model, fault)
            self._end(State(BROKEN, fault.reason, fault.detail))
        except Exception as fault:
            log.warning("the meaning model %s cannot be loaded", self.model, exc_info=True)
            self._end(State(BROKEN, "failed", f"{type(fault).__name__}: {fault}"))

    def _loaded(self):
        folder = find_model(self.model, self._folder)
        if folder is None:
            return State(ABSENT, "no_folder", f"{self.model} is not installed on this machine")
        try:
            # Heavy and optional: importing torch takes seconds and is wanted only where a model is installed.
            import sentence_transformers
            import transformers
        except ImportError as fault:
            return State(ABSENT, "no_library", str(fault))
        transformers.utils.logging.disable_progress_bar()
        digest = check_model(folder)
        network = sentence_transformers.SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
        _refuse_missing_weights(network, folder)
        rows = self._encode(network, ["plaza", "ciclovía"])
        if not np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-3):
            raise BadModel("unreadable", "the model gives no usable vectors")
        self._network, self._digest = network, digest
        return State(READY, "", str(folder))

    def _encode(self, network, texts):
        texts = [shortened(text).strip() for text in texts]
        rows = network.encode(
            [self.facts.prefix + text for text in texts],
            batch_size=16,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        rows = np.nan_to_num(np.asarray(rows, dtype=np.float32).reshape(len(texts), -1))
        rows[_unreadable(network.tokenizer, texts)] = 0
        return rows


def _unreadable(tokenizer, texts):
    """Which texts are empty or mostly made of tokens the model does not know: it would find them all alike."""
    unknown = getattr(tokenizer, "unk_token_id", None)
    pieces = tokenizer([text[:1000] for text in texts], add_special_tokens=False)["input_ids"] if texts else []
    return np.array([not piece or 2 * piece.count(unknown) > len(piece) for piece in pieces], dtype=bool)


def _refuse_missing_weights(network, folder):
    """Weights that the files do not hold are filled with chance and a mere warning: refuse them."""
    # Comes with sentence-transformers.
    from safetensors import safe_open

    held = set()
    for path in folder.rglob("*.safetensors"):
        with safe_open(path, framework="numpy") as tensors:
            held.update(tensors.keys())
    # In memory a name carries its module ("0.model.encoder"), in the file perhaps its architecture ("bert.encoder").
    tails = {".".join(key.split(".")[drop:]) for key in held for drop in range(key.count("."))}
    missing = []
    for name, _ in network.named_parameters():
        parts = name.split(".")
        if "pooler" not in name and not any(".".join(parts[drop:]) in tails for drop in range(1, len(parts) - 1)):
            missing.append(name)
    if missing:
        raise BadModel("incomplete", f"the files lack {len(missing)} weights, the first {missing[0]}")
