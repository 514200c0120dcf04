"""Model folders: what is known of each model, where one is found, and what is refused.

Only safetensors are read: a pickled file runs the code of whoever wrote it. A folder that `install_model` made carries
a list of SHA-256 sums, and a file that was altered since is refused.
"""

import hashlib
import json
from pathlib import Path
from typing import NamedTuple

DEFAULT_MODEL = "intfloat/multilingual-e5-small"
MANIFEST = "consulta-model.json"
# What labelled texts taught of the model here: written beside it later, and no part of what was installed.
CALIBRATION = "consulta-calibration.json"
PICKLES = (".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".joblib", ".npy", ".npz")


class ModelFacts(NamedTuple):
    """What has to be known of a model to use it well.

    prefix: written before every text, on both sides of a comparison, as its authors trained it.
    languages: ISO 639-1 codes; () where unknown, ("*",) for some hundred.
    low, high: the cosine of unrelated texts and of paraphrases, mapped to 0 and 1 (rules of thumb from the model
    cards until they are calibrated on labelled proposals).
    """

    prefix: str = ""
    languages: tuple = ()
    low: float = 0.0
    high: float = 1.0


# Prefixes are those of the model cards; E5 wants "query: " on both sides of a symmetric comparison.
_E5 = ModelFacts(prefix="query: ", languages=("*",), low=0.75, high=0.97)
MODELS = {
    "intfloat/multilingual-e5-small": _E5,
    "intfloat/multilingual-e5-base": _E5,
    "intfloat/multilingual-e5-large": _E5,
    "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2": ModelFacts(languages=("*",), low=0.1),
    "sentence-transformers/paraphrase-multilingual-mpnet-base-v2": ModelFacts(languages=("*",), low=0.1),
    "sentence-transformers/LaBSE": ModelFacts(languages=("*",), low=0.2),
    "BAAI/bge-m3": ModelFacts(languages=("*",), low=0.35),
    "sentence-transformers/all-MiniLM-L6-v2": ModelFacts(languages=("en",), low=0.1),
    "sentence-transformers/all-mpnet-base-v2": ModelFacts(languages=("en",), low=0.1),
}


class BadModel(Exception):
    """A model folder that must not or cannot be used; `reason` is a word for the program, `detail` is for people."""

    def __init__(self, reason, detail):
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def facts_of(name):
    """Return the ModelFacts of the model `name`, or of the one its last part names; unknown ones claim nothing."""
    last = last_part(name)
    return MODELS.get(name) or next(
        (facts for known, facts in MODELS.items() if known.endswith("/" + last)), ModelFacts()
    )


def last_part(name):
    """Return the last part of a model's name ("owner/model") or of its folder ("…/owner--model")."""
    return str(name).rstrip("/").rsplit("/", 1)[-1].rsplit("--", 1)[-1]


def folder_name(name):
    """Return the name of the folder, inside the folder of models, that holds the model `name`."""
    return str(name).strip("/").replace("/", "--")


def find_model(name, folder=None):
    """Return the folder of the model `name`, or None where there is none on this machine; no name is no model.

    Never asks a network. Looked for in this order: `name` itself where it is a folder, `folder` itself where it holds
    a model, `folder`/owner--model, and the cache of huggingface_hub.
    """
    if not name:
        return None
    if Path(name).is_dir():
        return Path(name)
    if folder:
        if _holds_a_model(Path(folder)):
            return Path(folder)
        if (Path(folder) / folder_name(name)).is_dir():
            return Path(folder) / folder_name(name)
    try:
        # Optional library: without it there is no cache to look into.
        from huggingface_hub import try_to_load_from_cache

        found = try_to_load_from_cache(str(name), "config.json")
    except Exception:
        return None
    return Path(found).parent if isinstance(found, str) else None


def check_model(folder):
    """Return the SHA-256 (hexadecimal) of the weights in `folder`, or raise BadModel for the first fault found.

    Reasons: `unreadable`, `incomplete`, `pickle`, `foreign_code`, `altered`.
    """
    folder = Path(folder)
    try:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        _refuse_foreign_code(folder)
        weights = [path for path in files if path.suffix == ".safetensors"]
        _refuse_pickles(files, weights)
        _refuse_incomplete(folder, weights)
        sums = {path.relative_to(folder).as_posix(): sha256(path) for path in _summed(folder, files, weights)}
        _refuse_altered(folder, sums)
    except (OSError, ValueError, TypeError, AttributeError, KeyError) as fault:
        raise BadModel("unreadable", f"{type(fault).__name__}: {fault}") from fault
    own = "".join(sums[path.relative_to(folder).as_posix()] for path in weights)
    return hashlib.sha256(own.encode()).hexdigest()


def sha256(path):
    """Return the SHA-256 of a file, hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _holds_a_model(folder):
    return any((folder / file).exists() for file in ("config.json", "modules.json", "model.safetensors"))


def _refuse_foreign_code(folder):
    if not (folder / "modules.json").exists():
        return
    for module in json.loads((folder / "modules.json").read_text(encoding="utf-8")):
        if not str(module.get("type", "")).startswith("sentence_transformers."):
            raise BadModel("foreign_code", f"modules.json asks for {module.get('type')!r}")


def _refuse_pickles(files, weights):
    safe = {path.parent for path in weights}
    for path in files:
        unread = path.parent.name in ("onnx", "openvino")
        if path.suffix in PICKLES and path.parent not in safe and not unread:
            raise BadModel("pickle", f"{path.name} is a pickled file; only safetensors are read")


def _refuse_incomplete(folder, weights):
    # Comes with sentence-transformers; imported here because letters alone must not need it.
    from safetensors import SafetensorError, safe_open

    if not weights:
        raise BadModel("incomplete", "no .safetensors file in the folder")
    configs = list(folder.glob("config.json")) + list(folder.glob("*/config.json"))
    if not configs:
        raise BadModel("incomplete", "no config.json in the folder")
    for config in configs:
        json.loads(config.read_text(encoding="utf-8"))
    for path in weights:
        try:
            with safe_open(path, framework="numpy") as tensors:
                names = list(tensors.keys())
        except SafetensorError as fault:
            raise BadModel("unreadable", f"{path.name}: {fault}") from fault
        if not names:
            raise BadModel("incomplete", f"{path.name} holds no weights")


def _summed(folder, files, weights):
    """Without a manifest only the weights are summed: they give the encoder its version."""
    return files if (folder / MANIFEST).exists() else weights


def _refuse_altered(folder, sums):
    if not (folder / MANIFEST).exists():
        return
    expected = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["sha256"]
    for name in sorted((expected.keys() | sums.keys()) - {MANIFEST, CALIBRATION}):
        if expected.get(name) != sums.get(name):
            raise BadModel("altered", f"{name} is not the file that was installed")
