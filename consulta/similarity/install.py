"""`flask model install`: fetch a model, try it, and only then put it in place."""

import json
import shutil
import tempfile
from pathlib import Path

from consulta.similarity.meaning import READY, Meaning
from consulta.similarity.model_files import MANIFEST, PICKLES, folder_name, sha256

# Seconds that loading a fresh model may take on a slow machine.
_TRIAL = 900

_WANTED = ("*.safetensors", "*.json", "*.txt", "*.model")
_UNWANTED = ("onnx/*", "openvino/*", *(f"*{ending}" for ending in PICKLES))


class CannotInstall(Exception):
    """`install_model` did not end with a model that works; the message says why and what to do."""


def install_model(name, folder, *, source=None, revision=None):
    """Put the model `name` into `folder`/owner--model and return that folder.

    source: a local folder to copy from, for machines without a network; else the hub is asked.
    revision: the commit or tag wanted of the hub.
    The model is loaded and asked before it takes its place. Raises CannotInstall with a plain message, and leaves what
    was installed before as it was.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / folder_name(name)
    with tempfile.TemporaryDirectory(prefix=".installing-", dir=folder) as temporary:
        fresh = Path(temporary) / folder_name(name)
        if source is None:
            _fetch(name, fresh, revision)
        else:
            _copy(source, fresh)
        _write_manifest(fresh, name, revision)
        state = Meaning(name, fresh).wait(_TRIAL)
        if state.code != READY:
            raise CannotInstall(f"The model {name} was fetched but cannot be used ({state.reason}): {state.detail}")
        if target.exists():
            target.rename(Path(temporary) / "before")
        fresh.rename(target)
    return target


def _copy(source, fresh):
    try:
        shutil.copytree(source, fresh, ignore=shutil.ignore_patterns(".*", "__pycache__", MANIFEST))
    except OSError as fault:
        raise CannotInstall(f"The folder {source} could not be copied: {fault}") from fault


def _fetch(name, fresh, revision):
    try:
        # Heavy and optional: only this command ever needs the hub.
        from huggingface_hub import snapshot_download

        snapshot_download(
            name, revision=revision, local_dir=fresh, allow_patterns=list(_WANTED), ignore_patterns=list(_UNWANTED)
        )
    except Exception as fault:
        raise CannotInstall(
            f"The model {name} could not be fetched ({type(fault).__name__}). This machine needs a network and a model "
            "hub it can reach; without one, copy the model's folder to this machine and give that folder as the source."
        ) from fault
    shutil.rmtree(fresh / ".cache", ignore_errors=True)


def _write_manifest(folder, name, revision):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = {path.relative_to(folder).as_posix(): sha256(path) for path in files}
    (folder / MANIFEST).write_text(
        json.dumps({"model": str(name), "revision": revision, "sha256": sums}, indent=1), encoding="utf-8"
    )
