"""Print how fast similar proposals are found among 10,860 real texts, with letters alone and with a model.

    python benchmarks/similar.py [--texts N] [--model FOLDER]

The texts are read from ../shared/data/real/barcelona-pam-2016 beside the repository and are no part of it: they state
no licence. They carry no truth about twins, so nothing here speaks of quality. The vectors of meaning are random unit
rows of 384 dimensions, which cost a search what real ones do; encoding is measured apart, with a model's folder.
"""

import argparse
import csv
import resource
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from consulta.similarity.grouping import suggest_groups  # noqa: E402
from consulta.similarity.index import Index  # noqa: E402
from consulta.similarity.meaning import READY, Meaning  # noqa: E402
from consulta.similarity.model_files import ModelFacts  # noqa: E402
from consulta.similarity.scoring import CITIZEN_FLOOR  # noqa: E402

REAL = ROOT.parent / "shared/data/real/barcelona-pam-2016/proposals.tsv"
DIMENSIONS = 384
QUESTIONS = 500


class Drawn:
    """An encoder that costs nothing: unit rows drawn at random, the same ones at every run."""

    name, version, ready = "meaning", "drawn-1", True
    facts = ModelFacts()

    def __init__(self):
        self._chance = np.random.default_rng(1)

    def encode(self, texts, *, patience=None):
        """Return random unit rows, shape (texts, DIMENSIONS)."""
        rows = self._chance.standard_normal((len(texts), DIMENSIONS)).astype(np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def main():
    """Print every figure, or say why there is none."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--texts", type=int, default=None, help="use the first N texts only")
    options.add_argument("--model", default=None, help="the folder of a model, to measure encoding")
    options = options.parse_args()
    if not REAL.exists():
        print(f"similar: skipped, the real texts are not there ({REAL.relative_to(ROOT.parent)})")
        return
    rows = read(options.texts)
    print(f"similar proposals among {len(rows):,} real texts (title and body)")
    measure("letters", Index(), rows)
    measure("letters and meaning", Index(Drawn()), rows)
    if options.model:
        encoding(Meaning(options.model), [row[1] for row in rows[:256]])
    print(f"  peak memory of the process   {peak():7.0f} MB")


def read(limit):
    """Return (id, title, body) of the real proposals."""
    with open(REAL, encoding="utf-8", newline="") as file:
        table = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(int(row["id"]), row["title"], row["summary"] or "") for row in table][:limit]


def measure(label, index, rows):
    """Print the figures of one index."""
    print(f"{label}:")
    started = time.perf_counter()
    index.add_many(rows)
    index.refresh()
    print(f"  building the index           {time.perf_counter() - started:7.2f} s")
    if index.meaning:
        while index.encode_missing(limit=1024):
            pass
    asked = rows[:: max(1, len(rows) // QUESTIONS)]
    show("a typed title, closest five", [clock(lambda r=r: index.closest(r[1], floor=CITIZEN_FLOOR)) for r in asked])
    show("title and body, closest five", [clock(lambda r=r: index.closest(r[1], body=r[2])) for r in asked])
    show("a proposal held, closest five", [clock(lambda r=r: index.closest(r[0])) for r in asked])
    show("adding one", [clock(lambda r=r: index.add(-r[0] - 1, r[1], r[2])) for r in asked[:200]])
    for row in asked[:200]:
        index.remove(-row[0] - 1)
    started = time.perf_counter()
    groups = suggest_groups(index)
    print(f"  grouping all of them         {time.perf_counter() - started:7.2f} s   {len(groups):,} groups")


def encoding(meaning, texts):
    """Print how many titles a second the model of `meaning` encodes, and how long it takes to load."""
    started = time.perf_counter()
    state = meaning.wait(600)
    if state.code != READY:
        print(f"encoding: skipped, {state.reason}: {state.detail}")
        return
    print(f"encoding with {meaning.model}:")
    print(f"  loading, in the background   {time.perf_counter() - started:7.2f} s")
    print(f"  titles in batches            {len(texts) / clock(lambda: meaning.encode(texts)):7.0f} a second")
    show("one title", [clock(lambda t=text: meaning.encode([t, t])) for text in texts[:50]])


def clock(work):
    """Return the seconds that `work` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def show(label, seconds):
    """Print the median and the 95th percentile of `seconds` in milliseconds."""
    middle, high = np.percentile(np.array(seconds) * 1000, [50, 95])
    print(f"  {label:29s}{middle:6.2f} ms p50 {high:7.2f} ms p95")


def peak():
    """Return the peak memory of this process in megabytes (Linux counts in kB, macOS in bytes)."""
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (1024**2 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
